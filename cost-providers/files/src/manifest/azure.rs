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

use std::collections::BTreeMap;

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
    let mut newest: BTreeMap<(String, Dataset, String, Option<Month>), Run> = BTreeMap::new();
    for run in runs {
        if let Dataset::Other(what) = &run.dataset {
            let why = format!("an export of {}: no bill", if what.is_empty() { "something else" } else { what });
            aside.push((run, why));
            continue;
        }
        // Runs of several months stay: whether they hold what others hold is found by their rows.
        let own = if run.month.is_none() { run.key.clone() } else { run.version.clone() };
        let key = (run.export.clone(), run.dataset.clone(), own, run.month);
        let older = match newest.remove(&key) {
            Some(other) if (&other.submitted, &other.key) > (&run.submitted, &run.key) => {
                newest.insert(key, other);
                Some(run)
            }
            other => {
                newest.insert(key, run);
                other
            }
        };
        aside.extend(older.map(|o| (o, "a newer run of the same export and month is read".to_owned())));
    }
    let focus: Vec<(String, Option<Month>)> = newest
        .values()
        .filter(|r| r.dataset == Dataset::Focus && !r.blobs.is_empty())
        .map(|r| (r.scope.clone(), r.month))
        .collect();
    let (chosen, beside): (Vec<Run>, Vec<Run>) =
        newest.into_values().partition(|r| r.dataset == Dataset::Focus || !focus.contains(&(r.scope.clone(), r.month)));
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
