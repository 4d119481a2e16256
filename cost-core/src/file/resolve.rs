//! [`resolve`]: the file that a path means, and whether others can exchange it.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// Maximum number of links to follow: the limit of Linux. Source: `path_resolution(7)`.
const MAX_LINKS: u32 = 40;

/// Returns the path that a chain of links ends at, and its metadata if it exists. The links of
/// folders above it are left to the operating system. A file is then replaced where it is, and
/// links to it stay.
///
/// # Errors
/// The operating system's error; and on Unix a path that another user can change: a folder that
/// everybody can write without the sticky bit, and in such a folder with the sticky bit, a file or
/// link of another user. The message says what to do.
pub fn resolve(path: &Path) -> io::Result<(PathBuf, Option<Metadata>)> {
    // Without a slash at the end, which would follow a link, and without `.` parts.
    let mut path: PathBuf = path.components().collect();
    if path.file_name().is_none() {
        path = fs::canonicalize(path)?;
    }
    for _ in 0..MAX_LINKS {
        let folder = folder_of(&path).to_owned();
        let metadata = match fs::symlink_metadata(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                safe(&folder, None)?;
                return Ok((path, None));
            }
            other => other?,
        };
        safe(&folder, Some(&metadata))?;
        if !metadata.is_symlink() {
            return Ok((path, Some(metadata)));
        }
        // An absolute target replaces the folder.
        path = folder.join(fs::read_link(&path)?);
    }
    Err(io::Error::other("too many links"))
}

/// Returns the folder that contains a path.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Checks the folder of a file, and the owner of the file or link in it.
#[cfg(unix)]
fn safe(folder: &Path, entry: Option<&Metadata>) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    const OTHERS_WRITE: u32 = 0o002;
    const STICKY: u32 = 0o1000;
    // The operating system reports a missing folder when the file is created.
    let Ok(metadata) = fs::metadata(folder) else { return Ok(()) };
    let refused = |problem: String| Err(io::Error::new(io::ErrorKind::PermissionDenied, problem));
    if metadata.mode() & OTHERS_WRITE == 0 {
        return Ok(());
    }
    if metadata.mode() & STICKY == 0 {
        let folder = folder.display();
        return refused(format!(
            "every user can change files in the folder {folder}: run `chmod o-w {folder}`, or use a \
             folder that only you can write"
        ));
    }
    let Some(entry) = entry else { return Ok(()) };
    if [0, metadata.uid()].contains(&entry.uid()) || own_id().is_some_and(|id| id == entry.uid()) {
        return Ok(());
    }
    refused(format!(
        "it belongs to another user (ID {}), and every user can create files in its folder: use a \
         folder that only you can write",
        entry.uid()
    ))
}

#[cfg(not(unix))]
fn safe(_: &Path, _: Option<&Metadata>) -> io::Result<()> {
    Ok(())
}

/// Returns the ID of the user that this process creates files as; `None` if it cannot create any.
#[cfg(unix)]
fn own_id() -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    Some(tempfile::tempfile().ok()?.metadata().ok()?.uid())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links_end_at_their_target_even_if_it_does_not_exist() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("real")).expect("created");
        symlink("real/state.json", at("a")).expect("linked");
        symlink(at("a"), at("b")).expect("linked");
        for exists in [false, true] {
            let (path, metadata) = resolve(&at("b")).expect("resolved");
            assert_eq!((path, metadata.is_some()), (at("real/state.json"), exists));
            fs::write(at("real/state.json"), "x").expect("written");
        }
        symlink(at("loop"), at("loop")).expect("linked");
        resolve(&at("loop")).expect_err("a circle");
    }

    #[test]
    fn a_folder_that_everybody_can_write_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let set = |mode| {
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).expect("set");
        };
        for (mode, is_safe) in [(0o700, true), (0o775, true), (0o777, false), (0o1777, true)] {
            set(mode);
            let found = resolve(&folder.path().join("state.json"));
            assert_eq!(found.is_ok(), is_safe, "{mode:o}");
            if let Err(error) = found {
                assert!(error.to_string().contains("chmod o-w"), "{error}");
            }
        }
    }
}
