//! Reports of `cost-core` as text for people, JSON for programs, CSV for spreadsheets. One file a format.

mod alike;
mod chart;
mod charts;
mod checks;
mod conformance;
mod csv;
mod document;
mod escape;
mod exchange;
mod explain;
mod figure;
mod format;
mod incident;
mod json;
mod layout;
mod playbook;
mod provider;
mod pulled;
mod quality;
mod registry;
mod remarks;
mod report;
mod runbook;
mod savings;
mod screen;
mod sizing;
mod table;
mod text;
mod to_json;
mod tuning;
mod views;

use cost_core::commitment::CommitmentsReport;
use cost_core::lifecycle::RealisedReport;
use cost_core::review::{AnomalyReport, Review};
pub use cost_core::visible::json_text;

pub use chart::{Chart, ChartDay, CurveChart, CurvePoint, DayChart, DayMark};
pub use charts::svg;
pub use checks::{checks_json, checks_markdown, checks_pages, checks_table};
pub use conformance::{conformance_json, conformance_table};
pub use document::{Block, Details, Document, Facts, Item, Level, List, Mark};
pub use escape::{csv_text, markdown_text, terminal_text, xml_text};
pub use explain::{Found, explain, explain_json, find, find_anomaly};
pub use figure::{Amount, Figure};
pub use format::{Format, RenderOptions as Look, format, formats};
pub use incident::incident_markdown;
pub use json::{schema, schema_names};
pub use layout::Grid;
pub use pulled::{PullReport, Requests, pulled_json, pulled_table};
pub use registry::{format_names, renderer};
pub use report::{Audience, Report, ReportError, ViewOptions};
pub use runbook::runbook_markdown;
pub use sizing::{sizing_json, sizing_table};
pub use table::{Align, Cell, Column, More, Row, Table, Value};
pub use text::{Span, Text};
pub use tuning::tuning_text;
pub use views::{Commitments, SavingsTracking};

/// A report in the format of a name.
fn formatted(name: &str, report: &dyn Report, look: &Look) -> Result<String, ReportError> {
    format(name).map_or_else(|| Ok(String::new()), |f| f.render(report, &Look { width: look.width.max(60), ..*look }))
}

/// Which part of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// All of it.
    Review,
    /// What can be saved.
    Savings,
}

/// One output format. Reports come one a currency, in order: of a bill in several currencies there are several.
pub trait Render: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// Reviews as text.
    ///
    /// # Errors
    /// [`ReportError`].
    fn render(&self, reviews: &[Review], view: View, look: &Look) -> Result<String, ReportError>;

    /// Anomalies alone as text.
    ///
    /// # Errors
    /// [`ReportError`].
    fn render_anomalies(&self, reports: &[AnomalyReport], look: &Look) -> Result<String, ReportError>;

    /// What was done, held against the bill, as text.
    ///
    /// # Errors
    /// [`ReportError`].
    fn render_realised(&self, reports: &[RealisedReport], look: &Look) -> Result<String, ReportError>;

    /// What is committed to, and how well it is used, as text.
    ///
    /// # Errors
    /// [`ReportError`].
    fn render_commitments(&self, reports: &[CommitmentsReport], look: &Look) -> Result<String, ReportError>;
}
