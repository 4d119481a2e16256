//! Who can read a file: only its owner, or whoever could read the file that it replaces.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

/// Mode of a new file that only its owner can read and write.
#[cfg(unix)]
const FILE: u32 = 0o600;
/// Mode of a new folder that only its owner can open.
#[cfg(unix)]
const FOLDER: u32 = 0o700;

/// Creates a file that did not exist, for its owner only (mode 0600). It does not follow a link.
///
/// # Errors
/// The operating system's error.
pub fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(FILE);
    }
    options.open(path)
}

/// Creates a folder and those above it that do not exist, each for its owner only (mode 0700).
///
/// # Errors
/// The operating system's error.
pub fn create_folders(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(FOLDER);
    }
    builder.create(path)
}

/// Mode and owner of a file or folder.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Access {
    #[cfg(unix)]
    mode: Option<u32>,
    #[cfg(unix)]
    owner: Option<(u32, u32)>,
}

#[cfg(unix)]
impl Access {
    /// Access of an existing file or folder; the default is what new ones have.
    pub(crate) fn of(former: Option<&Metadata>) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self { mode: former.map(|m| m.mode() & 0o777), owner: former.map(|m| (m.uid(), m.gid())) }
    }

    /// Gives a new file or folder the same owner, group, and mode.
    ///
    /// # Errors
    /// The owner cannot be preserved, and the former owner could not read the new file.
    pub(crate) fn give(self, path: &Path) -> io::Result<()> {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
        const GROUP_READS_AND_WRITES: u32 = 0o060;
        let now = fs::metadata(path)?;
        if let Some((user, group)) = self.owner.filter(|o| *o != (now.uid(), now.gid())) {
            let is_shared = self.mode.is_some_and(|m| m & 0o060 == GROUP_READS_AND_WRITES);
            if chown(path, Some(user), Some(group)).is_err()
                && !(is_shared && (group == now.gid() || chown(path, None, Some(group)).is_ok()))
            {
                return Err(io::Error::new(
                    io::ErrorKind::PermissionDenied,
                    format!(
                        "it belongs to another user (ID {user}), who could not read it afterwards: \
                         run cost as that user"
                    ),
                ));
            }
        }
        let mode = self.mode.filter(|mode| now.mode() & 0o777 != *mode);
        mode.map_or(Ok(()), |mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)))
    }
}

#[cfg(not(unix))]
impl Access {
    /// Access of an existing file or folder; the default is what new ones have.
    pub(crate) fn of(_: Option<&Metadata>) -> Self {
        Self::default()
    }

    /// Has no effect on this system.
    ///
    /// # Errors
    /// None.
    pub(crate) fn give(self, _: &Path) -> io::Result<()> {
        Ok(())
    }
}
