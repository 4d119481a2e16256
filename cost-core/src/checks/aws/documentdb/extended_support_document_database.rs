//! `DocumentDB` instances that pay extended support for an old version.
//!
//! In:  monthly resource rows of `ExtendedSupport` usage of `DocumentDB`.
//! Out: one `Modify` opportunity per resource that is billed for it.

use crate::check::{CheckMeta, Group};
use crate::checks::aws::extended_support::{is_of, upgrade, upgrade_trade_off};
use crate::checks::aws::lines;
use crate::checks::shared::plain::{PlainCheck, name_of};
use crate::cloud::Provider;
use crate::opportunity::Action;
use crate::runbook::shell_word;

static META: CheckMeta = CheckMeta {
    id: "extended_support_document_database",
    provider: Some(Provider::Aws),
    service: "documentdb",
    title: "DocumentDB databases that pay for extended support",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[],
    permissions: &["rds:DescribeDBInstances"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
DocumentDB databases with usage of `ExtendedSupport`: version 3.6 is past the end of standard support (2026-03-30), and every vCPU-hour costs extra,
and more from the third year on (2028-03-31). Needs only the bill. AWS documents the surcharge, but not the name of its usage type: the check assumes
that it contains `ExtendedSupport`, as that of RDS does (`ExtendedSupport:Yr1-Yr2:MySQL5.7`).
## How the saving is computed
Per month of 730 h: the EffectiveCost of this usage.
## Trade-offs
A major version upgrade of the complete cluster, in place, with an interruption. It cannot be undone in place.
## Source
Amazon DocumentDB Developer Guide, \"Amazon DocumentDB engine version support dates\", \"Amazon
DocumentDB Extended Support\", and \"In-place major version upgrade\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| is_of(u, "DocumentDB"),
    look: |cx, used| Ok(Some(upgrade(cx, used, &format!("database {}", name_of(cx, used))))),
    trade_off: |cx| {
        upgrade_trade_off(cx, "for minutes, longer with many collections and indexes")
            .caveats(&["all instances of a cluster are upgraded together: treat the opportunities of its members as one"])
    },
    runbook: |draft, cx, used| {
        let name = shell_word(name_of(cx, used));
        // The charge may be on the cluster itself.
        let find = if used.resource_id.contains(":cluster:") {
            format!("CLUSTER={name}\nkeep CLUSTER \"$CLUSTER\"")
        } else {
            let describe =
                format!("aws docdb describe-db-instances --db-instance-identifier {name}");
            lines::keep("CLUSTER", &describe, "DBInstances[0].DBClusterIdentifier")
        };
        draft
            .rollout(&["upgrade a copy restored from a snapshot", "upgrade staging, and a week later production, outside busy hours"])
            .run(": \"${VERSION:?set VERSION to the engine version that the tests have passed, such as 5.0.0}\"")
            .run(": \"${GROUP:?set GROUP to a cluster parameter group of the family of this version}\"")
            .run(find)
            .run("save cluster.json aws docdb describe-db-clusters --db-cluster-identifier \"$CLUSTER\"")
            .run("save snapshot.json aws docdb create-db-cluster-snapshot --db-cluster-identifier \"$CLUSTER\" --db-cluster-snapshot-identifier \"$CLUSTER\"-before-upgrade")
            .run("until_is available 1440 aws docdb describe-db-cluster-snapshots --db-cluster-snapshot-identifier \"$CLUSTER\"-before-upgrade --query 'DBClusterSnapshots[0].Status' --output text")
            .run("aws docdb modify-db-cluster --db-cluster-identifier \"$CLUSTER\" --engine-version \"$VERSION\" --allow-major-version-upgrade --db-cluster-parameter-group-name \"$GROUP\" --apply-immediately")
            .run("until_is available 1440 aws docdb describe-db-clusters --db-cluster-identifier \"$CLUSTER\" --query 'DBClusters[0].Status' --output text")
            .watch("query latency and errors for a week; query plans can change with the version")
            .terraform("aws_docdb_cluster: engine_version, allow_major_version_upgrade = true")
    },
};
