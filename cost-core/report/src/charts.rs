//! A small chart of a series: for the terminal, and as SVG.

use rust_decimal::prelude::ToPrimitive;

use super::escape::xml_text;
use cost_core::anomaly::{Anomaly, SeriesDay};
use cost_core::money::Money;

/// Lines of the terminal's chart.
const LINES: usize = 6;
/// Eighths of a block.
const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A column a day, as many of the last days as fit in `width`; `^` below the anomaly's days, `-` where it was quiet between them.
pub(super) fn text(anomaly: &Anomaly, width: usize) -> String {
    let room = width.saturating_sub(MARGIN + 2).max(10);
    let days = &anomaly.series[anomaly.series.len().saturating_sub(room)..];
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return String::new() };
    let most = days.iter().map(|d| d.cost).max_by_key(Money::amount).unwrap_or(first.cost);
    let eighths = |day: &SeriesDay| {
        let share = day.cost.amount().checked_div(most.amount()).unwrap_or_default().to_f64().unwrap_or(0.0);
        (share.max(0.0) * (8 * LINES).to_f64().unwrap_or(0.0)).round().to_usize().unwrap_or(0)
    };
    let mut out = String::new();
    for line in (0..LINES).rev() {
        let label = match line {
            _ if line + 1 == LINES => most.display_amount(),
            0 => "0".to_owned(),
            _ => String::new(),
        };
        out.push_str(&format!("  {label:>width$} ", width = MARGIN - 3));
        let row: String = days.iter().map(|d| BLOCKS[eighths(d).saturating_sub(8 * line).min(8)]).collect();
        out.push_str(row.trim_end());
        out.push('\n');
    }
    let mark = |day: &SeriesDay| match () {
        () if is_off(anomaly, day) => '^',
        () if day.day >= anomaly.first_day && day.day <= anomaly.last_day => '-',
        () => ' ',
    };
    let marks: String = days.iter().map(mark).collect();
    out.push_str(&format!("{}{}\n", " ".repeat(MARGIN), marks.trim_end()));
    let (from, to) = (first.day.to_string(), last.day.to_string());
    let gap = days.len().saturating_sub(from.len() + to.len()).max(1);
    out.push_str(&format!("{}{from}{}{to}\n", " ".repeat(MARGIN), " ".repeat(gap)));
    out
}

/// Columns left of the chart.
const MARGIN: usize = 16;

/// Whether a day stands out in the chart: within the anomaly, and further off than is usual.
fn is_off(anomaly: &Anomaly, day: &SeriesDay) -> bool {
    let within = day.day >= anomaly.first_day && day.day <= anomaly.last_day;
    let expected = day.expected.map_or(rust_decimal::Decimal::ZERO, |e| e.amount());
    let off = (day.cost.amount() - expected).abs();
    let usual = (anomaly.peak_usual.amount() - anomaly.peak_expected.amount()).abs();
    within && off > usual
}

/// Width and height, and the room around the columns.
const SIZE: (f64, f64) = (720.0, 240.0);
const LEFT: f64 = 84.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 50.0;
/// Characters of the scope that fit in its line.
const FITS: usize = 100;
const BOTTOM: f64 = 28.0;

/// The chart as SVG: a column a day, the anomaly's in another colour, and the expectation as a line.
#[must_use]
pub fn svg(anomaly: &Anomaly) -> String {
    let days = &anomaly.series;
    let number = |money: &Money| money.amount().to_f64().unwrap_or(0.0);
    let all = days.iter().flat_map(|d| [Some(number(&d.cost)), d.expected.as_ref().map(number)]).flatten();
    let most = all.fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let count = days.len().to_f64().unwrap_or(1.0).max(1.0);
    let step = (SIZE.0 - LEFT - RIGHT) / count;
    let height = SIZE.1 - TOP - BOTTOM;
    let x = |at: usize| LEFT + step * at.to_f64().unwrap_or(0.0);
    let y = |value: f64| TOP + height * (1.0 - value.max(0.0) / most);
    let title = xml_text(&format!("{}: {} in {}", anomaly.id, anomaly.kind.label(), anomaly.scope));
    let scope = anomaly.scope.to_string();
    let cut: String = scope.chars().take(FITS).collect();
    // The whole is in the title, which viewers show.
    let short = if cut.len() < scope.len() { format!("{cut}…") } else { scope };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<title>{title}</title>\n\
         <rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"18\" fill=\"#222222\" font-weight=\"bold\">{2}: {3}, {4} severity</text>\n\
         <text x=\"{LEFT}\" y=\"34\" fill=\"#222222\" font-size=\"11\">{5}</text>\n",
        SIZE.0,
        SIZE.1,
        anomaly.id,
        anomaly.kind.label(),
        anomaly.severity.as_str(),
        xml_text(&short)
    );
    for (at, day) in days.iter().enumerate() {
        let color = if is_off(anomaly, day) { "#c0392b" } else { "#7f9db9" };
        let top = y(number(&day.cost));
        out.push_str(&format!(
            "<rect x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{color}\"><title>{} {}</title></rect>\n",
            x(at) + step * 0.1,
            step * 0.8,
            SIZE.1 - BOTTOM - top,
            day.day,
            day.cost.display_amount()
        ));
    }
    let line: Vec<String> = days
        .iter()
        .enumerate()
        .filter_map(|(at, d)| Some(format!("{:.1},{:.1}", x(at) + step / 2.0, y(number(d.expected.as_ref()?)))))
        .collect();
    out.push_str(&format!(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#222222\" stroke-width=\"1.5\" stroke-dasharray=\"4 3\"/>\n",
        line.join(" ")
    ));
    let top = days.iter().map(|d| d.cost).max_by_key(Money::amount);
    let labels = [(y(0.0), "0".to_owned()), (y(most), top.map(|t| t.display_amount()).unwrap_or_default())];
    for (at, label) in labels {
        let at = at + 4.0;
        out.push_str(&format!(
            "<text x=\"{:.1}\" y=\"{at:.1}\" text-anchor=\"end\" fill=\"#222222\">{label}</text>\n",
            LEFT - 6.0
        ));
    }
    if let (Some(first), Some(last)) = (days.first(), days.last()) {
        let below = SIZE.1 - 8.0;
        out.push_str(&format!("<text x=\"{LEFT}\" y=\"{below}\" fill=\"#222222\">{}</text>\n", first.day));
        out.push_str(&format!(
            "<text x=\"{:.1}\" y=\"{below}\" text-anchor=\"end\" fill=\"#222222\">{}</text>\n",
            SIZE.0 - RIGHT,
            last.day
        ));
    }
    out.push_str(&format!(
        "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#555555\">daily EffectiveCost, {}; dashed: expected</text>\n",
        SIZE.0 / 2.0,
        SIZE.1 - 8.0,
        anomaly.actual.currency()
    ));
    out.push_str("</svg>\n");
    out
}
