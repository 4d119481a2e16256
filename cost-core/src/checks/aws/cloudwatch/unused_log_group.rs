//! Log groups that are stored but receive no more logs.
//!
//! In:  monthly resource rows of `CloudWatch` `TimedStorage-ByteHrs` and `DataProcessing-Bytes`.
//! Out: one `Remove` opportunity per group.
//! Not here: groups that still receive logs (see `log_retention`).

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, ResourceUse};
use crate::checks::aws::meter::kind;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::checks::shared::uncertain::SUCCESS;
use crate::cloud::Provider;
use crate::money::Money;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// Months without ingested logs.
const QUIET_MONTHS: usize = 3;

static META: CheckMeta = CheckMeta {
    id: "unused_log_group",
    provider: Some(Provider::Aws),
    service: "cloudwatch",
    title: "Log groups that receive no more logs",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["logs:DescribeLogGroups"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 3,
    thresholds: &[SUCCESS],
    docs: "\
## What it finds
Log groups whose storage was billed in each of the last three months and that ingested no logs in any of them. Needs only the bill. The bill
must contain ingested logs by log group, else the check is skipped.
## How the saving is computed
Per month: EffectiveCost of the storage. The evidence shows the cost of an export of the stored size in S3 Standard, which is billed as long as the
export is retained. It is not subtracted, because how much must be retained, and how long, is unknown. Therefore `low` is 0. `expected` is 50 % of
what is possible (`success_pct`).
## Trade-offs
The logs are lost, unless they are exported first.
## Source
Amazon CloudWatch Logs User Guide, \"Working with log groups and log streams\". Read 2026-11.",
};

/// Returns whether a usage is log storage.
pub(in crate::checks) fn is_stored(used: &ResourceUse) -> bool {
    is_logs(used) && kind(used) == "TimedStorage-ByteHrs"
}

/// Returns whether a usage is log ingestion.
pub(in crate::checks) fn is_intake(used: &ResourceUse) -> bool {
    is_logs(used) && kind(used) == "DataProcessing-Bytes"
}

/// Returns the name of a log group: the part of its ARN after `log-group:`.
pub(in crate::checks) fn group_name<'a>(cx: &'a Context<'_>, used: &'a ResourceUse) -> &'a str {
    let of_arn = used.resource_id.split_once("log-group:");
    of_arn.map_or_else(|| name_of(cx, used), |(_, name)| name.trim_end_matches(":*"))
}

fn is_logs(used: &ResourceUse) -> bool {
    used.service_name.as_deref().is_some_and(|s| s.contains("CloudWatch"))
}

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Remove,
    wanted: is_stored,
    look: |cx, used| {
        if !cx.has_named(is_intake) {
            return Err("the bill does not show the ingested logs by log group".to_owned());
        }
        let quiet = !cx.of_resource(&used.resource_id).iter().any(is_intake);
        let gb = used
            .now()
            .quantity
            .map_or_else(|| "unknown".to_owned(), |q| format!("{} GB", q.round_dp(1).normalize()));
        Ok((quiet && used.months.len() == QUIET_MONTHS).then(|| Found {
            share: Decimal::ONE,
            // An export in S3 Standard can cost almost as much.
            uncertain: true,
            title: format!("Export and delete the log group {}", name_of(cx, used)),
            facts: vec![
                Evidence::new("ingested, last three months", "none", "bill"),
                Evidence::new("stored", gb, "bill"),
                export(cx, used),
            ],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(group_name(cx, used));
        draft
            .rollout(&["export what retention rules require, and delete it a week later"])
            .run(": \"${BUCKET:?set it to an S3 bucket of the region that CloudWatch Logs may write to}\"")
            .run(format!("save group.json aws logs describe-log-groups --log-group-name-prefix {id}"))
            .run(format!(
                "once TASK aws logs create-export-task --log-group-name {id} --from 0 --to \"$(date +%s)000\" --destination \"$BUCKET\" --query taskId --output text"
            ))
            .run("until_is COMPLETED 1440 aws logs describe-export-tasks --task-id \"$TASK\" --query 'exportTasks[0].status.code' --output text")
            .run(format!("aws logs delete-log-group --log-group-name {id}"))
            .undo(format!("aws logs create-log-group --log-group-name {id}"))
            .watch("metric filters and dashboards that name it")
            .terraform("remove its aws_cloudwatch_log_group")
    },
};

/// Returns the cost of an export of the stored size in S3 Standard, per month, as evidence.
fn export(cx: &Context<'_>, used: &ResourceUse) -> Evidence {
    let label = "export in S3 Standard, per month while it is retained (not subtracted)";
    let price = cx.list(&used.region_id, "s3-standard").map_err(|unknown| unknown.to_string());
    let cost = price.and_then(|price| {
        let gb = used.now().quantity.ok_or("the stored size is unknown")?;
        let cost = price.checked_mul(gb).ok_or("the stored size is too large")?;
        Ok(Money::new(cost.round_dp(12), cx.currency()))
    });
    match cost {
        Ok(cost) => Evidence::new(label, cost, "price list"),
        Err(reason) => Evidence::new(label, format!("unknown: {reason}"), "price list"),
    }
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "it receives no logs, but auditors may require its content";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .undo(Reversibility::Irreversible)
        .test_first(&[
            "ask the owner; check retention rules",
            "export it to S3 and read one of the files",
        ])
        .rollback(&[
            "create the group again, empty: exported logs can be read in S3 but not restored to the group",
        ])
}
