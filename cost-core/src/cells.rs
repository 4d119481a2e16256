//! Conversion of days to and from `Date` cells and literals.

use chrono::{Days, NaiveDate};
use polars::prelude::*;

/// Converts a day to a `Date` cell: days since 1970.
pub(crate) fn days_since_1970(day: NaiveDate) -> i32 {
    i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or(i32::MAX)
}

/// Converts a `Date` cell to a calendar day.
#[inline]
pub(crate) fn day(since_epoch: i32) -> Option<NaiveDate> {
    let epoch = NaiveDate::default();
    let distance = Days::new(u64::from(since_epoch.unsigned_abs()));
    if since_epoch < 0 {
        epoch.checked_sub_days(distance)
    } else {
        epoch.checked_add_days(distance)
    }
}

/// Returns a calendar day as a literal for `Date` columns.
pub(crate) fn day_lit(day: NaiveDate) -> Expr {
    lit(days_since_1970(day)).cast(DataType::Date)
}

/// Returns days as a `Date` column.
pub(crate) fn dates(days: impl Iterator<Item = Option<NaiveDate>>) -> Series {
    days.map(|day| day.map(days_since_1970)).collect::<Int32Chunked>().into_date().into_series()
}
