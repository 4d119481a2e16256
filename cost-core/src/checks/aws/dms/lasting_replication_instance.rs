//! Replication instances that run for months.
//!
//! In:  monthly resource rows of `InstanceUsg:dms.…` and `Multi-AZUsg:dms.…` hours.
//! Out: one `Remove` opportunity per replication instance.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, Threshold, UseInMonth};
use crate::checks::aws::lines;
use crate::checks::aws::meter::text;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::checks::shared::rollout::removal;
use crate::cloud::Provider;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const LEAST_PCT: Threshold = chosen(
    "least_hours_pct",
    95.0,
    "% of the hours",
    "hours billed",
    "each of the last three months",
    "chosen: most migrations end within weeks; as `uncovered_steady_usage`",
);
const SHARE: Threshold = chosen(
    "expected_pct",
    50.0,
    "% of the cost",
    "share assumed to be instances without a running task",
    "",
    "chosen: the others replicate continuously, which the script finds out before it deletes",
);
/// Months that must be complete.
const MONTHS: usize = 3;

static META: CheckMeta = CheckMeta {
    id: "lasting_replication_instance",
    provider: Some(Provider::Aws),
    service: "dms",
    title: "Replication instances left on after a migration",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["dms:DescribeReplicationInstances", "dms:DescribeReplicationTasks"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 3,
    thresholds: &[LEAST_PCT, SHARE],
    docs: "\
## What it finds
Replication instances of AWS Database Migration Service that ran in nearly all hours of each of the last three months. A migration takes days or
weeks; an instance that stays is billed whether or not a task runs. Needs only the bill, which does not show the tasks: the script refuses to delete
an instance with a running task.
## How the saving is computed
Per month of 730 h: EffectiveCost of the instance hours × 50 %, because some of these instances replicate continuously on purpose. `low` is 0. Storage
of the instance is not part of it.
## Trade-offs
Endpoints stay. Tasks are deleted with the instance, and a new instance needs minutes.
## Source
AWS Database Migration Service pricing (by instance and hour). AWS Database Migration Service User Guide, \"Deleting a replication instance\".
Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Remove,
    wanted: |u| text(u).contains("Usg:dms."),
    look: |cx, used| {
        let least = cx.decimal(META.id, &LEAST_PCT) / Decimal::ONE_HUNDRED;
        let lasting = |m: &UseInMonth| {
            m.quantity.map(|hours| hours >= Decimal::from(m.month.hours()) * least)
        };
        let all: Option<Vec<bool>> = used.months.iter().map(lasting).collect();
        let all = all.ok_or("its hours are unknown: PricingQuantity is missing")?;
        if all.len() < MONTHS || all.contains(&false) {
            return Ok(None);
        }
        Ok(Some(Found {
            share: cx.decimal(META.id, &SHARE) / Decimal::ONE_HUNDRED,
            uncertain: true,
            title: format!(
                "Delete the replication instance {} if no task runs on it",
                name_of(cx, used)
            ),
            facts: vec![
                Evidence::new("billed as", &used.usage_type, "bill"),
                Evidence::new("months with nearly all hours", all.len(), "bill"),
                Evidence::new("tasks", "unknown: the script lists them first", "bill"),
            ],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, _, used| {
        let arn = shell_word(&used.resource_id);
        let filter = format!("--filters Name=replication-instance-arn,Values={arn}");
        let describe = format!("aws dms describe-replication-instances {filter}");
        let running = "length(ReplicationTasks[?Status=='running' || Status=='starting'])";
        let fields = [
            ("ReplicationInstanceIdentifier", "ReplicationInstanceIdentifier"),
            ("ReplicationInstanceClass", "ReplicationInstanceClass"),
            ("MultiAZ", "not_null(MultiAZ, `false`)"),
            ("PubliclyAccessible", "not_null(PubliclyAccessible, `false`)"),
        ];
        let subnets = "ReplicationSubnetGroup.ReplicationSubnetGroupIdentifier";
        let optional = [
            ("AllocatedStorage", "AllocatedStorage"),
            ("EngineVersion", "EngineVersion"),
            ("ReplicationSubnetGroupIdentifier", subnets),
            ("KmsKeyId", "KmsKeyId"),
        ];
        let draft = removal(
            draft,
            "the migration must be complete, with the old database read-only or gone",
            "saves its tasks and settings, and deletes it",
        );
        draft
            .run(format!("save tasks.json aws dms describe-replication-tasks {filter}"))
            .run(format!(
                "[ \"$(aws dms describe-replication-tasks {filter} --query {} --output text)\" = 0 ] || {{ echo 'a task runs on it' >&2; exit 1; }}",
                shell_word(running)
            ))
            .run(lines::save_input("create.json", &describe, "ReplicationInstances[0]", &fields, &optional))
            .run(format!(
                "for TASK in $(aws dms describe-replication-tasks {filter} --query 'ReplicationTasks[].ReplicationTaskArn' --output text); do"
            ))
            .run("aws dms delete-replication-task --replication-task-arn \"$TASK\"")
            .run("aws dms wait replication-task-deleted --filters Name=replication-task-arn,Values=\"$TASK\"")
            .run("done")
            .run(format!("aws dms delete-replication-instance --replication-instance-arn {arn}"))
            .undo("aws dms create-replication-instance --cli-input-json file://create.json")
            .watch("reports that read the target database, for a month")
            .terraform("remove its aws_dms_replication_instance and aws_dms_replication_task")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "a task that replicates changes continuously may need it: the script refuses then";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("none if no task runs")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "list its tasks, and when they last ran",
            "ask the owner of the migration whether the old database is still in use",
        ])
        .rollback(&[
            "create an instance with the saved settings, and its tasks from tasks.json with the same endpoints",
        ])
}
