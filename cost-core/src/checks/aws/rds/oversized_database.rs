//! Databases whose class is larger than they need.
//!
//! In: monthly resource rows of RDS instance hours; hourly CPU and memory; facts of the EC2 type
//! that the class is named after. Out: one `Modify` opportunity per instance: the smallest class of
//! its family that fits its utilization. Not here: unused databases (see `idle_database`), their
//! storage (see `overallocated_database_storage`).

use rust_decimal::Decimal;

use super::idle_database::is_there;
use crate::check::{CheckMeta, Context, Group, Input, ResourceUse};
use crate::checks::aws::ec2::oversized_instance::{CPU, DAYS, MEMORY};
use crate::checks::aws::lines;
use crate::checks::aws::managed_class::class_of;
use crate::checks::shared::idle::sized_for_another;
use crate::checks::shared::plain::{Found, Look, PlainCheck, name_of};
use crate::cloud::Provider;
use crate::cloud::aws::Ec2Type;
use crate::inventory::{Resource, detail};
use crate::opportunity::{Action, Evidence};
use crate::price::InstanceType;
use crate::rightsizing::Demand;
use crate::runbook::{Way, shell_word};
use crate::tradeoff::{Level, TradeOff};
use crate::usage::as_f64;

/// Engines whose price is proportional to the size within a family, like their normalized units.
/// Amazon RDS User Guide, "Size-flexible reserved DB instances": not SQL Server, and Oracle only
/// with the customer's own license.
const BY_SIZE: [&str; 5] = ["mysql", "mariadb", "postgres", "aurora-mysql", "aurora-postgresql"];

static META: CheckMeta = CheckMeta {
    id: "oversized_database",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Oversized databases",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &["rds:DescribeDBInstances", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[CPU, MEMORY, DAYS],
    docs: "\
## What it finds
RDS instances for which a smaller class of the same family fits their utilization: the 99th percentile of hourly CPU maxima, with a
margin for trend, and memory stay under their limits. Memory includes the database's cache, as measured by FreeableMemory. If memory was not
measured, or if the class is burstable, there is no opportunity. Read replicas, members of clusters, and standbys (by name or tag) are skipped,
with the reason: they must be as large as the instance they take over from.
## How the saving is computed
Per month of 730 h: EffectiveCost of the instance hours × (1 − new vCPUs ÷ current vCPUs), because within a family an engine's price is proportional
to the size. Engines whose license is priced differently (SQL Server, Oracle with license included) are skipped.
## Trade-offs
A restart, or a failover with Multi-AZ. A smaller class has less cache, fewer connections by default, and less network and EBS bandwidth.
## Source
Amazon RDS User Guide, \"DB instance classes\", \"Modifying an Amazon RDS DB instance\" and \"Size-flexible reserved DB instances\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_there,
    look,
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        let (old, new) = (shell_word(&class_of(cx, used)), shell_word(draft.changed_to()));
        let to = |class: &str| {
            format!(
                "aws rds modify-db-instance --db-instance-identifier {id} --db-instance-class {class}"
            )
        };
        draft
            .restarts()
            .rollout(&[
                "restore a snapshot to the smaller class and replay a busy hour",
                "change production in the maintenance window, outside busy hours",
            ])
            .run(format!("aws rds describe-db-instances --db-instance-identifier {id}"))
            .run(format!("{} --no-apply-immediately", to(&new)))
            .undo(format!("{} --apply-immediately", to(&old)))
            .watch("CPUUtilization, FreeableMemory, ReadIOPS, and query latency for a week: roll back above 70 % CPU or if reads rise")
            .terraform(format!("aws_db_instance: instance_class = \"{new}\""))
            .way(class_in_place(name_of(cx, used), "", (&new, &old)))
            .way(class_by_deployment(name_of(cx, used), &used.resource_id, &new))
    },
};

/// Returns the way to change the class in place, together with other changes. `before` are lines
/// before the command, and `classes` the new and the old class.
pub(in crate::checks) fn class_in_place(name: &str, before: &str, (new, old): (&str, &str)) -> Way {
    let option = |class: &str| format!("--db-instance-class {class}");
    lines::by_modification(name, before, (&option(new), &option(old)))
}

/// Returns the way to change the class by a blue/green deployment, together with other changes.
pub(in crate::checks) fn class_by_deployment(name: &str, arn: &str, new: &str) -> Way {
    lines::by_deployment(name, arn, "", &format!("--target-db-instance-class {new}"))
}

/// Returns the reason if a database's own utilization does not show the size that it needs.
fn not_alone(database: &Resource) -> Option<String> {
    if let Some(source) = database.get(detail::REPLICA_OF) {
        return Some(format!(
            "a read replica of {source}: it must be as large as its source to take over from it"
        ));
    }
    if let Some(cluster) = database.get(detail::CLUSTER_ID) {
        return Some(format!(
            "a member of cluster {cluster}: its members take over from each other"
        ));
    }
    sized_for_another(database)
}

