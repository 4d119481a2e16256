//! The report of anomalies alone: of a month, of a range of days replayed, or of all there is.

use chrono::NaiveDate;

use super::{AnomalyReport, ReviewError, anomalies_until, completeness, groups, header};
use crate::anomaly::Settings;
use crate::estate::Estate;
use crate::month::Month;
use crate::rollup::Rollup;

/// Which anomalies.
#[derive(Clone, Debug, Default)]
pub struct AnomalyOptions {
    /// Those raised in the month, and if it has just ended in the days since; `None` for the last that has ended by `as_of`.
    pub month: Option<Month>,
    /// The day to look from; `None` for the estate's own, or the day after the last charge.
    pub as_of: Option<NaiveDate>,
    /// Instead of a month: those raised in this half-open range, as nothing after it were known.
    pub raised: Option<(NaiveDate, NaiveDate)>,
    /// Whether the range is a replay of past days: anomalies are told in the order in which they were raised.
    pub replay: bool,
    /// How to look for them.
    pub settings: Settings,
}

/// Makes the report of anomalies.
///
/// # Errors
/// [`ReviewError`].
pub fn anomalies(
    estate: &Estate,
    rollup: &Rollup,
    focus_version: &str,
    options: &AnomalyOptions,
) -> Result<AnomalyReport, ReviewError> {
    let header = header(estate, rollup, focus_version, options.month, options.as_of)?;
    let (month, as_of) = (header.month, header.estate.as_of);
    let (from, until) = options.raised.unwrap_or((month.first_day(), anomalies_until(month, as_of)));
    let mut found = super::found(estate, rollup, (from, until), &options.settings)?;
    if options.replay {
        found.anomalies.sort_by(|a, b| (a.raised_on, &a.id).cmp(&(b.raised_on, &b.id)));
        found.drops.sort_by(|a, b| (a.raised_on, &a.id).cmp(&(b.raised_on, &b.id)));
    }
    Ok(AnomalyReport {
        completeness: completeness::last_days(rollup, as_of)?,
        header,
        replay: options.replay,
        raised_from: from,
        raised_until: until,
        anomaly_thresholds: options.settings.thresholds,
        account_names: groups::account_names(rollup)?,
        anomalies: found.anomalies,
        drops: found.drops,
        known: found.known,
        alerts: None,
        notes: super::notes_of(estate, rollup),
    })
}
