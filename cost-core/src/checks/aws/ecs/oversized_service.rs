//! ECS services on Fargate whose tasks are larger than they need.
//!
//! In: monthly resource rows of Fargate tasks; services and tasks from the inventory; hourly CPU
//! and memory of the services. Out: one `Modify` opportunity per service, over its tasks of the
//! month. Not here: services on EC2, whose tasks are not billed: see `oversized_instance` and
//! `oversized_scaling_group`.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse};
use crate::checks::aws::ec2::oversized_instance::{CPU, DAYS, MEMORY};
use crate::checks::aws::meter::kind;
use crate::checks::shared::idle::sized_for_another;
use crate::checks::shared::{cost_now, expected};
use crate::cloud::Provider;
use crate::cloud::aws::ECS_SERVICE_TAG;
use crate::inventory::{Resource, detail, short_id};
use crate::money::Money;
use crate::opportunity::{Action, Claim, Draft};
use crate::rightsizing::Trend;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};
use crate::usage::{Metric, as_f64};

/// The check that [`META`] describes.
pub(in crate::checks) struct OversizedService;

static META: CheckMeta = CheckMeta {
    id: "oversized_service",
    provider: Some(Provider::Aws),
    service: "ecs",
    title: "ECS services with oversized tasks",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &[
        "ecs:ListClusters",
        "ecs:ListServices",
        "ecs:DescribeServices",
        "ecs:DescribeTaskDefinition",
        "ecs:ListTasks",
        "ecs:DescribeTasks",
        "cloudwatch:GetMetricData",
    ],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[CPU, MEMORY, DAYS],
    docs: "\
## What it finds
ECS services on Fargate for which a smaller task size fits their utilization: the 99th percentile of the hourly CPU maxima over all tasks,
with a margin for trend, and memory stay under their limits. The check names the cheapest Fargate size with no more CPU and no more memory
than now. For running tasks the inventory shows the service. For tasks that have ended, the tag `aws:ecs:serviceName` shows it: activate it as a
cost allocation tag and list it in the configuration's tags. Tasks without a known service are counted and skipped.
## How the saving is computed
Per month of 730 h: EffectiveCost of the tasks' vCPU hours × (1 − new CPU ÷ current CPU), and of their GB hours × (1 − new memory ÷ current memory),
with the same number of tasks. A service that scales by CPU runs as many smaller tasks as its target requires: this is a caveat.
## Trade-offs
A rolling deployment of a new revision of the task definition, without interruption.
## Source
Amazon ECS Developer Guide, \"Task CPU and memory\" for Fargate and \"Amazon ECS CloudWatch metrics\"; thresholds as for `oversized_instance`. Read
2026-11.",
};

/// A task size: CPU units (1,024 are one vCPU) and memory in MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::checks) struct Size {
    pub(in crate::checks) cpu: i64,
    pub(in crate::checks) memory: i64,
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let of = |units: i64| (Decimal::from(units) / Decimal::from(1024)).normalize();
        write!(f, "{} vCPU, {} GB", of(self.cpu), of(self.memory))
    }
}

/// The Fargate sizes: CPU units, then the smallest memory, the largest memory, and its step in MiB.
/// Amazon ECS Developer Guide, "Task CPU and memory".
const SIZES: [(i64, i64, i64, i64); 8] = [
    (256, 512, 1024, 512),
    (256, 2048, 2048, 1024),
    (512, 1024, 4096, 1024),
    (1024, 2048, 8192, 1024),
    (2048, 4096, 16_384, 1024),
    (4096, 8192, 30_720, 1024),
    (8192, 16_384, 61_440, 4096),
    (16_384, 32_768, 122_880, 8192),
];

/// Returns the Fargate sizes.
pub(in crate::checks) fn sizes() -> impl Iterator<Item = Size> {
    SIZES.iter().flat_map(|(cpu, least, most, step)| {
        std::iter::successors(Some(*least), move |m| Some(m + step).filter(|m| m <= most))
            .map(|memory| Size { cpu: *cpu, memory })
    })
}

