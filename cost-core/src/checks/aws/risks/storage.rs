//! Databases whose storage will be full soon.

use super::found::{Measured, change, decimal, measured, no_fix, pct, period, risk, scaled_cost};
use crate::check::{CheckError, CheckOutput, Context, ResourceUse};
use crate::checks::aws::meter::kind;
use crate::checks::shared::plain::name_of;
use crate::opportunity::Evidence;
use crate::risk::{Filling, Fix, ReliabilityRisk, RiskKind, filling};
use crate::runbook::{Runbook, shell_word};
use crate::usage::Metric;

/// Use of the storage after a fix and the days of the threshold, percent. Chosen, as
/// `overallocated_database_storage`.
const TARGET_PCT: f64 = 70.0;
/// Smallest increase of storage, percent. Amazon RDS User Guide, "Increasing DB instance storage
/// capacity". Read 2026-11.
const LEAST_INCREASE: f64 = 1.1;

fn is_storage(used: &ResourceUse) -> bool {
    let kind = kind(used);
    kind.starts_with("RDS:") && kind.contains("Storage") && !kind.contains("Backup")
}

/// Returns the risks of RDS storage.
pub(super) fn risks(
    cx: &Context<'_>,
    out: &mut CheckOutput,
) -> Result<Vec<ReliabilityRisk>, CheckError> {
    let within = cx.settings.reliability.full_within_days;
    let mut found = Vec::new();
    for used in cx.named_once(is_storage, out)? {
        let busy = match measured(cx, &used.resource_id, Metric::StorageUsed) {
            Ok(busy) => busy,
            Err(reason) => {
                out.skip(&used.resource_id, format!("storage: {reason}"));
                continue;
            }
        };
        let Some(of) = filling(busy) else { continue };
        let Some(days) = of.full_in_days.filter(|days| *days <= within) else { continue };
        let name = name_of(cx, used);
        let measured = Measured {
            kind: RiskKind::Storage,
            title: format!("database {name}: storage is full in {days:.0} days"),
            value: format!("{} used, {:+.2} points a day", pct(of.used_pct), of.pct_per_day),
            threshold: format!("full within {within} days"),
            period: period(busy, Metric::StorageUsed),
            evidence: vec![
                Evidence::new("used storage, last day measured", pct(of.used_pct), "utilization"),
                Evidence::new(
                    "growth, median of the slopes between days",
                    format!("{:.2} percentage points a day over {} days", of.pct_per_day, of.days),
                    "utilization",
                ),
            ],
        };
        let fix = fix(cx, used, &of)?;
        let ids = vec![used.resource_id.clone()];
        found.push(risk(cx.scope_of(used), &used.resource_id, ids, measured, fix));
    }
    Ok(found)
}

fn fix(cx: &Context<'_>, used: &ResourceUse, of: &Filling) -> Result<Fix, CheckError> {
    const TITLE: &str = "Increase the storage";
    let size = cx.resource(&used.resource_id).and_then(|d| d.size_gb);
    let Some(size) = size.and_then(|gb| u32::try_from(gb).ok()) else {
        return Ok(no_fix(TITLE, "its size is missing from the inventory".to_owned()));
    };
    let size = f64::from(size);
    let then_pct = of.used_pct + of.pct_per_day * cx.settings.reliability.full_within_days;
    let new = (size * then_pct / TARGET_PCT).max(size * LEAST_INCREASE).ceil();
    let ratio = decimal(new / size);
    let stored = cx.of_resource(&used.resource_id).iter().filter(|u| is_storage(u));
    let basis = "cost of the storage × (new ÷ current size − 1)";
    let cost = scaled_cost(cx, stored, [ratio; 3], basis, false)?;
    let id = shell_word(name_of(cx, used));
    let most = (new * 1.5).ceil();
    Ok(Fix {
        title: format!("Increase the storage from {size} to {new} GB"),
        change: Some(change("storage", format!("{size} GB"), format!("{new} GB"), false)),
        unknown: cost.is_none().then(|| "the price of the storage is unknown".to_owned()),
        cost,
        caveats: vec![
            "RDS storage cannot shrink again in place: first find out why it grows (logs, temporary tables, old data)".to_owned(),
            "after a change, the storage cannot be changed again for six hours".to_owned(),
        ],
        rollback: vec!["not possible in place: a blue/green deployment with less storage".to_owned()],
        runbook: Runbook {
            rollout: vec!["at any time: there is no downtime, but more latency while it is optimized".to_owned()],
            commands: vec![
                format!("aws rds modify-db-instance --db-instance-identifier {id} --allocated-storage {new} --max-allocated-storage {most} --apply-immediately"),
                format!("aws rds wait db-instance-available --db-instance-identifier {id}"),
            ],
            rollback_commands: Vec::new(),
            watch: vec!["FreeStorageSpace for a week".to_owned()],
            terraform: vec![format!("aws_db_instance: allocated_storage = {new}, max_allocated_storage = {most}")],
        },
    })
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn a_target_leaves_room_for_the_days_of_the_threshold() {
        // 80 % used, half a point a day: 110 % in 60 days, so 110 ÷ 70 × 100 GB.
        let new = (100.0_f64 * (80.0 + 0.5 * 60.0) / TARGET_PCT).ceil();
        assert!((new - 158.0).abs() < 1e-9);
        assert_eq!(decimal(1.58), Decimal::new(158, 2));
    }
}
