//! Waterfalls and ladders: one line per bar, with its name and amount as text. Lines fit every width.

use std::collections::BTreeMap;

use crate::chart::{Bar, BarKind, Bars, Chart};
use crate::escape::html_text;
use crate::format::bar_chart::starts_at;

/// Returns the bars of a chart as a list.
pub(super) fn draw(chart: &Chart, bars: &Bars, panels: &BTreeMap<String, String>) -> String {
    let class = if matches!(chart, Chart::Ladder(_)) { "br ld" } else { "br" };
    let head = if matches!(chart, Chart::Ladder(_)) {
        "<li class=\"bh\" aria-hidden=\"true\"><span></span><span></span><span class=\"v\">amount</span><span class=\"w\">cumulative</span></li>\n"
    } else {
        ""
    };
    let lines: String = bars.all.iter().map(|bar| line(bar, panels)).collect();
    let note = bars.from.map(|from| format!("<p class=\"nt\">{}</p>\n", starts_at(from)));
    format!("<ol class=\"{class}\">\n{head}{lines}</ol>\n{}", note.unwrap_or_default())
}

fn line(bar: &Bar, panels: &BTreeMap<String, String>) -> String {
    let name = html_text(&bar.label);
    let name = match bar.id.as_ref().and_then(|id| panels.get(id)) {
        Some(panel) => format!("<a href=\"#{panel}\">{name}</a>"),
        None => name,
    };
    let class = match bar.kind {
        BarKind::Level => "lv",
        BarKind::Up => "up",
        BarKind::Down => "dn",
        BarKind::Part => "pt",
    };
    let after = if bar.after.is_empty() {
        String::new()
    } else {
        format!("<span class=\"w\">{}</span>", html_text(&bar.after))
    };
    format!(
        "<li class=\"{class}\"><span class=\"k\">{name}</span>{}<span class=\"v\">{}</span>{after}</li>\n",
        span(bar.span, "x"),
        html_text(&bar.amount)
    )
}

/// Returns the drawing of a span of a scale from 0 to 1. A span of any size is visible.
pub(super) fn span((from, to): (f64, f64), class: &str) -> String {
    let width = if from < to { ((to - from) * 1000.0).max(3.0) } else { 0.0 };
    format!(
        "<svg class=\"{class}\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect x=\"{:.1}\" width=\"{width:.1}\" height=\"10\"/></svg>",
        (from * 1000.0).min(997.0)
    )
}
