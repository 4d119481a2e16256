//! Consumers with enhanced fan-out that read no data.
//!
//! In:  monthly resource rows of `EnhancedFanoutHour` and `ReadBytes`.
//! Out: one `Modify` opportunity per stream or consumer.
//! Not here: streams without records (see `idle_stream`).

use rust_decimal::Decimal;

use super::stream::name;
use crate::check::{CheckMeta, Context, Group, ResourceUse};
use crate::checks::aws::meter::kind;
use crate::checks::shared::plain::{Found, PlainCheck};
use crate::cloud::Provider;
use crate::opportunity::{Action, Draft, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

/// Months without data before consumers are reported. Chosen: as for other idle resources.
const MONTHS: usize = 2;

static META: CheckMeta = CheckMeta {
    id: "idle_stream_consumer",
    provider: Some(Provider::Aws),
    service: "kinesis",
    title: "Consumers with enhanced fan-out that read no data",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["kinesis:ListStreamConsumers", "kinesis:DescribeStreamConsumer"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[],
    docs: "\
## What it finds
Kinesis data streams with consumers that are registered for enhanced fan-out and read no data in the last three months. A registered consumer is
billed by shard and hour, whether or not its application runs. Bills name the stream or the consumer: in both cases, no consumer of the stream may
have read data. Needs only the bill. Consumers without charges in the month before are excluded. If no consumer in the bill reads data, the check is
skipped.
## How the saving is computed
Per month of 730 h: EffectiveCost of the consumer-shard hours. The stream itself continues to be billed.
## Trade-offs
An application that starts again registers its consumer again, or reads with the shared throughput of the shards.
## Source
Amazon Kinesis Data Streams pricing (enhanced fan-out: consumer-shard hour and data retrieved). Amazon Kinesis Data Streams Developer Guide,
\"Develop enhanced fan-out consumers with dedicated throughput\". Read 2026-11.",
};

/// Returns the ARN of the stream, and the name of the consumer if the ID is that of a consumer:
/// `arn:…:stream/NAME/consumer/CONSUMER:CREATED`.
fn parts(id: &str) -> (&str, Option<&str>) {
    let Some((stream, consumer)) = id.split_once("/consumer/") else { return (id, None) };
    (stream, Some(consumer.split_once(':').map_or(consumer, |(name, _)| name)))
}

/// Returns whether a usage is data that consumers with enhanced fan-out read.
fn is_read(used: &ResourceUse) -> bool {
    kind(used) == "ReadBytes"
}

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| kind(u) == "EnhancedFanoutHour",
    look: |cx, used| {
        if used.months.len() < MONTHS {
            return Ok(None);
        }
        if !cx.has_named(is_read) {
            return Err("the bill has no data that consumers read".to_owned());
        }
        let (arn, consumer) = parts(&used.resource_id);
        let mut reads = cx.used_in_window(|u| is_read(u) && parts(&u.resource_id).0 == arn);
        if reads.any(|u| u.months.iter().any(|m| m.quantity != Some(Decimal::ZERO))) {
            return Ok(None);
        }
        let (stream, _) = parts(name(used));
        let hours = used
            .now()
            .quantity
            .ok_or("its consumers cannot be determined: PricingQuantity is missing")?;
        let count = (hours / Decimal::from(cx.month.hours())).round_dp(1).normalize();
        Ok(Some(Found {
            share: Decimal::ONE,
            uncertain: false,
            title: match consumer {
                Some(one) => format!("Deregister the idle consumer {one} of the stream {stream}"),
                None => format!("Deregister the idle consumers of the stream {stream}"),
            },
            facts: vec![
                Evidence::new("consumers × shards, mean", count, "bill"),
                Evidence::new("months seen", used.months.len(), "bill"),
                Evidence::new("data read with enhanced fan-out", "none", "bill"),
            ],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, _, used| {
        let (arn, consumer) = parts(&used.resource_id);
        let arn = shell_word(arn);
        let draft = draft
            .rollout(&[
                "run the script: it saves the list of consumers and deregisters those without reads",
            ])
            .run(format!(
                "save consumers.json aws kinesis list-stream-consumers --stream-arn {arn}"
            ));
        let draft = match consumer {
            Some(one) => of_one(draft, &arn, &shell_word(one)),
            None => of_all(draft, &arn),
        };
        draft
            .watch("errors of applications that call SubscribeToShard, for a month")
            .terraform("remove its aws_kinesis_stream_consumer")
    },
};

/// Returns the commands that deregister a consumer that is there.
fn deregister(arn: &str, name: &str) -> String {
    format!(
        "if aws kinesis describe-stream-consumer --stream-arn {arn} --consumer-name {name} > description.json; then\n\
         aws kinesis deregister-stream-consumer --stream-arn {arn} --consumer-name {name}\nfi"
    )
}

/// Returns the command that registers a consumer.
fn register(arn: &str, name: &str) -> String {
    format!("aws kinesis register-stream-consumer --stream-arn {arn} --consumer-name {name}")
}

/// Adds the commands that deregister one consumer of a stream, and those that register it again.
fn of_one(draft: Draft, arn: &str, name: &str) -> Draft {
    draft.run(deregister(arn, name)).undo(register(arn, name))
}

/// Adds the commands that deregister all consumers of a stream, and those that register them again.
fn of_all(draft: Draft, arn: &str) -> Draft {
    draft
        .run(format!(
            "once NAMES aws kinesis list-stream-consumers --stream-arn {arn} --query 'Consumers[].ConsumerName' --output text"
        ))
        .run("for NAME in $NAMES; do")
        .run(deregister(arn, "\"$NAME\""))
        .run("done")
        .undo(". ./ids.sh\nfor NAME in $NAMES; do")
        .undo(register(arn, "\"$NAME\""))
        .undo("done")
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "it reads nothing, but its application may be started again";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .no_downtime("none: the stream and its other readers are not affected")
        .test_first(&[
            "ask the owner of the application whether it runs only on demand, such as for a replay",
        ])
        .rollback(&["register a consumer with the same name: it has another ARN, and starts where its application starts it"])
}
