//! Causes of an anomaly: the few accounts, services, regions, and usage types that make up most of
//! its excess, the resources behind them, their owners, and other changes on the same days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use polars::prelude::{Expr, col};
use rust_decimal::Decimal;

use super::scope::equals;
use super::types::{Cause, CauseResource, Owner};
use crate::focus::TAG_PREFIX;
use crate::money::{Currency, Money};
use crate::month::Month;
use crate::rollup::{Amounts, Part, QueryError, days_in, nothing};

/// Number of weeks before the anomaly in the baseline.
const BASELINE_WEEKS: u64 = 4;
/// Share of the excess, percent, at which the list of causes ends.
const ENOUGH_PCT: i64 = 90;
/// Largest number of causes.
const MOST: usize = 5;
/// Smallest share of the excess that a cause must explain, percent.
const LEAST_SHARE_PCT: i64 = 5;

/// Sums by key: on the anomaly's days, and in the baseline.
type ThenAndNow = BTreeMap<Vec<Option<String>>, (Amounts, Amounts)>;

/// Days of an anomaly and its baseline days.
pub(super) struct Span {
    on: BTreeSet<NaiveDate>,
    first: NaiveDate,
    before: NaiveDate,
    end: NaiveDate,
    weeks: Decimal,
}

impl Span {
    /// Returns `None` if there are no days.
    pub(super) fn new(part: &Part, days: &[NaiveDate]) -> Option<Self> {
        let on: BTreeSet<NaiveDate> = days.iter().copied().collect();
        let (first, last) = (*on.first()?, *on.last()?);
        let before = first.checked_sub_days(Days::new(7 * BASELINE_WEEKS)).unwrap_or(first);
        let start = part.cube.days().map_or(before, |(d, _)| d.max(before));
        let weeks = first.signed_duration_since(start).num_days() / 7;
        let weeks = Decimal::from(weeks.max(1));
        Some(Self { on, first, before, end: last.succ_opt().unwrap_or(last), weeks })
    }

    /// Returns sums by `keys` over the anomaly's days, and the mean of the same weekdays in the
    /// four weeks before.
    fn compare(&self, part: &Part, keys: &[&str], filter: Expr) -> Result<ThenAndNow, QueryError> {
        let currency = part.cube.currency();
        let by: Vec<&str> = keys.iter().copied().chain(["ChargeDay"]).collect();
        let range = days_in("ChargeDay", self.before, self.end);
        let mut sums = ThenAndNow::new();
        for group in part.cube.sum_by(&by, filter.and(range))? {
            let Ok(day) = group.key(keys.len()).parse::<NaiveDate>() else { continue };
            let key = group.keys[..keys.len()].to_vec();
            let entry = sums.entry(key).or_insert_with(|| (nothing(currency), nothing(currency)));
            if self.on.contains(&day) {
                add(&mut entry.0, &group.amounts)?;
            } else if day < self.first {
                let same_weekday =
                    self.on.iter().filter(|d| d.signed_duration_since(day).num_days() % 7 == 0);
                for _ in same_weekday {
                    add(&mut entry.1, &group.amounts)?;
                }
            }
        }
        for (_, before) in sums.values_mut() {
            before.effective = before.effective.try_mul(Decimal::ONE / self.weeks)?;
            before.quantity = before.quantity.map(|q| q / self.weeks);
        }
        Ok(sums)
    }
}

/// Returns the causes among the rows of `filter`, largest first: the fewest that make up nine
/// tenths of the excess, at most five, each at least a twentieth.
pub(super) fn causes(
    part: &Part,
    filter: &Expr,
    days: &Span,
    excess: Money,
) -> Result<Vec<Cause>, QueryError> {
    let keys = ["SubAccountId", "ServiceName", "RegionId", "SkuMeter", "PricingCategory"];
    let mut causes = Vec::new();
    for (key, (actual, before)) in by_price(days.compare(part, &keys, filter.clone())?)? {
        let over = actual.effective.try_sub(before.effective)?;
        let share = share(over, excess);
        if share.is_some_and(|s| s >= Decimal::from(LEAST_SHARE_PCT)) {
            let [price_effect, usage_effect, new_effect] = split(&actual, &before)?;
            let text = |at: usize| key.get(at).cloned().flatten();
            causes.push(Cause {
                sub_account_id: text(0),
                service_name: text(1),
                region_id: text(2),
                usage_type: text(3),
                pricing_category: text(4),
                excess: over,
                share_pct: share,
                price_effect,
                usage_effect,
                new_effect,
                resources: Vec::new(),
            });
        }
    }
    causes.sort_by(|a, b| {
        b.excess.amount().cmp(&a.excess.amount()).then_with(|| a.usage_type.cmp(&b.usage_type))
    });
    let mut explained_pct = Decimal::ZERO;
    causes.retain(|c| {
        let wanted = explained_pct < Decimal::from(ENOUGH_PCT);
        explained_pct += c.share_pct.unwrap_or_default();
        wanted
    });
    causes.truncate(MOST);
    for cause in &mut causes {
        cause.resources = resources(part, filter, cause, days)?;
    }
    Ok(causes)
}

/// Pricing category with its sums on the anomaly's days and in the baseline.
type Priced = (Option<String>, (Amounts, Amounts));

/// Position of `PricingCategory` in the keys of causes.
const PRICING: usize = 4;

