//! JSON: exact amounts as decimal text, versioned, with a published schema.

use serde::Serialize;

use super::{Look, Render, ReportError, View};
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

fn pretty(report: &impl Serialize) -> Result<String, ReportError> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}

/// The JSON Schema (2020-12) of a view, as published in `docs/schema/`.
///
/// # Errors
/// [`ReportError`].
pub fn schema(view: View) -> Result<String, ReportError> {
    pretty(&match view {
        View::Review => schemars::schema_for!(Review),
        View::Savings => schemars::schema_for!(SavingsReport),
        View::Anomalies => schemars::schema_for!(AnomalyReport),
    })
}
