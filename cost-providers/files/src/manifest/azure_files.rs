//! Which files of Azure exports count.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cost_core::focus::FileStatus;
use cost_core::month::Month;
use cost_provider_api::ProviderError;

use super::azure::{Blob, Run};
use super::months;
use super::names::{folder_of, last, original, unpacked};
use super::order::{self, ByFile, Help};
use super::promise::{Promise, Promises, SetAside, missing};
use crate::bill_file::{modified, slashes, unreadable};
use crate::choice::Chosen;
use crate::version_names::{is_period, version_of};

const WHAT: &str = "a file of an Azure export";
const UNLISTED: &str =
    "no manifest lists it: it may belong to an unfinished run, or be left from an earlier run";

pub(super) fn of_runs(
    paths: Vec<PathBuf>,
    runs: Vec<Run>,
    by_file_time: bool,
    chosen: &Chosen,
    promises: &mut Promises,
    aside: SetAside<'_>,
) -> Result<Vec<PathBuf>, ProviderError> {
    if runs.is_empty() {
        return Ok(paths);
    }
    let covered = Covered::of(&runs);
    let mut places = Places::of(&paths);
    let is_wanted = |run: &Run| run.blobs.iter().any(|blob| places.has_one(run, blob, chosen));
    let timeless = RefCell::new(None);
    let by_file = |a: &Run, b: &Run| {
        let time =
            |r: &Run| modified(Path::new(&r.key)).map_err(|e| drop(timeless.replace(Some(e)))).ok();
        (time(a), &a.key).cmp(&(time(b), &b.key))
    };
    let by_file: Option<ByFile<'_>> = if by_file_time { Some(&by_file) } else { None };
    let decided = order::choose(runs, &Help { by_file_time: by_file, is_wanted: &is_wanted });
    if let Some(error) = timeless.into_inner() {
        return Err(error);
    }
    let decided = decided.map_err(|e| ProviderError::Unreadable {
        location: e.keys.join(", "),
        problem: e.problem,
    })?;
    for run in &decided.read {
        take(run, &mut places, chosen, promises)?;
    }
    let read: BTreeSet<PathBuf> = places.taken.keys().cloned().collect();
    let mut set_aside: BTreeSet<PathBuf> = BTreeSet::new();
    for older in &decided.aside {
        let found = older.run.blobs.iter().map(|blob| places.take(&older.run, blob));
        let found: BTreeSet<PathBuf> =
            found.filter(|p| p.is_there && !read.contains(&p.path)).map(|p| p.path).collect();
        if found.is_empty() && older.status == FileStatus::Excluded {
            aside(
                Path::new(&older.run.key),
                older.status,
                "a manifest of an Azure export",
                older.why.clone(),
            );
        }
        for path in found {
            aside(&path, older.status, WHAT, older.why.clone());
            set_aside.insert(path);
        }
    }
    // Files next to manifests that none of them lists are left from an earlier run or belong to an
    // unfinished one, unless they have another month.
    let mut out = Vec::new();
    for path in paths.into_iter().filter(|p| !set_aside.contains(p)) {
        let beside = if read.contains(&path) { None } else { covered.beside(&path) };
        let is_of_others = |of: &BTreeSet<Month>| {
            chosen.takes(&path)
                && months::of_first_rows(&path)
                    .is_some_and(|own| !own.is_empty() && own.is_disjoint(of))
        };
        match beside {
            Some(of) if !of.as_ref().is_some_and(is_of_others) => {
                aside(&path, FileStatus::Excluded, WHAT, UNLISTED.to_owned());
            }
            _ => out.push(path),
        }
    }
    Ok(out)
}

/// Adds the files of a run that is read.
fn take(
    run: &Run,
    places: &mut Places,
    chosen: &Chosen,
    promises: &mut Promises,
) -> Result<(), ProviderError> {
    let mut is_asked_for = chosen.is_all();
    for blob in &run.blobs {
        let place = places.take(run, blob);
        if chosen.takes(&place.path) {
            is_asked_for = true;
            if !place.is_there {
                return Err(missing(&run.key, &blob.name));
            }
            if !place.is_unpacked {
                check_size(&place.path, blob, run)?;
            }
        }
        promises.insert(place.path, Promise { rows: run.rows_of(blob), manifest: run.key.clone() });
    }
    if is_asked_for {
        run.complete().map_err(|problem| unreadable(Path::new(&run.key), &problem))?;
    }
    Ok(())
}

