//! What an output format is.

use crate::report::{Report, ReportError};

/// How to render.
#[derive(Clone, Copy, Debug)]
pub struct RenderOptions {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to use colors.
    pub color: bool,
    /// Rows of the long tables that people see.
    pub top: usize,
}

/// An output format. All text of a document may be untrusted: a format escapes it, but for
/// [`Block::Markdown`](crate::document::Block::Markdown).
///
/// A report has one or more documents. A format for people joins all of them, with a rule between
/// two: a line of `═`, in Markdown `---`. A format for machines makes one file of them that a
/// parser of its kind reads: CSV has one header and the currency in each row, SVG the first chart.
pub trait Format: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// What it is for, in a few words of `--help`.
    fn about(&self) -> &'static str;

    /// A report in this format.
    ///
    /// # Errors
    /// [`ReportError`].
    fn render(&self, report: &dyn Report, options: &RenderOptions) -> Result<String, ReportError>;
}
