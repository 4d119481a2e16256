//! Estates from files: every charge of the files once, and file statuses in reviews.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{cost, json};

const HEADER: &str = "BilledCost,EffectiveCost,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,BillingCurrency,\
                      ChargeCategory,BillingAccountId,ProviderName,ServiceName,ResourceId";

/// A charge of 1 USD of a resource on a day of October 2026.
fn charge(day: u32, resource: &str) -> String {
    let next = if day == 31 { "2026-11-01".to_owned() } else { format!("2026-10-{:02}", day + 1) };
    format!(
        "1,1,2026-10-01,2026-11-01,2026-10-{day:02},{next},USD,Usage,harbor-1,Amazon Web Services,Compute,{resource}"
    )
}

fn bill(charges: impl IntoIterator<Item = String>) -> String {
    let rows: Vec<String> = charges.into_iter().collect();
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

/// The bill with its columns in the other order.
fn turned(bill: &str) -> String {
    let turn = |line: &str| line.split(',').rev().collect::<Vec<_>>().join(",");
    bill.lines().map(turn).map(|l| l + "\n").collect()
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("written");
    }
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// The estate that a pull of a folder makes, or what it says on stderr.
fn pull(bill: &TempDir, options: &[&str]) -> Result<PathBuf, String> {
    let estate = bill.path().with_extension("estate");
    let ran =
        cost(&[&["pull", "files", text(bill.path()), "--into", text(&estate)], options].concat());
    if ran.code == 0 { Ok(estate) } else { Err(ran.stderr) }
}

fn billed(review: &Value) -> &str {
    review["totals"]["billed"]["this_month"]["amount"].as_str().expect("a total")
}

#[test]
fn a_pull_refuses_what_a_review_refuses() {
    let days = bill((1..=20).map(|d| charge(d, "vm-1")));
    let month = bill((1..=31).map(|d| charge(d, "vm-1")));
    for later in [month.clone(), turned(&month)] {
        let folder = folder(&[("early.csv", &days), ("late.csv", &later)]);
        let error = pull(&folder, &[]).expect_err("the same charges twice");
        assert!(
            error.contains("early.csv") && error.contains("late.csv") && error.contains("--only"),
            "{error}"
        );
        assert!(!folder.path().with_extension("estate").exists(), "nothing is half written");
        let estate = pull(&folder, &["--only", "late.csv"]).expect("one of them");
        assert_eq!(billed(&json(&["review", text(&estate)])), "31");
        fs::remove_dir_all(estate).expect("removed");
    }
}

#[test]
fn of_two_equal_files_the_newest_is_read_whatever_its_name() {
    let days = bill((1..=20).map(|d| charge(d, "vm-1")));
    for newer in ["2026-10-01.csv", "2026-10-02.csv"] {
        let folder = folder(&[("2026-10-01.csv", &days), ("2026-10-02.csv", &turned(&days))]);
        let file =
            fs::File::options().append(true).open(folder.path().join(newer)).expect("opened");
        file.set_modified(SystemTime::now() + Duration::from_mins(1)).expect("dated");
        assert_eq!(cost(&["review", text(folder.path())]).code, 1, "not without a choice");
        let review = json(&["review", text(folder.path()), "--newest"]);
        assert_eq!(billed(&review), "20");
        let read: Vec<&str> = files(&review, "read");
        assert!(matches!(read.as_slice(), [one] if one.ends_with(newer)), "{read:?}");
        let notes = review["notes"].to_string();
        assert!(
            notes.contains(&format!("{newer} is newer and contains the same charges")),
            "{notes}"
        );
    }
}

#[test]
fn charges_alike_in_all_columns_are_pulled_each() {
    // More rows than are held in memory at a time, so that files of an estate are alike in every
    // byte.
    let rows = 460_000;
    let alike = charge(5, "vm-1");
    let folder = folder(&[("all.csv", &bill(std::iter::repeat_n(alike, rows)))]);
    let estate = pull(&folder, &[]).expect("pulled");
    let review = json(&["review", text(&estate)]);
    assert_eq!((billed(&review), &review["estate"]["line_items"]), ("460000", &Value::from(rows)));
    fs::remove_dir_all(estate).expect("removed");
}

#[test]
fn a_file_put_into_an_estate_is_no_part_of_its_pull() {
    let month = folder(&[("all.csv", &bill((1..=31).map(|d| charge(d, "vm-1"))))]);
    let half = folder(&[("half.csv", &bill((1..=15).map(|d| charge(d, "vm-1"))))]);
    let (estate, other) = (pull(&month, &[]).expect("pulled"), pull(&half, &[]).expect("pulled"));
    let chunk = |estate: &Path, number: u32| {
        estate.join(format!("billing/BILLING_PERIOD=2026-10/{number:05}.parquet"))
    };
    fs::copy(chunk(&estate, 1), chunk(&estate, 2)).expect("copied");
    let review = json(&["review", text(&estate)]);
    assert_eq!(billed(&review), "31");
    let copies = files(&review, "duplicate");
    assert!(matches!(copies.as_slice(), [one] if one.ends_with("00002.parquet")), "{copies:?}");
    fs::copy(chunk(&other, 1), chunk(&estate, 2)).expect("copied");
    for list in [true, false] {
        if !list {
            fs::remove_file(estate.join("chunks.json")).expect("removed");
        }
        let ran = cost(&["review", text(&estate)]);
        assert_eq!(ran.code, 1, "{}", ran.stdout);
        assert!(
            ran.stderr.contains("contain the same charges") && ran.stderr.contains("00002.parquet"),
            "{}",
            ran.stderr
        );
    }
    for folder in [estate, other] {
        fs::remove_dir_all(folder).expect("removed");
    }
}

#[test]
fn what_the_newest_files_lack_is_not_lost_and_advice_is_not_given_again() {
    let halves = [(1..=20, "a.csv"), (11..=31, "b.csv")];
    let bills = halves.map(|(days, name)| (name, bill(days.map(|d| charge(d, "vm-1")))));
    let overlap = folder(&bills.each_ref().map(|(name, text)| (*name, text.as_str())));
    let older_is_larger = folder(&[
        ("a.csv", &bill((1..=31).map(|d| charge(d, "vm-1")))),
        ("b.csv", &bill((1..=20).map(|d| charge(d, "vm-1")))),
    ]);
    for folder in [overlap, older_is_larger] {
        let newer =
            fs::File::options().append(true).open(folder.path().join("b.csv")).expect("opened");
        newer.set_modified(SystemTime::now() + Duration::from_mins(1)).expect("dated");
        let ran = cost(&["review", text(folder.path()), "--newest"]);
        assert_eq!(ran.code, 1, "{}", ran.stdout);
        assert!(
            ran.stderr.contains("--only") && !ran.stderr.contains("take the newest"),
            "{}",
            ran.stderr
        );
    }
}

/// Paths of the files of a status.
fn files<'a>(review: &'a Value, status: &str) -> Vec<&'a str> {
    let all = review["data_quality"]["files"].as_array().expect("files");
    all.iter().filter(|f| f["status"] == status).filter_map(|f| f["path"].as_str()).collect()
}

