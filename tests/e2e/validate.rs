//! `cost validate`.

use std::fs;

use serde_json::Value;

use crate::support::{DEMO, SAMPLE, bill_with, bill_without, cost, json, stdout};

fn validated(text: &str) -> (i32, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bill.csv");
    fs::write(&path, text).expect("written");
    let ran = cost(&["validate", path.to_str().expect("UTF-8"), "--format", "json"]);
    (ran.code, serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr)))
}

fn column<'a>(report: &'a Value, name: &str) -> &'a Value {
    report["columns"]
        .as_array()
        .expect("columns")
        .iter()
        .find(|c| c["column"] == name)
        .expect("the column")
}

fn rule<'a>(report: &'a Value, name: &str) -> &'a Value {
    report["cross_column"]
        .as_array()
        .expect("rules")
        .iter()
        .find(|c| c["rule"] == name)
        .expect("the rule")
}

#[test]
fn the_demo_conforms_and_the_real_sample_does_not() {
    let demo = json(&["validate", DEMO]);
    assert_eq!(demo["conforms"], true, "{:#}", demo["columns"]);
    assert_eq!(demo["focus_version"], "1.2");
    let ran = cost(&["validate", SAMPLE]);
    assert_eq!(ran.code, 3);
    assert!(ran.stdout.contains("does not conform to FOCUS 1.0"), "{}", ran.stdout);
    assert!(ran.stdout.contains("ChargeFrequency = `Usage-based`"), "{}", ran.stdout);
}

#[test]
fn every_kind_of_finding_names_its_row() {
    let cases = [
        ("ChargeCategory", "Usages", "allowed-values"),
        ("BilledCost", "12 USD", "type"),
        ("BilledCost", "", "nullability"),
        ("BillingCurrency", "usd", "type"),
        ("ChargePeriodStart", "2026-01-05 00:00:00", "format"),
        ("ChargePeriodStart", "5 January", "type"),
        ("Tags", "team=x", "type"),
        ("Tags", r#"{"team":["x"]}"#, "format"),
    ];
    for (name, cell, finding) in cases {
        let (code, report) = validated(&bill_with(name, cell));
        assert_eq!(code, 3, "{name} {cell}");
        let found = column(&report, name)["findings"].as_array().expect("findings");
        let found = found
            .iter()
            .find(|f| f["rule"] == finding)
            .unwrap_or_else(|| panic!("{name} {cell}: {found:?}"));
        assert_eq!(found["violations"], 1);
        assert_eq!(found["examples"][0]["row"], 2, "{name} {cell}");
    }
    let (code, report) = validated(&bill_without("ListCost"));
    assert_eq!(
        (code, &column(&report, "ListCost")["findings"][0]["rule"]),
        (3, &Value::from("presence"))
    );
}

#[test]
fn every_rule_across_columns_can_fail() {
    let cases = [
        ("charge-period-order", "ChargePeriodEnd", "2026-01-05T00:00:00Z"),
        ("billing-period-order", "BillingPeriodEnd", "2025-12-01T00:00:00Z"),
        ("pricing-quantity-there", "PricingQuantity", ""),
        ("pricing-unit-with-quantity", "PricingUnit", ""),
        ("pricing-quantity-tax", "ChargeCategory", "Tax"),
        ("credit-effective-cost", "EffectiveCost", "1.5"),
    ];
    for (name, column, cell) in cases {
        let (_, report) = validated(&bill_with(column, cell));
        let violations = rule(&report, name)["violations"].as_u64().expect("a count");
        // The last rule holds for what is no credit.
        assert_eq!(violations, u64::from(name != "credit-effective-cost"), "{name}: {report:#}");
    }
}

#[test]
fn the_version_can_be_chosen() {
    let report = cost(&["validate", DEMO, "--focus-version", "1.0", "--format", "json"]);
    let report: Value = serde_json::from_str(&report.stdout).expect("JSON");
    assert_eq!(report["focus_version"], "1.0");
    assert!(
        report["columns"].as_array().expect("columns").iter().all(|c| c["column"] != "InvoiceId")
    );
    assert!(stdout(&["validate", DEMO]).contains("conforms to FOCUS 1.2"));
}
