//! Data of charts as tables.

use crate::chart::{Chart, ChartDay, DayMark};
use crate::table::{Cell, Table, Value};

/// Returns the data of a chart; `None` for a chart that the workbook does not draw.
pub(super) fn table(chart: &Chart) -> Option<Table> {
    if let Chart::Days(chart) = chart {
        let mut table = Table::new(&["day", ">cost", ">expected", "anomaly"]);
        for day in &chart.days {
            table.row([
                Cell::date(day.day),
                Cell::money(day.cost),
                Cell::maybe(day.expected, Cell::money),
                mark(day),
            ]);
        }
        return Some(table);
    }
    if let Chart::Curve(chart) = chart {
        let titles = [">USD per hour", ">savings", ">savings with the lowest usage", ""];
        let mut table = Table::new(&titles);
        for (at, point) in chart.points.iter().enumerate() {
            let chosen = at == chart.chosen;
            table.row([
                Cell::shown_as(
                    format!("{:.3}", point.usd_per_hour),
                    Value::Number(point.usd_per_hour),
                ),
                Cell::money(point.saves),
                Cell::money(point.saves_in_decline),
                if chosen { Cell::text("recommended") } else { Cell::empty() },
            ]);
        }
        return Some(table);
    }
    None
}

fn mark(day: &ChartDay) -> Cell {
    match day.mark {
        DayMark::Outside => Cell::empty(),
        DayMark::Usual => Cell::text("part of it, as expected"),
        DayMark::Unusual => Cell::text("unusual"),
    }
}
