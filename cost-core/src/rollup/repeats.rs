//! Files that were combined from copies of themselves.
//!
//! Equal charges within a file can be real, such as two seats of one license. But if all rows of a
//! file repeat in the same order, the file most likely consists of copies. No known exporter writes
//! such files, but this cannot be proven wrong either. So it is reported and not refused.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::files::Repeated;
use super::reread::Reread;
use super::sketch::ENOUGH;
use crate::text::counted;

/// Largest number of copies in one file that is searched for. Chosen.
const MOST_COPIES: usize = 16;

/// File whose rows repeat in the same order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct RepeatedFile {
    /// Path of the file.
    pub path: String,
    /// Number of line items before the first repetition.
    pub line_items: u64,
    /// Number of copies.
    pub times: u64,
}

impl RepeatedFile {
    /// Returns a note that says what to do.
    pub(super) fn note(&self) -> String {
        format!(
            "{}: its first {} repeat in the same order, {} times in total: if the file was combined from copies, remove all but one of \
             them; if not, the charges are correct",
            self.path,
            counted(self.line_items, "charge"),
            self.times
        )
    }
}

/// Returns the files whose rows repeat, and a note on each file for which this could not be
/// determined. `suspects` are files in which each charge of a sample repeats.
pub(super) fn found(
    reread: &Reread<'_>,
    suspects: &[Repeated],
) -> (Vec<RepeatedFile>, Vec<String>) {
    let (mut found, mut notes) = (Vec::new(), Vec::new());
    for Repeated { file, times } in suspects {
        let mut rows = Vec::new();
        match reread.one(file, |charge| rows.push(charge.row)) {
            Ok(()) => found.extend(repeated(file, *times, &rows)),
            Err(error) => notes.push(format!(
                "{file}: each of its charges appears {times} times or a multiple of that; whether they are copies could not be determined ({error})"
            )),
        }
    }
    (found, notes)
}

fn repeated(file: &str, times: u32, rows: &[u64]) -> Option<RepeatedFile> {
    let times = usize::try_from(times).ok()?;
    let copies = (2..=times.min(MOST_COPIES))
        .find(|copies| times.is_multiple_of(*copies) && comes_again(rows, *copies))?;
    let line_items = u64::try_from(rows.len() / copies).ok()?;
    Some(RepeatedFile { path: file.to_owned(), line_items, times: u64::try_from(copies).ok()? })
}

/// Returns whether rows consist of `copies` equal sequences.
fn comes_again(rows: &[u64], copies: usize) -> bool {
    let each = rows.len() / copies;
    if each == 0 || !rows.len().is_multiple_of(copies) {
        return false;
    }
    let (first, rest) = rows.split_at(each);
    let different: BTreeSet<u64> = first.iter().copied().take(1 << 10).collect();
    u64::try_from(different.len()).is_ok_and(|n| n >= ENOUGH)
        && rest.chunks(each).all(|chunk| chunk == first)
}

#[cfg(test)]
mod tests {
    use super::comes_again;

    #[test]
    fn copies_are_in_order() {
        assert!(comes_again(&[1, 2, 3, 1, 2, 3], 2));
        assert!(comes_again(&[1, 2, 3, 1, 2, 3, 1, 2, 3], 3));
        assert!(!comes_again(&[1, 1, 2, 2, 3, 3], 2), "two seats each");
        assert!(!comes_again(&[7, 7, 7, 7], 2), "one charge four times");
        assert!(!comes_again(&[1, 2, 3, 3, 2, 1], 2), "another order");
    }
}
