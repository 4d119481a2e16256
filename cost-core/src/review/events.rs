//! Usage that began or ended within the compared months, and the anomalies of cost drivers.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::span::Span;
use super::types::{CostDriver, DriverAnomaly, DriverEvent, EventKind};
use crate::anomaly::Anomaly;
use crate::cells::{day, days_since_1970};
use crate::money::{Money, MoneyError};
use crate::rollup::{QueryError, Rollup, days_in, is_usage};

/// Days without cost before usage that began. Chosen: longer than any month, so that usage on one
/// day of each month did not begin.
const QUIET_BEFORE: u64 = 31;
/// Days without cost after usage that ended. Chosen: a day more than a week, so that weekly usage
/// did not end.
const QUIET_AFTER: i64 = 8;
/// Smallest change of a usage type, in percent of the change of its cost driver. Chosen: smaller
/// ones do not explain the change.
const MIN_SHARE_PCT: i64 = 10;
/// Most usage types per cost driver.
const MOST: usize = 3;

/// `SubAccountId`, `ServiceName`, `SkuMeter`.
type Leaf = [Option<String>; 3];

/// Days with cost, and `EffectiveCost` in the compared periods in 10⁻¹² units.
#[derive(Clone, Copy)]
struct Seen {
    first: i32,
    last: i32,
    now: i128,
    then: i128,
}

/// Adds the usage types that began or ended to each cost driver.
pub(super) fn add(
    rollup: &Rollup,
    span: &Span,
    cost_drivers: &mut [CostDriver],
) -> Result<(), QueryError> {
    let Some(last_month) = span.last_month else { return Ok(()) };
    let first = last_month.month.first_day();
    let from = first.checked_sub_days(Days::new(QUIET_BEFORE)).unwrap_or(first);
    let has_before = rollup.cube.days().is_some_and(|(start, _)| start <= from);
    let seen = seen(rollup, span, from)?;
    for mover in cost_drivers {
        let own = |leaf: &Leaf| leaf[0] == mover.sub_account_id && leaf[1] == mover.service_name;
        let mut events = Vec::new();
        for (leaf, seen) in seen.iter().filter(|(leaf, _)| own(leaf)) {
            let Some((kind, on)) = event(seen, (first, span.this.until), has_before) else {
                continue;
            };
            let change = change(seen, mover.change)?;
            let is_large = change
                .percent_of(mover.change)
                .is_some_and(|pct| pct.abs() >= MIN_SHARE_PCT.into());
            if is_large {
                events.push(DriverEvent { kind, day: on, usage_type: leaf[2].clone(), change });
            }
        }
        events.sort_by(|a, b| {
            let size = b.change.amount().abs().cmp(&a.change.amount().abs());
            size.then_with(|| a.usage_type.cmp(&b.usage_type))
        });
        events.truncate(MOST);
        mover.events = events;
    }
    Ok(())
}

fn change(seen: &Seen, like: Money) -> Result<Money, MoneyError> {
    let amount = |scaled| Money::from_scaled(scaled, like.currency());
    amount(seen.now)?.try_sub(amount(seen.then)?)
}

/// Returns whether usage began or ended, and the day.
fn event(
    seen: &Seen,
    (first, until): (NaiveDate, NaiveDate),
    has_before: bool,
) -> Option<(EventKind, NaiveDate)> {
    let (began, ended) = (day(seen.first)?, day(seen.last)?);
    let is_over = until.signed_duration_since(ended).num_days() > QUIET_AFTER;
    match () {
        () if is_over && ended >= first => Some((EventKind::Ended, ended)),
        () if has_before && began > first => Some((EventKind::Began, began)),
        () => None,
    }
}

/// Returns the days with cost of each usage type from a day on.
fn seen(rollup: &Rollup, span: &Span, from: NaiveDate) -> Result<BTreeMap<Leaf, Seen>, QueryError> {
    let since = days_since_1970;
    let now = since(span.this.month.first_day());
    let then = span.last_month.map_or((now, now), |p| (since(p.month.first_day()), since(p.until)));
    let mut all: BTreeMap<Leaf, Seen> = BTreeMap::new();
    let keys = ["SubAccountId", "ServiceName", "SkuMeter"];
    let days = days_in("ChargeDay", from, span.this.until);
    rollup.cube.each_cost(keys, is_usage().and(days), |leaf, day, cost| {
        if cost == 0 {
            return;
        }
        let leaf = leaf.map(|key| key.map(ToOwned::to_owned));
        let seen = all.entry(leaf).or_insert(Seen { first: day, last: day, now: 0, then: 0 });
        (seen.first, seen.last) = (seen.first.min(day), seen.last.max(day));
        if day >= now {
            seen.now = seen.now.saturating_add(cost);
        } else if (then.0..then.1).contains(&day) {
            seen.then = seen.then.saturating_add(cost);
        }
    })?;
    Ok(all)
}

/// Adds the anomalies of its account and service to each cost driver, by first day.
pub(super) fn name_anomalies<'a>(
    cost_drivers: &mut [CostDriver],
    anomalies: impl Iterator<Item = &'a Anomaly> + Clone,
) {
    for mover in cost_drivers {
        let own = anomalies.clone().filter(|a| {
            a.scope.sub_account_id == mover.sub_account_id
                && a.scope.service_name == mover.service_name
        });
        let mut own: Vec<DriverAnomaly> = own
            .map(|a| DriverAnomaly {
                id: a.id.clone(),
                first_day: a.first_day,
                last_day: a.last_day,
                excess: a.excess,
            })
            .collect();
        own.sort_by(|a, b| (a.first_day, &a.id).cmp(&(b.first_day, &b.id)));
        own.dedup_by(|a, b| a.id == b.id);
        mover.anomalies = own;
    }
}
