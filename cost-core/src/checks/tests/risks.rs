//! Tests of reliability risks: estates in which a resource is too small, with the fix and its cost
//! worked out by hand, and estates in which it is not.

use serde_json::json;

use super::cases::{SERVICE, fargate, function, service, task};
use super::world::{Line, World, bare, busy, hourly, resource, steady, stored};
use crate::inventory::Resource;
use crate::risk::{ReliabilityRisk, RiskKind};
use crate::usage::Metric::{
    CpuMax, CpuMean, MemoryMax, Network, Operations, ReadUnits, StorageUsed, WriteUnits,
};
use crate::usage::Use;

const DB: &str = "arn:aws:rds:us-east-1:1:db:orders";
const DOMAIN: &str = "arn:aws:es:us-east-1:1:domain/search";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:1:function:thumbs";
const TABLE: &str = "arn:aws:dynamodb:us-east-1:1:table/carts";

/// Returns the only risk of an estate.
fn only(world: &World) -> ReliabilityRisk {
    let (mut found, skipped) = world.risks();
    assert_eq!(found.len(), 1, "{found:?} {skipped:?}");
    found.remove(0)
}

/// Returns the expected cost of its fix per month of 730 h, to the cent.
fn cost(risk: &ReliabilityRisk) -> String {
    let cost = risk.fix.cost.as_ref().expect("a cost");
    assert!(cost.low.amount() <= cost.expected.amount(), "{cost:?}");
    assert!(cost.expected.amount() <= cost.high.amount(), "{cost:?}");
    cost.expected.amount().round_dp(2).normalize().to_string()
}

/// 744 h of an m5.large at its list price of 0.096 USD.
fn machine(cpu: f64) -> World {
    World::new([hourly("i-1", "BoxUsage:m5.large", "71.424")])
        .with([bare("instance", "i-1")])
        .seen("i-1", steady(&[(CpuMean, cpu / 2.0), (CpuMax, cpu), (MemoryMax, 40.0)]))
}

#[test]
fn a_busy_instance_gets_a_type_that_is_fast_enough_and_its_price_difference() {
    let risk = only(&machine(92.0));
    assert_eq!((risk.kind, risk.measured.as_str()), (RiskKind::Cpu, "92.0 %"));
    assert!(risk.id.starts_with("rk-") && risk.threshold.starts_with("70 %"), "{risk:?}");
    assert!(risk.period.contains("2026-10-02 to 2026-10-31, 720 hours"), "{}", risk.period);
    let change = risk.fix.change.as_ref().expect("a change");
    let then = change.predicted_cpu_p99_pct.expect("a prediction");
    assert!(then <= 70.into(), "{then}");
    assert!(risk.fix.runbook.commands.iter().any(|l| l.contains("modify-instance-attribute")));
    // The price of the new type − 0.096 USD, for 730 hours.
    let book = crate::price::PriceBook::bundled().expect("the list");
    let new = book.on_demand_linux("us-east-1", &change.to).expect("a price");
    let by_hand = (new - rust_decimal::Decimal::new(96, 3)) * rust_decimal::Decimal::from(730);
    assert_eq!(cost(&risk), by_hand.round_dp(2).normalize().to_string());
    assert!(machine(69.0).risks().0.is_empty());
}

#[test]
fn thresholds_are_configured_and_missing_data_is_said() {
    let mut world = machine(69.0);
    world.settings.reliability.cpu_limit_pct = 60.0;
    assert!(only(&world).threshold.starts_with("60 %"));
    let short = World::new([hourly("i-1", "BoxUsage:m5.large", "71.424")])
        .seen("i-1", busy(Use::default(), 5, CpuMax, |_| 99.0));
    let (found, skipped) = short.risks();
    assert!(found.is_empty());
    assert!(skipped.iter().any(|s| s.reason == "measured for less than 14 days"), "{skipped:?}");
    let blind = World::new([hourly("i-1", "BoxUsage:m5.large", "71.424")]);
    assert!(blind.risks().1[0].reason.contains("needs utilization data"));
}

#[test]
fn members_of_a_group_are_one_risk_and_all_of_them_change() {
    let member = |id: &str| resource("instance", id, json!({ "AutoScalingGroup": "web" }));
    let uses = |cpu: f64| steady(&[(CpuMean, cpu / 2.0), (CpuMax, cpu), (MemoryMax, 40.0)]);
    let world = World::new(["i-1", "i-2"].map(|id| hourly(id, "BoxUsage:m5.large", "71.424")))
        .with(["i-1", "i-2"].map(member))
        .seen("i-1", uses(95.0))
        .seen("i-2", uses(30.0));
    let risk = only(&world);
    assert_eq!(
        (risk.subject.as_str(), risk.resource_ids.as_slice()),
        ("web", &["i-1".to_owned()][..])
    );
    assert!(risk.title.contains("1 of 2 instances") && risk.fix.runbook.commands.is_empty());
    // Both members change: twice the cost of one.
    let one = only(&machine(95.0));
    let of = |risk: &ReliabilityRisk| risk.fix.cost.as_ref().unwrap().expected.amount();
    assert_eq!(risk.fix.title, one.fix.title);
    assert_eq!(of(&risk).round_dp(6), (of(&one) + of(&one)).round_dp(6));
}

