//! Charges of more than a day, and months that do not start at midnight UTC.
//!
//! Sources: awslabs/aws-well-architected-labs issue 991 (a monthly fee looks like a spike on the
//! first); FOCUS specification, "Date/Time Format" and `ChargePeriodStart`; providers that bill in
//! UTC+8, and Google's view in Pacific time.

use chrono::{DateTime, Days, FixedOffset, NaiveDate};
use serde_json::Value;

use super::Kind::{LongCharge, Months};
use super::make::{Sheet, daily};
use super::{Case, Want, case, file, hold, list, total};

/// How many anomalies a month has.
fn anomalies(report: &Value) -> usize {
    list(&report["anomalies"]).len()
}

const OF_MAY: &[&str] = &["anomalies", "--month", "2026-05"];

/// Usage of 40.00 a day on demand from January to April, and of `left` a day in May.
fn until_may(left: &str) -> Sheet {
    let months = [("2026-02", 28), ("2026-03", 31), ("2026-04", 30)];
    let before = months.iter().map(|(month, days)| daily(month, 1..=*days, "40"));
    before.fold(daily("2026-01", 1..=31, "40"), |all, month| all.then(&month)).then(&daily(
        "2026-05",
        1..=31,
        left,
    ))
}

/// One line of 1 May for a time that ends on `end`.
fn one_line(cost: &str, end: &str) -> Sheet {
    let line = daily("2026-05", 1..=1, cost).set("ChargePeriodEnd", end);
    line.set("ServiceName", "Compute")
        .set("ResourceId", "plan-9")
        .set("ChargeDescription", "flat fee")
}

fn long() -> Vec<Case> {
    let none = || Want::Holds(OF_MAY, "there is no anomaly", |v| anomalies(v) == 0);
    let monthly = until_may("10").then(&one_line("930", "2026-06-01T00:00:00Z"));
    let yearly = until_may("30").then(&one_line("3650", "2027-05-01T00:00:00Z"));
    let inclusive = until_may("30").then(&one_line("3650", "2027-04-30T23:59:59Z"));
    let endless = until_may("30").then(&one_line("3650", "9999-12-31T00:00:00Z"));
    let spike = until_may("40").then(&one_line("930", "2026-05-02T00:00:00Z"));
    vec![
        // 31 × 10.00 + 930.00 = 1,240.00, as before 31 × 40.00: 30.00 a day are paid by the month.
        case(
            LongCharge,
            "a line for the whole month",
            vec![file("2026.csv", monthly.csv())],
            Want::All(vec![total("2026-05", "1240", "1240"), none()]),
        ),
        // 31 × 30.00 + 3,650.00 = 4,580.00 are billed; a day costs 30.00 + 3,650.00 / 365 = 40.00,
        // as before.
        case(
            LongCharge,
            "a fee for a year",
            vec![file("2026.csv", yearly.csv())],
            Want::All(vec![
                Want::Any(vec![total("2026-05", "4580", "4580"), total("2026-05", "4580", "1240")]),
                none(),
            ]),
        ),
        case(
            LongCharge,
            "a fee for a year whose end is its last second",
            vec![file("2026.csv", inclusive.csv())],
            Want::All(vec![total("2026-05", "4580", "1240"), none()]),
        ),
        // 31 × 30.00 + 3,650.00: the days that it covers are unknown.
        case(
            LongCharge,
            "a fee without an end",
            vec![file("2026.csv", endless.csv())],
            Want::All(vec![
                total("2026-05", "4580", "4580"),
                Want::Said(&["1 charge", "five years", "9999-12-31"]),
            ]),
        ),
        // The same amount for one day is one.
        case(
            LongCharge,
            "neighbor: as much on one day",
            vec![file("2026.csv", spike.csv())],
            Want::All(vec![
                total("2026-05", "2170", "2170"),
                Want::Holds(OF_MAY, "there is an anomaly", |v| anomalies(v) > 0),
            ]),
        ),
    ]
}

/// 31 charges of 3.25 in a zone so many hours east of UTC: its month and days begin at its
/// midnights, written by `format`.
fn may_in(hours_east: i32, format: impl Fn(DateTime<FixedOffset>) -> String) -> Sheet {
    let zone = FixedOffset::east_opt(hours_east * 3600).expect("a zone");
    let first: NaiveDate = "2026-05-01".parse().expect("a day");
    let midnight = |days: u64| {
        let day = first.checked_add_days(Days::new(days)).expect("a day");
        format(
            day.and_hms_opt(0, 0, 0)
                .expect("midnight")
                .and_local_timezone(zone)
                .single()
                .expect("a time"),
        )
    };
    let sheet = daily("2026-05", 1..=31, "3.25")
        .set("BillingPeriodStart", &midnight(0))
        .set("BillingPeriodEnd", &midnight(31));
    (0..31_u32).fold(sheet, |sheet, day| {
        let row = usize::try_from(day).expect("small") + 1;
        let (start, end) = (midnight(day.into()), midnight(u64::from(day) + 1));
        sheet.set_in(row..=row, "ChargePeriodStart", &start).set_in(
            row..=row,
            "ChargePeriodEnd",
            &end,
        )
    })
}

