//! Manifests: what exporters say of the files they wrote.

mod aws;
pub(crate) mod azure;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cost_core::focus::FileStatus;
use cost_provider_api::ProviderError;

pub use aws::{Manifest, SUFFIX, choose, files_of, parse, time_in_key};
pub(crate) use aws::{is_period, is_time};

use crate::find::{Choice, modified, unreadable};
use crate::versions;

/// Whether a file is a manifest by its name: `REPORT-Manifest.json` of AWS, `manifest.json` and `_manifest.json` of Azure.
pub(crate) fn is_manifest(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.to_string_lossy().to_ascii_lowercase().ends_with("manifest.json"))
}

/// Takes what is not read: path, status, what it is, why.
type Aside<'a> = &'a mut dyn FnMut(&Path, FileStatus, &str, String);

/// Where manifests say which files count, those; and all files that no manifest's export has. Rows that manifests promise are put
/// into `rows`.
///
/// # Errors
/// [`ProviderError::NotFound`] if a file is missing, [`ProviderError::Unreadable`] if it is not what its manifest says, or if the
/// newest version cannot be told.
pub(crate) fn newest(
    paths: Vec<PathBuf>,
    choice: &Choice,
    rows: &mut BTreeMap<PathBuf, u64>,
    aside: Aside<'_>,
) -> Result<Vec<PathBuf>, ProviderError> {
    let (manifests, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.into_iter().partition(|p| is_manifest(p));
    let (mut of_aws, mut of_azure) = (Vec::new(), Vec::new());
    for path in manifests {
        let text = fs::read_to_string(&path).map_err(|e| unreadable(&path, &e))?;
        if let Some(manifest) = aws::parse(&key(&path), &text) {
            of_aws.push(manifest);
        } else if let Some(run) = azure::parse(&key(&path), &text) {
            of_azure.push(run);
        } else {
            aside(&path, FileStatus::LeftOut, "a manifest", "it is of an exporter that is not known here".to_owned());
        }
    }
    let files = of_manifests_of_aws(files, of_aws, choice, aside)?;
    of_runs_of_azure(files, of_azure, choice, rows, aside)
}

fn key(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn of_manifests_of_aws(
    paths: Vec<PathBuf>,
    manifests: Vec<Manifest>,
    choice: &Choice,
    aside: Aside<'_>,
) -> Result<Vec<PathBuf>, ProviderError> {
    if manifests.is_empty() {
        return Ok(paths);
    }
    let periods: BTreeSet<(String, String)> = manifests.iter().map(|m| m.of.clone()).collect();
    let by_file_time = |m: &Manifest| Some(modified(Path::new(&m.key)));
    let chosen = match aws::choose(manifests.clone(), aws::time_in_key) {
        Err(_) if choice.newest => aws::choose(manifests, by_file_time),
        other => other,
    };
    let chosen = chosen.map_err(|versions| ProviderError::Unreadable {
        location: versions.join(", "),
        problem: "versions of one billing period, and no manifest beside them says which is the newest: copy the period's own \
                  manifest too, remove the older folders, or take the newest with --newest"
            .to_owned(),
    })?;
    let keys: BTreeSet<String> = paths.iter().map(|p| key(p)).collect();
    let mut read: BTreeSet<&String> = BTreeSet::new();
    for one in &chosen {
        match aws::files_of(one, &keys, &periods) {
            Ok(files) => read.extend(files),
            // Of an export of which only some files are wanted, its manifest says nothing.
            Err(_) if !choice.only.is_empty() => read.extend(&keys),
            Err(file) => return Err(missing(&one.key, &file)),
        }
    }
    let mut out = Vec::new();
    for path in &paths {
        let key = key(path);
        // Only of a billing period that has a manifest is known which files count.
        if read.contains(&key) || !periods.contains(&aws::own_period(&key)) {
            out.push(path.clone());
        } else {
            let why = "the newest manifest of its billing period does not name it".to_owned();
            aside(path, FileStatus::Superseded, "a file of an AWS export", why);
        }
    }
    Ok(out)
}

fn missing(manifest: &str, file: &str) -> ProviderError {
    ProviderError::NotFound {
        location: manifest.to_owned(),
        problem: format!("it names {file}, which is not there; copy the whole export"),
    }
}

fn of_runs_of_azure(
    mut paths: Vec<PathBuf>,
    runs: Vec<azure::Run>,
    choice: &Choice,
    rows: &mut BTreeMap<PathBuf, u64>,
    aside: Aside<'_>,
) -> Result<Vec<PathBuf>, ProviderError> {
    if runs.is_empty() {
        return Ok(paths);
    }
    let folder = |run: &azure::Run| run.key.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let folders: Vec<String> = runs.iter().map(&folder).collect();
    let (chosen, older) = azure::choose(runs);
    let mut read: BTreeSet<PathBuf> = BTreeSet::new();
    for run in &chosen {
        for blob in &run.blobs {
            let name = blob.name.rsplit('/').next().unwrap_or_default();
            let path = PathBuf::from(format!("{}{name}", folder(run)));
            if !paths.contains(&path) {
                if choice.only.is_empty() {
                    return Err(missing(&run.key, &blob.name));
                }
                return Ok(paths);
            }
            let size = fs::metadata(&path).map_err(|e| unreadable(&path, &e))?.len();
            if let Some(bytes) = blob.bytes.filter(|b| *b != size) {
                let problem = format!(
                    "it has {size} bytes, and its manifest {} says {bytes}: a newer run may have been written while it was copied; \
                     copy the export again",
                    run.key
                );
                return Err(unreadable(&path, &problem));
            }
            rows.extend(blob.rows.map(|r| (path.clone(), r)));
            read.insert(path);
        }
    }
    for (run, why) in &older {
        let of_run = folder(run);
        for blob in &run.blobs {
            let name = blob.name.rsplit('/').next().unwrap_or_default();
            let path = PathBuf::from(format!("{of_run}{name}"));
            if paths.contains(&path) && !read.contains(&path) {
                aside(&path, FileStatus::Superseded, "a file of an Azure export", why.clone());
                paths.retain(|p| *p != path);
            }
        }
    }
    // Beside manifests that count, what none of them names is left over, or of a run that is still being written.
    let months: BTreeSet<String> = folders.iter().filter_map(|f| month_folder(f)).collect();
    let mut out = Vec::new();
    for path in paths {
        let key = key(&path);
        let in_run = folders.iter().any(|f| key.rsplit_once('/').is_some_and(|(own, _)| format!("{own}/") == *f));
        let in_month = month_folder(&key).is_some_and(|m| months.contains(&m)) && versions::version_of(&path).is_some();
        if !read.contains(&path) && (in_run || in_month) {
            let why =
                "no manifest names it: a run that is still being written, or a leftover of an earlier one".to_owned();
            aside(&path, FileStatus::LeftOut, "a file of an Azure export", why);
        } else {
            out.push(path);
        }
    }
    Ok(out)
}

/// The folder of a billing period that a key lies in, such as `EXPORT/20260501-20260531/`.
fn month_folder(key: &str) -> Option<String> {
    let names: Vec<&str> = key.split('/').collect();
    let at = names.iter().rposition(|n| is_period(n))?;
    Some(format!("{}/", names[..=at].join("/")))
}
