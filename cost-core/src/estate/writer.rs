//! Writing of an estate.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use polars::prelude::*;
use polars_io::parquet::write::{ParquetCompression, ParquetWriter};

use super::chunks::{Chunk, chunk_name};
use super::error::{EstateError, failed};
use super::exchange::exchange;
use super::foreign::{Carried, carry, catch_up, foreign};
use super::former::Former;
use super::layout::{BILLING, CACHE, CHUNKS, MANIFEST};
use super::manifest::Manifest;
use super::noted::Noted;
use super::staging::{Staging, writing};
use super::unfinished::{PATIENCE_SECONDS, restore, staging_of};
use crate::file::{Access, Lock, create_folders, create_new, resolve};
use crate::table::Table;

/// Writes an estate next to its final location and moves it there in one step. If a write is
/// interrupted, the previous estate stays. Files in the folder that no pull wrote stay, too.
///
/// New estates are readable for their owner only (modes 0700 and 0600). A replaced estate keeps the
/// owner and mode of its folder, and its files those of the former `estate.json`.
#[derive(Debug)]
pub struct EstateWriter {
    root: PathBuf,
    staging: PathBuf,
    chunks: Vec<Chunk>,
    _staging: Staging,
    former: Option<Former>,
    /// Access of its folders and files.
    access: (Access, Access),
    /// What was moved from the former estate. It is moved back if the pull fails.
    carried: Carried,
    /// Whether the new estate is at its place.
    is_done: bool,
    _lock: Lock,
}

/// Removes what a pull that failed has written so far.
impl Drop for EstateWriter {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        let is_back = self
            .carried
            .moved()
            .iter()
            .all(|path| fs::rename(self.staging.join(path), self.root.join(path)).is_ok());
        // Otherwise the next writer moves them back.
        if is_back {
            fs::remove_dir_all(&self.staging).ok();
        }
    }
}

impl EstateWriter {
    /// Starts writing the estate for `root`, once no other writer uses it. If `root` is a link, its
    /// target is written.
    ///
    /// # Errors
    /// [`EstateError`] if the staging folder cannot be created, if the folder is no estate or one
    /// of another version, or if others can change it: see [`resolve`].
    pub fn create(root: &Path) -> Result<Self, EstateError> {
        if let Some(parent) = root.parent().filter(|p| !p.as_os_str().is_empty()) {
            create_folders(parent).map_err(|e| failed(parent, e))?;
        }
        let (root, found) = resolve(root).map_err(|e| failed(root, e))?;
        let root = root.as_path();
        let (beside, staging) = staging_of(root).ok_or_else(|| failed(root, "has no name"))?;
        let lock = Lock::take(&beside, ".lock", PATIENCE_SECONDS, &|| ());
        let lock = lock.map_err(|e| failed(root, e))?;
        restore(&staging, root).map_err(|e| failed(&staging, e))?;
        let former = Former::at(root)?;
        let manifest = fs::metadata(root.join(MANIFEST)).ok();
        let access = (Access::of(found.as_ref()), Access::of(manifest.as_ref()));
        create_folders(&staging).map_err(|e| failed(&staging, e))?;
        Ok(Self {
            root: root.to_owned(),
            _staging: Staging::of(&staging, root),
            staging,
            chunks: Vec::new(),
            former,
            access,
            carried: Carried::default(),
            is_done: false,
            _lock: lock,
        })
    }

    /// Returns the estate that this one replaces; `None` if there is none.
    #[must_use]
    pub fn former(&self) -> Option<&Former> {
        self.former.as_ref()
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
        let (path, mut file) = self.place(name)?;
        file.write_all(content).map_err(|e| failed(&path, e))?;
        self.access.1.give(&path).map_err(|e| failed(&path, e))
    }

    fn json(&self, name: &str, value: &impl serde::Serialize) -> Result<(), EstateError> {
        let text = crate::text::json_text(value).map_err(|e| failed(&self.staging, e))?;
        self.file(name, format!("{text}\n").as_bytes())
    }

    /// Writes the manifest and moves the estate to its final location.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn commit(mut self, manifest: &Manifest) -> Result<(), EstateError> {
        self.json(MANIFEST, manifest)?;
        let _writing = writing();
        self.carry_over().map_err(|e| failed(&self.root, e))?;
        if fs::symlink_metadata(&self.root).is_err() {
            fs::rename(&self.staging, &self.root).map_err(|e| failed(&self.root, e))?;
            self.is_done = true;
            return Ok(());
        }
        // The folders are exchanged atomically, so that the estate exists at all times.
        exchange(&self.staging, &self.root).map_err(|e| failed(&self.root, e))?;
        self.is_done = true;
        // If this fails, the next writer moves back what is missing.
        catch_up(&self.staging, &self.root, &self.carried).map_err(|e| failed(&self.root, e))?;
        fs::remove_dir_all(&self.staging).map_err(|e| failed(&self.staging, e))
    }

    /// Moves the cache and the files that no pull wrote from the former estate to the new one.
    fn carry_over(&mut self) -> io::Result<()> {
        for folder in own_folders(&self.staging)? {
            self.access.0.give(&folder)?;
        }
        if fs::symlink_metadata(&self.root).is_err() {
            return Ok(());
        }
        let mut all = foreign(&self.root)?;
        if self.root.join(CACHE).exists() {
            all.push(PathBuf::from(CACHE));
        }
        let written = |path: &PathBuf| fs::symlink_metadata(self.staging.join(path)).is_ok();
        if let Some(path) = all.iter().find(|p| p.starts_with(BILLING) && written(p)) {
            let path = path.display();
            return Err(io::Error::other(format!(
                "{path} is not from a pull and would be replaced: rename it, or move it away"
            )));
        }
        // Files that this writer has written again.
        all.retain(|path| !written(path));
        carry(&all, &self.root, &self.staging, &mut self.carried)
    }

    /// Creates a file of the estate, and its folders.
    fn place(&self, name: &str) -> Result<(PathBuf, fs::File), EstateError> {
        let path = self.staging.join(name);
        if let Some(parent) = path.parent() {
            create_folders(parent).map_err(|e| failed(parent, e))?;
        }
        let file = create_new(&path).map_err(|e| failed(&path, e))?;
        Ok((path, file))
    }

    fn parquet(&self, name: &str, frame: &mut DataFrame) -> Result<(), EstateError> {
        let _writing = writing();
        let (path, mut file) = self.place(name)?;
        let mut noted = Noted::new(&mut file);
        let writer =
            ParquetWriter::new(&mut noted).with_compression(ParquetCompression::Zstd(None));
        if let Err(error) = writer.finish(frame) {
            return Err(failed(&path, noted.reason(&error)));
        }
        file.flush().map_err(|e| failed(&path, e))?;
        self.access.1.give(&path).map_err(|e| failed(&path, e))
    }
}

/// Returns a folder and all folders below it.
fn own_folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all = vec![folder.to_owned()];
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            all.extend(own_folders(&entry.path())?);
        }
    }
    Ok(all)
}
