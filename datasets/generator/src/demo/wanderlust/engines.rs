//! Databases, caches, warehouses, and search domains that are stopped, too large, too old, or on
//! expensive storage.

use serde_json::json;

use super::amounts::{off_hours, usd, whole};
use super::services::{CACHE, RDS, REDSHIFT, SEARCH};
use crate::demo::thing::{HOURS, Metric, Shape, Thing};

/// All of them.
pub(super) fn engines() -> Vec<Thing> {
    let mut all = databases();
    all.extend(deleted());
    all.extend(caches());
    all.extend(warehouses());
    all.extend(domains());
    all
}

/// Databases that are stopped, and on provisioned IOPS.
fn databases() -> Vec<Thing> {
    let database = |name: &'static str| {
        let mut of = Thing::of_arn("db-instance", "rds", &format!("db:{name}"), name);
        of.details = json!({ "Engine": "mysql", "EngineVersion": "8.4.6" });
        of
    };
    let aging = |name: &'static str| {
        let mut of = database(name);
        of.details = json!({ "Engine": "postgres", "EngineVersion": "14.15" });
        of
    };
    let stopped = |name: &'static str, gb: i64| {
        let mut of = database(name).holds(RDS, "RDS:GP3-Storage", "GB-Mo", (usd(1_150), whole(gb)));
        (of.state, of.size_gb) = ("stopped", Some(gb));
        of
    };
    let fast = |name: &'static str, gb: i64| {
        let mut of = database(name)
            .hours(RDS, "InstanceUsage:db.m6g.large", usd(1_520), 1)
            .holds(RDS, "RDS:PIOPS-Storage", "GB-Mo", (usd(1_250), whole(gb)))
            .holds(RDS, "RDS:PIOPS", "IOPS-Mo", (usd(1_000), whole(4_000)));
        (of.size_gb, of.iops, of.volume_type) = (Some(gb), Some(4_000), Some("io1"));
        of
    };
    vec![
        stopped("erp-old", 2_000).waste(
            "stopped_database",
            // Its final snapshot costs the price of backups.
            usd(1_150 - 950) * whole(2_000),
            "a script stops it whenever it is started",
        ),
        stopped("closing-copy", 100)
            .a_day(RDS, "InstanceUsage:db.m6g.large", "Hours", (usd(1_520), whole(10)))
            .trap(&["stopped_database"], "stopped at night: it runs ten hours a day"),
        database("partners-qa")
            .tagged("env", "qa")
            .hours(RDS, "Multi-AZUsage:db.m6g.large", usd(3_040), 1)
            .waste(
                "multi_az_test_database",
                usd(1_520) * HOURS,
                "nobody needs its standby for tests",
            ),
        aging("partners-shop")
            .hours(RDS, "Multi-AZUsage:db.m6g.large", usd(3_040), 1)
            .trap(&["multi_az_test_database"], "for production")
            .comes(
                "2027-03-01",
                // 2 vCPUs, and 2 of the standby.
                usd(1_000) * whole(4) * HOURS,
                "standard support of PostgreSQL 14 ends",
            ),
        fast("ledger", 500).waste(
            "provisioned_iops_database",
            // gp3 also needs 500 MiB/s more than is included to be as fast.
            usd(1_250 - 1_150) * whole(500) + usd(1_000) * whole(4_000) - usd(800) * whole(500),
            "gp3 of 500 GB has 12,000 IOPS included",
        ),
        fast("ledger-archive", 200)
            .trap(&["provisioned_iops_database"], "gp3 of 200 GB has only 3,000 IOPS"),
    ]
}

/// A database that was deleted: it is in bills only, as backups are, and the name of its snapshots.
fn deleted() -> Vec<Thing> {
    let backups = |name: &'static str| {
        let mut of = Thing::of_arn("db-snapshot", "rds", &format!("db:{name}"), name).holds(
            RDS,
            "RDS:ChargedBackupUsage",
            "GB-Mo",
            (usd(950), whole(400)),
        );
        // The inventory has no database of this name.
        of.id = format!("snapshot of {name}");
        of
    };
    vec![backups("forum-old").waste(
        "orphaned_database_backup",
        usd(950) * whole(400),
        "the forum was deleted, and 20 manual snapshots of its database stayed",
    )]
}

