//! Tests that every check in the registry fires, stays quiet, and skips as expected, and tests of
//! single checks.

mod buckets;
mod cases;
mod clouds;
mod hosted;
mod named;
mod one_step;
mod reviewed;
mod reviewer;
mod risks;
mod scripts;
mod upcoming;
pub(in crate::checks) mod world;

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::json;

use super::registry;
use crate::check::CheckSet;
use crate::cloud::Provider;
use crate::inventory::Resource;
use crate::month::Month;
use crate::opportunity::{Certainty, Opportunity};
use crate::usage::Metric;
use cases::{CASES, Case, DB, SERVICE, fargate, old_cache, service, table_of_class};
use world::{Line, World, hourly};

/// Every check must have documentation, thresholds with sources, and test cases.
#[test]
fn every_check_says_what_it_is_and_has_cases() {
    let mut ids = BTreeSet::new();
    for check in registry() {
        let m = check.meta();
        assert!(ids.insert(m.id), "{} is there twice", m.id);
        for chapter in [
            "## What it finds\n",
            "## How the saving is computed\n",
            "## Trade-offs\n",
            "## Source\n",
        ] {
            assert!(m.docs.contains(chapter), "{}: no {chapter}", m.id);
        }
        assert!(
            says_when_it_was_read(m.docs),
            "{}: sources must end with the month in which they were read, such as `Read 2026-11.`",
            m.id
        );
        assert!(
            !m.permissions.is_empty(),
            "{}: no permissions; if only the bill is needed, the action that shows the resource",
            m.id
        );
        assert!(!m.columns.is_empty() && m.history_months > 0, "{}", m.id);
        assert!(
            version(m.since).is_some_and(|since| since <= next_release()),
            "{}: since `{}` is not a release up to the next one",
            m.id,
            m.since
        );
        for t in m.thresholds {
            let said = [t.key, t.unit, t.metric, t.source].iter().all(|text| !text.is_empty());
            assert!(said && t.value.is_finite() && t.value >= 0.0, "{}: threshold {}", m.id, t.key);
        }
        assert!(CASES.iter().any(|c| c.check == m.id), "{} has no cases", m.id);
    }
    assert_eq!(CASES.len(), ids.len(), "a case of no check");
}

/// Returns whether docs contain `Read YYYY-MM.` with a valid month.
fn says_when_it_was_read(docs: &str) -> bool {
    let text = docs.replace('\n', " ");
    text.split("Read ")
        .skip(1)
        .any(|rest| rest.split_once('.').is_some_and(|(month, _)| month.parse::<Month>().is_ok()))
}

/// Returns the three numbers of a version.
fn version(text: &str) -> Option<[u32; 3]> {
    let numbers = text.split('.').map(|n| n.parse().ok()).collect::<Option<Vec<u32>>>()?;
    numbers.try_into().ok()
}

/// Returns the release after the one in Cargo.toml. It is the first with checks added now.
fn next_release() -> [u32; 3] {
    let now = version(env!("CARGO_PKG_VERSION")).expect("three numbers");
    [now[0], now[1] + 1, 0]
}

#[test]
fn a_source_is_read_in_a_valid_month() {
    for docs in ["\"A page\". Read 2026-11.", "A page. Read\n2027-02.", "Read 2024-01. More."] {
        assert!(says_when_it_was_read(docs), "{docs}");
    }
    for docs in ["A page.", "Read YYYY-MM.", "Read 2026-13.", "Read 2026-11", "Read it."] {
        assert!(!says_when_it_was_read(docs), "{docs}");
    }
}

/// Returns the lines of a text with placeholders from the template of `cargo xtask new-check`.
fn placeholders(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_open = |line: &str| line.contains("TODO") || line.contains("YYYY-MM");
    (1..).zip(text.lines()).filter(move |(_, line)| is_open(line))
}

