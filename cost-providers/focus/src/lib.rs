//! FOCUS bills from files: CSV, CSV.gz and Parquet; a file, a folder, a glob, hive-partitioned folders.
//!
//! ```no_run
//! use cost_provider_api::BillingSource;
//! use cost_provider_focus::FocusFiles;
//! let bill = FocusFiles::new("bills/").bill(&["team".to_owned()])?;
//! let rollup = cost_core::rollup::roll_up(&bill)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod discover;
mod open;

use cost_core::focus::{FocusFrame, Origin, Part};
use cost_provider_api::{BillingSource, ProviderError};

pub use discover::{BillFile, Format, discover};

/// A bill in files.
#[derive(Clone, Debug)]
pub struct FocusFiles {
    location: String,
}

impl FocusFiles {
    /// The bill at a path: a file, a folder (searched with its sub-folders), or a glob such as `bills/2026-*/*.parquet`.
    #[must_use]
    pub fn new(location: &str) -> Self {
        Self { location: location.to_owned() }
    }

    /// The raw rows of each file, as they are: for `cost validate`.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn raw(&self) -> Result<Vec<Origin>, ProviderError> {
        discover(&self.location)?
            .iter()
            .map(|file| Ok(Origin { label: file.label(), raw: open::scan(file)? }))
            .collect()
    }

    /// Files of one raw schema are scanned together, each schema's files in path order.
    fn parts(&self) -> Result<Vec<Part>, ProviderError> {
        let mut groups: Vec<(open::Shape, Vec<BillFile>)> = Vec::new();
        for file in discover(&self.location)? {
            let shape = open::shape(&file)?;
            match groups.iter_mut().find(|(s, _)| *s == shape) {
                Some((_, files)) => files.push(file),
                None => groups.push((shape, vec![file])),
            }
        }
        let part = |(shape, files): &(open::Shape, Vec<BillFile>)| {
            let origin =
                |f: &BillFile| Ok(Origin { label: f.label(), raw: open::scan_as(std::slice::from_ref(f), shape)? });
            let origins = files.iter().map(origin).collect::<Result<Vec<_>, ProviderError>>()?;
            Ok(Part { chunks: open::chunks(files, shape)?, origins })
        };
        groups.iter().map(part).collect()
    }
}

impl BillingSource for FocusFiles {
    fn describe(&self) -> String {
        self.location.clone()
    }

    fn bill(&self, tag_keys: &[String]) -> Result<FocusFrame, ProviderError> {
        Ok(FocusFrame::from_parts(self.parts()?, tag_keys)?)
    }
}
