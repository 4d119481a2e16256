//! Public IPv4 addresses that are billed as idle.
//!
//! In: monthly resource rows of idle-address usage types; inventory `address` rows if there are
//! any. Out: one `Remove` opportunity per address. Not here: addresses in use (see
//! `replaceable_public_address`), and those of stopped instances (see
//! `address_of_stopped_instance`).

use rust_decimal::Decimal;

use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, ResourceUse, Threshold,
};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::rollout::removal;
use crate::checks::shared::{chosen, cost_now, spend_of};
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::opportunity::{Action, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const HOURS: Threshold = chosen(
    "idle_hours",
    168.0,
    "hours",
    "hours billed as idle",
    "the month under review",
    "chosen (ADR 0005): a week, as for volumes",
);

/// Usage types of idle addresses: since February 2024, and before.
const IDLE_METERS: [&str; 2] = ["PublicIPv4:IdleAddress", "ElasticIP:IdleAddress"];

/// Returns whether a usage is the hours of an idle address.
pub(in crate::checks) fn is_idle(used: &ResourceUse) -> bool {
    IDLE_METERS.contains(&kind(used))
}

/// The check that [`META`] describes.
pub(in crate::checks) struct IdleAddress;

static META: CheckMeta = CheckMeta {
    id: "idle_address",
    provider: Some(Provider::Aws),
    service: "vpc",
    title: "Unused public addresses",
    group: Group::Idle,
    since: "0.1.0",
    needs: &[],
    permissions: &["ec2:DescribeAddresses"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[HOURS],
    docs: "\
## What it finds
Addresses billed under the usage types `PublicIPv4:IdleAddress` or `ElasticIP:IdleAddress` for the threshold or longer. Needs only
the bill. If there is an inventory, addresses that are now associated are excluded.
## How the saving is computed
Per month of 730 h: EffectiveCost of the idle hours × 730 ÷ hours of the month. `low` is the lowest of the last three months.
## Trade-offs
A released address returns to the pool and is usually lost permanently: partners' allow lists and DNS records that contain it
break.
## Source
AWS, Amazon VPC pricing, \"Public IPv4 address\"; AWS News Blog 2023-07-28, \"New: AWS public IPv4 address charge\". Read
2026-11.",
};

impl Check for IdleAddress {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named_once(is_idle, &mut out)? {
            let in_use = cx.resource(&used.resource_id).is_some_and(|a| a.attached_to.is_some());
            match cx.quantity(&used.resource_id, is_idle) {
                _ if in_use => {}
                None => out.skip(
                    &used.resource_id,
                    "its idle hours cannot be determined: PricingQuantity is missing",
                ),
                Some(hours) if hours < cx.decimal(META.id, &HOURS) => {}
                Some(hours) => judge(cx, used, hours, &mut out)?,
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    hours: Decimal,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let claims = cx.claims(&used.resource_id, is_idle, Decimal::ONE)?;
    if spend_of(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let id = shell_word(short_id(&used.resource_id));
    let idle = format!("{} of {} hours", hours.round_dp(1).normalize(), cx.month.hours());
    let describe = format!("aws ec2 describe-addresses --allocation-ids {id}");
    let draft =
        Draft::new(META.id, Action::Remove, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title("Release the idle public IPv4 address")
            .evidence("idle in the month", idle, "bill")
            .facts([cost_now(cx, &claims)?])
            .claims(claims);
    let draft = removal(
        draft,
        "allowlists and DNS records may name the address, and AWS may give it to others",
        "releases the address",
    )
    .run(format!("save address.json {describe}"))
    .run(lines::keep("ADDRESS", &describe, "Addresses[0].PublicIp"))
    .run(format!("aws ec2 release-address --allocation-id {id}"))
    .undo(". ./ids.sh")
    .undo("once ALLOCATION aws ec2 allocate-address --domain vpc --address \"$ADDRESS\" --query AllocationId --output text")
    .watch("failed lookups and refused connections that name the address")
    .terraform("remove its aws_eip");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason =
        "a released address is usually lost permanently, and an external allow list may contain it";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("none while idle; if it is reserved for failover, releasing it removes that option")
        .undo(Reversibility::Irreversible)
        .test_first(&[
            "search DNS zones, firewall rules, and partners' allow lists for the address",
            "ask its owner whether it is reserved for failover or a planned launch",
        ])
        .rollback(&[
            "allocate a new address and change DNS and allow lists to it",
            "right after the release, AWS can sometimes assign the same address again: aws ec2 allocate-address --address IP",
        ])
}
