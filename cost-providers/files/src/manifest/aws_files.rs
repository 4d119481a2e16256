//! Which files of AWS exports count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cost_core::focus::FileStatus;
use cost_core::month::Month;
use cost_provider_api::ProviderError;

use super::aws::{self, Keys, Manifest};
use super::months;
use super::names::{folder_of, last, unpacked};
use super::promise::{Promise, Promises, SetAside, missing};
use crate::bill_file::{modified, slashes};
use crate::choice::Chosen;
use crate::version_names::{is_time, version_of};

const WHAT: &str = "a file of an AWS export";

pub(super) fn of_manifests(
    paths: Vec<PathBuf>,
    manifests: Vec<Manifest>,
    by_file_time: bool,
    chosen: &Chosen,
    promises: &mut Promises,
    aside: SetAside<'_>,
) -> Result<Vec<PathBuf>, ProviderError> {
    if manifests.is_empty() {
        return Ok(paths);
    }
    let periods: BTreeMap<(String, String), Option<Month>> =
        manifests.iter().map(|m| (m.of.clone(), m.month())).collect();
    let own: Vec<String> = paths.iter().map(|p| slashes(p)).collect();
    let keys = Keys::of(own.iter().map(String::as_str), &manifests);
    let takes = |key: &str| chosen.takes(Path::new(key));
    // A file that was decompressed by hand represents the listed one.
    let place = |m: &Manifest, f: &str| keys.file(m, f).or_else(|| keys.file(m, unpacked(f)?));
    let is_wanted = |m: &Manifest| m.files.iter().any(|f| place(m, f).is_some_and(takes));
    let mut read: BTreeSet<&str> = BTreeSet::new();
    leave_out_empty(&manifests, aside);
    let named: BTreeSet<&str> =
        manifests.iter().flat_map(|m| m.files.iter().filter_map(|f| place(m, f))).collect();
    for one in newest(manifests, by_file_time, is_wanted)? {
        let found: Vec<(&String, Option<&str>)> =
            one.files.iter().map(|f| (f, place(&one, f))).collect();
        // The expected place of a missing file: next to the others, or next to the manifest.
        let there = found.iter().filter_map(|(_, key)| *key).chain([one.key.as_str()]);
        let folders: BTreeSet<&str> = there.map(folder_of).collect();
        for (file, key) in &found {
            if let Some(key) = key {
                read.insert(key);
                promises
                    .insert(PathBuf::from(key), Promise { rows: None, manifest: one.key.clone() });
            } else if takes(file) || folders.iter().any(|f| takes(&format!("{f}{}", last(file)))) {
                return Err(missing(&one.key, file));
            }
        }
    }
    let newest_read = newest_times(&read);
    let mut out = Vec::new();
    for (path, key) in paths.iter().zip(&own) {
        let of = aws::own_period(key);
        // Only billing periods with a manifest have known files.
        let Some(month) = periods.get(&of).filter(|_| !read.contains(key.as_str())) else {
            out.push(path.clone());
            continue;
        };
        let is_named = named.contains(key.as_str());
        let is_newer = !is_named
            && time_of(key).zip(newest_read.get(&of)).is_some_and(|(own, read)| own > *read);
        // A file among versions is one of them; other files may be separate bills.
        let may_be_other = !is_named && version_of(path).is_none() && takes(key);
        let is_of_others = |month: &Month| {
            months::of_first_rows(path).is_some_and(|m| !m.is_empty() && !m.contains(month))
        };
        if may_be_other && month.as_ref().is_some_and(is_of_others) {
            out.push(path.clone());
        } else if is_newer {
            let why = "it belongs to a newer run that has no manifest: the run may not be \
                finished, or its manifest was not copied";
            aside(path, FileStatus::Excluded, WHAT, why.to_owned());
        } else {
            let why = "the newest manifest of its billing period does not list it".to_owned();
            aside(path, FileStatus::Superseded, WHAT, why);
        }
    }
    Ok(out)
}

/// Returns manifests without files for which another manifest of the billing period has files.
fn leave_out_empty(manifests: &[Manifest], aside: SetAside<'_>) {
    let is_empty = |m: &&Manifest| {
        m.files.is_empty() && manifests.iter().any(|o| o.of == m.of && !o.files.is_empty())
    };
    for empty in manifests.iter().filter(is_empty) {
        let why =
            "it lists no files; another manifest of its billing period lists some and is read"
                .to_owned();
        aside(Path::new(&empty.key), FileStatus::Excluded, "a manifest of an AWS export", why);
    }
}

/// Returns the newest run that is read for each billing period, where run folders are named by a
/// time.
fn newest_times(read: &BTreeSet<&str>) -> BTreeMap<(String, String), String> {
    let mut newest_read: BTreeMap<(String, String), String> = BTreeMap::new();
    for key in read {
        if let Some(time) = time_of(key) {
            let newest = newest_read.entry(aws::own_period(key)).or_default();
            *newest = time.max(std::mem::take(newest));
        }
    }
    newest_read
}

/// Returns the time in the name of the run folder of a file.
fn time_of(key: &str) -> Option<String> {
    version_of(Path::new(key)).map(|(_, version)| version).filter(|v| is_time(v))
}

/// Returns the manifest that counts for each export and billing period. Where the newest of several
/// cannot be determined, those without a chosen file do not cause an error.
fn newest(
    mut manifests: Vec<Manifest>,
    by_file_time: bool,
    is_wanted: impl Fn(&Manifest) -> bool,
) -> Result<Vec<Manifest>, ProviderError> {
    let file_time = |m: &Manifest| modified(Path::new(&m.key)).ok();
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
                problem: "there are several versions of one billing period, and no manifest next \
                    to them states which is the newest: copy the manifest of the billing period \
                    too, remove the older folders, choose one with --only, or take the newest \
                    with --newest"
                    .to_owned(),
            });
        }
    }
}
