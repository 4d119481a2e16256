//! io1 and io2 volumes that would cost less as gp3.
//!
//! In: monthly resource rows of `EBS:VolumeUsage.piops` and `.io2` and their IOPS; the inventory's
//! IOPS; prices. Out: one `Modify` opportunity per volume. Not here: gp2 (see `gp2_volume`); fewer
//! IOPS on the same type (see `overprovisioned_iops`).

use rust_decimal::Decimal;

use super::gp2_volume::GP3_IOPS;
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse};
use crate::checks::aws::meter::{is_volume, kind};
use crate::checks::shared::cost_now;
use crate::cloud::Provider;
use crate::inventory::{Resource, short_id};
use crate::money::{Money, Savings};
use crate::opportunity::{Action, Draft, Slice};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

/// Maximum IOPS of a gp3 volume. AWS, Amazon EBS User Guide, "Amazon EBS General Purpose SSD
/// volumes".
const GP3_IOPS_MAX: i64 = 16_000;
/// Maximum throughput of a gp3 volume, MB/s. Volumes with many IOPS get 16 KiB per operation. Same
/// source.
const GP3_THROUGHPUT_MAX: i64 = 1_000;

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
Per month: EffectiveCost of its storage and IOPS − a gp3 volume of the same size with the same IOPS and a throughput of 16 KiB per operation
(at most 1,000 MB/s), at the price in the bill, or the list price. `high` is with only the performance that gp3 includes.
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
        for used in cx.used(|u| matches!(kind(u), "EBS:VolumeUsage.piops" | "EBS:VolumeUsage.io2"))
        {
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
    let throughput =
        (iops * 16 / 1024).clamp(super::gp2_volume::GP3_THROUGHPUT, GP3_THROUGHPUT_MAX);
    let storage = Money::new(gp3 * Decimal::from(size), cx.currency());
    let extra = Decimal::from(then_iops - GP3_IOPS) * per_iops
        + Decimal::from(throughput - super::gp2_volume::GP3_THROUGHPUT) * per_mbps;
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
    let draft = Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off(cx))
        .title(format!("Change the {size} GB {old} volume to gp3 ({then_iops} IOPS, {throughput} MB/s)"))
        .from_to("volume type", old, "gp3")
        .evidence("IOPS provisioned", iops, "inventory")
        .facts([cost_now(cx, &claims)?])
        .evidence("gp3 storage, per month", storage, source)
        .evidence("IOPS and throughput added, per month", extra, "price list")
        .claims(claims)
        .rollout(&["change one volume in staging under load, then production service by service, a few per day"])
        .run(format!(
            "aws ec2 modify-volume --volume-id {id} --volume-type gp3 --iops {then_iops} --throughput {throughput}"
        ))
        .undo(format!("aws ec2 modify-volume --volume-id {id} --volume-type {} --iops {iops}", shell_word(old)))
        .watch("VolumeQueueLength and the latency of the database on it, for a day")
        .terraform(format!("aws_ebs_volume: type = \"gp3\", iops = {then_iops}, throughput = {throughput}"));
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "the same IOPS, but without the latency that AWS states for io2";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("durability 99.8 to 99.9 % instead of io2's 99.999 %: snapshots matter more")
        .no_downtime(
            "none; the volume is somewhat slower while it is being optimized (minutes to hours)",
        )
        .test_first(&["run the database's own benchmark on a copy restored from a snapshot to gp3"])
        .rollback(&["modify the volume back; a volume can be modified again after about six hours"])
        .caveats(&["a volume attached to several instances (Multi-Attach) must stay io1 or io2"])
}
