//! Cache nodes of which Graviton has the same size for less.
//!
//! In:  monthly resource rows of `ElastiCache` node hours; list prices by engine and node type.
//! Out: one `Modify` opportunity per node.

use super::idle_cache::is_there;
use crate::check::{CheckMeta, Context, Group, Input, ResourceUse};
use crate::checks::aws::ec2::alternative::is_graviton;
use crate::checks::aws::managed_class::{Managed, another, class_of};
use crate::checks::shared::plain::{PlainCheck, name_of};
use crate::cloud::Provider;
use crate::inventory::detail;
use crate::opportunity::{Action, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

/// `ElastiCache`: prices go by engine and node type.
pub(in crate::checks) static CACHE: Managed = Managed {
    prefix: "cache.",
    noun: "cache",
    engine: |node| {
        Ok(node.get(detail::ENGINE).ok_or("the inventory does not say its engine")?.to_lowercase())
    },
    on_ebs: false,
};

static META: CheckMeta = CheckMeta {
    id: "graviton_cache",
    provider: Some(Provider::Aws),
    service: "elasticache",
    title: "Cache nodes that Graviton would run for less",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["elasticache:DescribeCacheClusters", "pricing:GetProducts", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
ElastiCache nodes on x86 for which a Graviton node type of the same class and size, no older, has no less network and CoreMark and a lower
list price for the engine, and memory enough, as for `previous_generation_cache`. Of those the cheapest is named.
## How the saving is computed
As for `previous_generation_cache`.
## Trade-offs
As for `previous_generation_cache`; clients see no other architecture.
## Source
Amazon ElastiCache User Guide, \"Supported node types\" (engine versions by node type). Prices: cost-core/data/prices/SOURCES.md. Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_there,
    look: |cx, used| another(cx, used, &CACHE, is_graviton),
    trade_off,
    runbook,
};

pub(in crate::checks) fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "the same engine, and memory enough; nodes are replaced, and a single one has no other to take over";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("none once moved; the number of nodes, replicas and snapshots stay as they are")
        .interrupts("with replicas a fail-over of seconds; a single node some minutes, and what was cached may be gone")
        .test_first(&[
            "change a cluster in staging and compare latency and evictions over a day",
            "see that the database behind it bears an empty cache for an hour",
        ])
        .rollback(&["change the node type back in the same way"])
        .caveats(&[
            "all nodes of a replication group change together: take the advice on its members as one",
            "reserved nodes are bound to the family: see what covers it before it moves",
        ])
}

/// The lines that change the type of a node, or of all nodes of its replication group, and back.
pub(in crate::checks) fn runbook(draft: Draft, cx: &Context<'_>, used: &ResourceUse) -> Draft {
    let (old, new) = (shell_word(&class_of(cx, used)), shell_word(draft.changed_to()));
    let group = cx.resource(&used.resource_id).and_then(|node| node.get(detail::REPLICATION_GROUP));
    let to = |class: &str| match group {
        Some(group) => format!(
            "aws elasticache modify-replication-group --replication-group-id {} --cache-node-type {class} --apply-immediately",
            shell_word(group)
        ),
        None => format!(
            "aws elasticache modify-cache-cluster --cache-cluster-id {} --cache-node-type {class} --apply-immediately",
            shell_word(name_of(cx, used))
        ),
    };
    let (run, undo) = (to(&new), to(&old));
    draft
        .restarts()
        .rollout(&["staging, for a day", "production outside busy hours"])
        .run("aws elasticache list-allowed-node-type-modifications --cache-cluster-id CLUSTER")
        .run(run)
        .undo(undo)
        .watch("EngineCPUUtilization, DatabaseMemoryUsagePercentage, Evictions and latency, for a week")
        .terraform(format!("aws_elasticache_replication_group or aws_elasticache_cluster: node_type = \"{new}\""))
}
