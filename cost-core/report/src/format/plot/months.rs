//! Cost by month: stacked columns, the expected range, and numbers of events.

use chrono::Datelike;
use rust_decimal::prelude::ToPrimitive;

use super::{Frame, Plot, color, column, label, percent};
use crate::chart::{MonthChart, number};
use crate::table::DASH;

/// Share of a column that is free on each side.
const SIDE: f64 = 0.14;

/// Draws one column per month.
pub(in super::super) fn draw(chart: &MonthChart) -> Plot {
    let stacks: Vec<Vec<(usize, f64, f64)>> =
        (0..chart.months.len()).map(|at| stack(chart, at)).collect();
    let stacked = stacks.iter().flatten().flat_map(|(_, from, to)| [*from, *to]);
    let expected = chart.months.iter().filter_map(|m| m.expected);
    let expected = expected.flat_map(|(low, high)| [number(low), number(high)]);
    let frame = Frame::of(stacked.chain(expected));
    let mut body = String::new();
    let mut event = 0_usize;
    for (at, parts) in stacks.iter().enumerate() {
        body.push_str(&month(chart, at, parts, &frame, &mut event));
    }
    frame.plot(chart.currency, &body)
}

/// Returns the series of a month with the ends of their parts: positive amounts upwards from zero,
/// negative ones downwards.
fn stack(chart: &MonthChart, at: usize) -> Vec<(usize, f64, f64)> {
    let (mut up, mut down) = (0.0, 0.0);
    let mut parts = Vec::new();
    for (series, all) in chart.series.iter().enumerate() {
        let Some(amount) = all.amounts.get(at).copied().flatten().map(number) else { continue };
        let end = if amount < 0.0 { &mut down } else { &mut up };
        parts.push((series, *end, *end + amount));
        *end += amount;
    }
    parts
}

fn month(
    chart: &MonthChart,
    at: usize,
    parts: &[(usize, f64, f64)],
    frame: &Frame,
    event: &mut usize,
) -> String {
    let count = chart.months.len();
    let Some(month) = chart.months.get(at) else { return String::new() };
    let place = at.to_f64().unwrap_or(0.0);
    let (x, width) = (percent(place + SIDE, count), percent(1.0 - 2.0 * SIDE, count));
    let mut drawn = String::new();
    for (series, from, to) in parts {
        let (top, bottom) = (frame.y(from.max(*to)), frame.y(from.min(*to)));
        drawn.push_str(&format!(
            "<rect x=\"{x:.2}%\" y=\"{top:.1}\" width=\"{width:.2}%\" height=\"{:.1}\" class=\"{}\"/>",
            // A gap of a pixel separates colors that look alike.
            (bottom - top - 1.0).max(0.4),
            color(*series)
        ));
    }
    if let Some((low, high)) = month.expected {
        let (top, bottom) = (frame.y(number(high)), frame.y(number(low)));
        drawn.push_str(&format!(
            "<rect x=\"{:.2}%\" y=\"{top:.1}\" width=\"{:.2}%\" height=\"{:.1}\" class=\"bd\"/>",
            percent(place + SIDE / 2.0, count),
            percent(1.0 - SIDE, count),
            (bottom - top).max(1.0)
        ));
    }
    let middle = percent(place + 0.5, count);
    let top = parts.iter().map(|(_, from, to)| frame.y(from.max(*to))).fold(f64::MAX, f64::min);
    let above = month.expected.map_or(f64::MAX, |(_, high)| frame.y(number(high)));
    if !month.marks.is_empty() {
        let numbers: Vec<String> = month
            .marks
            .iter()
            .map(|_| {
                *event += 1;
                event.to_string()
            })
            .collect();
        drawn.push_str(&format!(
            "<text x=\"{middle:.2}%\" y=\"{:.1}\" text-anchor=\"middle\" class=\"ev\">{}</text>",
            (top.min(above) - 6.0).max(12.0),
            numbers.join(",")
        ));
    }
    let first = month.month.first_day();
    drawn.push_str(&label(middle, 0, &first.format("%b").to_string()));
    if at == 0 || first.month() == 1 {
        drawn.push_str(&label(middle, 1, &first.format("%Y").to_string()));
    }
    column(at, count, &text(chart, at), &drawn)
}

/// Returns all values of a month, one per line.
fn text(chart: &MonthChart, at: usize) -> String {
    let Some(month) = chart.months.get(at) else { return String::new() };
    let total = chart.total(at).map_or_else(|| DASH.to_owned(), |t| t.to_string());
    let mut lines = vec![format!("{}: {total}", month.month)];
    if let Some((low, high)) = month.expected {
        lines.push(format!("expected {} to {}", low.display_whole(), high.display_whole()));
    }
    for series in &chart.series {
        if let Some(amount) = series.amounts.get(at).copied().flatten() {
            lines.push(format!(
                "{}: {}",
                crate::escape::terminal_text(&series.name),
                amount.display_amount()
            ));
        }
    }
    lines.extend(month.marks.iter().map(|mark| crate::escape::terminal_text(mark)));
    lines.join("\n")
}
