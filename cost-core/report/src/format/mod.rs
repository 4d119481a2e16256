//! Every output format there is, one file each. A format knows blocks and no report.

mod csv;
mod day_chart;
mod grid;
mod json;
mod markdown;
mod svg;
mod table;
#[cfg(test)]
mod tests;
mod wrap;

use crate::renderer::Format;

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
