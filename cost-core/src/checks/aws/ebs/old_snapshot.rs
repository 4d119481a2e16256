//! Old snapshots of volumes that have a newer snapshot.
//!
//! In:  inventory `snapshot`, `volume`, and `image` rows; monthly resource rows of
//! `EBS:SnapshotUsage`. Out: one `Remove` opportunity per snapshot. Not here: snapshots of deleted
//! volumes (see `orphaned_snapshot`), and cheaper storage (see `archivable_snapshot`).

use rust_decimal::Decimal;

use super::snapshots::{AgedSnapshot, Snapshots, aged_snapshots, deleted, is_planned, is_snapshot};
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::shared::uncertain::{SUCCESS, uncertain};
use crate::checks::shared::{chosen, cost_now, spend_of};
use crate::cloud::Provider;
use crate::inventory::{Resource, short_id};
use crate::opportunity::{Action, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const DAYS: Threshold = chosen(
    "age_days",
    365.0,
    "days",
    "days since creation",
    "up to the day of the data",
    "chosen: a year includes yearly backups; set it to what your retention rules require",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct OldSnapshot;

static META: CheckMeta = CheckMeta {
    id: "old_snapshot",
    provider: Some(Provider::Aws),
    service: "ebs",
    title: "Old snapshots of volumes that have a newer one",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeSnapshots", "ec2:DescribeVolumes", "ec2:DescribeImages"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[DAYS, SUCCESS],
    docs: "\
## What it finds
EBS snapshots older than the threshold whose volume still exists and has a newer complete snapshot outside of backup plans. Snapshots that an AMI
uses are excluded. Those made by a backup plan are skipped, because their plan deletes them.
## How the saving is computed
Per month: EffectiveCost of the snapshot's storage. `low` is 0, because blocks that the next snapshot of the volume needs stay and are then charged
to that snapshot. `expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
The runbook moves the snapshot to the Recycle Bin, from which it can be restored for 14 days. Its storage is billed until then. After that, the state
of that day is lost permanently. Newer snapshots stay complete.
## Source
Amazon EBS User Guide, \"Delete an Amazon EBS snapshot\" and \"Recycle Bin\". Read 2026-11.",
};

impl Check for OldSnapshot {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let Some(inventory) = cx.inventory else { return Ok(out) };
        let all = Snapshots::of(cx.inventory);
        for old in aged_snapshots(cx, inventory, cx.decimal(META.id, &DAYS), &mut out)? {
            let AgedSnapshot { used, snapshot, volume, age_days } = old;
            if inventory.get(volume).is_none() {
                continue;
            }
            let newer = snapshot.created_on.and_then(|made| all.since(volume, made));
            if let Some(newer) = newer
                && !is_planned(used, snapshot, &mut out)
            {
                judge(cx, used, newer, (volume, age_days), &mut out)?;
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    newer: &Resource,
    (volume, age): (&str, i64),
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let mut claims = cx.claims(&used.resource_id, is_snapshot, Decimal::ONE)?;
    if spend_of(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let certainty = uncertain(cx, &META, &mut claims)?;
    let id = shell_word(short_id(&used.resource_id));
    let made = newer.created_on.map_or_else(|| "unknown".to_owned(), |day| day.to_string());
    let draft =
        Draft::new(META.id, Action::Remove, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title(format!("Delete the snapshot of {volume}, {age} days old"))
            .evidence("age", format!("{age} days"), "inventory")
            .evidence("newest snapshot of the volume made on", made, "inventory")
            .facts([cost_now(cx, &claims)?])
            .facts(certainty)
            .claims(claims);
    out.opportunities.push(deleted(draft, &id).finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "it is a backup of an old state: data that was deleted since is lost after 14 days in the Recycle Bin";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("removes an old point in time; newer snapshots stay complete")
        .undo(Reversibility::WithEffort)
        .test_first(&["ask the owner; check retention rules and legal holds"])
        .rollback(&["restore it from the Recycle Bin, within 14 days"])
        .caveats(&["its storage is billed until the Recycle Bin deletes it, after 14 days"])
}
