//! Aurora clusters whose I/O requests cost more than I/O-Optimized storage would.
//!
//! In:  monthly resource rows of `Aurora:StorageIOUsage`, `Aurora:StorageUsage`, and hours of the
//!      instances; the inventory's clusters and their instances.
//! Out: one `Modify` opportunity per cluster.
//! Not here: the reverse (see `io_light_cluster`).

use rust_decimal::Decimal;

use super::aurora::{Cluster, INSTANCES, LEAST, STORAGE, cluster, cost, cost_in, factor};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse};
use crate::checks::aws::meter::kind;
use crate::checks::shared::{Replacement, cost_now, expected, less};
use crate::cloud::Provider;
use crate::money::Money;
use crate::opportunity::{Action, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

/// The check that [`META`] describes.
pub(in crate::checks) struct IoHeavyCluster;

static META: CheckMeta = CheckMeta {
    id: "io_heavy_cluster",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Aurora clusters that would cost less with I/O-Optimized",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["rds:DescribeDBClusters", "rds:DescribeDBInstances"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 2,
    thresholds: &[INSTANCES, STORAGE, LEAST],
    docs: "\
## What it finds
Aurora clusters with the storage configuration Standard whose I/O requests cost more than the higher prices of I/O-Optimized, which has no charge for
I/O. It must have been cheaper in each month of the window, and save at least 5 % of the cost of the cluster. The cost of I/O is that in the bill, not
an estimate from metrics.
## How the saving is computed
Per month of 730 h: EffectiveCost of `Aurora:StorageIOUsage` − 30 % of the cost of the instances and capacity units − 125 % of the cost of the
storage. Instances that a commitment pays for count at on-demand prices.
## Trade-offs
The change is online, and possible once in 30 days; back to Standard at any time. Performance and durability are the same.
## Source
Amazon Aurora User Guide, \"Storage configurations for Amazon Aurora DB clusters\"; Amazon Aurora pricing; AWS Price List, AmazonRDS. Read 2026-11.",
};

fn is_io(used: &ResourceUse) -> bool {
    kind(used) == "Aurora:StorageIOUsage"
}

fn is_standard_storage(used: &ResourceUse) -> bool {
    kind(used) == "Aurora:StorageUsage"
}

impl Check for IoHeavyCluster {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named_once(is_io, &mut out)? {
            // Without an I/O cost above the smallest saving, no cluster is too expensive.
            if used.now().effective.is_zero_or_less() {
                continue;
            }
            match cluster(cx, used) {
                Ok(of) => judge(cx, used, &of, &mut out)?,
                Err(reason) => out.skip(&used.resource_id, reason),
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    of: &Cluster<'_>,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let own = cx.of_resource(&used.resource_id);
    let storage: Vec<&ResourceUse> = own.iter().filter(|u| is_standard_storage(u)).collect();
    let io: Vec<&ResourceUse> = own.iter().filter(|u| is_io(u)).collect();
    let more = |compute: Money, storage: Money| {
        let compute = compute.try_mul(factor(cx, META.id, &INSTANCES))?;
        compute.try_add(storage.try_mul(factor(cx, META.id, &STORAGE))?)
    };
    for month in &used.months {
        let in_month = |all: &[&ResourceUse]| cost_in(cx, all.iter().copied(), month.month);
        let increase = more(in_month(&of.compute)?, in_month(&storage)?)?;
        if in_month(&io)?.try_sub(increase)?.is_zero_or_less() {
            return Ok(());
        }
    }
    let (compute, stored) =
        (cost(cx, of.compute.iter().copied())?, cost(cx, storage.iter().copied())?);
    let increase = more(compute, stored)?;
    let mut claims = cx.claims(&used.resource_id, is_io, Decimal::ONE)?;
    let total = compute.try_add(stored)?.try_add(cost(cx, io.iter().copied())?)?;
    let Some(slice) = claims.first().map(|c| c.slice) else { return Ok(()) };
    less(&mut claims, slice, Replacement::exactly(increase))?;
    let least = total.try_mul(factor(cx, META.id, &LEAST))?;
    if expected(cx, &claims)?.try_sub(least)?.is_zero_or_less() {
        return Ok(());
    }
    let name = of.known.name.as_deref().unwrap_or(&of.known.resource_id);
    let draft =
        Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title(format!("Change cluster {name} to Aurora I/O-Optimized"))
            .from_to("storage configuration", "Standard", "I/O-Optimized")
            .evidence("instances and capacity units, per month", compute, "bill")
            .evidence("storage, per month", stored, "bill")
            .evidence("increase of instances and storage, per month", increase, "computed")
            .facts([cost_now(cx, &claims)?])
            .claims(claims);
    let draft = runbook(draft, name, ("aurora-iopt1", "aurora"));
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

/// Adds the lines that change the storage type of a cluster and change it back.
pub(super) fn runbook(draft: Draft, name: &str, (to, back): (&str, &str)) -> Draft {
    let id = shell_word(name);
    let describe = format!("aws rds describe-db-clusters --db-cluster-identifier {id}");
    let change = |to: &str| {
        format!(
            "aws rds modify-db-cluster --db-cluster-identifier {id} --storage-type {to} --apply-immediately\n\
             aws rds wait db-cluster-available --db-cluster-identifier {id}"
        )
    };
    draft
        .rollout(&["change one cluster, and compare its cost after a week"])
        .run(format!("save cluster.json {describe}"))
        .run(change(to))
        .undo(change(back))
        .watch("cost of the cluster by usage type, and VolumeReadIOPs + VolumeWriteIOPs: change it back if the I/O falls or rises for good")
        .terraform(format!("aws_rds_cluster: storage_type = \"{to}\" (\"\" for Standard)"))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "an online change without an effect on data; it costs more if the I/O falls";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("none: the same storage, copies, and endpoints")
        .test_first(&[
            "check that the I/O of the last months is typical: no import or migration is in it",
            "check that the engine version supports aurora-iopt1 with describe-orderable-db-instance-options",
        ])
        .rollback(&["change it back to Standard, which is possible at any time"])
        .caveats(&[
            "the next change to I/O-Optimized is possible after 30 days",
            "reserved instances cover 30 % less of I/O-Optimized instances",
        ])
}
