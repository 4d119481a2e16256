//! Savings Plans and Reserved Instances of which a part is unused.
//!
//! In:  monthly cost of unused commitments (`CommitmentDiscountStatus` `Unused`), by `ResourceId`.
//! Out: one `Modify` opportunity per commitment.

use std::collections::BTreeMap;

use polars::prelude::{col, lit};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::owned::{describe, is_savings_plan, usd_per_hour};
use crate::assumptions::HOURS_PER_MONTH;
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group as Chapter, Threshold,
};
use crate::checks::shared::{chosen, expected};
use crate::cloud::Provider;
use crate::cloud::aws::arn::last_part;
use crate::inventory::{Resource, detail};
use crate::money::{Money, MoneyError, Savings};
use crate::month::Month;
use crate::opportunity::{Action, Claim, Draft, Scope};
use crate::rollup::{ChargeSums, Group, days_in, is_usage, is_used};
use crate::runbook::shell_word;
use crate::slice::Slice;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const UNUSED: Threshold = chosen(
    "least_unused_pct",
    10.0,
    "% of the commitment",
    "unused part",
    "the month under review and the month before",
    "chosen: a utilization of 90 % or more is a usual goal",
);
const SHARE: Threshold = chosen(
    "expected_pct",
    50.0,
    "% of the unused cost",
    "share that a sale of an EC2 reservation recovers",
    "",
    "chosen: AWS keeps 12 % of the upfront price (Amazon EC2 User Guide, \"Sell Reserved Instances\"), buyers expect a discount, and a sale can take months",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct UnusedCommitment;

static META: CheckMeta = CheckMeta {
    id: "unused_commitment",
    provider: Some(Provider::Aws),
    service: "commitments",
    title: "Commitments of which a part is unused",
    group: Chapter::Commitment,
    since: "0.2.0",
    needs: &[],
    permissions: &["ec2:DescribeReservedInstances", "savingsplans:DescribeSavingsPlans"],
    columns: &["ResourceId", "CommitmentDiscountStatus"],
    history_months: 2,
    thresholds: &[UNUSED, SHARE],
    docs: "\
## What it finds
Savings Plans and Reserved Instances with unused cost in the month and in the month before. If the inventory contains the cost of the commitment, or
the bill shows its used part, the unused part must be at least 10 %. Needs only the bill.
## How the saving is computed
EC2 reservations: unused EffectiveCost per month of 730 h × 50 %, because they can be sold on the Reserved Instance Marketplace. `low` is 0, `high`
is the unused cost. They are sold by instance: of a reservation of several instances (inventory), the complete instances within the unused part count,
and one instance that is partly used is not sold. Others, and EC2 reservations that are convertible (inventory), cannot be sold and have no savings of
their own: the evidence shows what more usage could use.
## Trade-offs
A sold reservation is gone: usage that returns is billed at on-demand prices. Usage that changes its instance family to fit a reservation depends on
it until the end of the term.
## Source
Amazon EC2 User Guide, \"Sell Reserved Instances for Amazon EC2 in the Reserved Instance Marketplace\" (service fee of 12 % of the upfront price) and
\"Modify Reserved Instances\". Savings Plans User Guide, \"Returning a purchased Savings Plan\". Read 2026-11.",
};

impl Check for UnusedCommitment {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let before = unused(cx, cx.month.minus(1))?;
        for (id, group) in unused(cx, cx.month)? {
            let cost = cx.month.per_price_month(group.amounts.effective)?;
            if id.is_empty() {
                out.skip(
                    "unused commitments",
                    format!("needs ResourceId, which is missing for {cost} of them per month"),
                );
            } else if before.contains_key(&id) && !has_ended(cx, &id) {
                judge(cx, &id, &group, cost, &mut out)?;
            }
        }
        Ok(out)
    }
}

