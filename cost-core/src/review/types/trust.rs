//! Whether the figures of a review can be trusted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Result of a check of the data.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Light {
    /// In order.
    Green,
    /// The figures can still change, or need a look.
    Yellow,
    /// The figures are incomplete or wrong.
    Red,
}

impl Light {
    /// Returns the label for reports.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Green => "ok",
            Self::Yellow => "check",
            Self::Red => "wrong",
        }
    }
}

/// What a check of the data is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TrustTopic {
    /// Months of a source: complete, provisional, or with missing days.
    Source,
    /// Data that could not be collected.
    Collection,
    /// Invoices and their sum.
    Invoices,
    /// Last days whose charges are not complete.
    LateDays,
    /// Files that were not read, or repeat charges.
    Files,
    /// Charges with dates far outside the bill.
    Dates,
    /// Charges of other months that count in this billing period, and the reverse.
    BillingPeriod,
    /// Charges in currencies that are not shown.
    Currencies,
    /// Difference between effective and billed cost.
    EffectiveCost,
    /// Repairs of known exporter errors.
    Repairs,
}

/// Check of the data of a review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct TrustCheck {
    /// What it is about.
    pub topic: TrustTopic,
    /// Result.
    pub light: Light,
    /// Result in one sentence.
    pub text: String,
}
