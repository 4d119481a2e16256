//! JSON: exact amounts as decimal text, versioned, with a published schema.

use serde::Serialize;

use super::checks::Catalogue;
use super::explain::ExplainReport;
use super::{Look, Render, ReportError, View};
use crate::focus::conformance::Conformance;
use crate::review::{AnomalyReport, Review, SavingsReport};

pub(super) struct Json;

impl Render for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn render(&self, review: &Review, view: View, _: &Look) -> Result<String, ReportError> {
        match view {
            View::Review => pretty(review),
            View::Savings => pretty(&review.savings_report()),
            View::Anomalies => pretty(&review.anomaly_report()),
        }
    }
}

pub(super) fn pretty(report: &impl Serialize) -> Result<String, ReportError> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}

/// The JSON outputs that have a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// `cost review`.
    Review,
    /// `cost savings`.
    Savings,
    /// `cost anomalies`.
    Anomalies,
    /// `cost explain`.
    Explain,
    /// `cost checks`.
    Checks,
    /// `cost validate`.
    Validate,
}

/// The JSON Schema (2020-12) of a JSON output, as published in `docs/schema/`.
///
/// # Errors
/// [`ReportError`].
pub fn schema(of: Schema) -> Result<String, ReportError> {
    pretty(&match of {
        Schema::Review => schemars::schema_for!(Review),
        Schema::Savings => schemars::schema_for!(SavingsReport),
        Schema::Anomalies => schemars::schema_for!(AnomalyReport),
        Schema::Explain => schemars::schema_for!(ExplainReport),
        Schema::Checks => schemars::schema_for!(Catalogue<'static>),
        Schema::Validate => schemars::schema_for!(Conformance),
    })
}
