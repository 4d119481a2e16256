//! Folders below that of a billing period, without manifests: newer versions of one bill, or parts of it that all count.
//!
//! Sources: AWS Data Exports user guide, "Understanding export delivery" (each version in a folder of its own, named by a time and an id);
//! AWS Cost and Usage Reports user guide (`assemblyId`); Microsoft Learn, exports (a folder named by a GUID for each run).

use super::Kind::Doubled;
use super::rows::{Row, csv, daily, with};
use super::{Case, Content, Want, case, file, total};

const PERIOD: &str = "20260501-20260601";

/// A folder of the period, with a bill.
fn version(name: &str, rows: &[Row]) -> (String, Content) {
    file(format!("{PERIOD}/{name}/bill.csv"), csv(rows))
}

fn guid(n: u32) -> String {
    format!("0f0f0f0f-0000-4000-8000-00000000000{n}")
}

pub(super) fn cases() -> Vec<Case> {
    let month = daily(40, 1..=31);
    let of_account = |account: &str| with(&daily(8, 1..=31), |row| account.clone_into(&mut row.account));
    let (one, two) = (of_account("444455556661"), of_account("444455556662"));
    let both = [one.clone(), two.clone()].concat();
    vec![
        // 40 × 31 × 0.25 USD.
        case(
            Doubled,
            "versions: the newest has all accounts and days",
            vec![version("20260520T010203Z", &daily(40, 1..=19)), version("20260603T010203Z", &month)],
            total("2026-05", "310", "310"),
        ),
        case(
            Doubled,
            "versions: folders named by times, each of a day",
            (1..=31).map(|day| version(&format!("202605{day:02}T000000Z"), &daily(40, day..=day))).collect(),
            total("2026-05", "310", "310"),
        ),
        // 2 × 8 × 31 × 0.25 USD.
        case(
            Doubled,
            "versions: folders named by the ids of subscriptions",
            vec![version(&guid(1), &one), version(&guid(2), &two)],
            total("2026-05", "124", "124"),
        ),
        case(
            Doubled,
            "versions: folders named by the ids of subscriptions, with --newest",
            vec![version(&guid(1), &one), version(&guid(2), &two)],
            Want::Total(&["review", "--month", "2026-05", "--newest"], "124", "124"),
        ),
        case(
            Doubled,
            "versions: ids do not say which is the newer",
            vec![version(&guid(1), &daily(40, 1..=19)), version(&guid(2), &month)],
            Want::Refused(&["versions of the same billing period", "--newest", "0f0f0f0f-0000-4000-8000-000000000002"]),
        ),
        case(
            Doubled,
            "versions: the newest ends in the middle of the month",
            vec![version("20260603T010203Z", &month), version("20260604T010203Z", &daily(40, 1..=15))],
            Want::Refused(&["20260604T010203Z", "lacks charges of 2026-05-16", "--only"]),
        ),
        case(
            Doubled,
            "versions: the newest lacks an account",
            vec![version("20260603T010203Z", &both), version("20260604T010203Z", &one)],
            Want::Refused(&["20260604T010203Z", "lacks account 444455556662", "--only"]),
        ),
        case(
            Doubled,
            "versions: the newest has no line items",
            vec![version("20260603T010203Z", &month), version("20260604T010203Z", &[])],
            Want::All(vec![total("2026-05", "310", "310"), Want::Said(&["20260604T010203Z", "no line items"])]),
        ),
    ]
}

#[test]
fn versions_are_told_from_parts_by_their_accounts_and_days() {
    super::hold(&cases());
}
