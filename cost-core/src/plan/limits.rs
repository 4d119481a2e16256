//! Plan constraints.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::opportunity::{Action, Opportunity};
use crate::tradeoff::Level;

/// Plan constraints. Opportunities outside them are listed and not included in any sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Maximum risk. Default medium: reliability before savings.
    pub max_risk: Level,
    /// Maximum effort. Default high: each step shows its effort.
    pub max_effort: Level,
    /// Whether to exclude opportunities with downtime.
    pub no_downtime: bool,
    /// Longest commitment, months; `None` for no limit.
    pub max_commitment_months: Option<u32>,
    /// Smallest expected savings of an individual opportunity, per month of 730 h, in the bill's
    /// currency. Default 0.
    pub min_saving: Decimal,
    /// Smallest additional savings of a change with more effort or risk than another change of the
    /// resource, or than no change, per month of 730 h, in the bill's currency. Default 25: some
    /// hours of work pay back within a year or two.
    pub step_up: Decimal,
    /// Smallest additional savings in percent of the milder change's savings. Default 20.
    pub step_up_pct: Decimal,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_risk: Level::Medium,
            max_effort: Level::High,
            no_downtime: false,
            max_commitment_months: None,
            min_saving: Decimal::ZERO,
            step_up: Decimal::from(25),
            step_up_pct: Decimal::from(20),
        }
    }
}

impl Limits {
    /// No constraints.
    pub const NONE: Self = Self {
        max_risk: Level::High,
        max_effort: Level::High,
        no_downtime: false,
        max_commitment_months: None,
        min_saving: Decimal::ZERO,
        step_up: Decimal::ZERO,
        step_up_pct: Decimal::ZERO,
    };

    /// Returns why an opportunity is outside the constraints, if it is.
    #[must_use]
    pub fn refuses(&self, o: &Opportunity) -> Option<String> {
        let t = &o.trade_off;
        let above = |what: &str, is: Level, most: Level| {
            (is > most)
                .then(|| format!("{what} is {}, the maximum is {}", is.as_str(), most.as_str()))
        };
        let months = t
            .commitment_months
            .zip(self.max_commitment_months)
            .filter(|(asked, most)| asked > most);
        let saved = o.savings.expected;
        let small = o.action != Action::Allocate && saved.amount() < self.min_saving;
        above("risk", t.risk, self.max_risk)
            .or_else(|| above("effort", t.effort, self.max_effort))
            .or_else(|| {
                (self.no_downtime && t.interrupts)
                    .then(|| format!("it has downtime: {}", t.downtime))
            })
            .or_else(|| {
                months.map(|(asked, most)| {
                    format!("it commits for {asked} months, the maximum is {most}")
                })
            })
            .or_else(|| {
                small.then(|| {
                    format!("it saves {saved}, the minimum is {}", self.min_saving.normalize())
                })
            })
    }
}
