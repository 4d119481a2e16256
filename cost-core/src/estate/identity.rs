//! [`Identity`]: which of the estates that pulls have put at one place this is.

use std::fs::{Metadata, symlink_metadata};
use std::path::Path;
use std::time::SystemTime;

use super::layout::MANIFEST;

/// Identity of the estate at a path: that of its `estate.json`, which every pull writes anew. A pull
/// replaces the folder in one step. A reader opens its files one after the other, so it has parts of
/// two estates if the identity at its end is another one than at its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Size in bytes, and time of the last change of the content.
    content: (u64, Option<SystemTime>),
    /// Device, file number, and time of the last change of file or metadata (`stat(2)`). File
    /// numbers are used again once a file is removed, times are not.
    #[cfg(unix)]
    file: (u64, u64, i64, i64),
}

impl Identity {
    /// Returns the identity of the estate at `path`; `None` if there is none, as for bare bills.
    #[must_use]
    pub fn at(path: &Path) -> Option<Self> {
        symlink_metadata(path.join(MANIFEST)).ok().map(|manifest| Self::of(&manifest))
    }

    fn of(manifest: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Self {
            content: (manifest.len(), manifest.modified().ok()),
            #[cfg(unix)]
            file: (manifest.dev(), manifest.ino(), manifest.ctime(), manifest.ctime_nsec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn another_manifest_of_the_same_content_is_another_estate() {
        let folder = tempfile::tempdir().expect("a folder");
        let (root, next) = (folder.path().join("estate"), folder.path().join("next"));
        assert_eq!(Identity::at(&root), None);
        for folder in [&root, &next] {
            fs::create_dir(folder).expect("created");
            fs::write(folder.join(MANIFEST), "{}").expect("written");
        }
        let first = Identity::at(&root);
        assert!(first.is_some());
        fs::write(root.join("alerts.json"), "{}").expect("written");
        assert_eq!(Identity::at(&root), first, "other files in the folder change nothing");
        fs::rename(&root, folder.path().join("old")).expect("moved");
        assert_eq!(Identity::at(&folder.path().join("old")), first, "nor does another place");
        fs::rename(&next, &root).expect("moved");
        assert!(Identity::at(&root).is_some_and(|now| Some(now) != first));
    }
}
