//! Manifests of Azure Cost Management exports.
//!
//! Each run of an export writes its files anew, whole, into a folder of its own and a `manifest.json` last:
//!
//! ```text
//! ROOT/EXPORT/20260501-20260531/RUN/part_0_0001.csv.gz
//! ROOT/EXPORT/20260501-20260531/RUN/manifest.json
//! ```
//!
//! Older runs stay, unless the export overwrites them. Of an export and month only the newest run counts, by `submittedTime`.
//!
//! Sources, read 2026-11: Microsoft Learn, "Improved exports" and "Exports - data file partitioning"; microsoft/finops-toolkit, issues
//! 320, 566, 966 (month-to-date runs that were added up).

use cost_core::month::Month;
use serde::Deserialize;

/// What a run says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The manifest's own path, `/` between folders.
    pub(crate) key: String,
    /// The scope that is exported, as an id of Azure's in lower case; empty if it does not say.
    pub(crate) scope: String,
    /// The export's name or id.
    pub(crate) export: String,
    /// What is exported.
    pub(crate) dataset: Dataset,
    /// The version of the data set, such as `1.2-preview`.
    pub(crate) version: String,
    /// The month it is of, by the day its period starts; `None` if it is of several.
    pub(crate) month: Option<Month>,
    /// The first and last day it is of, ISO 8601.
    pub(crate) days: (String, String),
    /// When it was asked for, ISO 8601: the order of text is the order of time.
    pub(crate) submitted: String,
    /// Its files.
    pub(crate) blobs: Vec<Blob>,
}

/// A file of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blob {
    /// Its name within the container.
    pub(crate) name: String,
    /// Its size in bytes.
    pub(crate) bytes: Option<u64>,
    /// How many rows it has.
    pub(crate) rows: Option<u64>,
}

