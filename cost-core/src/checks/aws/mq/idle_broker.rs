//! Brokers of Amazon MQ without connections.
//!
//! In:  monthly resource rows of broker hours; hourly connections and messages.
//! Out: one `Remove` opportunity per broker.

use super::broker::{AS_IT_IS, USER, create, describe, is_broker, save, save_users};
use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::shared::chosen;
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG, always};
use crate::checks::shared::rollout::removal;
use crate::cloud::Provider;
use crate::cloud::aws::arn::last_part;
use crate::inventory::Resource;
use crate::opportunity::Draft;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::Metric;

const CONNECTIONS: Threshold = chosen(
    "connections_max",
    0.0,
    "connections and messages per hour",
    "RabbitMQ: ConnectionCount + PublishRate; ActiveMQ: CurrentConnectionsCount + TotalEnqueueCount; sum of an hour, largest of all hours",
    "all hours measured",
    "chosen (ADR 0016), as for databases of RDS: a client that uses the broker connects to it",
);

static META: CheckMeta = CheckMeta {
    id: "idle_broker",
    provider: Some(Provider::Aws),
    service: "mq",
    title: "Amazon MQ brokers without connections",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["cloudwatch:ListMetrics", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[CONNECTIONS, DAYS, YOUNG],
    docs: "\
## What it finds
Amazon MQ brokers (ActiveMQ and RabbitMQ) with broker hours in the month and no connection and no message in any hour measured. Both instances of
an active/standby pair count. Standbys (by name or tag) are skipped, with the reason.
## How the saving is computed
Per month of 730 h: EffectiveCost of all charges of the broker: hours and storage.
## Trade-offs
Amazon MQ has no snapshots: messages in queues are lost. Users and, for RabbitMQ, queues and policies must be created again: export the definitions
of RabbitMQ first. The addresses of a new broker are new.
## Source
Amazon MQ Developer Guide, \"Available CloudWatch metrics for Amazon MQ for RabbitMQ brokers\", \"Available CloudWatch metrics Amazon MQ for
ActiveMQ brokers\", and \"Deleting a broker\". AWS Price List, AmazonMQ (usage types such as `ActiveMQ-InstanceUsage:mq.m5.large` and
`RabbitMQ-3-InstanceUsage:mq.m5.large`). Read 2026-11.",
};

pub(in crate::checks) static CHECK: IdleCheck = IdleCheck {
    meta: &META,
    is_there: is_broker,
    goes: |_| true,
    dimensions: &[Dimension {
        metric: Metric::Operations,
        statistic: Statistic::Max,
        threshold: CONNECTIONS,
        label: "connections and messages, highest hour",
    }],
    noun: "broker",
    trade_off,
    runbook,
    unless: always,
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "no connections were measured, but messages in its queues are lost";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("messages that wait in queues are lost")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "look for messages in its queues, and export the definitions of a RabbitMQ broker",
            "remove the security group's rule for clients for a week",
        ])
        .rollback(&[
            "create a broker with the saved settings; its addresses are new, and users and queues must be created again",
        ])
}

fn runbook(draft: Draft, used: &ResourceUse, _: Option<&Resource>) -> Draft {
    let draft = removal(
        draft,
        "remove the clients' rules from its security group for a week: failed connections show who still uses it",
        "saves its settings, and deletes it with the messages in its queues",
    );
    draft
        .run(format!("save broker.json {}", describe(used)))
        .run(save_users(used))
        .run(save(used, "again.json", AS_IT_IS))
        .run(": \"${APPROVED:?set APPROVED to yes when its owner agrees that the messages in its queues are lost}\"")
        .run(format!(
            "aws mq delete-broker --broker-id {}",
            shell_word(last_part(&used.resource_id))
        ))
        .undo(USER)
        .undo(create("AGAIN", "again.json"))
        .watch("connection errors of applications, for a month")
        .terraform("remove its aws_mq_broker")
}
