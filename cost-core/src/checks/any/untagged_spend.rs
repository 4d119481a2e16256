//! Cost without an owner tag.
//!
//! In:  the daily cost table by provider, account, service, and the estate's first tag key.
//! Out: one `Allocate` opportunity per account and service. It has no savings of its own.

use std::collections::BTreeMap;

use polars::prelude::col;
use rust_decimal::Decimal;

use super::tagged::{most_expensive, on, tagged};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Threshold};
use crate::checks::shared::chosen;
use crate::cloud::{Provider, Tag, cloud};
use crate::focus::TAG_PREFIX;
use crate::money::Money;
use crate::opportunity::{Action, Draft, Opportunity, Scope};
use crate::rollup::{days_in, is_usage};
use crate::tradeoff::{Level, TradeOff};

const SHARE: Threshold = chosen(
    "least_pct",
    1.0,
    "% of the month's usage",
    "EffectiveCost without a value of the tag",
    "the month under review",
    "chosen (ADR 0016): a smaller share is not worth a ticket",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct UntaggedSpend;

static META: CheckMeta = CheckMeta {
    id: "untagged_spend",
    provider: None,
    service: "any",
    title: "Cost without an owner",
    group: Group::Allocation,
    since: "0.2.0",
    needs: &[],
    permissions: &["tag:GetResources"],
    columns: &["Tags"],
    history_months: 1,
    thresholds: &[SHARE],
    docs: "\
## What it finds
Accounts and services whose usage cost without a value for the estate's first tag key is at least the threshold share of the month's usage cost.
Needs only the bill. Each cloud has its own opportunity, in the terms of its tools.
## How the saving is computed
The change itself saves nothing. A cost without an owner has nobody responsible for reducing it.
## Trade-offs
None. Tags can be set while resources run. Some costs cannot be tagged (data transfer of an account, support): allocate them by a rule.
## Source
FinOps Foundation, Framework, capability \"Allocation\". Read 2026-11.",
};

impl Check for UntaggedSpend {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let Some(key) = cx.owner_key() else {
            return Ok(CheckOutput::skip_all(
                "there are no tag keys: set one, such as `cost pull files … --tag-keys team`",
            ));
        };
        let mut out = CheckOutput::default();
        let usage = is_usage().and(days_in("ChargeDay", cx.month.first_day(), cx.month.end()));
        let all = cx.rollup.cube.total(usage.clone())?.effective;
        let without = usage.and(col(format!("{TAG_PREFIX}{key}")).is_null());
        let mut costs: BTreeMap<(Provider, Option<String>, Option<String>), Money> =
            BTreeMap::new();
        for group in
            cx.rollup.cube.sum_by(&["ProviderName", "SubAccountId", "ServiceName"], without)?
        {
            let provider = Provider::of(group.keys[0].as_deref());
            let place = (provider, group.keys[1].clone(), group.keys[2].clone());
            let cost = costs.entry(place).or_insert(cx.nothing());
            *cost = cost.try_add(group.amounts.effective)?;
        }
        for ((provider, sub_account_id, service_name), cost) in costs {
            let Some(pct) = cost.percent_of(all).filter(|p| *p >= cx.decimal(META.id, &SHARE))
            else {
                continue;
            };
            let scope = Scope {
                provider: Some(provider),
                sub_account_id,
                service_name,
                region_id: None,
                owner: None,
            };
            out.opportunities.push(judge(cx, key, scope, cost, pct)?);
        }
        Ok(out)
    }
}

/// Returns the opportunity for the cost without an owner of one service in one account.
fn judge(
    cx: &Context<'_>,
    key: &str,
    scope: Scope,
    cost: Money,
    pct: Decimal,
) -> Result<Opportunity, CheckError> {
    let provider = scope.provider.unwrap_or(Provider::Other);
    let tagging = cloud(provider).tagging(Tag { key, value: None });
    let chosen = most_expensive(cx, provider, |u| {
        let is_here =
            u.sub_account_id == scope.sub_account_id && u.service_name == scope.service_name;
        is_here && u.provider == provider && u.owner.is_none()
    })?;
    let service = on(provider, scope.service_name.as_deref().unwrap_or("(no service)"));
    let asks = TradeOff::new(
        Level::Medium,
        Level::Low,
        "tags can be set while resources run",
        cx.currency(),
    )
    .effect("from the next day's bill")
    .test_first(&[tagging.first])
    .rollback(&["remove the tag"])
    .caveats(&[
        "some costs cannot be tagged (data transfer of an account, support): allocate them by a rule",
    ]);
    let draft = Draft::new(META.id, Action::Allocate, &service, scope, asks)
        .title(format!("Tag {service} with {key}: {cost} per month has no owner"))
        .evidence("cost without an owner, in the month", cost, "bill")
        .evidence("share of the month's usage cost", format!("{} %", pct.round_dp(1)), "bill")
        .rollout(&[
            "the most expensive resources first: the script names up to 20 of them; run it for each value with its own resources",
        ])
        .watch("the share of cost without an owner in the next review");
    Ok(tagged(draft, tagging, true, &chosen).finish(cx.currency())?)
}
