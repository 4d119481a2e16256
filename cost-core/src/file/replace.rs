//! [`replace`] and [`replace_private`]: atomic replacement of a file's text.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

use super::access::Access;
use super::regular::check;
use super::resolve::{folder_of, resolve};

/// End of the names of files that are being written.
const WRITING: &str = ".writing";

/// Replaces the file at `path` with one that others can read as the `umask` allows, such as a page
/// or a chart: see [`replace_private`].
///
/// # Errors
/// The operating system's error if the file cannot be written; the previous file stays.
pub fn replace(path: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
    write(path, content.as_ref(), false)
}

/// Replaces the file at `path`: writes `text` to a new file with a random name next to it, flushes
/// it to disk, and renames it. An interrupted process leaves the previous file. Concurrent writers
/// need a [`Lock`](super::Lock).
///
/// A new file is readable for its owner only (mode 0600). Otherwise mode and owner stay. If `path`
/// is a link, its target is replaced, and the link stays.
///
/// # Errors
/// The operating system's error if the file cannot be written, a path that others can change
/// ([`resolve`]), or a path that is no regular file; the previous file stays.
pub fn replace_private(path: &Path, text: &str) -> io::Result<()> {
    write(path, text.as_bytes(), true)
}

fn write(path: &Path, content: &[u8], is_private: bool) -> io::Result<()> {
    let (path, former) = resolve(path)?;
    former.as_ref().map_or(Ok(()), |former| check(former.file_type()))?;
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let folder = folder_of(&path);
    let start = start_of(name);
    let mut builder = Builder::new();
    builder.prefix(&start).suffix(WRITING);
    #[cfg(unix)]
    if !is_private {
        use std::os::unix::fs::PermissionsExt;
        // The `umask` applies.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = is_private;
    let mut file = builder.tempfile_in(folder).map_err(plain)?;
    file.as_file_mut().write_all(content)?;
    if former.is_some() {
        Access::of(former.as_ref()).give(file.path())?;
    }
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|e| e.error)?;
    // The rename is durable once its folder is flushed to disk.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Removes files next to `path` that killed writers of it left. The caller must have the
/// [`Lock`](super::Lock) that all writers of `path` take: otherwise the file of a running one could
/// be removed.
pub fn remove_left_over(path: &Path) {
    let Ok((path, _)) = resolve(path) else { return };
    let path = path.as_path();
    let Some(start) = path.file_name().map(start_of) else { return };
    let Ok(all) = fs::read_dir(folder_of(path)) else { return };
    for entry in all.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_left = name.strip_prefix(&start).is_some_and(|rest| {
            rest.strip_suffix(WRITING).is_some_and(|random| {
                random.len() == RANDOM && random.bytes().all(|b| b.is_ascii_alphanumeric())
            })
        });
        if is_left {
            // It is removed by the next run if not now.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Number of random characters in the name of a file that is being written: the default of
/// `tempfile`.
const RANDOM: usize = 6;
/// Maximum length of the part that is taken from the name of the file, in characters: names have at
/// most 255 bytes on common file systems.
const PART: usize = 50;

/// Start of the names of files that are being written, which are hidden.
fn start_of(name: &OsStr) -> String {
    let part: String = name.to_string_lossy().chars().take(PART).collect();
    format!(".{part}.")
}

/// Returns the error without the random path of the temporary file.
fn plain(error: io::Error) -> io::Error {
    let text = error.to_string();
    let reason = text.split(" at path ").next().unwrap_or(&text);
    io::Error::new(error.kind(), reason)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("there").permissions().mode() & 0o777
    }

    #[test]
    fn new_files_are_private_and_former_ones_keep_their_mode() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state.json");
        replace_private(&path, "1").expect("written");
        assert_eq!(mode(&path), 0o600);
        for kept in [0o640, 0o600, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(kept)).expect("set");
            replace_private(&path, "2").expect("written");
            assert_eq!(mode(&path), kept);
        }
    }

    #[test]
    fn a_link_stays_and_its_target_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("real")).expect("created");
        symlink("real/state.json", at("link")).expect("linked");
        // The name that earlier versions wrote to.
        fs::write(at("victim"), "untouched").expect("written");
        symlink(at("victim"), at("real/state.json.writing")).expect("linked");
        for text in ["1", "2"] {
            replace_private(&at("link"), text).expect("written");
            assert_eq!(fs::read_to_string(at("real/state.json")).expect("read"), text);
            assert!(at("link").is_symlink());
        }
        assert_eq!(fs::read_to_string(at("victim")).expect("read"), "untouched");
        assert_eq!(fs::read_dir(at("real")).expect("listed").count(), 2, "nothing is left over");
    }

    #[test]
    fn long_names_can_be_replaced_and_folders_cannot() {
        let folder = tempfile::tempdir().expect("a folder");
        replace(&folder.path().join("ä".repeat(127)), "x").expect("written");
        replace(folder.path(), "x").expect_err("a folder");
    }

    #[test]
    fn only_files_of_killed_writers_are_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        for name in [".s.json.a1B2c3.writing", ".s.json.notes.writing", ".t.json.a1B2c3.writing"] {
            fs::write(at(name), "").expect("written");
        }
        remove_left_over(&at("s.json"));
        assert!(!at(".s.json.a1B2c3.writing").exists());
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 2);
    }
}
