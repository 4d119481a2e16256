//! Plan constraints.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::opportunity::Opportunity;
use crate::tradeoff::Level;

/// Start of the reason for which an opportunity below the floor is not in the plan.
pub const TOO_SMALL: &str = "too small to plan";
/// Start of the reason for which a purchase is not in the plan: `cost commitments` decides on it.
pub const BOUGHT_LATER: &str = "bought after the plan";

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
    /// Floor: smallest expected savings of a group of like steps ([`super::Step::group`]), per month
    /// of 730 h, in the bill's currency. Default 5: less does not pay for the minutes that a change
    /// and its review take. Source: engineering judgment (ADR 0038). In a plan, it is the larger of
    /// this amount and [`Self::min_saving_pct`].
    pub min_saving: Decimal,
    /// Floor in percent of the month's `EffectiveCost`. Default 0.05: twenty steps of this size save
    /// one percent. Source: engineering judgment (ADR 0038).
    pub min_saving_pct: Decimal,
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
            min_saving: Decimal::from(5),
            min_saving_pct: Decimal::new(5, 2),
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
        min_saving_pct: Decimal::ZERO,
        step_up: Decimal::ZERO,
        step_up_pct: Decimal::ZERO,
    };

    /// Returns the constraints for a month with this `EffectiveCost`: the floor is the larger of
    /// the amount and the percentage.
    #[must_use]
    pub fn for_spend(self, spend: Money) -> Self {
        let share = spend.amount() * self.min_saving_pct / Decimal::ONE_HUNDRED;
        Self { min_saving: self.min_saving.max(share.round_dp(2)), ..self }
    }

    /// Returns why an opportunity below the floor is outside the constraints.
    pub(super) fn too_small(&self, o: &Opportunity) -> String {
        format!(
            "{TOO_SMALL}: it saves {}, and like steps save less than {} together",
            o.savings.expected,
            self.min_saving.normalize()
        )
    }

    /// Returns why an opportunity is outside the constraints, if it is. The floor applies to groups
    /// and is not part of it.
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
    }
}
