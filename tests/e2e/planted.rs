//! Planted events and waste of the demo are found, without other findings.

use std::collections::BTreeSet;
use std::fs;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::{DEMO, json, root};

fn truth() -> Value {
    let text =
        fs::read_to_string(root().join(DEMO).join("truth.json")).expect("truth.json is there");
    serde_json::from_str(&text).expect("truth.json is JSON")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

fn decimal(value: &Value) -> Decimal {
    value.as_str().expect("an amount is text").parse().expect("an amount is a decimal")
}

fn short(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// Check, account, resource: what a finding and a truth have in common.
fn key(check: &str, account: &str, subject: &str) -> String {
    format!("{check} {account} {}", short(subject))
}

fn key_of_truth(waste: &Value) -> String {
    key(text(waste, "check"), text(waste, "sub_account_id"), text(waste, "subject"))
}

fn key_of_finding(o: &Value) -> String {
    key(text(o, "check"), o["scope"]["sub_account_id"].as_str().unwrap_or(""), text(o, "subject"))
}

/// What is wrong with a finding's saving. What is planted is possible: of an uncertain saving, the
/// finding expects a stated share.
fn wrong(finding: &Value, planted: Decimal) -> Option<String> {
    let of = |name: &str| decimal(&finding["savings"][name]["amount"]);
    let (low, expected, high) = (of("low"), of("expected"), of("high"));
    // The truth is to the cent.
    let cent = Decimal::new(1, 2);
    let within = low - cent <= planted && planted <= high + cent;
    let possible = finding.get("possible").map_or(expected, |money| decimal(&money["amount"]));
    let close = (possible - planted).abs() <= planted * Decimal::new(5, 2);
    (!within || !close)
        .then(|| format!("{planted} was planted, {expected} ({low} to {high}) is found"))
}

#[test]
fn all_planted_waste_is_found_with_its_true_saving_and_no_other() {
    let (truth, savings) = (truth(), json(&["savings", DEMO, "--month", "2026-10"]));
    let found = savings["opportunities"].as_array().expect("opportunities");
    let waste = truth["waste"].as_array().expect("waste");
    let mut problems = Vec::new();
    for planted in waste {
        let wanted = key_of_truth(planted);
        // Of several sizes one is the planted one.
        let same = || found.iter().filter(|o| key_of_finding(o) == wanted);
        let of_each: Vec<Option<String>> =
            same().map(|o| wrong(o, decimal(&planted["saving_usd"]))).collect();
        if !of_each.iter().any(Option::is_none) {
            problems.push(format!("{wanted}: {of_each:?}"));
        }
    }
    let planted: BTreeSet<String> = waste.iter().map(key_of_truth).collect();
    let real: BTreeSet<&str> = truth["real_machines_have_it_too"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let checks: BTreeSet<&str> =
        waste.iter().map(|w| text(w, "check")).filter(|c| !real.contains(c)).collect();
    for o in found
        .iter()
        .filter(|o| checks.contains(text(o, "check")) && !planted.contains(&key_of_finding(o)))
    {
        problems.push(format!("{} was not planted: {}", key_of_finding(o), o["title"]));
    }
    assert!(checks.len() >= 30, "waste of {} kinds was planted", checks.len());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Expected is the best case only if the saving is exact, and `exact` says that it is.
#[test]
fn no_saving_expects_the_best_case() {
    let savings = json(&["savings", DEMO, "--month", "2026-10"]);
    let all = savings["opportunities"].as_array().expect("opportunities");
    let mut kinds = BTreeSet::new();
    for o in all.iter().filter(|o| text(o, "action") != "allocate") {
        let of = |name: &str| decimal(&o["savings"][name]["amount"]);
        let (low, expected, high) = (of("low"), of("expected"), of("high"));
        let is_exact = text(o, "certainty") == "exact";
        assert_eq!(is_exact, low == expected && expected == high, "{o}");
        assert!(is_exact || expected < high, "{} {low} {expected} {high}", o["title"]);
        kinds.insert(text(o, "certainty"));
    }
    assert_eq!(kinds, BTreeSet::from(["estimated", "exact", "uncertain"]));
}

#[test]
fn planted_risks_are_found_with_the_cost_of_their_fix() {
    let (truth, savings) = (truth(), json(&["savings", DEMO, "--month", "2026-10"]));
    let found = savings["reliability_risks"].as_array().expect("risks");
    let planted = truth["risks"].as_array().expect("planted risks");
    assert!(!planted.is_empty());
    for risk in planted {
        let same = |r: &&Value| {
            text(r, "kind") == text(risk, "kind")
                && short(text(r, "subject")) == short(text(risk, "subject"))
        };
        let found = found.iter().find(same).expect("the planted risk is found");
        let cost = decimal(&found["fix"]["cost"]["expected"]["amount"]);
        let error = (cost - decimal(&risk["cost_usd"])).abs();
        assert!(error <= decimal(&risk["cost_usd"]) / Decimal::from(50), "{cost} for {risk}");
    }
}

/// The planted costs to come are found with their dates and amounts, and no others: everything else
/// is supported for longer. The cluster whose extended support is turned off is upgraded, at no cost.
#[test]
fn planted_costs_to_come_are_found_and_no_others() {
    let (truth, review) = (truth(), json(&["review", DEMO, "--month", "2026-10"]));
    let planted = truth["upcoming"].as_array().expect("planted costs to come");
    let all = review["upcoming_costs"].as_array().expect("costs to come");
    let (upgrades, found): (Vec<&Value>, Vec<&Value>) =
        all.iter().partition(|c| text(c, "kind") == "automatic-upgrade");
    assert_eq!(upgrades.len(), 1, "{upgrades:?}");
    assert_eq!(text(upgrades[0], "from"), "2026-12-02");
    assert!(text(upgrades[0], "title").starts_with("cluster staging: AWS upgrades it"));
    assert!(upgrades[0]["per_month"].is_null() && upgrades[0]["unknown"].is_null());
    assert!(planted.len() >= 2 && found.len() == planted.len(), "{found:?}");
    for cost in planted {
        let of_resource = |c: &&&Value| {
            let ids = c["resource_ids"].as_array().into_iter().flatten();
            ids.filter_map(Value::as_str).any(|id| short(id) == short(text(cost, "resource")))
        };
        let same = found.iter().find(of_resource).expect("the planted cost is found");
        assert_eq!(text(same, "from"), text(cost, "from"), "{cost}");
        let amount = decimal(&same["per_month"]["amount"]);
        let error = (amount - decimal(&cost["usd_per_month"])).abs();
        assert!(error <= Decimal::new(1, 2), "{amount} for {cost}");
    }
}

#[test]
fn what_only_looks_like_waste_is_left_alone() {
    let (truth, savings) = (truth(), json(&["savings", DEMO, "--month", "2026-10"]));
    let found = savings["opportunities"].as_array().expect("opportunities");
    let traps = truth["looks_like_waste_but_is_not"].as_array().expect("traps");
    let is_trap = |o: &&Value| {
        let same = |t: &Value| {
            text(t, "check") == text(o, "check")
                && short(text(t, "subject")) == short(text(o, "subject"))
        };
        traps.iter().any(same)
    };
    let fallen: Vec<String> = found
        .iter()
        .filter(is_trap)
        .map(|o| format!("{}: {}", key_of_finding(o), o["title"]))
        .collect();
    assert!(fallen.is_empty(), "{}", fallen.join("\n"));
    for kind in [
        "standby",
        "Ireland",
        "last two days of a month",
        "a week old",
        "read replica",
        "backup plan",
        "too short",
    ] {
        assert!(traps.iter().any(|t| text(t, "why").contains(kind)), "no trap: {kind}");
    }
}

#[test]
fn planted_anomalies_are_raised_on_their_first_day_and_no_others() {
    let truth = truth();
    let events = truth["events"].as_array().expect("events");
    // The complete bill: the first months have no monthly pattern yet.
    let report = json(&["anomalies", DEMO, "--backtest", "2025-10-01..2026-11-02"]);
    let raised = report["anomalies"].as_array().expect("anomalies");
    let same = |a: &Value, e: &Value| {
        text(a, "raised_on") == text(e, "first_day")
            && a["scope"]["sub_account_id"] == e["sub_account_id"]
            && a["scope"]["service_name"] == e["service_name"]
    };
    for event in events.iter().filter(|e| text(e, "kind") != "drop") {
        let anomaly = raised.iter().find(|a| same(a, event));
        let anomaly = anomaly.unwrap_or_else(|| panic!("{} is not raised", event["id"]));
        assert_eq!(anomaly["causes"][0]["usage_type"], event["usage_type"], "{}", event["id"]);
        assert_eq!(
            text(anomaly, "kind").starts_with("new"),
            text(event, "kind") != "anomaly",
            "{}",
            event["id"]
        );
    }
    let expected = |a: &&Value| events.iter().any(|e| text(e, "kind") != "drop" && same(a, e));
    let false_alarms: Vec<String> = raised
        .iter()
        .filter(|a| !expected(a))
        .map(|a| {
            format!("{} {} {}", a["raised_on"], a["scope"]["service_name"], a["excess"]["amount"])
        })
        .collect();
    assert!(false_alarms.len() <= 2, "{false_alarms:?}");
}

#[test]
fn what_was_planned_is_not_raised_and_drops_are_only_raised_when_asked_for() {
    let truth = truth();
    let event = |kind: &str| {
        let events = truth["events"].as_array().expect("events");
        events.iter().find(|e| text(e, "kind") == kind).expect("there is one").clone()
    };
    let (planned, drop) = (event("planned"), event("drop"));
    let config = tempfile::NamedTempFile::new().expect("a file");
    let known = format!(
        "[[anomalies.events]]\nname = \"migration\"\nfirst_day = \"{}\"\nlast_day = \"{}\"\n\
         where = {{ sub_account_id = \"{}\", service_name = \"{}\" }}\n",
        text(&planned, "first_day"),
        text(&planned, "last_day"),
        text(&planned, "sub_account_id"),
        text(&planned, "service_name")
    );
    fs::write(config.path(), known).expect("it can be written");
    let path = config.path().to_str().expect("a path");
    let july = json(&["anomalies", DEMO, "--month", "2026-07", "--config", path]);
    assert_eq!(july["anomalies"].as_array().map(Vec::len), Some(0), "{july}");
    assert!(july["known"][0].as_str().is_some_and(|k| k.starts_with("migration: ")), "{july}");

    // A bill's last days may still grow: a drop is one when three more days are there.
    let first: chrono::NaiveDate = text(&drop, "first_day").parse().expect("a day");
    let range = format!("{first}..{}", first + chrono::Days::new(3));
    let count = |args: &[&str]| json(args)["anomalies"].as_array().map(Vec::len);
    assert_eq!(count(&["anomalies", DEMO, "--backtest", &range]), Some(0));
    let drops = json(&["anomalies", DEMO, "--backtest", &range, "--drops"]);
    assert_eq!(drops["drops"][0]["scope"]["service_name"], drop["service_name"], "{drops}");
    assert_eq!(drops["drops"][0]["kind"], "drop");
}
