//! JSON: exact amounts as decimal text, versioned, with a published schema. It goes to terminals as well: characters that are invisible
//! or turn the direction of text are written as `\uXXXX`, which is the same value.

use schemars::JsonSchema;
use serde::Serialize;

use super::checks::Catalogue;
use super::explain::ExplainReport;
use super::pulled::PullReport;
use super::sizing::SizingReport;
use super::{Look, Render, ReportError, View};
use cost_core::alert::Ledger;
use cost_core::anomaly::Tuning;
use cost_core::commitment::CommitmentsReport;
use cost_core::focus::conformance::Conformance;
use cost_core::lifecycle::{RealisedReport, SavingsLedger};
use cost_core::review::{AnomalyReport, Review, SavingsReport};
use cost_core::visible::json_text;

pub(super) struct Json;

impl Render for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn render(&self, reviews: &[Review], view: View, _: &Look) -> Result<String, ReportError> {
        match view {
            View::Review => by_currency(reviews),
            View::Savings => by_currency(&reviews.iter().map(Review::savings_report).collect::<Vec<_>>()),
        }
    }

    fn render_anomalies(&self, reports: &[AnomalyReport], _: &Look) -> Result<String, ReportError> {
        by_currency(reports)
    }

    fn render_realised(&self, reports: &[RealisedReport], _: &Look) -> Result<String, ReportError> {
        by_currency(reports)
    }

    fn render_commitments(&self, reports: &[CommitmentsReport], _: &Look) -> Result<String, ReportError> {
        by_currency(reports)
    }
}

/// A report, or of a bill in several currencies one for each.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "{T}ByCurrency")]
enum ByCurrency<'a, T> {
    /// Of a bill in one currency.
    One(&'a T),
    /// Of a bill in several.
    Several {
        /// One for each currency, in the order of their codes. Amounts of several are never added.
        currencies: &'a [T],
    },
}

fn by_currency<T: Serialize>(reports: &[T]) -> Result<String, ReportError> {
    match reports {
        [one] => pretty(&ByCurrency::One(one)),
        several => pretty(&ByCurrency::Several { currencies: several }),
    }
}

pub(super) fn pretty(report: &impl Serialize) -> Result<String, ReportError> {
    Ok(json_text(report)? + "\n")
}

/// Makes a schema.
type MakeSchema = fn() -> schemars::Schema;

/// Every JSON output and its schema: a new one is a line here.
const SCHEMAS: [(&str, MakeSchema); 13] = [
    ("review", || schemars::schema_for!(ByCurrency<'static, Review>)),
    ("savings", || schemars::schema_for!(ByCurrency<'static, SavingsReport>)),
    ("verify", || schemars::schema_for!(ByCurrency<'static, RealisedReport>)),
    ("decisions", || schemars::schema_for!(SavingsLedger)),
    ("commitments", || schemars::schema_for!(ByCurrency<'static, CommitmentsReport>)),
    ("anomalies", || schemars::schema_for!(ByCurrency<'static, AnomalyReport>)),
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
