//! Atomic exchange of two folders, so that the estate exists at all times.

use std::fs;
use std::path::{Path, PathBuf};

#[cfg(target_os = "linux")]
pub(super) fn exchange(a: &Path, b: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        // Some file systems do not support it.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => in_turn(a, b),
        other => Ok(other?),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn exchange(a: &Path, b: &Path) -> std::io::Result<()> {
    in_turn(a, b)
}

/// Exchanges two folders with several renames, if an atomic exchange is not possible.
/// [`end_exchange`] completes it if the process is killed between them.
fn in_turn(a: &Path, b: &Path) -> std::io::Result<()> {
    let old = set_aside(a);
    fs::rename(b, &old)?;
    fs::rename(a, b)?;
    fs::rename(&old, a)
}

/// Path of the former `b` while it is exchanged with `a`.
fn set_aside(a: &Path) -> PathBuf {
    a.with_extension("replaced")
}

/// Ends an exchange that was interrupted: undoes it if `b` is missing, and otherwise completes it.
pub(super) fn end_exchange(a: &Path, b: &Path) -> std::io::Result<()> {
    let old = set_aside(a);
    let exists = |path: &Path| fs::symlink_metadata(path).is_ok();
    match (exists(&old), exists(a), exists(b)) {
        (true, _, false) => fs::rename(&old, b),
        (true, false, true) => fs::rename(&old, a),
        _ => Ok(()),
    }
}
