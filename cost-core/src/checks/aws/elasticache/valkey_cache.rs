//! Redis OSS caches that would cost less with Valkey.
//!
//! In:  monthly resource rows of `ElastiCache` node hours; list prices by engine and node type.
//! Out: one `Modify` opportunity per replication group or single node.

use super::graviton_cache::CACHE;
use super::group::{GroupCheck, Part, label, ways};
use super::idle_cache::is_there;
use crate::check::{CheckMeta, Context, Group, Input};
use crate::checks::aws::managed_class::{class_of, list_price};
use crate::checks::shared::cheaper;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::cloud::Provider;
use crate::inventory::detail;
use crate::opportunity::{Action, Draft, Evidence};
use crate::runbook::{Upgrade, shell_word};
use crate::tradeoff::{Level, Reversibility, TradeOff};

static META: CheckMeta = CheckMeta {
    id: "valkey_cache",
    provider: Some(Provider::Aws),
    service: "elasticache",
    title: "Redis OSS caches that would cost less with Valkey",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["elasticache:DescribeCacheClusters", "pricing:GetProducts"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
ElastiCache nodes with the engine Redis OSS. The same node type costs less with Valkey, which uses the same protocol. The nodes of a replication group
are one opportunity.
## How the saving is computed
Per month of 730 h: EffectiveCost of the node hours × (1 − list price with Valkey ÷ list price with Redis OSS) of the same node type.
## Trade-offs
The engine is upgraded in place. It cannot be downgraded in place: the rollback is a snapshot from before the upgrade.
## Source
Amazon ElastiCache User Guide, \"Upgrading engine versions including cross engine upgrades\"; AWS announcement of ElastiCache for Valkey, 2024-10.
Prices: cost-core/data/prices/SOURCES.md. Read 2026-11.",
};

pub(in crate::checks) static CHECK: GroupCheck = GroupCheck(PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_there,
    look: |cx, used| {
        let node = cx
            .resource(&used.resource_id)
            .ok_or("billed, but not in the inventory: its engine is unknown")?;
        if (CACHE.engine)(node)? != "redis" {
            return Ok(None);
        }
        let class = class_of(cx, used);
        let price = |engine: &str| list_price(cx, used, engine, &class);
        let (now, then) = (price("redis")?, price("valkey")?);
        Ok((then < now).then(|| Found {
            share: cheaper(now, then),
            uncertain: false,
            title: format!("Upgrade cache {} from Redis OSS to Valkey", label(cx, used)),
            facts: vec![
                Evidence::new("node type", class, "bill"),
                Evidence::new("price with Redis OSS, USD per hour", now.normalize(), "price list"),
                Evidence::new("price with Valkey, USD per hour", then.normalize(), "price list"),
            ],
            change: Some(("engine", "redis".to_owned(), "valkey".to_owned())),
        }))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let node = cx.resource(&used.resource_id);
        let name = name_of(cx, used);
        let replicated = node.and_then(|n| n.get(detail::REPLICATION_GROUP));
        let group = shell_word(replicated.unwrap_or(name));
        let last = shell_word(&format!("{name}-before-valkey"));
        let old = shell_word(&format!("{name}-redis"));
        let name = shell_word(name);
        let options =
            "--engine valkey --engine-version 7.2 --cache-parameter-group-name default.valkey7";
        let part = Part { before: "", options, old: "", upgrade: Upgrade::Engine };
        let draft = ways(cx, used, &part).into_iter().fold(draft, Draft::way);
        let draft = if replicated.is_none() {
            draft
                .run(format!("save group.json aws elasticache create-replication-group --replication-group-id {group} --primary-cluster-id {name} --replication-group-description 'for the upgrade'"))
                .run(format!("aws elasticache wait replication-group-available --replication-group-id {group}"))
        } else {
            draft
        };
        draft
            .rollout(&["restore a snapshot to a copy and run the service's own checks", "upgrade staging, and a week later production"])
            .run(format!("save snapshot.json aws elasticache create-snapshot --cache-cluster-id {name} --snapshot-name {last}"))
            .run(format!("until_is available 1440 aws elasticache describe-snapshots --snapshot-name {last} --query 'Snapshots[0].SnapshotStatus' --output text"))
            .run(format!("aws elasticache modify-replication-group --replication-group-id {group} {options} --apply-immediately"))
            .run(format!("aws elasticache wait replication-group-available --replication-group-id {group}"))
            .undo(format!("aws elasticache create-replication-group --replication-group-id {old} --snapshot-name {last} --engine redis --replication-group-description 'as before the upgrade'"))
            .undo(format!("aws elasticache wait replication-group-available --replication-group-id {old}"))
            .watch("client errors, latency, and Evictions, for a week")
            .terraform("aws_elasticache_replication_group: engine = \"valkey\", engine_version = \"7.2\"")
    },
});

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason =
        "the same protocol and commands as Redis OSS 7.2, but modules and clients must be tested";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("the number of nodes, replicas, and snapshots does not change")
        .interrupts("for seconds to a minute, during a failover while the engine is upgraded")
        .undo(Reversibility::WithEffort)
        .test_first(&["restore a snapshot into a Valkey cluster and run the service's own checks against it"])
        .rollback(&["create a Redis OSS group from the snapshot made before the upgrade, and point clients to it: it does not contain later writes"])
        .caveats(&[
            "all nodes of a replication group change together",
            "if you have reserved nodes for Redis OSS, check how they apply to Valkey before the upgrade",
        ])
}
