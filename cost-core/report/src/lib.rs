//! Reports of `cost-core` as text for people, JSON for programs, CSV for spreadsheets. One file a format.

mod alike;
mod buy;
mod chart;
mod checks;
mod commitments;
mod conformance;
mod csv;
mod exchange;
mod explain;
mod incident;
mod json;
mod layout;
mod playbook;
mod provider;
mod pulled;
mod quality;
mod realised;
mod registry;
mod remarks;
mod runbook;
mod safe;
mod savings;
mod sizing;
mod table;
mod tuning;

use cost_core::commitment::CommitmentsReport;
use cost_core::lifecycle::RealisedReport;
use cost_core::review::{AnomalyReport, Review};
pub use cost_core::visible::json_text;

pub use buy::curve_svg;
pub use chart::svg;
pub use checks::{checks_json, checks_markdown, checks_pages, checks_table};
pub use conformance::{conformance_json, conformance_table};
pub use explain::{Found, explain, explain_json, find, find_anomaly};
pub use incident::incident_markdown;
pub use json::{schema, schema_names};
pub use layout::{Align, Column, Grid};
pub use pulled::{PullReport, Requests, pulled_json, pulled_table};
pub use registry::{format_names, renderer};
pub use runbook::runbook_markdown;
pub use safe::{csv_text, markdown_text, terminal_text, xml_text};
pub use sizing::{sizing_json, sizing_table};
pub use tuning::tuning_text;

/// Which part of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// All of it.
    Review,
    /// What can be saved.
    Savings,
}

/// How to show it.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to use colours.
    pub color: bool,
    /// Rows of the tables of opportunities and anomalies.
    pub top: usize,
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
