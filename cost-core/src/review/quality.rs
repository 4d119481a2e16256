//! [`DataQuality`]: the files, repairs, and data completeness behind the figures of a review.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use polars::prelude::lit;

use super::types::{DataQuality, MonthState, SourceMonth};
use crate::assumptions::LATE_DAYS;
use crate::cloud::{Provider, cloud};
use crate::month::Month;
use crate::rollup::{QueryError, Rollup};

/// Smallest share of days with charges that are followed by another such day, percent, for a source
/// to count as daily. Chosen: a source with charges only on working days has 80 %; a daily one with
/// three gaps in a month has 89 %, and with one gap of any length 95 %.
const DAILY_PCT: usize = 85;
/// Fewest days with charges for a source to count as daily. Chosen: a week.
const FEWEST_DAYS: usize = 7;

/// Returns the first day on which a provider's month is final; `None` if it is not known.
fn closes(provider: Option<&str>, month: Month) -> Option<NaiveDate> {
    let days = cloud(Provider::of(provider)).final_after_days()?;
    month.end().checked_add_days(Days::new(days))
}

/// Days with charges for a provider's billing account.
struct Source {
    provider_name: Option<String>,
    billing_account_id: Option<String>,
    days: BTreeSet<NaiveDate>,
}

impl Source {
    /// Returns whether the source has charges every day, so that a day without charges is a gap.
    fn is_daily(&self) -> bool {
        let followed = self
            .days
            .iter()
            .zip(self.days.iter().skip(1))
            .filter(|(a, b)| a.succ_opt() == Some(**b))
            .count();
        self.days.len() >= FEWEST_DAYS && followed * 100 >= (self.days.len() - 1) * DAILY_PCT
    }

    /// Returns the days of a month that should have charges but have none: between the source's
    /// first and last charge, and up to `until` in the month of its last charge. If the bill (which
    /// starts on `begins`) starts with this source, earlier days of that month count too: a bill
    /// that starts within a month usually lacks the rest of it.
    fn missing(&self, month: Month, begins: NaiveDate, until: NaiveDate) -> Vec<NaiveDate> {
        let (Some(first), Some(last)) = (self.days.first().copied(), self.days.last().copied())
        else {
            return Vec::new();
        };
        if !self.is_daily() {
            return Vec::new();
        }
        let ends_here = last.succ_opt().is_some_and(|next| Month::of(next) == month);
        let end = if ends_here { until.max(last) } else { last };
        let of_month = month.first_day().iter_days().take_while(|day| *day < month.end());
        let from = if first == begins { Month::of(first).first_day() } else { first };
        of_month.filter(|day| from <= *day && *day <= end && !self.days.contains(day)).collect()
    }
}

/// Returns the data quality as of `as_of`.
///
/// # Errors
/// [`QueryError`].
pub(super) fn quality(rollup: &Rollup, as_of: NaiveDate) -> Result<DataQuality, QueryError> {
    Ok(DataQuality {
        files: rollup.files.clone(),
        empty_files: empty_files(rollup),
        repair_off: rollup.as_is,
        repairs: rollup.repairs.clone(),
        other_currencies: rollup.excluded.line_items.clone(),
        repeated_files: rollup.repeated.clone(),
        outlying: rollup.outlying.clone(),
        other_periods: Vec::new(),
        months: months(&sources(rollup)?, rollup.cube.days().map(|(_, last)| last), as_of),
    })
}

/// Returns the files that were read but have no line items in any currency.
fn empty_files(rollup: &Rollup) -> Vec<String> {
    let empty = rollup
        .files
        .iter()
        .filter(|f| f.line_items == Some(0) && !rollup.excluded.files.contains(&f.path));
    empty.map(|f| f.path.clone()).collect()
}

/// Returns the sources, by provider and billing account.
fn sources(rollup: &Rollup) -> Result<Vec<Source>, QueryError> {
    let mut sources: BTreeMap<(Option<String>, Option<String>), BTreeSet<NaiveDate>> =
        BTreeMap::new();
    for group in
        rollup.cube.sum_by(&["ProviderName", "BillingAccountId", "ChargeDay"], lit(true))?
    {
        let [provider, account, day] = group.keys.as_slice() else { continue };
        let day = day.as_deref().and_then(|d| d.parse().ok());
        let is_of_bill = |day: &NaiveDate| !rollup.cube.is_outlying(*day);
        if let Some(day) = day.filter(is_of_bill).filter(|_| group.amounts.line_items > 0) {
            sources.entry((provider.clone(), account.clone())).or_default().insert(day);
        }
    }
    let source = |((provider_name, billing_account_id), days)| Source {
        provider_name,
        billing_account_id,
        days,
    };
    Ok(sources.into_iter().map(source).collect())
}

