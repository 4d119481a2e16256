//! Shared code of checks that compare the two storage configurations of Aurora clusters.

use rust_decimal::Decimal;

use crate::check::{Context, ResourceUse, Threshold};
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::cloud::aws::arn::last_part;
use crate::inventory::{Kind, Resource, detail};
use crate::money::{Money, MoneyError};
use crate::month::Month;

pub(super) const INSTANCES: Threshold = chosen(
    "instance_increase_pct",
    30.0,
    "%",
    "price of instances and capacity units with I/O-Optimized, compared with Standard",
    "",
    "AWS Price List, AmazonRDS: `InstanceUsageIOOptimized` costs 30 % more than `InstanceUsage`, in every region and for every class",
);
pub(super) const STORAGE: Threshold = chosen(
    "storage_increase_pct",
    125.0,
    "%",
    "price of storage with I/O-Optimized, compared with Standard",
    "",
    "AWS Price List, AmazonRDS, us-east-1: 0.225 USD instead of 0.10 USD per GB and month",
);
pub(super) const LEAST: Threshold = chosen(
    "least_saving_pct",
    5.0,
    "% of the cost of the cluster",
    "saving per month",
    "the month under review",
    "chosen: below it, the month-to-month change of the I/O is larger",
);

/// A cluster with its usage in the bill.
pub(super) struct Cluster<'c> {
    /// Its resource in the inventory.
    pub(super) known: &'c Resource,
    /// Hours of its instances, and of its capacity units (Serverless v2).
    pub(super) compute: Vec<&'c ResourceUse>,
}

/// Returns whether a usage is hours of instances or capacity units, of either configuration.
pub(super) fn is_compute(used: &ResourceUse) -> bool {
    let kind = kind(used);
    kind.starts_with("InstanceUsage") || kind.starts_with("Aurora:ServerlessV2")
}

/// Returns the cluster in the inventory that is billed under an ID. Bills name clusters by their
/// resource ID (`cluster-ABC…`), the API by their identifier.
pub(in crate::checks) fn known_cluster<'c>(
    cx: &'c Context<'_>,
    billed: &str,
) -> Option<&'c Resource> {
    if let Some(known) = cx.resource(billed) {
        return Some(known);
    }
    let id = last_part(billed);
    let mut all = cx.inventory?.of_kind(Kind::DbCluster);
    all.find(|c| c.get(detail::CLUSTER_RESOURCE_ID) == Some(id))
}

/// Returns the cluster of an instance in the inventory; `None` if it is not in one.
pub(super) fn cluster_of<'c>(cx: &'c Context<'_>, instance: &Resource) -> Option<&'c Resource> {
    let id = instance.get(detail::CLUSTER_ID)?;
    let place = |of: &Resource| (of.sub_account_id.clone(), of.region_id.clone());
    cx.inventory?
        .of_kind(Kind::DbCluster)
        .find(|c| c.name.as_deref() == Some(id) && place(c) == place(instance))
}

/// Returns the instances of a cluster in the inventory.
pub(super) fn members<'c>(
    cx: &'c Context<'_>,
    cluster: &'c Resource,
) -> impl Iterator<Item = &'c Resource> {
    let all = cx.inventory.into_iter().flat_map(|i| i.of_kind(Kind::DbInstance));
    all.filter(move |i| {
        i.get(detail::CLUSTER_ID).is_some_and(|id| cluster.name.as_deref() == Some(id))
            && (&i.sub_account_id, &i.region_id) == (&cluster.sub_account_id, &cluster.region_id)
    })
}

/// Returns the cluster of a usage, or the reason why its cost cannot be determined.
pub(super) fn cluster<'c>(
    cx: &'c Context<'_>,
    used: &ResourceUse,
) -> Result<Cluster<'c>, &'static str> {
    let known = known_cluster(cx, &used.resource_id)
        .ok_or("billed, but not in the inventory: its instances are unknown")?;
    let of_members = members(cx, known).flat_map(|i| cx.of_resource(&i.resource_id));
    let own = cx.of_resource(&used.resource_id);
    let compute: Vec<&ResourceUse> =
        own.iter().chain(of_members).filter(|u| is_compute(u)).collect();
    if compute.is_empty() {
        return Err("the bill has no hours of its instances");
    }
    Ok(Cluster { known, compute })
}

/// Returns the cost of usage per month of 730 h; usage that a commitment pays for counts at the
/// prices of other such usage.
pub(super) fn cost<'u>(
    cx: &Context<'_>,
    all: impl IntoIterator<Item = &'u ResourceUse>,
) -> Result<Money, MoneyError> {
    let spends = all.into_iter().map(|u| Ok(cx.claim(u, Decimal::ONE)?.spend));
    Money::try_sum(spends.collect::<Result<Vec<_>, MoneyError>>()?, cx.currency())
}

/// Returns the `EffectiveCost` of usage in a calendar month.
pub(super) fn cost_in<'u>(
    cx: &Context<'_>,
    all: impl IntoIterator<Item = &'u ResourceUse>,
    month: Month,
) -> Result<Money, MoneyError> {
    let months = all.into_iter().flat_map(|u| &u.months).filter(|m| m.month == month);
    Money::try_sum(months.map(|m| m.effective), cx.currency())
}

/// Returns a percentage as a factor.
pub(super) fn factor(cx: &Context<'_>, check: &str, pct: &Threshold) -> Decimal {
    cx.decimal(check, pct) / Decimal::ONE_HUNDRED
}
