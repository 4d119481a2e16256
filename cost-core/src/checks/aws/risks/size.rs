//! Databases, caches, and search domains whose class is too small: CPU or memory.

use rust_decimal::Decimal;

use super::found::{change, measured, no_fix, risk, scaled_cost};
use super::instance::too_busy;
use crate::check::{CheckError, CheckOutput, Context, ResourceUse};
use crate::checks::aws::elasticache::idle_cache;
use crate::checks::aws::managed_class::class_of;
use crate::checks::aws::opensearch::idle_search_domain;
use crate::checks::aws::rds::idle_database;
use crate::checks::shared::plain::name_of;
use crate::cloud::aws::Ec2Type;
use crate::inventory::Resource;
use crate::price::InstanceType;
use crate::risk::{Fix, ReliabilityRisk};
use crate::runbook::{Runbook, shell_word};
use crate::usage::{Metric, Use};

/// Engines with a license in the price, which is not proportional to the size. Amazon RDS User
/// Guide, "Size-flexible reserved DB instances". Read 2026-11.
const LICENSED: [&str; 2] = ["sqlserver", "oracle"];

/// A managed service.
struct Service {
    noun: &'static str,
    /// Prefix and suffix of its classes.
    prefix: &'static str,
    suffix: &'static str,
    /// Returns the start of the items of its classes in the price list, for a resource.
    item: fn(&Resource) -> Option<String>,
    is_there: fn(&ResourceUse) -> bool,
    /// Returns the commands that set a class, for the name of the resource.
    set: fn(&str, &str) -> String,
    terraform: &'static str,
    caveat: &'static str,
}

const DATABASE: Service = Service {
    noun: "database",
    prefix: "db.",
    suffix: "",
    item: of_engine,
    is_there: idle_database::is_there,
    set: |name, class| {
        format!(
            "aws rds modify-db-instance --db-instance-identifier {} --db-instance-class {} --apply-immediately\n\
             aws rds wait db-instance-available --db-instance-identifier {}",
            shell_word(name),
            shell_word(class),
            shell_word(name)
        )
    },
    terraform: "aws_db_instance: instance_class",
    caveat: "a restart or, with Multi-AZ, a failover of about a minute; memory includes the database's own cache, so compare reads from disk before a change for memory only",
};

const CACHE: Service = Service {
    noun: "cache",
    prefix: "cache.",
    suffix: "",
    item: of_engine,
    is_there: idle_cache::is_there,
    set: |name, class| {
        format!(
            "aws elasticache modify-cache-cluster --cache-cluster-id {} --cache-node-type {} --apply-immediately\n\
             aws elasticache wait cache-cluster-available --cache-cluster-id {}",
            shell_word(name),
            shell_word(class),
            shell_word(name)
        )
    },
    terraform: "aws_elasticache_cluster: node_type",
    caveat: "members of a replication group change together: use modify-replication-group for them; CPU is of all cores, and the engine uses few of them",
};

const DOMAIN: Service = Service {
    noun: "domain",
    prefix: "",
    suffix: ".search",
    item: |_| Some(String::new()),
    is_there: idle_search_domain::is_there,
    set: |name, class| {
        let name = shell_word(name);
        format!(
            "aws opensearch update-domain-config --domain-name {name} --cluster-config InstanceType={}\n\
             until_is False 1440 aws opensearch describe-domain --domain-name {name} --query DomainStatus.Processing --output text",
            shell_word(class)
        )
    },
    terraform: "aws_opensearch_domain: cluster_config instance_type",
    caveat: "a blue/green deployment of the domain: it needs free storage, and nodes are replaced while the domain serves",
};

/// Returns the start of the price items of a class: the engine.
fn of_engine(resource: &Resource) -> Option<String> {
    Some(format!("{} ", resource.get(crate::inventory::detail::ENGINE)?))
}