/// A replication group that is too large, and a node that is not.
fn caches() -> Vec<Thing> {
    let node = |name: &'static str, class: &'static str, price: i64, group: Option<&str>| {
        let mut of =
            Thing::of_arn("cache-cluster", "elasticache", &format!("cluster:{name}"), name);
        of.instance_type = Some(class);
        of.details = json!({ "Engine": "valkey", "ReplicationGroup": group });
        of.hours(CACHE, &format!("NodeUsage:{class}"), usd(price), 1)
            .did(Metric::Operations, Shape::Around(9_000.0))
    };
    let group = |name| {
        node(name, "cache.r6g.2xlarge", 6_568, Some("catalog"))
            .did(Metric::Cpu, Shape::Around(20.0))
            .did(Metric::Memory, Shape::Around(20.0))
    };
    vec![
        // Half the type: 40 % of its CPU, 41 % of its memory. A quarter would have 80 % CPU.
        group("catalog-001").waste(
            "oversized_cache",
            usd(6_568 - 3_288) * whole(2) * HOURS,
            "a fifth of its CPU and memory is used",
        ),
        group("catalog-002"),
        node("prices", "cache.r6g.xlarge", 3_288, None)
            .did(Metric::Cpu, Shape::Around(20.0))
            .did(Metric::Memory, Shape::Around(60.0))
            .trap(&["oversized_cache"], "60 % of its memory is used: half would be too little"),
    ]
}

/// Warehouses: too large, off at night, and neither.
fn warehouses() -> Vec<Thing> {
    let of = |name: &'static str, nodes: u32| {
        Thing::of_arn("redshift-cluster", "redshift", &format!("cluster:{name}"), name)
            .hours(REDSHIFT, "Node:ra3.large", usd(5_430), nodes)
            .did(Metric::StorageUsed, Shape::Always(20.0))
    };
    vec![
        of("reports", 4)
            .did(Metric::Operations, Shape::Around(50.0))
            .did(Metric::Cpu, Shape::Around(25.0))
            .waste(
                "oversized_warehouse",
                usd(5_430) * whole(2) * HOURS,
                "two nodes would be half busy and 40 % full",
            )
            .trap(&["off_hours_warehouse", "idle_warehouse"], "loads run at night"),
        of("analysts", 2)
            .did(Metric::Operations, Shape::Office(40.0, 0.0))
            .did(Metric::Cpu, Shape::Office(60.0, 2.0))
            .waste(
                "off_hours_warehouse",
                usd(5_430) * whole(2) * HOURS * off_hours(),
                "analysts connect on weekdays only",
            )
            .trap(&["oversized_warehouse"], "two nodes are the fewest"),
    ]
}

/// Search domains: of an old generation and version on gp2, and one without waste.
fn domains() -> Vec<Thing> {
    let of = |name: &'static str| {
        Thing::of_arn("search-domain", "es", &format!("domain/{name}"), name)
            .did(Metric::Operations, Shape::Around(90_000.0))
            .did(Metric::Cpu, Shape::Around(40.0))
    };
    let mut old = of("catalog");
    old.details = json!({ "EngineVersion": "Elasticsearch_6.7" });
    vec![
        old.hours(SEARCH, "ESInstance:m4.large", usd(1_510), 2)
            .holds(SEARCH, "ES:GP2-Storage", "GB-Mo", (usd(1_350), whole(200)))
            .a_day(
                SEARCH,
                "OpenSearchExtendedSupport",
                "NormalizedInstance-Hours",
                (usd(65), whole(8 * 24)),
            )
            .waste(
                "previous_generation_search_domain",
                usd(1_510 - 1_420) * whole(2) * HOURS,
                "m5 is newer and costs less",
            )
            .waste(
                "graviton_search_domain",
                usd(1_510 - 1_280) * whole(2) * HOURS,
                "Graviton has the same node for less",
            )
            .waste("gp2_search_storage", usd(1_350 - 1_220) * whole(200), "gp3 costs less")
            .waste(
                "extended_support_search_domain",
                usd(65) * whole(8) * HOURS,
                "Elasticsearch 6.7 is past its standard support",
            ),
        of("clicks")
            .hours(SEARCH, "ESInstance:r6g.large", usd(1_670), 2)
            .holds(SEARCH, "ES:GP3-Storage", "GB-Mo", (usd(1_220), whole(200)))
            .trap(
                &[
                    "graviton_search_domain",
                    "previous_generation_search_domain",
                    "gp2_search_storage",
                ],
                "Graviton of the current generation with gp3",
            ),
    ]
}
