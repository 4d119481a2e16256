//! Compared methods: the detector of this project, and baselines. All evaluate a day by the days
//! before it.

use cost_core::anomaly::{Calendar, Direction, Limits, scan};
use stlrs::Stl;

use crate::corpus::median;
use crate::inject::Case;

/// Days with an alarm.
pub(crate) type Raised = Vec<usize>;

/// Minimum excess per day, USD: the default of the project, for all methods.
const FLOOR: f64 = 10.0;
/// Minimum excess relative to the expected cost: the default of the project, for the candidate
/// methods.
const RELATIVE: f64 = 0.25;
/// Robust deviations of the candidates; the default of the project.
const DEVIATIONS: f64 = 4.5;
/// Alarm days at most this far apart are one alarm, as in the detector.
const GAP: usize = 9;
/// 1 ÷ Φ⁻¹(0.75).
const MAD_TO_SIGMA: f64 = 1.482_6;

/// Detection method.
pub(crate) struct Method {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Case, &Calendar) -> Raised,
}

/// All methods: first the detector of this project, then baselines, then other candidates for the
/// detector.
pub(crate) const METHODS: [Method; 6] = [
    Method { name: "cost", run: ours },
    Method {
        name: "mean + 3 sigma, 14 days",
        run: |c, _| daily(c, 14, |b, y| y > mean(b) + 3.0 * deviation(b)),
    },
    Method { name: "25 % over 7-day mean", run: |c, _| daily(c, 7, |b, y| y > 1.25 * mean(b)) },
    Method { name: "4 same weekdays, 3.5 MAD", run: |c, _| daily(c, 28, weekday) },
    Method { name: "STL forecast, 4.5 MAD", run: |c, _| daily(c, 63, stl) },
    Method { name: "S-H-ESD, 8 weeks", run: |c, _| daily(c, 56, s_h_esd) },
];

fn ours(case: &Case, calendar: &Calendar) -> Raised {
    let floor = vec![FLOOR; case.costs.len()];
    let limits = Limits { relative: RELATIVE, floor: &floor, deviations: DEVIATIONS };
    let new_from = if case.new { 14 } else { usize::MAX };
    scan(&case.costs, calendar, new_from, Direction::Rise, &limits)
        .runs
        .iter()
        .map(|r| r.raised)
        .collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn deviation(values: &[f64]) -> f64 {
    let m = mean(values);
    (values.iter().map(|x| (x - m).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

/// Returns the robust standard deviation around the median.
fn robust_deviation(values: &[f64]) -> f64 {
    let center = median(values.to_vec());
    MAD_TO_SIGMA * median(values.iter().map(|x| (x - center).abs()).collect())
}

fn weekday(before: &[f64], y: f64) -> bool {
    let same: Vec<f64> = (1..=4).map(|w| before[before.len() - 7 * w]).collect();
    y > median(same.clone()) + 3.5 * robust_deviation(&same)
}

/// Seasonal-trend decomposition (Cleveland et al., 1990) of the nine weeks before: the last trend
/// and the season of a week ago are the forecast, the remainders the noise.
fn stl(before: &[f64], y: f64) -> bool {
    let series: Vec<f32> = before.iter().map(|v| *v as f32).collect();
    let Ok(fit) = Stl::params().robust(true).fit(&series, 7) else { return false };
    let n = series.len();
    let forecast = f64::from(fit.trend()[n - 1]) + f64::from(fit.seasonal()[n - 7]);
    let noise: Vec<f64> = fit.remainder().iter().map(|r| f64::from(*r)).collect();
    y - forecast > (RELATIVE * forecast).max(DEVIATIONS * robust_deviation(&noise))
}

/// Seasonal hybrid ESD (Hochenbaum, Vallis and Kejariwal, 2017) over the eight weeks up to the day,
/// as it is used online: the season by STL, the median, and the deviation test by MAD; the day must
/// be among the outliers.
fn s_h_esd(before: &[f64], y: f64) -> bool {
    let series: Vec<f32> = before.iter().chain([&y]).map(|v| *v as f32).collect();
    let Ok(fit) = Stl::params().robust(true).fit(&series, 7) else { return false };
    let season = fit.seasonal();
    let values: Vec<f64> = series.iter().zip(season).map(|(v, s)| f64::from(v - s)).collect();
    let rest = y - f64::from(season[series.len() - 1]) - median(values.clone());
    // The critical value of the generalized ESD test at 0.1 % for 57 days, one-sided.
    rest > 3.9 * robust_deviation(&values)
}

/// Runs a test for each scored day against the `days` before it.
fn daily(case: &Case, days: usize, alarm: fn(&[f64], f64) -> bool) -> Raised {
    let mut raised = Vec::new();
    let mut last = None;
    for t in days.max(case.scored.0.saturating_sub(GAP))..case.scored.1 {
        let (before, y) = (&case.costs[t - days..t], case.costs[t]);
        if y - mean(before) > FLOOR && alarm(before, y) {
            if last.is_none_or(|l| t - l > GAP) {
                raised.push(t);
            }
            last = Some(t);
        }
    }
    raised
}
