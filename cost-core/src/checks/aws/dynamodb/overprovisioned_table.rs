//! Tables with more provisioned capacity than they consume.
//!
//! In: monthly resource rows of `DynamoDB` capacity units; hourly consumed units; the inventory's
//! capacity. Out: one `Modify` opportunity per table. Not here: unused tables (see `idle_table`).

use rust_decimal::Decimal;

use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::rollout::tested;
use crate::checks::shared::{chosen, cost_now, expected};
use crate::cloud::Provider;
use crate::inventory::detail;
use crate::opportunity::{Action, Claim, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};
use crate::usage::{Metric, as_f64};

const TARGET: Threshold = chosen(
    "target_pct",
    70.0,
    "% of the capacity",
    "mean consumed units in the busiest hour",
    "all hours measured",
    "Amazon DynamoDB Developer Guide, auto scaling: 70 % is the default target utilization",
);
const DAYS: Threshold =
    chosen("least_days", 14.0, "days", "days measured", "", "as `oversized_instance`");

/// The check that [`META`] describes.
pub(in crate::checks) struct OverprovisionedTable;

static META: CheckMeta = CheckMeta {
    id: "overprovisioned_table",
    provider: Some(Provider::Aws),
    service: "dynamodb",
    title: "Tables with more capacity than they consume",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &["dynamodb:DescribeTable", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[TARGET, DAYS],
    docs: "\
## What it finds
DynamoDB tables in provisioned mode whose busiest hour needs less than the provisioned capacity, at the target utilization. Tables with
auto scaling already match each hour, so this check rarely finds them.
## How the saving is computed
Per month of 730 h: EffectiveCost of the read (write) capacity × (1 − needed ÷ provisioned). The needed capacity is the mean units per second in the
busiest hour ÷ the target, at least 1.
## Trade-offs
Bursts within an hour that exceed five minutes of burst capacity are throttled. Auto scaling with the same target is safer.
## Source
Amazon DynamoDB Developer Guide, \"Managing throughput capacity automatically with DynamoDB auto scaling\". Read 2026-11.",
};

/// Returns whether a usage is provisioned capacity units.
pub(in crate::checks) fn is_capacity(used: &ResourceUse) -> bool {
    is_read(used) || is_write(used)
}

fn is_read(used: &ResourceUse) -> bool {
    kind(used) == "ReadCapacityUnit-Hrs"
}

fn is_write(used: &ResourceUse) -> bool {
    kind(used) == "WriteCapacityUnit-Hrs"
}

/// What a table consumed: units per second in the busiest hour.
pub(in crate::checks) struct Consumed {
    pub(in crate::checks) days: usize,
    pub(in crate::checks) most_read: f64,
    pub(in crate::checks) most_write: f64,
}

/// Returns what a table consumes, or the reason why this cannot be determined.
pub(in crate::checks) fn consumed(
    cx: &Context<'_>,
    resource_id: &str,
    least_days: f64,
) -> Result<Consumed, String> {
    let busy = cx.busy(resource_id).ok_or("its utilization is unknown")?;
    let days = busy.days(Metric::ReadUnits).max(busy.days(Metric::WriteUnits));
    if as_f64(days) < least_days {
        return Err(format!("measured for less than {least_days} days"));
    }
    // CloudWatch has no data point for an hour without consumed units.
    let most = |metric| busy.max(metric).unwrap_or(0.0) / 3600.0;
    Ok(Consumed { days, most_read: most(Metric::ReadUnits), most_write: most(Metric::WriteUnits) })
}

impl Check for OverprovisionedTable {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named_once(is_capacity, &mut out)? {
            let seen = match consumed(cx, &used.resource_id, cx.value(META.id, &DAYS)) {
                Ok(seen) => seen,
                Err(reason) => {
                    out.skip(&used.resource_id, reason);
                    continue;
                }
            };
            let provisioned = cx.resource(&used.resource_id);
            let has = provisioned.and_then(|t| {
                t.get(detail::READ_CAPACITY_UNITS).zip(t.get(detail::WRITE_CAPACITY_UNITS))
            });
            match has {
                None => out.skip(&used.resource_id, "its capacity is missing from the inventory"),
                Some(_) if seen.most_read <= 0.0 && seen.most_write <= 0.0 => {}
                Some(has) => judge(cx, used, &seen, has, &mut out)?,
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    seen: &Consumed,
    (reads, writes): (i64, i64),
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let target = cx.value(META.id, &TARGET) / 100.0;
    let needed = |most: f64| {
        Decimal::from_f64_retain((most / target).ceil().max(1.0)).unwrap_or(Decimal::ONE)
    };
    let (read, write) = (needed(seen.most_read), needed(seen.most_write));
    let share = |needed: Decimal, has: i64| {
        Decimal::ONE
            - needed.checked_div(Decimal::from(has)).unwrap_or(Decimal::ONE).min(Decimal::ONE)
    };
    let of_reads = cx.claims(&used.resource_id, is_read, share(read, reads))?;
    let of_writes = cx.claims(&used.resource_id, is_write, share(write, writes))?;
    // Both belong to one slice per account: provisioned capacity.
    let account = |claim: &Claim| claim.sub_account_id.clone();
    let claims = Claim::merged_by(account, of_reads.into_iter().chain(of_writes).map(Ok))?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let name = crate::checks::shared::plain::name_of(cx, used);
    let (read, write) = (read.min(Decimal::from(reads)), write.min(Decimal::from(writes)));
    let draft =
        Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title(format!(
                "Lower the capacity of table {name} to {read} read and {write} write units"
            ))
            .from_to(
                "read, write units",
                &format!("{reads}, {writes}"),
                &format!("{read}, {write}"),
            )
            .evidence(
                "busiest hour, read units per second",
                crate::checks::shared::idle::rounded(seen.most_read),
                "utilization",
            )
            .evidence(
                "busiest hour, write units per second",
                crate::checks::shared::idle::rounded(seen.most_write),
                "utilization",
            )
            .facts([cost_now(cx, &claims)?])
            .claims(claims);
    let throughput = format!("ReadCapacityUnits={read},WriteCapacityUnits={write}");
    let change = format!("--provisioned-throughput {throughput}");
    out.opportunities.push(runbook(draft, name, &change).finish(cx.currency())?);
    Ok(())
}

/// Adds the lines that change the capacity of a table and roll it back. `change` are the options of
/// `update-table`.
fn runbook(draft: Draft, name: &str, change: &str) -> Draft {
    let id = shell_word(name);
    tested(draft, "table")
        .run(lines::save_input(
            "capacity.json",
            &format!("aws dynamodb describe-table --table-name {id}"),
            "Table",
            &[(
                "ProvisionedThroughput",
                "{ReadCapacityUnits: ProvisionedThroughput.ReadCapacityUnits, WriteCapacityUnits: ProvisionedThroughput.WriteCapacityUnits}",
            )],
            &[],
        ))
        .run(format!("aws dynamodb update-table --table-name {id} {change}"))
        .run(format!("aws dynamodb wait table-exists --table-name {id}"))
        .undo(format!(
            "aws dynamodb update-table --table-name {id} --billing-mode PROVISIONED --cli-input-json file://capacity.json"
        ))
        .undo(format!("aws dynamodb wait table-exists --table-name {id}"))
        .watch("ThrottledRequests of the table: roll back if there are any")
        .terraform("aws_dynamodb_table: billing_mode, read_capacity, write_capacity; or aws_appautoscaling_policy")
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "bursts above the measured use are throttled, and clients retry";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("less headroom for bursts; data, backups, and replicas do not change")
        .test_first(&["check the one-minute consumed units of the busiest day"])
        .rollback(&["set the old capacity: more capacity is available within minutes"])
}
