//! The floor: savings that are too small to plan.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::combine::{group_of, units};
use super::group::group_id;
use crate::money::Savings;
use crate::opportunity::Opportunity;

/// Returns the opportunities whose group cannot reach the floor, by position in `order`: Σ of the
/// largest expected savings on each resource of the group.
pub(super) fn unreachable(order: &[&Opportunity], floor: Decimal) -> BTreeSet<usize> {
    let mut groups: BTreeMap<String, (BTreeMap<_, Decimal>, Vec<usize>)> = BTreeMap::new();
    for (at, o) in order.iter().enumerate().filter(|(_, o)| o.has_savings()) {
        let (subjects, members) = groups.entry(group_id(o)).or_default();
        let best = subjects.entry(&o.subject).or_default();
        *best = (*best).max(o.savings.expected.amount());
        members.push(at);
    }
    let small = groups.into_values().filter(|(of, _)| of.values().sum::<Decimal>() < floor);
    small.flat_map(|(_, members)| members).collect()
}

/// Returns the chosen opportunities whose row of the plan saves less than the floor after the steps
/// before them. A row is a group of like steps.
pub(super) fn below(
    order: &[&Opportunity],
    chosen: &BTreeSet<usize>,
    savings: &[Savings],
    floor: Decimal,
) -> BTreeSet<usize> {
    let mut groups: BTreeMap<String, (Decimal, Vec<usize>)> = BTreeMap::new();
    for unit in units(order, chosen) {
        let parts: Vec<&Opportunity> = unit.iter().map(|at| order[*at]).collect();
        if !parts.iter().any(|o| o.has_savings()) {
            continue;
        }
        let (sum, members) = groups.entry(group_of(&parts)).or_default();
        *sum += unit.iter().map(|at| savings[*at].expected.amount()).sum::<Decimal>();
        members.extend(unit);
    }
    let small = groups.into_values().filter(|(sum, _)| *sum < floor);
    small.flat_map(|(_, members)| members).collect()
}
