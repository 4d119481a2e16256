//! EC2 instances that are too small: CPU, memory, or CPU credits. Members of an Auto Scaling group
//! are one risk of the group, because only the group's launch template can fix it.

use rust_decimal::Decimal;

use super::found::{Measured, change, measured, no_fix, pct, period, risk, scaled_cost};
use crate::check::{CheckError, CheckOutput, Context, ResourceUse};
use crate::checks::aws::ec2::change_type::of_instance;
use crate::checks::aws::ec2::machine::{
    Catalogues, Machine, by_group, is_instance_hours, machine_or_estimate, trade_off,
};
use crate::checks::aws::meter::text;
use crate::checks::aws::scaling_group::{group_of, without_emr};
use crate::cloud::aws::{Ec2Type, crossed};
use crate::cloud::{Crossing, Provider, cloud};
use crate::inventory::short_id;
use crate::opportunity::{Action, Draft, Evidence, Variant};
use crate::price::InstanceType;
use crate::rightsizing::{Choice, Demand, Reach, credits_exhausted, enough};
use crate::risk::{Fix, ReliabilityRisk, RiskKind};
use crate::runbook::Runbook;
use crate::usage::{Metric, Use};

/// Usage type of surplus credits: `CPUCredits:t3`. AWS, Amazon EC2 User Guide, "Unlimited mode for
/// burstable performance instances".
const SURPLUS: &str = "CPUCredits:";

/// Returns the risks of instances and Auto Scaling groups.
pub(super) fn risks(
    cx: &Context<'_>,
    out: &mut CheckOutput,
) -> Result<Vec<ReliabilityRisk>, CheckError> {
    let mut catalogues = Catalogues::default();
    let mut found = Vec::new();
    let all = cx.named_once(is_instance_hours, out)?;
    let all = without_emr(cx, all, out);
    let (members, single): (Vec<&ResourceUse>, Vec<&ResourceUse>) =
        all.into_iter().partition(|used| group_of(cx, &used.resource_id).is_some());
    for used in single {
        let Some(case) = case(cx, used, out) else { continue };
        let fix = fix(cx, &mut catalogues, &[&case], None)?;
        let ids = vec![used.resource_id.clone()];
        found.push(risk(cx.scope_of(used), &used.resource_id, ids, case.measured, fix));
    }
    for ((_, _, group), members) in by_group(cx, members) {
        let mut cases = Vec::new();
        for used in &members {
            cases.extend(case(cx, used, out));
        }
        // The group needs a type for its busiest member.
        cases.sort_by(|a, b| {
            let load = |c: &Case<'_>| c.demand.as_ref().map_or(0.0, |d| d.cpu_p99_pct);
            load(b).total_cmp(&load(a)).then_with(|| a.used.resource_id.cmp(&b.used.resource_id))
        });
        let fix =
            fix(cx, &mut catalogues, &cases.iter().collect::<Vec<_>>(), Some((&group, &members)))?;
        let ids: Vec<String> = cases.iter().map(|c| c.used.resource_id.clone()).collect();
        let Some(busiest) = cases.into_iter().next() else { continue };
        let of = of_group(busiest.measured, &group, ids.len(), members.len());
        found.push(risk(cx.scope_of(busiest.used), &group, ids, of, fix));
    }
    Ok(found)
}

/// An instance that is too small.
struct Case<'a> {
    used: &'a ResourceUse,
    machine: Option<Machine<'a>>,
    demand: Option<Demand>,
    measured: Measured,
    unknown: Option<String>,
}

/// Returns the measurement as one of a group.
fn of_group(of: Measured, group: &str, small: usize, all: usize) -> Measured {
    let title =
        format!("Auto Scaling group {group}: {} ({small} of {all} instances)", of.kind.title());
    Measured { title: format!("{title} at its limit"), ..of }
}

/// Returns an instance with what it has too little of; `None` if it is large enough or was not
/// measured.
fn case<'a>(cx: &'a Context<'_>, used: &'a ResourceUse, out: &mut CheckOutput) -> Option<Case<'a>> {
    let busy = match measured(cx, &used.resource_id, Metric::CpuMax) {
        Ok(busy) => busy,
        Err(reason) => {
            out.skip(&used.resource_id, reason);
            return None;
        }
    };
    let (machine, unknown) = match machine_or_estimate(cx, used) {
        Ok(machine) => (Some(machine), None),
        Err(unknown) => (None, Some(unknown.to_string())),
    };
    let today = machine.map(|m| m.today).or_else(|| {
        crate::checks::aws::meter::box_usage(used).and_then(|t| cx.prices.instance_type(t))
    });
    let demand = today.and_then(|t| Demand::of(busy, t));
    let name = today.map_or("instance", |t| t.instance_type.as_str());
    let label = format!("{name} {}", short_id(&used.resource_id));
    let measured = too_busy(cx, busy, &label).or_else(|| spent(cx, used, busy, today, &label));
    measured.map(|measured| Case { used, machine, demand, measured, unknown })
}