/// Returns the risks of RDS instances.
pub(super) fn databases(
    cx: &Context<'_>,
    out: &mut CheckOutput,
) -> Result<Vec<ReliabilityRisk>, CheckError> {
    risks(cx, &DATABASE, out)
}

/// Returns the risks of cache nodes.
pub(super) fn caches(
    cx: &Context<'_>,
    out: &mut CheckOutput,
) -> Result<Vec<ReliabilityRisk>, CheckError> {
    risks(cx, &CACHE, out)
}

/// Returns the risks of `OpenSearch` domains.
pub(super) fn domains(
    cx: &Context<'_>,
    out: &mut CheckOutput,
) -> Result<Vec<ReliabilityRisk>, CheckError> {
    risks(cx, &DOMAIN, out)
}

fn risks(
    cx: &Context<'_>,
    of: &Service,
    out: &mut CheckOutput,
) -> Result<Vec<ReliabilityRisk>, CheckError> {
    let mut found = Vec::new();
    for used in cx.named_once(of.is_there, out)? {
        let busy = match measured(cx, &used.resource_id, Metric::CpuMax) {
            Ok(busy) => busy,
            Err(reason) => {
                out.skip(&used.resource_id, reason);
                continue;
            }
        };
        let label = format!("{} {}", of.noun, name_of(cx, used));
        let Some(measured) = too_busy(cx, busy, &label) else { continue };
        let fix = fix(cx, used, of, busy)?;
        let ids = vec![used.resource_id.clone()];
        found.push(risk(cx.scope_of(used), &used.resource_id, ids, measured, fix));
    }
    Ok(found)
}

/// Returns the smallest class of the same family that fits, and its additional cost.
fn fix(cx: &Context<'_>, used: &ResourceUse, of: &Service, busy: &Use) -> Result<Fix, CheckError> {
    const TITLE: &str = "Move to a larger class of the family";
    let class = class_of(cx, used);
    let plain = class.strip_prefix(of.prefix).unwrap_or("");
    let plain = plain.strip_suffix(of.suffix).unwrap_or(plain).to_owned();
    let today = cx.prices.instance_type(&plain);
    let class = format!("{}{plain}{}", of.prefix, of.suffix);
    let Some(today) = today else {
        return Ok(no_fix(TITLE, format!("the size of class {class} is unknown")));
    };
    let Some((new, cpu)) = larger(cx, today, busy) else {
        return Ok(no_fix(TITLE, format!("no larger class in the family of {class} fits")));
    };
    let to = format!("{}{}{}", of.prefix, new.instance_type, of.suffix);
    let name = name_of(cx, used);
    let (ratio, basis, estimated) = ratio(cx, used, of, (today, &class), (new, &to));
    let hours = cx.of_resource(&used.resource_id).iter().filter(|u| (of.is_there)(u));
    let cost = match ratio {
        Some(ratio) => scaled_cost(cx, hours, ratio, &basis, estimated)?,
        None => None,
    };
    let mut change = change("instance class", class.clone(), to.clone(), true);
    change.predicted_cpu_p99_pct = Decimal::from_f64_retain(cpu).map(|d| d.round_dp(1).normalize());
    Ok(Fix {
        title: format!("Move from {class} to {to}"),
        change: Some(change),
        unknown: cost.is_none().then_some(basis),
        cost,
        caveats: vec![of.caveat.to_owned()],
        rollback: vec![format!("set the class back to {class}")],
        runbook: Runbook {
            rollout: vec!["outside busy hours, or in the maintenance window".to_owned()],
            commands: (of.set)(name, &to).lines().map(str::to_owned).collect(),
            rollback_commands: (of.set)(name, &class).lines().map(str::to_owned).collect(),
            watch: vec!["CPU, free memory, and latency for a week".to_owned()],
            terraform: vec![format!("{} = \"{to}\"", of.terraform)],
        },
    })
}

