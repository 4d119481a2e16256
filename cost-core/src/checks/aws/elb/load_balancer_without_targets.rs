//! Load balancers without targets.
//!
//! In: inventory of load balancers with their targets; monthly resource rows of
//! `LoadBalancerUsage`. Out: one `Remove` opportunity per load balancer. Not here: load balancers
//! with targets and no traffic (see `idle_load_balancer`).

use rust_decimal::Decimal;

use super::idle_load_balancer::{is_there, runbook, trade_off};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse};
use crate::checks::shared::idle::{YOUNG, standby};
use crate::checks::shared::{cost_now, spend_of};
use crate::cloud::Provider;
use crate::inventory::{Resource, detail};
use crate::opportunity::{Action, Draft};

/// The check that [`META`] describes.
pub(in crate::checks) struct LoadBalancerWithoutTargets;

static META: CheckMeta = CheckMeta {
    id: "load_balancer_without_targets",
    provider: Some(Provider::Aws),
    service: "elb",
    title: "Load balancers without targets",
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
Load balancers that are billed and have no registered target in any group. Load balancers whose targets all fail their health checks have
targets and are excluded. A load balancer that only redirects or returns fixed responses has no targets either: this is a caveat.
## How the saving is computed
Per month of 730 h: EffectiveCost of its hours and capacity units.
## Trade-offs
Its DNS name is lost permanently.
## Source
AWS Trusted Advisor check reference, \"Idle Load Balancers\" (no active back-end instances). Read 2026-11.",
};

impl Check for LoadBalancerWithoutTargets {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.used(is_there) {
            let Some(balancer) = cx.resource(&used.resource_id) else {
                out.skip(
                    &used.resource_id,
                    "billed, but not in the inventory: deleted since, or not collected",
                );
                continue;
            };
            match balancer.get(detail::TARGETS) {
                None => out.skip(&used.resource_id, "its targets are missing from the inventory"),
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
    let asks = trade_off(cx).caveats(&[
        "a load balancer that only redirects or returns fixed responses needs no targets",
    ]);
    let draft = Draft::new(META.id, Action::Remove, &used.resource_id, cx.scope_of(used), asks)
        .title(format!("Remove load balancer {name}: it has no targets"))
        .evidence("targets registered", 0, "inventory")
        .facts([cost_now(cx, &claims)?])
        .claims(claims);
    out.opportunities.push(runbook(draft, used, Some(balancer)).finish(cx.currency())?);
    Ok(())
}