/// What a task is billed for. Windows tasks also have a license and are not evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::checks) enum Part {
    Cpu,
    Memory,
}

/// Returns the part of a Fargate task that a usage pays for.
pub(in crate::checks) fn part(used: &ResourceUse) -> Option<Part> {
    let kind = kind(used);
    let kind = kind.strip_prefix("SpotUsage-").unwrap_or(kind);
    match kind.strip_prefix("Fargate-")?.trim_start_matches("ARM-") {
        "vCPU-Hours:perCPU" => Some(Part::Cpu),
        "GB-Hours" => Some(Part::Memory),
        _ => None,
    }
}

/// Returns the ARN prefix and the cluster of a task from its ARN,
/// `arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID`.
fn cluster_of(task: &str) -> Option<(&str, &str)> {
    let (place, rest) = task.split_once(":task/")?;
    Some((place, rest.split_once('/')?.0))
}

/// Returns the ARN of the service that a task belongs or belonged to.
pub(in crate::checks) fn service_of(cx: &Context<'_>, used: &ResourceUse) -> Option<String> {
    let running = || cx.resource(&used.resource_id)?.attached_to.clone();
    let tagged = || {
        let (place, cluster) = cluster_of(&used.resource_id)?;
        Some(format!("{place}:service/{cluster}/{}", used.task_service.as_deref()?))
    };
    running().or_else(tagged)
}

impl Check for OversizedService {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let mut services: BTreeMap<String, Vec<&ResourceUse>> = BTreeMap::new();
        let mut of_none: BTreeMap<String, std::collections::BTreeSet<&str>> = BTreeMap::new();
        // EKS runs pods on Fargate, which are not tasks.
        let mut all = cx.named(|u| part(u).is_some(), &mut out)?;
        all.retain(|u| cluster_of(&u.resource_id).is_some());
        for used in all {
            if let Some(service) = service_of(cx, used) {
                services.entry(service).or_default().push(used);
            } else {
                let (place, cluster) = cluster_of(&used.resource_id).unwrap_or_default();
                of_none
                    .entry(format!("{place}:cluster/{cluster}"))
                    .or_default()
                    .insert(&used.resource_id);
            }
        }
        for (service, tasks) in services {
            match look(cx, &service, &tasks)? {
                Ok(Some(found)) => judge(cx, &service, &tasks, &found, &mut out)?,
                Ok(None) => {}
                Err(reason) => out.skip(&service, reason),
            }
        }
        for (cluster, tasks) in of_none {
            let (count, are) =
                (tasks.len(), if tasks.len() == 1 { "task is" } else { "tasks are" });
            let tag = format!(
                "to assign them, activate the tag {ECS_SERVICE_TAG} in the bill and list it in the configuration's tags"
            );
            out.skip(
                &cluster,
                format!(
                    "{count} {are} without a known service (started individually, or ended): {tag}"
                ),
            );
        }
        Ok(out)
    }
}

/// The utilization of a service, and its current and new task size.
struct Found<'a> {
    service: &'a Resource,
    now: Size,
    then: Size,
    cpu_pct: f64,
    memory_pct: f64,
    days: usize,
    trend: Trend,
}

/// Returns a part ÷ the total.
pub(in crate::checks) fn ratio(part: i64, whole: i64) -> f64 {
    let of = |n: i64| f64::from(i32::try_from(n).unwrap_or(i32::MAX));
    of(part) / of(whole)
}

type Judged<'a> = Result<Option<Found<'a>>, String>;

