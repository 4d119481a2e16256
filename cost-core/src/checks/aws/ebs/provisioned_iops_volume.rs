//! io1 and io2 volumes that would cost less as gp3.
//!
//! In: monthly resource rows of `EBS:VolumeUsage.piops` and `.io2` and their IOPS; the inventory's
//! IOPS; prices. Out: one `Modify` opportunity per volume. Not here: gp2 (see `gp2_volume`); fewer
//! IOPS on the same type (see `overprovisioned_iops`).

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::gp2_volume::{GP3_IOPS, GP3_THROUGHPUT};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse};
use crate::checks::aws::meter::{is_volume, kind};
use crate::checks::shared::cost_now;
use crate::checks::shared::rollout::tested;
use crate::cloud::Provider;
use crate::inventory::{Resource, short_id};
use crate::money::{Money, Savings};
use crate::opportunity::{Action, Draft, Slice};
use crate::rightsizing::ebs_mbps;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// Maximum IOPS of a gp3 volume. AWS, Amazon EBS User Guide, "Amazon EBS General Purpose SSD
/// volumes".
const GP3_IOPS_MAX: i64 = 16_000;
/// Maximum throughput of a gp3 volume, MiB/s, that every volume with 16,000 IOPS supports. Same
/// source.
const GP3_THROUGHPUT_MAX: i64 = 1_000;
/// Throughput per provisioned IOPS of an io1 or io2 volume, KiB/s: operations of up to 256 KiB count
/// as one. AWS, Amazon EBS User Guide, "Amazon EBS Provisioned IOPS SSD volumes".
const IO_KIB_PER_IOPS: i64 = 256;
/// Maximum throughput of an io1 volume with up to 32,000 IOPS, MiB/s. Same source.
const IO1_THROUGHPUT_MAX: i64 = 500;

/// Mebibytes per second in one megabit per second: 10⁶ ÷ 8 ÷ 2²⁰.
const MIB_PER_MBIT: f64 = 0.119_209_289_550_781_25;

/// The check that [`META`] describes.
pub(in crate::checks) struct ProvisionedIopsVolume;

static META: CheckMeta = CheckMeta {
    id: "provisioned_iops_volume",
    provider: Some(Provider::Aws),
    service: "ebs",
    title: "io1 and io2 volumes that would cost less as gp3",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeVolumes"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
Volumes of type io1 or io2 with no more IOPS than gp3 supports (16,000). Volumes with Multi-Attach cannot become gp3: this is a caveat.
## How the saving is computed
Per month: EffectiveCost of its storage and IOPS − a gp3 volume of the same size with the same IOPS, at the price in the bill, or the list price.
Its throughput is the 99th percentile of the hours measured × 2. If it was not measured, it is what the old volume can deliver: 256 KiB per
operation, at most 500 MiB/s (io1) or 1,000 MiB/s (io2). `high` is with only the performance that gp3 includes.
## Trade-offs
The change is online. gp3 has a latency of single-digit milliseconds (io2 Block Express: less than one) and a durability of 99.8 to 99.9 %
(io2: 99.999 %).
## Source
Amazon EBS User Guide, \"Amazon EBS volume types\". Read 2026-11.",
};

