//! Old snapshots that cost less in the archive tier.
//!
//! In:  inventory `snapshot` rows with sizes; monthly resource rows of `EBS:SnapshotUsage`.
//! Out: one `Modify` opportunity per snapshot.
//! Not here: snapshots of deleted volumes (see `orphaned_snapshot`).

use rust_decimal::Decimal;

use super::snapshots::{full_size_gb, is_snapshot, planned, snapshots_of};
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::shared::uncertain::{SUCCESS, uncertain};
use crate::checks::shared::{Replacement, chosen, cost_now, less, spend_of};
use crate::cloud::Provider;
use crate::inventory::{Kind, short_id};
use crate::money::{Money, Savings};
use crate::opportunity::{Action, Draft, Slice};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const DAYS: Threshold = chosen(
    "age_days",
    180.0,
    "days",
    "days since creation",
    "up to the day of the data",
    "chosen (ADR 0016); the archive tier is for snapshots that are retained for at least 90 more days",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct ArchivableSnapshot;

static META: CheckMeta = CheckMeta {
    id: "archivable_snapshot",
    provider: Some(Provider::Aws),
    service: "ebs",
    title: "Old snapshots that cost less in the archive tier",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeSnapshots", "ec2:DescribeImages"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[DAYS, SUCCESS],
    docs: "\
## What it finds
EBS snapshots older than the threshold whose stored blocks cost more than their full size would cost in the archive tier. An archived
snapshot is a full copy of the written blocks (FullSnapshotSizeInBytes, or the volume's size if the inventory lacks it). If little changed
since the previous snapshot, the archive costs more and the check finds nothing. Snapshots used by AMIs cannot be archived and are excluded.
## How the saving is computed
Per month: EffectiveCost of the stored blocks − full size × the archive price in the bill, or the list price. `low` is 0, because blocks that the
next snapshot needs move to that snapshot. `expected` is 50 % of what is possible (`success_pct`). A restore, which is charged per
GB, is not part of a month's cost; the evidence shows what one costs.
## Trade-offs
A restore takes up to 72 hours and is charged per GB. The minimum billed time is 90 days.
## Source
Amazon EBS User Guide, \"Archive Amazon EBS snapshots\". Read 2026-11.",
};

impl Check for ArchivableSnapshot {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let Some(inventory) = cx.inventory else { return Ok(out) };
        let of_images: std::collections::BTreeSet<&str> =
            inventory.of_kind(Kind::Image).flat_map(snapshots_of).collect();
        for used in cx.named_once(is_snapshot, &mut out)? {
            let Some(snapshot) = cx.resource(&used.resource_id) else { continue };
            let old = snapshot
                .age_days(cx.as_of)
                .filter(|a| Decimal::from(*a) >= cx.decimal(META.id, &DAYS));
            let Some(age) = old.filter(|_| !of_images.contains(short_id(&snapshot.resource_id)))
            else {
                continue;
            };
            let size = full_size_gb(snapshot).or_else(|| snapshot.size_gb.map(Decimal::from));
            match (
                size,
                cx.paid_or_list(&used.region_id, "EBS:SnapshotArchiveStorage", "snapshot-archive"),
            ) {
                (None, _) => {
                    out.skip(&used.resource_id, "its full size is missing from the inventory");
                }
                (_, Err(unknown)) => out.skip_unknown(&used.resource_id, &unknown),
                (Some(_), Ok(_)) if planned(snapshot).is_some() => {
                    out.skip(
                        &used.resource_id,
                        "made by a backup plan: set the archive rule in that plan",
                    );
                }
                (Some(size), Ok((price, source))) => {
                    judge(cx, used, (size, age), (price, source), &mut out)?;
                }
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    (size, age): (Decimal, i64),
    (price, source): (Decimal, &str),
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let archived = Money::new(price * size, cx.currency());
    let mut claims = cx.claims(&used.resource_id, is_snapshot, Decimal::ONE)?;
    if spend_of(cx, &claims)?.try_sub(archived)?.is_zero_or_less() {
        return Ok(());
    }
    for claim in &mut claims {
        claim.savings = Savings::try_new(cx.nothing(), claim.spend, claim.savings.high)?;
    }
    let archive = Replacement { most: cx.nothing(), ..Replacement::exactly(archived) };
    less(&mut claims, Slice::Storage, archive)?;
    let id = shell_word(short_id(&used.resource_id));
    let restore = match cx.list(&used.region_id, "snapshot-archive-restore") {
        Ok(price) => Money::new(price * size, cx.currency()).to_string(),
        Err(unknown) => format!("unknown: {unknown}"),
    };
    let certainty = uncertain(cx, &META, &mut claims)?;
    let draft = Draft::new(
        META.id,
        Action::Modify,
        &used.resource_id,
        cx.scope_of(used),
        trade_off(cx),
    )
    .title(format!("Archive the snapshot of {} GB, {age} days old", size.round_dp(0)))
    .from_to("storage tier", "standard", "archive")
    .evidence("age", format!("{age} days"), "inventory")
    .evidence("full size in the archive, per month", archived, source)
    .evidence("one restore, not subtracted", restore, "price list")
    .facts([cost_now(cx, &claims)?])
    .facts(certainty)
    .claims(claims)
    .rollout(&["archive one snapshot first, and restore it to see how long that takes"])
    .run(format!("aws ec2 modify-snapshot-tier --snapshot-id {id} --storage-tier archive"))
    .undo(format!("aws ec2 restore-snapshot-tier --snapshot-id {id} --permanent-restore"))
    .watch("snapshot storage of the account in the next bill: blocks may move to the next snapshot")
    .terraform("aws_ebs_snapshot: storage_tier = \"archive\"");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    TradeOff::new(Level::Low, Level::Low, "no data is deleted, but a restore takes longer", cx.currency())
        .reliability("a restore takes up to 72 hours instead of minutes: do not archive snapshots that a recovery plan needs quickly")
        .undo(Reversibility::WithEffort)
        .effect("when the copy to the archive is done, within days")
        .test_first(&["check that no recovery plan depends on it"])
        .rollback(&["restore it to the standard tier: this takes up to 72 hours and is charged per GB"])
        .caveats(&["billed for at least 90 days in the archive"])
}
