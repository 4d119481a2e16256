//! Optional columns: placeholders for missing values, and how often they occur.

use super::text;
use super::unread::UnreadCells;

/// Reading of an amount that no figure depends on. `NaN` and placeholders, which pandas and other
/// tools write for a cell without a value, become null and are counted.
#[derive(Clone, Copy)]
pub(super) struct Optional<'a> {
    /// FOCUS column.
    pub(super) column: &'a str,
    pub(super) unread: &'a UnreadCells,
}

/// Number of cells with a placeholder.
#[derive(Default)]
pub(super) struct Nothing {
    count: usize,
    example: String,
}

impl Nothing {
    /// Returns whether a text is a placeholder, and counts it if so.
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

    pub(super) fn report(&self, optional: Optional<'_>) {
        if self.count > 0 {
            optional.unread.add(optional.column, self.count, &self.example);
        }
    }
}
