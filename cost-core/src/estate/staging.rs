//! Folders in which estates are being written, and their removal when the process ends early.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};

use super::unfinished::restore;

/// Held for reading during each write, and for writing when the process ends.
static WRITES: RwLock<()> = RwLock::new(());
/// Folders of the writers of this process, and the estates that they replace.
static OPEN: Mutex<BTreeMap<PathBuf, PathBuf>> = Mutex::new(BTreeMap::new());

/// A folder that is being written.
#[derive(Debug)]
pub(super) struct Staging(PathBuf);

impl Staging {
    pub(super) fn of(folder: &Path, root: &Path) -> Self {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(folder.to_owned(), root.to_owned());
        Self(folder.to_owned())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// Begins a write: [`abandon_all`] waits for its end.
pub(super) fn writing() -> RwLockReadGuard<'static, ()> {
    WRITES.read().unwrap_or_else(PoisonError::into_inner)
}

/// Removes all estates that this process has not written completely, and stops its writers: their
/// next write waits forever. Call it when the process is asked to end, and then end it. Former
/// estates are unchanged. An estate that is being moved to its location is moved first.
///
/// Returns the number of removed folders.
pub fn abandon_all() -> usize {
    let stopped = WRITES.write().unwrap_or_else(PoisonError::into_inner);
    // Never released: no write may follow.
    std::mem::forget(stopped);
    let open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    put_back(&open)
}

/// Removes folders that were not written completely, and returns their number. A commit that failed
/// can have moved the cache and other files of the estate: they are moved back. The next writer
/// does so if it fails here.
fn put_back(open: &BTreeMap<PathBuf, PathBuf>) -> usize {
    open.iter().filter(|(folder, root)| folder.exists() && restore(folder, root).is_ok()).count()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_a_failed_commit_moved_is_put_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let (root, staging) = (folder.path().join("estate"), folder.path().join(".estate.writing"));
        fs::create_dir(&root).expect("created");
        fs::write(root.join("estate.json"), "{}").expect("written");
        for name in [".git", ".cache"] {
            fs::create_dir_all(staging.join(name)).expect("created");
            fs::write(staging.join(name).join("file"), "1").expect("written");
        }
        let none = (folder.path().join(".other.writing"), folder.path().join("other"));
        let open = BTreeMap::from([(staging.clone(), root.clone()), none]);
        assert_eq!(put_back(&open), 1);
        assert!(root.join(".git/file").exists() && root.join(".cache/file").exists());
        assert!(!staging.exists());
    }
}
