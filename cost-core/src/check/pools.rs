//! Usage that a released commitment can cover, by month and not by hour. The provider's rules are
//! in [`Cloud::pool`](crate::cloud::Cloud::pool) and
//! [`Cloud::could_pay`](crate::cloud::Cloud::could_pay).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::uses::{Pricing, ResourceUse};
use crate::cloud::CommitmentPool;
use crate::money::{Currency, Money, MoneyError};
use crate::plan::{Pool, Pools};

/// Returns the pool of the commitment that pays for a use; `None` if no commitment does.
pub(super) fn paying(used: &ResourceUse) -> Option<CommitmentPool> {
    let Pricing::Committed(kind) = &used.pricing else { return None };
    let kind = if kind.is_empty() { "commitments" } else { kind };
    Some(used.cloud().pool(kind, used.metered(), &used.region_id))
}

/// Returns the pools, each with the on-demand usage that its commitments could cover, and the pools
/// of each such use.
pub(super) fn all(uses: &[ResourceUse], currency: Currency) -> Result<Pools, MoneyError> {
    let zero = Money::zero(currency);
    let empty = |bound| Pool { bound, on_demand: zero, paid_per_list: Decimal::ONE, covered: zero };
    let named = uses.iter().filter_map(paying);
    let mut pools: BTreeMap<String, Pool> =
        named.map(|pool| (pool.name, empty(pool.is_bound))).collect();
    let mut listed: BTreeMap<String, (Money, Money)> = BTreeMap::new();
    let keys: Vec<String> = pools.keys().cloned().collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    for used in uses.iter().filter(|u| u.is_on_demand()) {
        let spend = used.now().spend()?;
        for name in of_on_demand(used, &keys) {
            if let Some(pool) = pools.get_mut(&name) {
                pool.on_demand = pool.on_demand.try_add(spend)?;
            }
            if let Some(list) = used.now().list {
                let sums =
                    listed.entry(name).or_insert((Money::zero(currency), Money::zero(currency)));
                *sums = (sums.0.try_add(used.now().effective)?, sums.1.try_add(list)?);
            }
        }
    }
    for (name, (paid, list)) in listed {
        if let (Some(pool), Some(ratio)) =
            (pools.get_mut(&name), paid.amount().checked_div(list.amount()))
        {
            pool.paid_per_list = ratio.clamp(Decimal::ZERO, Decimal::ONE).round_dp(12);
        }
    }
    for used in uses {
        let Some(pool) = paying(used).and_then(|of| pools.get_mut(&of.name)) else { continue };
        pool.covered = pool.covered.try_add(on_demand_equivalent(used, Some(pool))?)?;
    }
    Ok(Pools(pools))
}

/// Returns what covered usage would cost at the prices paid for such usage on demand, per month of
/// 730 h and without abnormal days; without a list price, its own cost.
pub(super) fn on_demand_equivalent(
    used: &ResourceUse,
    pool: Option<&Pool>,
) -> Result<Money, MoneyError> {
    let now = used.now();
    let same = match (now.list, pool) {
        (Some(list), Some(pool)) => list.try_mul(pool.paid_per_list)?,
        _ => now.effective,
    };
    let is_partial = !now.abnormal.is_zero_or_less() || now.hours_since_start.is_some();
    if is_partial && !now.effective.amount().is_zero() {
        same.try_ratio(now.spend()?.amount(), now.effective.amount())
    } else if now.priced_by_month {
        Ok(same)
    } else {
        now.month.per_price_month(same)
    }
}

/// Returns the names of pools whose commitments could pay for an on-demand use.
pub(super) fn of_on_demand(used: &ResourceUse, names: &[&str]) -> Vec<String> {
    if names.is_empty() || !used.is_on_demand() {
        return Vec::new();
    }
    used.cloud().could_pay(names, used.metered(), &used.region_id)
}
