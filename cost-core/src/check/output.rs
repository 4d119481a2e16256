//! What a check gives: what it found, what it could not judge, why it failed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::MoneyError;
use crate::opportunity::Opportunity;
use crate::price::UnknownPrice;
use crate::rollup::QueryError;

/// Something a check could not judge, and why: missing is not zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Skip {
    /// Id of the check.
    pub check: String,
    /// Why.
    pub reason: String,
    /// What was skipped; empty if it is the whole check.
    pub subjects: Vec<String>,
}

/// What a check gives.
#[derive(Debug, Default)]
pub struct CheckOutput {
    /// What it found.
    pub opportunities: Vec<Opportunity>,
    /// What it could not judge: reason and subject; an empty subject stands for the whole check.
    pub skipped: Vec<(String, String)>,
}

impl CheckOutput {
    /// Nothing but the reason why the whole check was skipped.
    #[must_use]
    pub fn skip_all(reason: impl Into<String>) -> Self {
        Self { opportunities: Vec::new(), skipped: vec![(reason.into(), String::new())] }
    }

    /// Notes that `subject` was skipped.
    pub fn skip(&mut self, subject: &str, reason: impl ToString) {
        self.skipped.push((reason.to_string(), subject.to_owned()));
    }

    /// Notes that `subject` was skipped because a price is unknown.
    pub fn skip_unknown(&mut self, subject: &str, unknown: &UnknownPrice) {
        self.skip(subject, unknown);
    }
}

/// Why a check failed: never a reason to stop the others.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The roll-up could not be queried.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A sum does not fit, or currencies were mixed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
