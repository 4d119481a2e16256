//! Auto Scaling groups whose instance type is larger than their members need.
//!
//! In: monthly resource rows of `BoxUsage`; groups from the inventory; hourly CPU, memory and
//! network of the members. Out: up to three `Modify` opportunities per group: safe, balanced, bold,
//! over all its members. Not here: instances outside groups (see `oversized_instance`).

use rust_decimal::Decimal;

use super::change_type;
use super::disks::needed_ebs_mbps;
use super::machine::{
    Catalogues, Machine, by_group, is_instance_hours, machine, prices, type_change,
};
use super::oversized_instance::{CPU, DAYS, EBS, MEMORY, NETWORK, SHARE, options_trade_off, reach};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse};
use crate::checks::shared::idle::sized_for_another;
use crate::checks::shared::{cheaper, expected, spend_of};
use crate::cloud::Provider;
use crate::opportunity::{Action, Draft, Variant};
use crate::rightsizing::{Choice, Demand, options};

/// The check that [`META`] describes.
pub(in crate::checks) struct OversizedScalingGroup;

static META: CheckMeta = CheckMeta {
    id: "oversized_scaling_group",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "Auto Scaling groups with an oversized instance type",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &["autoscaling:DescribeAutoScalingInstances", "ec2:DescribeInstances", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter", "ListCost", "PricingQuantity"],
    history_months: 1,
    thresholds: &[CPU, MEMORY, DAYS, NETWORK, EBS, SHARE],
    docs: "\
## What it finds
For each Auto Scaling group with one instance type, the cheapest type that fits the utilization of its busiest member, with headroom, as
`oversized_instance` does for one instance. CPU is that of the busiest member. Memory and network are those of the members that need most,
because the group may distribute load unevenly.
## How the saving is computed
As for `oversized_instance`, over the members of the month, with the same number of members. A group that scales by CPU runs as many
instances of the new type as its target requires: this is a caveat.
## Trade-offs
The group replaces its members itself (instance refresh), without interruption if it has two or more members.
## Source
Amazon EC2 Auto Scaling User Guide, \"Use an instance refresh\". As `oversized_instance` otherwise. Read 2026-11.",
};

impl Check for OversizedScalingGroup {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let mut catalogues = Catalogues::default();
        let all = cx.named_once(is_instance_hours, &mut out)?;
        for ((_, region, name), members) in by_group(cx, all) {
            match demand(cx, &members) {
                Ok((of, demand)) => {
                    let reach = |variant| reach(cx, META.id, variant);
                    let catalogue = catalogues.of(cx, &region, of.system);
                    for (variant, choice) in
                        options(catalogue, (of.today, of.price), &demand, reach)
                    {
                        judge(cx, (&name, &members), of, &demand, (variant, &choice), &mut out)?;
                    }
                }
                Err(reason) => out.skip(&name, reason),
            }
        }
        Ok(out)
    }
}

/// Returns what the members need, or the reason why this cannot be determined.
fn demand<'a>(cx: &Context<'a>, members: &[&ResourceUse]) -> Result<(Machine<'a>, Demand), String> {
    let mut most: Option<(Machine<'a>, Demand)> = None;
    if let Some(reason) =
        members.iter().find_map(|u| cx.resource(&u.resource_id).and_then(sized_for_another))
    {
        return Err(reason);
    }
    for used in members {
        let of = machine(cx, used).map_err(|e| e.to_string())?;
        if most.as_ref().is_some_and(|(m, _)| m.today.instance_type != of.today.instance_type) {
            return Err("its members have different instance types".to_owned());
        }
        let Some(busy) = cx.busy(&used.resource_id) else { continue };
        let Some(demand) = Demand::of(busy, of.today) else { continue };
        let demand = demand.with_ebs_mbps(needed_ebs_mbps(cx, &used.resource_id));
        most = Some(match most {
            Some((_, known)) => (of, known.with(demand)),
            None => (of, demand),
        });
    }
    let (of, demand) = most.ok_or("the utilization of its members is unknown")?;
    let least = cx.value(META.id, &DAYS);
    if crate::usage::as_f64(demand.days) < least {
        return Err(format!("its busiest member was measured for less than {least} days"));
    }
    Ok((of, demand))
}

fn judge(
    cx: &Context<'_>,
    (name, members): (&str, &[&ResourceUse]),
    of: Machine<'_>,
    demand: &Demand,
    (variant, choice): (Variant, &Choice<'_>),
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let (old, new) = (of.today, choice.machine);
    let saved = cheaper(of.price, choice.usd_per_hour);
    let mut claims = Vec::new();
    for used in members {
        claims.extend(cx.claims(&used.resource_id, is_instance_hours, saved)?);
    }
    if saved * Decimal::ONE_HUNDRED < cx.decimal(META.id, &SHARE)
        || expected(cx, &claims)?.is_zero_or_less()
    {
        return Ok(());
    }
    let asks = options_trade_off(cx, of, demand, choice)
        .no_downtime("none with two or more members: the group replaces them one by one")
        .caveats(&["if it scales by CPU, the group may run more members of the smaller type"]);
    let draft = Draft::new(META.id, Action::Modify, name, cx.scope_of(members[0]), asks)
        .title(format!(
            "Resize group {name} from {} to {} ({})",
            old.instance_type,
            new.instance_type,
            variant.as_str()
        ))
        .variant(variant)
        .change(type_change(old, new, Some(choice)))
        .evidence("members in the month", members.len(), "bill, inventory")
        .evidence(
            "current CPU of the busiest member, p99 of hourly maxima",
            format!("{:.1} %", demand.cpu_p99_pct),
            "utilization",
        )
        .evidence(
            "CPU of the busiest member after the change, p99 of hourly maxima",
            format!("{:.1} %", choice.cpu_p99_pct),
            "utilization, CoreMark",
        );
    let draft = prices(draft, of.price, choice.usd_per_hour, spend_of(cx, &claims)?).claims(claims);
    let draft = change_type::of_group(cx, draft, (name, members[0]), (old, new));
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}
