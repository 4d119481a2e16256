//! Month and report date of a report.

use chrono::NaiveDate;

use super::options::{ReviewError, ReviewOptions};
use super::totals;
use crate::estate::Estate;
use crate::header::{EstateSummary, Header, SCHEMA_VERSION};
use crate::month::Month;
use crate::rollup::{Measure, QueryError, Rollup};

/// Returns the month and report date: the requested month or the default one, and the requested
/// date, the estate's date, or the day after the last charge.
pub(crate) fn header(
    estate: &Estate,
    rollup: &Rollup,
    (focus_version, hidden_from): (&str, Option<NaiveDate>),
    options: &ReviewOptions,
) -> Result<Header, ReviewError> {
    let (first, last) = rollup.cube.days().ok_or(ReviewError::Empty)?;
    let (_, end) = rollup.cube.day_range().ok_or(ReviewError::Empty)?;
    let as_of = options.as_of.or(estate.manifest.as_ref().map(|m| m.as_of)).unwrap_or(end);
    let month = if let Some(month) = options.month {
        month
    } else {
        let month = with_charges(rollup, default_month(first, last, as_of), first)?;
        billed_month(rollup, month, (first, last))?
    };
    let has_charges = month.end() > first && month.first_day() <= last;
    if !has_charges && !has_period(rollup, month)? && !has_days(rollup, month)? {
        return Err(ReviewError::NoSuchMonth { month, first, last });
    }
    Ok(Header {
        schema_version: SCHEMA_VERSION.to_owned(),
        generator: crate::GENERATOR.to_owned(),
        estate: EstateSummary {
            name: estate.manifest.as_ref().map(|m| m.name.clone()),
            as_of,
            focus_version: focus_version.to_owned(),
            line_items: rollup.line_items,
            first_day: first,
            last_day: last,
            hidden_from,
            outlying: rollup.outlying.clone(),
            partial: estate.manifest.as_ref().map(|m| m.partial.clone()).unwrap_or_default(),
        },
        month,
        currency: rollup.cube.currency(),
    })
}

/// Returns the last month that has ended by `as_of` and has charges, else the month of the last
/// charge.
fn default_month(first: NaiveDate, last: NaiveDate, as_of: NaiveDate) -> Month {
    let ended = Month::of(as_of).minus(1);
    let latest = Month::of(last);
    let month = if latest < ended { latest } else { ended };
    if month.end() <= first { latest } else { month }
}

/// Returns the last month up to `month` with charges, so that a gap in the bill is not reported as
/// its month.
fn with_charges(rollup: &Rollup, month: Month, first: NaiveDate) -> Result<Month, QueryError> {
    let has_any =
        |month| Ok::<_, QueryError>(has_days(rollup, month)? || has_period(rollup, month)?);
    let mut latest = month;
    while latest.first_day() > first && !has_any(latest)? {
        latest = latest.minus(1);
    }
    Ok(if has_any(latest)? { latest } else { month })
}

/// Returns the previous month if `month` has charges on its first day only and no billing period.
/// Such hours belong to the previous month's bill, whose days use a time zone other than UTC, as
/// Google's do.
fn billed_month(
    rollup: &Rollup,
    month: Month,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Month, QueryError> {
    let before = month.minus(1);
    let is_rest = last == month.first_day() && first < last;
    Ok(if is_rest && !has_period(rollup, month)? && has_period(rollup, before)? {
        before
    } else {
        month
    })
}

/// Returns whether charges have days in the month.
fn has_days(rollup: &Rollup, month: Month) -> Result<bool, QueryError> {
    let days = totals::in_month(month, Measure::EffectiveCost);
    let on_days = rollup.cube.total(days)?;
    Ok(on_days.line_items > 0 || !on_days.effective.amount().is_zero())
}

/// Returns whether charges have a billing period that starts in the month.
fn has_period(rollup: &Rollup, month: Month) -> Result<bool, QueryError> {
    Ok(rollup.cube.total(totals::in_month(month, Measure::BilledCost))?.line_items > 0)
}
