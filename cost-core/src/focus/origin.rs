//! Where rows come from: [`Origin`]s, and [`Part`]s of several of one schema.

use polars::prelude::*;

use super::FocusError;
use super::failure::unreadable;
use super::rows::Rows;
use crate::shield::shield;

/// Where rows come from: one file, or a frame an embedder handed over.
#[derive(Clone)]
pub struct Origin {
    /// What to call it in messages: a path, or a name.
    pub label: String,
    /// The raw rows, as the file has them.
    pub rows: Rows,
}

impl Origin {
    /// A frame, under a name for messages.
    ///
    /// # Errors
    /// [`FocusError::Unreadable`] if the frame's columns cannot be told.
    pub fn of_frame(label: &str, frame: LazyFrame) -> Result<Self, FocusError> {
        let rows = Rows::of_frame(frame).map_err(|e| unreadable(label, &e))?;
        Ok(Self { label: label.to_owned(), rows })
    }
}

/// One or more origins of the same raw schema, scanned together.
#[derive(Clone)]
pub struct Part {
    /// The raw rows of all origins. A roll-up goes through them batch by batch, and holds one in
    /// memory at a time at most.
    pub rows: Rows,
    /// The origins one by one, for messages that name file and row.
    pub origins: Vec<Origin>,
}

impl Part {
    /// What errors about all of it call it: its first origin.
    pub(super) fn label(&self) -> &str {
        self.origins.first().map_or("bill", |o| o.label.as_str())
    }

    /// `error`, which `look` ended with on all rows, as an error of the origin it is about: each is
    /// looked at alone, and the first that fails is named, with what is wrong with it. The first of
    /// all if none fails alone.
    pub(super) fn blame<T>(
        &self,
        error: &PolarsError,
        look: impl Fn(&Rows) -> PolarsResult<T>,
    ) -> FocusError {
        let several = if self.origins.len() > 1 { self.origins.as_slice() } else { &[] };
        let failure = |origin: &Origin| {
            let failed = shield(|| look(&origin.rows)).err()?;
            Some(unreadable(&origin.label, &failed))
        };
        several.iter().find_map(failure).unwrap_or_else(|| unreadable(self.label(), error))
    }
}

impl From<Origin> for Part {
    fn from(origin: Origin) -> Self {
        Self { rows: origin.rows.clone(), origins: vec![origin] }
    }
}
