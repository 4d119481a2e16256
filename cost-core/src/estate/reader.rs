//! Opening of an estate on disk.

use std::path::{Path, PathBuf};
use std::{fs, io};

use polars::prelude::*;
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;

use super::error::{EstateError, failed};
use super::identity::Identity;
use super::layout::{BILLING, MANIFEST};
use super::manifest::{self, Manifest};
use crate::commitment::{self, COMMITMENTS, CommitmentMonth, OFFERS, Offers};
use crate::file::open;
use crate::inventory::{INVENTORY, Inventory};
use crate::price::{PRICES, PriceBook};
use crate::recommendation::{self, RECOMMENDATIONS, Recommendation};
use crate::resource_cost::{RESOURCE_COSTS, ResourceCost};
use crate::table::{Table, rows_of};
use crate::usage::{Reading, UTILIZATION, Utilization};

/// Estate on disk. Providers read its line items from [`Estate::billing`]. Fields may be added:
/// build one with `..Estate::bare(billing)?`.
///
/// ```
/// use cost_core::inventory::{Inventory, Kind, Resource};
/// use cost_core::prelude::*;
///
/// // The bill's volume has been attached to nothing since August.
/// let volume = Resource {
///     resource_id: "vol-0a1b2c3d4e5f60001".to_owned(),
///     kind: Kind::Volume,
///     state: Some("available".to_owned()),
///     state_since: "2026-08-01".parse().ok(),
///     size_gb: Some(999),
///     ..Resource::default()
/// };
/// let estate = Estate { inventory: Some(Inventory::new([volume])), ..Estate::bare("example")? };
/// let session = Session::builder().estate(estate).open(&cost_core::example::bill()?)?;
/// let found = session.savings()?.opportunities;
/// assert!(found.iter().any(|o| o.check == "unattached_volume"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Estate {
    /// Manifest; `None` for bare bills.
    pub manifest: Option<Manifest>,
    /// Location of the bills: a file, folder, or glob.
    pub billing: String,
    /// Folder of the estate, and which of the estates at this place was opened; `None` for bare
    /// bills.
    pub opened: Option<(PathBuf, Identity)>,
    /// Inventory, if the estate has it.
    pub inventory: Option<Inventory>,
    /// Utilization, if the estate has it.
    pub utilization: Option<Utilization>,
    /// List prices: the estate's own, and the bundled ones.
    pub prices: PriceBook,
    /// Commitment utilization as the provider reports it; empty if the estate does not have it.
    pub commitments: Vec<CommitmentMonth>,
    /// Commitment offers; empty if the estate does not have them.
    pub offers: Offers,
    /// Provider recommendations; empty if the estate does not have them.
    pub recommendations: Vec<Recommendation>,
    /// Costs by resource and day, for bills without resource IDs; empty if the estate does not have
    /// them.
    pub resource_costs: Vec<ResourceCost>,
}

impl Estate {
    /// Creates an estate of bare bills with the bundled list prices.
    ///
    /// # Errors
    /// [`EstateError`] if the bundled price list is damaged. A test rules this out.
    pub fn bare(billing: &str) -> Result<Self, EstateError> {
        Ok(Self {
            manifest: None,
            billing: billing.to_owned(),
            opened: None,
            inventory: None,
            utilization: None,
            prices: PriceBook::bundled().map_err(|e| failed(Path::new(billing), e))?,
            commitments: Vec::new(),
            offers: Offers::default(),
            recommendations: Vec::new(),
            resource_costs: Vec::new(),
        })
    }

    /// Opens a folder with `estate.json`. Any other path is treated as bare bills, which the
    /// provider validates.
    ///
    /// # Errors
    /// [`EstateError`] if the folder has an `estate.json` but is damaged.
    pub fn open(path: &str) -> Result<Self, EstateError> {
        let root = Path::new(path);
        let manifest_path = root.join(MANIFEST);
        // A pipe or a link without a target is not a missing manifest, but an unreadable one.
        if fs::symlink_metadata(&manifest_path).is_err() {
            return Self::bare(path);
        }
        // Before anything is read, so that a change while it is read is noticed.
        let opened = Identity::at(root).map(|identity| (root.to_owned(), identity));
        let manifest = manifest::read(&manifest_path)?;
        let billing = root.join(BILLING);
        let inventory = optional(root, &INVENTORY, Inventory::from_frame)?;
        let utilization = utilization(&root.join(UTILIZATION.path))?;
        let prices = optional(root, &PRICES, |frame| Ok(frame.clone()))?;
        let book = PriceBook::bundled().and_then(|book| match &prices {
            Some(prices) => book.with(prices),
            None => Ok(book),
        });
        let prices = book.map_err(|e| failed(&root.join(PRICES.path), e))?;
        let commitments = optional(root, &COMMITMENTS, commitment::from_frame)?.unwrap_or_default();
        let offers = optional(root, &OFFERS, Offers::from_frame)?.unwrap_or_default();
        let recommendations =
            optional(root, &RECOMMENDATIONS, recommendation::from_frame)?.unwrap_or_default();
        let resource_costs = optional(root, &RESOURCE_COSTS, rows_of)?.unwrap_or_default();
        let billing = billing.to_string_lossy().into_owned();
        let manifest = Some(manifest);
        Ok(Self {
            manifest,
            billing,
            opened,
            inventory,
            utilization,
            prices,
            commitments,
            offers,
            recommendations,
            resource_costs,
        })
    }

    /// Checks that no pull has replaced the estate since it was opened. Whoever reads its files
    /// calls this at the end: otherwise, parts of the former and of the new estate could be in one
    /// report.
    ///
    /// # Errors
    /// [`EstateError`] if the estate was replaced.
    pub fn is_same(&self) -> Result<(), EstateError> {
        match &self.opened {
            Some((root, identity)) if Identity::at(root) != Some(*identity) => {
                Err(failed(root, "a pull has replaced the estate while it was read: try again"))
            }
            _ => Ok(()),
        }
    }
}

/// Reads a table; `None` if the estate does not have it.
fn optional<T>(
    root: &Path,
    table: &Table,
    read: impl Fn(&DataFrame) -> PolarsResult<T>,
) -> Result<Option<T>, EstateError> {
    let path = &root.join(table.path);
    if is_missing(path) {
        return Ok(None);
    }
    let file = open(path).map_err(|e| failed(path, e))?;
    let frame = ParquetReader::new(file).finish().map_err(|e| failed(path, e))?;
    read(&frame).map(Some).map_err(|e| failed(path, e))
}

/// Whether an estate does not have a file. Something else at its path, such as a pipe, is an error.
fn is_missing(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|e| e.kind() == io::ErrorKind::NotFound)
}

/// Largest number of utilization rows in memory at a time.
const ROWS: usize = 1 << 20;

/// Reads utilization in parts, because months of hours of many resources are too large for one
/// frame.
fn utilization(path: &Path) -> Result<Option<Utilization>, EstateError> {
    if is_missing(path) {
        return Ok(None);
    }
    let open =
        || Ok::<_, EstateError>(ParquetReader::new(open(path).map_err(|e| failed(path, e))?));
    let rows = open()?.num_rows().map_err(|e| failed(path, e))?;
    let mut reading = Reading::default();
    for first in (0..rows.max(1)).step_by(ROWS) {
        let part = open()?.with_slice(Some((first, ROWS))).finish().map_err(|e| failed(path, e))?;
        reading.add(&part).map_err(|e| failed(path, e))?;
    }
    Ok(Some(reading.finish()))
}
