//! The daily series of an estate, at every level that is watched.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::expect::{Calendar, number};
use super::scope::{Level, Scope};
use super::settings::Settings;
use crate::focus::TAG_PREFIX;
use crate::money::Money;
use crate::rollup::{Group, QueryError, Rollup, days_in};

/// One daily series.
#[derive(Clone, Debug)]
pub struct Series {
    /// Level.
    pub level: Level,
    /// Part of the estate.
    pub scope: Scope,
    /// Cost a day of the calendar, in the bill's currency; 0 where there was no charge. For statistics only: never added back
    /// into money.
    pub costs: Vec<f64>,
}

/// The daily series of an estate.
#[derive(Clone, Debug)]
pub struct SeriesSet {
    /// Their days.
    pub calendar: Calendar,
    /// The series, by level and scope.
    pub series: Vec<Series>,
    /// Mean daily cost of the estate before each day, the day itself if it is the first.
    pub mean: Vec<f64>,
}

impl SeriesSet {
    /// The series of `series`, all of `calendar`'s days.
    #[must_use]
    pub fn new(calendar: Calendar, mut series: Vec<Series>) -> Self {
        series.sort_by(|a, b| (a.level, &a.scope).cmp(&(b.level, &b.scope)));
        let whole = series.iter().find(|s| s.level == Level::Total).map(|s| s.costs.as_slice()).unwrap_or_default();
        let mut sum = 0.0;
        let mean = whole.iter().enumerate().map(|(day, cost)| {
            let before = if day == 0 { *cost } else { sum / number(day) };
            sum += cost;
            before
        });
        let mean = mean.collect();
        Self { calendar, series, mean }
    }
}

/// Σ `EffectiveCost` of usage a day, from the roll-up's first day up to `end`, at every level. Purchases, taxes, credits,
/// refunds and corrections are not in it, nor what the settings exclude.
///
/// # Errors
/// [`QueryError`].
pub fn series(rollup: &Rollup, first: NaiveDate, end: NaiveDate, settings: &Settings) -> Result<SeriesSet, QueryError> {
    let len = usize::try_from(end.signed_duration_since(first).num_days()).unwrap_or(0);
    let usage = || settings.watched(Scope::default().filter().and(days_in("ChargeDay", first, end)));
    let mut found: BTreeMap<(Level, Scope), Vec<f64>> = BTreeMap::new();
    let mut add = |level: Level, scope: Scope, groups: &[&Group], day_at: usize| {
        let costs = found.entry((level, scope)).or_insert_with(|| vec![0.0; len]);
        for group in groups {
            let day = group.key(day_at).parse::<NaiveDate>().ok();
            let index = day.and_then(|d| usize::try_from(d.signed_duration_since(first).num_days()).ok());
            if let Some(cost) = index.and_then(|i| costs.get_mut(i)) {
                *cost += cost_of(&group.amounts.effective);
            }
        }
    };
    let keys = ["SubAccountId", "ServiceName", "RegionId", "SkuMeter", "ChargeDay"];
    let groups = rollup.cube.sum_by(&keys, usage())?;
    for same in groups.chunk_by(|a, b| a.keys[..4] == b.keys[..4]) {
        let key = [0, 1, 2, 3].map(|k| same[0].keys[k].as_deref());
        let same: Vec<&Group> = same.iter().collect();
        for level in Level::FIXED {
            if let Some(scope) = level.scope_of(key) {
                add(level, scope, &same, 4);
            }
        }
    }
    for tag in rollup.cube.tag_keys() {
        let column = format!("{TAG_PREFIX}{tag}");
        let groups = rollup.cube.sum_by(&[&column, "ChargeDay"], usage())?;
        for same in groups.chunk_by(|a, b| a.keys[0] == b.keys[0]) {
            let Some(value) = &same[0].keys[0] else { continue };
            let scope = Scope { tag: Some(format!("{tag}={value}")), ..Scope::default() };
            add(Level::Tag, scope, &same.iter().collect::<Vec<_>>(), 1);
        }
    }
    let series = found.into_iter().map(|((level, scope), costs)| Series { level, scope, costs }).collect();
    Ok(SeriesSet::new(Calendar::new(first, len), series))
}

/// An amount for statistics.
pub(super) fn cost_of(money: &Money) -> f64 {
    use rust_decimal::prelude::ToPrimitive;
    money.amount().to_f64().unwrap_or(0.0)
}
