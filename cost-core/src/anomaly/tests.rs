use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::scan::{Direction, Limits, scan};
use super::*;

const DAYS: usize = 150;

fn calendar() -> Calendar {
    Calendar::new(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(), DAYS)
}

/// Noise that is the same each time, within 3 % of 100, and a weekend at 70.
fn usual(seed: usize) -> Vec<f64> {
    let noise = |t: usize| {
        f64::from(u32::try_from((t * 7_919 + seed * 104_729) % 61).unwrap()) / 10.0 - 3.0
    };
    (0..DAYS).map(|t| (if (t + 3) % 7 >= 5 { 70.0 } else { 100.0 }) + noise(t)).collect()
}

/// Costs of (account, service, usage type), with all levels above them.
fn estate(parts: &[([&str; 3], Vec<f64>)]) -> SeriesSet {
    let mut found: BTreeMap<(Level, Scope), Vec<f64>> = BTreeMap::new();
    for ([account, service, usage], costs) in parts {
        for level in Level::FIXED {
            let scope =
                level.scope_of([Some(*account), Some(*service), Some("r1"), Some(*usage)]).unwrap();
            let sum = found.entry((level, scope)).or_insert_with(|| vec![0.0; DAYS]);
            sum.iter_mut().zip(costs).for_each(|(sum, cost)| *sum += cost);
        }
    }
    let series = found.into_iter().map(|((level, scope), costs)| Series { level, scope, costs });
    SeriesSet::new(calendar(), series.collect())
}

fn plus(mut costs: Vec<f64>, days: std::ops::Range<usize>, more: f64) -> Vec<f64> {
    costs[days].iter_mut().for_each(|c| *c += more);
    costs
}

fn found(set: &SeriesSet) -> Vec<(String, usize)> {
    let index = |day: NaiveDate| {
        usize::try_from(day.signed_duration_since(set.calendar.day(0)).num_days()).unwrap()
    };
    let mut found: Vec<(String, usize)> = raised(set, &Settings::default())
        .iter()
        .map(|r| (r.scope.to_string(), index(r.raised_on)))
        .collect();
    found.sort();
    found
}

#[test]
fn one_cause_is_one_anomaly_and_two_causes_are_two() {
    let calm = estate(&[(["1", "S3", "a"], usual(1)), (["2", "EC2", "b"], usual(2))]);
    assert_eq!(found(&calm), []);
    let one = estate(&[
        (["1", "S3", "a"], plus(usual(1), 100..104, 300.0)),
        (["2", "EC2", "b"], usual(2)),
    ]);
    let place = |account: &str, service: &str, usage: &str| {
        format!("account {account}, service {service}, region r1, usage type {usage}")
    };
    assert_eq!(found(&one), [(place("1", "S3", "a"), 100)]);
    let two = estate(&[
        (["1", "S3", "a"], plus(usual(1), 100..104, 300.0)),
        (["2", "EC2", "b"], plus(usual(2), 101..130, 250.0)),
        (["3", "RDS", "c"], usual(3)),
    ]);
    assert_eq!(found(&two), [(place("1", "S3", "a"), 100), (place("2", "EC2", "b"), 101)]);
}

#[test]
fn usage_types_of_one_service_that_rise_together_are_the_services() {
    let set = estate(&[
        (["1", "EC2", "a"], plus(usual(1), 100..110, 200.0)),
        (["1", "EC2", "b"], plus(usual(2), 100..110, 200.0)),
        (["2", "S3", "c"], usual(3)),
    ]);
    assert_eq!(found(&set), [("account 1, service EC2, region r1".to_owned(), 100)]);
}

#[test]
fn what_takes_the_place_of_something_else_is_no_anomaly() {
    let old = plus(usual(1), 100..DAYS, -69.0).iter().map(|c| c.max(0.0)).collect();
    let mut new = vec![0.0; DAYS];
    new[100..].fill(65.0);
    let set = estate(&[(["1", "EC2", "m5"], old), (["1", "EC2", "m7"], new)]);
    assert_eq!(found(&set), []);
}

#[test]
fn a_new_account_is_one_anomaly_whatever_it_runs() {
    let new = |at: usize, cost: f64| {
        let mut costs = vec![0.0; DAYS];
        costs[at..].fill(cost);
        costs
    };
    let set = estate(&[
        (["1", "EC2", "a"], usual(1)),
        (["1", "S3", "b"], usual(2)),
        (["9", "EC2", "a"], new(100, 80.0)),
        (["9", "S3", "b"], new(100, 40.0)),
        (["9", "RDS", "c"], new(102, 30.0)),
    ]);
    assert_eq!(found(&set), [("account 9".to_owned(), 100)]);
}

