//! Every output format there is, one file each. A format knows blocks and no report.

mod csv;
mod day_chart;
mod grid;
mod json;
mod markdown;
mod svg;
mod table;
mod wrap;

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

/// An output format. All text of a document may be untrusted: a format escapes it.
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

/// All formats: a new one is a file and a line here.
#[must_use]
pub fn formats() -> &'static [&'static dyn Format] {
    &[&table::TextTable, &json::Json, &csv::Csv, &markdown::Markdown, &svg::Svg]
}

/// The format of a name.
#[must_use]
pub fn format(name: &str) -> Option<&'static dyn Format> {
    formats().iter().copied().find(|f| f.name() == name)
}
