//! Solution of a part of the estate that shares no slice with the rest.

use std::collections::{BTreeMap, BTreeSet};

use good_lp::Expression;

use super::improve::improve;
use super::problem::{Place, Problem};
use super::program::Program;

/// Number of opportunities over several slices up to which a part is solved exactly. Above it, sets
/// are improved step by step until no step helps.
pub(super) const MOST_EXACT: usize = 24;

/// Returns the best set of a part, and whether it is proven optimal.
pub(super) fn solve_part(
    problem: &Problem<'_>,
    part: &[usize],
    worth: &BTreeMap<&str, f64>,
) -> (Vec<usize>, bool) {
    let is_global = |option: usize| problem.is_global(option);
    let weight = |place: &Place<'_>| {
        let of = |pool: &String| worth.get(pool.as_str()).copied();
        place
            .stakes
            .first()
            .and_then(|s| s.pools.first())
            .filter(|_| place.covered)
            .and_then(of)
            .unwrap_or(1.0)
    };
    let globals: BTreeSet<usize> = part
        .iter()
        .flat_map(|at| &problem.places[*at].stakes)
        .map(|s| s.option)
        .filter(|o| is_global(*o))
        .collect();
    if globals.len() > MOST_EXACT {
        return (improve(problem, part, &globals, weight), false);
    }
    let mut program = Program::default();
    let mut objective = Expression::from(0.0);
    for at in part {
        let place = &problem.places[*at];
        for (variable, value, _) in program.place(place, *at, is_global) {
            objective += weight(place) * value * variable;
        }
    }
    program.solve(problem, objective, Vec::new(), is_global)
}
