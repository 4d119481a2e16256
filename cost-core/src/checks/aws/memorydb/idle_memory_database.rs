//! `MemoryDB` clusters without reads and writes.
//!
//! In:  monthly resource rows of `MemoryDB` node hours; hourly commands and CPU.
//! Out: one `Remove` opportunity per cluster, after a final snapshot.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::managed_class::memory_gib;
use crate::checks::aws::meter::{instance_type, kind};
use crate::checks::shared::chosen;
use crate::checks::shared::final_snapshot::{Kept, UNKNOWN_COPY, WithCopy};
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG, always};
use crate::cloud::Provider;
use crate::cloud::aws::arn::last_part;
use crate::inventory::Resource;
use crate::opportunity::{Draft, Opportunity};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::Metric;

const COMMANDS: Threshold = chosen(
    "commands_max",
    0.0,
    "commands per hour",
    "GetTypeCmds + SetTypeCmds, sum of an hour over the nodes, largest of all hours",
    "all hours measured",
    "chosen: a client that uses the database reads or writes; connections do not count, because the service's own monitoring connects too",
);
const CPU: Threshold = chosen(
    "cpu_max_pct",
    20.0,
    "%",
    "CPUUtilization, sum over the nodes, maximum of all hours",
    "all hours measured",
    "chosen (ADR 0016): the engine itself uses a few percent of each node",
);

static META: CheckMeta = CheckMeta {
    id: "idle_memory_database",
    provider: Some(Provider::Aws),
    service: "memorydb",
    title: "MemoryDB clusters without reads and writes",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["cloudwatch:ListMetrics", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[COMMANDS, CPU, DAYS, YOUNG, UNKNOWN_COPY],
    docs: "\
## What it finds
MemoryDB clusters with node hours in the month, no read and no write on any node in any hour measured, and no more CPU than the engine itself uses.
## How the saving is computed
Per month of 730 h: EffectiveCost of all charges of the cluster − a final snapshot of the memory of all its nodes, at the price in the bill or the
price list. That is the largest size, because replicas have the same data; `high` is without the snapshot. If the node type is unknown, `low` assumes a
copy of 8 % of the saving (`unknown_copy_pct`) and `expected` half of that, and the evidence says so.
## Trade-offs
The final snapshot retains the data. A restore takes minutes. The endpoint name changes.
## Source
Amazon MemoryDB Developer Guide, \"Metrics for MemoryDB\" and \"Step 5: Deleting a cluster\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: WithCopy = WithCopy {
    kept: Kept {
        gb: Some(snapshot_gb),
        ..Kept::snapshot("SnapshotUsage", "memorydb-snapshot").of_service("MemoryDB")
    },
    check: IdleCheck {
        meta: &META,
        is_there,
        goes: |_| true,
        dimensions: &[
            Dimension {
                metric: Metric::Operations,
                statistic: Statistic::Max,
                threshold: COMMANDS,
                label: "reads and writes, highest hour",
            },
            Dimension {
                metric: Metric::CpuMax,
                statistic: Statistic::Max,
                threshold: CPU,
                label: "CPU, highest hour",
            },
        ],
        noun: "MemoryDB cluster",
        trade_off,
        runbook,
        unless: always,
    },
};

/// Returns whether a usage is hours of nodes.
fn is_there(used: &ResourceUse) -> bool {
    kind(used) == "NodeUsage"
        && used.service_name.as_deref().is_some_and(|s| s.contains("MemoryDB"))
}

/// Returns the largest size of a snapshot: the memory of all nodes that ran in the month.
fn snapshot_gb(cx: &Context<'_>, cluster: &Opportunity) -> Result<Decimal, String> {
    let mut gb = Decimal::ZERO;
    for used in cx.of_resource(&cluster.subject).iter().filter(|u| is_there(u)) {
        let class = instance_type(used).ok_or("its node type is unknown")?;
        let memory = memory_gib(cx, class)?;
        let hours = used.now().quantity.ok_or("its node hours are unknown")?;
        gb += memory * (hours / Decimal::from(cx.month.hours()));
    }
    Ok(gb.round_dp(6))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "no reads and writes were measured, and a final snapshot retains the data";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability(
            "automated snapshots are deleted with it: only the final and manual snapshots stay",
        )
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "ask the owner; search configuration and secrets for its endpoint",
            "remove the security group's rule for clients for a week",
        ])
        .rollback(&["create a cluster from the final snapshot; its endpoint name is new"])
}

fn runbook(draft: Draft, used: &ResourceUse, _: Option<&Resource>) -> Draft {
    let name = last_part(&used.resource_id);
    let (id, last) = (shell_word(name), shell_word(&format!("{name}-final")));
    let describe =
        format!("aws memorydb describe-clusters --show-shard-details --cluster-name {id}");
    let mut optional = [
        "Engine",
        "EngineVersion",
        "SubnetGroupName",
        "ParameterGroupName",
        "KmsKeyId",
        "SnsTopicArn",
        "NetworkType",
        "IpDiscovery",
        "MaintenanceWindow",
        "SnapshotRetentionLimit",
        "SnapshotWindow",
    ]
    .map(lines::same)
    .to_vec();
    optional.extend([
        ("Port", "ClusterEndpoint.Port"),
        ("DataTiering", "DataTiering==`\"true\"`"),
        ("NumShards", "NumberOfShards"),
        ("NumReplicasPerShard", "Shards[0].Nodes && length(Shards[0].Nodes[1:])"),
        ("SecurityGroupIds", "SecurityGroups[].SecurityGroupId"),
    ]);
    draft
        .rollout(&["run the script: it takes a snapshot, waits for it, and deletes the cluster"])
        .run(format!("save cluster.json {describe}"))
        .run(lines::save_input(
            "again.json",
            &describe,
            "Clusters[0]",
            &[
                ("ClusterName", "Name"),
                ("NodeType", "NodeType"),
                ("ACLName", "ACLName"),
                // Encryption in transit is on by default.
                ("TLSEnabled", "TLSEnabled==`true`"),
                ("AutoMinorVersionUpgrade", "AutoMinorVersionUpgrade!=`false`"),
            ],
            &optional,
        ))
        .run(format!("save snapshot.json aws memorydb create-snapshot --cluster-name {id} --snapshot-name {last}"))
        .run(format!("until_is available 1440 aws memorydb describe-snapshots --snapshot-name {last} --query 'Snapshots[0].Status' --output text"))
        .run(lines::recent("snapshot.json"))
        .run(format!("aws memorydb delete-cluster --cluster-name {id}"))
        .undo(format!("aws memorydb create-cluster --cli-input-json file://again.json --snapshot-name {last}"))
        .undo(format!("until_is available 240 {describe} --query 'Clusters[0].Status' --output text"))
        .watch("connection errors of applications, for a week")
        .terraform("remove its aws_memorydb_cluster with final_snapshot_name set")
}
