//! What several reports say alike, so that it is said once, below them.

use cost_core::check::Skip;
use cost_core::review::Review;

/// Lines that all of several reports have; none if there is one report.
#[derive(Debug, Default)]
pub(super) struct Alike {
    /// What checks could not judge.
    pub(super) skipped: Vec<Skip>,
    /// What a reader should know.
    pub(super) notes: Vec<String>,
}

impl Alike {
    pub(super) fn of_reviews(reviews: &[Review]) -> Self {
        let skipped: Vec<&[Skip]> = reviews.iter().map(|r| r.skipped.as_slice()).collect();
        Self { skipped: of_all(&skipped), ..Self::of_notes(reviews, |r| &r.notes) }
    }

    pub(super) fn of_notes<T>(reports: &[T], notes: impl Fn(&T) -> &[String]) -> Self {
        let notes: Vec<&[String]> = reports.iter().map(notes).collect();
        Self { skipped: Vec::new(), notes: of_all(&notes) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.skipped.is_empty() && self.notes.is_empty()
    }
}

/// What is in all of several lists, in the order of the first.
fn of_all<T: PartialEq + Clone>(lists: &[&[T]]) -> Vec<T> {
    match lists {
        [first, others @ ..] if !others.is_empty() => {
            first.iter().filter(|line| others.iter().all(|list| list.contains(line))).cloned().collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_say_is_said_once_but_one_report_says_it_itself() {
        let lists = [["rates are missing", "ends early"], ["column Tags is missing", "rates are missing"]];
        let lists = lists.map(|notes| notes.map(ToOwned::to_owned));
        assert_eq!(Alike::of_notes(&lists, |notes| notes).notes, ["rates are missing"]);
        assert!(Alike::of_notes(&lists[..1], |notes| notes).is_empty());
        assert!(Alike::of_notes(&lists[..0], |notes| notes).is_empty());
    }
}