/// What is exported.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dataset {
    /// Cost and usage as FOCUS.
    Focus,
    /// Cost details as billed.
    Actual,
    /// Cost details with purchases of commitments spread over their term.
    Amortized,
    /// Prices, reservations and others: no bill.
    Other(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    export_config: ExportConfig,
    run_info: RunInfo,
    blobs: Option<Vec<BlobInfo>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExportConfig {
    export_name: Option<String>,
    resource_id: Option<String>,
    data_version: Option<String>,
    r#type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RunInfo {
    submitted_time: Option<String>,
    start_date: Option<String>,
    end_date: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BlobInfo {
    blob_name: String,
    byte_count: Option<u64>,
    data_row_count: Option<u64>,
}

/// Reads a manifest. `None` if the JSON is no manifest of an Azure export.
pub(crate) fn parse(key: &str, text: &str) -> Option<Run> {
    let document: Document = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let config = document.export_config;
    let id = config.resource_id.unwrap_or_default().to_ascii_lowercase();
    let scope = id.split("/providers/microsoft.costmanagement").next().unwrap_or_default().to_owned();
    let dataset = match config.r#type.as_deref().unwrap_or_default() {
        "FocusCost" => Dataset::Focus,
        "ActualCost" | "Usage" => Dataset::Actual,
        "AmortizedCost" => Dataset::Amortized,
        other => Dataset::Other(other.to_owned()),
    };
    let day_of = |date: Option<&str>| date.and_then(|d| d.get(..10)).unwrap_or_default().to_owned();
    let days = (day_of(document.run_info.start_date.as_deref()), day_of(document.run_info.end_date.as_deref()));
    let month_of = |date: Option<&str>| date.and_then(|d| d.get(..7)).and_then(|m| m.parse::<Month>().ok());
    let (start, end) =
        (month_of(document.run_info.start_date.as_deref()), month_of(document.run_info.end_date.as_deref()));
    let blob = |b: BlobInfo| Blob { name: b.blob_name, bytes: b.byte_count, rows: b.data_row_count };
    Some(Run {
        key: key.to_owned(),
        scope,
        export: if id.is_empty() { config.export_name.unwrap_or_default() } else { id },
        dataset,
        version: config.data_version.unwrap_or_default(),
        month: start.filter(|start| end.is_none_or(|end| end == *start)),
        days,
        submitted: document.run_info.submitted_time.unwrap_or_default(),
        blobs: document.blobs.unwrap_or_default().into_iter().map(blob).collect(),
    })
}

/// Why a run does not count.
pub(crate) type Why = String;

/// The runs that count, and those that do not with the reason.
///
/// Of an export and month the newest run; of a scope and month FOCUS before actual and amortized costs, which hold the same charges.
pub(crate) fn choose(runs: Vec<Run>) -> (Vec<Run>, Vec<(Run, Why)>) {
    let mut aside = Vec::new();
    let mut newest: Vec<Run> = Vec::new();
    let (bills, others): (Vec<Run>, Vec<Run>) = runs.into_iter().partition(|r| !matches!(r.dataset, Dataset::Other(_)));
    for run in others {
        let what = match &run.dataset {
            Dataset::Other(what) if !what.is_empty() => what.clone(),
            _ => "something else".to_owned(),
        };
        aside.push((run, format!("an export of {what}: no bill")));
    }
    let mut bills = bills;
    bills.sort_by(|a, b| (&b.submitted, &b.key).cmp(&(&a.submitted, &a.key)));
    for run in bills {
        // A newer run takes the place of those whose days it has: runs of other weeks or months stay.
        let covers = |newer: &Run| {
            let same = (&newer.export, &newer.dataset, &newer.version) == (&run.export, &run.dataset, &run.version);
            let months = newer.month.is_some() && newer.month == run.month;
            let starts = newer.days.0 <= run.days.0;
            let is_month_to_date = months && newer.days.0 == run.days.0;
            same && (is_month_to_date || (starts && newer.days.1 >= run.days.1))
        };
        if newest.iter().any(covers) {
            aside.push((run, "a newer run of the same export and days is read".to_owned()));
        } else {
            newest.push(run);
        }
    }
    newest.sort_by(|a, b| (&a.export, &a.dataset, a.month, &a.key).cmp(&(&b.export, &b.dataset, b.month, &b.key)));
    // What cannot be compared stays: whether it holds the same charges is found by its rows.
    let known = |r: &Run| Some((r.scope.clone(), r.month?)).filter(|(scope, _)| !scope.is_empty());
    let is_focus = |r: &&Run| r.dataset == Dataset::Focus && !r.blobs.is_empty();
    let focus: Vec<(String, Month)> = newest.iter().filter(is_focus).filter_map(known).collect();
    let (chosen, beside): (Vec<Run>, Vec<Run>) =
        newest.into_iter().partition(|r| r.dataset == Dataset::Focus || known(r).is_none_or(|of| !focus.contains(&of)));
    let why = "the FOCUS export of the same scope and month is read: it holds the same charges".to_owned();
    aside.extend(beside.into_iter().map(|r| (r, why.clone())));
    (chosen, aside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(key: &str, kind: &str, month: &str, submitted: &str) -> Run {
        let text = serde_json::json!({
            "exportConfig": {"exportName": "daily", "type": kind, "dataVersion": "1.0",
                "resourceId": "/subscriptions/S/providers/Microsoft.CostManagement/exports/".to_owned() + kind},
            "runInfo": {"submittedTime": submitted, "startDate": format!("{month}-01T00:00:00"), "endDate": format!("{month}-30T00:00:00")},
            "blobs": [{"blobName": format!("{key}/part_0_0001.csv"), "byteCount": 7, "dataRowCount": 3}]
        });
        parse(key, &text.to_string()).expect("a manifest")
    }

    #[test]
    fn the_newest_run_of_each_export_and_month_counts() {
        let runs = vec![
            run("a", "FocusCost", "2026-09", "2026-09-10T06:00:00Z"),
            run("c", "FocusCost", "2026-09", "2026-09-30T06:00:00Z"),
            run("b", "FocusCost", "2026-09", "2026-09-20T06:00:00Z"),
            run("d", "FocusCost", "2026-08", "2026-09-01T06:00:00Z"),
        ];
        let (chosen, aside) = choose(runs);
        assert_eq!(chosen.iter().map(|r| r.key.as_str()).collect::<Vec<_>>(), ["d", "c"]);
        assert_eq!(aside.len(), 2);
        assert_eq!(chosen[0].scope, "/subscriptions/s");
        assert_eq!(chosen[0].month, "2026-08".parse().ok());
    }

    #[test]
    fn focus_comes_before_actual_and_amortized_costs() {
        let runs = vec![
            run("focus", "FocusCost", "2026-09", "2026-09-10T06:00:00Z"),
            run("actual", "ActualCost", "2026-09", "2026-09-10T06:00:00Z"),
            run("amortized", "AmortizedCost", "2026-09", "2026-09-10T06:00:00Z"),
            run("earlier", "ActualCost", "2026-08", "2026-09-10T06:00:00Z"),
            run("prices", "PriceSheet", "2026-09", "2026-09-10T06:00:00Z"),
        ];
        let (chosen, aside) = choose(runs);
        assert_eq!(chosen.iter().map(|r| r.key.as_str()).collect::<Vec<_>>(), ["earlier", "focus"]);
        assert_eq!(aside.len(), 3);
    }
}
