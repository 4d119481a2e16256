//! Log groups that could use the Infrequent Access class.
//!
//! In:  inventory `log-group` rows; monthly resource rows of ingested logs.
//! Out: one `Modify` opportunity per group: a new group of the other class.
//! Not here: how long logs are retained (see `log_retention`).

use rust_decimal::Decimal;

use super::unused_log_group::{group_name, is_intake};
use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, Look, PlainCheck, name_of};
use crate::checks::shared::uncertain::SUCCESS;
use crate::cloud::Provider;
use crate::inventory::detail;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

const INTAKE: Threshold = chosen(
    "least_gb",
    50.0,
    "GB",
    "ingested logs",
    "the month under review",
    "chosen: 12.50 USD a month at the list price difference of 0.25 USD per GB in us-east-1",
);
const CHEAPER: Threshold = chosen(
    "cheaper_pct",
    50.0,
    "%",
    "price difference of ingested logs",
    "",
    "Amazon CloudWatch pricing: 0.25 USD instead of 0.50 USD per GB in us-east-1, 0.38 instead of 0.76 in ap-northeast-2",
);

static META: CheckMeta = CheckMeta {
    id: "log_class",
    provider: Some(Provider::Aws),
    service: "cloudwatch",
    title: "Log groups that could use the Infrequent Access class",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["logs:DescribeLogGroups", "logs:DescribeMetricFilters", "logs:DescribeSubscriptionFilters"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[INTAKE, CHEAPER, SUCCESS],
    docs: "\
## What it finds
CloudWatch log groups of the Standard class that ingest at least the threshold's logs per month. Logs that people only search after an incident fit the
Infrequent Access class.
## How the saving is computed
Per month: EffectiveCost of the ingested logs × the price difference of the classes. Storage costs the same. `low` is 0, because the inventory does
not show whether the group needs a feature of the Standard class. `expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
Infrequent Access has no metric filters, no subscription filters, no Live Tail, and no alarms on log content. The class of a group cannot be changed: a
new group is needed, and the old logs stay in the old one.
## Source
Amazon CloudWatch Logs User Guide, \"Log classes\"; Amazon CloudWatch pricing. Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_intake,
    look,
    trade_off,
    runbook: |draft, cx, used| {
        let name = group_name(cx, used);
        let (id, new) = (shell_word(name), shell_word(&format!("{name}-ia")));
        draft
            .rollout(&["create the new group, and let one writer in staging use it", "change the other writers; the old group stays until its logs expire"])
            .run(format!("test \"$(aws logs describe-metric-filters --log-group-name {id} --query 'length(metricFilters)')\" = 0"))
            .run(format!("test \"$(aws logs describe-subscription-filters --log-group-name {id} --query 'length(subscriptionFilters)')\" = 0"))
            .run(format!("aws logs create-log-group --log-group-name {new} --log-group-class INFREQUENT_ACCESS"))
            .undo(format!("aws logs delete-log-group --log-group-name {new}"))
            .watch("dashboards, alarms, and searches that name the old group")
            .terraform("add an aws_cloudwatch_log_group with log_group_class = \"INFREQUENT_ACCESS\" and its retention, and change the writers to it")
    },
};

fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    let known = cx.resource(&used.resource_id);
    let class = known.and_then(|group| group.get(detail::CLASS));
    let class = class.ok_or("its class is missing from the inventory")?;
    let gb = used
        .now()
        .quantity
        .ok_or("its ingested logs cannot be determined: PricingQuantity is missing")?;
    if class != "STANDARD" || gb < cx.decimal(META.id, &INTAKE) {
        return Ok(None);
    }
    Ok(Some(Found {
        share: cx.decimal(META.id, &CHEAPER) / Decimal::ONE_HUNDRED,
        uncertain: true,
        title: format!("Write the logs of {} to the Infrequent Access class", name_of(cx, used)),
        facts: vec![Evidence::new("ingested per month", format!("{} GB", gb.round_dp(0)), "bill")],
        change: Some(("log class", "Standard".to_owned(), "Infrequent Access".to_owned())),
    }))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason =
        "features of the Standard class no longer work for these logs, such as metric filters";
    TradeOff::new(Level::Medium, Level::Medium, reason, cx.currency())
        .reliability("none for the logs; alarms that depend on metric filters of the group would stop")
        .effect("when the writers use the new group")
        .test_first(&[
            "list metric filters, subscription filters, and Live Tail users of the group",
            "run the team's usual searches on a test group of the class",
        ])
        .rollback(&["change the writers back to the old group, and delete the new one when its logs are no longer needed"])
        .caveats(&["during the change, searches must include both groups"])
}
