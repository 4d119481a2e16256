//! JSON Schemas of all JSON outputs.

use cost_core::alert::Ledger;
use cost_core::anomaly::Tuning;
use cost_core::commitment::CommitmentsReport;
use cost_core::focus::conformance::Conformance;
use cost_core::lifecycle::{RealizedReport, SavingsLedger};
use cost_core::reconcile::Reconciliation;
use cost_core::review::{AnomalyReport, Review, SavingsReport};

use crate::report::ReportError;
use crate::to_json::{ByCurrency, pretty};
use crate::views::{Catalogue, ExplainReport, PullReport, SizingReport};

/// Function that creates a schema.
type MakeSchema = fn() -> schemars::Schema;

/// JSON outputs and their schemas. A new one is a line here.
const SCHEMAS: [(&str, MakeSchema); 14] = [
    ("review", || schemars::schema_for!(ByCurrency<'static, Review>)),
    ("savings", || schemars::schema_for!(ByCurrency<'static, SavingsReport>)),
    ("verify", || schemars::schema_for!(ByCurrency<'static, RealizedReport>)),
    ("decisions", || schemars::schema_for!(SavingsLedger)),
    ("commitments", || schemars::schema_for!(ByCurrency<'static, CommitmentsReport>)),
    ("anomalies", || schemars::schema_for!(ByCurrency<'static, AnomalyReport>)),
    ("tune", || schemars::schema_for!(Tuning)),
    ("alerts", || schemars::schema_for!(Ledger)),
    ("explain", || schemars::schema_for!(ExplainReport)),
    ("checks", || schemars::schema_for!(Catalogue<'static>)),
    ("sizing", || schemars::schema_for!(SizingReport<'static>)),
    ("pull", || schemars::schema_for!(PullReport)),
    ("reconcile", || schemars::schema_for!(Reconciliation)),
    ("validate", || schemars::schema_for!(Conformance)),
];

/// Returns the names of the JSON outputs with a schema: the names of the commands that print them.
pub fn schema_names() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|(name, _)| *name)
}

/// Returns the JSON Schema (2020-12) of a JSON output, as published in `docs/schema/`; `None` if
/// there is no output with this name.
///
/// # Errors
/// Returns [`ReportError::Json`] if serialization fails.
pub fn schema(name: &str) -> Result<Option<String>, ReportError> {
    let found = SCHEMAS.iter().find(|(known, _)| *known == name);
    found.map(|(_, make)| pretty(&make())).transpose()
}
