//! Rightsizing on recorded machines: docs/rightsizing-yardstick.txt is current and within its
//! promises.

use std::fs;

use serde_json::Value;

use crate::support::{cost, json, root, stdout};

const TRACES: &str = "datasets/bitbrains";

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

#[test]
fn no_less_is_saved_than_by_the_rule_of_compute_optimizer_at_no_more_risk() {
    let report = json(&["sizing", TRACES]);
    assert_eq!(
        (report["machines"].as_u64(), report["not_placed"].as_array().map(Vec::len)),
        (Some(50), Some(0))
    );
    let rules = report["rules"].as_array().expect("rules");
    let of = |reach: &str, rule: &str| {
        let is = |r: &&Value| {
            r["reach"] == reach && r["rule"].as_str().is_some_and(|n| n.starts_with(rule))
        };
        rules.iter().find(is).expect("there is one")
    };
    for reach in ["safe", "balanced", "bold"] {
        let (ours, theirs) = (of(reach, "this tool"), of(reach, "like Compute Optimizer"));
        assert!(
            number(&ours["shortfall_pct"]) <= number(&theirs["shortfall_pct"]),
            "{ours} {theirs}"
        );
        assert!(number(&ours["saving_pct"]) >= number(&theirs["saving_pct"]), "{ours} {theirs}");
        let mean = of(reach, "average");
        assert!(
            number(&mean["shortfall_pct"]) > number(&ours["shortfall_pct"]),
            "an average hides peaks"
        );
    }
    let (ours, theirs) = (of("bold", "this tool"), of("bold", "like Compute Optimizer"));
    assert!(number(&ours["saving_pct"]) > number(&theirs["saving_pct"]), "{ours} {theirs}");
}

#[test]
fn the_published_measurement_is_what_comes_out() {
    let text = stdout(&["sizing", TRACES, "--width", "110"]);
    let path = root().join("docs/rightsizing-yardstick.txt");
    if std::env::var_os("SNAPSHOTS").is_some_and(|v| v == "overwrite") {
        fs::write(&path, &text).expect("it can be written");
    }
    assert_eq!(
        fs::read_to_string(path).expect("it is there"),
        text,
        "SNAPSHOTS=overwrite writes it"
    );
}

#[test]
fn what_is_wrong_with_traces_is_said() {
    let empty = tempfile::tempdir().expect("a folder");
    let ran = cost(&["sizing", empty.path().to_str().expect("a path")]);
    assert!(ran.code == 1 && ran.stderr.contains("meta.parquet"), "{ran:?}");
}
