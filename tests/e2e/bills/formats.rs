//! File formats: compression, encoding, separators, and files that are not a bill.
//!
//! Sources: `PowerShell` 5 and Excel ("Unicode text", lists separated by semicolons where the comma
//! is a decimal sign, `sep=`); Azure exports with a byte order mark of their own in front of each
//! part (Azure/azure-sdk-for-net issue 34129); bgzip and `cat a.gz b.gz` (RFC 1952, 2.2); Microsoft
//! Learn, "Understand usage details fields" and Google Cloud, "Structure of the detailed data
//! export", for exports that are no FOCUS.

use polars::prelude::{DataFrame, DataType, IntoColumn, NamedFrom, Series, TimeUnit, TimeZone};

use super::Kind::{Content, Types};
use super::make::{Sheet, cast, daily, gzip, parquet, utf16, workbook, zip, zstd};
use super::{Case, Want, case, file, hold, read_or_refused, total};

/// 31 days of 3.25.
const MAY: &str = "100.75";

fn may() -> Sheet {
    daily("2026-05", 1..=31, "3.25")
}

/// Read, whatever it takes.
fn right() -> Want {
    total("2026-05", MAY, MAY)
}

/// Read, or refused with words for what it is.
fn either(words: &'static [&'static str]) -> Want {
    read_or_refused(MAY, words)
}

/// 31 days of 3.25, written by pyarrow: cost-providers/files/data/parquet/make.py.
const CHECKED: &[u8] = include_bytes!("../../../cost-providers/files/data/parquet/checked.parquet");
const ODD: &[u8] = include_bytes!("../../../cost-providers/files/data/parquet/odd.parquet");

/// One bit of an amount flipped, of those that stand one after the other as doubles: 3.25 becomes
/// 3.75.
fn dearer(bytes: &[u8]) -> Vec<u8> {
    let two = [3.25_f64.to_le_bytes(), 3.25_f64.to_le_bytes()].concat();
    let at = bytes.windows(16).position(|w| w == two).expect("amounts");
    let mut bytes = bytes.to_vec();
    bytes[at + 6] ^= 0x04;
    bytes
}

fn packed() -> Vec<Case> {
    let text = may().csv();
    // Half the month in each member.
    let cut = text.match_indices('\n').nth(16).map_or(0, |(at, _)| at + 1);
    let members = [gzip(&text[..cut]), gzip(&text[cut..])].concat();
    vec![
        case(
            Content,
            "ZIP with one CSV",
            vec![file("may.csv.zip", zip(&[("may.csv", text.as_bytes())]))],
            either(&[" zip"]),
        ),
        case(
            Content,
            "the same without .csv in its name",
            vec![file("may.zip", zip(&[("a.csv", text.as_bytes())]))],
            either(&[" zip"]),
        ),
        case(Content, "Zstandard", vec![file("may.csv.zst", zstd(&text))], either(&["zst"])),
        case(Content, "gzip of two members", vec![file("may.csv.gz", members)], right()),
        case(
            Content,
            "gzip under the name of a CSV file",
            vec![file("may.csv", gzip(&text))],
            either(&["gzip"]),
        ),
        case(
            Content,
            "CSV under the name of a gzip file",
            vec![file("may.csv.gz", text.clone())],
            either(&["gzip"]),
        ),
        case(
            Content,
            "CSV under an ending in capitals",
            vec![file("MAY.CSV", text.clone())],
            right(),
        ),
        case(
            Content,
            "CSV that ends in .txt",
            vec![file("may.txt", text.clone())],
            either(&["its name"]),
        ),
        case(
            Content,
            "Parquet under the name of a CSV file",
            vec![file("may.csv", parquet(may().frame()))],
            either(&["parquet"]),
        ),
        case(
            Content,
            "a path with blanks, brackets and an umlaut",
            vec![file("exports [eu] 2026/für Häfen/may.csv", text)],
            right(),
        ),
    ]
}

fn encoded() -> Vec<Case> {
    [letters(), ends_of_lines()].into_iter().flatten().collect()
}

