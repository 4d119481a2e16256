//! The trait of all output formats, and their options.

use crate::report::{Report, ReportError};

/// Options for rendering.
#[derive(Clone, Copy, Debug)]
pub struct RenderOptions {
    /// Width of the terminal, in columns.
    pub width: usize,
    /// Whether to use colors.
    pub color: bool,
    /// Maximum rows of long tables in formats for people.
    pub top: usize,
}

/// Output format. Document text may be untrusted, so a format escapes all of it except
/// [`Block::Markdown`](crate::document::Block::Markdown).
///
/// A report has one or more documents. Formats for people show all of them, separated by a rule: a
/// line of `═`, or `---` in Markdown. Formats for machines write one file that their parsers can
/// read: CSV has one header and the currency in each row, SVG shows the first chart.
pub trait Format: Sync {
    /// Returns its name on the command line.
    fn name(&self) -> &'static str;

    /// Returns a short description for `--help`.
    fn about(&self) -> &'static str;

    /// Renders a report in this format.
    ///
    /// # Errors
    /// Returns a [`ReportError`] if the report cannot be written in this format.
    fn render(&self, report: &dyn Report, options: &RenderOptions)
    -> Result<Rendered, ReportError>;

    /// Renders a report in a text format.
    ///
    /// # Errors
    /// Returns [`ReportError::NotText`] for a binary format, and the errors of
    /// [`render`](Self::render).
    fn text(&self, report: &dyn Report, options: &RenderOptions) -> Result<String, ReportError> {
        match self.render(report, options)? {
            Rendered::Text(text) => Ok(text),
            Rendered::Binary(_) => Err(ReportError::NotText),
        }
    }
}

/// Rendered report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rendered {
    /// Text, in UTF-8.
    Text(String),
    /// Content of a binary file, such as a workbook.
    Binary(Vec<u8>),
}

impl Rendered {
    /// Returns the bytes of the file.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }
}

impl From<String> for Rendered {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
