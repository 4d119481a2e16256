//! What usage remains when the joint plan is carried out: what to commit to is decided on that.
//!
//! What is removed, off at times, or goes to spot capacity is not committed to at all: hours that
//! come and go are no base of a commitment, and no commitment pays for spot. What is made smaller
//! or changed to another type remains with the share of its cost that the plan leaves, and only
//! plans that are bound to no family can cover it.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::commitment::hours::HourlyUsage;
use crate::opportunity::{Action, Opportunity, Slice};
use crate::plan::{JointPlan, fraction};

/// What remains of a resource's usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// The part of its cost, 0 to 1.
    pub(super) left: Decimal,
    /// Whether it may be of another family then.
    pub(super) moves: bool,
}

/// What remains of each resource that the plan changes, by `ResourceId`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remaining(BTreeMap<String, Share>);

impl Remaining {
    /// After the steps of a plan.
    #[must_use]
    pub fn after(plan: &JointPlan, opportunities: &[Opportunity]) -> Self {
        let steps = plan.by_opportunity();
        let mut shares: BTreeMap<String, Share> = BTreeMap::new();
        for o in opportunities.iter().filter(|o| steps.contains_key(o.id.as_str())) {
            for claim in
                o.claims.iter().filter(|c| matches!(c.slice, Slice::Compute | Slice::Covered))
            {
                let left = match o.action {
                    Action::Remove | Action::Schedule | Action::Spot => Decimal::ZERO,
                    Action::Modify => Decimal::ONE - fraction(claim),
                    Action::Commit | Action::Allocate => continue,
                };
                let share = shares
                    .entry(claim.resource_id.clone())
                    .or_insert(Share { left: Decimal::ONE, moves: false });
                // The parts that commitments pay for and those on demand are of the same machine:
                // its least share counts.
                share.left = share.left.min(left);
                share.moves |= o.action == Action::Modify;
            }
        }
        Self(shares)
    }

    /// The resources whose usage changes.
    #[must_use]
    pub fn resources(&self) -> BTreeSet<String> {
        self.0.keys().cloned().collect()
    }

    /// Takes away what does not remain; gives for each line whether it may be of another family.
    pub(super) fn apply(&self, usage: &mut HourlyUsage) -> Vec<bool> {
        let mut moves = Vec::with_capacity(usage.lines.len());
        for line in &mut usage.lines {
            let share = line.resource_id.as_ref().and_then(|id| self.0.get(id));
            moves.push(share.is_some_and(|s| s.moves));
            if let Some(share) = share {
                scale(&mut line.quantities, share.left);
            }
        }
        moves
    }
}

#[cfg(test)]
impl<const N: usize> From<[(String, Share); N]> for Remaining {
    fn from(shares: [(String, Share); N]) -> Self {
        Self(BTreeMap::from(shares))
    }
}

/// Quantities × a factor, to a millionth of it.
pub(super) fn scale(quantities: &mut [i64], factor: Decimal) {
    const MILLION: i128 = 1_000_000;
    let millionths = (factor * Decimal::from(1_000_000_u32)).round().mantissa();
    for quantity in quantities {
        let scaled = i128::from(*quantity) * millionths / MILLION;
        *quantity = i64::try_from(scaled).unwrap_or(i64::MAX);
    }
}
