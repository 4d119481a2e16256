//! Paid requests of a pull, before it sends them.

use anyhow::anyhow;
use cost_providers::PullError;
use cost_providers::api::{ProviderError, RequestPlan};
use cost_report::{Cell, Document, Table, Text, Value};
use serde_json::json;

use super::pull::usd;

/// Returns paid requests as JSON, each with its price.
pub(super) fn planned(plan: &RequestPlan) -> serde_json::Value {
    let request = |p: &cost_providers::api::PlannedRequest| json!({ "operation": p.operation, "what": p.what, "from": p.from, "until": p.until, "usd": usd(p.cents) });
    plan.0.iter().map(request).collect()
}

/// Returns paid requests as a table, with their total cost.
pub(super) fn document(plan: &RequestPlan) -> Document {
    let mut paid = Table::new(&["operation", "data", "days", ">USD"]);
    for p in &plan.0 {
        let last = p.until.pred_opt().unwrap_or(p.until);
        let days = Cell::text(format!("{} to {last}", p.from));
        let cost = Cell::shown_as(usd(p.cents), Value::Number(usd(p.cents)));
        paid.row([Cell::text(p.operation), Cell::text(&p.what), days, cost]);
    }
    let title = "Paid requests; each further page of a response costs the same again";
    let mut doc = Document::new(Text::from(title));
    doc.table(paid);
    doc.line(format!("At least {} paid requests, {} USD.", plan.0.len(), usd(plan.cents())));
    doc
}

/// Adds to the error of a pull over the spend limit how to allow more.
pub(super) fn with_cure(error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<PullError>() {
        Ok(PullError::Provider(ProviderError::OverLimit(over))) => {
            anyhow!("{over}; allow more with --max-request-usd, or list them with --dry-run")
        }
        Ok(other) => other.into(),
        Err(other) => other,
    }
}
