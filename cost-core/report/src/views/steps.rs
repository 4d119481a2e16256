//! Parts of pages that describe a change: its evidence, its steps, and its commands.

use cost_core::opportunity::{Evidence, Runbook};
use cost_core::text::counted;

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

/// Adds the commands of a runbook with their heading, unless there are none. If the script stops
/// after a first step, a line says when to run it again.
pub(super) fn commands(doc: &mut Document, book: &Runbook) {
    if book.commands.is_empty() {
        return;
    }
    doc.part("Commands (review them, then run them yourself)");
    if let Some(days) = book.days_to_second_run() {
        let days = counted(days.into(), "day");
        doc.paragraph(format!(
            "This script stops after its first step (exit code 75). Run it again after {days}."
        ));
    }
    doc.blocks.push(Block::Code { language: "sh", lines: book.commands.clone() });
}

/// Adds commands with their heading, unless there are none.
pub(super) fn code(doc: &mut Document, heading: &str, lines: &[String]) {
    if !lines.is_empty() {
        doc.part(heading);
        doc.blocks.push(Block::Code { language: "sh", lines: lines.to_vec() });
    }
}
