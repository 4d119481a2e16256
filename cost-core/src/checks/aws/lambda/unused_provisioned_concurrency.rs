//! Lambda concurrency that is kept ready and not used.
//!
//! In: monthly resource rows of `Lambda-Provisioned-Concurrency` and
//! `Lambda-Provisioned-GB-Second`. Out: one `Modify` opportunity per function.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, Threshold};
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::cloud::Provider;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

const USED: Threshold = chosen(
    "used_pct",
    20.0,
    "% of the GB-seconds kept ready",
    "Lambda-Provisioned-GB-Second ÷ Lambda-Provisioned-Concurrency",
    "the month under review",
    "chosen (ADR 0016): AWS puts the break-even with on-demand near 60 % of use",
);

static META: CheckMeta = CheckMeta {
    id: "unused_provisioned_concurrency",
    provider: Some(Provider::Aws),
    service: "lambda",
    title: "Provisioned concurrency that is not used",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[],
    permissions: &["lambda:ListFunctions"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[USED],
    docs: "\
## What it finds
Functions whose provisioned concurrency was kept ready for many more GB-seconds than ran on it. Needs only the bill: both are billed by
GB-second.
## How the saving is computed
Per month of 730 h: EffectiveCost of what was kept ready × (1 − 2 × the used share), so that twice the use stays ready. `low` is 0.
## Trade-offs
More cold starts at peaks; scheduled or target-tracking scaling keeps it for the hours that need it.
## Source
AWS Lambda Developer Guide, \"Configuring provisioned concurrency for a function\"; AWS Lambda pricing. Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| kind(u) == "Lambda-Provisioned-Concurrency",
    look: |cx, used| {
        let ready = used
            .now()
            .quantity
            .ok_or("PricingQuantity is unknown: how much is kept ready cannot be told")?;
        let mut ran = Decimal::ZERO;
        for other in cx.of_resource(&used.resource_id) {
            if kind(other) == "Lambda-Provisioned-GB-Second" {
                ran += other
                    .now()
                    .quantity
                    .ok_or("PricingQuantity is unknown: how much of it ran cannot be told")?;
            }
        }
        let share = ran.checked_div(ready).unwrap_or_default();
        let pct = share * Decimal::ONE_HUNDRED;
        Ok((pct < cx.decimal(META.id, &USED)).then(|| Found {
            share: Decimal::ONE - Decimal::TWO * share,
            uncertain: true,
            title: format!("Lower the provisioned concurrency of {}", name_of(cx, used)),
            facts: vec![Evidence::new(
                "used of what is kept ready",
                format!("{} %", pct.round_dp(1).normalize()),
                "bill",
            )],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        draft
            .rollout(&["halve it; look at cold starts for a day; halve it again"])
            .run(format!("aws lambda list-provisioned-concurrency-configs --function-name {id}"))
            .run(format!("aws lambda put-provisioned-concurrency-config --function-name {id} --qualifier ALIAS --provisioned-concurrent-executions N"))
            .undo(format!("aws lambda put-provisioned-concurrency-config --function-name {id} --qualifier ALIAS --provisioned-concurrent-executions OLD_N"))
            .watch("ProvisionedConcurrencySpilloverInvocations and the function's p99 duration")
            .terraform("aws_lambda_provisioned_concurrency_config: provisioned_concurrent_executions, or aws_appautoscaling_policy")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "peaks that need more start cold: slower, not lost";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("latency at peaks may rise by a cold start")
        .test_first(&[
            "look at ProvisionedConcurrencyUtilization by the hour: a schedule may fit better",
        ])
        .rollback(&["set the old number again: it takes minutes to be ready"])
}
