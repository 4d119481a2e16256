//! Manifests of AWS exports: which files of an export count.
//!
//! AWS writes an export again with each refresh, into the same files or next to them, and writes a
//! manifest last, when all files are complete. Of the versions of a billing period only the newest
//! counts:
//!
//! ```text
//! legacy CUR       REPORT/20260101-20260201/REPORT-Manifest.json                   the newest version
//!                  REPORT/20260101-20260201/ASSEMBLY/REPORT-Manifest.json          each version
//! Data Exports     EXPORT/metadata/BILLING_PERIOD=2026-01/EXPORT-Manifest.json
//!                  EXPORT/metadata/BILLING_PERIOD=2026-01/TIME-EXECUTION/EXPORT-Manifest.json
//! ```
//!
//! Sources, read 2026-11: AWS Data Exports user guide, "Understanding export delivery"; "Cost and
//! Usage Reports manifest files".

use std::collections::{BTreeMap, BTreeSet};

use cost_core::month::Month;
use serde_json::Value;

use super::fields::Fields;
use crate::version_names::{is_period, is_time};

/// How manifests end.
pub const SUFFIX: &str = "Manifest.json";

/// Manifest of an AWS export: the fields used here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Key or path of the manifest, with `/` between folders.
    pub key: String,
    /// Export folder and billing period.
    pub of: (String, String),
    /// Version, if stated: assembly or execution.
    pub version: Option<String>,
    /// Keys of the data files, without bucket.
    pub files: Vec<String>,
}

/// Reads a manifest. `None` if the JSON is not a manifest of an AWS export.
///
/// # Errors
/// The reason if it is not JSON, or an AWS manifest with an invalid field.
pub fn parse(key: &str, text: &str) -> Result<Option<Manifest>, String> {
    let document: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|e| format!("it is not a complete JSON document ({e})"))?;
    of_document(key, &document)
}

/// Reads a manifest from a JSON document.
pub(super) fn of_document(key: &str, document: &Value) -> Result<Option<Manifest>, String> {
    let Some(fields) =
        Fields::of_document(document).filter(|f| f.has("reportKeys") || f.has("dataFiles"))
    else {
        return Ok(None);
    };
    let files = fields.texts("reportKeys")?.or(fields.texts("dataFiles")?).unwrap_or_default();
    let files = files.iter().map(|f| without_bucket(f)).collect();
    let version = fields.text("assemblyId")?.or(fields.text("executionId")?);
    Ok(Some(Manifest { key: key.to_owned(), of: period_of(key), version, files }))
}

fn without_bucket(file: &str) -> String {
    let key =
        file.strip_prefix("s3://").and_then(|f| f.split_once('/')).map_or(file, |(_, key)| key);
    key.trim_start_matches('/').to_owned()
}

/// Returns the export and billing period of a key, by its folders.
fn period_of(key: &str) -> (String, String) {
    let folders: Vec<&str> = key.split('/').collect();
    let at = folders.iter().position(|f| is_period(f)).unwrap_or(folders.len().saturating_sub(1));
    let export =
        folders[..at].iter().filter(|f| **f != "metadata").copied().collect::<Vec<_>>().join("/");
    (export, folders.get(at).copied().unwrap_or_default().to_owned())
}

/// Returns the export and billing period of a data file, like those of its manifest, which is next
/// to `data/`.
pub(crate) fn own_period(key: &str) -> (String, String) {
    let (export, period) = period_of(key);
    (
        export
            .strip_suffix("/data")
            .or((export == "data").then_some(""))
            .unwrap_or(&export)
            .to_owned(),
        period,
    )
}

impl Manifest {
    /// Returns the month in which its billing period starts, if its folder shows it.
    #[must_use]
    pub fn month(&self) -> Option<Month> {
        let folder = &self.of.1;
        let digits: String =
            folder.rsplit('=').next()?.chars().filter(char::is_ascii_digit).take(6).collect();
        format!("{}-{}", digits.get(..4)?, digits.get(4..6)?).parse().ok()
    }
}

