//! Savings Plans and Reserved Instances that end soon.
//!
//! In:  commitments of the inventory.
//! Out: one `Modify` opportunity per commitment. It has no savings of its own.
//! Not here: what to buy instead (`commitment::advise`).

use rust_decimal::Decimal;

use super::owned::{describe, usd_per_hour};
use crate::assumptions::HOURS_PER_MONTH;
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, Threshold};
use crate::checks::shared::chosen;
use crate::cloud::Provider;
use crate::inventory::{Kind, Resource, detail, short_id};
use crate::money::Money;
use crate::opportunity::{Action, Draft, Scope};
use crate::tradeoff::{Level, TradeOff};

const DAYS: Threshold = chosen(
    "most_days",
    60.0,
    "days",
    "days until the end of the term",
    "",
    "AWS Cost Management User Guide, expiration alerts: 60, 30, and 7 days before the end",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct EndingCommitment;

static META: CheckMeta = CheckMeta {
    id: "ending_commitment",
    provider: Some(Provider::Aws),
    service: "commitments",
    title: "Commitments that end soon",
    group: Group::Commitment,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeReservedInstances", "savingsplans:DescribeSavingsPlans"],
    columns: &["CommitmentDiscountStatus"],
    history_months: 1,
    thresholds: &[DAYS],
    docs: "\
## What it finds
Active Savings Plans and Reserved Instances whose term ends within 60 days of the report date. From the next hour on, the usage that they cover is
billed at on-demand prices. Needs the inventory.
## How the saving is computed
It has no savings of its own: a renewal keeps today's cost, it does not reduce it. The evidence shows the cost of the commitment per month.
`cost commitments` shows what it saves, and recommends what to buy instead.
## Trade-offs
A renewal is a new commitment. Usage may have changed since the last purchase, and newer types or a Savings Plan may fit better.
## Source
AWS Cost Management User Guide, \"Tracking your Reserved Instance and Savings Plans expirations\" (alerts 60, 30, and 7 days before). Savings Plans
User Guide, \"Queuing Savings Plans\". Read 2026-11.",
};

impl Check for EndingCommitment {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let Some(inventory) = cx.inventory else { return Ok(out) };
        for of in [Kind::SavingsPlan, Kind::ReservedInstances]
            .into_iter()
            .flat_map(|kind| inventory.of_kind(kind))
        {
            if of.state.as_deref().is_some_and(|s| s != "active") {
                continue;
            }
            let Some(ends) = of.get(detail::ENDS_ON) else {
                out.skip(&of.resource_id, "the end of its term is missing from the inventory");
                continue;
            };
            let days = ends.signed_duration_since(cx.as_of).num_days();
            if days >= 0 && Decimal::from(days) <= cx.decimal(META.id, &DAYS) {
                let text = format!("{ends}, in {days} days");
                out.opportunities.push(judge(cx, of, &text).finish(cx.currency())?);
            }
        }
        Ok(out)
    }
}

fn judge(cx: &Context<'_>, of: &Resource, ends: &str) -> Draft {
    let scope = Scope {
        provider: Some(Provider::Aws),
        sub_account_id: of.sub_account_id.clone(),
        service_name: None,
        region_id: of.region_id.clone(),
        owner: cx.owner_key().and_then(|key| of.tags.get(key).cloned()),
    };
    let is_plan = of.kind == Kind::SavingsPlan;
    let noun = if is_plan { "Savings Plan" } else { "reservation" };
    let name = of.name.as_deref().unwrap_or_else(|| short_id(&of.resource_id));
    let cost = usd_per_hour(of).map_or_else(
        || "unknown: the inventory lacks a part of it".to_owned(),
        |usd| Money::new(usd * Decimal::from(HOURS_PER_MONTH), cx.currency()).to_string(),
    );
    let cost = if cx.usd_bill(noun).is_ok() { cost } else { "unknown: it is in USD".to_owned() };
    let id = if is_plan {
        format!(":savingsplan/{}", short_id(&of.resource_id))
    } else {
        of.resource_id.clone()
    };
    let draft = Draft::new(META.id, Action::Modify, &of.resource_id, scope, trade_off(cx))
        .title(format!("Decide on the renewal of the {noun} {name}"))
        .evidence("end of its term", ends, "inventory")
        .evidence("cost of the commitment, per month", cost, "inventory")
        .rollout(&[
            "run `cost commitments`: it recommends what to buy for the usage that remains",
            "queue the purchase for the end of the term",
        ])
        .run(format!("save commitment.json {}", describe(&id)))
        .watch("commitment coverage in the week after the end: `cost commitments`")
        .terraform("commitments are bought outside Terraform; no resource changes");
    if is_plan { queue_plan(draft, &id) } else { draft }
}

/// Adds the commands that queue the purchase of the same offering for the end of the term, and
/// those that cancel it.
fn queue_plan(draft: Draft, id: &str) -> Draft {
    draft
        .run(format!("END=$({} --query 'savingsPlans[0].end' --output text)", describe(id)))
        .run(format!("OFFERING=$({} --query 'savingsPlans[0].offeringId' --output text)", describe(id)))
        .run(": \"${COMMITMENT:?set COMMITMENT to the USD per hour that cost commitments recommends}\"")
        .run(
            "once PLAN aws savingsplans create-savings-plan --savings-plan-offering-id \"$OFFERING\" --commitment \"$COMMITMENT\" \
             --purchase-time \"$END\" --query savingsPlanId --output text"
        )
        .undo(". ./ids.sh")
        .undo("aws savingsplans delete-queued-savings-plan --savings-plan-id \"$PLAN\"")
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "a decision on billing: no resource changes";
    TradeOff::new(Level::Medium, Level::Low, reason, cx.currency())
        .reliability("none, except for zonal reservations: their capacity is released at the end")
        .no_downtime("none")
        .effect("from the end of the term")
        .test_first(&[
            "run `cost commitments`, and implement the plan's changes before the purchase",
        ])
        .rollback(&[
            "a queued purchase can be deleted until its start; after that, it cannot be canceled",
        ])
}
