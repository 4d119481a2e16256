//! Redshift clusters with more nodes than they need.
//!
//! In:  monthly resource rows of Redshift node hours; hourly CPU and used storage.
//! Out: one `Modify` opportunity per cluster: half of its nodes.
//! Not here: clusters without connections (see `idle_warehouse`).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::idle_warehouse::is_there;
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::aws::ec2::oversized_instance::DAYS;
use crate::checks::aws::meter::instance_type;
use crate::checks::shared::idle::sized_for_another;
use crate::checks::shared::uncertain::{SUCCESS, uncertain};
use crate::checks::shared::{chosen, cost_now, expected};
use crate::cloud::Provider;
use crate::cloud::aws::arn::last_part;
use crate::opportunity::{Action, Draft};
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
/// Share of the cost of its nodes that half of them saves.
const HALF: Decimal = Decimal::from_parts(5, 0, 0, false, 1);

/// The check that [`META`] describes.
pub(in crate::checks) struct OversizedWarehouse;

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
node hours of the month, on demand and reserved, ÷ its hours: clusters that were resized or paused in the month are skipped.
## How the saving is computed
Per month of 730 h: half of the EffectiveCost of the node hours. `low` is 0, because queries that use all nodes at once take longer on fewer nodes.
`expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
An elastic resize: queries are paused for some minutes. Long queries take up to twice as long, although the CPU is not the limit.
## Source
Amazon Redshift Management Guide, \"Resizing a cluster\" (elastic resize). Read 2026-11.",
};

impl Check for OversizedWarehouse {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named_once(is_there, &mut out)? {
            match look(cx, used) {
                Ok(Some(found)) => judge(cx, used, &found, &mut out)?,
                Ok(None) => {}
                Err(reason) => out.skip(&used.resource_id, reason),
            }
        }
        Ok(out)
    }
}

/// A cluster of which half of the nodes suffice.
struct Oversized {
    /// Number of its nodes.
    count: u32,
    /// CPU after the change, %.
    cpu: f64,
    /// Used storage after the change, %.
    full: f64,
}

/// Returns the number of nodes of a cluster, on demand and reserved, from their hours in the month;
/// else the reason why it is unknown.
fn node_count(cx: &Context<'_>, used: &ResourceUse) -> Result<u32, String> {
    let mut hours = Decimal::ZERO;
    for of in cx.of_resource(&used.resource_id).iter().filter(|u| is_there(u)) {
        if instance_type(of) != instance_type(used) {
            return Err("it has hours of several node types in the month".to_owned());
        }
        let part = of.now().quantity;
        hours += part.ok_or("its number of nodes is unknown: PricingQuantity is missing")?;
    }
    let nodes = hours / Decimal::from(cx.month.hours());
    nodes.to_u32().filter(|_| nodes.fract().is_zero()).ok_or_else(|| {
        "it was resized or paused in the month: its number of nodes is unknown".to_owned()
    })
}

/// Returns what was found, `None` if there is no saving, or the reason why this cannot be
/// determined.
fn look(cx: &Context<'_>, used: &ResourceUse) -> Result<Option<Oversized>, String> {
    let count = node_count(cx, used)?;
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
    Ok(Some(Oversized { count, cpu, full }))
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    found: &Oversized,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let mut claims = cx.claims(&used.resource_id, is_there, HALF)?;
    let certainty = uncertain(cx, &META, &mut claims)?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let (id, scope) = (used.resource_id.as_str(), cx.scope_of(used));
    let (count, half) = (found.count, found.count / 2);
    let draft = Draft::new(META.id, Action::Modify, id, scope, trade_off(cx))
        .title(format!("Resize Redshift cluster {} from {count} to {half} nodes", last_part(id)))
        .evidence("node type", instance_type(used).unwrap_or("unknown"), "bill")
        .evidence(
            "CPU after the change, p99 of hourly maxima",
            format!("{:.1} %", found.cpu),
            "utilization",
        )
        .evidence("storage after the change", format!("{:.1} %", found.full), "utilization")
        .facts([cost_now(cx, &claims)?])
        .facts(certainty)
        .claims(claims)
        .from_to("nodes", &format!("{count} nodes"), &format!("{half} nodes"));
    out.opportunities.push(script(draft, id, count).finish(cx.currency())?);
    Ok(())
}

/// Adds the commands that halve the nodes of a cluster with this number of them, and those that
/// restore them. They end if the cluster has another number.
fn script(draft: Draft, id: &str, count: u32) -> Draft {
    let (id, half) = (shell_word(last_part(id)), count / 2);
    let describe = format!("aws redshift describe-clusters --cluster-identifier {id}");
    let to = |nodes: u32| {
        format!(
            "aws redshift resize-cluster --cluster-identifier {id} --number-of-nodes {nodes} --no-classic"
        )
    };
    let wait = format!("aws redshift wait cluster-available --cluster-identifier {id}");
    draft
        .rollout(&["restore a snapshot to a cluster of the new size, and run a busy hour's queries", "resize outside busy hours"])
        .run(format!("save cluster.json {describe}"))
        .run(format!("NODES=$({describe} --query 'Clusters[0].NumberOfNodes' --output text)"))
        // A second run finds the new number.
        .run(format!("if [ \"$NODES\" != {half} ]; then"))
        .run(format!(
            "[ \"$NODES\" = {count} ] || {{ echo \"the cluster has $NODES nodes now, not {count}\" >&2; exit 1; }}"
        ))
        .run(to(half))
        .run("fi")
        .run(wait.clone())
        .undo(to(count))
        .undo(wait)
        .watch("query duration and queue time, CPUUtilization, and PercentageDiskSpaceUsed, for two weeks")
        .terraform(format!("aws_redshift_cluster: number_of_nodes = {half}"))
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
