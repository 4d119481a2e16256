//! Detection of two exports of the same account and month, such as a cost report next to FOCUS, or
//! two versions of FOCUS.
//!
//! Their rows differ, so fingerprints do not match. Both bill the same account for the same month
//! but have different exporter schemas.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::account::{Account, normal};
use super::files::{Bill, Claimed};
use crate::cells::day;
use crate::focus::{FileStatus, FocusError, Runs, Source, SourceFile, TwoExports};

/// Of exports of the same kind but other columns, how much their totals may differ and still be of
/// the same charges, percent. Versions of one export round differently; parts of a bill that happen
/// to have other columns are of other amounts. Chosen.
const ALIKE_PCT: i128 = 1;

/// An account, and year and month.
type AccountMonth = (String, (i32, u32));
/// What each source bills an account that pays, with the first of its files.
type BySource<'a> = BTreeMap<(&'a Source, Account), (Bill, &'a str)>;

/// Returns the first pair of exports of one account and month.
pub(super) fn two_exports(files: &[SourceFile], claims: &[Claimed]) -> Option<FocusError> {
    let read = files.iter().filter(|f| f.status == FileStatus::Read && !f.source.kind.is_empty());
    let runs = Runs::of(files);
    let sources: BTreeMap<&str, &Source> = read.map(|f| (f.path.as_str(), &f.source)).collect();
    let mut by_month: BTreeMap<AccountMonth, BySource<'_>> = BTreeMap::new();
    for claim in claims {
        let (Some(source), Some(date)) = (sources.get(claim.file.as_str()), day(claim.period))
        else {
            continue;
        };
        let of_month =
            by_month.entry((normal(&claim.account), (date.year(), date.month()))).or_default();
        let of_source = of_month.entry((source, Account::of(&claim.payer)));
        of_source.or_insert((Bill::none(), &claim.file)).0.add(claim.bill);
    }
    for ((account, (year, month)), of_month) in &by_month {
        let all: Vec<_> = of_month
            .iter()
            .filter(|(_, (bill, _))| bill.billed != 0 || bill.effective != 0)
            .collect();
        for (at, ((source, payer), (bill, file))) in all.iter().enumerate() {
            let twin = all[at + 1..].iter().find(|((other, also_paid), (also, second))| {
                payer.may_be(also_paid)
                    && !runs.are_one(file, second)
                    && are_twins((source, *bill), (other, *also))
            });
            if let Some(((other, _), (_, second))) = twin {
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

/// Whether two sources that bill one account for one month are exports of the same charges. Of
/// other days they are none: an exporter that adds a column in the middle of a month.
fn are_twins((source, bill): (&Source, Bill), (other, also): (&Source, Bill)) -> bool {
    if bill.last_day < also.first_day || also.last_day < bill.first_day {
        return false;
    }
    if family(&source.kind) != family(&other.kind) {
        return true;
    }
    let is_alike = |a: i128, b: i128| {
        let difference = a.saturating_sub(b).saturating_abs();
        difference.saturating_mul(100)
            <= a.saturating_abs().max(b.saturating_abs()).saturating_mul(ALIKE_PCT)
    };
    source.schema != other.schema
        && source.kind == other.kind
        && is_alike(bill.billed, also.billed)
        && is_alike(bill.effective, also.effective)
}

/// A kind of bill without its data set: `Azure cost details (actual)` and `(amortized)` are read
/// together.
fn family(kind: &str) -> &str {
    kind.split(" (").next().unwrap_or(kind)
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
            run: None,
        }
    }

    fn claim(file: &str, account: &str, period: i32, billed: i128) -> Claimed {
        let bill = Bill { billed, effective: billed, first_day: period, last_day: period + 29 };
        Claimed {
            file: file.to_owned(),
            account: account.to_owned(),
            payer: "p".to_owned(),
            period,
            bill,
        }
    }

    #[test]
    fn a_report_beside_focus_is_found() {
        let files = [file("a", "FOCUS", 0), file("b", "AWS Cost and Usage Report", 1)];
        let both = |billed, period| [claim("a", "1", 20_697, 300), claim("b", "1", period, billed)];
        assert!(two_exports(&files, &both(290, 20_697)).is_some());
        assert!(two_exports(&files, &both(300, 20_728)).is_none(), "another month");
        assert!(
            two_exports(&files, &[claim("a", "1", 20_697, 300), claim("b", "2", 20_697, 300)])
                .is_none(),
            "another account"
        );
        let mut both = both(290, 20_697);
        both[1].payer = "q".to_owned();
        assert!(two_exports(&files, &both).is_none(), "another payer, of the same form");
        both[1].payer = String::new();
        assert!(two_exports(&files, &both).is_some(), "a report that does not name the payer");
        let arn = claim("b", "arn:aws:iam::000000000001:root", 20_697, 300);
        assert!(
            two_exports(&files, &[claim("a", "1", 20_697, 300), arn]).is_some(),
            "the same account as an ARN"
        );
    }

    #[test]
    fn parts_of_a_pull_are_one_bill() {
        let mut files = [file("a", "FOCUS", 0), file("b", "FOCUS", 1)];
        let both = [claim("a", "1", 20_697, 300), claim("b", "1", 20_697, 300)];
        assert!(two_exports(&files, &both).is_some());
        for file in &mut files {
            file.run = Some("e/billing".to_owned());
        }
        assert!(two_exports(&files, &both).is_none());
    }

    #[test]
    fn parts_with_other_columns_are_no_second_export() {
        let files = [file("a", "FOCUS", 0), file("b", "FOCUS", 1)];
        let both =
            |billed| [claim("a", "/x/Billing/A", 20_697, 30_000), claim("b", "a", 20_697, billed)];
        assert!(two_exports(&files, &both(29_999)).is_some(), "two versions of FOCUS");
        assert!(two_exports(&files, &both(1_200)).is_none());
        let mut halves = both(30_000);
        (halves[0].bill.last_day, halves[1].bill.first_day) = (20_710, 20_711);
        assert!(two_exports(&files, &halves).is_none(), "a column added within the month");
    }
}
