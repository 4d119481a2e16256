//! Base series of the benchmark: `datasets/series/daily.csv`.

use chrono::NaiveDate;

/// Path of the series in the repository.
const SERIES: &str = include_str!("../../../datasets/series/daily.csv");
/// Mean daily cost that every series is scaled to, USD: far above the minimum excess, so that the
/// minimum has no effect.
pub(crate) const MEAN: f64 = 200.0;
/// Minimum length of a series in days, so that events have a history before them.
const LONG: usize = 200;

/// Half of the series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    /// Development half, for choosing the numbers.
    Dev,
    /// Test half, for the report.
    Test,
}

/// Daily series as costs with a mean of [`MEAN`] a day.
pub(crate) struct Base {
    pub(crate) source: String,
    pub(crate) name: String,
    pub(crate) first: NaiveDate,
    pub(crate) costs: Vec<f64>,
    /// Robust standard deviation of what the same weekday of the last six weeks does not explain,
    /// as a share of the mean.
    pub(crate) noise: f64,
}

/// Returns the series of one half: those that are long enough, sorted by source and name, are
/// assigned to the halves in turn.
pub(crate) fn load(half: Half) -> Vec<Base> {
    let mut rows = csv::Reader::from_reader(SERIES.as_bytes());
    let all = rows.records().map(|row| base(&row.expect("the series are in the repository")));
    let long = all.filter(|b| b.costs.len() >= LONG).enumerate();
    long.filter(|(at, _)| (at % 2 == 0) == (half == Half::Dev)).map(|(_, b)| b).collect()
}

fn base(row: &csv::StringRecord) -> Base {
    let values: Vec<f64> = row[3].split(';').map(|v| v.parse().expect("a number")).collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let costs: Vec<f64> = values.iter().map(|v| v * MEAN / mean).collect();
    let noise = noise(&costs);
    Base {
        source: row[0].to_owned(),
        name: row[1].to_owned(),
        first: row[2].parse().expect("a day"),
        costs,
        noise,
    }
}

/// Returns the median; 0 for an empty list.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    if values.is_empty() {
        0.0
    } else {
        f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2])
    }
}

fn noise(costs: &[f64]) -> f64 {
    let same =
        |t: usize| (1..=6).filter_map(move |w| costs.get(t.checked_sub(7 * w)?).copied()).collect();
    let error = |t: usize| (costs[t] - median(same(t))).abs();
    1.482_6 * median((14..costs.len()).map(error).collect()) / MEAN
}
