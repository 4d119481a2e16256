//! What was out of the ordinary: in a month, or in a range of days as nothing after it were known.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;

use super::notes;
use super::options::ReviewError;
use super::subject::Subject;
use super::types::{AnomalyReport, DayCompleteness};
use crate::anomaly::{self, Findings};
use crate::month::Month;

/// The days that belong to the month under review: those of the month, and if it has just ended
/// what there is of the days since, which would otherwise wait for weeks.
pub(crate) fn in_month(subject: &Subject<'_>) -> Range<NaiveDate> {
    let (month, as_of) = (subject.header.month, subject.header.estate.as_of);
    let until = if month.plus(1) == Month::of(as_of) { as_of } else { month.end() };
    month.first_day()..until
}

/// The anomalies that became clear within a range of days, with the resources behind them that the
/// bill or the estate tells.
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

/// The report of what was found in a range of days.
pub(crate) fn report(
    subject: &Subject<'_>,
    days: &Range<NaiveDate>,
    found: Findings,
    (completeness, account_names): (&[DayCompleteness], &BTreeMap<String, String>),
) -> AnomalyReport {
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
        notes: notes::of_bill(subject),
    }
}
