//! Other files in the folder of a bill, and how bills are found: unknown tables, manifests, and
//! hidden names.
//!
//! Sources: gzip(1) ("trailing zero bytes ignored", as tar writes them to tapes);
//! microsoft/finops-toolkit issue 1569 (charges of the Marketplace without a service); FOCUS 1.3,
//! `version_migration_guidance.md` (the deprecated column next to the new one); Microsoft Learn,
//! "Create and manage Cost Management exports" (several files to a run, manifest.json).

use super::Kind::{ColumnNames, Content, Doubled, ProviderGap, Unread};
use super::make::{Sheet, daily, gzip, report_daily};
use super::{Case, Want, case, file, hold, total};
use crate::support::json;

/// 31 days of 3.25.
const MAY: &str = "100.75";

fn may() -> Sheet {
    daily("2026-05", 1..=31, "3.25")
}

fn right() -> Want {
    total("2026-05", MAY, MAY)
}

/// The bill, and another file next to it, which is skipped with a note.
fn beside(
    name: &str,
    path: &str,
    content: impl Into<super::Content>,
    words: &'static [&'static str],
) -> Case {
    let files = vec![file("may.csv", may().csv()), file(path, content)];
    case(Unread, name, files, Want::All(vec![right(), Want::Said(words)]))
}

fn strangers() -> Vec<Case> {
    let twice = may().set("x", "").rename(&[("x", "BilledCost")]);
    vec![
        beside(
            "a table that names a column twice",
            "days.csv",
            "date,date,cost,cost\n1,2,3,4\n",
            &["days.csv", "lacks"],
        ),
        beside(
            "a table whose second name is the third's",
            "a.csv",
            "a,a,a (2)\n1,2,3\n",
            &["a.csv"],
        ),
        beside("a table with semicolons and thousands", "b.csv", "cost;n\n1,234;1\n", &["b.csv"]),
        beside("blanks alone", "blank.csv", "\n  \n", &["blank.csv", "empty"]),
        case(
            Unread,
            "neighbor: a bill that names a column twice",
            vec![
                file("april.csv", daily("2026-04", 1..=30, "1").csv()),
                file("may.csv", twice.csv()),
            ],
            Want::Refused(&["may.csv", "BilledCost twice"]),
        ),
        beside(
            "a manifest that is no text",
            "manifest.json",
            vec![0x80, 0x81],
            &["manifest.json", "without it", "UTF-8"],
        ),
        beside(
            "a manifest that breaks off",
            "manifest.json",
            "{\"blobs\": [",
            &["manifest.json", "without it", "JSON"],
        ),
        // Which of several files count is not known then.
        case(
            Doubled,
            "two runs whose manifest breaks off",
            vec![
                file("run/may.csv", may().csv()),
                file("run/sorted.csv", may().reversed().csv()),
                file("run/manifest.json", "{"),
            ],
            Want::Refused(&["run/manifest.json", "JSON", "--only"]),
        ),
    ]
}

/// A run of an export of Azure's of several files: its manifest says all of them.
fn run(
    export: &str,
    run: &str,
    submitted: &str,
    month: &str,
    parts: &[Sheet],
) -> Vec<(String, super::Content)> {
    let days = month.replace('-', "");
    let folder = format!("{export}/{days}01-{days}30/{run}");
    let mut blobs = Vec::new();
    let mut files = Vec::new();
    for (at, part) in (1..).zip(parts) {
        let (path, csv) = (format!("{folder}/part_0_000{at}.csv"), part.csv());
        blobs.push(format!(
            r#"{{"blobName":"{path}","byteCount":{},"dataRowCount":{}}}"#,
            csv.len(),
            part.len()
        ));
        files.push(file(path, csv));
    }
    let manifest = format!(
        r#"{{"exportConfig":{{"exportName":"{export}","type":"FocusCost","dataVersion":"1.0",
"resourceId":"/subscriptions/{export}/providers/Microsoft.CostManagement/exports/{export}"}},
"runInfo":{{"submittedTime":"{submitted}","startDate":"{month}-01T00:00:00","endDate":"{month}-30T00:00:00"}},
"blobs":[{}]}}"#,
        blobs.join(",")
    );
    files.push(file(format!("{folder}/manifest.json"), manifest));
    files
}

