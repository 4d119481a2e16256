//! [`FocusFiles`]: a bill in files.

use std::collections::BTreeSet;

use cost_bill_files::{Choice, checked, find, open, origins};
use cost_core::focus::{FocusFrame, Origin, Part, Reading, unread};
use cost_core::table::Table;
use cost_provider_api::{
    Capability, Known, Provider, ProviderError, Pulled, Pulling, Steps, refused,
};
use polars::prelude::DataFrame;

/// Bill in files.
#[derive(Clone, Debug)]
pub struct FocusFiles {
    location: String,
    choice: Choice,
}

impl FocusFiles {
    /// Creates the bill at a path: a file, a folder (searched with its subfolders), or a glob such
    /// as `bills/2026-*/*.parquet`.
    #[must_use]
    pub fn new(location: &str) -> Self {
        Self { location: location.to_owned(), choice: Choice::default() }
    }

    /// Selects the files of the bill.
    #[must_use]
    pub fn choosing(self, choice: Choice) -> Self {
        Self { choice, ..self }
    }

    /// Returns the charges of each file, unchanged, for `cost validate`, and the export formats of
    /// files that are not FOCUS.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn raw(&self) -> Result<(Vec<Origin>, Vec<String>), ProviderError> {
        origins(&find(&self.location, &self.choice)?.files)
    }

    /// Returns the line items, checked and lazy, with the given tag keys.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn bill(&self, tag_keys: &[String]) -> Result<FocusFrame, ProviderError> {
        self.bill_as(tag_keys, &Reading::default())
    }

    /// Like [`FocusFiles::bill`], with the options of [`Reading`].
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

impl Provider for FocusFiles {
    fn name(&self) -> &'static str {
        "files"
    }

    fn describe(&self) -> String {
        self.location.clone()
    }

    fn capabilities(&self) -> BTreeSet<Capability> {
        BTreeSet::from([Capability::Billing])
    }

    fn bill<'a>(&'a self, _: &'a Steps) -> Pulling<'a, Vec<Part>> {
        Box::pin(async {
            // An estate does not record its source files. Data that a review would refuse must not
            // get into it.
            let opened = checked(&self.choice, |choice| open(&self.location, choice))?;
            let notes = [opened.notes, unread(&opened.files)].concat();
            Ok(Pulled::complete(opened.parts).with_notes(notes))
        })
    }

    fn table<'a>(
        &'a self,
        table: &'static Table,
        _: &'a Known,
        _: &'a Steps,
    ) -> Pulling<'a, DataFrame> {
        refused(self.name(), table.label)
    }
}
