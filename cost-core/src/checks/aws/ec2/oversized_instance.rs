//! Instances that a smaller or cheaper type of the complete catalog can replace.
//!
//! In: monthly resource rows of `BoxUsage`; hourly CPU, memory and network; instance facts and
//! prices. Out: up to three `Modify` opportunities per instance: safe, balanced, bold. Not here:
//! idle instances (see `idle_instance`), Auto Scaling groups (see `oversized_scaling_group`).

use rust_decimal::Decimal;

use super::change_type;
use super::disks::needed_ebs_mbps;
use super::machine::{
    Catalogues, Machine, estimated, is_instance_hours, machine_or_estimate, prices, trade_off,
    type_change, widened,
};
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::aws::scaling_group::{group_of, without_emr};
use crate::checks::shared::idle::sized_for_another;
use crate::checks::shared::{cheaper, chosen, covered_caveat, expected, spend_of};
use crate::cloud::Provider;
use crate::cloud::aws::Ec2Type;
use crate::opportunity::{Action, Draft, Variant};
use crate::price::InstanceType;
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
    "rule of this project: under 70 % leaves headroom for peaks that hourly data does not show",
);
pub(in crate::checks) const MEMORY: Threshold = chosen(
    "memory_limit_pct",
    MEMORY_LIMIT_PCT,
    "% memory after the change",
    "mem_used_percent, 99th percentile of the hourly maxima",
    "all hours measured, up to 93 days",
    "rule of this project; if memory was not measured, the new type has no less than now",
);
pub(in crate::checks) const DAYS: Threshold = chosen(
    "least_days",
    14.0,
    "days",
    "days measured",
    "",
    "AWS Compute Optimizer's default look-back; two weeks include two weekends",
);
pub(in crate::checks) const NETWORK: Threshold = chosen(
    "unmeasured_network_pct",
    50.0,
    "% of the current baseline bandwidth",
    "network baseline of the new type, if traffic was not measured",
    "",
    "chosen (ADR 0016)",
);
pub(in crate::checks) const EBS: Threshold = chosen(
    "least_ebs_mbps",
    LEAST_EBS_MBPS,
    "Mbit/s of baseline EBS bandwidth",
    "EBS baseline of the new type, unless the current one is less; more if the volumes of the instance read and write more",
    "",
    "chosen (ADR 0016): the 3,000 operations per second of a gp3 volume, 16 KiB each",
);
pub(in crate::checks) const SHARE: Threshold = chosen(
    "least_saving_pct",
    5.0,
    "% of the price",
    "saving of the new type relative to the old price",
    "",
    "chosen (ADR 0016): a smaller saving is not worth a restart",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct OversizedInstance;

static META: CheckMeta = CheckMeta {
    id: "oversized_instance",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "Oversized instances",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["ec2:DescribeInstances", "ec2:DescribeInstanceTypes", "cloudwatch:GetMetricData", "cloudwatch:ListMetrics"],
    columns: &["ResourceId", "SkuMeter", "ListCost", "PricingQuantity"],
    history_months: 1,
    thresholds: &[CPU, MEMORY, DAYS, NETWORK, EBS, SHARE],
    docs: "\
## What it finds
For each instance, the cheapest type of the complete catalog that fits its measured utilization, with headroom. CoreMark compares the speeds
of types, so that the speed of newer cores counts. There are three variants, each only if it saves more than the previous one:
- *safe*: same class (m, c, r, …), processor maker, and hypervisor, no CPU credits;
- *balanced*: any class and maker of the same architecture, and types with CPU credits or flex types if their credits would have lasted
  through all hours measured, with a quarter of them in reserve;
- *bold*: also the other architecture (Graviton): a new image and a new instance, not a change of the type.
Candidates are types that AWS lists as current generation, or types of the current family. The check never moves from Nitro back to Xen.
EBS bandwidth is at least that of a standard gp3 volume, and twice the mean of the busiest hours of the attached volumes. If one of them was not
measured, a lower baseline is a caveat.
Memory is at least the 99th percentile of the hourly maxima ÷ the limit. If it was not measured, it is at least the current memory. Network is
at least twice the mean of the busiest hours. If it was not measured, it is at least the threshold's share of the current baseline. The new type
has the same instance storage and GPUs.
An instance that exceeds the CPU limit now may move to a cheaper type of the same speed, but not to a slower one. Standbys (by name or tag) are
skipped, with the reason: they must be as large as the resource they can replace.
## How the saving is computed
As for `previous_generation_instance`: EffectiveCost × (1 − new price ÷ old price). If the price list lacks the region, the new price is
estimated: the relation of both types in other regions × the list price in the bill, with a wider interval (docs/price-estimates.md).
## Trade-offs
A stop and start. If the instance leaves Xen, install drivers first. Balanced may change the processor maker. Bold is a rebuild: a new image, a second
instance, and traffic shifted step by step. The old instance stays until the new one has proved reliable.
## Source
AWS Compute Optimizer User Guide, \"Rightsizing recommendation preferences\" (99.5th percentile, 20 % headroom by default) as the benchmark;
docs/rightsizing-yardstick.txt compares savings and risk of both on real machines. Facts and prices:
cost-core/data/prices/SOURCES.md. Read 2026-11.",
};

impl Check for OversizedInstance {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let mut catalogues = Catalogues::default();
        let all = cx.named_once(is_instance_hours, &mut out)?;
        let mut all = without_emr(cx, all, &mut out);
        all.retain(|u| group_of(cx, &u.resource_id).is_none());
        for used in all {
            let of = match machine_or_estimate(cx, used) {
                Ok(of) => of,
                Err(unknown) => {
                    out.skip_unknown(&used.resource_id, &unknown);
                    continue;
                }
            };
            match demand(cx, &used.resource_id, of) {
                Ok(demand) => {
                    let catalogue = catalogues.for_machine(cx, &used.region_id, of);
                    let found = options(catalogue, (of.today, of.price), &demand, |variant| {
                        reach(cx, META.id, variant)
                    });
                    for (variant, choice) in found {
                        let range = catalogue.range(&choice.machine.instance_type);
                        judge(cx, (used, of, &demand), (variant, &choice), range, &mut out)?;
                    }
                }
                Err(reason) => out.skip(&used.resource_id, reason),
            }
        }
        Ok(out)
    }
}

