//! The joint plan: what all opportunities save together, with no dollar counted twice.
//!
//! Opportunities are taken in the order of their [`Action`]: what is removed need not be modified, and commitments are
//! bought for what remains. Each claim on a slice of a resource is scaled to what the ones before it left of that slice.
//! Two that do the same kind of thing to the same slice exclude each other: the one with the larger saving is kept.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money, MoneyError, Savings};
use crate::opportunity::{Action, Claim, Opportunity, Slice};

/// One opportunity in the joint plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// [`Opportunity::id`].
    pub opportunity: String,
    /// What it saves on top of the steps before it, per month of 730 h.
    pub savings: Savings,
}

/// What all opportunities save together. `joint ≤ singles`, and the joint saving never exceeds what is spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JointPlan {
    /// Steps in the order to take them.
    pub steps: Vec<Step>,
    /// Opportunities left out, each with the one that takes its place.
    pub excluded: Vec<Exclusion>,
    /// Σ of the opportunities' own savings, as if each were the only one.
    pub sum_of_singles: Savings,
    /// Σ expected of singles − Σ expected of the plan: what would have been counted twice.
    pub overlap: Money,
    /// Σ of the steps' savings.
    pub joint: Savings,
}

/// An opportunity that another one makes impossible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exclusion {
    /// [`Opportunity::id`] of the one left out.
    pub opportunity: String,
    /// [`Opportunity::id`] of the one in its place.
    pub by: String,
}

impl JointPlan {
    /// The step that takes an opportunity, if it is in the plan.
    #[must_use]
    pub fn step(&self, opportunity: &str) -> Option<&Step> {
        self.steps.iter().find(|s| s.opportunity == opportunity)
    }

    /// Why an opportunity is not in the plan, if it was left out.
    #[must_use]
    pub fn exclusion(&self, opportunity: &str) -> Option<&Exclusion> {
        self.excluded.iter().find(|x| x.opportunity == opportunity)
    }
}

type SliceKey = (Option<String>, String, Slice);

struct Left {
    /// Share of the slice that steps so far have not taken, 0 to 1.
    share: Decimal,
    /// Last step on the slice of each kind.
    taken: BTreeMap<Action, String>,
}

/// Plans all opportunities together.
///
/// # Errors
/// [`MoneyError`]: mixed currencies, or a sum that does not fit.
pub fn plan(all: &[Opportunity], currency: Currency) -> Result<JointPlan, MoneyError> {
    let mut order: Vec<&Opportunity> = all.iter().collect();
    order.sort_by(|a, b| {
        let saving = |o: &Opportunity| o.savings.expected.amount();
        a.action.cmp(&b.action).then_with(|| saving(b).cmp(&saving(a))).then_with(|| a.id.cmp(&b.id))
    });
    let mut left: BTreeMap<SliceKey, Left> = BTreeMap::new();
    let mut made = JointPlan {
        steps: Vec::new(),
        excluded: Vec::new(),
        sum_of_singles: Savings::zero(currency),
        overlap: Money::zero(currency),
        joint: Savings::zero(currency),
    };
    for opportunity in order {
        made.sum_of_singles = made.sum_of_singles.try_add(opportunity.savings)?;
        if let Some(by) = excluded_by(opportunity, &left) {
            made.excluded.push(Exclusion { opportunity: opportunity.id.clone(), by });
            continue;
        }
        let mut savings = Savings::zero(currency);
        for claim in &opportunity.claims {
            let whole = || Left { share: Decimal::ONE, taken: BTreeMap::new() };
            let slice = left.entry(claim.key()).or_insert_with(whole);
            // A resource that goes away, or is already changed in this way, has nothing left for this claim.
            if slice.taken.contains_key(&Action::Remove) || slice.taken.contains_key(&opportunity.action) {
                continue;
            }
            savings = savings.try_add(take(claim, slice)?)?;
            slice.taken.insert(opportunity.action, opportunity.id.clone());
        }
        made.joint = made.joint.try_add(savings)?;
        made.steps.push(Step { opportunity: opportunity.id.clone(), savings });
    }
    made.overlap = made.sum_of_singles.expected.try_sub(made.joint.expected)?;
    Ok(made)
}

/// The opportunity that makes this one impossible on every slice it claims: one of the same kind, or a removal.
fn excluded_by(opportunity: &Opportunity, left: &BTreeMap<SliceKey, Left>) -> Option<String> {
    let by = |claim: &Claim| {
        let taken = &left.get(&claim.key())?.taken;
        taken.get(&opportunity.action).or_else(|| taken.get(&Action::Remove)).cloned()
    };
    let all: Option<Vec<String>> = opportunity.claims.iter().map(by).collect();
    all?.into_iter().next()
}

/// What a claim saves of what is left of its slice; the slice is made smaller by it.
fn take(claim: &Claim, slice: &mut Left) -> Result<Savings, MoneyError> {
    let share = slice.share;
    let savings = claim.savings.try_mul(share)?;
    let of_spend = claim.savings.expected.amount().checked_div(claim.spend.amount()).unwrap_or(Decimal::ZERO);
    let taken = of_spend.clamp(Decimal::ZERO, Decimal::ONE);
    slice.share = share.checked_mul(Decimal::ONE - taken).ok_or(MoneyError::Overflow)?.round_dp(20);
    Ok(savings)
}

#[cfg(test)]
mod tests;