/// # Errors
/// A file whose size differs from its manifest.
fn check_size(path: &Path, blob: &Blob, run: &Run) -> Result<(), ProviderError> {
    let size = fs::metadata(path).map_err(|e| unreadable(path, &e))?.len();
    let Some(bytes) = blob.bytes.filter(|b| *b != size) else { return Ok(()) };
    let problem = format!(
        "it has {size} bytes, but its manifest {} lists {bytes}: a newer run may have been \
         written during the copy; copy the export again",
        run.key
    );
    Err(unreadable(path, &problem))
}

/// Months of runs; `None` if a run does not state them.
type Months = Option<BTreeSet<Month>>;

/// Scope of manifests: their months, by folder and by billing period folder.
struct Covered {
    folders: BTreeMap<String, Months>,
    periods: BTreeMap<String, Months>,
}

impl Covered {
    fn of(runs: &[Run]) -> Self {
        let mut covered = Self { folders: BTreeMap::new(), periods: BTreeMap::new() };
        for run in runs {
            let add = |all: &mut Months| match (all.as_mut(), run.months()) {
                (Some(all), Some(more)) => all.extend(more),
                _ => *all = None,
            };
            let none = || Some(BTreeSet::new());
            let folder = folder_of(&run.key);
            add(covered.folders.entry(folder.to_owned()).or_insert_with(none));
            if let Some(period) = period_folder(folder) {
                add(covered.periods.entry(period).or_insert_with(none));
            }
        }
        covered
    }

    /// Returns the months of the manifests next to a path, if there are any.
    fn beside(&self, path: &Path) -> Option<&Months> {
        let key = slashes(path);
        let in_period = || {
            let period = self.periods.get(&period_folder(&key)?)?;
            version_of(path).map(|_| period)
        };
        self.folders.get(folder_of(&key)).or_else(in_period)
    }
}

/// Returns the billing period folder of a key, such as `EXPORT/20260501-20260531/`.
fn period_folder(key: &str) -> Option<String> {
    let names: Vec<&str> = key.split('/').collect();
    let at = names.iter().rposition(|n| is_period(n))?;
    Some(format!("{}/", names[..=at].join("/")))
}

/// Place of a file of a run.
struct Place {
    path: PathBuf,
    is_there: bool,
    /// Whether the file exists without the compression that its manifest states.
    is_unpacked: bool,
}

/// Files next to manifests, each in one run.
struct Places {
    by_folder: BTreeMap<String, BTreeSet<String>>,
    /// Run of each file, by its manifest.
    taken: BTreeMap<PathBuf, String>,
}

impl Places {
    fn of(paths: &[PathBuf]) -> Self {
        let mut by_folder: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for key in paths.iter().map(|p| slashes(p)) {
            by_folder.entry(folder_of(&key).to_owned()).or_default().insert(last(&key).to_owned());
        }
        Self { by_folder, taken: BTreeMap::new() }
    }

    /// Whether there is a chosen file.
    fn has_one(&self, run: &Run, blob: &Blob, chosen: &Chosen) -> bool {
        let place = self.find(run, blob);
        place.is_there && chosen.takes(&place.path)
    }

    /// Returns the place of a file of a run, which no other run can then use.
    fn take(&mut self, run: &Run, blob: &Blob) -> Place {
        let place = self.find(run, blob);
        if place.is_there {
            self.taken.insert(place.path.clone(), run.key.clone());
        }
        place
    }

    /// Next to the manifest, with its own name; else with the name of a second download, if its
    /// size matches; else decompressed.
    fn find(&self, run: &Run, blob: &Blob) -> Place {
        let folder = folder_of(&run.key);
        let name = last(&blob.name);
        let path = |name: &str| PathBuf::from(format!("{folder}{name}"));
        let there = self.by_folder.get(folder);
        let is_free = |name: &str| self.taken.get(&path(name)).is_none_or(|by| *by == run.key);
        let free = |name: &str| there?.get(name).map(String::as_str).filter(|n| is_free(n));
        let size = |name: &str| fs::metadata(path(name)).ok().map(|m| m.len());
        let fits = |name: &str| blob.bytes.is_none() || blob.bytes == size(name);
        let own = free(name);
        let second =
            |n: &str| blob.bytes.is_some() && n != name && original(n) == original(name) && fits(n);
        let found = |name: &str| Place { path: path(name), is_there: true, is_unpacked: false };
        if let Some(own) = own.filter(|n| fits(n)) {
            return found(own);
        }
        let mut names = there.into_iter().flatten().map(String::as_str);
        if let Some(second) = names.find(|n| second(n) && is_free(n)).or(own) {
            return found(second);
        }
        match unpacked(name).and_then(free) {
            Some(plain) => Place { is_unpacked: true, ..found(plain) },
            None => Place { path: path(name), is_there: false, is_unpacked: false },
        }
    }
}
