//! The usage that remains after the plan is implemented. Purchases are decided on this usage.
//!
//! Resources that are removed, scheduled off, or moved to spot capacity get no commitment: changing
//! hours are no basis for one, and no commitment covers spot. Resources that are resized or changed
//! to another type remain with the share of their cost that the plan leaves. Only plans that are
//! not bound to a family can cover them.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::commitment::hours::HourlyUsage;
use crate::opportunity::{Action, Opportunity, Slice};
use crate::plan::{JointPlan, fraction};

/// The remaining share of a resource's usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// Remaining share of its cost, 0 to 1.
    pub(super) left: Decimal,
    /// Whether it may have another family after the change.
    pub(super) moves: bool,
}

/// The remaining share of each resource that the plan changes, by `ResourceId`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remaining(BTreeMap<String, Share>);

impl Remaining {
    /// Returns the remaining shares after the steps of a plan.
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
                // The covered part and the on-demand part belong to the same instance. Its lowest
                // share counts.
                share.left = share.left.min(left);
                share.moves |= o.action == Action::Modify;
            }
        }
        Self(shares)
    }

    /// Returns the resources whose usage changes.
    #[must_use]
    pub fn resources(&self) -> BTreeSet<String> {
        self.0.keys().cloned().collect()
    }

    /// Removes the usage that does not remain. Returns for each line whether it may change its
    /// family.
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

/// Multiplies quantities by a factor, rounded to a millionth.
pub(super) fn scale(quantities: &mut [i64], factor: Decimal) {
    const MILLION: i128 = 1_000_000;
    let millionths = (factor * Decimal::from(1_000_000_u32)).round().mantissa();
    for quantity in quantities {
        let scaled = i128::from(*quantity) * millionths / MILLION;
        *quantity = i64::try_from(scaled).unwrap_or(i64::MAX);
    }
}
