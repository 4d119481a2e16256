//! Selection of files by their manifests.
//!
//! Sources: Microsoft Learn, "Create and manage Cost Management exports" (manifest.json:
//! `blobCount`, `byteCount`, `dataRowCount`, `submittedTime`) and the API "Exports - Execute"
//! (`timePeriod`); microsoft/finops-toolkit, `Start-FinOpsCostExport`; AWS Data Exports user guide,
//! "Understanding export delivery".

use serde_json::{Value, json};

use super::Kind::{Doubled, Unread};
use super::make::{Sheet, daily, gzip, report_daily};
use super::{Case, Content, Want, case, file, hold, total};

type Files = Vec<(String, Content)>;

/// 31 and 15 days of 3.25.
const MAY: &str = "100.75";
const HALF: &str = "48.75";

fn may(until: u32) -> Sheet {
    daily("2026-05", 1..=until, "3.25")
}

fn april() -> String {
    daily("2026-04", 1..=30, "3.25").csv()
}

/// A run of an Azure export: its files, and what its manifest says.
struct Run {
    folder: &'static str,
    files: Files,
    manifest: Value,
}

impl Run {
    fn of(folder: &'static str, submitted: &str, sheets: &[Sheet]) -> Self {
        let named = |n: usize| format!("part_{n}_0001.csv");
        let files: Files =
            sheets.iter().enumerate().map(|(n, s)| file(named(n), s.csv())).collect();
        let blob = |(n, s): (usize, &Sheet)| json!({"blobName": format!("{folder}/{}", named(n)), "byteCount": s.csv().len(), "dataRowCount": s.len()});
        let manifest = json!({
            "manifestVersion": "2024-04-01",
            "byteCount": sheets.iter().map(|s| s.csv().len()).sum::<usize>(),
            "blobCount": sheets.len(),
            "dataRowCount": sheets.iter().map(Sheet::len).sum::<usize>(),
            "exportConfig": {"exportName": "ferry", "type": "FocusCost", "dataVersion": "1.0r2",
                "resourceId": "/subscriptions/0f0f/providers/Microsoft.CostManagement/exports/ferry"},
            "runInfo": {"submittedTime": submitted, "startDate": "2026-05-01T00:00:00", "endDate": "2026-05-31T00:00:00"},
            "blobs": sheets.iter().enumerate().map(blob).collect::<Vec<_>>()
        });
        Self { folder, files, manifest }
    }

    fn with(mut self, change: impl Fn(&mut Value)) -> Self {
        change(&mut self.manifest);
        self
    }

    fn files(self) -> Files {
        let manifest = file(format!("{}/manifest.json", self.folder), self.manifest.to_string());
        let own = self
            .files
            .into_iter()
            .map(|(name, content)| (format!("{}/{name}", self.folder), content));
        own.chain([manifest]).collect()
    }
}

const OLD: &str = "x/ferry/20260501-20260531/c3000000-aaaa-4000-8000-000000000001";
const NEW: &str = "x/ferry/20260501-20260531/a3000000-aaaa-4000-8000-000000000002";

/// The month until the 15th.
fn old() -> Run {
    Run::of(OLD, "2026-05-15T22:10:00Z", &[may(15)])
}

/// The complete month.
fn new() -> Run {
    Run::of(NEW, "2026-05-31T22:10:00Z", &[may(31)])
}

fn both(a: Run, b: Run) -> Files {
    a.files().into_iter().chain(b.files()).collect()
}

fn of_may(dollars: &'static str) -> Want {
    total("2026-05", dollars, dollars)
}

