//! Two runs of an export, of realistic length, in each way they can be stored together: an error
//! that names both.
//!
//! Sources: AWS Data Exports user guide ("a billing period's data is updated at least once a day",
//! restated until it is final; cost allocation tags are backfilled); Microsoft Learn, exports (a
//! month-to-date export a day); Google Cloud Billing, "partial data".

use super::Kind::Doubled;
use super::make::{Sheet, report_daily};
use super::rows::{Row, csv, csv_as, daily, hourly, shard, with};
use super::{Case, Content, Want, case, file, hold, total};

const SAME: &str = "contain the same charges";
const OTHER_AMOUNTS: &str = "with different amounts";

/// Refused, with both names.
fn twice(words: &'static [&'static str]) -> Want {
    Want::Refused(words)
}

/// Two files.
fn two(first: (&str, &[Row]), second: (&str, &[Row])) -> Vec<(String, Content)> {
    vec![file(first.0, csv(first.1)), file(second.0, csv(second.1))]
}

/// Estimated amounts: 5 % more than what comes out.
fn estimated(rows: &[Row]) -> Vec<Row> {
    with(rows, |row| row.cost += row.cost / 20)
}

fn early() -> Vec<Case> {
    let month = daily(40, 1..=31);
    let hours = hourly(4, 1..=31);
    vec![
        case(
            Doubled,
            "runs: the first day's one charge beside the month",
            two(("on-01.csv", &daily(1, 1..=1)), ("on-31.csv", &daily(1, 1..=31))),
            twice(&["on-01.csv", "on-31.csv", SAME]),
        ),
        case(
            Doubled,
            "runs: the first hour's four charges beside the month",
            two(("on-01.csv", &hours[..4]), ("on-31.csv", &hours)),
            twice(&["on-01.csv", "on-31.csv", SAME]),
        ),
        case(
            Doubled,
            "runs: two of the first day's charges in a folder, the month in another",
            two(("run-1/bill.csv", &month[..2]), ("run-2/bill.csv", &month)),
            twice(&["run-1", "run-2", SAME]),
        ),
        case(
            Doubled,
            "runs: the last seven days, twice a week",
            two(("a.csv", &daily(40, 4..=10)), ("b.csv", &daily(40, 8..=14))),
            twice(&["a.csv", "b.csv", SAME]),
        ),
    ]
}

fn restated() -> Vec<Case> {
    [with_other_amounts(), with_other_columns()].into_iter().flatten().collect()
}

fn with_other_amounts() -> Vec<Case> {
    let month = daily(40, 1..=31);
    let priced = |price: &str| {
        with(&month, |row| {
            row.description = format!("${price} per hour of m5.large");
            row.cost -= 10_000;
        })
    };
    vec![
        case(
            Doubled,
            "runs: every amount restated",
            two(("estimated.csv", &estimated(&month)), ("final.csv", &month)),
            twice(&["estimated.csv", "final.csv", SAME, OTHER_AMOUNTS]),
        ),
        case(
            Doubled,
            "runs: until the 20th with estimated amounts, and the whole month",
            two(("until-20.csv", &estimated(&daily(40, 1..=20))), ("may.csv", &month)),
            twice(&["until-20.csv", "may.csv", SAME, OTHER_AMOUNTS]),
        ),
        case(
            Doubled,
            "runs: another price, which is in the descriptions too",
            two(("old.csv", &month), ("new.csv", &priced("0.0099"))),
            twice(&["old.csv", "new.csv", SAME, OTHER_AMOUNTS]),
        ),
        // 40 × 31 × 0.25 USD; the newer file is written last.
        case(
            Doubled,
            "runs: of a restated run the newest, if asked for",
            two(("a-final-1.csv", &estimated(&month)), ("b-final-2.csv", &month)),
            Want::Total(&["review", "--month", "2026-05", "--newest"], "310", "310"),
        ),
    ]
}