fn look<'a>(
    cx: &'a Context<'_>,
    id: &str,
    tasks: &[&ResourceUse],
) -> Result<Judged<'a>, CheckError> {
    let known = || -> Result<Found<'a>, String> {
        let service = cx
            .resource(id)
            .ok_or("billed, but not in the inventory: deleted since, or not collected")?;
        if let Some(reason) = sized_for_another(service) {
            return Err(reason);
        }
        let now = service
            .get(detail::CPU_UNITS)
            .zip(service.get(detail::MEMORY_MB))
            .filter(|(c, m)| *c > 0 && *m > 0);
        let (cpu, memory) = now.ok_or("the size of its tasks is missing from the inventory")?;
        let busy = cx.busy(id).ok_or("its utilization is unknown")?;
        let cpu_pct = busy.percentile(Metric::CpuMax, 99).ok_or("its CPU was not measured")?;
        let memory_pct =
            busy.percentile(Metric::MemoryMax, 99).ok_or("its memory was not measured")?;
        let (days, least) = (busy.days(Metric::CpuMax), cx.value(META.id, &DAYS));
        if as_f64(days) < least {
            return Err(format!("measured for less than {least} days"));
        }
        let now = Size { cpu, memory };
        Ok(Found { service, now, then: now, cpu_pct, memory_pct, days, trend: Trend::of(busy) })
    };
    let found = match known() {
        Ok(found) => found,
        Err(reason) => return Ok(Err(reason)),
    };
    let now = found.now;
    let (cpu_limit, memory_limit) = (cx.value(META.id, &CPU), cx.value(META.id, &MEMORY));
    let holds = |size: &Size| {
        found.cpu_pct * found.trend.factor * ratio(now.cpu, size.cpu) <= cpu_limit
            && found.memory_pct * ratio(now.memory, size.memory) <= memory_limit
    };
    let smaller = |size: &Size| size.cpu <= now.cpu && size.memory <= now.memory && *size != now;
    let (cpu_cost, memory_cost) = (spend(cx, tasks, Part::Cpu)?, spend(cx, tasks, Part::Memory)?);
    let cost = |size: &Size| {
        let of = |part: i64, whole: i64| Decimal::from(part) / Decimal::from(whole);
        cpu_cost.amount() * of(size.cpu, now.cpu)
            + memory_cost.amount() * of(size.memory, now.memory)
    };
    let then = sizes().filter(smaller).filter(holds).min_by_key(|size| (cost(size), *size));
    Ok(Ok(then.map(|then| Found { then, ..found })))
}

/// Returns the cost of one part of the tasks, per month of 730 h.
pub(in crate::checks) fn spend(
    cx: &Context<'_>,
    tasks: &[&ResourceUse],
    of: Part,
) -> Result<Money, CheckError> {
    let spends = tasks
        .iter()
        .filter(|u| part(u) == Some(of))
        .map(|u| u.now().spend())
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Money::try_sum(spends, cx.currency())?)
}

