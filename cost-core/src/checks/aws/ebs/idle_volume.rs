//! Volumes that are attached but never read or written.
//!
//! In:  monthly resource rows of EBS storage; hourly reads and writes.
//! Out: one `Remove` opportunity per volume.
//! Not here: unattached volumes (see `unattached_volume`).

use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::{is_volume, kind};
use crate::checks::shared::chosen;
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG};
use crate::cloud::Provider;
use crate::inventory::{Resource, short_id};
use crate::opportunity::Draft;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::Metric;

const OPERATIONS: Threshold = chosen(
    "operations_per_day",
    1.0,
    "operations per day",
    "VolumeReadOps + VolumeWriteOps, daily mean",
    "all hours measured",
    "AWS Compute Optimizer, idle resource recommendations: less than 1 IOPS-day",
);

static META: CheckMeta = CheckMeta {
    id: "idle_volume",
    provider: Some(Provider::Aws),
    service: "ebs",
    title: "Volumes that are never read or written",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &["ec2:DescribeVolumes", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[OPERATIONS, DAYS, YOUNG],
    docs: "\
## What it finds
EBS volumes attached to a running instance with at most the threshold of operations per day over all days measured. Other checks cover volumes
of stopped instances (`stopped_instance`) and unattached volumes (`unattached_volume`).
## How the saving is computed
Per month: EffectiveCost of the volume's storage and performance. A snapshot of the written blocks costs less. It is not subtracted, but listed
as a caveat.
## Trade-offs
Detach the volume first and wait. The data is retained in a snapshot.
## Source
AWS Compute Optimizer User Guide, \"Idle resource recommendations\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: IdleCheck = IdleCheck {
    meta: &META,
    is_there: |u| kind(u).starts_with("EBS:VolumeUsage"),
    goes: is_volume,
    dimensions: &[Dimension {
        metric: Metric::Operations,
        statistic: Statistic::PerDay,
        threshold: OPERATIONS,
        label: "operations per day",
    }],
    noun: "volume",
    trade_off,
    runbook,
    unless,
};

fn unless(cx: &Context<'_>, volume: &Resource) -> Option<String> {
    let Some(instance) = volume.attached_to.as_deref() else {
        return Some("not attached: see unattached_volume".to_owned());
    };
    let state = cx.resource(instance).and_then(|i| i.state.as_deref());
    (state == Some("stopped")).then(|| "its instance is stopped: see stopped_instance".to_owned())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "no reads or writes were measured, and a snapshot retains the data";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "unmount it in the operating system first: keep it if it is a root volume or a mount point in fstab",
        ])
        .rollback(&[
            "create a volume from the snapshot in the same Availability Zone and attach it",
        ])
        .caveats(&["the snapshot of the written blocks costs part of the savings"])
}

fn runbook(draft: Draft, used: &ResourceUse, _: Option<&Resource>) -> Draft {
    let id = shell_word(short_id(&used.resource_id));
    let describe = format!("aws ec2 describe-volumes --volume-ids {id}");
    let place = |name, member| lines::keep(name, &describe, &format!("Volumes[0].{member}"));
    draft
        .rollout(&["unmount and detach it", "a week later, run the script again: it takes a snapshot and deletes the volume"])
        .run(format!("save volume.json {describe}"))
        .run(place("INSTANCE", "Attachments[0].InstanceId"))
        .run(place("DEVICE", "Attachments[0].Device"))
        .run(lines::save_volume(&id))
        .run(lines::first_step(
            "detached.txt",
            &format!("aws ec2 detach-volume --volume-id {id} --instance-id \"$INSTANCE\"\naws ec2 wait volume-available --volume-ids {id}"),
            7,
            ("it is detached", "delete it"),
        ))
        .run(lines::snapshot(&id))
        .run(format!("aws ec2 delete-volume --volume-id {id}"))
        .undo(format!(". ./ids.sh\nVOLUME={id}"))
        .undo("if [ -n \"${SNAPSHOT:-}\" ]; then\nonce VOLUME aws ec2 create-volume --cli-input-json file://again.json --snapshot-id \"$SNAPSHOT\" --query VolumeId --output text\naws ec2 wait volume-available --volume-ids \"$VOLUME\"\nfi")
        .undo("aws ec2 attach-volume --volume-id \"$VOLUME\" --instance-id \"$INSTANCE\" --device \"$DEVICE\"")
        .watch("errors on the instance it was attached to, for a week")
        .terraform("remove its aws_ebs_volume and aws_volume_attachment")
}
