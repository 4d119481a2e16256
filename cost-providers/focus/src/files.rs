//! [`FocusFiles`]: a bill in files.

use std::collections::BTreeSet;

use cost_bill_files::{Choice, checked, find, open, origins};
use cost_core::focus::{FocusFrame, Origin, Part, Reading, unread};
use cost_core::table::Table;
use cost_provider_api::{
    Capability, Known, Provider, ProviderError, Pulled, Pulling, Steps, refused,
};
use polars::prelude::DataFrame;

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
            // An estate keeps no trace of the files it came from: what a review would refuse must
            // not get into it.
            let opened = checked(&self.choice, |choice| open(&self.location, choice))?;
            let notes = [opened.notes, unread(&opened.files)].concat();
            Ok(Pulled { data: opened.parts, gaps: Vec::new(), notes })
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
