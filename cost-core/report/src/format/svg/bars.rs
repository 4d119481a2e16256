//! Chart of horizontal bars.

use rust_decimal::prelude::ToPrimitive;

use super::super::bar_chart::starts_at;
use crate::chart::{Bar, BarKind, Bars};
use crate::escape::xml_text;

/// Width, and the places of names, bars, and amounts.
const WIDTH: f64 = 720.0;
const LEFT: f64 = 12.0;
const BARS: f64 = 232.0;
const AMOUNT: f64 = 626.0;
const AFTER: f64 = 708.0;
/// Height of the title and of a line.
const TOP: f64 = 32.0;
const LINE: f64 = 22.0;
/// Maximum number of characters of a name in its line.
const FITS: usize = 32;
const INK: &str = "#222222";

/// Draws one bar per line, between its name and its amount.
pub(super) fn draw(title: &str, bars: &Bars) -> String {
    let lines =
        bars.all.len().to_f64().unwrap_or(0.0) + if bars.from.is_some() { 1.0 } else { 0.0 };
    let height = TOP + LINE * lines + 8.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<title>{0}</title>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"18\" fill=\"{INK}\" font-weight=\"bold\">{0}</text>\n",
        xml_text(title)
    );
    let mut top = TOP;
    for bar in &bars.all {
        out.push_str(&line(bar, top));
        top += LINE;
    }
    if let Some(from) = bars.from {
        let note = starts_at(from);
        out.push_str(&format!(
            "<text x=\"{BARS}\" y=\"{:.1}\" fill=\"#555555\" font-size=\"11\">{note}</text>\n",
            top + 15.0
        ));
    }
    out.push_str("</svg>\n");
    out
}

fn line(bar: &Bar, top: f64) -> String {
    let shown: String = bar.label.chars().take(FITS).collect();
    let cut = if shown.len() < bar.label.len() { "…" } else { "" };
    let color = match bar.kind {
        BarKind::Level => "#33526e",
        BarKind::Part => "#7f9db9",
        BarKind::Up => "#c0392b",
        BarKind::Down => "#1b7f6b",
    };
    let room = AMOUNT - 74.0 - BARS;
    let (from, to) = bar.span;
    let indent = 12.0 * bar.level.to_f64().unwrap_or(0.0);
    format!(
        "<text x=\"{:.1}\" y=\"{1:.1}\" fill=\"{INK}\">{2}{cut}</text>\n\
         <rect x=\"{3:.1}\" y=\"{4:.1}\" width=\"{5:.1}\" height=\"13\" fill=\"{color}\"><title>{6} {7}</title></rect>\n\
         <text x=\"{AMOUNT}\" y=\"{1:.1}\" text-anchor=\"end\" fill=\"{INK}\">{7}</text>\n\
         <text x=\"{AFTER}\" y=\"{1:.1}\" text-anchor=\"end\" fill=\"#555555\">{8}</text>\n",
        LEFT + indent,
        top + 15.0,
        xml_text(&shown),
        BARS + from * room,
        top + 5.0,
        ((to - from) * room).max(if from < to { 1.0 } else { 0.0 }),
        xml_text(&bar.label),
        xml_text(&bar.amount),
        xml_text(&bar.after),
    )
}
