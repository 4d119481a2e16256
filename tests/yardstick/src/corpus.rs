//! The base series: `datasets/series/daily.csv`.

use chrono::NaiveDate;

/// A real (or the demo's) daily series, as costs with a mean of [`MEAN`] a day.
pub(crate) struct Base {
    pub(crate) source: String,
    pub(crate) name: String,
    pub(crate) first: NaiveDate,
    pub(crate) costs: Vec<f64>,
    /// Robust standard deviation of what the same weekday of the last six weeks does not explain, as a share of the mean.
    pub(crate) noise: f64,
}

/// Mean daily cost that every series is scaled to, USD: well above the money floor, so that the floor decides nothing.
pub(crate) const MEAN: f64 = 200.0;

pub(crate) fn load(text: &str) -> Vec<Base> {
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let read = |row: csv::StringRecord| {
        let values: Vec<f64> = row[3].split(';').map(|v| v.parse().expect("a number")).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let costs: Vec<f64> = values.iter().map(|v| v * MEAN / mean).collect();
        let noise = noise(&costs);
        Base { source: row[0].to_owned(), name: row[1].to_owned(), first: row[2].parse().expect("a day"), costs, noise }
    };
    rows.records().map(|r| read(r.expect("a row"))).collect()
}

pub(crate) fn median(mut v: Vec<f64>) -> f64 {
    v.sort_by(f64::total_cmp);
    if v.is_empty() { 0.0 } else { f64::midpoint(v[(v.len() - 1) / 2], v[v.len() / 2]) }
}

fn noise(costs: &[f64]) -> f64 {
    let error = |t: usize| (costs[t] - median((1..=6).filter_map(|w| costs.get(t.wrapping_sub(7 * w)).copied()).collect())).abs();
    1.4826 * median((14..costs.len()).map(error).collect()) / MEAN
}

impl Base {
    /// Which half: series of one source are dealt out in turn, `dev` to choose by and `test` to report.
    pub(crate) fn is_long(&self) -> bool {
        self.costs.len() >= 200
    }
}
