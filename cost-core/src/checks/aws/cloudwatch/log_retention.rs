//! Log groups that retain logs forever.
//!
//! In:  inventory `log-group` rows; monthly resource rows of stored and ingested logs.
//! Out: one `Modify` opportunity per group.
//! Not here: groups that receive no more logs (see `unused_log_group`).

use rust_decimal::Decimal;

use super::unused_log_group::{group_name, is_intake, is_stored};
use crate::check::{CheckMeta, Context, Group, Input, Threshold};
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::checks::shared::rollout::removal;
use crate::checks::shared::uncertain::success;
use crate::cloud::Provider;
use crate::inventory::detail;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const DAYS: Threshold = chosen(
    "retention_days",
    90.0,
    "days",
    "days of retention",
    "",
    "chosen (ADR 0016): a quarter; set it to what your retention rules require",
);
/// Compression of stored logs: stored bytes ÷ ingested bytes, as AWS bills storage. AWS,
/// `CloudWatch` pricing: "0.15 compression ratio" in its examples.
const COMPRESSED: Decimal = Decimal::from_parts(15, 0, 0, false, 2);

/// The expected share of the possible saving.
const SUCCESS: Threshold = success(
    80.0,
    "chosen: the size of the retained days is computed from the ingested bytes, and only their compression is assumed",
);

static META: CheckMeta = CheckMeta {
    id: "log_retention",
    provider: Some(Provider::Aws),
    service: "cloudwatch",
    title: "Log groups that retain logs forever",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["logs:DescribeLogGroups"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[DAYS, SUCCESS],
    docs: "\
## What it finds
Log groups without a retention setting that store more logs than they ingest in the threshold's days.
## How the saving is computed
Per month: EffectiveCost of the storage × (1 − size of the retained days ÷ stored size). The size of a day is the month's ingested bytes ÷ days ×
0.15 (compression). `low` is 0, because the age of the stored logs is unknown. `expected` is 80 % of what is possible (`success_pct`).
## Trade-offs
Older logs are lost permanently.
## Source
Amazon CloudWatch Logs User Guide, \"Change log data retention in CloudWatch Logs\"; Amazon CloudWatch pricing. Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_stored,
    look: |cx, used| {
        let Some(group) = cx.resource(&used.resource_id) else {
            return Err(
                "billed, but not in the inventory: deleted since, or not collected".to_owned()
            );
        };
        if group.get(detail::RETENTION_DAYS).is_some() {
            return Ok(None);
        }
        let stored = used
            .now()
            .quantity
            .ok_or("its stored size cannot be determined: PricingQuantity is missing")?;
        let intake = cx
            .of_resource(&used.resource_id)
            .iter()
            .filter(|u| is_intake(u))
            .map(|u| u.now().quantity);
        let intake = intake
            .collect::<Option<Vec<_>>>()
            .ok_or("PricingQuantity of its ingested logs is unknown")?;
        let intake: Decimal = intake.into_iter().sum();
        if intake.is_zero() {
            return Ok(None);
        }
        let days = cx.decimal(META.id, &DAYS);
        let retained = intake / Decimal::from(cx.month.hours() / 24) * days * COMPRESSED;
        let share = Decimal::ONE - retained.checked_div(stored).unwrap_or(Decimal::ONE);
        Ok((share > Decimal::ZERO).then(|| Found {
            share,
            uncertain: true,
            title: format!(
                "Retain the logs of {} for {} days",
                name_of(cx, used),
                days.normalize()
            ),
            facts: vec![
                Evidence::new("stored", format!("{} GB", stored.round_dp(1).normalize()), "bill"),
                Evidence::new(
                    "ingested per month",
                    format!("{} GB", intake.round_dp(1).normalize()),
                    "bill",
                ),
                Evidence::new(
                    "stored after the change, about",
                    format!("{} GB", retained.round_dp(1).normalize()),
                    "computed",
                ),
            ],
            change: Some(("retention", "forever".to_owned(), format!("{} days", days.normalize()))),
        }))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let (id, days) = (shell_word(group_name(cx, used)), cx.decimal(META.id, &DAYS).normalize());
        let effect =
            format!("sets the retention to {days} days, and the service deletes older events");
        removal(draft, "audits and incident reviews may need older events", &effect)
            .run(format!(
                "aws logs put-retention-policy --log-group-name {id} --retention-in-days {days}"
            ))
            .undo(format!("aws logs delete-retention-policy --log-group-name {id}"))
            .watch("stored bytes of the group: they should fall within days")
            .terraform(format!("aws_cloudwatch_log_group: retention_in_days = {days}"))
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "logs that rules require for longer would be lost";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .effect("within 72 hours")
        .undo(Reversibility::Irreversible)
        .test_first(&[
            "check what auditors and incident reviews require",
            "export older logs to S3 if they must be retained",
        ])
        .rollback(&["removing the rule stops the deletion, but deleted data cannot be restored"])
}