/// Returns the unused commitments of AWS in a month, by `ResourceId`, which is empty if it is
/// unknown.
fn unused(cx: &Context<'_>, month: Month) -> Result<BTreeMap<String, Group>, CheckError> {
    let filter = is_usage().and(col("CommitmentDiscountStatus").eq(lit("Unused"))).and(days_in(
        "ChargeMonth",
        month.first_day(),
        month.end(),
    ));
    let keys =
        ["ResourceId", "SubAccountId", "ServiceName", "RegionId", "ProviderName", "SkuMeter"];
    let mut all: BTreeMap<String, Group> = BTreeMap::new();
    for group in cx.rollup.resources.sum_by(&keys, filter)? {
        let is_aws = Provider::of(group.keys[4].as_deref()) == Provider::Aws;
        if !is_aws || group.amounts.effective.is_zero_or_less() {
            continue;
        }
        match all.get_mut(group.key(0)) {
            Some(known) => {
                known.amounts.effective =
                    known.amounts.effective.try_add(group.amounts.effective)?;
            }
            None => drop(all.insert(group.key(0).to_owned(), group)),
        }
    }
    Ok(all)
}

/// Returns whether the term ended before the report date.
fn has_ended(cx: &Context<'_>, id: &str) -> bool {
    cx.resource(id).and_then(|of| of.get(detail::ENDS_ON)).is_some_and(|ends| ends <= cx.as_of)
}

/// Returns the cost of the used part of a commitment in the month under review; `None` if the bill
/// does not show it. Usage has the ID of its commitment in the sums of commitment charges, and
/// some exporters bill the used part to the commitment itself.
fn used(cx: &Context<'_>, id: &str) -> Result<Option<Money>, CheckError> {
    if let Some(charges) = &cx.rollup.commitments {
        let of_month = charges.iter().filter(|c| c.month == cx.month && is_use_of(c, id));
        let mut sum = cx.nothing();
        for charge in of_month {
            sum = sum.try_add(Money::from_scaled(charge.effective, cx.currency())?)?;
        }
        return Ok(Some(sum));
    }
    let in_month = days_in("ChargeMonth", cx.month.first_day(), cx.month.end());
    let filter = is_used().and(in_month).and(col("ResourceId").eq(lit(id)));
    let mut sum = cx.nothing();
    for group in cx.rollup.resources.sum_by(&["ResourceId"], filter)? {
        sum = sum.try_add(group.amounts.effective)?;
    }
    Ok(Some(sum).filter(|sum| !sum.is_zero_or_less()))
}

/// Returns whether a charge is usage that a commitment pays for.
fn is_use_of(charge: &ChargeSums, id: &str) -> bool {
    let [commitment, _, _, _, status, _, category, ..] = &charge.texts;
    commitment.as_deref() == Some(id)
        && status.as_deref() != Some("Unused")
        && category.as_deref() == Some("Usage")
}

/// Returns the unused part of a commitment in percent, if its complete cost is known: from the
/// inventory, else from the bill.
fn unused_pct(cx: &Context<'_>, id: &str, cost: Money) -> Result<Option<Decimal>, CheckError> {
    let hour = cx.resource(id).and_then(usd_per_hour).filter(|_| cx.usd_bill(id).is_ok());
    let total = match hour {
        Some(usd) => Some(usd * Decimal::from(HOURS_PER_MONTH)),
        None => match used(cx, id)? {
            Some(part) => Some(cx.month.per_price_month(part)?.try_add(cost)?.amount()),
            None => None,
        },
    };
    Ok(total.and_then(|total| (cost.amount() * Decimal::ONE_HUNDRED).checked_div(total)))
}

/// Returns the number of instances of a reservation that are not used at all, on average; `None` if
/// the number of instances or the unused part is unknown.
fn unused_instances(known: Option<&Resource>, pct: Option<Decimal>) -> Option<i64> {
    let count = Decimal::from(known?.get(detail::COUNT)?);
    // Rounded up to a percent, because the hours of months differ.
    let share = pct?.ceil().min(Decimal::ONE_HUNDRED) / Decimal::ONE_HUNDRED;
    (count * share).floor().to_i64()
}

