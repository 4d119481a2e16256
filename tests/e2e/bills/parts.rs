//! Files of realistic length that look like two runs of an export but are parts of one: everything
//! counts, without a note.

use super::Kind::Doubled;
use super::rows::{Row, csv, csv_as, daily, hourly, shard, with};
use super::{Case, Content, Want, case, file, hold, total};

/// All of it counts, without a warning.
fn counts(dollars: &'static str) -> Want {
    Want::All(vec![
        total("2026-05", dollars, dollars),
        Want::NotSaid(&["twice|same charges|repeat in the same order"]),
    ])
}

fn files<'a>(all: impl IntoIterator<Item = (&'a str, Vec<Row>)>) -> Vec<(String, Content)> {
    all.into_iter().map(|(name, rows)| file(name, csv(&rows))).collect()
}

fn shards(rows: &[Row], shards: u64) -> Vec<(String, Content)> {
    (0..shards).map(|n| file(format!("part-{n:05}.csv"), csv(&shard(rows, shards, n)))).collect()
}

/// A charge that is the same wherever it is.
fn tax() -> Row {
    let row = Row::of(0, 1).bare();
    Row { category: "Tax", cost: 10_000, description: "VAT".to_owned(), ..row }
}

fn cut() -> Vec<Case> {
    let month = daily(40, 1..=31);
    let labels: Vec<Row> = (0..4)
        .flat_map(|n| {
            with(&daily(5, 1..=31), move |row| {
                let cost = 10_000 * (n + 1) + i64::from(row.day);
                *row = Row { cost, tags: format!(r#"{{"app":"{n}"}}"#), ..row.clone().bare() };
            })
        })
        .collect();
    let mut fees = month[..500].to_vec();
    fees.extend([tax(), tax(), tax()]);
    let request = Row { cost: 50_000, description: "requests".to_owned(), ..Row::of(0, 1).bare() };
    let mut requests = month[..450].to_vec();
    requests.extend(std::iter::repeat_n(request, 550));
    let day = |d: u32| file(format!("day-{d:02}.csv"), csv(&daily(40, d..=d)));
    let hours = hourly(30, 7..=7);
    let hour = |h: usize| file(format!("hour-{h:02}.csv"), csv(&hours[h * 30..(h + 1) * 30]));
    vec![
        // 40 × 31 × 0.25.
        case(Doubled, "parts: eight files by no rule", shards(&month, 8), counts("310")),
        // 5 × 31 × (0.01 + 0.02 + 0.03 + 0.04), and 5 × 4 × (1 + … + 31) millionths.
        case(
            Doubled,
            "parts: keys of four rows, over two files",
            shards(&labels, 2),
            counts("15.50992"),
        ),
        case(
            Doubled,
            "parts: keys of four rows, over five files",
            shards(&labels, 5),
            counts("15.50992"),
        ),
        // 500 × 0.25 + 3 × 0.01 + 3 × 0.01.
        case(
            Doubled,
            "parts: three taxes in one file, and the same three alone in the last",
            files([("part-0.csv", fees), ("part-1.csv", vec![tax(), tax(), tax()])]),
            counts("125.06"),
        ),
        // 450 × 0.25 + 550 × 0.05.
        case(
            Doubled,
            "parts: over half of the charges alike, over 20 files",
            shards(&requests, 20),
            counts("140"),
        ),
        case(Doubled, "parts: a file a day", (1..=31).map(day).collect(), counts("310")),
        // 24 × 30 × 0.01.
        case(Doubled, "parts: a file an hour", (0..24).map(hour).collect(), counts("7.2")),
    ]
}

fn by_content() -> Vec<Case> {
    [by_owner(), by_kind()].into_iter().flatten().collect()
}

/// A charge a day, without a resource.
fn bare() -> Vec<Row> {
    with(&daily(1, 1..=31), |row| *row = row.clone().bare())
}

fn by_owner() -> Vec<Case> {
    let bare = bare();
    let per = |change: &dyn Fn(&mut Row, usize)| -> Vec<(String, Content)> {
        (0..6).map(|n| file(format!("{n}.csv"), csv(&with(&bare, |row| change(row, n))))).collect()
    };
    vec![
        // 6 × 31 × 0.25.
        case(
            Doubled,
            "parts: a file a service",
            per(&|row, n| row.service = format!("service {n}")),
            counts("46.5"),
        ),
        case(
            Doubled,
            "parts: a file a region, without resources",
            per(&|row, n| row.region = format!("r-{n}")),
            counts("46.5"),
        ),
        case(
            Doubled,
            "parts: a file a team, without resources",
            per(&|row, n| row.tags = format!(r#"{{"team":"{n}"}}"#)),
            counts("46.5"),
        ),
        case(
            Doubled,
            "parts: a file a payer, of one price",
            per(&|row, n| row.payer = format!("11112222333{n}")),
            counts("46.5"),
        ),
    ]
}

fn by_kind() -> Vec<Case> {
    let month = daily(40, 1..=31);
    let storage = with(&daily(10, 1..=31), |row| {
        row.resource = format!("disk-{}", row.resource);
        "EBS:VolumeUsage.gp3".clone_into(&mut row.meter);
    });
    let credits = with(&month, |row| {
        row.category = "Credit";
        row.cost = -100_000;
    });
    let corrections = with(&daily(40, 1..=10), |row| {
        row.class = "Correction";
        row.cost = -50_000;
    });
    let seats = with(&hourly(1, 1..=31), |row| *row = row.clone().bare());
    let licenses = with(&bare(), |row| row.cost = 5_000_000);
    let wider: Vec<(String, Content)> = (1..=31)
        .map(|d| {
            let more: &[(&str, &str)] = if d > 15 { &[("x_New", "1")] } else { &[] };
            file(
                format!("{d:02}.csv"),
                csv_as(&daily(40, d..=d), |name| Some(name.to_owned()), more),
            )
        })
        .collect();
    vec![
        // 10 × 31 × 24 × 0.01 + 10 × 31 × 0.25.
        case(
            Doubled,
            "parts: compute by the hour, storage by the day",
            files([("compute.csv", hourly(10, 1..=31)), ("storage.csv", storage)]),
            counts("151.9"),
        ),
        // 310 − 40 × 31 × 0.10.
        case(
            Doubled,
            "parts: credits of all usage",
            files([("usage.csv", month.clone()), ("credits.csv", credits)]),
            counts("186"),
        ),
        // 310 − 40 × 10 × 0.05.
        case(
            Doubled,
            "parts: corrections of ten days",
            files([("usage.csv", month.clone()), ("corrections.csv", corrections)]),
            counts("290"),
        ),
        // 31 × 24 × 0.01 + 31 × 5.
        case(
            Doubled,
            "parts: usage by the hour, licenses by the day, without resources",
            files([("usage.csv", seats), ("licenses.csv", licenses)]),
            counts("162.44"),
        ),
        case(Doubled, "parts: a column more from the 16th", wider, counts("310")),
    ]
}

fn in_one_file() -> Vec<Case> {
    let seats: Vec<Row> =
        daily(40, 1..=31).into_iter().flat_map(|row| [row.clone(), row]).collect();
    let moved = |days, payer: &str| with(&daily(40, days), |row| payer.clone_into(&mut row.payer));
    vec![
        // 2 × 310.
        case(
            Doubled,
            "parts: two seats of each license",
            files([("may.csv", seats)]),
            counts("620"),
        ),
        case(
            Doubled,
            "parts: accounts that went to another payer on the 16th",
            files([
                ("old.csv", moved(1..=15, "111122223333")),
                ("new.csv", moved(16..=31, "999988887777")),
            ]),
            counts("310"),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [cut(), by_content(), in_one_file()].into_iter().flatten().collect()
}

#[test]
fn parts_of_one_export_count() {
    hold(&cases());
}
