//! Tests of checks on commitments, governance, credits, and traffic to the internet.

use serde_json::json;

use super::cases::{DB, RDS};
use super::fires;
use super::world::{Line, World, bare, counted, day, hourly, resource};
use crate::inventory::Resource;
use crate::opportunity::Opportunity;

const PLAN: &str = "arn:aws:savingsplans::1:savingsplan/p-1";
const STREAM: &str = "arn:aws:kinesis:us-east-1:1:stream/clicks";

fn titles(found: &[Opportunity]) -> Vec<&str> {
    found.iter().map(|o| o.title.as_str()).collect()
}

fn saves(o: &Opportunity) -> String {
    o.savings.expected.amount().round_dp(2).normalize().to_string()
}

/// A Savings Plan of 1 USD per hour, of which this is unused in the month.
fn plan(unused: &'static str, id: &'static str) -> World {
    let owned = resource("savings-plan", PLAN, json!({ "CommitmentUsdPerHour": "1" }));
    let status = "Committed:Compute Savings Plans:Unused";
    World::new([
        Line {
            pricing: "Committed:Compute Savings Plans",
            ..hourly("i-1", "BoxUsage:m5.large", "40")
        },
        Line { pricing: status, ..hourly(id, "ComputeSP:1yrNoUpfront", unused) },
    ])
    .with([owned])
}

#[test]
fn a_savings_plan_cannot_be_sold_so_that_its_unused_part_is_shown_without_savings() {
    // 148.8 of 744 USD are 20 %.
    let (found, _) = plan("148.8", PLAN).run("unused_commitment");
    assert_eq!(titles(&found), ["Use the unused part of the Savings Plan p-1"]);
    assert!(found[0].claims.is_empty() && found[0].savings.high.is_zero_or_less());
    let shown = |label: &str| {
        found[0].evidence.iter().find(|e| e.label == label).expect(label).value.clone()
    };
    assert_eq!(shown("unused cost, per month"), "146.00 USD");
    assert_eq!(shown("commitment utilization"), "80 %");
    // 37.2 of 744 USD are 5 %.
    assert!(plan("37.2", PLAN).run("unused_commitment").0.is_empty());
}

#[test]
fn what_is_unused_for_the_first_month_or_has_ended_is_no_finding() {
    let mut first = fires("unused_commitment");
    first.lines.iter_mut().for_each(|line| line.since = 0);
    assert!(first.run("unused_commitment").0.is_empty());
    let id = "arn:aws:ec2:us-east-1:1:reserved-instances/r-1";
    let ended = resource("reserved-instances", id, json!({ "EndsOn": "2026-10-20" }));
    assert!(fires("unused_commitment").with([ended]).run("unused_commitment").0.is_empty());
}

#[test]
fn the_renewal_of_a_savings_plan_is_queued_for_its_end() {
    let (found, _) = fires("ending_commitment").run("ending_commitment");
    let script = found[0].runbook.commands.join("\n");
    assert!(script.contains("--savings-plan-ids p-1"), "{script}");
    assert!(script.contains("END=$(aws savingsplans describe-savings-plans"), "{script}");
    assert!(script.contains("--purchase-time \"$END\""), "{script}");
    let mut retired = fires("ending_commitment");
    for r in retired.inventory.iter_mut().flatten() {
        r.state = Some("retired".to_owned());
    }
    assert!(retired.run("ending_commitment").0.is_empty());
}

#[test]
fn copies_of_events_are_of_the_trail_that_the_bill_names_else_of_the_region() {
    let subjects = |id: &'static str, region: &'static str| {
        let mut world = fires("second_trail");
        world.lines.push(Line { id, region, ..world.lines[1].clone() });
        let (found, _) = world.run("second_trail");
        found.into_iter().map(|o| o.subject).collect::<Vec<_>>()
    };
    let trail = "arn:aws:cloudtrail:eu-west-1:1:trail/audit";
    assert_eq!(subjects(trail, "eu-west-1"), [trail, "AWS CloudTrail in us-east-1"]);
    assert_eq!(subjects(trail, "us-east-1"), ["AWS CloudTrail in us-east-1"]);
}

#[test]
fn the_free_allowance_is_given_once_and_to_the_most_traffic_first() {
    let sent = |id: &'static str, cost: &'static str, gb: &'static str| Line {
        service: "Amazon Simple Storage Service",
        ..counted(id, "DataTransfer-Out-Bytes", cost, gb)
    };
    // 0.0744 USD per GB in 744 h are 0.073 USD in 730 h.
    let (found, _) = World::new([
        sent("arn:aws:s3:::small", "37.2", "500"),
        sent("arn:aws:s3:::large", "59.52", "800"),
        sent("arn:aws:s3:::none", "29.76", "400"),
    ])
    .run("egress_without_cloudfront");
    assert_eq!(
        titles(&found),
        ["Serve large through CloudFront", "Serve small through CloudFront"]
    );
    // All of 800 GB, and 224 of 500 GB; half of it is expected.
    assert_eq!([saves(&found[0]), saves(&found[1])], ["29.2", "8.18"]);
}

#[test]
fn an_instance_that_a_commitment_pays_for_keeps_its_type() {
    let mut world = fires("surplus_credits_instance");
    world.lines[0].pricing = "Committed:Compute Savings Plans";
    let (found, skipped) = world.run("surplus_credits_instance");
    assert!(found.is_empty() && skipped[0].reason.contains("a commitment pays"), "{skipped:?}");
}

