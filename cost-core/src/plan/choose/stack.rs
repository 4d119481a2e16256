//! Opportunities that apply on one slice, and their savings there.

use super::problem::Place;
use crate::opportunity::Action;

/// Actions that combine on a slice, in this order. Spot replaces a commitment, because both are
/// ways to pay for the same hours.
const ACTIONS: [Action; 4] = [Action::Remove, Action::Schedule, Action::Modify, Action::Commit];

/// Combination on a slice: for each action, one of the opportunities over several slices, or none.
pub(super) type Combination = Vec<usize>;

/// Returns all possible combinations on a slice.
pub(super) fn combinations(
    place: &Place<'_>,
    is_global: impl Fn(usize) -> bool,
) -> Vec<Combination> {
    let mut all: Vec<Combination> = vec![Vec::new()];
    for action in ACTIONS {
        let of_action: Vec<usize> = (0..place.stakes.len())
            .filter(|at| place.stakes[*at].action == action && is_global(place.stakes[*at].option))
            .collect();
        let with = |c: &Combination| {
            of_action.iter().map(|at| [c.clone(), vec![*at]].concat()).collect::<Vec<_>>()
        };
        let more: Vec<Combination> = all.iter().flat_map(with).collect();
        all.extend(more);
    }
    all.retain(|combination| !place.exclusive || combination.len() < 2);
    all
}

/// Returns the amount that a combination releases on a slice that commitments cover.
pub(super) fn released(place: &Place<'_>, combination: &Combination) -> f64 {
    let (mut share, mut sum) = (1.0, 0.0);
    for action in ACTIONS {
        let mut taken = combination.iter().map(|at| &place.stakes[*at]);
        let Some(stake) = taken.find(|s| s.action == action) else { continue };
        if action == Action::Remove {
            return stake.released;
        }
        sum += share * stake.released;
        share *= 1.0 - stake.fraction;
    }
    sum
}

/// Returns the best choice on a slice for a given combination: its value and all opportunities
/// taken.
pub(super) fn stack(
    place: &Place<'_>,
    given: &Combination,
    is_global: impl Fn(usize) -> bool,
) -> (f64, Vec<usize>) {
    let (mut share, mut value, mut taken) = (1.0, 0.0, Vec::new());
    let mut removal: Option<usize> = None;
    for action in ACTIONS {
        let fixed = given.iter().copied().find(|at| place.stakes[*at].action == action);
        let free = || {
            let of_action = (0..place.stakes.len()).filter(|at| {
                let stake = &place.stakes[*at];
                stake.action == action && !is_global(stake.option) && stake.expected > 0.0
            });
            // The first of equal ones, in the order of the plan.
            of_action.reduce(|a, b| {
                if place.stakes[b].expected > place.stakes[a].expected { b } else { a }
            })
        };
        let Some(at) = fixed.or_else(free) else { continue };
        let stake = &place.stakes[at];
        if action == Action::Remove {
            if fixed.is_some() {
                return (stake.expected, given.clone());
            }
            removal = Some(at);
            continue;
        }
        taken.push(at);
        value += share * stake.expected;
        share *= 1.0 - stake.fraction;
    }
    match removal.map(|at| (place.stakes[at].expected, at)) {
        Some((removed, at)) if removed > value => (removed, [given.clone(), vec![at]].concat()),
        _ => (value, taken),
    }
}
