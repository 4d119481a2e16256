//! Result of a reconciliation.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::month::Month;

/// Comparison of a bill with invoices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Reconciliation {
    /// Whether every invoice agrees with the bill, and the bill has no charges without an invoice
    /// in the billing periods of the invoices.
    pub reconciles: bool,
    /// Largest difference per row that counts as agreement, in the currency of the row. Invoices
    /// are rounded to cents, and bills are not.
    pub tolerance: Decimal,
    /// Rows, by billing period, issuer, and invoice ID.
    pub rows: Vec<ReconciledInvoice>,
}

/// Invoice, or charges of the bill without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ReconciledInvoice {
    /// Billing period.
    pub billing_period: Month,
    /// `InvoiceIssuerName`; `None` for an invoice of all issuers.
    pub invoice_issuer: Option<String>,
    /// `InvoiceId`; `None` if it is unknown or not given.
    pub invoice_id: Option<String>,
    /// Amount of the invoice; `None` for charges of the bill that no invoice has.
    pub invoiced: Option<Money>,
    /// Σ `BilledCost` of the bill; `None` if the bill has no such charges.
    pub billed: Option<Money>,
    /// `billed − invoiced`; an amount that is missing counts as zero.
    pub difference: Money,
    /// Whether the amounts agree.
    pub state: InvoiceState,
}

/// Whether an invoice agrees with the bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum InvoiceState {
    /// The amounts agree within the tolerance.
    Agrees,
    /// The amounts differ.
    Differs,
    /// The bill has no charges of the invoice.
    NotInBill,
    /// The bill has charges that no invoice has.
    NotInvoiced,
}

impl InvoiceState {
    /// Returns the label for reports.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs => "differs",
            Self::NotInBill => "not in the bill",
            Self::NotInvoiced => "not invoiced",
        }
    }
}
