//! Data set of rows, and the role in which they are read.

use polars::prelude::PolarsError;

/// Data set of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dataset {
    /// Invoiced costs: commitments are paid by their purchase.
    Actual,
    /// Purchases of commitments, spread over the usage they cover and over unused parts.
    Amortized,
    /// No commitments: both data sets would be the same.
    WithoutCommitments,
}

/// Role in which rows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// There is no other data set for the same scope and month: all rows.
    Alone(Dataset),
    /// Amortized data set, read together with the actual one: all rows.
    AmortizedOfPair,
    /// Actual data set, read together with the amortized one: purchases and refunds of commitments,
    /// and all rows of accounts, subscriptions, and days that the amortized one lacks.
    PurchasesOfActual,
}

/// Returns the message of a polars error without the kind before it.
pub(super) fn message(error: &PolarsError) -> String {
    match error {
        PolarsError::ComputeError(text) => text.to_string(),
        other => other.to_string(),
    }
}