fn letters() -> Vec<Case> {
    let text = may().csv();
    let (header, rows) = text.split_once('\n').unwrap_or((&text, ""));
    let no_mark = utf16(&text, true)[2..].to_vec();
    vec![
        case(
            Content,
            "UTF-16 as Windows writes it",
            vec![file("may.csv", utf16(&text, true))],
            either(&["UTF-16|UTF-8"]),
        ),
        case(
            Content,
            "UTF-16 the other way round",
            vec![file("may.csv", utf16(&text, false))],
            either(&["UTF-16|UTF-8"]),
        ),
        case(
            Content,
            "UTF-16 without its mark",
            vec![file("may.csv", no_mark)],
            either(&["UTF-16|UTF-8"]),
        ),
        case(
            Content,
            "a byte order mark",
            vec![file("may.csv", format!("\u{feff}{text}"))],
            right(),
        ),
        case(
            Content,
            "a second byte order mark, before the first row",
            vec![file("may.csv", format!("\u{feff}{header}\n\u{feff}{rows}"))],
            either(&["BOM|byte order"]),
        ),
    ]
}

fn ends_of_lines() -> Vec<Case> {
    let text = may().csv();
    let halves = daily("2026-05", 1..=10, "3.25").csv() + &daily("2026-05", 11..=31, "3.25").csv();
    vec![
        case(
            Content,
            "lines that end as on Windows",
            vec![file("may.csv", format!("\u{feff}{}", may().text(",", "\r\n")))],
            right(),
        ),
        case(
            Content,
            "lines that end as on old Macs",
            vec![file("may.csv", may().text(",", "\r"))],
            either(&["line end|ends of lines|carriage"]),
        ),
        case(Content, "no end of the last line", vec![file("may.csv", text.trim_end())], right()),
        case(
            Content,
            "blank lines at the end",
            vec![file("may.csv", format!("{text}\n\n"))],
            either(&["blank|empty"]),
        ),
        case(
            Content,
            "a second header where two files were put together",
            vec![file("may.csv", halves)],
            either(&["row 11"]),
        ),
    ]
}

fn parted() -> Vec<Case> {
    let german = || {
        may()
            .set("BilledCost", "3,25")
            .set("EffectiveCost", "3,25")
            .without(&["ListCost", "ContractedCost"])
    };
    let semicolons = may().text(";", "\r\n");
    let commas = may().csv();
    vec![
        case(
            Content,
            "semicolons, and a comma as decimal sign",
            vec![file("may.csv", german().text(";", "\r\n"))],
            either(&["semicolon|`;`|';'|\";\""]),
        ),
        case(
            Content,
            "semicolons, and a point",
            vec![file("may.csv", semicolons.clone())],
            either(&["semicolon|`;`|';'"]),
        ),
        case(
            Content,
            "tabs",
            vec![file("may.csv", may().text("\t", "\n"))],
            either(&["tabs|by a tab|tabulator|`\\t`"]),
        ),
        case(
            Content,
            "bars",
            vec![file("may.csv", may().text("|", "\n"))],
            either(&["separat|delimit"]),
        ),
        case(
            Content,
            "a line for Excel with semicolons",
            vec![file("may.csv", format!("sep=;\r\n{semicolons}"))],
            either(&["sep=|semicolon"]),
        ),
        case(
            Content,
            "a line for Excel with commas",
            vec![file("may.csv", format!("sep=,\n{commas}"))],
            either(&["sep="]),
        ),
        case(
            Content,
            "a title above the header",
            vec![file("may.csv", format!("Charges of the ferry in May 2026\n{commas}"))],
            either(&["first line|title|above the header"]),
        ),
        case(
            Content,
            "a title and an empty line above the header",
            vec![file("may.csv", format!("Charges of the ferry\n\n{commas}"))],
            either(&["first line|title|above the header"]),
        ),
    ]
}

/// No bill: the refusal says what it is.
fn no_bills() -> Vec<Case> {
    let html = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Your link has expired</body></html>\n";
    let json = r#"[{"BilledCost":3.25,"EffectiveCost":3.25,"BillingCurrency":"USD"}]"#;
    let pdf = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n";
    let refused = |name, path: &str, content: Vec<u8>, words| {
        case(Content, name, vec![file(path, content)], Want::Refused(words))
    };
    let bytes = |text: &str| text.as_bytes().to_vec();
    vec![
        refused("a workbook", "may.xlsx", workbook(), &["excel|workbook|spreadsheet"]),
        refused(
            "a workbook under the name of a CSV file",
            "may.csv",
            workbook(),
            &["excel|workbook|spreadsheet| zip"],
        ),
        refused("JSON", "may.json", bytes(json), &["json"]),
        refused("JSON under the name of a CSV file", "may.csv", bytes(json), &["json"]),
        refused("an invoice as PDF", "invoice.pdf", bytes(pdf), &["pdf"]),
        refused("PDF under the name of a CSV file", "invoice.csv", bytes(pdf), &["pdf"]),
        refused("the page of a link that expired", "may.csv", bytes(html), &["html|web page"]),
    ]
}

