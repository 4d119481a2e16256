//! First page of a review, and messages of failing commands: missing or wrong data is named there.

use std::fs;

use tempfile::TempDir;

use crate::schema::holds;
use crate::support::{HEADER, ROW, SAMPLE, bill_with, cost, json, stdout};

/// Bills by name, in a folder.
fn folder(files: &[(&str, &str)]) -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join("bill").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(path, text).expect("written");
    }
    let location = folder.path().join("bill").to_string_lossy().into_owned();
    (folder, location)
}

/// Two charges in USD; in the other file one in USD and one in EUR.
fn in_two() -> (TempDir, String) {
    let usd = format!("{HEADER}\n{ROW}\n{}\n", ROW.replace("1.5,1.5", "7.5,7.5"));
    folder(&[("usd.csv", &usd), ("two.csv", &bill_with("BillingCurrency", "EUR"))])
}

/// The page without its line breaks.
fn page(args: &[&str]) -> String {
    stdout(args).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn refused(args: &[&str], words: &[&str]) {
    let ran = cost(args);
    assert!(matches!(ran.code, 1 | 2), "{args:?}: {}", ran.code);
    for word in words {
        assert!(ran.stderr.contains(word), "{args:?}: no {word}: {}", ran.stderr);
    }
}

#[test]
fn what_to_know_comes_before_what_was_not_judged_and_reasons_are_said_once() {
    let text = stdout(&["review", SAMPLE]);
    let at = |title: &str| {
        text.find(&format!("\n{title}\n")).unwrap_or_else(|| panic!("no {title}: {text}"))
    };
    assert!(
        at("Is the number right?") < at("Notes") && at("Notes") < at("Not evaluated"),
        "{text}"
    );
    assert_eq!(
        text.matches("needs an inventory, which the estate does not have").count(),
        1,
        "{text}"
    );
    assert!(!text.contains(".00 line items"), "{text}");
}

#[test]
fn of_a_bill_in_several_currencies_each_page_says_which_it_is() {
    let (_folder, location) = in_two();
    let all = page(&["review", &location]);
    for own in ["EUR", "USD"] {
        let line = format!("Billed in 2 currencies, one page each: EUR, USD (this page: {own})");
        assert_eq!(all.matches(&line).count(), 1, "{all}");
    }
    let euros = page(&["review", &location, "--currency", "eur"]);
    assert!(
        euros.contains("Only charges in EUR are included: without 3 line items in USD Summary"),
        "{euros}"
    );
    assert!(euros.contains("2 files read, of which 1 has no charges in EUR"), "{euros}");
    let review = json(&["review", &location, "--currency", "EUR"]);
    holds("review", &review);
    assert_eq!(review["data_quality"]["other_currencies"], serde_json::json!({ "USD": 3 }));
    refused(
        &["review", &location, "--currency", "GBP"],
        &["no charges in GBP; the bill has EUR, USD"],
    );
    refused(&["review", &location, "--currency", "EURO"], &["`EURO` is not a three-letter"]);

    // Shown in another currency, it is still the currency billed that a file lacks.
    let rates = format!("{location}/../rates.csv");
    fs::write(&rates, "date,from,to,rate\n2026-01-01,EUR,USD,1.1\n").expect("written");
    let converted =
        ["review", &location, "--currency", "EUR", "--report-currency", "usd", "--rates", &rates];
    assert!(page(&converted).contains("of which 1 has no charges in EUR"), "{}", page(&converted));
    assert!(page(&converted).contains("Only charges in EUR are included"), "{}", page(&converted));
    refused(&["review", &location, "--rates", &rates], &["rates.csv", "--report-currency EUR"]);
}

#[test]
fn a_file_without_line_items_is_named() {
    let (_folder, location) =
        folder(&[("oct.csv", &format!("{HEADER}\n")), ("sep.csv", &bill_with("RegionId", "x"))]);
    let text = page(&["review", &location]);
    assert!(
        text.contains("check: without line items: ")
            && text.contains("2 files read")
            && !text.contains("no charges in"),
        "{text}"
    );
    let review = json(&["review", &location]);
    holds("review", &review);
    assert_eq!(
        review["data_quality"]["empty_files"],
        serde_json::json!([format!("{location}/oct.csv")])
    );
}

#[test]
fn texts_next_to_a_bill_are_named() {
    let (_folder, location) = folder(&[
        ("sep.csv", &bill_with("RegionId", "x")),
        ("oct.csv", "403 Forbidden\n"),
        ("nov.csv", "<head><title>Sign in</title></head>\n"),
        ("dec.csv", "{\"error\": \"denied\"}\n"),
        ("README.md", "# Bills\n"),
        ("LICENSE", "All rights reserved\n"),
    ]);
    let text = page(&["review", &location]);
    let why = "it may be a login or error page saved in place of the file: download the file again";
    for line in [
        format!("1 file read, 3 excluded Not a bill: {location}/LICENSE, {location}/README.md"),
        format!(
            "not read (excluded): {location}/oct.csv: a text file; it has no columns of a bill"
        ),
        format!("not read (excluded): {location}/nov.csv: an HTML page; {why}"),
        format!("not read (excluded): {location}/dec.csv: a JSON document; {why}"),
    ] {
        assert!(text.contains(&line), "{line}\n{text}");
    }
    assert_eq!(text.matches("README.md").count(), 1, "{text}");
    let review = json(&["review", &location]);
    let files = review["data_quality"]["files"].as_array().expect("files");
    assert!(
        files.len() == 6 && files.iter().all(|f| f["status"] == "read" || !f["reason"].is_null())
    );
}

#[test]
fn a_bill_without_repair_says_so_and_what_is_in_doubt_is_not_repaired() {
    let purchase = format!(
        "{HEADER},CommitmentDiscountId\n{ROW},\n{},sp-1\n",
        ROW.replace(",Usage,", ",Purchase,").replace("1.5,1.5,1.5,1.5", "90,90,90,90")
    );
    let (_folder, location) = folder(&[("bill.csv", &purchase)]);
    let text = page(&["review", &location]);
    let line = "commitment-purchase-unclear: in doubt, not changed (1 line item, 90.00 USD)";
    assert!(text.contains(line) && !text.contains("repaired"), "{text}");
    let review = json(&["review", &location]);
    holds("review", &review);
    assert_eq!(review["data_quality"]["repairs"][0]["in_doubt"], true);
    assert!(review["data_quality"]["repair_off"].is_null());

    let off = page(&["review", &location, "--no-repair"]);
    assert!(off.contains("Repair is off (--no-repair)") && !off.contains("in doubt"), "{off}");
    let review = json(&["review", &location, "--no-repair"]);
    holds("review", &review);
    assert_eq!(review["data_quality"]["repair_off"], true);
}

#[test]
fn a_bare_bill_is_seen_from_its_own_last_day_unless_another_is_given() {
    let last = ROW.replace("2026-01-06T", "2026-02-01T").replace("2026-01-05T", "2026-01-31T");
    let (_folder, location) = folder(&[("bill.csv", &format!("{HEADER}\n{ROW}\n{last}\n"))]);
    let bare = page(&["review", &location]);
    assert!(
        bare.contains(
            "is provisional: the provider may change it until 2026-02-08 (the bill's last day; use"
        ),
        "{bare}"
    );
    let given = page(&["review", &location, "--as-of", "2026-02-03"]);
    assert!(given.contains("is provisional") && !given.contains("use --as-of"), "{given}");
}

#[test]
fn what_nothing_matches_is_said_with_what_there_is() {
    let (_folder, location) =
        folder(&[("a/x.csv", &bill_with("RegionId", "x")), ("a/b/y.csv", "")]);
    refused(
        &["review", &location, "--only", "zz*"],
        &["no path matches --only `zz*`; there are 2 files, such as", "a/x.csv", "`**`"],
    );
    refused(
        &["review", &format!("{location}/nosuch/*.csv")],
        &["does not exist", "nosuch", "a bill is a CSV"],
    );
}

#[test]
fn an_export_is_checked_as_what_is_made_of_it() {
    let focus = stdout_of_validate(&["validate", SAMPLE, "--focus-version", "1.4"]);
    assert!(focus.contains("FOCUS 1.4") && !focus.contains("Checked: the FOCUS rows"), "{focus}");
    let report = "line_item_line_item_type,line_item_usage_start_date,line_item_usage_end_date,line_item_unblended_cost,\
                  line_item_currency_code,bill_billing_period_start_date,bill_billing_period_end_date,bill_payer_account_id,\
                  line_item_usage_account_id,line_item_product_code,identity_line_item_id\n\
                  Usage,2026-05-01T00:00:00Z,2026-05-02T00:00:00Z,1,USD,2026-05-01T00:00:00Z,2026-06-01T00:00:00Z,1,1,AmazonEC2,a\n";
    let (_folder, location) = folder(&[("cur.csv", report)]);
    let text = stdout_of_validate(&["validate", &location]);
    let line = "Checked: the FOCUS rows made from the export (an AWS Cost and Usage Report), not the export itself.";
    assert!(text.contains(line), "{text}");
    refused(&["validate", SAMPLE, "--focus-version", "2.0"], &["1.0, 1.1, 1.2, 1.3, 1.4"]);
}

/// The page of a bill that need not conform.
fn stdout_of_validate(args: &[&str]) -> String {
    let ran = cost(args);
    assert!(matches!(ran.code, 0 | 3), "{}", ran.stderr);
    ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}
