//! Tests of faults that a review found.

use std::collections::BTreeSet;

use serde_json::json;

use super::cases::CASES;
use super::fires;
use super::one_step::cache_group;
use super::world::{Line, World, hourly, resource};
use crate::opportunity::Opportunity;
use crate::shell::expanded;

fn script(o: &Opportunity) -> String {
    o.runbook.commands.join("\n")
}

fn full(o: &Opportunity) -> String {
    o.possible.unwrap_or(o.savings.expected).amount().round_dp(2).normalize().to_string()
}

/// The nodes of a cluster that is oversized: four on demand, and reserved ones with these hours.
fn with_reserved(hours: &'static str) -> World {
    let mut world = fires("oversized_warehouse");
    let reserved =
        Line { pricing: "Committed:Reserved", quantity: hours, ..world.lines[0].clone() };
    world.lines.push(reserved);
    world
}

#[test]
fn nodes_on_demand_and_reserved_are_of_one_cluster() {
    // 2,976 h + 1,488 h in 744 h.
    let (found, skipped) = with_reserved("1488").run("oversized_warehouse");
    let [o] = &found[..] else { panic!("{found:?} {skipped:?}") };
    assert_eq!(o.title, "Resize Redshift cluster dw from 6 to 3 nodes");
    assert_eq!(o.claims.len(), 2, "{:?}", o.claims);
    // Five nodes cannot be halved.
    assert!(with_reserved("744").run("oversized_warehouse").0.is_empty());
    let (found, skipped) = with_reserved("700").run("oversized_warehouse");
    assert!(found.is_empty() && skipped[0].reason.contains("resized"), "{skipped:?}");
    let (found, skipped) = with_reserved("").run("oversized_warehouse");
    assert!(found.is_empty() && skipped[0].reason.contains("PricingQuantity"), "{skipped:?}");
    let mut other = with_reserved("1488");
    other.lines[1].usage = "Node:ra3.xlplus";
    let (found, skipped) = other.run("oversized_warehouse");
    assert!(found.is_empty() && skipped[0].reason.contains("several node types"), "{skipped:?}");
}

#[test]
fn a_cluster_that_was_resized_since_is_left_alone() {
    let (found, _) = fires("oversized_warehouse").run("oversized_warehouse");
    let lines = script(&found[0]);
    assert!(lines.contains("[ \"$NODES\" = 4 ] ||"), "{lines}");
    assert!(lines.contains("--number-of-nodes 2 --no-classic"), "{lines}");
    let back = found[0].runbook.rollback_commands.join("\n");
    assert!(back.contains("--number-of-nodes 4 --no-classic"), "{back}");
}

#[test]
fn an_override_of_the_recorder_is_kept() {
    let (found, _) = fires("continuous_recording").run("continuous_recording");
    let lines = script(&found[0]);
    assert!(lines.contains("recordingModeOverrides[0].resourceTypes, `[]`)"), "{lines}");
    let stop = lines.find("[ \"$FREQUENCY\" = CONTINUOUS ] ||").expect("a stop");
    let other = lines.find("[ \"$OVERRIDES\" = 0 ] ||").expect("a stop");
    let put = lines.find("put-configuration-recorder").expect("a change");
    assert!(stop < other && other < put, "{lines}");
}

#[test]
fn what_may_save_nothing_saves_at_most_its_cost() {
    let only = |check: &str| fires(check).run(check).0.remove(0).claims.remove(0);
    // September has 720 hours and the same cost, so that an hour cost more: the limit applies.
    let assumed = only("lasting_replication_instance");
    assert_eq!(assumed.savings.high, assumed.spend);
    for check in ["replaceable_public_address", "extended_stream_retention", "unused_log_group"] {
        let claim = only(check);
        assert!(claim.savings.high.amount() <= claim.spend.amount(), "{check}: {claim:?}");
        assert!(claim.savings.expected.amount() < claim.savings.high.amount(), "{check}");
    }
}

const RESERVED: &str = "arn:aws:ec2:us-east-1:1:reserved-instances/r-1";

#[test]
fn a_convertible_reservation_is_not_for_sale() {
    let of = |class: &str| {
        let known = resource("reserved-instances", RESERVED, json!({ "OfferingClass": class }));
        fires("unused_commitment").with([known]).run("unused_commitment").0.remove(0)
    };
    let (standard, convertible) = (of("standard"), of("convertible"));
    assert_eq!(standard.title, "Sell or use the unused part of the reservation r-1");
    assert!(script(&standard).contains("create-reserved-instances-listing"));
    assert_eq!(convertible.title, "Use the unused part of the reservation r-1");
    assert!(convertible.claims.is_empty());
    let lines = script(&convertible);
    assert!(lines.contains("aws ec2 describe-reserved-instances"), "{lines}");
    assert!(!lines.contains("listing"), "{lines}");
    assert!(convertible.trade_off.caveats[0].contains("exchanged"));
}

#[test]
fn a_reservation_of_a_database_is_described_by_its_service_and_not_sold() {
    let mut world = fires("unused_commitment");
    world.lines[1].id = "arn:aws:rds:us-east-1:1:ri:orders";
    let (found, _) = world.run("unused_commitment");
    assert_eq!(found[0].title, "Use the unused part of the reservation orders");
    let lines = script(&found[0]);
    let describe = "aws rds describe-reserved-db-instances --reserved-db-instance-id orders";
    assert!(lines.contains(describe) && !lines.contains("listing"), "{lines}");
    assert!(!found[0].trade_off.caveats[0].contains("Savings Plan"));
}

