//! Runbooks as users get them: every command is one of the AWS CLI, and the scripts and their
//! rollbacks run on an emulator, each twice. `tests/aws/scripts.json` adds checks for which the demo
//! has no resource.

use std::collections::BTreeSet;
use std::fs;

use snapbox::{assert_data_eq, file};

use crate::python::script;
use crate::support::{DEMO, json, stdout};

/// The golden file has a row for each check: what was there before the script, after it, and after
/// its rollback, and the calls that the emulator lacks.
#[test]
fn every_runbook_runs_and_rolls_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let savings = stdout(&["savings", DEMO, "--format", "json"]);
    fs::write(folder.path().join("savings.json"), savings).expect("a file");
    let savings = json(&["savings", DEMO]);
    let mut seen = BTreeSet::new();
    for opportunity in savings["opportunities"].as_array().expect("a list") {
        let of = |key: &str| opportunity[key].as_str().expect("text");
        if seen.insert(of("check").to_owned()) {
            let page = stdout(&["explain", of("id"), DEMO, "--format", "markdown"]);
            fs::write(folder.path().join(format!("{}.md", of("check"))), page).expect("a file");
        }
    }
    assert!(seen.len() > 50, "the demo shows nearly all checks: {seen:?}");
    let folder = folder.path().to_str().expect("UTF-8");
    assert_data_eq!(script("runbooks.py", &[folder]), file!["golden/runbooks.txt"].raw());
}
