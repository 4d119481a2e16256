//! Instances that run without doing work.
//!
//! In:  monthly resource rows of `BoxUsage`; hourly CPU and network.
//! Out: one `Remove` opportunity per instance; its volumes stay (see `unattached_volume`).
//! Not here: instances with little work (see `oversized_instance`).

use rust_decimal::Decimal;

use super::machine::is_instance_hours;
use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::scaling_group::{emr_reason, group_of};
use crate::checks::shared::chosen;
use crate::checks::shared::final_snapshot::{Kept, UNKNOWN_COPY, WithCopy};
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG};
use crate::cloud::Provider;
use crate::inventory::{Kind, Resource, short_id};
use crate::opportunity::{Draft, Opportunity};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::Metric;

const CPU: Threshold = chosen(
    "cpu_max_pct",
    5.0,
    "%",
    "CPUUtilization, maximum of all hours",
    "all hours measured",
    "AWS Compute Optimizer, idle resource recommendations: peak CPU below 5 %",
);
const NETWORK: Threshold = chosen(
    "network_bytes_per_day",
    5_242_880.0,
    "bytes per day",
    "NetworkIn + NetworkOut, daily mean",
    "all hours measured",
    "AWS Compute Optimizer, idle resource recommendations: network below 5 MB a day",
);

static META: CheckMeta = CheckMeta {
    id: "idle_instance",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "Idle instances",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["ec2:DescribeInstances", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[CPU, NETWORK, DAYS, YOUNG, UNKNOWN_COPY],
    docs: "\
## What it finds
Running instances whose CPU never exceeded the threshold in any hour and whose network traffic, if measured, stayed within its threshold.
CPU by itself is not enough: a proxy that moves data is not idle. Young instances are excluded. Standbys (by name or tag) and instances of
Auto Scaling groups are skipped, with the reason. The maximum of every hour counts, so that an instance with a batch job on two days of the
month is not idle. If less than a month was measured, this is a caveat.
## How the saving is computed
Per month of 730 h: EffectiveCost of its hours − the snapshots of an image with the full size of its volumes, at the price in the bill or the list
price. `high` is without the image. If the sizes of its volumes are unknown, `low` assumes a copy of 8 % of the saving (`unknown_copy_pct`) and
`expected` half of that. Hours that a commitment pays for save what the commitment then covers of other on-demand usage.
## Trade-offs
Stop it first and wait: a restart takes minutes. Terminating it loses its instance storage and its address.
## Source
AWS Compute Optimizer User Guide, \"Idle resource recommendations\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: WithCopy = WithCopy {
    kept: Kept {
        label: "image, per month",
        kind: "EBS:SnapshotUsage",
        service: None,
        item: "snapshot",
        gb: Some(image_gb),
    },
    check: IdleCheck {
        meta: &META,
        is_there: is_instance_hours,
        goes: is_instance_hours,
        dimensions: &[
            Dimension {
                metric: Metric::CpuMax,
                statistic: Statistic::Max,
                threshold: CPU,
                label: "CPU, highest hour",
            },
            Dimension {
                metric: Metric::Network,
                statistic: Statistic::PerDay,
                threshold: NETWORK,
                label: "network per day",
            },
        ],
        noun: "instance",
        trade_off,
        runbook,
        unless,
    },
};

/// Returns the size of an image of an instance: that of its volumes, of which each snapshot stores
/// at most all blocks.
fn image_gb(cx: &Context<'_>, instance: &Opportunity) -> Result<Decimal, String> {
    let attached = cx.inventory.into_iter().flat_map(|i| i.attached_to(&instance.subject));
    let volumes: Vec<Option<i64>> =
        attached.filter(|v| v.kind == Kind::Volume).map(|v| v.size_gb).collect();
    let sizes = volumes.into_iter().collect::<Option<Vec<i64>>>().filter(|all| !all.is_empty());
    let sizes = sizes.ok_or("the sizes of its volumes are missing from the inventory")?;
    Ok(sizes.into_iter().map(Decimal::from).sum())
}

fn unless(cx: &Context<'_>, instance: &Resource) -> Option<String> {
    let in_group =
        "in an Auto Scaling group, which would replace it: lower the group's minimum size instead";
    let of_group = group_of(cx, &instance.resource_id).map(|_| in_group.to_owned());
    of_group.or_else(|| emr_reason(cx, &instance.resource_id))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "no use was measured, but its purpose is unknown: ask its owner";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("if it is a standby for another resource, that protection is lost: ask first")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "ask the owner named in its tags",
            "stop it for two weeks before terminating it",
        ])
        .rollback(&[
            "start it again; after termination, launch a new one from its AMI and snapshots",
        ])
        .caveats(&["data on instance storage is lost when it stops"])
}

fn runbook(draft: Draft, used: &ResourceUse, _: Option<&Resource>) -> Draft {
    let id = shell_word(short_id(&used.resource_id));
    draft
        .rollout(&["stop it", "two weeks later, if it was not needed, run the script again: it creates an AMI and terminates the instance"])
        .run(lines::save_instance(&id))
        .run(lines::first_step(
            "stopped.txt",
            &format!("aws ec2 stop-instances --instance-ids {id}"),
            14,
            ("it stops", "terminate it"),
        ))
        .run(format!("until_is stopped 10 aws ec2 describe-instances --instance-ids {id} --query 'Reservations[0].Instances[0].State.Name' --output text"))
        .run(lines::image(&id))
        .run(format!("aws ec2 terminate-instances --instance-ids {id}"))
        .undo(format!("if [ ! -e ids.sh ]; then\naws ec2 start-instances --instance-ids {id}\nexit 0\nfi"))
        .undo(lines::LAUNCH)
        .watch("alarms, failed connections, and tickets that name it, for two weeks")
        .terraform("remove its aws_instance after the waiting time")
}
