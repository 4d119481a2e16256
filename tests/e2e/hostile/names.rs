//! Troublesome text, and estates with it in every text column.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Value, json};

use crate::support::{root, stdout};

/// All text of `tests/hostile/text.json`.
pub(super) fn all() -> Vec<String> {
    let file = root().join("tests/hostile/text.json");
    let rows: Value =
        serde_json::from_str(&fs::read_to_string(file).expect("a file")).expect("JSON");
    let text = |row: &Value| {
        let times =
            row["times"].as_u64().map_or(1, |n| usize::try_from(n).expect("a small number"));
        row["text"].as_str().expect("text").repeat(times)
    };
    rows.as_array().expect("rows").iter().map(text).collect()
}

/// Number of names in one estate.
const NAMES: usize = 32;

/// An estate whose text is troublesome, and its files.
pub(super) struct Estate {
    /// The names in it.
    pub(super) names: Vec<String>,
    /// Folder of all files.
    pub(super) folder: tempfile::TempDir,
}

/// Columns of the bill.
const HEADER: [&str; 33] = [
    "BilledCost",
    "EffectiveCost",
    "ListCost",
    "ContractedCost",
    "PricingQuantity",
    "PricingUnit",
    "ConsumedQuantity",
    "ConsumedUnit",
    "BillingPeriodStart",
    "BillingPeriodEnd",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "BillingCurrency",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "BillingAccountId",
    "BillingAccountName",
    "ProviderName",
    "PublisherName",
    "InvoiceIssuerName",
    "ServiceName",
    "ServiceCategory",
    "SubAccountId",
    "SubAccountName",
    "RegionId",
    "RegionName",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "SkuMeter",
    "PricingCategory",
    "Tags",
];

/// Charges of one name: a service whose every text is the name, and usage of AWS in an account and
/// with IDs of that name, for which checks have advice.
fn charges(out: &mut csv::Writer<Vec<u8>>, at: usize, name: &str) {
    let first = NaiveDate::from_ymd_opt(2026, 9, 1).expect("a day");
    let at = u64::try_from(at).expect("a small number");
    let of_aws = [
        ("100", "1000", "GB-Mo", format!("vol-{name}"), "EBS:VolumeUsage.gp2"),
        ("62", "744", "Hours", format!("i-{name}"), "USE1-BoxUsage:t3.large"),
    ];
    for (day, number) in first.iter_days().zip(0..61_u64) {
        let is_spike = (28 + at..30 + at).contains(&number);
        let cost = if is_spike { "500" } else { "100" };
        let own = [cost, "1", name, name, name, name];
        row(out, day, own, [name; 3], name);
        for (cost, quantity, unit, id, meter) in &of_aws {
            if day.day() == 1 || number == 60 {
                let cells = [cost, quantity, unit, id.as_str(), meter, "Standard"];
                let service = ["AWS", "Amazon Elastic Compute Cloud", "us-east-1"];
                row(out, day, cells, service, name);
            }
        }
    }
}

/// Writes a row: cost, quantity, unit, resource, meter, and pricing category; provider, service,
/// and region; and the name for all else.
fn row(
    out: &mut csv::Writer<Vec<u8>>,
    day: NaiveDate,
    [cost, quantity, unit, id, meter, category]: [&str; 6],
    [provider, service, region]: [&str; 3],
    name: &str,
) {
    let month = day.format("%Y-%m-01T00:00:00Z").to_string();
    let until = if day.month() == 9 { "2026-10-01T00:00:00Z" } else { "2026-11-01T00:00:00Z" };
    let [from, to] = [day, day + Days::new(1)].map(|d| format!("{d}T00:00:00Z"));
    let tags = json!({ (name): name, "team": name }).to_string();
    let category = if category == "Standard" { category } else { "" };
    out.write_record([
        cost, cost, cost, cost, quantity, unit, quantity, unit, &month, until, &from, &to, "USD",
        "Usage", "", name, name, name, provider, name, name, service, name, name, name, region,
        name, id, name, name, meter, category, &tags,
    ])
    .expect("a row");
}

impl Estate {
    /// Estates with all of these names, 32 each.
    pub(super) fn of(names: &[String]) -> Vec<Self> {
        names.chunks(NAMES).map(Self::new).collect()
    }

    fn new(names: &[String]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(HEADER).expect("a header");
        for (at, name) in names.iter().enumerate() {
            charges(&mut out, at, name);
        }
        fs::write(folder.path().join("bill.csv"), out.into_inner().expect("text"))
            .expect("written");
        let estate = Self { names: names.to_vec(), folder };
        estate.configure();
        let (bill, into) = (estate.path("bill.csv"), estate.path("estate"));
        stdout(&["pull", "files", &bill, "--into", &into, "--as-of", "2026-11-02"]);
        // Names and keys that an argument cannot hold.
        let label = Path::new(&into).join("estate.json");
        let text = fs::read_to_string(&label).expect("a file");
        let mut content: Value = serde_json::from_str(&text).expect("JSON");
        content["name"] = json!(names.concat());
        content["tag_keys"] = json!(names[..4.min(names.len())]);
        content["partial"] = json!(names);
        fs::write(&label, content.to_string()).expect("written");
        estate
    }

    /// Writes a configuration with the names as text of every setting that has one.
    fn configure(&self) {
        let mut text = "[currency]\n".to_owned();
        for name in self.names.iter().map(|n| toml_text(n)) {
            text.push_str(&format!(
                "[[savings.ignore]]\nreason = {name}\nresource_id = {name}\n\
                 [[commitments.spend]]\nname = {name}\namount = \"1000\"\n\
                 first_day = 2026-09-01\nlast_day = 2027-08-31\n"
            ));
        }
        for (at, name) in self.names.iter().enumerate().filter(|(at, _)| at % 4 == 3) {
            let day = NaiveDate::from_ymd_opt(2026, 10, 1).expect("a day")
                + Days::new(u64::try_from(at).expect("a small number"));
            let name = toml_text(name);
            text.push_str(&format!(
                "[[anomalies.events]]\nname = {name}\nfirst_day = {day}\nlast_day = {day}\n\
                 where = {{ service_name = {name} }}\n"
            ));
        }
        fs::write(self.folder.path().join("cost.toml"), text).expect("written");
    }

    /// Path of a file.
    pub(super) fn path(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        path.to_str().expect("UTF-8").to_owned()
    }
}

/// TOML text: JSON's escapes, without surrogates, which TOML does not have.
pub(super) fn toml_text(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if u32::from(c) < 0x20 || c == '\u{7f}' => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}