/// Checks that an engine's price is proportional to the size of the class. The error is the reason
/// why not.
fn priced_by_size(database: &Resource) -> Result<(), String> {
    let engine = database.get(detail::ENGINE).ok_or("its engine is missing from the inventory")?;
    let own_license = database.get(detail::LICENSE_MODEL) == Some("bring-your-own-license");
    if BY_SIZE.contains(&engine) || (engine.starts_with("oracle") && own_license) {
        return Ok(());
    }
    Err(format!("{engine}: its license price is not proportional to the size of the class"))
}

/// What a database needs, or the reason why this cannot be determined.
fn demand(cx: &Context<'_>, resource_id: &str, today: &InstanceType) -> Result<Demand, String> {
    let busy = cx.busy(resource_id).ok_or("its utilization is unknown")?;
    let demand = Demand::of(busy, today)
        .ok_or("its CPU was not measured, or the speed of its class is unknown")?;
    let least = cx.value(META.id, &DAYS);
    if as_f64(demand.days) < least {
        return Err(format!("measured for less than {least} days"));
    }
    if !demand.memory_known {
        return Err("its memory was not measured, and a smaller class has less".to_owned());
    }
    Ok(demand)
}

fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    let database = cx
        .resource(&used.resource_id)
        .ok_or("billed, but not in the inventory: deleted since, or not collected")?;
    if let Some(reason) = not_alone(database) {
        return Err(reason);
    }
    priced_by_size(database)?;
    let class = class_of(cx, used);
    let today = class.strip_prefix("db.").and_then(|t| cx.prices.instance_type(t));
    let today = today.ok_or("the EC2 type in the name of its class is unknown")?;
    if today.burstable == Some(true) {
        return Ok(None);
    }
    let demand = demand(cx, &used.resource_id, today)?;
    let Some(fit) = smallest(cx, today, &demand) else { return Ok(None) };
    let vcpus = |t: &InstanceType| Decimal::from(t.vcpu.unwrap_or(0));
    let ratio = vcpus(fit.class).checked_div(vcpus(today)).unwrap_or(Decimal::ONE);
    let then = format!("db.{}", fit.class.instance_type);
    Ok(Some(Found {
        share: Decimal::ONE - ratio,
        uncertain: false,
        title: format!("Resize database {} from {class} to {then}", name_of(cx, used)),
        facts: facts(&demand, &fit, ratio),
        change: Some(("instance class", class, then)),
    }))
}

/// Returns the evidence: CPU and memory now and after the change, and the price ratio.
fn facts(demand: &Demand, fit: &Fit<'_>, ratio: Decimal) -> Vec<Evidence> {
    let pct = |value: f64| format!("{value:.1} %");
    let now = format!("{} over {} days", pct(demand.cpu_p99_pct), demand.days);
    let trend = format!("× {:.2}", demand.trend.factor);
    vec![
        Evidence::new("current CPU, p99 of hourly maxima", now, "utilization"),
        Evidence::new("factor for the trend", trend, "utilization"),
        Evidence::new(
            "CPU after the change, p99 of hourly maxima",
            pct(fit.cpu_pct),
            "utilization, vCPUs",
        ),
        Evidence::new(
            "memory after the change, p99 of hourly maxima",
            pct(fit.memory_pct),
            "utilization",
        ),
        Evidence::new(
            "new price ÷ current price",
            ratio.normalize(),
            "normalized units of the family",
        ),
    ]
}

/// A class that fits a demand, and its utilization.
struct Fit<'a> {
    class: &'a InstanceType,
    cpu_pct: f64,
    memory_pct: f64,
}

/// Returns the smallest class of a family that fits a demand.
fn smallest<'a>(cx: &'a Context<'_>, today: &InstanceType, demand: &Demand) -> Option<Fit<'a>> {
    let (cpu_limit, memory_limit) = (cx.value(META.id, &CPU), cx.value(META.id, &MEMORY));
    let fit = |class: &'a InstanceType| {
        let number = |n: u32| f64::from(n);
        let cpu_pct =
            demand.cpu_p99_pct * demand.trend.factor * number(today.vcpu?) / number(class.vcpu?);
        let memory_pct = 100.0 * demand.memory_mib / number(u32::try_from(class.memory_mib?).ok()?);
        (cpu_pct <= cpu_limit && memory_pct <= memory_limit).then_some(Fit {
            class,
            cpu_pct,
            memory_pct,
        })
    };
    let smaller = |t: &&InstanceType| {
        t.family() == today.family() && t.vcpu < today.vcpu && t.bare_metal == today.bare_metal
    };
    let mut classes: Vec<&InstanceType> = cx.prices.instance_types().filter(smaller).collect();
    classes.sort_by_key(|t| t.vcpu);
    classes.into_iter().find_map(fit)
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason =
        "less cache and fewer connections: queries that now read from memory may read from disk";
    TradeOff::new(Level::Medium, Level::Medium, reason, cx.currency())
        .reliability("less headroom for unmeasured peaks; Multi-AZ, backups, and replicas do not change")
        .interrupts("for some minutes, during a restart; with Multi-AZ for one or two minutes, during a failover")
        .test_first(&[
            "restore a snapshot to the smaller class and replay a busy hour",
            "compare max_connections of the smaller class with the highest number of connections measured",
        ])
        .rollback(&["change the class back in the same way: another restart"])
        .caveats(&["charges per vCPU, such as extended support or Performance Insights, also fall; the savings do not include this"])
}
