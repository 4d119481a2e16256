//! Clusters of databases: Aurora, `DocumentDB`, Neptune, `MemoryDB`.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::amounts::{usd, whole};
use super::services::RDS;
use crate::demo::company::{US, WANDERLUST};
use crate::demo::thing::{HOURS, Metric, Service, Shape, Thing};

const DOCUMENTS: Service =
    ("Amazon DocumentDB (with MongoDB compatibility)", "Databases", "NoSQL Databases");
const NEPTUNE: Service = ("Amazon Neptune", "Databases", "NoSQL Databases");
const MEMORY: Service = ("Amazon MemoryDB", "Databases", "Caching");

/// All of them.
pub(super) fn clusters() -> Vec<Thing> {
    let mut all = aurora();
    all.extend(serverless());
    all.extend(documents());
    all.extend(graphs());
    all.extend(memories());
    all
}

/// A cluster: bills name it by its resource ID, the API by its name.
fn cluster(name: &'static str, engine: &str, details: Value) -> Thing {
    let arn = |end: &str| format!("arn:aws:rds:{}:{}:cluster:{end}", US.0, WANDERLUST.0);
    let resource_id = format!("cluster-{}", name.replace('-', "").to_uppercase());
    let mut of = Thing::new("db-cluster", name, arn(name), (arn(&resource_id), "db-cluster"));
    of.details = json!({
        "Engine": engine,
        "EngineVersion": version(engine, name),
        "ClusterResourceId": resource_id,
    });
    if let (Some(all), Value::Object(more)) = (of.details.as_object_mut(), details) {
        all.extend(more);
    }
    of
}

/// An instance of a cluster.
fn member(name: &'static str, cluster: &str, engine: &str) -> Thing {
    let mut of = Thing::of_arn("db-instance", "rds", &format!("db:{name}"), name);
    of.details = json!({
        "Engine": engine,
        "EngineVersion": version(engine, cluster),
        "ClusterId": cluster,
    });
    of
}

/// The version of a cluster. Only `menus` is old.
fn version(engine: &str, cluster: &str) -> &'static str {
    match (engine, cluster) {
        ("aurora-mysql", _) => "8.0.mysql_aurora.3.08.2",
        ("aurora-postgresql", _) => "16.6",
        ("docdb", "menus") => "3.6.0",
        ("docdb", _) => "5.0.0",
        _ => "1.4.5.0",
    }
}

/// What a cluster of Aurora costs more with I/O-Optimized: 30 % of its instances, 125 % of its
/// storage.
fn premium(instances: Decimal, storage: Decimal) -> Decimal {
    instances * Decimal::new(30, 2) + storage * Decimal::new(125, 2)
}

/// In both storage configurations, each once in the right one and once in the wrong one.
fn aurora() -> Vec<Thing> {
    let (engine, request) = ("aurora-mysql", Decimal::new(2, 7));
    let standard = |name: &'static str, millions: i64| {
        cluster(name, engine, json!({}))
            .holds(RDS, "Aurora:StorageUsage", "GB-Mo", (usd(1_000), whole(500)))
            .a_day(RDS, "Aurora:StorageIOUsage", "IOs", (request, whole(millions * 1_000_000)))
    };
    let optimized = |name: &'static str, requests: f64| {
        cluster(name, engine, json!({}))
            .holds(RDS, "Aurora:IO-OptimizedStorageUsage", "GB-Mo", (usd(2_250), whole(400)))
            .did(Metric::Operations, Shape::Always(requests))
    };
    let plain =
        |name, of| member(name, of, engine).hours(RDS, "InstanceUsage:db.r6g.large", usd(2_600), 1);
    let dear = |name, of| {
        member(name, of, engine).hours(RDS, "InstanceUsageIOOptimized:db.r6g.large", usd(3_380), 1)
    };
    // 60 million requests a day.
    let io = request * whole(60_000_000) * HOURS / whole(24);
    let saved = usd(3_380 - 2_600) * HOURS + usd(2_250 - 1_000) * whole(400);
    vec![
        standard("events", 60).waste(
            "io_heavy_cluster",
            io - premium(usd(2_600) * HOURS, usd(1_000) * whole(500)),
            "60 million requests a day cost more than its instance",
        ),
        plain("events-1", "events"),
        standard("reviews", 3)
            .trap(&["io_heavy_cluster"], "3 million requests a day cost less than I/O-Optimized"),
        plain("reviews-1", "reviews"),
        optimized("audit", 50_000.0).waste(
            "io_light_cluster",
            saved - request * whole(50_000) * HOURS,
            "50,000 requests an hour cost 7 USD a month",
        ),
        dear("audit-1", "audit"),
        optimized("checkout", 2_000_000.0)
            .trap(&["io_light_cluster"], "2 million requests an hour would cost more"),
        dear("checkout-1", "checkout"),
    ]
}

