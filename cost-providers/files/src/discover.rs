//! Which files a location stands for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cost_provider_api::ProviderError;

use crate::manifest;

/// How a bill file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated text.
    Csv,
    /// The same, gzipped.
    CsvGz,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// By the end of the file's name.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        [(".csv", Self::Csv), (".csv.gz", Self::CsvGz), (".parquet", Self::Parquet)]
            .into_iter()
            .find_map(|(end, format)| name.ends_with(end).then_some(format))
    }
}

/// One file of a bill.
#[derive(Clone, Debug)]
pub struct BillFile {
    /// Where it is.
    pub path: PathBuf,
    /// How it is written.
    pub format: Format,
    /// `key=value` folders on the way to it, as hive-partitioned exports have them.
    pub partitions: Vec<(String, String)>,
}

impl BillFile {
    /// What to call it in messages.
    #[must_use]
    pub fn label(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }
}

const WANTED: &str = "a bill is a .csv, .csv.gz or .parquet file, a folder of them, or a glob";

/// The bill files at `location`, in path order.
///
/// # Errors
/// [`ProviderError::NotFound`] if there are none, [`ProviderError::Unreadable`] if a folder cannot be listed.
pub fn discover(location: &str) -> Result<Vec<BillFile>, ProviderError> {
    let not_found = |problem: String| ProviderError::NotFound { location: location.to_owned(), problem };
    let path = Path::new(location);
    let mut paths = Vec::new();
    if path.is_dir() {
        walk(path, &mut paths)?;
    } else if path.exists() {
        if Format::of(path).is_none() {
            return Err(not_found(format!("its name does not say what it is; {WANTED}")));
        }
        paths.push(path.to_owned());
    } else if location.contains(['*', '?', '[']) {
        // Hidden files are left out, as they are of folders.
        let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::default() };
        let matches = glob::glob_with(location, options).map_err(|e| not_found(format!("not a glob: {e}")))?;
        for found in matches {
            let found = found.map_err(|e| unreadable(e.path(), e.error()))?;
            if found.is_dir() {
                walk(&found, &mut paths)?;
            } else {
                paths.push(found);
            }
        }
    } else {
        return Err(not_found(format!("there is no such file or folder; {WANTED}")));
    }
    paths.sort();
    paths.dedup();
    let files: Vec<BillFile> = newest_versions(paths)?.into_iter().filter_map(bill_file).collect();
    if files.is_empty() {
        return Err(not_found(format!("no bill files in there; {WANTED}")));
    }
    Ok(files)
}

/// Where manifests say which files count, those; and all files that no manifest's export has.
fn newest_versions(paths: Vec<PathBuf>) -> Result<Vec<PathBuf>, ProviderError> {
    let key = |p: &Path| p.to_string_lossy().replace('\\', "/");
    let mut manifests = Vec::new();
    for path in paths.iter().filter(|p| key(p).ends_with(manifest::SUFFIX)) {
        let text = fs::read_to_string(path).map_err(|e| unreadable(path, &e))?;
        manifests.extend(manifest::parse(&key(path), &text));
    }
    if manifests.is_empty() {
        return Ok(paths);
    }
    let exports: Vec<String> = manifests.iter().map(|m| format!("{}/", m.of.0)).collect();
    let chosen = manifest::choose(manifests, manifest::time_in_key).map_err(|versions| ProviderError::Unreadable {
        location: versions.join(", "),
        problem: "versions of one billing period, and no manifest beside them says which is the newest: copy the period's own \
                  manifest too, or remove the older folders"
            .to_owned(),
    })?;
    let keys: BTreeSet<String> = paths.iter().map(|p| key(p)).filter(|k| !k.ends_with(manifest::SUFFIX)).collect();
    let mut out: BTreeSet<String> =
        keys.iter().filter(|k| !exports.iter().any(|e| k.starts_with(e.as_str()))).cloned().collect();
    for one in &chosen {
        let files = manifest::files_of(one, &keys).map_err(|file| ProviderError::NotFound {
            location: one.key.clone(),
            problem: format!("it names {file}, which is not there; copy the whole export"),
        })?;
        out.extend(files.into_iter().cloned());
    }
    Ok(out.into_iter().map(PathBuf::from).collect())
}

/// A file by its path; `None` if its name does not say that it is a bill.
#[must_use]
pub fn bill_file(path: PathBuf) -> Option<BillFile> {
    let format = Format::of(&path)?;
    let part = |c: &std::ffi::OsStr| {
        let (key, value) = c.to_str()?.split_once('=')?;
        (!key.is_empty()).then(|| (key.to_owned(), value.to_owned()))
    };
    let partitions = path.parent().into_iter().flat_map(Path::iter).filter_map(part).collect();
    Some(BillFile { path, format, partitions })
}

/// Files under `folder`, hidden ones and those of half-done writes left out.
fn walk(folder: &Path, out: &mut Vec<PathBuf>) -> Result<(), ProviderError> {
    for entry in fs::read_dir(folder).map_err(|e| unreadable(folder, &e))? {
        let path = entry.map_err(|e| unreadable(folder, &e))?.path();
        if path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(['.', '_'])) {
            continue;
        }
        if path.is_dir() {
            walk(&path, out)?;
        } else {
            out.push(path);
        }
    }
    Ok(())
}

pub(crate) fn unreadable(path: &Path, problem: &impl ToString) -> ProviderError {
    ProviderError::Unreadable { location: path.to_string_lossy().into_owned(), problem: problem.to_string() }
}
