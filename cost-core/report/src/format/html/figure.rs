//! Charts: a drawing with a title, and a table with its values.

use std::collections::BTreeMap;

use cost_core::month::Month;

use super::{bars, table, tree};
use crate::chart::{Bars, Chart, MonthChart};
use crate::escape::html_text;
use crate::format::plot::{self, Plot};

/// Returns a chart with its table.
///
/// `id` names its title, and `table_id` the title of its table.
pub(super) fn figure(
    chart: &Chart,
    [id, table_id]: [&str; 2],
    panels: &BTreeMap<String, String>,
) -> String {
    let title = html_text(&chart.title());
    let drawn = match chart {
        Chart::Days(chart) => {
            area(&plot::days::draw(chart), id)
                + &legend(&[("bad", "unusual day"), ("dy", "other day"), ("ex", "expected")])
        }
        Chart::Curve(chart) => {
            let names = [
                ("ls", "usage stays the same"),
                ("ll", "scenario with the lowest usage"),
                ("dot", "recommended purchase"),
            ];
            area(&plot::curve::draw(chart), id) + &legend(&names)
        }
        Chart::Months(chart) => months(chart, id),
        Chart::Tree(chart) => tree::draw(chart),
        Chart::Waterfall(_) | Chart::Ladder(_) => {
            Bars::of(chart).map(|all| bars::draw(chart, &all, panels)).unwrap_or_default()
        }
    };
    let values = table::table(&chart.table(), table_id, &chart.title(), panels);
    format!(
        "<figure aria-labelledby=\"{id}\"><figcaption id=\"{id}\">{title}</figcaption>\n{drawn}\
         <details class=\"dt\"><summary>Table of this chart</summary>\n{values}</details></figure>\n"
    )
}

/// Returns the axis and the area of a drawing.
fn area(plot: &Plot, id: &str) -> String {
    format!(
        "<div class=\"pl\"><svg class=\"ax\" width=\"76\" height=\"{0:.0}\" aria-hidden=\"true\">{1}</svg>\
         <svg class=\"ar\" width=\"100%\" height=\"{0:.0}\" role=\"group\" aria-labelledby=\"{id}\">{2}</svg></div>\n",
        plot.height, plot.axis, plot.body
    )
}

fn months(chart: &MonthChart, id: &str) -> String {
    let colors: Vec<String> = (0..chart.series.len()).map(plot::color).collect();
    let mut names: Vec<(&str, &str)> =
        colors.iter().zip(&chart.series).map(|(c, s)| (c.as_str(), s.name.as_str())).collect();
    if chart.months.iter().any(|m| m.expected.is_some()) {
        names.push(("bd", "expected range of the total"));
    }
    let events = chart.months.iter().flat_map(|m| m.marks.iter().map(move |mark| (m.month, mark)));
    let event = |(month, mark): (Month, &String)| format!("<li>{month}: {}</li>", html_text(mark));
    let events: String = events.map(event).collect();
    let events =
        if events.is_empty() { events } else { format!("<ol class=\"evs\">{events}</ol>\n") };
    area(&plot::months::draw(chart), id) + &legend(&names) + &events
}

/// Returns the names of colors and lines, by class.
fn legend(names: &[(&str, &str)]) -> String {
    let entry = |(class, name): &(&str, &str)| {
        let sign = match *class {
            "ex" | "ls" | "ll" => {
                format!("<line x1=\"0\" x2=\"14\" y1=\"6\" y2=\"6\" class=\"{class}\"/>")
            }
            "dot" => format!("<circle cx=\"7\" cy=\"6\" r=\"4\" class=\"{class}\"/>"),
            _ => format!("<rect x=\"1\" y=\"1\" width=\"11\" height=\"10\" class=\"{class}\"/>"),
        };
        format!(
            "<li><svg width=\"14\" height=\"12\" aria-hidden=\"true\">{sign}</svg>{}</li>",
            html_text(name)
        )
    };
    format!("<ul class=\"lg\">{}</ul>\n", names.iter().map(entry).collect::<String>())
}
