//! Folders below a billing period folder, without manifests: newer versions of one bill, or parts
//! of it that all count.
//!
//! Sources: AWS Data Exports user guide, "Understanding export delivery" (each version in a folder
//! of its own, named by a time and an id); AWS Cost and Usage Reports user guide (`assemblyId`);
//! Microsoft Learn, exports (a folder named by a GUID for each run).

use serde_json::Value;

use super::Kind::Doubled;
use super::rows::{Row, csv, daily, hourly, with};
use super::{Case, Content, Want, case, file, total};

const PERIOD: &str = "20260501-20260601";

/// A folder of the period, with a bill.
fn version(name: &str, rows: &[Row]) -> (String, Content) {
    file(format!("{PERIOD}/{name}/bill.csv"), csv(rows))
}

fn guid(n: u32) -> String {
    format!("0f0f0f0f-0000-4000-8000-00000000000{n}")
}

fn month() -> Vec<Row> {
    daily(40, 1..=31)
}

/// The first days, with more than what comes out.
fn estimated() -> Vec<Row> {
    with(&daily(40, 1..=19), |row| row.cost += 20_000)
}

fn of_account(account: &str) -> Vec<Row> {
    with(&daily(8, 1..=31), |row| account.clone_into(&mut row.account))
}

fn newer() -> Vec<Case> {
    [complete(), incomplete(), with_other_words()].into_iter().flatten().collect()
}

/// The newest has all.
fn complete() -> Vec<Case> {
    let month = month();
    let owners = file(
        format!("{PERIOD}/20260604T010203Z/owners.csv"),
        "resource,owner\nvm-1,ana\nvm-2,ben\n",
    );
    vec![
        // 40 × 31 × 0.25 USD.
        case(
            Doubled,
            "versions: the newest has all accounts and days",
            vec![
                version("20260520T010203Z", &daily(40, 1..=19)),
                version("20260603T010203Z", &month),
            ],
            total("2026-05", "310", "310"),
        ),
        case(
            Doubled,
            "versions: ids do not say which is the newer",
            vec![version(&guid(1), &daily(40, 1..=19)), version(&guid(2), &month)],
            Want::Refused(&[
                "several versions of one billing period",
                "--newest",
                "0f0f0f0f-0000-4000-8000-000000000002",
            ]),
        ),
        case(
            Doubled,
            "versions: the newest has no line items",
            vec![version("20260603T010203Z", &month), version("20260604T010203Z", &[])],
            Want::All(vec![
                total("2026-05", "310", "310"),
                Want::Holds(
                    &["review", "--month", "2026-05"],
                    "the empty one is named",
                    names_the_empty_one,
                ),
            ]),
        ),
        case(
            Doubled,
            "versions: the newest folder has no bill",
            vec![version("20260603T010203Z", &month), owners],
            total("2026-05", "310", "310"),
        ),
        case(
            Doubled,
            "versions: times in two forms",
            vec![
                version("20260520T010203Z", &estimated()),
                version("2026-06-03T00:00:00.000Z-1111", &month),
            ],
            total("2026-05", "310", "310"),
        ),
    ]
}

/// The newest lacks something.
fn incomplete() -> Vec<Case> {
    let month = month();
    let one = of_account("444455556661");
    let both = [one.clone(), of_account("444455556662")].concat();
    let with_fee: Vec<Row> =
        month.iter().cloned().chain([Row { cost: 900_000_000, ..Row::of(99, 1) }]).collect();
    vec![
        case(
            Doubled,
            "versions: the newest ends in the middle of the month",
            vec![
                version("20260603T010203Z", &month),
                version("20260604T010203Z", &daily(40, 1..=15)),
            ],
            Want::Refused(&[
                "20260604T010203Z",
                "20260603T010203Z",
                "48 % of the charges",
                "lacks charges of 2026-05-16",
                "--only",
            ]),
        ),
        case(
            Doubled,
            "versions: the newest lacks an account",
            vec![version("20260603T010203Z", &both), version("20260604T010203Z", &one)],
            Want::Refused(&[
                "20260604T010203Z",
                "20260603T010203Z",
                "50 % of the charges",
                "lacks account 444455556662",
                "--only",
            ]),
        ),
        case(
            Doubled,
            "versions: the newest lacks one costly charge of many",
            vec![version("20260603T010203Z", &with_fee), version("20260604T010203Z", &month)],
            Want::Refused(&[
                "20260604T010203Z",
                "99 % of the charges",
                "check that it is complete",
            ]),
        ),
    ]
}