#[test]
fn small_rises_everywhere_are_reported_where_they_add_up() {
    // Each rises by less than its floor of 10 a day and by 30 %.
    let small = |seed| plus(usual(seed).iter().map(|c| c / 4.0).collect(), 100..110, 8.0);
    let names: Vec<String> = (0..20).map(|n| format!("service {n:02}")).collect();
    let of = |accounts: [&'static str; 2]| {
        let parts = names
            .iter()
            .enumerate()
            .map(|(n, name)| ([accounts[n % 2], name.as_str(), "a"], small(n)));
        found(&estate(&parts.collect::<Vec<_>>()))
            .into_iter()
            .map(|(scope, _)| scope)
            .collect::<Vec<_>>()
    };
    assert_eq!(of(["1", "1"]), ["account 1"]);
    assert_eq!(of(["1", "2"]), ["account 1", "account 2"]);
}

#[test]
fn a_lasting_rise_is_one_anomaly_that_ends_when_it_is_the_new_normal() {
    let floor = vec![10.0; DAYS];
    let limits = Limits { relative: 0.25, floor: &floor, deviations: 4.5 };
    let costs = plus(usual(1), 80..DAYS, 100.0);
    let found = scan(&costs, &calendar(), usize::MAX, Direction::Rise, &limits);
    assert_eq!(found.runs.len(), 1, "{:?}", found.runs);
    assert_eq!(
        (found.runs[0].raised, found.runs[0].last() < 80 + 36),
        (80, true),
        "{:?}",
        found.runs
    );
    // And its end is a drop, not a rise.
    let back = plus(usual(1), 60..120, 100.0);
    assert_eq!(scan(&back, &calendar(), usize::MAX, Direction::Rise, &limits).runs.len(), 1);
    assert_eq!(scan(&back, &calendar(), usize::MAX, Direction::Drop, &limits).runs[0].raised, 120);
}

#[test]
fn short_histories_need_more_and_say_so() {
    let floor = vec![10.0; DAYS];
    let limits = Limits { relative: 0.25, floor: &floor, deviations: 4.5 };
    let first = |more: f64| {
        let mut costs = vec![0.0; DAYS];
        costs[80..].copy_from_slice(&plus(usual(1), 95..96, more)[80..]);
        scan(&costs, &calendar(), usize::MAX, Direction::Rise, &limits)
    };
    assert_eq!(first(40.0).runs.len(), 0);
    let found = first(150.0);
    assert_eq!(found.runs.first().map(|r| r.raised), Some(95));
    assert_eq!(
        (found.expected.basis[86], found.expected.basis[95]),
        (Basis::Unknown, Basis::ShortHistory)
    );
}

proptest! {
    /// Nothing after a day counts: what is raised up to it is the same, whatever comes later.
    #[test]
    fn the_future_changes_nothing(
        seed in 0_usize..1000,
        cut in 40_usize..DAYS,
        events in prop::collection::vec((10_usize..140, 1_usize..10, 10.0_f64..400.0), 0..4),
    ) {
        let part = |n: usize| {
            let rises = events.iter().enumerate().filter(|(at, _)| at % 2 == n);
            let shift = |costs, &(from, days, more): &(usize, usize, f64)| plus(costs, from..(from + days).min(DAYS), more);
            rises.fold(usual(seed + n), |costs, (_, event)| shift(costs, event))
        };
        let names = [["1", "S3", "a"], ["2", "EC2", "b"]];
        let complete = estate(&[(names[0], part(0)), (names[1], part(1))]);
        let until = |mut costs: Vec<f64>| { costs.truncate(cut); costs };
        let series: Vec<Series> = complete
            .series
            .iter()
            .map(|s| Series { costs: until(s.costs.clone()), ..s.clone() })
            .collect();
        let cut_set = SeriesSet::new(Calendar::new(calendar().day(0), cut), series);
        let days = |set: &SeriesSet, end: usize| {
            let end = calendar().day(end);
            let mut days: Vec<NaiveDate> = raised(set, &Settings::default()).iter().map(|r| r.raised_on).collect();
            days.retain(|d| *d < end);
            days.sort();
            days
        };
        prop_assert_eq!(days(&cut_set, cut), days(&complete, cut));
    }
}
