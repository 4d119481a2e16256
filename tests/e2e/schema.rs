//! JSON outputs conform to their published schemas, and the published schemas are current.

use std::fs;

use serde_json::Value;
use snapbox::{Data, assert_data_eq};

use crate::support::{DEMO, SAMPLE, cost, json, root, stdout};

const OUTPUTS: [&str; 14] = [
    "review",
    "savings",
    "verify",
    "decisions",
    "commitments",
    "anomalies",
    "tune",
    "alerts",
    "explain",
    "checks",
    "sizing",
    "pull",
    "reconcile",
    "validate",
];

pub(crate) fn holds(output: &str, document: &Value) {
    let schema: Value =
        serde_json::from_str(&stdout(&["schema", output])).expect("a schema is JSON");
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("schema.json", schema).expect("a schema is a resource");
    let index = compiler.compile("schema.json", &mut schemas).expect("the schema compiles");
    if let Err(error) = schemas.validate(document, index) {
        panic!("cost {output} does not hold to its schema: {error:#}");
    }
}

#[test]
fn published_schemas_are_current() {
    for output in OUTPUTS {
        let path = root().join("docs/schema").join(format!("{output}.schema.json"));
        assert_data_eq!(stdout(&["schema", output]), Data::read_from(&path, None).raw());
    }
    let published = fs::read_dir(root().join("docs/schema")).expect("docs/schema is there").count();
    assert_eq!(published, OUTPUTS.len(), "docs/schema holds a file for which there is no output");
}

#[test]
fn json_outputs_hold_to_their_schemas() {
    for estate in [DEMO, SAMPLE] {
        for output in ["review", "savings", "commitments", "anomalies"] {
            holds(output, &json(&[output, estate]));
        }
    }
    holds("tune", &json(&["anomalies", DEMO, "--tune", "4"]));
    let folder = tempfile::tempdir().expect("a folder");
    let state = folder.path().join("alerts.json");
    let path = state.to_string_lossy().into_owned();
    holds("anomalies", &json(&["anomalies", DEMO, "--state", &path, "--as-of", "2026-10-15"]));
    let ledger = fs::read_to_string(&state).expect("the state is there");
    holds("alerts", &serde_json::from_str(&ledger).expect("the state is JSON"));
    let review = json(&["review", DEMO]);
    for list in ["opportunities", "anomalies"] {
        let id = review[list][0]["id"].as_str().expect("an id");
        holds("explain", &json(&["explain", id, DEMO]));
    }
    holds("checks", &json(&["checks"]));
    holds("sizing", &json(&["sizing", "datasets/bitbrains"]));
    let validated = cost(&["validate", SAMPLE, "--format", "json"]).stdout;
    holds("validate", &serde_json::from_str(&validated).expect("JSON"));
}

#[test]
fn a_schema_refuses_what_is_wrong() {
    let mut review = json(&["review", SAMPLE]);
    review["totals"]["billed"]["this_month"]["amount"] = Value::from(20.28);
    let refused = std::panic::catch_unwind(|| holds("review", &review));
    assert!(refused.is_err(), "a float is no exact amount");
}
