//! On-demand Auto Scaling groups that could mostly run on spot capacity.
//!
//! In: monthly resource rows of on-demand `BoxUsage`; groups from the inventory; spot prices and
//! interruption bands. Out: one `Spot` opportunity per group. Not here: instances outside groups,
//! because they are not replaced after an interruption.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use super::machine::{by_group, system_of};
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::aws::lines;
use crate::checks::aws::meter::{box_usage, on_demand_instances};
use crate::checks::shared::idle::standby;
use crate::checks::shared::{chosen, expected, spend_of};
use crate::cloud::Provider;
use crate::cloud::aws::Ec2Type;
use crate::opportunity::{Action, Draft};
use crate::price::{InstanceType, System};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

const ON_DEMAND_PCT: Threshold = chosen(
    "on_demand_pct",
    30.0,
    "% of the group",
    "capacity that stays on demand",
    "",
    "chosen (ADR 0016): the capacity that remains if all spot capacity is interrupted at once",
);
const BAND: Threshold = chosen(
    "most_interruption_band",
    2.0,
    "(0: under 5 % per month, 1: up to 10 %, 2: up to 15 %, 3: up to 20 %, 4: more)",
    "Spot Instance Advisor, frequency of interruption",
    "list of 2025-07",
    "chosen (ADR 0016)",
);
const TYPES: Threshold = chosen(
    "least_types",
    4.0,
    "types",
    "types of the same size within the band, including its own",
    "",
    "AWS, Amazon EC2 User Guide, \"Best practices for Amazon EC2 Spot\": be flexible across at least 10 pools; each type has one pool per zone",
);
/// Upper ends of the bands, percent per month. The last band has no upper end; 40 is assumed.
const BAND_PCT: [u32; 5] = [5, 10, 15, 20, 40];

/// The check that [`META`] describes.
pub(in crate::checks) struct SpotCandidate;

static META: CheckMeta = CheckMeta {
    id: "spot_candidate",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "Groups that could run on spot capacity",
    group: Group::SpotAndSchedule,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["autoscaling:DescribeAutoScalingInstances", "ec2:DescribeInstances", "ec2:DescribeSpotPriceHistory"],
    columns: &["ResourceId", "SkuMeter", "PricingCategory", "ListCost", "PricingQuantity"],
    history_months: 1,
    thresholds: &[ON_DEMAND_PCT, BAND, TYPES],
    docs: "\
## What it finds
Auto Scaling groups with two or more Linux members on demand. A group replaces interrupted instances, so its members should not store data
for long. Its type, and enough other types with the same vCPUs, the same architecture, and no less memory, must be interrupted no more often than the
threshold band. Groups that are standbys (by name or tag) are skipped, with the reason.
## How the saving is computed
Per month of 730 h: EffectiveCost of the on-demand hours × (1 − share that stays on demand) × (1 − spot price ÷ on-demand price). The spot price
is the estate's 14-day mean, or else from the advisor's mean savings. `low` assumes the most expensive of the types. Hours that a commitment covers do
not change.
## Trade-offs
Members are interrupted with two minutes' notice. The evidence shows how often per month to expect this. Only for stateless workloads.
## Source
AWS Spot Instance Advisor as carried in cost-core/data/prices/SOURCES.md; Amazon EC2 User Guide, \"Best practices for Amazon EC2 Spot\". Read 2026-11.",
};

impl Check for SpotCandidate {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let all = on_demand_instances(cx, &mut out)?;
        for ((_, region, name), members) in by_group(cx, all.into_iter().map(|(used, _)| used)) {
            match offer(cx, &region, &members) {
                Ok(Some(offer)) => judge(cx, &name, &members, &offer, &mut out)?,
                Ok(None) => {}
                Err(reason) => out.skip(&name, reason),
            }
        }
        Ok(out)
    }
}

/// The spot capacity of the same size, and its prices.
struct Offer<'a> {
    own: &'a InstanceType,
    others: Vec<&'a InstanceType>,
    /// Spot price ÷ on-demand price of its own type.
    ratio: Decimal,
    /// The most expensive spot price among the types ÷ on-demand price of its own type.
    worst: Decimal,
}

fn offer<'a>(
    cx: &Context<'a>,
    region: &str,
    members: &[&ResourceUse],
) -> Result<Option<Offer<'a>>, String> {
    let types: BTreeSet<&str> = members.iter().filter_map(|u| box_usage(u)).collect();
    let (Some(name), 1) = (types.first(), types.len()) else {
        return Err("its members have different instance types".to_owned());
    };
    if members.len() < 2 {
        return Ok(None);
    }
    if let Some(reason) = members.iter().find_map(|u| cx.resource(&u.resource_id).and_then(standby))
    {
        return Err(reason);
    }
    let own = cx.prices.instance_type(name).ok_or("the instance type is unknown")?;
    let (system, price) = system_of(cx, members[0], name).map_err(|e| e.to_string())?;
    if system != System::Linux {
        return Err(format!("runs {}: its spot price is unknown", system.name()));
    }
    let spot = cx.prices.spot_linux(region, name).map_err(|e| e.to_string())?;
    let most = cx.value(META.id, &BAND);
    let calm = |t: &InstanceType| t.spot_interruption_band.is_some_and(|b| f64::from(b) <= most);
    if !calm(own) {
        return Ok(None);
    }
    let arm = |t: &InstanceType| t.architectures.contains("arm64");
    let alike = |t: &&InstanceType| {
        calm(t)
            && t.instance_type != own.instance_type
            && t.vcpu == own.vcpu
            && t.memory_mib >= own.memory_mib
            && arm(t) == arm(own)
            && t.accelerates_like(own)
            && t.burstable == own.burstable
            && t.family().ends_with("-flex") == own.family().ends_with("-flex")
            && t.bare_metal == own.bare_metal
    };
    let priced =
        |t: &'a InstanceType| Some((t, cx.prices.spot_linux(region, &t.instance_type).ok()?));
    // A spot price above the current on-demand price saves nothing.
    let mut others: Vec<(&InstanceType, Decimal)> = cx
        .prices
        .instance_types()
        .filter(alike)
        .filter_map(priced)
        .filter(|(_, p)| *p < price)
        .collect();
    others.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.instance_type.cmp(&b.0.instance_type)));
    others.truncate(9);
    if crate::usage::as_f64(others.len() + 1) < cx.value(META.id, &TYPES) {
        return Ok(None);
    }
    let dearest = others.iter().map(|(_, p)| *p).max().unwrap_or(spot).max(spot);
    let of = |p: Decimal| p.checked_div(price).unwrap_or(Decimal::ONE);
    Ok(Some(Offer {
        own,
        others: others.into_iter().map(|(t, _)| t).collect(),
        ratio: of(spot),
        worst: of(dearest),
    }))
}

