//! Databases with much more storage than they fill.
//!
//! In:  resource-by-month rows of RDS storage; hourly used storage; the inventory's size.
//! Out: one `Modify` opportunity a database.

use rust_decimal::Decimal;

use super::chosen;
use super::meter::kind;
use super::plain::{Found, PlainCheck, name_of};
use crate::check::{CheckMeta, Context, Group, Input, Threshold};
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::Metric;

const USED: Threshold = chosen(
    "used_pct",
    40.0,
    "% of the storage",
    "100 − FreeStorageSpace ÷ allocated, maximum of all hours",
    "all hours measured",
    "chosen (ADR 0016): less than that leaves a whole size to spare",
);
const TARGET: Threshold = chosen(
    "target_pct",
    70.0,
    "% of the storage",
    "used ÷ allocated afterwards",
    "",
    "chosen (ADR 0016): room to grow, and storage autoscaling",
);
/// Least storage of a gp3 instance, GB. Amazon RDS User Guide, "Amazon RDS DB instance storage".
const LEAST_GB: i64 = 20;

static META: CheckMeta = CheckMeta {
    id: "overallocated_database_storage",
    title: "Databases with more storage than they fill",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &["rds:DescribeDBInstances", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[USED, TARGET],
    docs: "\
## What it finds
RDS instances whose storage was never fuller than the threshold. Aurora grows and shrinks by itself and is not here.
## How the saving is computed
Per month: EffectiveCost of the storage × (1 − needed ÷ allocated), needed being what was used at most ÷ the target, at least 20 GB.
## Trade-offs
RDS storage cannot be made smaller in place: a blue/green deployment can (for some engines), or a new instance from a dump. Smaller volumes may have fewer
IOPS.
## Source
Amazon RDS User Guide, \"Working with storage for Amazon RDS DB instances\" and \"Shrinking storage volumes with a blue/green deployment\". Read
2026-11.",
};

/// Storage of so many GB, at most so many percent full, made so small that it is full to a target, percent, but no smaller than it can be.
pub(super) fn shrunk(
    what: &str,
    (size_label, changed): (&str, &'static str),
    (size, full_pct): (i64, f64),
    least: i64,
    target_pct: Decimal,
) -> Option<Found> {
    let full = Decimal::from_f64_retain(full_pct).unwrap_or(Decimal::ONE_HUNDRED).round_dp(2);
    let needed = (Decimal::from(size) * full / target_pct).ceil().max(Decimal::from(least));
    let share = Decimal::ONE - needed / Decimal::from(size);
    (share > Decimal::ZERO).then(|| Found {
        share,
        uncertain: false,
        title: format!("Shrink {what} from {size} to {needed} GB"),
        facts: vec![
            Evidence::new(size_label, format!("{size} GB"), "inventory"),
            Evidence::new("used at most", format!("{} %", full.normalize()), "utilization"),
        ],
        change: Some((changed, format!("{size} GB"), format!("{needed} GB"))),
    })
}

pub(super) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| {
        let kind = kind(u);
        kind.starts_with("RDS:") && kind.contains("Storage") && !kind.contains("Snapshot") && !kind.contains("Backup")
    },
    look: |cx, used| {
        let size =
            cx.resource(&used.resource_id).and_then(|d| d.size_gb).ok_or("the inventory does not say its size")?;
        let full = cx
            .busy(&used.resource_id)
            .and_then(|b| b.max(Metric::StorageUsed))
            .ok_or("its storage was not measured")?;
        if full >= cx.value(META.id, &USED) {
            return Ok(None);
        }
        let what = format!("the storage of {}", name_of(cx, used));
        Ok(shrunk(&what, ("allocated", "storage"), (size, full), LEAST_GB, cx.decimal(META.id, &TARGET)))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        let gb = draft.changed_to().trim_end_matches(" GB").to_owned();
        draft
            .rollout(&["a copy from a snapshot first, to see how long it takes", "blue/green deployment in production, outside busy hours"])
            .run(format!("aws rds create-blue-green-deployment --blue-green-deployment-name {id} --source {} --target-allocated-storage {gb}", shell_word(&used.resource_id)))
            .run("aws rds switchover-blue-green-deployment --blue-green-deployment-identifier DEPLOYMENT")
            .watch("FreeStorageSpace and query latency for a week")
            .terraform("aws_db_instance: allocated_storage (Terraform would replace the instance: import the green one)")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "a new instance takes over: it must be tested, and storage that grows again costs a change";
    TradeOff::new(Level::High, Level::Medium, reason, cx.currency())
        .reliability("less room to grow: switch storage autoscaling on")
        .interrupts("about a minute at the switch-over")
        .undo(Reversibility::WithEffort)
        .test_first(&["restore a snapshot and shrink the copy the same way"])
        .rollback(&["keep the blue instance until the new one has proved itself"])
        .caveats(&[
            "not all engines and storage types can be shrunk by a blue/green deployment: otherwise dump and restore",
        ])
}
