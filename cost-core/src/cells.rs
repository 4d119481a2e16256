//! Small frames, cell by cell: named columns read as text, and days written as a column.

use chrono::{Days, NaiveDate};
use polars::prelude::*;

/// A day as `Date` columns hold it: days since 1970.
pub(crate) fn days_since_1970(day: NaiveDate) -> i32 {
    i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or(i32::MAX)
}

/// A `Date` cell as a calendar day.
pub(crate) fn day(since_epoch: i32) -> Option<NaiveDate> {
    let epoch = NaiveDate::default();
    let distance = Days::new(u64::from(since_epoch.unsigned_abs()));
    if since_epoch < 0 { epoch.checked_sub_days(distance) } else { epoch.checked_add_days(distance) }
}

/// A calendar day as a literal for `Date` columns.
pub(crate) fn day_lit(day: NaiveDate) -> Expr {
    lit(days_since_1970(day)).cast(DataType::Date)
}

/// Days as a `Date` column.
pub fn dates(days: impl Iterator<Item = Option<NaiveDate>>) -> Series {
    days.map(|day| day.map(days_since_1970)).collect::<Int32Chunked>().into_date().into_series()
}

/// Some columns of a frame, as text.
pub struct Texts {
    columns: Vec<Column>,
    height: usize,
}

impl Texts {
    /// The columns `names`, in that order.
    ///
    /// # Errors
    /// The engine's, when a column is missing or is no text and cannot be written as such.
    pub fn of(frame: &DataFrame, names: &[&str]) -> PolarsResult<Self> {
        let columns = names.iter().map(|name| frame.column(name)?.cast(&DataType::String));
        Ok(Self { columns: columns.collect::<PolarsResult<_>>()?, height: frame.height() })
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The cell of the `column`th name in a row; null is `None`.
    #[must_use]
    pub fn get(&self, column: usize, row: usize) -> Option<&str> {
        self.columns.get(column)?.str().ok()?.get(row)
    }

    /// The cell as what it says, if it says one.
    #[must_use]
    pub fn parsed<T: std::str::FromStr>(&self, column: usize, row: usize) -> Option<T> {
        self.get(column, row)?.parse().ok()
    }
}
