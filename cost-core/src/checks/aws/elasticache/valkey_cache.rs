//! Redis OSS caches that would cost less with Valkey.
//!
//! In:  monthly resource rows of `ElastiCache` node hours; list prices by engine and node type.
//! Out: one `Modify` opportunity per replication group or single node.

use super::again::{NOT_RESTORED, ROLLBACK};
use super::graviton_cache::CACHE;
use super::group::{GroupCheck, Part, group_of, label, upgraded};
use super::idle_cache::is_there;
use crate::check::{CheckMeta, Context, Group, Input};
use crate::checks::aws::managed_class::{class_of, list_price};
use crate::checks::shared::cheaper;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::cloud::Provider;
use crate::opportunity::{Action, Evidence};
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
The engine is upgraded in place. It cannot be downgraded in place: the rollback creates the cache again with its old settings, from a snapshot made
before the upgrade.
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
        let node = match group_of(cx, used) {
            Some(group) => format!(
                "aws elasticache describe-replication-groups --replication-group-id {} --query 'ReplicationGroups[0].MemberClusters[0]' --output text",
                shell_word(group)
            ),
            None => format!("echo {}", shell_word(name_of(cx, used))),
        };
        let part = Part {
            before: &parameters(&node),
            options: "--engine valkey --engine-version 7.2 --cache-parameter-group-name \"$GROUP\"",
            upgrade: Upgrade::Engine,
        };
        upgraded(draft, cx, used, &part).terraform(
            "aws_elasticache_replication_group: engine = \"valkey\", engine_version = \"7.2\"",
        )
    },
});

/// Returns lines that choose the parameter group. A default one is replaced by that of Valkey, in the
/// same cluster mode. For another one, they save its parameters and ask for its replacement: with the
/// defaults, the cache would lose settings such as `maxmemory-policy`. `node` is the command that
/// prints the ID of a node.
///
/// Source: Amazon `ElastiCache` User Guide, "Default parameter groups". Read 2026-11.
fn parameters(node: &str) -> String {
    format!(
        "once NODE {node}\n\
         once OLD_GROUP aws elasticache describe-cache-clusters --cache-cluster-id \"$NODE\" --query 'CacheClusters[0].CacheParameterGroup.CacheParameterGroupName' --output text\n\
         case \"$OLD_GROUP\" in\n\
         default.*.cluster.on) GROUP=default.valkey7.cluster.on ;;\n\
         default.*) GROUP=default.valkey7 ;;\n\
         *)\n\
         save parameters.json aws elasticache describe-cache-parameters --cache-parameter-group-name \"$OLD_GROUP\" --source user\n\
         : \"${{GROUP:?set GROUP to a parameter group of the family valkey7 with the values in parameters.json}}\"\n\
         ;;\n\
         esac"
    )
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason =
        "the same protocol and commands as Redis OSS 7.2, but modules and clients must be tested";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("the number of nodes, replicas, and snapshots does not change")
        .interrupts("for seconds to a minute, during a failover while the engine is upgraded")
        .undo(Reversibility::WithEffort)
        .test_first(&["restore a snapshot into a Valkey cluster and run the service's own checks against it"])
        .rollback(&[ROLLBACK])
        .caveats(&[
            NOT_RESTORED,
            "all nodes of a replication group change together",
            "if you have reserved nodes for Redis OSS, check how they apply to Valkey before the upgrade",
        ])
}
