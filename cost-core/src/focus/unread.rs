//! [`UnreadCells`]: cells that could not be read, in columns that costs do not depend on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::quote_cell;

/// Cells that could not be read and count as null, by column: their number, and the alphabetically
/// first text as an example. All clones share one counter.
#[derive(Clone, Debug, Default)]
pub struct UnreadCells(Arc<Mutex<BTreeMap<String, (u64, String)>>>);

impl UnreadCells {
    /// Returns the column, the number of cells so far, and an example, for each affected column.
    #[must_use]
    pub fn so_far(&self) -> Vec<(String, u64, String)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .map(|(column, (count, example))| (column.clone(), *count, example.clone()))
            .collect()
    }

    /// Clears the counts. Called before each scan.
    pub(crate) fn reset(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Adds cells of a column. `example` is the alphabetically first of their texts.
    pub fn add(&self, column: &str, count: usize, example: &str) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let so_far = all.entry(column.to_owned()).or_insert_with(|| (0, example.to_owned()));
        so_far.0 = so_far.0.saturating_add(count);
        if example < so_far.1.as_str() {
            example.clone_into(&mut so_far.1);
        }
    }

    /// Adds the counts of another one, which stays unchanged.
    pub(crate) fn merge(&self, other: &Self) {
        for (column, count, example) in other.so_far() {
            self.add(&column, usize::try_from(count).unwrap_or(usize::MAX), &example);
        }
    }

    /// Replaces the counts with those of another one.
    pub fn replace(&self, other: &Self) {
        let others = other.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = others;
    }

    /// Returns one note per column.
    #[must_use]
    pub(crate) fn notes(&self) -> Vec<String> {
        let line = |(column, count, example): (String, u64, String)| {
            let (cells, they) = if count == 1 { ("cell", "it") } else { ("cells", "they") };
            let s = if count == 1 { "s" } else { "" };
            let so = if column == "Tags" {
                format!("{they} count{s} as untagged")
            } else {
                format!("{they} count{s} as null")
            };
            format!(
                "{count} {cells} in column {column} could not be read, such as {}: {so}",
                quote_cell(&example)
            )
        };
        self.so_far().into_iter().map(line).collect()
    }
}
