//! Google Cloud's billing export, detailed (`gcp_billing_export_resource_v1_…`) or standard
//! (`gcp_billing_export_v1_…`), as FOCUS 1.2.
//!
//! The export is in `BigQuery`; files of it are Parquet with nested columns (`EXPORT DATA`), or CSV
//! whose nested columns are JSON text (`TO_JSON_STRING`) or separate columns
//! (`service.description`).
//!
//! Each row becomes one charge, in the same order, so that the row in a message is the row in the
//! file. Promotions on a row become a separate charge ([`BillingExport::credits`]). Charges and
//! credits together are the invoice: Σ `BilledCost` = Σ `cost` + Σ `credits.amount`, also by
//! invoice month.

mod credits;
mod export;
mod kinds;
mod labels;
mod mapping;
mod nested;
mod notes;
mod rules;
mod services;
#[cfg(test)]
mod tests;

use polars::prelude::*;

pub use export::BillingExport;
pub use mapping::{MAPPING, Mapped};
pub use notes::Note;

impl BillingExport {
    /// Returns the rows with their costs after credits, and their kinds.
    fn prepared(&self, raw: LazyFrame) -> LazyFrame {
        let field = |path: &str| self.raw(path).unwrap_or_else(|| lit(NULL));
        let settled = credits::settled(field("cost"), field("credits")).alias(kinds::SETTLED);
        raw.with_column(settled).with_column(kinds::of_row(self))
    }

    /// Returns the rows as FOCUS charges, one row each, without promotions.
    ///
    /// Costs and quantities are exact decimals, the charge period is not decoded, the billing
    /// period has dates. A cost, credit, or quantity that is not a number fails the scan, with the
    /// text of the cell in the message.
    pub fn charges(&self, raw: LazyFrame) -> LazyFrame {
        self.charges_and(raw, &[])
    }

    /// Like [`BillingExport::charges`], with other columns of the rows.
    pub fn charges_and(&self, raw: LazyFrame, others: &[&str]) -> LazyFrame {
        let columns =
            MAPPING.iter().map(|m| m.of_charge(self)).chain(others.iter().map(|name| col(*name)));
        self.prepared(raw).select(columns.collect::<Vec<_>>())
    }

    /// Returns the promotions on the rows, and credits of unknown type: a charge of
    /// `ChargeCategory` Credit for each row on which their sum is not zero, with the columns of
    /// [`BillingExport::charges`].
    pub fn credits(&self, raw: LazyFrame) -> LazyFrame {
        let zero = cost_core::focus::decimal(lit("0"));
        let paid = self.prepared(raw).filter(kinds::settled(credits::field::PAID).neq(zero));
        paid.select(MAPPING.iter().map(|m| m.of_credit(self)).collect::<Vec<_>>())
    }

    /// Returns notes for readers about these rows, each with the affected rows.
    #[must_use]
    pub fn notes(&self, raw: LazyFrame) -> Vec<Note> {
        notes::of_rows(self, &self.prepared(raw), &self.all())
    }
}
