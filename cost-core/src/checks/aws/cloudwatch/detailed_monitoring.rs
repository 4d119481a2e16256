//! Instances with detailed monitoring outside production.
//!
//! In:  inventory of instances; the price of metrics in the bill.
//! Out: one `Modify` opportunity per instance.

use rust_decimal::Decimal;

use crate::assumptions::HOURS_PER_MONTH;
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::aws::ec2::machine::is_instance_hours;
use crate::checks::aws::scaling_group::group_of;
use crate::checks::shared::chosen;
use crate::checks::shared::environment::for_tests;
use crate::cloud::Provider;
use crate::inventory::{detail, short_id};
use crate::money::{Money, Savings};
use crate::opportunity::{Action, Claim, Draft};
use crate::runbook::shell_word;
use crate::slice::Slice;
use crate::tradeoff::{Level, TradeOff};

const METRICS: Threshold = chosen(
    "metrics",
    7.0,
    "metrics per instance",
    "metrics that detailed monitoring bills",
    "",
    "Amazon CloudWatch pricing, example of EC2 detailed monitoring: seven metrics per instance",
);

/// Item of the price list, and the kind of usage in the bill.
const METER: &str = "CW:MetricMonitorUsage";

/// The check that [`META`] describes.
pub(in crate::checks) struct DetailedMonitoring;

static META: CheckMeta = CheckMeta {
    id: "detailed_monitoring",
    provider: Some(Provider::Aws),
    service: "cloudwatch",
    title: "Detailed monitoring outside production",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeInstances"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[METRICS],
    docs: "\
## What it finds
Instances with detailed monitoring whose name, or tag `env`, `environment`, or `stage`, contains a word such as `dev`, `test`, or `qa`, and none such
as `prod`. Detailed monitoring reports metrics every minute instead of every five minutes, which is free. Members of Auto Scaling groups are
excluded, because scaling may need it. Needs the inventory.
## How the saving is computed
Per month of 730 h: seven metrics × the mean price that the bill shows for metrics in the account's Region × the share of hours that it ran. If the
bill has no such usage, the price is unknown and the instance is skipped.
## Trade-offs
Alarms with periods below five minutes have missing data.
## Source
Amazon EC2 User Guide, \"Manage detailed monitoring for your EC2 instances\". Amazon CloudWatch pricing (metrics by month). Read 2026-11.",
};

impl Check for DetailedMonitoring {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named_once(is_instance_hours, &mut out)? {
            let Some(known) = cx.resource(&used.resource_id) else { continue };
            let is_on = known.get(detail::DETAILED_MONITORING) == Some(true);
            if !is_on || group_of(cx, &used.resource_id).is_some() {
                continue;
            }
            let Some(word) = for_tests(known, true) else { continue };
            match cx.paid_or_list(&used.region_id, METER, METER) {
                Ok((price, source)) => judge(cx, used, (&word, price, source), &mut out)?,
                Err(unknown) => out.skip_unknown(&used.resource_id, &unknown),
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    (word, price, source): (&str, Decimal, &str),
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let metrics = cx.decimal(META.id, &METRICS);
    // Metrics are billed by the hour that the instance runs.
    let month = Decimal::from(HOURS_PER_MONTH);
    let hours = used.now().quantity.unwrap_or(month).min(month);
    let share = hours.checked_div(month).unwrap_or(Decimal::ONE);
    let cost = Money::new((price * metrics * share).round_dp(12), cx.currency());
    // The bill shows metrics by account, not by instance.
    let claim = Claim {
        sub_account_id: used.sub_account_id.clone(),
        resource_id: used.resource_id.clone(),
        slice: Slice::Requests,
        spend: cost,
        savings: Savings::try_new(cost, cost, cost)?,
        possible: None,
        pools: Vec::new(),
    };
    let id = shell_word(short_id(&used.resource_id));
    let draft =
        Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title("Turn detailed monitoring off")
            .from_to("monitoring", "detailed", "basic")
            .evidence("not production", word, "inventory")
            .evidence("metrics", metrics.normalize(), "AWS documentation")
            .evidence("price of a metric, per month", price.round_dp(4).normalize(), source)
            .claims([claim])
            .rollout(&["change all instances of an environment at once"])
            .run(format!("aws ec2 unmonitor-instances --instance-ids {id}"))
            .undo(format!("aws ec2 monitor-instances --instance-ids {id}"))
            .watch("alarms in the state INSUFFICIENT_DATA: set their period to 5 minutes")
            .terraform("aws_instance: monitoring = false");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "metrics every five minutes are enough outside production";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("alarms react up to four minutes later")
        .no_downtime("none")
        .test_first(&["list the alarms of the instance with a period below five minutes"])
        .rollback(&["turn detailed monitoring on: metrics every minute are there within minutes"])
}
