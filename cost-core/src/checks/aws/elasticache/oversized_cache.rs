//! Caches whose nodes are larger than they need.
//!
//! In:  monthly resource rows of `ElastiCache` node hours; hourly CPU and memory of the nodes; list
//!      prices by engine and node type.
//! Out: one `Modify` opportunity per cache: the smallest node type of its family that fits.
//! Not here: unused caches (see `idle_cache`).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::graviton_cache::{CACHE, runbook};
use super::group::group_of;
use super::idle_cache::is_there;
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::aws::ec2::oversized_instance::DAYS;
use crate::checks::aws::managed_class::{class_of, list_price};
use crate::checks::shared::idle::sized_for_another;
use crate::checks::shared::plain::name_of;
use crate::checks::shared::{cheaper, chosen, cost_now, expected};
use crate::cloud::Provider;
use crate::cloud::aws::Ec2Type;
use crate::opportunity::{Action, Claim, Draft, Evidence};
use crate::price::InstanceType;
use crate::rightsizing::CPU_LIMIT_PCT;
use crate::tradeoff::{Level, TradeOff};
use crate::usage::{Metric, as_f64};

const CPU: Threshold = chosen(
    "cpu_limit_pct",
    CPU_LIMIT_PCT,
    "% CPU after the change",
    "CPUUtilization of the busiest node, 99th percentile of the hourly maxima",
    "all hours measured",
    "rule of this project: under 70 % leaves headroom for peaks that hourly data does not show",
);
const MEMORY: Threshold = chosen(
    "memory_limit_pct",
    70.0,
    "% memory after the change",
    "DatabaseMemoryUsagePercentage of the fullest node, maximum of all hours",
    "all hours measured",
    "chosen: a full cache evicts keys, and snapshots and synchronization need memory too",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct OversizedCache;

static META: CheckMeta = CheckMeta {
    id: "oversized_cache",
    provider: Some(Provider::Aws),
    service: "elasticache",
    title: "Oversized caches",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &["elasticache:DescribeCacheClusters", "pricing:GetProducts", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[CPU, MEMORY, DAYS],
    docs: "\
## What it finds
ElastiCache replication groups and single nodes (Valkey, Redis OSS) for which a smaller node type of the same family fits: the CPU of the busiest node
and the memory of the fullest node stay under their limits. All nodes of a replication group have one type and change together, and a replica must be
able to take over, so the largest use of any member counts. Memory that was not measured, or nodes with CPU credits, give no opportunity. Memcached is
skipped, because its nodes are empty after the change. Standbys (by name or tag) are skipped.
## How the saving is computed
Per month of 730 h: EffectiveCost of the node hours of all members × (1 − new list price ÷ current list price) for the engine.
## Trade-offs
Online, with a short interruption at the failover. A smaller node has less network bandwidth and fewer connections.
## Source
Amazon ElastiCache User Guide, \"Scaling\" and \"Which Metrics Should I Monitor?\". Prices: cost-core/data/prices/SOURCES.md. Read 2026-11.",
};

impl Check for OversizedCache {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let mut groups: BTreeMap<(Option<&str>, &str, &str), Vec<&ResourceUse>> = BTreeMap::new();
        for used in cx.named(is_there, &mut out)? {
            let group = group_of(cx, used);
            let key = (
                used.sub_account_id.as_deref(),
                used.region_id.as_str(),
                group.unwrap_or(&used.resource_id),
            );
            groups.entry(key).or_default().push(used);
        }
        for ((.., name), nodes) in groups {
            match smaller(cx, &nodes) {
                Ok(Some(fit)) => judge(cx, (name, &nodes), &fit, &mut out)?,
                Ok(None) => {}
                Err(reason) => out.skip(name, reason),
            }
        }
        Ok(out)
    }
}

/// A smaller node type, with the utilization and prices.
struct Fit {
    engine: String,
    old: String,
    new: String,
    cpu_pct: f64,
    memory_pct: f64,
    now: Decimal,
    then: Decimal,
}

/// Returns the smallest node type that fits all nodes, `None` if there is none, or the reason why
/// this cannot be determined.
fn smaller(cx: &Context<'_>, nodes: &[&ResourceUse]) -> Result<Option<Fit>, String> {
    let Some(first) = nodes.first() else { return Ok(None) };
    let (mut cpu, mut memory) = (0.0_f64, 0.0_f64);
    let old = class_of(cx, first);
    for used in nodes {
        let node = cx
            .resource(&used.resource_id)
            .ok_or("billed, but not in the inventory: its engine is unknown")?;
        if let Some(reason) = sized_for_another(node) {
            return Err(reason);
        }
        if class_of(cx, used) != old {
            return Err("its nodes changed their type in the month".to_owned());
        }
        let busy = cx.busy(&used.resource_id).ok_or("its utilization is unknown")?;
        let least = cx.value(META.id, &DAYS);
        if as_f64(busy.days(Metric::CpuMax)) < least {
            return Err(format!("measured for less than {least} days"));
        }
        cpu = cpu.max(busy.percentile(Metric::CpuMax, 99).unwrap_or(100.0));
        memory = memory.max(
            busy.max(Metric::MemoryMax)
                .ok_or("its memory was not measured, and a smaller node has less")?,
        );
    }
    let known = cx.resource(&first.resource_id).ok_or("its engine is unknown")?;
    let engine = (CACHE.engine)(known)?;
    if engine == "memcached" {
        return Err("Memcached: its nodes are empty after a change of the type".to_owned());
    }
    let today = old.strip_prefix(CACHE.prefix).and_then(|t| cx.prices.instance_type(t));
    let today = today.ok_or("the EC2 type in the name of its class is unknown")?;
    if today.burstable == Some(true) {
        return Ok(None);
    }
    let Some((new, cpu_pct, memory_pct)) = fitting(cx, (today, &old), (cpu, memory)) else {
        return Ok(None);
    };
    let now = list_price(cx, first, &engine, &old)?;
    let then = list_price(cx, first, &engine, &new)?;
    Ok((then < now).then_some(Fit { engine, old, new, cpu_pct, memory_pct, now, then }))
}

/// Returns the smallest type of the family that fits, with its CPU and memory use, percent.
fn fitting(
    cx: &Context<'_>,
    (today, old): (&InstanceType, &str),
    (cpu, memory): (f64, f64),
) -> Option<(String, f64, f64)> {
    let now = cx.prices.class_memory_mib(old)?;
    let fit = |new: &InstanceType| {
        let name = format!("{}{}", CACHE.prefix, new.instance_type);
        let cpu = cpu * f64::from(today.vcpu?) / f64::from(new.vcpu?);
        let memory = memory * now / cx.prices.class_memory_mib(&name)?;
        let fits = cpu <= cx.value(META.id, &CPU) && memory <= cx.value(META.id, &MEMORY);
        fits.then_some((name, cpu, memory))
    };
    let mut types: Vec<&InstanceType> = cx
        .prices
        .instance_types()
        .filter(|t| t.family() == today.family() && t.vcpu < today.vcpu)
        .collect();
    types.sort_by_key(|t| (t.vcpu, t.memory_mib));
    types.into_iter().find_map(fit)
}

fn judge(
    cx: &Context<'_>,
    (name, nodes): (&str, &[&ResourceUse]),
    fit: &Fit,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let Some(first) = nodes.first() else { return Ok(()) };
    let share = cheaper(fit.now, fit.then);
    let key = |c: &Claim| (c.resource_id.clone(), c.sub_account_id.clone(), c.slice);
    let claims = Claim::merged_by(key, nodes.iter().map(|u| cx.claim(u, share)))?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let is_group = name != first.resource_id;
    let label = if is_group { name } else { name_of(cx, first) };
    let usd = |price: Decimal| price.normalize();
    let draft =
        Draft::new(META.id, Action::Modify, &first.resource_id, cx.scope_of(first), trade_off(cx))
            .title(format!("Resize cache {label} from {} to {}", fit.old, fit.new))
            .from_to("class", &fit.old, &fit.new)
            .facts([
                Evidence::new("engine", &fit.engine, "inventory"),
                Evidence::new("nodes", nodes.len(), "bill"),
                Evidence::new(
                    "CPU after the change, p99 of hourly maxima",
                    format!("{:.1} %", fit.cpu_pct),
                    "utilization, vCPUs",
                ),
                Evidence::new(
                    "memory after the change, largest hour",
                    format!("{:.1} %", fit.memory_pct),
                    "utilization",
                ),
                Evidence::new("current price, USD per hour", usd(fit.now), "price list"),
                Evidence::new("new price, USD per hour", usd(fit.then), "price list"),
                cost_now(cx, &claims)?,
            ])
            .claims(claims);
    out.opportunities.push(runbook(draft, cx, first).finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "less memory and network: a growing data set evicts keys earlier";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("less headroom for growth; the number of nodes and replicas does not change")
        .interrupts("for seconds, during a failover to the new nodes; a single node is unavailable for minutes")
        .test_first(&[
            "check that the largest memory use of the last months is in the measured days",
            "compare NetworkBytesIn + NetworkBytesOut with the baseline bandwidth of the smaller type",
        ])
        .rollback(&["change the node type back in the same way"])
        .caveats(&["reserved nodes apply to one node family: check whether one covers these nodes before the change"])
}
