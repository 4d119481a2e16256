//! What a saving costs: effort, risk, reliability, commitment, and the way back.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money};

/// Low, medium or high.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
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
    /// Whether what uses it is interrupted, if it is done as the steps say.
    pub interrupts: bool,
    /// When the bill becomes smaller.
    pub time_to_effect: String,
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

impl TradeOff {
    /// Of something that can be undone in minutes, interrupts nothing, changes no redundancy and
    /// asks for no commitment, and saves from the next hour on, until told otherwise.
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

    /// An interruption, and how long; see [`TradeOff::interrupts`].
    #[must_use]
    pub fn interrupts(self, text: &str) -> Self {
        Self { downtime: text.to_owned(), interrupts: true, ..self }
    }

    /// What there is instead of an interruption.
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
