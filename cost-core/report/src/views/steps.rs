//! Parts of pages that describe a change: its evidence, its steps, and its commands.

use cost_core::opportunity::Evidence;

use crate::document::{Block, Document, Item, List, Mark};
use crate::table::{Cell, Table};

/// Adds the facts that support a change.
pub(super) fn evidence(doc: &mut Document, all: &[Evidence]) {
    let mut table = Table::new(&["what", "value", "source"]);
    for e in all {
        table.row([&e.label, &e.value, &e.source].map(Cell::text));
    }
    doc.heading("Evidence");
    doc.table(table);
}

/// Adds a list with its heading, unless it is empty.
pub(super) fn list(doc: &mut Document, heading: &str, mark: Mark, items: &[String]) {
    if !items.is_empty() {
        doc.heading(heading);
        doc.list(List::new(mark, items.iter().map(|item| Item::new(item.as_str()))));
    }
}

/// Adds commands with their heading, unless there are none.
pub(super) fn code(doc: &mut Document, heading: &str, lines: &[String]) {
    if !lines.is_empty() {
        doc.part(heading);
        doc.blocks.push(Block::Code { language: "sh", lines: lines.to_vec() });
    }
}
