//! Anomalies in generated bills: what is reported, and the effect of the configuration.

use std::fs;

use chrono::{Days, NaiveDate};
use serde_json::Value;

use crate::support::{HEADER, json};

/// A bill of 100 days from 2026-01-01, 100 USD of usage a day, and rows of the first of April, day
/// 91, on top: service, account, charge category, class, cost.
fn bill(extra: &[(&str, &str, &str, &str, i32)]) -> tempfile::NamedTempFile {
    let mut text = format!("{HEADER}\n");
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    for (n, day) in first.iter_days().take(100).enumerate() {
        let (month, next) = (day.format("%Y-%m-01T00:00:00Z"), day + Days::new(1));
        let mut row =
            |(service, account, category, class, cost): &(&str, &str, &str, &str, i32)| {
                let costs = format!("{cost},{cost},{cost},{cost},{cost},Units");
                let days = format!("{month},2026-12-01T00:00:00Z,{day}T00:00:00Z,{next}T00:00:00Z");
                text.push_str(&format!(
                "{costs},{days},USD,{category},{class},b,AWS,{service},AWS,{account},us-east-1,\n"
            ));
            };
        row(&("EC2", "a1", "Usage", "", 100));
        row(&("S3", "a1", "Usage", "", 50));
        if n == 93 {
            extra.iter().for_each(row);
        }
    }
    let file = tempfile::Builder::new().suffix(".csv").tempfile().expect("a file");
    fs::write(file.path(), text).expect("it can be written");
    file
}

fn raised(extra: &[(&str, &str, &str, &str, i32)], config: &str) -> Vec<Value> {
    let (bill, settings) = (bill(extra), tempfile::NamedTempFile::new().expect("a file"));
    fs::write(settings.path(), config).expect("it can be written");
    let paths = [bill.path(), settings.path()].map(|p| p.to_string_lossy().into_owned());
    let args =
        ["anomalies", &paths[0], "--backtest", "2026-02-01..2026-04-10", "--config", &paths[1]];
    json(&args)["anomalies"].as_array().expect("anomalies").clone()
}

#[test]
fn only_usage_alarms() {
    let charges = [
        ("EC2", "a1", "Purchase", "", 5000),
        ("EC2", "a1", "Tax", "", 700),
        ("EC2", "a1", "Credit", "", 900),
        ("EC2", "a1", "Adjustment", "", 900),
        ("EC2", "a1", "Usage", "Correction", 900),
    ];
    assert_eq!(raised(&charges, ""), Vec::<Value>::new());
    let usage = raised(&[("EC2", "a1", "Usage", "", 900)], "");
    assert_eq!(usage.len(), 1);
    assert_eq!((&usage[0]["raised_on"], &usage[0]["kind"]), (&"2026-04-04".into(), &"rise".into()));
    assert_eq!(
        (&usage[0]["actual"]["amount"], &usage[0]["expected"]["amount"]),
        (&"1000".into(), &"100".into())
    );
}

#[test]
fn new_accounts_and_services_are_their_own_kind() {
    let kinds = |extra: &[(&str, &str, &str, &str, i32)]| {
        raised(extra, "")
            .iter()
            .map(|a| a["kind"].as_str().unwrap_or("").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        kinds(&[("EC2", "a9", "Usage", "", 60), ("S3", "a9", "Usage", "", 60)]),
        ["new-account"]
    );
    assert_eq!(kinds(&[("Bedrock", "a1", "Usage", "", 60)]), ["new-service"]);
    // Below the floor of 10 USD a day nothing is worth an alarm.
    assert_eq!(kinds(&[("Bedrock", "a1", "Usage", "", 9)]), [""; 0]);
}

#[test]
fn the_configuration_sets_thresholds_by_scope_excludes_and_knows_events() {
    let both = [("EC2", "a1", "Usage", "", 60), ("S3", "a1", "Usage", "", 60)];
    let services = |config: &str| {
        let found = raised(&both, config);
        let mut found: Vec<String> = found
            .iter()
            .map(|a| a["scope"]["service_name"].as_str().unwrap_or("-").to_owned())
            .collect();
        found.sort();
        found
    };
    assert_eq!(services(""), ["EC2", "S3"]);
    let rule = "[[anomalies.rules]]\nwhere = { service_name = \"EC2\" }\n";
    assert_eq!(services(&format!("{rule}relative_pct = 75\n")), ["S3"]);
    assert_eq!(services(&format!("{rule}floor = 80\n")), ["S3"]);
    assert_eq!(services(&format!("{rule}floor_per_mille_of_estate = 500\n")), ["S3"]);
    assert_eq!(services("[[anomalies.exclude]]\nservice_name = \"S3\"\n"), ["EC2"]);
    let event = "[[anomalies.events]]\nname = \"load test\"\nfirst_day = \"2026-04-01\"\nlast_day = \"2026-04-05\"\n";
    assert_eq!(services(event), [""; 0]);
    assert_eq!(services(&format!("{event}where = {{ service_name = \"S3\" }}\n")), ["EC2"]);
    assert_eq!(services("[anomalies.thresholds]\nfloor = 130\n"), [""; 0]);
}
