//! An estate: a directory that holds everything a review needs, so that the review can be replayed from it, offline.
//!
//! ```text
//! estate.json                      what it is, as of when, and what is missing from it
//! billing/**                       bills: Parquet (as pulls write them), or tables of text
//! chunks.json                      the files of billing/ that the pull wrote, with sizes and line items
//! inventory/resources.parquet      columns: crate::inventory::COLUMNS          (optional)
//! utilization/hourly.parquet       columns: crate::usage::COLUMNS              (optional)
//! prices/list.parquet              columns: crate::price::COLUMNS              (optional)
//! commitments/monthly.parquet      columns: crate::commitment::COLUMNS         (optional)
//! commitments/offers.parquet       columns: crate::commitment::OFFER_COLUMNS   (optional)
//! resources/daily.parquet          columns: crate::resource_cost::COLUMNS      (optional)
//! recommendations/list.parquet     columns: crate::recommendation::COLUMNS     (optional)
//! ```
//!
//! A bare file or folder of bills is an estate with billing only.

mod chunks;
mod layout;

pub use chunks::Chunks;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use polars::prelude::*;
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use polars_io::parquet::write::{ParquetCompression, ParquetWriter};
use serde::{Deserialize, Serialize};

use self::chunks::{CHUNKS, Chunk, chunk_name};
use self::layout::{
    BILLING, COMMITMENTS, INVENTORY, MANIFEST, OFFERS, PRICES, RECOMMENDATIONS, RESOURCE_COSTS, UTILIZATION,
};
use crate::commitment::{self, CommitmentMonth, Offers};
use crate::inventory::Inventory;
use crate::price::PriceBook;
use crate::recommendation::{self, Recommendation};
use crate::resource_cost::{self, ResourceCost};
use crate::usage::{Reading, Utilization};

/// Version of the directory layout.
pub const FORMAT: u32 = 1;

/// `estate.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Layout version, [`FORMAT`].
    pub format: u32,
    /// What to call it.
    pub name: String,
    /// The day it was pulled: charges up to the day before can be in it.
    pub as_of: NaiveDate,
    /// Tag keys to group by when none are asked for.
    #[serde(default)]
    pub tag_keys: Vec<String>,
    /// What could not be pulled, a line each; the review says it is partial.
    #[serde(default)]
    pub partial: Vec<String>,
    /// What a reader of the bill should know of the files it came from, a line each: those left out, and what exports do not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Why an estate cannot be opened or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EstateError {
    /// A file is missing, unreadable or cannot be written.
    #[error("{path}: {problem}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong, and what to do.
        problem: String,
    },
}

fn failed(path: &Path, problem: impl ToString) -> EstateError {
    EstateError::File { path: path.to_owned(), problem: problem.to_string() }
}

/// An estate on disk. Line items are read by a provider, from [`Estate::billing`].
#[derive(Clone, Debug)]
pub struct Estate {
    /// The manifest; `None` for bare bills.
    pub manifest: Option<Manifest>,
    /// Where the bills are: a file, folder or glob.
    pub billing: String,
    /// What exists, if known.
    pub inventory: Option<Inventory>,
    /// How busy it is, if known.
    pub utilization: Option<Utilization>,
    /// List prices: the estate's own, and the bundled ones.
    pub prices: PriceBook,
    /// How well commitments are used, as the provider says; empty if it does not.
    pub commitments: Vec<CommitmentMonth>,
    /// What commitments are offered; empty if the estate does not say.
    pub offers: Offers,
    /// What the provider recommends; empty if it does not.
    pub recommendations: Vec<Recommendation>,
    /// Costs by resource and day, where the bill names no resources; empty if the estate does not have them.
    pub resource_costs: Vec<ResourceCost>,
}

impl Estate {
    /// Bare bills, with the list prices that come with the library.
    ///
    /// # Errors
    /// [`EstateError`] if the bundled price list is damaged, which a test rules out.
    pub fn bare(billing: &str) -> Result<Self, EstateError> {
        Ok(Self {
            manifest: None,
            billing: billing.to_owned(),
            inventory: None,
            utilization: None,
            prices: PriceBook::bundled().map_err(|e| failed(Path::new(billing), e))?,
            commitments: Vec::new(),
            offers: Offers::default(),
            recommendations: Vec::new(),
            resource_costs: Vec::new(),
        })
    }

