//! Tests that the plan changes a resource once, with one runbook.

use serde_json::json;

use super::cases::{DB, DOMAIN, RDS};
use super::registry;
use super::world::{Line, World, hourly, resource, steady, stored};
use crate::inventory::Resource;
use crate::money::{Currency, Money};
use crate::opportunity::Opportunity;
use crate::plan::{JointPlan, Limits, Pools, Step, plan};
use crate::tradeoff::Level;
use crate::usage::Metric::{CpuMax, CpuMean, MemoryMax, StorageUsed};

/// A `MySQL` database with 1000 GB: an old version, twice the class that it needs, and more than
/// twice the storage.
fn database() -> World {
    let of = |line: Line| Line { service: RDS, ..line };
    World::new([
        of(hourly(DB, "InstanceUsage:db.r5.xl", "357.12")),
        of(hourly(DB, "USE1-ExtendedSupport:Yr1-Yr2:MySQL5.7", "297.6")),
        of(stored(DB, "RDS:GP3-Storage", "115", "1000")),
    ])
    .with([Resource {
        instance_type: Some("db.r5.xlarge".into()),
        size_gb: Some(1000),
        name: Some("orders".into()),
        ..resource("db-instance", DB, json!({ "Engine": "mysql", "EngineVersion": "5.7.44" }))
    }])
    .seen(DB, steady(&[(CpuMax, 30.0), (CpuMean, 20.0), (MemoryMax, 40.0), (StorageUsed, 20.0)]))
}

fn planned(world: &World) -> (JointPlan, Step) {
    let (all, _) = world.run_these(registry());
    let made = plan(&all, &Pools::default(), &Limits::default(), Currency::USD).unwrap();
    let step = made.steps.iter().find(|s| s.combined.is_some()).cloned().expect("a joint step");
    (made, step)
}

#[test]
fn three_changes_of_a_database_are_one_deployment() {
    let (made, step) = planned(&database());
    assert_eq!((made.steps.len(), step.parts.len()), (1, 3), "{made:?}");
    // 292 (0.40 USD × 730 h) + 175.20 (half of 0.48 USD × 730 h) + 82.11 (714 of 1,000 GB).
    let by_hand: rust_decimal::Decimal = "549.31".parse().unwrap();
    assert_eq!(step.savings.expected, Money::new(by_hand, Currency::USD));
    assert_eq!(made.joint, step.savings);
    let all = step.combined.unwrap();
    assert_eq!(
        all.title,
        "Upgrade orders out of extended support; \
         resize database orders from db.r5.xlarge to db.r5.large; \
         shrink the storage of orders from 1000 to 286 GB"
    );
    assert_eq!((all.trade_off.effort, all.trade_off.risk), (Level::High, Level::Medium));
    assert!(all.trade_off.interrupts && all.trade_off.downtime.starts_with("once"), "{all:?}");
    let script = all.runbook.commands.join("\n");
    let count = |text: &str| script.matches(text).count();
    assert_eq!(count("create-blue-green-deployment"), 1, "{script}");
    assert_eq!(count("switchover-blue-green-deployment"), 1, "{script}");
    // The only other change is that of the old database, before it is deleted.
    assert_eq!(count("modify-db-instance"), 1, "{script}");
    let unprotected = "--db-instance-identifier orders-old1 --no-deletion-protection";
    assert_eq!(count(unprotected), 1, "{script}");
    for option in [
        "--target-engine-version \"$VERSION\"",
        "--target-db-parameter-group-name \"$GROUP\"",
        "--target-db-instance-class db.r5.large",
        "--target-allocated-storage 286",
    ] {
        assert_eq!(count(option), 1, "{option}: {script}");
    }
    // Each part is still found by its ID, with its own saving.
    for part in &step.parts {
        assert_eq!(made.savings_of(&part.opportunity), Some(part.savings));
        assert_eq!(made.step(&part.opportunity).map(|s| &s.group), Some(&step.group));
    }
}

#[test]
fn changes_without_a_common_command_run_in_turn() {
    // A schedule of a database, and a smaller storage.
    let mut world = database();
    world.lines.truncate(1);
    let (all, _) = world.run_these(registry());
    let size = all.iter().find(|o| o.check == "oversized_database").unwrap();
    let mut other = size.clone();
    other.id = "op-other".to_owned();
    other.action = crate::opportunity::Action::Schedule;
    other.ways.clear();
    let both = [size.clone(), other];
    let made = plan(&both, &Pools::default(), &Limits::default(), Currency::USD).unwrap();
    let all = made.steps[0].combined.as_ref().expect("a joint step");
    let script = all.runbook.commands.join("\n");
    assert_eq!(script.matches("modify-db-instance").count(), 2, "{script}");
    assert!(
        script.starts_with("(\nset -euo pipefail\n(\n") && script.ends_with(")\n)"),
        "{script}"
    );
}

