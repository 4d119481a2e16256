//! Clusters of MSK without traffic.
//!
//! In:  monthly resource rows of broker hours; hourly bytes in and out.
//! Out: one `Remove` opportunity per cluster.
//! Not here: serverless clusters, whose traffic is billed (see `idle_serverless_kafka_cluster`).

use super::cluster::{broker_type, removal, save_brokers, trade_off};
use crate::check::{CheckMeta, Group, Input, Threshold};
use crate::checks::shared::chosen;
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG, always};
use crate::cloud::Provider;
use crate::runbook::shell_word;
use crate::usage::Metric;

const BYTES: Threshold = chosen(
    "bytes_per_day",
    10_000_000.0,
    "bytes per day",
    "BytesInPerSec + BytesOutPerSec × 60, sum over the brokers, daily mean",
    "all hours measured",
    "chosen: the service's own topics cause some traffic; one message of 1 kB every ten seconds is 8.6 MB in and, read once, 8.6 MB out",
);

static META: CheckMeta = CheckMeta {
    id: "idle_kafka_cluster",
    provider: Some(Provider::Aws),
    service: "msk",
    title: "MSK clusters without traffic",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["cloudwatch:ListMetrics", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[BYTES, DAYS, YOUNG],
    docs: "\
## What it finds
MSK clusters with hours of Standard or Express brokers in the month whose clients sent and received no more bytes per day than the threshold. The
sum is over all brokers. Replication between brokers is not part of it. Standbys (by name or tag) are skipped, with the reason.
## How the saving is computed
Per month of 730 h: EffectiveCost of all charges of the cluster: broker hours, storage, and provisioned throughput.
## Trade-offs
MSK has no snapshots: retained messages are lost, and topics and access rules must be created again. The addresses of a new cluster are new.
## Source
Amazon MSK Developer Guide, \"Amazon MSK metrics for monitoring Standard brokers with CloudWatch\" (BytesInPerSec and BytesOutPerSec by broker,
bytes per second from and to clients) and \"Delete an Amazon MSK cluster\"; Amazon MSK pricing (broker hours, also without traffic). AWS Price
List, AmazonMSK (usage types `Kafka.m5.large`, `Express.m7g.large`, `Kafka.Storage.GP2`). Read 2026-11.",
};

pub(in crate::checks) static CHECK: IdleCheck = IdleCheck {
    meta: &META,
    is_there: |u| broker_type(u).is_some(),
    goes: |_| true,
    dimensions: &[Dimension {
        metric: Metric::Network,
        statistic: Statistic::PerDay,
        threshold: BYTES,
        label: "bytes from and to clients, per day",
    }],
    noun: "MSK cluster",
    trade_off: |cx| trade_off(cx, "almost no traffic was measured, but a producer may start again"),
    runbook: |draft, used, _| {
        let save = save_brokers(&shell_word(&used.resource_id));
        let create = "aws kafka create-cluster --cli-input-json file://again.json";
        removal(draft, used, save, create).terraform("remove its aws_msk_cluster")
    },
    unless: always,
};
