//! Which data set rows are of, and as what they are read.

use polars::prelude::PolarsError;

/// Which data set rows are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dataset {
    /// What is invoiced: commitments are paid by their purchase.
    Actual,
    /// Purchases of commitments spread over the usage they pay for, and over what nobody used.
    Amortized,
    /// No commitment in it: the two would be the same.
    WithoutCommitments,
}

/// As what rows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// There is no other data set of the same scope and month: all rows.
    Alone(Dataset),
    /// The amortized data set with the actual one beside it: all rows.
    AmortizedOfPair,
    /// The actual data set with the amortized one beside it: purchases and refunds of commitments,
    /// and of accounts, subscriptions and days that the amortized one lacks all rows.
    PurchasesOfActual,
}

/// What the engine says, without the kind of the error before it.
pub(super) fn message(error: &PolarsError) -> String {
    match error {
        PolarsError::ComputeError(text) => text.to_string(),
        other => other.to_string(),
    }
}