fn with_other_columns() -> Vec<Case> {
    let month = daily(40, 1..=31);
    let committed = with(&estimated(&month), |row| row.pricing = "Committed");
    let tagged =
        with(&month, |row| r#"{"team":"ferry","app":"tickets"}"#.clone_into(&mut row.tags));
    let of_10 =
        csv_as(&estimated(&month), |n| (n != "SkuMeter").then(|| n.to_owned()), &[("SkuId", "m5")]);
    let of_12 = csv_as(
        &month,
        |n| Some(n.to_owned()),
        &[("SkuId", "m5"), ("InvoiceId", "7"), ("BillingAccountType", "x")],
    );
    vec![
        case(
            Doubled,
            "runs: usage that a plan covers in the later one",
            two(("old.csv", &month), ("new.csv", &committed)),
            twice(&["old.csv", "new.csv", SAME, OTHER_AMOUNTS]),
        ),
        case(
            Doubled,
            "runs: tags filled in later",
            two(("old.csv", &daily(40, 1..=20)), ("new.csv", &tagged)),
            twice(&["old.csv", "new.csv", SAME]),
        ),
        case(
            Doubled,
            "runs: FOCUS 1.0 with estimated amounts beside FOCUS 1.2",
            vec![file("v1.0.csv", of_10), file("v1.2.csv", of_12)],
            twice(&["v1.0.csv", "v1.2.csv", "same charges"]),
        ),
    ]
}

fn cut_otherwise() -> Vec<Case> {
    let month = daily(40, 1..=31);
    let cut = |folder: &str, rows: &[Row], shards: u64| -> Vec<(String, Content)> {
        (0..shards)
            .map(|n| {
                file(format!("{folder}part-{n}-of-{shards}.csv"), csv(&shard(rows, shards, n)))
            })
            .collect()
    };
    let leftover = file("part-2-of-3.csv", csv(&shard(&month, 3, 2)));
    vec![
        case(
            Doubled,
            "runs: two folders, cut into files otherwise, restated",
            cut("run-1/", &estimated(&month), 3)
                .into_iter()
                .chain(cut("run-2/", &month, 4))
                .collect(),
            twice(&["run-1/part-0-of-3.csv", "run-2/part-0-of-4.csv", SAME, OTHER_AMOUNTS]),
        ),
        case(
            Doubled,
            "runs: one file of an older run among the files of the newer",
            cut("", &month, 4).into_iter().chain([leftover]).collect(),
            twice(&["part-2-of-3.csv", "part-0-of-4.csv", SAME]),
        ),
        case(
            Doubled,
            "runs: all files of an older run among those of the newer",
            cut("", &month, 3).into_iter().chain(cut("", &month, 4)).collect(),
            twice(&["of-3.csv", "of-4.csv", SAME]),
        ),
    ]
}

fn other_exports() -> Vec<Case> {
    let hours = hourly(10, 1..=31);
    let days = with(&daily(10, 1..=31), |row| row.cost = 240_000);
    let month = daily(40, 1..=31);
    let paid_by = |payer: &str| with(&month, |row| payer.clone_into(&mut row.payer));
    let profile = "/providers/Microsoft.Billing/billingAccounts/a1:b2_2019-05-31/billingProfiles/ABCD-EFGH-BG7-PGB";
    let focus = with(&daily(1, 1..=31), |row| "444455556666".clone_into(&mut row.account));
    let report: Sheet = report_daily("2026-05", 1..=31, "0.27");
    vec![
        case(
            Doubled,
            "runs: by the hour beside by the day",
            two(("daily.csv", &days), ("hourly.csv", &hours)),
            twice(&["daily.csv", "hourly.csv", SAME, "one by day and one by hour"]),
        ),
        case(
            Doubled,
            "runs: the payer's digits in groups",
            two(("a.csv", &month), ("b.csv", &estimated(&paid_by("1111-2222-3333")))),
            twice(&["a.csv", "b.csv", SAME]),
        ),
        case(
            Doubled,
            "runs: the payer as an ARN",
            two(("a.csv", &month), ("b.csv", &paid_by("arn:aws:iam::111122223333:root"))),
            twice(&["a.csv", "b.csv", SAME]),
        ),
        case(
            Doubled,
            "runs: a billing profile in one export, its billing account in the other",
            two(("profile.csv", &paid_by(profile)), ("account.csv", &paid_by("a1:b2_2019-05-31"))),
            twice(&["profile.csv", "account.csv", SAME]),
        ),
        // 31 × 0.27 against 31 × 0.25: 8 % more.
        case(
            Doubled,
            "runs: a cost report beside FOCUS that costs 8 % less",
            vec![file("cur/may.csv", report.csv()), file("focus/may.csv", csv(&focus))],
            twice(&["cur/may.csv", "focus/may.csv", "444455556666"]),
        ),
    ]
}

fn in_one_file() -> Vec<Case> {
    let month = daily(40, 1..=31);
    let doubled = [month.clone(), month.clone()].concat();
    let with_header = csv(&month) + &csv(&month);
    vec![
        // 2 × 40 × 31 × 0.25 USD.
        case(
            Doubled,
            "runs: a file and its copy in one",
            vec![file("may.csv", csv(&doubled))],
            Want::All(vec![
                total("2026-05", "620", "620"),
                Want::Said(&["may.csv", "its first 1,240 charges repeat in the same order"]),
            ]),
        ),
        // The header's second line is passed over: files are put one after the other so.
        case(
            Doubled,
            "runs: a file and its copy in one, with the header",
            vec![file("may.csv", with_header)],
            Want::All(vec![
                total("2026-05", "620", "620"),
                Want::Said(&["may.csv", "its first 1,240 charges repeat in the same order"]),
            ]),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [early(), restated(), cut_otherwise(), other_exports(), in_one_file()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn runs_of_one_export_are_refused() {
    hold(&cases());
}
