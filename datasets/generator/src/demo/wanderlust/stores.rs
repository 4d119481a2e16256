//! Caches, tables and buckets.

use rust_decimal::Decimal;
use serde_json::json;

use super::amounts::{usd, whole};
use super::services::{CACHE, DYNAMO, S3};
use crate::demo::thing::{HOURS, Metric, Shape, Thing};

/// Caches of Redis OSS, with what Graviton and Valkey cost for the same.
pub(super) fn caches() -> Vec<Thing> {
    let cache = |name: &'static str, class: &'static str, now: i64, graviton: i64, valkey: i64| {
        let mut of =
            Thing::of_arn("cache-cluster", "elasticache", &format!("cluster:{name}"), name);
        of.instance_type = Some(class);
        of.details = json!({ "Engine": "redis", "EngineVersion": "7.1" });
        of.hours(CACHE, &format!("NodeUsage:{class}"), usd(now), 1)
            .waste(
                "graviton_cache",
                usd(now - graviton) * HOURS,
                "Graviton has the same node for less",
            )
            .waste("valkey_cache", usd(now - valkey) * HOURS, "Valkey costs a fifth less")
    };
    let unused = |of: Thing| {
        of.did(Metric::Operations, Shape::Always(0.0)).did(Metric::Cpu, Shape::Around(4.0))
    };
    let used = |of: Thing| {
        of.did(Metric::Operations, Shape::Around(4_000.0)).did(Metric::Cpu, Shape::Around(35.0))
    };
    let mut member = unused(cache("sessions-002", "cache.m5.large", 1560, 1490, 1248));
    member.details =
        json!({ "Engine": "redis", "EngineVersion": "6.2.6", "ReplicationGroup": "sessions" });
    let mut pages = used(cache("pages", "cache.r4.large", 2280, 2060, 1824));
    pages.details = json!({ "Engine": "redis", "EngineVersion": "5.0.6" });
    vec![
        unused(cache("sessions-old", "cache.m5.large", 1560, 1490, 1248)).waste(
            "idle_cache",
            usd(1560) * HOURS,
            "nothing connects to it",
        ),
        member
            .trap(
                &["idle_cache"],
                "a replica of the sessions' cache: nothing connects to it until it is the primary",
            )
            .comes(
                "2027-02-01",
                // 80 % of the price of the node.
                usd(1560) * whole(8) / whole(10) * HOURS,
                "standard support of Redis OSS 6 ends",
            ),
        pages
            .did(Metric::Memory, Shape::Around(60.0))
            .hours(CACHE, "ExtendedSupportYr1_Yr2-NodeUsage:cache.r4.large", usd(1820), 1)
            .waste(
                "extended_support_cache",
                usd(1820) * HOURS,
                "Redis OSS 5 is past its standard support",
            )
            .waste(
                "previous_generation_cache",
                usd(2280 - 2160) * HOURS,
                "r5 is newer and costs less",
            ),
    ]
}

/// Tables, then buckets.
pub(super) fn stores() -> Vec<Thing> {
    let mut all = tables();
    all.extend(buckets());
    all
}

fn tables() -> Vec<Thing> {
    let table = |name: &'static str, reads: i64, writes: i64| {
        let mut of = Thing::of_arn("table", "dynamodb", &format!("table/{name}"), name);
        of.details = json!({ "ReadCapacityUnits": reads, "WriteCapacityUnits": writes });
        let (read, write) = (Decimal::new(13, 5), Decimal::new(65, 5));
        of.a_day(DYNAMO, "ReadCapacityUnit-Hrs", "ReadCapacityUnit-Hrs", (read, whole(24 * reads)))
            .a_day(
                DYNAMO,
                "WriteCapacityUnit-Hrs",
                "WriteCapacityUnit-Hrs",
                (write, whole(24 * writes)),
            )
    };
    let units = |of: Thing, reads: f64, writes: f64| {
        of.did(Metric::ReadUnits, Shape::Always(3_600.0 * reads))
            .did(Metric::WriteUnits, Shape::Always(3_600.0 * writes))
    };
    let month = |read: i64, write: i64| {
        (Decimal::new(13, 5) * whole(read) + Decimal::new(65, 5) * whole(write)) * HOURS
    };
    vec![
        units(table("wishlists", 200, 100), 0.0, 0.0).waste(
            "idle_table",
            month(200, 100),
            "nothing reads or writes it",
        ),
        units(table("stock", 2_000, 500), 209.5, 34.5).waste(
            "overprovisioned_table",
            // At 70 % of use, 300 and 50 units are enough.
            month(2_000 - 300, 500 - 50),
            "209.5 read and 34.5 write units a second in the busiest hour",
        ),
    ]
}

/// Buckets that are rarely read, and never.
fn buckets() -> Vec<Thing> {
    let bucket = |name: &'static str| {
        Thing::new("bucket", name, name.to_owned(), (format!("arn:aws:s3:::{name}"), "Bucket"))
    };
    let standard = Decimal::new(207, 4);
    // A twelfth of the transition of objects of 5 MB, at a price per 100,000.
    let moved = |gb: i64, usd_per_100_000: i64| {
        whole(gb * 1_024 / 5 * usd_per_100_000) / whole(100_000) / whole(12)
    };
    let mut photos = bucket("wanderlust-photos");
    photos.details = json!({ "LifecycleRules": 2, "Versioning": "Suspended", "ExpiresNoncurrent": true, "AbortsUploads": true });
    let mut archive = bucket("wanderlust-archive");
    archive.details = json!({ "LifecycleRules": 0, "Versioning": "Enabled", "ExpiresNoncurrent": false, "AbortsUploads": false });
    vec![
        archive
            .holds(S3, "TimedStorage-ByteHrs", "GB-Mo", (standard, whole(8_000)))
            .a_day(S3, "Requests-Tier2", "Requests", (Decimal::new(4, 7), whole(200)))
            .waste(
                "cold_bucket",
                // 6,200 reads of 5 MB a month: 0.01 USD per GB, and each 0.0000006 USD dearer.
                whole(8_000) * (standard - usd(125))
                    - moved(8_000, 1)
                    - whole(6_200 * 5) / whole(1_024) * usd(100)
                    - whole(6_200) * Decimal::new(6, 7),
                "200 reads a day of 8,000 GB",
            ),
        photos
            .holds(S3, "TimedStorage-ByteHrs", "GB-Mo", (standard, whole(900)))
            .waste(
                "cold_bucket",
                whole(900) * (standard - usd(125)) - moved(900, 1),
                "nobody reads the photos of the old shop",
            )
            .waste(
                "archivable_bucket",
                whole(900) * (standard - usd(40)) - moved(900, 2),
                "nobody reads the photos of the old shop",
            ),
    ]
}