/// Returns what an instance needs, or the reason why this cannot be determined.
fn demand(cx: &Context<'_>, resource_id: &str, of: Machine<'_>) -> Result<Demand, String> {
    if let Some(reason) = cx.resource(resource_id).and_then(sized_for_another) {
        return Err(reason);
    }
    let busy = cx.busy(resource_id).ok_or("its utilization is unknown")?;
    let demand = Demand::of(busy, of.today)
        .ok_or("its CPU was not measured, or the speed of its type is unknown")?
        .with_ebs_mbps(needed_ebs_mbps(cx, resource_id));
    let least = cx.value(META.id, &DAYS);
    if crate::usage::as_f64(demand.days) < least {
        return Err(format!("measured for less than {least} days"));
    }
    Ok(demand)
}

/// Returns the limits of a variant according to the thresholds of a check.
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
    (used, of, demand): (&ResourceUse, Machine<'_>, &Demand),
    (variant, choice): (Variant, &Choice<'_>),
    range: Option<(Decimal, Decimal)>,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let (old, new) = (of.today, choice.machine);
    let saved = cheaper(of.price, choice.usd_per_hour);
    let claims = cx.claims(&used.resource_id, is_instance_hours, saved)?;
    let shares = range.map(|(low, high)| (cheaper(of.price, high), cheaper(of.price, low)));
    let claims = widened(claims, saved, shares)?;
    if saved * Decimal::ONE_HUNDRED < cx.decimal(META.id, &SHARE)
        || expected(cx, &claims)?.is_zero_or_less()
    {
        return Ok(());
    }
    let trade_off = options_trade_off(cx, of, demand, choice).caveat(covered_caveat(&claims));
    let pct = |value: f64| format!("{value:.1} %");
    let memory = match (choice.memory_p99_pct, demand.memory_known) {
        (Some(then), true) => format!("{then:.0} % of {} MiB", new.memory_mib.unwrap_or(0)),
        _ => format!("not measured: {} MiB, no less than now", new.memory_mib.unwrap_or(0)),
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
                "current CPU, p99 of hourly maxima",
                format!("{} over {} days", pct(demand.cpu_p99_pct), demand.days),
                "utilization",
            )
            .evidence(
                "factor for the trend",
                format!("× {:.2}", demand.trend.factor),
                "utilization",
            )
            .evidence(
                "CPU after the change, p99 of hourly maxima",
                pct(choice.cpu_p99_pct),
                "utilization, CoreMark",
            )
            .evidence(
                "hours in which CPU would have exceeded 70 %",
                pct(choice.hours_above_pct),
                "utilization, CoreMark",
            )
            .evidence("memory after the change, p99 of hourly maxima", memory, "utilization");
    let draft = prices(draft, of.price, choice.usd_per_hour, spend_of(cx, &claims)?).claims(claims);
    let draft = change_type::of_instance(estimated(draft, range), &used.resource_id, old, new);
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

/// First step if memory is unknown. Source: AWS, Amazon `CloudWatch` User Guide, "Metrics collected
/// by the `CloudWatch` agent". Read 2026-11.
const MEASURE_MEMORY: &str = "install the CloudWatch agent, measure mem_used_percent for two weeks, and run this report again: a smaller type may fit";

/// Returns the trade-off of a choice.
pub(in crate::checks) fn options_trade_off(
    cx: &Context<'_>,
    of: Machine<'_>,
    demand: &Demand,
    choice: &Choice<'_>,
) -> TradeOff {
    let (old, new) = (of.today, choice.machine);
    let reason = format!(
        "the 99th percentile of hourly CPU maxima would be {:.0} %, based on {} days of measurements; peaks outside these days are unknown",
        choice.cpu_p99_pct, demand.days
    );
    let bursts = new.burstable == Some(true);
    let mut trade_off = trade_off(cx, old, new, &reason);
    if bursts || new.maker() != old.maker() || new.class() != old.class() {
        trade_off.risk = trade_off.risk.max(Level::Medium);
    }
    if !demand.memory_known {
        trade_off.test_first.insert(0, MEASURE_MEMORY.to_owned());
    }
    let above = choice.cpu_p99_pct > CPU_LIMIT_PCT;
    trade_off
        .reliability("less headroom for unmeasured peaks; redundancy and backups do not change")
        .caveat(bursts.then(|| {
            "the new type uses CPU credits: watch CPUCreditBalance; in unlimited mode, surplus credits are billed".to_owned()
        }))
        .caveat((!demand.memory_known).then(|| {
            "memory was not measured, so the new type has no less than now; once it is, a smaller type may fit".to_owned()
        }))
        .caveat((!demand.network_known).then(|| {
            let of = |t: &InstanceType| {
                t.network_baseline_gbps.map_or("unknown".to_owned(), |n| n.normalize().to_string())
            };
            format!("network was not measured: the new baseline is {} Gbit/s, the current one {}", of(new), of(old))
        }))
        .caveat(lower_ebs(old, new, demand.ebs_mbps))
        .caveat(
            above.then(|| "CPU peaks exceed 70 % now and will after the change: the instance needs more speed, not less".to_owned()),
        )
}

/// Returns a caveat if the EBS baseline falls.
fn lower_ebs(old: &InstanceType, new: &InstanceType, needed: Option<f64>) -> Option<String> {
    let (now, then) = old.ebs_baseline_mbps.zip(new.ebs_baseline_mbps)?;
    (then < now).then(|| {
        let measured = needed.map_or_else(
            || {
                "compare with the reads and writes of its volumes, which were not measured"
                    .to_owned()
            },
            |mbps| format!("its volumes need {mbps:.0} at the 99th percentile"),
        );
        format!(
            "EBS baseline falls from {} to {} Mbit/s: {measured}",
            now.normalize(),
            then.normalize()
        )
    })
}
