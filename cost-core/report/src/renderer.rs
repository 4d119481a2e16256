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

/// Output format. Document text may be untrusted, so a format escapes it.
pub trait Format: Sync {
    /// Returns its name on the command line.
    fn name(&self) -> &'static str;

    /// Returns a short description for `--help`.
    fn about(&self) -> &'static str;

    /// Renders a report in this format.
    ///
    /// # Errors
    /// Returns a [`ReportError`] if the report cannot be written in this format.
    fn render(&self, report: &dyn Report, options: &RenderOptions) -> Result<String, ReportError>;
}
