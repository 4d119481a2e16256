//! Sources of rows: [`Origin`]s, and [`Part`]s of several origins with one schema.

use polars::prelude::*;

use super::FocusError;
use super::failure::unreadable;
use super::rows::Rows;
use crate::shield::shield;

/// Source of rows: one file, or a frame from an embedding program.
#[derive(Clone)]
pub struct Origin {
    /// Name in messages, such as a path.
    pub label: String,
    /// Raw rows, as in the file.
    pub rows: Rows,
}

impl Origin {
    /// Creates an origin from a frame, with a name for messages.
    ///
    /// # Errors
    /// [`FocusError::Unreadable`] if the frame's columns cannot be determined.
    pub fn of_frame(label: &str, frame: LazyFrame) -> Result<Self, FocusError> {
        let rows = Rows::of_frame(frame).map_err(|e| unreadable(label, &e))?;
        Ok(Self { label: label.to_owned(), rows })
    }
}

/// One or more origins with the same raw schema, scanned together.
#[derive(Clone)]
pub struct Part {
    /// Raw rows of all origins. A roll-up reads them batch by batch, with at most one batch in
    /// memory.
    pub rows: Rows,
    /// Individual origins, for messages that name file and row.
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
