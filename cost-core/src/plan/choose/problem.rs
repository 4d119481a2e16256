//! Optimization problem of the estate: slices, and the opportunities on each.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::opportunity::{Action, Claim, Opportunity, Slice};
use crate::plan::settle::{SliceKey, fraction};
use crate::plan::unit::changed_resource;

/// Opportunity on one slice.
pub(super) struct Stake<'a> {
    pub(super) option: usize,
    pub(super) action: Action,
    pub(super) expected: f64,
    /// Expected savings, or for covered usage the amount that the commitment pays for and releases.
    pub(super) released: f64,
    pub(super) fraction: f64,
    pub(super) pools: &'a [String],
}

/// Slice of cost, and the opportunities on it.
pub(super) struct Place<'a> {
    pub(super) covered: bool,
    /// Whether only one of the opportunities can be taken. Such a place has no cost: it is the
    /// removal of a resource, and a change of the resource in another slice.
    pub(super) exclusive: bool,
    pub(super) stakes: Vec<Stake<'a>>,
}

/// Slices of an estate with the opportunities on them.
pub(super) struct Problem<'a> {
    pub(super) places: Vec<Place<'a>>,
    /// Slices of each opportunity.
    pub(super) of_option: Vec<Vec<usize>>,
}

pub(super) fn number(value: Decimal) -> f64 {
    value.to_f64().unwrap_or(0.0)
}

impl<'a> Problem<'a> {
    pub(super) fn new(order: &[&'a Opportunity]) -> Self {
        let mut places: Vec<Place<'a>> = Vec::new();
        let mut known: BTreeMap<SliceKey, usize> = BTreeMap::new();
        let mut of_option = vec![Vec::new(); order.len()];
        for (option, o) in order.iter().enumerate() {
            for claim in &o.claims {
                let at = *known.entry(claim.key()).or_insert_with(|| {
                    places.push(Place {
                        covered: claim.slice == Slice::Covered,
                        exclusive: false,
                        stakes: Vec::new(),
                    });
                    places.len() - 1
                });
                places[at].stakes.push(Stake {
                    option,
                    action: if o.action == Action::Spot { Action::Commit } else { o.action },
                    expected: number(claim.savings.expected.amount()),
                    released: number(claim.full().amount()),
                    fraction: number(fraction(claim)),
                    pools: &claim.pools,
                });
                of_option[option].push(at);
            }
        }
        for pair in removals_and_changes(order) {
            for option in pair {
                of_option[option].push(places.len());
            }
            let stake = |option: usize| Stake {
                option,
                action: order[option].action,
                expected: 0.0,
                released: 0.0,
                fraction: 0.0,
                pools: &[],
            };
            let stakes = pair.map(stake).into_iter().collect();
            places.push(Place { covered: false, exclusive: true, stakes });
        }
        Self { places, of_option }
    }

    /// Returns whether an opportunity affects several slices, so that no slice can decide on it
    /// individually.
    pub(super) fn is_global(&self, option: usize) -> bool {
        self.of_option[option].len() > 1
    }

    /// Returns groups of slices that share opportunities, each in order. Slices in `joined` form
    /// one group.
    pub(super) fn parts(&self, joined: &BTreeSet<usize>) -> Vec<Vec<usize>> {
        let mut parent: Vec<usize> = (0..self.places.len()).collect();
        let linked = self.of_option.iter().cloned().chain([joined.iter().copied().collect()]);
        for places in linked {
            for pair in places.windows(2) {
                let (a, b) = (root(&mut parent, pair[0]), root(&mut parent, pair[1]));
                parent[a.max(b)] = a.min(b);
            }
        }
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..self.places.len() {
            parts.entry(root(&mut parent, at)).or_default().push(at);
        }
        parts.into_values().collect()
    }
}

/// Returns the removals of resources, each with each change of the resource that also saves in a
/// slice which the removal does not claim. Only one of both is possible. In the slices that both
/// claim, nothing is left to change after the removal.
fn removals_and_changes(order: &[&Opportunity]) -> Vec<[usize; 2]> {
    let mut removals: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, o) in order.iter().enumerate().filter(|(_, o)| o.action == Action::Remove) {
        removals.entry(changed_resource(o)).or_default().push(at);
    }
    let mut pairs = Vec::new();
    for (at, o) in order.iter().enumerate() {
        let is_change = matches!(o.action, Action::Schedule | Action::Modify);
        let of_resource = removals.get(&changed_resource(o)).filter(|_| is_change);
        for removal in of_resource.into_iter().flatten() {
            let claimed: BTreeSet<SliceKey> =
                order[*removal].claims.iter().map(Claim::key).collect();
            if o.claims.iter().any(|claim| !claimed.contains(&claim.key())) {
                pairs.push([*removal, at]);
            }
        }
    }
    pairs
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}
