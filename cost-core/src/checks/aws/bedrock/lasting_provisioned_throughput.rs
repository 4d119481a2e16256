//! Provisioned throughput without a commitment that runs for months.
//!
//! In:  monthly resource rows of `…-ProvisionedThroughput-NoCommit-ModelUnits` hours.
//! Out: one `Remove` opportunity per provisioned model.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, Threshold, UseInMonth};
use crate::checks::aws::lines;
use crate::checks::aws::meter::text;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, PlainCheck};
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const LEAST_PCT: Threshold = chosen(
    "least_hours_pct",
    95.0,
    "% of the hours",
    "hours billed, of one model unit",
    "the month under review and the month before",
    "chosen: tests and benchmarks end within days; as `uncovered_steady_usage`",
);
const SHARE: Threshold = chosen(
    "expected_pct",
    50.0,
    "% of the cost",
    "share assumed to be avoidable",
    "",
    "chosen: no calls save all of it, and a commitment of a month saves about a tenth",
);
/// Months that must be complete.
const MONTHS: usize = 2;

static META: CheckMeta = CheckMeta {
    id: "lasting_provisioned_throughput",
    provider: Some(Provider::Aws),
    service: "bedrock",
    title: "Provisioned throughput of Bedrock left running",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["bedrock:GetProvisionedModelThroughput", "cloudwatch:GetMetricStatistics"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[LEAST_PCT, SHARE],
    docs: "\
## What it finds
Provisioned throughput of Amazon Bedrock without a commitment that ran in nearly all hours of the last two months. Model units are billed by the hour
until they are deleted, whether or not the model is called. Needs only the bill, which does not show the calls: the script refuses to delete
throughput with calls in the last 14 days.
## How the saving is computed
Per month of 730 h: EffectiveCost × 50 %. `low` is 0. If nothing calls it, all of the cost is saved. If it is called all the time, a commitment or
on-demand inference costs less. Tokens on demand, which replace it for occasional calls, are not subtracted.
## Trade-offs
Calls with its ARN fail. Custom models that Bedrock does not offer on demand cannot be called without it.
## Source
Amazon Bedrock User Guide, \"Increase model invocation capacity with Provisioned Throughput\". Amazon Bedrock pricing (model unit by hour, without
commitment, and with one of 1 or 6 months). Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Remove,
    wanted: |u| text(u).contains("ProvisionedThroughput-NoCommit"),
    look: |cx, used| {
        let least = cx.decimal(META.id, &LEAST_PCT) / Decimal::ONE_HUNDRED;
        let lasting = |m: &UseInMonth| {
            m.quantity.map(|hours| hours >= Decimal::from(m.month.hours()) * least)
        };
        let all: Option<Vec<bool>> = used.months.iter().take(MONTHS).map(lasting).collect();
        let all = all.ok_or("its hours are unknown: PricingQuantity is missing")?;
        let follow = used.months.windows(2).take(MONTHS - 1);
        let is_gap = follow
            .into_iter()
            .any(|pair| matches!(pair, [now, before] if before.month != now.month.minus(1)));
        if all.len() < MONTHS || is_gap || all.contains(&false) {
            return Ok(None);
        }
        Ok(Some(Found {
            share: cx.decimal(META.id, &SHARE) / Decimal::ONE_HUNDRED,
            uncertain: true,
            title: format!(
                "Delete the provisioned throughput {} if nothing calls it",
                short_id(&used.resource_id)
            ),
            facts: vec![
                Evidence::new("billed as", &used.usage_type, "bill"),
                Evidence::new("months with nearly all hours, at least", MONTHS, "bill"),
                Evidence::new("calls", "unknown: the script counts them first", "bill"),
            ],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, _, used| {
        let arn = shell_word(&used.resource_id);
        let describe =
            format!("aws bedrock get-provisioned-model-throughput --provisioned-model-id {arn}");
        let fields = [
            ("provisionedModelName", "provisionedModelName"),
            ("modelId", "modelArn"),
            ("modelUnits", "modelUnits"),
        ];
        let optional = [("commitmentDuration", "commitmentDuration")];
        draft
            .rollout(&["run the script: it stops if the model was called in the last 14 days, else it deletes the provisioned throughput"])
            .run(lines::save_input("create.json", &describe, "@", &fields, &optional))
            .run("NOW=$(date +%s)")
            .run(format!(
                "CALLS=$(aws cloudwatch get-metric-statistics --namespace AWS/Bedrock --metric-name Invocations --dimensions Name=ModelId,Value={arn} \
                 --start-time \"$((NOW - 1209600))\" --end-time \"$NOW\" --period 86400 --statistics Sum --query 'length(Datapoints[?Sum>`0`])' --output text)"
            ))
            .run("[ \"$CALLS\" = 0 ] || { echo \"called on $CALLS of the last 14 days: compare a commitment with on-demand inference\" >&2; exit 1; }")
            .run(format!(
                "aws bedrock delete-provisioned-model-throughput --provisioned-model-id {arn}"
            ))
            .undo("aws bedrock create-provisioned-model-throughput --cli-input-json file://create.json")
            .watch("errors of InvokeModel that name its ARN, for a month")
            .terraform("remove its aws_bedrock_provisioned_model_throughput")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "an application may call it rarely: the script counts the calls of 14 days first";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("calls with its ARN fail; new throughput can be unavailable for hours")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "search applications for its ARN",
            "check whether the model can be called on demand instead",
        ])
        .rollback(&["create throughput with the saved settings: its ARN is new, so change the applications"])
        .caveats(&[
            "if it is called all the time, a commitment of 1 or 6 months costs less than no commitment",
        ])
}
