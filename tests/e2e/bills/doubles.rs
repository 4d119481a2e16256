//! Duplicate charges in several files, and similar cases without duplicates.
//!
//! Sources: microsoft/finops-toolkit issues 320, 566, 1896 and 2048 (each run of a month-to-date
//! export is complete and next to the others); Microsoft Learn, "Create and manage Cost Management
//! exports" (manifest.json); AWS Cost and Usage Reports user guide, "Create new report version";
//! the AWS Data Exports of FOCUS and of a cost report for one account and month.

use super::Kind::{Doubled, Unread};
use super::make::{Sheet, cast, daily, gzip, parquet, report_daily, workbook, zip};
use super::{Case, Content, Want, case, file, hold, total};

/// 31 days of 3.25.
const MAY: &str = "100.75";
/// Twice that.
const TWICE: &str = "201.5";

/// A charge of 3.25 a day in May.
fn may() -> Sheet {
    daily("2026-05", 1..=31, "3.25")
}

/// Words in an error about duplicate charges.
const SAME: &str = "same|twice|double|duplic|identical|already|again|version|overlap";

/// Counted once, or an error that names the files.
fn once(words: &'static [&'static str]) -> Want {
    Want::Any(vec![total("2026-05", MAY, MAY), Want::Said(words), Want::Refused(words)])
}

/// Everything counts, without a note.
fn all_of_it(billed_and_effective: &'static str) -> Want {
    Want::All(vec![
        total("2026-05", billed_and_effective, billed_and_effective),
        Want::NotSaid(&[
            "twice|double|duplic|identical|overlap|same charges|same rows|same line items",
        ]),
    ])
}

/// One run of an Azure month-to-date export: the charges so far, and their manifest.
fn azure_run(run: &str, submitted: &str, until: u32) -> Vec<(String, Content)> {
    let sheet = daily("2026-05", 1..=until, "3.25");
    let csv = sheet.csv();
    let folder = format!("exports/ferry-focus/20260501-20260531/{run}");
    let blob = format!("{folder}/part_0_0001.csv");
    let (bytes, rows) = (csv.len(), sheet.len());
    let manifest = format!(
        r#"{{"manifestVersion":"2024-04-01","byteCount":{bytes},"blobCount":1,"dataRowCount":{rows},
"exportConfig":{{"exportName":"ferry-focus","resourceId":"/subscriptions/0f0f/providers/Microsoft.CostManagement/exports/ferry-focus",
 "dataVersion":"1.0r2","apiVersion":"2023-07-01-preview","type":"FocusCost","timeFrame":"MonthToDate","granularity":"Daily"}},
"deliveryConfig":{{"partitionData":true,"dataOverwriteBehavior":"CreateNewReport","fileFormat":"Csv","compressionMode":"None",
 "containerUri":"/subscriptions/0f0f/harbor","rootFolderPath":"exports"}},
"runInfo":{{"executionType":"Scheduled","submittedTime":"{submitted}","runId":"{run}","startDate":"2026-05-01T00:00:00",
 "endDate":"2026-05-31T00:00:00"}},
"blobs":[{{"blobName":"{blob}","byteCount":{bytes},"dataRowCount":{rows}}}]}}"#
    );
    vec![file(blob, csv), file(format!("{folder}/manifest.json"), manifest)]
}

/// Three of them: until 10, 20 and 31 May. The last run has the least name.
fn azure_runs() -> Vec<(String, Content)> {
    let runs = [
        azure_run("c3000000-aaaa-4000-8000-000000000001", "2026-05-10T22:10:00Z", 10),
        azure_run("b2000000-aaaa-4000-8000-000000000002", "2026-05-20T22:10:00Z", 20),
        azure_run("a1000000-aaaa-4000-8000-000000000003", "2026-05-31T22:10:00Z", 31),
    ];
    runs.into_iter().flatten().collect()
}

/// Without manifests, as a copy of the data files alone leaves them.
fn only_data(files: Vec<(String, Content)>) -> Vec<(String, Content)> {
    files.into_iter().filter(|(name, _)| !name.ends_with("manifest.json")).collect()
}

/// The same month of one account as AWS's FOCUS export has it.
fn aws_focus() -> Sheet {
    let may = may().set("BillingAccountId", "111122223333").set("SubAccountId", "444455556666");
    let may = may.set("ProviderName", "AWS").set("ServiceName", "Amazon Elastic Compute Cloud");
    may.set("RegionId", "us-east-1").set("ResourceId", "i-0f00")
}

fn doubled() -> Vec<Case> {
    [exported_again(), copied(), of_other_forms()].into_iter().flatten().collect()
}