/// Returns CPU or memory above its limit; both are evidence.
pub(super) fn too_busy(cx: &Context<'_>, busy: &Use, label: &str) -> Option<Measured> {
    let limits = &cx.settings.reliability;
    let of = |metric, limit: f64| {
        let value = busy.percentile(metric, 99)?;
        Some((value, limit, value > limit))
    };
    let cpu = of(Metric::CpuMax, limits.cpu_limit_pct);
    let memory = of(Metric::MemoryMax, limits.memory_limit_pct);
    let above = |of: &Option<(f64, f64, bool)>| of.filter(|(_, _, above)| *above);
    let (kind, metric, (value, limit, _)) = above(&cpu)
        .map(|of| (RiskKind::Cpu, Metric::CpuMax, of))
        .or_else(|| above(&memory).map(|of| (RiskKind::Memory, Metric::MemoryMax, of)))?;
    let mut evidence = Vec::new();
    for (name, metric, of) in [("CPU", Metric::CpuMax, cpu), ("memory", Metric::MemoryMax, memory)]
    {
        let text = match of {
            Some((value, limit, _)) => format!(
                "{}, limit {limit} %; {} of the hours above it",
                pct(value),
                pct(busy.hours_above_pct(metric, limit).unwrap_or(0.0))
            ),
            None => "not measured".to_owned(),
        };
        let label = format!("{name}, p99 of hourly maxima");
        evidence.push(Evidence::new(&label, text, "utilization"));
    }
    Some(Measured {
        kind,
        title: format!("{label}: {} at its limit", kind.title()),
        value: pct(value),
        threshold: format!("{limit} %, p99 of hourly maxima"),
        period: period(busy, metric),
        evidence,
    })
}

/// Returns CPU credits that run out, by the hourly CPU means.
fn spent(
    cx: &Context<'_>,
    used: &ResourceUse,
    busy: &Use,
    today: Option<&InstanceType>,
    label: &str,
) -> Option<Measured> {
    // In unlimited mode, an instance is not throttled: it pays, and a check finds what costs less.
    let is_surplus = |u: &&ResourceUse| text(u).contains(SURPLUS);
    let mut surplus = cx.of_resource(&used.resource_id).iter().filter(is_surplus);
    let means = busy.values(Metric::CpuMean).map(|(_, v)| v);
    let credits = today.and_then(|t| cloud(Provider::Aws).credits(t));
    if surplus.any(|u| u.now().effective.amount() > Decimal::ZERO)
        || !credits_exhausted(credits, means)
    {
        return None;
    }
    let mean = busy.mean(Metric::CpuMean).map_or_else(|| "not measured".to_owned(), pct);
    let baseline = credits.map_or_else(|| "unknown".to_owned(), |c| pct(c.baseline_pct));
    Some(Measured {
        kind: RiskKind::CpuCredits,
        title: format!("{label}: CPU credits run out"),
        value: "credits spent, by hourly CPU means".to_owned(),
        threshold: "credits never spent".to_owned(),
        period: period(busy, Metric::CpuMean),
        evidence: vec![
            Evidence::new("mean CPU", mean, "utilization"),
            Evidence::new("baseline of the type", baseline, "instance type"),
        ],
    })
}

