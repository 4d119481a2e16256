//! The methods compared: the project's, and baselines.

use cost_core::anomaly::{Calendar, Direction, Limits, scan};

use crate::inject::Case;

/// Days on which an alarm was raised, given everything up to each day.
pub(crate) type Raised = Vec<usize>;

pub(crate) const FLOOR: f64 = 10.0;

pub(crate) struct Method {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Case, &Calendar) -> Raised,
}

pub(crate) const METHODS: [Method; 4] = [
    Method { name: "cost", run: ours },
    Method { name: "mean + 3 sigma, 14 days", run: |c, _| runs(c, 14, |b, y| y > mean(b) + 3.0 * deviation(b)) },
    Method { name: "25 % over 7-day mean", run: |c, _| runs(c, 7, |b, y| y > 1.25 * mean(b)) },
    Method { name: "weekday median + MAD", run: |c, _| runs(c, 28, weekday) },
];

fn ours(case: &Case, calendar: &Calendar) -> Raised {
    let floor = vec![FLOOR; case.costs.len()];
    let limits = Limits { relative: 0.25, floor: &floor, deviations: 4.5 };
    let new_from = if case.new { 14 } else { usize::MAX };
    scan(&case.costs, calendar, new_from, Direction::Rise, &limits).runs.iter().map(|r| r.raised).collect()
}

fn mean(v: &[f64]) -> f64 {
    v.iter().sum::<f64>() / v.len() as f64
}

fn deviation(v: &[f64]) -> f64 {
    let m = mean(v);
    (v.iter().map(|x| (x - m).powi(2)).sum::<f64>() / (v.len() - 1) as f64).sqrt()
}

fn weekday(before: &[f64], y: f64) -> bool {
    let n = before.len();
    let same: Vec<f64> = (1..=4).map(|w| before[n - 7 * w]).collect();
    let centre = crate::corpus::median(same.clone());
    let mad = crate::corpus::median(same.iter().map(|x| (x - centre).abs()).collect());
    y > centre + 3.5 * 1.4826 * mad
}

/// Alarm days no more than 6 days apart are one alarm, as with ours.
fn runs(case: &Case, days: usize, alarm: fn(&[f64], f64) -> bool) -> Raised {
    let mut raised = Vec::new();
    let mut last = None;
    for t in days..case.costs.len() {
        let (before, y) = (&case.costs[t - days..t], case.costs[t]);
        if alarm(before, y) && y - mean(before) > FLOOR {
            if last.is_none_or(|l| t - l > 6) {
                raised.push(t);
            }
            last = Some(t);
        }
    }
    raised
}
