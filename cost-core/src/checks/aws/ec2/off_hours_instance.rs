//! Instances that run at night and on weekends without being used.
//!
//! In:  monthly resource rows of `BoxUsage`; hourly CPU.
//! Out: one `Schedule` opportunity per instance.
//! Not here: instances that are never used (see `idle_instance`), Auto Scaling groups.

use serde_json::json;

use super::machine::is_instance_hours;
use crate::check::{CheckMeta, Context, Group, Input, Threshold};
use crate::checks::aws::off_hours::{MISSED, OFF, OffHoursCheck, remove_schedules, schedules};
use crate::checks::shared::chosen;
use crate::checks::shared::rollout::schedule;
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};
use crate::usage::Metric;

const CPU: Threshold = chosen(
    "idle_cpu_pct",
    5.0,
    "% CPU",
    "CPUUtilization, maximum of an hour",
    "every hour of the weeks measured",
    "as `idle_instance`: peak CPU below 5 %",
);

static META: CheckMeta = CheckMeta {
    id: "off_hours_instance",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "Instances that run outside the hours of use",
    group: Group::SpotAndSchedule,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["ec2:DescribeInstances", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[CPU, OFF, MISSED],
    docs: "\
## What it finds
Instances with a weekly pattern of use. An hour of the week counts as used if CPU exceeded the threshold in two or more of the weeks measured. The
schedule is easy to remember: the same hours on all weekdays, and on both days of the weekend, except days that are off. It adds an
hour before the first and after the last hour of use. Hours used in one week only are not in the schedule, and their number is in the evidence.
If there are many, as with a job that runs once a month, there is no pattern and no opportunity. Standbys (by name or tag) are skipped, with the
reason.
## How the saving is computed
Per month of 730 h: EffectiveCost of the hours × hours off ÷ 168. Volumes and addresses continue to be billed. Hours that a commitment pays for
save what the commitment then covers of other on-demand usage.
## Trade-offs
People who work late find it off, so they need a way to start it manually. Instance storage is lost at each stop.
## Source
AWS Instance Scheduler Implementation Guide. Read 2026-11.",
};

pub(in crate::checks) static CHECK: OffHoursCheck = OffHoursCheck {
    meta: &META,
    hours: is_instance_hours,
    metric: Metric::CpuMax,
    idle: CPU,
    noun: "instance",
    trade_off,
    runbook: |draft, _, used, plan| {
        let name = short_id(&used.resource_id);
        schedule(draft)
            .run(schedules("ec2", "Instances", name, &json!({ "InstanceIds": [name] }), plan))
            .undo(remove_schedules())
            .undo(format!("aws ec2 start-instances --instance-ids {}", shell_word(name)))
            .watch("requests to start it manually: more than one per week means that the hours are wrong")
            .terraform("aws_scheduler_schedule with the target arn:aws:scheduler:::aws-sdk:ec2:stopInstances, and one for startInstances")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "people may need it in hours in which it was not used so far";
    TradeOff::new(Level::Medium, Level::Medium, reason, cx.currency())
        .reliability("not for production that must respond at any hour, even if its use is low")
        .interrupts("every night and weekend, by schedule")
        .test_first(&[
            "ask the owner for the hours",
            "stop it manually on one evening, and check that everything starts in the morning",
        ])
        .rollback(&["delete the schedule and start the instance"])
        .caveats(&["hours are in UTC: consider daylight saving time"])
}
