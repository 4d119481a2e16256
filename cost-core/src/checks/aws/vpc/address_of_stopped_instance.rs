//! Public addresses of stopped instances, which are billed as idle.
//!
//! In:  monthly resource rows of idle-address usage types; inventory `address` and `instance` rows.
//! Out: one `Remove` opportunity per address.
//! Not here: addresses without an instance (see `idle_address`), and the volumes of stopped
//! instances (see `stopped_instance`).

use rust_decimal::Decimal;

use super::idle_address::is_idle;
use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::shared::chosen;
use crate::checks::shared::idle::standby;
use crate::checks::shared::plain::{Found, Look, PlainCheck};
use crate::checks::shared::rollout::removal;
use crate::cloud::Provider;
use crate::inventory::{Kind, short_id};
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const DAYS: Threshold = chosen(
    "stopped_days",
    30.0,
    "days",
    "days since the instance was stopped",
    "up to the day of the data",
    "as `stopped_instance`",
);

static META: CheckMeta = CheckMeta {
    id: "address_of_stopped_instance",
    provider: Some(Provider::Aws),
    service: "vpc",
    title: "Public addresses of stopped instances",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeAddresses", "ec2:DescribeInstances"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[DAYS],
    docs: "\
## What it finds
Elastic IP addresses that are billed as idle, although they are associated: their instance has been stopped for the threshold or longer.
## How the saving is computed
Per month of 730 h: EffectiveCost of the idle hours × 730 ÷ hours of the month. `low` is the lowest of the last three months.
## Trade-offs
A released address is usually lost permanently. If the instance starts again, it has another address or none.
## Source
AWS, Amazon VPC pricing, \"Public IPv4 address\" (an address of a stopped instance is idle). Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Remove,
    wanted: is_idle,
    look,
    trade_off,
    runbook: |draft, _, used| {
        let id = shell_word(short_id(&used.resource_id));
        let describe = format!("aws ec2 describe-addresses --allocation-ids {id}");
        let draft = removal(
            draft,
            "allowlists and DNS records may name the address, and AWS may give it to others",
            "disassociates the address and releases it",
        );
        draft
            .run(format!("save address.json {describe}"))
            .run(lines::keep("ADDRESS", &describe, "Addresses[0].PublicIp"))
            .run(lines::keep("INSTANCE", &describe, "Addresses[0].InstanceId"))
            .run(format!("aws ec2 disassociate-address --association-id \"$({describe} --query 'Addresses[0].AssociationId' --output text)\""))
            .run(format!("aws ec2 release-address --allocation-id {id}"))
            .undo(". ./ids.sh")
            .undo("once ALLOCATION aws ec2 allocate-address --domain vpc --address \"$ADDRESS\" --query AllocationId --output text")
            .undo("[ \"$INSTANCE\" = None ] || aws ec2 associate-address --instance-id \"$INSTANCE\" --allocation-id \"$ALLOCATION\"")
            .watch("failed lookups and refused connections that name the address")
            .terraform("remove its aws_eip and aws_eip_association")
    },
};

fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    let address = cx.resource(&used.resource_id);
    let instance = address.and_then(|a| a.attached_to.as_deref()).and_then(|id| cx.resource(id));
    let Some(instance) = instance.filter(|i| i.kind == Kind::Instance) else { return Ok(None) };
    if instance.state.as_deref() != Some("stopped") {
        return Ok(None);
    }
    let days = instance
        .days_in_state(cx.as_of)
        .ok_or("its instance is stopped, but the inventory does not contain since when")?;
    if Decimal::from(days) < cx.decimal(META.id, &DAYS) {
        return Ok(None);
    }
    if let Some(reason) = standby(instance) {
        return Err(reason);
    }
    let name = instance.name.as_deref().unwrap_or_else(|| short_id(&instance.resource_id));
    Ok(Some(Found {
        share: Decimal::ONE,
        uncertain: false,
        title: format!("Release the address of {name}, stopped for {days} days"),
        facts: vec![Evidence::new("instance stopped for", format!("{days} days"), "inventory")],
        change: None,
    }))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason =
        "a released address is usually lost permanently, and an external allow list may contain it";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("none while the instance is stopped")
        .undo(Reversibility::Irreversible)
        .test_first(&[
            "search DNS zones, firewall rules, and partners' allow lists for the address",
            "ask the owner of the instance whether it starts again with this address",
        ])
        .rollback(&["allocate a new address, associate it, and change DNS and allow lists to it"])
}
