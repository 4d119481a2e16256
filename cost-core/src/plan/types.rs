//! Plan types, and the usage that released commitments can cover.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limits::Limits;
use crate::money::{Money, Savings};
#[cfg(doc)]
use crate::opportunity::Opportunity;
use crate::runbook::Runbook;
use crate::tradeoff::TradeOff;

/// Usage that released commitments can cover, by pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pools(pub BTreeMap<String, Pool>);

impl Pools {
    /// Returns whether the commitments of a pool are bound to a family or region; `false` if there
    /// is no such pool.
    pub(super) fn is_bound(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|pool| pool.bound)
    }
}

/// Usage that commitments of one kind can cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Whether they are bound to a family or region. Bound commitments are placed first; unbound
    /// ones take the usage that remains.
    pub bound: bool,
    /// `EffectiveCost` of the on-demand usage that they could cover, per month of 730 h.
    pub on_demand: Money,
    /// That usage's `EffectiveCost` ÷ `ListCost`.
    pub paid_per_list: Decimal,
    /// Usage that the commitments pay for, at the same prices, per month of 730 h.
    pub covered: Money,
}

impl Pool {
    /// Returns the share of a released commitment that is expected to cover other usage, 0 to 1: of
    /// all usage that the commitments can cover, the share that is on demand. A commitment covers
    /// usage hour by hour, and monthly sums do not show in which hours there is other usage (ADR
    /// 0037).
    #[must_use]
    pub fn reapplied(&self) -> Decimal {
        let (room, covered) = (self.on_demand.amount(), self.covered.amount());
        let all = room.checked_add(covered);
        let share = all.and_then(|all| room.checked_div(all)).unwrap_or_default();
        share.clamp(Decimal::ZERO, Decimal::ONE).round_dp(12)
    }
}

/// Step of the plan: one change, or all changes of one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Step {
    /// [`Opportunity::id`]; of several changes of one resource, the one that saves most.
    pub opportunity: String,
    /// Savings in addition to steps of earlier actions, per month of 730 h; of several changes,
    /// their sum.
    pub savings: Savings,
    /// Whether it is a quick win: low effort and risk, no downtime, and a rollback in minutes.
    pub quick_win: bool,
    /// Group of like steps: the same change of several resources, in one account and region, with
    /// the same effort and risk. Reports show a group as one row.
    #[serde(default)]
    pub group: String,
    /// The changes, in the order in which they apply, if the step makes several changes of one
    /// resource; omitted for a single change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<StepPart>,
    /// Title, trade-off, and runbook of all changes together; omitted for a single change, which
    /// has those of its opportunity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub combined: Option<Box<Combined>>,
}

impl Step {
    /// Returns the [`Opportunity::id`] of each change.
    pub fn opportunities(&self) -> impl Iterator<Item = &str> {
        let only = self.parts.is_empty().then_some(self.opportunity.as_str());
        self.parts.iter().map(|part| part.opportunity.as_str()).chain(only)
    }

    /// Returns the savings of one of its changes; `None` if it does not make the change.
    #[must_use]
    pub fn savings_of(&self, opportunity: &str) -> Option<Savings> {
        if self.parts.is_empty() {
            return (self.opportunity == opportunity).then_some(self.savings);
        }
        self.parts.iter().find(|part| part.opportunity == opportunity).map(|part| part.savings)
    }
}

/// One of several changes of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct StepPart {
    /// [`Opportunity::id`].
    pub opportunity: String,
    /// Savings in addition to steps of earlier actions, per month of 730 h.
    pub savings: Savings,
}

/// Several changes of one resource as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Combined {
    /// All changes, in one line.
    pub title: String,
    /// Trade-off: the highest effort and risk of the changes, and everything else that applies to
    /// one of them.
    pub trade_off: TradeOff,
    /// Runbook: one command that makes all changes if there is one, such as one blue/green
    /// deployment; else the scripts of the changes, one after the other.
    pub runbook: Runbook,
}

