//! Volumes with much more storage than they use.
//!
//! In: monthly resource rows of EBS storage; hourly used storage from the `CloudWatch` agent; the
//! inventory's size. Out: one `Modify` opportunity per volume. Not here: provisioned performance
//! (see `overprovisioned_iops`), unused volumes (see `idle_volume`, `unattached_volume`).

use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::aws::shrunk::shrunk;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Look, PlainCheck, name_of};
use crate::cloud::Provider;
use crate::inventory::short_id;
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
    "chosen (ADR 0018): a volume is moved manually, so that it must shrink by more than half to be worth it",
);
const TARGET: Threshold = chosen(
    "target_pct",
    60.0,
    "% of the storage",
    "used ÷ size afterwards",
    "",
    "chosen (ADR 0018): leaves room to grow; a volume can grow in place but never shrink",
);
const DAYS: Threshold =
    chosen("least_days", 14.0, "days", "days measured", "", "chosen (ADR 0018), as for instances");

/// A volume type: the usage type, the smallest size in GiB, and the IOPS allowed per GiB. Amazon
/// EBS User Guide, "Amazon EBS volume types".
struct Kind {
    meter: &'static str,
    least_gb: i64,
    iops_per_gb: Option<i64>,
}

const fn volume_kind(meter: &'static str, least_gb: i64, iops_per_gb: Option<i64>) -> Kind {
    Kind { meter, least_gb, iops_per_gb }
}

/// The volume types of this check. Not gp2, because its performance depends on its size.
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
    title: "Volumes with more storage than they use",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &["ec2:DescribeVolumes", "cloudwatch:GetMetricData", "cloudwatch:ListMetrics"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[USED, TARGET, DAYS],
    docs: "\
## What it finds
EBS volumes (gp3, io1, io2, st1, sc1) whose use always stayed below the threshold. Only the CloudWatch agent measures used storage, and only for
instances with one volume is it certain which volume the value belongs to. Other volumes are skipped, with the reason. So are gp2 volumes, because
their performance depends on the size: see `gp2_volume` first.
## How the saving is computed
Per month: EffectiveCost of the storage × (1 − needed size ÷ size). The needed size is the largest use ÷ the target, and at least what the type
and the provisioned IOPS require. Snapshots store written blocks, not the volume size, and do not change.
## Trade-offs
A volume cannot shrink in place. The files are copied to a new, smaller volume that replaces it.
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
        let describe = format!("aws ec2 describe-volumes --volume-ids {id}");
        let kind = shell_word(known.and_then(|v| v.volume_type.as_deref()).unwrap_or("gp3"));
        let size = draft.changed_to().trim_end_matches(" GB").to_owned();
        draft
            .rollout(&["change the same instance in staging first", "change production in a maintenance window, from a snapshot of that day: copy with rsync -aHAX --numeric-ids, then change the mounts"])
            .run(format!("save volume.json {describe}"))
            .run(lines::keep("ZONE", &describe, "Volumes[0].AvailabilityZone"))
            .run(lines::keep("INSTANCE", &describe, "Volumes[0].Attachments[0].InstanceId"))
            .run(lines::snapshot(&id))
            .run(format!("once NEW aws ec2 create-volume --availability-zone \"$ZONE\" --volume-type {kind} --size {size} --query VolumeId --output text"))
            .run("aws ec2 wait volume-available --volume-ids \"$NEW\"")
            .run("aws ec2 attach-volume --volume-id \"$NEW\" --instance-id \"$INSTANCE\" --device /dev/sdz")
            .undo(". ./ids.sh\naws ec2 detach-volume --volume-id \"$NEW\" --instance-id \"$INSTANCE\"")
            .undo("aws ec2 wait volume-available --volume-ids \"$NEW\"")
            .watch("disk_used_percent for a month: grow the volume in place if it exceeds 80 %")
            .terraform(format!("aws_ebs_volume: size = {size} (Terraform would replace the volume: import the new one)"))
    },
};

fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    let meter = kind(used);
    let Some(kind) = KINDS.iter().find(|k| k.meter == meter) else {
        return Err("its performance depends on its size: see `gp2_volume` first".to_owned());
    };
    let volume = cx.resource(&used.resource_id);
    let size = volume.and_then(|v| v.size_gb).ok_or("its size is missing from the inventory")?;
    let unmeasured = "its used storage was not measured: the CloudWatch agent measures it for instances with one volume";
    let busy = cx.busy(&used.resource_id).ok_or(unmeasured)?;
    let full = busy.max(Metric::StorageUsed).ok_or(unmeasured)?;
    let least = cx.value(META.id, &DAYS);
    if as_f64(busy.days(Metric::StorageUsed)) < least {
        return Err(format!("its used storage was measured for less than {least} days"));
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
    let reason =
        "files are copied to a new volume manually: forgotten or open files may be missing";
    TradeOff::new(Level::High, Level::Medium, reason, cx.currency())
        .reliability(
            "less room to grow: set an alarm on disk_used_percent; retain the old volume until the new one has proved reliable",
        )
        .interrupts("while the last changes are copied and the new volume replaces the old one")
        .undo(Reversibility::WithEffort)
        .test_first(&["restore a snapshot, copy it to a smaller volume and start the service on it"])
        .rollback(&["attach the old volume again; data written since the change is only on the new one"])
        .caveats(&[
            "both volumes are billed until the old one is deleted",
            "a root volume cannot be smaller than its image: a smaller one needs a new image",
        ])
}
