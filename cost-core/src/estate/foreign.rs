//! Files in the folder of an estate that no pull wrote: they stay when a pull replaces the estate.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::chunks::read_list;
use super::layout::{BILLING, CACHE, CHUNKS, MANIFEST};
use super::tables::TABLES;

/// Returns the paths in the folder of an estate, relative to it, that a pull does not write, in
/// order. Of a folder that a pull does not write, only the folder itself is returned. All files in
/// `billing` are the pull's if it has left no list of them.
///
/// # Errors
/// The operating system's error if a folder cannot be listed.
pub(super) fn foreign(root: &Path) -> io::Result<Vec<PathBuf>> {
    let listed = read_list(&root.join(CHUNKS));
    let mut own: BTreeSet<PathBuf> = [MANIFEST, CHUNKS, CACHE]
        .into_iter()
        .chain(TABLES.iter().map(|t| t.path))
        .map(PathBuf::from)
        .collect();
    match listed {
        Some(chunks) => own.extend(chunks.iter().map(|c| Path::new(BILLING).join(&c.file))),
        None => {
            own.insert(PathBuf::from(BILLING));
        }
    }
    let mut found = Vec::new();
    list(root, Path::new(""), &own, &mut found)?;
    found.sort();
    Ok(found)
}

fn list(
    root: &Path,
    below: &Path,
    own: &BTreeSet<PathBuf>,
    found: &mut Vec<PathBuf>,
) -> io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if own.contains(&path) {
            continue;
        }
        if entry.file_type()?.is_dir() && own.iter().any(|o| o.starts_with(&path)) {
            list(root, &path, own, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

/// Paths that [`carry`] moved.
#[derive(Debug, Default)]
pub(super) struct Carried {
    /// All paths, with the identity of what was moved.
    all: Vec<(PathBuf, Option<Identity>)>,
    /// Paths that are no longer in the former folder.
    moved: Vec<PathBuf>,
}

impl Carried {
    /// Returns the paths that are no longer in the former folder.
    pub(super) fn moved(&self) -> &[PathBuf] {
        &self.moved
    }
}

/// Moves each path from one folder to another. Files are linked, so that they exist in both until
/// the former folder is removed. Adds the paths that were moved to `carried`, also if one fails.
pub(super) fn carry(
    paths: &[PathBuf],
    from: &Path,
    to: &Path,
    carried: &mut Carried,
) -> io::Result<()> {
    for path in paths {
        let (source, target) = (from.join(path), to.join(path));
        if let Some(parent) = target.parent() {
            crate::file::create_folders(parent)?;
        }
        let is_folder = fs::symlink_metadata(&source)?.is_dir();
        if is_folder || fs::hard_link(&source, &target).is_err() {
            fs::rename(&source, &target)?;
            carried.moved.push(path.clone());
        }
        let identity = identity(&fs::symlink_metadata(&target)?);
        carried.all.push((path.clone(), identity));
    }
    Ok(())
}

/// Moves what another process has written to the folder `from` since [`carry`]: new paths, and
/// files that it has replaced, such as the state file of a job. What was also replaced in `to`, or
/// removed there, stays so.
pub(super) fn catch_up(from: &Path, to: &Path, carried: &Carried) -> io::Result<()> {
    for path in foreign(from)? {
        let (source, target) = (from.join(&path), to.join(&path));
        let Ok(late) = fs::symlink_metadata(&source) else { continue };
        let before = carried.all.iter().find(|(p, _)| *p == path).and_then(|(_, id)| *id);
        let is_new = before.is_none() || identity(&late) != before;
        let is_free = match fs::symlink_metadata(&target) {
            Err(_) => true,
            Ok(there) => before.is_some() && identity(&there) == before && !there.is_dir(),
        };
        if is_new && is_free && !(late.is_dir() && target.exists()) {
            if let Some(parent) = target.parent() {
                crate::file::create_folders(parent)?;
            }
            fs::rename(source, target)?;
        }
    }
    Ok(())
}

/// Device and number of a file. Replacing a file changes them, writing to it does not.
type Identity = (u64, u64);

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no such numbers")]
fn identity(of: &fs::Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    Some((of.dev(), of.ino()))
}

#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> Option<Identity> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_between_carrying_and_exchange_is_not_lost() {
        let folder = tempfile::tempdir().expect("a folder");
        let (from, to) = (folder.path().join("former"), folder.path().join("new"));
        fs::create_dir_all(from.join(".git")).expect("created");
        fs::create_dir(&to).expect("created");
        let put = |root: &Path, name: &str, text: &str| {
            fs::write(root.join("part"), text).expect("written");
            fs::rename(root.join("part"), root.join(name)).expect("replaced");
        };
        let names = ["a.json", "b.json", "c.json", "d.json"];
        for name in &names {
            put(&from, name, "1");
        }
        put(&from, ".git/HEAD", "1");
        let mut carried = Carried::default();
        carry(&foreign(&from).expect("listed"), &from, &to, &mut carried).expect("carried");
        assert_eq!(carried.moved(), [PathBuf::from(".git")]);
        // A job replaces two state files, and adds one. After the exchange, another one replaces
        // the second file, and removes the third.
        put(&from, "a.json", "2");
        put(&from, "b.json", "2");
        put(&from, "late.json", "2");
        put(&to, "b.json", "3");
        fs::remove_file(to.join("c.json")).expect("removed");
        catch_up(&from, &to, &carried).expect("moved");
        let text = |name: &str| fs::read_to_string(to.join(name)).ok();
        let found = ["a.json", "b.json", "c.json", "d.json", "late.json", ".git/HEAD"].map(text);
        let expected = [Some("2"), Some("3"), None, Some("1"), Some("2"), Some("1")];
        assert_eq!(found.each_ref().map(Option::as_deref), expected);
    }
}
