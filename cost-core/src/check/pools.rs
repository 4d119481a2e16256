//! Which usage a commitment that is set free can move to.
//!
//! Source: AWS Savings Plans User Guide, "How Savings Plans apply to your AWS usage"; Amazon EC2 User Guide, "How Reserved
//! Instances are applied" (regional reservations are flexible in size within a family). Read 2026-11. Who may use whose commitment
//! is taken as AWS sets it up: all accounts of the payer share. By the month, not by the hour.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::uses::{Pricing, ResourceUse};
use crate::aws::Meter;
use crate::money::{Currency, Money, MoneyError};
use crate::opportunity::Slice;
use crate::plan::{Pool, Pools};

const COMPUTE_SAVINGS_PLANS: &str = "Compute Savings Plans";
const INSTANCE_SAVINGS_PLANS: &str = "EC2 Instance Savings Plans";

/// What the commitment that pays for a use can pay for; `None` if no commitment does.
pub(super) fn of_covered(used: &ResourceUse) -> Option<String> {
    paying(used).map(|(name, _)| name)
}

/// The pool of the commitment that pays for a use, and whether that is bound to a family or region.
fn paying(used: &ResourceUse) -> Option<(String, bool)> {
    let Pricing::Committed(kind) = &used.pricing else { return None };
    let kind = if kind.is_empty() { "commitments" } else { kind };
    if kind.starts_with("Compute Savings") {
        return Some((COMPUTE_SAVINGS_PLANS.to_owned(), false));
    }
    if kind.starts_with("EC2 Instance Savings") {
        return Some((within(INSTANCE_SAVINGS_PLANS, used), true));
    }
    if kind.contains("Savings Plan") {
        return Some((kind.to_owned(), false));
    }
    Some((within(kind, used), true))
}

/// The commitment of a kind that is bound to family and region.
fn within(kind: &str, used: &ResourceUse) -> String {
    let meter = Meter::parse(&used.usage_type);
    let family = meter.instance_type.and_then(|t| t.rsplit_once('.')).map_or(meter.kind, |(family, _)| family);
    format!("{kind}, {family}, {}", used.region_id)
}

/// The pools there are, each with what on-demand usage its commitments could take over, and the pools of each such use.
pub(super) fn all(uses: &[ResourceUse], currency: Currency) -> Result<Pools, MoneyError> {
    let empty = |bound| Pool { bound, on_demand: Money::zero(currency), paid_per_list: Decimal::ONE };
    let named = uses.iter().filter_map(paying);
    let mut pools: BTreeMap<String, Pool> = named.map(|(name, bound)| (name, empty(bound))).collect();
    let mut listed: BTreeMap<String, (Money, Money)> = BTreeMap::new();
    for used in uses.iter().filter(|u| u.is_on_demand()) {
        let spend = used.now().spend()?;
        for name in of_on_demand(used, &pools) {
            if let Some(pool) = pools.get_mut(&name) {
                pool.on_demand = pool.on_demand.try_add(spend)?;
            }
            if let Some(list) = used.now().list {
                let sums = listed.entry(name).or_insert((Money::zero(currency), Money::zero(currency)));
                *sums = (sums.0.try_add(used.now().effective)?, sums.1.try_add(list)?);
            }
        }
    }
    for (name, (paid, list)) in listed {
        if let (Some(pool), Some(ratio)) = (pools.get_mut(&name), paid.amount().checked_div(list.amount())) {
            pool.paid_per_list = ratio.clamp(Decimal::ZERO, Decimal::ONE).round_dp(12);
        }
    }
    Ok(Pools(pools))
}

/// The pools whose commitments could pay for a use on demand.
pub(super) fn of_on_demand(used: &ResourceUse, pools: &BTreeMap<String, Pool>) -> Vec<String> {
    if pools.is_empty() || !used.is_on_demand() || Slice::of_usage_type(&used.usage_type) != Slice::Compute {
        return Vec::new();
    }
    let meter = Meter::parse(&used.usage_type);
    let plain = |pool: &String| match pool.as_str() {
        COMPUTE_SAVINGS_PLANS => {
            meter.kind == "BoxUsage" || meter.kind.starts_with("Fargate") || meter.kind.starts_with("Lambda")
        }
        bound => {
            let kind = bound.split(", ").next().unwrap_or("");
            let applies = kind != INSTANCE_SAVINGS_PLANS || meter.kind == "BoxUsage";
            meter.instance_type.is_some() && applies && bound == within(kind, used)
        }
    };
    pools.keys().filter(|p| plain(p)).cloned().collect()
}
