//! Report types for realized savings.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::header::Header;
use crate::money::{Money, Savings};
use crate::month::Month;

/// Comparison of realized with estimated savings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Held")]
#[non_exhaustive]
pub enum EstimateComparison {
    /// Below the low estimate.
    Less,
    /// Within the low and high estimate, with a tolerance of 5 % of the expected savings.
    Within,
    /// Above the high estimate.
    More,
}

impl EstimateComparison {
    /// Returns the name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Less => "less",
            Self::Within => "yes",
            Self::More => "more",
        }
    }
}

/// Result of a step in the bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Outcome {
    /// Complete months before and after exist.
    Verified {
        /// Month before the step.
        before_month: Month,
        /// Cost of its slices in that month, per month of 730 h.
        before: Money,
        /// Newest complete month.
        after_month: Month,
        /// Cost of its slices in that month, including replacements, per month of 730 h.
        after: Money,
        /// Part of the difference that this step caused, per month of 730 h.
        #[serde(rename = "realised")]
        realized: Money,
        /// Realized savings in percent of the expected ones; `None` if none were expected.
        of_expected_pct: Option<Decimal>,
        /// Comparison with the estimate.
        #[serde(rename = "held")]
        comparison: EstimateComparison,
        /// Complete months since the step.
        months: u32,
        /// Total savings in these months, as in the bill.
        so_far: Money,
    },
    /// The first complete month after the step has not ended in the bill.
    Waiting {
        /// Month to wait for.
        for_month: Month,
    },
    /// Savings cannot be determined.
    Unknown {
        /// Reason.
        why: String,
    },
}

/// Implemented step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Realised")]
#[non_exhaustive]
pub struct RealizedStep {
    /// ID of the recommendation.
    pub opportunity: String,
    /// Title of the recommendation.
    pub title: String,
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// Day of implementation.
    pub done_on: NaiveDate,
    /// Expected savings at the time of implementation, per month of 730 h.
    pub expected: Savings,
    /// Result in the bill.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Notes.
    pub notes: Vec<String>,
}

/// Recommendation that is not marked as implemented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Undone {
    /// ID of the recommendation.
    pub opportunity: String,
    /// Title of the recommendation.
    pub title: String,
    /// Expected savings, per month of 730 h.
    pub expected: Savings,
    /// Report date on which it was last found.
    pub last_found: NaiveDate,
    /// Whether it was accepted.
    pub accepted: bool,
}

/// Totals of all steps that could be verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RealisedTotal")]
#[non_exhaustive]
pub struct RealizedTotal {
    /// Number of steps.
    pub steps: usize,
    /// Expected savings, per month of 730 h.
    pub expected: Savings,
    /// Realized savings, per month of 730 h.
    #[serde(rename = "realised")]
    pub realized: Money,
    /// Realized savings in percent of the expected ones.
    pub of_expected_pct: Option<Decimal>,
    /// Savings so far, as in the bill.
    pub so_far: Money,
}

/// Report on realized savings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RealisedReport")]
#[non_exhaustive]
pub struct RealizedReport {
    /// Header of the report.
    #[serde(flatten)]
    pub header: Header,
    /// Implemented steps, in order of implementation.
    pub steps: Vec<RealizedStep>,
    /// Totals of the steps that could be verified.
    pub total: RealizedTotal,
    /// Accepted recommendations that are still found and not implemented.
    pub accepted: Vec<Undone>,
    /// Recommendations that are no longer found and not marked as implemented: they were
    /// implemented, or the need ended.
    pub vanished: Vec<Undone>,
}
