//! Output of a check: findings, skips, and errors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::MoneyError;
use crate::opportunity::Opportunity;
use crate::price::UnknownPrice;
use crate::rollup::QueryError;

/// Skip: a resource that a check did not evaluate, with the reason. Missing data is not zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Skip {
    /// ID of the check.
    pub check: String,
    /// Reason.
    pub reason: String,
    /// Skipped resources, or usage types for usage without a `ResourceId` (services for usage
    /// without a usage type); empty for the entire check.
    pub subjects: Vec<String>,
}

/// Output of a check.
#[derive(Debug, Default)]
pub struct CheckOutput {
    /// Opportunities.
    pub opportunities: Vec<Opportunity>,
    /// Skips: reason and subject. An empty subject stands for the entire check.
    pub skipped: Vec<(String, String)>,
}

impl CheckOutput {
    /// Returns output with only the reason why the entire check was skipped.
    #[must_use]
    pub fn skip_all(reason: impl Into<String>) -> Self {
        Self { opportunities: Vec::new(), skipped: vec![(reason.into(), String::new())] }
    }

    /// Records that `subject` was skipped.
    pub fn skip(&mut self, subject: &str, reason: impl ToString) {
        self.skipped.push((reason.to_string(), subject.to_owned()));
    }

    /// Records that `subject` was skipped because a price is unknown.
    pub fn skip_unknown(&mut self, subject: &str, unknown: &UnknownPrice) {
        self.skip(subject, unknown);
    }
}

/// Error of a check. The other checks continue.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The roll-up could not be queried.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A sum does not fit into 28 digits, or currencies were mixed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
