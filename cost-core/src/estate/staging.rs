//! Folders in which estates are being written, and their removal when the process ends early.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};

use super::layout::CACHE;

/// Held for reading during each write, and for writing when the process ends.
static WRITES: RwLock<()> = RwLock::new(());
/// Folders of the writers of this process.
static OPEN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A folder that is being written.
#[derive(Debug)]
pub(super) struct Staging(PathBuf);

impl Staging {
    pub(super) fn of(folder: &Path) -> Self {
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned());
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
    // A folder with the cache of paid requests belongs to a commit that failed. The next writer
    // moves the cache back.
    open.iter().filter(|f| !f.join(CACHE).exists() && fs::remove_dir_all(f).is_ok()).count()
}
