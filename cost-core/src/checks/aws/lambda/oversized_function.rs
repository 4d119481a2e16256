//! Lambda functions with more memory than they use.
//!
//! In: monthly resource rows of Lambda GB-seconds; hourly memory and CPU from Lambda Insights; the
//! inventory's memory. Out: one `Modify` opportunity per function. Not here: provisioned
//! concurrency (see `unused_provisioned_concurrency`), architecture (see `graviton_function`).

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, Look, PlainCheck, name_of};
use crate::checks::shared::uncertain::SUCCESS;
use crate::cloud::Provider;
use crate::inventory::detail;
use crate::opportunity::{Action, Evidence};
use crate::rightsizing::{CPU_LIMIT_PCT, MEMORY_LIMIT_PCT};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};
use crate::usage::{Metric, as_f64};

const MEMORY: Threshold = chosen(
    "memory_limit_pct",
    MEMORY_LIMIT_PCT,
    "% memory after the change",
    "memory_utilization (Lambda Insights), maximum of all hours",
    "all hours measured, up to 93 days",
    "rule of this project; the maximum, because an invocation above its memory is ended",
);
const CPU: Threshold = chosen(
    "cpu_limit_pct",
    CPU_LIMIT_PCT,
    "% of the CPU that comes with the memory after the change",
    "cpu_total_time (Lambda Insights) ÷ Duration ÷ vCPUs, 99th percentile of the hours",
    "all hours measured, up to 93 days",
    "rule of this project: with less CPU headroom, it takes longer and costs as much as before",
);
const DAYS: Threshold = chosen(
    "least_days",
    14.0,
    "days",
    "days from the first hour measured to the last",
    "",
    "AWS Compute Optimizer's look-back for Lambda functions",
);
const SHARE: Threshold = chosen(
    "least_saving_pct",
    10.0,
    "% of the memory",
    "removed memory",
    "",
    "chosen (ADR 0018): a smaller saving is not worth a test",
);
/// Smallest memory of a function, MB. AWS Lambda Developer Guide, "Configure Lambda function
/// memory".
const LEAST_MB: f64 = 128.0;
/// Step of recommended memory sizes, MB. Lambda accepts any size. Chosen (ADR 0018).
const STEP_MB: f64 = 64.0;

static META: CheckMeta = CheckMeta {
    id: "oversized_function",
    provider: Some(Provider::Aws),
    service: "lambda",
    title: "Lambda functions with more memory than they use",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &["lambda:ListFunctions", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[MEMORY, CPU, DAYS, SHARE, SUCCESS],
    docs: "\
## What it finds
Functions whose largest memory use and CPU time both fit a smaller memory size, with the limits. Lambda assigns CPU in proportion to memory.
Only Lambda Insights measures both. Functions without it are skipped, with the reason.
## How the saving is computed
Per month of 730 h: EffectiveCost of the GB-seconds × (1 − new memory ÷ current memory), with the same duration. `low` is 0, because a function can
be slower. `expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
Less memory also means less CPU and network. An invocation that needs more memory than configured is ended.
## Source
AWS Lambda Developer Guide, \"Configure Lambda function memory\" (CPU in proportion to memory, one vCPU at 1,769 MB); Amazon CloudWatch User
Guide, \"Metrics collected by Lambda Insights\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_duration,
    look,
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        let now = cx
            .resource(&used.resource_id)
            .and_then(|f| f.get(detail::MEMORY_MB))
            .unwrap_or_default();
        let then = draft.changed_to().trim_end_matches(" MB").to_owned();
        let to = |mb: &str| {
            format!(
                "aws lambda update-function-configuration --function-name {id} --memory-size {mb}"
            )
        };
        let undo = to(&now.to_string());
        draft
            .rollout(&["run AWS Lambda Power Tuning in staging, with real events", "change production and watch it for a day"])
            .run(to(&then))
            .undo(undo)
            .watch("Errors, Duration, and memory_utilization: roll back if it is more than 10 % slower or memory exceeds 85 %")
            .terraform(format!("aws_lambda_function: memory_size = {then}"))
    },
};

/// Returns whether a usage is the duration of a function.
pub(in crate::checks) fn is_duration(used: &ResourceUse) -> bool {
    matches!(kind(used), "Lambda-GB-Second" | "Lambda-GB-Second-ARM")
}

fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    let function = cx
        .resource(&used.resource_id)
        .ok_or("billed, but not in the inventory: its memory is unknown")?;
    let memory = function.get(detail::MEMORY_MB).and_then(|mb| u32::try_from(mb).ok());
    let memory = f64::from(memory.ok_or("its memory is missing from the inventory")?);
    if memory <= LEAST_MB {
        return Ok(None);
    }
    let unmeasured =
        "its memory and CPU were not measured: turn on Lambda Insights to measure them";
    let busy = cx.busy(&used.resource_id).ok_or(unmeasured)?;
    let full = busy.max(Metric::MemoryMax).ok_or(unmeasured)?;
    let cpu = busy.percentile(Metric::CpuMean, 99).ok_or(unmeasured)?;
    let hours: Vec<i64> = busy.values(Metric::MemoryMax).map(|(hour, _)| hour).collect();
    let span = hours.last().zip(hours.first()).map_or(0, |(last, first)| last - first + 1);
    let least = cx.value(META.id, &DAYS);
    if as_f64(usize::try_from(span).unwrap_or(0)) / 24.0 < least {
        return Err(format!("its utilization was measured over less than {least} days"));
    }
    let needed = (full / cx.value(META.id, &MEMORY)).max(cpu / cx.value(META.id, &CPU)) * memory;
    let then = ((needed / STEP_MB).ceil() * STEP_MB).max(LEAST_MB);
    if (1.0 - then / memory) * 100.0 < cx.value(META.id, &SHARE) {
        return Ok(None);
    }
    let [now, then] =
        [memory, then].map(|mb| Decimal::from_f64_retain(mb).unwrap_or_default().normalize());
    Ok(Some(Found {
        share: Decimal::ONE - then / now,
        uncertain: true,
        title: format!("Run function {} with {then} MB instead of {now} MB", name_of(cx, used)),
        facts: vec![
            Evidence::new("largest memory use", format!("{full:.0} % of {now} MB"), "utilization"),
            Evidence::new(
                "CPU, p99 of the hours",
                format!("{cpu:.0} % of the CPU that comes with the memory"),
                "utilization",
            ),
            Evidence::new("hours with invocations", hours.len(), "utilization"),
        ],
        change: Some(("memory", format!("{now} MB"), format!("{then} MB"))),
    }))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason =
        "measured memory and CPU fit with headroom, but a larger event than measured may not";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("less headroom for an event that needs more memory than measured: such an invocation is ended")
        .no_downtime("none: the configuration changes for new invocations")
        .test_first(&[
            "run AWS Lambda Power Tuning with real events in staging: it measures duration and cost by memory",
        ])
        .rollback(&["set the memory back: it applies to new invocations at once"])
        .caveats(&["network throughput also depends on the memory, and no metric shows how much of it is used"])
}
