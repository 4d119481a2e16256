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

/// Moves each path from one folder to another. Files are linked, so that they exist in both until
/// the former folder is removed. Returns the paths that were moved, also if one fails.
pub(super) fn carry(
    paths: &[PathBuf],
    from: &Path,
    to: &Path,
    moved: &mut Vec<PathBuf>,
) -> io::Result<()> {
    for path in paths {
        let (source, target) = (from.join(path), to.join(path));
        if let Some(parent) = target.parent() {
            crate::file::create_folders(parent)?;
        }
        let is_folder = fs::symlink_metadata(&source)?.is_dir();
        if !is_folder && fs::hard_link(&source, &target).is_ok() {
            continue;
        }
        fs::rename(&source, &target)?;
        moved.push(path.clone());
    }
    Ok(())
}
