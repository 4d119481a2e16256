//! Brokers of Amazon MQ for development and tests that run in several Availability Zones.
//!
//! In:  monthly resource rows of hours of active/standby pairs and clusters; names, and tags of the
//!      inventory.
//! Out: one `Modify` opportunity per broker.

use rust_decimal::Decimal;

use super::broker::{AS_IT_IS, USER, create, describe, is_broker, name, save, save_users};
use crate::check::{CheckMeta, Context, Group, ResourceUse};
use crate::checks::aws::meter::kind;
use crate::checks::shared::environment::for_tests;
use crate::checks::shared::plain::{Found, Look, PlainCheck};
use crate::cloud::Provider;
use crate::cloud::aws::arn::last_part;
use crate::inventory::Resource;
use crate::opportunity::{Action, Draft, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

static META: CheckMeta = CheckMeta {
    id: "multi_az_test_broker",
    provider: Some(Provider::Aws),
    service: "mq",
    title: "Brokers for development and tests in several Availability Zones",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[],
    permissions: &["mq:DescribeBroker"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
Active/standby pairs of ActiveMQ and clusters of RabbitMQ, which the usage type shows, whose name or tag `env`, `environment`, or `stage`
(inventory) says that they are for development or tests (`dev`, `test`, `qa`, `sandbox`, `demo`, also as a part of it). Staging is not included,
because it is often there to test a failover. Brokers whose purpose is unknown are skipped, with the reason.
## How the saving is computed
Per month of 730 h: EffectiveCost of the broker hours × 1/2 for a pair, which has two instances, and × 2/3 for a cluster, which has three. Storage
is not part of it.
## Trade-offs
The deployment mode of a broker cannot be changed: a new broker with one instance takes over. Its addresses are new, and users, queues, and
policies must be created again. It is unavailable during maintenance, and for longer if its Availability Zone fails.
## Source
Amazon MQ Developer Guide, \"Deployment options for Amazon MQ for RabbitMQ brokers\" (clusters of three nodes) and \"Amazon MQ active/standby
broker for high availability\"; Amazon MQ pricing. AWS Price List, AmazonMQ (usage types `RabbitMQ-3-InstanceUsage:mq.…` and
`ActiveMQ-Multi-AZ-InstanceUsage:mq.…`). Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| is_broker(u) && instances(u) > Decimal::ONE,
    look,
    trade_off: |cx| {
        let reason =
            "a broker for development or tests is unavailable for longer when its zone fails";
        TradeOff::new(Level::Medium, Level::Low, reason, cx.currency())
            .reliability("no second instance in another Availability Zone")
            .no_downtime("none: clients move to the new broker one by one")
            .undo(Reversibility::WithEffort)
            .test_first(&["ask the owner whether tests of the failover use it"])
            .rollback(&["create a broker with the saved settings and move the clients to it"])
    },
    runbook,
};

/// Returns the number of instances that a unit of a usage is for.
fn instances(used: &ResourceUse) -> Decimal {
    match kind(used) {
        of if of.starts_with("RabbitMQ-3-") => Decimal::from(3),
        of if of.contains("-Multi-") => Decimal::TWO,
        _ => Decimal::ONE,
    }
}

fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    let named = Resource { name: Some(name(used).to_owned()), ..Resource::default() };
    let known = cx.resource(&used.resource_id);
    let Some(environment) = for_tests(known.unwrap_or(&named), true) else {
        return match known {
            Some(_) => Ok(None),
            None => {
                Err("not in the inventory, and its name does not say what it is for".to_owned())
            }
        };
    };
    let count = instances(used);
    let saved = (count - Decimal::ONE).checked_div(count).unwrap_or_default();
    let source = if known.is_some() { "inventory" } else { "bill" };
    Ok(Some(Found {
        share: saved.round_dp(12),
        uncertain: false,
        title: format!("Run the broker {} with one instance", name(used)),
        facts: vec![
            Evidence::new("environment", environment, source),
            Evidence::new("billed as", &used.usage_type, "bill"),
        ],
        change: Some(("instances", count.to_string(), "1".to_owned())),
    }))
}

fn runbook(draft: Draft, _: &Context<'_>, used: &ResourceUse) -> Draft {
    let id = shell_word(last_part(&used.resource_id));
    let single = [
        ("BrokerName", "join('-', [BrokerName, 'single'])"),
        ("DeploymentMode", "'SINGLE_INSTANCE'"),
        ("SubnetIds", "SubnetIds[:1]"),
    ];
    draft
        .rollout(&[
            "ask the owner whether tests need a failover",
            "move the clients one by one; both brokers are billed until the old one is deleted",
        ])
        .run(format!("save broker.json {}", describe(used)))
        .run(save_users(used))
        .run(save(used, "again.json", AS_IT_IS))
        .run(save(used, "single.json", single))
        .run(USER)
        .run(create("BROKER", "single.json"))
        .run(": \"${MOVED:?set MOVED to yes when all clients use the new broker and the queues of the old one are empty}\"")
        .run(format!("aws mq delete-broker --broker-id {id}"))
        .undo(". ./ids.sh")
        .undo(USER)
        .undo(create("AGAIN", "again.json"))
        .undo(": \"${MOVED_BACK:?set MOVED_BACK to yes when all clients use the broker with several instances}\"")
        .undo("aws mq delete-broker --broker-id \"$BROKER\"")
        .watch("connection errors of applications and tests, for a month")
        .terraform("aws_mq_broker: deployment_mode = \"SINGLE_INSTANCE\" and one subnet, which replaces the broker")
}
