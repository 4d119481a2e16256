//! [`Lock`]: one process at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use super::access::{Access, create_new};
use super::regular::{check, without_waiting};
use super::resolve::resolve;

/// Time between two attempts.
const STEP: Duration = Duration::from_millis(50);
/// Attempts until the caller is informed: one second.
const SILENT: u64 = 20;
/// Attempts per second.
const PER_SECOND: u64 = 20;

/// Lock that only one process has. It is a lock of the operating system on a file next to the
/// protected one: it ends with the process for any reason. The file is removed when the lock is
/// released, so only a killed process leaves it behind.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the lock of the file or folder at `path`: the file with the name of its target plus
    /// `ending`, hidden if `path` is a folder. Waits at most `seconds`. Calls `waiting` once if
    /// another process has had the lock for a second.
    ///
    /// # Errors
    /// The operating system's error; [`io::ErrorKind::TimedOut`] if another process still has the
    /// lock; a path that others can change: see [`resolve`].
    pub fn take(path: &Path, ending: &str, seconds: u64, waiting: &dyn Fn()) -> io::Result<Self> {
        let (target, former) = resolve(path)?;
        let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
        let beside = target.with_file_name(format!("{name}{ending}"));
        for tried in 0.. {
            let file = open_lock(&beside)?;
            match file.try_lock() {
                Ok(()) if is_at(&beside, &file) => {
                    if former.as_ref().is_some_and(fs::Metadata::is_file) {
                        // Users who share the file share its lock. Its owner can still lock it
                        // if this is not possible.
                        let _ = Access::of(former.as_ref()).give(&beside);
                    }
                    return Ok(Self { path: beside, _file: file });
                }
                // Its last owner has removed it.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) if tried / PER_SECOND >= seconds => {
                    return Err(io::Error::new(
                        io::ErrorKind::TimedOut,
                        format!("another run of cost has used it for {seconds} s: try again later"),
                    ));
                }
                Err(TryLockError::WouldBlock) => {
                    if tried == SILENT {
                        waiting();
                    }
                    sleep(STEP);
                }
                Err(TryLockError::Error(e)) => return Err(e),
            }
        }
        Err(io::ErrorKind::TimedOut.into())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Still locked, so no other process can have the lock of this file.
        #[cfg(unix)]
        let _ = fs::remove_file(&self.path);
    }
}

/// Attempts to open a lock file that others create and remove at the same time.
const OPENINGS: u32 = 1_000;

/// Creates or opens the lock file. A link is not followed.
fn open_lock(path: &Path) -> io::Result<File> {
    for _ in 0..OPENINGS {
        match create_new(path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            other => return other,
        }
        match fs::symlink_metadata(path) {
            // Its owner has removed it since.
            Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
            Ok(found) if found.is_symlink() => {
                let problem = format!("{} is a link: remove it", path.display());
                return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
            }
            found => check(found?.file_type())?,
        }
        match without_waiting(OpenOptions::new().read(true).write(true)).open(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            other => return other,
        }
    }
    Err(io::ErrorKind::ResourceBusy.into())
}

/// Whether a path still leads to an open file.
#[cfg(unix)]
fn is_at(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |m: fs::Metadata| (m.dev(), m.ino());
    let (there, here) = (fs::symlink_metadata(path).map(id), file.metadata().map(id));
    there.is_ok_and(|there| here.is_ok_and(|here| here == there))
}

#[cfg(not(unix))]
fn is_at(_: &Path, _: &File) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn one_at_a_time_and_nothing_stays_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state.json");
        fs::write(&path, "0").expect("written");
        let inside = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let lock = Lock::take(&path, ".lock", 60, &|| ()).expect("locked");
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        let text = fs::read_to_string(&path).expect("read");
                        let next = text.parse::<u32>().expect("a number") + 1;
                        super::super::replace_private(&path, &next.to_string()).expect("written");
                        inside.fetch_sub(1, Ordering::SeqCst);
                        drop(lock);
                    }
                });
            }
        });
        assert_eq!(fs::read_to_string(&path).expect("read"), "160");
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);
    }

    #[test]
    fn waiting_ends_and_links_are_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let held = Lock::take(&at("a"), ".lock", 0, &|| ()).expect("locked");
        let error = Lock::take(&at("a"), ".lock", 0, &|| ()).expect_err("it is taken");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(held);
        Lock::take(&at("a"), ".lock", 0, &|| ()).expect("free again");
        std::os::unix::fs::symlink(at("victim"), at("b.lock")).expect("linked");
        Lock::take(&at("b"), ".lock", 0, &|| ()).expect_err("a link");
        assert!(!at("victim").exists());
    }
}
