//! Golden outputs of what users see. After an intended change: `SNAPSHOTS=overwrite cargo test
//! --release --test e2e`.

use snapbox::{assert_data_eq, file};

use crate::support::{DEMO, SAMPLE, cost, stdout};

#[test]
fn review_of_the_demo() {
    assert_data_eq!(stdout(&["review", DEMO]), file!["golden/review-demo-80.txt"].raw());
    assert_data_eq!(
        stdout(&["review", DEMO, "--width", "120"]),
        file!["golden/review-demo-120.txt"].raw()
    );
    assert_data_eq!(
        stdout(&["review", DEMO, "--format", "csv"]),
        file!["golden/review-demo.csv"].raw()
    );
}

#[test]
fn review_of_the_real_sample() {
    assert_data_eq!(stdout(&["review", SAMPLE]), file!["golden/review-sample-80.txt"].raw());
}

#[test]
fn savings_and_anomalies() {
    assert_data_eq!(
        stdout(&["savings", DEMO, "--width", "120"]),
        file!["golden/savings-demo-120.txt"].raw()
    );
    let march = ["anomalies", DEMO, "--month", "2026-03", "--width", "120"];
    assert_data_eq!(stdout(&march), file!["golden/anomalies-demo-120.txt"].raw());
    let replay = ["anomalies", DEMO, "--backtest", "2025-10-01..2026-11-02", "--width", "120"];
    assert_data_eq!(stdout(&replay), file!["golden/backtest-demo-120.txt"].raw());
    assert_data_eq!(
        stdout(&["anomalies", DEMO, "--tune", "1"]),
        file!["golden/tune-demo.txt"].raw()
    );
}

#[test]
fn commitments() {
    let october = ["commitments", DEMO, "--month", "2026-10"];
    assert_data_eq!(stdout(&october), file!["golden/commitments-demo-80.txt"].raw());
    let wide = [&october[..], &["--width", "120"]].concat();
    assert_data_eq!(stdout(&wide), file!["golden/commitments-demo-120.txt"].raw());
    let csv = [&october[..], &["--format", "csv"]].concat();
    assert_data_eq!(stdout(&csv), file!["golden/commitments-demo.csv"].raw());
    assert_data_eq!(
        stdout(&["commitments", SAMPLE]),
        file!["golden/commitments-sample-80.txt"].raw()
    );
}

#[test]
fn explained() {
    let review = crate::support::json(&["review", DEMO]);
    let opportunity = review["opportunities"][3]["id"].as_str().expect("an id");
    assert_data_eq!(
        stdout(&["explain", opportunity, DEMO]),
        file!["golden/explain-opportunity.txt"].raw()
    );
    let anomaly = review["anomalies"][0]["id"].as_str().expect("an id");
    assert_data_eq!(stdout(&["explain", anomaly, DEMO]), file!["golden/explain-anomaly.txt"].raw());
    let report = stdout(&["explain", anomaly, DEMO, "--format", "markdown"]);
    assert_data_eq!(report, file!["golden/incident-report.md"].raw());
    assert_data_eq!(
        stdout(&["explain", anomaly, DEMO, "--format", "svg"]),
        file!["golden/incident-chart.svg"].raw()
    );
}

#[test]
fn conformance_of_the_real_sample() {
    assert_data_eq!(
        cost(&["validate", SAMPLE, "--width", "100"]).stdout,
        file!["golden/validate-sample.txt"].raw()
    );
}

#[test]
fn catalogue_of_checks() {
    assert_data_eq!(stdout(&["checks"]), file!["golden/checks.txt"].raw());
}

#[test]
fn everything_fits_its_width() {
    for width in ["80", "120"] {
        let limit: usize = width.parse().expect("a number");
        for args in [
            vec!["review", DEMO],
            vec!["review", SAMPLE],
            vec!["savings", DEMO],
            vec!["commitments", DEMO],
            vec!["commitments", SAMPLE],
            vec!["anomalies", DEMO],
            vec!["validate", SAMPLE],
            vec!["checks"],
        ] {
            let text = cost(&[&args[..], &["--width", width]].concat()).stdout;
            for line in text.lines() {
                assert!(line.chars().count() <= limit, "cost {args:?} at {width}: {line}");
            }
        }
    }
}

/// Every report is there as Markdown: a title first, tables closed, and nothing for a terminal.
#[test]
fn every_report_has_markdown() {
    let review = crate::support::json(&["review", DEMO]);
    let opportunity = review["opportunities"][3]["id"].as_str().expect("an id");
    let anomaly = review["anomalies"][0]["id"].as_str().expect("an id");
    for args in [
        vec!["review", DEMO],
        vec!["review", SAMPLE],
        vec!["savings", DEMO],
        vec!["commitments", DEMO],
        vec!["anomalies", DEMO],
        vec!["anomalies", DEMO, "--tune", "1"],
        vec!["explain", opportunity, DEMO],
        vec!["explain", anomaly, DEMO],
        vec!["checks"],
        vec!["validate", SAMPLE],
        vec!["sizing", "datasets/bitbrains"],
    ] {
        let ran = cost(&[&args[..], &["--format", "markdown", "--color", "always"]].concat());
        assert!(
            ran.stderr.is_empty() && ran.stdout.starts_with("# "),
            "cost {args:?}: {}{}",
            ran.stderr,
            ran.stdout
        );
        assert!(!ran.stdout.contains('\u{1b}'), "cost {args:?} colors Markdown");
        let columns = |row: &str| row.replace("\\|", "").matches('|').count();
        for rows in ran.stdout.split("\n\n").filter(|block| block.starts_with("| ")) {
            let all: Vec<usize> = rows.trim_end().lines().map(columns).collect();
            assert!(
                all.iter().all(|n| *n == all[0]),
                "cost {args:?}: rows of {all:?} cells\n{rows}"
            );
        }
    }
}
