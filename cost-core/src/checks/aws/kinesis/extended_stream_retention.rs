//! Data streams that retain records for longer than a day.
//!
//! In:  monthly resource rows of `Extended-ShardHour`.
//! Out: one `Modify` opportunity per stream.
//! Not here: streams without records (see `idle_stream`).

use rust_decimal::Decimal;

use super::stream::name;
use crate::check::{CheckMeta, Context, Group};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::plain::{Found, PlainCheck};
use crate::checks::shared::uncertain::SUCCESS;
use crate::cloud::Provider;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

static META: CheckMeta = CheckMeta {
    id: "extended_stream_retention",
    provider: Some(Provider::Aws),
    service: "kinesis",
    title: "Data streams with extended retention",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[],
    permissions: &["kinesis:DescribeStreamSummary"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[SUCCESS],
    docs: "\
## What it finds
Kinesis data streams in provisioned mode that are billed for extended retention: records are retained for more than 24 hours. It is billed by shard
and hour, in addition to the shard, whatever the amount of data. Needs only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of extended retention. `low` is 0, because recovery may need more than 24 hours. Retention of more than 7 days,
which is billed by GB, is not part of it. `expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
Consumers that are down for more than 24 hours, such as over a weekend, lose records.
## Source
Amazon Kinesis Data Streams Developer Guide, \"Change the data retention period\"; Amazon Kinesis Data Streams pricing. Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| kind(u) == "Extended-ShardHour",
    look: |cx, used| {
        let hours = used
            .now()
            .quantity
            .ok_or("its shards cannot be determined: PricingQuantity is missing")?;
        let shards = hours / Decimal::from(cx.month.hours());
        Ok(Some(Found {
            share: Decimal::ONE,
            uncertain: true,
            title: format!("Retain the records of {} for 24 hours", name(used)),
            facts: vec![Evidence::new(
                "shards with extended retention, mean",
                shards.round_dp(1).normalize(),
                "bill",
            )],
            change: Some(("retention", "more than 24 hours".to_owned(), "24 hours".to_owned())),
        }))
    },
    trade_off,
    runbook: |draft, _, used| {
        let id = shell_word(name(used));
        let describe = format!("aws kinesis describe-stream-summary --stream-name {id}");
        draft
            .rollout(&["start with streams whose records are also stored elsewhere, such as in S3"])
            .run(format!("save stream.json {describe}"))
            .run(lines::keep("HOURS", &describe, "StreamDescriptionSummary.RetentionPeriodHours"))
            .run(format!("aws kinesis decrease-stream-retention-period --stream-name {id} --retention-period-hours 24"))
            .undo(format!(". ./ids.sh\naws kinesis increase-stream-retention-period --stream-name {id} --retention-period-hours \"$HOURS\""))
            .watch("GetRecords.IteratorAgeMilliseconds of the stream: alarm at half a day")
            .terraform("aws_kinesis_stream: retention_period = 24")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "a consumer that fails for more than a day loses records";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("less time to repair a consumer: 24 hours instead of days")
        .undo(Reversibility::Irreversible)
        .test_first(&[
            "check the largest iterator age of the last three months: it must stay far below 24 hours",
            "check that records can be replayed from another place, such as S3",
        ])
        .rollback(&["set the old retention: new records are retained for longer again, but older records are lost"])
}
