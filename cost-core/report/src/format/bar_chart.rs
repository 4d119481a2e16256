//! Horizontal bars as text, drawn with block characters.

use cost_core::money::Money;
use rust_decimal::prelude::ToPrimitive;

use crate::chart::{Bar, BarKind, Bars};
use crate::escape::terminal_text;

/// Maximum width of the names, in characters. Longer ones are shortened; the table shows them.
const LABEL: usize = 32;
/// Minimum width of the bars, in characters.
const MIN_BARS: usize = 8;

/// Returns a title and one line per bar: name, bar, amount, and the remark if it fits in `width`.
pub(super) fn text(title: &str, bars: &Bars, width: usize) -> String {
    let label = |bar: &Bar| shortened(&format!("{}{}", "  ".repeat(bar.level), bar.label));
    let longest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let labels = longest(&mut bars.all.iter().map(|b| label(b).chars().count()));
    let amounts = longest(&mut bars.all.iter().map(|b| b.amount.chars().count()));
    let room = width.saturating_sub(labels + amounts + 6).max(MIN_BARS);
    let mut out = format!("{}\n", terminal_text(title));
    for bar in &bars.all {
        let (label, drawn) = (label(bar), drawn(bar, room));
        let line = format!("  {label:<labels$}  {drawn:<room$}  {:>amounts$}", bar.amount);
        out.push_str(line.trim_end());
        out.push('\n');
    }
    if let Some(from) = bars.from {
        out.push_str(&format!("  {}\n", starts_at(from)));
    }
    out
}

/// Returns the note on a scale that does not start at zero.
pub(super) fn starts_at(from: Money) -> String {
    format!("The bars start at {} {}, not at zero.", from.display_whole(), from.currency())
}

fn shortened(label: &str) -> String {
    let label = terminal_text(label);
    if label.chars().count() <= LABEL {
        return label;
    }
    label.chars().take(LABEL - 1).chain(['…']).collect()
}

/// Returns the bar: full for amounts and parts, lighter for decreases. A part of any size is visible.
fn drawn(bar: &Bar, room: usize) -> String {
    let (from, to) = bar.span;
    let place = |share: f64| {
        (share * room.to_f64().unwrap_or(0.0)).round().to_usize().unwrap_or(0).min(room)
    };
    let start = place(from).min(room.saturating_sub(1));
    let length = if from < to { (place(to) - start.min(place(to))).max(1) } else { 0 };
    let sign = if bar.kind == BarKind::Down { "▒" } else { "█" };
    format!("{}{}", " ".repeat(start), sign.repeat(length))
}

#[cfg(test)]
mod tests {
    use cost_core::money::Currency;
    use rust_decimal::Decimal;

    use super::*;
    use crate::chart::{Chart, Labeled, WaterfallChart};

    fn usd(amount: i64) -> Money {
        Money::new(Decimal::from(amount), Currency::USD)
    }

    #[test]
    fn a_waterfall_shows_start_parts_and_end() {
        let chart = Chart::Waterfall(WaterfallChart {
            title: "Change".to_owned(),
            start: Labeled::new("September", usd(100)),
            parts: vec![Labeled::new("usage", usd(100)), Labeled::new("credits", usd(-50))],
            end: Labeled::new("October", usd(150)),
        });
        let bars = Bars::of(&chart).expect("bars");
        // 44 columns: 9 for names, 7 for amounts, 6 for gaps, 22 for bars.
        assert_eq!(
            text("Change", &bars, 42),
            "Change\n\
             \x20 September  ██████████             100.00\n\
             \x20 usage                ██████████  +100.00\n\
             \x20 credits                   ▒▒▒▒▒   -50.00\n\
             \x20 October    ███████████████        150.00\n"
        );
    }

    #[test]
    fn small_changes_of_a_large_amount_stay_visible_and_the_scale_is_named() {
        let chart = Chart::Waterfall(WaterfallChart {
            title: "Change".to_owned(),
            start: Labeled::new("before", usd(70_000)),
            parts: vec![Labeled::new("usage", usd(5_000))],
            end: Labeled::new("after", usd(75_000)),
        });
        let bars = Bars::of(&chart).expect("bars");
        // 70,000 - 15 % of 5,000 = 69,250; down to a multiple of 1,000.
        assert_eq!(bars.from, Some(usd(69_000)));
        assert!(
            text("", &bars, 60).ends_with("The bars start at 69,000 USD, not at zero.\n"),
            "{}",
            text("", &bars, 60)
        );
    }
}
