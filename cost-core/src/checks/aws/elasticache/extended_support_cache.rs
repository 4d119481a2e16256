//! Caches that pay extended support for an old version of Redis OSS.
//!
//! In:  monthly resource rows of `ExtendedSupport…-NodeUsage`.
//! Out: one `Modify` opportunity per replication group or single node.

use super::group::{GroupCheck, Part, group_of, label, ways};
use crate::check::{CheckMeta, Group};
use crate::checks::aws::extended_support::{is_of, upgrade, upgrade_trade_off};
use crate::checks::shared::plain::{PlainCheck, name_of};
use crate::cloud::Provider;
use crate::opportunity::{Action, Draft};
use crate::runbook::{Upgrade, shell_word};

static META: CheckMeta = CheckMeta {
    id: "extended_support_cache",
    provider: Some(Provider::Aws),
    service: "elasticache",
    title: "Caches that pay for extended support",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[],
    permissions: &["elasticache:DescribeCacheClusters"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
ElastiCache nodes with usage of `ExtendedSupportYr1_Yr2-NodeUsage` or `ExtendedSupportYr3-NodeUsage`: their version of Redis OSS is past the end of
standard support (versions 4 and 5: 2026-01-31), and every node-hour costs extra, twice as much from the third year on. Needs only the bill.
## How the saving is computed
Per month of 730 h: the EffectiveCost of this usage.
## Trade-offs
A major version upgrade of the complete replication group, in place. It cannot be undone in place.
## Source
Amazon ElastiCache User Guide, \"ElastiCache Extended Support\" and \"Upgrading engine versions including cross engine upgrades\"; AWS Price List,
AmazonElastiCache (usage types). Read 2026-11.",
};

pub(in crate::checks) static CHECK: GroupCheck = GroupCheck(PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| is_of(u, "NodeUsage") || is_of(u, "ElastiCache"),
    look: |cx, used| Ok(Some(upgrade(cx, used, &format!("cache {}", label(cx, used))))),
    trade_off: |cx| {
        upgrade_trade_off(cx, "for seconds to minutes, while nodes fail over; a single node is unavailable for minutes")
            .caveats(&["all nodes of a replication group are upgraded together"])
    },
    runbook: |draft, cx, used| {
        let name = name_of(cx, used);
        let replicated = group_of(cx, used);
        let last = shell_word(&format!("{name}-before-upgrade"));
        let group = replicated.map(shell_word);
        let name = shell_word(name);
        let version = "--engine-version \"$VERSION\" --cache-parameter-group-name \"$GROUP\"";
        let ask = ": \"${VERSION:?set VERSION to the engine version that the tests have passed}\"\n\
                   : \"${GROUP:?set GROUP to a parameter group of the family of this version}\"";
        let part = Part { before: ask, options: version, old: "", upgrade: Upgrade::Version };
        let draft = ways(cx, used, &part).into_iter().fold(draft, Draft::way);
        let options = format!("{version} --apply-immediately");
        let (change, wait) = match &group {
            Some(group) => (
                format!(
                    "aws elasticache modify-replication-group --replication-group-id {group} {options}"
                ),
                format!(
                    "aws elasticache wait replication-group-available --replication-group-id {group}"
                ),
            ),
            None => (
                format!("aws elasticache modify-cache-cluster --cache-cluster-id {name} {options}"),
                format!("aws elasticache wait cache-cluster-available --cache-cluster-id {name}"),
            ),
        };
        draft
            .rollout(&["upgrade a copy restored from a snapshot", "upgrade staging, and a week later production"])
            .run(ask)
            .run(format!("save snapshot.json aws elasticache create-snapshot --cache-cluster-id {name} --snapshot-name {last}"))
            .run(format!("until_is available 1440 aws elasticache describe-snapshots --snapshot-name {last} --query 'Snapshots[0].SnapshotStatus' --output text"))
            .run(change)
            .run(wait)
            .watch("client errors, latency, and Evictions, for a week")
            .terraform("aws_elasticache_replication_group or aws_elasticache_cluster: engine_version, parameter_group_name")
    },
});
