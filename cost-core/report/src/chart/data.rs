//! Table with the values of a chart. Every chart has one, so that no value can be read only from a
//! drawing.

use super::{
    Chart, CurveChart, DayChart, DayMark, LadderChart, MonthChart, TreeChart, TreeNode,
    WaterfallChart,
};
use crate::table::{Cell, Table};

impl Chart {
    /// Returns the title. It may be untrusted.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Days(chart) => chart.title.clone(),
            Self::Curve(chart) => {
                format!("Savings by commitment, {}, {} per month", chart.term, chart.currency)
            }
            Self::Waterfall(chart) => chart.title.clone(),
            Self::Months(chart) => chart.title.clone(),
            Self::Tree(chart) => chart.title.clone(),
            Self::Ladder(chart) => chart.title.clone(),
        }
    }

    /// Returns a table with all values of the chart.
    #[must_use]
    pub fn table(&self) -> Table {
        match self {
            Self::Days(chart) => days(chart),
            Self::Curve(chart) => curve(chart),
            Self::Waterfall(chart) => waterfall(chart),
            Self::Months(chart) => months(chart),
            Self::Tree(chart) => tree(chart),
            Self::Ladder(chart) => ladder(chart),
        }
    }
}

fn days(chart: &DayChart) -> Table {
    let mut table = Table::new(&["day", ">cost", ">expected", "anomaly"]);
    for day in &chart.days {
        let mark = match day.mark {
            DayMark::Outside => Cell::empty(),
            DayMark::Usual => Cell::text("usual day of the anomaly"),
            DayMark::Unusual => Cell::text("unusual"),
        };
        let expected = Cell::maybe(day.expected, Cell::money);
        table.row([Cell::date(day.day), Cell::money(day.cost), expected, mark]);
    }
    table
}

fn curve(chart: &CurveChart) -> Table {
    let titles = [">USD per hour", ">usage stays the same", ">lowest usage", ""];
    let mut table = Table::new(&titles);
    for (at, point) in chart.points.iter().enumerate() {
        let mark = if at == chart.chosen { Cell::text("recommended") } else { Cell::empty() };
        table.row([
            Cell::hourly(point.usd_per_hour),
            Cell::money(point.saves),
            Cell::money(point.saves_in_decline),
            mark,
        ]);
    }
    table
}

fn waterfall(chart: &WaterfallChart) -> Table {
    let mut table = Table::new(&["", ">amount"]);
    table.row([Cell::text(&chart.start.label), Cell::money(chart.start.amount)]);
    for part in &chart.parts {
        table.row([Cell::text(&part.label).part(), Cell::signed_money(part.amount)]);
    }
    table.row([Cell::text(&chart.end.label), Cell::money(chart.end.amount)]);
    table
}

fn months(chart: &MonthChart) -> Table {
    let mut table = Table::new(&["month"]);
    table.number_column("total", 0);
    let has_range = chart.months.iter().any(|m| m.expected.is_some());
    if has_range {
        table.number_column("expected from", 0);
        table.number_column("expected to", 0);
    }
    for series in &chart.series {
        table.number_column(series.name.as_str(), 0);
    }
    let has_marks = chart.months.iter().any(|m| !m.marks.is_empty());
    if has_marks {
        table.text_column("events");
    }
    for (at, month) in chart.months.iter().enumerate() {
        let mut cells = vec![Cell::month(month.month), Cell::maybe(chart.total(at), Cell::money)];
        if has_range {
            cells.push(Cell::maybe(month.expected.map(|(low, _)| low), Cell::money));
            cells.push(Cell::maybe(month.expected.map(|(_, high)| high), Cell::money));
        }
        let amounts = chart.series.iter().map(|s| s.amounts.get(at).copied().flatten());
        cells.extend(amounts.map(|amount| Cell::maybe(amount, Cell::money)));
        if has_marks {
            cells.push(Cell::text(month.marks.join("; ")));
        }
        table.row(cells);
    }
    table
}

fn tree(chart: &TreeChart) -> Table {
    let mut table = Table::new(&["", ">amount", ">change"]);
    for root in &chart.roots {
        branch(&mut table, root, 0);
    }
    table
}

/// Adds a part with all its parts.
fn branch(table: &mut Table, node: &TreeNode, level: usize) {
    let name = Cell { level, ..Cell::text(&node.name) };
    let change = Cell::maybe(node.change, Cell::change);
    table.row([name, Cell::money(node.amount), change]);
    for child in &node.children {
        branch(table, child, level + 1);
    }
}

fn ladder(chart: &LadderChart) -> Table {
    let has_ids = chart.steps.iter().any(|step| step.id.is_some());
    let titles = ["id", "step", ">amount", ">cumulative"];
    let mut table = Table::new(if has_ids { &titles } else { &titles[1..] });
    for step in &chart.steps {
        let id = has_ids.then(|| step.id.as_ref().map_or_else(Cell::empty, Cell::id));
        let cells =
            [Cell::text(&step.label), Cell::money(step.amount), Cell::money(step.cumulative)];
        table.row(id.into_iter().chain(cells));
    }
    table
}