#[test]
fn nothing_is_left_to_fill_in() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
    let mut folders = vec![folder.clone()];
    let mut left = Vec::new();
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder") {
            let path = entry.expect("a file").path();
            let name = path.strip_prefix(&folder).expect("inside").display();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("tests/mod.rs") {
                let text = std::fs::read_to_string(&path).expect("a source");
                let open = placeholders(&text);
                left.extend(open.map(|(line, text)| format!("{name}:{line}: {}", text.trim())));
            }
        }
    }
    left.sort();
    assert!(
        left.is_empty(),
        "replace these placeholders with the text of the check:\n{}",
        left.join("\n")
    );
}

/// A saving that may be zero is expected in part: half, if a check does not state another share, and
/// the share that is assumed to be avoidable.
#[test]
fn what_may_save_nothing_is_expected_in_part() {
    let first = |check: &str| {
        let case = CASES.iter().find(|c| c.check == check).expect("a case");
        (case.fires)().run(check).0.remove(0)
    };
    let share = |o: &Opportunity| o.savings.expected.amount() / o.possible.unwrap().amount();
    let half = first("oversized_function");
    assert_eq!((half.certainty, share(&half)), (Certainty::Uncertain, Decimal::new(5, 1)));
    assert!(half.savings.low.is_zero_or_less());
    // September has 720 hours and the same cost: 744 ÷ 720 more per hour.
    let high = half.savings.high.amount() / half.possible.unwrap().amount();
    assert_eq!(high.round_dp(4), Decimal::new(10_333, 4));
    assert_eq!(share(&first("log_retention")).round_dp(6), Decimal::new(8, 1));
    // 10 % are assumed to be old versions: between none and twice as many.
    let assumed = first("noncurrent_versions").savings;
    assert!(assumed.low.is_zero_or_less());
    assert_eq!(assumed.expected.amount() * Decimal::TWO, assumed.high.amount());
    let exact = first("gp2_volume");
    assert_eq!((exact.certainty, exact.possible), (Certainty::Exact, None));
}

/// EMR replaces a node that is stopped, and chooses its type.
#[test]
fn nodes_of_an_emr_cluster_are_not_changed_by_themselves() {
    let node = || Resource {
        tags: [("aws:elasticmapreduce:job-flow-id".to_owned(), "j-1".to_owned())].into(),
        ..world::bare("instance", "i-1")
    };
    for check in ["idle_instance", "oversized_instance", "off_hours_instance", "graviton_instance"]
    {
        let case = CASES.iter().find(|c| c.check == check).expect("a case");
        let mut world = (case.fires)();
        world.inventory.iter_mut().for_each(|all| all.retain(|r| r.resource_id != "i-1"));
        let (found, skipped) = world.with([node()]).run(check);
        assert!(found.is_empty(), "{check}: {found:?}");
        let reason = "a node of EMR cluster j-1: change the cluster instead";
        assert!(skipped.iter().any(|s| s.reason.contains(reason)), "{check}: {skipped:?}");
    }
}

/// What a removal leaves behind is billed: the image of an instance.
#[test]
fn an_image_of_a_removed_instance_reduces_its_saving() {
    let case = CASES.iter().find(|c| c.check == "idle_instance").expect("a case");
    let plain = (case.fires)().run("idle_instance").0.remove(0);
    let disk = Resource {
        size_gb: Some(100),
        attached_to: Some(plain.subject.clone()),
        ..world::bare("volume", "vol-9")
    };
    let imaged = (case.fires)().with([disk]).run("idle_instance").0.remove(0);
    let of =
        |o: &Opportunity| [o.savings.low, o.savings.expected, o.savings.high].map(|m| m.amount());
    let ([low, expected, high], [less_low, less, most]) = (of(&plain), of(&imaged));
    // 100 GB × 0.05 USD instead of 4 % of 70.08 USD, and of 8 % in the low estimate.
    let known = |units| Decimal::new(units, 4);
    let at = |amount: Decimal| amount.round_dp(4);
    assert_eq!((at(less_low - low), at(expected - less)), (known(6064), known(21_968)));
    assert_eq!((at(less), at(high - most)), (known(650_800), 0.into()));
    let unknown = plain.evidence.iter().find(|e| e.label == "image, per month").expect("evidence");
    assert!(unknown.value.contains("at most 8 % of the saving"), "{unknown:?}");
}

