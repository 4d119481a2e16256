//! Bills from files: FOCUS, AWS Cost and Usage Reports, Azure cost details and Google Cloud's
//! billing export, as Parquet or tables of text; a file, a folder, a glob, hive-partitioned
//! folders, exports with manifests.
//!
//! ```no_run
//! use cost_provider_focus::FocusFiles;
//! let bill = FocusFiles::new("bills/").bill(&["team".to_owned()])?;
//! let rollup = cost_core::rollup::roll_up(&bill)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::path::Path;

pub use cost_bill_files::{Choice, on_reading, without_older};
use cost_bill_files::{checked, find, open, origins, text_of};
use cost_core::exchange::RateTable;
use cost_core::focus::{FocusFrame, Origin, Part, Reading, unread};
use cost_provider_api::{BillingSource, ProviderError, Pulled, Pulling};

/// A bill in files.
#[derive(Clone, Debug)]
pub struct FocusFiles {
    location: String,
    choice: Choice,
}

impl FocusFiles {
    /// The bill at a path: a file, a folder (searched with its sub-folders), or a glob such as
    /// `bills/2026-*/*.parquet`.
    #[must_use]
    pub fn new(location: &str) -> Self {
        Self { location: location.to_owned(), choice: Choice::default() }
    }

    /// The same, but of its files only those chosen.
    #[must_use]
    pub fn choosing(self, choice: Choice) -> Self {
        Self { choice, ..self }
    }

    /// The charges of each file, as they are: for `cost validate`. And which exports they are made
    /// from, of files that are no FOCUS.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn raw(&self) -> Result<(Vec<Origin>, Vec<String>), ProviderError> {
        origins(&find(&self.location, &self.choice)?.files)
    }

    /// The line items, checked and still lazy, with the chosen tag keys kept.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn bill(&self, tag_keys: &[String]) -> Result<FocusFrame, ProviderError> {
        self.bill_as(tag_keys, &Reading::default())
    }

    /// As [`FocusFiles::bill`], but as [`Reading`] says.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn bill_as(
        &self,
        tag_keys: &[String],
        reading: &Reading,
    ) -> Result<FocusFrame, ProviderError> {
        let opened = open(&self.location, &self.choice)?;
        let bill = FocusFrame::read(opened.parts, tag_keys, reading)?;
        Ok(bill.with_files(opened.files).with_notes(opened.notes))
    }
}

/// The exchange rates of a file: see [`RateTable::parse`]. It may be packed, as the European
/// Central Bank's is.
///
/// # Errors
/// [`ProviderError`] if it cannot be read, or holds no rates.
pub fn exchange_rates(path: &Path) -> Result<RateTable, ProviderError> {
    let name = path.display().to_string();
    let text = text_of(path).map_err(|e| ProviderError::unreadable(&name, e))?;
    RateTable::parse(&name, &text).map_err(|e| ProviderError::unreadable(&name, e))
}

impl BillingSource for FocusFiles {
    fn describe(&self) -> String {
        self.location.clone()
    }

    fn billing(&self) -> Pulling<'_, Vec<Part>> {
        Box::pin(async {
            // An estate keeps no trace of the files it came from: what a review would refuse must
            // not get into it.
            let opened = checked(&self.choice, |choice| open(&self.location, choice))?;
            let notes = [opened.notes, unread(&opened.files)].concat();
            Ok(Pulled { data: opened.parts, gaps: Vec::new(), notes })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::FocusFiles;

    #[test]
    fn files_hold_what_every_provider_must() {
        let sample =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../datasets/focus/focus_sample_1000.csv");
        let unmet = futures::executor::block_on(cost_provider_api::conformance::billing(
            &FocusFiles::new(sample),
        ));
        assert_eq!(unmet.expect("the sample can be read"), Vec::<String>::new());
    }
}
