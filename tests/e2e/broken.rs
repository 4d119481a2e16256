//! Broken input of every kind: each gives a clear message, exit code 1, no stdout, and no panic.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use polars::prelude::*;
use polars_io::parquet::write::ParquetWriter;

use crate::support::{HEADER, ROW, bill_with, bill_without, cost, frame_of_csv};

/// Writes the broken thing into a folder and gives what to call `cost review` on, and what the
/// message must say.
struct Case {
    name: &'static str,
    make: Box<dyn Fn(&Path) -> String>,
    says: Vec<&'static str>,
}

fn case(
    name: &'static str,
    says: &[&'static str],
    make: impl Fn(&Path) -> String + 'static,
) -> Case {
    Case { name, make: Box::new(make), says: says.to_vec() }
}

/// A text file.
fn text(
    name: &'static str,
    file: &'static str,
    content: impl Into<Vec<u8>>,
    says: &[&'static str],
) -> Case {
    let content = content.into();
    let says = [&[file], says].concat();
    case(name, &says, move |folder| {
        let path = folder.join(file);
        fs::write(&path, &content).expect("written");
        path.to_string_lossy().into_owned()
    })
}

/// A bill with one bad cell in its second row.
fn cell(name: &'static str, column: &'static str, value: &str, says: &[&'static str]) -> Case {
    let says = [&["row 2", column], says].concat();
    text(name, "bill.csv", bill_with(column, value), &says)
}

/// A Parquet bill, changed.
fn parquet(
    name: &'static str,
    says: &[&'static str],
    change: impl Fn(DataFrame) -> DataFrame + 'static,
) -> Case {
    case(name, says, move |folder| {
        let path = folder.join("bill.parquet");
        let mut frame = change(good_frame());
        ParquetWriter::new(fs::File::create(&path).expect("created"))
            .finish(&mut frame)
            .expect("written");
        path.to_string_lossy().into_owned()
    })
}

fn good_frame() -> DataFrame {
    frame_of_csv(&format!("{HEADER}\n{ROW}\n{ROW}\n"))
}

fn good_parquet() -> Vec<u8> {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut good_frame()).expect("written");
    bytes
}

fn with(frame: &DataFrame, column: Column) -> DataFrame {
    let mut frame = frame.clone();
    frame.with_column(column).expect("two rows");
    frame
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(text.as_bytes()).expect("written");
    gz.finish().expect("finished")
}

/// An estate with a good bill and this file next to it.
fn estate(name: &'static str, files: &[(&'static str, Vec<u8>)], says: &[&'static str]) -> Case {
    let files = files.to_vec();
    case(name, says, move |folder| {
        for (file, content) in &files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("created");
            fs::write(path, content).expect("written");
        }
        folder.to_string_lossy().into_owned()
    })
}

const MANIFEST: &str = r#"{"format":1,"name":"x","as_of":"2026-02-01"}"#;

fn places() -> Vec<Case> {
    vec![
        case("no such file", &["nowhere.csv", "no such file or folder"], |f| {
            f.join("nowhere.csv").to_string_lossy().into_owned()
        }),
        case("an empty folder", &["no bill files found"], |f| f.to_string_lossy().into_owned()),
        text(
            "a workbook",
            "bill.csv",
            &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old"[..],
            &["an Excel workbook", "save it as CSV"],
        ),
        case("a glob that matches nothing", &["nothing matches", "*.csv"], |f| {
            f.join("*.csv").to_string_lossy().into_owned()
        }),
        case("a glob that is none", &["invalid glob", "[a"], |f| {
            f.join("[a").to_string_lossy().into_owned()
        }),
    ]
}

fn csv_files() -> Vec<Case> {
    let spare = format!("{HEADER}\n{ROW},one,more\n");
    let last = HEADER.replacen("BilledCost,", "", 1) + ",BilledCost";
    let short = format!("{last}\n{}\n", ROW.replacen("1.5,", "", 1));
    let mut latin = format!("{HEADER}\n{ROW}\n").into_bytes();
    // `E` of the service's name becomes a lone byte, as in a file saved as Latin-1.
    let at = latin.windows(3).position(|w| w == b"EC2").expect("a service");
    latin[at] = 0xfc;
    let zipped = gzipped(&format!("{HEADER}\n{}", format!("{ROW}\n").repeat(500)));
    vec![
        text("an empty file", "empty.csv", "", &["the file is empty"]),
        text("a header of blanks", "blank.csv", ",,\n1,2,3\n", &["the file is empty"]),
        text("a header and nothing else", "head.csv", format!("{HEADER}\n"), &["no line items"]),
        text(
            "no bill at all",
            "prose.csv",
            "Dear Sir\nplease pay\n",
            &["it is a text file, not a bill", "no columns of a bill"],
        ),
        text(
            "an error message in the place of a bill",
            "denied.csv",
            "<Error><Code>AccessDenied</Code></Error>",
            &["it is an XML document, not a bill", "login or error page"],
        ),
        text(
            "a page without a declaration",
            "login.csv",
            "<!-- saved -->\n<head><title>Sign in</title></head>\n",
            &["it is an HTML page, not a bill", "login or error page"],
        ),
        text(
            "a header that names a column twice",
            "twice.csv",
            format!("{HEADER},BilledCost\n{ROW},1\n"),
            &["has column BilledCost twice"],
        ),
        text(
            "a column under two names",
            "names.csv",
            format!("{HEADER},billedcost\n{ROW},1\n"),
            &["columns BilledCost and billedcost are both BilledCost"],
        ),
        text("too many cells in a row", "wide.csv", spare, &["row 1 has 22 cells, the header 20"]),
        text("too few cells in a row", "short.csv", short, &["row 1 has 19 cells, the header 20"]),
        text(
            "a quote that is never closed",
            "quote.csv",
            format!("{HEADER}\n{ROW}\n\"1.5,1.5\n"),
            &[],
        ),
        text("bytes that are no UTF-8", "latin.csv", latin, &["as UTF-8"]),
        text(
            "a gzip file cut short",
            "cut.csv.gz",
            &zipped[..zipped.len() / 2],
            &["incomplete gzip file"],
        ),
    ]
}

fn missing_columns() -> Vec<Case> {
    let named = [
        "BilledCost",
        "EffectiveCost",
        "BillingPeriodStart",
        "ChargePeriodStart",
        "BillingCurrency",
        "ChargeCategory",
        "BillingAccountId",
        "ProviderName",
        "ServiceName",
    ];
    let case = |column: &'static str| {
        text(column, "bill.csv", bill_without(column), &[column, "is missing"])
    };
    named.into_iter().map(case).collect()
}

