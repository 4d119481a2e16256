//! Joint optimization if released commitments can cover other usage.
//!
//! The value of a released commitment depends on how much of that usage the rest of the plan
//! leaves. The parts of the estate that share a pool are therefore one program, which also decides
//! where commitments are reapplied.

use std::collections::{BTreeMap, BTreeSet};

use good_lp::{Constraint, Expression, Variable, constraint, variable};

use super::part::{MOST_EXACT, solve_part};
use super::problem::{Problem, number};
use super::program::Program;
use super::stack::combinations;
use crate::plan::types::Pools;

/// Number of combinations up to which released commitments are planned exactly. Above it, the best
/// of a few solutions is taken.
const MOST_COMBINATIONS: usize = 2_000;

/// Largest difference of the savings per reapplied dollar of one pool that counts as rounding. With
/// a larger difference, the solution is good but not proven.
const SAME_WORTH: f64 = 1e-9;

/// Solves everything in one program that includes the reapplied commitments; `None` if it is too
/// large.
pub(super) fn together(problem: &Problem<'_>, pools: &Pools) -> Option<(BTreeSet<usize>, bool)> {
    let (pooled, apart) = parts(problem);
    if is_too_much(problem, &pooled) {
        return None;
    }
    let parts: Vec<(Vec<usize>, bool)> =
        apart.iter().map(|part| solve_part(problem, part, &BTreeMap::new())).collect();
    let proven = parts.iter().all(|(_, proven)| *proven);
    let mut chosen: BTreeSet<usize> = parts.into_iter().flat_map(|(set, _)| set).collect();
    let mut moves = Moves::default();
    for at in &pooled {
        moves.place(problem, *at);
    }
    moves.limit(pools);
    let is_uniform = moves.worth.values().all(|(least, most)| most - least < SAME_WORTH);
    let (set, exact) = moves.program.solve(problem, moves.objective, moves.limits, every);
    chosen.extend(set);
    Some((chosen, proven && exact && is_uniform))
}

/// Returns the slices of the parts in which commitments can be reapplied, and the other parts.
fn parts(problem: &Problem<'_>) -> (Vec<usize>, Vec<Vec<usize>>) {
    let in_pools: BTreeSet<usize> = (0..problem.places.len())
        .filter(|at| problem.places[*at].stakes.iter().any(|s| !s.pools.is_empty()))
        .collect();
    let (pooled, apart): (Vec<_>, Vec<_>) = problem
        .parts(&in_pools)
        .into_iter()
        .partition(|part| part.iter().any(|at| in_pools.contains(at)));
    (pooled.into_iter().flatten().collect(), apart)
}

/// Returns whether a program of these slices would take too long.
fn is_too_much(problem: &Problem<'_>, places: &[usize]) -> bool {
    let of = |at: &usize| &problem.places[*at];
    let options: BTreeSet<usize> =
        places.iter().flat_map(|at| &of(at).stakes).map(|s| s.option).collect();
    let size = || places.iter().map(|at| combinations(of(at), every).len()).sum::<usize>();
    options.len() > MOST_EXACT || size() > MOST_COMBINATIONS
}

/// The program decides every opportunity, including single-slice ones.
fn every(_: usize) -> bool {
    true
}

/// Program with reapplied commitments.
#[derive(Default)]
struct Moves<'a> {
    program: Program,
    objective: Expression,
    limits: Vec<Constraint>,
    /// Amount that the plan releases, by pool.
    freed: BTreeMap<&'a str, Expression>,
    /// Lowest and highest savings per reapplied dollar, by pool.
    worth: BTreeMap<&'a str, (f64, f64)>,
    /// On-demand usage that commitments could cover but the plan removes, by pool.
    taken: BTreeMap<&'a str, Expression>,
}

impl<'a> Moves<'a> {
    /// Adds a slice. Savings of its commitments count only if they are reapplied.
    fn place(&mut self, problem: &Problem<'a>, at: usize) {
        let place = &problem.places[at];
        let pools = place.stakes.first().map_or(&[][..], |s| s.pools);
        let pool = pools.first().map_or("", String::as_str);
        for stake in place.stakes.iter().filter(|s| place.covered && s.released > 0.0) {
            let worth = stake.expected / stake.released;
            let (least, most) = self.worth.entry(pool).or_insert((worth, worth));
            (*least, *most) = (least.min(worth), most.max(worth));
        }
        for (variable, value, released) in self.program.place(place, at, every) {
            if place.covered {
                *self.freed.entry(pool).or_default() += released * variable;
                continue;
            }
            self.objective += value * variable;
            for pool in pools {
                *self.taken.entry(pool).or_default() += value * variable;
            }
        }
    }

    /// Adds constraints for reapplying released commitments within the available usage. As in the
    /// settlement, bound commitments are placed first and unbound ones take the rest.
    fn limit(&mut self, pools: &Pools) {
        let (first, last): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.freed).into_iter().partition(|(name, _)| pools.is_bound(name));
        let mut before = Expression::from(0.0);
        for (name, freed) in first {
            before += self.move_freed(pools, name, freed, Expression::from(0.0));
        }
        for (name, freed) in last {
            self.move_freed(pools, name, freed, before.clone());
        }
    }

    /// Reapplies a pool's released commitments to its usage, minus the amount reapplied `before`.
    /// Returns the amount.
    fn move_freed(
        &mut self,
        pools: &Pools,
        name: &str,
        freed: Expression,
        before: Expression,
    ) -> Variable {
        let moved = self.program.variables.add(variable().min(0.0));
        let over = self.program.variables.add(variable().min(0.0));
        let none = self.program.variables.add(variable().binary());
        let room = pools.0.get(name).map_or(0.0, |p| number(p.on_demand.amount()));
        let taken = self.taken.get(name).cloned().unwrap_or_default();
        let large = room.mul_add(2.0, 1e7);
        self.objective += self.worth.get(name).map_or(1.0, |(least, _)| *least) * moved;
        self.limits.extend([
            constraint!(moved <= freed),
            // If the plan removes more usage than is available, the available usage is zero, not
            // negative.
            constraint!(moved <= room - taken - before + over),
            constraint!(over <= large * none),
            constraint!(moved <= large - large * none),
        ]);
        moved
    }
}
