//! Pulls with requests that fail sometimes or always.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::{Server, inventory, pull, rows};
use crate::python::script;
use crate::support::json;

#[test]
fn a_pull_through_faults_is_complete_or_reports_what_is_missing() {
    let moto = Server::run("server.py", &["3000"]);
    let world: Value = serde_json::from_str(&script("world.py", &[&moto.url])).expect("JSON");
    let folder = TempDir::new().expect("folder");
    let place = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (calm, rough) = (place("calm"), place("rough"));
    let before = moto.json(&pull(&calm, "2026-11-01"));
    assert!(before["resources"].as_u64() >= Some(10_000), "{}", before["resources"]);

    let proxy = Server::run("faults.py", &[&moto.url]);
    let after = proxy.json(&pull(&rough, "2026-11-01"));
    let new: Vec<String> = said(&after).difference(&said(&before)).cloned().collect();
    what_is_not_there_is_said(&calm, &rough, &new);
    if new.is_empty() {
        holds_the_same(&calm, &rough);
    }
    let happened: Value =
        serde_json::from_str(&script("happened.py", &[&proxy.url])).expect("JSON");
    for (fault, times) in happened.as_object().expect("faults") {
        assert!(times.as_u64() >= Some(1), "{fault} did not happen: {happened}");
    }

    what_never_succeeds_is_a_gap(&moto, &world["payer"], &calm, &place("gone"));
}

/// What a pull says is missing.
fn said(report: &Value) -> BTreeSet<String> {
    let lines = report["partial"].as_array().expect("lines");
    lines.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}

fn what_is_not_there_is_said(calm: &str, rough: &str, said: &[String]) {
    let had: BTreeSet<String> = inventory(rough.as_ref()).iter().map(ToString::to_string).collect();
    for row in inventory(calm.as_ref()).iter().filter(|row| !had.contains(&row.to_string())) {
        let places = ["SubAccountId", "RegionId"].map(|key| row[key].as_str().expect("text"));
        assert!(
            said.iter().any(|line| places.iter().all(|p| line.contains(p))),
            "{row} is missing, and not said: {said:?}"
        );
    }
}

fn holds_the_same(calm: &str, rough: &str) {
    for part in ["inventory/resources", "utilization/hourly", "prices/list", "recommendations/list"]
    {
        let file = |estate: &str| rows(&Path::new(estate).join(format!("{part}.parquet")));
        assert!(file(calm) == file(rough), "{part} is the same, whatever failed on the way");
    }
    let totals = |estate: &str| json(&["review", estate, "--month", "2026-10"])["totals"].clone();
    assert_eq!(totals(calm), totals(rough));
}

/// And all else is there, of the payer's first region.
fn what_never_succeeds_is_a_gap(moto: &Server, payer: &Value, calm: &str, gone: &str) {
    let never = "Action=Describe(Volumes|AutoScalingInstances)";
    let proxy = Server::run("faults.py", &[&moto.url, never]);
    let alone = ["pull", "aws", "--into", gone, "--as-of", "2026-11-01", "--months", "2"];
    let one_region = ["--regions", "us-east-1", "--utilization-days", "0"];
    let report = proxy.json(&[&alone[..], &one_region].concat());
    let id = payer.as_str().expect("id");
    for (what, operation) in [
        ("EBS volumes", "ec2:DescribeVolumes"),
        ("Auto Scaling groups of EC2 instances", "autoscaling:DescribeAutoScalingInstances"),
    ] {
        let line = format!("no {what}, account {id}, region us-east-1: {operation}");
        assert!(said(&report).iter().any(|l| l.starts_with(&line)), "{:?}", said(&report));
    }
    let of = |estate: &str, volumes: bool| {
        let mine = |r: &&Value| r["SubAccountId"] == *payer && r["RegionId"] == "us-east-1";
        let all = inventory(estate.as_ref());
        all.iter().filter(mine).filter(|r| (r["Kind"] == "volume") == volumes).count()
    };
    assert!(of(calm, true) > 0 && of(gone, true) == 0);
    assert_eq!(of(gone, false), of(calm, false));
}
