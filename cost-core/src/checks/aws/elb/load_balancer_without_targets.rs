//! Load balancers that have nothing behind them.
//!
//! In: inventory of load balancers with their targets; resource-by-month rows of
//! `LoadBalancerUsage`. Out: one `Remove` opportunity a balancer. Not here: balancers with targets
//! and no traffic (see `idle_load_balancer`).

use rust_decimal::Decimal;

use super::idle_load_balancer::{is_there, runbook, trade_off};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse};
use crate::checks::shared::idle::{YOUNG, standby};
use crate::checks::shared::{cost_now, spend_of};
use crate::cloud::Provider;
use crate::inventory::{Resource, detail};
use crate::opportunity::{Action, Draft};

/// See [`META`].
pub(in crate::checks) struct LoadBalancerWithoutTargets;

static META: CheckMeta = CheckMeta {
    id: "load_balancer_without_targets",
    provider: Some(Provider::Aws),
    service: "elb",
    title: "Load balancers with nothing behind them",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &[
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
    ],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[YOUNG],
    docs: "\
## What it finds
Load balancers that are billed and have no registered target in any group. Those whose targets all fail their health checks have targets
and are not here. A balancer that only redirects or answers by itself has none either: that is a caveat.
## How the saving is computed
Per month of 730 h: EffectiveCost of its hours and capacity units.
## Trade-offs
Its DNS name goes for good.
## Source
AWS Trusted Advisor check reference, \"Idle Load Balancers\" (no active back-end instances). Read 2026-11.",
};

impl Check for LoadBalancerWithoutTargets {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named_once(is_there, &mut out)? {
            let Some(balancer) = cx.resource(&used.resource_id) else {
                out.skip(
                    &used.resource_id,
                    "billed, but not in the inventory: gone since, or not collected",
                );
                continue;
            };
            match balancer.get(detail::TARGETS) {
                None => out.skip(&used.resource_id, "the inventory does not say what is behind it"),
                Some(1..) => {}
                Some(_)
                    if balancer
                        .age_days(cx.as_of)
                        .is_some_and(|a| Decimal::from(a) < cx.decimal(META.id, &YOUNG)) => {}
                Some(_) => judge(cx, used, balancer, &mut out)?,
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    balancer: &Resource,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    if let Some(reason) = standby(balancer) {
        out.skip(&used.resource_id, reason);
        return Ok(());
    }
    let claims = cx.claims(&used.resource_id, |_| true, Decimal::ONE)?;
    if spend_of(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let name = balancer.name.clone().unwrap_or_default();
    let asks = trade_off(cx)
        .caveats(&["a balancer that only redirects, or answers by itself, needs no targets"]);
    let draft = Draft::new(META.id, Action::Remove, &used.resource_id, cx.scope_of(used), asks)
        .title(format!("Remove load balancer {name}: nothing is behind it"))
        .evidence("targets registered", 0, "inventory")
        .facts([cost_now(cx, &claims)?])
        .claims(claims);
    out.opportunities.push(runbook(draft, used, Some(balancer)).finish(cx.currency())?);
    Ok(())
}
