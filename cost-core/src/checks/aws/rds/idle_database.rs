//! Databases without connections.
//!
//! In:  monthly resource rows of RDS instance hours; hourly connections and CPU.
//! Out: one `Remove` opportunity per instance, after a final snapshot.
//! Not here: databases with little work (see `oversized_database`).

use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::instance_type;
use crate::checks::shared::chosen;
use crate::checks::shared::final_snapshot::{Kept, UNKNOWN_COPY, WithCopy};
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG};
use crate::cloud::Provider;
use crate::inventory::{Resource, detail};
use crate::opportunity::Draft;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::Metric;

const CONNECTIONS: Threshold = chosen(
    "connections_max",
    0.0,
    "connections per hour",
    "DatabaseConnections, sum of an hour, largest of all hours",
    "all hours measured",
    "AWS Trusted Advisor, \"Amazon RDS Idle DB Instances\": no connection for 7 days; here for all days measured",
);
const CPU: Threshold = chosen(
    "cpu_max_pct",
    20.0,
    "%",
    "CPUUtilization, maximum of all hours",
    "all hours measured",
    "chosen (ADR 0016): backups and maintenance use some CPU",
);

static META: CheckMeta = CheckMeta {
    id: "idle_database",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Databases without connections",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["rds:DescribeDBInstances", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[CONNECTIONS, CPU, DAYS, YOUNG, UNKNOWN_COPY],
    docs: "\
## What it finds
RDS instances with hours in the month, no connection in any hour measured, and no more CPU than backups use. Read replicas and standbys
(by name or tag) are skipped, with the reason: they have no connections on purpose.
## How the saving is computed
Per month of 730 h: EffectiveCost of the instance, its storage, and its provisioned IOPS − a final snapshot of its allocated storage at
the price of backup storage in the bill or the price list. `high` is without the snapshot, which can be within the free backup storage of
the region. If the inventory lacks the size, it is that of the storage in the bill. If size or price are unknown, `low` assumes a copy of 8 % of the
saving (`unknown_copy_pct`) and `expected` half of that, and the evidence says so.
## Trade-offs
The final snapshot retains the data. A restore takes minutes to hours. The endpoint name changes unless you restore under the old identifier.
## Source
AWS Trusted Advisor check reference, \"Amazon RDS Idle DB Instances\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: WithCopy = WithCopy {
    check: IdleCheck {
        meta: &META,
        is_there,
        goes,
        dimensions: &[
            Dimension {
                metric: Metric::Operations,
                statistic: Statistic::Max,
                threshold: CONNECTIONS,
                label: "connections, highest hour",
            },
            Dimension {
                metric: Metric::CpuMax,
                statistic: Statistic::Max,
                threshold: CPU,
                label: "CPU, highest hour",
            },
        ],
        noun: "database",
        trade_off,
        runbook,
        unless,
    },
    kept: Kept::snapshot("RDS:ChargedBackupUsage", "rds-backup"),
};

/// Services other than RDS whose classes are also named `db.…`, and which have their own checks.
const OTHERS: [&str; 3] = ["DocumentDB", "Neptune", "MemoryDB"];

/// Hours of RDS instances: `InstanceUsage:db.r5.large`, `Multi-AZUsage:db.r5.large`.
pub(in crate::checks) fn is_there(used: &ResourceUse) -> bool {
    let service = used.service_name.as_deref().unwrap_or("");
    instance_type(used).is_some_and(|t| t.starts_with("db."))
        && !OTHERS.iter().any(|other| service.contains(other))
}

fn goes(_: &ResourceUse) -> bool {
    true
}

fn unless(_: &Context<'_>, database: &Resource) -> Option<String> {
    let source = database.get(detail::REPLICA_OF)?;
    Some(format!("a read replica of {source}: it may be needed for failover"))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "no connections were measured, and a final snapshot retains the data";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability(
            "its automated backups are deleted with it: only the final snapshot and manual snapshots stay",
        )
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "ask the owner; search configuration and secrets for its endpoint",
            "stop it for up to seven days: RDS starts it automatically after that",
        ])
        .rollback(&[
            "restore the final snapshot under the old identifier, so that the endpoint is the same",
        ])
}

fn runbook(draft: Draft, used: &ResourceUse, known: Option<&Resource>) -> Draft {
    let name = known
        .and_then(|d| d.name.as_deref())
        .or_else(|| used.resource_id.rsplit(':').next())
        .unwrap_or("");
    let id = shell_word(name);
    let stop = lines::first_step(
        "stopped.txt",
        &format!("aws rds stop-db-instance --db-instance-identifier {id}"),
        3,
        ("it stops", "delete it"),
    );
    let draft = draft.rollout(&[
        "stop it for three days (AWS starts it again after seven)",
        "then delete it with a final snapshot",
    ]);
    removal(draft, name, &stop)
}

/// Adds the lines that delete a database after a final snapshot and restore it. `first` are lines
/// before the deletion, such as a first step.
pub(super) fn removal(draft: Draft, name: &str, first: &str) -> Draft {
    let (id, last) = (shell_word(name), shell_word(&format!("{name}-final")));
    let describe = format!("aws rds describe-db-instances --db-instance-identifier {id}");
    draft
        .run(format!("save database.json {describe}"))
        .run(lines::save_input(
            "again.json",
            &describe,
            "DBInstances[0]",
            &[
                ("DBInstanceIdentifier", "DBInstanceIdentifier"),
                ("DBInstanceClass", "DBInstanceClass"),
                ("VpcSecurityGroupIds", "VpcSecurityGroups[].VpcSecurityGroupId"),
            ],
            &[
                ("DBSubnetGroupName", "DBSubnetGroup.DBSubnetGroupName"),
                ("DBParameterGroupName", "DBParameterGroups[0].DBParameterGroupName"),
                ("MultiAZ", "MultiAZ"),
                ("StorageType", "StorageType"),
            ],
        ))
        .run(first)
        .run(format!("STATE=$({describe} --query 'DBInstances[0].DBInstanceStatus' --output text)"))
        .run(format!("[ \"$STATE\" != stopped ] || aws rds start-db-instance --db-instance-identifier {id}"))
        .run(format!("aws rds wait db-instance-available --db-instance-identifier {id}"))
        .run(format!("save snapshot.json aws rds create-db-snapshot --db-instance-identifier {id} --db-snapshot-identifier {last}"))
        .run(format!("aws rds wait db-snapshot-completed --db-snapshot-identifier {last}"))
        .run(format!("aws rds modify-db-instance --db-instance-identifier {id} --no-deletion-protection --apply-immediately"))
        .run(format!("aws rds delete-db-instance --db-instance-identifier {id} --skip-final-snapshot"))
        .undo("[ -e database.json ]")
        .undo(format!("if [ ! -e snapshot.json ]; then\naws rds start-db-instance --db-instance-identifier {id}\nexit 0\nfi"))
        .undo(format!("aws rds restore-db-instance-from-db-snapshot --cli-input-json file://again.json --db-snapshot-identifier {last}"))
        .undo(format!("aws rds wait db-instance-available --db-instance-identifier {id}"))
        .watch("connection errors of applications, for a week")
        .terraform("remove its aws_db_instance with skip_final_snapshot = false")
}
