//! The usage that remains after the plan is implemented. Purchases are decided on this usage.
//!
//! Usage that is removed, scheduled off, or moved to spot capacity gets no commitment: changing hours
//! are no basis for one, and no commitment covers spot. Usage that is resized or changed to another
//! type remains with the share of its cost that the plan leaves. Only plans that are not bound to a
//! family can cover it. A step changes the slices of a resource that it claims: a deleted warehouse
//! its node hours, a table with less capacity its capacity, and the end of extended support of a
//! database not the hours of its instance.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::cloud::cloud;
use crate::commitment::hours::{HourlyUsage, UsageLine};
use crate::opportunity::{Action, Opportunity, Slice};
use crate::plan::{JointPlan, fraction};

/// The remaining share of a slice of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// Remaining share of its cost, 0 to 1.
    pub(super) left: Decimal,
    /// Whether it may have another family after the change.
    pub(super) moves: bool,
}

/// The remaining share of each slice that the plan changes, by `ResourceId`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remaining(BTreeMap<String, BTreeMap<Slice, Share>>);

impl Remaining {
    /// Returns the remaining shares after the steps of a plan.
    #[must_use]
    pub fn after(plan: &JointPlan, opportunities: &[Opportunity]) -> Self {
        let steps = plan.by_opportunity();
        let mut remaining = Self::default();
        for o in opportunities.iter().filter(|o| steps.contains_key(o.id.as_str())) {
            for claim in &o.claims {
                let left = match o.action {
                    Action::Remove | Action::Schedule | Action::Spot => Decimal::ZERO,
                    Action::Modify => Decimal::ONE - fraction(claim),
                    Action::Commit | Action::Allocate => continue,
                };
                let share = Share { left, moves: o.action == Action::Modify };
                remaining.put(&claim.resource_id, claim.slice, share);
            }
        }
        remaining
    }

    /// Adds a change of a slice. The lowest share counts.
    fn put(&mut self, resource_id: &str, slice: Slice, of: Share) {
        let slices = self.0.entry(resource_id.to_owned()).or_default();
        let share = slices.entry(slice).or_insert(Share { left: Decimal::ONE, moves: false });
        share.left = share.left.min(of.left);
        share.moves |= of.moves;
    }

    /// Returns the remaining share of a line. Its covered and its on-demand usage are of the same
    /// resource, so the lower share counts.
    fn of(&self, line: &UsageLine) -> Option<Share> {
        let slices = self.0.get(line.resource_id.as_ref()?)?;
        let used = line.priced().used;
        let slice = cloud(line.provider).slice(used);
        let (open, covered) = (slices.get(&slice), slices.get(&Slice::Covered));
        open.into_iter()
            .chain(covered)
            .copied()
            .reduce(|a, b| Share { left: a.left.min(b.left), moves: a.moves || b.moves })
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
            let share = self.of(line);
            moves.push(share.is_some_and(|s| s.moves));
            if let Some(share) = share {
                scale(&mut line.quantities, share.left);
            }
        }
        moves
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, Slice, Share); N]> for Remaining {
    fn from(shares: [(&str, Slice, Share); N]) -> Self {
        let mut remaining = Self::default();
        for (resource_id, slice, share) in shares {
            remaining.put(resource_id, slice, share);
        }
        remaining
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
