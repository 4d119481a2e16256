//! [`Review`]: the monthly review, assembled from the roll-up, the anomalies and the joint plan.
//!
//! Billed amounts are those of the billing period that starts in the month, as on the invoice; effective amounts are
//! those of the days of the month (`ChargePeriodStart`).

mod anomalies;
mod commitments;
mod completeness;
mod exchange;
mod groups;
mod movers;
mod options;
mod quality;
mod savings;
mod totals;
mod types;

pub use anomalies::{AnomalyOptions, anomalies};
pub use commitments::{CommitmentOptions, commitments};
pub use options::{ReviewError, ReviewOptions};
pub use totals::invoices;
pub use types::*;

pub use crate::header::{EstateSummary, Header, SCHEMA_VERSION};

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::{col, lit};

use crate::anomaly::{self, Findings, Settings};
use crate::count::counted;
use crate::estate::Estate;
use crate::lifecycle::{Decision, SavingsLedger};
use crate::month::Month;
use crate::opportunity::Opportunity;
use crate::recommendation;
use crate::rollup::{Dimension, Measure, QueryError, Rollup, is_usage};

/// Makes the review of one month.
///
/// # Errors
/// [`ReviewError`].
pub fn review(
    estate: &Estate,
    rollup: &Rollup,
    focus_version: &str,
    options: &ReviewOptions,
) -> Result<Review, ReviewError> {
    let header = header(estate, rollup, focus_version, options.month, options.as_of)?;
    let (month, as_of) = (header.month, header.estate.as_of);
    let (first, last) = (header.estate.first_day, header.estate.last_day);
    for dimension in &options.group_by {
        if let Dimension::Tag(key) = dimension
            && !rollup.cube.tag_keys().contains(key)
        {
            return Err(ReviewError::UnknownTag(key.clone()));
        }
    }
    let (opportunities, plan, skipped) = savings::savings(estate, rollup, (month, as_of), options)?;
    let span = totals::Span::new(rollup, month);
    let groups =
        options.group_by.iter().map(|d| groups::by(rollup, &span, d, options.top)).collect::<Result<_, _>>()?;
    let completeness = completeness::last_days(rollup, as_of)?;
    let mut notes = notes_of(estate, rollup);
    notes.extend(effective_gap(rollup)?);
    notes.extend(totals::billed_elsewhere(rollup, month)?);
    let is_own_day = options.as_of.is_none() && estate.manifest.is_none();
    notes.extend(month_state(month, (first, last), (as_of, is_own_day), &completeness));
    let data_quality = quality::quality(rollup, as_of)?;
    notes.extend(quality::notes(&data_quality, month, is_own_day));
    let found = found(estate, rollup, (month.first_day(), anomalies_until(month, as_of)), &options.settings)?;
    notes.extend(found.known.iter().map(|k| format!("no anomaly, for it was known: {k}")));
    if !opportunities.is_empty() {
        notes.push(estate.prices.origin(as_of));
        notes.extend(rollup.exchange.as_ref().map(|_| {
            format!("savings are found in the currency billed, as their evidence has them, and converted at the rate of {month}")
        }));
    }
    Ok(Review {
        header,
        totals: totals::totals(rollup, &span)?,
        exchange: exchange::report(rollup, &span)?,
        invoices: totals::invoices(rollup)?,
        groups,
        movers: movers::movers(rollup, &span, options.top)?,
        untagged: groups::untagged(rollup, &span)?,
        completeness,
        data_quality,
        account_names: groups::account_names(rollup)?,
        anomaly_thresholds: options.settings.thresholds,
        anomalies: found.anomalies,
        drops: found.drops,
        commitments: estate
            .commitments
            .iter()
            .filter(|c| c.month == month || c.month == month.minus(1))
            .cloned()
            .collect(),
        second_opinions: recommendation::beside(&estate.recommendations, &opportunities),
        decisions: decisions(&options.decisions, &opportunities, as_of),
        opportunities,
        plan,
        skipped,
        notes,
    })
}

/// What a reader of any report should know of the bill: what was noted when it was pulled, and what the roll-up says.
fn notes_of(estate: &Estate, rollup: &Rollup) -> Vec<String> {
    let pulled = estate.manifest.iter().flat_map(|m| m.notes.iter().cloned());
    pulled.chain(rollup.notes.iter().cloned()).collect()
}

/// What was decided on what was found.
fn decisions(ledger: &SavingsLedger, found: &[Opportunity], day: NaiveDate) -> BTreeMap<String, Decision> {
    found.iter().filter_map(|o| Some((o.id.clone(), ledger.decision(&o.id, day)?.clone()))).collect()
}

