//! On-demand usage that runs all the time and that no commitment covers.
//!
//! In:  resource-by-month rows of on-demand `BoxUsage`.
//! Out: one `Commit` opportunity an account, region and instance type.
//! Not here: what to buy exactly. This shows that there is something to buy; see commitments.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::lines;
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Meter, ResourceUse};
use crate::money::{Money, Savings};
use crate::opportunity::{Action, Claim, Draft, Evidence, Scope, Slice};
use crate::price::HOURS_PER_MONTH;
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// Share of a month's hours that counts as "all the time", percent. Chosen (ADR 0005): leaves room for a day of maintenance.
const STEADY_PCT: u32 = 95;
/// Months in a row.
const STEADY_MONTHS: u32 = 3;
/// Decline of usage that `low` assumes: the commitment is paid for hours that nobody uses. Chosen (ADR 0005).
const DECLINE_PCT: i64 = 30;
/// Hours of one year's term.
const TERM_HOURS: u32 = 8_760;

/// Account, region, instance type.
type GroupKey = (Option<String>, String, String);

/// See [`META`].
pub(super) struct UncoveredSteadyUsage;

static META: CheckMeta = CheckMeta {
    id: "uncovered_steady_usage",
    title: "Steady on-demand usage without a commitment",
    since: "0.1.0",
    permissions: &["ec2:DescribeReservedInstances", "savingsplans:DescribeSavingsPlans"],
    columns: &["ResourceId", "SkuMeter", "PricingCategory", "ListCost", "PricingQuantity"],
    history_months: STEADY_MONTHS,
    docs: "\
## What it finds
On-demand Linux instances that ran for 95 % or more of the hours of each of the last three months (thresholds chosen, ADR
0005), by account, region and instance type.
## How the saving is computed
Per month of 730 h, against a standard reserved instance for one year, all upfront: EffectiveCost of the on-demand hours
less the reserved list rate × 730. `low` assumes that 30 % of the usage goes away while the reservation is still paid: it
can be negative. This is a first estimate: see commitments for what to buy.
## Trade-offs
A year's commitment, paid upfront. It cannot be given back; standard reservations can be sold on the Marketplace, at a loss.
## Source
Prices: datasets/prices/SOURCES.md. AWS, Amazon EC2 User Guide, \"Reserved Instances\". Read 2026-11.",
};

impl Check for UncoveredSteadyUsage {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let mut groups: BTreeMap<GroupKey, Vec<(ResourceUse, Decimal)>> = BTreeMap::new();
        for used in cx.resource_use(Some("Standard"), |m| Meter::on_demand_instance(m).is_some())? {
            let Some(instance_type) = Meter::on_demand_instance(&used.usage_type) else { continue };
            if !is_steady(&used) {
                continue;
            }
            match cx.priced_as_linux(&used, instance_type) {
                Ok(price) => {
                    let key = (used.sub_account_id.clone(), used.region_id.clone(), instance_type.to_owned());
                    groups.entry(key).or_default().push((used, price));
                }
                Err(unknown) => out.skip_unknown(&used.resource_id, &unknown),
            }
        }
        for ((account, region, instance_type), members) in groups {
            match cx.prices.reserved_1y_all_upfront_linux(&region, &instance_type) {
                Ok(reserved) => judge(cx, (account, region, &instance_type), &members, reserved, &mut out)?,
                Err(unknown) => out.skip_unknown(&instance_type, &unknown),
            }
        }
        Ok(out)
    }
}

fn is_steady(used: &ResourceUse) -> bool {
    let enough = |m: &crate::check::UseInMonth| {
        let needed = Decimal::from(m.month.hours()) * Decimal::new(i64::from(STEADY_PCT), 2);
        m.quantity.is_some_and(|hours| hours >= needed)
    };
    used.months.len() == usize::try_from(STEADY_MONTHS).unwrap_or(3) && used.months.iter().all(enough)
}

fn judge(
    cx: &Context<'_>,
    (account, region, instance_type): (Option<String>, String, &str),
    members: &[(ResourceUse, Decimal)],
    reserved: Decimal,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let Some((first, on_demand)) = members.first() else { return Ok(()) };
    // What is paid may be below list; the reservation is taken at list, so the saving is not overstated.
    let reserved_month = Money::new(reserved * Decimal::from(HOURS_PER_MONTH), cx.currency());
    let claims = members.iter().map(|(used, _)| claim(used, reserved_month)).collect::<Result<Vec<_>, CheckError>>()?;
    let spend = Money::try_sum(claims.iter().map(|c| c.spend), cx.currency())?;
    let expected = Money::try_sum(claims.iter().map(|c| c.savings.expected), cx.currency())?;
    if expected.is_zero_or_less() {
        return Ok(());
    }
    let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
    let upfront = Money::new(reserved * Decimal::from(TERM_HOURS) * Decimal::from(count), cx.currency());
    let break_even = upfront.amount().checked_div(spend.amount()).map(|m| m.round_dp(1));
    let draft = Draft {
        title: format!("Cover {count} steady {instance_type} (see commitments)"),
        // Without the count, so that the id stays the same when it changes.
        subject: instance_type.to_owned(),
        scope: Scope { sub_account_id: account, service_name: first.service_name.clone(), region_id: Some(region) },
        action: Action::Commit,
        trade_off: trade_off(upfront, break_even),
        evidence: vec![
            Evidence::new("instances", count, "bill"),
            Evidence::new("ran, of the hours of each of the last 3 months", format!("{STEADY_PCT} % or more"), "bill"),
            Evidence::new("cost now, per month (on-demand hours)", spend, "bill"),
            Evidence::new("on demand, USD per hour", on_demand.normalize(), "price list"),
            Evidence::new("reserved 1 year all upfront, USD per hour", reserved.normalize(), "price list"),
            Evidence::new("saving a year", expected.try_mul(Decimal::from(12))?, "computed"),
        ],
        claims,
    };
    out.opportunities.push(draft.finish(META.id, cx.currency())?);
    Ok(())
}

fn claim(used: &ResourceUse, reserved_month: Money) -> Result<Claim, CheckError> {
    let spend = used.now().spend()?;
    let remaining = spend.try_mul(Decimal::new(100 - DECLINE_PCT, 2))?;
    let expected = spend.try_sub(reserved_month)?;
    let savings = Savings::try_new(remaining.try_sub(reserved_month)?, expected, expected)?;
    Ok(Claim {
        sub_account_id: used.sub_account_id.clone(),
        resource_id: used.resource_id.clone(),
        slice: Slice::Compute,
        spend,
        savings,
    })
}

fn trade_off(upfront: Money, break_even_months: Option<Decimal>) -> TradeOff {
    TradeOff {
        effort: Level::Low,
        risk: Level::Medium,
        risk_reason: "if the usage goes away within the year, the reservation is still paid".into(),
        reliability: "none: a billing term, nothing changes in what runs (regional reservations reserve no capacity)"
            .into(),
        downtime: "none".into(),
        commitment_months: Some(12),
        upfront,
        break_even_months,
        reversibility: Reversibility::Irreversible,
        test_first: lines(&[
            "right-size and delete first: a commitment should cover what remains",
            "buy for a third of it, look at utilization for a month, then buy the next third",
        ]),
        rollback: lines(&[
            "standard reservations can be offered on the Reserved Instance Marketplace, usually at a loss",
        ]),
        caveats: lines(&[
            "a first estimate with one instrument: a savings plan covers more kinds of usage for a slightly smaller discount",
        ]),
    }
}
