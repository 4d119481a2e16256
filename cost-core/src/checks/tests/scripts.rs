//! The scripts of checks for which the demo has no resource: `tests/aws/runbooks.py` executes them
//! too.

use serde_json::{Value, json};

use super::cases::{CASES, Case};
use super::registry;
use super::world::{World, resource};
use crate::inventory::Resource;

/// Checks with scripts for which the demo has no resource.
const OUTSIDE: [&str; 20] = [
    "address_of_stopped_instance",
    "cross_region_traffic",
    "cross_zone_traffic",
    "detailed_monitoring",
    "egress_without_cloudfront",
    "ending_commitment",
    "fast_snapshot_restore",
    "graviton_database",
    "growing_image_repository",
    "idle_stream",
    "lasting_provisioned_throughput",
    "log_class",
    "magnetic_volume",
    "nat_traffic_to_endpoints",
    "old_snapshot",
    "oversized_scaling_group",
    "previous_generation_database",
    "replaceable_public_address",
    "surplus_credits_database",
    "unused_capacity_reservation",
];

/// Returns what the harness needs of the first opportunity of a check.
fn first(name: &str, world: &World, check: &str) -> Value {
    let (found, skipped) = world.run(check);
    let o = found.first().unwrap_or_else(|| panic!("{check} finds nothing: {skipped:?}"));
    let runbook = json!({
        "commands": o.runbook.commands,
        "rollback_commands": o.runbook.rollback_commands,
    });
    json!({
        "check": name, "id": o.id, "title": o.title, "subject": o.subject, "scope": o.scope,
        "runbook": runbook,
    })
}

fn case(id: &str) -> &'static Case {
    CASES.iter().find(|c| c.check == id).expect("a case")
}

#[test]
fn the_scripts_to_execute_are_those_of_the_checks() {
    assert!(OUTSIDE.iter().all(|id| registry().iter().any(|c| c.meta().id == *id)));
    let mut all: Vec<Value> = OUTSIDE.map(|id| first(id, &(case(id).fires)(), id)).into();
    let group = "oversized_scaling_group";
    let nodes = Resource {
        name: Some("workers".to_owned()),
        ..resource(
            "eks-node-group",
            "ng-1",
            json!({ "Cluster": "shop", "AutoScalingGroups": ["web"] }),
        )
    };
    all.push(first("node_group", &(case(group).fires)().with([nodes]), group));
    let text = serde_json::to_string_pretty(&all).expect("JSON") + "\n";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/aws/scripts.json");
    if std::env::var_os("SNAPSHOTS").is_some_and(|v| v == "overwrite") {
        std::fs::write(&path, &text).expect("written");
    }
    let known = std::fs::read_to_string(path).unwrap_or_default();
    assert!(known == text, "set SNAPSHOTS=overwrite to write tests/aws/scripts.json again");
}
