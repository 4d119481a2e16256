//! `SageMaker` endpoints without invocations.
//!
//! In:  monthly resource rows of `SageMaker` hosting hours; hourly invocations.
//! Out: one `Remove` opportunity per endpoint. Its model and configuration stay.

use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::text;
use crate::checks::shared::chosen;
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG, always};
use crate::cloud::Provider;
use crate::cloud::aws::arn::last_part;
use crate::inventory::Resource;
use crate::opportunity::Draft;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::Metric;

const USE: Threshold = chosen(
    "invocations_per_day",
    0.0,
    "invocations per day",
    "Invocations, daily mean",
    "all hours measured",
    "Amazon SageMaker documentation, \"Delete Endpoints and Resources\"; an endpoint is billed per hour even without invocations",
);

static META: CheckMeta = CheckMeta {
    id: "idle_inference_endpoint",
    provider: Some(Provider::Aws),
    service: "sagemaker",
    title: "SageMaker endpoints without invocations",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["cloudwatch:ListMetrics", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[USE, DAYS, YOUNG],
    docs: "\
## What it finds
SageMaker real-time endpoints with hosting hours in the month and no invocation in any hour measured.
## How the saving is computed
Per month of 730 h: EffectiveCost of all charges of the endpoint.
## Trade-offs
The model and the endpoint configuration stay. The endpoint can be created again within minutes.
## Source
Amazon SageMaker AI Developer Guide, \"Delete Endpoints and Resources\" and \"Amazon SageMaker AI metrics in Amazon CloudWatch\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: IdleCheck = IdleCheck {
    meta: &META,
    is_there,
    goes: |_| true,
    dimensions: &[Dimension {
        metric: Metric::Operations,
        statistic: Statistic::PerDay,
        threshold: USE,
        label: "invocations per day",
    }],
    noun: "SageMaker endpoint",
    trade_off,
    runbook,
    unless: always,
};

fn is_there(used: &ResourceUse) -> bool {
    text(used).contains("Host:ml.")
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    TradeOff::new(
        Level::Low,
        Level::Medium,
        "no invocations were measured, and the model stays",
        cx.currency(),
    )
    .reliability("none: the model and the configuration stay")
    .undo(Reversibility::WithEffort)
    .test_first(&["search applications and pipelines for its name"])
    .rollback(&["create the endpoint again from its configuration, within minutes"])
}

fn runbook(draft: Draft, used: &ResourceUse, _: Option<&Resource>) -> Draft {
    let id = shell_word(last_part(&used.resource_id));
    draft
        .rollout(&[
            "run the script: it deletes the endpoint, and its configuration stays for the rollback",
        ])
        .run(lines::keep(
            "CONFIG",
            &format!("aws sagemaker describe-endpoint --endpoint-name {id}"),
            "EndpointConfigName",
        ))
        .run(format!("aws sagemaker delete-endpoint --endpoint-name {id}"))
        .run(format!("aws sagemaker wait endpoint-deleted --endpoint-name {id}"))
        .undo(". ./ids.sh")
        .undo(format!(
            "aws sagemaker create-endpoint --endpoint-name {id} --endpoint-config-name \"$CONFIG\""
        ))
        .undo(format!("aws sagemaker wait endpoint-in-service --endpoint-name {id}"))
        .watch("errors of InvokeEndpoint that name it, for a week")
        .terraform("remove its aws_sagemaker_endpoint; keep the configuration")
}
