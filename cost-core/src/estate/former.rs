//! The estate that a pull replaces.

use std::fs;
use std::path::{Path, PathBuf};

use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;

use super::chunks::read_list;
use super::error::{EstateError, failed};
use super::layout::{CACHE, CHUNKS, MANIFEST};
use super::manifest::{self, Manifest};
use crate::file::open;
use crate::table::Table;

/// Estate that a pull replaces, for comparisons of how much data both have.
#[derive(Debug)]
pub struct Former {
    root: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
}

impl Former {
    /// Reads the manifest of the estate at `root`; `None` if there is nothing but the cache of a
    /// pull.
    ///
    /// # Errors
    /// [`EstateError`]: the folder is no estate, or its manifest is damaged or of another version.
    /// Such a folder is not replaced.
    pub(super) fn at(root: &Path) -> Result<Option<Self>, EstateError> {
        let path = root.join(MANIFEST);
        if fs::symlink_metadata(&path).is_ok() {
            let manifest = manifest::read(&path)?;
            return Ok(Some(Self { root: root.to_owned(), manifest }));
        }
        if fs::symlink_metadata(root).is_err() || is_bare(root) {
            return Ok(None);
        }
        Err(failed(root, "exists and is not an estate: choose another path, or remove it"))
    }

    /// Returns the number of rows of a table; 0 if the estate does not have it, or it cannot be
    /// read.
    #[must_use]
    pub fn rows(&self, table: &Table) -> usize {
        let file = open(&self.root.join(table.path)).ok();
        file.and_then(|file| ParquetReader::new(file).num_rows().ok()).unwrap_or(0)
    }

    /// Returns the number of charges that the pull wrote; `None` if it left no list of its files.
    #[must_use]
    pub fn line_items(&self) -> Option<u64> {
        let chunks = read_list(&self.root.join(CHUNKS))?;
        Some(chunks.iter().map(|chunk| chunk.line_items).sum())
    }
}

/// Returns whether a folder contains only the cache of pulls.
fn is_bare(root: &Path) -> bool {
    fs::read_dir(root).is_ok_and(|mut all| all.all(|e| e.is_ok_and(|e| e.file_name() == CACHE)))
}
