//! Volumes with more provisioned IOPS or throughput than they ever used.
//!
//! In: resource-by-month rows of provisioned IOPS and throughput; hourly operations and bytes; the
//! inventory. Out: one `Modify` opportunity a volume. Not here: another volume type (see
//! `provisioned_iops_volume`).

use rust_decimal::Decimal;

use super::gp2_volume::{GP3_IOPS, GP3_THROUGHPUT};
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::aws::meter::{kind, text};
use crate::checks::shared::{chosen, cost_now};
use crate::cloud::Provider;
use crate::inventory::{Resource, short_id};
use crate::opportunity::{Action, Claim, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};
use crate::usage::{Metric, as_f64};

const HEADROOM: Threshold = chosen(
    "headroom_factor",
    3.0,
    "times the busiest hours",
    "VolumeReadOps + VolumeWriteOps (bytes for throughput), mean of an hour, 99th percentile",
    "all hours measured",
    "chosen (ADR 0016): a mean of an hour hides bursts of minutes",
);
const DAYS: Threshold =
    chosen("least_days", 14.0, "days", "days measured", "", "as `oversized_instance`");
/// Least IOPS of io1 and io2. AWS, Amazon EBS User Guide, "Provisioned IOPS SSD volumes".
const IO_IOPS_MIN: i64 = 100;

/// See [`META`].
pub(in crate::checks) struct OverprovisionedIops;

static META: CheckMeta = CheckMeta {
    id: "overprovisioned_iops",
    provider: Some(Provider::Aws),
    service: "ebs",
    title: "Volumes with more IOPS or throughput than they use",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &["ec2:DescribeVolumes", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[HEADROOM, DAYS],
    docs: "\
## What it finds
gp3 volumes that are billed for IOPS above 3,000 or throughput above 125 MB/s, and io1 and io2 volumes, whose busiest hours times the
headroom need less. Never less than gp3 includes, or than 100 IOPS of io1 and io2.
## How the saving is computed
Per month: EffectiveCost of the provisioned IOPS (throughput) × the part that goes away. Of gp3 what is included is free: the part is that
of what is paid for.
## Trade-offs
The change is online. Bursts within an hour are not seen in hourly sums: look at one-minute metrics first.
## Source
Amazon EBS User Guide, \"Amazon EBS volume types\" and \"Amazon CloudWatch metrics for Amazon EBS\". Read 2026-11.",
};

impl Check for OverprovisionedIops {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let is_performance = |u: &ResourceUse| kind(u).starts_with("EBS:VolumeP-");
        for used in cx.used_once(is_performance) {
            let Some(volume) = cx.resource(&used.resource_id) else {
                out.skip(
                    &used.resource_id,
                    "billed, but not in the inventory: gone since, or not collected",
                );
                continue;
            };
            judge(cx, used, volume, &mut out)?;
        }
        Ok(out)
    }
}

/// Of a kind of performance: what there is, what is included, and what the busiest hours need.
struct Need {
    kind: &'static str,
    has: i64,
    free: i64,
    needs: i64,
}

impl Need {
    /// The share of what is paid for that goes away.
    fn share(&self) -> Decimal {
        let then = self.needs.max(self.free).min(self.has);
        Decimal::from(self.has - then)
            .checked_div(Decimal::from(self.has - self.free))
            .unwrap_or_default()
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    volume: &Resource,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let Some(busy) = cx.busy(&used.resource_id) else {
        out.skip(&used.resource_id, "its utilization is not known");
        return Ok(());
    };
    if as_f64(busy.days(Metric::Operations)) < cx.value(META.id, &DAYS) {
        out.skip(
            &used.resource_id,
            format!("measured for less than {} days", cx.value(META.id, &DAYS)),
        );
        return Ok(());
    }
    let headroom = cx.value(META.id, &HEADROOM);
    let per_second = |metric: Metric, scale: f64| {
        let busiest = busy.percentile(metric, 99)? / 3600.0 / scale * headroom;
        Decimal::from_f64_retain(busiest.ceil()).and_then(|d| i64::try_from(d).ok())
    };
    let is_gp3 = volume.volume_type.as_deref() == Some("gp3");
    let iops = volume.iops.zip(per_second(Metric::Operations, 1.0)).map(|(has, needs)| Need {
        kind: "P-IOPS",
        has,
        free: if is_gp3 { GP3_IOPS } else { 0 },
        needs: if is_gp3 { needs } else { needs.max(IO_IOPS_MIN) },
    });
    let mbps =
        volume.throughput_mbps.filter(|_| is_gp3).zip(per_second(Metric::Network, 1_048_576.0));
    let throughput =
        mbps.map(|(has, needs)| Need { kind: "P-Throughput", has, free: GP3_THROUGHPUT, needs });
    let mut claims: Vec<Claim> = Vec::new();
    for need in [&iops, &throughput].into_iter().flatten() {
        let share = need.share();
        if share > Decimal::ZERO {
            claims.extend(cx.claims(&used.resource_id, |u| text(u).contains(need.kind), share)?);
        }
    }
    if crate::checks::shared::expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let merged = Claim::merged_by(Claim::key, claims.into_iter().map(Ok))?;
    let kept = |need: &Option<Need>, has: Option<i64>| {
        need.as_ref().map_or(has, |n| Some(n.needs.max(n.free).min(n.has)))
    };
    let (then_iops, then_mbps) =
        (kept(&iops, volume.iops), kept(&throughput, volume.throughput_mbps));
    let told = |value: Option<i64>| value.map_or_else(|| "–".to_owned(), |v| v.to_string());
    let id = shell_word(short_id(&used.resource_id));
    let arguments = |iops: Option<i64>, mbps: Option<i64>| {
        let iops = iops.map(|v| format!(" --iops {v}")).unwrap_or_default();
        let mbps =
            mbps.filter(|_| is_gp3).map(|v| format!(" --throughput {v}")).unwrap_or_default();
        format!("aws ec2 modify-volume --volume-id {id}{iops}{mbps}")
    };
    let draft =
        Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title(format!(
                "Lower the volume to {} IOPS and {} MB/s",
                told(then_iops),
                told(then_mbps)
            ))
            .from_to("IOPS", &told(volume.iops), &told(then_iops))
            .evidence(
                "IOPS needed, busiest hours × headroom",
                told(iops.as_ref().map(|n| n.needs)),
                "utilization",
            )
            .evidence(
                "MB/s needed, busiest hours × headroom",
                told(throughput.as_ref().map(|n| n.needs)),
                "utilization",
            )
            .facts([cost_now(cx, &merged)?])
            .claims(merged)
            .rollout(&[
                "look at one-minute metrics of a busy day",
                "one volume, then the others of the service",
            ])
            .run(arguments(then_iops, then_mbps))
            .undo(arguments(volume.iops, volume.throughput_mbps))
            .watch("VolumeQueueLength and latency: go back if they rise")
            .terraform("aws_ebs_volume: iops and throughput as above");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "bursts shorter than an hour are not seen in what was measured";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("less room for bursts; data and redundancy are not touched")
        .no_downtime(
            "none; the volume is somewhat slower while it is being optimized (minutes to hours)",
        )
        .test_first(&[
            "look at one-minute VolumeReadOps, VolumeWriteOps and VolumeQueueLength of a busy day",
        ])
        .rollback(&["modify the volume back; a volume can be modified again after about six hours"])
}
