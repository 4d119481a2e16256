//! The scripts of checks for which the demo has no resource: `tests/aws/runbooks.py` executes them
//! too.

use serde_json::{Value, json};

use super::cases::{CASES, Case, S3, by_team, team};
use super::one_step::{cache_group, only_step, search_domain};
use super::registry;
use super::world::{Line, World, counted, hourly, resource};
use crate::inventory::Resource;
use crate::opportunity::Opportunity;

/// Checks with scripts for which the demo has no resource.
const OUTSIDE: [&str; 21] = [
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
    "inconsistent_tag_values",
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
    first_with(name, world, check, "")
}

/// Returns what the harness needs of the first opportunity of a check with a text in its script.
fn first_with(name: &str, world: &World, check: &str, text: &str) -> Value {
    let (found, skipped) = world.run(check);
    let has = |o: &&Opportunity| o.runbook.commands.join("\n").contains(text);
    let o = found.iter().find(has).unwrap_or_else(|| panic!("{check} finds nothing: {skipped:?}"));
    alone(name, o)
}

/// Returns what the harness needs of an opportunity.
fn alone(name: &str, o: &Opportunity) -> Value {
    let runbook = json!({
        "commands": o.runbook.commands,
        "rollback_commands": o.runbook.rollback_commands,
    });
    json!({
        "check": name, "id": o.id, "title": o.title, "subject": o.subject, "scope": o.scope,
        "runbook": runbook,
    })
}

/// Returns what the harness needs of the step that makes all changes of a resource but those of one
/// check.
fn joint(name: &str, all: Vec<Opportunity>, without: &str) -> Value {
    let some: Vec<Opportunity> = all.into_iter().filter(|o| o.check != without).collect();
    let step = only_step(&some);
    let first = some.iter().find(|o| o.id == step.opportunity).expect("its opportunity");
    let joint = step.combined.expect("several changes");
    json!({
        "check": name, "id": first.id, "title": joint.title, "subject": first.subject,
        "scope": first.scope, "runbook": {
            "commands": joint.runbook.commands,
            "rollback_commands": joint.runbook.rollback_commands,
        },
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
    let grouped = (case(group).fires)().with([nodes]);
    all.push(first("node_group", &grouped, group));
    all.push(first_with("node_group_with_template", &grouped, group, "update-nodegroup-version"));
    let consumer = "arn:aws:kinesis:us-east-1:1:stream/clicks/consumer/search:1700000000";
    let read = counted("arn:aws:kinesis:us-east-1:1:stream/orders", "ReadBytes", "1", "77");
    let one = World::new([hourly(consumer, "EnhancedFanoutHour", "11.16"), read]);
    all.push(first("idle_stream_consumer_alone", &one, "idle_stream_consumer"));
    let reserved = "arn:aws:ec2:us-east-1:1:capacity-reservation/cr-1";
    let used = [("UnusedBox:m5.large", "74.4"), ("Reservation:m5.large", "74.4")];
    let partly = World::new(used.map(|(usage, cost)| hourly(reserved, usage, cost)));
    let check = "unused_capacity_reservation";
    all.push(first("capacity_reservation_used_in_part", &partly, check));
    let changes = "search_domain_changes";
    all.push(joint(changes, search_domain(), "extended_support_search_domain"));
    all.push(joint("cache_group_changes", cache_group(), "valkey_cache"));
    let changes = cache_group();
    let valkey = changes.iter().find(|o| o.check == "valkey_cache").expect("a change");
    all.push(alone("valkey_cache_group", valkey));
    let bucket = by_team([
        team("i-0", "100", r#"{"team": "Data Platform"}"#),
        Line { service: S3, ..team("photos", "10", r#"{"team": "data-platform"}"#) },
    ]);
    let check = "inconsistent_tag_values";
    all.push(first("inconsistent_tag_values_of_bucket", &bucket, check));
    let text = serde_json::to_string_pretty(&all).expect("JSON") + "\n";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/aws/scripts.json");
    if std::env::var_os("SNAPSHOTS").is_some_and(|v| v == "overwrite") {
        std::fs::write(&path, &text).expect("written");
    }
    let known = std::fs::read_to_string(path).unwrap_or_default();
    assert!(known == text, "set SNAPSHOTS=overwrite to write tests/aws/scripts.json again");
}
