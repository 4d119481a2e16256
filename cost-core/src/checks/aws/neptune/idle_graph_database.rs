//! Neptune clusters without requests.
//!
//! In:  monthly resource rows of instance hours, storage, and I/O; hourly requests and CPU of the
//!      instances; the inventory's clusters.
//! Out: one `Remove` opportunity per cluster, after a final snapshot.

use crate::check::{CheckMeta, Group, Input, Threshold};
use crate::checks::aws::idle_cluster::{IdleClusterCheck, trade_off};
use crate::checks::aws::meter::instance_type;
use crate::checks::shared::chosen;
use crate::checks::shared::final_snapshot::{Kept, UNKNOWN_COPY};
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG, always};
use crate::cloud::Provider;
use crate::usage::Metric;

const REQUESTS: Threshold = chosen(
    "requests_max",
    0.0,
    "requests per hour",
    "TotalRequestsPerSec, sum of an hour, largest of all hours",
    "all hours measured",
    "chosen (ADR 0016): a client that uses the database sends requests",
);
const CPU: Threshold = chosen(
    "cpu_max_pct",
    20.0,
    "%",
    "CPUUtilization, maximum of all hours",
    "all hours measured",
    "chosen (ADR 0016): as for databases of RDS, backups and maintenance use some CPU",
);

static META: CheckMeta = CheckMeta {
    id: "idle_graph_database",
    provider: Some(Provider::Aws),
    service: "neptune",
    title: "Neptune clusters without requests",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &[
        "rds:DescribeDBClusters",
        "rds:DescribeDBInstances",
        "cloudwatch:ListMetrics",
        "cloudwatch:GetMetricData",
    ],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[REQUESTS, CPU, DAYS, YOUNG, UNKNOWN_COPY],
    docs: "\
## What it finds
Neptune clusters with instance hours in the month of which no instance had a request in any hour measured, and none used more CPU than maintenance does.
Replicas have the same cluster: one that is in use is enough for the cluster to be in use. Standbys (by name or tag) are skipped, with the reason.
## How the saving is computed
Per month of 730 h: EffectiveCost of all instances of the cluster, its storage, I/O, and backups − a final snapshot of all its storage, at the price
of backup storage in the bill or the price list. `high` is without the snapshot. If its size or price is unknown, `low` assumes a copy of 8 % of the
saving (`unknown_copy_pct`) and `expected` half of that, and the evidence says so.
## Trade-offs
The final snapshot retains the data. A restore takes minutes to hours. The endpoints are the same if the identifiers are.
## Source
Amazon Neptune User Guide, \"Neptune CloudWatch Metrics\" and \"Stopping and starting an Amazon Neptune DB cluster\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: IdleClusterCheck = IdleClusterCheck {
    instance: IdleCheck {
        meta: &META,
        is_there: |u| {
            instance_type(u).is_some_and(|t| t.starts_with("db."))
                && u.service_name.as_deref().is_some_and(|s| s.contains(SERVICE))
        },
        goes: |_| true,
        dimensions: &[
            Dimension {
                metric: Metric::Operations,
                statistic: Statistic::Max,
                threshold: REQUESTS,
                label: "requests, highest hour",
            },
            Dimension {
                metric: Metric::CpuMax,
                statistic: Statistic::Max,
                threshold: CPU,
                label: "CPU, highest hour",
            },
        ],
        noun: "Neptune cluster",
        trade_off: |cx| trade_off(cx, "requests"),
        runbook: |draft, _, _| draft,
        unless: always,
    },
    kept: Kept::snapshot("BackupUsage", "neptune-backup").of_service(SERVICE),
    service: SERVICE,
    command: "neptune",
    terraform: "aws_neptune_cluster",
};

/// A word in the name of the service in bills.
const SERVICE: &str = "Neptune";
