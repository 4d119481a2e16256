//! Writing of an estate.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use polars::prelude::*;
use polars_io::parquet::write::{ParquetCompression, ParquetWriter};

use super::chunks::{Chunk, chunk_name};
use super::error::{EstateError, failed};
use super::exchange::exchange;
use super::layout::{BILLING, CACHE, CHUNKS, MANIFEST};
use super::manifest::Manifest;
use super::staging::{Staging, writing};
use crate::table::Table;

/// Returns whether a folder contains only the cache of pulls.
fn is_bare(root: &Path) -> bool {
    fs::read_dir(root).is_ok_and(|mut all| all.all(|e| e.is_ok_and(|e| e.file_name() == CACHE)))
}

/// Removes what an interrupted writer left in a staging folder.
fn clear(root: &Path, staging: &Path) -> Result<(), EstateError> {
    if !staging.exists() {
        return Ok(());
    }
    // The writer may have moved the cache.
    let (left, home) = (staging.join(CACHE), root.join(CACHE));
    if left.exists() && !home.exists() {
        fs::create_dir_all(root).map_err(|e| failed(root, e))?;
        fs::rename(&left, &home).map_err(|e| failed(&left, e))?;
    }
    fs::remove_dir_all(staging).map_err(|e| failed(staging, e))
}

/// Removes what a writer of the estate at `root` left when its process was killed, unless another
/// writer is at work. The estate itself is unchanged.
///
/// # Errors
/// [`EstateError`] if the staging folder cannot be removed.
pub fn remove_unfinished(root: &Path) -> Result<(), EstateError> {
    let Some(name) = root.file_name().map(|name| name.to_string_lossy()) else { return Ok(()) };
    let beside = root.with_file_name(format!(".{name}.lock"));
    let Ok(lock) = fs::File::open(&beside) else { return Ok(()) };
    if lock.try_lock().is_err() {
        return Ok(());
    }
    clear(root, &root.with_file_name(format!(".{name}.writing")))
}

/// Writes an estate next to its final location and moves it there in one step. If a write is
/// interrupted, the previous estate stays.
#[derive(Debug)]
pub struct EstateWriter {
    root: PathBuf,
    staging: PathBuf,
    chunks: Vec<Chunk>,
    _staging: Staging,
    _lock: fs::File,
}

/// Removes what a pull that failed has written so far.
impl Drop for EstateWriter {
    fn drop(&mut self) {
        // A commit that failed may have moved the cache of paid requests: the next writer moves it
        // back.
        if !self.staging.join(CACHE).exists() {
            fs::remove_dir_all(&self.staging).ok();
        }
    }
}

impl EstateWriter {
    /// Starts writing the estate for `root`, once no other writer uses it.
    ///
    /// # Errors
    /// [`EstateError`] if the staging folder cannot be created.
    pub fn create(root: &Path) -> Result<Self, EstateError> {
        let name = root.file_name().ok_or_else(|| failed(root, "has no name"))?.to_string_lossy();
        let beside = root.with_file_name(format!(".{name}.lock"));
        if let Some(parent) = root.parent().filter(|p| !p.as_os_str().is_empty()) {
            fs::create_dir_all(parent).map_err(|e| failed(parent, e))?;
        }
        let lock = fs::File::create(&beside).map_err(|e| failed(&beside, e))?;
        lock.lock().map_err(|e| failed(&beside, e))?;
        if root.exists() && !root.join(MANIFEST).is_file() && !is_bare(root) {
            return Err(failed(
                root,
                "exists and is not an estate: choose another path, or remove it",
            ));
        }
        let staging = root.with_file_name(format!(".{name}.writing"));
        clear(root, &staging)?;
        fs::create_dir_all(&staging).map_err(|e| failed(&staging, e))?;
        let root = root.to_owned();
        Ok(Self { _staging: Staging::of(&staging), root, staging, chunks: Vec::new(), _lock: lock })
    }

    /// Returns the folder of the line items written so far.
    #[must_use]
    pub fn billing(&self) -> PathBuf {
        self.staging.join(BILLING)
    }

    /// Adds one file of line items under `billing/`.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn bill(&self, name: &str, frame: &mut DataFrame) -> Result<(), EstateError> {
        self.parquet(&format!("{BILLING}/{name}"), frame)
    }

    /// Adds a file with charges of a billing period, such as `2026-10`, and adds it to the list of
    /// files that this pull wrote.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn chunk(
        &mut self,
        period: &str,
        number: usize,
        frame: &mut DataFrame,
    ) -> Result<(), EstateError> {
        let file = chunk_name(period, number);
        self.bill(&file, frame)?;
        let path = self.billing().join(&file);
        let bytes = fs::metadata(&path).map_err(|e| failed(&path, e))?.len();
        let line_items = u64::try_from(frame.height()).unwrap_or(u64::MAX);
        self.chunks.push(Chunk { file, bytes, line_items });
        Ok(())
    }

    /// Writes the list of files that this pull wrote. Its files then count as parts of one bill.
    /// See [`Chunks`](super::Chunks).
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn list_chunks(&self) -> Result<(), EstateError> {
        self.json(CHUNKS, &self.chunks)
    }

    /// Adds a table.
    ///
    /// # Errors
    /// [`EstateError`], including a frame without the columns of the table.
    pub fn table(&self, table: &Table, frame: &mut DataFrame) -> Result<(), EstateError> {
        table.check_columns(frame).map_err(|e| failed(&self.staging.join(table.path), e))?;
        self.parquet(table.path, frame)
    }

    /// Adds any other file, such as notes on the data.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn file(&self, name: &str, content: &[u8]) -> Result<(), EstateError> {
        let _writing = writing();
        let path = self.place(name)?;
        fs::write(&path, content).map_err(|e| failed(&path, e))
    }

    fn json(&self, name: &str, value: &impl serde::Serialize) -> Result<(), EstateError> {
        let text = crate::text::json_text(value).map_err(|e| failed(&self.staging, e))?;
        self.file(name, format!("{text}\n").as_bytes())
    }

    /// Writes the manifest and moves the estate to its final location.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn commit(self, manifest: &Manifest) -> Result<(), EstateError> {
        self.json(MANIFEST, manifest)?;
        let _writing = writing();
        let cache = self.root.join(CACHE);
        if cache.exists() {
            fs::rename(&cache, self.staging.join(CACHE)).map_err(|e| failed(&cache, e))?;
        }
        if !self.root.exists() {
            return fs::rename(&self.staging, &self.root).map_err(|e| failed(&self.root, e));
        }
        // The folders are exchanged atomically, so that the estate exists at all times.
        exchange(&self.staging, &self.root).map_err(|e| failed(&self.root, e))?;
        fs::remove_dir_all(&self.staging).map_err(|e| failed(&self.staging, e))
    }

    fn place(&self, name: &str) -> Result<PathBuf, EstateError> {
        let path = self.staging.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|e| failed(parent, e))?;
        }
        Ok(path)
    }

    fn parquet(&self, name: &str, frame: &mut DataFrame) -> Result<(), EstateError> {
        let _writing = writing();
        let path = self.place(name)?;
        let mut file = fs::File::create(&path).map_err(|e| failed(&path, e))?;
        let writer = ParquetWriter::new(&mut file).with_compression(ParquetCompression::Zstd(None));
        writer.finish(frame).map_err(|e| failed(&path, e))?;
        file.flush().map_err(|e| failed(&path, e))
    }
}
