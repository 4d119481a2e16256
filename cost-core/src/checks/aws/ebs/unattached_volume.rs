//! Volumes that are billed but attached to nothing.
//!
//! In:  inventory `volume` rows; resource-by-month `EffectiveCost`.
//! Out: one `Remove` opportunity a volume, after a snapshot.
//! Not here: volumes attached to stopped instances (see `stopped_instance`).

use rust_decimal::Decimal;

use super::snapshots::Snapshots;
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::aws::meter::{is_volume, kind};
use crate::checks::shared::{chosen, cost_now, expected, less};
use crate::cloud::Provider;
use crate::inventory::{Resource, detail, short_id};
use crate::opportunity::{Action, Draft, Slice};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const DAYS: Threshold = chosen(
    "unattached_days",
    7.0,
    "days",
    "days in state `available`",
    "up to the day of the data",
    "chosen (ADR 0005): a week outlasts a re-deployment or a long weekend",
);

/// See [`META`].
pub(in crate::checks) struct UnattachedVolume;

static META: CheckMeta = CheckMeta {
    id: "unattached_volume",
    provider: Some(Provider::Aws),
    service: "ebs",
    title: "Volumes attached to nothing",
    group: Group::Idle,
    since: "0.1.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeVolumes", "ec2:DescribeSnapshots"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[DAYS],
    docs: "\
## What it finds
EBS volumes in state `available` for the threshold or longer that were billed in the month under review. Needs the inventory: a bill
does not say what is attached.
## How the saving is computed
Per month: EffectiveCost of the volume's storage and performance in the month, less a snapshot at the price the bill shows for snapshots in the
region, or the list price. A snapshot holds only written blocks: as many as the newest snapshot of the volume says
(FullSnapshotSizeInBytes), or, without one, the full size. `low` is with a snapshot of the full size, `high` without the snapshot's cost. Where
a snapshot was made after the volume was detached, it holds everything already: no new one is needed, and nothing is taken off.
## Trade-offs
The data is kept in the snapshot. Restoring takes minutes, and first reads of restored blocks are slow.
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
                    "billed, but not in the inventory: gone since, or not collected",
                );
                continue;
            };
            if volume.state.as_deref() != Some("available") {
                continue;
            }
            let Some(days) = volume.days_in_state(cx.as_of) else {
                out.skip(
                    &used.resource_id,
                    "attached to nothing, but the inventory does not say since when",
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
        out.skip(&used.resource_id, "the inventory does not say its size");
        return Ok(());
    };
    let (price, source) = match cx.paid_or_list(&used.region_id, "EBS:SnapshotUsage", "snapshot") {
        Ok(known) => known,
        Err(unknown) => {
            out.skip_unknown(&used.resource_id, &unknown);
            return Ok(());
        }
    };
    let kept = volume.state_since.and_then(|since| snapshots.since(&volume.resource_id, since));
    let snapshot = snapshots.replacement(&volume.resource_id, size, (price, cx.currency()));
    let mut claims = cx.claims(&used.resource_id, is_volume, Decimal::ONE)?;
    if kept.is_none() {
        less(&mut claims, Slice::Storage, snapshot)?;
    }
    if expected(cx, &claims)?.is_zero_or_less() {
        out.skip(&used.resource_id, "a snapshot would cost as much as the volume");
        return Ok(());
    }
    let id = shell_word(short_id(&volume.resource_id));
    let zone = shell_word(volume.get(detail::AVAILABILITY_ZONE).unwrap_or("ZONE"));
    let draft = Draft::new(
        META.id,
        Action::Remove,
        &used.resource_id,
        cx.scope_of(used),
        trade_off(cx),
    )
    .evidence("state", "available (attached to nothing)", "inventory")
    .evidence("unattached for", format!("{days} days"), "inventory")
    .facts([cost_now(cx, &claims)?])
    .claims(claims)
    .rollout(&["volumes of development accounts first; wait a week for questions, then the others"])
    .watch("alarms and tickets that name the volume, for a week")
    .terraform(
        "remove its aws_ebs_volume; keep an aws_ebs_snapshot if retention rules ask for the data",
    );
    let draft = draft.run(format!("save volume.json aws ec2 describe-volumes --volume-ids {id}"));
    let draft = match kept.map(|s| shell_word(short_id(&s.resource_id))) {
        Some(kept) => draft
            .title(format!("Delete {size} GB, unattached for {days} days and kept in a snapshot"))
            .evidence("made since it was detached", &kept, "inventory")
            .run(format!("aws ec2 wait snapshot-completed --snapshot-ids {kept}"))
            .undo(format!("aws ec2 create-volume --snapshot-id {kept} --availability-zone {zone}")),
        None => draft
            .title(format!("Snapshot and delete {size} GB, unattached for {days} days"))
            .evidence("snapshot, per month", snapshot.expected, source)
            .evidence("snapshot, per month at most", snapshot.most, source)
            .run(crate::checks::aws::lines::snapshot(&id))
            .undo(format!(". ./ids.sh\naws ec2 create-volume --snapshot-id \"$SNAPSHOT\" --availability-zone {zone}")),
    };
    let draft = draft.run(format!("aws ec2 delete-volume --volume-id {id}"));
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "nothing uses it; the data is kept in the snapshot";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("none for running systems; check that it is no manual backup or standby disk first")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "ask the owner in its tags; look for its id in Terraform state and in runbooks",
            "take the snapshot, restore it to a new volume, and read a file from it before deleting the original",
        ])
        .rollback(&[
            "create a volume from the snapshot in the same availability zone",
            "attach it; first reads are slow until blocks are loaded",
        ])
        .caveats(&["keep the snapshot for as long as your retention rules ask, then delete it too"])
}
