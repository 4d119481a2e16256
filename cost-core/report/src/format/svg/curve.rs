//! Chart of savings by commitment.

use cost_core::money::{Currency, Money};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::chart::{CurveChart, CurvePoint};
use crate::escape::xml_text;

/// Width and height, and the margins around the lines.
const SIZE: (f64, f64) = (720.0, 320.0);
const LEFT: f64 = 90.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 44.0;

/// Text color.
const INK: &str = "#222222";

/// Draws a line for unchanged usage, a dashed line for the scenario with the lowest usage, and a
/// dot for the recommended purchase.
pub(super) fn draw(chart: &CurveChart) -> String {
    let scale = Scale::of(chart);
    let mut out = head(chart);
    out.push_str(&labels(&scale, chart.currency));
    out.push_str(&lines(&scale, chart));
    out.push_str(&dot(&scale, chart));
    out.push_str("</svg>\n");
    out
}

/// Scale from amounts to positions in the picture.
struct Scale {
    /// Lowest and highest savings of both lines. The lowest is 0 if there is no loss.
    low: f64,
    high: f64,
    /// The largest commitment, USD per hour.
    widest: f64,
}

impl Scale {
    fn of(chart: &CurveChart) -> Self {
        let savings = || {
            chart
                .points
                .iter()
                .flat_map(|p| [number(p.saves.amount()), number(p.saves_in_decline.amount())])
        };
        let commitments = chart.points.iter().map(|p| number(p.usd_per_hour));
        Self {
            low: savings().fold(0.0, f64::min),
            high: savings().fold(f64::MIN_POSITIVE, f64::max),
            widest: commitments.fold(f64::MIN_POSITIVE, f64::max),
        }
    }

    /// Returns the position of a commitment, from the left.
    fn x(&self, usd_per_hour: Decimal) -> f64 {
        LEFT + (SIZE.0 - LEFT - RIGHT) * number(usd_per_hour) / self.widest
    }

    /// Returns the position of savings, from the top.
    fn y(&self, saved: f64) -> f64 {
        TOP + (SIZE.1 - TOP - BOTTOM) * (self.high - saved) / (self.high - self.low)
    }
}

fn number(value: Decimal) -> f64 {
    value.to_f64().unwrap_or(0.0)
}

/// Returns size, background, and title of the picture.
fn head(chart: &CurveChart) -> String {
    let (width, height) = SIZE;
    let (term, currency) = (xml_text(&chart.term), chart.currency);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<title>Savings by commitment</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"18\" fill=\"{INK}\" font-weight=\"bold\">Savings by commitment, {term}, {currency} per month</text>\n\
         <text x=\"{LEFT}\" y=\"34\" fill=\"{INK}\" font-size=\"11\">line: usage stays the same; dashed: scenario with the lowest usage; dot: recommended purchase</text>\n"
    )
}

/// Returns the labels of both axes and their ends.
fn labels(scale: &Scale, currency: Currency) -> String {
    let text = |x: f64, y: f64, anchor: &str, what: &str| {
        format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{INK}\">{what}</text>\n"
        )
    };
    let saving = |usd: f64| {
        Money::new(Decimal::from_f64_retain(usd).unwrap_or_default().round_dp(2), currency)
            .display_whole()
    };
    let beside = |usd: f64, what: &str| text(LEFT - 6.0, scale.y(usd) + 4.0, "end", what);
    let mut out = beside(scale.high, &saving(scale.high)) + &beside(0.0, "0");
    if scale.low < 0.0 {
        out.push_str(&beside(scale.low, &saving(scale.low)));
    }
    let (below, right) = (SIZE.1 - BOTTOM + 18.0, SIZE.0 - RIGHT);
    out.push_str(&text(LEFT, below, "middle", "0"));
    out.push_str(&text(right, below, "end", &format!("{:.2}", scale.widest)));
    let middle = f64::midpoint(LEFT, right);
    out + &text(middle, SIZE.1 - 8.0, "middle", "commitment, USD per hour")
}

/// Returns the zero line and the savings in both scenarios.
fn lines(scale: &Scale, chart: &CurveChart) -> String {
    let points = |of: fn(&CurvePoint) -> Money| {
        let point = |p: &CurvePoint| {
            format!("{:.1},{:.1}", scale.x(p.usd_per_hour), scale.y(number(of(p).amount())))
        };
        chart.points.iter().map(point).collect::<Vec<_>>().join(" ")
    };
    let (zero, right) = (scale.y(0.0), SIZE.0 - RIGHT);
    format!(
        "<line x1=\"{LEFT}\" y1=\"{zero:.1}\" x2=\"{right:.1}\" y2=\"{zero:.1}\" stroke=\"#999999\"/>\n\
         <polyline points=\"{}\" fill=\"none\" stroke=\"#1f5f99\" stroke-width=\"2\"/>\n\
         <polyline points=\"{}\" fill=\"none\" stroke=\"#c0392b\" stroke-width=\"1.5\" stroke-dasharray=\"5 3\"/>\n",
        points(|p| p.saves),
        points(|p| p.saves_in_decline)
    )
}

/// Returns the dot of the recommended purchase; empty if it is none of the points.
fn dot(scale: &Scale, chart: &CurveChart) -> String {
    chart.points.get(chart.chosen).map_or_else(String::new, |p| {
        let (x, y) = (scale.x(p.usd_per_hour), scale.y(number(p.saves.amount())));
        format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#1f5f99\"/>\n")
    })
}