/// Two runs of one export, which hold charges of different prices; and another export of two files.
fn two_exports() -> Vec<(String, super::Content)> {
    let older = daily("2026-05", 1..=20, "2.5");
    let april = daily("2026-04", 1..=30, "1").set("SubAccountId", "crane");
    let parts = [april.clone().every_other(true), april.every_other(false)];
    [
        run(
            "ferry",
            "b2000000-aaaa-4000-8000-000000000002",
            "2026-05-20T22:10:00Z",
            "2026-05",
            &[older],
        ),
        run(
            "ferry",
            "a1000000-aaaa-4000-8000-000000000003",
            "2026-05-31T22:10:00Z",
            "2026-05",
            &[may()],
        ),
        run(
            "crane",
            "c3000000-aaaa-4000-8000-000000000001",
            "2026-05-01T22:10:00Z",
            "2026-04",
            &parts,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn chosen() -> Vec<Case> {
    const FIRST_PARTS: &[&str] = &["review", "--month", "2026-05", "--only", "part_0_0001.csv"];
    const APRIL: &[&str] = &["review", "--month", "2026-04", "--only", "part_0_0001.csv"];
    const MARKED: &[&str] = &["review", "--month", "2026-05", "--only", "_*.csv"];
    const ASSEMBLY: &[&str] = &["review", "--month", "2026-05", "--only", "7a7a/*"];
    // Two assemblies of a cost report, each with its own manifest, and none for their month.
    let assembly = |id: &str, cost: &str| {
        let folder = format!("cur/harbor/20260501-20260601/{id}");
        let keys =
            format!(r#"{{"assemblyId":"{id}","reportKeys":["{folder}/harbor-00001.csv.gz"]}}"#);
        let report = gzip(&report_daily("2026-05", 1..=31, cost).csv());
        [
            file(format!("{folder}/harbor-00001.csv.gz"), report),
            file(format!("{folder}/harbor-Manifest.json"), keys),
        ]
    };
    let without_a_part = |files: Vec<(String, super::Content)>| {
        files.into_iter().filter(|(name, _)| !name.ends_with("part_0_0002.csv")).collect::<Vec<_>>()
    };
    vec![
        // Of April every other day, 15 of 30, at 1.
        case(
            Doubled,
            "of two exports some files are chosen, and the newest run counts all the same",
            two_exports(),
            Want::All(vec![Want::Total(FIRST_PARTS, MAY, MAY), Want::Total(APRIL, "15", "15")]),
        ),
        case(
            Doubled,
            "a file that nobody chose is missing",
            without_a_part(two_exports()),
            Want::All(vec![
                Want::Total(FIRST_PARTS, MAY, MAY),
                Want::Refused(&["part_0_0002.csv", "does not exist"]),
            ]),
        ),
        case(
            Doubled,
            "of two assemblies of which nothing tells the newest one is chosen",
            [assembly("5e5e", "2.5"), assembly("7a7a", "3.25")].into_iter().flatten().collect(),
            Want::All(vec![
                Want::Refused(&["5e5e", "7a7a", "--only"]),
                Want::Total(ASSEMBLY, MAY, MAY),
            ]),
        ),
        case(
            Unread,
            "a name that starts with an underscore, asked for",
            vec![
                file("bills/_may.csv", may().csv()),
                file("bills/april.csv", daily("2026-04", 1..=30, "1").csv()),
            ],
            Want::Total(MARKED, MAY, MAY),
        ),
        case(
            Unread,
            "a file whose name starts with an underscore",
            vec![file("_may.csv", may().csv())],
            right(),
        ),
    ]
}

fn written() -> Vec<Case> {
    let padded = [gzip(&may().csv()), vec![0; 10_240]].concat();
    let german = may()
        .set("BilledCost", "3,25")
        .set("EffectiveCost", "3,25")
        .set("ListCost", "")
        .set("ContractedCost", "3,5");
    let mixed = may().set_in(1..=1, "BilledCost", "3,25");
    let thousands = may().set("BilledCost", "1,250");
    let both = |old: &str, new: &str| {
        let sheet =
            may().rename(&[("ProviderName", old)]).set(old, "A reseller").set(new, "Microsoft");
        let of_microsoft = sheet
            .set("CommitmentDiscountId", "/providers/microsoft.capacity/r")
            .set("ChargeCategory", "Purchase");
        let renamed = format!("{new} beside {old}");
        // The rule for purchases of Microsoft's commitments shows whose name is read.
        let effective =
            Want::All(vec![total("2026-05", MAY, "0"), Want::Said(&["commitment's purchase"])]);
        case(ColumnNames, renamed, vec![file("may.csv", of_microsoft.csv())], effective)
    };
    vec![
        case(Content, "gzip with zeros after it", vec![file("may.csv.gz", padded)], right()),
        case(
            Content,
            "commas, and quoted amounts with a comma as decimal sign",
            vec![file("may.csv", german.csv())],
            right(),
        ),
        case(
            Content,
            "quoted amounts of which one has a comma and the others a point",
            vec![file("may.csv", mixed.csv())],
            Want::Refused(&["row 1", "BilledCost", "3,25"]),
        ),
        case(
            Content,
            "quoted amounts that may have thousands",
            vec![file("may.csv", thousands.csv())],
            Want::Refused(&["row 1", "BilledCost", "1,250"]),
        ),
        both("provider_name", "service_provider_name"),
        both("PROVIDER_NAME", "SERVICE_PROVIDER_NAME"),
        both("ProviderName", "Service Provider Name"),
        case(
            ColumnNames,
            "neighbor: one provider's name in two spellings",
            vec![file("may.csv", may().set("provider_name", "x").csv())],
            Want::Refused(&["ProviderName", "provider_name"]),
        ),
    ]
}

fn blamed() -> Vec<Case> {
    let nameless = || may().set("ServiceName", "");
    let publisher = nameless().set("ProviderName", "Microsoft").set("PublisherName", "Contoso");
    vec![
        case(
            Unread,
            "a blank service is no fault, the bad amount in the next file is",
            vec![
                file("a.csv", nameless().csv()),
                file("b.csv", may().set_in(3..=3, "ListCost", "n/a").csv()),
            ],
            Want::Refused(&["b.csv", "row 3", "ListCost"]),
        ),
        case(
            ProviderGap,
            "a service that is told by its publisher is not told by its meter, too",
            vec![file("may.csv", publisher.set("x_SkuMeterSubcategory", "Firewalls").csv())],
            Want::All(vec![
                Want::Said(&["publisher's name", "31 line items"]),
                Want::NotSaid(&["meter's subcategory"]),
                super::group("service", "Contoso", MAY),
            ]),
        ),
        case(
            ProviderGap,
            "neighbor: a service that only its meter tells",
            vec![file(
                "may.csv",
                nameless()
                    .set("ProviderName", "Microsoft")
                    .set("x_SkuMeterSubcategory", "Firewalls")
                    .csv(),
            )],
            Want::All(vec![
                Want::Said(&["meter's subcategory"]),
                super::group("service", "Firewalls", MAY),
            ]),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [strangers(), chosen(), written(), blamed()].into_iter().flatten().collect()
}

#[test]
fn what_lies_beside_the_bill_is_named_and_stops_nothing() {
    hold(&strangers());
}

#[test]
fn what_is_chosen_is_read_as_its_manifest_says() {
    hold(&chosen());
}

#[test]
fn spellings_that_mean_one_thing_are_read() {
    hold(&written());
}

#[test]
fn the_cell_at_fault_is_named_and_each_repair_is_counted_once() {
    hold(&blamed());
}

/// Puts files into a folder.
fn put(files: Vec<(String, super::Content)>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        let super::Content::Bytes(bytes) = content else { panic!("bytes") };
        std::fs::write(path, bytes).expect("written");
    }
    folder
}

#[test]
fn a_pull_says_of_all_files_what_became_of_them() {
    let files = [
        two_exports(),
        vec![
            file("copy/may.csv", daily("2026-03", 1..=2, "1").csv()),
            file("copy/may2.csv", daily("2026-03", 1..=2, "1").csv()),
        ],
        vec![file("invoice.pdf", "%PDF-1.7\n")],
    ];
    let folder = put(files.into_iter().flatten().collect());
    let estate = folder.path().join("estate");
    let into = estate.to_str().expect("UTF-8");
    let pulled = json(&["pull", "files", folder.path().to_str().expect("UTF-8"), "--into", into]);
    let notes: Vec<String> =
        super::list(&pulled["notes"]).iter().map(ToString::to_string).collect();
    for (status, name) in
        [("superseded", "b2000000"), ("duplicate", "may2.csv"), ("excluded", "invoice.pdf")]
    {
        let is_it = |l: &String| l.contains(&format!("not read ({status})")) && l.contains(name);
        assert!(notes.iter().any(is_it), "{status} {name}: {notes:?}");
    }
    let review = json(&["review", into, "--month", "2026-05"]);
    assert!(review.to_string().contains("not read (superseded)"), "the estate says it, too");
}
