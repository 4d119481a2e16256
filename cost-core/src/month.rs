//! Calendar months.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assumptions::HOURS_PER_MONTH;
use crate::money::{Money, MoneyError};

/// Calendar month in UTC.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String")]
pub struct Month(NaiveDate);

impl Month {
    /// Returns the month of `day`.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// let month = Month::of("2026-09-21".parse().expect("a day"));
    /// assert_eq!((month.to_string(), month.days()), ("2026-09".to_owned(), 30));
    /// assert_eq!(month.plus(4).to_string(), "2027-01");
    /// ```
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Returns the first day.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        self.0
    }

    /// Returns the day after the last day.
    #[must_use]
    pub fn end(self) -> NaiveDate {
        self.plus(1).0
    }

    /// Returns the month `months` later.
    #[must_use]
    pub fn plus(self, months: u32) -> Self {
        Self(self.0.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX))
    }

    /// Returns the month `months` earlier.
    #[must_use]
    pub fn minus(self, months: u32) -> Self {
        Self(self.0.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN))
    }

    /// Returns the months since the year 0, for arithmetic.
    #[must_use]
    pub(crate) fn index(self) -> i32 {
        12 * self.0.year() + i32::try_from(self.0.month0()).unwrap_or(0)
    }

    /// Returns the number of days.
    #[must_use]
    pub fn days(self) -> u32 {
        u32::try_from(self.end().signed_duration_since(self.0).num_days()).unwrap_or(30)
    }

    /// Returns the number of hours.
    #[must_use]
    pub fn hours(self) -> u32 {
        self.days() * 24
    }

    /// Converts an amount for this month's hours to one per month of 730 hours.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn per_price_month(self, amount: Money) -> Result<Money, MoneyError> {
        amount.try_ratio(Decimal::from(HOURS_PER_MONTH), Decimal::from(self.hours()))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

impl FromStr for Month {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let day = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d")
            .ok()
            .filter(|_| text.len() == 7);
        day.map(Self)
            .ok_or_else(|| format!("`{text}` is not a month; write it as YYYY-MM, such as 2026-06"))
    }
}

impl From<Month> for String {
    fn from(m: Month) -> Self {
        m.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
