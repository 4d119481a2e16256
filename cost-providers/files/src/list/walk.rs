//! Recursive listing of a folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cost_core::focus::FileStatus;
use cost_provider_api::ProviderError;
use walkdir::{DirEntry, WalkDir};

use super::pattern::{Names, Pattern};
use crate::bill_file::unreadable;
use crate::choice::Found;
use crate::manifest;

/// Description of an unreadable folder in the file list.
pub(super) const FOLDER: &str = "a folder that cannot be read";
/// Maximum number of hidden files to check: folders of version control have many. Chosen.
const MOST_HIDDEN: usize = 1_000;

/// Options of a listing.
pub(super) struct Wanted {
    pub(super) glob: Option<Pattern>,
    pub(super) named: Vec<Names>,
}

impl Wanted {
    /// Hidden and half-written files, and files in such folders, unless a glob selects them by
    /// name.
    fn is_aside(&self, path: &Path, name: &str) -> bool {
        let is_marked =
            name.starts_with('.') || (name.starts_with('_') && !manifest::is_manifest(path));
        is_marked && !self.named.iter().any(|glob| glob.ask_for(name))
    }

    fn may_lead(&self, folder: &Path, depth: usize) -> bool {
        self.glob.as_ref().is_none_or(|glob| glob.may_lead(folder, depth))
    }

    fn takes(&self, path: &Path) -> bool {
        self.glob.as_ref().is_none_or(|glob| glob.matches(path))
    }
}

/// Returns the selected files under `folder`. Links are followed once; an unreadable subfolder is
/// skipped and reported.
pub(super) fn walk(
    folder: &Path,
    wanted: &Wanted,
    found: &mut Found,
) -> Result<Vec<PathBuf>, ProviderError> {
    let mut walk =
        Walk { wanted, found, files: Vec::new(), folders: BTreeSet::new(), hidden: None };
    let mut entries = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        match entry {
            Ok(entry) => {
                if walk.take(&entry) == Then::SkipFolder {
                    entries.skip_current_dir();
                }
            }
            Err(e) => {
                let path = plain(e.path().unwrap_or(folder).to_owned());
                if e.depth() == 0 {
                    return Err(unreadable(&path, &e));
                }
                walk.leave_unread(&path, &e);
            }
        }
    }
    Ok(walk.files)
}

/// Next step of a listing.
#[derive(PartialEq, Eq)]
enum Then {
    Next,
    /// Skips the remaining content of the current folder, or of the folder just found.
    SkipFolder,
}

/// Listing in progress.
struct Walk<'a> {
    wanted: &'a Wanted,
    found: &'a mut Found,
    files: Vec<PathBuf>,
    /// Folders already listed, by their real paths.
    folders: BTreeSet<PathBuf>,
    /// Depth of the current hidden folder.
    hidden: Option<usize>,
}

impl Walk<'_> {
    fn take(&mut self, entry: &DirEntry) -> Then {
        let path = plain(entry.path().to_owned());
        let (depth, is_folder) = (entry.depth(), entry.file_type().is_dir());
        self.hidden = self.hidden.filter(|from| depth > *from);
        if is_folder && depth > 0 && !self.wanted.may_lead(&path, depth) {
            return Then::SkipFolder;
        }
        let name = entry.file_name().to_string_lossy();
        if self.hidden.is_some() || (depth > 0 && self.wanted.is_aside(&path, &name)) {
            return self.take_hidden(entry, path);
        }
        if is_folder {
            return self.enter(entry, &path);
        }
        if !self.wanted.takes(&path) {
        } else if entry.file_type().is_file() {
            self.files.push(path);
        } else {
            let why = "only regular files can be read";
            self.found.leave(&path, FileStatus::Excluded, "not a regular file", why);
        }
        Then::Next
    }

    /// Records a hidden file, so that hidden bills can be reported.
    fn take_hidden(&mut self, entry: &DirEntry, path: PathBuf) -> Then {
        if self.found.hidden.len() >= MOST_HIDDEN {
            return Then::SkipFolder;
        }
        if entry.file_type().is_dir() {
            self.hidden = self.hidden.or(Some(entry.depth()));
        } else if entry.file_type().is_file() && self.wanted.takes(&path) {
            self.found.hidden.push(path);
        }
        Then::Next
    }

    /// Enters a folder, once: two links to one folder have the same files.
    fn enter(&mut self, entry: &DirEntry, path: &Path) -> Then {
        let real = fs::canonicalize(entry.path()).unwrap_or_else(|_| path.to_owned());
        if self.folders.insert(real) {
            return Then::Next;
        }
        let why = "it points to a folder that is already read";
        self.found.leave(path, FileStatus::Duplicate, "a link", why);
        Then::SkipFolder
    }

    /// Reports an unreadable folder if it could contain selected files.
    fn leave_unread(&mut self, path: &Path, error: &walkdir::Error) {
        let depth = error.depth();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_hidden = self.hidden.is_some_and(|from| depth > from);
        if is_hidden
            || self.wanted.is_aside(path, &name)
            || !(self.wanted.may_lead(path, depth) || self.wanted.takes(path))
        {
            return;
        }
        if error.loop_ancestor().is_some() {
            let why = "it points to a folder that contains it";
            self.found.leave(path, FileStatus::Duplicate, "a link", why);
        } else if path.is_symlink() && !path.exists() {
            self.found.leave(path, FileStatus::Excluded, "a link", "its target does not exist");
        } else {
            self.found.leave(path, FileStatus::Excluded, FOLDER, partial(error));
        }
    }
}

/// Returns a path as people write it.
pub(super) fn plain(path: PathBuf) -> PathBuf {
    path.strip_prefix("./").map(Path::to_owned).unwrap_or(path)
}

fn partial(error: &walkdir::Error) -> String {
    let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    format!(
        "{why}: its charges are missing from all figures; make it readable, or exclude it with a \
         glob"
    )
}
