//! Development endpoints that run around the clock.
//!
//! In:  monthly resource rows of `DEVED-DPU-Hour`.
//! Out: one `Remove` opportunity per endpoint.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::text;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, PlainCheck};
use crate::cloud::Provider;
use crate::cloud::aws::arn::last_part;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const LEAST_HOURS: Threshold = chosen(
    "least_dpu_hours",
    1200.0,
    "DPU-hours",
    "DPU-hours billed",
    "the month under review",
    "600 hours, as `always_on_notebook`, × 2 DPUs, the fewest of an endpoint (AWS Glue pricing)",
);
const SHARE: Threshold = chosen(
    "expected_pct",
    75.0,
    "% of the cost",
    "share assumed to be saved by sessions on demand",
    "",
    "chosen: working hours of 40 of 168 hours of a week leave 76 %",
);

static META: CheckMeta = CheckMeta {
    id: "always_on_development_endpoint",
    provider: Some(Provider::Aws),
    service: "glue",
    title: "Development endpoints that are never deleted",
    group: Group::SpotAndSchedule,
    since: "0.2.0",
    needs: &[],
    permissions: &["glue:GetDevEndpoint"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[LEAST_HOURS, SHARE],
    docs: "\
## What it finds
AWS Glue development endpoints billed for at least 1,200 DPU-hours of the month: an endpoint with the fewest DPUs, 2, that runs at night and on
weekends. An endpoint never stops by itself. Needs only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of the DPU-hours × 75 %. Interactive sessions, which replace development endpoints, cost the same per DPU-hour and
can stop when they are idle. `low` is 0.
## Trade-offs
Notebooks must be connected to interactive sessions. Files that were stored on the endpoint are lost.
## Source
AWS Glue pricing (development endpoints and interactive sessions). AWS Glue Developer Guide, \"Migrating from dev endpoints to interactive
sessions\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Remove,
    wanted: |u| text(u).ends_with("DEVED-DPU-Hour"),
    look: |cx, used| {
        let hours =
            used.now().quantity.ok_or("its hours are unknown: PricingQuantity is missing")?;
        let least = cx.decimal(META.id, &LEAST_HOURS);
        let seen = format!(
            "{}; never stopped if at least {}",
            hours.round_dp(1).normalize(),
            least.normalize()
        );
        Ok((hours >= least).then(|| Found {
            share: cx.decimal(META.id, &SHARE) / Decimal::ONE_HUNDRED,
            uncertain: true,
            title: format!(
                "Replace the development endpoint {} with interactive sessions",
                last_part(&used.resource_id)
            ),
            facts: vec![Evidence::new("DPU-hours billed", seen, "bill")],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, _, used| {
        let name = last_part(&used.resource_id);
        let id = shell_word(name);
        let fields = [("EndpointName", "EndpointName"), ("RoleArn", "RoleArn")];
        let optional = [
            ("SecurityGroupIds", "SecurityGroupIds"),
            ("SubnetId", "SubnetId"),
            ("PublicKeys", "PublicKeys"),
            ("NumberOfNodes", "NumberOfNodes"),
            ("GlueVersion", "GlueVersion"),
            ("ExtraPythonLibsS3Path", "ExtraPythonLibsS3Path"),
            ("ExtraJarsS3Path", "ExtraJarsS3Path"),
        ];
        let describe = format!("aws glue get-dev-endpoint --endpoint-name {id}");
        draft
            .rollout(&[
                "open one notebook with an interactive session that has an idle timeout",
                "move the other notebooks, and delete the endpoint a week later",
            ])
            .run(format!("save endpoint.json {describe}"))
            .run(lines::save_input("create.json", &describe, "DevEndpoint", &fields, &optional))
            .run(": \"${FILES_MOVED:?set FILES_MOVED to yes when all notebooks and files have been moved for a week}\"")
            .run(format!("aws glue delete-dev-endpoint --endpoint-name {id}"))
            .undo("aws glue create-dev-endpoint --cli-input-json file://create.json")
            .watch("DPU-hours of interactive sessions in the following weeks: they need an idle timeout")
            .terraform("remove its aws_glue_dev_endpoint")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "notebooks and files on the endpoint must be moved first";
    TradeOff::new(Level::Medium, Level::Low, reason, cx.currency())
        .reliability("none for production: jobs do not use it")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "run one notebook with an interactive session, and compare its results",
            "copy files from the endpoint to a bucket",
        ])
        .rollback(&["create an endpoint with the saved settings"])
}
