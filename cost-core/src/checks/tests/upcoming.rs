//! Tests of costs to come: estates whose versions leave standard support within a year of the report
//! date 2026-11-01, with the cost worked out by hand, and estates in which nothing is to come.

use serde_json::json;

use super::world::{Line, World, bare, hourly, resource};
use crate::inventory::Resource;
use crate::upcoming::{UpcomingCost, UpcomingKind};

const RDS: &str = "Amazon Relational Database Service";
const DB: &str = "arn:aws:rds:us-east-1:1:db:orders";
const CACHE: &str = "arn:aws:elasticache:us-east-1:1:cluster:carts-001";
const OTHER_CACHE: &str = "arn:aws:elasticache:us-east-1:1:cluster:carts-002";
const CLUSTER: &str = "arn:aws:eks:us-east-1:1:cluster/shop";
const DOMAIN: &str = "arn:aws:es:us-east-1:1:domain/search";

/// Life cycle of a database without extended support.
const DISABLED: &str = "open-source-rds-extended-support-disabled";

/// A database of a version: 744 h of a class.
fn database(usage: &'static str, engine: &str, version: &str) -> World {
    let details = json!({ "Engine": engine, "EngineVersion": version });
    World::new([Line { service: RDS, ..hourly(DB, usage, "74.4") }]).with([resource(
        "db-instance",
        DB,
        details,
    )])
}

fn cluster(version: &str, policy: &str) -> World {
    let details = json!({ "Version": version, "SupportType": policy });
    World::new([hourly(CLUSTER, "AmazonEKS-Hours:perCluster", "74.4")]).with([resource(
        "eks-cluster",
        CLUSTER,
        details,
    )])
}

fn node(id: &str, version: &str) -> Resource {
    let details =
        json!({ "Engine": "redis", "EngineVersion": version, "ReplicationGroup": "carts" });
    resource("cache-cluster", id, details)
}

/// Returns the only cost to come of an estate.
fn only(world: &World) -> UpcomingCost {
    let (mut found, skipped) = world.upcoming();
    assert_eq!(found.len(), 1, "{found:?} {skipped:?}");
    found.remove(0)
}

/// Returns the date, the cost per month, and the cost through the horizon.
fn figures(cost: &UpcomingCost) -> (String, String, String) {
    let text = |m: Option<crate::money::Money>| {
        m.map_or("unknown".to_owned(), |m| m.amount().round_dp(2).normalize().to_string())
    };
    (cost.from.to_string(), text(cost.per_month), text(cost.until_horizon))
}

/// Returns the reasons of an estate in which nothing is to come.
fn reasons(world: &World) -> Vec<String> {
    let (found, skipped) = world.upcoming();
    assert!(found.is_empty(), "{found:?}");
    skipped.into_iter().map(|s| s.reason).collect()
}

#[test]
fn a_database_costs_more_from_the_day_after_its_standard_support() {
    // 2 vCPUs, and 2 of the standby: 4 × 0.10 USD = 0.40 USD an hour, 292 USD for 730 hours. From
    // 2027-03-01 through 2027-11-01 are 246 days of 9.60 USD. Year 3 costs twice as much.
    let cost = only(&database("Multi-AZUsage:db.m6g.large", "postgres", "14.9"));
    assert_eq!(figures(&cost), ("2027-03-01".into(), "292".into(), "2361.6".into()));
    assert_eq!(cost.kind, UpcomingKind::ExtendedSupportStarts);
    assert_eq!(cost.title, "database orders: standard support ends (PostgreSQL 14)");
    let later = cost.later.expect("year 3");
    assert_eq!(later.from.to_string(), "2029-03-01");
    assert_eq!(later.per_month.expect("a price").amount(), 584.into());
    assert_eq!(cost.extended_ends.map(|d| d.to_string()).as_deref(), Some("2030-02-28"));
    assert_eq!(cost.check, "extended_support_database");
}

#[test]
fn what_is_supported_for_longer_costs_nothing_and_is_no_skip() {
    for (engine, version) in
        [("postgres", "16.4"), ("mysql", "8.4.6"), ("aurora-mysql", "8.0.mysql_aurora.3.05.2")]
    {
        let reasons = reasons(&database("InstanceUsage:db.m6g.large", engine, version));
        assert!(reasons.is_empty(), "{engine} {version}: {reasons:?}");
    }
    // Extended support is not offered for these.
    for engine in ["mariadb", "oracle-ee", "sqlserver-se"] {
        let reasons = reasons(&database("InstanceUsage:db.m6g.large", engine, "10.6"));
        assert!(reasons.is_empty(), "{engine}: {reasons:?}");
    }
}

