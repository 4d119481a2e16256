//! Output formats, one file each. A format knows blocks, but no reports.

mod bar_chart;
mod csv;
mod day_chart;
mod grid;
mod html;
mod json;
mod markdown;
mod plot;
mod svg;
mod table;
#[cfg(test)]
mod tests;
mod wrap;
mod xlsx;

use crate::renderer::Format;

/// Returns all formats. A new one is a file and a line here.
#[must_use]
pub fn formats() -> &'static [&'static dyn Format] {
    &[
        &table::TextTable,
        &json::Json,
        &csv::Csv,
        &markdown::Markdown,
        &html::Html,
        &xlsx::Workbook,
        &svg::Svg,
    ]
}

/// Returns the format with this name.
#[must_use]
pub fn format(name: &str) -> Option<&'static dyn Format> {
    formats().iter().copied().find(|f| f.name() == name)
}
