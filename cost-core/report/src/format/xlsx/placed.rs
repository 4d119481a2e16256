//! Places of tables on a sheet.

use crate::table::{Align, Table};

/// Place of a table on a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    /// Row of the column titles; `None` if the table has none.
    pub(super) head: Option<u32>,
    /// The first row below the titles.
    pub(super) first: u32,
    /// Number of rows.
    pub(super) rows: u32,
    /// First row, last row, and last column that a filter covers: the titles and all rows above the
    /// totals. `None` if filtering or sorting would tear rows apart.
    pub(super) filter: Option<(u32, u32, u16)>,
}

/// Returns the number of text columns before the first column of numbers.
pub(super) fn lead(table: &Table) -> usize {
    table.columns.iter().take_while(|c| c.align == Align::Left).count()
}

/// Returns the number of columns by which a table is shifted, so that its numbers are below those of
/// the largest table, which has `lead` text columns.
pub(super) fn shift(table: &Table, most: usize) -> usize {
    match lead(table) {
        own @ 1.. if own < table.columns.len() => most.saturating_sub(own),
        _ => 0,
    }
}
