//! Which opportunities are best together.
//!
//! On a slice that only opportunities of that one slice work on, the best is plain: of each action
//! the one that saves most, or a removal if that saves more. What works on several slices is taken
//! whole or not at all; which of those, is a mixed integer program: a binary variable an
//! opportunity, and for each slice one of the combinations that can stand on it. Parts of the
//! estate that share no slice are solved by themselves. A part with very many such opportunities is
//! improved step by step instead: the plan then says that it is not proven to be the best.

mod improve;
mod part;
mod problem;
mod program;
mod stack;
mod together;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rust_decimal::Decimal;

use self::part::solve_part;
use self::problem::Problem;
use self::together::together;
use super::settle::{Settled, settle};
use super::types::Pools;
use crate::money::{Currency, MoneyError};
use crate::opportunity::{Action, Opportunity};

/// What a dollar set free is taken to be worth where there is not enough that it can move to.
const WORTHS: [f64; 4] = [0.75, 0.5, 0.25, 0.0];

/// A set, by place in the order, and whether it is proven to be the best.
pub(super) struct Chosen {
    pub(super) set: BTreeSet<usize>,
    pub(super) proven: bool,
}

/// The best set.
pub(super) fn best(
    order: &[&Opportunity],
    pools: &Pools,
    currency: Currency,
) -> Result<Chosen, MoneyError> {
    let problem = Problem::new(order);
    let settled = |set: &BTreeSet<usize>| settle(order, set, pools, currency);
    let worth =
        |settled: &Settled| settled.savings.iter().map(|s| s.expected.amount()).sum::<Decimal>();
    let (mut chosen, mut proven) = solve(&problem, &BTreeMap::new());
    let mut best = settled(&chosen)?;
    let short: Vec<String> = best
        .freed
        .iter()
        .filter(|f| !f.stranded.is_zero_or_less())
        .map(|f| f.pool.clone())
        .collect();
    if !short.is_empty() {
        // Where commitments are set free that nothing takes over, what they are worth depends on
        // all of the plan.
        let mut others: Vec<BTreeSet<usize>> = Vec::new();
        if let Some((set, exact)) = together(&problem, pools) {
            others.push(set);
            proven = exact;
        } else {
            let at_worth =
                |w: &f64| solve(&problem, &short.iter().map(|p| (p.as_str(), *w)).collect()).0;
            others.extend(WORTHS.iter().map(at_worth));
            proven = false;
        }
        for set in others {
            let other = settled(&set)?;
            if worth(&other) > worth(&best) {
                (chosen, best) = (set, other);
            }
        }
    }
    chosen.retain(|at| !best.savings[*at].expected.is_zero_or_less());
    // What saves nothing itself competes with nothing.
    chosen.extend(
        order.iter().enumerate().filter(|(_, o)| o.action == Action::Allocate).map(|(at, _)| at),
    );
    Ok(Chosen { set: chosen, proven })
}

/// The best set if a dollar of the commitments of a pool that is set free is worth so much, else a
/// whole one.
fn solve(problem: &Problem<'_>, worth: &BTreeMap<&str, f64>) -> (BTreeSet<usize>, bool) {
    let parts = problem.parts(&BTreeSet::new());
    let sets: Vec<(Vec<usize>, bool)> =
        parts.par_iter().map(|part| solve_part(problem, part, worth)).collect();
    let proven = sets.iter().all(|(_, proven)| *proven);
    (sets.into_iter().flat_map(|(set, _)| set).collect(), proven)
}
