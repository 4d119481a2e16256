//! Unused cache nodes.
//!
//! In:  monthly resource rows of `ElastiCache` node hours; hourly commands and CPU.
//! Out: one `Remove` opportunity per cluster.
//! Not here: nodes of an older generation (see `previous_generation_cache`).

use rust_decimal::Decimal;

use super::cache::Cache;
use super::{again, settings};
use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::managed_class::memory_gib;
use crate::checks::aws::meter::{instance_type, kind};
use crate::checks::shared::chosen;
use crate::checks::shared::final_snapshot::{Kept, UNKNOWN_COPY, WithCopy};
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG};
use crate::checks::shared::rollout::removal;
use crate::cloud::Provider;
use crate::inventory::{Resource, detail};
use crate::opportunity::{Draft, Opportunity};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::Metric;

const COMMANDS: Threshold = chosen(
    "commands_max",
    0.0,
    "commands per hour",
    "GetTypeCmds + SetTypeCmds (Memcached: CmdGet + CmdSet), sum of an hour, largest of all hours",
    "all hours measured",
    "chosen (ADR 0016): a client that uses the cache reads or writes; connections do not count, because the service's own monitoring connects too",
);
const CPU: Threshold = chosen(
    "cpu_max_pct",
    5.0,
    "%",
    "CPUUtilization, maximum of all hours",
    "all hours measured",
    "chosen (ADR 0016), as for instances",
);

static META: CheckMeta = CheckMeta {
    id: "idle_cache",
    provider: Some(Provider::Aws),
    service: "elasticache",
    title: "Unused cache clusters",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["elasticache:DescribeCacheClusters", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[COMMANDS, CPU, DAYS, YOUNG, UNKNOWN_COPY],
    docs: "\
## What it finds
ElastiCache nodes with hours in the month, no read and no write in any hour measured, and no more CPU than the engine itself uses. Members of a
replication group are skipped, with the reason.
## How the saving is computed
Per month of 730 h: EffectiveCost of the cluster − a final snapshot of all its memory, at the price in the bill or the price list. `high` is without
the snapshot. If its size or price is unknown, `low` assumes a copy of 8 % of the saving (`unknown_copy_pct`) and `expected` half of that, and the
evidence says so.
## Trade-offs
A cache can be filled again. If it is used as a data store, a snapshot retains the data, if the engine is Redis or Valkey.
## Source
Amazon ElastiCache User Guide, \"Metrics for Valkey and Redis OSS\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: WithCopy = WithCopy {
    kept: Kept {
        gb: Some(snapshot_gb),
        ..Kept::snapshot("BackupUsage", "elasticache-backup").of_service("ElastiCache")
    },
    check: IdleCheck {
        meta: &META,
        is_there,
        goes: |_| true,
        dimensions: &[
            Dimension {
                metric: Metric::Operations,
                statistic: Statistic::Max,
                threshold: COMMANDS,
                label: "reads and writes, highest hour",
            },
            Dimension {
                metric: Metric::CpuMax,
                statistic: Statistic::Max,
                threshold: CPU,
                label: "CPU, highest hour",
            },
        ],
        noun: "cache cluster",
        trade_off,
        runbook,
        unless,
    },
};

/// Hours of cache nodes: `NodeUsage:cache.r6g.large`.
pub(in crate::checks) fn is_there(used: &ResourceUse) -> bool {
    // Extended support is billed by node type too: `ExtendedSupportYr1_Yr2-NodeUsage:…`.
    kind(used) == "NodeUsage" && instance_type(used).is_some_and(|t| t.starts_with("cache."))
}

/// Returns the size of a final snapshot: at most the memory of the node. Memcached has none.
fn snapshot_gb(cx: &Context<'_>, cache: &Opportunity) -> Result<Decimal, String> {
    let node = cx.resource(&cache.subject).ok_or("its engine is missing from the inventory")?;
    if node.get(detail::ENGINE) == Some("memcached") {
        return Ok(Decimal::ZERO);
    }
    let class = node.instance_type.as_deref().ok_or("its node type is missing")?;
    Ok(memory_gib(cx, class)?.round_dp(6))
}

fn unless(_: &Context<'_>, node: &Resource) -> Option<String> {
    let group = node.get(detail::REPLICATION_GROUP)?;
    Some(format!(
        "a member of replication group {group}: clients use only one of the nodes, and the others provide redundancy"
    ))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "no reads and writes in any hour measured";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "search configuration for its endpoint",
            "take a snapshot if it may be used as a data store",
        ])
        .rollback(&[
            "create the cluster again as it was, from the snapshot: its endpoint has the same name",
        ])
}

fn runbook(draft: Draft, used: &ResourceUse, known: Option<&Resource>) -> Draft {
    let name = known
        .and_then(|d| d.name.as_deref())
        .or_else(|| used.resource_id.rsplit(':').next())
        .unwrap_or("");
    let (id, last) = (shell_word(name), shell_word(&format!("{name}-final")));
    let cache = Cache::Cluster(name);
    let describe = format!(
        "aws elasticache describe-cache-clusters --show-cache-node-info {}",
        cache.option()
    );
    let draft = removal(
        draft,
        "remove the clients' rules from its security group for a week: failed connections show who still uses it",
        "takes a snapshot (not with Memcached), waits for it, and deletes the cluster",
    );
    draft
        .run(format!("save cache.json {describe}"))
        .run(settings::save(cache))
        .run(format!("once ENGINE {describe} --query 'CacheClusters[0].Engine' --output text"))
        .run(format!("if [ \"$ENGINE\" != memcached ]; then\n{}\nfi", again::snapshot(cache, &last)))
        .run(format!("aws elasticache delete-cache-cluster --cache-cluster-id {id}"))
        .run(format!("aws elasticache wait cache-cluster-deleted --cache-cluster-id {id}"))
        .undo(format!(
            "if [ -e snapshot.json ]; then\n\
             aws elasticache create-cache-cluster --cache-cluster-id {id} --cli-input-json file://again.json --snapshot-name {last}\n\
             else\n\
             aws elasticache create-cache-cluster --cache-cluster-id {id} --cli-input-json file://again.json\n\
             fi"
        ))
        .undo(cache.available(&cache.option()))
        .watch("connection errors of applications, for a week")
        .terraform("remove its aws_elasticache_cluster with final_snapshot_identifier set")
}
