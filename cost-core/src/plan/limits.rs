//! What the user allows a plan to ask for.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::opportunity::{Action, Opportunity};
use crate::tradeoff::Level;

/// What a plan may ask for. What is outside is listed, and in no sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Most risk. Default medium: reliability before savings.
    pub max_risk: Level,
    /// Most effort. Default high: each step says what it asks.
    pub max_effort: Level,
    /// Nothing that interrupts what uses the resource.
    pub no_downtime: bool,
    /// Nothing that commits for longer, months; `None` for no limit.
    pub max_commitment_months: Option<u32>,
    /// Least expected saving of an opportunity by itself, per month of 730 h, in the bill's currency. Default 0.
    pub min_saving: Decimal,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_risk: Level::Medium,
            max_effort: Level::High,
            no_downtime: false,
            max_commitment_months: None,
            min_saving: Decimal::ZERO,
        }
    }
}

impl Limits {
    /// Everything is allowed.
    pub const NONE: Self = Self {
        max_risk: Level::High,
        max_effort: Level::High,
        no_downtime: false,
        max_commitment_months: None,
        min_saving: Decimal::ZERO,
    };

    /// Why an opportunity is outside, if it is.
    #[must_use]
    pub fn refuses(&self, o: &Opportunity) -> Option<String> {
        let t = &o.trade_off;
        let above = |what: &str, is: Level, most: Level| {
            (is > most).then(|| format!("{what} {}, at most {} is allowed", is.as_str(), most.as_str()))
        };
        let months = t.commitment_months.zip(self.max_commitment_months).filter(|(asked, most)| asked > most);
        let saved = o.savings.expected;
        let small = o.action != Action::Allocate && saved.amount() < self.min_saving;
        above("risk", t.risk, self.max_risk)
            .or_else(|| above("effort", t.effort, self.max_effort))
            .or_else(|| (self.no_downtime && t.interrupts).then(|| format!("it interrupts: {}", t.downtime)))
            .or_else(|| {
                months.map(|(asked, most)| format!("it commits for {asked} months, at most {most} are allowed"))
            })
            .or_else(|| small.then(|| format!("it saves {saved}, less than {}", self.min_saving.normalize())))
    }
}
