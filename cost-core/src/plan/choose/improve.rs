//! Search for a good set by stepwise improvement, for problems that are too large to solve exactly.

use std::collections::BTreeSet;

use super::problem::{Place, Problem};
use super::stack::{Combination, stack};
use crate::opportunity::Action;

/// Largest number of improvement rounds; few are needed.
const MOST_ROUNDS: usize = 50;
/// Improvement that counts as rounding.
const NOTHING: f64 = 1e-9;

/// Returns a good set for a part with too many opportunities over several slices for an exact
/// solution. Each one is added, replacing those it excludes, or removed, as long as that improves
/// the result.
pub(super) fn improve(
    problem: &Problem<'_>,
    part: &[usize],
    globals: &BTreeSet<usize>,
    weight: impl Fn(&Place<'_>) -> f64,
) -> Vec<usize> {
    let is_global = |option: usize| problem.is_global(option);
    let given = |place: &Place<'_>, chosen: &BTreeSet<usize>| -> Combination {
        (0..place.stakes.len()).filter(|s| chosen.contains(&place.stakes[*s].option)).collect()
    };
    let value = |at: usize, chosen: &BTreeSet<usize>| {
        let place = &problem.places[at];
        weight(place) * stack(place, &given(place, chosen), is_global).0
    };
    let mut chosen: BTreeSet<usize> = BTreeSet::new();
    for _ in 0..MOST_ROUNDS {
        let mut improved = false;
        for option in globals {
            let mut other = chosen.clone();
            let mut touched: BTreeSet<usize> = problem.of_option[*option].iter().copied().collect();
            if !other.remove(option) {
                for at in &problem.of_option[*option] {
                    let place = &problem.places[*at];
                    let stakes = &place.stakes;
                    let action = stakes.iter().find(|s| s.option == *option).map(|s| s.action);
                    let is_rival = |of: Action| place.exclusive || Some(of) == action;
                    for rival in
                        stakes.iter().filter(|s| is_rival(s.action) && other.remove(&s.option))
                    {
                        touched.extend(&problem.of_option[rival.option]);
                    }
                }
                other.insert(*option);
            }
            let gain: f64 = touched.iter().map(|at| value(*at, &other) - value(*at, &chosen)).sum();
            if gain > NOTHING {
                chosen = other;
                improved = true;
            }
        }
        if !improved {
            break;
        }
    }
    let taken = part.iter().flat_map(|at| {
        let place = &problem.places[*at];
        let all = stack(place, &given(place, &chosen), is_global).1;
        all.into_iter().map(|s| place.stakes[s].option).collect::<Vec<_>>()
    });
    let all: BTreeSet<usize> = chosen.iter().copied().chain(taken).collect();
    all.into_iter().collect()
}
