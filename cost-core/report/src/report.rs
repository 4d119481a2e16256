//! The trait of all reports, and their options and errors.

use crate::document::Document;

/// Result with two representations: documents of blocks, which every format renders, and JSON.
pub trait Report {
    /// Returns the name of its JSON schema for `cost schema NAME`; `None` if there is none.
    fn schema_name(&self) -> Option<&'static str> {
        None
    }

    /// Returns the result as JSON.
    ///
    /// # Errors
    /// Returns [`ReportError::Json`] if serialization fails.
    fn json(&self) -> Result<String, ReportError>;

    /// Returns the result as pages: one per currency, and one with the notes they have in common. A
    /// format shows every page in this order and separates them as usual for its readers; see
    /// [`Format`](crate::renderer::Format).
    fn documents(&self, view: &ViewOptions) -> Vec<Document>;
}

/// Options for a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewOptions {
    /// Maximum rows of long tables in formats for people.
    pub top: usize,
    /// Where the report is read.
    pub audience: Audience,
}

/// Where a report is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// On a screen, by the person who ran the command.
    Screen,
    /// As a page that is posted or stored: it has a title, and explanations are runbooks and
    /// incident reports.
    Page,
    /// As a page that folds, sorts, and filters. It shows all rows, and details where they are
    /// needed.
    Interactive,
}

impl Audience {
    /// Returns whether the report is read apart from the command that made it: as a page of either
    /// kind.
    #[must_use]
    pub fn is_page(self) -> bool {
        matches!(self, Self::Page | Self::Interactive)
    }
}

/// Reason why a report cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// JSON serialization failed.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// CSV output failed.
    #[error("cannot write CSV: {0}")]
    Csv(String),
    /// The workbook could not be written.
    #[error("cannot write the workbook: {0}")]
    Workbook(String),
    /// The format is not text.
    #[error("this format is not text; write it to a file with --output")]
    NotText,
    /// The format is for charts, and the report has none.
    #[error("this report has no chart; choose another format")]
    NoChart,
}
