//! Tables with provisioned capacity but without reads or writes.
//!
//! In:  monthly resource rows of `DynamoDB` capacity units; hourly consumed units.
//! Out: one `Modify` opportunity per table: to on-demand capacity, which is free when idle.
//! Not here: tables that use a part of their capacity (see `overprovisioned_table`).

use rust_decimal::Decimal;

use super::overprovisioned_table::{consumed, is_capacity, runbook, trade_off};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, Threshold};
use crate::checks::shared::idle::standby;
use crate::checks::shared::{chosen, cost_now, expected};
use crate::cloud::Provider;
use crate::opportunity::{Action, Draft};

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
Amazon DynamoDB Developer Guide, \"DynamoDB throughput capacity\". Read 2026-11.",
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
                    out.opportunities.push(
                        runbook(draft, name, "--billing-mode PAY_PER_REQUEST")
                            .finish(cx.currency())?,
                    );
                }
            }
        }
        Ok(out)
    }
}
