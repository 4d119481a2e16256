//! How well the first days of traces predict the CPU of the other days.

use schemars::JsonSchema;
use serde::Serialize;

use crate::rightsizing::CPU_LIMIT_PCT;
use crate::usage::as_f64;

/// Error that counts as wrong, percentage points of CPU.
const POINTS: f64 = 5.0;

/// Error of the predicted 99th percentile of hourly CPU maxima, on the current types.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Predicted {
    /// Number of machines with records in both periods.
    pub machines: usize,
    /// Mean absolute error, percentage points.
    pub mean_error_points: f64,
    /// Mean of predicted minus observed, percentage points.
    pub bias_points: f64,
    /// Share of the machines that needed more than 5 points above the prediction, percent.
    pub too_low_pct: f64,
    /// Share of the machines that needed more than 5 points below the prediction, percent.
    pub too_high_pct: f64,
}

/// Machines whose 99th percentile of hourly CPU maxima is above 70 % on the current type: found
/// from the first days, and on the other days.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TooSmall {
    /// Number of machines found from the first days.
    pub found: usize,
    /// Number of machines that were too small on the other days.
    pub observed: usize,
    /// Share of the machines found that were too small, percent; `None` if none was found.
    pub precision_pct: Option<f64>,
    /// Share of the machines that were too small that were found, percent; `None` if none was.
    pub recall_pct: Option<f64>,
}

fn share(part: usize, all: usize) -> f64 {
    100.0 * as_f64(part) / as_f64(all.max(1))
}

impl Predicted {
    /// Returns the errors of pairs of predicted and observed percentages.
    pub(super) fn of(pairs: &[(f64, f64)]) -> Self {
        let count = |is: &dyn Fn(f64) -> bool| pairs.iter().filter(|(p, o)| is(p - o)).count();
        let mean = |of: &dyn Fn(f64) -> f64| {
            pairs.iter().map(|(p, o)| of(p - o)).sum::<f64>() / as_f64(pairs.len().max(1))
        };
        Self {
            machines: pairs.len(),
            mean_error_points: mean(&f64::abs),
            bias_points: mean(&|error| error),
            too_low_pct: share(count(&|error| error < -POINTS), pairs.len()),
            too_high_pct: share(count(&|error| error > POINTS), pairs.len()),
        }
    }
}

impl TooSmall {
    /// Counts pairs of predicted and observed percentages above the limit.
    pub(super) fn of(pairs: &[(f64, f64)]) -> Self {
        let count =
            |is: &dyn Fn(f64, f64) -> bool| pairs.iter().filter(|(p, o)| is(*p, *o)).count();
        let found = count(&|predicted, _| predicted > CPU_LIMIT_PCT);
        let observed = count(&|_, observed| observed > CPU_LIMIT_PCT);
        let both = count(&|predicted, observed| predicted.min(observed) > CPU_LIMIT_PCT);
        Self {
            found,
            observed,
            precision_pct: (found > 0).then(|| share(both, found)),
            recall_pct: (observed > 0).then(|| share(both, observed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out by hand: one machine is predicted 20 points too low, one 10 too high.
    #[test]
    fn errors_and_machines_that_are_too_small_are_counted() {
        let pairs = [(60.0, 80.0), (90.0, 80.0), (75.0, 74.0), (10.0, 11.0)];
        let of = Predicted::of(&pairs);
        assert_eq!((of.machines, of.mean_error_points, of.bias_points), (4, 8.0, -2.5));
        assert_eq!((of.too_low_pct, of.too_high_pct), (25.0, 25.0));
        let small = TooSmall::of(&pairs);
        assert_eq!((small.found, small.observed), (2, 3));
        assert_eq!(small.precision_pct, Some(100.0));
        assert!(small.recall_pct.is_some_and(|pct| (pct - 200.0 / 3.0).abs() < 1e-9));
        assert_eq!(TooSmall::of(&[]).recall_pct, None);
    }
}