fn cells() -> Vec<Case> {
    // 26 digits before the point are as many as a cell can have: 10²⁶ × 10¹² is 10³⁸, and 2¹²⁷ is
    // 1.7 × 10³⁸.
    let most = ROW.replacen("1.5,1.5", "99999999999999999999999999,99999999999999999999999999", 1);
    vec![
        cell("words for a cost", "BilledCost", "free", &["`free` is not a decimal number"]),
        cell(
            "thousands separators",
            "BilledCost",
            "1,234.50",
            &["`1,234.50`", "no thousands separators"],
        ),
        cell("a currency sign", "EffectiveCost", "$5", &["`$5`", "no currency sign"]),
        cell("not a number", "EffectiveCost", "NaN", &["`NaN`"]),
        cell("a cost beyond 38 digits", "BilledCost", "1e40", &["`1e40`"]),
        cell("a cost of nothing", "BilledCost", "", &["null or blank"]),
        cell("a null cost", "EffectiveCost", "NULL", &["null or blank"]),
        cell("a bad list cost", "ListCost", "n/a", &["`n/a`"]),
        cell("a bad contracted cost", "ContractedCost", "--1", &["`--1`"]),
        cell("a bad quantity", "PricingQuantity", "one", &["`one`"]),
        cell("a day in words", "ChargePeriodStart", "yesterday", &["`yesterday`", "ISO 8601"]),
        cell("a thirteenth month", "ChargePeriodStart", "2026-13-01", &["`2026-13-01`"]),
        cell("a twenty-fifth hour", "BillingPeriodStart", "2026-01-01T25:00:00Z", &["T25"]),
        cell("a day the wrong way round", "BillingPeriodStart", "01/02/2026", &["`01/02/2026`"]),
        cell("no day", "ChargePeriodStart", "", &["null or blank"]),
        cell("no period", "BillingPeriodStart", "NULL", &["null or blank"]),
        cell(
            "a word for a currency",
            "BillingCurrency",
            "euros",
            &["`euros`", "three-letter ISO 4217"],
        ),
        cell(
            "an unknown category",
            "ChargeCategory",
            "Usages",
            &["`Usages` is not one of", "Purchase"],
        ),
        cell("no category", "ChargeCategory", "", &["null or blank"]),
        cell("an unknown class", "ChargeClass", "Refund", &["`Refund` is not one of Correction"]),
        text(
            "no currency",
            "bill.csv",
            format!("{HEADER}\n{}\n", ROW.replace("USD", "")),
            &["BillingCurrency", "null"],
        ),
        text(
            "costs whose sum is beyond 128 bits",
            "bill.csv",
            format!("{HEADER}\n{most}\n{most}\n"),
            &["an amount is too large to be exact"],
        ),
        cell("control characters", "BilledCost", "\u{1b}[31m5", &["`\\u{1b}[31m5`"]),
    ]
}