#[test]
fn a_review_has_every_file_and_says_how_far_each_source_has_come() {
    let without = [9, 10];
    let days = (1..=31).filter(|d| !without.contains(d));
    let folder = folder(&[
        ("bill.csv", &bill(days.map(|d| charge(d, "vm-1")))),
        ("copy.csv", &bill((1..=31).filter(|d| !without.contains(d)).map(|d| charge(d, "vm-1")))),
        ("slides.pdf", "%PDF-1.7 minutes of the last review"),
    ]);
    let review = json(&["review", text(folder.path()), "--as-of", "2026-11-04"]);
    assert_eq!(billed(&review), "29");
    for (status, name) in
        [("read", "bill.csv"), ("duplicate", "copy.csv"), ("left-out", "slides.pdf")]
    {
        let of = files(&review, status);
        assert!(matches!(of.as_slice(), [one] if one.ends_with(name)), "{status}: {of:?}");
    }
    let month = &review["data_quality"]["months"][0];
    assert_eq!(
        (month["state"].as_str(), month["final_on"].as_str()),
        (Some("missing-days"), Some("2026-11-08"))
    );
    assert_eq!(month["missing_days"], serde_json::json!(["2026-10-09", "2026-10-10"]));
    let page = cost(&["review", text(folder.path()), "--as-of", "2026-11-04"]).stdout;
    assert!(page.contains("1 file read, 1 duplicate, 1 excluded"), "{page}");
    let line = "2026-10 has no charges on 2026-10-09 to 2026-10-10";
    assert!(page.contains(line), "{page}");
}

#[test]
fn an_estate_has_the_names_words_and_tags_of_focus() {
    let header = "billed_cost,effective_cost,billing_period_start,charge_period_start,billing_currency,charge_category,billing_account_id,\
                  provider_name,service_name,tags";
    let row =
        "1,1,2026-10-01,2026-10-05,usd,usage,harbor-1,Harbor Cloud,Compute,\"{'team': 'web'}\"";
    let folder = folder(&[("bill.csv", &format!("{header}\n{row}\n"))]);
    let estate = pull(&folder, &[]).expect("pulled");
    let ran = cost(&["validate", text(&estate.join("billing")), "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    for column in
        report["columns"].as_array().expect("columns").iter().filter(|c| c["present_in"] != 0)
    {
        let broken = column["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .filter(|f| f["violations"] != 0);
        assert_eq!(broken.collect::<Vec<_>>(), Vec::<&Value>::new(), "{}", column["column"]);
    }
    let review = json(&["review", text(&estate), "--group-by", "tag:team"]);
    assert_eq!(review["groups"][0]["rows"][0]["key"], "web");
    fs::remove_dir_all(estate).expect("removed");
}
