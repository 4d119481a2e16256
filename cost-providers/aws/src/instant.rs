//! Instants of the SDK as days.

use aws_smithy_types::DateTime;
use chrono::NaiveDate;

/// The day of an instant of the SDK.
pub(crate) fn day(at: Option<&DateTime>) -> Option<NaiveDate> {
    chrono::DateTime::from_timestamp(at?.secs(), 0).map(|t| t.date_naive())
}
