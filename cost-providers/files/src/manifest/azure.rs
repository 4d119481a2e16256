//! Manifests of Azure Cost Management exports.
//!
//! Each run of an export writes complete new files to a separate folder, and `manifest.json` last:
//!
//! ```text
//! ROOT/EXPORT/20260501-20260531/RUN/part_0_0001.csv.gz
//! ROOT/EXPORT/20260501-20260531/RUN/manifest.json
//! ```
//!
//! Older runs stay, unless the export overwrites them. Which of them count: `order`.
//!
//! Sources, read 2026-11: Microsoft Learn, "Improved exports" and "Exports - data file
//! partitioning"; microsoft/finops-toolkit, issues 320, 566, 966 (month-to-date runs that were
//! added up).

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use cost_core::month::Month;
use serde_json::Value;

use super::fields::Fields;
use super::names;
use super::time::{day, instant};
use crate::version_names::is_period;

/// Content of the manifest of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// Path of the manifest, with `/` between folders.
    pub(crate) key: String,
    /// Scope of the export, as an Azure ID in lower case; empty if not stated.
    pub(crate) scope: String,
    /// ID of the export; its folder and name if there is none.
    pub(crate) export: String,
    /// Exported data set.
    pub(crate) dataset: Dataset,
    /// First and last day, from the run, else from its folder.
    pub(crate) days: Option<(NaiveDate, NaiveDate)>,
    /// Time of submission; `None` if missing or unreadable.
    pub(crate) submitted: Option<DateTime<Utc>>,
    /// Time of submission as text.
    pub(crate) submitted_text: String,
    /// Totals of all its files.
    pub(crate) all: Totals,
    /// Files of the run.
    pub(crate) blobs: Vec<Blob>,
}

/// Totals of all files of a run, as far as its manifest states them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Files.
    pub(crate) blobs: Option<u64>,
    /// Bytes.
    pub(crate) bytes: Option<u64>,
    /// Rows.
    pub(crate) rows: Option<u64>,
}

/// File of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blob {
    /// Name within the container.
    pub(crate) name: String,
    /// Size in bytes.
    pub(crate) bytes: Option<u64>,
    /// Number of rows.
    pub(crate) rows: Option<u64>,
}

/// Exported data set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dataset {
    /// Cost and usage as FOCUS.
    Focus,
    /// Cost details as billed.
    Actual,
    /// Cost details with purchases of commitments spread over their term.
    Amortized,
    /// Prices, reservations, and others, which are not bills.
    Other(String),
}

impl Run {
    /// Returns its months.
    pub(crate) fn months(&self) -> Option<BTreeSet<Month>> {
        let (first, last) = self.days?;
        let last = Month::of(last);
        Some(
            std::iter::successors(Some(Month::of(first)), |m| Some(m.plus(1)))
                .take_while(|m| *m <= last)
                .collect(),
        )
    }

    /// Returns the rows of all its files, if stated.
    pub(crate) fn rows(&self) -> Option<u64> {
        self.all.rows.or_else(|| self.sum(|b| b.rows))
    }

    /// Whether the manifest states that it is empty.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.blobs.unwrap_or(0) == 0 && self.blobs.is_empty() || self.rows() == Some(0)
    }

    fn sum(&self, of: impl Fn(&Blob) -> Option<u64>) -> Option<u64> {
        self.blobs.iter().try_fold(0_u64, |all, blob| all.checked_add(of(blob)?))
    }

    /// Checks that its files match its totals.
    ///
    /// # Errors
    /// The difference, in words.
    pub(crate) fn complete(&self) -> Result<(), String> {
        let named = u64::try_from(self.blobs.len()).ok();
        let differs = [
            ("blobCount", self.all.blobs, named),
            ("dataRowCount", self.all.rows, self.sum(|b| b.rows)),
            ("byteCount", self.all.bytes, self.sum(|b| b.bytes)),
        ];
        match differs
            .into_iter()
            .find_map(|(what, said, found)| Some((what, said?, found?)).filter(|(_, s, f)| s != f))
        {
            None => Ok(()),
            Some((what, said, found)) => Err(format!(
                "its {what} is {said}, but the files it lists have {found}, so files are missing: \
                 export the month again, or move the manifest away to read the existing files \
                 without it"
            )),
        }
    }

    /// Returns the rows of a file: the stated number, or the rest of the total if the rows of all
    /// other files are known.
    pub(crate) fn rows_of(&self, blob: &Blob) -> Option<u64> {
        blob.rows.or_else(|| {
            let others: Vec<&Blob> = self.blobs.iter().filter(|b| *b != blob).collect();
            let known = others.iter().try_fold(0_u64, |all, b| all.checked_add(b.rows?))?;
            self.all.rows?.checked_sub(known)
        })
    }
}