fn parquet_files() -> Vec<Case> {
    let good = good_parquet();
    let cut = good[..good.len() - 40].to_vec();
    let mut middle = good.clone();
    let end = middle.len() / 3;
    middle[4..end].fill(0xee);
    vec![
        text("a Parquet file of nothing", "empty.parquet", "", &["the file is empty"]),
        text(
            "a Parquet file cut short",
            "cut.parquet",
            cut,
            &["incomplete Parquet file", "truncated"],
        ),
        text("a Parquet file damaged inside", "middle.parquet", middle, &["cannot be read"]),
        parquet("a Parquet file without a column", &["column EffectiveCost is missing"], |f| {
            f.drop("EffectiveCost").expect("dropped")
        }),
        parquet("a cost that is true or false", &["column BilledCost"], |f| {
            with(&f, Column::new("BilledCost".into(), [true, false]))
        }),
        parquet("a float that is no number", &["row 2", "BilledCost"], |f| {
            with(&f, Column::new("BilledCost".into(), [1.0, f64::NAN]))
        }),
        parquet("a null among floats", &["row 2", "EffectiveCost", "null or blank"], |f| {
            with(&f, Column::new("EffectiveCost".into(), [Some(1.0), None]))
        }),
        parquet("days as numbers", &["column ChargePeriodStart"], |f| {
            with(&f, Column::new("ChargePeriodStart".into(), [1_i64, 2]))
        }),
        parquet("a time that no calendar has", &["row 2", "column ChargePeriodStart"], |f| {
            let times =
                Column::new("ChargePeriodStart".into(), [1_767_571_200_000_i64, i64::MAX / 2]);
            let milliseconds = DataType::Datetime(TimeUnit::Milliseconds, None);
            with(&f, times.cast(&milliseconds).expect("cast"))
        }),
        parquet("no rows", &["no line items"], |f| f.head(Some(0))),
    ]
}

fn estates() -> Vec<Case> {
    let bill = || ("billing/bill.csv", format!("{HEADER}\n{ROW}\n").into_bytes());
    let manifest = |text: &str| ("estate.json", text.as_bytes().to_vec());
    vec![
        estate(
            "a manifest that is no JSON",
            &[manifest("{"), bill()],
            &["estate.json", "not a manifest"],
        ),
        estate(
            "a manifest of tomorrow",
            &[manifest(&MANIFEST.replace(":1,", ":2,")), bill()],
            &["estate.json", "layout version 2 is not supported"],
        ),
        estate(
            "a manifest with a field nobody knows",
            &[manifest(&MANIFEST.replace('}', ",\"color\":1}")), bill()],
            &["estate.json", "color"],
        ),
        estate(
            "an estate without bills",
            &[manifest(MANIFEST)],
            &["billing", "no such file or folder"],
        ),
        estate(
            "an inventory that is no Parquet",
            &[manifest(MANIFEST), bill(), ("inventory/resources.parquet", b"x".to_vec())],
            &["resources.parquet"],
        ),
        estate(
            "an inventory of something else",
            &[manifest(MANIFEST), bill(), ("inventory/resources.parquet", good_parquet())],
            &["resources.parquet", "ResourceId"],
        ),
        estate(
            "utilization of something else",
            &[manifest(MANIFEST), bill(), ("utilization/hourly.parquet", good_parquet())],
            &["hourly.parquet"],
        ),
    ]
}

#[test]
fn every_kind_of_broken_input_has_its_own_message() {
    let groups = [places(), csv_files(), missing_columns(), cells(), parquet_files(), estates()];
    let cases: Vec<Case> = groups.into_iter().flatten().collect();
    assert!(cases.len() >= 40, "{}", cases.len());
    let mut messages: BTreeMap<String, &str> = BTreeMap::new();
    let mut problems = Vec::new();
    for case in &cases {
        let folder = tempfile::tempdir().expect("a folder");
        let location = (case.make)(folder.path());
        let ran = cost(&["review", &location]);
        let message = ran.stderr.replace(&*folder.path().to_string_lossy(), "");
        let mut blame = |what: &str| problems.push(format!("{}: {what}: {message}", case.name));
        if ran.code != 1 || !ran.stdout.is_empty() {
            blame(&format!("exit code {}, {} bytes on stdout", ran.code, ran.stdout.len()));
        }
        if message.contains("panicked") || message.trim_end().lines().count() != 1 {
            blame("a panic, or not one line");
        }
        for wanted in case.says.iter().filter(|w| !message.contains(**w)) {
            blame(&format!("does not say `{wanted}`"));
        }
        if let Some(other) = messages.insert(message.clone(), case.name) {
            blame(&format!("the same message as {other}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn an_error_in_the_configuration_names_its_place_and_shows_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("cost.toml");
    let path = config.to_str().expect("UTF-8");
    for (text, place) in [
        ("[[notify]]\nurll = \"https://hooks.example/PASTED\"\n", "line "),
        ("\n[savings]\nskip = \"PASTED", "line 3, column "),
        ("foo = \"PASTED\"\n", "line 1, column 1: unknown field `foo`"),
    ] {
        fs::write(&config, text).expect("it can be written");
        let ran = cost(&["review", crate::support::DEMO, "--config", path]);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{text}: {}", ran.stderr);
        let is_one_line = ran.stderr.lines().count() == 1 && !ran.stderr.contains("\\u{");
        assert!(is_one_line && ran.stderr.contains("cost.toml, "), "{text}: {}", ran.stderr);
        assert!(ran.stderr.contains(place), "{place}: {}", ran.stderr);
        assert!(!ran.stderr.contains("PASTED"), "{text}: {}", ran.stderr);
    }
    fs::remove_file(&config).expect("it was there");
    let ran = cost(&["review", crate::support::DEMO, "--config", path]);
    assert!(ran.stderr.contains("cannot read the configuration"), "{}", ran.stderr);
}
