//! What a writer of an estate left when its process was killed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::{EstateError, failed};
use super::exchange::end_exchange;
use super::foreign::foreign;
use super::layout::{CACHE, MANIFEST};
use crate::file::{Lock, create_folders, resolve};

/// Maximum time to wait for another writer of the estate, in seconds: an hour. Chosen: longer than
/// a pull of a large organization takes.
pub(super) const PATIENCE_SECONDS: u64 = 3_600;

/// Returns the path whose lock writers of the estate at `root` take, and the folder in which they
/// write; `None` if `root` has no name.
pub(super) fn staging_of(root: &Path) -> Option<(PathBuf, PathBuf)> {
    let name = root.file_name()?.to_string_lossy();
    let beside = |ending: &str| root.with_file_name(format!(".{name}{ending}"));
    Some((beside(""), beside(".writing")))
}

/// Removes what a writer of the estate at `root` left when its process was killed, unless another
/// writer is at work. What the writer had moved from the estate, such as `.git`, is moved back. If
/// `root` is a link, this is done for its target.
///
/// # Errors
/// [`EstateError`] if something cannot be moved back, or the staging folder cannot be removed. The
/// next writer tries again.
pub fn remove_unfinished(root: &Path) -> Result<(), EstateError> {
    let (root, _) = resolve(root).map_err(|e| failed(root, e))?;
    let Some((beside, staging)) = staging_of(&root) else { return Ok(()) };
    if !beside.parent().is_some_and(|folder| folder.as_os_str().is_empty() || folder.is_dir()) {
        return Ok(());
    }
    let _lock = match Lock::take(&beside, ".lock", 0, &|| ()) {
        Err(e) if e.kind() == io::ErrorKind::TimedOut => return Ok(()),
        lock => lock.map_err(|e| failed(&root, e))?,
    };
    restore(&staging, &root).map_err(|e| failed(&staging, e))
}

/// Moves back what an interrupted writer moved from the estate at `root`, and removes the rest. The
/// caller has the lock of writers.
pub(super) fn restore(staging: &Path, root: &Path) -> io::Result<()> {
    end_exchange(staging, root)?;
    if fs::symlink_metadata(staging).is_err() {
        return Ok(());
    }
    // Without an estate, only the cache can have been moved: other files are this writer's own.
    let is_estate = root.join(MANIFEST).exists();
    let missing = |path: &PathBuf| {
        (is_estate || path.as_path() == Path::new(CACHE))
            && fs::symlink_metadata(staging.join(path)).is_ok()
            && fs::symlink_metadata(root.join(path)).is_err()
    };
    let mut all = foreign(staging)?;
    all.push(PathBuf::from(CACHE));
    for path in all.iter().filter(|path| missing(path)) {
        let home = root.join(path);
        create_folders(home.parent().unwrap_or(root))?;
        fs::rename(staging.join(path), home)?;
    }
    fs::remove_dir_all(staging)
}

#[cfg(all(test, unix))]
mod tests {
    use super::super::{EstateWriter, FORMAT, Manifest};
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            format: FORMAT,
            name: "x".to_owned(),
            as_of: "2026-11-01".parse().expect("a day"),
            tag_keys: Vec::new(),
            partial: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// An estate with a `.git` folder, after a kill between its move and the exchange.
    fn killed(folder: &Path) -> (PathBuf, PathBuf) {
        let root = folder.join("estate");
        EstateWriter::create(&root).expect("a writer").commit(&manifest()).expect("moved");
        let staging = folder.join(".estate.writing");
        fs::create_dir_all(staging.join("billing")).expect("created");
        fs::create_dir(staging.join(".git")).expect("created");
        fs::write(staging.join(".git/HEAD"), "main").expect("written");
        fs::write(staging.join("billing/new.parquet"), "").expect("written");
        (root, staging)
    }

    fn check(root: &Path, staging: &Path) {
        let head = fs::read_to_string(root.join(".git/HEAD")).expect("it is back");
        assert_eq!(head, "main");
        assert!(root.join(MANIFEST).exists(), "the estate is there");
        assert!(!root.join("billing").exists(), "a part of the unfinished estate");
        assert!(!staging.exists());
    }

    #[test]
    fn what_a_killed_writer_moved_comes_back_also_through_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (root, staging) = killed(folder.path());
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("estate", &link).expect("linked");
        remove_unfinished(&link).expect("removed");
        check(&root, &staging);
        assert!(link.is_symlink());
    }

    #[test]
    fn nothing_is_removed_while_a_writer_is_at_work() {
        let folder = tempfile::tempdir().expect("a folder");
        let (root, staging) = killed(folder.path());
        let (beside, _) = staging_of(&root).expect("a name");
        let held = Lock::take(&beside, ".lock", 0, &|| ()).expect("locked");
        remove_unfinished(&root).expect("left alone");
        assert!(staging.join(".git/HEAD").exists());
        drop(held);
        remove_unfinished(&root).expect("removed");
        check(&root, &staging);
    }

    #[test]
    fn an_exchange_in_turn_that_was_interrupted_loses_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let (root, staging) = killed(folder.path());
        // After the first of three renames.
        fs::rename(&root, folder.path().join(".estate.replaced")).expect("set aside");
        remove_unfinished(&root).expect("removed");
        check(&root, &staging);
        // After the second one, with a file that was written since.
        let old = folder.path().join(".estate.replaced");
        fs::create_dir(&old).expect("created");
        fs::write(old.join("late.json"), "1").expect("written");
        remove_unfinished(&root).expect("removed");
        check(&root, &staging);
        assert!(root.join("late.json").exists() && !old.exists());
    }
}