/// Several runs of one export.
fn exported_again() -> Vec<Case> {
    let assembly = |id: &str, until: u32| {
        let path = format!("cur/harbor/20260501-20260601/{id}/harbor-00001.csv.gz");
        file(path, gzip(&report_daily("2026-05", 1..=until, "3.25").csv()))
    };
    vec![
        // 32.50 + 65.00 + 100.75 = 198.25 is what all three add up to.
        case(
            Doubled,
            "three month-to-date runs of an Azure export",
            azure_runs(),
            once(&["a1000000|b2000000|c3000000", SAME]),
        ),
        case(
            Doubled,
            "three month-to-date runs of an Azure export without their manifests",
            only_data(azure_runs()),
            once(&["a1000000|b2000000|c3000000", SAME]),
        ),
        case(
            Doubled,
            "two assemblies of a cost report without their manifests",
            vec![assembly("5e5e", 20), assembly("7a7a", 31)],
            once(&["5e5e|7a7a|20260501-20260601", SAME]),
        ),
        case(
            Doubled,
            "a month to date next to the complete month",
            vec![
                file("until-10.csv", daily("2026-05", 1..=10, "3.25").csv()),
                file("until-31.csv", may().csv()),
            ],
            once(&["until-10.csv|until-31.csv", SAME]),
        ),
    ]
}

/// Copies of one file.
fn copied() -> Vec<Case> {
    let shuffled = may().reversed().csv();
    vec![
        case(
            Doubled,
            "a CSV file beside its gzip",
            vec![file("may.csv", may().csv()), file("may.csv.gz", gzip(&may().csv()))],
            once(&["may.csv", SAME]),
        ),
        case(
            Doubled,
            "a copy under another name",
            vec![file("may.csv", may().csv()), file("may (1).csv", may().csv())],
            once(&["may (1).csv|may.csv", SAME]),
        ),
        case(
            Doubled,
            "a copy with its rows in another order",
            vec![file("may.csv", may().csv()), file("sorted.csv", shuffled)],
            once(&["may.csv|sorted.csv", SAME]),
        ),
    ]
}

/// One month in two forms.
fn of_other_forms() -> Vec<Case> {
    let later = may().set("SkuMeter", "vm hours").set("ServiceCategory", "Compute");
    let as_floats =
        cast(may().frame(), &["BilledCost", "EffectiveCost"], &polars::prelude::DataType::Float64);
    vec![
        case(
            Doubled,
            "CSV beside Parquet of one export, whose costs are floats",
            vec![file("may.csv", may().csv()), file("may.parquet", parquet(as_floats))],
            once(&["may.csv|may.parquet", SAME]),
        ),
        case(
            Doubled,
            "two exports of one account and month, one with more columns",
            vec![file("old/focus-1.0.csv", may().csv()), file("new/focus-1.2.csv", later.csv())],
            once(&["focus-1.0|focus-1.2|old|new", SAME]),
        ),
        case(
            Doubled,
            "a FOCUS export beside the cost report of the same account and month",
            vec![
                file("focus/may.csv", aws_focus().csv()),
                file("cur/may.csv", report_daily("2026-05", 1..=31, "3.25").csv()),
            ],
            once(&["focus|cur|cost report|cost and usage", SAME]),
        ),
    ]
}

/// One file under several names counts once, without a message.
fn linked() -> Vec<Case> {
    let may = || file("2026-05/may.csv", may().csv());
    let link = |name: &str, target| (name.to_owned(), Content::Link(target));
    let hard = ("2026-05/same.csv".to_owned(), Content::HardLink("2026-05/may.csv"));
    let right = || total("2026-05", MAY, MAY);
    vec![
        case(
            Doubled,
            "a link to the folder it is in",
            vec![may(), link("2026-05/loop", ".")],
            right(),
        ),
        case(Doubled, "a link to the folder above", vec![may(), link("2026-05/up", "..")], right()),
        case(
            Doubled,
            "a link to the newest month",
            vec![may(), link("latest", "2026-05")],
            right(),
        ),
        case(
            Doubled,
            "a link to a file",
            vec![may(), link("bill.csv", "2026-05/may.csv")],
            right(),
        ),
        case(Doubled, "a hard link", vec![may(), hard], right()),
    ]
}

/// What looks like it, and is none.
fn neighbors() -> Vec<Case> {
    [parts_of_one_bill(), bills_of_one_price()].into_iter().flatten().collect()
}

