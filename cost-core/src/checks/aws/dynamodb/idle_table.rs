//! Tables with provisioned capacity but without reads or writes.
//!
//! In:  monthly resource rows of `DynamoDB` capacity units; hourly consumed units.
//! Out: one `Modify` opportunity per table: to on-demand capacity, which is free when idle.
//! Not here: tables that use a part of their capacity (see `overprovisioned_table`).

use rust_decimal::Decimal;

use super::overprovisioned_table::{consumed, is_capacity};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, Threshold};
use crate::checks::aws::lines;
use crate::checks::shared::idle::standby;
use crate::checks::shared::rollout::tested;
use crate::checks::shared::{chosen, cost_now, expected};
use crate::cloud::Provider;
use crate::opportunity::{Action, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

const DAYS: Threshold =
    chosen("least_days", 14.0, "days", "days measured", "", "as `idle_instance`");

/// The check that [`META`] describes.
pub(in crate::checks) struct IdleTable;

static META: CheckMeta = CheckMeta {
    id: "idle_table",
    provider: Some(Provider::Aws),
    service: "dynamodb",
    title: "Tables with unused provisioned capacity",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["dynamodb:DescribeTable", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[DAYS],
    docs: "\
## What it finds
DynamoDB tables billed for provisioned capacity that consumed no read and no write unit in any hour measured.
## How the saving is computed
Per month of 730 h: EffectiveCost of the provisioned capacity. In on-demand mode an idle table costs only its storage. No data is deleted.
## Trade-offs
None for an idle table. If it is used again, requests can cost more than provisioned capacity would.
## Source
Amazon DynamoDB Developer Guide, \"DynamoDB throughput capacity\" and \"Considerations when switching capacity modes\". Read 2026-11.",
};

impl Check for IdleTable {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named_once(is_capacity, &mut out)? {
            match consumed(cx, &used.resource_id, cx.value(META.id, &DAYS)) {
                Err(reason) => out.skip(&used.resource_id, reason),
                Ok(seen) if seen.most_read > 0.0 || seen.most_write > 0.0 => {}
                Ok(seen) => {
                    if let Some(reason) = cx.resource(&used.resource_id).and_then(standby) {
                        out.skip(&used.resource_id, reason);
                        continue;
                    }
                    let claims = cx.claims(&used.resource_id, is_capacity, Decimal::ONE)?;
                    if expected(cx, &claims)?.is_zero_or_less() {
                        continue;
                    }
                    let name = crate::checks::shared::plain::name_of(cx, used);
                    let draft = Draft::new(
                        META.id,
                        Action::Modify,
                        &used.resource_id,
                        cx.scope_of(used),
                        trade_off(cx),
                    )
                    .title(format!("Set the idle table {name} to on-demand capacity"))
                    .from_to("capacity mode", "PROVISIONED", "PAY_PER_REQUEST")
                    .evidence(
                        "units consumed",
                        format!("none in {} days", seen.days),
                        "utilization",
                    )
                    .facts([cost_now(cx, &claims)?])
                    .claims(claims);
                    out.opportunities.push(runbook(draft, name).finish(cx.currency())?);
                }
            }
        }
        Ok(out)
    }
}

/// Adds the lines that set a table and its indexes to on-demand capacity, and back to the saved
/// capacity.
fn runbook(draft: Draft, name: &str) -> Draft {
    let id = shell_word(name);
    let units = "{ReadCapacityUnits: ProvisionedThroughput.ReadCapacityUnits, WriteCapacityUnits: ProvisionedThroughput.WriteCapacityUnits}";
    let indexes = format!(
        "GlobalSecondaryIndexes[].{{Update: {{IndexName: IndexName, ProvisionedThroughput: {units}}}}}"
    );
    let wait = format!("aws dynamodb wait table-exists --table-name {id}");
    tested(draft, "table")
        .run(lines::save_input(
            "capacity.json",
            &format!("aws dynamodb describe-table --table-name {id}"),
            "Table",
            &[("ProvisionedThroughput", units)],
            &[("GlobalSecondaryIndexUpdates", &indexes)],
        ))
        .run(format!(
            "aws dynamodb update-table --table-name {id} --billing-mode PAY_PER_REQUEST"
        ))
        .run(wait.clone())
        .undo(format!(
            "aws dynamodb update-table --table-name {id} --billing-mode PROVISIONED --cli-input-json file://capacity.json"
        ))
        .undo(wait)
        .watch("ConsumedReadCapacityUnits and ConsumedWriteCapacityUnits: on-demand requests are billed one by one")
        .terraform("aws_dynamodb_table: billing_mode = \"PAY_PER_REQUEST\" without read_capacity and write_capacity")
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "nothing reads or writes the table, and on-demand capacity still serves requests";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("none: data, indexes, backups, and replicas do not change")
        .no_downtime("none: the table stays available while the mode changes")
        .test_first(&["ask the owner whether a launch or a yearly batch will use it"])
        .rollback(&[
            "set provisioned capacity as before: possible at any time; on-demand mode can be set four times in 24 hours",
        ])
        .caveats(&["if the table is used again, requests can cost more than provisioned capacity"])
}
