//! Opening of regular files only: a pipe, a device, or a socket can block or never end.

use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// Maximum size of a state file, in bytes: 1 GiB. Decisions on 100,000 opportunities have 169 MB
/// (measured). Chosen.
pub const MAX_STATE_BYTES: u64 = 1 << 30;

/// Opens a regular file, or a link to one, for reading.
///
/// The type is checked before the file is opened, because opening a device can have effects, and
/// again afterwards, because the path can change in between.
///
/// # Errors
/// The operating system's error, or [`io::ErrorKind::InvalidInput`] with the type of the file if it
/// is not a regular file.
///
/// ```
/// let error = cost_core::file::open(&std::env::temp_dir()).expect_err("a folder");
/// assert_eq!(error.to_string(), "it is a folder, not a file");
/// ```
pub fn open(path: &Path) -> io::Result<File> {
    check(fs::metadata(path)?.file_type())?;
    let file = without_waiting(OpenOptions::new().read(true)).open(path)?;
    check(file.metadata()?.file_type())?;
    Ok(file)
}

/// Reads the text of a regular file of at most `max_bytes`.
///
/// # Errors
/// As [`open`]; a larger file; text that is not UTF-8.
pub fn read_text(path: &Path, max_bytes: u64) -> io::Result<String> {
    let mut text = String::new();
    let read = open(path)?.take(max_bytes.saturating_add(1)).read_to_string(&mut text)?;
    if u64::try_from(read).is_ok_and(|read| read <= max_bytes) {
        return Ok(text);
    }
    Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {max_bytes} bytes")))
}

/// Opening must not wait for the other end of a pipe that took the place of the file.
#[cfg(target_os = "linux")]
pub(super) fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let flag = rustix::fs::OFlags::NONBLOCK.bits();
    options.custom_flags(i32::try_from(flag).unwrap_or_default())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Returns an error that names the type of a file, unless it is a regular file.
pub(super) fn check(kind: FileType) -> io::Result<()> {
    if kind.is_file() {
        return Ok(());
    }
    let problem = if kind.is_dir() {
        "it is a folder, not a file".to_owned()
    } else {
        format!(
            "it is {}, and only regular files are read and written: use the path of a file",
            special(kind)
        )
    };
    Err(io::Error::new(io::ErrorKind::InvalidInput, problem))
}

#[cfg(unix)]
fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match () {
        () if kind.is_fifo() => "a named pipe",
        () if kind.is_socket() => "a socket",
        () if kind.is_char_device() || kind.is_block_device() => "a device",
        () => "not a regular file",
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> &'static str {
    "not a regular file"
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_are_opened_and_the_others_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let (pipe, link) = (folder.path().join("pipe"), folder.path().join("link"));
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success());
        std::os::unix::fs::symlink(&pipe, &link).expect("linked");
        let socket = folder.path().join("socket");
        let _bound = std::os::unix::net::UnixListener::bind(&socket).expect("bound");
        let zero = Path::new("/dev/zero");
        for (path, kind) in
            [(&*pipe, "pipe"), (&*link, "pipe"), (&*socket, "socket"), (zero, "device")]
        {
            let error = read_text(path, 10).expect_err("no regular file").to_string();
            assert!(error.contains(kind), "{}: {error}", path.display());
        }
    }

    #[test]
    fn the_limit_is_the_largest_size() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("text");
        fs::write(&path, "12345").expect("written");
        assert_eq!(read_text(&path, 5).expect("within the limit"), "12345");
        let error = read_text(&path, 4).expect_err("above the limit");
        assert_eq!(error.to_string(), "it is larger than 4 bytes");
    }
}
