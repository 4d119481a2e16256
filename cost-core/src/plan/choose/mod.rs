//! Choice of the best set of opportunities.
//!
//! On a slice with only single-slice opportunities, the best choice is direct: for each action the
//! one that saves most, or a removal if that saves more. Opportunities over several slices are
//! taken completely or not at all. Their choice is a mixed integer program: a binary variable per
//! opportunity, and for each slice one of its possible combinations. Parts of the estate that share
//! no slice are solved individually. A part with very many such opportunities is improved step by
//! step instead, and the plan then reports that it is not proven optimal.

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
use super::unit::{Changed, changed_resource};
use crate::money::{Currency, MoneyError};
use crate::opportunity::{Action, Opportunity};

/// Assumed values of a released dollar if there is too little usage to cover.
const WORTHS: [f64; 4] = [0.75, 0.5, 0.25, 0.0];

/// Set by position in the order, and whether it is proven optimal.
pub(super) struct Chosen {
    pub(super) set: BTreeSet<usize>,
    pub(super) proven: bool,
}

/// Returns the best set.
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
        // The value of released commitments without other usage to cover depends on the complete
        // plan.
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
    // Opportunities without savings do not compete, but what is removed is not changed.
    let removals = chosen.iter().map(|at| order[*at]).filter(|o| o.action == Action::Remove);
    let removed: BTreeSet<Changed<'_>> = removals.map(changed_resource).collect();
    let stays =
        |o: &Opportunity| o.action == Action::Allocate || !removed.contains(&changed_resource(o));
    let others = order.iter().enumerate().filter(|(_, o)| !o.has_savings() && stays(o));
    chosen.extend(others.map(|(at, _)| at));
    Ok(Chosen { set: chosen, proven })
}

/// Returns the best set if a released dollar of a pool's commitments has this value, else one
/// dollar.
fn solve(problem: &Problem<'_>, worth: &BTreeMap<&str, f64>) -> (BTreeSet<usize>, bool) {
    let parts = problem.parts(&BTreeSet::new());
    let sets: Vec<(Vec<usize>, bool)> =
        parts.par_iter().map(|part| solve_part(problem, part, worth)).collect();
    let proven = sets.iter().all(|(_, proven)| *proven);
    (sets.into_iter().flat_map(|(set, _)| set).collect(), proven)
}