/// Returns the manifest that counts for each export and billing period.
///
/// It is the one closest to the folder of the period, which AWS updates to the newest version.
/// Among versions in separate folders, it is the last one by `newest`. A manifest without files
/// counts only if all have none.
///
/// # Errors
/// The manifests of a period for which the newest cannot be determined.
pub fn choose<K: Ord>(
    manifests: Vec<Manifest>,
    newest: impl Fn(&Manifest) -> Option<K>,
) -> Result<Vec<Manifest>, Vec<String>> {
    let mut periods: BTreeMap<(String, String), Vec<Manifest>> = BTreeMap::new();
    for manifest in manifests {
        periods.entry(manifest.of.clone()).or_default().push(manifest);
    }
    let depth = |m: &Manifest| m.key.matches('/').count();
    let mut chosen = Vec::new();
    for (_, mut versions) in periods {
        // A manifest without files does not replace one with files.
        if versions.iter().any(|m| !m.files.is_empty()) {
            versions.retain(|m| !m.files.is_empty());
        }
        let top = versions.iter().map(depth).min().unwrap_or(0);
        versions.retain(|m| depth(m) == top);
        if versions.len() > 1 && versions.iter().any(|m| newest(m).is_none()) {
            return Err(versions.into_iter().map(|m| m.key).collect());
        }
        chosen.extend(versions.into_iter().max_by_key(|m| (newest(m), m.key.clone())));
    }
    Ok(chosen)
}

/// Returns the time at the start of a version folder, such as `20260201T063015-…` or
/// `2026-02-01T06:30:15.000Z-…`. Data Exports name versions this way, so the order of names is the
/// order of time.
#[must_use]
pub fn time_in_key(manifest: &Manifest) -> Option<String> {
    let folder = manifest.key.rsplit('/').nth(1)?;
    is_time(folder).then(|| folder.to_owned())
}

/// Index of the keys of data files, to find the files of manifests.
pub struct Keys<'a> {
    /// By the file's name.
    by_name: BTreeMap<&'a str, Vec<&'a str>>,
    /// Exports and periods that have a manifest.
    of_manifests: BTreeSet<(String, String)>,
}

