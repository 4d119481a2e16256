//! Manifests: what exporters say of the files they wrote.

mod aws;
pub(crate) mod azure;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use cost_core::focus::FileStatus;
use cost_provider_api::ProviderError;

pub use aws::{Keys, Manifest, SUFFIX, choose, parse, time_in_key};
pub(crate) use aws::{is_period, is_time};

use crate::find::{modified, slashes, unreadable};
use crate::list::Chosen;
use crate::text::encoding;
use crate::{copies, versions};

/// Whether a file is a manifest by its name: `REPORT-Manifest.json` of AWS, `manifest.json` and `_manifest.json` of Azure.
pub(crate) fn is_manifest(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.to_string_lossy().to_ascii_lowercase().ends_with("manifest.json"))
}

/// Takes what is not read: path, status, what it is, why.
type Aside<'a> = &'a mut dyn FnMut(&Path, FileStatus, &str, String);

/// Of all files of a location those that count where manifests say so, and all files that no manifest's export has. Rows that manifests
/// promise are put into `rows`.
///
/// Which files are chosen decides only what must be there whole, and between versions of which nothing tells the newest.
///
/// # Errors
/// [`ProviderError::NotFound`] if a chosen file is missing, [`ProviderError::Unreadable`] if it is not what its manifest says, or if the
/// newest version cannot be told.
pub(crate) fn newest(
    paths: Vec<PathBuf>,
    by_file_time: bool,
    chosen: &Chosen,
    rows: &mut BTreeMap<PathBuf, u64>,
    aside: Aside<'_>,
) -> Result<Vec<PathBuf>, ProviderError> {
    let (manifests, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.into_iter().partition(|p| is_manifest(p));
    let (mut of_aws, mut of_azure) = (Vec::new(), Vec::new());
    for path in copies::links(manifests, &mut |_, _| {}) {
        let key = slashes(&path);
        let text = match text_of(&path) {
            Ok(text) => text,
            // Of one file there are no versions to tell apart.
            Err(problem) if chosen.is_all() && files.len() > 1 => {
                return Err(unreadable(&path, &format!("{problem}; {UNKNOWN}")));
            }
            Err(problem) => {
                aside(&path, FileStatus::LeftOut, "a manifest", format!("{problem}; {CHOSEN}"));
                continue;
            }
        };
        if let Some(manifest) = aws::parse(&key, &text) {
            of_aws.push(manifest);
        } else if let Some(run) = azure::parse(&key, &text) {
            of_azure.push(run);
        } else {
            aside(&path, FileStatus::LeftOut, "a manifest", "it is of an exporter that is not known here".to_owned());
        }
    }
    let files = of_manifests_of_aws(files, of_aws, by_file_time, chosen, aside)?;
    of_runs_of_azure(files, of_azure, chosen, rows, aside)
}

/// What follows from a manifest that cannot be read, if nobody chose the files.
const UNKNOWN: &str = "it says which files of its export count, and older versions of them may lie beside them: copy it again, move it \
                       away, or choose the files with --only";
/// What follows from it if somebody did, or there is one file.
const CHOSEN: &str = "what else is here is read without it";

/// The longest manifest that is read, bytes: one that names a thousand files has some 200 kB. Chosen.
const LONGEST: u64 = 64 << 20;

/// The text of a manifest, which must be JSON.
fn text_of(path: &Path) -> Result<String, String> {
    let size = fs::metadata(path).map_err(|e| format!("it cannot be read ({e})"))?.len();
    if size > LONGEST {
        return Err(format!("it has {size} bytes, and a manifest at most {LONGEST}"));
    }
    let bytes = fs::read(path).map_err(|e| format!("it cannot be read ({e})"))?;
    let as_utf16 = encoding::guess(&bytes);
    let mut text = String::new();
    encoding::utf8(Box::new(Cursor::new(bytes)), as_utf16)
        .read_to_string(&mut text)
        .map_err(|_| "it is neither UTF-8 nor UTF-16".to_owned())?;
    serde_json::from_str::<serde::de::IgnoredAny>(&text)
        .map_err(|e| format!("it is not a complete JSON document ({e})"))?;
    Ok(text)
}

fn of_manifests_of_aws(
    paths: Vec<PathBuf>,
    manifests: Vec<Manifest>,
    by_file_time: bool,
    chosen: &Chosen,
    aside: Aside<'_>,
) -> Result<Vec<PathBuf>, ProviderError> {
    if manifests.is_empty() {
        return Ok(paths);
    }
    let periods: BTreeSet<(String, String)> = manifests.iter().map(|m| m.of.clone()).collect();
    let own: Vec<String> = paths.iter().map(|p| slashes(p)).collect();
    let keys = Keys::of(own.iter().map(String::as_str), &manifests);
    let takes = |key: &str| chosen.takes(Path::new(key));
    let is_wanted = |m: &Manifest| m.files.iter().any(|f| keys.file(m, f).is_some_and(takes));
    let mut read: BTreeSet<&str> = BTreeSet::new();
    for one in newest_of_aws(manifests, by_file_time, is_wanted)? {
        let found: Vec<(&String, Option<&str>)> = one.files.iter().map(|f| (f, keys.file(&one, f))).collect();
        read.extend(found.iter().filter_map(|(_, key)| *key));
        // Where a file that is missing would be: beside the others, or beside the manifest.
        let folder = |key: &str| key.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let there = found.iter().filter_map(|(_, key)| *key).chain([one.key.as_str()]);
        let folders: BTreeSet<String> = there.map(folder).collect();
        for (file, _) in found.iter().filter(|(_, key)| key.is_none()) {
            let name = file.rsplit('/').next().unwrap_or_default();
            if takes(file) || folders.iter().any(|f| takes(&format!("{f}{name}"))) {
                return Err(missing(&one.key, file));
            }
        }
    }
    let mut out = Vec::new();
    for (path, key) in paths.iter().zip(&own) {
        // Only of a billing period that has a manifest is known which files count.
        if read.contains(key.as_str()) || !periods.contains(&aws::own_period(key)) {
            out.push(path.clone());
        } else {
            let why = "the newest manifest of its billing period does not name it".to_owned();
            aside(path, FileStatus::Superseded, "a file of an AWS export", why);
        }
    }
    Ok(out)
}

/// The manifest that counts of each export and billing period. Where nothing tells the newest of several, those of which no file is wanted
/// do not stand in the way.
fn newest_of_aws(
    mut manifests: Vec<Manifest>,
    by_file_time: bool,
    is_wanted: impl Fn(&Manifest) -> bool,
) -> Result<Vec<Manifest>, ProviderError> {
    let file_time = |m: &Manifest| Some(modified(Path::new(&m.key)));
    loop {
        let newest = match aws::choose(manifests.clone(), aws::time_in_key) {
            Err(_) if by_file_time => aws::choose(manifests.clone(), file_time),
            other => other,
        };
        let versions: BTreeSet<String> = match newest {
            Ok(newest) => return Ok(newest),
            Err(versions) => versions.into_iter().collect(),
        };
        let before = manifests.len();
        manifests.retain(|m| !versions.contains(&m.key) || is_wanted(m));
        if manifests.len() == before {
            return Err(ProviderError::Unreadable {
                location: versions.into_iter().collect::<Vec<_>>().join(", "),
                problem: "versions of one billing period, and no manifest beside them says which is the newest: copy the period's own \
                          manifest too, remove the older folders, choose one with --only, or take the newest with --newest"
                    .to_owned(),
            });
        }
    }
}

fn missing(manifest: &str, file: &str) -> ProviderError {
    ProviderError::NotFound {
        location: manifest.to_owned(),
        problem: format!("it names {file}, which is not there; copy the whole export"),
    }
}

/// The folder of a key, with its last slash.
fn folder_of(key: &str) -> &str {
    key.rfind('/').map_or("", |at| &key[..=at])
}

/// Where a run's file is: beside its manifest.
fn place_of(run: &azure::Run, blob: &azure::Blob) -> PathBuf {
    let name = blob.name.rsplit('/').next().unwrap_or_default();
    PathBuf::from(format!("{}{name}", folder_of(&run.key)))
}

fn of_runs_of_azure(
    paths: Vec<PathBuf>,
    runs: Vec<azure::Run>,
    chosen: &Chosen,
    rows: &mut BTreeMap<PathBuf, u64>,
    aside: Aside<'_>,
) -> Result<Vec<PathBuf>, ProviderError> {
    if runs.is_empty() {
        return Ok(paths);
    }
    let folders: BTreeSet<String> = runs.iter().map(|r| folder_of(&r.key).to_owned()).collect();
    let there: BTreeSet<&PathBuf> = paths.iter().collect();
    let (newest, older) = azure::choose(runs);
    let mut read: BTreeSet<PathBuf> = BTreeSet::new();
    for run in &newest {
        for blob in &run.blobs {
            let path = place_of(run, blob);
            let is_there = there.contains(&path);
            if chosen.takes(&path) {
                if !is_there {
                    return Err(missing(&run.key, &blob.name));
                }
                whole(&path, blob, run)?;
            }
            rows.extend(blob.rows.map(|r| (path.clone(), r)));
            read.insert(path);
        }
    }
    let mut superseded: BTreeSet<PathBuf> = BTreeSet::new();
    for (run, why) in &older {
        let places = run.blobs.iter().map(|blob| place_of(run, blob));
        for path in places.filter(|p| there.contains(p) && !read.contains(p)) {
            aside(&path, FileStatus::Superseded, "a file of an Azure export", why.clone());
            superseded.insert(path);
        }
    }
    // Beside manifests that count, what none of them names is left over, or of a run that is still being written.
    let months: BTreeSet<String> = folders.iter().filter_map(|f| month_folder(f)).collect();
    let mut out = Vec::new();
    for path in paths.iter().filter(|p| !superseded.contains(*p)) {
        let key = slashes(path);
        let in_run = folders.contains(folder_of(&key));
        let in_month = month_folder(&key).is_some_and(|m| months.contains(&m)) && versions::version_of(path).is_some();
        if !read.contains(path) && (in_run || in_month) {
            let why =
                "no manifest names it: a run that is still being written, or a leftover of an earlier one".to_owned();
            aside(path, FileStatus::LeftOut, "a file of an Azure export", why);
        } else {
            out.push(path.clone());
        }
    }
    Ok(out)
}

/// # Errors
/// If a file has not as many bytes as its manifest says.
fn whole(path: &Path, blob: &azure::Blob, run: &azure::Run) -> Result<(), ProviderError> {
    let size = fs::metadata(path).map_err(|e| unreadable(path, &e))?.len();
    let Some(bytes) = blob.bytes.filter(|b| *b != size) else { return Ok(()) };
    let problem = format!(
        "it has {size} bytes, and its manifest {} says {bytes}: a newer run may have been written while it was copied; copy the export \
         again",
        run.key
    );
    Err(unreadable(path, &problem))
}

/// The folder of a billing period that a key lies in, such as `EXPORT/20260501-20260531/`.
fn month_folder(key: &str) -> Option<String> {
    let names: Vec<&str> = key.split('/').collect();
    let at = names.iter().rposition(|n| is_period(n))?;
    Some(format!("{}/", names[..=at].join("/")))
}
