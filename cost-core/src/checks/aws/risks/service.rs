//! ECS services whose tasks are too small: CPU or memory.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::found::{change, decimal, measured, no_fix, risk, scaled_cost};
use super::instance::too_busy;
use crate::check::{CheckError, CheckOutput, Context, ResourceUse};
use crate::checks::aws::ecs::oversized_service::{
    Part, Size, part, ratio, resized, service_of, sizes, spend,
};
use crate::cloud::Provider;
use crate::inventory::{Kind, Resource, detail, short_id};
use crate::money::Money;
use crate::opportunity::{Action, Draft, Scope};
use crate::risk::{Fix, FixCost, ReliabilityRisk};
use crate::tradeoff::{Level, TradeOff};
use crate::usage::{Metric, Use};

/// Title of a fix without a known size.
const TITLE: &str = "Run larger tasks, or more of them";

/// Returns the risks of services in the inventory. The CPU and memory of a service are those of its
/// tasks, relative to what they reserve.
pub(super) fn risks(
    cx: &Context<'_>,
    out: &mut CheckOutput,
) -> Result<Vec<ReliabilityRisk>, CheckError> {
    let Some(inventory) = cx.inventory else { return Ok(Vec::new()) };
    let mut tasks: BTreeMap<String, Vec<&ResourceUse>> = BTreeMap::new();
    for used in cx.used(|u| part(u).is_some()) {
        if let Some(service) = service_of(cx, used) {
            tasks.entry(service).or_default().push(used);
        }
    }
    let mut found = Vec::new();
    for service in inventory.of_kind(Kind::EcsService) {
        let id = &service.resource_id;
        let busy = match measured(cx, id, Metric::CpuMax) {
            Ok(busy) => busy,
            Err(reason) => {
                out.skip(id, reason);
                continue;
            }
        };
        let name = service.name.as_deref().unwrap_or_else(|| short_id(id));
        let Some(measured) = too_busy(cx, busy, &format!("service {name}")) else { continue };
        let of_service = tasks.get(id).map_or(&[][..], Vec::as_slice);
        let scope = of_service.first().map_or_else(|| scope_of(cx, service), |u| cx.scope_of(u));
        let fix = fix(cx, (service, name), of_service, busy, &scope)?;
        found.push(risk(scope, id, vec![id.clone()], measured, fix));
    }
    Ok(found)
}

/// Returns the scope of a service whose tasks are not billed.
fn scope_of(cx: &Context<'_>, service: &Resource) -> Scope {
    Scope {
        provider: Some(Provider::Aws),
        sub_account_id: service.sub_account_id.clone(),
        service_name: None,
        region_id: service.region_id.clone(),
        owner: cx.owner_key().and_then(|key| service.tags.get(key).cloned()),
    }
}

/// Returns the cheapest Fargate size with no less CPU and memory that keeps both limits.
fn fix(
    cx: &Context<'_>,
    (service, name): (&Resource, &str),
    tasks: &[&ResourceUse],
    busy: &Use,
    scope: &Scope,
) -> Result<Fix, CheckError> {
    if tasks.is_empty() {
        let why = "no Fargate task of it is in the bill: on EC2, the instances also need room for larger tasks";
        return Ok(no_fix(TITLE, why.to_owned()));
    }
    let size = service.get(detail::CPU_UNITS).zip(service.get(detail::MEMORY_MB));
    let Some((cpu, memory)) = size.filter(|(cpu, memory)| *cpu > 0 && *memory > 0) else {
        let why = "the size of its tasks is missing from the inventory";
        return Ok(no_fix(TITLE, why.to_owned()));
    };
    let now = Size { cpu, memory };
    let Some((then, cpu_pct)) = larger(cx, now, tasks, busy)? else {
        return Ok(no_fix(TITLE, "no Fargate size is large enough: run more tasks".to_owned()));
    };
    let trade_off = TradeOff::new(Level::Low, Level::Low, "larger tasks", cx.currency());
    let draft = Draft::new("", Action::Modify, &service.resource_id, scope.clone(), trade_off);
    let runbook = resized(draft, service, then, name).finish(cx.currency())?.runbook;
    let cost = cost(cx, now, then, tasks)?;
    let mut change = change("task size", now.to_string(), then.to_string(), false);
    change.predicted_cpu_p99_pct = Some(decimal(cpu_pct).round_dp(1).normalize());
    Ok(Fix {
        title: format!("Run the tasks of {name} with {then} instead of {now}"),
        change: Some(change),
        unknown: cost.is_none().then(|| "the bill has no list cost for covered usage".to_owned()),
        cost,
        caveats: vec![
            "if it scales by CPU, its target is the usual value: then compare the target and the largest number of tasks first".to_owned(),
            "more tasks of the same size can help as much, and also help if one fails".to_owned(),
        ],
        rollback: vec!["update the service to the previous revision".to_owned()],
        runbook,
    })
}

/// Returns the cheapest larger size that keeps both limits, and the CPU with it.
fn larger(
    cx: &Context<'_>,
    now: Size,
    tasks: &[&ResourceUse],
    busy: &Use,
) -> Result<Option<(Size, f64)>, CheckError> {
    let limits = &cx.settings.reliability;
    let cpu = busy.percentile(Metric::CpuMax, 99).unwrap_or(0.0);
    let memory = busy.percentile(Metric::MemoryMax, 99).unwrap_or(0.0);
    let costs = [spend(cx, tasks, Part::Cpu)?, spend(cx, tasks, Part::Memory)?];
    let [cpu_cost, memory_cost] = costs.map(|cost: Money| cost.amount());
    let share = |then: i64, now: i64| Decimal::from(then) / Decimal::from(now);
    let cost = |size: &Size| {
        cpu_cost * share(size.cpu, now.cpu) + memory_cost * share(size.memory, now.memory)
    };
    let fits = |size: &Size| {
        size.cpu >= now.cpu
            && size.memory >= now.memory
            && cpu * ratio(now.cpu, size.cpu) <= limits.cpu_limit_pct
            && memory * ratio(now.memory, size.memory) <= limits.memory_limit_pct
    };
    let best = sizes().filter(fits).min_by_key(|size| (cost(size), *size));
    Ok(best.map(|size| (size, cpu * ratio(now.cpu, size.cpu))))
}

/// Returns the additional cost of the same number of larger tasks.
fn cost(
    cx: &Context<'_>,
    now: Size,
    then: Size,
    tasks: &[&ResourceUse],
) -> Result<Option<FixCost>, CheckError> {
    let basis = "cost of the vCPU hours × (new ÷ current vCPUs − 1) + cost of the GB hours × (new ÷ current GB − 1)";
    let of = |wanted: Part, then: i64, now: i64| {
        let ratio = Decimal::from(then) / Decimal::from(now);
        let uses = tasks.iter().copied().filter(|u| part(u) == Some(wanted));
        scaled_cost(cx, uses, [ratio; 3], basis, false)
    };
    let parts = [of(Part::Cpu, then.cpu, now.cpu)?, of(Part::Memory, then.memory, now.memory)?];
    let [Some(cpu), Some(memory)] = parts else { return Ok(None) };
    Ok(Some(FixCost {
        low: cpu.low.try_add(memory.low)?,
        expected: cpu.expected.try_add(memory.expected)?,
        high: cpu.high.try_add(memory.high)?,
        ..cpu
    }))
}