const AZURE_HEADER: &str = "BillingAccountId,Date,BillingPeriodStartDate,BillingPeriodEndDate,SubscriptionId,SubscriptionName,MeterCategory,\
                        MeterName,ResourceLocation,Quantity,UnitOfMeasure,CostInBillingCurrency,BillingCurrencyCode,ChargeType,\
                        PricingModel,Frequency,ResourceId\n";

/// A day of Azure's cost details.
fn azure(day: u32) -> String {
    format!(
        "harbor-1,05/{day:02}/2026,05/01/2026,05/31/2026,6f6f0000-0000-4000-8000-00000000000a,ferry,Virtual Machines,D2s v5,EU West,\
         24,1 Hour,3.25,USD,Usage,OnDemand,UsageBased,\
         /subscriptions/6f6f0000-0000-4000-8000-00000000000a/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-1\n"
    )
}

/// The same charge of another account, with the day first.
fn azure_day_first(day: u32) -> String {
    let row = azure(day)
        .replace("harbor-1", "harbor-2")
        .replace("6f6f", "7a7a")
        .replace("05/01/2026", "01/05/2026")
        .replace("05/31/2026", "31/05/2026");
    row.replace(&format!("05/{day:02}/2026"), &format!("{day:02}/05/2026"))
}

const GOOGLE_HEADER: &str = "billing_account_id,service.description,sku.description,usage_start_time,usage_end_time,project.id,\
                         location.region,cost,currency,usage.amount,usage.unit,invoice.month,cost_type,credits\n";

/// A day of Google's billing export.
fn google(day: u32) -> String {
    format!(
        "0A0A0A-0B0B0B-0C0C0C,Compute Engine,E2 core running in Zurich,2026-05-{day:02} 08:00:00 UTC,2026-05-{day:02} 09:00:00 UTC,\
         harbor-ferry,europe-west6,3.25,USD,1,hour,202605,regular,[]\n"
    )
}

/// Exports of a provider's own: read, or refused by their name.
fn native() -> Vec<Case> {
    let export = |header: &str, row: fn(u32) -> String| {
        header.to_owned() + &(1..=31).map(row).collect::<String>()
    };
    let bill = may().csv();
    let with_parent = |(at, line)| [if at == 0 { "PARENT_ID," } else { "1," }, line, "\n"].concat();
    let parents: String = bill.lines().enumerate().map(with_parent).collect();
    vec![
        case(
            Content,
            "cost details of Azure",
            vec![file("part_0_0001.csv", export(AZURE_HEADER, azure))],
            either(&["azure|microsoft", "focus"]),
        ),
        case(
            Content,
            "cost details of Azure in two orders of day and month",
            vec![
                file("a.csv", export(AZURE_HEADER, azure)),
                file("b.csv", export(AZURE_HEADER, azure_day_first)),
            ],
            total("2026-05", "201.5", "201.5"),
        ),
        case(
            Content,
            "a header that starts like a mark of encrypted Parquet",
            vec![file("may.csv", parents)],
            total("2026-05", MAY, MAY),
        ),
        case(
            Content,
            "a billing export of Google",
            vec![file("gcp_billing_export.csv", export(GOOGLE_HEADER, google))],
            either(&["google|bigquery", "focus"]),
        ),
    ]
}

/// Types that writers of Parquet use.
fn types() -> Vec<Case> {
    [of_numbers(), of_instants(), of_columns()].into_iter().flatten().collect()
}

const COSTS: [&str; 4] = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"];

fn written(frame: DataFrame) -> Vec<(String, super::Content)> {
    vec![file("may.parquet", parquet(frame))]
}

fn of_numbers() -> Vec<Case> {
    // 3 × 0.333333333333333333, each rounded to 12 places, half to even: 0.999999999999.
    let thirds = daily("2026-05", 1..=3, "0.333333333333333333").frame();
    vec![
        case(
            Types,
            "costs as floats",
            written(cast(may().frame(), &COSTS, &DataType::Float64)),
            right(),
        ),
        case(
            Types,
            "costs as decimals of 2 places",
            written(cast(may().frame(), &COSTS, &DataType::Decimal(10, 2))),
            right(),
        ),
        case(
            Types,
            "costs as decimals of 18 places",
            written(cast(thirds, &COSTS, &DataType::Decimal(38, 18))),
            total("2026-05", "0.999999999999", "0.999999999999"),
        ),
        case(
            Types,
            "costs as whole numbers",
            written(cast(daily("2026-05", 1..=31, "3").frame(), &COSTS, &DataType::Int64)),
            total("2026-05", "93", "93"),
        ),
        case(
            Types,
            "account numbers as numbers",
            written(cast(
                may().set("SubAccountId", "4455").frame(),
                &["SubAccountId"],
                &DataType::Int64,
            )),
            right(),
        ),
    ]
}

