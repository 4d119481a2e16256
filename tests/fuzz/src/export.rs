//! Exports with manifests: an older and a newer version of a month, as AWS and Azure lay them out.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::bill::{Bill, bill};
use crate::pack::{Form, Result};
use crate::text::Style;

/// An export: its data files, its manifests, and the bill that counts.
pub(crate) struct Export {
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) manifests: Vec<(String, Value)>,
    pub(crate) older: Bill,
    pub(crate) newer: Bill,
}

/// Whether a data file is of the newer version.
pub(crate) fn is_newer(path: &str) -> bool {
    path.contains("/2c1e1111-") || path.contains("/20260602T")
}

/// Layouts.
#[derive(Clone, Copy, Debug)]
enum Layout {
    /// AWS, Cost and Usage Reports of before 2023, with versions beside each other.
    Legacy,
    /// AWS Data Exports.
    DataExports,
    /// Azure Cost Management.
    Azure,
}

/// An export of two versions; the newer has all charges of the older and some more.
pub(crate) fn export(rng: &mut ChaCha8Rng) -> Result<Export> {
    let layout = [Layout::Legacy, Layout::DataExports, Layout::Azure][rng.random_range(0..3_usize)];
    let rows = rng.random_range(4..30);
    let older = bill(rng, rows);
    let more = bill(rng, 3);
    let mut newer = older.clone();
    newer.sheet.rows.extend(more.sheet.rows.into_iter().map(|mut row| {
        // Other resources than the older version has.
        row[19].push_str("-late");
        row
    }));
    newer.sums.billed += more.sums.billed;
    newer.sums.effective += more.sums.effective;
    newer.sums.line_items += more.sums.line_items;
    let (form, types) = ([Form::Gzip, Form::Parquet][rng.random_range(0..2_usize)], rng.clone());
    let mut export = Export {
        files: Vec::new(),
        manifests: Vec::new(),
        older: older.clone(),
        newer: newer.clone(),
    };
    for (version, bill) in [(1, &older), (2, &newer)] {
        let (folder, manifest) = match layout {
            Layout::Legacy => (
                format!("r/20260501-20260601/{version}c1e1111-0000-4000-8000-000000000001"),
                "r-Manifest.json".to_owned(),
            ),
            Layout::DataExports => (
                format!("e/data/BILLING_PERIOD=2026-05/2026060{version}T010203Z-1f"),
                format!(
                    "e/metadata/BILLING_PERIOD=2026-05/2026060{version}T010203Z-1f/e-Manifest.json"
                ),
            ),
            Layout::Azure => (
                format!("x/daily/20260501-20260531/{version}c1e1111-0000-4000-8000-000000000001"),
                "manifest.json".to_owned(),
            ),
        };
        let parts = rng.random_range(1..4);
        let mut names = Vec::new();
        for (at, sheet) in bill.sheet.split(rng, parts).iter().enumerate() {
            let path = format!("{folder}/r-{at:05}{}", form.ending());
            let bytes = form.file(sheet, &Style::PLAIN, &mut types.clone())?;
            names.push((path.clone(), bytes.len(), sheet.rows.len()));
            export.files.push((path, bytes));
        }
        let document = match layout {
            Layout::Legacy => {
                json!({"assemblyId": format!("{version}"), "reportKeys": names.iter().map(|n| format!("/{}", n.0)).collect::<Vec<_>>()})
            }
            Layout::DataExports => {
                json!({"executionId": format!("{version}"), "dataFiles": names.iter().map(|n| format!("s3://bucket/{}", n.0)).collect::<Vec<_>>()})
            }
            Layout::Azure => json!({
                "manifestVersion": "2024-04-01",
                "exportConfig": {"exportName": "daily", "type": "FocusCost", "dataVersion": "1.0",
                    "resourceId": "/subscriptions/s/providers/Microsoft.CostManagement/exports/daily"},
                "runInfo": {"submittedTime": format!("2026-05-2{version}T06:00:00Z"), "startDate": "2026-05-01T00:00:00", "endDate": "2026-05-31T00:00:00"},
                "blobs": names.iter().map(|n| json!({"blobName": n.0, "byteCount": n.1, "dataRowCount": n.2})).collect::<Vec<_>>()
            }),
        };
        let beside = if manifest.contains('/') { manifest } else { format!("{folder}/{manifest}") };
        export.manifests.push((beside, document.clone()));
        if matches!(layout, Layout::Legacy) && version == 2 {
            // AWS keeps that of the newest version beside the folders of all.
            export.manifests.push(("r/20260501-20260601/r-Manifest.json".to_owned(), document));
        }
    }
    Ok(export)
}
