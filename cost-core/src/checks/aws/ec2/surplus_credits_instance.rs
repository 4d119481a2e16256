//! Burstable instances that pay for surplus CPU credits, and would cost less as a type with full
//! CPU.
//!
//! In:  monthly resource rows of `BoxUsage` and `CPUCredits`; instance facts and prices.
//! Out: one `Modify` opportunity per instance.
//! Not here: instances whose credits run out (see the reliability risks).

use rust_decimal::Decimal;

use super::alternative::has_full_cpu;
use super::change_type;
use super::machine::{
    Catalogues, Machine, is_instance_hours, machine, prices, trade_off, type_change,
};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, ResourceUse};
use crate::checks::aws::meter::kind;
use crate::checks::aws::scaling_group::{group_of, without_emr};
use crate::checks::shared::{Replacement, expected, less, spend_of};
use crate::cloud::Provider;
use crate::cloud::aws::{Ec2Type, crossed};
use crate::opportunity::{Action, Draft};
use crate::price::InstanceType;
use crate::slice::Slice;

/// Months with surplus credits before an instance is reported. Chosen: one busy month passes.
const MONTHS: usize = 2;

/// The check that [`META`] describes.
pub(in crate::checks) struct SurplusCreditsInstance;

static META: CheckMeta = CheckMeta {
    id: "surplus_credits_instance",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "Burstable instances that pay for surplus CPU credits",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[],
    permissions: &["ec2:DescribeInstances", "ec2:DescribeInstanceTypes"],
    columns: &["ResourceId", "SkuMeter", "ListCost", "PricingQuantity"],
    history_months: 2,
    thresholds: &[],
    docs: "\
## What it finds
On-demand instances of burstable types (T2, T3, T3a, T4g) that were billed for surplus CPU credits (usage type `CPUCredits`) in at least two months,
and for which a type with full CPU costs less than the instance and its credits together. The new type has the same architecture and vCPUs, no less
memory, network, and CoreMark, at least 90 % of the EBS bandwidth, and is of the current generation. The check names the cheapest of these. Needs only the bill. Members of
Auto Scaling groups and instances that a commitment pays for are skipped.
## How the saving is computed
Per month of 730 h: EffectiveCost of the credits − EffectiveCost of the instance hours × (new price ÷ old price − 1). Both are list prices. Then no
credits are billed any more. `low` is with the lowest credits of the last three months, and can be negative.
## Trade-offs
A stop and start. If CPU use falls again, the burstable type is cheaper: the credits of the last months are shown. Less CPU use, such as by a faster
query, saves more than either.
## Source
Amazon EC2 User Guide, \"Unlimited mode for burstable performance instances\" (surplus credits charge by vCPU-hour, and when a fixed-performance type
costs less). Facts and prices: cost-core/data/prices/SOURCES.md. Read 2026-11.",
};

fn is_credits(used: &ResourceUse) -> bool {
    kind(used).starts_with("CPUCredits:t")
}

impl Check for SurplusCreditsInstance {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let mut catalogues = Catalogues::default();
        let all = cx.named_once(is_credits, &mut out)?;
        for credits in without_emr(cx, all, &mut out) {
            let id = &credits.resource_id;
            if credits.months.len() < MONTHS {
                continue;
            }
            if let Some(group) = group_of(cx, id) {
                out.skip(id, format!("a member of Auto Scaling group {group}: change the group"));
                continue;
            }
            let Some(hours) = cx.of_resource(id).iter().find(|u| is_instance_hours(u)) else {
                out.skip(id, "its instance hours are missing from the bill");
                continue;
            };
            if cx.of_resource(id).iter().any(|u| is_instance_hours(u) && !u.is_on_demand()) {
                out.skip(id, "a commitment pays for its hours: a new type may not be covered");
                continue;
            }
            match machine(cx, hours) {
                Ok(of) => {
                    let catalogue = catalogues.of(cx, &hours.region_id, of.system);
                    let new = catalogue.types().find(|(new, _)| fits(new, of.today));
                    if let Some(new) = new {
                        judge(cx, hours, of, new, &mut out)?;
                    }
                }
                Err(unknown) => out.skip_unknown(id, &unknown),
            }
        }
        Ok(out)
    }
}

/// Returns whether a burstable type can move to a type with full CPU.
fn fits(new: &InstanceType, old: &InstanceType) -> bool {
    has_full_cpu(new, old)
        && new.bare_metal == old.bare_metal
        && new.accelerates_like(old)
        && crossed(old, new).is_some()
}

fn judge(
    cx: &Context<'_>,
    hours: &ResourceUse,
    of: Machine<'_>,
    (new, then): (&InstanceType, Decimal),
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let id = &hours.resource_id;
    // The hours become more expensive. The claim on them, without savings, shows that they change.
    let mut claims = cx.claims(id, is_instance_hours, Decimal::ZERO)?;
    let now = spend_of(cx, &claims)?;
    let credits = cx.claims(id, is_credits, Decimal::ONE)?;
    let surplus = spend_of(cx, &credits)?;
    let more = now.try_ratio(then - of.price, of.price)?;
    let slice = credits.first().map_or(Slice::Fee, |c| c.slice);
    claims.extend(credits);
    less(&mut claims, slice, Replacement::exactly(more))?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let old = of.today;
    let asks =
        trade_off(cx, old, new, "the same architecture and size, with full CPU instead of credits")
            .caveats(&["if its CPU use falls again, the burstable type is cheaper"]);
    let draft = Draft::new(META.id, Action::Modify, id, cx.scope_of(hours), asks)
        .title(format!(
            "Move {} to {}: surplus credits cost more than full CPU",
            old.instance_type, new.instance_type
        ))
        .change(type_change(old, new, None));
    let draft = prices(draft, of.price, then, now.try_add(surplus)?)
        .evidence("of it surplus credits, per month", surplus, "bill")
        .claims(claims);
    out.opportunities.push(change_type::of_instance(draft, id, old, new).finish(cx.currency())?);
    Ok(())
}