#[test]
fn credits_that_run_out_are_a_risk_of_a_burstable_instance() {
    // t3.large: a baseline of 30 %. 60 % at all hours spends all credits.
    let world = World::new([hourly("i-1", "BoxUsage:t3.large", "61.9008")])
        .with([bare("instance", "i-1")])
        .seen("i-1", steady(&[(CpuMean, 60.0), (CpuMax, 65.0)]));
    assert_eq!(only(&world).kind, RiskKind::CpuCredits);
    let calm = World::new([hourly("i-1", "BoxUsage:t3.large", "61.9008")])
        .seen("i-1", steady(&[(CpuMean, 10.0), (CpuMax, 20.0)]));
    assert!(calm.risks().0.is_empty());
}

#[test]
fn a_region_without_prices_gets_an_estimate_with_an_interval() {
    let abroad = |platform| {
        let line = Line { region: "eu-west-1", ..hourly("i-1", "EU-BoxUsage:m5.large", "79.608") };
        World::new([line])
            .with([resource("instance", "i-1", json!({ "Platform": platform }))])
            .seen("i-1", steady(&[(CpuMean, 45.0), (CpuMax, 90.0), (MemoryMax, 40.0)]))
    };
    // 0.107 USD here instead of 0.096: each relation × 0.107.
    let risk = only(&abroad("Linux/UNIX"));
    let cost = risk.fix.cost.as_ref().expect("a cost");
    assert!(cost.estimated && cost.low.amount() < cost.high.amount(), "{cost:?}");
    let unknown = only(&abroad("Ubuntu Pro Linux"));
    assert!(unknown.fix.cost.is_none() && unknown.fix.unknown.is_some());
}

/// 100 GB of storage for 11.50 USD, and a use that grows from 50 % by some points a day.
fn storage(points: f64) -> World {
    let line = stored(DB, "RDS:GP3-Storage", "11.5", "100");
    let day = |hour: i64| f64::from(i32::try_from(hour / 24).expect("a day"));
    World::new([line])
        .with([Resource {
            size_gb: Some(100),
            name: Some("orders".into()),
            ..bare("db-instance", DB)
        }])
        .seen(DB, busy(Use::default(), 30, StorageUsed, |hour| 50.0 + points * day(hour)))
}

#[test]
fn storage_that_fills_in_time_is_found_and_slower_growth_is_not() {
    // One point a day: 79 % on day 30, full 21 days later, 139 % in 60 days: 139 ÷ 70 × 100 GB.
    let risk = only(&storage(1.0));
    assert_eq!(risk.kind, RiskKind::Storage);
    assert!(risk.title.contains("full in 21 days"), "{}", risk.title);
    assert_eq!(risk.fix.change.as_ref().unwrap().to, "199 GB");
    // 11.50 USD × 0.99.
    assert_eq!(risk.fix.cost.as_ref().unwrap().expected.amount().round_dp(3).to_string(), "11.385");
    // 0.3 points a day: 58.7 %, full in 138 days.
    assert!(storage(0.3).risks().0.is_empty());
}

#[test]
fn a_volume_at_its_operations_gets_more_of_them() {
    let volume = |iops: i64| Resource {
        volume_type: Some("gp3".into()),
        size_gb: Some(100),
        iops: Some(iops),
        throughput_mbps: Some(125),
        attached_to: Some("i-1".into()),
        ..bare("volume", "vol-1")
    };
    let world = |iops| {
        World::new([stored("vol-1", "EBS:VolumeUsage.gp3", "8", "100")])
            .with([volume(iops)])
            .seen("vol-1", steady(&[(Operations, 2800.0 * 3600.0), (Network, 0.0)]))
    };
    let risk = only(&world(3000));
    assert_eq!(risk.kind, RiskKind::Operations);
    // 2,800 ÷ 0.7 = 4,000 IOPS: 1,000 more × 0.005 USD. Logarithmic storage of counts: ± 0.07 %.
    let cost = risk.fix.cost.as_ref().unwrap().expected.amount();
    assert!(
        (cost - rust_decimal::Decimal::from(5)).abs() < rust_decimal::Decimal::new(2, 2),
        "{cost}"
    );
    assert!(world(6000).risks().0.is_empty());
}

