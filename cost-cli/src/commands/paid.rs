//! Requests that cost money, before they are made.

use anyhow::anyhow;
use cost_providers::PullError;
use cost_providers::api::{ProviderError, RequestPlan};
use cost_report::{Cell, Document, Table, Text, Value};
use serde_json::json;

use super::pull::usd;

/// Paid requests as JSON, each with its price.
pub(super) fn planned(plan: &RequestPlan) -> serde_json::Value {
    let request = |p: &cost_providers::api::PlannedRequest| json!({ "operation": p.operation, "what": p.what, "from": p.from, "until": p.until, "usd": usd(p.cents) });
    plan.0.iter().map(request).collect()
}

/// Paid requests as a table, and what they cost together.
pub(super) fn document(plan: &RequestPlan) -> Document {
    let mut paid = Table::new(&["operation", "asked for", "days", ">USD"]);
    for p in &plan.0 {
        let last = p.until.pred_opt().unwrap_or(p.until);
        let days = Cell::text(format!("{} to {last}", p.from));
        let cost = Cell::shown_as(usd(p.cents), Value::Number(usd(p.cents)));
        paid.row([Cell::text(p.operation), Cell::text(&p.what), days, cost]);
    }
    let title = "Paid requests; each further page of an answer costs the same again";
    let mut doc = Document::new(Text::from(title));
    doc.table(paid);
    doc.line(format!("At least {} paid requests, {} USD.", plan.0.len(), usd(plan.cents())));
    doc
}

/// The error of a pull, with what to do if it would have cost too much.
pub(super) fn with_cure(error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<PullError>() {
        Ok(PullError::Provider(ProviderError::OverLimit(over))) => {
            anyhow!("{over}; allow more with --max-request-usd, or see --dry-run")
        }
        Ok(other) => other.into(),
        Err(other) => other,
    }
}
