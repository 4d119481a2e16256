//! Savings Plans and Reserved Instances of which a part is unused.
//!
//! In:  monthly cost of unused commitments (`CommitmentDiscountStatus` `Unused`), by `ResourceId`.
//! Out: one `Modify` opportunity per commitment.

use std::collections::BTreeMap;

use polars::prelude::{col, lit};
use rust_decimal::Decimal;

use super::owned::{describe, is_savings_plan, usd_per_hour};
use crate::assumptions::HOURS_PER_MONTH;
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group as Chapter, Threshold,
};
use crate::checks::shared::{chosen, expected};
use crate::cloud::Provider;
use crate::inventory::{detail, short_id};
use crate::money::{Money, Savings};
use crate::month::Month;
use crate::opportunity::{Action, Claim, Draft, Scope};
use crate::rollup::{Group, days_in, is_usage};
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
    "chosen: AWS keeps 12 % of the upfront price, buyers expect a discount, and a sale can take months",
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
Savings Plans and Reserved Instances with unused cost in the month and in the month before. If the inventory contains the cost of the commitment, the
unused part must be at least 10 %. Needs only the bill.
## How the saving is computed
EC2 reservations: unused EffectiveCost per month of 730 h × 50 %, because they can be sold on the Reserved Instance Marketplace. `low` is 0, `high`
is the unused cost. Others cannot be sold and have no savings of their own: the evidence shows what more usage could use.
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

fn judge(
    cx: &Context<'_>,
    id: &str,
    group: &Group,
    cost: Money,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let known = cx.resource(id);
    let hour = known.and_then(usd_per_hour).filter(|_| cx.usd_bill(id).is_ok());
    let total = hour.map(|usd| usd * Decimal::from(HOURS_PER_MONTH));
    let pct = total.and_then(|t| (cost.amount() * Decimal::ONE_HUNDRED).checked_div(t));
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
    let is_sold = id.contains(":reserved-instances/");
    let mut claims = Vec::new();
    if is_sold {
        let share = cx.decimal(META.id, &SHARE) / Decimal::ONE_HUNDRED;
        let savings = Savings::try_new(cx.nothing(), cost.try_mul(share)?, cost)?;
        claims.push(Claim {
            sub_account_id: text(1),
            resource_id: id.to_owned(),
            slice: Slice::Fee,
            spend: cost,
            savings,
            possible: None,
            pools: Vec::new(),
        });
    }
    let noun = if is_savings_plan(id) { "Savings Plan" } else { "reservation" };
    let name = known.and_then(|r| r.name.as_deref()).unwrap_or_else(|| short_id(id));
    let saved = expected(cx, &claims)?;
    let verb = if saved.is_zero_or_less() { "Use" } else { "Sell or use" };
    let utilization = pct.map_or_else(
        || "unknown: the inventory lacks its cost".to_owned(),
        |pct| format!("{} %", (Decimal::ONE_HUNDRED - pct).round_dp(1).normalize()),
    );
    let ends = known
        .and_then(|r| r.get(detail::ENDS_ON))
        .map_or_else(|| "unknown".to_owned(), |d| d.to_string());
    let draft = Draft::new(META.id, Action::Modify, id, scope, trade_off(cx, is_sold))
        .title(format!("{verb} the unused part of the {noun} {name}"))
        .evidence("unused cost, per month", cost, "bill")
        .evidence("billed as", group.key(5), "bill")
        .evidence("commitment utilization", utilization, "bill, inventory")
        .evidence("end of its term", ends, "inventory")
        .claims(claims);
    out.opportunities.push(script(draft, id, is_sold).finish(cx.currency())?);
    Ok(())
}

/// Adds the commands that describe a commitment, and for EC2 reservations those that list it for
/// sale and cancel the listing.
fn script(draft: Draft, id: &str, is_sold: bool) -> Draft {
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
    let short = shell_word(short_id(id));
    draft
        .run(": \"${COUNT:?set COUNT to the number of instances to sell}\"")
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

fn trade_off(cx: &Context<'_>, is_sold: bool) -> TradeOff {
    let reason = "a decision on billing: no resource changes";
    let asks = TradeOff::new(Level::Medium, Level::Low, reason, cx.currency())
        .reliability("none, except for zonal reservations: their capacity goes with them")
        .no_downtime("none")
        .test_first(&[
            "check whether usage of its family returns before its end",
            "check whether its account shares it with the other accounts of the organization",
        ])
        .rollback(&["cancel the listing while it is not sold"]);
    if is_sold {
        return asks.undo(Reversibility::WithEffort).caveats(&[
            "only standard reservations that are older than 30 days can be sold; a seller needs a bank account in the United States",
        ]);
    }
    asks.caveats(&[
        "it cannot be sold: a Savings Plan can be returned only within seven days of its purchase",
    ])
}