impl<'a> Keys<'a> {
    /// Keys, with `/` between folders, of files next to these manifests.
    pub fn of<'m>(
        keys: impl IntoIterator<Item = &'a str>,
        manifests: impl IntoIterator<Item = &'m Manifest>,
    ) -> Self {
        let of_manifests = manifests.into_iter().map(|m| m.of.clone()).collect();
        let mut by_name: BTreeMap<&'a str, Vec<&'a str>> = BTreeMap::new();
        for key in keys {
            by_name.entry(key.rsplit('/').next().unwrap_or(key)).or_default().push(key);
        }
        Self { by_name, of_manifests }
    }

    /// Returns the key of an existing file that a manifest lists. In a copy of an export, keys can
    /// lack their first folders or have additional ones. Therefore it is the file of the same name
    /// whose last folders match those in the manifest at the most levels, below the manifest's own
    /// export if there is one. Files of other exports and periods with a manifest belong to those:
    /// the bill of another payer can be in folders of the same names.
    #[must_use]
    pub fn file(&self, manifest: &Manifest, file: &str) -> Option<&'a str> {
        let root =
            if manifest.of.0.is_empty() { String::new() } else { format!("{}/", manifest.of.0) };
        let agree =
            |key: &str| key.rsplit('/').zip(file.rsplit('/')).take_while(|(a, b)| a == b).count();
        // The file name and the folder of its version or billing period must match; for shorter
        // keys, all parts.
        let enough = |key: &str| 2.min(key.split('/').count()).min(file.split('/').count());
        let of_name = self.by_name.get(file.rsplit('/').next().unwrap_or(file))?;
        let is_others = |key: &str| {
            let of = own_period(key);
            of != manifest.of && self.of_manifests.contains(&of)
        };
        let fits = of_name.iter().filter(|k| agree(k) >= enough(k) && !is_others(k));
        fits.max_by_key(|k| (k.starts_with(&root), agree(k), std::cmp::Reverse(**k))).copied()
    }

    /// Returns all files of a manifest.
    ///
    /// # Errors
    /// The first missing file.
    pub fn files_of(&self, manifest: &Manifest) -> Result<Vec<&'a str>, String> {
        manifest.files.iter().map(|f| self.file(manifest, f).ok_or_else(|| f.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn legacy(key: &str, assembly: &str) -> Manifest {
        parse(
            key,
            &format!(r#"{{"assemblyId":"{assembly}","reportKeys":["/r/20260101-20260201/{assembly}/r-1.csv.gz"]}}"#),
        )
        .expect("sense")
        .expect("a manifest")
    }

    #[test]
    fn the_manifest_nearest_to_the_period_counts() {
        let all = vec![
            legacy("r/20260101-20260201/a/r-Manifest.json", "a"),
            legacy("r/20260101-20260201/r-Manifest.json", "b"),
            legacy("r/20260101-20260201/b/r-Manifest.json", "b"),
        ];
        let chosen = choose(all.clone(), time_in_key).expect("a manifest");
        assert_eq!(chosen[0].files, ["r/20260101-20260201/b/r-1.csv.gz"]);
        assert_eq!(chosen[0].month(), "2026-01".parse().ok());
        let without_top = all.into_iter().filter(|m| m.key.matches('/').count() > 2).collect();
        assert_eq!(
            choose(without_top, time_in_key).expect_err("no order").len(),
            2,
            "assemblies have no order of their own"
        );
    }

    #[test]
    fn a_file_of_another_payer_takes_no_missing_ones_place() {
        let key = |payer: &str, n: u32| format!("bills/{payer}/r/20260101-20260201/a/r-{n}.csv.gz");
        let manifest = |payer: &str| {
            let files = r#"{"assemblyId":"a","reportKeys":["r/20260101-20260201/a/r-1.csv.gz","r/20260101-20260201/a/r-2.csv.gz"]}"#;
            parse(&format!("bills/{payer}/r/20260101-20260201/r-Manifest.json"), files)
                .expect("sense")
                .expect("a manifest")
        };
        let manifests = [manifest("x"), manifest("y")];
        let all = [key("x", 1), key("x", 2), key("y", 1), key("y", 2)];
        let keys = Keys::of(all.iter().map(String::as_str), &manifests);
        assert_eq!(keys.files_of(&manifests[0]).expect("all there"), [&key("x", 1), &key("x", 2)]);
        let without =
            Keys::of(all.iter().map(String::as_str).filter(|k| *k != key("x", 2)), &manifests);
        assert_eq!(
            without.files_of(&manifests[0]),
            Err("r/20260101-20260201/a/r-2.csv.gz".to_owned())
        );
        assert!(without.files_of(&manifests[1]).is_ok());
    }

    #[test]
    fn versions_of_data_exports_are_ordered_by_their_time() {
        let version = |time: &str| {
            let key = format!("x/e/metadata/BILLING_PERIOD=2026-01/{time}-1f/e-Manifest.json");
            let file = format!(
                "s3://bucket/x/e/data/BILLING_PERIOD=2026-01/{time}-1f/e-00001.snappy.parquet"
            );
            parse(&key, &serde_json::json!({"executionId": time, "dataFiles": [file]}).to_string())
                .expect("sense")
                .expect("a manifest")
        };
        let all = vec![version("20260203T010203Z"), version("20260201T010203Z")];
        let chosen = choose(all, time_in_key).expect("a manifest");
        assert_eq!(chosen.len(), 1);
        let keys = Keys::of(
            ["data/BILLING_PERIOD=2026-01/20260203T010203Z-1f/e-00001.snappy.parquet"],
            &chosen,
        );
        assert_eq!(keys.files_of(&chosen[0]).expect("a manifest").len(), 1);
        assert!(Keys::of([], &chosen).files_of(&chosen[0]).is_err());
        assert_eq!(chosen[0].month(), "2026-01".parse().ok());
        assert_eq!(chosen[0].of, ("x/e".to_owned(), "BILLING_PERIOD=2026-01".to_owned()));
    }
}
