//! Redshift clusters with more nodes than they need.
//!
//! In:  monthly resource rows of Redshift node hours; hourly CPU and used storage.
//! Out: one `Modify` opportunity per cluster: half of its nodes.
//! Not here: clusters without connections (see `idle_warehouse`).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::idle_warehouse::is_there;
use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::ec2::oversized_instance::DAYS;
use crate::checks::aws::meter::instance_type;
use crate::checks::shared::chosen;
use crate::checks::shared::idle::sized_for_another;
use crate::checks::shared::plain::{Found, Look, PlainCheck};
use crate::checks::shared::uncertain::SUCCESS;
use crate::cloud::Provider;
use crate::cloud::aws::arn::last_part;
use crate::opportunity::{Action, Evidence};
use crate::rightsizing::CPU_LIMIT_PCT;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};
use crate::usage::{Metric, as_f64};

const CPU: Threshold = chosen(
    "cpu_limit_pct",
    CPU_LIMIT_PCT,
    "% CPU after the change",
    "CPUUtilization, 99th percentile of the hourly maxima, × 2",
    "all hours measured",
    "rule of this project: under 70 % leaves headroom for peaks that hourly data does not show",
);
const STORAGE: Threshold = chosen(
    "storage_limit_pct",
    70.0,
    "% of the storage after the change",
    "PercentageDiskSpaceUsed, maximum of all hours, × 2",
    "all hours measured",
    "Amazon Redshift Management Guide, \"Resizing a cluster\": a cluster must hold its data after a resize; 30 % stay free for queries that use disk",
);
/// Fewest nodes of a cluster that can be halved: RA3 and DC2 clusters below two nodes lose their
/// separate leader node. Amazon Redshift Management Guide, "Amazon Redshift provisioned clusters".
const LEAST_NODES: u32 = 4;

static META: CheckMeta = CheckMeta {
    id: "oversized_warehouse",
    provider: Some(Provider::Aws),
    service: "redshift",
    title: "Oversized Redshift clusters",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["redshift:DescribeClusters", "cloudwatch:ListMetrics", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[CPU, STORAGE, DAYS, SUCCESS],
    docs: "\
## What it finds
Redshift clusters with an even number of at least four nodes, of which half would stay under 70 % CPU at the 99th percentile of hourly maxima and
under 70 % of their storage. Clusters whose storage was not measured are skipped, and so are standbys (by name or tag). The number of nodes is the
node hours of the month ÷ its hours: clusters that were resized or paused in the month are skipped.
## How the saving is computed
Per month of 730 h: half of the EffectiveCost of the node hours. `low` is 0, because queries that use all nodes at once take longer on fewer nodes.
`expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
An elastic resize: queries are paused for some minutes. Long queries take up to twice as long, although the CPU is not the limit.
## Source
Amazon Redshift Management Guide, \"Resizing a cluster\" (elastic resize). Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_there,
    look,
    trade_off,
    runbook: |draft, _, used| {
        let id = shell_word(last_part(&used.resource_id));
        let new = draft.changed_to().trim_end_matches(" nodes").to_owned();
        let describe = format!("aws redshift describe-clusters --cluster-identifier {id}");
        let to = |count: &str| {
            format!(
                "aws redshift resize-cluster --cluster-identifier {id} --number-of-nodes {count} --no-classic\n\
                 aws redshift wait cluster-available --cluster-identifier {id}"
            )
        };
        draft
            .rollout(&["restore a snapshot to a cluster of the new size, and run a busy hour's queries", "resize outside busy hours"])
            .run(format!("save cluster.json {describe}"))
            .run(format!("NODES=$({describe} --query 'Clusters[0].NumberOfNodes' --output text)\nkeep NODES \"$NODES\""))
            .run(to(&new))
            .undo(". ./ids.sh")
            .undo(to("\"$NODES\""))
            .watch("query duration and queue time, CPUUtilization, and PercentageDiskSpaceUsed, for two weeks")
            .terraform(format!("aws_redshift_cluster: number_of_nodes = {new}"))
    },
};

fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    let hours =
        used.now().quantity.ok_or("its number of nodes is unknown: PricingQuantity is missing")?;
    let nodes = hours / Decimal::from(cx.month.hours());
    let Some(count) = nodes.to_u32().filter(|_| nodes.fract().is_zero()) else {
        return Err(
            "it was resized or paused in the month: its number of nodes is unknown".to_owned()
        );
    };
    if count < LEAST_NODES || count % 2 != 0 {
        return Ok(None);
    }
    if let Some(reason) = cx.resource(&used.resource_id).and_then(sized_for_another) {
        return Err(reason);
    }
    let busy = cx.busy(&used.resource_id).ok_or("its utilization is unknown")?;
    let least = cx.value(META.id, &DAYS);
    if as_f64(busy.days(Metric::CpuMax)) < least {
        return Err(format!("measured for less than {least} days"));
    }
    let cpu = busy.percentile(Metric::CpuMax, 99).ok_or("its CPU was not measured")? * 2.0;
    if cpu > cx.value(META.id, &CPU) {
        return Ok(None);
    }
    let full = busy.max(Metric::StorageUsed).ok_or("its used storage was not measured")? * 2.0;
    if full > cx.value(META.id, &STORAGE) {
        return Ok(None);
    }
    let (name, half) = (last_part(&used.resource_id), count / 2);
    Ok(Some(Found {
        share: Decimal::new(5, 1),
        uncertain: true,
        title: format!("Resize Redshift cluster {name} from {count} to {half} nodes"),
        facts: vec![
            Evidence::new("node type", instance_type(used).unwrap_or("unknown"), "bill"),
            Evidence::new(
                "CPU after the change, p99 of hourly maxima",
                format!("{cpu:.1} %"),
                "utilization",
            ),
            Evidence::new("storage after the change", format!("{full:.1} %"), "utilization"),
        ],
        change: Some(("nodes", format!("{count} nodes"), format!("{half} nodes"))),
    }))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "queries that use all nodes at once take longer, although the CPU is not busy";
    TradeOff::new(Level::Medium, Level::Medium, reason, cx.currency())
        .reliability("less headroom for peaks that were not measured; snapshots do not change")
        .interrupts("for some minutes, while an elastic resize moves data slices; running queries wait or end")
        .test_first(&[
            "restore a snapshot to a cluster of the new size, and run a busy hour's queries",
            "list the possible sizes with describe-node-configuration-options --action-type resize-cluster",
        ])
        .rollback(&["resize it back in the same way"])
        .caveats(&["reserved nodes are paid for whether they run or not: check them first"])
}
