//! Life cycle of an opportunity: found, decided, implemented, and compared with the bill.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use snapbox::{assert_data_eq, file};

use crate::support::{cost, json, stdout};

/// Volumes of 1,000 GB: name, and from which of the months on they are gp3 (99: never).
const VOLUMES: [(&str, usize); 3] = [("vol-accepted", 99), ("vol-dismissed", 99), ("vol-done", 3)];

/// A bill of June to the month `months` later.
fn bill(folder: &Path, months: usize) -> PathBuf {
    let mut text = "BilledCost,EffectiveCost,ListCost,ContractedCost,PricingQuantity,PricingUnit,BillingPeriodStart,\
                    BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,BillingCurrency,ChargeCategory,ChargeClass,\
                    BillingAccountId,ProviderName,ServiceName,InvoiceIssuerName,SubAccountId,RegionId,ResourceId,SkuMeter,\
                    PricingCategory,Tags\n"
        .to_owned();
    for month in 0..months {
        let (start, end) = (format!("2026-{:02}", 6 + month), format!("2026-{:02}", 7 + month));
        let last = if [0, 3, 5].contains(&month) { 30 } else { 31 };
        for (volume, since) in VOLUMES {
            let (cost, kind) = if month >= since { ("80", "gp3") } else { ("100", "gp2") };
            for (day, cost, quantity) in
                [("01".to_owned(), cost, "1000"), (last.to_string(), "0", "0")]
            {
                text.push_str(&format!(
                    "{cost},{cost},{cost},{cost},{quantity},GB-Mo,{start}-01T00:00:00Z,{end}-01T00:00:00Z,{start}-{day}T00:00:00Z,\
                     {end}-01T00:00:00Z,USD,Usage,,b1,AWS,Amazon Elastic Compute Cloud,AWS,111122223333,us-east-1,{volume},\
                     EBS:VolumeUsage.{kind},Standard,{{}}\n"
                ));
            }
        }
    }
    let path = folder.join(format!("{months}-months.csv"));
    fs::write(&path, text).expect("written");
    path
}

fn id(review: &Value, subject: &str) -> String {
    let all = review["opportunities"].as_array().expect("opportunities");
    let found = all.iter().find(|o| o["subject"] == subject && o["check"] == "gp2_volume");
    found.unwrap_or_else(|| panic!("{subject}"))["id"].as_str().expect("an id").to_owned()
}

#[test]
fn from_found_to_verified() {
    let folder = tempfile::tempdir().expect("a folder");
    let summer = bill(folder.path(), 3);
    let summer = summer.to_str().expect("UTF-8");
    let ledger = folder.path().join("decisions.json");
    let file = ledger.to_str().expect("UTF-8");
    let first = json(&["savings", summer, "--decisions", file]);
    assert_eq!(first["decisions"], serde_json::json!({}));
    let [accepted, dismissed, done] =
        ["vol-accepted", "vol-dismissed", "vol-done"].map(|v| id(&first, v));

    stdout(&["savings", "accept", &accepted, "--decisions", file, "--note", "in the next sprint"]);
    stdout(&[
        "savings",
        "dismiss",
        &dismissed,
        "--decisions",
        file,
        "--reason",
        "goes away in spring",
    ]);
    let said = stdout(&["savings", "done", &done, "--decisions", file, "--on", "2026-08-20"]);
    assert!(said.contains("done on 2026-08-20"), "{said}");

    decisions_are_in_the_plan(summer, file, &accepted);
    let waits = json(&["savings", summer, "--decisions", file, "--verify"]);
    assert_eq!(
        (&waits["steps"][0]["state"], &waits["steps"][0]["for_month"]),
        (&"waiting".into(), &"2026-09".into())
    );
    // Two months later the bill shows it.
    let autumn = bill(folder.path(), 5);
    what_was_done_is_verified(autumn.to_str().expect("UTF-8"), &ledger);
}