#[test]
fn a_table_at_its_capacity_gets_more_of_it() {
    let table = |reads: i64| {
        let details = json!({ "ReadCapacityUnits": reads, "WriteCapacityUnits": 10 });
        Resource { name: Some("carts".into()), ..resource("table", TABLE, details) }
    };
    let world = |reads| {
        World::new([hourly(TABLE, "ReadCapacityUnit-Hrs", "9.672")])
            .with([table(reads)])
            .seen(TABLE, steady(&[(ReadUnits, 95.0 * 3600.0), (WriteUnits, 3600.0)]))
    };
    let risk = only(&world(100));
    assert_eq!(risk.kind, RiskKind::Capacity);
    // 95 ÷ 0.7 = 136 units: 36 % more than 9.672 USD × 730 ÷ 744.
    assert_eq!(cost(&risk), "3.42");
    assert!(world(200).risks().0.is_empty());
    // 95 units of 50: the capacity was higher then.
    let (found, skipped) = world(50).risks();
    assert!(found.is_empty() && skipped.iter().any(|s| s.reason.contains("changes over time")));
}

#[test]
fn a_busy_database_moves_up_in_its_family_at_a_price_by_size() {
    let world = World::new([hourly(DB, "InstanceUsage:db.r5.large", "178.56")])
        .with([Resource {
            instance_type: Some("db.r5.large".into()),
            name: Some("orders".into()),
            ..resource("db-instance", DB, json!({ "Engine": "mysql" }))
        }])
        .seen(DB, steady(&[(CpuMean, 50.0), (CpuMax, 88.0), (MemoryMax, 60.0)]));
    let risk = only(&world);
    assert_eq!(risk.fix.change.as_ref().unwrap().to, "db.r5.xlarge");
    // 0.24 USD × 730 h once more.
    assert_eq!(cost(&risk), "175.2");
    assert!(risk.fix.cost.as_ref().unwrap().estimated);
}

#[test]
fn a_busy_service_runs_larger_tasks() {
    let uses = |cpu: f64| steady(&[(CpuMax, cpu), (CpuMean, 20.0), (MemoryMax, 40.0)]);
    let world = |cpu| World::new(fargate("")).with([service(), task()]).seen(SERVICE, uses(cpu));
    let risk = only(&world(90.0));
    assert_eq!((risk.kind, risk.subject.as_str()), (RiskKind::Cpu, SERVICE));
    // 90 % of 2 vCPUs are 45 % of 4; the smallest size with 4 vCPUs has 8 GB, as today.
    let change = risk.fix.change.as_ref().unwrap();
    assert_eq!((change.from.as_str(), change.to.as_str()), ("2 vCPU, 8 GB", "4 vCPU, 8 GB"));
    // The vCPU hours once more: 37.20 USD × 730 ÷ 744.
    assert_eq!(cost(&risk), "36.5");
    let script = risk.fix.runbook.commands.join("\n");
    assert!(script.contains("--cpu 4096 --memory 8192"), "{script}");
    assert!(world(69.0).risks().0.is_empty());
    // On EC2 instances, no task is billed.
    let on_instances = World::new([hourly("i-1", "BoxUsage:m5.large", "71.424")])
        .with([service()])
        .seen(SERVICE, uses(90.0));
    let fix = only(&on_instances).fix;
    assert!(fix.cost.is_none() && fix.unknown.unwrap().contains("on EC2"));
}

#[test]
fn a_function_at_its_memory_gets_more_of_it() {
    let line =
        Line { quantity: "446400", unit: "Count", ..hourly(FUNCTION, "Lambda-GB-Second", "7.44") };
    let world = |pct| {
        World::new([line.clone()]).with([function()]).seen(FUNCTION, steady(&[(MemoryMax, pct)]))
    };
    let risk = only(&world(95.0));
    assert_eq!(risk.kind, RiskKind::Memory);
    // 95 ÷ 85 × 1,024 MB = 1,144.5, in steps of 64.
    assert_eq!(risk.fix.change.as_ref().unwrap().to, "1152 MB");
    // 12.5 % more of 7.30 USD, or nothing if it runs so much faster.
    assert_eq!(cost(&risk), "0.91");
    assert!(risk.fix.cost.as_ref().unwrap().low.amount().is_zero());
    assert!(world(84.0).risks().0.is_empty());
    let (_, skipped) = World::new([line]).with([function()]).seen("i-1", steady(&[])).risks();
    assert!(skipped.iter().any(|s| s.reason.contains("Lambda Insights")), "{skipped:?}");
}

#[test]
fn a_busy_search_domain_moves_up_in_its_family() {
    let world = World::new([hourly(DOMAIN, "ESInstance:r6g.large", "124.248")])
        .with([Resource {
            instance_type: Some("r6g.large.search".into()),
            name: Some("search".into()),
            ..bare("search-domain", DOMAIN)
        }])
        .seen(DOMAIN, steady(&[(CpuMean, 50.0), (CpuMax, 88.0)]));
    let risk = only(&world);
    assert_eq!(risk.fix.change.as_ref().unwrap().to, "r6g.xlarge.search");
    // (0.335 − 0.167) USD × 730.
    assert_eq!(cost(&risk), "122.64");
    assert!(!risk.fix.cost.as_ref().unwrap().estimated);
}
