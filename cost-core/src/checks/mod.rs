//! The checks: one file each, and the registry. What several share has a file too: `alternative`, `bucket_rule`, `fee`, `idle`, `lines`, `machine`, `managed_class`, `meter`, `off_hours`, `plain`, `snapshots`.

mod alternative;
mod amd_instance;
mod archivable_bucket;
mod archivable_snapshot;
mod bucket_rule;
mod change_type;
mod cold_bucket;
mod cross_zone_traffic;
mod extended_support_cluster;
mod extended_support_database;
mod fee;
mod gp2_volume;
mod graviton_cache;
mod graviton_database;
mod graviton_function;
mod graviton_instance;
mod idle;
mod idle_address;
mod idle_cache;
mod idle_database;
mod idle_inference_endpoint;
mod idle_instance;
mod idle_kubernetes_cluster;
mod idle_load_balancer;
mod idle_nat_gateway;
mod idle_search_domain;
mod idle_table;
mod idle_transit_attachment;
mod idle_volume;
mod idle_vpc_endpoint;
mod idle_warehouse;
mod incomplete_uploads;
mod inconsistent_tag_values;
mod lines;
mod load_balancer_without_targets;
mod log_retention;
mod machine;
mod magnetic_volume;
mod managed_class;
mod meter;
mod nat_traffic_to_endpoints;
mod noncurrent_versions;
mod off_hours;
mod off_hours_database;
mod off_hours_instance;
mod orphaned_snapshot;
mod overallocated_database_storage;
mod overprovisioned_iops;
mod overprovisioned_table;
mod oversized_database;
mod oversized_function;
mod oversized_instance;
mod oversized_scaling_group;
mod oversized_service;
mod oversized_volume;
mod plain;
mod previous_generation_cache;
mod previous_generation_database;
mod previous_generation_instance;
mod provisioned_iops_volume;
mod registry;
mod replaceable_public_address;
mod snapshots;
mod spot_candidate;
mod standard_bucket;
mod stopped_instance;
mod unattached_volume;
mod uncovered_steady_usage;
mod untagged_spend;
mod unused_image;
mod unused_log_group;
mod unused_provisioned_concurrency;
mod unused_secret;
mod valkey_cache;

pub use registry::registry;

use rust_decimal::Decimal;

use crate::check::{Context, ResourceUse, Threshold};
use crate::money::{Money, MoneyError};
use crate::opportunity::{Claim, Evidence, Slice};

/// A threshold that was chosen, and why is written down.
const fn chosen(
    key: &'static str,
    value: f64,
    unit: &'static str,
    metric: &'static str,
    window: &'static str,
    source: &'static str,
) -> Threshold {
    Threshold { key, value, unit, metric, window, source }
}

/// Whether a use is of a volume's, not of a machine's.
fn is_volume(used: &ResourceUse) -> bool {
    meter::text(used).contains("EBS:Volume")
}

/// Σ of what claims are on.
fn spend_of(cx: &Context<'_>, claims: &[Claim]) -> Result<Money, MoneyError> {
    Money::try_sum(claims.iter().map(|c| c.spend), cx.currency())
}

/// What the claims are on, as evidence.
fn cost_now(cx: &Context<'_>, claims: &[Claim]) -> Result<Evidence, MoneyError> {
    Ok(Evidence::new("cost now, per month", spend_of(cx, claims)?, "bill"))
}

/// Takes what replaces a resource off what a claim on a slice of it saves.
fn less(claims: &mut [Claim], slice: Slice, replacement: Replacement) -> Result<(), MoneyError> {
    for claim in claims.iter_mut().filter(|c| c.slice == slice).take(1) {
        claim.savings.low = claim.savings.low.try_sub(replacement.most)?;
        claim.savings.expected = claim.savings.expected.try_sub(replacement.expected)?;
        claim.savings.high = claim.savings.high.try_sub(replacement.least)?;
    }
    Ok(())
}

/// What something that replaces a resource costs, per month.
#[derive(Clone, Copy, Debug)]
struct Replacement {
    least: Money,
    expected: Money,
    most: Money,
}

impl Replacement {
    /// One that costs just this.
    fn exactly(amount: Money) -> Self {
        Self { least: amount, expected: amount, most: amount }
    }
}

/// The share of a cost that goes away with a cheaper price: what is paid scales.
fn cheaper(now: Decimal, then: Decimal) -> Decimal {
    Decimal::ONE - then.checked_div(now).unwrap_or(Decimal::ONE)
}

/// Σ expected of claims.
fn expected(cx: &Context<'_>, claims: &[Claim]) -> Result<Money, MoneyError> {
    Money::try_sum(claims.iter().map(|c| c.savings.expected), cx.currency())
}

#[cfg(test)]
mod tests;
