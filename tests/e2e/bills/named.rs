//! The file named in an error about one of several files, and comparison of files with blank cells.
//!
//! Sources: AWS Data Exports user guide, and Google Cloud Billing (one export of a month is many
//! files of the same columns); pandas, "Working with missing data" (`NaT` is what it writes for an
//! instant that is not there).

use super::Kind::{Content as InFile, Doubled, Optional};
use super::make::{Sheet, daily, report_daily};
use super::{Case, Content, Want, case, file, hold, total};

/// Files of the same columns, `a.csv` first.
fn files(all: [String; 3]) -> Vec<(String, Content)> {
    ["a.csv", "b.csv", "c.csv"].into_iter().zip(all).map(|(name, text)| file(name, text)).collect()
}

/// Days of a cost report: a file each for some of them.
fn reports() -> [String; 3] {
    [1..=10, 11..=20, 21..=31].map(|days| report_daily("2026-05", days, "3.25").csv())
}

/// With a cell too many in a row of the second file.
fn torn([a, b, c]: [String; 3]) -> [String; 3] {
    let line = |(at, line): (usize, &str)| {
        if at == 5 { format!("{line},spare\n") } else { format!("{line}\n") }
    };
    [a, b.lines().enumerate().map(line).collect(), c]
}

/// Days of Google's billing export, of which those of the second file have these credits on the
/// third day.
fn exports(credits: &str) -> [String; 3] {
    let header = "billing_account_id,service.description,sku.id,sku.description,usage_start_time,usage_end_time,project.id,location.region,\
                  cost,currency,usage.amount,usage.unit,invoice.month,cost_type,credits\n";
    let row = |day: u32| {
        let credits = if day == 13 { credits } else { "[]" };
        format!(
            "0A0A0A-0B0B0B-0C0C0C,Compute Engine,CF4E-A0C7-E3BF,E2 core running in Zurich,2026-05-{day:02} 08:00:00 UTC,2026-05-{day:02} 09:00:00 UTC,\
             harbor-ferry,europe-west6,3.25,USD,1,hour,202605,regular,{credits}\n"
        )
    };
    [1..=10, 11..=20, 21..=31].map(|days| header.to_owned() + &days.map(row).collect::<String>())
}

/// A month of charges without ends, in a zone.
fn endless(zone: &str) -> Sheet {
    daily("2026-05", 1..=31, "3.25").set("ChargePeriodEnd", "NaT").set("x_Zone", zone)
}

fn zones(first: &str, second: &str) -> Vec<(String, Content)> {
    vec![file("a.csv", endless(first).csv()), file("b.csv", endless(second).csv())]
}

fn unreadable() -> Vec<Case> {
    vec![
        case(
            InFile,
            "named: the cost report of several that has a torn row",
            files(torn(reports())),
            Want::Refused(&["b.csv: row 5 has 25 cells, the header 24"]),
        ),
        case(
            InFile,
            "named: Google's export of several whose credits are none",
            files(exports("free")),
            Want::Refused(&["b.csv: column credits: `free` is not a list of credits"]),
        ),
        case(
            InFile,
            "named: none, where all are whole",
            files(exports("[]")),
            total("2026-05", "100.75", "100.75"),
        ),
    ]
}

fn compared() -> Vec<Case> {
    vec![
        // 2 × 31 × 3.25: they differ in a column that no figure rests on.
        case(
            Optional,
            "alike charges of two zones, with a word for no end",
            zones("north", "south"),
            total("2026-05", "201.5", "201.5"),
        ),
        case(
            Doubled,
            "the same charges of one zone in another order, with a word for no end",
            vec![
                file("a.csv", endless("north").csv()),
                file("b.csv", endless("north").reversed().csv()),
            ],
            Want::Refused(&["a.csv", "b.csv", "contain the same charges"]),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [unreadable(), compared()].into_iter().flatten().collect()
}

#[test]
fn the_file_that_cannot_be_read_is_named() {
    hold(&unreadable());
}

#[test]
fn cells_that_say_nothing_do_not_decide_what_is_the_same() {
    hold(&compared());
}
