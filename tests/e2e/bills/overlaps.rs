//! Files with some common charges, or with all of them under other names, and similar cases without
//! duplicates.
//!
//! Sources: AWS Data Exports user guide and Microsoft Learn, exports (runs of the last days, each a
//! file); Google Cloud Billing, `export_time` (late charges); Microsoft Support, "Display numbers
//! in scientific notation", and pandas, "Working with missing data" (what a spreadsheet, and a
//! column of floats, make of an account's number); FOCUS 1.2, `ProviderName` and `ServiceName`,
//! which each exporter spells in its own way.

use super::Kind::{Doubled, Identifiers};
use super::rows::{Row, csv, daily, hourly, with};
use super::{Case, Content, Want, case, file, hold, total};

const SAME: &str = "contain the same charges";
const OTHER_NAMES: &str = "under different names";

/// Charges that cost something else for each machine on each day.
fn used(rows: &[Row]) -> Vec<Row> {
    with(rows, |row| {
        let machine: i64 = row.resource.trim_start_matches("vm-").parse().expect("a number");
        row.cost = 50_000
            + 10_000 * machine
            + 100 * i64::from(row.day)
            + 37 * i64::from(row.day) * (machine + 1);
    })
}

fn two(first: &str, second: &str) -> Vec<(String, Content)> {
    vec![file("a.csv", first), file("b.csv", second)]
}

fn twice(
    name: &'static str,
    first: &[Row],
    second: &[Row],
    words: &'static [&'static str],
) -> Case {
    case(Doubled, name, two(&csv(first), &csv(second)), Want::Refused(words))
}

/// All of it counts, without a warning.
fn counts(name: &'static str, files: Vec<(String, Content)>, amount: &'static str) -> Case {
    case(Doubled, name, files, total("2026-05", amount, amount))
}

fn a_few_days() -> Vec<Case> {
    let first = daily(20, 1..=15);
    let hours = hourly(5, 1..=2);
    let restated = with(&daily(20, 13..=31), |row| row.cost += 5_000);
    let week = |from: u32| file(format!("week-{from:02}.csv"), csv(&daily(20, from..=from + 7)));
    vec![
        twice("overlap: one day of 15", &first, &daily(20, 15..=31), &["a.csv", "b.csv", SAME]),
        twice("overlap: three days of 15", &first, &daily(20, 13..=31), &["a.csv", "b.csv", SAME]),
        twice(
            "overlap: three days of 15, restated",
            &first,
            &restated,
            &["a.csv", "b.csv", SAME, "with different amounts"],
        ),
        twice(
            "overlap: two days of 15 of 400 machines",
            &daily(400, 1..=15),
            &daily(400, 14..=31),
            &["a.csv", "b.csv", SAME],
        ),
        twice("overlap: an hour of a day", &hours[..120], &hours[115..], &["a.csv", "b.csv", SAME]),
        case(
            Doubled,
            "overlap: weeks that begin on the last day of the one before",
            [1, 8, 15, 22].into_iter().map(week).collect(),
            Want::Refused(&["week-01.csv", "week-08.csv", SAME]),
        ),
    ]
}