#[test]
fn a_move_away_from_credits_is_the_only_change_of_the_instance() {
    let (found, _) = fires("surplus_credits_instance").run("surplus_credits_instance");
    let change = found[0].change.as_ref().expect("a change");
    assert_eq!((change.from.as_str(), change.to.as_str()), ("t3.large", "m6a.large"));
    // It claims the hours too, so that no other change of the type is planned beside it.
    assert_eq!(found[0].claims.len(), 2);
}

#[test]
fn amd_of_a_newer_generation_is_found_once() {
    let world = World::new([hourly("i-1", "BoxUsage:m5.large", "71.424")]);
    assert!(world.run("amd_instance").0.is_empty());
    let (found, _) = world.run("previous_generation_instance");
    assert_eq!(titles(&found), ["Move m5.large to m6a.large"]);
}

#[test]
fn a_key_that_is_young_is_not_unused() {
    let young = Resource {
        created_on: Some(day("2026-10-25")),
        ..resource("key", "arn:aws:kms:us-east-1:1:key/k-1", json!({}))
    };
    assert!(fires("unused_key").with([young]).run("unused_key").0.is_empty());
}

/// A database instance that runs in all hours.
fn running(id: &'static str) -> Line {
    Line { service: RDS, ..hourly(id, "InstanceUsage:db.r5.large", "74.4") }
}

#[test]
fn what_was_used_only_in_earlier_months_of_the_window_is_not_unused() {
    let key = "arn:aws:kms:us-east-1:1:key/k-1";
    for (check, line) in [
        ("unused_key", counted(key, "us-east-1-KMS-Requests", "0.01", "1")),
        ("idle_stream", counted(STREAM, "PutRequestPayloadUnits", "1", "1000000")),
        ("idle_stream_consumer", counted(STREAM, "ReadBytes", "0.01", "1")),
        ("orphaned_database_backup", running(DB)),
        ("stopped_database", running(DB)),
    ] {
        let mut world = fires(check);
        assert_eq!(world.run(check).0.len(), 1, "{check}");
        world.lines.push(Line { until: "2026-10-01", ..line });
        assert!(world.run(check).0.is_empty(), "{check}");
    }
    let reservation = "arn:aws:ec2:us-east-1:1:capacity-reservation/cr-1";
    let mut world = fires("unused_capacity_reservation");
    let used = hourly(reservation, "Reservation:m5.large", "74.4");
    world.lines.push(Line { until: "2026-10-01", ..used });
    let (found, _) = world.run("unused_capacity_reservation");
    assert_eq!(titles(&found), ["Reduce the capacity reservation cr-1 to what instances use"]);
}

#[test]
fn a_consumer_that_the_bill_names_is_deregistered_alone_if_no_consumer_reads() {
    let mut world = fires("idle_stream_consumer");
    world.lines[0].id = "arn:aws:kinesis:us-east-1:1:stream/clicks/consumer/search:1700000000";
    let (found, _) = world.run("idle_stream_consumer");
    assert_eq!(titles(&found), ["Deregister the idle consumer search of the stream clicks"]);
    let script = found[0].runbook.commands.join("\n");
    let one = format!("deregister-stream-consumer --stream-arn {STREAM} --consumer-name search");
    assert!(script.contains(&one) && !script.contains("NAMES"), "{script}");
    let undo = found[0].runbook.rollback_commands.join("\n");
    assert!(undo.contains(" --consumer-name search") && !undo.contains("NAMES"), "{undo}");
    for reader in [STREAM, "arn:aws:kinesis:us-east-1:1:stream/clicks/consumer/archive:1700000001"]
    {
        let mut world = world.clone();
        world.lines.push(counted(reader, "ReadBytes", "0.01", "1"));
        assert!(world.run("idle_stream_consumer").0.is_empty(), "{reader}");
    }
}

#[test]
fn backups_of_a_database_that_exists_elsewhere_may_be_copies_of_it() {
    let check = "orphaned_database_backup";
    let copy = "arn:aws:rds:eu-west-1:1:db:orders";
    let known = Resource { region_id: Some("eu-west-1".to_owned()), ..bare("db-instance", copy) };
    let mut billed = fires(check);
    billed.lines.push(Line { region: "eu-west-1", ..running(copy) });
    for world in [fires(check).with([known]), billed] {
        let (found, skipped) = world.run(check);
        assert!(found.is_empty() && skipped[0].reason.contains("of the same name"), "{skipped:?}");
    }
    let other = bare("db-instance", "arn:aws:rds:us-east-1:1:db:customers");
    assert_eq!(fires(check).with([other]).run(check).0.len(), 1);
}

#[test]
fn what_ended_in_the_month_needs_no_change() {
    for check in ["unused_capacity_reservation", "unused_key", "second_trail"] {
        let ends = |until: &'static str| {
            let mut world = fires(check);
            world.lines.iter_mut().for_each(|line| line.until = until);
            world.run(check)
        };
        let (found, skipped) = ends("2026-10-16");
        let reason = "it ended on 2026-10-15: the bill has no later charges";
        assert!(found.is_empty() && skipped.iter().any(|s| s.reason == reason), "{skipped:?}");
        // It is quiet on the last two days.
        assert_eq!(ends("2026-10-30").0.len(), 1, "{check}");
    }
}
