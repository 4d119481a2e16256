//! `cost reconcile`: the bill compared with invoices.

use std::fs;

use crate::schema::holds;
use crate::support::{DEMO, cost};

/// Invoices of the demo, as finance has them: to the cent. The amounts are those of the column
/// `BilledCost`, added up with another program (`DuckDB`).
const INVOICES: &str = "period,issuer,invoice,amount\n\
    2026-10,\"Amazon Web Services, Inc.\",AWS-202610,\"73,272.70\"\n\
    2026-10,Amazon Web Services EMEA SARL,MKT-202610,1936.10\n";

#[test]
fn invoices_agree_to_the_cent_and_differ_with_exit_code_3() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("invoices.csv");
    let run = |text: &str, more: &[&str]| {
        fs::write(&path, text).expect("written");
        let path = path.to_str().expect("UTF-8");
        cost(&[&["reconcile", DEMO, "--invoice", path], more].concat())
    };
    let agrees = run(INVOICES, &[]);
    assert_eq!(agrees.code, 0, "{}", agrees.stderr);
    assert!(agrees.stdout.contains("The bill agrees with 2 invoices"), "{}", agrees.stdout);
    let other = INVOICES.replace("1936.10", "1936.20");
    let differs = run(&other, &["--format", "json"]);
    assert_eq!(differs.code, 3, "{}", differs.stderr);
    let json: serde_json::Value = serde_json::from_str(&differs.stdout).expect("JSON");
    holds("reconcile", &json);
    let states: Vec<&str> = json["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["state"].as_str())
        .collect();
    assert_eq!(states, ["differs", "agrees"], "by issuer");
    assert_eq!(run(&other, &["--tolerance", "0.10"]).code, 0);
    let half = run("period,amount\n2026-10,75.208,80\n", &[]);
    assert_eq!(half.code, 1, "a cell too many");
    let wrong = run("period,amount\n2026-10,seven\n", &[]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.stderr.contains("line 2, column `amount`: `seven`"), "{}", wrong.stderr);
}

#[test]
fn an_amount_is_that_of_the_month() {
    let amount = |month: &str, amount: &str| {
        cost(&["reconcile", DEMO, "--month", month, "--invoice", amount]).code
    };
    assert_eq!(amount("2026-10", "75208.80"), 0);
    assert_eq!(amount("2026-10", "75,208.80"), 0);
    assert_eq!(amount("2026-10", "75208.90"), 3);
    assert_eq!(amount("2026-09", "75208.80"), 3);
    assert_eq!(amount("2026-10", "no-such-file.csv"), 1);
}