fn of_instants() -> Vec<Case> {
    let periods =
        ["BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"];
    // Midnights in UTC: 1 May 2026 is the day 20,574 since 1970.
    let instants = |unit: TimeUnit, per_day: i64, zone: Option<TimeZone>| {
        let mut frame = may().without(&periods).frame();
        for (name, days) in [
            ("BillingPeriodStart", vec![20_574; 31]),
            ("ChargePeriodStart", (20_574..20_605).collect()),
        ] {
            let numbers: Vec<i64> = days.iter().map(|day| day * per_day).collect();
            let numbers = Series::new(name.into(), numbers);
            let column = numbers
                .cast(&DataType::Datetime(unit, zone.clone()))
                .expect("instants")
                .into_column();
            frame.with_column(column).expect("as many rows");
        }
        written(frame)
    };
    let zone = |name: &str| TimeZone::opt_try_new(Some(name)).expect("a zone");
    vec![
        case(
            Types,
            "instants in milliseconds without a zone",
            instants(TimeUnit::Milliseconds, 86_400_000, None),
            right(),
        ),
        case(
            Types,
            "instants in nanoseconds in UTC",
            instants(TimeUnit::Nanoseconds, 86_400_000_000_000, zone("UTC")),
            right(),
        ),
        case(
            Types,
            "instants in a zone with an offset of half an hour",
            instants(TimeUnit::Microseconds, 86_400_000_000, zone("Asia/Kolkata")),
            right(),
        ),
    ]
}

fn of_columns() -> Vec<Case> {
    let null_list = {
        let mut frame = may().without(&["ListCost"]).frame();
        frame
            .with_column(Series::full_null("ListCost".into(), 31, &DataType::Null).into_column())
            .expect("as many rows");
        frame
    };
    vec![
        case(Types, "a column that is null alone, without a type", written(null_list), right()),
        case(
            Types,
            "a month whose columns change their type from file to file",
            vec![
                file(
                    "part-0.parquet",
                    parquet(cast(
                        daily("2026-05", 1..=10, "3.25").frame(),
                        &COSTS,
                        &DataType::Float64,
                    )),
                ),
                file("part-1.parquet", parquet(daily("2026-05", 11..=30, "3.25").frame())),
                file(
                    "part-2.parquet",
                    parquet(cast(daily("2026-05", 31..=31, "3").frame(), &COSTS, &DataType::Int64)),
                ),
            ],
            // 30 × 3.25 + 3.
            total("2026-05", "100.5", "100.5"),
        ),
    ]
}

/// Parquet of another writer: types that the engine has not, and pages with checksums.
fn foreign() -> Vec<Case> {
    vec![
        case(
            Types,
            "decimals of 76 digits, small numbers, times in +05:30, Z and a zone that is none, and odd columns that nobody needs",
            vec![file("may.parquet", ODD.to_vec())],
            right(),
        ),
        case(Types, "pages with checksums", vec![file("may.parquet", CHECKED.to_vec())], right()),
        case(
            Types,
            "a page that is not what its checksum says",
            vec![file("may.parquet", dearer(CHECKED))],
            Want::Refused(&[
                "may.parquet",
                "column BilledCost|column EffectiveCost",
                "page 1",
                "checksum",
                "download it again",
            ]),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [packed(), encoded(), parted(), no_bills(), native(), types(), foreign()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn packed_files_are_read_or_named() {
    hold(&packed());
}

#[test]
fn encodings_and_ends_of_lines_are_read_or_named() {
    hold(&encoded());
}

#[test]
fn separators_and_titles_are_read_or_named() {
    hold(&parted());
}

#[test]
fn what_is_no_bill_is_named() {
    hold(&no_bills());
}

#[test]
fn exports_of_a_providers_own_are_read_or_named() {
    hold(&native());
}

#[test]
fn types_that_writers_use_are_read() {
    hold(&types());
}

#[test]
fn parquet_of_other_writers_is_read_or_named() {
    hold(&foreign());
}
