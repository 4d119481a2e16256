//! What a saving costs: effort, risk, reliability, commitment, and the way back.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::Money;

/// Low, medium or high.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Effort: minutes. Risk: failure is unlikely and harmless.
    Low,
    /// Effort: hours. Risk: failure is unlikely, or its harm is small and quickly undone.
    Medium,
    /// Effort: days or more. Risk: failure would be felt.
    High,
}

impl Level {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Whether there is a way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reversibility {
    /// Undone in minutes, with nothing lost.
    Reversible,
    /// Undone with work or waiting; nothing is lost if the steps are followed.
    WithEffort,
    /// Not undone: money or data is gone.
    Irreversible,
}

/// What one opportunity asks in return for its saving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TradeOff {
    /// Work to do it.
    pub effort: Level,
    /// Risk of doing it.
    pub risk: Level,
    /// Why the risk is what it is.
    pub risk_reason: String,
    /// What it does to reliability: redundancy, backups, headroom.
    pub reliability: String,
    /// Interruption while it is done.
    pub downtime: String,
    /// Months committed to; `None` for no commitment.
    pub commitment_months: Option<u32>,
    /// Paid upfront.
    pub upfront: Money,
    /// Months until what was paid upfront is saved; `None` without upfront.
    pub break_even_months: Option<Decimal>,
    /// Whether there is a way back.
    pub reversibility: Reversibility,
    /// What to try first, and where.
    pub test_first: Vec<String>,
    /// The way back, step by step.
    pub rollback: Vec<String>,
    /// What else to know.
    pub caveats: Vec<String>,
}
