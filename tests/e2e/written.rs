//! Files of earlier versions are still read: estates, state files of scheduled jobs, and decisions
//! (`tests/written`).

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use cost_core::estate::Estate;
use polars::prelude::*;
use serde_json::{Value, json};

use crate::support::{json as answer, stdout};

fn written(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/written/0.1.0").join(name)
}

/// A copy, which the program may change.
fn copy(folder: &tempfile::TempDir, name: &str) -> String {
    let path = folder.path().join(name);
    fs::copy(written(name), &path).expect("copied");
    path.to_str().expect("UTF-8").to_owned()
}

fn demo() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets/demo");
    path.to_str().expect("UTF-8").to_owned()
}

/// Rows of a table as the engine reads it.
fn rows(table: &str) -> usize {
    let path = written("estate").join(table);
    let file = fs::File::open(path).expect("the table");
    ParquetReader::new(file).finish().expect("Parquet").height()
}

#[test]
fn every_table_of_an_estate_is_read() {
    let estate = Estate::open(written("estate").to_str().expect("UTF-8")).expect("an estate");
    let manifest = estate.manifest.expect("a manifest");
    assert_eq!(
        (manifest.name.as_str(), manifest.as_of),
        ("fernweh", NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day"))
    );
    assert_eq!(manifest.partial.len(), 1);
    assert_eq!(estate.inventory.expect("resources").len(), rows("inventory/resources.parquet"));
    assert!(
        rows("utilization/hourly.parquet") > 0 && !estate.utilization.expect("metrics").is_empty()
    );
    assert_eq!(estate.recommendations.len(), rows("recommendations/list.parquet"));
    assert_eq!(estate.resource_costs.len(), rows("resources/daily.parquet"));
    assert_eq!(estate.commitments.len(), rows("commitments/monthly.parquet"));
    assert!(rows("commitments/offers.parquet") > 0 && !estate.offers.is_empty());
    assert!(rows("prices/list.parquet") > 0);
}

/// What `tests/aws/world.py` put into the emulated organization.
#[test]
fn the_bill_of_an_estate_is_read() {
    let estate = written("estate");
    let review = answer(&["review", estate.to_str().expect("UTF-8")]);
    assert_eq!(review["totals"]["billed"]["this_month"]["amount"], "480.500000000031");
    assert_eq!(review["totals"]["effective"]["last_month"]["amount"], "367.5");
    assert_eq!(review["estate"]["line_items"], 366);
}

#[test]
fn alerts_and_what_was_decided_on_them_are_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = copy(&folder, "alerts.json");
    let found = answer(&["anomalies", &demo(), "--as-of", "2026-11-02", "--state", &state]);
    assert_eq!(found["alerts"]["new"], json!([]), "raised before");
    let text = fs::read_to_string(&state).expect("the state");
    let after: Value = serde_json::from_str(&text).expect("JSON");
    let before: Value =
        serde_json::from_slice(&fs::read(written("alerts.json")).expect("there")).expect("JSON");
    let all = |state: &Value| {
        let alert = |a: &Value| (a["id"].clone(), a["status"].clone(), a["decision"].clone());
        state["alerts"].as_array().expect("alerts").iter().map(alert).collect::<Vec<_>>()
    };
    assert_eq!((all(&after).len(), all(&after)), (3, all(&before)));
}

#[test]
fn decisions_on_savings_are_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let decisions = copy(&folder, "decisions.json");
    let savings = answer(&["savings", &demo(), "--decisions", &decisions]);
    let decided = savings["decisions"].as_object().expect("decisions");
    assert_eq!(
        decided.keys().collect::<Vec<_>>(),
        ["op-11fb019829", "op-4545838155", "op-73fe69dea4"],
        "{}",
        savings["decisions"]
    );
    let refused = savings["plan"]["not_allowed"].to_string();
    assert!(
        refused.contains("dismissed: goes away in spring")
            && refused.contains("done on 2026-10-20"),
        "{refused}"
    );
    let shown = stdout(&["explain", "op-73fe69dea4", &demo(), "--decisions", &decisions]);
    assert!(shown.contains("accepted (in the next sprint)"), "{shown}");
}