fn said(dollars: &'static str, words: &'static [&'static str]) -> Want {
    Want::All(vec![of_may(dollars), Want::Said(words)])
}

fn submitted(run: Run, at: &str) -> Run {
    run.with(|m| m["runInfo"]["submittedTime"] = at.into())
}

fn runs() -> Vec<Case> {
    [of_other_days(), by_time(), of_other_exports()].into_iter().flatten().collect()
}

fn of_other_days() -> Vec<Case> {
    let week = Run::of(
        "x/ferry/20260501-20260507/c3000000-aaaa-4000-8000-000000000003",
        "2026-06-05T00:00:00Z",
        &[may(7)],
    );
    let week = week.with(|m| m["runInfo"]["endDate"] = "2026-05-07T00:00:00".into());
    vec![
        case(
            Doubled,
            "manifests: a newer run of a week takes no month's place",
            both(new(), week),
            Want::Refused(&["20260501-20260507", "20260501-20260531", "same charges", "--only"]),
        ),
        case(
            Doubled,
            "manifests: a copied export, in whose manifest the new folder is",
            both(
                new(),
                Run::of(
                    "backup/ferry/20260501-20260531/a3000000",
                    "2026-05-31T22:10:00Z",
                    &[may(31)],
                ),
            ),
            said(MAY, &["duplicate", "same content"]),
        ),
        case(
            Doubled,
            "manifests: a newer run of the same days with fewer rows is said to have fewer",
            both(submitted(old(), "2026-06-01T00:00:00Z"), new()),
            said(HALF, &["15 rows", "this one 31", "complete"]),
        ),
    ]
}

fn by_time() -> Vec<Case> {
    let headless = |run: Run| run.with(|m| m["runInfo"] = json!({"runId": "q"}));
    vec![
        case(
            Doubled,
            "manifests: times with an offset",
            both(
                submitted(old(), "2026-05-31T23:10:00+02:00"),
                submitted(new(), "2026-05-31T22:10:00.1234567Z"),
            ),
            of_may(MAY),
        ),
        case(
            Doubled,
            "manifests: American times",
            both(
                submitted(old(), "5/5/2026 10:10:00 PM"),
                submitted(new(), "5/15/2026 10:10:00 PM"),
            ),
            of_may(MAY),
        ),
        case(
            Doubled,
            "manifests: two runs without a time",
            both(headless(old()), headless(new())),
            Want::Refused(&["submittedTime", "--newest", "c3000000", "a3000000"]),
        ),
    ]
}

fn of_other_exports() -> Vec<Case> {
    let actual = |run: Run| {
        run.with(|m| {
            m["exportConfig"]["type"] = "ActualCost".into();
            m["exportConfig"]["resourceId"] =
                "/subscriptions/0f0f/providers/Microsoft.CostManagement/exports/actual".into();
        })
    };
    let nameless = |run: Run, root: &'static str| Run {
        folder: root,
        ..run.with(|m| m["exportConfig"]["resourceId"] = Value::Null)
    };
    let other = Run::of(
        OLD,
        "2026-05-31T23:10:00Z",
        &[may(31).set("SubAccountId", "crane").set("ResourceId", "vm-2")],
    );
    vec![
        case(
            Doubled,
            "manifests: a stale FOCUS run beside a newer actual one",
            both(old(), actual(submitted(new(), "2026-06-05T00:00:00Z"))),
            Want::Refused(&["FOCUS", "2026-05-15", "actual cost", "2026-06-05", "--only"]),
        ),
        case(
            Doubled,
            "manifests: FOCUS beside an actual export of the same evening",
            both(new(), actual(submitted(old(), "2026-05-31T22:40:00Z"))),
            said(MAY, &["superseded", "FOCUS export of the same scope and days"]),
        ),
        case(
            Doubled,
            "manifests: another version of the data from the second run on",
            both(old(), new().with(|m| m["exportConfig"]["dataVersion"] = "1.2-preview".into())),
            said(MAY, &["superseded", "c3000000"]),
        ),
        // 2 × 31 × 3.25.
        case(
            Doubled,
            "manifests: two subscriptions whose exports have one name and no id",
            both(
                nameless(new(), "a/ferry/20260501-20260531/1"),
                nameless(other, "b/ferry/20260501-20260531/2"),
            ),
            of_may("201.5"),
        ),
    ]
}

