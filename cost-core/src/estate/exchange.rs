//! Atomic exchange of two folders, so that the estate exists at all times.

use std::fs;
use std::path::Path;

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

/// Exchanges two folders with several renames, if an atomic exchange is not possible. If the
/// process is killed between the renames, `b` is at `b.old`.
fn in_turn(a: &Path, b: &Path) -> std::io::Result<()> {
    let old = a.with_extension("old");
    fs::rename(b, &old)?;
    fs::rename(a, b)?;
    fs::rename(&old, a)
}
