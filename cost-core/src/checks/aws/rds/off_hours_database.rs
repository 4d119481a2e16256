//! Databases that run at night and on weekends without connections.
//!
//! In:  monthly resource rows of RDS instance hours; hourly connections.
//! Out: one `Schedule` opportunity per database.
//! Not here: databases that never have connections (see `idle_database`).

use serde_json::json;

use super::idle_database::is_there;
use crate::check::{CheckMeta, Context, Group, Input, Threshold};
use crate::checks::aws::off_hours::{MISSED, OFF, OffHoursCheck, remove_schedules, schedules};
use crate::checks::shared::chosen;
use crate::checks::shared::plain::name_of;
use crate::checks::shared::rollout::schedule;
use crate::cloud::Provider;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};
use crate::usage::Metric;

const CONNECTIONS: Threshold = chosen(
    "idle_connections",
    0.0,
    "connections per hour",
    "DatabaseConnections, sum of an hour",
    "every hour of the weeks measured",
    "as `idle_database`",
);

static META: CheckMeta = CheckMeta {
    id: "off_hours_database",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Databases that run outside the hours of use",
    group: Group::SpotAndSchedule,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["rds:DescribeDBInstances", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[CONNECTIONS, OFF, MISSED],
    docs: "\
## What it finds
RDS instances with a weekly pattern of use. An hour of the week counts as used if there were connections in two or more of the weeks measured.
Otherwise as `off_hours_instance`.
## How the saving is computed
Per month of 730 h: EffectiveCost of the instance hours × hours off ÷ 168. Storage and backups continue to be billed.
## Trade-offs
A start takes minutes, with a cold cache. RDS starts a stopped instance automatically after seven days.
## Source
Amazon RDS User Guide, \"Stopping an Amazon RDS DB instance temporarily\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: OffHoursCheck = OffHoursCheck {
    meta: &META,
    hours: is_there,
    metric: Metric::Operations,
    idle: CONNECTIONS,
    noun: "database",
    trade_off,
    runbook: |draft, cx, used, plan| {
        let name = name_of(cx, used);
        schedule(draft)
            .run(schedules("rds", "DBInstance", name, &json!({ "DbInstanceIdentifier": name }), plan))
            .undo(remove_schedules())
            .undo(format!("aws rds start-db-instance --db-instance-identifier {}", shell_word(name)))
            .watch("connection errors in the morning, and the duration of the first queries")
            .terraform("aws_scheduler_schedule with the targets rds:stopDBInstance and rds:startDBInstance")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "people may need it in hours in which it was not used so far";
    TradeOff::new(Level::Medium, Level::Medium, reason, cx.currency())
        .reliability("no automated backups while it is off; not for production that must respond at any hour")
        .interrupts("every night and weekend, by schedule; starting takes minutes")
        .test_first(&["ask the owner for the hours", "stop and start it once, and measure how long that takes"])
        .rollback(&["delete the schedule and start the database"])
        .caveats(&["hours are in UTC: consider daylight saving time"])
}