/// August's bill still has what was done on its 20th; it is in no plan any more, nor is what was
/// dismissed.
fn decisions_are_in_the_plan(summer: &str, file: &str, accepted: &str) {
    let planned = json(&["savings", summer, "--decisions", file]);
    let steps = planned["plan"]["steps"].as_array().expect("steps");
    assert_eq!(
        steps.iter().map(|s| s["opportunity"].as_str()).collect::<Vec<_>>(),
        [Some(accepted)]
    );
    let refused = planned["plan"]["not_allowed"].to_string();
    assert!(
        refused.contains("dismissed: goes away in spring")
            && refused.contains("done on 2026-08-20"),
        "{refused}"
    );
    let text = stdout(&["explain", accepted, summer, "--decisions", file]);
    assert!(text.contains("accepted (in the next sprint)"), "{text}");
    let shown = stdout(&["savings", summer, "--decisions", file, "--width", "120"]);
    assert!(shown.contains("(accepted)"), "{shown}");
}

fn what_was_done_is_verified(autumn: &str, ledger: &Path) {
    let file = ledger.to_str().expect("UTF-8");
    let verified = json(&["savings", autumn, "--decisions", file, "--verify"]);
    crate::schema::holds("verify", &verified);
    crate::schema::holds(
        "decisions",
        &serde_json::from_str(&fs::read_to_string(ledger).expect("read")).expect("JSON"),
    );
    let step = &verified["steps"][0];
    assert_eq!(
        (&step["state"], &step["held"], &step["months"]),
        (&"verified".into(), &"within".into(), &2.into())
    );
    assert_eq!(
        (&step["realised"]["amount"], &step["so_far"]["amount"]),
        (&"20".into(), &"40".into())
    );
    let table = stdout(&["savings", autumn, "--decisions", file, "--verify", "--width", "80"]);
    assert_data_eq!(table, file!["golden/verify-80.txt"].raw());
    let csv = stdout(&["savings", autumn, "--decisions", file, "--verify", "--format", "csv"]);
    assert!(csv.contains("saving realised,20,"), "{csv}");
}

#[test]
fn a_dismissal_can_end_and_be_taken_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let summer = bill(folder.path(), 3);
    let summer = summer.to_str().expect("UTF-8");
    let ledger = folder.path().join("decisions.json");
    let file = ledger.to_str().expect("UTF-8");
    let steps = |as_of: &str| {
        let report =
            json(&["savings", summer, "--decisions", file, "--month", "2026-08", "--as-of", as_of]);
        report["plan"]["steps"].as_array().expect("steps").len()
    };
    assert_eq!(steps("2026-09-01"), 3);
    let op = id(&json(&["savings", summer]), "vol-accepted");
    stdout(&[
        "savings",
        "dismiss",
        &op,
        "--decisions",
        file,
        "--reason",
        "busy",
        "--until",
        "2026-09-15",
    ]);
    assert_eq!((steps("2026-09-14"), steps("2026-09-15")), (2, 3));
    stdout(&["savings", "dismiss", &op, "--decisions", file, "--reason", "never"]);
    assert_eq!(steps("2026-09-16"), 2);
    stdout(&["savings", "reopen", &op, "--decisions", file]);
    assert_eq!(steps("2026-09-17"), 3);
    // An older look changes nothing.
    let before = fs::read(&ledger).expect("read");
    assert_eq!(steps("2026-09-02"), 3);
    assert_eq!(fs::read(&ledger).expect("read"), before);
}

#[test]
fn what_is_wrong_is_said_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = folder.path().join("decisions.json");
    let file = ledger.to_str().expect("UTF-8");
    let ran = cost(&["savings", "accept", "op-0000000000", "--decisions", file]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("no opportunity `op-0000000000`"), "{}", ran.stderr);
    assert!(!ledger.exists());
    assert_eq!(
        cost(&["savings", "dismiss", "op-1", "--decisions", file]).code,
        2,
        "a reason is required"
    );
    assert_eq!(
        cost(&["savings", "x.csv", "--verify"]).code,
        2,
        "--verify needs a file of decisions"
    );
    for (text, said) in [
        ("{\"format\": 1, \"alerts\": []}", "not a valid decision file"),
        ("{\"format\": 9}", "format 9 is not supported"),
    ] {
        fs::write(&ledger, text).expect("written");
        let summer = bill(folder.path(), 1);
        let ran = cost(&["savings", summer.to_str().expect("UTF-8"), "--decisions", file]);
        assert_eq!(ran.code, 1);
        assert!(ran.stderr.contains(said) && ran.stderr.contains(file), "{}", ran.stderr);
        assert_eq!(fs::read_to_string(&ledger).expect("read"), text);
    }
}
