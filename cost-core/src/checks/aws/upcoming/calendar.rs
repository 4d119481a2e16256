//! [`Calendar`]: when the support of which versions ends.

use chrono::{Months, NaiveDate};
use serde::Deserialize;

use super::version::Version;
use crate::check::Context;
use crate::upcoming::HORIZON_MONTHS;

/// Dates by engine and major version; sources in `cost-core/data/lifecycle/SOURCES.md`.
const DATES: &str = include_str!("../../../../data/lifecycle/aws_support_dates.csv");

/// Dates of one major version. A date that is not announced is `None`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Dates {
    engine: String,
    version: String,
    /// Last day of standard support.
    pub(super) standard_ends: Option<NaiveDate>,
    /// First day of extended support that is billed.
    pub(super) paid_from: Option<NaiveDate>,
    /// First day of the price of year 3.
    pub(super) year_3_from: Option<NaiveDate>,
    /// Last day of extended support.
    pub(super) extended_ends: Option<NaiveDate>,
    /// Page with the dates.
    pub(super) source: String,
}

/// The calendar.
pub(super) struct Calendar(Vec<Dates>);

impl Calendar {
    /// Returns the bundled calendar. A test rules out the error.
    pub(super) fn bundled() -> Result<Self, String> {
        let rows = csv::Reader::from_reader(DATES.as_bytes()).into_deserialize();
        let all: Result<Vec<Dates>, csv::Error> = rows.collect();
        all.map(Self).map_err(|e| format!("the calendar of support dates is damaged: {e}"))
    }

    /// Returns the dates of a version, or that the calendar does not have it.
    pub(super) fn of(&self, version: &Version) -> Result<&Dates, String> {
        let same = |d: &&Dates| d.engine == version.engine && d.version == version.major;
        self.0.iter().find(same).ok_or_else(|| {
            format!("the calendar of support dates does not have {}", version.title())
        })
    }

    /// Returns a version with its dates; `None` if its engine has no extended support.
    ///
    /// # Errors
    /// Why the version or its dates are unknown.
    pub(super) fn dated(
        &self,
        version: Result<Option<Version>, String>,
    ) -> Result<Option<(Version, &Dates)>, String> {
        let Some(version) = version? else { return Ok(None) };
        let dates = self.of(&version)?;
        Ok(Some((version, dates)))
    }
}

/// The days in which costs are to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Horizon {
    /// First day: the month under review and its checks do not show what starts on it or later.
    first: NaiveDate,
    /// Report date.
    as_of: NaiveDate,
    /// Last day.
    pub(super) last: NaiveDate,
}

impl Horizon {
    /// Returns the days from the end of the month under review, or the report date if it is earlier,
    /// to twelve months after the report date.
    pub(super) fn of(cx: &Context<'_>) -> Self {
        let last = cx.as_of.checked_add_months(Months::new(HORIZON_MONTHS)).unwrap_or(cx.as_of);
        Self { first: cx.month.end().min(cx.as_of), as_of: cx.as_of, last }
    }

    /// Returns whether a day is within.
    pub(super) fn holds(self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// Returns whether a day is before the first.
    pub(super) fn is_past(self, day: NaiveDate) -> bool {
        day < self.first
    }

    /// Returns the number of days from a day, or the report date if it is later, through the last.
    pub(super) fn days_from(self, day: NaiveDate) -> i64 {
        self.last.signed_duration_since(day.max(self.as_of)).num_days() + 1
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_calendar_is_complete_and_in_order() {
        let all = Calendar::bundled().expect("the calendar").0;
        let keys: BTreeSet<(&str, &str)> =
            all.iter().map(|d| (d.engine.as_str(), d.version.as_str())).collect();
        assert_eq!(keys.len(), all.len(), "a version is there twice");
        for d in &all {
            let dates = [d.standard_ends, d.paid_from, d.year_3_from, d.extended_ends];
            let known: Vec<NaiveDate> = dates.into_iter().flatten().collect();
            assert!(known.is_sorted(), "{d:?}");
            assert_eq!(d.standard_ends.is_some(), d.paid_from.is_some(), "{d:?}");
            assert!(d.source.starts_with("https://"), "{d:?}");
        }
    }

    #[test]
    fn the_dates_are_those_of_the_pages() {
        // Read on the pages in the column `source`.
        let calendar = Calendar::bundled().expect("the calendar");
        for (engine, major, paid_from, year_3) in [
            ("postgres", "14", "2027-03-01", Some("2029-03-01")),
            ("mysql", "8.0", "2026-08-01", Some("2028-08-01")),
            ("docdb", "3.6", "2026-03-31", Some("2028-03-31")),
            ("redis", "6", "2027-02-01", Some("2029-02-01")),
            ("kubernetes", "1.34", "2026-12-02", None),
            ("aurora-mysql", "3", "2028-05-01", None),
        ] {
            let of = Version { engine: engine.to_owned(), major: major.to_owned() };
            let dates = calendar.of(&of).expect("it is there");
            let text = |d: Option<NaiveDate>| d.map(|d| d.to_string());
            assert_eq!(text(dates.paid_from).as_deref(), Some(paid_from), "{engine} {major}");
            assert_eq!(text(dates.year_3_from).as_deref(), year_3, "{engine} {major}");
        }
        let unknown = Version { engine: "postgres".to_owned(), major: "99".to_owned() };
        assert!(calendar.of(&unknown).is_err_and(|e| e.contains("PostgreSQL 99")));
    }
}
