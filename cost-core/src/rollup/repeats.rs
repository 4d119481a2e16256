//! Files that were put together from copies of themselves.
//!
//! Charges that are alike within a file are real: two seats of one license. But if a file's rows, in their order, come all over again, the file
//! is most likely two copies, one after the other. No exporter is known to write so; it cannot be proven wrong either, so that it is said and not refused.

use std::collections::BTreeSet;

use super::files::Repeated;
use super::reread::Reread;
use super::sketch::ENOUGH;

/// Copies in one file that are looked for, at most. Chosen.
const MOST_COPIES: usize = 16;

/// A note of each file whose rows come all over again. `suspects` are files in which each charge is there several times.
pub(super) fn notes(reread: &Reread<'_>, suspects: &[Repeated]) -> Vec<String> {
    suspects.iter().filter_map(|s| note(reread, s)).collect()
}

fn note(reread: &Reread<'_>, Repeated { file, times }: &Repeated) -> Option<String> {
    let mut rows = Vec::new();
    if let Err(error) = reread.one(file, |charge| rows.push(charge.row)) {
        return Some(format!(
            "{file}: each of its charges is there {times} times or a multiple of that, and whether they are copies in the same order is not \
             known ({error})"
        ));
    }
    let times = usize::try_from(*times).ok()?;
    let copies =
        (2..=times.min(MOST_COPIES)).find(|copies| times.is_multiple_of(*copies) && comes_again(&rows, *copies))?;
    let each = rows.len() / copies;
    Some(format!(
        "{file}: its first {each} charges come again in the same order, {copies} times in all: if the file was put together from \
         copies, keep one of them; if not, the charges are right as they are"
    ))
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
