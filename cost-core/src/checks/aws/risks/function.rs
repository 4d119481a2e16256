//! Lambda functions whose memory is almost used up.

use rust_decimal::Decimal;

use super::found::{Measured, change, no_fix, pct, period, risk, scaled_cost};
use crate::check::{CheckError, CheckOutput, Context, ResourceUse};
use crate::checks::aws::lambda::oversized_function::is_duration;
use crate::checks::shared::plain::name_of;
use crate::inventory::detail;
use crate::opportunity::Evidence;
use crate::risk::{Fix, ReliabilityRisk, RiskKind};
use crate::runbook::{Runbook, shell_word};
use crate::usage::{Metric, Use, as_f64};

/// Largest memory of a function, MB. AWS Lambda Developer Guide, "Lambda quotas". Read 2026-11.
const MOST_MB: f64 = 10_240.0;
/// Step of a new size, MB. Chosen, as `oversized_function`.
const STEP_MB: f64 = 64.0;

/// Returns the risks of functions whose memory Lambda Insights measures.
pub(super) fn risks(
    cx: &Context<'_>,
    out: &mut CheckOutput,
) -> Result<Vec<ReliabilityRisk>, CheckError> {
    let limit = cx.settings.reliability.memory_limit_pct;
    let least = cx.settings.reliability.least_days;
    let mut found = Vec::new();
    for used in cx.named_once(is_duration, out)? {
        let id = &used.resource_id;
        let busy = cx.busy(id).filter(|b| b.hours(Metric::MemoryMax) > 0);
        let Some(busy) = busy else {
            out.skip(id, "its memory was not measured: turn on Lambda Insights to measure it");
            continue;
        };
        // Hours without invocations have no values.
        let days = busy.days_above(Metric::MemoryMax, 0.0).len();
        if as_f64(days) < least {
            out.skip(id, format!("its memory was measured on less than {least} days"));
            continue;
        }
        let Some(full) = busy.percentile(Metric::MemoryMax, 99).filter(|full| *full > limit) else {
            continue;
        };
        let fix = fix(cx, used, full)?;
        let of = at_limit(cx, used, busy, full);
        found.push(risk(cx.scope_of(used), id, vec![id.clone()], of, fix));
    }
    Ok(found)
}

fn at_limit(cx: &Context<'_>, used: &ResourceUse, busy: &Use, full: f64) -> Measured {
    let limit = cx.settings.reliability.memory_limit_pct;
    let most = busy.max(Metric::MemoryMax).unwrap_or(full);
    Measured {
        kind: RiskKind::Memory,
        title: format!("function {}: memory at its limit", name_of(cx, used)),
        value: pct(full),
        threshold: format!("{limit} %, p99 of hourly maxima"),
        period: period(busy, Metric::MemoryMax),
        evidence: vec![Evidence::new(
            "largest memory use",
            format!("{}; an invocation that needs more is ended", pct(most)),
            "utilization",
        )],
    }
}

/// Returns the memory with which the use stays under the limit, and its additional cost: at most in
/// proportion to the memory, at least nothing, because more memory is also more CPU.
fn fix(cx: &Context<'_>, used: &ResourceUse, full: f64) -> Result<Fix, CheckError> {
    const TITLE: &str = "Give the function more memory";
    let limit = cx.settings.reliability.memory_limit_pct.max(1.0);
    let function = cx.resource(&used.resource_id);
    let memory = function.and_then(|f| f.get(detail::MEMORY_MB));
    let Some(memory) = memory.and_then(|mb| u32::try_from(mb).ok()).filter(|mb| *mb > 0) else {
        return Ok(no_fix(TITLE, "its memory is missing from the inventory".to_owned()));
    };
    let then = ((f64::from(memory) * full / limit) / STEP_MB).ceil() * STEP_MB;
    if then > MOST_MB {
        let why = format!("it would need more than {MOST_MB} MB: split the work of an invocation");
        return Ok(no_fix(TITLE, why));
    }
    let then = Decimal::from_f64_retain(then).unwrap_or_default().normalize();
    let ratio = then.checked_div(Decimal::from(memory)).unwrap_or(Decimal::ONE);
    let basis = "cost of the GB-seconds × (new ÷ current memory − 1) with the same duration; low: so much shorter that it costs the same";
    let durations = cx.of_resource(&used.resource_id).iter().filter(|u| is_duration(u));
    let cost = scaled_cost(cx, durations, [Decimal::ONE, ratio, ratio], basis, false)?;
    let name = shell_word(name_of(cx, used));
    let set = |mb: &str| {
        vec![
            format!(
                "aws lambda update-function-configuration --function-name {name} --memory-size {mb}"
            ),
            format!("aws lambda wait function-updated --function-name {name}"),
        ]
    };
    Ok(Fix {
        title: format!("Run function {} with {then} MB instead of {memory} MB", name_of(cx, used)),
        change: Some(change("memory", format!("{memory} MB"), format!("{then} MB"), false)),
        unknown: cost.is_none().then(|| "the bill has no list cost for covered usage".to_owned()),
        cost,
        caveats: vec!["first find out whether the memory grows with each invocation: a leak needs a fix in the code".to_owned()],
        rollback: vec!["set the memory back: it applies to new invocations at once".to_owned()],
        runbook: Runbook {
            rollout: vec!["at any time: new invocations use the new memory".to_owned()],
            commands: set(&then.to_string()),
            rollback_commands: set(&memory.to_string()),
            watch: vec!["memory_utilization, Duration, and Errors for a day".to_owned()],
            terraform: vec![format!("aws_lambda_function: memory_size = {then}")],
        },
    })
}
