//! Aurora clusters with I/O-Optimized storage whose I/O would cost less with Standard.
//!
//! In:  monthly resource rows of `Aurora:IO-OptimizedStorageUsage` and hours of the instances; the
//!      inventory's clusters and their instances; hourly I/O requests of the cluster.
//! Out: one `Modify` opportunity per cluster.
//! Not here: the reverse (see `io_heavy_cluster`).

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::aurora::{Cluster, INSTANCES, LEAST, STORAGE, cluster, factor};
use super::io_heavy_cluster::runbook;
use crate::assumptions::HOURS_PER_MONTH;
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::aws::meter::kind;
use crate::checks::shared::idle::DAYS;
use crate::checks::shared::{Replacement, chosen, cost_now, expected, less, spend_of};
use crate::cloud::Provider;
use crate::money::Money;
use crate::opportunity::{Action, Claim, Draft};
use crate::tradeoff::{Level, TradeOff};
use crate::usage::{Metric, as_f64};

const MARGIN: Threshold = chosen(
    "io_margin_pct",
    50.0,
    "%",
    "increase of the measured I/O at which Standard must still cost less",
    "",
    "chosen: I/O varies more than other usage, and the change back is possible only once in 30 days",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct IoLightCluster;

static META: CheckMeta = CheckMeta {
    id: "io_light_cluster",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Aurora clusters that would cost less without I/O-Optimized",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &["rds:DescribeDBClusters", "rds:DescribeDBInstances", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[INSTANCES, STORAGE, MARGIN, LEAST, DAYS],
    docs: "\
## What it finds
Aurora clusters with I/O-Optimized storage whose measured I/O requests would cost less than the higher prices of I/O-Optimized, even with 50 % more
I/O, and that would save at least 5 % of the cost of instances and storage.
## How the saving is computed
Per month of 730 h: cost of the instances and capacity units × (1 − 1 ÷ 1.30) + EffectiveCost of the storage × (1 − 1 ÷ 2.25) − I/O requests
(VolumeReadIOPs + VolumeWriteIOPs, mean of the hours measured × 730) × price of a request in the bill or the price list. `low` is with 50 % more I/O.
## Trade-offs
The change is online. The bill then depends on the I/O. The change back to I/O-Optimized is possible once in 30 days.
## Source
Amazon Aurora User Guide, \"Storage configurations for Amazon Aurora DB clusters\" and \"Amazon CloudWatch metrics for Amazon Aurora\"; Amazon Aurora
pricing; AWS Price List, AmazonRDS. Read 2026-11.",
};

fn is_storage(used: &ResourceUse) -> bool {
    kind(used) == "Aurora:IO-OptimizedStorageUsage"
}

impl Check for IoLightCluster {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named_once(is_storage, &mut out)? {
            let known = cluster(cx, used).map_err(ToOwned::to_owned);
            match known.and_then(|of| io_cost(cx, used, &of).map(|io| (of, io))) {
                Ok((of, io)) => judge(cx, used, (&of, &io), &mut out)?,
                Err(reason) => out.skip(&used.resource_id, reason),
            }
        }
        Ok(out)
    }
}

/// The I/O of a cluster per month of 730 h.
struct Io {
    requests: Decimal,
    cost: Money,
    source: &'static str,
}

/// Returns what the measured I/O would cost, or the reason why this cannot be determined.
fn io_cost(cx: &Context<'_>, used: &ResourceUse, of: &Cluster<'_>) -> Result<Io, String> {
    let busy = cx.busy(&of.known.resource_id).ok_or("its I/O requests were not measured")?;
    let least = cx.value(META.id, &DAYS);
    if as_f64(busy.days(Metric::Operations)) < least {
        return Err(format!("its I/O requests were measured for less than {least} days"));
    }
    let hourly = busy
        .mean(Metric::Operations)
        .and_then(Decimal::from_f64)
        .ok_or("its I/O requests were not measured")?;
    let (price, source) = cx
        .paid_or_list(&used.region_id, "Aurora:StorageIOUsage", "aurora-io")
        .map_err(|unknown| unknown.to_string())?;
    let requests = (hourly * Decimal::from(HOURS_PER_MONTH)).round();
    let cost = Money::new((requests * price).round_dp(6), cx.currency());
    Ok(Io { requests, cost, source })
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    (of, io): (&Cluster<'_>, &Io),
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let one = Decimal::ONE;
    let share = |pct| one - one.checked_div(one + factor(cx, META.id, pct)).unwrap_or(one);
    let mut claims = cx.claims(&used.resource_id, is_storage, share(&STORAGE))?;
    let parts = of.compute.iter().map(|u| cx.claim(u, share(&INSTANCES)));
    let key = |c: &Claim| (c.resource_id.clone(), c.sub_account_id.clone(), c.slice);
    claims.extend(Claim::merged_by(key, parts)?);
    let total = spend_of(cx, &claims)?;
    let Some(slice) = claims.iter().max_by_key(|c| c.spend.amount()).map(|c| c.slice) else {
        return Ok(());
    };
    let most = io.cost.try_mul(one + factor(cx, META.id, &MARGIN))?;
    let saved = expected(cx, &claims)?;
    less(&mut claims, slice, Replacement { least: io.cost, expected: io.cost, most })?;
    let least = total.try_mul(factor(cx, META.id, &LEAST))?;
    if saved.try_sub(most)?.is_zero_or_less()
        || expected(cx, &claims)?.try_sub(least)?.is_zero_or_less()
    {
        return Ok(());
    }
    let name = of.known.name.as_deref().unwrap_or(&of.known.resource_id);
    let draft =
        Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title(format!("Change cluster {name} from Aurora I/O-Optimized to Standard"))
            .from_to("storage configuration", "I/O-Optimized", "Standard")
            .evidence("I/O requests, per month", io.requests.normalize(), "utilization")
            .evidence("cost of the I/O with Standard, per month", io.cost, io.source)
            .facts([cost_now(cx, &claims)?])
            .claims(claims);
    let draft = runbook(draft, name, ("aurora", "aurora-iopt1"));
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "an online change without an effect on data; it costs more if the I/O rises";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("none: the same storage, copies, and endpoints")
        .test_first(&["check that the I/O of the measured weeks is typical: batches at the end of a quarter may be missing from it"])
        .rollback(&["change it back to I/O-Optimized, which is possible once in 30 days"])
        .caveats(&["alarm on VolumeReadIOPs + VolumeWriteIOPs: one bad query can cost more than the saving"])
}
