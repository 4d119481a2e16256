//! Daily cost series of an estate, at every monitored level.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::expect::{Calendar, number};
use super::scope::{Level, Scope};
use super::settings::Settings;
use crate::cells::days_since_1970;
use crate::focus::TAG_PREFIX;
use crate::money::{Money, MoneyError};
use crate::rollup::{QueryError, Rollup, days_in};

/// Daily cost series.
#[derive(Clone, Debug)]
pub struct Series {
    /// Level.
    pub level: Level,
    /// Part of the estate.
    pub scope: Scope,
    /// Cost per day of the calendar, in the bill's currency; 0 on days without charges. Used for
    /// statistics only, never converted back into amounts.
    pub costs: Vec<f64>,
}

/// Daily cost series of an estate.
#[derive(Clone, Debug)]
pub struct SeriesSet {
    /// Days of the series.
    pub calendar: Calendar,
    /// Series, by level and scope.
    pub series: Vec<Series>,
    /// Mean daily cost of the estate before each day; for the first day, its own cost.
    pub mean: Vec<f64>,
}

impl SeriesSet {
    /// Creates a set from `series`, which must cover all days of `calendar`.
    #[must_use]
    pub fn new(calendar: Calendar, mut series: Vec<Series>) -> Self {
        series.sort_by(|a, b| (a.level, &a.scope).cmp(&(b.level, &b.scope)));
        let total = series
            .iter()
            .find(|s| s.level == Level::Total)
            .map(|s| s.costs.as_slice())
            .unwrap_or_default();
        let mut sum = 0.0;
        let mean = total.iter().enumerate().map(|(day, cost)| {
            let before = if day == 0 { *cost } else { sum / number(day) };
            sum += cost;
            before
        });
        let mean = mean.collect();
        Self { calendar, series, mean }
    }
}

/// Returns Σ `EffectiveCost` of usage per day, from the roll-up's first day to before `until`, at
/// every level. Purchases, taxes, credits, refunds, corrections, and parts excluded by the settings
/// are not included.
///
/// # Errors
/// [`QueryError`].
pub fn series(
    rollup: &Rollup,
    until: NaiveDate,
    settings: &Settings,
) -> Result<SeriesSet, QueryError> {
    let (first, end) =
        rollup.cube.day_range().map_or((until, until), |(first, end)| (first, end.min(until)));
    let len = usize::try_from(end.signed_duration_since(first).num_days()).unwrap_or(0);
    let usage =
        || settings.watched(Scope::default().filter().and(days_in("ChargeDay", first, end)));
    let mut sums = Sums {
        start: days_since_1970(first),
        len,
        at: BTreeMap::new(),
        costs: Vec::new(),
        fits: true,
    };
    // Positions of the series by level, for each combination of account, service, region, and usage
    // type: one shared text, so that a row allocates no new ones.
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    let mut text = String::new();
    let keys = ["SubAccountId", "ServiceName", "RegionId", "SkuMeter"];
    rollup.cube.each_cost(keys, usage(), |key, day, cost| {
        text.clear();
        for value in key {
            // A separator that no text in a bill ends with keeps ("ab", "c") and ("a", "bc")
            // distinct, and an empty text distinct from null.
            text.push_str(value.unwrap_or("\u{1}"));
            text.push('\u{0}');
        }
        if !places.contains_key(&text) {
            let new = Level::FIXED.iter().filter_map(|l| Some(sums.place(*l, l.scope_of(key)?)));
            places.insert(text.clone(), new.collect());
        }
        places.get(&text).into_iter().flatten().for_each(|place| sums.add(*place, day, cost));
    })?;
    for tag in rollup.cube.tag_keys() {
        rollup.cube.each_cost([&format!("{TAG_PREFIX}{tag}")], usage(), |[value], day, cost| {
            if let Some(value) = value {
                let place = sums.place(
                    Level::Tag,
                    Scope { tag: Some(format!("{tag}={value}")), ..Scope::default() },
                );
                sums.add(place, day, cost);
            }
        })?;
    }
    let Sums { at, costs, fits, .. } = sums;
    if !fits {
        return Err(MoneyError::Overflow.into());
    }
    let number = |cost: &i128| cost_of_scaled(*cost);
    let one = |((level, scope), place): ((Level, Scope), usize)| Series {
        level,
        scope,
        costs: costs[place].iter().map(number).collect(),
    };
    Ok(SeriesSet::new(Calendar::new(first, len), at.into_iter().map(one).collect()))
}

/// Daily sums in 10⁻¹² units: exact, so that the order of rows does not matter.
struct Sums {
    start: i32,
    len: usize,
    at: BTreeMap<(Level, Scope), usize>,
    costs: Vec<Vec<i128>>,
    /// Whether all sums fit into 128 bits.
    fits: bool,
}

impl Sums {
    fn place(&mut self, level: Level, scope: Scope) -> usize {
        *self.at.entry((level, scope)).or_insert_with(|| {
            self.costs.push(vec![0; self.len]);
            self.costs.len() - 1
        })
    }

    fn add(&mut self, place: usize, day: i32, cost: i128) {
        let index = usize::try_from(day - self.start).ok();
        if let Some(sum) = index.and_then(|i| self.costs.get_mut(place)?.get_mut(i)) {
            let (total, overflow) = sum.overflowing_add(cost);
            *sum = total;
            self.fits &= !overflow;
        }
    }
}

/// Converts an amount in 10⁻¹² units to a number for statistics.
fn cost_of_scaled(cost: i128) -> f64 {
    use rust_decimal::prelude::ToPrimitive;
    cost.to_f64().unwrap_or(0.0) / 1e12
}

/// Converts an amount to a number for statistics.
pub(super) fn cost_of(money: &Money) -> f64 {
    use rust_decimal::prelude::ToPrimitive;
    money.amount().to_f64().unwrap_or(0.0)
}