/// The anomalies that became clear within a range, with the resources behind them that the bill or the estate tells.
fn found(
    estate: &Estate,
    rollup: &Rollup,
    (from, until): (NaiveDate, NaiveDate),
    settings: &Settings,
) -> Result<Findings, ReviewError> {
    let mut found = anomaly::detect(rollup, from, until, settings)?;
    anomaly::name_resources(&mut found, &estate.resource_costs)?;
    Ok(found)
}

/// What a report is of: the month asked for or the default one, seen from the day asked for, the estate's own, or the day
/// after the last charge.
fn header(
    estate: &Estate,
    rollup: &Rollup,
    focus_version: &str,
    month: Option<Month>,
    as_of: Option<NaiveDate>,
) -> Result<Header, ReviewError> {
    let (first, last) = rollup.cube.days().ok_or(ReviewError::Empty)?;
    let (_, end) = rollup.cube.day_range().ok_or(ReviewError::Empty)?;
    let as_of = as_of.or(estate.manifest.as_ref().map(|m| m.as_of)).unwrap_or(end);
    let month = match month {
        Some(month) => month,
        None => billed_month(rollup, default_month(first, last, as_of), (first, last))?,
    };
    let has_charges = month.end() > first && month.first_day() <= last;
    if !has_charges && !has_period(rollup, month)? {
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
            partial: estate.manifest.as_ref().map(|m| m.partial.clone()).unwrap_or_default(),
        },
        month,
        currency: rollup.cube.currency(),
    })
}

/// Until when anomalies belong to a month's review: its end, and for the month that has just ended what there is of the
/// days since, which would otherwise wait for weeks.
fn anomalies_until(month: Month, as_of: NaiveDate) -> NaiveDate {
    if month.plus(1) == Month::of(as_of) { as_of } else { month.end() }
}

/// The last month that has ended by `as_of` and has charges, else the month of the last charge.
fn default_month(first: NaiveDate, last: NaiveDate, as_of: NaiveDate) -> Month {
    let ended = Month::of(as_of).minus(1);
    let latest = Month::of(last);
    let month = if latest < ended { latest } else { ended };
    if month.end() <= first { latest } else { month }
}

/// The month before, if of `month` there are charges of its first day alone and no billing period: hours that belong to the bill of the
/// month before, whose days are of another time zone than UTC, as Google's are.
fn billed_month(rollup: &Rollup, month: Month, (first, last): (NaiveDate, NaiveDate)) -> Result<Month, QueryError> {
    let before = month.minus(1);
    let is_rest = last == month.first_day() && first < last;
    Ok(if is_rest && !has_period(rollup, month)? && has_period(rollup, before)? { before } else { month })
}

/// Whether charges are in a billing period that starts in a month.
fn has_period(rollup: &Rollup, month: Month) -> Result<bool, QueryError> {
    Ok(rollup.cube.total(totals::in_month(month, Measure::BilledCost))?.line_items > 0)
}

/// Says so when on-demand usage has no `EffectiveCost` though it is billed: trends and savings miss it.
fn effective_gap(rollup: &Rollup) -> Result<Option<String>, QueryError> {
    let zero = lit(0).cast(polars::prelude::DataType::Decimal(38, 12));
    let gap = is_usage().and(col("EffectiveCost").eq(zero.clone())).and(col("BilledCost").gt(zero));
    let missed = rollup.cube.total(gap)?;
    Ok((missed.line_items > 0).then(|| {
        format!(
            "{} of usage in {} is billed but has an EffectiveCost of 0 in the bill itself: trends and savings, \
             which go by EffectiveCost, miss it",
            missed.billed,
            counted(missed.line_items, "line item")
        )
    }))
}

fn month_state(
    month: Month,
    (first, last): (NaiveDate, NaiveDate),
    (as_of, is_own_day): (NaiveDate, bool),
    days: &[DayCompleteness],
) -> Vec<String> {
    let mut notes = Vec::new();
    if first > month.first_day() {
        notes.push(format!("{month} starts with {first} in the bill: its totals are partial"));
    }
    for (before, what) in [(month.minus(1), "the month before"), (month.minus(12), "the same month of last year")] {
        if before.first_day() < first && first < before.end() {
            notes.push(format!("{before} starts with {first} in the bill: {month} is not compared with {what}"));
        }
    }
    if last.succ_opt() < Some(month.end()) {
        notes.push(format!("{month} ends with {last} in the bill: its totals are partial"));
    }
    if as_of < month.end() {
        let seen = quality::seen_from(is_own_day);
        notes.push(format!("{month} had not ended on {as_of}{seen}: its totals are partial"));
    }
    let late: Vec<String> = days
        .iter()
        .filter(|d| d.complete_pct.is_some_and(|p| p < rust_decimal::Decimal::from(completeness::COMPLETE_PCT)))
        .filter(|d| Month::of(d.day) == month)
        .map(|d| d.day.to_string())
        .collect();
    if !late.is_empty() {
        notes.push(format!("{} not complete yet: totals of {month} will still rise", late.join(", ")));
    }
    notes
}
