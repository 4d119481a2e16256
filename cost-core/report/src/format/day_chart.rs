//! Chart of cost by day, drawn with block characters.

use cost_core::money::Money;
use rust_decimal::prelude::ToPrimitive;

use crate::chart::{ChartDay, DayChart, DayMark};

/// Height of the chart, in lines.
const LINES: usize = 6;
/// Characters for eighths of a block.
const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Width of the left margin, in columns.
const MARGIN: usize = 16;

/// Returns the chart as text: one column per day, for as many of the last days as fit in `width`.
/// `^` marks unusual days, `-` the usual days between them.
pub(super) fn text(chart: &DayChart, width: usize) -> String {
    let room = width.saturating_sub(MARGIN + 2).max(10);
    let days = &chart.days[chart.days.len().saturating_sub(room)..];
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return String::new() };
    let most = days.iter().map(|d| d.cost).max_by_key(Money::amount).unwrap_or(first.cost);
    let eighths = |day: &ChartDay| {
        let share = day
            .cost
            .amount()
            .checked_div(most.amount())
            .unwrap_or_default()
            .to_f64()
            .unwrap_or(0.0);
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
        let row: String =
            days.iter().map(|d| BLOCKS[eighths(d).saturating_sub(8 * line).min(8)]).collect();
        out.push_str(row.trim_end());
        out.push('\n');
    }
    let mark = |day: &ChartDay| match day.mark {
        DayMark::Unusual => '^',
        DayMark::Usual => '-',
        DayMark::Outside => ' ',
    };
    let marks: String = days.iter().map(mark).collect();
    out.push_str(&format!("{}{}\n", " ".repeat(MARGIN), marks.trim_end()));
    let (from, to) = (first.day.to_string(), last.day.to_string());
    let gap = days.len().saturating_sub(from.len() + to.len()).max(1);
    out.push_str(&format!("{}{from}{}{to}\n", " ".repeat(MARGIN), " ".repeat(gap)));
    out
}