/// Serverless, with a minimum that decides the cost, and with one that does not.
fn serverless() -> Vec<Thing> {
    let engine = "aurora-postgresql";
    let of = |name: &'static str, minimum: &str| {
        cluster(name, engine, json!({ "MinCapacity": minimum, "MaxCapacity": "32" })).holds(
            RDS,
            "Aurora:StorageUsage",
            "GB-Mo",
            (usd(1_000), whole(20)),
        )
    };
    let instance = |name: &'static str, cluster: &str, units: i64| {
        let mut of = member(name, cluster, engine);
        of.instance_type = Some("db.serverless");
        of.a_day(RDS, "Aurora:ServerlessV2Usage", "ACU-Hr", (usd(1_200), whole(units * 24)))
            .did(Metric::Cpu, Shape::Always(5.0))
    };
    vec![
        of("quotes", "8"),
        // 5 % of 32 units are 1.6: 2.5 units hold them at 70 %.
        instance("quotes-1", "quotes", 8).waste(
            "high_serverless_minimum",
            usd(1_200) * (whole(8) - Decimal::new(25, 1)) * HOURS,
            "it never scales up from its minimum",
        ),
        of("offers", "2"),
        instance("offers-1", "offers", 4)
            .trap(&["high_serverless_minimum"], "it scales up from its minimum"),
    ]
}

/// `DocumentDB`: idle, with an idle reader, and with an old version.
fn documents() -> Vec<Thing> {
    let storage = |name: &'static str| {
        cluster(name, "docdb", json!({})).holds(
            DOCUMENTS,
            "StorageUsage",
            "GB-Mo",
            (usd(1_000), whole(50)),
        )
    };
    let instance = |name: &'static str, cluster: &str, connections: f64| {
        member(name, cluster, "docdb")
            .hours(DOCUMENTS, "InstanceUsage:db.t3.medium", usd(780), 1)
            .did(Metric::Operations, Shape::Always(connections))
            .did(Metric::Cpu, Shape::Around(6.0))
    };
    vec![
        storage("cms"),
        instance("cms-1", "cms", 0.0).waste(
            "idle_document_database",
            // The final snapshot of 50 GB costs 0.021 USD per GB.
            usd(780) * whole(2) * HOURS + (usd(1_000) - usd(210)) * whole(50),
            "the pages moved to another system, and neither instance has connections",
        ),
        instance("cms-2", "cms", 0.0),
        storage("menus"),
        instance("menus-1", "menus", 300.0)
            .a_day(
                DOCUMENTS,
                "ExtendedSupport:Yr1-Yr2:3.6",
                "vCPU-Hours",
                (usd(1_000), whole(2 * 24)),
            )
            .waste(
                "extended_support_document_database",
                usd(1_000) * whole(2) * HOURS,
                "version 3.6 is past its standard support",
            ),
        instance("menus-2", "menus", 0.0).trap(
            &["idle_document_database"],
            "a reader without connections, whose writer is in use",
        ),
    ]
}

/// Neptune: one idle, one in use.
fn graphs() -> Vec<Thing> {
    let storage = |name: &'static str| {
        cluster(name, "neptune", json!({})).holds(
            NEPTUNE,
            "StorageUsage",
            "GB-Mo",
            (usd(1_000), whole(20)),
        )
    };
    let instance = |name: &'static str, cluster: &str, requests: f64| {
        member(name, cluster, "neptune")
            .hours(NEPTUNE, "InstanceUsage:db.t3.medium", usd(980), 1)
            .did(Metric::Operations, Shape::Always(requests))
            .did(Metric::Cpu, Shape::Around(6.0))
    };
    vec![
        storage("friends"),
        instance("friends-1", "friends", 0.0).waste(
            "idle_graph_database",
            // The final snapshot of 20 GB costs 0.021 USD per GB.
            usd(980) * HOURS + (usd(1_000) - usd(210)) * whole(20),
            "an experiment that ended in spring",
        ),
        storage("routes"),
        instance("routes-1", "routes", 40.0)
            .trap(&["idle_graph_database"], "it answers a few requests an hour"),
    ]
}

/// `MemoryDB`: one idle, one in use.
fn memories() -> Vec<Thing> {
    let of = |name: &'static str, commands: f64| {
        Thing::of_arn("memorydb-cluster", "memorydb", &format!("cluster/{name}"), name)
            .hours(MEMORY, "NodeUsage:db.t4g.small", usd(408), 2)
            .did(Metric::Operations, Shape::Always(commands))
            .did(Metric::Cpu, Shape::Around(5.0))
    };
    vec![
        of("ranking-old", 0.0).waste(
            "idle_memory_database",
            // The final snapshot of two nodes of 2 GiB costs 0.085 USD per GB.
            usd(408) * whole(2) * HOURS - usd(850) * whole(4),
            "the ranking is computed elsewhere",
        ),
        of("ranking", 900.0).trap(&["idle_memory_database"], "it is read all the time"),
    ]
}
