//! What a report is.

use crate::document::Document;

/// A result that can be shown: a view of it in blocks, which every format can render, and its JSON.
pub trait Report {
    /// Name of its JSON output, as `cost schema NAME` has it; `None` if there is no schema.
    fn schema_name(&self) -> Option<&'static str> {
        None
    }

    /// The result as JSON.
    ///
    /// # Errors
    /// [`ReportError`].
    fn json(&self) -> Result<String, ReportError>;

    /// The result as pages: one a currency, and one with what all of them say. A format shows every
    /// page, in this order, and separates them by what its readers take for the end of a page: see
    /// [`Format`](crate::renderer::Format).
    fn documents(&self, view: &ViewOptions) -> Vec<Document>;
}

/// What a view must know of where it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewOptions {
    /// Rows of the long tables that people see.
    pub top: usize,
    /// Where it is read.
    pub audience: Audience,
}

/// Where a report is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// On a screen, by who ran the command.
    Screen,
    /// As a page that is posted or filed: it names what it is about, and explanations are runbooks
    /// and incident reports.
    Page,
}

/// Why a report cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// JSON.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// CSV.
    #[error("cannot write CSV: {0}")]
    Csv(String),
    /// A format of charts, and a report that has none.
    #[error("this report has no chart; choose another format")]
    NoChart,
}
