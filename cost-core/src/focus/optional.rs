//! Columns that may be without a value: what stands for none, and who counts it.

use super::text;
use super::unread::UnreadCells;

/// How an amount is read that no figure rests on: `NaN` and words for nothing, which pandas and
/// other writers have for a cell without a value, are null, and counted.
#[derive(Clone, Copy)]
pub(super) struct Optional<'a> {
    /// The FOCUS column.
    pub(super) column: &'a str,
    pub(super) unread: &'a UnreadCells,
}

/// Cells that hold a word for nothing.
#[derive(Default)]
pub(super) struct Nothing {
    count: usize,
    example: String,
}

impl Nothing {
    /// Whether a text is such a word; if so, it is counted.
    pub(super) fn is_it(&mut self, text: String) -> bool {
        let is = text::is_nothing(&text);
        if is {
            self.count += 1;
            if self.count == 1 || text < self.example {
                self.example = text;
            }
        }
        is
    }

    pub(super) fn tell(&self, optional: Optional<'_>) {
        if self.count > 0 {
            optional.unread.add(optional.column, self.count, &self.example);
        }
    }
}
