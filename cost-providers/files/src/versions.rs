//! Versions of one billing period that no manifest tells apart: an exporter's folders, copied without their manifests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cost_core::focus::FileStatus;
use cost_provider_api::ProviderError;

use crate::extent::{Extent, Reading, Relation};
use crate::find::{BillFile, Choice, modified, slashes};
use crate::manifest;

/// The folders below a billing period's, and the files of each.
type Versions = BTreeMap<String, Vec<BillFile>>;

/// The files without those of older versions of a billing period.
///
/// AWS and Azure write each version into a folder of its own below that of the billing period, named by an id or a time. Times tell
/// which is the newest; ids do not, then the files' own times must be asked for. Only what has all accounts and days of another is a newer
/// version of it: folders without a common account or day are parts of the period, and all are read.
///
/// # Errors
/// [`ProviderError::Unreadable`] if versions lie there and which is the newest cannot be told, or if the newest lacks what another has.
pub(crate) fn newest(
    files: Vec<BillFile>,
    choice: &Choice,
    aside: &mut dyn FnMut(&Path, FileStatus, String),
) -> Result<Vec<BillFile>, ProviderError> {
    let mut out = Vec::with_capacity(files.len());
    let mut periods: BTreeMap<PathBuf, Versions> = BTreeMap::new();
    for file in files {
        match version_of(&file.path) {
            Some((period, version)) => periods.entry(period).or_default().entry(version).or_default().push(file),
            None => out.push(file),
        }
    }
    for (period, versions) in periods {
        if versions.len() < 2 {
            out.extend(versions.into_values().flatten());
        } else {
            out.extend(of_period(&period, versions, choice, aside)?);
        }
    }
    out.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(out)
}

/// A version that is read.
struct Read {
    version: String,
    files: Vec<BillFile>,
    /// `None` if nothing is known of it.
    extent: Option<Extent>,
}

fn of_period(
    period: &Path,
    versions: Versions,
    choice: &Choice,
    aside: &mut dyn FnMut(&Path, FileStatus, String),
) -> Result<Vec<BillFile>, ProviderError> {
    let folders: Vec<String> = versions.keys().map(|v| slashes(&period.join(v))).collect();
    let is_in_order = choice.newest || versions.keys().all(|v| manifest::is_time(v));
    let mut read: Vec<Read> = Vec::new();
    let mut empty: Vec<(String, Vec<BillFile>)> = Vec::new();
    for (version, files) in from_the_newest(versions, choice)? {
        let start = Extent::of(&files, Reading::Start);
        if start.as_ref().is_some_and(Extent::is_empty) {
            empty.push((version, files));
            continue;
        }
        match place(&read, start.as_ref()) {
            Place::Read => {
                let extent = start.and_then(|_| Extent::of(&files, Reading::Full));
                read.push(Read { version, files, extent });
            }
            Place::Older(newer) if is_in_order => {
                for file in &files {
                    let why = format!("version {} of the same billing period is read", newer.version);
                    aside(&file.path, FileStatus::Superseded, why);
                }
            }
            Place::Older(newer) => return Err(undecided(&folders, &newer.version)),
            Place::Torn(newer, what) => return Err(torn(period, &newer.version, &version, &what)),
        }
    }
    if read.is_empty() {
        return Ok(empty.into_iter().flat_map(|(_, files)| files).collect());
    }
    for file in empty.iter().flat_map(|(_, files)| files) {
        aside(&file.path, FileStatus::LeftOut, "it has no line items".to_owned());
    }
    Ok(read.into_iter().flat_map(|r| r.files).collect())
}

/// What becomes of a version beside those that are read.
enum Place<'a> {
    Read,
    Older(&'a Read),
    /// This one lacks something.
    Torn(&'a Read, String),
}

fn place<'a>(read: &'a [Read], extent: Option<&Extent>) -> Place<'a> {
    let mut torn = None;
    for newer in read {
        let relation = extent.zip(newer.extent.as_ref()).map(|(own, newer)| own.beside(newer));
        match relation {
            // Of what cannot be compared, the newest is read.
            None | Some(Relation::Older) => return Place::Older(newer),
            Some(Relation::Lacks(what)) => torn = torn.or(Some((newer, what))),
            Some(Relation::Apart) => {}
        }
    }
    torn.map_or(Place::Read, |(newer, what)| Place::Torn(newer, what))
}