/// Returns each source's months, from its first charge to its last, or to the month in which they
/// end too early. `last` is the last day of the bill, including charges in other currencies.
fn months(sources: &[Source], last: Option<NaiveDate>, as_of: NaiveDate) -> Vec<SourceMonth> {
    // Providers deliver some days late: gaps at the very end are reported by the completeness of
    // the last days.
    let late = as_of.checked_sub_days(Days::new(LATE_DAYS + 1)).unwrap_or(as_of);
    // A month without any charges yet is not a month of the bill.
    let newest =
        sources.iter().filter_map(|s| s.days.last().copied()).chain(last).max().unwrap_or(late);
    let begins = sources.iter().filter_map(|s| s.days.first().copied()).min().unwrap_or(late);
    let mut all = Vec::new();
    for source in sources {
        let (Some(first), Some(last)) = (source.days.first(), source.days.last()) else { continue };
        let mut month = Month::of(*first);
        let end = Month::of(last.succ_opt().unwrap_or(*last).min(newest));
        while month <= end {
            let missing_days = source.missing(month, begins, late);
            let closes = closes(source.provider_name.as_deref(), month);
            let state = match () {
                () if !missing_days.is_empty() => MonthState::MissingDays,
                () if as_of < month.end() => MonthState::InProgress,
                () if closes.is_some_and(|day| as_of < day) => MonthState::Provisional,
                () => MonthState::Complete,
            };
            all.push(SourceMonth {
                provider_name: source.provider_name.clone(),
                billing_account_id: source.billing_account_id.clone(),
                month,
                state,
                final_on: closes,
                missing_days,
            });
            month = month.plus(1);
        }
    }
    all
}

/// Returns notes on a month's figures, one per source. `is_own_day`: whether the report date is the
/// bill's last day, because none was given.
pub(super) fn notes(quality: &DataQuality, month: Month, is_own_day: bool) -> Vec<String> {
    let compared = |m: &&SourceMonth| m.month == month || m.month == month.minus(1);
    quality.months.iter().filter(compared).filter_map(|m| note(m, month, is_own_day)).collect()
}

fn note(of: &SourceMonth, reviewed: Month, is_own_day: bool) -> Option<String> {
    let source = of.label();
    let month = of.month;
    match (of.state, of.final_on) {
        (MonthState::MissingDays, _) => Some(format!(
            "{source} has no charges on {}: totals of {month} are too low if there was usage on these days",
            ranges(&of.missing_days)
        )),
        (MonthState::Provisional, Some(day)) if month == reviewed => {
            let seen = seen_from(is_own_day);
            Some(format!(
                "{month} of {source} is provisional: the provider may change it until {day}{seen}"
            ))
        }
        _ => None,
    }
}

/// Returns a hint on the report date and how to set it; empty if it was given.
pub(super) fn seen_from(is_own_day: bool) -> &'static str {
    if is_own_day { " (the bill's last day; use --as-of to set the report date)" } else { "" }
}

