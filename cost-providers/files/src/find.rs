//! Files of a location, and the status of each.

use std::path::{Path, PathBuf};

use cost_core::estate::Chunks;
use cost_core::focus::{FileStatus, SourceFile};
use cost_provider_api::ProviderError;

use crate::bill_file::{BillFile, Format, bill_file, slashes, unreadable};
use crate::choice::{Choice, Chosen, Found, WANTED};
use crate::content::{self, Content};
use crate::kind::Kind;
use crate::list::list;
use crate::manifest::Promises;
use crate::{copies, group, manifest, versions};

/// Returns the bill files at `location` in path order, and the other files.
///
/// Manifests apply to all files of the location; of the files they leave, the chosen ones are read.
///
/// # Errors
/// [`ProviderError::NotFound`] if there are none, [`ProviderError::Unreadable`] if the location
/// cannot be listed or the newest version of a month cannot be determined.
pub fn find(location: &str, choice: &Choice) -> Result<Found, ProviderError> {
    let chosen = Chosen::of(choice)?;
    let mut found = Found::default();
    let paths = list(location, choice, &mut found)?;
    if let Some(problem) = chosen.takes_nothing(choice, &paths, &found) {
        return Err(ProviderError::NotFound { location: location.to_owned(), problem });
    }
    let mut promises = Promises::new();
    let mut paths = manifest::newest(
        paths,
        choice.newest,
        &chosen,
        &mut promises,
        &mut |path, status, what, why| {
            if chosen.takes(path) || manifest::is_manifest(path) {
                found.leave(path, status, what, why);
            }
        },
    )?;
    paths.retain(|path| chosen.takes(path));
    paths.retain(|path| {
        let newer = choice.except.get(path);
        if let Some(newer) = newer {
            let reason = format!("{newer} is newer and contains the same charges");
            found.leave(path, FileStatus::Superseded, "an older file", reason);
        }
        newer.is_none()
    });
    let paths = copies::links(paths, &mut |path, of| {
        let reason = format!("the same file as {}", slashes(of));
        found.leave(path, FileStatus::Duplicate, "a link", reason);
    });
    let files = bills(paths, &promises, &mut found)?;
    let files = versions::newest(files, choice, &mut |path, why| {
        found.leave(path, FileStatus::Superseded, "an older version", why);
    })?;
    for path in std::mem::take(&mut found.hidden).iter().filter(|p| chosen.is_all() && is_bill(p)) {
        found.leave(path, FileStatus::Excluded, "a hidden bill", HIDDEN);
    }
    // Without commitments, the actual and amortized costs of Azure have the same content, each in a
    // separate folder.
    let may_be_pair = |a: &BillFile, b: &BillFile| {
        a.path.parent() != b.path.parent() && matches!(group::kind_of(a), Ok(Some(Kind::Azure(..))))
    };
    let files = copies::identical(files, may_be_pair, &mut |path, of| {
        let reason = format!("same content as {}", slashes(of));
        found.leave(path, FileStatus::Duplicate, "a copy", reason);
    })
    .map_err(|(path, e)| unreadable(&path, &e))?;
    if files.is_empty() {
        return Err(ProviderError::NotFound {
            location: location.to_owned(),
            problem: nothing_in(&found),
        });
    }
    found.files = files;
    found.aside.sort();
    Ok(found)
}

const HIDDEN: &str = "files and folders with names that start with `.` or `_` are not read: \
    rename it, or choose it with --only";

/// Whether a file is a bill. A file that cannot be read is not.
fn is_bill(path: &Path) -> bool {
    let format = match content::look(path) {
        Ok(Content::Parquet) => Format::Parquet,
        Ok(Content::Text(packing)) => Format::Text(packing),
        _ => return false,
    };
    matches!(group::kind_of(&bill_file(path.to_owned(), format)), Ok(Some(_)))
}

/// Returns the files that are tables, by their content.
fn bills(
    paths: Vec<PathBuf>,
    promises: &Promises,
    found: &mut Found,
) -> Result<Vec<BillFile>, ProviderError> {
    let mut files = Vec::new();
    let is_alone = paths.len() == 1;
    let mut chunks = Chunks::default();
    for path in paths {
        let look = content::look(&path).map_err(|e| unreadable(&path, &e))?;
        let format = match look {
            Content::Parquet => Format::Parquet,
            Content::Text(packing) => Format::Text(packing),
            Content::Empty if is_alone => {
                return Err(unreadable(
                    &path,
                    &"the file is empty; a bill starts with a line of column names",
                ));
            }
            Content::Empty => {
                found.leave(&path, FileStatus::Excluded, "an empty file", "it has no content");
                continue;
            }
            Content::Other(what, cure) if is_alone => {
                return Err(unreadable(&path, &format!("it is {what}, not a bill: {cure}")));
            }
            Content::Other(what, cure) => {
                found.leave(&path, FileStatus::Excluded, what, cure);
                continue;
            }
        };
        let promise = promises.get(&path);
        let run = chunks.pull_of(&path).or_else(|| promise.map(|p| p.manifest.clone()));
        let rows = promise.and_then(|p| p.rows);
        files.push(BillFile { rows, run, ..bill_file(path, format) });
    }
    Ok(files)
}

/// Returns why there is nothing to read, with some of the files that are not read.
fn nothing_in(found: &Found) -> String {
    let other = |f: &SourceFile| match (f.status, &f.reason) {
        (FileStatus::Superseded | FileStatus::Duplicate, Some(reason)) => {
            format!("{} is {} ({reason}); to read it anyway, give its own path", f.path, f.what)
        }
        _ => format!("{} is {}", f.path, f.what),
    };
    let others: Vec<String> = found.aside.iter().take(3).map(other).collect();
    let others =
        if others.is_empty() { String::new() } else { format!(" ({})", others.join("; ")) };
    format!("no bill files found{others}; {WANTED}")
}