#[test]
fn the_used_part_of_a_commitment_in_the_bill_gives_its_utilization() {
    let with_used = |cost: &'static str| {
        let mut world = fires("unused_commitment");
        let line = hourly(RESERVED, "HeavyUsage:m5.large", cost);
        world.lines.push(Line { pricing: "Committed:Reserved", ..line });
        world.run("unused_commitment").0
    };
    // 74.4 of 744 USD are 10 %, and of 818.4 USD 9.1 %.
    assert!(with_used("744").is_empty());
    let found = with_used("669.6");
    assert_eq!(full(&found[0]), "36.5");
    let shown = found[0].evidence.iter().find(|e| e.label == "commitment utilization");
    assert_eq!(shown.expect("evidence").value, "90 %");
}

#[test]
fn a_reservation_is_sold_by_complete_instances() {
    let of = |count: i64| {
        let mut world = fires("unused_commitment");
        let line = hourly(RESERVED, "HeavyUsage:m5.large", "669.6");
        world.lines.push(Line { pricing: "Committed:Reserved", ..line });
        let known = resource("reserved-instances", RESERVED, json!({ "Count": count }));
        world.with([known]).run("unused_commitment").0.remove(0)
    };
    // 10 % of one instance are unused: it cannot be split.
    let one = of(1);
    assert_eq!(one.title, "Use the unused part of the reservation r-1");
    assert!(one.claims.is_empty() && one.trade_off.caveats[0].contains("complete instances"));
    assert!(!script(&one).contains("listing"));
    // Of 16 instances, 1.6 are unused, and one is sold: 50 % of 73 USD × 1 ÷ 1.6.
    let some = of(16);
    assert_eq!(full(&some), "22.81");
    assert!(script(&some).lines().any(|line| line == "COUNT=1"), "{}", script(&some));
}

/// Returns an estate whose resources have names that a shell would run.
fn with_names_that_run(check: &str, name: &str) -> World {
    let mut world = fires(check);
    let ids: BTreeSet<String> = world.lines.iter().map(|line| line.id.to_owned()).collect();
    let renamed = |id: &str| if id.is_empty() { String::new() } else { format!("{id}{name}") };
    for line in &mut world.lines {
        line.id = renamed(line.id).leak();
    }
    for known in world.inventory.iter_mut().flatten() {
        if ids.contains(&known.resource_id) {
            known.resource_id = renamed(&known.resource_id);
        }
        known.name = Some(format!("{}{name}", known.name.as_deref().unwrap_or("web")));
    }
    for (id, _) in world.uses.iter_mut().flatten() {
        *id = renamed(id);
    }
    world
}

/// A name in single quotes inside double quotes would run: the shell expands it there.
#[test]
fn no_name_reaches_the_shell_in_a_script_of_any_check() {
    let (mut found, mut wrong) = (BTreeSet::new(), BTreeSet::new());
    for check in CASES.iter().map(|case| case.check) {
        for name in ["$(pwned)", "'$(pwned)'", "\"$(pwned)\"", "`pwned` b", "\\$(pwned)"] {
            for o in with_names_that_run(check, name).run(check).0 {
                for lines in [&o.runbook.commands, &o.runbook.rollback_commands] {
                    let lines = lines.join("\n");
                    if expanded(&lines).contains("pwned") {
                        let all = lines.lines().filter(|l| expanded(l).contains("pwned"));
                        wrong.insert((check, all.collect::<Vec<_>>().join("\n")));
                    }
                    if lines.contains("pwned") {
                        found.insert(check);
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Others name nothing in their scripts, or do not take the ID for that of a resource.
    assert!(found.len() > 60, "{}: {found:?}", found.len());
}

#[test]
fn a_step_for_one_resource_does_not_start_with_others() {
    for check in CASES.iter().map(|case| case.check) {
        for o in fires(check).run(check).0 {
            for step in &o.runbook.rollout {
                assert!(!step.contains("development"), "{check}: {step}");
            }
        }
    }
}

#[test]
fn a_password_of_a_broker_is_no_argument_and_rabbitmq_has_no_audit_logs() {
    let (found, _) = fires("idle_broker").run("idle_broker");
    let (lines, back) = (script(&found[0]), found[0].runbook.rollback_commands.join("\n"));
    assert!(back.contains("umask 077\n") && back.contains("--users file://user.json"), "{back}");
    assert!(!back.contains("Password=") && back.contains("trap 'rm -f user.json' EXIT"), "{back}");
    let only_active = "if [ \"$ENGINE\" = ACTIVEMQ ]; then\nsave users.json aws mq list-users";
    assert!(lines.contains(only_active), "{lines}");
    assert!(lines.contains("&& {Audit: not_null(Logs.Audit"), "{lines}");
}

#[test]
fn the_auth_token_of_a_cache_is_no_argument() {
    let all = cache_group();
    let valkey = all.iter().find(|o| o.check == "valkey_cache").expect("a change");
    let back = valkey.runbook.rollback_commands.join("\n");
    let before = |first: &str, second: &str| {
        let at = |text: &str| back.find(text).unwrap_or_else(|| panic!("{text}: {back}"));
        assert!(at(first) < at(second), "{back}");
    };
    before("trap 'rm -f input.json' EXIT\numask 077\n", "> input.json");
    before("if [ \"$AUTH\" = True ]; then", "${AUTH_TOKEN:?");
    before("> input.json", "--cli-input-json file://input.json");
    assert!(!back.contains("--auth-token"), "{back}");
}

#[test]
fn a_run_removes_one_domain_controller() {
    let (found, _) = fires("extra_domain_controller").run("extra_domain_controller");
    let lines = script(&found[0]);
    assert!(lines.contains("--desired-number \"$((NOW - 1))\""), "{lines}");
    let wait = lines.find("set SOONER to yes").expect("a wait of a week");
    assert!(wait < lines.find("update-number").expect("a change"), "{lines}");
}