/// Formats days as ranges: `2026-10-05 to 2026-10-07, 2026-10-12`.
pub(super) fn ranges(days: &[NaiveDate]) -> String {
    let mut runs: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last)) if last.succ_opt() == Some(*day) => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    let text = |(from, to): &(NaiveDate, NaiveDate)| {
        if from == to { from.to_string() } else { format!("{from} to {to}") }
    };
    runs.iter().map(text).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn source(provider: &str, from: &str, to: &str, without: &[&str]) -> Source {
        let without: Vec<NaiveDate> = without.iter().map(|d| day(d)).collect();
        let days = day(from)
            .iter_days()
            .take_while(|d| *d <= day(to))
            .filter(|d| !without.contains(d))
            .collect();
        Source {
            provider_name: Some(provider.to_owned()),
            billing_account_id: Some("1".to_owned()),
            days,
        }
    }

    fn state(sources: &[Source], month: &str, as_of: &str) -> (MonthState, Vec<NaiveDate>) {
        let all = months(sources, None, day(as_of));
        let of = all.iter().find(|m| m.month.to_string() == month).expect("the month");
        (of.state, of.missing_days.clone())
    }

    #[test]
    fn a_month_is_final_when_the_provider_says() {
        let aws = [source("Amazon Web Services", "2026-08-01", "2026-11-20", &[])];
        let states = |as_of| state(&aws, "2026-10", as_of).0;
        assert_eq!(states("2026-10-31"), MonthState::InProgress);
        assert_eq!(states("2026-11-07"), MonthState::Provisional);
        assert_eq!(states("2026-11-08"), MonthState::Complete);
        let azure = [source("Microsoft", "2026-08-01", "2026-11-20", &[])];
        assert_eq!(state(&azure, "2026-10", "2026-11-05").0, MonthState::Provisional);
        assert_eq!(state(&azure, "2026-10", "2026-11-06").0, MonthState::Complete);
        let unknown = [source("Datadog", "2026-08-01", "2026-11-20", &[])];
        assert_eq!(state(&unknown, "2026-10", "2026-11-01").0, MonthState::Complete);
    }

    #[test]
    fn a_day_without_charges_is_missing_where_charges_come_daily() {
        let gap = ["2026-10-05", "2026-10-06"];
        let daily = [source("AWS", "2026-08-01", "2026-11-20", &gap)];
        let (of, days) = state(&daily, "2026-10", "2026-11-20");
        assert_eq!(
            (of, ranges(&days).as_str()),
            (MonthState::MissingDays, "2026-10-05 to 2026-10-06")
        );
        let monthly = [Source {
            provider_name: None,
            billing_account_id: None,
            days: BTreeSet::from([day("2026-09-01"), day("2026-10-01"), day("2026-11-01")]),
        }];
        assert_eq!(state(&monthly, "2026-10", "2026-11-20"), (MonthState::Complete, Vec::new()));
    }

    #[test]
    fn a_source_that_ends_before_the_others_misses_days_of_that_month_only() {
        let sources = [
            source("AWS", "2026-06-01", "2026-11-20", &[]),
            source("Google Cloud", "2026-06-01", "2026-09-28", &[]),
        ];
        let all = months(&sources, None, day("2026-11-21"));
        let google: Vec<(String, MonthState, usize)> = all
            .iter()
            .filter(|m| m.provider_name.as_deref() == Some("Google Cloud"))
            .map(|m| (m.month.to_string(), m.state, m.missing_days.len()))
            .collect();
        assert_eq!(google.last(), Some(&("2026-09".to_owned(), MonthState::MissingDays, 2)));
        let whole_months = [
            source("AWS", "2026-06-01", "2026-11-20", &[]),
            source("AWS", "2026-06-01", "2026-09-30", &[]),
        ];
        let all = months(&whole_months[..], None, day("2026-11-21"));
        let october =
            all.iter().filter(|m| m.month.to_string() == "2026-10").map(|m| m.missing_days.len());
        assert_eq!(october.collect::<Vec<_>>(), [0, 31]);
    }

    #[test]
    fn a_source_that_ends_within_a_month_misses_days_once_they_are_due() {
        let euros = [source("Microsoft", "2026-08-01", "2026-10-28", &[])];
        let of =
            |as_of: &str| months(&euros, None, day(as_of)).last().map(|m| m.missing_days.len());
        assert_eq!(of("2026-10-29"), Some(0));
        assert_eq!(of("2026-11-21"), Some(3));
    }

    #[test]
    fn a_hole_is_found_however_long_and_working_days_are_none() {
        let days: Vec<String> = (6..=12).map(|d| format!("2026-10-{d:02}")).collect();
        let week = source(
            "AWS",
            "2026-10-01",
            "2026-10-31",
            &days.iter().map(String::as_str).collect::<Vec<_>>(),
        );
        assert_eq!(state(&[week], "2026-10", "2026-12-15").1.len(), 7);
        let mut month = source("AWS", "2026-08-01", "2026-10-31", &[]);
        month.days.retain(|d| Month::of(*d).to_string() != "2026-09");
        assert_eq!(state(&[month], "2026-09", "2026-12-15").1.len(), 30);
        let mut work = source("AWS", "2026-08-03", "2026-10-30", &[]);
        work.days.retain(|d| d.weekday().number_from_monday() <= 5);
        assert_eq!(state(&[work], "2026-09", "2026-11-01").0, MonthState::Complete);
    }
}