#[test]
fn a_cluster_costs_six_times_as_much_unless_it_is_upgraded_automatically() {
    // 0.60 − 0.10 USD an hour; 335 days from 2026-12-02 through 2027-11-01 are 8,040 hours.
    let cost = only(&cluster("1.34", "EXTENDED"));
    assert_eq!(figures(&cost), ("2026-12-02".into(), "365".into(), "4020".into()));
    assert_eq!(cost.later, None);
    let upgrade = only(&cluster("1.34", "STANDARD"));
    assert_eq!(figures(&upgrade), ("2026-12-02".into(), "unknown".into(), "unknown".into()));
    assert_eq!((upgrade.kind, upgrade.unknown), (UpcomingKind::AutomaticUpgrade, None));
    assert!(reasons(&cluster("1.40", "EXTENDED"))[0].contains("Kubernetes 1.40"));
}

/// A database of `PostgreSQL` 14 with a life cycle, `None` if the inventory does not have it.
fn database_with(life_cycle: Option<&str>, version: &str) -> World {
    let mut details = json!({ "Engine": "postgres", "EngineVersion": version });
    if let Some(life_cycle) = life_cycle {
        details["EngineLifecycleSupport"] = life_cycle.into();
    }
    let line = Line { service: RDS, ..hourly(DB, "InstanceUsage:db.m6g.large", "74.4") };
    World::new([line]).with([resource("db-instance", DB, details)])
}

#[test]
fn a_database_without_extended_support_is_upgraded_and_costs_nothing() {
    // Standard support of PostgreSQL 14 ends on 2027-02-28, and AWS upgrades on that day or later.
    let upgrade = only(&database_with(Some(DISABLED), "14.9"));
    assert_eq!(upgrade.kind, UpcomingKind::AutomaticUpgrade);
    assert_eq!(upgrade.from.to_string(), "2027-02-28");
    assert_eq!((upgrade.per_month, upgrade.until_horizon, upgrade.unknown), (None, None, None));
    assert_eq!(upgrade.later, None);
    assert!(upgrade.title.starts_with("database orders: AWS upgrades it"), "{}", upgrade.title);
    assert!(upgrade.avoid.contains("2027-02-28 or shortly after: test the new version first"));
    // Standard support of PostgreSQL 13 ended on 2026-02-28: the upgrade is due.
    let due = only(&database_with(Some(DISABLED), "13.9"));
    assert_eq!((due.kind, due.from.to_string().as_str()), (upgrade.kind, "2026-02-28"));
    // That of PostgreSQL 16 ends in 2029.
    assert!(reasons(&database_with(Some(DISABLED), "16.4")).is_empty());
    // 2 vCPUs × 0.10 USD × 730 h, enabled or unknown.
    for life_cycle in [Some("open-source-rds-extended-support"), None] {
        let cost = only(&database_with(life_cycle, "14.9"));
        assert_eq!(cost.kind, UpcomingKind::ExtendedSupportStarts, "{life_cycle:?}");
        assert_eq!((figures(&cost).0.as_str(), figures(&cost).1.as_str()), ("2027-03-01", "146"));
    }
}

#[test]
fn the_life_cycle_of_a_cluster_applies_to_its_instances() {
    let instance = |life_cycle: &str| {
        let details = json!({ "Engine": "aurora-postgresql", "EngineVersion": "14.9",
            "ClusterId": "ledger", "EngineLifecycleSupport": life_cycle });
        resource("db-instance", DB, details)
    };
    let cluster = |life_cycle: &str| {
        let id = "arn:aws:rds:us-east-1:1:cluster:ledger";
        let details = json!({ "Engine": "aurora-postgresql", "EngineVersion": "14.9",
            "EngineLifecycleSupport": life_cycle });
        Resource { name: Some("ledger".to_owned()), ..resource("db-cluster", id, details) }
    };
    let of = |own: &str, all: &str| {
        let line = Line { service: RDS, ..hourly(DB, "InstanceUsage:db.r6g.large", "74.4") };
        only(&World::new([line]).with([instance(own), cluster(all)])).kind
    };
    let enabled = "open-source-rds-extended-support";
    assert_eq!(of(enabled, DISABLED), UpcomingKind::AutomaticUpgrade);
    assert_eq!(of(DISABLED, enabled), UpcomingKind::ExtendedSupportStarts);
}