/// Returns the smallest larger type of the family that keeps both limits, and the CPU on it. CPU
/// and memory scale with the vCPUs and the memory of a type within a family.
fn larger<'a>(
    cx: &'a Context<'_>,
    today: &InstanceType,
    busy: &Use,
) -> Option<(&'a InstanceType, f64)> {
    let limits = &cx.settings.reliability;
    let cpu = busy.percentile(Metric::CpuMax, 99)?;
    let memory = busy.percentile(Metric::MemoryMax, 99).unwrap_or(0.0);
    let vcpus = |t: &InstanceType| t.vcpu.map(f64::from).filter(|v| *v > 0.0);
    let mib = |t: &InstanceType| {
        t.memory_mib.and_then(|m| u32::try_from(m).ok()).map(f64::from).filter(|v| *v > 0.0)
    };
    let (now_cpu, now_mib) = (vcpus(today)?, mib(today)?);
    let fitting = cx.prices.instance_types().filter(|t| t.family() == today.family());
    let fitting = fitting.filter_map(|t| {
        let (then_cpu, then_mib) = (vcpus(t)?, mib(t)?);
        let (cpu, memory) = (cpu * now_cpu / then_cpu, memory * now_mib / then_mib);
        let fits = then_mib > now_mib
            && t.bare_metal != Some(true)
            && cpu <= limits.cpu_limit_pct
            && memory <= limits.memory_limit_pct;
        fits.then_some((t, then_mib, cpu))
    });
    let (new, _, cpu) = fitting.min_by(|(_, a, _), (_, b, _)| a.total_cmp(b))?;
    Some((new, cpu))
}

/// Returns the price of a new class ÷ the current price (low, expected, high), its source, and
/// whether it is an estimate: from the list, else from another region, else from the sizes. If it
/// is unknown, the text is the reason.
fn ratio(
    cx: &Context<'_>,
    used: &ResourceUse,
    of: &Service,
    (today, class): (&InstanceType, &str),
    (new, to): (&InstanceType, &str),
) -> (Option<[Decimal; 3]>, String, bool) {
    let Some(item) = cx.resource(&used.resource_id).and_then(of.item) else {
        let why = "its engine is unknown, and so is the price of the new class";
        return (None, why.to_owned(), false);
    };
    let (was, then) = (format!("{item}{class}"), format!("{item}{to}"));
    let region = &used.region_id;
    if let (Ok(old), Ok(next)) = (cx.list(region, &was), cx.list(region, &then))
        && let Some(ratio) = next.checked_div(old)
    {
        return (
            Some([ratio; 3]),
            "cost of the class × (new ÷ current price − 1), price list".to_owned(),
            false,
        );
    }
    if let Ok(of) = cx.prices.estimated_storage(region, (&was, Decimal::ONE), &then) {
        let basis = format!(
            "estimated: cost of the class × (relation of both prices in {} other regions − 1)",
            of.regions
        );
        return (Some([of.low, of.usd, of.high]), basis, true);
    }
    if LICENSED.iter().any(|l| item.starts_with(l)) {
        return (
            None,
            format!("the price of {then} is unknown: its license is not proportional to the size"),
            false,
        );
    }
    let size = |t: &InstanceType| t.vcpu.map(Decimal::from);
    match size(new).zip(size(today)).and_then(|(a, b)| a.checked_div(b)) {
        // Two sizes can share a number of vCPUs: then memory shows the size.
        Some(ratio) if ratio > Decimal::ONE => (
            Some([ratio; 3]),
            "cost of the class × (new ÷ current size − 1): prices are proportional to the size within a family".to_owned(),
            true,
        ),
        _ => match new.memory_mib.zip(today.memory_mib) {
            Some((a, b)) if b > 0 => (
                Decimal::from(a).checked_div(Decimal::from(b)).map(|r| [r; 3]),
                "cost of the class × (new ÷ current memory − 1): prices are proportional to the size within a family".to_owned(),
                true,
            ),
            _ => (None, format!("the price of {then} is unknown"), false),
        },
    }
}
