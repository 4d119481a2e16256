//! Cache nodes of an older generation.
//!
//! In:  monthly resource rows of `ElastiCache` node hours; list prices by engine and node type.
//! Out: one `Modify` opportunity per replication group or single node.
//! Not here: other architectures (see `graviton_cache`), another engine (see `valkey_cache`).

use super::graviton_cache::{CACHE, runbook, trade_off};
use super::idle_cache::is_there;
use crate::check::{CheckMeta, Group, Input};
use crate::checks::aws::managed_class::{ClassCheck, another};
use crate::checks::shared::plain::PlainCheck;
use crate::cloud::Provider;
use crate::cloud::aws::Ec2Type;
use crate::opportunity::Action;

static META: CheckMeta = CheckMeta {
    id: "previous_generation_cache",
    provider: Some(Provider::Aws),
    service: "elasticache",
    title: "Cache nodes of an older generation",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["elasticache:DescribeCacheClusters", "pricing:GetProducts", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
ElastiCache nodes for which a newer generation of the same class and size on x86 has no less network and CoreMark, a lower list price for
the engine, and enough memory: no less than now, or, if memory was measured, enough that the measured use stays under 85 %. The check names the
cheapest of these. The nodes of a replication group are one opportunity, and the fullest of them decides.
## How the saving is computed
Per month of 730 h: EffectiveCost of the node hours × (1 − new list price ÷ old list price), both for the engine. In a region that the list lacks,
the new price is estimated (docs/price-estimates.md), and `low` and `high` have its interval.
## Trade-offs
Nodes are replaced one by one. In a replication group a replica takes over. A single node is unavailable for minutes, and a Memcached node is
empty afterwards.
## Source
Amazon ElastiCache User Guide, \"Supported node types\" and \"Scaling\". Prices: cost-core/data/prices/SOURCES.md. Read 2026-11.",
};

pub(in crate::checks) static CHECK: ClassCheck = ClassCheck {
    of: &CACHE,
    check: PlainCheck {
        meta: &META,
        action: Action::Modify,
        wanted: is_there,
        look: |cx, used| {
            another(cx, used, &CACHE, |new, old| {
                new.generation() > old.generation()
                    && new.maker() == "Intel"
                    && old.architectures.contains("x86_64")
            })
        },
        trade_off,
        runbook,
    },
};
