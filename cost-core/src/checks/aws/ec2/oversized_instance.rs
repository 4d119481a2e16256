//! Instances that a smaller or cheaper type of the whole catalogue can stand in for.
//!
//! In: resource-by-month rows of `BoxUsage`; hourly CPU, memory and network; instance facts and
//! prices. Out: up to three `Modify` opportunities an instance: safe, balanced, bold. Not here:
//! instances that nothing uses (see `idle_instance`), Auto Scaling groups (see
//! `oversized_scaling_group`).

use rust_decimal::Decimal;

use super::change_type;
use super::machine::{
    Catalogues, Machine, is_instance_hours, machine, prices, trade_off, type_change,
};
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::aws::scaling_group::group_of;
use crate::checks::shared::idle::sized_for_another;
use crate::checks::shared::{cheaper, chosen, covered_caveat, expected, spend_of};
use crate::cloud::Provider;
use crate::cloud::aws::Ec2Type;
use crate::opportunity::{Action, Draft, Variant};
use crate::rightsizing::{
    CPU_LIMIT_PCT, Choice, Demand, LEAST_EBS_MBPS, MEMORY_LIMIT_PCT, Reach, options,
};
use crate::tradeoff::{Level, TradeOff};

pub(in crate::checks) const CPU: Threshold = chosen(
    "cpu_limit_pct",
    CPU_LIMIT_PCT,
    "% CPU after the change",
    "CPUUtilization, 99th percentile of the hourly maxima, raised by the trend",
    "all hours measured, up to 93 days",
    "rule of the house: under 70 % leaves room for what an hour does not show",
);
pub(in crate::checks) const MEMORY: Threshold = chosen(
    "memory_limit_pct",
    MEMORY_LIMIT_PCT,
    "% memory after the change",
    "mem_used_percent, 99th percentile of the hourly maxima",
    "all hours measured, up to 93 days",
    "rule of the house; if memory was not measured, today's is kept",
);
pub(in crate::checks) const DAYS: Threshold = chosen(
    "least_days",
    14.0,
    "days",
    "days measured",
    "",
    "AWS Compute Optimizer's default look-back; two weeks hold two weekends",
);
pub(in crate::checks) const NETWORK: Threshold = chosen(
    "unmeasured_network_pct",
    50.0,
    "% of today's baseline bandwidth",
    "network baseline of the new type, where traffic was not measured",
    "",
    "chosen (ADR 0016)",
);
pub(in crate::checks) const EBS: Threshold = chosen(
    "least_ebs_mbps",
    LEAST_EBS_MBPS,
    "Mbit/s of baseline EBS bandwidth",
    "EBS baseline of the new type, unless today's is less; what instances read and write is not collected",
    "",
    "chosen (ADR 0016): the 3,000 operations a second of a gp3 volume, of 16 KiB each",
);
pub(in crate::checks) const SHARE: Threshold = chosen(
    "least_saving_pct",
    5.0,
    "% of the price",
    "price of the new type against the old",
    "",
    "chosen (ADR 0016): less is not worth a restart",
);

/// See [`META`].
pub(in crate::checks) struct OversizedInstance;

static META: CheckMeta = CheckMeta {
    id: "oversized_instance",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "Instances larger than what they do",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["ec2:DescribeInstances", "ec2:DescribeInstanceTypes", "cloudwatch:GetMetricData", "cloudwatch:ListMetrics"],
    columns: &["ResourceId", "SkuMeter", "ListCost", "PricingQuantity"],
    history_months: 1,
    thresholds: &[CPU, MEMORY, DAYS, NETWORK, EBS, SHARE],
    docs: "\
## What it finds
For each instance the cheapest type of the whole catalogue on which what it did fits, with room. Speeds are held against each other
by CoreMark, so that a newer core counts for what it is. Three ways, each only if it saves more than the one before:
- *safe*: same class (m, c, r, …), processor maker and hypervisor, no CPU credits;
- *balanced*: any class and maker of the same architecture, and types on CPU credits or flex types if their credits would have lasted
  through all hours seen, a quarter of them in reserve;
- *bold*: also the other architecture (Graviton): another image and another instance, not a change of the type.
Only types that AWS lists as current generation, or of today's own family; never from Nitro back to Xen. EBS bandwidth is not measured: what a
plain gp3 volume can do must fit, and a lower baseline is a caveat.
Memory is never less than 99 % of the hours used divided by the limit; if it was not measured, never less than today's. Network is at
least twice the busiest hours' mean; if it was not measured, the threshold's share of today's. Instance storage and GPUs are kept.
An instance above the CPU limit today may move to a cheaper type of the same speed, never to a slower one. What is a standby by name or tag
is skipped and said to be: it must be as large as what it stands by for.
## How the saving is computed
As for `previous_generation_instance`: EffectiveCost × (1 − new price ÷ old price).
## Trade-offs
A stop and start, and drivers first where it leaves Xen. Balanced may change the maker. Bold is a rebuild: a new image, a second instance, traffic shifted
step by step; the old one stays until it has proved itself.
## Source
AWS Compute Optimizer User Guide, \"Rightsizing recommendation preferences\" (99.5th percentile, 20 % headroom by default) as the yardstick;
docs/rightsizing-yardstick.txt has what both would have saved and risked on real machines. Facts and prices:
cost-core/data/prices/SOURCES.md. Read 2026-11.",
};