fn counts() -> Vec<Case> {
    [of_parts(), of_rows(), of_nothing()].into_iter().flatten().collect()
}

fn of_parts() -> Vec<Case> {
    // 2 × 31 × 3.25: licenses of one price, without a resource.
    let parts = |second: Sheet| {
        Run::of(NEW, "2026-05-31T22:10:00Z", &[may(31).set("ResourceId", ""), second]).files()
    };
    let shard = |n: u32| {
        file(
            format!("r/20260501-20260601/aa/r-0000{n}.csv.gz"),
            gzip(&report_daily("2026-05", 1..=31, "3.25").csv()),
        )
    };
    let keys = ["r/20260501-20260601/aa/r-00001.csv.gz", "r/20260501-20260601/aa/r-00002.csv.gz"];
    let of_aws = file(
        "r/20260501-20260601/r-Manifest.json",
        json!({"assemblyId": "aa", "reportKeys": keys}).to_string(),
    );
    vec![
        case(
            Doubled,
            "manifests: two parts of one run with the same bytes",
            parts(may(31).set("ResourceId", "")),
            of_may("201.5"),
        ),
        case(
            Doubled,
            "manifests: two parts of one run with the same rows in another order",
            parts(may(31).set("ResourceId", "").reversed()),
            of_may("201.5"),
        ),
        case(
            Doubled,
            "manifests: two parts of AWS with the same bytes",
            vec![shard(1), shard(2), of_aws],
            of_may("201.5"),
        ),
    ]
}

fn of_rows() -> Vec<Case> {
    let odd =
        |value: &'static str| new().with(move |m| m["blobs"][0]["dataRowCount"] = value.into());
    vec![
        case(
            Unread,
            "manifests: of two files one is named",
            new().with(|m| m["blobCount"] = 2.into()).files(),
            Want::Refused(&["manifest.json", "blobCount is 2"]),
        ),
        case(
            Unread,
            "manifests: more rows in all than in the files that are named",
            new().with(|m| m["dataRowCount"] = 62.into()).files(),
            Want::Refused(&["manifest.json", "dataRowCount is 62", "31"]),
        ),
        case(
            Unread,
            "manifests: counts as text",
            both(old(), odd("31")),
            said(MAY, &["superseded", "c3000000"]),
        ),
        case(
            Unread,
            "manifests: a count that is none",
            both(old(), odd("many")),
            Want::Refused(&["a3000000", "blobs[0].dataRowCount", "many"]),
        ),
    ]
}

fn of_nothing() -> Vec<Case> {
    let empty = |m: &mut Value| {
        (m["blobs"], m["blobCount"], m["byteCount"], m["dataRowCount"]) =
            (json!([]), 0.into(), 0.into(), 0.into());
    };
    let bare = Run { files: Vec::new(), ..new().with(empty) };
    let header = Run::of(NEW, "2026-05-31T22:10:00Z", &[may(31).no_rows()]);
    vec![
        case(
            Unread,
            "manifests: the newest run has no files",
            both(old(), bare),
            said(HALF, &["a3000000", "has no rows"]),
        ),
        case(
            Unread,
            "manifests: the newest run has a header alone",
            both(old(), header),
            said(HALF, &["a3000000", "has no rows"]),
        ),
    ]
}

fn copied() -> Vec<Case> {
    [by_hand(), beside_others(), of_aws()].into_iter().flatten().collect()
}

/// A run in the folder of downloads.
fn flat(run: Run) -> Run {
    Run { folder: "dl", ..run }
}

/// May until a day, as a cost report.
fn report(until: u32) -> Vec<u8> {
    gzip(&report_daily("2026-05", 1..=until, "3.25").csv())
}

