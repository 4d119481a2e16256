//! Dates: both orders of day and month, determined once per file; periods; typed columns.

use polars::prelude::*;

use super::super::{Dataset, DateOrder, Role};
use super::{details, export, words};

/// Returns `ChargePeriodStart`, or the reason why it cannot be read.
fn starts(frame: &DataFrame) -> Result<Vec<String>, String> {
    let charges =
        details(frame).charges(frame.clone().lazy(), Role::Alone(Dataset::WithoutCommitments));
    let read = charges.select([col("ChargePeriodStart")]).collect().map_err(|e| e.to_string())?;
    Ok(words(&read, "ChargePeriodStart").iter().map(|t| t[..10].to_owned()).collect())
}

fn dated<'a>(date: &'a str, start: &'a str, end: &'a str) -> [(&'a str, &'a str); 3] {
    [("Date", date), ("BillingPeriodStartDate", start), ("BillingPeriodEndDate", end)]
}

fn file(rows: &[[(&str, &str); 3]]) -> DataFrame {
    export(&rows.iter().map(<[_; 3]>::as_slice).collect::<Vec<_>>())
}

#[test]
fn a_day_after_the_twelfth_decides_for_all_rows() {
    // The end of the period always shows the order.
    let american = file(&[
        dated("06/05/2026", "06/01/2026", "06/30/2026"),
        dated("06/12/2026", "06/01/2026", "06/30/2026"),
    ]);
    assert_eq!(starts(&american).expect("dates"), ["2026-06-05", "2026-06-12"]);
    let european = file(&[
        dated("05/06/2026", "01/06/2026", "30/06/2026"),
        dated("12/06/2026", "01/06/2026", "30/06/2026"),
    ]);
    assert_eq!(starts(&european).expect("dates"), ["2026-06-05", "2026-06-12"]);
    // Any later date also determines the order of those before it.
    let late =
        file(&[dated("5/6/2026", "", ""), dated("6/6/2026", "", ""), dated("13/6/2026", "", "")]);
    assert_eq!(starts(&late).expect("dates"), ["2026-06-05", "2026-06-06", "2026-06-13"]);
    let dotted = file(&[dated("05.06.2026", "", ""), dated("13.06.2026", "", "")]);
    assert_eq!(starts(&dotted).expect("dates"), ["2026-06-05", "2026-06-13"]);
}

#[test]
fn otherwise_the_billing_period_decides() {
    assert_eq!(
        starts(&file(&[dated("06/05/2026", "06/01/2026", "")])).expect("dates"),
        ["2026-06-05"]
    );
    assert_eq!(
        starts(&file(&[dated("05/06/2026", "01/06/2026", "")])).expect("dates"),
        ["2026-06-05"]
    );
    assert_eq!(
        starts(&file(&[dated("05/06/2026", "2026-06-01", "")])).expect("dates"),
        ["2026-06-05"]
    );
    assert_eq!(
        starts(&file(&[dated("01/05/2026", "01/01/2026", "")])).expect("dates"),
        ["2026-01-05"]
    );
    // January 1 is the same day in both orders, and is no evidence for the next row.
    let both =
        file(&[dated("01/01/2026", "01/01/2026", ""), dated("01/02/2026", "01/01/2026", "")]);
    assert_eq!(starts(&both).expect("dates"), ["2026-01-01", "2026-01-02"]);
    // A file with only that day needs no evidence.
    assert_eq!(
        starts(&file(&[dated("01/01/2026", "01/01/2026", "")])).expect("dates"),
        ["2026-01-01"]
    );
}

#[test]
fn ambiguous_dates_are_not_read() {
    for rows in [
        vec![dated("06/05/2026", "", "")],
        // The two rows show different orders.
        vec![dated("06/05/2026", "2026-06-01", ""), dated("05/06/2026", "2026-06-01", "")],
        // The day is outside the period in both orders.
        vec![dated("06/05/2026", "2026-01-01", "")],
    ] {
        let failed = starts(&file(&rows)).expect_err("two ways");
        assert!(failed.contains("can be month first or day first"), "{failed}");
    }
    // The order applies to every cell.
    let failed = starts(&file(&[dated("06/15/2026", "", ""), dated("15/06/2026", "", "")]))
        .expect_err("no such month");
    assert!(
        failed.contains("column Date: `15/06/2026` is not a date with the month first"),
        "{failed}"
    );
    for bad in ["yesterday", "2026-06-31", "06/05/26", "2026-6"] {
        let failed = starts(&file(&[dated(bad, "2026-06-01", "2026-06-30")])).expect_err("no date");
        assert!(failed.contains("is not a date"), "{bad}: {failed}");
    }
}

#[test]
fn a_file_in_pieces_has_one_order() {
    let complete = file(&[dated("06/05/2026", "", ""), dated("06/15/2026", "", "")]);
    let first = complete.slice(0, 1);
    assert!(starts(&first).is_err());
    let decided = details(&first).with_dates_of(complete.lazy()).expect("decided");
    assert_eq!(
        decided.date_order(first.clone().lazy()).expect("decided"),
        Some(DateOrder::MonthFirst)
    );
    let charges = decided
        .charges(first.lazy(), Role::Alone(Dataset::WithoutCommitments))
        .collect()
        .expect("charges");
    assert!(words(&charges, "ChargePeriodStart")[0].starts_with("2026-06-05"));
}

#[test]
fn periods_are_half_open_and_complete_months() {
    let frame = file(&[
        dated("2026-02-28", "2026-02-01", "2026-02-28"),
        dated("2026-12-31T00:00:00Z", "2026-12-01T00:00", "2026-12-31"),
        dated("20260615", "2026-06-14", "2026-07-13"),
        dated("2026-06-15 00:00:00", "", ""),
    ]);
    let charges =
        details(&frame).charges(frame.clone().lazy(), Role::Alone(Dataset::WithoutCommitments));
    let read = charges.collect().expect("charges");
    let days =
        |column: &str| words(&read, column).iter().map(|t| t[..10].to_owned()).collect::<Vec<_>>();
    assert_eq!(days("ChargePeriodStart"), ["2026-02-28", "2026-12-31", "2026-06-15", "2026-06-15"]);
    assert_eq!(days("ChargePeriodEnd"), ["2026-03-01", "2027-01-01", "2026-06-16", "2026-06-16"]);
    assert_eq!(
        days("BillingPeriodStart"),
        ["2026-02-01", "2026-12-01", "2026-06-01", "2026-06-01"]
    );
    assert_eq!(days("BillingPeriodEnd"), ["2026-03-01", "2027-01-01", "2026-07-01", "2026-07-01"]);
}
