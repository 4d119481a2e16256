//! What explains an anomaly: region, usage type, pricing category and resources, by their share of the excess.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use polars::prelude::*;
use rust_decimal::Decimal;

use super::{Cause, CauseResource};
use crate::money::{Currency, Money};
use crate::month::Month;
use crate::opportunity::Scope;
use crate::rollup::{Amounts, QueryError, Rollup, days_in, is_usage, nothing};

/// Weeks before the anomaly that it is compared with.
const BASELINE_WEEKS: u64 = 4;
/// Causes told; they are sorted by share, and what is left is small.
const MOST: usize = 5;
/// A cause must explain at least this share of the excess, percent.
const LEAST_SHARE_PCT: i64 = 5;
/// Resources told of each cause.
const RESOURCES: usize = 3;

/// The causes within `scope`, largest first: each usage type's cost on the anomaly's days against the mean of the same
/// weekdays in the four weeks before.
pub(super) fn find(
    rollup: &Rollup,
    scope: &Scope,
    days: Vec<NaiveDate>,
    excess: Money,
) -> Result<Vec<Cause>, QueryError> {
    let (Some(first), Some(last)) = (days.first().copied(), days.last().copied()) else { return Ok(Vec::new()) };
    let currency = excess.currency();
    let before = first.checked_sub_days(Days::new(7 * BASELINE_WEEKS)).unwrap_or(first);
    let range = days_in("ChargeDay", before, last.succ_opt().unwrap_or(last));
    let keys = ["RegionId", "SkuMeter", "PricingCategory", "ChargeDay"];
    let groups = rollup.cube.sum_by(&keys, within(scope).and(range))?;
    let on: BTreeSet<NaiveDate> = days.iter().copied().collect();
    let weeks = Decimal::from(baseline_weeks(rollup, before, first));
    let mut sums: BTreeMap<Vec<Option<String>>, (Amounts, Amounts)> = BTreeMap::new();
    for group in groups {
        let Ok(day) = group.key(3).parse::<NaiveDate>() else { continue };
        let entry = sums.entry(group.keys[..3].to_vec()).or_insert_with(|| (nothing(currency), nothing(currency)));
        if on.contains(&day) {
            add(&mut entry.0, &group.amounts)?;
        } else if day < first {
            // Each day of the anomaly is compared with the same weekday of each of the weeks before.
            for _ in on.iter().filter(|d| d.signed_duration_since(day).num_days() % 7 == 0) {
                add(&mut entry.1, &group.amounts)?;
            }
        }
    }
    let mut causes = Vec::new();
    for (key, (actual, before)) in sums {
        let base = before.effective.try_mul(Decimal::ONE / weeks)?;
        let base_quantity = before.quantity.map(|q| q / weeks);
        let over = actual.effective.try_sub(base)?;
        let share = over.percent_of(excess);
        if share.is_some_and(|s| s >= Decimal::from(LEAST_SHARE_PCT)) {
            let (price_effect, usage_effect) = split(&actual, base, base_quantity)?.unzip();
            let [region_id, usage_type, pricing_category] = [key[0].clone(), key[1].clone(), key[2].clone()];
            let resources =
                resources(rollup, scope, region_id.as_deref(), usage_type.as_deref(), Month::of(last), currency)?;
            causes.push(Cause {
                region_id,
                usage_type,
                pricing_category,
                excess: over,
                share_pct: share,
                price_effect,
                usage_effect,
                resources,
            });
        }
    }
    causes.sort_by(|a, b| b.excess.amount().cmp(&a.excess.amount()).then_with(|| a.usage_type.cmp(&b.usage_type)));
    causes.truncate(MOST);
    Ok(causes)
}

/// Rows whose key is `value`, or null.
fn is(column: &str, value: Option<&str>) -> Expr {
    value.map_or_else(|| col(column).is_null(), |v| col(column).eq(lit(v.to_owned())))
}

fn within(scope: &Scope) -> Expr {
    is_usage()
        .and(is("SubAccountId", scope.sub_account_id.as_deref()))
        .and(is("ServiceName", scope.service_name.as_deref()))
}

/// Weeks of data there are before the anomaly, at least one.
fn baseline_weeks(rollup: &Rollup, before: NaiveDate, first: NaiveDate) -> u32 {
    let start = rollup.cube.days().map_or(before, |(d, _)| d.max(before));
    let weeks = first.signed_duration_since(start).num_days() / 7;
    u32::try_from(weeks.max(1)).unwrap_or(1)
}

fn add(sum: &mut Amounts, more: &Amounts) -> Result<(), QueryError> {
    sum.effective = sum.effective.try_add(more.effective)?;
    sum.quantity = sum.quantity.zip(more.quantity).map(|(a, b)| a + b);
    sum.line_items += more.line_items;
    Ok(())
}

/// The excess as price effect and usage effect, which add up to it exactly; `None` if a quantity is unknown or zero.
fn split(actual: &Amounts, base: Money, base_quantity: Option<Decimal>) -> Result<Option<(Money, Money)>, QueryError> {
    let (Some(now), Some(then)) = (actual.quantity, base_quantity) else { return Ok(None) };
    if now.is_zero() || then.is_zero() {
        return Ok(None);
    }
    let usage = Money::new((now - then) * (base.amount() / then), base.currency());
    let over = actual.effective.try_sub(base)?;
    Ok(Some((over.try_sub(usage)?, usage)))
}

fn resources(
    rollup: &Rollup,
    scope: &Scope,
    region: Option<&str>,
    usage_type: Option<&str>,
    month: Month,
    currency: Currency,
) -> Result<Vec<CauseResource>, QueryError> {
    let range = days_in("ChargeMonth", month.minus(1).first_day(), month.end());
    let filter = within(scope).and(is("RegionId", region)).and(is("SkuMeter", usage_type)).and(range);
    let mut by_resource: BTreeMap<String, (Money, bool)> = BTreeMap::new();
    for group in rollup.resources.sum_by(&["ResourceId", "ChargeMonth"], filter)? {
        let entry = by_resource.entry(group.key(0).to_owned()).or_insert((Money::zero(currency), true));
        if group.key(1).get(..7) == Some(&month.to_string()) {
            entry.0 = group.amounts.effective;
        } else {
            entry.1 = false;
        }
    }
    let told = by_resource.into_iter().filter(|(_, (cost, _))| !cost.is_zero_or_less());
    let mut told: Vec<CauseResource> = told
        .map(|(resource_id, (month_cost, new_this_month))| CauseResource { resource_id, month_cost, new_this_month })
        .collect();
    told.sort_by(|a, b| {
        let cost = b.month_cost.amount().cmp(&a.month_cost.amount());
        b.new_this_month.cmp(&a.new_this_month).then(cost).then_with(|| a.resource_id.cmp(&b.resource_id))
    });
    told.truncate(RESOURCES);
    Ok(told)
}
