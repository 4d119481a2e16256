//! Aurora Serverless v2 clusters whose minimum capacity is higher than they need.
//!
//! In:  monthly resource rows of `Aurora:ServerlessV2Usage`; the inventory's clusters with their
//!      capacity range; hourly CPU of the instances.
//! Out: one `Modify` opportunity per cluster.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::aurora::{known_cluster, members};
use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse, Threshold,
};
use crate::checks::aws::meter::kind;
use crate::checks::shared::idle::{DAYS, sized_for_another};
use crate::checks::shared::uncertain::{SUCCESS, uncertain};
use crate::checks::shared::{chosen, cost_now, expected};
use crate::cloud::Provider;
use crate::inventory::{Resource, detail};
use crate::opportunity::{Action, Claim, Draft, Evidence};
use crate::rightsizing::CPU_LIMIT_PCT;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};
use crate::usage::{Metric, as_f64};

const FLOOR: Threshold = chosen(
    "at_minimum_pct",
    105.0,
    "% of the minimum capacity",
    "capacity units billed ÷ hours of the month",
    "the month under review",
    "chosen: up to 5 % above the minimum, the instance hardly ever scales up",
);
const CPU: Threshold = chosen(
    "cpu_limit_pct",
    CPU_LIMIT_PCT,
    "% CPU of the new minimum",
    "CPUUtilization × maximum capacity, 99th percentile of the hourly maxima",
    "all hours measured",
    "rule of this project; the capacity scales up above it",
);

/// Smallest steps of capacity, and the smallest new minimum with Performance Insights, units. Amazon
/// Aurora User Guide, "Choosing the minimum Aurora Serverless v2 capacity setting for a cluster".
const LEAST: (Decimal, Decimal) =
    (Decimal::from_parts(5, 0, 0, false, 1), Decimal::from_parts(2, 0, 0, false, 0));

/// The check that [`META`] describes.
pub(in crate::checks) struct HighServerlessMinimum;