/// Reads a manifest. `None` if the document is not a manifest of an Azure export.
///
/// # Errors
/// An Azure manifest with an invalid field.
pub(crate) fn parse(key: &str, document: &Value) -> Result<Option<Run>, String> {
    let Some(fields) =
        Fields::of_document(document).filter(|f| f.has("exportConfig") || f.has("runInfo"))
    else {
        return Ok(None);
    };
    let (config, run) = (fields.object("exportConfig")?, fields.object("runInfo")?);
    let id = config.text("resourceId")?.unwrap_or_default().to_ascii_lowercase();
    let scope =
        id.split("/providers/microsoft.costmanagement").next().unwrap_or_default().to_owned();
    let dataset = match config.text("type")?.unwrap_or_default() {
        kind if kind.eq_ignore_ascii_case("FocusCost") => Dataset::Focus,
        kind if kind.eq_ignore_ascii_case("ActualCost") || kind.eq_ignore_ascii_case("Usage") => {
            Dataset::Actual
        }
        kind if kind.eq_ignore_ascii_case("AmortizedCost") => Dataset::Amortized,
        other => Dataset::Other(other),
    };
    let (start, end) = (run.text("startDate")?, run.text("endDate")?);
    let days = start.zip(end).and_then(|(start, end)| Some((day(&start)?, day(&end)?)));
    let submitted_text = run.text("submittedTime")?.unwrap_or_default();
    let blob = |b: &Fields<'_>| {
        let name = b.text("blobName")?.ok_or("one of its blobs has no field blobName")?;
        Ok::<_, String>(Blob { name, bytes: b.count("byteCount")?, rows: b.count("dataRowCount")? })
    };
    Ok(Some(Run {
        key: key.to_owned(),
        scope,
        export: if id.is_empty() {
            format!("{}{}", root_of(key), config.text("exportName")?.unwrap_or_default())
        } else {
            id
        },
        dataset,
        days: days.or_else(|| days_of_folder(key)).filter(|(first, last)| first <= last),
        submitted: instant(&submitted_text),
        submitted_text,
        all: Totals {
            blobs: fields.count("blobCount")?,
            bytes: fields.count("byteCount")?,
            rows: fields.count("dataRowCount")?,
        },
        blobs: fields.objects("blobs")?.iter().map(blob).collect::<Result<_, _>>()?,
    }))
}

/// Returns the folder with the runs of an export: the parent of the billing period folder, else the
/// parent of the run folder.
fn root_of(key: &str) -> &str {
    let folder = names::folder_of(key);
    let period = folder.split('/').find(|name| is_period(name));
    match period.and_then(|period| folder.find(&format!("{period}/"))) {
        Some(at) => &folder[..at],
        None => names::folder_of(folder.trim_end_matches('/')),
    }
}

/// Returns the days in the name of a billing period folder, such as `20260501-20260531`.
fn days_of_folder(key: &str) -> Option<(NaiveDate, NaiveDate)> {
    let period = key.split('/').rfind(|name| is_period(name))?;
    let (first, last) = period.split_once('-')?;
    Some((day(first)?, day(last)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(change: impl Fn(&mut Value)) -> Result<Option<Run>, String> {
        let mut document = serde_json::json!({
            "blobCount": 1, "byteCount": 7, "dataRowCount": 3,
            "exportConfig": {"exportName": "daily", "type": "FocusCost",
                "resourceId": "/subscriptions/S/providers/Microsoft.CostManagement/exports/daily"},
            "runInfo": {"submittedTime": "2026-09-30T06:00:00Z", "startDate": "2026-09-01T00:00:00", "endDate": "2026-09-30T00:00:00"},
            "blobs": [{"blobName": "x/part_0_0001.csv", "byteCount": 7, "dataRowCount": 3}]
        });
        change(&mut document);
        parse("root/daily/20260901-20260930/run/manifest.json", &document)
    }

    #[test]
    fn a_manifest_says_what_its_run_has() {
        let run = read(|_| {}).expect("sense").expect("of Azure");
        assert_eq!(
            (run.scope.as_str(), run.months(), run.rows()),
            ("/subscriptions/s", "2026-09".parse().ok().map(|m| BTreeSet::from([m])), Some(3))
        );
        assert_eq!(run.complete(), Ok(()));
        let unnamed = read(|d| {
            d["exportConfig"]["resourceId"] = Value::Null;
            d["runInfo"]["startDate"] = Value::Null;
        });
        let unnamed = unnamed.expect("sense").expect("of Azure");
        assert_eq!((unnamed.export.as_str(), unnamed.days), ("root/daily/daily", run.days));
    }

    #[test]
    fn counts_may_be_text_and_nonsense_is_named() {
        let as_text = read(|d| d["blobs"][0]["dataRowCount"] = "3".into());
        assert_eq!(as_text, read(|_| {}));
        let odd = read(|d| d["blobs"][0]["byteCount"] = "many".into()).expect_err("no count");
        assert!(odd.contains("blobs[0].byteCount") && odd.contains("many"), "{odd}");
        assert!(
            read(|d| d["exportConfig"] = Value::Null)
                .expect_err("no export")
                .contains("exportConfig")
        );
        assert_eq!(parse("x", &serde_json::json!({"files": []})), Ok(None));
    }

    #[test]
    fn files_that_are_missing_from_a_manifest_are_said() {
        for (name, value) in [("blobCount", 2), ("dataRowCount", 6), ("byteCount", 9)] {
            let run = read(|d| d[name] = value.into()).expect("sense").expect("of Azure");
            assert!(run.complete().expect_err(name).contains(name));
        }
        let run = read(|d| d["blobs"][0]["dataRowCount"] = Value::Null)
            .expect("sense")
            .expect("of Azure");
        assert_eq!((run.complete(), run.rows_of(&run.blobs[0])), (Ok(()), Some(3)));
    }
}