/// Opportunities that save too little to be planned. They are also part of
/// [`JointPlan::not_allowed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct TooSmall {
    /// Number of opportunities.
    pub opportunities: usize,
    /// Σ of their individual savings, per month of 730 h. Of the variants of one finding, only the
    /// largest counts.
    pub savings: Savings,
}

/// Plan: the set of opportunities that saves most together within the constraints. `joint ≤
/// singles`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct JointPlan {
    /// Plan constraints.
    pub limits: Limits,
    /// Whether the plan is proven optimal within the constraints. It is, except for very large
    /// groups of overlapping opportunities.
    pub proven: bool,
    /// Steps: quick wins first, then larger savings. All changes of one resource are one step.
    pub steps: Vec<Step>,
    /// Excluded opportunities, each with the one that replaces it.
    pub excluded: Vec<Exclusion>,
    /// Opportunities outside the constraints or dismissed, and why.
    pub not_allowed: Vec<Refusal>,
    /// Σ of individual savings within the constraints. Of the variants of one finding, only the
    /// largest counts.
    pub sum_of_singles: Savings,
    /// Overlap: Σ expected of singles − Σ expected of the plan.
    pub overlap: Money,
    /// Σ of the steps' savings.
    pub joint: Savings,
    /// Savings of quick wins.
    pub quick_wins: Savings,
    /// Commitments that the plan releases.
    pub freed: Vec<Freed>,
    /// Savings of the plan by account, largest first.
    pub by_account: Vec<PartSaving>,
    /// Savings of the plan by owner: the value of the estate's first tag key.
    pub by_owner: Vec<PartSaving>,
    /// Opportunities that save less than the floor of the constraints ([`Limits::min_saving`]).
    pub too_small: TooSmall,
}

/// Savings of the plan for a part of the estate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PartSaving {
    /// Name of the part; `None` if it has none.
    pub key: Option<String>,
    /// Number of steps.
    pub steps: usize,
    /// Savings of these steps.
    pub savings: Savings,
}

/// Opportunity that another one excludes or leaves without savings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Exclusion {
    /// [`Opportunity::id`] of the excluded opportunity.
    pub opportunity: String,
    /// [`Opportunity::id`] of the one that replaces it.
    pub by: String,
}

/// Opportunity outside the constraints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Refusal {
    /// [`Opportunity::id`].
    pub opportunity: String,
    /// Constraint that it exceeds, and its value.
    pub why: String,
}

/// Released commitments of one kind, valued at the on-demand usage they pay for, per month of 730
/// h.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Freed {
    /// Kind of commitments.
    pub pool: String,
    /// Covered usage that goes away.
    pub freed: Money,
    /// Reapplied: usage that they can cover instead, which is the possible saving. The expected one
    /// is [`Pool::reapplied`] of it.
    pub moved: Money,
    /// Stranded: the part that covers no other usage.
    pub stranded: Money,
}

impl JointPlan {
    /// Returns the step that makes the change of an opportunity, if it is in the plan.
    #[must_use]
    pub fn step(&self, opportunity: &str) -> Option<&Step> {
        self.steps.iter().find(|s| s.opportunities().any(|id| id == opportunity))
    }

    /// Returns the savings of an opportunity in the plan, if it is in the plan.
    #[must_use]
    pub fn savings_of(&self, opportunity: &str) -> Option<Savings> {
        self.step(opportunity)?.savings_of(opportunity)
    }

    /// Returns the steps by the [`Opportunity::id`] of each change, for many lookups.
    #[must_use]
    pub fn by_opportunity(&self) -> BTreeMap<&str, &Step> {
        self.steps.iter().flat_map(|s| s.opportunities().map(move |id| (id, s))).collect()
    }

    /// Returns the exclusion of an opportunity, if another one replaces it.
    #[must_use]
    pub fn exclusion(&self, opportunity: &str) -> Option<&Exclusion> {
        self.excluded.iter().find(|x| x.opportunity == opportunity)
    }

    /// Returns the refusal of an opportunity, if it is outside the constraints.
    #[must_use]
    pub fn refusal(&self, opportunity: &str) -> Option<&Refusal> {
        self.not_allowed.iter().find(|x| x.opportunity == opportunity)
    }
}
