//! Databases that pay extended support for an old major version.
//!
//! In:  monthly resource rows of RDS `ExtendedSupport` usage.
//! Out: one `Modify` opportunity per database.

use crate::check::{CheckMeta, Context, Group, ResourceUse};
use crate::checks::aws::extended_support::{is_of, upgrade};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::aws::rds::life_cycle::is_turned_off;
use crate::checks::shared::plain::{PlainCheck, name_of};
use crate::cloud::Provider;
use crate::opportunity::Action;
use crate::tradeoff::{Level, Reversibility, TradeOff};

static META: CheckMeta = CheckMeta {
    id: "extended_support_database",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Databases that pay for extended support",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[],
    permissions: &["rds:DescribeDBInstances", "rds:DescribeDBClusters"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
RDS and Aurora databases with usage of `ExtendedSupport`: their major version is past the end of standard support, and every vCPU-hour
costs extra, and more from the third year on. Needs only the bill. Extended support can be turned off only when a database is created or
restored: AWS then upgrades it at the end of standard support or shortly after, and bills nothing. A database that is billed although the inventory
says so is not evaluated, because the charge should end by itself.
## How the saving is computed
Per month of 730 h: the EffectiveCost of this usage.
## Trade-offs
A major version upgrade: application tests, minutes to hours of interruption (seconds to minutes with a blue/green deployment).
## Source
Amazon RDS User Guide, \"Amazon RDS Extended Support\" and \"RDS Extended Support behavior\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_of_rds,
    look: |cx, used| {
        if is_turned_off(cx, used) {
            return Err(TURNED_OFF.to_owned());
        }
        Ok(Some(upgrade(cx, used, name_of(cx, used))))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let ask = ": \"${VERSION:?set VERSION to the engine version that the tests have passed}\"\n\
            : \"${GROUP:?set GROUP to a parameter group of the family of this version}\"";
        let target =
            "--target-engine-version \"$VERSION\" --target-db-parameter-group-name \"$GROUP\"";
        let (name, arn) = (name_of(cx, used), used.resource_id.as_str());
        draft
            .rollout(&["restore a snapshot, upgrade the copy, and run the application's tests", "use a blue/green deployment in production, outside busy hours"])
            .run(ask)
            .run(lines::blue_green(name, arn, target))
            .way(lines::by_deployment(name, arn, ask, target))
            .watch("query latency and errors for a week; query plans can change with the version")
            .terraform("aws_db_instance: engine_version, allow_major_version_upgrade = true, blue_green_update { enabled = true }")
    },
};

const TURNED_OFF: &str = "its extended support is billed, but turned off according to the inventory: AWS upgrades such a database by itself, so check that the charge has ended";

/// Returns whether a usage is extended support of RDS or Aurora. Other services have their own
/// checks.
fn is_of_rds(used: &ResourceUse) -> bool {
    kind(used).contains("ExtendedSupport")
        && !["OpenSearch", "NodeUsage", "ElastiCache", "DocumentDB"].iter().any(|s| is_of(used, s))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "a major version changes behavior: test queries and drivers";
    TradeOff::new(Level::High, Level::Medium, reason, cx.currency())
        .reliability("better after the upgrade: a version in standard support gets all fixes")
        .interrupts("about a minute at the switchover of a blue/green deployment, minutes to hours in place")
        .undo(Reversibility::WithEffort)
        .test_first(&["restore the newest snapshot, upgrade the copy, and run the application's tests against it"])
        .rollback(&[
            "within the week after the switchover, the old database is there: point the application to it",
        ])
        .effect("from a week after the switchover: until then, the old database is billed too")
        .caveats(&["the end of support is fixed: extended support becomes more expensive from the third year on"])
}
