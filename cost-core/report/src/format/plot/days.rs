//! Cost by day: columns, and expected cost as lines.

use rust_decimal::prelude::ToPrimitive;

use super::{Frame, Plot, column, label, percent};
use crate::chart::{ChartDay, DayChart, DayMark, number};

/// Draws one column per day.
pub(in super::super) fn draw(chart: &DayChart) -> Plot {
    let values = chart.days.iter().flat_map(|d| [Some(d.cost), d.expected]).flatten();
    let frame = Frame::of(values.map(number));
    let count = chart.days.len();
    let mut body = String::new();
    for (at, day) in chart.days.iter().enumerate() {
        body.push_str(&column(at, count, &text(day), &drawn(day, at, count, &frame)));
    }
    let last = count.saturating_sub(1);
    for (at, place) in [(0, 0.0), (count / 2, 50.0), (last, 100.0)] {
        let shown = match at {
            // Few days need no label in the middle.
            at if at == count / 2 && at != 0 && at != last && count < 10 => None,
            at => chart.days.get(at),
        };
        body.push_str(&shown.map(|day| label(place, 0, &day.day.to_string())).unwrap_or_default());
        if count < 2 {
            break;
        }
    }
    frame.plot(chart.currency, &body)
}

fn drawn(day: &ChartDay, at: usize, count: usize, frame: &Frame) -> String {
    let place = at.to_f64().unwrap_or(0.0);
    let class = match day.mark {
        DayMark::Outside => "dy",
        DayMark::Usual => "dy du",
        DayMark::Unusual => "bad",
    };
    let cost = number(day.cost);
    let (top, bottom) = (frame.y(cost.max(0.0)), frame.y(cost.min(0.0)));
    let mut out = format!(
        "<rect x=\"{:.2}%\" y=\"{top:.1}\" width=\"{:.2}%\" height=\"{:.1}\" class=\"{class}\"/>",
        percent(place + 0.1, count),
        percent(0.8, count),
        (bottom - top).max(0.4)
    );
    if let Some(expected) = day.expected {
        let y = frame.y(number(expected));
        out.push_str(&format!(
            "<line x1=\"{:.2}%\" x2=\"{:.2}%\" y1=\"{y:.1}\" y2=\"{y:.1}\" class=\"ex\"/>",
            percent(place, count),
            percent(place + 1.0, count)
        ));
    }
    out
}

fn text(day: &ChartDay) -> String {
    let expected = day.expected.map(|e| format!("\nexpected {e}")).unwrap_or_default();
    let mark = if day.mark == DayMark::Unusual { "\nunusual" } else { "" };
    format!("{}: {}{expected}{mark}", day.day, day.cost)
}