fn judge(
    cx: &Context<'_>,
    id: &str,
    tasks: &[&ResourceUse],
    found: &Found<'_>,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let (now, then) = (found.now, found.then);
    let goes = |part: i64, whole: i64| Decimal::ONE - Decimal::from(part) / Decimal::from(whole);
    let share = |used: &ResourceUse| match part(used)? {
        Part::Cpu => Some(goes(then.cpu, now.cpu)),
        Part::Memory => Some(goes(then.memory, now.memory)),
    };
    let parts = tasks.iter().filter_map(|used| Some(cx.claim(used, share(used)?)));
    let claims = Claim::merged_by(Claim::key, parts)?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let count =
        claims.iter().map(|c| &c.resource_id).collect::<std::collections::BTreeSet<_>>().len();
    let (cpu_then, memory_then) = (
        found.cpu_pct * found.trend.factor * ratio(now.cpu, then.cpu),
        found.memory_pct * ratio(now.memory, then.memory),
    );
    let name = found.service.name.as_deref().unwrap_or_else(|| short_id(id));
    let draft = Draft::new(META.id, Action::Modify, id, cx.scope_of(tasks[0]), trade_off(cx))
        .title(format!("Run the tasks of {name} with {then} instead of {now}"))
        .from_to("task size", &now.to_string(), &then.to_string())
        .evidence("tasks in the month", count, "bill")
        .evidence(
            "current CPU, p99 of hourly maxima",
            format!("{:.1} % over {} days", found.cpu_pct, found.days),
            "utilization",
        )
        .evidence("factor for the trend", format!("× {:.2}", found.trend.factor), "utilization")
        .evidence(
            "CPU after the change, p99 of hourly maxima",
            format!("{cpu_then:.1} %"),
            "utilization",
        )
        .evidence(
            "memory after the change, p99 of hourly maxima",
            format!("{memory_then:.1} %"),
            "utilization",
        )
        .facts([cost_now(cx, &claims)?])
        .claims(claims);
    out.opportunities.push(resized(draft, found.service, then, name).finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "measured CPU and memory of all tasks fit with headroom, but a task that needs more memory than measured is stopped";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("the same number of tasks, but less headroom in each for unmeasured peaks")
        .no_downtime("none: tasks are replaced one by one")
        .test_first(&[
            "deploy the new revision in staging and run the service's own checks under load",
        ])
        .rollback(&["update the service to the previous revision"])
        .caveats(&[
            "if it scales by CPU or memory, the service may run more tasks of the smaller size",
            "the limits of containers in the task must fit the smaller size",
        ])
}

/// The fields of a task definition that can be registered again. `RegisterTaskDefinition` rejects
/// fields that ECS sets. Amazon ECS API Reference.
const TASK: &str = "'taskDefinition.merge({family: family, containerDefinitions: containerDefinitions}, \
    taskRoleArn && {taskRoleArn: taskRoleArn} || `{}`, executionRoleArn && {executionRoleArn: executionRoleArn} || `{}`, \
    networkMode && {networkMode: networkMode} || `{}`, volumes && {volumes: volumes} || `{}`, \
    placementConstraints && {placementConstraints: placementConstraints} || `{}`, \
    requiresCompatibilities && {requiresCompatibilities: requiresCompatibilities} || `{}`, \
    proxyConfiguration && {proxyConfiguration: proxyConfiguration} || `{}`, pidMode && {pidMode: pidMode} || `{}`, \
    ephemeralStorage && {ephemeralStorage: ephemeralStorage} || `{}`, runtimePlatform && {runtimePlatform: runtimePlatform} || `{}`)'";

/// Adds the lines that run the tasks of a service with another size, and roll that back.
pub(in crate::checks) fn resized(
    draft: Draft,
    service: &Resource,
    then: Size,
    name: &str,
) -> Draft {
    let cluster = shell_word(service.get(detail::CLUSTER).unwrap_or("CLUSTER"));
    let old = shell_word(service.get(detail::TASK_DEFINITION).unwrap_or("REVISION_OF_BEFORE"));
    let name = shell_word(name);
    let update = |revision: &str| {
        format!(
            "aws ecs update-service --cluster {cluster} --service {name} --task-definition {revision}"
        )
    };
    draft
        .rollout(&["deploy to staging, under load", "deploy to production as a rolling deployment with the deployment circuit breaker on"])
        .run(format!("save task.json aws ecs describe-task-definition --task-definition {old} --query {TASK}"))
        .run(format!(
            "once REVISION aws ecs register-task-definition --cli-input-json file://task.json --cpu {} --memory {} --query taskDefinition.taskDefinitionArn --output text",
            then.cpu, then.memory
        ))
        .run(update("\"$REVISION\""))
        .run(format!("aws ecs wait services-stable --cluster {cluster} --services {name}"))
        .undo(update(&old))
        .watch("CPUUtilization and MemoryUtilization (maximum) of the service, and tasks stopped because of too little memory, for a week")
        .terraform(format!("aws_ecs_task_definition: cpu = {}, memory = {}", then.cpu, then.memory))
}
