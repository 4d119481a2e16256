//! Redshift clusters without connections.
//!
//! In:  monthly resource rows of Redshift node hours; hourly connections and CPU.
//! Out: one `Remove` opportunity per cluster, after a final snapshot.

use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::final_snapshot::{Kept, UNKNOWN_COPY, WithCopy};
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG, always};
use crate::cloud::Provider;
use crate::cloud::aws::arn::last_part;
use crate::inventory::Resource;
use crate::opportunity::Draft;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::Metric;

const USE: Threshold = chosen(
    "connections_max",
    0.0,
    "connections per hour",
    "DatabaseConnections, sum of an hour, largest of all hours",
    "all hours measured",
    "AWS Trusted Advisor, \"Underutilized Amazon Redshift Clusters\": no connection for 7 days; here for all days measured",
);
const CPU: Threshold = chosen(
    "cpu_max_pct",
    5.0,
    "%",
    "CPUUtilization, maximum of all hours",
    "all hours measured",
    "AWS Trusted Advisor, \"Underutilized Amazon Redshift Clusters\": below 5 %",
);

static META: CheckMeta = CheckMeta {
    id: "idle_warehouse",
    provider: Some(Provider::Aws),
    service: "redshift",
    title: "Redshift clusters without connections",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["cloudwatch:ListMetrics", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[USE, CPU, DAYS, YOUNG, UNKNOWN_COPY],
    docs: "\
## What it finds
Redshift clusters with node hours in the month, no connection in any hour measured, and almost no CPU use.
## How the saving is computed
Per month of 730 h: EffectiveCost of all charges of the cluster − a final snapshot of its full size at the price of snapshots in the bill
or the price list. If its size or price is unknown, `low` assumes a copy of 8 % of the saving (`unknown_copy_pct`) and `expected` half of that, and
the evidence says so.
## Trade-offs
The final snapshot retains the data. A restore takes minutes to hours. You can pause a cluster that is needed occasionally instead.
## Source
AWS Trusted Advisor check reference, \"Underutilized Amazon Redshift Clusters\"; Amazon Redshift Management Guide, \"Pausing and resuming a
cluster\"; usage type `Redshift:PaidSnapshots`: cur.vantage.sh, \"AmazonRedshift\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: WithCopy = WithCopy {
    check: IdleCheck {
        meta: &META,
        is_there,
        goes: |_| true,
        dimensions: &[
            Dimension {
                metric: Metric::Operations,
                statistic: Statistic::Max,
                threshold: USE,
                label: "connections, highest hour",
            },
            Dimension {
                metric: Metric::CpuMax,
                statistic: Statistic::Max,
                threshold: CPU,
                label: "CPU, highest hour",
            },
        ],
        noun: "Redshift cluster",
        trade_off,
        runbook,
        unless: always,
    },
    kept: Kept::snapshot("Redshift:PaidSnapshots", "redshift-snapshot"),
};

/// Returns whether a usage is hours of nodes.
pub(super) fn is_there(used: &ResourceUse) -> bool {
    kind(used) == "Node" && used.service_name.as_deref().is_some_and(|s| s.contains("Redshift"))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    TradeOff::new(
        Level::Low,
        Level::Medium,
        "no connections were measured, and a final snapshot retains the data",
        cx.currency(),
    )
    .reliability("automated snapshots are deleted with it: only the final snapshot and manual snapshots stay")
    .undo(Reversibility::WithEffort)
    .test_first(&["pause it for two weeks: its storage is billed, but its nodes are not"])
    .rollback(&["resume it; after deletion, restore the final snapshot"])
}

fn runbook(draft: Draft, used: &ResourceUse, _: Option<&Resource>) -> Draft {
    let name = last_part(&used.resource_id);
    let (id, last) = (shell_word(name), shell_word(&format!("{name}-final")));
    let describe = format!("aws redshift describe-clusters --cluster-identifier {id}");
    draft
        .rollout(&["pause it for two weeks, then delete it with a final snapshot"])
        .run(format!("save cluster.json {describe}"))
        .run(lines::save_input(
            "again.json",
            &describe,
            "Clusters[0]",
            &[
                ("ClusterIdentifier", "ClusterIdentifier"),
                ("NodeType", "NodeType"),
                ("NumberOfNodes", "NumberOfNodes"),
                ("VpcSecurityGroupIds", "VpcSecurityGroups[].VpcSecurityGroupId"),
                ("IamRoles", "IamRoles[].IamRoleArn"),
            ],
            &[
                ("ClusterSubnetGroupName", "ClusterSubnetGroupName"),
                ("ClusterParameterGroupName", "ClusterParameterGroups[0].ParameterGroupName"),
            ],
        ))
        .run(lines::first_step(
            "paused.txt",
            &format!("aws redshift pause-cluster --cluster-identifier {id}"),
            14,
            ("it pauses", "delete it"),
        ))
        .run(format!("STATE=$({describe} --query 'Clusters[0].ClusterStatus' --output text)"))
        .run(format!("[ \"$STATE\" != paused ] || aws redshift resume-cluster --cluster-identifier {id}"))
        .run(format!("aws redshift wait cluster-available --cluster-identifier {id}"))
        .run(format!("save snapshot.json aws redshift create-cluster-snapshot --cluster-identifier {id} --snapshot-identifier {last}"))
        .run(format!("aws redshift wait snapshot-available --snapshot-identifier {last}"))
        .run(format!("aws redshift delete-cluster --cluster-identifier {id} --skip-final-cluster-snapshot"))
        .undo(format!("if [ ! -e snapshot.json ]; then\naws redshift resume-cluster --cluster-identifier {id}\nexit 0\nfi"))
        .undo(format!("aws redshift restore-from-cluster-snapshot --cli-input-json file://again.json --snapshot-identifier {last}"))
        .undo(format!("aws redshift wait cluster-restored --cluster-identifier {id}"))
        .watch("failed reports and dashboards, for two weeks")
        .terraform("remove its aws_redshift_cluster with skip_final_snapshot = false")
}
