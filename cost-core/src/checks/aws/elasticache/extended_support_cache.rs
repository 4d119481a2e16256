//! Caches that pay extended support for an old version of Redis OSS.
//!
//! In:  monthly resource rows of `ExtendedSupport…-NodeUsage`.
//! Out: one `Modify` opportunity per replication group or single node.

use super::again::{NOT_RESTORED, ROLLBACK};
use super::group::{GroupCheck, Part, label, upgraded};
use crate::check::{CheckMeta, Group};
use crate::checks::aws::extended_support::{is_of, upgrade, upgrade_trade_off};
use crate::checks::shared::plain::PlainCheck;
use crate::cloud::Provider;
use crate::opportunity::Action;
use crate::runbook::Upgrade;

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
A major version upgrade of the complete replication group, in place. It cannot be undone in place: the rollback creates the cache again with its old
settings, from a snapshot made before the upgrade.
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
            .rollback(&[ROLLBACK])
            .caveats(&["all nodes of a replication group are upgraded together", NOT_RESTORED])
    },
    runbook: |draft, cx, used| {
        let part = Part {
            before: ": \"${VERSION:?set VERSION to the engine version that the tests have passed}\"\n\
                     : \"${GROUP:?set GROUP to a parameter group of the family of this version}\"",
            options: "--engine-version \"$VERSION\" --cache-parameter-group-name \"$GROUP\"",
            upgrade: Upgrade::Version,
        };
        upgraded(draft, cx, used, &part)
            .terraform("aws_elasticache_replication_group or aws_elasticache_cluster: engine_version, parameter_group_name")
    },
});
