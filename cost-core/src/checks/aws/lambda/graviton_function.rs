//! Lambda functions on x86 that would cost less on arm64.
//!
//! In:  monthly resource rows of `Lambda-GB-Second`.
//! Out: one `Modify` opportunity per function.

use crate::check::{CheckMeta, Context, Group, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::cheaper;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::checks::shared::uncertain::success;
use crate::cloud::Provider;
use crate::inventory::detail;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

/// The expected share of the possible saving.
const SUCCESS: Threshold = success(
    80.0,
    "chosen: AWS measured up to 19 % better performance on arm64 (AWS News Blog, 2021-09-29), but some functions run slower",
);

static META: CheckMeta = CheckMeta {
    id: "graviton_function",
    provider: Some(Provider::Aws),
    service: "lambda",
    title: "Lambda functions that would cost less on arm64",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[],
    permissions: &["lambda:ListFunctions"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[SUCCESS],
    docs: "\
## What it finds
Functions billed as `Lambda-GB-Second` (x86). Needs only the bill. If there is an inventory, the evidence shows the runtime.
## How the saving is computed
Per month of 730 h: EffectiveCost of the GB-seconds × (1 − arm64 price ÷ x86 price), at the price in the bill or the list price, with the same
duration. AWS measures shorter durations for many functions, but the estimate does not assume this. `low` is 0, because a function can be slower.
`expected` is 80 % of what is possible (`success_pct`).
## Trade-offs
Packages with native code must be built for arm64.
## Source
AWS Lambda Developer Guide, \"Selecting and configuring an instruction set architecture for your Lambda function\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| kind(u) == "Lambda-GB-Second",
    look: |cx, used| {
        let region = &used.region_id;
        let price = |kind: &str, item: &str| {
            cx.paid_or_list(region, kind, item).map_err(|unknown| unknown.to_string())
        };
        let (now, _) = price("Lambda-GB-Second", "lambda-gb-second")?;
        let (then, source) = price("Lambda-GB-Second-ARM", "lambda-gb-second-arm")?;
        let runtime = cx
            .resource(&used.resource_id)
            .and_then(|f| f.get(detail::RUNTIME))
            .unwrap_or("not in the inventory");
        let share = cheaper(now, then);
        Ok((share > rust_decimal::Decimal::ZERO).then(|| Found {
            share,
            uncertain: true,
            title: format!("Run function {} on arm64", name_of(cx, used)),
            facts: vec![
                Evidence::new("runtime", runtime, "inventory"),
                Evidence::new(
                    "arm64 price ÷ x86 price",
                    (then / now).round_dp(4).normalize(),
                    source,
                ),
            ],
            change: Some(("architecture", "x86_64".to_owned(), "arm64".to_owned())),
        }))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        draft
            .rollout(&["deploy a version on arm64 to staging", "route 10 % of the traffic to it with a weighted alias for a day", "route all traffic to it"])
            .run(": \"${BUCKET:?set BUCKET to the S3 bucket of the package for arm64}\"")
            .run(": \"${KEY:?set KEY to its key}\"")
            .run(lines::keep("OLD", &format!("aws lambda publish-version --function-name {id}"), "Version"))
            .run(format!("aws lambda update-function-code --function-name {id} --architectures arm64 --s3-bucket \"$BUCKET\" --s3-key \"$KEY\""))
            .run(format!("aws lambda wait function-updated-v2 --function-name {id}"))
            .undo(": \"${BUCKET:?set BUCKET to the S3 bucket of the package for x86_64}\"")
            .undo(": \"${KEY:?set KEY to its key}\"")
            .undo(format!("aws lambda update-function-code --function-name {id} --architectures x86_64 --s3-bucket \"$BUCKET\" --s3-key \"$KEY\""))
            .undo(format!("aws lambda wait function-updated-v2 --function-name {id}"))
            .watch("Errors and Duration of the function: roll back if it is more than 20 % slower")
            .terraform("aws_lambda_function: architectures = [\"arm64\"]")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "interpreted code without native packages runs unchanged; other code must be built for arm64";
    TradeOff::new(Level::Medium, Level::Low, reason, cx.currency())
        .test_first(&[
            "publish a version on arm64 and run its tests",
            "compare durations over a day",
        ])
        .rollback(&["point the alias back to the version on x86"])
}