/// In a region that the list lacks, prices are estimated, with a wider interval.
#[test]
fn other_types_and_classes_are_priced_by_the_relation_elsewhere() {
    let abroad = |line: Line| Line { region: "eu-west-1", ..line };
    let amount = |money: crate::money::Money| money.amount().round_dp(2).normalize().to_string();
    let says_so = |o: &Opportunity| o.evidence.iter().any(|e| e.label == "new price is estimated");
    // 0.222 USD an hour instead of 0.20; m6a.xlarge costs 0.1728 there: 13.6 % less.
    let world = World::new([abroad(hourly("i-1", "BoxUsage:m4.xlarge", "165.168"))])
        .with([world::resource("instance", "i-1", json!({ "Platform": "Linux/UNIX" }))]);
    let (found, skipped) = world.run("previous_generation_instance");
    let o = found.first().unwrap_or_else(|| panic!("{skipped:?}"));
    // 162.06 USD a month × 0.136; at most × (1 − 0.864 × 0.78), and per hour as in September (744 ÷
    // 720); at least nothing.
    assert_eq!(amount(o.savings.expected), "22.04");
    assert_eq!((amount(o.savings.low), amount(o.savings.high)), ("0".into(), "54.61".into()));
    assert!(says_so(o) && o.certainty == Certainty::Uncertain);
    // Without the operating system, the license is unknown.
    let unknown = World::new([abroad(hourly("i-1", "BoxUsage:m4.xlarge", "165.168"))]);
    assert!(unknown.run("previous_generation_instance").0.is_empty());
    // A node at 0.25 USD an hour: r6g.large is 0.206 where r5.large is 0.216.
    let mut world = old_cache("cache.r5.large", "redis");
    world.lines = vec![abroad(hourly(world.lines[0].id, "NodeUsage:cache.r5.large", "186"))];
    let (found, skipped) = world.run("graviton_cache");
    let o = found.first().unwrap_or_else(|| panic!("{skipped:?}"));
    // 182.50 USD a month × (1 − 0.206 ÷ 0.216).
    assert_eq!(amount(o.savings.expected), "8.45");
    assert!(says_so(o) && o.savings.low.is_zero_or_less());
    assert!(o.savings.expected.amount() < o.savings.high.amount());
    // The list has the region: the difference is that of the list, and no estimate.
    let listed = old_cache("cache.r5.large", "redis").run("graviton_cache").0;
    assert!(!says_so(&listed[0]));
}

/// A released commitment is expected to cover other usage with the share of the usage that is on
/// demand.
#[test]
fn a_released_commitment_covers_other_usage_in_part() {
    let plan = |line: Line| Line { pricing: "Committed:Compute Savings Plans", ..line };
    // 74.40 USD a month covered (at most as in September, 744 ÷ 720), and three times as much on demand: three of four.
    let world = World::new([
        plan(hourly("i-1", "BoxUsage:m5.large", "74.4")),
        hourly("i-2", "BoxUsage:m5.large", "223.2"),
    ]);
    let claim = world.claim("i-1");
    let at = |amount: crate::money::Money| amount.amount().round_dp(4).normalize().to_string();
    assert_eq!(
        (at(claim.possible.unwrap()), at(claim.savings.expected)),
        ("73".into(), "54.75".into())
    );
    assert_eq!((at(claim.savings.low), at(claim.savings.high)), ("0".into(), "75.4333".into()));
}