fn judge(
    cx: &Context<'_>,
    name: &str,
    members: &[&ResourceUse],
    offer: &Offer<'_>,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let on_demand_share = cx.decimal(META.id, &ON_DEMAND_PCT) / Decimal::ONE_HUNDRED;
    let moved = Decimal::ONE - on_demand_share;
    let mut claims = Vec::new();
    for used in members {
        let mut claim = cx.claim(used, moved * (Decimal::ONE - offer.ratio))?;
        let least = cx.claim(used, moved * (Decimal::ONE - offer.worst))?.savings.low;
        claim.savings.low = least.try_min(claim.savings.low)?;
        claims.push(claim);
    }
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
    let band = usize::from(offer.own.spot_interruption_band.unwrap_or(4)).min(4);
    let interruptions = (moved * Decimal::from(count) * Decimal::from(BAND_PCT[band])
        / Decimal::ONE_HUNDRED)
        .round_dp(1);
    let types: Vec<&str> = offer.others.iter().map(|t| t.instance_type.as_str()).collect();
    let id = shell_word(name);
    let describe =
        format!("aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names {id}");
    let on_demand =
        on_demand_share.checked_mul(Decimal::ONE_HUNDRED).and_then(|pct| pct.round().to_i64());
    let overrides: Vec<Value> = std::iter::once(offer.own.instance_type.as_str())
        .chain(types.iter().copied())
        .map(|t| json!({ "InstanceType": t }))
        .collect();
    let policy = json!({
        "LaunchTemplate": {
            "LaunchTemplateSpecification": { "LaunchTemplateId": "TEMPLATE", "Version": "VERSION" },
            "Overrides": overrides,
        },
        "InstancesDistribution": {
            "OnDemandPercentageAboveBaseCapacity": on_demand,
            "SpotAllocationStrategy": "price-capacity-optimized",
        },
    });
    let draft = Draft::new(META.id, Action::Spot, name, cx.scope_of(members[0]), trade_off(cx))
        .title(format!("Run {} % of group {name} on spot capacity", (moved * Decimal::ONE_HUNDRED).normalize()))
        .evidence("members on demand in the month", count, "bill, inventory")
        .evidence("spot price ÷ on-demand price", offer.ratio.round_dp(3).normalize(), "price list")
        .evidence("interruptions per month, at most about", interruptions.normalize(), "Spot Instance Advisor")
        .evidence("other types of the same size", types.join(", "), "price list")
        .evidence("current cost, per month", spend_of(cx, &claims)?, "bill")
        .claims(claims)
        .rollout(&["move a group in staging and inject interruptions (AWS FIS)", "move 20 % of one production group for a week", "then increase to the full share"])
        .run(format!("save group.json {describe}"))
        .run(lines::keep("TEMPLATE", &describe, "AutoScalingGroups[0].LaunchTemplate.LaunchTemplateId"))
        .run(lines::keep("VERSION", &describe, "AutoScalingGroups[0].LaunchTemplate.Version"))
        .run("[ \"$TEMPLATE\" != None ] || { echo 'the group has no launch template of its own' >&2; exit 1; }")
        .run(format!("POLICY={}", shell_word(&policy.to_string())))
        .run("POLICY=\"${POLICY/TEMPLATE/$TEMPLATE}\"\nprintf '%s' \"${POLICY/VERSION/$VERSION}\" > policy.json")
        .run(format!("aws autoscaling update-auto-scaling-group --auto-scaling-group-name {id} --mixed-instances-policy file://policy.json --capacity-rebalance"))
        .undo(". ./ids.sh")
        .undo(format!("aws autoscaling update-auto-scaling-group --auto-scaling-group-name {id} --launch-template \"LaunchTemplateId=$TEMPLATE,Version=$VERSION\" --no-capacity-rebalance"))
        .watch("interruptions, requests lost during them, and how long replacements take")
        .terraform("aws_autoscaling_group: mixed_instances_policy with spot_allocation_strategy = \"price-capacity-optimized\", capacity_rebalance = true");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason =
        "members are interrupted with two minutes' notice; many may be interrupted at once";
    TradeOff::new(Level::Medium, Level::Medium, reason, cx.currency())
        .reliability(
            "lower: keep on demand the share that must serve if all spot capacity is interrupted, and use several zones and types",
        )
        .no_downtime("none, if members drain within two minutes and are stateless")
        .test_first(&[
            "check that members are stateless: no sessions, uploads, or queues in memory",
            "inject an interruption (aws:ec2:send-spot-instance-interruptions of AWS FIS) in staging",
        ])
        .rollback(&["set the on-demand share to 100 %: the group replaces spot members as they end"])
        .caveats(&["bands and savings are the advisor's monthly means; a zone can lack capacity for a type for days"])
}
