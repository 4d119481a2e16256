//! Notes on the figures of a report, one line each.

use chrono::NaiveDate;
use polars::prelude::{DataType, col, lit};

use super::completeness::is_complete;
use super::subject::Subject;
use super::types::{DataQuality, DayCompleteness};
use super::{quality, totals};
use crate::anomaly::Findings;
use crate::month::Month;
use crate::rollup::{OutlyingCharges, QueryError, Rollup, is_usage};
use crate::text::{counted, thousands};

/// Returns notes on the bill for every report: on outlying charges, from the pull, and from the
/// roll-up.
pub(super) fn of_bill(subject: &Subject<'_>) -> Vec<String> {
    let pulled = subject.estate.manifest.iter().flat_map(|m| m.notes.iter().cloned());
    outlying(subject).chain(pulled).chain(subject.rollup.notes.iter().cloned()).collect()
}

/// Returns notes on outlying charges.
pub(super) fn outlying(subject: &Subject<'_>) -> impl Iterator<Item = String> {
    subject.rollup.outlying.iter().map(OutlyingCharges::note)
}

/// Data quality of a month and notes on its figures.
#[derive(Clone)]
pub(crate) struct QualitySection {
    /// See [`Review::data_quality`](super::Review::data_quality).
    pub(super) data_quality: DataQuality,
    /// Notes on the figures, one line each.
    pub(super) notes: Vec<String>,
}

/// Returns the data quality of the month and the completeness of the bill.
///
/// # Errors
/// [`QueryError`].
pub(crate) fn quality_section(
    subject: &Subject<'_>,
    completeness: &[DayCompleteness],
) -> Result<QualitySection, QueryError> {
    let Subject { rollup, header, .. } = *subject;
    let (month, as_of) = (header.month, header.estate.as_of);
    let days = (header.estate.first_day, header.estate.last_day);
    let is_own_day = subject.options.as_of.is_none() && subject.estate.manifest.is_none();
    let mut data_quality = quality::quality(rollup, as_of)?;
    data_quality.other_periods = totals::billed_elsewhere(rollup, month)?;
    let mut notes = of_bill(subject);
    notes.extend(newer_data(subject));
    notes.extend(effective_gap(rollup)?);
    notes.extend(data_quality.other_periods.iter().cloned());
    notes.extend(month_state(month, days, (as_of, is_own_day), completeness));
    notes.extend(quality::notes(&data_quality, month, is_own_day));
    Ok(QualitySection { data_quality, notes })
}

/// Returns notes on anomalies: how many more there are.
pub(super) fn of_anomalies(found: &Findings) -> Option<String> {
    let more = u64::try_from(found.not_listed).ok().filter(|more| *more > 0)?;
    let are = if more == 1 {
        "anomaly with a smaller excess is"
    } else {
        "anomalies with a smaller excess are"
    };
    Some(format!(
        "{} more {are} not listed: the thresholds are too low for this bill",
        thousands(more)
    ))
}

/// Returns notes on savings: the date of their list prices, and how they were converted. Empty if
/// there are no savings.
pub(super) fn of_savings(subject: &Subject<'_>, is_found: bool) -> Vec<String> {
    if !is_found {
        return Vec::new();
    }
    let Subject { header, rollup, .. } = subject;
    let mut notes = Vec::new();
    let (month, from) = (header.month, subject.savings_month());
    if from != month {
        notes.push(format!("savings are those of {from}, because {month} is not over"));
    } else if header.estate.as_of < month.end() {
        notes.push(format!(
            "{month} is not over: savings are those of its days until {}, and too low for a month",
            header.estate.last_day
        ));
    }
    notes.push(subject.estate.prices.origin(header.estate.as_of));
    notes.extend(rollup.exchange.as_ref().map(|_| {
        format!(
            "savings, their evidence, and the cost of skipped usage are computed in the billing currency; savings are converted at the rate of {}",
            header.month
        )
    }));
    notes
}

/// Returns a note if charges are hidden but other data of the estate is newer than the report date.
fn newer_data(subject: &Subject<'_>) -> Option<String> {
    let estate = &subject.header.estate;
    let collected = subject.estate.manifest.as_ref()?.as_of;
    (estate.hidden_from.is_some() && collected > estate.as_of).then(|| {
        format!(
            "the report date {} hides later charges; inventory, utilization, prices, and provider recommendations \
             are those of {collected}",
            estate.as_of
        )
    })
}

/// Returns a note if on-demand usage is billed but has no `EffectiveCost`: trends and savings do
/// not include it.
fn effective_gap(rollup: &Rollup) -> Result<Option<String>, QueryError> {
    let zero = lit(0).cast(DataType::Decimal(38, 12));
    let gap = is_usage().and(col("EffectiveCost").eq(zero.clone())).and(col("BilledCost").gt(zero));
    let missed = rollup.cube.total(gap)?;
    Ok((missed.line_items > 0).then(|| {
        format!(
            "{} of usage in {} is billed but has an EffectiveCost of 0 in the bill: trends and savings, \
             which use EffectiveCost, do not include it",
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
        notes.push(format!("the bill starts on {first}: totals of {month} are partial"));
    }
    for (before, what) in [
        (month.minus(1), "the month before"),
        (month.minus(12), "the same month of the previous year"),
    ] {
        if before.first_day() < first && first < before.end() {
            notes.push(format!(
                "the bill has {before} only from {first} on: {month} is not compared with {what}"
            ));
        }
    }
    if last.succ_opt() < Some(month.end()) {
        notes.push(format!("the bill ends on {last}: totals of {month} are partial"));
    }
    if as_of < month.end() {
        let seen = quality::seen_from(is_own_day);
        notes.push(format!("{month} had not ended on {as_of}{seen}: its totals are partial"));
    }
    let late: Vec<String> = days
        .iter()
        .filter(|d| !is_complete(d))
        .filter(|d| Month::of(d.day) == month)
        .map(|d| d.day.to_string())
        .collect();
    if !late.is_empty() {
        notes
            .push(format!("{} not complete yet: totals of {month} will increase", late.join(", ")));
    }
    notes
}