/// Returns the cheapest type that fits the busiest of the cases, and its additional cost for all
/// instances that change with it.
fn fix<'a>(
    cx: &'a Context<'_>,
    catalogues: &mut Catalogues<'a>,
    cases: &[&Case<'a>],
    group: Option<(&str, &[&ResourceUse])>,
) -> Result<Fix, CheckError> {
    const TITLE: &str = "Move to a larger type";
    let Some(first) = cases.first() else { return Ok(no_fix(TITLE, String::new())) };
    let (Some(machine), Some(demand)) = (first.machine, first.demand.clone()) else {
        let why = first.unknown.clone();
        return Ok(no_fix(
            TITLE,
            why.unwrap_or_else(|| "the speed or memory of its type is unknown".to_owned()),
        ));
    };
    let demand = cases.iter().skip(1).filter_map(|c| c.demand.clone()).fold(demand, Demand::with);
    let catalogue = catalogues.for_machine(cx, &first.used.region_id, machine);
    let limits = &cx.settings.reliability;
    let reach = Reach {
        cpu_limit_pct: limits.cpu_limit_pct,
        memory_limit_pct: limits.memory_limit_pct,
        ..Reach::of(Variant::Balanced)
    };
    let today = machine.today;
    let Some(choice) = enough(catalogue, today, &demand, &reach, |t| is_wanted(today, t)) else {
        let why = "no type of the same architecture and processor maker fits the measured load";
        return Ok(no_fix(TITLE, why.to_owned()));
    };
    let ratio = choice.usd_per_hour.checked_div(machine.price).unwrap_or(Decimal::ONE);
    let changed: Vec<&ResourceUse> = match group {
        Some((_, members)) => members.to_vec(),
        None => vec![first.used],
    };
    let uses = changed
        .iter()
        .flat_map(|u| cx.of_resource(&u.resource_id).iter().filter(|u| is_instance_hours(u)));
    let basis = format!(
        "cost of the instance hours × (new price {} ÷ current price {} − 1), USD per hour, price list",
        choice.usd_per_hour.normalize(),
        machine.price.normalize()
    );
    let range = catalogue.range(&choice.machine.instance_type);
    let ratios = range.map_or([ratio; 3], |(low, high)| {
        let of = |usd: Decimal| usd.checked_div(machine.price).unwrap_or(ratio);
        [of(low), ratio, of(high)]
    });
    let cost = scaled_cost(cx, uses, ratios, &basis, range.is_some())?;
    Ok(described(cx, first, (today, &choice, &demand), cost, group.map(|(name, _)| name)))
}

/// Returns whether a type can replace another without new drivers (unless the old one is Xen), and
/// is no older, not slower by design, and from the same processor maker.
fn is_wanted(today: &InstanceType, new: &InstanceType) -> bool {
    // Types on CPU credits and flex types cannot use their full CPU all the time.
    let limited = |t| cloud(Provider::Aws).credits(t);
    let crossing = crossed(today, new);
    let drivers = if today.is_xen() { Crossing::Drivers } else { Crossing::Nothing };
    crossing.is_some_and(|c| c <= drivers)
        && new.instance_type != today.instance_type
        && new.maker() == today.maker()
        && new.generation() >= today.generation()
        && new.accelerates_like(today)
        && !new.is_specialized(today)
        && (limited(new).is_none() || limited(today).is_some())
        && !new.is_mac()
}

fn described(
    cx: &Context<'_>,
    case: &Case<'_>,
    (today, choice, demand): (&InstanceType, &Choice<'_>, &Demand),
    cost: Option<crate::risk::FixCost>,
    group: Option<&str>,
) -> Fix {
    let new = choice.machine;
    let (from, to) = (today.instance_type.clone(), new.instance_type.clone());
    let reason = format!("CPU would be at {}", pct(choice.cpu_p99_pct));
    let trade_off = trade_off(cx, today, new, &reason);
    let mut caveats = trade_off.caveats.clone();
    if demand.cpu_p99_pct >= 99.0 {
        caveats.push("CPU reached 100 %, so the load may be higher than measured: check again after the change".to_owned());
    }
    if !demand.memory_known {
        caveats.push("memory was not measured: the new type has no less than now".to_owned());
    }
    let runbook = if let Some(name) = group {
        // The rollout of a group is described, not scripted: its launch template is not known.
        Runbook {
            rollout: vec![
                format!("create a version of the launch template of group {name} with instance type {to}"),
                "start an instance refresh with a healthy percentage of at least 90 and an alarm that rolls back".to_owned(),
            ],
            watch: vec!["CPUUtilization and latency of the group during the refresh".to_owned()],
            terraform: vec![format!("aws_launch_template: instance_type = \"{to}\"")],
            ..Runbook::default()
        }
    } else {
        let draft = Draft::new(
            "",
            Action::Modify,
            &case.used.resource_id,
            cx.scope_of(case.used),
            trade_off.clone(),
        );
        of_instance(draft, &case.used.resource_id, today, new)
            .finish(cx.currency())
            .map(|o| o.runbook)
            .unwrap_or_default()
    };
    let unknown = cost.is_none().then(|| "the bill has no list cost for covered usage".to_owned());
    let mut change = change("instance type", from.clone(), to.clone(), true);
    let tenths = |v: f64| Decimal::from_f64_retain(v).map(|d| d.round_dp(1).normalize());
    change.predicted_cpu_p99_pct = tenths(choice.cpu_p99_pct);
    change.hours_above_70_pct = tenths(choice.hours_above_pct);
    Fix {
        title: format!("Move from {from} to {to}"),
        change: Some(change),
        cost,
        unknown,
        caveats,
        rollback: trade_off.rollback,
        runbook,
    }
}