/// Merges usage that moved from one pricing category to another, such as on demand after a
/// commitment expired. It is not new usage but has another price. The category is the one that
/// rose.
fn by_price(sums: ThenAndNow) -> Result<ThenAndNow, QueryError> {
    let mut by_usage: BTreeMap<Vec<Option<String>>, Vec<Priced>> = BTreeMap::new();
    for (mut key, amounts) in sums {
        let category = key.remove(PRICING);
        by_usage.entry(key).or_default().push((category, amounts));
    }
    let mut out = ThenAndNow::new();
    for (key, of_usage) in by_usage {
        let over = |(_, (now, then)): &Priced| now.effective.amount() - then.effective.amount();
        let quantity = |(_, (now, then)): &Priced| Some(now.quantity? - then.quantity?);
        let rises = of_usage
            .iter()
            .any(|u| over(u) > Decimal::ZERO && quantity(u).is_some_and(|q| q > Decimal::ZERO));
        let falls = of_usage
            .iter()
            .any(|u| over(u) < Decimal::ZERO && quantity(u).is_some_and(|q| q < Decimal::ZERO));
        let full_key = |category: &Option<String>| {
            key.iter().cloned().chain([category.clone()]).collect::<Vec<_>>()
        };
        if !(rises && falls) {
            out.extend(
                of_usage.into_iter().map(|(category, amounts)| (full_key(&category), amounts)),
            );
            continue;
        }
        let most = of_usage.iter().max_by_key(|u| over(u)).map(|(category, _)| full_key(category));
        let mut all = of_usage.into_iter().map(|(_, amounts)| amounts);
        if let (Some(key), Some((mut now, mut then))) = (most, all.next()) {
            for (more_now, more_then) in all {
                add(&mut now, &more_now)?;
                add(&mut then, &more_then)?;
            }
            out.insert(key, (now, then));
        }
    }
    Ok(out)
}

/// Returns the share of an anomaly's excess, percent: at most 100, although others may have fallen.
fn share(over: Money, excess: Money) -> Option<Decimal> {
    over.percent_of(excess).map(|s| s.min(Decimal::ONE_HUNDRED))
}

fn add(sum: &mut Amounts, more: &Amounts) -> Result<(), QueryError> {
    sum.effective = sum.effective.try_add(more.effective)?;
    sum.quantity = sum.quantity.zip(more.quantity).map(|(a, b)| a + b);
    sum.line_items += more.line_items;
    Ok(())
}

/// Splits the excess into price, usage, and new cost, which add up to it exactly. Price and usage
/// are `None` if a quantity is unknown.
fn split(actual: &Amounts, before: &Amounts) -> Result<[Option<Money>; 3], QueryError> {
    let over = actual.effective.try_sub(before.effective)?;
    if before.line_items == 0 {
        return Ok([None, None, Some(over)]);
    }
    let (Some(now), Some(then)) = (actual.quantity, before.quantity) else { return Ok([None; 3]) };
    if now.is_zero() || then.is_zero() {
        return Ok([None; 3]);
    }
    let usage = Money::new((now - then) * (before.effective.amount() / then), over.currency());
    Ok([Some(over.try_sub(usage)?), Some(usage), None])
}

fn resources(
    part: &Part,
    filter: &Expr,
    cause: &Cause,
    days: &Span,
) -> Result<Vec<CauseResource>, QueryError> {
    let month = days.on.last().map_or_else(|| Month::of(days.end), |d| Month::of(*d));
    let currency: Currency = part.cube.currency();
    let range = days_in("ChargeMonth", month.minus(1).first_day(), month.end());
    let filter = filter
        .clone()
        .and(equals("SubAccountId", cause.sub_account_id.as_deref()))
        .and(equals("ServiceName", cause.service_name.as_deref()))
        .and(equals("RegionId", cause.region_id.as_deref()))
        .and(equals("SkuMeter", cause.usage_type.as_deref()))
        .and(col("ResourceId").is_not_null())
        .and(range);
    let mut by_resource: BTreeMap<String, (Money, bool)> = BTreeMap::new();
    for group in part.resources.sum_by(&["ResourceId", "ChargeMonth"], filter)? {
        let entry =
            by_resource.entry(group.key(0).to_owned()).or_insert((Money::zero(currency), true));
        if group.key(1).get(..7) == Some(&month.to_string()) {
            entry.0 = group.amounts.effective;
        } else {
            entry.1 = false;
        }
    }
    let resource = |(resource_id, (month_cost, new_this_month))| CauseResource {
        resource_id,
        month_cost,
        new_this_month,
        known_from: None,
    };
    Ok(CauseResource::most(by_resource.into_iter().map(resource)))
}

/// Returns, for each tag key, the value with the largest excess among the rows of `filter`, and its
/// share.
pub(super) fn owners(
    part: &Part,
    filter: &Expr,
    days: &Span,
    excess: Money,
) -> Result<Vec<Owner>, QueryError> {
    let mut owners = Vec::new();
    for key in part.cube.tag_keys() {
        let column = format!("{TAG_PREFIX}{key}");
        let mut most: Option<(Money, Option<String>)> = None;
        for (value, (actual, before)) in days.compare(part, &[&column], filter.clone())? {
            let over = actual.effective.try_sub(before.effective)?;
            if most.as_ref().is_none_or(|(m, _)| over.amount() > m.amount()) {
                most = Some((over, value.into_iter().next().flatten()));
            }
        }
        if let Some((over, value)) = most {
            owners.push(Owner { key: key.clone(), value, share_pct: share(over, excess) });
        }
    }
    Ok(owners)
}
