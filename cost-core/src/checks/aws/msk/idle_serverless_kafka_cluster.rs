//! Serverless clusters of MSK without traffic.
//!
//! In:  monthly resource rows of `KafkaServerless-ClusterHours`, `KafkaServerless-In-Bytes`, and
//!      `KafkaServerless-Out-Bytes`.
//! Out: one `Remove` opportunity per cluster.

use super::cluster::{removal, trade_off};
use crate::check::{CheckMeta, Group, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::fee::FeeCheck;
use crate::checks::shared::idle::YOUNG;
use crate::cloud::Provider;
use crate::runbook::shell_word;

const TRAFFIC: Threshold = chosen(
    "gb_per_month",
    0.0,
    "GB",
    "data in and out of a month",
    "every month of the last three",
    "chosen: one message a month can be a job that matters",
);

static META: CheckMeta = CheckMeta {
    id: "idle_serverless_kafka_cluster",
    provider: Some(Provider::Aws),
    service: "msk",
    title: "Serverless MSK clusters without traffic",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["kafka:DescribeClusterV2"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[TRAFFIC, YOUNG],
    docs: "\
## What it finds
MSK Serverless clusters that are billed for cluster hours (us-east-1: 0.75 USD per hour, 548 USD per month) and received and sent no data in each
of the last three months. Needs only the bill. Clusters without charges in the month before are excluded. If no cluster in the bill has traffic,
the check is skipped.
## How the saving is computed
Per month of 730 h: EffectiveCost of the cluster: cluster hours, partition hours, and storage.
## Trade-offs
Retained messages are lost, and topics must be created again. The addresses of a new cluster are new. A cluster with brokers costs less than a
serverless one for small and steady traffic.
## Source
Amazon MSK pricing (MSK Serverless: cluster hours, partition hours, data in and out). AWS Price List, AmazonMSK (usage types
`KafkaServerless-ClusterHours`, `KafkaServerless-In-Bytes`, `KafkaServerless-Out-Bytes`). Read 2026-11.",
};

pub(in crate::checks) static CHECK: FeeCheck = FeeCheck {
    meta: &META,
    is_fee: |u| kind(u) == "KafkaServerless-ClusterHours",
    is_traffic: |u| matches!(kind(u), "KafkaServerless-In-Bytes" | "KafkaServerless-Out-Bytes"),
    most: TRAFFIC,
    noun: "serverless MSK cluster",
    trade_off: |cx| trade_off(cx, "it carries no data, but a producer may start again"),
    runbook: |draft, used, _| {
        let save = lines::save_input(
            "again.json",
            &format!(
                "aws kafka describe-cluster-v2 --cluster-arn {}",
                shell_word(&used.resource_id)
            ),
            "ClusterInfo",
            &[lines::same("ClusterName"), lines::same("Serverless")],
            &[],
        );
        let create = "aws kafka create-cluster-v2 --cli-input-json file://again.json";
        removal(draft, used, save, create).terraform("remove its aws_msk_serverless_cluster")
    },
};