impl Check for OversizedInstance {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let mut catalogues = Catalogues::default();
        let mut all = cx.named_once(is_instance_hours, &mut out)?;
        all.retain(|u| group_of(cx, &u.resource_id).is_none());
        for used in all {
            let of = match machine(cx, used) {
                Ok(of) => of,
                Err(unknown) => {
                    out.skip_unknown(&used.resource_id, &unknown);
                    continue;
                }
            };
            match demand(cx, &used.resource_id, of) {
                Ok(demand) => {
                    let catalogue = catalogues.of(cx, &used.region_id, of.system);
                    let found = options(catalogue, (of.today, of.price), &demand, |variant| {
                        reach(cx, META.id, variant)
                    });
                    for (variant, choice) in found {
                        judge(cx, used, of, &demand, (variant, &choice), &mut out)?;
                    }
                }
                Err(reason) => out.skip(&used.resource_id, reason),
            }
        }
        Ok(out)
    }
}

/// What an instance needs, or why that cannot be told.
fn demand(cx: &Context<'_>, resource_id: &str, of: Machine<'_>) -> Result<Demand, String> {
    if let Some(reason) = cx.resource(resource_id).and_then(sized_for_another) {
        return Err(reason);
    }
    let busy = cx.busy(resource_id).ok_or("its utilization is not known")?;
    let demand = Demand::of(busy, of.today)
        .ok_or("its CPU was not measured, or nothing is known of its type's speed")?;
    let least = cx.value(META.id, &DAYS);
    if crate::usage::as_f64(demand.days) < least {
        return Err(format!("measured for less than {least} days"));
    }
    Ok(demand)
}

/// How far a variant may go by the thresholds of a check.
pub(in crate::checks) fn reach(cx: &Context<'_>, check: &str, variant: Variant) -> Reach {
    Reach {
        cpu_limit_pct: cx.value(check, &CPU),
        memory_limit_pct: cx.value(check, &MEMORY),
        unmeasured_network: cx.value(check, &NETWORK) / 100.0,
        least_ebs_mbps: cx.value(check, &EBS),
        ..Reach::of(variant)
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    of: Machine<'_>,
    demand: &Demand,
    (variant, choice): (Variant, &Choice<'_>),
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let (old, new) = (of.today, choice.machine);
    let saved = cheaper(of.price, choice.usd_per_hour);
    let claims = cx.claims(&used.resource_id, is_instance_hours, saved)?;
    if saved * Decimal::ONE_HUNDRED < cx.decimal(META.id, &SHARE)
        || expected(cx, &claims)?.is_zero_or_less()
    {
        return Ok(());
    }
    let trade_off = options_trade_off(cx, of, demand, choice).caveat(covered_caveat(&claims));
    let pct = |value: f64| format!("{value:.1} %");
    let memory = match (choice.memory_p99_pct, demand.memory_known) {
        (Some(then), true) => format!("{then:.0} % of {} MiB", new.memory_mib.unwrap_or(0)),
        _ => format!("not measured: {} MiB, no less than today", new.memory_mib.unwrap_or(0)),
    };
    let draft =
        Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off)
            .title(format!(
                "Resize {} to {} ({})",
                old.instance_type,
                new.instance_type,
                variant.as_str()
            ))
            .variant(variant)
            .change(type_change(old, new, Some(choice)))
            .evidence(
                "CPU p99 of hourly maxima, now",
                format!("{} over {} days", pct(demand.cpu_p99_pct), demand.days),
                "utilization",
            )
            .evidence("trend allowed for", format!("× {:.2}", demand.trend.factor), "utilization")
            .evidence(
                "CPU p99 of hourly maxima, then",
                pct(choice.cpu_p99_pct),
                "utilization, CoreMark",
            )
            .evidence(
                "hours that would have gone above 70 %",
                pct(choice.hours_above_pct),
                "utilization, CoreMark",
            )
            .evidence("memory p99 of hourly maxima, then", memory, "utilization");
    let draft = prices(draft, of.price, choice.usd_per_hour, spend_of(cx, &claims)?).claims(claims);
    let draft = change_type::of_instance(draft, &used.resource_id, old, new);
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

/// What a choice asks.
pub(in crate::checks) fn options_trade_off(
    cx: &Context<'_>,
    of: Machine<'_>,
    demand: &Demand,
    choice: &Choice<'_>,
) -> TradeOff {
    let (old, new) = (of.today, choice.machine);
    let reason = format!(
        "CPU would be at {:.0} % at the 99th percentile of hourly maxima; what was not seen in {} days is not in it",
        choice.cpu_p99_pct, demand.days
    );
    let bursts = new.burstable == Some(true);
    let mut trade_off = trade_off(cx, old, new, &reason);
    if bursts || new.maker() != old.maker() || new.class() != old.class() {
        trade_off.risk = trade_off.risk.max(Level::Medium);
    }
    let above = choice.cpu_p99_pct > CPU_LIMIT_PCT;
    trade_off
        .reliability("less room for what was not seen; redundancy and backups stay")
        .caveat(bursts.then(|| {
            "runs on CPU credits: watch CPUCreditBalance; in unlimited mode surplus credits are billed".to_owned()
        }))
        .caveat((!demand.memory_known).then(|| {
            "memory was not measured: no less than today; with the CloudWatch agent a smaller type may do".to_owned()
        }))
        .caveat(demand.network_gbps.is_none().then(|| {
            let of = |t: &crate::price::InstanceType| {
                t.network_baseline_gbps.map_or("unknown".to_owned(), |n| n.normalize().to_string())
            };
            format!("network was not measured: baseline {} Gbit/s then, {} now", of(new), of(old))
        }))
        .caveat(old.ebs_baseline_mbps.zip(new.ebs_baseline_mbps).filter(|(now, then)| then < now).map(|(now, then)| {
            format!(
                "EBS baseline falls from {} to {} Mbit/s: compare with what its volumes read and write",
                now.normalize(),
                then.normalize()
            )
        }))
        .caveat(
            above.then(|| "above 70 % at its peaks today, and then as much: it needs more speed, not less".to_owned()),
        )
}
