//! Workbook format (XLSX): a sheet per section with real numbers, dates, formulas, and charts.
//!
//! Text is written as text, never as a formula or a link. Numbers are written as doubles with a
//! number format, and as text where a double cannot represent them to the cent. A formula is
//! written only where it gives the value of the report, which is stored with it, so that programs
//! that do not calculate show the same digits. The same input gives the same bytes: the workbook
//! contains no time of writing.

mod book;
mod cell;
mod chart;
mod chart_table;
mod grid;
mod look;
mod names;
mod page;
mod placed;
mod sections;
#[cfg(test)]
mod tests;
mod text;
mod width;

use crate::renderer::{Format, RenderOptions, Rendered};
use crate::report::{Audience, Report, ReportError, ViewOptions};

pub(super) struct Workbook;

impl Format for Workbook {
    fn name(&self) -> &'static str {
        "xlsx"
    }

    fn about(&self) -> &'static str {
        "workbook for finance: a sheet per section, with formulas and charts; use --output"
    }

    fn render(&self, report: &dyn Report, _: &RenderOptions) -> Result<Rendered, ReportError> {
        // A workbook shows all rows.
        let view = ViewOptions { top: usize::MAX, audience: Audience::Page };
        let bytes = book::write(&report.documents(&view), text::LIMITS);
        bytes.map(Rendered::Binary).map_err(|e| ReportError::Workbook(e.to_string()))
    }
}
