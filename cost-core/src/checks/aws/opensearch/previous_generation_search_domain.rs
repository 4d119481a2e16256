//! `OpenSearch` domains whose nodes are of an older generation.
//!
//! In:  monthly resource rows of `ESInstance` hours; list prices by node type.
//! Out: one `Modify` opportunity per domain: the node type that costs most.
//! Not here: another architecture (see `graviton_search_domain`).

use super::graviton_search_domain::node_trade_off;
use super::node::{another_node, is_node, runbook};
use crate::check::{CheckMeta, Group};
use crate::checks::shared::plain::PlainCheck;
use crate::cloud::Provider;
use crate::cloud::aws::Ec2Type;
use crate::opportunity::Action;
use crate::tradeoff::Level;

static META: CheckMeta = CheckMeta {
    id: "previous_generation_search_domain",
    provider: Some(Provider::Aws),
    service: "opensearch",
    title: "OpenSearch domains of an older generation",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[],
    permissions: &["es:DescribeDomain", "es:DescribeInstanceTypeLimits"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
OpenSearch domains with nodes without local disks for which a newer generation of the same class and size on Intel has no less memory, network, and
CoreMark, and a lower list price, such as m5 instead of m4. The check names the cheapest of these for the node type that costs most. Needs only the
bill.
## How the saving is computed
As for `graviton_search_domain`.
## Trade-offs
The service copies all shards to new nodes (blue/green), with more load meanwhile. Versions before Elasticsearch 5.1 do not run on newer types.
## Source
Amazon OpenSearch Service Developer Guide, \"Supported instance types in Amazon OpenSearch Service\" (\"Previous generation instance types\").
Prices: cost-core/data/prices/SOURCES.md. Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_node,
    look: |cx, used| {
        another_node(cx, used, |new, old| {
            new.generation() > old.generation()
                && matches!(new.attributes(), "" | "i")
                && new.architectures.contains("x86_64")
                && old.architectures.contains("x86_64")
        })
    },
    trade_off: |cx| {
        node_trade_off(
            cx,
            Level::Low,
            "the same size and architecture, and no worse in any compared property",
        )
    },
    runbook: |draft, _, used| runbook(draft, used),
};
