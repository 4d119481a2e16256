//! [`UnreadCells`]: cells that could not be read, in columns that no cost depends on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::quote_cell;

/// Cells that could not be read and count as null, by column: how many, and the first of their
/// texts by the alphabet. Shared by all clones.
#[derive(Clone, Debug, Default)]
pub struct UnreadCells(Arc<Mutex<BTreeMap<String, (u64, String)>>>);

impl UnreadCells {
    /// Column, cells so far, and an example of each column that has any.
    #[must_use]
    pub fn so_far(&self) -> Vec<(String, u64, String)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .map(|(column, (count, example))| (column.clone(), *count, example.clone()))
            .collect()
    }

    /// Forgets them; called before each scan.
    pub(crate) fn reset(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Adds cells of a column, of which `example` is the first by the alphabet.
    pub fn add(&self, column: &str, count: usize, example: &str) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let so_far = all.entry(column.to_owned()).or_insert_with(|| (0, example.to_owned()));
        so_far.0 = so_far.0.saturating_add(count);
        if example < so_far.1.as_str() {
            example.clone_into(&mut so_far.1);
        }
    }

    /// Takes in those of another, which stays as it is.
    pub(crate) fn merge(&self, other: &Self) {
        for (column, count, example) in other.so_far() {
            self.add(&column, usize::try_from(count).unwrap_or(usize::MAX), &example);
        }
    }

    /// Takes those of another in place of its own.
    pub fn replace(&self, other: &Self) {
        let others = other.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = others;
    }

    /// A line for each column, for people.
    #[must_use]
    pub(crate) fn notes(&self) -> Vec<String> {
        let line = |(column, count, example): (String, u64, String)| {
            let (cells, they) = if count == 1 { ("cell", "it") } else { ("cells", "they") };
            let s = if count == 1 { "s" } else { "" };
            let so = if column == "Tags" {
                format!("{they} count{s} as untagged")
            } else {
                "taken as null".to_owned()
            };
            format!(
                "{count} {cells} of {column} could not be read, such as {}: {so}",
                quote_cell(&example)
            )
        };
        self.so_far().into_iter().map(line).collect()
    }
}