impl Check for ProvisionedIopsVolume {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let is_provisioned =
            |u: &ResourceUse| matches!(kind(u), "EBS:VolumeUsage.piops" | "EBS:VolumeUsage.io2");
        for used in cx.named_once(is_provisioned, &mut out)? {
            match cx.resource(&used.resource_id).map(|v| (v, v.size_gb.zip(v.iops))) {
                Some((volume, Some((_, iops)))) if iops <= GP3_IOPS_MAX => {
                    judge(cx, used, volume, &mut out)?;
                }
                Some((_, Some(_))) => {}
                _ => out
                    .skip(&used.resource_id, "its size or its IOPS are missing from the inventory"),
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    volume: &Resource,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let (Some(size), Some(iops)) = (volume.size_gb, volume.iops) else { return Ok(()) };
    let region = &used.region_id;
    let known = || {
        let (gp3, source) = cx.paid_or_list(region, "EBS:VolumeUsage.gp3", "gp3")?;
        Ok::<_, crate::price::UnknownPrice>((
            gp3,
            source,
            cx.list(region, "gp3-iops")?,
            cx.list(region, "gp3-throughput")?,
        ))
    };
    let (gp3, source, per_iops, per_mbps) = match known() {
        Ok(known) => known,
        Err(unknown) => {
            out.skip_unknown(&used.resource_id, &unknown);
            return Ok(());
        }
    };
    let then_iops = iops.max(GP3_IOPS);
    let (throughput, measured) = throughput_of(cx, volume, iops);
    let storage = Money::new(gp3 * Decimal::from(size), cx.currency());
    let extra = Decimal::from(then_iops - GP3_IOPS) * per_iops
        + Decimal::from(throughput - GP3_THROUGHPUT) * per_mbps;
    let extra = Money::new(extra, cx.currency());
    let mut claims = cx.claims(&used.resource_id, is_volume, Decimal::ONE)?;
    for claim in &mut claims {
        let then = if claim.slice == Slice::Storage { storage } else { extra };
        let Savings { low, expected, high } = claim.savings;
        let most = if claim.slice == Slice::Storage { high.try_sub(then)? } else { high };
        claim.savings = Savings::try_new(low.try_sub(then)?, expected.try_sub(then)?, most)?;
    }
    if crate::checks::shared::expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let id = shell_word(short_id(&used.resource_id));
    let old = volume.volume_type.as_deref().unwrap_or("io1");
    let draft =
        Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title(format!(
                "Change the {size} GB {old} volume to gp3 ({then_iops} IOPS, {throughput} MiB/s)"
            ))
            .from_to("volume type", old, "gp3")
            .evidence("IOPS provisioned", iops, "inventory")
            .evidence("throughput that it needs, MiB/s", throughput, measured)
            .facts([cost_now(cx, &claims)?])
            .evidence("gp3 storage, per month", storage, source)
            .evidence("IOPS and throughput added, per month", extra, "price list")
            .claims(claims);
    let draft = tested(draft, "volume")
        .run(format!(
            "aws ec2 modify-volume --volume-id {id} --volume-type gp3 --iops {then_iops} --throughput {throughput}"
        ))
        .undo(format!("aws ec2 modify-volume --volume-id {id} --volume-type {} --iops {iops}", shell_word(old)))
        .watch("VolumeQueueLength and the latency of the database on it, for a day")
        .terraform(format!("aws_ebs_volume: type = \"gp3\", iops = {then_iops}, throughput = {throughput}"));
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

/// Returns the throughput that the new volume needs, MiB/s, and where this is known from.
fn throughput_of(cx: &Context<'_>, volume: &Resource, iops: i64) -> (i64, &'static str) {
    let measured = cx.busy(&volume.resource_id).and_then(|busy| ebs_mbps(&[busy]));
    let mibps = measured.map(|mbps| (mbps * MIB_PER_MBIT).ceil());
    if let Some(needed) = mibps.and_then(Decimal::from_f64).and_then(|d| d.to_i64()) {
        return (needed.clamp(GP3_THROUGHPUT, GP3_THROUGHPUT_MAX), "utilization");
    }
    let is_io1 = volume.volume_type.as_deref() == Some("io1");
    let most = if is_io1 { IO1_THROUGHPUT_MAX } else { GP3_THROUGHPUT_MAX };
    let able = (iops * IO_KIB_PER_IOPS / 1024).min(most);
    (able.max(GP3_THROUGHPUT), "what the old volume can deliver")
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "the same IOPS, but from io2 without the latency and durability that AWS states";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability(
            "from io2, durability falls from 99.999 % to 99.8 to 99.9 %, and snapshots matter more; from io1, it is the same",
        )
        .no_downtime(
            "none; the volume is somewhat slower while it is being optimized (minutes to hours)",
        )
        // A volume can be modified again only after six hours.
        .undo(Reversibility::WithEffort)
        .test_first(&["run the database's own benchmark on a copy restored from a snapshot to gp3"])
        .rollback(&["modify the volume back; a volume can be modified again after about six hours"])
        .caveats(&["a volume attached to several instances (Multi-Attach) must stay io1 or io2"])
}
