//! Volumes that are billed but attached to nothing.
//!
//! In:  inventory `volume` rows; resource-by-month `EffectiveCost`.
//! Out: one `Remove` opportunity a volume, after a snapshot.
//! Not here: volumes attached to stopped instances.

use rust_decimal::Decimal;

use super::{lines, scope_of};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Meter, ResourceUse};
use crate::inventory::Resource;
use crate::money::{Money, Savings};
use crate::opportunity::{Action, Claim, Draft, Evidence, Slice};
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// Days unattached before a volume counts as waste. Chosen (ADR 0005): a week outlasts a re-deployment or a long weekend.
const UNATTACHED_DAYS: i64 = 7;

/// See [`META`].
pub(super) struct UnattachedVolume;

static META: CheckMeta = CheckMeta {
    id: "unattached_volume",
    title: "Volumes attached to nothing",
    since: "0.1.0",
    permissions: &["ec2:DescribeVolumes"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    docs: "\
## What it finds
EBS volumes in state `available` for 7 days or more (threshold chosen, ADR 0005: a week outlasts a re-deployment or a long
weekend), that were billed in the month under review. Needs the inventory: a bill does not say what is attached.
## How the saving is computed
Per month: EffectiveCost of the volume's storage in the month (storage is priced by the month), less a snapshot of its
full size at the price the bill shows for snapshots in the region, or the list price. `high` is without the snapshot's
cost: snapshots hold only written blocks, so the truth lies between.
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
        let Some(inventory) = cx.inventory else {
            return Ok(CheckOutput::skip_all("the estate has no inventory, and a bill does not say what is attached"));
        };
        let mut out = CheckOutput::default();
        for used in cx.resource_use(None, |m| Meter::parse(m).kind.starts_with("EBS:VolumeUsage"))? {
            let Some(volume) = inventory.get(&used.resource_id) else {
                out.skip(&used.resource_id, "billed, but not in the inventory: gone since, or not collected");
                continue;
            };
            let Some(days) = idle_days(volume, cx) else { continue };
            if days >= UNATTACHED_DAYS {
                judge(cx, &used, volume, days, &mut out)?;
            }
        }
        Ok(out)
    }
}

fn idle_days(volume: &Resource, cx: &Context<'_>) -> Option<i64> {
    let available = volume.state.as_deref() == Some("available");
    let since = volume.state_since.filter(|_| available)?;
    Some(cx.as_of.signed_duration_since(since).num_days())
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
    let (price, source) = match cx.paid_or_list(&used.region_id, "EBS:SnapshotUsage", "snapshot")? {
        Ok(known) => known,
        Err(unknown) => {
            out.skip_unknown(&used.resource_id, &unknown);
            return Ok(());
        }
    };
    let spend = used.now().spend()?;
    let snapshot = Money::new(price * Decimal::from(size), cx.currency());
    let net = spend.try_sub(snapshot)?;
    if net.is_zero_or_less() {
        out.skip(&used.resource_id, "a snapshot would cost as much as the volume");
        return Ok(());
    }
    let draft = Draft {
        title: format!("Snapshot and delete {size} GB, unattached for {days} days"),
        subject: used.resource_id.clone(),
        scope: scope_of(used),
        action: Action::Remove,
        trade_off: trade_off(Money::zero(cx.currency())),
        evidence: vec![
            Evidence::new("state", "available (attached to nothing)", "inventory"),
            Evidence::new("unattached for", format!("{days} days"), "inventory"),
            Evidence::new("cost now, per month", spend, "bill"),
            Evidence::new("snapshot, per month at most", snapshot, source),
        ],
        claims: vec![Claim {
            sub_account_id: used.sub_account_id.clone(),
            resource_id: used.resource_id.clone(),
            slice: Slice::Storage,
            spend,
            savings: Savings::try_new(net, net, spend)?,
        }],
    };
    out.opportunities.push(draft.finish(META.id, cx.currency())?);
    Ok(())
}

fn trade_off(nothing: Money) -> TradeOff {
    TradeOff {
        effort: Level::Low,
        risk: Level::Low,
        risk_reason: "nothing uses it; the data is kept in the snapshot".into(),
        reliability: "none for running systems; check that it is no manual backup or standby disk first".into(),
        downtime: "none".into(),
        commitment_months: None,
        upfront: nothing,
        break_even_months: None,
        reversibility: Reversibility::WithEffort,
        test_first: lines(&[
            "ask the owner in its tags; look for its id in Terraform state and in runbooks",
            "take the snapshot, restore it to a new volume, and read a file from it before deleting the original",
        ]),
        rollback: lines(&[
            "create a volume from the snapshot in the same availability zone",
            "attach it; first reads are slow until blocks are loaded",
        ]),
        caveats: lines(&["keep the snapshot for as long as your retention rules ask, then delete it too"]),
    }
}
