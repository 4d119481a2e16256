//! Shared code of checks that move a database or a cache to another class of the same size.

use rust_decimal::Decimal;

use super::meter::instance_type;
use crate::check::{Context, ResourceUse};
use crate::checks::aws::ec2::alternative::{at_least, same_size};
use crate::checks::shared::cheaper;
use crate::checks::shared::plain::{Found, Look, name_of};
use crate::cloud::aws::long;
use crate::inventory::Resource;
use crate::opportunity::Evidence;
use crate::price::InstanceType;
use crate::rightsizing::MEMORY_LIMIT_PCT;
use crate::usage::Metric;

/// The lowest EBS bandwidth of a new class, as a percentage of the current bandwidth. Chosen (ADR
/// 0018): Graviton 2 and 3 have 630 Mbit/s where Intel has 650.
const LEAST_EBS_PCT: Decimal = Decimal::from_parts(95, 0, 0, false, 0);

/// A managed service whose classes are named after EC2 types, and whose prices are listed by engine
/// and class.
pub(in crate::checks) struct Managed {
    /// The prefix of class names before the name of the EC2 type, such as `db.`.
    pub(in crate::checks) prefix: &'static str,
    /// What the texts call such a resource.
    pub(in crate::checks) noun: &'static str,
    /// Returns the engine by its name in the price list, or the reason why no price applies.
    pub(in crate::checks) engine: fn(&Resource) -> Result<String, String>,
    /// Whether its data is stored on EBS.
    pub(in crate::checks) on_ebs: bool,
}

/// Returns whether the first type is a replacement that the check looks for, for the second type.
pub(in crate::checks) type IsSought = fn(&InstanceType, &InstanceType) -> bool;

/// Returns the class of a database or cache, such as `db.r5.2xlarge`: from the inventory, or from
/// its usage type, which may shorten `xlarge`.
pub(in crate::checks) fn class_of(cx: &Context<'_>, used: &ResourceUse) -> String {
    let known = cx.resource(&used.resource_id).and_then(|d| d.instance_type.clone());
    known.unwrap_or_else(|| long(instance_type(used).unwrap_or("")))
}

/// Returns the cheapest class of the same size that the check looks for and that is no worse in
/// any known property.
pub(in crate::checks) fn another(
    cx: &Context<'_>,
    used: &ResourceUse,
    of: &Managed,
    is_sought: IsSought,
) -> Look {
    let class = class_of(cx, used);
    let today = class.strip_prefix(of.prefix).and_then(|t| cx.prices.instance_type(t));
    let today = today.ok_or("the EC2 type in the name of its class is unknown")?;
    let new: Vec<&InstanceType> = cx
        .prices
        .instance_types()
        .filter(|new| is_sought(new, today) && is_no_worse(new, today, of))
        .collect();
    if new.is_empty() {
        return Ok(None);
    }
    let known = cx
        .resource(&used.resource_id)
        .ok_or("billed, but not in the inventory: its engine is unknown")?;
    let engine = (of.engine)(known)?;
    let price = |class: &str| list_price(cx, used, &engine, class);
    let now = price(&class)?;
    let named = |t: &InstanceType| format!("{}{}", of.prefix, t.instance_type);
    let priced = new.into_iter().map(named).filter(|c| holds_memory(cx, used, &class, c));
    // A class without a price is not offered for this engine and region.
    let cheapest =
        priced.filter_map(|c| Some((price(&c).ok()?, c))).filter(|(then, _)| *then < now).min();
    Ok(cheapest.map(|(then, new)| Found {
        share: cheaper(now, then),
        uncertain: false,
        title: format!("Move {} {} from {class} to {new}", of.noun, name_of(cx, used)),
        facts: vec![
            Evidence::new("engine", engine, "inventory"),
            Evidence::new("current price, USD per hour", now.normalize(), "price list"),
            Evidence::new("new price, USD per hour", then.normalize(), "price list"),
        ],
        change: Some(("class", class, new)),
    }))
}

/// Returns the list price of a class of an engine. If it is unknown, the reason is the same for all
/// classes of the engine, so that reports can group it.
pub(in crate::checks) fn list_price(
    cx: &Context<'_>,
    used: &ResourceUse,
    engine: &str,
    class: &str,
) -> Result<Decimal, String> {
    let region = &used.region_id;
    cx.list(region, &format!("{engine} {class}")).map_err(|unknown| {
        format!(
            "prices of {engine} classes in {region} are missing or incomplete: {} (run `cost pull aws` to collect them)",
            unknown.why
        )
    })
}

/// Returns whether a type has the same size as another and is no worse for the service.
fn is_no_worse(new: &InstanceType, old: &InstanceType, of: &Managed) -> bool {
    // For types on CPU credits, CoreMark only measures the burst speed.
    let as_fast = old.burstable == Some(true)
        || at_least(
            new.coremark_iterations_per_s,
            old.coremark_iterations_per_s,
            Decimal::ONE_HUNDRED,
        );
    same_size(new, old)
        && as_fast
        && (!of.on_ebs || at_least(new.ebs_baseline_mbps, old.ebs_baseline_mbps, LEAST_EBS_PCT))
}

/// Returns whether a class has enough memory: no less than now, or the measured use stays under the
/// limit.
fn holds_memory(cx: &Context<'_>, used: &ResourceUse, old: &str, new: &str) -> bool {
    let (Some(old), Some(new)) = (cx.prices.class_memory_mib(old), cx.prices.class_memory_mib(new))
    else {
        return false;
    };
    let full = cx.busy(&used.resource_id).and_then(|of| of.percentile(Metric::MemoryMax, 99));
    new >= old || full.is_some_and(|pct| pct * old / new <= MEMORY_LIMIT_PCT)
}
