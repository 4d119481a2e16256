//! On-demand usage that runs all the time and that no commitment covers.
//!
//! In: monthly resource rows of on-demand `BoxUsage`. Out: one `Commit` opportunity per account,
//! region, and instance type. Not here: the exact purchase (`commitment::advise`). This check shows
//! that a commitment would save, and represents it in the plan.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::machine::system_of;
use crate::assumptions::{DECLINE_PCT, HOURS_PER_MONTH};
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, ResourceUse, Threshold, UseInMonth,
};
use crate::checks::aws::meter::on_demand_instances;
use crate::checks::shared::{chosen, expected, spend_of};
use crate::cloud::Provider;
use crate::money::{Money, Savings};
use crate::opportunity::{Action, Claim, Draft, Scope, shell_word};
use crate::price::System;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const STEADY: Threshold = chosen(
    "steady_pct",
    95.0,
    "% of the hours",
    "hours billed on demand",
    "each of the last three months",
    "chosen (ADR 0005): allows for a day of maintenance",
);
/// Consecutive months that must be steady.
const STEADY_MONTHS: u32 = 3;
/// Hours of a one-year term.
const TERM_HOURS: u32 = 8_760;

/// Account, region, instance type.
type GroupKey = (Option<String>, String, String);

/// The check that [`META`] describes.
pub(in crate::checks) struct UncoveredSteadyUsage;

static META: CheckMeta = CheckMeta {
    id: "uncovered_steady_usage",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "Steady on-demand usage without a commitment",
    group: Group::Commitment,
    since: "0.1.0",
    needs: &[],
    permissions: &["ec2:DescribeReservedInstances", "savingsplans:DescribeSavingsPlans"],
    columns: &["ResourceId", "SkuMeter", "PricingCategory", "ListCost", "PricingQuantity"],
    history_months: STEADY_MONTHS,
    thresholds: &[STEADY],
    docs: "\
## What it finds
On-demand Linux instances that ran for the threshold or more of the hours of each of the last three months, by account, region and
instance type. Needs only the bill.
## How the saving is computed
Per month of 730 h, compared with a standard Reserved Instance for one year, all upfront: EffectiveCost of the on-demand hours
− reserved list rate × 730. `low` assumes that 30 % of the usage ends while the reservation is still paid, so it
can be negative. This is a first estimate with one kind of commitment. `cost commitments` recommends what to buy: it evaluates every hour, the usage
that the plan leaves, and all offers. If the estate has offers, the plan therefore contains no such step. Otherwise it contains one only if no other
step changes any of the instances. Do not add the two.
## Trade-offs
A one-year commitment, paid upfront. It cannot be returned. Standard reservations can be sold on the Marketplace, usually at a loss.
## Source
Prices: cost-core/data/prices/SOURCES.md. AWS, Amazon EC2 User Guide, \"Reserved Instances\". Read 2026-11.",
};

impl Check for UncoveredSteadyUsage {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let mut groups: BTreeMap<GroupKey, Vec<(&ResourceUse, Decimal)>> = BTreeMap::new();
        for (used, instance_type) in on_demand_instances(cx, &mut out)? {
            if !is_steady(cx, used) {
                continue;
            }
            match system_of(cx, used, instance_type) {
                Ok((System::Linux, price)) => {
                    let key = (
                        used.sub_account_id.clone(),
                        used.region_id.clone(),
                        instance_type.to_owned(),
                    );
                    groups.entry(key).or_default().push((used, price));
                }
                Ok((system, _)) => {
                    out.skip(
                        &used.resource_id,
                        format!("the reservation price for {} is unknown", system.name()),
                    );
                }
                Err(unknown) => out.skip_unknown(&used.resource_id, &unknown),
            }
        }
        for ((account, region, instance_type), members) in groups {
            match cx.prices.reserved_1y_all_upfront_linux(&region, &instance_type) {
                Ok(reserved) => {
                    judge(cx, (account, region, &instance_type), &members, reserved, &mut out)?;
                }
                Err(unknown) => out.skip_unknown(&instance_type, &unknown),
            }
        }
        Ok(out)
    }
}

fn is_steady(cx: &Context<'_>, used: &ResourceUse) -> bool {
    let share = cx.decimal(META.id, &STEADY) / Decimal::ONE_HUNDRED;
    let enough = |m: &UseInMonth| {
        m.quantity.is_some_and(|hours| hours >= Decimal::from(m.month.hours()) * share)
    };
    used.months.len() == usize::try_from(STEADY_MONTHS).unwrap_or(3)
        && used.months.iter().all(enough)
}