#[test]
fn a_charge_that_is_turned_off_is_no_saving_and_no_cost_to_come() {
    let support =
        Line { service: RDS, ..hourly(DB, "USE1-ExtendedSupport:Yr1-Yr2:PostgreSQL13", "148.8") };
    let mut world = database_with(Some(DISABLED), "13.9");
    world.lines.push(support.clone());
    let (found, skipped) = world.run("extended_support_database");
    assert!(found.is_empty(), "{found:?}");
    assert!(skipped[0].reason.contains("turned off"), "{skipped:?}");
    assert!(reasons(&world).is_empty());
    let mut billed = database_with(Some("open-source-rds-extended-support"), "13.9");
    billed.lines.push(support);
    assert_eq!(billed.run("extended_support_database").0.len(), 1);
}

#[test]
fn the_nodes_of_a_group_are_one_cost() {
    // Two nodes at 0.068 USD an hour: 80 % of 0.136 USD are 0.1088 USD an hour.
    let nodes = [CACHE, OTHER_CACHE].map(|id| hourly(id, "NodeUsage:cache.t3.medium", "50.592"));
    let world = World::new(nodes).with([node(CACHE, "6.2.6"), node(OTHER_CACHE, "6.2.6")]);
    let cost = only(&world);
    assert_eq!(figures(&cost).1, "79.42");
    assert_eq!((cost.subject.as_str(), cost.resource_ids.len()), ("carts", 2));
    assert_eq!(cost.from.to_string(), "2027-02-01");
    let later = cost.later.and_then(|l| l.per_month).expect("year 3");
    assert_eq!(later.amount().round_dp(2).to_string(), "158.85");
}

#[test]
fn the_price_of_year_3_is_the_same_again() {
    // 0.20 USD an hour are billed in years 1 and 2: 146 USD per month. Year 3 costs 292 USD.
    let support =
        Line { service: RDS, ..hourly(DB, "USE1-ExtendedSupport:Yr1-Yr2:PostgreSQL12", "148.8") };
    let mut world = database("InstanceUsage:db.m6g.large", "postgres", "12.22");
    world.lines.push(support);
    let cost = only(&world);
    assert_eq!(figures(&cost).0, "2027-03-01");
    assert_eq!(figures(&cost).1, "146");
    assert_eq!(cost.kind, UpcomingKind::ExtendedSupportRises);
    // Year 3 of PostgreSQL 13 begins in 2028, and that of MySQL 5.7 has begun.
    for usage in ["ExtendedSupport:Yr1-Yr2:PostgreSQL13", "ExtendedSupport:Yr1-Yr2:MySQL5.7"] {
        let world = World::new([Line { service: RDS, ..hourly(DB, usage, "148.8") }]);
        assert!(world.upcoming().0.is_empty(), "{usage}");
    }
}

#[test]
fn what_is_unknown_is_named() {
    let of = |version| database("InstanceUsage:db.m6g.large", "postgres", version);
    assert!(reasons(&of("99.1"))[0].contains("PostgreSQL 99"));
    // The calendar says that it is billed, and the bill does not have it.
    assert!(reasons(&of("13.9"))[0].contains("ended on 2026-02-28, but the bill has no"));
    let without =
        World::new([Line { service: RDS, ..hourly(DB, "InstanceUsage:db.m6g.large", "74.4") }]);
    assert!(reasons(&without)[0].contains("needs the versions in the inventory"));
    let elsewhere = without.with([bare("volume", "vol-1")]);
    assert!(reasons(&elsewhere)[0].contains("it is not in the inventory"));
    let domain = World::new([hourly(DOMAIN, "ESInstance:m5.large", "74.4")]).with([resource(
        "search-domain",
        DOMAIN,
        json!({ "EngineVersion": "OpenSearch_2.11" }),
    )]);
    assert!(reasons(&domain)[0].contains("OpenSearch 2.11"));
}

#[test]
fn an_unknown_price_is_not_zero() {
    let mut world = database("InstanceUsage:db.m6g.large", "postgres", "14.9");
    world.lines[0].region = "xx-nowhere-1";
    let cost = only(&world);
    assert_eq!(figures(&cost), ("2027-03-01".into(), "unknown".into(), "unknown".into()));
    assert!(cost.unknown.expect("a reason").contains("xx-nowhere-1"));
}

#[test]
fn what_is_tagged_to_be_ignored_or_has_ended_costs_nothing() {
    let mut world = cluster("1.34", "EXTENDED");
    let tag = world.settings.ignore_tag.clone();
    world.inventory.as_mut().expect("resources")[0].tags.insert(tag, "moved in December".into());
    assert!(reasons(&world)[0].contains("moved in December"));
    let mut world = cluster("1.34", "EXTENDED");
    world.lines[0].until = "2026-10-10";
    assert!(reasons(&world).is_empty());
}