fn neighbors_of_a_few_days() -> Vec<Case> {
    let month = daily(20, 1..=31);
    let fee = |n: i64| Row {
        cost: n * 1_000_000,
        description: format!("fee {n}"),
        ..Row::of(0, 1).bare()
    };
    let fees = |count: i64| (1..=count).map(fee).collect::<Vec<_>>();
    let half = |days, fees: Vec<Row>| csv(&[daily(20, days), fees].concat());
    let flat = with(&hourly(20, 1..=2), |row| *row = row.clone().bare());
    let requests = with(&month, |row| {
        if row.resource.len() == 4 {
            *row = Row { cost: 50_000, ..row.clone().bare() };
        }
    });
    let (with_resource, without): (Vec<Row>, Vec<Row>) =
        requests.into_iter().partition(|row| !row.resource.is_empty());
    vec![
        // 20 × 31 × 0.25.
        counts(
            "overlap: neighbor: cut within a day",
            two(&csv(&month[..310]), &csv(&month[310..])),
            "155",
        ),
        // And 2 × (1 + 2): the same two fees of the month in both halves may be two each.
        counts(
            "overlap: neighbor: two fees alike in both halves",
            two(&half(1..=15, fees(2)), &half(16..=31, fees(2))),
            "161",
        ),
        // 20 × 48 × 0.01.
        counts(
            "overlap: neighbor: charges alike without resources, cut within an hour",
            two(&csv(&flat[..490]), &csv(&flat[490..])),
            "9.6",
        ),
        // 10 × 31 × 0.25 and 10 × 31 × 0.05.
        counts(
            "overlap: neighbor: requests in one file, machines in the other",
            two(&csv(&with_resource), &csv(&without)),
            "93",
        ),
        // Midnight to noon, and noon to midnight: 5 × 31 × 24 × 0.01.
        counts(
            "overlap: neighbor: mornings and afternoons",
            {
                let of = |morning: bool| {
                    let all = hourly(5, 1..=31);
                    all.into_iter()
                        .filter(|row| row.hour.is_some_and(|h| (h < 12) == morning))
                        .collect::<Vec<_>>()
                };
                two(&csv(&of(true)), &csv(&of(false)))
            },
            "37.2",
        ),
    ]
}

fn spelled_otherwise() -> Vec<Case> {
    let month = daily(20, 1..=31);
    let text = csv(&month);
    let left: Vec<Row> = month.iter().step_by(7).cloned().collect();
    let left = csv(&left);
    let list_price = |cost: &str| {
        // The third column is ListCost.
        let line = |l: &str| {
            let cells: Vec<&str> = l.splitn(4, ',').collect();
            match cells.as_slice() {
                [billed, effective, "\"0.250000\"", rest] => {
                    format!("{billed},{effective},{cost},{rest}\n")
                }
                _ => format!("{l}\n"),
            }
        };
        left.lines().map(line).collect::<String>()
    };
    let no_zone = left.replace("T00:00:00Z", " 00:00:00");
    let account =
        |from: &dyn Fn(&str) -> String| csv(&with(&month, |row| row.account = from(&row.account)));
    let copy = |name: &'static str, other: String| {
        case(
            Doubled,
            name,
            two(&text, &other),
            Want::Refused(&["a.csv", "b.csv", SAME, "(all of the charges in the first)"]),
        )
    };
    let cut = account(&|_| "4.44456E+11".to_owned());
    let lost = Want::Refused(&["row 1", "SubAccountId", "4.44456E+11", "spreadsheet"]);
    let equal = |name: &'static str, other: String| {
        let refused =
            Want::Refused(&["a.csv", "b.csv", "2026-05, billing account 111122223333 (all"]);
        case(Doubled, name, two(&text, &other), refused)
    };
    vec![
        copy("spelled: a left-over file with another 0", list_price("0.2500000")),
        copy("spelled: a left-over file with exponents", list_price("2.5E-1")),
        copy("spelled: a left-over file with times without a zone", no_zone),
        equal(
            "spelled: a copy with times without a zone has no other amounts",
            text.replace("T00:00:00Z", ""),
        ),
        equal(
            "spelled: a copy with other zeros has no other amounts",
            text.replace("0.250000", "0.25"),
        ),
        copy("spelled: accounts as floats", account(&|a| format!("{a}.0"))),
        copy("spelled: accounts with an apostrophe", account(&|a| format!("'{a}"))),
        copy("spelled: accounts with their name", account(&|a| format!("prod ({a})"))),
        case(
            Identifiers,
            "spelled: accounts of which a spreadsheet has cut digits",
            vec![file("a.csv", cut)],
            lost,
        ),
    ]
}

