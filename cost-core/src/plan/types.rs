//! The joint plan as data, and what commitments that are set free can move to.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limits::Limits;
use crate::money::{Money, Savings};
#[cfg(doc)]
use crate::opportunity::Opportunity;

/// What commitments that are set free can move to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pools(pub BTreeMap<String, Pool>);

impl Pools {
    /// Whether the commitments of a pool are bound to a family or region; not if there is no such
    /// pool.
    pub(super) fn is_bound(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|pool| pool.bound)
    }
}

/// What the commitments of one kind can move to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Whether they are bound to a family or region. Those move first; what is bound to nothing
    /// takes the room that they leave.
    pub bound: bool,
    /// `EffectiveCost` of the usage on demand that they could pay for, per month of 730 h.
    pub on_demand: Money,
    /// That usage's `EffectiveCost` ÷ `ListCost`.
    pub paid_per_list: Decimal,
}

/// One opportunity in the joint plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Step {
    /// [`Opportunity::id`].
    pub opportunity: String,
    /// What it saves on top of the steps of earlier actions, per month of 730 h.
    pub savings: Savings,
    /// Whether it takes little effort, bears little risk, interrupts nothing, and is undone in
    /// minutes.
    pub quick_win: bool,
}

/// What opportunities save together, within the limits. `joint ≤ singles`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct JointPlan {
    /// What it was allowed to ask for.
    pub limits: Limits,
    /// Whether no other set within the limits saves more: proven, but for very large groups of
    /// opportunities that overlap.
    pub proven: bool,
    /// Steps: quick wins first, larger savings first. On one resource they are to be taken in the
    /// order of their actions.
    pub steps: Vec<Step>,
    /// Opportunities left out, each with the one that takes its place.
    pub excluded: Vec<Exclusion>,
    /// Opportunities outside the limits or set aside by a person, and why.
    pub not_allowed: Vec<Refusal>,
    /// Σ of the opportunities' own savings within the limits, as if each were the only one; of the
    /// variants of one finding only the largest counts.
    pub sum_of_singles: Savings,
    /// Σ expected of singles − Σ expected of the plan: what would have been counted twice.
    pub overlap: Money,
    /// Σ of the steps' savings.
    pub joint: Savings,
    /// The part of it that quick wins save.
    pub quick_wins: Savings,
    /// Commitments that the plan sets free.
    pub freed: Vec<Freed>,
    /// Joint saving by account, larger ones first.
    pub by_account: Vec<PartSaving>,
    /// Joint saving by owner: the value of the estate's first tag key.
    pub by_owner: Vec<PartSaving>,
}

/// Joint saving of a part of the estate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PartSaving {
    /// Its name; `None` where there is none.
    pub key: Option<String>,
    /// Steps in it.
    pub steps: usize,
    /// What they save.
    pub savings: Savings,
}

/// An opportunity that another one makes impossible, or leaves nothing for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Exclusion {
    /// [`Opportunity::id`] of the one left out.
    pub opportunity: String,
    /// [`Opportunity::id`] of the one in its place.
    pub by: String,
}

/// An opportunity outside the limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Refusal {
    /// [`Opportunity::id`].
    pub opportunity: String,
    /// Which limit, and what it asks for.
    pub why: String,
}

/// Commitments of one kind that the plan sets free, valued at the on-demand usage they pay for. Per
/// month of 730 h.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Freed {
    /// Which commitments.
    pub pool: String,
    /// What they paid for that goes away.
    pub freed: Money,
    /// What they pay for instead: this is the saving.
    pub moved: Money,
    /// What nothing takes over.
    pub stranded: Money,
}

impl JointPlan {
    /// The step that takes an opportunity, if it is in the plan.
    #[must_use]
    pub fn step(&self, opportunity: &str) -> Option<&Step> {
        self.steps.iter().find(|s| s.opportunity == opportunity)
    }

    /// The steps by [`Opportunity::id`]: to look up many.
    #[must_use]
    pub fn by_opportunity(&self) -> BTreeMap<&str, &Step> {
        self.steps.iter().map(|s| (s.opportunity.as_str(), s)).collect()
    }

    /// Why an opportunity is not in the plan, if another takes its place.
    #[must_use]
    pub fn exclusion(&self, opportunity: &str) -> Option<&Exclusion> {
        self.excluded.iter().find(|x| x.opportunity == opportunity)
    }

    /// Why an opportunity is not in the plan, if it is outside the limits.
    #[must_use]
    pub fn refusal(&self, opportunity: &str) -> Option<&Refusal> {
        self.not_allowed.iter().find(|x| x.opportunity == opportunity)
    }
}
