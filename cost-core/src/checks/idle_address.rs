//! Public IPv4 addresses that are billed as idle.
//!
//! In:  resource-by-month rows of idle-address usage types; inventory `address` rows where there are some.
//! Out: one `Remove` opportunity an address.
//! Not here: addresses in use.

use rust_decimal::Decimal;

use super::{lines, scope_of};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Meter, ResourceUse};
use crate::money::{Money, Savings};
use crate::opportunity::{Action, Claim, Draft, Evidence, Slice};
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// Idle hours in the month before an address counts as waste: 7 days. Chosen (ADR 0005), as for volumes.
const IDLE_HOURS: u32 = 168;

/// Usage types of idle addresses: since February 2024, and before.
const IDLE_METERS: [&str; 2] = ["PublicIPv4:IdleAddress", "ElasticIP:IdleAddress"];

/// See [`META`].
pub(super) struct IdleAddress;

static META: CheckMeta = CheckMeta {
    id: "idle_address",
    title: "Public addresses used by nothing",
    since: "0.1.0",
    permissions: &["ec2:DescribeAddresses"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    docs: "\
## What it finds
Addresses billed under the usage types `PublicIPv4:IdleAddress` or `ElasticIP:IdleAddress` for 168 hours or more of the
month under review (threshold chosen, ADR 0005). The bill alone says so; where there is an inventory, addresses it shows as
associated since are left out.
## How the saving is computed
Per month of 730 h: EffectiveCost of the idle hours × 730 ÷ hours of the month. `low` and `high` are the lowest and highest
of the last three months.
## Trade-offs
A released address goes back to the pool and is usually lost for good: partners' allow-lists and DNS records that name it
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
        for used in cx.resource_use(None, |m| IDLE_METERS.contains(&Meter::parse(m).kind))? {
            let in_use = cx.inventory.and_then(|i| i.get(&used.resource_id)).is_some_and(|a| a.attached_to.is_some());
            match used.now().quantity {
                _ if in_use => {}
                None => out.skip(&used.resource_id, "PricingQuantity is unknown: idle hours cannot be told"),
                Some(hours) if hours < Decimal::from(IDLE_HOURS) => {}
                Some(hours) => judge(cx, &used, hours, &mut out)?,
            }
        }
        Ok(out)
    }
}

fn judge(cx: &Context<'_>, used: &ResourceUse, hours: Decimal, out: &mut CheckOutput) -> Result<(), CheckError> {
    let spend = used.now().spend()?;
    if spend.is_zero_or_less() {
        return Ok(());
    }
    let (low, high) = used.spend_range()?;
    let claim = Claim {
        sub_account_id: used.sub_account_id.clone(),
        resource_id: used.resource_id.clone(),
        slice: Slice::Address,
        spend,
        // A month with more idle hours than this one cannot make more than this month's spend disappear.
        savings: Savings::try_new(low, spend, high.try_min(spend)?)?,
    };
    let draft = Draft {
        title: "Release the idle public IPv4 address".into(),
        subject: used.resource_id.clone(),
        scope: scope_of(used),
        action: Action::Remove,
        trade_off: trade_off(Money::zero(cx.currency())),
        evidence: vec![
            Evidence::new(
                "idle in the month",
                format!("{} of {} hours", hours.round_dp(1).normalize(), cx.month.hours()),
                "bill",
            ),
            Evidence::new("cost now, per month", spend, "bill"),
        ],
        claims: vec![claim],
    };
    out.opportunities.push(draft.finish(META.id, cx.currency())?);
    Ok(())
}

fn trade_off(nothing: Money) -> TradeOff {
    TradeOff {
        effort: Level::Low,
        risk: Level::Medium,
        risk_reason: "a released address is usually lost for good; someone outside may have it in an allow-list".into(),
        reliability: "none while idle; if it is kept for fail-over, releasing it removes that way".into(),
        downtime: "none".into(),
        commitment_months: None,
        upfront: nothing,
        break_even_months: None,
        reversibility: Reversibility::Irreversible,
        test_first: lines(&[
            "search DNS zones, firewall rules and partners' allow-lists for the address",
            "ask its owner whether it is kept for fail-over or a planned launch",
        ]),
        rollback: lines(&[
            "allocate a new address and change DNS and allow-lists to it",
            "right after the release, AWS can sometimes give the same one back: aws ec2 allocate-address --address IP",
        ]),
        caveats: Vec::new(),
    }
}