/// Returns why a commitment cannot be sold; `None` if it can. `sellable` is the number of its
/// instances that are unused.
fn not_sold(id: &str, known: Option<&Resource>, sellable: Option<i64>) -> Option<&'static str> {
    if is_savings_plan(id) {
        return Some(
            "it cannot be sold: a Savings Plan can be returned only within seven days of its purchase",
        );
    }
    if !id.contains(":reserved-instances/") {
        return Some("it cannot be sold: the marketplace is for reservations of EC2");
    }
    let class = known.and_then(|of| of.get(detail::OFFERING_CLASS));
    if class == Some("convertible") {
        return Some("it cannot be sold: a convertible reservation can only be exchanged");
    }
    (sellable == Some(0)).then_some(
        "it cannot be sold in part: less than one of its instances is unused, and the marketplace sells complete instances",
    )
}

fn judge(
    cx: &Context<'_>,
    id: &str,
    group: &Group,
    cost: Money,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let known = cx.resource(id);
    let pct = unused_pct(cx, id, cost)?;
    if pct.is_some_and(|pct| pct < cx.decimal(META.id, &UNUSED)) {
        return Ok(());
    }
    let text = |at: usize| group.keys[at].clone();
    let scope = Scope {
        provider: Some(Provider::Aws),
        sub_account_id: text(1),
        service_name: text(2),
        region_id: text(3),
        owner: None,
    };
    let sellable = unused_instances(known, pct);
    let unsold = not_sold(id, known, sellable);
    let claims = if unsold.is_some() {
        Vec::new()
    } else {
        let part = sold_part(known, pct, sellable).unwrap_or(Decimal::ONE);
        vec![sale(cx, id, text(1), cost.try_mul(part)?)?]
    };
    let noun = if is_savings_plan(id) { "Savings Plan" } else { "reservation" };
    let name = known.and_then(|r| r.name.as_deref()).unwrap_or_else(|| last_part(id));
    let saved = expected(cx, &claims)?;
    let verb = if saved.is_zero_or_less() { "Use" } else { "Sell or use" };
    let utilization = pct.map_or_else(
        || "unknown: neither the inventory nor the bill has all of its cost".to_owned(),
        |pct| format!("{} %", (Decimal::ONE_HUNDRED - pct).round_dp(1).normalize()),
    );
    let ends = known
        .and_then(|r| r.get(detail::ENDS_ON))
        .map_or_else(|| "unknown".to_owned(), |d| d.to_string());
    let draft = Draft::new(META.id, Action::Modify, id, scope, trade_off(cx, unsold))
        .title(format!("{verb} the unused part of the {noun} {name}"))
        .evidence("unused cost, per month", cost, "bill")
        .evidence("billed as", group.key(5), "bill")
        .evidence("commitment utilization", utilization, "bill, inventory")
        .evidence("end of its term", ends, "inventory")
        .claims(claims);
    let draft = match sellable.filter(|_| unsold.is_none()) {
        Some(count) => draft.evidence("instances that can be sold", count, "bill, inventory"),
        None => draft,
    };
    let draft = script(draft, id, unsold.is_none(), sellable);
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

/// Returns the share of the unused cost that belongs to complete unused instances.
fn sold_part(
    known: Option<&Resource>,
    pct: Option<Decimal>,
    sellable: Option<i64>,
) -> Option<Decimal> {
    let unused = Decimal::from(known?.get(detail::COUNT)?) * pct? / Decimal::ONE_HUNDRED;
    Some(Decimal::from(sellable?).checked_div(unused)?.min(Decimal::ONE))
}

/// Returns the claim of a sale, which recovers an assumed share of the unused cost.
fn sale(
    cx: &Context<'_>,
    id: &str,
    sub_account_id: Option<String>,
    cost: Money,
) -> Result<Claim, MoneyError> {
    let share = cx.decimal(META.id, &SHARE) / Decimal::ONE_HUNDRED;
    let savings = Savings::try_new(cx.nothing(), cost.try_mul(share)?, cost)?;
    Ok(Claim {
        sub_account_id,
        resource_id: id.to_owned(),
        slice: Slice::Fee,
        spend: cost,
        savings,
        possible: None,
        pools: Vec::new(),
    })
}

/// Adds the commands that describe a commitment, and for EC2 reservations those that list it for
/// sale and cancel the listing. `count` is the number of instances to sell, if it is known.
fn script(draft: Draft, id: &str, is_sold: bool, count: Option<i64>) -> Draft {
    let draft = draft
        .rollout(&[
            "first use it: move on-demand usage that fits to its family, Region, and operating system",
            "then buy less at the next renewal: `cost commitments`",
        ])
        .watch("commitment utilization, weekly: `cost commitments`")
        .terraform("commitments are bought outside Terraform; no resource changes")
        .run(format!("save commitment.json {}", describe(id)));
    if !is_sold {
        return draft;
    }
    let short = shell_word(last_part(id));
    draft
        .run(format!("CLASS=$({} --query 'ReservedInstances[0].OfferingClass' --output text)", describe(id)))
        .run("[ \"$CLASS\" != convertible ] || { echo 'a convertible reservation cannot be sold' >&2; exit 1; }")
        .run(count.map_or_else(
            || ": \"${COUNT:?set COUNT to the number of instances to sell}\"".to_owned(),
            |count| format!("COUNT={count}"),
        ))
        .run(": \"${PRICE:?set PRICE to the upfront price in USD of each instance for the remaining months}\"")
        .run(": \"${MONTHS:?set MONTHS to the number of full months that remain}\"")
        .run(format!(
            "once LISTING aws ec2 create-reserved-instances-listing --reserved-instances-id {short} --instance-count \"$COUNT\" \
             --price-schedules CurrencyCode=USD,Price=\"$PRICE\",Term=\"$MONTHS\" --client-token {short} \
             --query 'ReservedInstancesListings[0].ReservedInstancesListingId' --output text"
        ))
        .undo(". ./ids.sh")
        .undo("aws ec2 cancel-reserved-instances-listing --reserved-instances-listing-id \"$LISTING\"")
}

/// `unsold` is why it cannot be sold; `None` if it can.
fn trade_off(cx: &Context<'_>, unsold: Option<&str>) -> TradeOff {
    let reason = "a decision on billing: no resource changes";
    let asks = TradeOff::new(Level::Medium, Level::Low, reason, cx.currency())
        .reliability("none, except for zonal reservations: their capacity goes with them")
        .no_downtime("none")
        .test_first(&[
            "check whether usage of its family returns before its end",
            "check whether its account shares it with the other accounts of the organization",
        ])
        .rollback(&["cancel the listing while it is not sold"]);
    if let Some(why) = unsold {
        return asks.caveats(&[why]);
    }
    asks.undo(Reversibility::WithEffort).caveats(&[
        "only standard reservations that are older than 30 days can be sold; a seller needs a bank account in the United States",
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_with_the_id_of_a_commitment_is_its_used_part() {
        let charge = |id: &str, status: &str, category: &str| {
            let mut texts: [Option<String>; 12] = std::array::from_fn(|_| None);
            texts[0] = Some(id.to_owned());
            texts[4] = Some(status.to_owned());
            texts[6] = Some(category.to_owned());
            let month = "2026-10".parse().unwrap();
            ChargeSums { month, texts, billed: 0, effective: 1, list: None, contracted: None }
        };
        assert!(is_use_of(&charge("r-1", "Used", "Usage"), "r-1"));
        for other in [
            charge("r-2", "Used", "Usage"),
            charge("r-1", "Unused", "Usage"),
            charge("r-1", "Used", "Purchase"),
        ] {
            assert!(!is_use_of(&other, "r-1"), "{other:?}");
        }
    }
}
