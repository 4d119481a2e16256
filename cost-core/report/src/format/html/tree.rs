//! Nested cost: one line per part with a bar, which opens to show its own parts.

use super::bars::span;
use crate::chart::{TreeChart, TreeNode, number};
use crate::escape::html_text;
use crate::table::Cell;

/// Returns the parts as nested lists.
pub(super) fn draw(chart: &TreeChart) -> String {
    let most = chart.roots.iter().map(|r| number(r.amount).abs()).fold(f64::MIN_POSITIVE, f64::max);
    list(&chart.roots, most)
}

fn list(nodes: &[TreeNode], most: f64) -> String {
    let items: String = nodes.iter().map(|node| item(node, most)).collect();
    format!("<ul class=\"tr\">\n{items}</ul>\n")
}

fn item(node: &TreeNode, most: f64) -> String {
    let line = line(node, most);
    if node.children.is_empty() {
        return format!("<li><div class=\"nd\">{line}</div></li>\n");
    }
    format!(
        "<li><details><summary class=\"nd\">{line}</summary>\n{}</details></li>\n",
        list(&node.children, most)
    )
}

fn line(node: &TreeNode, most: f64) -> String {
    let share = (number(node.amount).abs() / most).clamp(0.0, 1.0);
    let change = node.change.map(|change| {
        let cell = Cell::change(change);
        let class = match cell.text.as_str() {
            text if text.starts_with('+') => "w up",
            text if text.starts_with('-') => "w dn",
            _ => "w",
        };
        format!("<span class=\"{class}\">{}</span>", html_text(&cell.text))
    });
    format!(
        "<span class=\"k\">{}</span>{}<span class=\"v\">{}</span>{}",
        html_text(&node.name),
        span((0.0, share), "x"),
        html_text(&node.amount.display_whole()),
        change.unwrap_or_default()
    )
}
