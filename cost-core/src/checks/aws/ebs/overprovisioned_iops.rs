//! Volumes with more provisioned IOPS or throughput than they use.
//!
//! In: monthly resource rows of provisioned IOPS and throughput; hourly operations and bytes; the
//! inventory. Out: one `Modify` opportunity per volume. Not here: another volume type (see
//! `provisioned_iops_volume`).

use rust_decimal::Decimal;

use super::gp2_volume::{GP3_IOPS, GP3_THROUGHPUT};
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::aws::meter::{kind, text};
use crate::checks::shared::{chosen, cost_now, expected};
use crate::cloud::Provider;
use crate::inventory::{Resource, short_id};
use crate::opportunity::{Action, Claim, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::{Metric, Use, as_f64};

const HEADROOM: Threshold = chosen(
    "headroom_factor",
    3.0,
    "times the busiest hours",
    "VolumeReadOps + VolumeWriteOps (bytes for throughput), hourly mean, 99th percentile",
    "all hours measured",
    "chosen (ADR 0016): an hourly mean hides bursts of minutes",
);
const DAYS: Threshold =
    chosen("least_days", 14.0, "days", "days measured", "", "as `oversized_instance`");
/// Least IOPS of io1 and io2. AWS, Amazon EBS User Guide, "Provisioned IOPS SSD volumes".
const IO_IOPS_MIN: i64 = 100;

/// The check that [`META`] describes.
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
gp3 volumes that are billed for IOPS above 3,000 or throughput above 125 MB/s, and io1 and io2 volumes, if their busiest hours × the
headroom factor need less. The new value is never below what gp3 includes, or below 100 IOPS for io1 and io2.
## How the saving is computed
Per month: EffectiveCost of the provisioned IOPS (throughput) × the removed share. For gp3, the share is relative to the paid part only,
because the included part is free.
## Trade-offs
The change is online. Hourly sums do not show bursts within an hour: check one-minute metrics first.
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
        for used in cx.named_once(is_performance, &mut out)? {
            let Some(volume) = cx.resource(&used.resource_id) else {
                out.skip(
                    &used.resource_id,
                    "billed, but not in the inventory: deleted since, or not collected",
                );
                continue;
            };
            judge(cx, used, volume, &mut out)?;
        }
        Ok(out)
    }
}

/// One kind of performance (IOPS or throughput): provisioned, included, and needed in the busiest
/// hours.
struct Need {
    kind: &'static str,
    has: i64,
    free: i64,
    needs: i64,
}

impl Need {
    /// Returns the new provisioned value: never less than what is included.
    fn then(&self) -> i64 {
        self.needs.max(self.free).min(self.has)
    }

    /// Returns the share of the paid performance that is removed.
    fn share(&self) -> Decimal {
        Decimal::from(self.has - self.then())
            .checked_div(Decimal::from(self.has - self.free))
            .unwrap_or_default()
    }
}

/// What a volume needs of both kinds. `None` if it is unknown or cannot be set separately.
struct Needs {
    iops: Option<Need>,
    throughput: Option<Need>,
}

impl Needs {
    fn of(volume: &Resource, busy: &Use, headroom: f64) -> Self {
        let per_second = |metric: Metric, scale: f64| {
            let busiest = busy.percentile(metric, 99)? / 3600.0 / scale * headroom;
            Decimal::from_f64_retain(busiest.ceil()).and_then(|d| i64::try_from(d).ok())
        };
        let is_gp3 = is_gp3(volume);
        let iops = volume.iops.zip(per_second(Metric::Operations, 1.0)).map(|(has, needs)| Need {
            kind: "P-IOPS",
            has,
            free: if is_gp3 { GP3_IOPS } else { 0 },
            needs: if is_gp3 { needs } else { needs.max(IO_IOPS_MIN) },
        });
        let mbps = volume.throughput_mbps.filter(|_| is_gp3);
        let throughput = mbps
            .zip(per_second(Metric::Network, 1_048_576.0))
            .map(|(has, needs)| Need { kind: "P-Throughput", has, free: GP3_THROUGHPUT, needs });
        Self { iops, throughput }
    }

