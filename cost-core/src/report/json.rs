//! JSON: exact amounts as decimal text, versioned, with a published schema. It goes to terminals as well: characters that are invisible
//! or turn the direction of text are written as `\uXXXX`, which is the same value.

use serde::Serialize;

use super::checks::Catalogue;
use super::explain::ExplainReport;
use super::pulled::PullReport;
use super::sizing::SizingReport;
use super::{Look, Render, ReportError, View};
use crate::alert::Ledger;
use crate::anomaly::Tuning;
use crate::commitment::CommitmentsReport;
use crate::focus::conformance::Conformance;
use crate::lifecycle::{RealisedReport, SavingsLedger};
use crate::review::{AnomalyReport, Review, SavingsReport};
use crate::visible::json_text;

pub(super) struct Json;

impl Render for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn render(&self, review: &Review, view: View, _: &Look) -> Result<String, ReportError> {
        match view {
            View::Review => pretty(review),
            View::Savings => pretty(&review.savings_report()),
        }
    }

    fn render_anomalies(&self, report: &AnomalyReport, _: &Look) -> Result<String, ReportError> {
        pretty(report)
    }

    fn render_realised(&self, report: &RealisedReport, _: &Look) -> Result<String, ReportError> {
        pretty(report)
    }

    fn render_commitments(&self, report: &CommitmentsReport, _: &Look) -> Result<String, ReportError> {
        pretty(report)
    }
}

pub(super) fn pretty(report: &impl Serialize) -> Result<String, ReportError> {
    Ok(json_text(report)? + "\n")
}

/// Makes a schema.
type MakeSchema = fn() -> schemars::Schema;

/// Every JSON output and its schema: a new one is a line here.
const SCHEMAS: [(&str, MakeSchema); 13] = [
    ("review", || schemars::schema_for!(Review)),
    ("savings", || schemars::schema_for!(SavingsReport)),
    ("verify", || schemars::schema_for!(RealisedReport)),
    ("decisions", || schemars::schema_for!(SavingsLedger)),
    ("commitments", || schemars::schema_for!(CommitmentsReport)),
    ("anomalies", || schemars::schema_for!(AnomalyReport)),
    ("tune", || schemars::schema_for!(Tuning)),
    ("alerts", || schemars::schema_for!(Ledger)),
    ("explain", || schemars::schema_for!(ExplainReport)),
    ("checks", || schemars::schema_for!(Catalogue<'static>)),
    ("sizing", || schemars::schema_for!(SizingReport<'static>)),
    ("pull", || schemars::schema_for!(PullReport)),
    ("validate", || schemars::schema_for!(Conformance)),
];

/// Names of the JSON outputs that have a schema: those of the commands that print them.
pub fn schema_names() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|(name, _)| *name)
}

/// The JSON Schema (2020-12) of a JSON output, as published in `docs/schema/`; `None` if there is no such output.
///
/// # Errors
/// [`ReportError`].
pub fn schema(name: &str) -> Result<Option<String>, ReportError> {
    let found = SCHEMAS.iter().find(|(known, _)| *known == name);
    found.map(|(_, make)| pretty(&make())).transpose()
}
