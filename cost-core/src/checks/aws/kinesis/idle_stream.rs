//! Data streams without records.
//!
//! In: monthly resource rows of `Storage-ShardHour`, `OnDemand-StreamHour`,
//! `PutRequestPayloadUnits`, and `OnDemand-BilledIncomingBytes`. Out: one `Remove` opportunity per
//! stream.

use super::stream::name;
use crate::check::{CheckMeta, Context, Group, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::fee::FeeCheck;
use crate::checks::shared::idle::YOUNG;
use crate::cloud::Provider;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const RECORDS: Threshold = chosen(
    "records_per_month",
    0.0,
    "payload units or GB",
    "incoming records of a month",
    "every month of the last three",
    "chosen: one record a month can be a job that matters",
);

static META: CheckMeta = CheckMeta {
    id: "idle_stream",
    provider: Some(Provider::Aws),
    service: "kinesis",
    title: "Data streams without records",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["kinesis:DescribeStreamSummary"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[RECORDS, YOUNG],
    docs: "\
## What it finds
Kinesis data streams that are billed for shard hours or stream hours and received no record in each of the last three months. Needs only the bill.
Streams without charges in the month before are excluded. If no stream in the bill has incoming records, the check is skipped.
## How the saving is computed
Per month of 730 h: EffectiveCost of the stream: shards, extended retention, and consumers with enhanced fan-out.
## Trade-offs
Producers that start later fail until the stream exists again. Records that are still retained are lost.
## Source
Amazon Kinesis Data Streams pricing (shard hour, PUT payload unit; stream hour, data ingested). Read 2026-11.",
};

pub(in crate::checks) static CHECK: FeeCheck = FeeCheck {
    meta: &META,
    is_fee: |u| matches!(kind(u), "Storage-ShardHour" | "OnDemand-StreamHour"),
    is_traffic: |u| matches!(kind(u), "PutRequestPayloadUnits" | "OnDemand-BilledIncomingBytes"),
    most: RECORDS,
    noun: "data stream",
    trade_off,
    runbook: |draft, used, _| {
        let id = shell_word(name(used));
        let describe = format!("aws kinesis describe-stream-summary --stream-name {id}");
        let of = |variable, field: &str| {
            lines::keep(variable, &describe, &format!("StreamDescriptionSummary.{field}"))
        };
        draft
            .rollout(&["run the script: it saves the settings and deletes the stream with its records"])
            .run(format!("save stream.json {describe}"))
            .run(of("SHARDS", "OpenShardCount"))
            .run(of("MODE", "StreamModeDetails.StreamMode"))
            .run(format!("save tags.json aws kinesis list-tags-for-stream --stream-name {id}"))
            .run(format!(
                "aws kinesis delete-stream --stream-name {id} --no-enforce-consumer-deletion"
            ))
            .undo(format!(". ./ids.sh\nif [ \"$MODE\" = ON_DEMAND ]; then\naws kinesis create-stream --stream-name {id} --stream-mode-details StreamMode=ON_DEMAND"))
            .undo(format!("else\naws kinesis create-stream --stream-name {id} --shard-count \"$SHARDS\"\nfi\naws kinesis wait stream-exists --stream-name {id}"))
            .watch("errors of producers and consumers that name the stream, for a month")
            .terraform("remove its aws_kinesis_stream")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "it receives no records, but a producer may start again";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "list its consumers and event source mappings, and ask their owners",
            "search the code and configuration of producers for its name",
        ])
        .rollback(&["create a stream with the same name, mode, and number of shards; consumers of the old stream must be registered again"])
}
