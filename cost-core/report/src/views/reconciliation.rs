//! Invoice reconciliation.

use cost_core::reconcile::{InvoiceState, Reconciliation};
use cost_core::text::counted;

use crate::document::Document;
use crate::report::{Report, ReportError, ViewOptions};
use crate::table::{Cell, Table};
use crate::text::Text;
use crate::to_json;

/// Report of `cost reconcile`.
#[derive(Clone, Copy, Debug)]
pub struct InvoiceReconciliation<'a>(pub &'a Reconciliation);

impl Report for InvoiceReconciliation<'_> {
    fn schema_name(&self) -> Option<&'static str> {
        Some("reconcile")
    }

    fn json(&self) -> Result<String, ReportError> {
        to_json::pretty(self.0)
    }

    fn documents(&self, _: &ViewOptions) -> Vec<Document> {
        vec![document(self.0)]
    }
}

fn document(of: &Reconciliation) -> Document {
    let mut doc = Document::new("Invoice reconciliation");
    let wrong = of.rows.iter().filter(|row| row.state != InvoiceState::Agrees).count();
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let verdict = if of.reconciles {
        let rows = counted(count(of.rows.len()), "invoice");
        Text::default().good(format!("The bill agrees with {rows}"))
    } else {
        let lines = counted(count(wrong), "line");
        Text::default().bad(format!("{lines} of {} do not agree with the bill", of.rows.len()))
    };
    doc.paragraph(verdict.plain(format!(
        ". BilledCost by billing period; differences up to {} are rounding.",
        of.tolerance.normalize()
    )));
    let titles =
        ["period", "issuer", "invoice", ">invoiced", ">billed", ">difference", "currency", ""];
    let mut table = Table::new(&titles);
    for row in &of.rows {
        let text = |text: &Option<String>, none: &str| {
            Cell::text(text.as_deref().unwrap_or(none).to_owned())
        };
        let state = Cell::text(row.state.label());
        table.row([
            Cell::month(row.billing_period),
            text(&row.invoice_issuer, if row.invoiced.is_none() { "(none)" } else { "(all)" }),
            text(&row.invoice_id, ""),
            Cell::maybe(row.invoiced, Cell::money),
            Cell::maybe(row.billed, Cell::money),
            Cell::signed_money(row.difference),
            Cell::text(row.difference.currency()),
            state,
        ]);
    }
    doc.heading("Invoices");
    doc.table(table);
    doc
}
