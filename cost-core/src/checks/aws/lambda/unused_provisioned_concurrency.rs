//! Unused provisioned concurrency of Lambda functions.
//!
//! In: monthly resource rows of `Lambda-Provisioned-Concurrency` and
//! `Lambda-Provisioned-GB-Second`. Out: one `Modify` opportunity per function.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::checks::shared::uncertain::SUCCESS;
use crate::cloud::Provider;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

const USED: Threshold = chosen(
    "used_pct",
    20.0,
    "% of the provisioned GB-seconds",
    "Lambda-Provisioned-GB-Second ÷ Lambda-Provisioned-Concurrency",
    "the month under review",
    "chosen (ADR 0016): AWS puts the break-even with on-demand near 60 % of use",
);

static META: CheckMeta = CheckMeta {
    id: "unused_provisioned_concurrency",
    provider: Some(Provider::Aws),
    service: "lambda",
    title: "Unused provisioned concurrency",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[],
    permissions: &["lambda:ListFunctions"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[USED, SUCCESS],
    docs: "\
## What it finds
Functions that used only a small share of the GB-seconds of their provisioned concurrency. Needs only the bill, because both are billed in
GB-seconds.
## How the saving is computed
Per month of 730 h: EffectiveCost of the provisioned concurrency × (1 − 2 × the used share), so that twice the use remains provisioned. `low` is 0.
`expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
More cold starts at peaks. Scheduled or target-tracking scaling can provide it in the hours that need it.
## Source
AWS Lambda Developer Guide, \"Configuring provisioned concurrency for a function\"; AWS Lambda pricing. Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| kind(u) == "Lambda-Provisioned-Concurrency",
    look: |cx, used| {
        let ready = used.now().quantity.ok_or(
            "its provisioned concurrency cannot be determined: PricingQuantity is missing",
        )?;
        let mut ran = Decimal::ZERO;
        for other in cx.of_resource(&used.resource_id) {
            if kind(other) == "Lambda-Provisioned-GB-Second" {
                ran += other.now().quantity.ok_or(
                    "its used concurrency cannot be determined: PricingQuantity is missing",
                )?;
            }
        }
        let share = ran.checked_div(ready).unwrap_or_default();
        let pct = share * Decimal::ONE_HUNDRED;
        Ok((pct < cx.decimal(META.id, &USED)).then(|| Found {
            share: Decimal::ONE - Decimal::TWO * share,
            uncertain: true,
            title: format!("Lower the provisioned concurrency of {}", name_of(cx, used)),
            facts: vec![Evidence::new(
                "used share of the provisioned concurrency",
                format!("{} %", pct.round_dp(1).normalize()),
                "bill",
            )],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        let list = format!("aws lambda list-provisioned-concurrency-configs --function-name {id}");
        draft
            .rollout(&["halve it, watch cold starts for a day, and halve it again"])
            .run(format!("save before.json {list}"))
            .run(lines::keep("COUNT", &list, "length(ProvisionedConcurrencyConfigs)"))
            .run("for ((I = 0; I < COUNT; I++)); do")
            .run(format!("ARN=$({list} --query \"ProvisionedConcurrencyConfigs[$I].FunctionArn\" --output text)"))
            .run(format!("OLD=$({list} --query \"ProvisionedConcurrencyConfigs[$I].RequestedProvisionedConcurrentExecutions\" --output text)"))
            .run("keep \"QUALIFIER_$I\" \"${ARN##*:}\"\nkeep \"OLD_$I\" \"$OLD\"\ndone")
            .run(". ./ids.sh\nfor ((I = 0; I < COUNT; I++)); do\nQUALIFIER=\"QUALIFIER_$I\" OLD=\"OLD_$I\"")
            .run(format!("aws lambda put-provisioned-concurrency-config --function-name {id} --qualifier \"${{!QUALIFIER}}\" --provisioned-concurrent-executions \"$(((${{!OLD}} + 1) / 2))\"\ndone"))
            .undo(". ./ids.sh\nfor ((I = 0; I < COUNT; I++)); do\nQUALIFIER=\"QUALIFIER_$I\" OLD=\"OLD_$I\"")
            .undo(format!("aws lambda put-provisioned-concurrency-config --function-name {id} --qualifier \"${{!QUALIFIER}}\" --provisioned-concurrent-executions \"${{!OLD}}\"\ndone"))
            .watch("ProvisionedConcurrencySpilloverInvocations and the function's p99 duration")
            .terraform("aws_lambda_provisioned_concurrency_config: provisioned_concurrent_executions, or aws_appautoscaling_policy")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "peaks that need more have cold starts: requests are slower, but not lost";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("latency at peaks may rise by a cold start")
        .test_first(&["check ProvisionedConcurrencyUtilization by hour: a schedule may fit better"])
        .rollback(&["set the old number again: it is ready after some minutes"])
}