fn renamed() -> Vec<Case> {
    let month = used(&daily(20, 1..=31));
    let text = csv(&month);
    let as_ = |change: &dyn Fn(&mut Row)| csv(&with(&month, change));
    let copy = |name: &'static str, other: String| {
        case(
            Doubled,
            name,
            two(&text, &other),
            Want::Refused(&["a.csv", "b.csv", SAME, OTHER_NAMES, "--only", "--newest"]),
        )
    };
    let one_account: Vec<Row> =
        month.iter().filter(|row| row.account == "444455556603").cloned().collect();
    let own = csv(&with(&one_account, |row| row.payer.clone_from(&row.account)));
    vec![
        copy("renamed: the provider", text.replace("Harbor Cloud", "Harbor Cloud, Inc.")),
        copy("renamed: the service", as_(&|row| "Compute Engine".clone_into(&mut row.service))),
        copy(
            "renamed: resources in capitals",
            as_(&|row| row.resource = row.resource.to_uppercase()),
        ),
        copy(
            "renamed: resources as ARNs",
            as_(&|row| row.resource = format!("arn:x:vm:north:1:{}", row.resource)),
        ),
        copy("renamed: without accounts", as_(&|row| row.account.clear())),
        copy("renamed: another payer", as_(&|row| "999988887777".clone_into(&mut row.payer))),
        copy("renamed: days that begin seven hours later", text.replace("T00:", "T07:")),
        copy("renamed: an account's own export beside the payer's", own),
    ]
}

fn neighbors_of_renamed() -> Vec<Case> {
    let month = daily(20, 1..=31);
    // Forty prices, each the same on every day.
    let fixed = |days| {
        with(&daily(40, days), |row| {
            row.cost = 10_000 * (1 + row.resource[3..].parse::<i64>().expect("a number"));
        })
    };
    let other_region = |rows: &[Row]| {
        with(rows, |row| {
            "south".clone_into(&mut row.region);
            row.resource = format!("south-{}", row.resource);
        })
    };
    let other_account =
        |rows: &[Row]| with(rows, |row| row.account = row.account.replace("4444", "7777"));
    let used = used(&month);
    let day = |d: u32| file(format!("{d:02}.csv"), csv(&fixed(d..=d)));
    let service = with(&used, |row| "Storage".clone_into(&mut row.service));
    let both = |a: &[Row], b: &[Row]| two(&csv(a), &csv(b));
    // Σ of used(), in millionths: 31 × (20 × 50,000 + 10,000 × 190) + 100 × 20 × 496 + 37 × 496 ×
    // 210 = 94,745,920; twice that.
    let twice = "189.49184";
    vec![
        // 31 × 0.01 × (1 + … + 40) = 254.2; twice that.
        counts(
            "renamed: neighbor: fixed prices in two regions",
            both(&fixed(1..=31), &other_region(&fixed(1..=31))),
            "508.4",
        ),
        counts(
            "renamed: neighbor: fixed prices in two accounts",
            both(&fixed(1..=31), &other_account(&fixed(1..=31))),
            "508.4",
        ),
        counts(
            "renamed: neighbor: fixed prices in two regions, of one day",
            both(&fixed(7..=7), &other_region(&fixed(7..=7))),
            "16.4",
        ),
        counts(
            "renamed: neighbor: fixed prices, a file a day",
            (1..=31).map(day).collect(),
            "254.2",
        ),
        counts(
            "renamed: neighbor: accounts that cost the same",
            both(&used, &other_account(&used)),
            twice,
        ),
        counts("renamed: neighbor: services that cost the same", both(&used, &service), twice),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [
        a_few_days(),
        neighbors_of_a_few_days(),
        spelled_otherwise(),
        renamed(),
        neighbors_of_renamed(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn a_few_days_in_two_files_are_found() {
    hold(&a_few_days());
    hold(&neighbors_of_a_few_days());
}

#[test]
fn spellings_do_not_hide_what_is_the_same() {
    hold(&spelled_otherwise());
}

#[test]
fn names_do_not_hide_what_is_the_same() {
    hold(&renamed());
    hold(&neighbors_of_renamed());
}
