//! Cost and Usage Reports from an independent generator, compared with an independent sum of the
//! raw files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use polars::prelude::*;
use rust_decimal::Decimal;
use tempfile::TempDir;

use crate::python::{python, script};
use crate::support::{cost, json, root};

/// Makes a report of August and September 2026 in `folder`: plain files, or with manifests as AWS
/// lays them out.
pub(crate) fn nise(folder: &Path, from: &str, until: &str, manifests: bool) {
    let mut command = python();
    command.args([
        "-c",
        "import sys; from nise.__main__ import main; sys.exit(main())",
        "report",
        "aws",
    ]);
    let config = root().join("tests/aws/nise.yml");
    command
        .args(["-s", from, "-e", until, "-w", "--file-row-limit", "3000", "--static-report-file"])
        .arg(config);
    if manifests {
        let bucket = folder.join("bucket");
        fs::create_dir_all(&bucket).expect("folder");
        command.arg("--aws-s3-bucket-name").arg(&bucket);
        command.args(["--aws-s3-report-name", "cur", "--aws-s3-report-prefix", "reports"]);
    }
    let output = command.current_dir(folder).output().expect("python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Billed and effective, by account, service and line item type.
type Sums = BTreeMap<(String, String, String), (Decimal, Decimal)>;

/// What Python adds up, and the rows it saw.
pub(crate) fn independent(folder: &Path) -> (Sums, u64) {
    let text = script("cur_sums.py", &[folder.to_str().expect("UTF-8")]);
    let mut rows = 0;
    let mut sums = Sums::new();
    for line in text.lines() {
        let [account, service, kind, billed, effective, exact, count] =
            line.split('\t').collect::<Vec<_>>()[..]
        else {
            panic!("seven cells: {line}")
        };
        let number = |t: &str| t.parse::<Decimal>().expect("a number").normalize();
        let count: u64 = count.parse().expect("a count");
        // A cell is rounded by half of its last place at most.
        let most = Decimal::new(5, 13) * Decimal::from(count);
        assert!((number(billed) - number(exact)).abs() <= most, "{line}");
        rows += count;
        sums.insert(
            (account.into(), service.into(), kind.into()),
            (number(billed), number(effective)),
        );
    }
    (sums, rows)
}

/// What an estate adds up to.
pub(crate) fn of_estate(estate: &Path) -> Sums {
    let mut sums = Sums::new();
    let files = glob::glob(&format!("{}/billing/**/*.parquet", estate.display())).expect("glob");
    for file in files {
        let file = fs::File::open(file.expect("file")).expect("opens");
        let frame = ParquetReader::new(file).finish().expect("Parquet");
        let texts =
            ["SubAccountId", "ServiceName", "x_LineItemType", "BilledCost", "EffectiveCost"]
                .map(|c| frame.column(c).expect("column").cast(&DataType::String).expect("text"));
        let cell = |c: usize, row: usize| {
            texts[c].str().expect("text").get(row).unwrap_or_default().to_owned()
        };
        for row in 0..frame.height() {
            let sum = sums.entry((cell(0, row), cell(1, row), cell(2, row))).or_default();
            let number = |c: usize| cell(c, row).parse::<Decimal>().expect("a number");
            *sum = ((sum.0 + number(3)).normalize(), (sum.1 + number(4)).normalize());
        }
    }
    sums
}

fn pull(from: &Path, estate: &Path) {
    let (from, estate) = (from.to_str().expect("UTF-8"), estate.to_str().expect("UTF-8"));
    let ran = cost(&["pull", "files", from, "--into", estate, "--as-of", "2026-10-01"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn a_report_of_another_generator_adds_up_in_the_estate() {
    let folder = TempDir::new().expect("folder");
    let (raw, estate) = (folder.path().join("raw"), folder.path().join("estate"));
    fs::create_dir(&raw).expect("folder");
    nise(&raw, "2026-08-01", "2026-09-30", false);
    let (expected, rows) = independent(&raw);
    assert!(
        rows > 8_000 && expected.keys().any(|(_, _, kind)| kind == "SavingsPlanNegation"),
        "{rows} rows"
    );
    pull(&raw, &estate);
    assert_eq!(of_estate(&estate), expected);

    // Read as they are, the files tell the same as the estate made of them.
    let (bare, pulled) = (raw.to_str().expect("UTF-8"), estate.to_str().expect("UTF-8"));
    let totals = |from: &str| json(&["review", from, "--month", "2026-08"])["totals"].clone();
    assert_eq!(totals(bare), totals(pulled));
}

#[test]
fn of_a_month_issued_anew_only_the_newest_version_counts() {
    let folder = TempDir::new().expect("folder");
    let (raw, estate) = (folder.path().join("raw"), folder.path().join("estate"));
    fs::create_dir(&raw).expect("folder");
    nise(&raw, "2026-08-01", "2026-09-30", true);
    let bucket = raw.join("bucket");
    let (first, _) = independent(&bucket);
    // September again: other figures, in files of their own next to the first ones.
    nise(&raw, "2026-09-01", "2026-09-30", true);
    let (expected, _) = independent(&bucket);
    assert_ne!(first, expected, "the month was issued anew");
    let parts = glob::glob(&format!("{}/**/*.csv.gz", bucket.display())).expect("glob").count();
    assert!(parts >= 6, "split files of three assemblies: {parts}");
    pull(&bucket, &estate);
    assert_eq!(of_estate(&estate), expected);

    // Without one file that a manifest names, nothing is read: the rest would be too little.
    let manifest =
        glob::glob(&format!("{}/**/20260901-*/cur-Manifest.json", bucket.display())).expect("glob");
    let manifest = fs::read_to_string(manifest.flatten().next().expect("manifest")).expect("text");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    let named = manifest["reportKeys"][0].as_str().expect("key").trim_start_matches('/');
    let name = named
        .rsplit('/')
        .take(2)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect::<Vec<_>>()
        .join("/");
    let file = glob::glob(&format!("{}/**/{name}", bucket.display()))
        .expect("glob")
        .flatten()
        .next()
        .expect("file");
    fs::remove_file(file).expect("removed");
    let ran = cost(&["review", bucket.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains(&name) && ran.stderr.contains("copy the complete export"),
        "{}",
        ran.stderr
    );
}

#[test]
fn the_mapping_is_documented_as_it_is() {
    let mut page = String::from(
        "# AWS Cost and Usage Reports as FOCUS 1.2\n\nGenerated from the table in \
         `cost-providers/files/src/cur/mapping.rs`, which the program uses; [ADR \
         0013](adr/0013-cost-reports-as-focus.md)\nhas the reasons. Column names are those of CUR \
         2.0; legacy reports spell them `lineItem/UnblendedCost` (CSV) or \
         `line_item_unblended_cost` (Parquet).\n\nEach line item becomes one row. Some rows are \
         added, so a review counts more line items than the report has:\n\n- Discounts that name \
         no resource are moved to the usage they are for, where such usage exists. One row \
         removes their `EffectiveCost` and\n  `ContractedCost` from the discount, others add them \
         to the usage. The `BilledCost` of these rows is 0, and totals by account, service,\n  \
         type, and day of the discount do not change.\n- The unused part of a commitment's \
         recurring fee is a row of usage with `CommitmentDiscountStatus` Unused.\n\n| FOCUS \
         column | source |\n| --- | --- |\n",
    );
    for mapped in cost_bill_files::cur::MAPPING {
        page.push_str(&format!("| {} | {} |\n", mapped.column, mapped.from.replace('|', "\\|")));
    }
    let path = root().join("docs/aws-cur-to-focus.md");
    if std::env::var_os("SNAPSHOTS").is_some_and(|v| v == "overwrite") {
        fs::write(&path, &page).expect("written");
    }
    assert_eq!(
        fs::read_to_string(path).expect("the page is there"),
        page,
        "SNAPSHOTS=overwrite writes it anew"
    );
    let known =
        |column: &str| cost_core::focus::columns::lookup(column).is_some_and(|c| c.name == column);
    for mapped in cost_bill_files::cur::MAPPING {
        assert!(
            known(mapped.column) || mapped.column.starts_with("x_"),
            "{} is no FOCUS column",
            mapped.column
        );
    }
}
