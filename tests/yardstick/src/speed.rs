//! Time of a replay, by number of series.

use std::time::Instant;

use chrono::NaiveDate;
use cost_core::anomaly::{Calendar, Level, Scope, Series, SeriesSet, Settings, Thresholds, raised};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const DAYS: usize = 400;
/// Number of days at the end that are replayed.
const REPLAYED: usize = 30;
/// Services per account: the series are services in accounts, with the levels above them.
const SERVICES: usize = 50;

/// Measures a replay of the last 30 of 400 days for 1,000, 10,000, and 100,000 series of services
/// in accounts, plus the series above them.
pub(crate) fn curve() -> String {
    let mut out = format!(
        "{:>10}{:>12}{:>12}{:>12}{:>22}\n",
        "series", "seconds", "us a series", "raised", "of that, last 30 days"
    );
    // With a share of an estate of 100,000 services as the minimum, no series would exceed it, and
    // there would be too little work.
    let thresholds = Thresholds { floor_per_mille_of_estate: 0, ..Thresholds::default() };
    let settings = Settings { thresholds, ..Settings::default() };
    for count in [1_000, 10_000, 100_000] {
        let set = estate(count);
        let start = Instant::now();
        let all = raised(&set, &settings);
        let seconds = start.elapsed().as_secs_f64();
        let from = set.calendar.day(DAYS - REPLAYED);
        let recent = all.iter().filter(|r| r.raised_on >= from).count();
        out.push_str(&format!(
            "{:>10}{seconds:>12.2}{:>12.1}{:>12}{recent:>22}\n",
            set.series.len(),
            1e6 * seconds / set.series.len() as f64,
            all.len()
        ));
    }
    out
}

/// Creates noisy weekly series; one in fifty rises for a while.
fn estate(count: usize) -> SeriesSet {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let calendar = Calendar::new(NaiveDate::from_ymd_opt(2025, 1, 1).unwrap_or_default(), DAYS);
    let mut series = Vec::new();
    let mut levels = std::collections::BTreeMap::<(Level, Scope), Vec<f64>>::new();
    for at in 0..count {
        let size = 10_f64.powf(rng.random_range(0.0..4.0));
        let noise = rng.random_range(0.01..0.15);
        let event = rng.random_range(60..DAYS - 1);
        let rises = at % 50 == 0;
        let costs: Vec<f64> = (0..DAYS)
            .map(|t| {
                let week = if t % 7 >= 5 { 0.7 } else { 1.0 };
                let rise = if rises && (event..event + 5).contains(&t) { 2.0 } else { 1.0 };
                size * week
                    * rise
                    * (1.0 + noise * (rng.random_range(-1.0..1.0) + rng.random_range(-1.0..1.0)))
            })
            .collect();
        let account = Some(format!("{:06}", at / SERVICES));
        let service = Some(format!("service {:02}", at % SERVICES));
        let scope = |account, service| Scope {
            sub_account_id: account,
            service_name: service,
            ..Scope::default()
        };
        for (level, scope) in [
            (Level::Total, Scope::default()),
            (Level::Account, scope(account.clone(), None)),
            (Level::Service, scope(None, service.clone())),
        ] {
            let sum = levels.entry((level, scope)).or_insert_with(|| vec![0.0; DAYS]);
            sum.iter_mut().zip(&costs).for_each(|(sum, cost)| *sum += cost);
        }
        series.push(Series { level: Level::AccountService, scope: scope(account, service), costs });
    }
    series.extend(levels.into_iter().map(|((level, scope), costs)| Series { level, scope, costs }));
    SeriesSet::new(calendar, series)
}
