//! Data completeness of the last days of the bill.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use statrs::statistics::{Data, Median};

use super::types::DayCompleteness;
use crate::assumptions::LATE_DAYS;
use crate::rollup::{QueryError, Rollup, days_in};

/// Previous weeks that a day is compared with.
const WEEKS: u64 = 4;
/// Fewest line items of a day for an estimate.
const MIN_ITEMS: f64 = 50.0;
/// Completeness below which a day counts as incomplete, percent. Chosen (ADR 0006): counts of a
/// weekday vary by a few percent.
const COMPLETE_PCT: u32 = 90;

/// Returns whether a day is complete, or cannot be evaluated.
pub(super) fn is_complete(day: &DayCompleteness) -> bool {
    day.complete_pct.is_none_or(|pct| pct >= Decimal::from(COMPLETE_PCT))
}

pub(crate) fn last_days(
    rollup: &Rollup,
    as_of: NaiveDate,
) -> Result<Vec<DayCompleteness>, QueryError> {
    let back = |day: NaiveDate, days: u64| day.checked_sub_days(Days::new(days)).unwrap_or(day);
    let window = days_in("ChargeDay", back(as_of, LATE_DAYS + 7 * WEEKS), as_of);
    let counts = rollup.cube.sum_map(&["ChargeDay"], window)?;
    let count = |day: NaiveDate| counts.get(&vec![Some(day.to_string())]).map(|a| a.line_items);
    let days = (1..=LATE_DAYS).rev().map(|d| back(as_of, d));
    let judge = |day: NaiveDate| {
        let line_items = count(day).unwrap_or(0);
        let before: Vec<f64> = (1..=WEEKS)
            .filter_map(|w| count(back(day, 7 * w)))
            .map(|n| u32::try_from(n).map_or(f64::from(u32::MAX), f64::from))
            .collect();
        let enough = before.len() >= 2;
        let usual = if enough { Data::new(before).median() } else { 0.0 };
        let pct = || {
            Some(
                (Decimal::from(line_items) * Decimal::ONE_HUNDRED
                    / Decimal::try_from(usual).ok()?)
                .min(Decimal::ONE_HUNDRED)
                .round_dp(0),
            )
        };
        DayCompleteness { day, line_items, complete_pct: (usual >= MIN_ITEMS).then(pct).flatten() }
    };
    Ok(days.map(judge).collect())
}
