//! Cache nodes that would cost less on a Graviton node type of the same size.
//!
//! In:  monthly resource rows of `ElastiCache` node hours; list prices by engine and node type.
//! Out: one `Modify` opportunity per replication group or single node.

use super::group::{Part, group_of, label, ways};
use super::idle_cache::is_there;
use crate::check::{CheckMeta, Context, Group, Input, ResourceUse};
use crate::checks::aws::ec2::alternative::is_graviton;
use crate::checks::aws::managed_class::{ClassCheck, Managed, another, class_of};
use crate::checks::shared::plain::{PlainCheck, name_of};
use crate::checks::shared::rollout::tested;
use crate::cloud::Provider;
use crate::inventory::detail;
use crate::opportunity::{Action, Draft};
use crate::runbook::{Upgrade, shell_word};
use crate::tradeoff::{Level, TradeOff};

/// `ElastiCache`: prices depend on the engine and the node type.
pub(in crate::checks) static CACHE: Managed = Managed {
    prefix: "cache.",
    noun: "cache",
    engine: |node| {
        Ok(node
            .get(detail::ENGINE)
            .ok_or("its engine is missing from the inventory")?
            .to_lowercase())
    },
    on_ebs: false,
    group: group_of,
    label,
};

static META: CheckMeta = CheckMeta {
    id: "graviton_cache",
    provider: Some(Provider::Aws),
    service: "elasticache",
    title: "Cache nodes that would cost less on Graviton",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["elasticache:DescribeCacheClusters", "pricing:GetProducts", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
ElastiCache nodes on x86 for which a Graviton node type of the same class and size, no older, has no less network and CoreMark, a lower
list price for the engine, and enough memory, as for `previous_generation_cache`. The check names the cheapest of these.
## How the saving is computed
As for `previous_generation_cache`. In a region that the list lacks, the new price is estimated (docs/price-estimates.md), and `low` and `high` have
its interval.
## Trade-offs
As for `previous_generation_cache`. Clients do not depend on the architecture.
## Source
Amazon ElastiCache User Guide, \"Supported node types\" (engine versions by node type). Prices: cost-core/data/prices/SOURCES.md. Read 2026-11.",
};

pub(in crate::checks) static CHECK: ClassCheck = ClassCheck {
    of: &CACHE,
    check: PlainCheck {
        meta: &META,
        action: Action::Modify,
        wanted: is_there,
        look: |cx, used| another(cx, used, &CACHE, is_graviton),
        trade_off,
        runbook,
    },
};

pub(in crate::checks) fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "the same engine and enough memory, but nodes are replaced, and no other node takes over for a single one";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("none after the move; the number of nodes, replicas, and snapshots do not change")
        .interrupts("with replicas for seconds, during a failover; a single node for some minutes, and its cached data may be lost")
        .test_first(&[
            "change a cluster in staging and compare latency and evictions over a day",
            "check that the database behind it can work with an empty cache for an hour",
        ])
        .rollback(&["change the node type back in the same way"])
        .caveats(&[
            "all nodes of a replication group change together",
            "reserved nodes apply to one node family: check whether one covers this node before the move",
        ])
}

/// Adds the lines that change the type of a node, or of all nodes of its replication group, and
/// roll it back.
pub(in crate::checks) fn runbook(draft: Draft, cx: &Context<'_>, used: &ResourceUse) -> Draft {
    let (old, new) = (shell_word(&class_of(cx, used)), shell_word(draft.changed_to()));
    let group = group_of(cx, used);
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
    let (option, what) = match group {
        Some(group) => {
            (format!("--replication-group-id {}", shell_word(group)), "replication-group")
        }
        None => (format!("--cache-cluster-id {}", shell_word(name_of(cx, used))), "cache-cluster"),
    };
    let allowed = format!(
        "test \"$(aws elasticache list-allowed-node-type-modifications {option} --query \"[ScaleUpModifications, ScaleDownModifications][] | contains(@, '{new}')\" --output text)\" = True || {{ echo '{new} is not allowed for this cache and its engine version' >&2; exit 1; }}"
    );
    let wait = format!("aws elasticache wait {what}-available {option}");
    let part = Part {
        before: &allowed,
        options: &format!("--cache-node-type {new}"),
        upgrade: Upgrade::No,
    };
    let draft = ways(cx, used, &part).into_iter().fold(draft, Draft::way);
    tested(draft, "cache")
        .restarts()
        .run(allowed)
        .run(run)
        .run(wait.clone())
        .undo(undo)
        .undo(wait)
        .watch("EngineCPUUtilization, DatabaseMemoryUsagePercentage, Evictions, and latency, for a week")
        .terraform(format!("aws_elasticache_replication_group or aws_elasticache_cluster: node_type = \"{new}\""))
}
