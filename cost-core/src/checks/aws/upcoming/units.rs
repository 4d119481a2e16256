//! What extended support is billed for: the units of a resource's usage.

use rust_decimal::Decimal;

use crate::check::{Context, ResourceUse};
use crate::checks::aws::managed_class::class_of;
use crate::checks::aws::meter::{instance_type, kind};

/// Price that applies to a usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// vCPU hours of RDS and Aurora.
    RdsVcpu,
    /// Capacity unit hours of Aurora Serverless v2.
    ServerlessAcu,
    /// vCPU hours of `DocumentDB`.
    DocumentVcpu,
    /// Cluster hours of EKS.
    Cluster,
    /// Node hours of `ElastiCache`.
    CacheNode,
    /// Node hours of `OpenSearch`.
    SearchNode,
}

/// Returns the price item of a usage; `None` if no extended support can be billed for it.
pub(super) fn item_of(used: &ResourceUse) -> Option<Item> {
    let kind = kind(used);
    let service = used.service_name.as_deref().unwrap_or("");
    if service.contains("MemoryDB") {
        return None;
    }
    let is_database = kind.starts_with("InstanceUsage") || kind.starts_with("Multi-AZ");
    if is_database && database_class(used).is_some() {
        let is_document = service.contains("DocumentDB");
        return Some(if is_document { Item::DocumentVcpu } else { Item::RdsVcpu });
    }
    if kind.starts_with("Aurora:ServerlessV2") {
        return Some(Item::ServerlessAcu);
    }
    if kind.contains("AmazonEKS-Hours:perCluster") {
        return Some(Item::Cluster);
    }
    match kind {
        "NodeUsage" => {
            instance_type(used).filter(|t| t.starts_with("cache.")).map(|_| Item::CacheNode)
        }
        "ESInstance" => Some(Item::SearchNode),
        _ => None,
    }
}

/// Returns the class in a usage type of database hours: `InstanceUsage:db.r5.large`, also of
/// `InstanceUsageIOOptimized`.
fn database_class(used: &ResourceUse) -> Option<&str> {
    let after = || kind(used).split_once(':').map(|(_, class)| class);
    instance_type(used).or_else(after).filter(|class| class.starts_with("db."))
}

/// Returns the billed units per month of 730 h.
///
/// # Errors
/// Why they are unknown.
pub(super) fn per_month(
    cx: &Context<'_>,
    used: &ResourceUse,
    item: Item,
) -> Result<Decimal, String> {
    let hours = used
        .now()
        .quantity_per_month()
        .ok_or("its hours are unknown: PricingQuantity is missing")?;
    match item {
        Item::RdsVcpu | Item::DocumentVcpu => {
            let vcpus = Decimal::from(vcpus(cx, used)?);
            hours.checked_mul(vcpus).ok_or_else(|| "its hours do not fit".to_owned())
        }
        _ => Ok(hours),
    }
}

/// Returns the vCPUs that are billed for each hour. The standby of a Multi-AZ deployment is billed
/// too: Amazon RDS User Guide, "Amazon RDS Extended Support charges". Read 2026-11.
fn vcpus(cx: &Context<'_>, used: &ResourceUse) -> Result<u32, String> {
    let class = class_of(cx, used);
    let named = database_class(used).filter(|_| class.is_empty()).unwrap_or(&class);
    let machine = named.strip_prefix("db.").and_then(|t| cx.prices.instance_type(t));
    let vcpus = machine
        .and_then(|t| t.vcpu)
        .ok_or_else(|| format!("the number of vCPUs of {named} is unknown"))?;
    match kind(used) {
        k if k.starts_with("InstanceUsage") => Ok(vcpus),
        "Multi-AZUsage" => Ok(vcpus.saturating_mul(2)),
        other => Err(format!("the number of billed vCPUs of {other} is unknown")),
    }
}