    /// Opens a directory with `estate.json`; anything else is taken as bare bills and left for the provider to judge.
    ///
    /// # Errors
    /// [`EstateError`] if the directory claims to be an estate and is damaged.
    pub fn open(path: &str) -> Result<Self, EstateError> {
        let root = Path::new(path);
        let manifest_path = root.join(MANIFEST);
        if !manifest_path.is_file() {
            return Self::bare(path);
        }
        let text = fs::read_to_string(&manifest_path).map_err(|e| failed(&manifest_path, e))?;
        let manifest: Manifest =
            serde_json::from_str(&text).map_err(|e| failed(&manifest_path, format!("not a manifest: {e}")))?;
        if manifest.format != FORMAT {
            let problem =
                format!("layout version {} is not {FORMAT}; pull the estate again with this version", manifest.format);
            return Err(failed(&manifest_path, problem));
        }
        let billing = root.join(BILLING);
        let inventory = optional(&root.join(INVENTORY), Inventory::from_frame)?;
        let utilization = utilization(&root.join(UTILIZATION))?;
        let prices = optional(&root.join(PRICES), |frame| Ok(frame.clone()))?;
        let book = PriceBook::bundled().and_then(|book| match &prices {
            Some(prices) => book.with(prices),
            None => Ok(book),
        });
        let prices = book.map_err(|e| failed(&root.join(PRICES), e))?;
        let commitments = optional(&root.join(COMMITMENTS), commitment::from_frame)?.unwrap_or_default();
        let offers = optional(&root.join(OFFERS), Offers::from_frame)?.unwrap_or_default();
        let recommendations = optional(&root.join(RECOMMENDATIONS), recommendation::from_frame)?.unwrap_or_default();
        let billing = billing.to_string_lossy().into_owned();
        let resource_costs = optional(&root.join(RESOURCE_COSTS), resource_cost::from_frame)?.unwrap_or_default();
        let manifest = Some(manifest);
        Ok(Self {
            manifest,
            billing,
            inventory,
            utilization,
            prices,
            commitments,
            offers,
            recommendations,
            resource_costs,
        })
    }
}

/// Whether a folder holds nothing but what pulls remember.
fn is_bare(root: &Path) -> bool {
    fs::read_dir(root).is_ok_and(|mut all| all.all(|e| e.is_ok_and(|e| e.file_name() == CACHE)))
}

#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        // Some file systems cannot.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => in_turn(a, b),
        other => Ok(other?),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(a: &Path, b: &Path) -> std::io::Result<()> {
    in_turn(a, b)
}

/// Where two folders cannot change places at once. Killed between the renames, `b` stands at `b.old`.
fn in_turn(a: &Path, b: &Path) -> std::io::Result<()> {
    let old = a.with_extension("old");
    fs::rename(b, &old)?;
    fs::rename(a, b)?;
    fs::rename(&old, a)
}

fn optional<T>(path: &Path, read: impl Fn(&DataFrame) -> PolarsResult<T>) -> Result<Option<T>, EstateError> {
    if !path.is_file() {
        return Ok(None);
    }
    let file = fs::File::open(path).map_err(|e| failed(path, e))?;
    let frame = ParquetReader::new(file).finish().map_err(|e| failed(path, e))?;
    read(&frame).map(Some).map_err(|e| failed(path, e))
}

/// Rows of utilization that are in memory at a time.
const ROWS: usize = 1 << 20;

/// Months of hours of many resources are more than a frame of them should hold: they are read part by part.
fn utilization(path: &Path) -> Result<Option<Utilization>, EstateError> {
    if !path.is_file() {
        return Ok(None);
    }
    let open = || Ok::<_, EstateError>(ParquetReader::new(fs::File::open(path).map_err(|e| failed(path, e))?));
    let rows = open()?.num_rows().map_err(|e| failed(path, e))?;
    let mut reading = Reading::default();
    for first in (0..rows.max(1)).step_by(ROWS) {
        let part = open()?.with_slice(Some((first, ROWS))).finish().map_err(|e| failed(path, e))?;
        reading.add(&part).map_err(|e| failed(path, e))?;
    }
    Ok(Some(reading.finish()))
}

/// Writes an estate beside its final place and moves it there in one step: a write that is killed leaves what was there.
#[derive(Debug)]
pub struct EstateWriter {
    root: PathBuf,
    staging: PathBuf,
    chunks: Vec<Chunk>,
    _lock: fs::File,
}

/// What pulls remember from one to the next, in the estate's folder: answers that cost money, files already fetched. No part of
/// what a review reads.
const CACHE: &str = ".cache";