static META: CheckMeta = CheckMeta {
    id: "high_serverless_minimum",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Aurora Serverless v2 clusters with a minimum capacity that they do not need",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory, Input::Utilization],
    permissions: &["rds:DescribeDBClusters", "rds:DescribeDBInstances", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[FLOOR, CPU, DAYS, SUCCESS],
    docs: "\
## What it finds
Aurora Serverless v2 clusters that are billed for little more than their minimum capacity, while the CPU of their busiest instance needs less: they
never scale up, and the minimum decides the cost. CPUUtilization is a percentage of the maximum capacity, so CPU × maximum is the capacity in use.
The new minimum holds the 99th percentile of hourly maxima at 70 % CPU, rounded up to 0.5 units, and is at least 2 units with Performance Insights.
Standbys (by name or tag) are skipped.
## How the saving is computed
Per month of 730 h: EffectiveCost of the capacity units × (1 − new minimum ÷ capacity billed). `low` is 0, because memory is not measured: a database
that needs it for its cache stays above the new minimum.
`expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
The change is online. Scaling up from a low minimum is slower, and the cache is colder after quiet hours.
## Source
Amazon Aurora User Guide, \"Performance and scaling for Aurora Serverless v2\" (\"Choosing the minimum Aurora Serverless v2 capacity setting for a
cluster\", \"Important Amazon CloudWatch metrics for Aurora Serverless v2\"). Read 2026-11.",
};

fn is_capacity(used: &ResourceUse) -> bool {
    kind(used).starts_with("Aurora:ServerlessV2")
}

impl Check for HighServerlessMinimum {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let mut clusters: BTreeMap<&str, (&Resource, Vec<&ResourceUse>)> = BTreeMap::new();
        for used in cx.named(is_capacity, &mut out)? {
            match cluster_of(cx, used) {
                Some(of) => {
                    clusters.entry(&of.resource_id).or_insert((of, Vec::new())).1.push(used);
                }
                None => {
                    out.skip(&used.resource_id, "billed, but its cluster is not in the inventory");
                }
            }
        }
        for (of, uses) in clusters.into_values() {
            match range(cx, of, &uses) {
                Ok(Some(range)) => judge(cx, (of, &uses), &range, &mut out)?,
                Ok(None) => {}
                Err(reason) => out.skip(&of.resource_id, reason),
            }
        }
        Ok(out)
    }
}

/// Returns the cluster of a usage, which is billed on an instance or on the cluster itself.
fn cluster_of<'c>(cx: &'c Context<'_>, used: &ResourceUse) -> Option<&'c Resource> {
    match cx.resource(&used.resource_id).filter(|r| r.get(detail::CLUSTER_ID).is_some()) {
        Some(instance) => super::aurora::cluster_of(cx, instance),
        None => known_cluster(cx, &used.resource_id),
    }
}

/// Capacity of a cluster's instances, units.
struct Range {
    /// Mean capacity billed for one instance.
    billed: Decimal,
    minimum: Decimal,
    needed: Decimal,
    new_minimum: Decimal,
}

/// Returns the capacity, `None` if the minimum is needed, or the reason why this cannot be
/// determined.
fn range(cx: &Context<'_>, of: &Resource, uses: &[&ResourceUse]) -> Result<Option<Range>, String> {
    if let Some(reason) = sized_for_another(of) {
        return Err(reason);
    }
    let text = |detail| of.get(detail).and_then(|t: &str| t.parse::<Decimal>().ok());
    let (minimum, maximum) = text(detail::MIN_CAPACITY)
        .zip(text(detail::MAX_CAPACITY))
        .ok_or("its capacity range is missing from the inventory")?;
    let instances: Vec<&Resource> =
        members(cx, of).filter(|i| i.instance_type.as_deref() == Some("db.serverless")).collect();
    if instances.is_empty() {
        return Err("its instances are missing from the inventory".to_owned());
    }
    let mut units = Decimal::ZERO;
    for used in uses {
        units +=
            used.now().quantity.ok_or("its capacity is unknown: PricingQuantity is missing")?;
    }
    let count = Decimal::from(u32::try_from(instances.len()).unwrap_or(u32::MAX));
    let billed = units / (Decimal::from(cx.month.hours()) * count);
    // Paused, or not there for the complete month.
    if billed > minimum * cx.decimal(META.id, &FLOOR) / Decimal::ONE_HUNDRED || billed < minimum {
        return Ok(None);
    }
    let mut needed = Decimal::ZERO;
    for instance in &instances {
        let busy =
            cx.busy(&instance.resource_id).ok_or("the utilization of an instance is unknown")?;
        let least = cx.value(META.id, &DAYS);
        if as_f64(busy.days(Metric::CpuMax)) < least {
            return Err(format!("an instance was measured for less than {least} days"));
        }
        let pct = busy.percentile(Metric::CpuMax, 99).and_then(Decimal::from_f64);
        let pct = pct.ok_or("the CPU of an instance was not measured")?;
        needed = needed.max(pct * maximum / Decimal::ONE_HUNDRED);
    }
    let (step, with_insights) = LEAST;
    let insights = instances.iter().any(|i| i.get(detail::PERFORMANCE_INSIGHTS) == Some(true));
    let at_limit = (needed * Decimal::ONE_HUNDRED)
        .checked_div(cx.decimal(META.id, &CPU))
        .ok_or("the threshold cpu_limit_pct is zero")?;
    let rounded = (at_limit / step).ceil() * step;
    let new_minimum = rounded.max(if insights { with_insights } else { step });
    Ok((new_minimum < minimum).then_some(Range { billed, minimum, needed, new_minimum }))
}

fn judge(
    cx: &Context<'_>,
    (of, uses): (&Resource, &[&ResourceUse]),
    range: &Range,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let share = Decimal::ONE - range.new_minimum.checked_div(range.billed).unwrap_or(Decimal::ONE);
    let key = |c: &Claim| (c.resource_id.clone(), c.sub_account_id.clone(), c.slice);
    let mut claims = Claim::merged_by(key, uses.iter().map(|u| cx.claim(u, share)))?;
    let share_expected = uncertain(cx, &META, &mut claims)?;
    let Some(first) = uses.first() else { return Ok(()) };
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let name = of.name.as_deref().unwrap_or(&of.resource_id);
    let units = |value: Decimal| format!("{} ACU", value.round_dp(2).normalize());
    let (old, new) = (range.minimum.normalize(), range.new_minimum.normalize());
    let id = shell_word(name);
    let describe = format!("aws rds describe-db-clusters --db-cluster-identifier {id}");
    let change = |minimum: &str| {
        format!(
            "MAX=$({describe} --query 'DBClusters[0].ServerlessV2ScalingConfiguration.MaxCapacity' --output text)\n\
             aws rds modify-db-cluster --db-cluster-identifier {id} --serverless-v2-scaling-configuration MinCapacity={minimum},MaxCapacity=\"$MAX\" --apply-immediately\n\
             aws rds wait db-cluster-available --db-cluster-identifier {id}"
        )
    };
    let draft =
        Draft::new(META.id, Action::Modify, &first.resource_id, cx.scope_of(first), trade_off(cx))
            .title(format!("Lower the minimum capacity of {name} from {old} to {new} ACU"))
            .from_to("minimum capacity", &format!("{old} ACU"), &format!("{new} ACU"))
            .facts([
                Evidence::new("capacity billed, mean of an instance", units(range.billed), "bill"),
                Evidence::new(
                    "capacity in use by CPU, p99 of hourly maxima",
                    units(range.needed),
                    "utilization",
                ),
                cost_now(cx, &claims)?,
            ])
            .facts(share_expected)
            .claims(claims)
            .rollout(&["lower it in steps of half, and watch each for a day"])
            .run(format!("save cluster.json {describe}"))
            .run(change(&new.to_string()))
            .undo(change(&old.to_string()))
            .watch("ACUUtilization, BufferCacheHitRatio, and latency after quiet hours, for a week")
            .terraform(format!(
                "aws_rds_cluster: serverlessv2_scaling_configuration {{ min_capacity = {new} }}"
            ));
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason =
        "the capacity still scales up; from a low minimum it takes longer, with a colder cache";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("none: the maximum does not change")
        .test_first(&["lower it in development, and measure a burst of load after a quiet hour"])
        .rollback(&["raise the minimum again: it takes effect in seconds"])
        .caveats(&[
            "memory is not measured: with a low minimum, the buffer cache is smaller after quiet hours",
            "clusters of a global database should have at least 8 ACU",
            "for some versions of PostgreSQL, a minimum of 0.5 ACU limits max_connections to 2,000",
        ])
}
