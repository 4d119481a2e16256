//! `DynamoDB` tables whose provisioned capacity is almost used up.

use rust_decimal::Decimal;

use super::found::{Measured, change, no_fix, ordered, period, risk};
use crate::check::{CheckError, CheckOutput, Context, ResourceUse};
use crate::checks::aws::dynamodb::overprovisioned_table::is_capacity;
use crate::checks::aws::meter::kind;
use crate::checks::shared::plain::name_of;
use crate::inventory::detail;
use crate::money::{MoneyError, Savings};
use crate::opportunity::Evidence;
use crate::risk::{Fix, FixCost, ReliabilityRisk, RiskKind};
use crate::runbook::{Runbook, shell_word};
use crate::usage::{Metric, Use, as_f64};

const SECONDS: f64 = 3600.0;

/// Returns the risks of tables in provisioned mode.
pub(super) fn risks(
    cx: &Context<'_>,
    out: &mut CheckOutput,
) -> Result<Vec<ReliabilityRisk>, CheckError> {
    let mut found = Vec::new();
    for used in cx.named_once(is_capacity, out)? {
        let limits = &cx.settings.reliability;
        let table = cx.resource(&used.resource_id);
        let has = table.and_then(|t| {
            t.get(detail::READ_CAPACITY_UNITS).zip(t.get(detail::WRITE_CAPACITY_UNITS))
        });
        let busy = cx.busy(&used.resource_id).filter(|b| {
            let days = b.days(Metric::ReadUnits).max(b.days(Metric::WriteUnits));
            as_f64(days) >= limits.least_days
        });
        let (Some((read, write)), Some(busy)) = (has, busy) else {
            let reason = format!(
                "its capacity is missing from the inventory, or it was measured for less than {} days",
                limits.least_days
            );
            out.skip(&used.resource_id, reason);
            continue;
        };
        let sides = [
            Side::of(busy, Metric::ReadUnits, "read", read),
            Side::of(busy, Metric::WriteUnits, "write", write),
        ];
        // More than is provisioned, for an hour: the capacity was higher then.
        if sides.iter().any(|s| s.most_pct > 110.0) {
            out.skip(
                &used.resource_id,
                "its capacity changes over time, so the inventory does not show its limit",
            );
            continue;
        }
        let Some(busiest) = sides.iter().max_by(|a, b| a.pct.total_cmp(&b.pct)) else { continue };
        if busiest.pct <= limits.capacity_limit_pct {
            continue;
        }
        let of = measured(cx, used, busy, busiest);
        let fix = fix(cx, used, &sides)?;
        let ids = vec![used.resource_id.clone()];
        found.push(risk(cx.scope_of(used), &used.resource_id, ids, of, fix));
    }
    Ok(found)
}

/// Reads or writes of a table.
struct Side {
    name: &'static str,
    metric: Metric,
    /// Provisioned units per second.
    has: i64,
    /// Consumed units per second, 99th percentile of the hourly means.
    p99: f64,
    /// The same in percent of the provisioned units.
    pct: f64,
    /// The busiest hour in percent of the provisioned units.
    most_pct: f64,
}

impl Side {
    fn of(busy: &Use, metric: Metric, name: &'static str, has: i64) -> Self {
        let p99 = busy.percentile(metric, 99).unwrap_or(0.0) / SECONDS;
        let most = busy.max(metric).unwrap_or(0.0) / SECONDS;
        let units = u32::try_from(has).map_or(0.0, f64::from).max(1.0);
        Self { name, metric, has, p99, pct: 100.0 * p99 / units, most_pct: 100.0 * most / units }
    }

    /// Returns the units that keep the target, at least the current ones.
    fn needs(&self, target_pct: f64) -> i64 {
        let needs = (self.p99 * 100.0 / target_pct.max(1.0)).ceil();
        Decimal::from_f64_retain(needs)
            .and_then(|d| i64::try_from(d).ok())
            .unwrap_or(0)
            .max(self.has)
    }
}

fn measured(cx: &Context<'_>, used: &ResourceUse, busy: &Use, of: &Side) -> Measured {
    let limit = cx.settings.reliability.capacity_limit_pct;
    Measured {
        kind: RiskKind::Capacity,
        title: format!("table {}: {} capacity at its limit", name_of(cx, used), of.name),
        value: format!("{:.1} of {} {} units per second, {:.0} %", of.p99, of.has, of.name, of.pct),
        threshold: format!("{limit} %, p99 of hourly means"),
        period: period(busy, of.metric),
        evidence: vec![Evidence::new(
            "busiest hour",
            format!(
                "{:.0} % of the {} capacity; within the hour, bursts are higher and can be throttled",
                of.most_pct, of.name
            ),
            "utilization",
        )],
    }
}

fn fix(cx: &Context<'_>, used: &ResourceUse, sides: &[Side; 2]) -> Result<Fix, CheckError> {
    let target = cx.settings.reliability.capacity_target_pct;
    let [read, write] = sides.each_ref().map(|s| s.needs(target));
    let [reads, writes] = sides.each_ref().map(|s| s.has);
    if (read, write) == (reads, writes) {
        return Ok(no_fix(
            "Provision more capacity",
            "the target is not below the limit".to_owned(),
        ));
    }
    let id = shell_word(name_of(cx, used));
    let set = |read: i64, write: i64| {
        format!("aws dynamodb update-table --table-name {id} --provisioned-throughput ReadCapacityUnits={read},WriteCapacityUnits={write}\naws dynamodb wait table-exists --table-name {id}")
            .lines()
            .map(str::to_owned)
            .collect()
    };
    Ok(Fix {
        title: format!("Provision {read} read and {write} write units"),
        change: Some(change(
            "read, write units",
            format!("{reads}, {writes}"),
            format!("{read}, {write}"),
            false,
        )),
        cost: Some(cost(
            cx,
            used,
            [("ReadCapacityUnit-Hrs", read, reads), ("WriteCapacityUnit-Hrs", write, writes)],
        )?),
        unknown: None,
        caveats: vec![
            "auto scaling with the same target follows the load and costs less if the load varies"
                .to_owned(),
        ],
        rollback: vec![
            "set the old capacity: capacity can be lowered several times a day".to_owned(),
        ],
        runbook: Runbook {
            rollout: vec!["at any time: there is no downtime".to_owned()],
            commands: set(read, write),
            rollback_commands: set(reads, writes),
            watch: vec!["ThrottledRequests of the table".to_owned()],
            terraform: vec![format!(
                "aws_dynamodb_table: read_capacity = {read}, write_capacity = {write}"
            )],
        },
    })
}

/// Returns the additional cost: what is paid for the capacity × (new ÷ current units − 1).
fn cost(
    cx: &Context<'_>,
    used: &ResourceUse,
    sides: [(&str, i64, i64); 2],
) -> Result<FixCost, MoneyError> {
    let mut sums = [cx.nothing(); 3];
    for (of, then, now) in sides {
        let more = Decimal::from(then - now).checked_div(Decimal::from(now)).unwrap_or_default();
        for used in cx.of_resource(&used.resource_id).iter().filter(|u| kind(u) == of) {
            let Savings { low, expected, high } = used.estimate()?;
            for (sum, paid) in sums.iter_mut().zip([low, expected, high]) {
                *sum = sum.try_add(paid.try_mul(more)?)?;
            }
        }
    }
    let basis = "cost of the capacity × (new ÷ current units − 1)".to_owned();
    Ok(ordered(sums, basis, false))
}
