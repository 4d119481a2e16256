//! Horizontal bars: the simplest drawing of charts with amounts that add up. Text formats, pages, and
//! pictures draw the same bars.

use cost_core::money::{Currency, Money};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::{Chart, LadderChart, MonthChart, TreeChart, WaterfallChart};
use crate::table::{Cell, DASH};

/// Bars of a chart, with a common scale.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bars {
    /// The bars, from the top.
    pub(crate) all: Vec<Bar>,
    /// Position of zero on the scale, 0 to 1; `None` if the scale does not contain zero.
    pub(crate) zero: Option<f64>,
    /// Amount at the start of the scale, if it is not zero.
    pub(crate) from: Option<Money>,
}

/// Bar of [`Bars`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bar {
    /// Identifier of the panel with details.
    pub(crate) id: Option<String>,
    /// Name; may be untrusted.
    pub(crate) label: String,
    /// Level of indentation.
    pub(crate) level: usize,
    /// Start and end on the scale, 0 to 1, lower first.
    pub(crate) span: (f64, f64),
    /// What the bar shows.
    pub(crate) kind: BarKind,
    /// The amount.
    pub(crate) amount: String,
    /// A second amount or a remark, after the first; can be empty.
    pub(crate) after: String,
}

/// What a bar shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BarKind {
    /// An amount.
    Level,
    /// Increase.
    Up,
    /// Decrease.
    Down,
    /// Part of a sum.
    Part,
}

impl Bars {
    /// Returns the bars of a chart; `None` for charts that are drawn in another way.
    pub(crate) fn of(chart: &Chart) -> Option<Self> {
        match chart {
            Chart::Days(_) | Chart::Curve(_) => None,
            Chart::Waterfall(chart) => Some(waterfall(chart)),
            Chart::Months(chart) => Some(months(chart)),
            Chart::Tree(chart) => Some(tree(chart)),
            Chart::Ladder(chart) => Some(ladder(chart)),
        }
    }
}

/// Scale from amounts to 0 to 1.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// Returns the scale from zero, or the lowest amount if it is negative, to the highest.
    fn of(amounts: impl IntoIterator<Item = Money>) -> Self {
        let (low, high) = amounts
            .into_iter()
            .map(number)
            .fold((0.0, 0.0), |(low, high), x| (f64::min(low, x), f64::max(high, x)));
        Self { low, high: if high > low { high } else { low + 1.0 } }
    }

    fn at(&self, amount: f64) -> f64 {
        ((amount - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Returns the span between two amounts, lower first.
    fn span(&self, from: f64, to: f64) -> (f64, f64) {
        let (from, to) = (self.at(from), self.at(to));
        if from <= to { (from, to) } else { (to, from) }
    }

    fn bars(&self, bars: Vec<Bar>, currency: Currency) -> Bars {
        let zero = (self.low <= 0.0 && self.high >= 0.0).then(|| self.at(0.0));
        let from = Decimal::from_f64(self.low).filter(|_| self.low > 0.0);
        Bars { all: bars, zero, from: from.map(|from| Money::new(from, currency)) }
    }
}

pub(crate) fn number(amount: Money) -> f64 {
    amount.amount().to_f64().unwrap_or(0.0)
}

fn bar(label: &str, span: (f64, f64), kind: BarKind, amount: String) -> Bar {
    Bar { id: None, label: label.to_owned(), level: 0, span, kind, amount, after: String::new() }
}

/// Smallest part of the scale that the change should take. Otherwise, the scale starts above zero.
const VISIBLE: f64 = 0.5;

fn waterfall(chart: &WaterfallChart) -> Bars {
    let mut sum = number(chart.start.amount);
    let mut levels = vec![sum, number(chart.end.amount)];
    let mut parts = Vec::new();
    for part in &chart.parts {
        let next = sum + number(part.amount);
        parts.push((part, sum, next));
        levels.push(next);
        sum = next;
    }
    let mut scale = Scale::of([]);
    scale.high = levels.iter().copied().fold(f64::MIN, f64::max).max(0.0);
    let lowest = levels.iter().copied().fold(f64::MAX, f64::min);
    let range = scale.high - lowest;
    scale.low = match () {
        () if lowest <= 0.0 => lowest,
        () if range <= 0.0 || range > scale.high * VISIBLE => 0.0,
        () => {
            // A round number, so far below the lowest amount that its bar can be seen.
            let unit = 10_f64.powf(range.log10().floor());
            (((lowest - range * 0.15) / unit).floor() * unit).max(0.0)
        }
    };
    if scale.high <= scale.low {
        scale.high = scale.low + 1.0;
    }
    let level = |end: &super::Labeled| {
        let from = scale.low.max(0.0);
        let span = scale.span(from, number(end.amount));
        bar(&end.label, span, BarKind::Level, end.amount.display_amount())
    };
    let part = |(part, from, to): (&super::Labeled, f64, f64)| {
        let kind = match () {
            () if part.amount.amount().is_zero() => BarKind::Part,
            () if to < from => BarKind::Down,
            () => BarKind::Up,
        };
        bar(&part.label, scale.span(from, to), kind, Cell::signed_money(part.amount).text)
    };
    let bars = std::iter::once(level(&chart.start))
        .chain(parts.into_iter().map(part))
        .chain([level(&chart.end)]);
    scale.bars(bars.collect(), chart.end.amount.currency())
}

fn months(chart: &MonthChart) -> Bars {
    let totals: Vec<Option<Money>> = (0..chart.months.len()).map(|at| chart.total(at)).collect();
    let scale = Scale::of(totals.iter().copied().flatten());
    let one = |(month, total): (&super::ChartMonth, &Option<Money>)| {
        let span = total.map_or((0.0, 0.0), |total| scale.span(0.0, number(total)));
        let shown = total.map_or_else(|| DASH.to_owned(), |total| total.display_whole());
        Bar {
            after: month.marks.join("; "),
            ..bar(&month.month.to_string(), span, BarKind::Level, shown)
        }
    };
    scale.bars(chart.months.iter().zip(&totals).map(one).collect(), chart.currency)
}

fn tree(chart: &TreeChart) -> Bars {
    let scale = Scale::of(chart.roots.iter().map(|root| root.amount));
    let one = |node: &super::TreeNode, level: usize, kind: BarKind| {
        let span = scale.span(0.0, number(node.amount));
        let after = node.change.map(|change| Cell::change(change).text).unwrap_or_default();
        let amount = node.amount.display_whole();
        Bar { level, after, ..bar(&node.name, span, kind, amount) }
    };
    let mut bars = Vec::new();
    for root in &chart.roots {
        bars.push(one(root, 0, BarKind::Level));
        bars.extend(root.children.iter().map(|child| one(child, 1, BarKind::Part)));
    }
    scale.bars(bars, chart.currency)
}

fn ladder(chart: &LadderChart) -> Bars {
    let scale = Scale::of(chart.steps.iter().map(|step| step.cumulative));
    let one = |step: &super::LadderStep| {
        let (to, amount) = (number(step.cumulative), number(step.amount));
        let shown = step.amount.display_whole();
        let after = step.cumulative.display_whole();
        let id = step.id.clone();
        let span = scale.span(to - amount, to);
        Bar { id, after, ..bar(&step.label, span, BarKind::Part, shown) }
    };
    let currency = chart.steps.first().map_or(Currency::USD, |step| step.cumulative.currency());
    scale.bars(chart.steps.iter().map(one).collect(), currency)
}