impl EstateWriter {
    /// Starts writing the estate that will stand at `root`, once no other writer is at it.
    ///
    /// # Errors
    /// [`EstateError`] if the staging directory cannot be made.
    pub fn create(root: &Path) -> Result<Self, EstateError> {
        let name = root.file_name().ok_or_else(|| failed(root, "has no name"))?.to_string_lossy();
        let beside = root.with_file_name(format!(".{name}.lock"));
        if let Some(parent) = root.parent().filter(|p| !p.as_os_str().is_empty()) {
            fs::create_dir_all(parent).map_err(|e| failed(parent, e))?;
        }
        let lock = fs::File::create(&beside).map_err(|e| failed(&beside, e))?;
        lock.lock().map_err(|e| failed(&beside, e))?;
        if root.exists() && !root.join(MANIFEST).is_file() && !is_bare(root) {
            return Err(failed(root, "is there and is no estate: choose another place, or remove it"));
        }
        let staging = root.with_file_name(format!(".{name}.writing"));
        if staging.exists() {
            // A writer that was killed may have taken the cache along.
            let (left, home) = (staging.join(CACHE), root.join(CACHE));
            if left.exists() && !home.exists() {
                fs::create_dir_all(root).map_err(|e| failed(root, e))?;
                fs::rename(&left, &home).map_err(|e| failed(&left, e))?;
            }
            fs::remove_dir_all(&staging).map_err(|e| failed(&staging, e))?;
        }
        fs::create_dir_all(&staging).map_err(|e| failed(&staging, e))?;
        Ok(Self { root: root.to_owned(), staging, chunks: Vec::new(), _lock: lock })
    }

    /// Where the line items written so far are.
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

    /// Adds a file of the charges of a billing period, such as `2026-10`, and puts it on the list of those that this pull wrote.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn chunk(&mut self, period: &str, number: usize, frame: &mut DataFrame) -> Result<(), EstateError> {
        let file = chunk_name(period, number);
        self.bill(&file, frame)?;
        let path = self.billing().join(&file);
        let bytes = fs::metadata(&path).map_err(|e| failed(&path, e))?.len();
        let line_items = u64::try_from(frame.height()).unwrap_or(u64::MAX);
        self.chunks.push(Chunk { file, bytes, line_items });
        Ok(())
    }

    /// Writes the list of the files that this pull wrote: from then on they are parts of one bill. See [`Chunks`].
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn list_chunks(&self) -> Result<(), EstateError> {
        let text = crate::visible::json_text(&self.chunks).map_err(|e| failed(&self.staging, e))?;
        self.file(CHUNKS, format!("{text}\n").as_bytes())
    }

    /// Adds the inventory.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn inventory(&self, frame: &mut DataFrame) -> Result<(), EstateError> {
        self.parquet(INVENTORY, frame)
    }

    /// Adds the utilization.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn utilization(&self, frame: &mut DataFrame) -> Result<(), EstateError> {
        self.parquet(UTILIZATION, frame)
    }

    /// Adds the list prices.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn prices(&self, frame: &mut DataFrame) -> Result<(), EstateError> {
        self.parquet(PRICES, frame)
    }

    /// Adds how well commitments are used.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn commitments(&self, frame: &mut DataFrame) -> Result<(), EstateError> {
        self.parquet(COMMITMENTS, frame)
    }

    /// Adds what commitments are offered.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn offers(&self, frame: &mut DataFrame) -> Result<(), EstateError> {
        self.parquet(OFFERS, frame)
    }

    /// Adds what the provider recommends.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn recommendations(&self, frame: &mut DataFrame) -> Result<(), EstateError> {
        self.parquet(RECOMMENDATIONS, frame)
    }

    /// Adds costs by resource and day.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn resource_costs(&self, frame: &mut DataFrame) -> Result<(), EstateError> {
        self.parquet(RESOURCE_COSTS, frame)
    }

    /// Adds any other file, such as notes that go with the data.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn file(&self, name: &str, content: &[u8]) -> Result<(), EstateError> {
        let path = self.place(name)?;
        fs::write(&path, content).map_err(|e| failed(&path, e))
    }

    /// Writes the manifest and moves the estate to its place.
    ///
    /// # Errors
    /// [`EstateError`].
    pub fn commit(self, manifest: &Manifest) -> Result<(), EstateError> {
        let text = crate::visible::json_text(manifest).map_err(|e| failed(&self.staging, e))?;
        self.file(MANIFEST, format!("{text}\n").as_bytes())?;
        let cache = self.root.join(CACHE);
        if cache.exists() {
            fs::rename(&cache, self.staging.join(CACHE)).map_err(|e| failed(&cache, e))?;
        }
        if !self.root.exists() {
            return fs::rename(&self.staging, &self.root).map_err(|e| failed(&self.root, e));
        }
        // The two change places at once: there is no moment without an estate.
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
        let path = self.place(name)?;
        let mut file = fs::File::create(&path).map_err(|e| failed(&path, e))?;
        let writer = ParquetWriter::new(&mut file).with_compression(ParquetCompression::Zstd(None));
        writer.finish(frame).map_err(|e| failed(&path, e))?;
        file.flush().map_err(|e| failed(&path, e))
    }
}
