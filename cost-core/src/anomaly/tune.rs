//! Tuning of thresholds: how many anomalies each pair would have raised.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::incident;
use super::scan::Direction;
use super::series::series;
use super::settings::{Settings, Thresholds};
use crate::rollup::{QueryError, Rollup};

/// Percentages that are tried.
const RELATIVE_PCT: [u32; 7] = [25, 35, 50, 75, 100, 200, 400];
/// Floors that are tried, as multiples of the configured one.
const FLOORS: [u32; 7] = [1, 2, 5, 10, 20, 50, 100];
/// Days in a month, on average over four years.
const DAYS_IN_MONTH: Decimal = Decimal::from_parts(3044, 0, 0, false, 2);

/// Returns `count` in a half-open range of days as a monthly rate, to one decimal.
pub(crate) fn a_month(count: usize, from: NaiveDate, until: NaiveDate) -> Decimal {
    let days = until.signed_duration_since(from).num_days().max(1);
    (Decimal::from(count) * DAYS_IN_MONTH / Decimal::from(days)).round_dp(1)
}

/// Pair of thresholds and its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Trial {
    /// Thresholds.
    pub thresholds: Thresholds,
    /// Anomalies that would have been raised in the range.
    pub raised: u32,
    /// Anomalies that would have been raised per month.
    pub raised_a_month: Decimal,
    /// Σ of their excess, in whole units of the bill's currency.
    pub excess: Decimal,
}

/// Thresholds tested on past days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tuning {
    /// First day of the range.
    pub from: NaiveDate,
    /// Day after the end of the range.
    pub until: NaiveDate,
    /// Largest allowed number of anomalies per month.
    pub most_a_month: u32,
    /// All trials, ordered by percentage, then floor.
    pub trials: Vec<Trial>,
    /// Proposed trial: within the limit, the one with the largest reported excess; if equal, the
    /// lowest percentage and floor. `None` if no trial is within the limit.
    pub proposed: Option<Trial>,
}

/// Replays the half-open range of days with each pair of thresholds, and proposes the pair with the
/// largest reported excess and at most `most_a_month` anomalies. Rules for parts of the estate stay
/// unchanged.
///
/// # Errors
/// [`QueryError`].
pub fn tune(
    rollup: &Rollup,
    from: NaiveDate,
    until: NaiveDate,
    settings: &Settings,
    most_a_month: u32,
) -> Result<Tuning, QueryError> {
    let mut tuning = Tuning { from, until, most_a_month, trials: Vec::new(), proposed: None };
    let set = series(rollup, until, settings)?;
    for relative_pct in RELATIVE_PCT {
        for floor in FLOORS.map(|f| f.saturating_mul(settings.thresholds.floor.max(1))) {
            let thresholds = Thresholds { relative_pct, floor, ..settings.thresholds };
            let trial = Settings { thresholds, ..settings.clone() };
            let found = incident::find(&set, Direction::Rise, &trial);
            let in_range = |at: &usize| {
                let incident = &found.all[*at];
                incident.known.is_none() && set.calendar.day(incident.members[0].run.raised) >= from
            };
            let counted: Vec<usize> = (0..found.all.len()).filter(in_range).collect();
            let raised = u32::try_from(counted.len()).unwrap_or(u32::MAX);
            let raised_a_month = a_month(counted.len(), from, until);
            let excess: f64 = counted.iter().map(|at| found.total_excess(&set, *at)).sum();
            let excess = Decimal::try_from(excess.round()).unwrap_or_default();
            tuning.trials.push(Trial { thresholds, raised, raised_a_month, excess });
        }
    }
    let fits = tuning.trials.iter().filter(|t| t.raised_a_month <= Decimal::from(most_a_month));
    let key =
        |t: &&Trial| (t.excess, std::cmp::Reverse((t.thresholds.relative_pct, t.thresholds.floor)));
    tuning.proposed = fits.max_by_key(key).copied();
    Ok(tuning)
}
