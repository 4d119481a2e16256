//! Invoice reconciliation: compares Σ `BilledCost` of a bill with the invoices that finance has.
//!
//! ```
//! use cost_core::prelude::*;
//! use cost_core::reconcile::{Invoiced, TOLERANCE, reconcile};
//! use cost_core::review::invoices;
//!
//! let session = Session::open(&cost_core::example::bill()?)?;
//! let billed = invoices(session.rollup())?;
//! let text = "period,issuer,amount,currency\n2026-09,\"Amazon Web Services, Inc.\",1.00,USD\n";
//! let invoiced = Invoiced::parse(text, Some(session.currency()))?;
//! let result = reconcile(&billed, &invoiced, TOLERANCE)?;
//! assert!(!result.reconciles, "the bill has more than one dollar");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod compare;
mod invoiced;
#[cfg(test)]
mod tests;
mod types;

pub use compare::{TOLERANCE, reconcile};
pub use invoiced::{Invoiced, ReconcileError, amount};
pub use types::{InvoiceState, ReconciledInvoice, Reconciliation};
