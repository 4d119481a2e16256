//! Instants of the SDK as days, and the other way round.

#[cfg(any(feature = "advice", feature = "inventory"))]
use aws_smithy_types::DateTime;
use chrono::NaiveDate;

/// The day of an instant of the SDK.
#[cfg(any(feature = "advice", feature = "inventory"))]
pub(crate) fn day(at: Option<&DateTime>) -> Option<NaiveDate> {
    chrono::DateTime::from_timestamp(at?.secs(), 0).map(|t| t.date_naive())
}

/// Seconds since 1970 at which a day begins, UTC.
#[cfg(any(feature = "prices", feature = "utilization"))]
pub(crate) fn midnight(day: NaiveDate) -> i64 {
    day.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc().timestamp()
}
