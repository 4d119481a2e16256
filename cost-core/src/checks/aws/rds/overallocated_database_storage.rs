//! Databases with much more storage than they use.
//!
//! In:  monthly resource rows of RDS storage; hourly used storage; the inventory's size.
//! Out: one `Modify` opportunity per database.

use crate::check::{CheckMeta, Context, Group, Input, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::aws::shrunk::shrunk;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{PlainCheck, name_of};
use crate::cloud::Provider;
use crate::opportunity::Action;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::Metric;

const USED: Threshold = chosen(
    "used_pct",
    40.0,
    "% of the storage",
    "100 − FreeStorageSpace ÷ allocated, maximum of all hours",
    "all hours measured",
    "chosen (ADR 0016): below this, more than half of the storage is unused",
);
const TARGET: Threshold = chosen(
    "target_pct",
    70.0,
    "% of the storage",
    "used ÷ allocated afterwards",
    "",
    "chosen (ADR 0016): leaves room to grow and for storage autoscaling",
);
/// Smallest storage of a gp3 instance, GB. Amazon RDS User Guide, "Amazon RDS DB instance storage".
const LEAST_GB: i64 = 20;

static META: CheckMeta = CheckMeta {
    id: "overallocated_database_storage",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Databases with more storage than they use",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &["rds:DescribeDBInstances", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[USED, TARGET],
    docs: "\
## What it finds
RDS instances whose storage use always stayed below the threshold. Aurora storage grows and shrinks automatically and is excluded.
## How the saving is computed
Per month: EffectiveCost of the storage × (1 − needed ÷ allocated). The needed storage is the largest use ÷ the target, at least 20 GB.
## Trade-offs
RDS storage cannot shrink in place. It takes a blue/green deployment (for some engines) or a new instance from a dump. Smaller volumes may have
fewer IOPS.
## Source
Amazon RDS User Guide, \"Working with storage for Amazon RDS DB instances\" and \"Shrinking storage volumes with a blue/green deployment\". Read
2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| {
        let kind = kind(u);
        kind.starts_with("RDS:")
            && kind.contains("Storage")
            && !kind.contains("Snapshot")
            && !kind.contains("Backup")
    },
    look: |cx, used| {
        let size = cx
            .resource(&used.resource_id)
            .and_then(|d| d.size_gb)
            .ok_or("its size is missing from the inventory")?;
        let full = cx
            .busy(&used.resource_id)
            .and_then(|b| b.max(Metric::StorageUsed))
            .ok_or("its storage was not measured")?;
        if full >= cx.value(META.id, &USED) {
            return Ok(None);
        }
        let what = format!("the storage of {}", name_of(cx, used));
        Ok(shrunk(
            &what,
            ("allocated", "storage"),
            (size, full),
            LEAST_GB,
            cx.decimal(META.id, &TARGET),
        ))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let gb = draft.changed_to().trim_end_matches(" GB").to_owned();
        let target = format!("--target-allocated-storage {gb}");
        draft
            .rollout(&["shrink a copy from a snapshot first, to see how long it takes", "use a blue/green deployment in production, outside busy hours"])
            .run(lines::blue_green(name_of(cx, used), &used.resource_id, &target))
            .watch("FreeStorageSpace and query latency for a week")
            .terraform("aws_db_instance: allocated_storage (Terraform would replace the instance: import the green one)")
            .way(lines::by_deployment(name_of(cx, used), &used.resource_id, "", &target))
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "a new instance takes over and must be tested; if the storage grows again, it needs another change";
    TradeOff::new(Level::High, Level::Medium, reason, cx.currency())
        .reliability("less room to grow: turn on storage autoscaling")
        .interrupts("about a minute at the switchover")
        .undo(Reversibility::WithEffort)
        .test_first(&["restore a snapshot and shrink the copy the same way"])
        .rollback(&[
            "within the week after the switchover, the old database is there: point the application to it",
        ])
        .effect("from a week after the switchover: until then, the old database is billed too")
        .caveats(&[
            "a blue/green deployment cannot shrink all engines and storage types: if it cannot, dump and restore",
        ])
}