/// The older one cannot be distinguished from other charges.
fn with_other_words() -> Vec<Case> {
    let renamed = with(&estimated(), |row| "m5.large hours".clone_into(&mut row.meter));
    let without_accounts = with(&estimated(), |row| row.account.clear());
    vec![
        case(
            Doubled,
            "versions: an older version without accounts, with other amounts",
            vec![
                version("20260520T010203Z", &without_accounts),
                version("20260603T010203Z", &month()),
            ],
            Want::Refused(&["20260520T010203Z", "20260603T010203Z", "If both count"]),
        ),
        case(
            Doubled,
            "versions: an older version with meters of other names, and other amounts",
            vec![version("20260520T010203Z", &renamed), version("20260603T010203Z", &month())],
            Want::Refused(&["20260520T010203Z", "20260603T010203Z", "If both count"]),
        ),
    ]
}

fn parts() -> Vec<Case> {
    [parts_of_time(), parts_of_accounts()].into_iter().flatten().collect()
}

fn parts_of_time() -> Vec<Case> {
    let quarter = |(day, part): (u32, u32)| {
        let rows: Vec<Row> = hourly(4, day..=day)
            .into_iter()
            .filter(|r| r.hour.is_some_and(|h| h / 6 == part))
            .collect();
        version(&format!("202605{day:02}T{:02}0000Z", part * 6), &rows)
    };
    vec![
        case(
            Doubled,
            "versions: folders named by times, each of a day",
            (1..=31)
                .map(|day| version(&format!("202605{day:02}T000000Z"), &daily(40, day..=day)))
                .collect(),
            total("2026-05", "310", "310"),
        ),
        case(
            Doubled,
            "versions: four folders a day, each of six hours",
            (1..=31).flat_map(|day| (0..4).map(move |part| (day, part))).map(quarter).collect(),
            // 4 × 31 × 24 × 0.01 USD.
            total("2026-05", "29.76", "29.76"),
        ),
    ]
}

fn parts_of_accounts() -> Vec<Case> {
    let (one, two) = (of_account("444455556661"), of_account("444455556662"));
    let of_service = |name: &str| {
        with(&daily(8, 1..=31), |row| {
            name.clone_into(&mut row.service);
            row.resource = format!("{name}-{}", row.resource);
        })
    };
    let torn = file(
        format!("{PERIOD}/20260601T010203Z/bill.csv"),
        csv(&one).replacen("\"2026-05-02", "\"x\n\"2026-05-02", 1),
    );
    vec![
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
            "versions: folders named by times, each of a service",
            vec![
                version("20260603T010203Z", &of_service("Compute")),
                version("20260604T010203Z", &of_service("Storage")),
            ],
            total("2026-05", "124", "124"),
        ),
        case(
            Doubled,
            "versions: a part that cannot be read is no older version",
            vec![version("20260603T010203Z", &one), version("20260602T010203Z", &two), torn],
            Want::Refused(&["20260601T010203Z/bill.csv", "billing period", "move it away"]),
        ),
    ]
}

fn names_the_empty_one(review: &Value) -> bool {
    let files = &review["data_quality"]["empty_files"];
    files.as_array().is_some_and(|all| {
        all.len() == 1 && all[0].as_str().is_some_and(|f| f.contains("20260604T010203Z"))
    })
}

pub(super) fn cases() -> Vec<Case> {
    newer().into_iter().chain(parts()).collect()
}

#[test]
fn versions_are_distinguished_from_parts_by_their_charges() {
    super::hold(&cases());
}