fn by_hand() -> Vec<Case> {
    let second = |(name, content): (String, Content)| {
        (
            name.replace("0001.csv", "0001 (1).csv").replace("manifest.json", "manifest (1).json"),
            content,
        )
    };
    let downloads: Files = flat(old())
        .files()
        .into_iter()
        .chain(flat(new()).files().into_iter().map(second))
        .collect();
    let packed = new().with(|m| {
        m["blobs"][0]["blobName"] = format!("{NEW}/part_0_0001.csv.gz").into();
        (m["blobs"][0]["byteCount"], m["byteCount"]) = (77.into(), 77.into());
    });
    vec![
        case(Doubled, "manifests: two runs downloaded into one folder", downloads, of_may(MAY)),
        case(Unread, "manifests: a file that was unpacked by hand", packed.files(), of_may(MAY)),
    ]
}

fn beside_others() -> Vec<Case> {
    let with_april = |mut files: Files, folder: &str| {
        files.push(file(format!("{folder}/april.csv"), april()));
        files
    };
    let of_aws = || {
        let manifest =
            json!({"assemblyId": "aa", "reportKeys": ["r/20260501-20260601/aa/r-1.csv.gz"]});
        vec![
            file("r/20260501-20260601/aa/r-1.csv.gz", report(31)),
            file("r/20260501-20260601/r-Manifest.json", manifest.to_string()),
        ]
    };
    let estate =
        r#"{"format": 1, "name": "e", "as_of": "2026-11-26", "tag_keys": [], "partial": []}"#;
    let months = || Want::All(vec![of_may(MAY), total("2026-04", "97.5", "97.5")]);
    vec![
        case(
            Unread,
            "manifests: April beside May's manifest of Azure",
            with_april(flat(new()).files(), "dl"),
            months(),
        ),
        case(
            Unread,
            "manifests: April beside May's manifest of AWS",
            with_april(of_aws(), "r/20260501-20260601"),
            months(),
        ),
        case(
            Doubled,
            "manifests: an earlier file beside the same month's manifest",
            new()
                .files()
                .into_iter()
                .chain([file(format!("{NEW}/rest.csv"), may(15).csv())])
                .collect(),
            said(MAY, &["excluded", "rest.csv", "left from an earlier run"]),
        ),
        case(
            Unread,
            "manifests: an estate's manifest below a folder of bills",
            vec![file("may.csv", may(31).csv()), file("e/estate.json", estate)],
            said(MAY, &["estate.json", "the manifest of an estate"]),
        ),
    ]
}

fn of_aws() -> Vec<Case> {
    let execution = |time: &str, files: &[&str]| {
        file(
            format!("e/metadata/BILLING_PERIOD=2026-05/{time}/e-Manifest.json"),
            json!({"executionId": time, "dataFiles": files}).to_string(),
        )
    };
    let data = |time: &str, until| {
        file(format!("e/data/BILLING_PERIOD=2026-05/{time}/e-1.csv.gz"), report(until))
    };
    let (early, late) = ("2026-05-16T06:30:15.123Z-aa", "2026-06-03T06:30:15.123Z-bb");
    let first = "s3://b/e/data/BILLING_PERIOD=2026-05/2026-05-16T06:30:15.123Z-aa/e-1.csv.gz";
    vec![
        case(
            Unread,
            "manifests: AWS's newer run has no manifest",
            vec![execution(early, &[first]), data(early, 15), data(late, 31)],
            said(HALF, &["excluded", "2026-06-03", "no manifest"]),
        ),
        case(
            Unread,
            "manifests: AWS's newest run names no files",
            vec![execution(early, &[first]), data(early, 15), execution(late, &[])],
            said(HALF, &["2026-06-03", "lists no files"]),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [runs(), counts(), copied()].into_iter().flatten().collect()
}

#[test]
fn runs_count_by_their_days_and_times() {
    hold(&runs());
}

#[test]
fn files_are_what_their_manifest_says() {
    hold(&counts());
}

#[test]
fn exports_are_read_as_people_copy_them() {
    hold(&copied());
}
