//! Tests that usage without a `ResourceId` is reported with its cost, and that the cost of several
//! accounts is claimed per account.

use std::collections::BTreeSet;

use super::cases::CASES;
use super::fires;
use super::world::{Line, World, stored};
use crate::check::Skip;
use crate::checks::registry;
use crate::money::Money;

/// Checks that start from resources of the inventory, and checks that add up all usage.
const OF_NO_RESOURCE: [&str; 7] = [
    "stopped_instance",
    "unused_image",
    "ending_commitment",
    "second_trail",
    "continuous_recording",
    "untagged_spend",
    "inconsistent_tag_values",
];

/// Returns an estate in which a check fires, with a copy of its usage without a `ResourceId`.
fn with_nameless(check: &str) -> World {
    let mut world = fires(check);
    let nameless: Vec<Line> =
        world.lines.iter().map(|line| Line { id: "", ..line.clone() }).collect();
    world.lines.extend(nameless);
    world
}

/// Returns the skips of usage without a `ResourceId`.
fn of_nameless(skipped: &[Skip]) -> Vec<&Skip> {
    skipped
        .iter()
        .filter(|s| s.reason.starts_with("needs ResourceId, which is missing for "))
        .collect()
}

#[test]
fn usage_without_a_resource_id_is_reported_once_a_check_and_not_evaluated() {
    for check in CASES.iter().map(|c| c.check).filter(|check| !OF_NO_RESOURCE.contains(check)) {
        let (alone, _) = fires(check).run(check);
        let (found, skipped) = with_nameless(check).run(check);
        let ids = |all: &[crate::opportunity::Opportunity]| {
            all.iter().map(|o| (o.id.clone(), o.savings)).collect::<Vec<_>>()
        };
        assert_eq!(ids(&found), ids(&alone), "{check}");
        let nameless = of_nameless(&skipped);
        assert_eq!(nameless.len(), 1, "{check} should get usage from `cx.named`: {skipped:?}");
        // A skip without a subject would mean that the check did not run.
        assert!(!nameless[0].subjects.is_empty(), "{check}: {nameless:?}");
    }
}

#[test]
fn every_check_that_is_excluded_here_is_a_check() {
    let ids: BTreeSet<&str> = registry().iter().map(|check| check.meta().id).collect();
    assert!(OF_NO_RESOURCE.iter().all(|id| ids.contains(id)));
}

#[test]
fn what_is_reported_names_the_usage_types_and_the_cost_of_the_month() {
    let nameless = |cost: &'static str| stored("", "EBS:VolumeUsage.gp2", cost, "100");
    let mut world = fires("gp2_volume");
    world.lines.extend([nameless("10"), nameless("0.25"), nameless("0")]);
    let (_, skipped) = world.run("gp2_volume");
    let [skip] = of_nameless(&skipped)[..] else { panic!("{skipped:?}") };
    assert_eq!(skip.reason, "needs ResourceId, which is missing for 10.25 USD of usage in 2026-10");
    assert_eq!(skip.subjects, ["EBS:VolumeUsage.gp2"]);
    // Usage without cost has no savings.
    let mut world = fires("gp2_volume");
    world.lines.push(nameless("0"));
    assert!(of_nameless(&world.run("gp2_volume").1).is_empty());
}

#[test]
fn a_resource_that_several_accounts_are_billed_for_is_one_opportunity_with_a_claim_for_each() {
    let all = [
        ("unattached_volume", "11"),
        ("idle_nat_gateway", "14.6"),
        // 20 % of 20 USD.
        ("gp2_volume", "4"),
        // 10 USD + 20 USD × 730 ÷ 744 − 200 GB at 0.08 USD.
        ("magnetic_volume", "13.62"),
        // Half of 10 USD − 100 GB at 0.0125 USD.
        ("archivable_snapshot", "4.38"),
        ("idle_address", "7.3"),
        ("extended_support_search_domain", "146"),
    ];
    for (check, saves) in all {
        let mut world = fires(check);
        let second: Vec<Line> =
            world.lines.iter().map(|line| Line { account: "2", ..line.clone() }).collect();
        world.lines.extend(second);
        let (found, skipped) = world.run(check);
        let [o] = &found[..] else { panic!("{check}: {found:?} {skipped:?}") };
        let of = |account: &str| -> Vec<Money> {
            let own = o.claims.iter().filter(|c| c.sub_account_id.as_deref() == Some(account));
            own.map(|claim| claim.spend).collect()
        };
        assert!(!of("1").is_empty() && of("1") == of("2"), "{check}: {:?}", o.claims);
        let expected = o.savings.expected.amount().round_dp(2).normalize();
        assert_eq!(expected.to_string(), saves, "{check}: {:?}", o.claims);
    }
}

#[test]
fn a_resource_belongs_to_its_owner_even_if_another_account_pays_first() {
    let id = "arn:aws:ec2:us-east-1:2:volume/vol-1";
    let line = |account, cost| Line { account, ..stored(id, "EBS:VolumeUsage.gp2", cost, "100") };
    let (found, skipped) = World::new([line("1", "30"), line("2", "10")]).run("gp2_volume");
    let [o] = &found[..] else { panic!("{found:?} {skipped:?}") };
    assert_eq!(o.scope.sub_account_id.as_deref(), Some("2"));
    assert!(o.title.starts_with("Change the 200 GB volume"), "{o:?}");
    // 20 % of 40 USD.
    assert_eq!(o.savings.expected.amount().round_dp(2).normalize().to_string(), "8");
}