fn parts_of_one_bill() -> Vec<Case> {
    let day = |d: u32| file(format!("day-{d:02}.csv"), daily("2026-05", d..=d, "3.25").csv());
    let part = |odd: bool| may().every_other(odd).csv();
    vec![
        // 2 × 31 × 3.25.
        case(
            Doubled,
            "neighbor: every row again in one file may be two charges",
            vec![file("may.csv", may().then(&may()).csv())],
            Want::All(vec![all_of_it(TWICE), Want::Said(&["may.csv", "first 31 charges repeat"])]),
        ),
        case(Doubled, "neighbor: a file a day", (1..=31).map(day).collect(), all_of_it(MAY)),
        case(
            Doubled,
            "neighbor: shards of one export",
            vec![file("part-0.csv", part(true)), file("part-1.csv", part(false))],
            all_of_it(MAY),
        ),
        case(
            Doubled,
            "neighbor: a part of the export has a header and no rows",
            vec![file("part-0.csv", may().csv()), file("part-1.csv", may().no_rows().csv())],
            all_of_it(MAY),
        ),
        case(
            Doubled,
            "neighbor: a part of the export is Parquet without rows",
            vec![
                file("part-0.csv", may().csv()),
                file("part-1.parquet", parquet(may().frame().head(Some(0)))),
            ],
            all_of_it(MAY),
        ),
    ]
}

fn bills_of_one_price() -> Vec<Case> {
    let other_vm = may().set("ResourceId", "vm-2");
    vec![
        case(
            Doubled,
            "neighbor: two resources of one price in two files",
            vec![file("part-0.csv", may().csv()), file("part-1.csv", other_vm.csv())],
            all_of_it(TWICE),
        ),
        case(
            Doubled,
            "neighbor: two billing accounts that cost the same",
            vec![
                file("harbor.csv", may().csv()),
                file("quay.csv", may().set("BillingAccountId", "quay-2").csv()),
            ],
            all_of_it(TWICE),
        ),
        case(
            Doubled,
            "neighbor: two accounts of one billing account that cost the same",
            vec![
                file("ferry.csv", may().csv()),
                file("crane.csv", may().set("SubAccountId", "crane").csv()),
            ],
            all_of_it(TWICE),
        ),
        case(
            Doubled,
            "neighbor: two providers that cost the same",
            vec![
                file("harbor.csv", may().csv()),
                file("sky.csv", may().set("ProviderName", "Sky Hosting").csv()),
            ],
            all_of_it(TWICE),
        ),
        // April: 30 × 3.25 = 97.50.
        case(
            Doubled,
            "neighbor: two months that cost the same a day",
            vec![
                file("april.csv", daily("2026-04", 1..=30, "3.25").csv()),
                file("may.csv", may().csv()),
            ],
            Want::All(vec![all_of_it(MAY), total("2026-04", "97.5", "97.5")]),
        ),
    ]
}

/// Files of the location are read, or reported as not read.
fn unread() -> Vec<Case> {
    let april = || daily("2026-04", 1..=30, "3.25").csv();
    let read_or_reported = |words: &'static [&'static str]| {
        Want::Any(vec![total("2026-05", MAY, MAY), Want::Said(words), Want::Refused(words)])
    };
    let report = |month: &str, days| report_daily(month, days, "3.25").csv();
    vec![
        case(
            Unread,
            "a cost report whose compression was changed to ZIP in May",
            vec![
                file("cur/20260401-20260501/r-1.csv.gz", gzip(&report("2026-04", 1..=30))),
                file(
                    "cur/20260501-20260601/r-1.csv.zip",
                    zip(&[("r-1.csv", report("2026-05", 1..=31).as_bytes())]),
                ),
            ],
            read_or_reported(&[".zip"]),
        ),
        case(
            Unread,
            "a month that ends in .txt",
            vec![file("april.csv", april()), file("may.txt", may().csv())],
            read_or_reported(&["may.txt"]),
        ),
        case(
            Unread,
            "a month that ends in .CSV.BAK",
            vec![file("april.csv", april()), file("may.csv.bak", may().csv())],
            read_or_reported(&["may.csv.bak"]),
        ),
        case(
            Unread,
            "a month without an ending, as Spark and Athena write it",
            vec![
                file("april.csv", april()),
                file("20260601_101010_00042_abcde", gzip(&may().csv())),
            ],
            read_or_reported(&["20260601_101010_00042_abcde"]),
        ),
        case(
            Unread,
            "a month in a workbook",
            vec![file("april.csv", april()), file("may.xlsx", workbook())],
            Want::Any(vec![Want::Said(&["may.xlsx"]), Want::Refused(&["may.xlsx"])]),
        ),
        case(
            Unread,
            "neighbor: a page for people beside the bill",
            vec![file("may.csv", may().csv()), file("README.md", "Bills of the ferry.\n")],
            Want::All(vec![total("2026-05", MAY, MAY), Want::NotSaid(&["readme"])]),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [doubled(), linked(), neighbors(), unread()].into_iter().flatten().collect()
}

#[test]
fn charges_count_once() {
    hold(&doubled());
}

#[test]
fn a_file_counts_once_under_all_its_names() {
    hold(&linked());
}

#[test]
fn what_only_looks_the_same_counts_and_alarms_nobody() {
    hold(&neighbors());
}

#[test]
fn files_that_are_not_read_are_reported() {
    hold(&unread());
}
