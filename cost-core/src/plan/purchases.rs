//! Purchases are planned last: a commitment covers only usage that no other step changes.

use std::collections::{BTreeMap, BTreeSet};

use super::choose::{self, Chosen};
use super::settle::SliceKey;
use super::types::{Pools, Refusal};
use super::{in_order, refusal};
use crate::money::{Currency, MoneyError};
use crate::opportunity::{Action, Opportunity};

/// Why purchases are not in the plan of an estate with commitment offers: `cost commitments`
/// evaluates them hour by hour, for the usage that the plan leaves.
pub const BOUGHT_SEPARATELY: &str =
    "`cost commitments` recommends what to buy for the usage that the plan leaves";

/// Choice of steps, and the purchases that it refuses.
pub(super) struct InTurn<'a> {
    /// Opportunities that can be chosen, in the order in which they apply.
    pub(super) order: Vec<&'a Opportunity>,
    /// The best set of them.
    pub(super) chosen: Chosen,
    /// Purchases of commitments for usage that a chosen step changes.
    pub(super) refused: Vec<Refusal>,
}

/// Returns the best set of changes, and then the best set of purchases for usage that these changes
/// leave as it is.
pub(super) fn choose<'a>(
    order: Vec<&'a Opportunity>,
    pools: &Pools,
    currency: Currency,
) -> Result<InTurn<'a>, MoneyError> {
    let (mut purchases, changes): (Vec<&Opportunity>, Vec<&Opportunity>) =
        order.into_iter().partition(|o| o.action == Action::Commit);
    let first = choose::best(&changes, pools, currency)?;
    if purchases.is_empty() {
        return Ok(InTurn { order: changes, chosen: first, refused: Vec::new() });
    }
    let taken: Vec<&Opportunity> = first.set.iter().map(|at| changes[*at]).collect();
    let changed = changed_slices(&taken);
    let mut refused = Vec::new();
    purchases.retain(|o| match o.claims.iter().find_map(|claim| changed.get(&claim.key())) {
        Some(step) => {
            let why = format!(
                "it covers usage that another step changes: \"{}\" ({})",
                step.title, step.id
            );
            refused.push(refusal(o, why));
            false
        }
        None => true,
    });
    let candidates = in_order(taken.into_iter().chain(purchases.iter().copied()));
    let last = choose::best(&candidates, pools, currency)?;
    let ids: BTreeSet<&str> = last.set.iter().map(|at| candidates[*at].id.as_str()).collect();
    let order = in_order(changes.into_iter().chain(purchases));
    let positions = order.iter().enumerate().filter(|(_, o)| ids.contains(o.id.as_str()));
    let set = positions.map(|(at, _)| at).collect();
    Ok(InTurn { order, chosen: Chosen { set, proven: first.proven && last.proven }, refused })
}

/// Returns the slices that steps change, and the step.
fn changed_slices<'a>(steps: &[&'a Opportunity]) -> BTreeMap<SliceKey, &'a Opportunity> {
    let changes = steps.iter().filter(|o| o.action != Action::Allocate);
    changes.flat_map(|o| o.claims.iter().map(move |claim| (claim.key(), *o))).collect()
}
