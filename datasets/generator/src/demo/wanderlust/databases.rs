//! Databases of RDS, a warehouse, and a search domain.

use serde_json::json;

use super::amounts::{off_hours, usd, whole};
use super::services::{RDS, REDSHIFT, SEARCH};
use crate::demo::thing::{HOURS, Metric, Shape, Thing};

/// Checks that a trap for what is idle is laid out for.
const IDLE_DATABASE: &[&str] = &["idle_database", "off_hours_database", "oversized_database"];

/// Databases, with a warehouse and a search.
pub(super) fn databases() -> Vec<Thing> {
    vec![
        crm(),
        // In 60 days 80 + 0.5 × 60 = 110 % of 300 GB would be in use: 472 GB are 70 % full of it.
        storage(database("bookings", "db.r5.large", 2_500), 300)
            .did(Metric::Operations, Shape::Around(500.0))
            .did(Metric::Cpu, Shape::Around(55.0))
            .did(Metric::Memory, Shape::Around(60.0))
            .did(Metric::StorageUsed, Shape::Rising(80.0, 0.5))
            .too_small(
                "storage",
                usd(1150) * whole(472 - 300),
                "its storage grows by half a percent a day and is full in 40 days",
            ),
        storage(unused(database("crm-test", "db.m5.large", 1_710)), 200).waste(
            "idle_database",
            // Its final snapshot costs the price of backups.
            usd(1710) * HOURS + usd(1150 - 950) * whole(200),
            "nobody has connected since the migration",
        ),
        database("crm-qa", "db.t3.large", 1_360)
            .did(Metric::Operations, Shape::Office(40.0, 0.0))
            .did(Metric::Cpu, Shape::Office(60.0, 3.0))
            .tagged("env", "test")
            .waste(
                "off_hours_database",
                usd(1360) * HOURS * off_hours(),
                "testers connect on weekdays only",
            ),
        replica().trap(IDLE_DATABASE, "a read replica: it takes over if the primary fails"),
        unused(
            Thing::of_arn("redshift-cluster", "redshift", "cluster:reports-old", "reports-old")
                .hours(REDSHIFT, "Node:dc2.large", usd(2_500), 2),
        )
        .waste(
            "idle_warehouse",
            usd(2_500) * whole(2) * HOURS,
            "no connection and no query",
        ),
        Thing::of_arn("search-domain", "es", "domain/catalog-old", "catalog-old")
            .hours(SEARCH, "ESInstance:m5.large", usd(1_420), 1)
            .did(Metric::Operations, Shape::Always(0.0))
            .waste("idle_search_domain", usd(1_420) * HOURS, "no search and no write")
            .waste(
                "graviton_search_domain",
                usd(1_420 - 1_280) * HOURS,
                "Graviton has the same node for less",
            ),
    ]
}

/// A database of `MySQL`.
fn database(name: &'static str, class: &str, ten_thousandths: i64) -> Thing {
    let mut of = Thing::of_arn("db-instance", "rds", &format!("db:{name}"), name);
    of.details = json!({ "Engine": "mysql", "EngineVersion": "8.4.6" });
    of.hours(RDS, &format!("InstanceUsage:{class}"), usd(ten_thousandths), 1)
}

/// With a disk of so many GB.
fn storage(of: Thing, gb: i64) -> Thing {
    let mut of = of.holds(RDS, "RDS:GP3-Storage", "GB-Mo", (usd(1150), whole(gb)));
    of.size_gb = Some(gb);
    of
}

/// Nothing connects to it.
fn unused(of: Thing) -> Thing {
    of.did(Metric::Operations, Shape::Always(0.0))
        .did(Metric::Cpu, Shape::Around(4.0))
        .did(Metric::Memory, Shape::Around(20.0))
}

/// Too large, too old, and with too large a disk.
fn crm() -> Thing {
    let mut crm = storage(database("crm", "db.r5.2xl", 10_000), 1_000);
    crm.details = json!({ "Engine": "mysql", "EngineVersion": "5.7.44" });
    crm.a_day(RDS, "ExtendedSupport:Yr1-Yr2:MySQL5.7", "vCPU-Hours", (usd(1000), whole(8 * 24)))
        .did(Metric::Operations, Shape::Around(900.0))
        .did(Metric::Cpu, Shape::Around(14.0))
        .did(Metric::Memory, Shape::Around(30.0))
        .waste(
            "oversized_database",
            usd(5_000) * HOURS,
            "14 % of its CPU and 30 % of its memory are used: half the class holds both",
        )
        .did(Metric::StorageUsed, Shape::Always(20.0))
        .waste(
            "extended_support_database",
            usd(1000) * whole(8) * HOURS,
            "MySQL 5.7 is past its standard support",
        )
        .waste(
            "overallocated_database_storage",
            // A fifth of it is full: 286 GB are 70 % full of the same.
            usd(1150) * whole(1_000 - 286),
            "a fifth of its storage is full",
        )
}

fn replica() -> Thing {
    let mut replica = unused(database("crm-replica", "db.r5.2xl", 10_000));
    replica.details = json!({ "Engine": "mysql", "EngineVersion": "8.4.6", "ReplicaOf": "crm" });
    replica
}
