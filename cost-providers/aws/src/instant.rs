//! Conversion between SDK instants and days.

#[cfg(any(feature = "advice", feature = "inventory"))]
use aws_smithy_types::DateTime;
use chrono::NaiveDate;

/// Returns the day of an SDK instant.
#[cfg(any(feature = "advice", feature = "inventory"))]
pub(crate) fn day(at: Option<&DateTime>) -> Option<NaiveDate> {
    chrono::DateTime::from_timestamp(at?.secs(), 0).map(|t| t.date_naive())
}

/// Returns the start of a day, in seconds since 1970, UTC.
#[cfg(any(feature = "prices", feature = "utilization"))]
pub(crate) fn midnight(day: NaiveDate) -> i64 {
    day.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc().timestamp()
}