/// By the times that name them, or if one is named otherwise and that is asked for, by when their files were changed.
fn from_the_newest(versions: Versions, choice: &Choice) -> Result<Vec<(String, Vec<BillFile>)>, ProviderError> {
    let is_named_by_time = versions.keys().all(|v| manifest::is_time(v));
    let mut versions: Vec<(Option<SystemTime>, String, Vec<BillFile>)> = versions
        .into_iter()
        .map(|(version, files)| {
            let mut changed = None;
            for file in files.iter().filter(|_| choice.newest && !is_named_by_time) {
                changed = changed.max(Some(modified(&file.path)?));
            }
            Ok((changed, version, files))
        })
        .collect::<Result<_, ProviderError>>()?;
    versions.sort_by(|a, b| (b.0, &b.1).cmp(&(a.0, &a.1)));
    Ok(versions.into_iter().map(|(_, version, files)| (version, files)).collect())
}

fn undecided(folders: &[String], last: &str) -> ProviderError {
    ProviderError::unreadable(
        folders.join(", "),
        format!(
            "versions of the same billing period, which would be counted twice, and no manifest says which is the newest: copy the \
             manifests too, choose one with --only '**/{last}/**', or take the newest files with --newest"
        ),
    )
}

fn torn(period: &Path, newer: &str, older: &str, what: &str) -> ProviderError {
    ProviderError::unreadable(
        slashes(&period.join(newer)),
        format!(
            "it lacks {what}, which version {older} of the same billing period has: see whether it is complete; choose one of them with \
             --only '**/{newer}/**', or move them out of the folder of the period if both count"
        ),
    )
}

/// The folder of a billing period and the version below it that a path is of.
pub(crate) fn version_of(path: &Path) -> Option<(PathBuf, String)> {
    let names: Vec<String> = path.iter().map(|n| n.to_string_lossy().into_owned()).collect();
    let at = names.iter().rposition(|n| manifest::is_period(n))?;
    let version = names.get(at + 1).filter(|_| at + 2 < names.len())?;
    let is_version = is_guid(version) || manifest::is_time(version);
    is_version.then(|| (names[..=at].iter().collect(), version.clone()))
}

/// Whether a name is an id such as `6c1e1111-0000-4000-8000-000000000001`.
fn is_guid(name: &str) -> bool {
    let parts: Vec<usize> = name.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && name.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find::{Format, bill_file};

    fn files(all: &[&str]) -> Vec<BillFile> {
        all.iter().map(|path| bill_file(PathBuf::from(path), Format::Parquet)).collect()
    }

    fn paths(files: &[BillFile]) -> Vec<PathBuf> {
        files.iter().map(|f| f.path.clone()).collect()
    }

    #[test]
    fn versions_that_are_times_are_in_order() {
        let all = files(&[
            "e/data/BILLING_PERIOD=2026-01/20260201T010203Z-1f/a.parquet",
            "e/data/BILLING_PERIOD=2026-01/20260203T010203Z-2e/a.parquet",
            "e/data/BILLING_PERIOD=2026-02/20260203T010203Z-2e/a.parquet",
        ]);
        let mut aside = Vec::new();
        let read = newest(all.clone(), &Choice::default(), &mut |p, _, _| aside.push(p.to_owned())).expect("an order");
        assert_eq!((paths(&read), aside), (paths(&all[1..]), paths(&all[..1])));
    }

    #[test]
    fn versions_that_are_ids_are_refused_and_partitions_are_none() {
        let all = files(&[
            "r/20240901-20241001/6c1e1111-0000-4000-8000-000000000001/r-1.csv.gz",
            "r/20240901-20241001/9f2e2222-0000-4000-8000-000000000002/r-1.csv.gz",
        ]);
        let refused = newest(all, &Choice::default(), &mut |_, _, _| {}).expect_err("no order");
        assert!(refused.to_string().contains("9f2e2222"), "{refused}");
        let all = files(&["r/20240901-20241001/day=01/a.csv", "r/20240901-20241001/day=02/a.csv"]);
        let read = newest(all.clone(), &Choice::default(), &mut |_, _, _| {}).expect("no versions");
        assert_eq!(paths(&read), paths(&all));
    }
}
