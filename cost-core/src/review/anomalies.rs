//! Anomalies of a month, or of a range of past days using only the data that was available then.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;

use super::notes;
use super::options::ReviewError;
use super::subject::Subject;
use super::types::{AnomalyReport, DayCompleteness};
use crate::anomaly::{self, Findings};
use crate::month::Month;

/// Returns the days that belong to the month under review: its own days, and if it has just ended
/// also the available days since, whose anomalies would otherwise not be reported for weeks.
pub(crate) fn in_month(subject: &Subject<'_>) -> Range<NaiveDate> {
    let (month, as_of) = (subject.header.month, subject.header.estate.as_of);
    let until = if month.plus(1) == Month::of(as_of) { as_of } else { month.end() };
    month.first_day()..until
}

/// Returns the days of the previous month: its anomalies explain changes from it. Empty if the bill
/// does not have it from its first day on.
pub(crate) fn in_previous_month(subject: &Subject<'_>) -> Range<NaiveDate> {
    let (month, first) = (subject.header.month, subject.header.estate.first_day);
    let days = month.minus(1).first_day()..month.first_day();
    if first <= days.start { days } else { month.first_day()..month.first_day() }
}

/// Returns the anomalies raised within a range of days, with the resources behind them if the bill
/// or the estate has them.
///
/// # Errors
/// [`ReviewError`].
pub(crate) fn in_days(
    subject: &Subject<'_>,
    days: &Range<NaiveDate>,
) -> Result<Findings, ReviewError> {
    let mut found =
        anomaly::detect(subject.rollup, days.start, days.end, &subject.options.anomalies)?;
    anomaly::name_resources(&mut found, &subject.estate.resource_costs)?;
    Ok(found)
}

/// Returns the anomaly report of a range of days.
pub(crate) fn report(
    subject: &Subject<'_>,
    days: &Range<NaiveDate>,
    found: Findings,
    (completeness, account_names): (&[DayCompleteness], &BTreeMap<String, String>),
) -> AnomalyReport {
    let mut notes = notes::of_bill(subject);
    notes.extend(notes::of_anomalies(&found));
    AnomalyReport {
        header: subject.header.clone(),
        replay: false,
        raised_from: days.start,
        raised_until: days.end,
        completeness: completeness.to_vec(),
        anomaly_thresholds: subject.options.anomalies.thresholds,
        account_names: account_names.clone(),
        anomalies: found.anomalies,
        drops: found.drops,
        known: found.known,
        alerts: None,
        notes,
        muted: found.muted,
        muted_parts: found.muted_parts,
    }
}