    /// Returns claims on the cost of both kinds that is saved.
    fn claims(&self, cx: &Context<'_>, resource_id: &str) -> Result<Vec<Claim>, CheckError> {
        let mut claims: Vec<Claim> = Vec::new();
        for need in [&self.iops, &self.throughput].into_iter().flatten() {
            let share = need.share();
            if share > Decimal::ZERO {
                claims.extend(cx.claims(resource_id, |u| text(u).contains(need.kind), share)?);
            }
        }
        Ok(claims)
    }
}

fn is_gp3(volume: &Resource) -> bool {
    volume.volume_type.as_deref() == Some("gp3")
}

/// Returns the utilization of a volume, or the reason why it cannot be evaluated.
fn measured<'a>(cx: &'a Context<'_>, resource_id: &str) -> Result<&'a Use, String> {
    let busy = cx.busy(resource_id).ok_or("its utilization is unknown")?;
    let least = cx.value(META.id, &DAYS);
    if as_f64(busy.days(Metric::Operations)) < least {
        return Err(format!("measured for less than {least} days"));
    }
    Ok(busy)
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    volume: &Resource,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let busy = match measured(cx, &used.resource_id) {
        Ok(busy) => busy,
        Err(reason) => {
            out.skip(&used.resource_id, reason);
            return Ok(());
        }
    };
    let needs = Needs::of(volume, busy, cx.value(META.id, &HEADROOM));
    let claims = needs.claims(cx, &used.resource_id)?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let claims = Claim::merged_by(Claim::key, claims.into_iter().map(Ok))?;
    let draft = draft(cx, used, (volume, &needs), claims)?;
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn draft(
    cx: &Context<'_>,
    used: &ResourceUse,
    (volume, needs): (&Resource, &Needs),
    claims: Vec<Claim>,
) -> Result<Draft, CheckError> {
    let shown = |value: Option<i64>| value.map_or_else(|| "–".to_owned(), |v| v.to_string());
    let needed = |need: &Option<Need>| shown(need.as_ref().map(|n| n.needs));
    let then = |need: &Option<Need>, now: Option<i64>| need.as_ref().map(Need::then).or(now);
    let iops = then(&needs.iops, volume.iops);
    let mbps = then(&needs.throughput, volume.throughput_mbps);
    let facts = [cost_now(cx, &claims)?];
    Ok(Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off(cx))
        .title(format!("Lower the volume to {} IOPS and {} MB/s", shown(iops), shown(mbps)))
        .from_to("IOPS", &shown(volume.iops), &shown(iops))
        .evidence("IOPS needed, busiest hours × headroom", needed(&needs.iops), "utilization")
        .evidence("MB/s needed, busiest hours × headroom", needed(&needs.throughput), "utilization")
        .facts(facts)
        .claims(claims)
        .rollout(&[
            "check the one-minute metrics of a busy day",
            "run the script for this volume, and watch it for a day before other volumes of the service",
        ])
        .run(modify_volume(volume, &used.resource_id, iops, mbps))
        .undo(modify_volume(volume, &used.resource_id, volume.iops, volume.throughput_mbps))
        .watch("VolumeQueueLength and latency: roll back if they rise")
        .terraform("aws_ebs_volume: iops and throughput as above"))
}

/// Returns the command that sets a volume's IOPS and MB/s. Throughput can only be set for gp3.
fn modify_volume(
    volume: &Resource,
    resource_id: &str,
    iops: Option<i64>,
    mbps: Option<i64>,
) -> String {
    let id = shell_word(short_id(resource_id));
    let iops = iops.map(|v| format!(" --iops {v}")).unwrap_or_default();
    let mbps = mbps.filter(|_| is_gp3(volume)).map(|v| format!(" --throughput {v}"));
    format!("aws ec2 modify-volume --volume-id {id}{iops}{}", mbps.unwrap_or_default())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "the measurements do not show bursts shorter than an hour";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("less headroom for bursts; data and redundancy do not change")
        .no_downtime(
            "none; the volume is somewhat slower while it is being optimized (minutes to hours)",
        )
        // A volume can be modified again only after six hours.
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "check one-minute VolumeReadOps, VolumeWriteOps, and VolumeQueueLength of a busy day",
        ])
        .rollback(&["modify the volume back; a volume can be modified again after about six hours"])
}
