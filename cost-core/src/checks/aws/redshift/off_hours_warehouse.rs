//! Redshift clusters that run at night and on weekends without connections.
//!
//! In:  monthly resource rows of Redshift node hours; hourly connections.
//! Out: one `Schedule` opportunity per cluster.
//! Not here: clusters that never have connections (see `idle_warehouse`).

use serde_json::json;

use super::idle_warehouse::is_there;
use crate::check::{CheckMeta, Context, Group, Input, Threshold};
use crate::checks::aws::off_hours::{MISSED, OFF, OffHoursCheck};
use crate::checks::shared::chosen;
use crate::checks::shared::rollout::schedule;
use crate::cloud::Provider;
use crate::cloud::aws::arn::last_part;
use crate::runbook::shell_word;
use crate::schedule::Weekly;
use crate::tradeoff::{Level, TradeOff};
use crate::usage::Metric;

const CONNECTIONS: Threshold = chosen(
    "idle_connections",
    0.0,
    "connections per hour",
    "DatabaseConnections, sum of an hour",
    "every hour of the weeks measured",
    "as `idle_warehouse`",
);

static META: CheckMeta = CheckMeta {
    id: "off_hours_warehouse",
    provider: Some(Provider::Aws),
    service: "redshift",
    title: "Redshift clusters that run outside the hours of use",
    group: Group::SpotAndSchedule,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["redshift:DescribeClusters", "cloudwatch:ListMetrics", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[CONNECTIONS, OFF, MISSED],
    docs: "\
## What it finds
Redshift clusters with a weekly pattern of use. An hour of the week counts as used if there were connections in two or more of the weeks measured.
Otherwise as `off_hours_instance`. Nightly loads connect too, and their hours are not off.
## How the saving is computed
Per month of 730 h: EffectiveCost of the node hours × hours off ÷ 168. Storage and snapshots continue to be billed.
## Trade-offs
A paused cluster accepts no connections. It takes a snapshot first, and resuming takes minutes, with a cold cache.
## Source
Amazon Redshift Management Guide, \"Pausing and resuming a cluster\"; Amazon Redshift API Reference, \"CreateScheduledAction\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: OffHoursCheck = OffHoursCheck {
    meta: &META,
    hours: is_there,
    metric: Metric::Operations,
    idle: CONNECTIONS,
    noun: "Redshift cluster",
    trade_off,
    runbook: |draft, _, used, plan| {
        let name = last_part(&used.resource_id);
        let id = shell_word(name);
        let removed: Vec<String> = actions(name, plan)
            .into_iter()
            .map(|a| {
                format!(
                    "aws redshift delete-scheduled-action --scheduled-action-name {}",
                    shell_word(&a.name)
                )
            })
            .collect();
        schedule(draft.rollout(&["pause and resume it once by hand, and measure how long that takes"]))
            .run(format!("save cluster.json aws redshift describe-clusters --cluster-identifier {id}"))
            .run(": \"${ROLE_ARN:?set ROLE_ARN to a role that scheduler.redshift.amazonaws.com may assume, and that may pause and resume it}\"")
            .run(created(name, plan))
            .undo(removed.join("\n"))
            .undo(format!("STATE=$(aws redshift describe-clusters --cluster-identifier {id} --query 'Clusters[0].ClusterStatus' --output text)"))
            .undo(format!("[ \"$STATE\" != paused ] || aws redshift resume-cluster --cluster-identifier {id}"))
            .watch("failed connections of reports and loads in the morning, for two weeks")
            .terraform("aws_redshift_scheduled_action with target_action pause_cluster and resume_cluster")
    },
};

/// A scheduled action.
struct Action {
    name: String,
    /// The operation and its input, JSON.
    target: String,
    /// UTC, Redshift's `cron`.
    at: String,
}

/// Returns the actions of a schedule: resume before the first hour, pause after the last, for each
/// group of days with the same hours.
fn actions(name: &str, plan: &Weekly) -> Vec<Action> {
    let mut all = Vec::new();
    for (number, (days, from, to)) in plan.groups().into_iter().enumerate() {
        // The hour after the last may be midnight: the action then is at 23:59 of the same day.
        let pause = if to == 24 { "59 23".to_owned() } else { format!("0 {to}") };
        for (verb, at) in [("Resume", format!("0 {from}")), ("Pause", pause)] {
            let operation = format!("{verb}Cluster");
            all.push(Action {
                name: format!("{}-{}-{number}", short(name), verb.to_lowercase()),
                target: json!({ operation: { "ClusterIdentifier": name } }).to_string(),
                at: format!("cron({at} ? * {days} *)"),
            });
        }
    }
    all
}

/// Returns lines that create the actions.
fn created(name: &str, plan: &Weekly) -> String {
    let line = |a: Action| {
        format!(
            "aws redshift create-scheduled-action --scheduled-action-name {} --target-action {} --schedule {} --iam-role \"$ROLE_ARN\" --enable",
            shell_word(&a.name),
            shell_word(&a.target),
            shell_word(&a.at)
        )
    };
    actions(name, plan).into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Returns the start of a name: names of actions have at most 63 characters.
fn short(name: &str) -> String {
    name.chars().take(50).collect()
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "reports and loads may need it in hours in which it was not used so far";
    TradeOff::new(Level::Medium, Level::Medium, reason, cx.currency())
        .reliability("no queries and no automated snapshots while it is paused")
        .interrupts("every night and weekend, by schedule; resuming takes minutes")
        .test_first(&[
            "ask the owner for the hours, and for loads that start outside of them",
            "pause and resume it once, and measure how long that takes",
        ])
        .rollback(&["delete the scheduled actions and resume the cluster"])
        .caveats(&[
            "hours are in UTC: consider daylight saving time",
            "reserved nodes are paid for while it is paused",
        ])
}
