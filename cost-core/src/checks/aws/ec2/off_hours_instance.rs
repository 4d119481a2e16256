//! Instances that run at night and on weekends, when nobody uses them.
//!
//! In:  resource-by-month rows of `BoxUsage`; hourly CPU.
//! Out: one `Schedule` opportunity an instance.
//! Not here: instances that nobody ever uses (see `idle_instance`), Auto Scaling groups.

use super::machine::is_instance_hours;
use crate::check::{CheckMeta, Context, Group, Input, Threshold};
use crate::checks::aws::off_hours::{MISSED, OFF, OffHoursCheck};
use crate::checks::shared::chosen;
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
    title: "Instances that run when nobody uses them",
    group: Group::SpotAndSchedule,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["ec2:DescribeInstances", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[CPU, OFF, MISSED],
    docs: "\
## What it finds
Instances with a weekly rhythm: hours of the week in which CPU did not go above the threshold in two of the weeks measured or more. The
schedule is one that people can keep in mind: the same hours on all weekdays, and on both days of the weekend, but for days that are off; it
keeps an hour before the first and after the last hour of use. An hour that was used in one week only is not kept on for: how many, is said;
where there are many, as with a job that runs once a month, there is no rhythm and no advice. Standbys by name or tag are skipped and said to be.
## How the saving is computed
Per month of 730 h: EffectiveCost of the hours × hours off ÷ 168. Disks and addresses are billed on. Hours that a commitment pays for save
what other usage then does not cost on demand.
## Trade-offs
Who works late finds it off: a way to start it by hand must be there. Instance storage is lost at each stop.
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
    runbook: |draft, _, used| {
        let id = shell_word(short_id(&used.resource_id));
        draft
            .rollout(&["development first, for two weeks", "then the others of the team, once a way to start by hand is known"])
            .run("aws scheduler create-schedule --name NAME-off --schedule-expression 'cron(0 HOUR ? * MON-FRI *)' --target file://stop.json --flexible-time-window Mode=OFF")
            .run(format!("aws ec2 stop-instances --instance-ids {id}"))
            .undo("aws scheduler delete-schedule --name NAME-off")
            .undo(format!("aws ec2 start-instances --instance-ids {id}"))
            .watch("requests to start it by hand: more than one a week means that the hours are wrong")
            .terraform("aws_scheduler_schedule with the target arn:aws:scheduler:::aws-sdk:ec2:stopInstances, and one for startInstances")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "somebody may need it in hours in which nobody did so far";
    TradeOff::new(Level::Medium, Level::Medium, reason, cx.currency())
        .reliability("not for production that must answer at any hour: low use is use")
        .interrupts("every night and weekend, by schedule")
        .test_first(&[
            "ask the owner for the hours",
            "stop it by hand on one evening, and see that all comes up in the morning",
        ])
        .rollback(&["delete the schedule; start it"])
        .caveats(&["hours are UTC: mind daylight saving time"])
}
