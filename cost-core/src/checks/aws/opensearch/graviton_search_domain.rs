//! `OpenSearch` domains whose nodes would cost less on Graviton.
//!
//! In:  monthly resource rows of `ESInstance` hours; list prices by node type.
//! Out: one `Modify` opportunity per domain: the node type that costs most.
//! Not here: the same architecture (see `previous_generation_search_domain`).

use super::node::{another_node, is_node, runbook};
use crate::check::{CheckMeta, Context, Group};
use crate::checks::aws::ec2::alternative::is_graviton;
use crate::checks::shared::plain::PlainCheck;
use crate::cloud::Provider;
use crate::opportunity::Action;
use crate::tradeoff::{Level, TradeOff};

static META: CheckMeta = CheckMeta {
    id: "graviton_search_domain",
    provider: Some(Provider::Aws),
    service: "opensearch",
    title: "OpenSearch domains that would cost less on Graviton",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[],
    permissions: &["es:DescribeDomain", "es:DescribeInstanceTypeLimits"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
OpenSearch domains with x86 nodes without local disks for which a Graviton type of the same class and size, no older, has no less memory, network, and
CoreMark, and a lower list price. The check names the cheapest of these for the node type that costs most. Needs only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of the node hours × (1 − new list price ÷ old list price). In a region without these prices, the new price is
estimated by the relation of both prices in other regions, and `low` is 0.
## Trade-offs
Clients and indexes do not depend on the architecture. The service copies all shards to new nodes (blue/green), with more load meanwhile. The version
must be Elasticsearch 7.9 or later, or any of OpenSearch.
## Source
Amazon OpenSearch Service Developer Guide, \"Supported instance types in Amazon OpenSearch Service\" and \"Making configuration changes in Amazon
OpenSearch Service\". Prices: cost-core/data/prices/SOURCES.md. Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_node,
    look: |cx, used| another_node(cx, used, is_graviton),
    trade_off: |cx| {
        node_trade_off(
            cx,
            Level::Medium,
            "the engine runs on another processor architecture; its clients do not change",
        )
        .caveats(&["versions before Elasticsearch 7.9 do not run on Graviton: upgrade first"])
    },
    runbook: |draft, _, used| runbook(draft, used),
};

/// Returns the trade-off of changing the type of nodes.
pub(super) fn node_trade_off(cx: &Context<'_>, risk: Level, reason: &str) -> TradeOff {
    TradeOff::new(Level::Low, risk, reason, cx.currency())
        .reliability("the number of nodes, replicas, and zones does not change")
        .no_downtime("none: the service copies the shards to new nodes, with more load meanwhile")
        .test_first(&[
            "check with describe-instance-type-limits that the new type supports the volume size and type in use",
            "change a development domain and compare latency over a day",
        ])
        .rollback(&["change the type back in the same way: all shards are copied again"])
        .caveats(&["reserved instances apply to one instance type: check whether one covers these nodes before the move"])
}