fn judge(
    cx: &Context<'_>,
    (account, region, instance_type): (Option<String>, String, &str),
    members: &[(&ResourceUse, Decimal)],
    reserved: Decimal,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let Some((first, on_demand)) = members.first() else { return Ok(()) };
    // The paid price may be below the list price. The reservation uses its list price, so that the
    // saving is not overstated.
    let reserved_month = Money::new(reserved * Decimal::from(HOURS_PER_MONTH), cx.currency());
    let claims = members
        .iter()
        .map(|(used, _)| claim(cx, used, reserved_month))
        .collect::<Result<Vec<_>, CheckError>>()?;
    let (spend, saved) = (spend_of(cx, &claims)?, expected(cx, &claims)?);
    if saved.is_zero_or_less() {
        return Ok(());
    }
    let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
    let upfront =
        Money::new(reserved * Decimal::from(TERM_HOURS) * Decimal::from(count), cx.currency());
    let break_even = upfront.amount().checked_div(spend.amount()).map(|m| m.round_dp(1));
    let owners: std::collections::BTreeSet<_> =
        members.iter().map(|(u, _)| cx.scope_of(u).owner).collect();
    let scope = Scope {
        provider: Some(first.provider),
        sub_account_id: account,
        service_name: first.service_name.clone(),
        region_id: Some(region),
        owner: owners.into_iter().next().filter(|_| members.len() == 1).flatten(),
    };
    // The subject has no count, so that the ID stays the same when the count changes.
    let steady = format!("{} % or more", cx.decimal(META.id, &STEADY).normalize());
    let draft = Draft::new(META.id, Action::Commit, instance_type, scope, trade_off(cx, upfront, break_even))
        .title(format!("Cover {count} steady {instance_type} (see commitments)"))
        .evidence("instances", count, "bill")
        .evidence("share of hours in use, each of the last 3 months", steady, "bill")
        .evidence("current cost, per month (on-demand hours)", spend, "bill")
        .evidence("on-demand price, USD per hour", on_demand.normalize(), "price list")
        .evidence("reserved price, 1 year all upfront, USD per hour", reserved.normalize(), "price list")
        .evidence("saving per year", saved.try_mul(Decimal::from(12))?, "computed")
        .claims(claims)
        .rollout(&["buy a third first, check the utilization for a month, then buy the next third"])
        .run(format!(
            "OFFERING=$(aws ec2 describe-reserved-instances-offerings --no-include-marketplace --instance-type {} --offering-class standard \
             --offering-type 'All Upfront' --product-description 'Linux/UNIX' --min-duration 31536000 --max-duration 31536000 \
             --filters Name=scope,Values=Region --query 'ReservedInstancesOfferings[0].ReservedInstancesOfferingId' --output text)\n\
             [ \"$OFFERING\" != None ] || {{ echo 'there is no such offering' >&2; exit 1; }}\n\
             : \"${{APPROVED:?set APPROVED to yes: a purchase cannot be canceled}}\"",
            shell_word(instance_type)
        ))
        .run(format!("once PURCHASE aws ec2 purchase-reserved-instances-offering --reserved-instances-offering-id \"$OFFERING\" --instance-count {count} \
             --query ReservedInstancesId --output text"))
        .watch("utilization of the reservation, weekly: the part below 100 % is paid but unused")
        .terraform("commitments are bought outside Terraform; no resource changes");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn claim(cx: &Context<'_>, used: &ResourceUse, reserved_month: Money) -> Result<Claim, CheckError> {
    let mut claim = cx.claim(used, Decimal::ONE)?;
    // `low`: usage declines, and the commitment is paid for unused hours.
    let remaining = claim.spend.try_mul(Decimal::new(100 - i64::from(DECLINE_PCT), 2))?;
    let (least, most) = (remaining.try_sub(reserved_month)?, claim.spend.try_sub(reserved_month)?);
    // Only the limits are known: usage declines that much, or not at all.
    let middle = least.try_add(most)?.try_ratio(Decimal::ONE, Decimal::TWO)?;
    claim.savings = Savings::try_new(least, middle, most)?;
    claim.possible = Some(most);
    Ok(claim)
}

fn trade_off(cx: &Context<'_>, upfront: Money, break_even_months: Option<Decimal>) -> TradeOff {
    let reason = "if the usage ends within the year, the reservation must still be paid";
    TradeOff {
        commitment_months: Some(12),
        upfront,
        break_even_months,
        ..TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
            .reliability(
                "none: only billing changes, not the resources (regional reservations reserve no capacity)",
            )
            .undo(Reversibility::Irreversible)
            .test_first(&[
                "rightsize and delete first: a commitment should cover only what remains",
                "buy for a third of it, check the utilization for a month, then buy the next third",
            ])
            .rollback(&["standard reservations can be offered on the Reserved Instance Marketplace, usually at a loss"])
            .caveats(&[
                "a first estimate with one kind of commitment: a Savings Plan covers more kinds of usage for a slightly smaller discount",
            ])
    }
}
