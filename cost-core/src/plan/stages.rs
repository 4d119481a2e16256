//! The two stages of the plan: first the changes, then the commitments for usage that no change
//! touches.

use std::collections::{BTreeMap, BTreeSet};

use super::choose::{Chosen, best};
use super::settle::{Settled, settle};
use super::types::Pools;
use super::{Limits, floor};
use crate::money::{Currency, MoneyError};
use crate::opportunity::{Action, Opportunity};

/// Chosen opportunities, by position in the order.
pub(super) struct Staged {
    pub(super) set: BTreeSet<usize>,
    pub(super) proven: bool,
    pub(super) settled: Settled,
    /// Opportunities that save too little, alone or after the steps before them.
    pub(super) too_small: BTreeSet<usize>,
    /// Commitments for usage that a step changes, each with the step.
    pub(super) changed: BTreeMap<usize, usize>,
}

/// Returns the plan of opportunities in the order in which they apply. Groups below the floor are
/// removed and the rest is chosen again, until each group of the plan reaches the floor.
pub(super) fn staged(
    order: &[&Opportunity],
    pools: &Pools,
    limits: &Limits,
    currency: Currency,
) -> Result<Staged, MoneyError> {
    let mut too_small = floor::unreachable(order, limits.min_saving);
    loop {
        let open: BTreeSet<usize> = (0..order.len()).filter(|at| !too_small.contains(at)).collect();
        let (chosen, changed) = both(order, &open, pools, currency)?;
        let settled = settle(order, &chosen.set, pools, currency)?;
        let small = floor::below(order, &chosen.set, &settled.savings, limits.min_saving);
        if small.is_empty() {
            let Chosen { set, proven } = chosen;
            return Ok(Staged { set, proven, settled, too_small, changed });
        }
        too_small.extend(small);
    }
}

/// Returns the best set of both stages, and the commitments for usage that a step changes.
fn both(
    order: &[&Opportunity],
    open: &BTreeSet<usize>,
    pools: &Pools,
    currency: Currency,
) -> Result<(Chosen, BTreeMap<usize, usize>), MoneyError> {
    let (purchases, changes): (Vec<usize>, Vec<usize>) =
        open.iter().partition(|at| order[**at].action == Action::Commit);
    let first = best_of(order, &changes, pools, currency)?;
    if purchases.is_empty() {
        return Ok((first, BTreeMap::new()));
    }
    let resource =
        |c: &crate::opportunity::Claim| (c.sub_account_id.clone(), c.resource_id.clone());
    let mut touched: BTreeMap<_, usize> = BTreeMap::new();
    for at in first.set.iter().filter(|at| order[**at].action != Action::Allocate) {
        for claim in &order[*at].claims {
            touched.entry(resource(claim)).or_insert(*at);
        }
    }
    let by = |at: &usize| order[*at].claims.iter().find_map(|c| touched.get(&resource(c)).copied());
    let excluded: BTreeMap<usize, usize> =
        purchases.iter().filter_map(|at| Some((*at, by(at)?))).collect();
    let mut all: Vec<usize> = first.set.iter().copied().collect();
    all.extend(purchases.into_iter().filter(|at| !excluded.contains_key(at)));
    all.sort_unstable();
    let second = best_of(order, &all, pools, currency)?;
    Ok((Chosen { proven: first.proven && second.proven, ..second }, excluded))
}

/// Returns the best set of some opportunities, by position in `order`.
fn best_of(
    order: &[&Opportunity],
    some: &[usize],
    pools: &Pools,
    currency: Currency,
) -> Result<Chosen, MoneyError> {
    let subset: Vec<&Opportunity> = some.iter().map(|at| order[*at]).collect();
    let Chosen { set, proven } = best(&subset, pools, currency)?;
    Ok(Chosen { set: set.into_iter().map(|at| some[at]).collect(), proven })
}
