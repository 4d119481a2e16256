//! Volumes that are billed but attached to nothing.
//!
//! In:  inventory `volume` rows; resource-by-month `EffectiveCost`.
//! Out: one `Remove` opportunity a volume, after a snapshot.
//! Not here: volumes attached to stopped instances (see `stopped_instance`).

use rust_decimal::Decimal;

use super::{chosen, cost_now, expected, is_volume, less};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, Meter, ResourceUse, Threshold};
use crate::inventory::Resource;
use crate::money::Money;
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
pub(super) struct UnattachedVolume;

static META: CheckMeta = CheckMeta {
    id: "unattached_volume",
    title: "Volumes attached to nothing",
    group: Group::Idle,
    since: "0.1.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeVolumes"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[DAYS],
    docs: "\
## What it finds
EBS volumes in state `available` for the threshold or longer that were billed in the month under review. Needs the inventory: a bill
does not say what is attached.
## How the saving is computed
Per month: EffectiveCost of the volume's storage and performance in the month, less a snapshot of its full size at the price the bill
shows for snapshots in the region, or the list price. `high` is without the snapshot's cost: snapshots hold only written blocks, so
the truth lies between.
## Trade-offs
The data is kept in the snapshot. Restoring takes minutes, and first reads of restored blocks are slow.
## Source
AWS, Amazon EBS User Guide, \"Amazon EBS volume states\" and \"Create Amazon EBS snapshots\". Read 2026-11.",
};

impl Check for UnattachedVolume {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.used(|u| Meter::parse(&u.usage_type).kind.starts_with("EBS:VolumeUsage")) {
            let Some(volume) = cx.resource(&used.resource_id) else {
                out.skip(&used.resource_id, "billed, but not in the inventory: gone since, or not collected");
                continue;
            };
            if volume.state.as_deref() != Some("available") {
                continue;
            }
            let Some(days) = volume.days_in_state(cx.as_of) else {
                out.skip(&used.resource_id, "attached to nothing, but the inventory does not say since when");
                continue;
            };
            if Decimal::from(days) >= cx.decimal(META.id, &DAYS) {
                judge(cx, used, volume, days, &mut out)?;
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    volume: &Resource,
    days: i64,
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
    let snapshot = Money::new(price * Decimal::from(size), cx.currency());
    let mut claims = cx.claims(&used.resource_id, is_volume, Decimal::ONE)?;
    less(&mut claims, Slice::Storage, snapshot, true)?;
    if expected(cx, &claims)?.is_zero_or_less() {
        out.skip(&used.resource_id, "a snapshot would cost as much as the volume");
        return Ok(());
    }
    let id = shell_word(&volume.resource_id);
    let zone = shell_word(volume.text("AvailabilityZone").unwrap_or("ZONE"));
    let draft = Draft::new(META.id, Action::Remove, &used.resource_id, cx.scope_of(used), trade_off(cx))
        .title(format!("Snapshot and delete {size} GB, unattached for {days} days"))
        .evidence("state", "available (attached to nothing)", "inventory")
        .evidence("unattached for", format!("{days} days"), "inventory")
        .facts([cost_now(cx, &claims)?])
        .evidence("snapshot, per month at most", snapshot, source)
        .claims(claims)
        .rollout(&["volumes of development accounts first; wait a week for questions, then the others"])
        .run(format!("aws ec2 create-snapshot --volume-id {id} --description 'before deletion'"))
        .run("aws ec2 wait snapshot-completed --snapshot-ids SNAPSHOT")
        .run(format!("aws ec2 delete-volume --volume-id {id}"))
        .undo(format!("aws ec2 create-volume --snapshot-id SNAPSHOT --availability-zone {zone}"))
        .undo("aws ec2 attach-volume --volume-id NEW_VOLUME --instance-id INSTANCE --device DEVICE")
        .watch("alarms and tickets that name the volume, for a week")
        .terraform("remove its aws_ebs_volume; keep an aws_ebs_snapshot if retention rules ask for the data");
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
