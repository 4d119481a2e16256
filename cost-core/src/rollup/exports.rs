//! Whether two exports of the same account and month are there: a cost report beside FOCUS, two versions of FOCUS.
//!
//! Their rows differ, so that fingerprints do not tell. What tells is that both bill the same account for the same month, and are not of one
//! exporter's schema.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::day;
use super::files::{Bill, Claimed};
use crate::focus::{FileStatus, FocusError, Source, SourceFile, TwoExports};

/// Of exports of the same kind but other columns, how much their totals may differ and still be of the same charges, percent. Versions of
/// one export round differently; parts of a bill that happen to have other columns are of other amounts. Chosen.
const ALIKE_PCT: i128 = 1;

/// An account, and year and month.
type AccountMonth = (String, (i32, u32));
/// What each source bills, with the first of its files.
type BySource<'a> = BTreeMap<&'a Source, (Bill, &'a str)>;

/// The first pair of exports of one account and month.
pub(super) fn two_exports(files: &[SourceFile], claims: &[Claimed]) -> Option<FocusError> {
    let read = files.iter().filter(|f| f.status == FileStatus::Read && !f.source.kind.is_empty());
    let sources: BTreeMap<&str, &Source> = read.map(|f| (f.path.as_str(), &f.source)).collect();
    let mut by_month: BTreeMap<AccountMonth, BySource<'_>> = BTreeMap::new();
    for claim in claims {
        let (Some(source), Some(date)) = (sources.get(claim.file.as_str()), day(claim.period)) else { continue };
        let of_month = by_month.entry((bare(&claim.account), (date.year(), date.month()))).or_default();
        of_month.entry(source).or_insert((Bill::none(), &claim.file)).0.add(claim.bill);
    }
    for ((account, (year, month)), of_month) in &by_month {
        let all: Vec<_> = of_month.iter().filter(|(_, (bill, _))| bill.billed != 0).collect();
        for (at, (source, (bill, file))) in all.iter().enumerate() {
            let twin = all[at + 1..].iter().find(|(other, (also, _))| are_twins((source, *bill), (other, *also)));
            if let Some((other, (_, second))) = twin {
                return Some(FocusError::TwoExports(Box::new(TwoExports {
                    first: (*file).to_owned(),
                    first_kind: source.kind.clone(),
                    second: (*second).to_owned(),
                    second_kind: other.kind.clone(),
                    account: account.clone(),
                    month: format!("{year}-{month:02}"),
                })));
            }
        }
    }
    None
}

/// Whether two sources that bill one account for one month are exports of the same charges. Of other days they are none: an exporter that
/// adds a column in the middle of a month.
fn are_twins((source, bill): (&Source, Bill), (other, also): (&Source, Bill)) -> bool {
    if bill.last_day < also.first_day || also.last_day < bill.first_day {
        return false;
    }
    if family(&source.kind) != family(&other.kind) {
        return true;
    }
    let (billed, also) = (bill.billed, also.billed);
    let difference = billed.saturating_sub(also).saturating_abs();
    source.schema != other.schema
        && source.kind == other.kind
        && difference.saturating_mul(100)
            <= billed.saturating_abs().max(also.saturating_abs()).saturating_mul(ALIKE_PCT)
}

/// A kind of bill without its data set: `Azure cost details (actual)` and `(amortized)` are read together.
fn family(kind: &str) -> &str {
    kind.split(" (").next().unwrap_or(kind)
}

/// An account as all exports of a provider have it: the last part of an identifier of Azure's.
fn bare(account: &str) -> String {
    account.trim_end_matches('/').rsplit('/').next().unwrap_or(account).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, kind: &str, schema: usize) -> SourceFile {
        SourceFile {
            path: path.to_owned(),
            status: FileStatus::Read,
            what: kind.to_owned(),
            reason: None,
            line_items: None,
            expected_rows: None,
            source: Source { kind: kind.to_owned(), schema },
        }
    }

    fn claim(file: &str, account: &str, period: i32, billed: i128) -> Claimed {
        let bill = Bill { billed, first_day: period, last_day: period + 29 };
        Claimed { file: file.to_owned(), account: account.to_owned(), period, bill }
    }

    #[test]
    fn a_report_beside_focus_is_found() {
        let files = [file("a", "FOCUS", 0), file("b", "AWS Cost and Usage Report", 1)];
        let both = |billed, period| [claim("a", "1", 20_697, 300), claim("b", "1", period, billed)];
        assert!(two_exports(&files, &both(290, 20_697)).is_some());
        assert!(two_exports(&files, &both(300, 20_728)).is_none(), "another month");
        assert!(
            two_exports(&files, &[claim("a", "1", 20_697, 300), claim("b", "2", 20_697, 300)]).is_none(),
            "another account"
        );
    }

    #[test]
    fn parts_with_other_columns_are_no_second_export() {
        let files = [file("a", "FOCUS", 0), file("b", "FOCUS", 1)];
        let both = |billed| [claim("a", "/x/Billing/A", 20_697, 30_000), claim("b", "a", 20_697, billed)];
        assert!(two_exports(&files, &both(29_999)).is_some(), "two versions of FOCUS");
        assert!(two_exports(&files, &both(1_200)).is_none());
        let mut halves = both(30_000);
        (halves[0].bill.last_day, halves[1].bill.first_day) = (20_710, 20_711);
        assert!(two_exports(&files, &halves).is_none(), "a column added within the month");
    }
}
