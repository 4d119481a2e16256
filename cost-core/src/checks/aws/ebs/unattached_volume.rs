//! Volumes that are billed but not attached to an instance.
//!
//! In:  inventory `volume` rows; monthly resource rows, `EffectiveCost`.
//! Out: one `Remove` opportunity per volume, after a snapshot.
//! Not here: volumes attached to stopped instances (see `stopped_instance`).

use rust_decimal::Decimal;

use super::snapshots::Snapshots;
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::aws::lines;
use crate::checks::aws::meter::{is_volume, kind};
use crate::checks::shared::rollout::removal;
use crate::checks::shared::{chosen, cost_now, expected, less};
use crate::cloud::Provider;
use crate::inventory::{Resource, short_id};
use crate::opportunity::{Action, Draft, Slice};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const DAYS: Threshold = chosen(
    "unattached_days",
    7.0,
    "days",
    "days in state `available`",
    "up to the day of the data",
    "chosen (ADR 0005): a week is longer than a redeployment or a long weekend",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct UnattachedVolume;

static META: CheckMeta = CheckMeta {
    id: "unattached_volume",
    provider: Some(Provider::Aws),
    service: "ebs",
    title: "Unattached volumes",
    group: Group::Idle,
    since: "0.1.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeVolumes", "ec2:DescribeSnapshots"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[DAYS],
    docs: "\
## What it finds
EBS volumes in state `available` for the threshold or longer that were billed in the month under review. Needs the inventory, because
a bill does not show attachments.
## How the saving is computed
Per month: EffectiveCost of the volume's storage and performance in the month − a snapshot at the snapshot price in the bill for the
region, or the list price. A snapshot stores only written blocks: the full size of the volume's newest snapshot
(FullSnapshotSizeInBytes), or the volume's full size if there is none. `low` is with a snapshot of the full size, `high` without the snapshot's
cost. A snapshot made after the volume was detached already contains all data: no new snapshot is needed and no cost is subtracted.
## Trade-offs
The snapshot retains the data. A restore takes minutes, and first reads of restored blocks are slow.
## Source
AWS, Amazon EBS User Guide, \"Amazon EBS volume states\" and \"Create Amazon EBS snapshots\"; Amazon EC2 API Reference, \"Snapshot\"
(fullSnapshotSizeInBytes). Read 2026-11.",
};

impl Check for UnattachedVolume {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let snapshots = Snapshots::of(cx.inventory);
        let is_stored = |u: &ResourceUse| kind(u).starts_with("EBS:VolumeUsage");
        for used in cx.named_once(is_stored, &mut out)? {
            let Some(volume) = cx.resource(&used.resource_id) else {
                out.skip(
                    &used.resource_id,
                    "billed, but not in the inventory: deleted since, or not collected",
                );
                continue;
            };
            if volume.state.as_deref() != Some("available") {
                continue;
            }
            let Some(days) = volume.days_in_state(cx.as_of) else {
                out.skip(
                    &used.resource_id,
                    "not attached, but the inventory does not contain since when",
                );
                continue;
            };
            if Decimal::from(days) >= cx.decimal(META.id, &DAYS) {
                judge(cx, used, (volume, days), &snapshots, &mut out)?;
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    (volume, days): (&Resource, i64),
    snapshots: &Snapshots<'_>,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let Some(size) = volume.size_gb else {
        out.skip(&used.resource_id, "its size is missing from the inventory");
        return Ok(());
    };
    let (price, source) = match cx.paid_or_list(&used.region_id, "EBS:SnapshotUsage", "snapshot") {
        Ok(known) => known,
        Err(unknown) => {
            out.skip_unknown(&used.resource_id, &unknown);
            return Ok(());
        }
    };
    let existing = volume.state_since.and_then(|since| snapshots.since(&volume.resource_id, since));
    let snapshot = snapshots.replacement(&volume.resource_id, size, (price, cx.currency()));
    let mut claims = cx.claims(&used.resource_id, is_volume, Decimal::ONE)?;
    if existing.is_none() {
        less(&mut claims, Slice::Storage, snapshot)?;
    }
    if expected(cx, &claims)?.is_zero_or_less() {
        out.skip(&used.resource_id, "a snapshot would cost as much as the volume");
        return Ok(());
    }
    let id = shell_word(short_id(&volume.resource_id));
    let draft =
        Draft::new(META.id, Action::Remove, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .evidence("state", "available (not attached)", "inventory")
            .evidence("unattached for", format!("{days} days"), "inventory")
            .facts([cost_now(cx, &claims)?])
            .claims(claims);
    let draft = removal(
        draft,
        "tag it with the date, and wait a week for questions if it has none",
        "waits for a snapshot, and deletes the volume",
    )
    .watch("alarms and tickets that name the volume, for a week")
    .terraform(
        "remove its aws_ebs_volume; add an aws_ebs_snapshot if retention rules require the data",
    );
    let describe = format!("aws ec2 describe-volumes --volume-ids {id}");
    let draft = draft.run(format!("save volume.json {describe}")).run(lines::save_volume(&id));
    let draft = match existing.map(|s| shell_word(short_id(&s.resource_id))) {
        Some(existing) => draft
            .title(format!("Delete {size} GB, unattached for {days} days and stored in a snapshot"))
            .evidence("snapshot made after it was detached", &existing, "inventory")
            .run(format!("aws ec2 wait snapshot-completed --snapshot-ids {existing}"))
            .undo(again(&existing)),
        None => draft
            .title(format!("Snapshot and delete {size} GB, unattached for {days} days"))
            .evidence("snapshot, per month", snapshot.expected, source)
            .evidence("snapshot, per month at most", snapshot.most, source)
            .run(lines::snapshot(&id))
            .undo(". ./ids.sh")
            .undo(again("\"$SNAPSHOT\"")),
    };
    let draft = draft.run(format!("aws ec2 delete-volume --volume-id {id}"));
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

/// Returns the line that creates the volume again from a snapshot.
fn again(snapshot: &str) -> String {
    format!(
        "once AGAIN aws ec2 create-volume --cli-input-json file://again.json --snapshot-id {snapshot} --query VolumeId --output text"
    )
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "it is not attached, and the snapshot retains the data";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("none for running systems; first check that it is not a manual backup or a standby disk")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "ask the owner named in its tags; search Terraform state and runbooks for its ID",
            "take the snapshot, restore it to a new volume, and read a file from it before deleting the original",
        ])
        .rollback(&[
            "create a volume from the snapshot in the same Availability Zone",
            "attach it; first reads are slow until blocks are loaded",
        ])
        .caveats(&["retain the snapshot for as long as your retention rules require, then delete it too"])
}