fn offsets() -> Vec<Case> {
    let local = |t: DateTime<FixedOffset>| t.to_rfc3339();
    let utc = |t: DateTime<FixedOffset>| t.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let plain = |format: &'static str| move |t: DateTime<FixedOffset>| t.format(format).to_string();
    let bill = |sheet: Sheet| vec![file("may.csv", sheet.csv())];
    let all = || total("2026-05", "100.75", "100.75");
    // The first day in the east begins on 30 April in UTC: 30 × 3.25 = 97.50 are of charges that
    // begin in May.
    let in_the_east = || Want::Any(vec![all(), total("2026-05", "100.75", "97.5")]);
    // A period that says no offset cannot prove that it is of a zone: then a note says how it was
    // taken.
    let right_or_reported =
        |want| Want::Any(vec![want, Want::Said(&["BillingPeriodStart|billing period"])]);
    vec![
        case(Months, "a month in the east", bill(may_in(8, local)), in_the_east()),
        case(
            Months,
            "a month in the east, written in UTC",
            bill(may_in(8, utc)),
            right_or_reported(in_the_east()),
        ),
        case(Months, "a month in the west, written in UTC", bill(may_in(-7, utc)), all()),
        case(Months, "a month in the west", bill(may_in(-7, local)), all()),
        case(Months, "neighbor: days without a time", bill(may_in(0, plain("%Y-%m-%d"))), all()),
        case(
            Months,
            "neighbor: times without seconds",
            bill(may_in(0, plain("%Y-%m-%dT%H:%MZ"))),
            all(),
        ),
        case(
            Months,
            "neighbor: times without a zone",
            bill(may_in(0, plain("%Y-%m-%d %H:%M:%S"))),
            all(),
        ),
    ]
}

/// Months of which not all is there, or of which another's bill has the first hours.
fn months_in_part() -> Vec<Case> {
    let of_may = |sheet: Sheet| {
        sheet
            .set("BillingPeriodStart", "2026-05-01T00:00:00Z")
            .set("BillingPeriodEnd", "2026-06-01T00:00:00Z")
    };
    let pacific = daily("2026-05", 1..=31, "1.5").then(&of_may(daily("2026-06", 1..=1, "0.4")));
    let from_the_twelfth = daily("2026-04", 12..=30, "1.5").then(&daily("2026-05", 1..=31, "1.5"));
    let next_invoice = daily("2026-04", 30..=30, "0.24")
        .set("BillingPeriodStart", "2026-05-01T00:00:00Z")
        .set("BillingPeriodEnd", "2026-06-01T00:00:00Z");
    let billed_later = daily("2026-04", 1..=30, "1.5").then(&next_invoice);
    vec![
        case(
            Months,
            "a month that is hours of the bill before is not reviewed by default",
            vec![file("may.csv", pacific.csv())],
            Want::All(vec![
                Want::Holds(&["review", "--as-of", "2026-07-15"], "it is May's", |v| {
                    v["month"] == "2026-05"
                }),
                Want::Total(&["review", "--month", "2026-05"], "46.9", "46.5"),
            ]),
        ),
        case(
            Months,
            "a bill that starts within a month says that it is not compared with it",
            vec![file("april-may.csv", from_the_twelfth.csv())],
            Want::All(vec![
                Want::Said(&[
                    "the bill has 2026-04 only from 2026-04-12 on",
                    "2026-05 is not compared with the month before",
                ]),
                Want::Holds(
                    &["review", "--month", "2026-04", "--as-of", "2026-06-20"],
                    "April has days missing",
                    |v| {
                        let months = list(&v["data_quality"]["months"]);
                        months.iter().any(|m| {
                            m["month"] == "2026-04" && list(&m["missing_days"]).len() == 11
                        })
                    },
                ),
            ]),
        ),
        case(
            Months,
            "what the next invoice bills is said, and is in the next month's review",
            vec![file("april.csv", billed_later.csv())],
            Want::All(vec![
                Want::Total(&["review", "--month", "2026-04"], "45", "45.24"),
                Want::Total(&["review", "--month", "2026-05"], "0.24", "0"),
                Want::Said(&["0.24 USD of charges in 2026-04", "billing period 2026-05"]),
            ]),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [long(), offsets(), months_in_part()].into_iter().flatten().collect()
}

#[test]
fn long_charges_are_no_spikes() {
    hold(&long());
}

#[test]
fn months_are_those_of_the_bill() {
    hold(&offsets());
    hold(&months_in_part());
}
