//! Volumes with much more storage than they fill.
//!
//! In: resource-by-month rows of EBS storage; hourly used storage, as the `CloudWatch` agent tells
//! it; the inventory's size. Out: one `Modify` opportunity a volume. Not here: provisioned speed
//! (see `overprovisioned_iops`), volumes that nobody uses (see `idle_volume`, `unattached_volume`).

use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::meter::kind;
use crate::checks::aws::shrunk::shrunk;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Look, PlainCheck, name_of};
use crate::cloud::Provider;
use crate::inventory::{detail, short_id};
use crate::opportunity::Action;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::{Metric, as_f64};

const USED: Threshold = chosen(
    "used_pct",
    30.0,
    "% of the storage",
    "disk_used_percent (CloudWatch agent), maximum of all hours",
    "all hours measured",
    "chosen (ADR 0018): a volume is moved by hand, so that more than half of it must go",
);
const TARGET: Threshold = chosen(
    "target_pct",
    60.0,
    "% of the storage",
    "used ÷ size afterwards",
    "",
    "chosen (ADR 0018): room to grow; a volume grows in place, and shrinks never",
);
const DAYS: Threshold =
    chosen("least_days", 14.0, "days", "days measured", "", "chosen (ADR 0018), as for instances");

/// A type of volume: how usage types end, least GiB, and the IOPS that a GiB allows. Amazon EBS
/// User Guide, "Amazon EBS volume types".
struct Kind {
    meter: &'static str,
    least_gb: i64,
    iops_per_gb: Option<i64>,
}

const fn volume_kind(meter: &'static str, least_gb: i64, iops_per_gb: Option<i64>) -> Kind {
    Kind { meter, least_gb, iops_per_gb }
}

/// Not gp2: its speed goes by its size.
const KINDS: [Kind; 5] = [
    volume_kind("EBS:VolumeUsage.gp3", 1, Some(500)),
    volume_kind("EBS:VolumeUsage.piops", 4, Some(50)),
    volume_kind("EBS:VolumeUsage.io2", 4, Some(1000)),
    volume_kind("EBS:VolumeUsage.st1", 125, None),
    volume_kind("EBS:VolumeUsage.sc1", 125, None),
];

static META: CheckMeta = CheckMeta {
    id: "oversized_volume",
    provider: Some(Provider::Aws),
    service: "ebs",
    title: "Volumes with more storage than they fill",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &["ec2:DescribeVolumes", "cloudwatch:GetMetricData", "cloudwatch:ListMetrics"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[USED, TARGET, DAYS],
    docs: "\
## What it finds
EBS volumes (gp3, io1, io2, st1, sc1) that were never fuller than the threshold. How full one is only the CloudWatch agent tells, and only of
instances with one volume it is certain which volume it speaks of: others are skipped and said to be. So are gp2 volumes, whose speed goes
by the size: `gp2_volume` first.
## How the saving is computed
Per month: EffectiveCost of the storage × (1 − needed ÷ size), needed being what was used at most ÷ the target, at least what the type and
the provisioned IOPS ask for. Snapshots hold what is written, not the size, and do not change.
## Trade-offs
A volume cannot be made smaller in place: a new one is filled from it, file by file, and takes its place.
## Source
Amazon EBS User Guide, \"Amazon EBS volume types\" and \"Modify an Amazon EBS volume\" (the size can only increase); Amazon CloudWatch User Guide,
\"Metrics collected by the CloudWatch agent\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| kind(u).starts_with("EBS:VolumeUsage."),
    look,
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(short_id(&used.resource_id));
        let known = cx.resource(&used.resource_id);
        let zone =
            shell_word(known.and_then(|v| v.get(detail::AVAILABILITY_ZONE)).unwrap_or("ZONE"));
        let kind = shell_word(known.and_then(|v| v.volume_type.as_deref()).unwrap_or("gp3"));
        let size = draft.changed_to().trim_end_matches(" GB").to_owned();
        draft
            .rollout(&["the same instance in staging first", "production in a maintenance window, from a snapshot of the day: copy with rsync -aHAX --numeric-ids, then change the mounts"])
            .run(format!("aws ec2 create-snapshot --volume-id {id} --description before-shrinking"))
            .run(format!("aws ec2 create-volume --availability-zone {zone} --volume-type {kind} --size {size}"))
            .run("aws ec2 attach-volume --volume-id NEW --instance-id INSTANCE --device /dev/sdz")
            .watch("disk_used_percent for a month: grow the volume in place above 80 %")
            .terraform(format!("aws_ebs_volume: size = {size} (Terraform would replace the volume: import the new one)"))
    },
};

fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    let meter = kind(used);
    let Some(kind) = KINDS.iter().find(|k| k.meter == meter) else {
        return Err("its speed goes by its size: see `gp2_volume` first".to_owned());
    };
    let volume = cx.resource(&used.resource_id);
    let size = volume.and_then(|v| v.size_gb).ok_or("the inventory does not say its size")?;
    let unmeasured = "how full it is was not measured: the CloudWatch agent would tell, of instances with one volume";
    let busy = cx.busy(&used.resource_id).ok_or(unmeasured)?;
    let full = busy.max(Metric::StorageUsed).ok_or(unmeasured)?;
    let least = cx.value(META.id, &DAYS);
    if as_f64(busy.days(Metric::StorageUsed)) < least {
        return Err(format!("how full it is was measured for less than {least} days"));
    }
    if full >= cx.value(META.id, &USED) {
        return Ok(None);
    }
    let by_iops = kind
        .iops_per_gb
        .zip(volume.and_then(|v| v.iops))
        .map_or(0, |(per_gb, iops)| (iops + per_gb - 1) / per_gb);
    let (what, least) = (format!("volume {}", name_of(cx, used)), kind.least_gb.max(by_iops));
    Ok(shrunk(&what, ("size", "size"), (size, full), least, cx.decimal(META.id, &TARGET)))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "files are copied to a new volume by hand: what is forgotten or open is not there";
    TradeOff::new(Level::High, Level::Medium, reason, cx.currency())
        .reliability(
            "less room to grow: alarm on disk_used_percent; the old volume is kept until the new one has proved itself",
        )
        .interrupts("while the last changes are copied and the volumes change places")
        .undo(Reversibility::WithEffort)
        .test_first(&["restore a snapshot, copy it to a smaller volume and start the service on it"])
        .rollback(&["attach the old volume again; what was written since is on the new one"])
        .caveats(&[
            "both volumes are billed until the old one is deleted",
            "a root volume cannot be smaller than its image: a new image is needed",
        ])
}
