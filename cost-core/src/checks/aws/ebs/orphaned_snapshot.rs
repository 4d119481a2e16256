//! Snapshots of deleted volumes.
//!
//! In: inventory `snapshot`, `volume` and `image` rows; monthly resource rows of
//! `EBS:SnapshotUsage`. Out: one `Remove` opportunity per snapshot. Not here: snapshots of volumes
//! that exist (see `archivable_snapshot`).

use rust_decimal::Decimal;

use super::snapshots::{AgedSnapshot, aged_snapshots, deleted, is_planned, is_snapshot};
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::shared::uncertain::{SUCCESS, uncertain};
use crate::checks::shared::{chosen, cost_now, spend_of};
use crate::cloud::Provider;
use crate::inventory::{Kind, Resource, detail, short_id};
use crate::opportunity::{Action, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const DAYS: Threshold = chosen(
    "age_days",
    90.0,
    "days",
    "days since creation",
    "up to the day of the data",
    "chosen (ADR 0016): a quarter is longer than most retention rules for backups of deleted resources",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct OrphanedSnapshot;

static META: CheckMeta = CheckMeta {
    id: "orphaned_snapshot",
    provider: Some(Provider::Aws),
    service: "ebs",
    title: "Snapshots of deleted volumes",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeSnapshots", "ec2:DescribeVolumes", "ec2:DescribeImages"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[DAYS, SUCCESS],
    docs: "\
## What it finds
EBS snapshots older than the threshold whose volume is not in the inventory and that no AMI of the account uses. Snapshots made by a
backup plan (AWS Backup or Data Lifecycle Manager, according to their tags) are skipped, because their plan deletes them.
## How the saving is computed
Per month: EffectiveCost of the snapshot's storage. Blocks shared with a later snapshot of the same volume stay and are then charged to that
snapshot. Therefore `low` is 0 if the account has another snapshot of the volume. Then `expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
The runbook moves the snapshot to the Recycle Bin, from which it can be restored for 14 days. Its storage is billed until then. After that, the data is
lost permanently.
## Source
Amazon EBS User Guide, \"Delete an Amazon EBS snapshot\" and \"Recycle Bin\". Read 2026-11.",
};

impl Check for OrphanedSnapshot {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let Some(inventory) = cx.inventory else { return Ok(out) };
        if inventory.of_kind(Kind::Volume).next().is_none() {
            return Ok(CheckOutput::skip_all(
                "the inventory has no volumes, so that deleted volumes cannot be determined",
            ));
        }
        for old in aged_snapshots(cx, inventory, cx.decimal(META.id, &DAYS), &mut out)? {
            let AgedSnapshot { used, snapshot, volume, age_days } = old;
            if inventory.get(volume).is_some() || is_planned(used, snapshot, &mut out) {
                continue;
            }
            let others = inventory
                .of_kind(Kind::Snapshot)
                .filter(|s| s.get(detail::VOLUME_ID) == Some(volume))
                .count();
            judge(cx, used, snapshot, (volume, age_days, others > 1), &mut out)?;
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    snapshot: &Resource,
    (volume, age, shared): (&str, i64, bool),
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let mut claims = cx.claims(&used.resource_id, is_snapshot, Decimal::ONE)?;
    if spend_of(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let certainty = if shared { uncertain(cx, &META, &mut claims)? } else { Vec::new() };
    let id = shell_word(short_id(&snapshot.resource_id));
    let draft =
        Draft::new(META.id, Action::Remove, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title(format!("Delete the snapshot of a deleted volume, {age} days old"))
            .evidence("volume", format!("{volume}, not in the inventory"), "inventory")
            .evidence("age", format!("{age} days"), "inventory")
            .evidence(
                "description",
                snapshot.get(detail::DESCRIPTION).unwrap_or("(none)"),
                "inventory",
            )
            .facts([cost_now(cx, &claims)?])
            .facts(certainty)
            .claims(claims);
    out.opportunities.push(deleted(draft, &id).finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason =
        "it is a backup: if it is the last copy, the data is lost after 14 days in the Recycle Bin";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("removes a backup of a volume that no longer exists: check retention rules and legal holds first")
        .undo(Reversibility::WithEffort)
        .test_first(&["ask the owner; check retention rules and legal holds"])
        .rollback(&["restore it from the Recycle Bin, within 14 days"])
        .caveats(&["its storage is billed until the Recycle Bin deletes it, after 14 days"])
}
