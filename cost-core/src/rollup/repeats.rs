//! Files that were put together from copies of themselves, or joined with something that has several rows for each of theirs.
//!
//! Charges that are alike within a file are real: two seats of one license. But if a file's rows, in their order, come all over again, or each
//! of many charges is there as often as each other, the file most likely has them several times. No exporter is known to write so; it cannot be
//! proven wrong either, so that it is noted and not refused.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::files::Repeated;
use super::reread::Reread;
use super::sketch::ENOUGH;
use crate::count::counted;

/// Copies in one file that are looked for, at most. Chosen.
const MOST_COPIES: usize = 16;

/// Different charges from which on a file that has each of them equally often is noted, whatever the order. Chosen: a bill of fewer can be one
/// of so many seats each.
const MANY: usize = 30;

/// A file that has each of its charges several times.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct RepeatedFile {
    /// Path of the file.
    pub path: String,
    /// Its line items, each counted once.
    pub line_items: u64,
    /// How often each is there.
    pub times: u64,
    /// Whether they come again in the same order, as a whole.
    pub in_order: bool,
}

impl RepeatedFile {
    /// For people, with what to do.
    pub(super) fn note(&self) -> String {
        if !self.in_order {
            return format!(
                "{}: each of its {} is there {} times, in another order: if rows were appended twice or joined with others, remove the \
                 doubles; if not, the charges are right as they are",
                self.path,
                counted(self.line_items, "charge"),
                self.times
            );
        }
        format!(
            "{}: its first {} come again in the same order, {} times in all: if the file was put together from copies, keep one of \
             them; if not, the charges are right as they are",
            self.path,
            counted(self.line_items, "charge"),
            self.times
        )
    }
}

/// The files that have each charge several times, and a note of each of which that is not known. `suspects` are files in which each charge of a
/// sample is.
pub(super) fn found(reread: &Reread<'_>, suspects: &[Repeated]) -> (Vec<RepeatedFile>, Vec<String>) {
    let (mut found, mut notes) = (Vec::new(), Vec::new());
    for Repeated { file, times } in suspects {
        let mut rows = Vec::new();
        match reread.one(file, |charge| rows.push(charge.row)) {
            Ok(()) => found.extend(repeated(file, &rows)),
            Err(error) => notes.push(format!(
                "{file}: each of its charges is there {times} times or a multiple of that, and whether they are copies is not known ({error})"
            )),
        }
    }
    (found, notes)
}

fn repeated(file: &str, rows: &[u64]) -> Option<RepeatedFile> {
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(*row).or_default() += 1;
    }
    let times = counts.values().fold(0, |all, count| common_divisor(all, *count));
    let copies =
        (2..=times.min(MOST_COPIES)).find(|copies| times.is_multiple_of(*copies) && comes_again(rows, *copies));
    let is_many = times > 1 && counts.len() >= MANY;
    let (copies, in_order) = copies.map(|copies| (copies, true)).or(is_many.then_some((times, false)))?;
    let line_items = u64::try_from(rows.len() / copies).ok()?;
    Some(RepeatedFile { path: file.to_owned(), line_items, times: u64::try_from(copies).ok()?, in_order })
}

fn common_divisor(mut a: usize, mut b: usize) -> usize {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Whether rows are `copies` times the same ones.
fn comes_again(rows: &[u64], copies: usize) -> bool {
    let each = rows.len() / copies;
    if each == 0 || !rows.len().is_multiple_of(copies) {
        return false;
    }
    let (first, rest) = rows.split_at(each);
    let different: BTreeSet<u64> = first.iter().copied().take(1 << 10).collect();
    u64::try_from(different.len()).is_ok_and(|n| n >= ENOUGH) && rest.chunks(each).all(|chunk| chunk == first)
}

#[cfg(test)]
mod tests {
    use super::{comes_again, repeated};

    #[test]
    fn many_charges_that_are_there_equally_often_are_noted_in_any_order() {
        let shuffled: Vec<u64> = (0..40).flat_map(|row| [row, 39 - row]).collect();
        let found = repeated("a.csv", &shuffled).expect("doubles");
        assert_eq!((found.line_items, found.times, found.in_order), (40, 2, false));
        assert_eq!(repeated("a.csv", &shuffled[..79]), None, "one is there once");
        assert_eq!(repeated("seats.csv", &[1, 2, 3, 3, 2, 1]), None, "two seats each");
    }

    #[test]
    fn copies_are_in_order() {
        assert!(comes_again(&[1, 2, 3, 1, 2, 3], 2));
        assert!(comes_again(&[1, 2, 3, 1, 2, 3, 1, 2, 3], 3));
        assert!(!comes_again(&[1, 1, 2, 2, 3, 3], 2), "two seats each");
        assert!(!comes_again(&[7, 7, 7, 7], 2), "one charge four times");
        assert!(!comes_again(&[1, 2, 3, 3, 2, 1], 2), "another order");
    }
}
