//! Trade-off of a change: effort, risk, reliability, commitment, and rollback.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money};

/// Level: low, medium, or high.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Effort: minutes. Risk: failure is unlikely and harmless.
    Low,
    /// Effort: hours. Risk: failure is unlikely, or its harm is small and quickly fixed.
    Medium,
    /// Effort: days or more. Risk: a failure would have a noticeable impact.
    High,
}

impl Level {
    /// Returns the name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Reversibility of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reversibility {
    /// Rollback in minutes, without loss.
    Reversible,
    /// Rollback with work or waiting; no loss if the steps are followed.
    WithEffort,
    /// No rollback: money or data is lost.
    Irreversible,
}

/// Trade-off of an opportunity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TradeOff {
    /// Effort of the change.
    pub effort: Level,
    /// Risk of the change.
    pub risk: Level,
    /// Reason for the risk level.
    pub risk_reason: String,
    /// Effect on reliability: redundancy, backups, headroom.
    pub reliability: String,
    /// Downtime during the change.
    pub downtime: String,
    /// Whether the change causes downtime for users of the resource, if done as described.
    pub interrupts: bool,
    /// When the bill decreases.
    pub time_to_effect: String,
    /// Commitment in months; `None` for no commitment.
    pub commitment_months: Option<u32>,
    /// Upfront payment.
    pub upfront: Money,
    /// Months until the upfront payment is recovered; `None` without one.
    pub break_even_months: Option<Decimal>,
    /// Reversibility of a change.
    pub reversibility: Reversibility,
    /// Tests to run first, and where.
    pub test_first: Vec<String>,
    /// Rollback, step by step.
    pub rollback: Vec<String>,
    /// Caveats.
    pub caveats: Vec<String>,
}

impl TradeOff {
    /// Creates a trade-off with defaults: rollback in minutes, no downtime, no change in
    /// redundancy, no commitment, and savings from the next hour on.
    #[must_use]
    pub fn new(effort: Level, risk: Level, risk_reason: &str, currency: Currency) -> Self {
        Self {
            effort,
            risk,
            risk_reason: risk_reason.to_owned(),
            reliability: "none".to_owned(),
            downtime: "none".to_owned(),
            interrupts: false,
            time_to_effect: "from the hour of the change".to_owned(),
            commitment_months: None,
            upfront: Money::zero(currency),
            break_even_months: None,
            reversibility: Reversibility::Reversible,
            test_first: Vec::new(),
            rollback: Vec::new(),
            caveats: Vec::new(),
        }
    }

    /// See [`TradeOff::reliability`].
    #[must_use]
    pub fn reliability(self, text: &str) -> Self {
        Self { reliability: text.to_owned(), ..self }
    }

    /// Sets a downtime and its duration; see [`TradeOff::interrupts`].
    #[must_use]
    pub fn interrupts(self, text: &str) -> Self {
        Self { downtime: text.to_owned(), interrupts: true, ..self }
    }

    /// Sets the text for a change without downtime.
    #[must_use]
    pub fn no_downtime(self, text: &str) -> Self {
        Self { downtime: text.to_owned(), interrupts: false, ..self }
    }

    /// See [`TradeOff::time_to_effect`].
    #[must_use]
    pub fn effect(self, text: &str) -> Self {
        Self { time_to_effect: text.to_owned(), ..self }
    }

    /// See [`TradeOff::reversibility`].
    #[must_use]
    pub fn undo(self, reversibility: Reversibility) -> Self {
        Self { reversibility, ..self }
    }

    /// See [`TradeOff::test_first`].
    #[must_use]
    pub fn test_first(self, steps: &[&str]) -> Self {
        Self { test_first: lines(steps), ..self }
    }

    /// See [`TradeOff::rollback`].
    #[must_use]
    pub fn rollback(self, steps: &[&str]) -> Self {
        Self { rollback: lines(steps), ..self }
    }

    /// Adds to [`TradeOff::caveats`].
    #[must_use]
    pub fn caveats(mut self, texts: &[&str]) -> Self {
        self.caveats.extend(lines(texts));
        self
    }

    /// Adds a caveat if there is one.
    #[must_use]
    pub fn caveat(mut self, text: Option<String>) -> Self {
        self.caveats.extend(text);
        self
    }
}

fn lines(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|t| (*t).to_owned()).collect()
}