#[test]
fn every_check_fires_stays_quiet_and_skips() {
    let wrong: Vec<String> = CASES.iter().flat_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the differences between a check's results and its expected results.
fn wrong(Case { check, fires, saves, quiet, skips, reason }: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    let (found, skipped) = fires().run(check);
    if found.is_empty() {
        wrong.push(format!("{check} does not fire: {skipped:?}"));
    }
    // What is possible: a check whose saving may be zero expects a stated share of it.
    let full = |o: &Opportunity| o.possible.unwrap_or(o.savings.expected).amount();
    let saving: rust_decimal::Decimal = found.iter().map(full).max().unwrap_or_default();
    if saving.round_dp(2).normalize().to_string() != *saves {
        wrong.push(format!(
            "{check} saves {saving}, not {saves}: {:?}",
            found.first().map(|o| &o.evidence)
        ));
    }
    let meta = registry().iter().map(|c| c.meta()).find(|m| m.id == *check);
    let provider = meta.and_then(|m| m.provider).unwrap_or(Provider::Aws);
    for o in &found {
        if o.scope.provider != Some(provider) {
            wrong.push(format!("{check}: its scripts are not for {provider:?}: {:?}", o.scope));
        }
        let (t, s) = (&o.trade_off, &o.savings);
        let has_steps =
            !t.test_first.is_empty() && !t.rollback.is_empty() && !o.runbook.commands.is_empty();
        if !has_steps
            || o.title.is_empty()
            || o.runbook.watch.is_empty()
            || o.runbook.terraform.is_empty()
        {
            wrong.push(format!("{check} does not say all: {o:?}"));
        }
        let in_order =
            s.low.amount() <= s.expected.amount() && s.expected.amount() <= s.high.amount();
        let is_exact = o.certainty == Certainty::Exact;
        let is_best_case = s.expected == s.high && !s.expected.is_zero_or_less();
        if is_exact != (s.low == s.expected && s.expected == s.high) || is_best_case && !is_exact {
            wrong.push(format!("{check} expects the best case: {:?} {s:?}", o.certainty));
        }
        if !in_order || o.claims.iter().any(|c| c.savings.expected.amount() > c.spend.amount()) {
            wrong
                .push(format!("{check} saves more than is spent, or out of order: {:?}", o.claims));
        }
    }
    if let Some(o) = quiet().run(check).0.first() {
        wrong.push(format!("{check} does not stay quiet: {}", o.title));
    }
    let (found, skipped) = skips().run(check);
    if let Some(o) = found.first() {
        wrong.push(format!("{check} finds where it should skip: {}", o.title));
    }
    if !skipped.iter().any(|s| s.reason.contains(reason)) {
        wrong.push(format!("{check} does not skip because `{reason}`: {skipped:?}"));
    }
    wrong
}

#[test]
fn what_is_to_be_ignored_is_left_alone_and_said() {
    let case = CASES.iter().find(|c| c.check == "unattached_volume").unwrap();
    let mut world = (case.fires)();
    for r in world.inventory.iter_mut().flatten() {
        r.tags.insert("cost:ignore".to_owned(), "kept for the audit".to_owned());
    }
    let (found, skipped) = world.run(case.check);
    assert!(found.is_empty());
    assert_eq!(skipped[0].reason, "ignored: tag cost:ignore=kept for the audit");

    let mut world = (case.fires)();
    world.settings.skip = vec![case.check.to_owned()];
    let (found, skipped) = world.run(case.check);
    assert!(found.is_empty() && skipped[0].reason.contains("configuration"), "{skipped:?}");

    let mut world = (case.fires)();
    let thresholds = std::collections::BTreeMap::from([("unattached_days".to_owned(), 1000.0)]);
    world.settings.checks.insert(case.check.to_owned(), thresholds);
    assert_eq!(world.settings.validate(&CheckSet::built_in()), Ok(()));
    assert!(world.run(case.check).0.is_empty(), "a threshold of the configuration counts");
    world.settings.checks.get_mut(case.check).unwrap().insert("days".to_owned(), 1.0);
    let wrong = world.settings.validate(&CheckSet::built_in()).unwrap_err().to_string();
    assert_eq!(
        wrong,
        "check `unattached_volume` has no threshold `days`; it has `unattached_days`"
    );
}

fn fires(check: &str) -> world::World {
    (CASES.iter().find(|c| c.check == check).unwrap().fires)()
}

#[test]
fn what_costs_nothing_has_no_price_to_compare() {
    for check in ["archivable_bucket", "cold_bucket", "standard_bucket"] {
        let mut world = fires(check);
        for line in &mut world.lines {
            line.cost = "0";
        }
        let (found, skipped) = world.run(check);
        assert!(found.is_empty());
        assert!(skipped[0].reason.contains("no cost in the bill"), "{check}: {skipped:?}");
    }
}

#[test]
fn a_cluster_with_nodes_or_pods_of_its_own_is_not_idle() {
    let check = "idle_kubernetes_cluster";
    let node = |account: &str| Resource {
        tags: [("kubernetes.io/cluster/dev".to_owned(), "owned".to_owned())].into(),
        sub_account_id: Some(account.to_owned()),
        ..world::bare("instance", "i-1")
    };
    assert!(fires(check).with([node("1")]).run(check).0.is_empty());
    assert_eq!(
        fires(check).with([node("2")]).run(check).0.len(),
        1,
        "a node of another account's cluster"
    );
    let mut world = fires(check);
    world.lines.push(world::hourly(
        "arn:aws:eks:us-east-1:1:pod/dev/web/1",
        "Fargate-vCPU-Hours:perCPU",
        "1",
    ));
    assert!(world.run(check).0.is_empty());
}

#[test]
fn a_snapshot_made_since_a_volume_was_detached_is_enough() {
    let check = "unattached_volume";
    let snapshot = |made: &str, written_gb: i64| Resource {
        created_on: Some(world::day(made)),
        state: Some("completed".to_owned()),
        ..world::resource(
            "snapshot",
            "snap-1",
            json!({ "VolumeId": "vol-1", "FullSnapshotSizeInBytes": written_gb << 30 }),
        )
    };
    let saves = |world: world::World| {
        world.run(check).0[0].savings.expected.amount().normalize().to_string()
    };
    // 100 GB of gp3 cost 8 USD; a snapshot costs 0.05 USD per GB.
    assert_eq!(saves(fires(check)), "3");
    assert_eq!(saves(fires(check).with([snapshot("2026-08-01", 20)])), "7");
    assert_eq!(saves(fires(check).with([snapshot("2026-09-02", 20)])), "8");
    let planned = Resource {
        tags: [("aws:backup:x".to_owned(), "y".to_owned())].into(),
        ..snapshot("2026-09-02", 20)
    };
    assert_eq!(saves(fires(check).with([planned])), "7", "a plan deletes it");
}

#[test]
fn a_final_snapshot_is_subtracted_if_its_price_and_size_are_known() {
    let check = "idle_database";
    let sized = |size_gb| Resource { size_gb, ..world::bare("db-instance", DB) };
    let shown = |world: world::World| {
        let found = world.run(check).0.remove(0);
        let evidence = found.evidence.iter().find(|e| e.label.starts_with("final snapshot"));
        let expected = found.savings.expected.amount().normalize().to_string();
        (expected, evidence.unwrap().value.clone())
    };
    let listed = || fires(check).listed("rds-backup", "0.1");
    // 73 − 100 GB × 0.10 USD.
    assert_eq!(shown(listed().with([sized(Some(100))])), ("63".to_owned(), "10.00 USD".to_owned()));
    // The inventory lacks the size, but the bill has storage of 100 GB for 11.50 USD.
    let mut billed = listed().with([sized(None)]);
    let storage = world::stored(DB, "RDS:GP3-Storage", "11.5", "100");
    billed.lines.push(Line { service: billed.lines[0].service, ..storage });
    assert_eq!(shown(billed), ("74.5".to_owned(), "10.00 USD".to_owned()));
    // 73 USD − 4 %.
    let (expected, why) = shown(listed().with([sized(None)]));
    assert!(expected == "70.08" && why.contains("its size is missing"), "{why}");
    let mut abroad = fires(check).with([sized(Some(100))]);
    abroad.lines[0].region = "eu-west-1";
    let (expected, why) = shown(abroad);
    assert!(
        expected == "70.08" && why.contains("the price of rds-backup in eu-west-1 is unknown"),
        "{why}"
    );
    let (found, skipped) = listed().with([sized(Some(1000))]).run(check);
    assert!(found.is_empty() && skipped[0].reason.contains("as much as"), "{skipped:?}");
}

#[test]
fn hours_with_io_optimized_storage_are_hours_of_databases() {
    for check in ["idle_database", "graviton_database", "previous_generation_database"] {
        let (plain, mut world) = (fires(check).run(check).0, fires(check));
        for line in &mut world.lines {
            if let Some(class) = line.usage.strip_prefix("InstanceUsage:") {
                line.usage = format!("InstanceUsageIOOptimized:{class}").leak();
            }
        }
        assert!(world.lines.iter().any(|l| l.usage.contains("IOOptimized")), "{check}");
        let (found, skipped) = world.run(check);
        let saved = |all: &[Opportunity]| all.iter().map(|o| o.savings).collect::<Vec<_>>();
        assert_eq!(saved(&found), saved(&plain), "{check}: {skipped:?}");
    }
}

#[test]
fn a_task_that_is_gone_is_of_the_service_that_its_tag_names() {
    let tags = r#"{"aws:ecs:serviceName": "shop"}"#;
    let tag_keys = vec![crate::cloud::aws::ECS_SERVICE_TAG.to_owned()];
    let half = world::steady(&[
        (Metric::CpuMax, 30.0),
        (Metric::CpuMean, 20.0),
        (Metric::MemoryMax, 40.0),
    ]);
    let world = world::World { tag_keys, ..world::World::new(fargate(tags)) }
        .with([service()])
        .seen(SERVICE, half);
    let (found, skipped) = world.run("oversized_service");
    assert_eq!(found.len(), 1, "{skipped:?}");
    assert_eq!(found[0].title, "Run the tasks of shop with 1 vCPU, 4 GB instead of 2 vCPU, 8 GB");
    assert_eq!(found[0].scope.owner, None, "the tag of services is none of owners");
}

#[test]
fn a_cache_moves_to_less_memory_only_if_what_is_used_fits() {
    let moved = |used: f64| {
        let used = world::steady(&[(Metric::MemoryMax, used)]);
        old_cache("cache.m4.large", "redis")
            .seen("arn:aws:elasticache:us-east-1:1:cluster:sessions", used)
    };
    let titles = |world: world::World| {
        world.run("graviton_cache").0.into_iter().map(|o| o.title).collect::<Vec<_>>()
    };
    assert!(
        titles(old_cache("cache.m4.large", "redis")).is_empty(),
        "it has 6.42 GiB, the new one 6.38"
    );
    assert_eq!(titles(moved(60.0)), ["Move cache sessions from cache.m4.large to cache.m6g.large"]);
    assert!(titles(moved(90.0)).is_empty());
}

#[test]
fn a_busy_table_returns_to_the_standard_class() {
    let saves = |storage, writes| {
        let lines = table_of_class("IA-TimedStorage-ByteHrs", storage, writes);
        let found = world::World::new(lines).run("table_class").0;
        found
            .first()
            .map(|o| (o.title.clone(), o.savings.expected.amount().normalize().to_string()))
    };
    // Writes of 73 USD cost 73 ÷ 1.25 = 58.40 USD; storage of 1 USD costs 1 ÷ 0.4 = 2.50 USD.
    let title = "Change table carts to the table class Standard".to_owned();
    assert_eq!(saves("1", "IA-WriteCapacityUnit-Hrs"), Some((title, "13.1".to_owned())));
    // Storage of 10 USD would cost 15 USD more than before.
    assert_eq!(saves("10", "IA-WriteCapacityUnit-Hrs"), None);
}

#[test]
fn an_interface_endpoint_of_a_service_with_gateway_endpoints_names_both_in_its_script() {
    let (found, _) = fires("replaceable_interface_endpoint").run("replaceable_interface_endpoint");
    let script = found[0].runbook.commands.join("\n");
    assert!(script.contains("--vpc-endpoint-type Gateway --vpc-id vpc-1"), "{script}");
    assert!(script.contains("delete-vpc-endpoints --vpc-endpoint-ids vpce-1"), "{script}");
}

#[test]
fn a_web_acl_of_cloudfront_is_deleted_where_its_commands_run() {
    let script = fires("idle_web_acl").run("idle_web_acl").0[0].runbook.commands.join("\n");
    let arguments = "--name site --id a1 --scope CLOUDFRONT --region us-east-1";
    assert!(script.contains(&format!("delete-web-acl {arguments}")), "{script}");
}

#[test]
fn extended_support_of_a_service_is_found_by_its_own_check_only() {
    let all = [
        "extended_support_database",
        "extended_support_cache",
        "extended_support_search_domain",
        "extended_support_document_database",
    ];
    for own in all {
        let (found, _) = fires(own).run_these(registry());
        let checks: Vec<&str> = found.iter().map(|o| o.check.as_str()).collect();
        assert_eq!(checks, [own]);
    }
}

#[test]
fn databases_of_other_services_are_not_evaluated_as_those_of_rds() {
    for other in ["idle_document_database", "idle_graph_database", "idle_memory_database"] {
        let (found, _) = fires(other).run_these(registry());
        let checks: Vec<&str> = found.iter().map(|o| o.check.as_str()).collect();
        assert_eq!(checks, [other]);
    }
}

#[test]
fn a_month_with_little_io_speaks_against_paying_for_it_in_advance() {
    let mut world = fires("io_heavy_cluster");
    // Only since October: August and September had no I/O.
    for line in world.lines.iter_mut().filter(|l| l.usage.contains("IOUsage")) {
        line.since = 0;
    }
    assert_eq!(world.run("io_heavy_cluster").0.len(), 1);
    let before = world.lines[0].clone();
    world.lines.push(world::Line { cost: "7.44", since: 2, ..before });
    assert!(world.run("io_heavy_cluster").0.is_empty());
}

#[test]
fn the_nodes_of_a_replication_group_are_resized_in_one_step() {
    let member = |id: &str| Resource {
        instance_type: Some("cache.r5.xlarge".to_owned()),
        ..world::resource(
            "cache-cluster",
            id,
            json!({ "Engine": "redis", "ReplicationGroup": "carts" }),
        )
    };
    let ids = [
        "arn:aws:elasticache:us-east-1:1:cluster:carts-1",
        "arn:aws:elasticache:us-east-1:1:cluster:carts-2",
    ];
    let lines = ids.map(|id| world::hourly(id, "NodeUsage:cache.r5.xlarge", "74.4"));
    let of = |cpu| world::steady(&[(Metric::CpuMax, cpu), (Metric::MemoryMax, 30.0)]);
    let world = |cpu| {
        world::World::new(lines.clone())
            .with(ids.map(member))
            .seen(ids[0], of(cpu))
            .seen(ids[1], of(5.0))
    };
    let (found, _) = world(30.0).run("oversized_cache");
    let titles: Vec<&str> = found.iter().map(|o| o.title.as_str()).collect();
    assert_eq!(titles, ["Resize cache carts from cache.r5.xlarge to cache.r5.large"]);
    // 2 × 73 USD × (1 − 0.216 ÷ 0.431).
    assert_eq!(found[0].savings.expected.amount().round_dp(2).to_string(), "72.83");
    assert!(world(40.0).run("oversized_cache").0.is_empty(), "the busiest node decides");
}

#[test]
fn the_price_of_search_nodes_in_another_region_is_estimated() {
    let mut world = fires("graviton_search_domain");
    world.lines.iter_mut().for_each(|line| line.region = "eu-west-1");
    let (found, skipped) = world.run("graviton_search_domain");
    let [o] = &found[..] else { panic!("{skipped:?}") };
    // The relation of both types in us-east-1 gives 7.20 USD, of which half is expected: at worst,
    // it is nothing.
    assert_eq!(o.possible.unwrap().amount().round_dp(2).normalize().to_string(), "7.2");
    assert!(o.savings.low.is_zero_or_less());
}
