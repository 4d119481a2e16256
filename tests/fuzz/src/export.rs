//! Exports with manifests: an older and a newer version of a month, as AWS and Azure lay them out.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::bill::{Bill, bill};
use crate::pack::{Form, Result};
use crate::text::Style;

/// Export: its data files, its manifests, and the bill that counts.
pub(crate) struct Export {
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) manifests: Vec<(String, Value)>,
    pub(crate) older: Bill,
    pub(crate) newer: Bill,
}

/// Whether a data file belongs to the newer version.
pub(crate) fn is_newer(path: &str) -> bool {
    path.contains("/2c1e1111-") || path.contains("/20260602T")
}

/// Export layouts.
#[derive(Clone, Copy, Debug)]
enum Layout {
    /// AWS Cost and Usage Reports from before 2023, with versions next to each other.
    Legacy,
    /// AWS Data Exports.
    DataExports,
    /// Azure Cost Management.
    Azure,
}

/// Data file as listed in a manifest.
struct DataFile {
    path: String,
    bytes: usize,
    rows: usize,
}

impl Layout {
    fn any(rng: &mut ChaCha8Rng) -> Self {
        [Self::Legacy, Self::DataExports, Self::Azure][rng.random_range(0..3_usize)]
    }

    /// Returns the folder of the data files of a version.
    fn folder(self, version: u32) -> String {
        match self {
            Self::Legacy => {
                format!("r/20260501-20260601/{version}c1e1111-0000-4000-8000-000000000001")
            }
            Self::DataExports => {
                format!("e/data/BILLING_PERIOD=2026-05/2026060{version}T010203Z-1f")
            }
            Self::Azure => {
                format!("x/daily/20260501-20260531/{version}c1e1111-0000-4000-8000-000000000001")
            }
        }
    }

    /// Returns the path of the manifest of a version.
    fn manifest(self, version: u32) -> String {
        match self {
            Self::Legacy => format!("{}/r-Manifest.json", self.folder(version)),
            Self::DataExports => format!(
                "e/metadata/BILLING_PERIOD=2026-05/2026060{version}T010203Z-1f/e-Manifest.json"
            ),
            Self::Azure => format!("{}/manifest.json", self.folder(version)),
        }
    }

    /// Returns the content of the manifest of a version.
    fn document(self, version: u32, files: &[DataFile]) -> Value {
        let paths =
            |before: &str| files.iter().map(|f| format!("{before}{}", f.path)).collect::<Vec<_>>();
        match self {
            Self::Legacy => json!({"assemblyId": version.to_string(), "reportKeys": paths("/")}),
            Self::DataExports => {
                json!({"executionId": version.to_string(), "dataFiles": paths("s3://bucket/")})
            }
            Self::Azure => {
                let blob = |f: &DataFile| json!({"blobName": f.path, "byteCount": f.bytes, "dataRowCount": f.rows});
                json!({
                    "manifestVersion": "2024-04-01",
                    "exportConfig": {
                        "exportName": "daily",
                        "type": "FocusCost",
                        "dataVersion": "1.0",
                        "resourceId": "/subscriptions/s/providers/Microsoft.CostManagement/exports/daily",
                    },
                    "runInfo": {
                        "submittedTime": format!("2026-05-2{version}T06:00:00Z"),
                        "startDate": "2026-05-01T00:00:00",
                        "endDate": "2026-05-31T00:00:00",
                    },
                    "blobs": files.iter().map(blob).collect::<Vec<_>>(),
                })
            }
        }
    }
}

/// Creates an export with two versions; the newer one has all charges of the older one and some
/// more.
pub(crate) fn export(rng: &mut ChaCha8Rng) -> Result<Export> {
    let layout = Layout::any(rng);
    let rows = rng.random_range(4..30);
    let older = bill(rng, rows);
    let newer = with_late_charges(&older, rng);
    let (form, types) = ([Form::Gzip, Form::Parquet][rng.random_range(0..2_usize)], rng.clone());
    let (mut files, mut manifests) = (Vec::new(), Vec::new());
    for (version, bill) in [(1, &older), (2, &newer)] {
        let parts = rng.random_range(1..4);
        let mut named = Vec::new();
        for (at, sheet) in bill.sheet.split(rng, parts).iter().enumerate() {
            let path = format!("{}/r-{at:05}{}", layout.folder(version), form.ending());
            let bytes = form.file(sheet, &Style::PLAIN, &mut types.clone())?;
            named.push(DataFile { path: path.clone(), bytes: bytes.len(), rows: sheet.rows.len() });
            files.push((path, bytes));
        }
        let document = layout.document(version, &named);
        manifests.push((layout.manifest(version), document.clone()));
        if matches!(layout, Layout::Legacy) && version == 2 {
            // AWS writes the manifest of the newest version next to the version folders.
            manifests.push(("r/20260501-20260601/r-Manifest.json".to_owned(), document));
        }
    }
    Ok(Export { files, manifests, older, newer })
}

/// Returns the bill with three more charges, of new resources.
fn with_late_charges(older: &Bill, rng: &mut ChaCha8Rng) -> Bill {
    let more = bill(rng, 3);
    let mut newer = older.clone();
    newer.sheet.rows.extend(more.sheet.rows.into_iter().map(|mut row| {
        row[19].push_str("-late");
        row
    }));
    newer.sums.billed += more.sums.billed;
    newer.sums.effective += more.sums.effective;
    newer.sums.line_items += more.sums.line_items;
    newer
}
