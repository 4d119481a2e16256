//! Stopped databases, whose storage is still billed.
//!
//! In:  monthly resource rows of RDS storage and instance hours; the inventory's state and size.
//! Out: one `Remove` opportunity per database, after a final snapshot.
//! Not here: running databases without connections (see `idle_database`).

use rust_decimal::Decimal;

use super::idle_database::{is_there, removal};
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::aws::meter::kind;
use crate::checks::shared::final_snapshot::{Kept, UNKNOWN_COPY};
use crate::checks::shared::idle::standby;
use crate::checks::shared::plain::name_of;
use crate::checks::shared::rollout;
use crate::checks::shared::{chosen, cost_now, spend_of};
use crate::cloud::Provider;
use crate::opportunity::{Action, Draft};
use crate::tradeoff::{Level, Reversibility, TradeOff};

const RUNNING: Threshold = chosen(
    "running_max_pct",
    10.0,
    "% of the hours",
    "instance hours billed ÷ hours of the month",
    "every month of the last three in which it has storage, at least two",
    "chosen: RDS starts a stopped instance after seven days, and a script that stops it again leaves a few hours a week",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct StoppedDatabase;

static META: CheckMeta = CheckMeta {
    id: "stopped_database",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Databases that are always stopped",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["rds:DescribeDBInstances"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[RUNNING, UNKNOWN_COPY],
    docs: "\
## What it finds
RDS instances that are stopped and hardly ran in each of the last months: their storage, IOPS, and extended support are still billed. RDS starts a
stopped instance after seven days, so somebody stops it again and again. Standbys (by name or tag) are skipped, with the reason.
## How the saving is computed
Per month of 730 h: EffectiveCost of all charges of the database − a final snapshot of its allocated storage, as for `idle_database`.
## Trade-offs
The final snapshot retains the data. A restore takes minutes to hours, where a start takes minutes.
## Source
Amazon RDS User Guide, \"Stopping an Amazon RDS DB instance temporarily\". Read 2026-11.",
};

fn is_storage(used: &ResourceUse) -> bool {
    let kind = kind(used);
    kind.starts_with("RDS:") && kind.contains("Storage")
}

impl Check for StoppedDatabase {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named_once(is_storage, &mut out)? {
            match running(cx, used) {
                Ok(Some(hours)) => judge(cx, used, hours, &mut out)?,
                Ok(None) => {}
                Err(reason) => out.skip(&used.resource_id, reason),
            }
        }
        Ok(out)
    }
}

/// Returns the largest number of instance hours of a month if the database is stopped and hardly
/// ran, `None` if it is in use or young, or the reason why this cannot be determined.
fn running(cx: &Context<'_>, used: &ResourceUse) -> Result<Option<Decimal>, String> {
    let database = cx
        .resource(&used.resource_id)
        .ok_or("billed, but not in the inventory: whether it is stopped is unknown")?;
    let state = database.state.as_deref().ok_or("its state is missing from the inventory")?;
    if state != "stopped" || used.months.len() < 2 {
        return Ok(None);
    }
    let most = cx.decimal(META.id, &RUNNING) / Decimal::ONE_HUNDRED;
    let mut largest = Decimal::ZERO;
    for month in &used.months {
        let instances = cx.of_resource_in_window(&used.resource_id).filter(|u| is_there(u));
        let mut hours = Decimal::ZERO;
        for of in instances.flat_map(|u| &u.months).filter(|m| m.month == month.month) {
            hours += of.quantity.ok_or("its hours are unknown: PricingQuantity is missing")?;
        }
        if hours > most * Decimal::from(month.month.hours()) {
            return Ok(None);
        }
        largest = largest.max(hours);
    }
    match standby(database) {
        Some(reason) => Err(reason),
        None => Ok(Some(largest)),
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    hours: Decimal,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let claims = cx.claims(&used.resource_id, |_| true, Decimal::ONE)?;
    if spend_of(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let draft =
        Draft::new(META.id, Action::Remove, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title(format!(
                "Delete the stopped database {} after a final snapshot",
                name_of(cx, used)
            ))
            .evidence("state", "stopped", "inventory")
            .evidence("instance hours, busiest month", hours.round_dp(1).normalize(), "bill")
            .evidence("months seen", used.months.len(), "bill")
            .facts([cost_now(cx, &claims)?])
            .claims(claims);
    let draft = rollout::removal(
        draft,
        "reports of a quarter or a year may need it",
        "starts it, waits for a final snapshot, and deletes it",
    );
    let draft = removal(draft, name_of(cx, used), "");
    let mut one = CheckOutput::default();
    one.opportunities.push(draft.finish(cx.currency())?);
    Kept::snapshot("RDS:ChargedBackupUsage", "rds-backup").subtract(cx, &mut one)?;
    out.opportunities.append(&mut one.opportunities);
    out.skipped.append(&mut one.skipped);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "it hardly ran for months, and a final snapshot retains the data";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("its automated backups are deleted with it: only the final snapshot and manual snapshots stay")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "ask the owner what it is for, and how often it is started",
            "search schedules and scripts that start or stop it, and remove them with it",
        ])
        .rollback(&["restore the final snapshot under the old identifier, so that the endpoint is the same"])
}