/// Returns the only step of a plan without constraints.
pub(super) fn only_step(all: &[Opportunity]) -> Step {
    let made = plan(all, &Pools::default(), &Limits::NONE, Currency::USD).unwrap();
    let [step] = &made.steps[..] else { panic!("{made:?}") };
    step.clone()
}

/// A search domain on x86 with gp2 volumes and an old version.
pub(super) fn search_domain() -> Vec<Opportunity> {
    let world = World::new([
        hourly(DOMAIN, "ESInstance:m5.large", "744"),
        stored(DOMAIN, "ES:GP2-Storage", "1350", "10000"),
        hourly(DOMAIN, "USE1-OpenSearchExtendedSupport", "744"),
    ]);
    world.run_these(registry()).0
}

#[test]
fn changes_of_a_search_domain_are_one_update_after_or_before_its_upgrade() {
    let step = only_step(&search_domain());
    assert_eq!(step.parts.len(), 3, "{step:?}");
    let all = step.combined.expect("a joint step");
    let updates = |lines: &[String]| -> Vec<String> {
        lines.iter().filter(|l| l.contains("update-domain-config")).cloned().collect()
    };
    let [update] = &updates(&all.runbook.commands)[..] else { panic!("{all:?}") };
    assert!(update.contains("--cluster-config file://nodes.json"), "{update}");
    assert!(update.contains("VolumeType=gp3"), "{update}");
    let [back] = &updates(&all.runbook.rollback_commands)[..] else { panic!("{all:?}") };
    assert!(
        back.contains("--cluster-config file://nodes.json") && back.contains("VolumeType=gp2"),
        "{back}"
    );
    let script = all.runbook.commands.join("\n");
    assert_eq!(script.matches("aws opensearch upgrade-domain").count(), 2, "{script}");
}

/// A replication group of two Redis nodes with an old version.
pub(super) fn cache_group() -> Vec<Opportunity> {
    let ids = ["001", "002"].map(|n| format!("arn:aws:elasticache:us-east-1:1:cluster:shop-{n}"));
    let mut world = World::default();
    for id in &ids {
        let id: &'static str = id.clone().leak();
        world.lines.push(hourly(id, "NodeUsage:cache.r5.large", "74.4"));
        world.lines.push(hourly(
            id,
            "USE1-ExtendedSupportYr1_Yr2-NodeUsage:cache.r5.large",
            "74.4",
        ));
        let known = json!({ "Engine": "redis", "ReplicationGroup": "shop" });
        let node = resource("cache-cluster", id, known);
        world = world.with([Resource { instance_type: Some("cache.r5.large".into()), ..node }]);
    }
    world.run_these(registry()).0
}

#[test]
fn changes_of_a_replication_group_are_one_modification() {
    let all = cache_group();
    let of = |check: &str| all.iter().filter(|o| o.check == check).collect::<Vec<_>>();
    let [upgrade] = &of("extended_support_cache")[..] else { panic!("{all:?}") };
    assert_eq!(upgrade.title, "Upgrade cache shop out of extended support");
    // 0.10 USD × 730 h × 2 nodes.
    let by_hand: rust_decimal::Decimal = "146".parse().unwrap();
    assert_eq!(upgrade.savings.expected, Money::new(by_hand, Currency::USD));
    let script = |without: &str| {
        let some: Vec<Opportunity> = all.iter().filter(|o| o.check != without).cloned().collect();
        let step = only_step(&some);
        assert_eq!(step.parts.len(), 2, "{step:?}");
        let all = step.combined.expect("a joint step").runbook;
        (all.commands.join("\n"), all.rollback_commands.join("\n"))
    };
    let modification = |script: &str| -> String {
        let of = |l: &&str| l.contains("aws elasticache modify-");
        let all: Vec<&str> = script.lines().filter(of).collect();
        let [one] = all[..] else { panic!("{script}") };
        one.to_owned()
    };
    // Valkey saves more than Graviton, and leaves extended support too.
    let (valkey, back) = script("");
    assert_eq!(
        modification(&valkey),
        "aws elasticache modify-replication-group --replication-group-id shop --engine valkey --engine-version 7.2 \
         --cache-parameter-group-name \"$GROUP\" --apply-immediately"
    );
    assert!(!valkey.contains("$VERSION"), "{valkey}");
    let again = "--replication-group-id \"$AGAIN\" --cli-input-json file://input.json --snapshot-name shop-before-changes ";
    assert!(back.contains(again) && back.contains("|| AGAIN=shop-before\n"), "{back}");
    let (class, back) = script("valkey_cache");
    let one = modification(&class);
    assert!(one.contains("--cache-node-type cache.r6g.large"), "{one}");
    assert!(one.contains("--engine-version \"$VERSION\""), "{one}");
    assert!(class.contains("CacheNodeType: CacheNodeType"), "as it was: {class}");
    assert!(back.contains(again), "{back}");
    assert!(!back.contains("modify-"), "a version cannot be undone in place: {back}");
}
