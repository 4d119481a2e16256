//! The report on savings of recommendations that were done.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::header::Header;
use crate::money::{Money, Savings};
use crate::month::Month;

/// How a saving held up against what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Held {
    /// Below the low estimate.
    Less,
    /// Within low and high, to 5 % of the expected.
    Within,
    /// Above the high estimate.
    More,
}

impl Held {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Less => "less",
            Self::Within => "yes",
            Self::More => "more",
        }
    }
}

/// What the bill says of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Outcome {
    /// There are complete months before and after.
    Verified {
        /// The month before.
        before_month: Month,
        /// What its slices of cost were then, per month of 730 h.
        before: Money,
        /// The newest complete month.
        after_month: Month,
        /// What they are now, with what took their place, per month of 730 h.
        after: Money,
        /// What of the difference is this step's, per month of 730 h.
        realised: Money,
        /// The same in percent of what was expected; `None` if that was nothing.
        of_expected_pct: Option<Decimal>,
        /// Against the estimate.
        held: Held,
        /// Complete months since.
        months: u32,
        /// What they cost less, together, as in the bill.
        so_far: Money,
    },
    /// The first complete month after has not ended in the bill.
    Waiting {
        /// That month.
        for_month: Month,
    },
    /// It cannot be told.
    Unknown {
        /// Why.
        why: String,
    },
}

/// One step that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Realised {
    /// Id of the recommendation.
    pub opportunity: String,
    /// What was done.
    pub title: String,
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// When.
    pub done_on: NaiveDate,
    /// What was expected when it was done, per month of 730 h.
    pub expected: Savings,
    /// What the bill says.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// What else to know.
    pub notes: Vec<String>,
}

/// A recommendation that nobody marked as done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Undone {
    /// Its id.
    pub opportunity: String,
    /// What to do.
    pub title: String,
    /// What it was expected to save, per month of 730 h.
    pub expected: Savings,
    /// The day of the data in which it was found last.
    pub last_found: NaiveDate,
    /// Whether it was accepted.
    pub accepted: bool,
}

/// All steps that could be verified, together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RealisedTotal {
    /// How many.
    pub steps: usize,
    /// What was expected of them, per month of 730 h.
    pub expected: Savings,
    /// What they save, per month of 730 h.
    pub realised: Money,
    /// The same in percent of what was expected.
    pub of_expected_pct: Option<Decimal>,
    /// What they have saved so far, as in the bill.
    pub so_far: Money,
}

/// What was done, held against the bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RealisedReport {
    /// What it is of.
    #[serde(flatten)]
    pub header: Header,
    /// Steps that were done, in the order in which they were.
    pub steps: Vec<Realised>,
    /// Those that could be verified, together.
    pub total: RealisedTotal,
    /// Accepted, still found, not done.
    pub accepted: Vec<Undone>,
    /// Not found any more, and not marked as done: somebody did it, or the need went away.
    pub vanished: Vec<Undone>,
}
