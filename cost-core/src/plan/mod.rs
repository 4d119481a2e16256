//! Plan: the savings of all opportunities together, with no dollar counted twice.
//!
//! On one slice of a resource's cost, the plan takes at most one opportunity of each [`Action`].
//! They apply in the order of their actions: a removed resource is not made smaller. Each saves its
//! share of the cost that the previous ones left. An opportunity is taken completely or not at all.
//! A change with more effort or risk than another change of the same resource must save clearly
//! more ([`Limits::step_up`]). Groups of like opportunities ([`Step::group`]) that save less than
//! the floor ([`Limits::min_saving`]) are excluded. All changes of one resource are one step, so that
//! it is changed once ([`Step::parts`]).
//!
//! The plan has two stages. First it takes the changes with the largest expected savings of all
//! sets within the constraints. Then it adds the commitments with the largest expected savings, only
//! for resources that no change touches: usage that is removed, resized, scheduled, or moved to
//! another type or to spot capacity gets none (ADR 0038).
//!
//! A commitment remains when the usage that it covers goes away. It can then cover other on-demand
//! usage ([`Pools`]), minus the usage that the plan itself removes. The rest is stranded and saves
//! nothing.

mod choose;
mod combine;
mod floor;
mod front;
mod group;
mod limits;
mod parts;
mod settle;
mod stages;
mod step_up;
mod types;
mod unit;

pub use front::{FrontPoint, front};
pub use limits::{BOUGHT_LATER, Limits, TOO_SMALL};
pub(crate) use settle::possible_fraction;
pub use types::{
    Combined, Exclusion, Freed, JointPlan, PartSaving, Pool, Pools, Refusal, Step, StepPart,
    TooSmall,
};

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::money::{Currency, MoneyError, Savings};
use crate::opportunity::{Action, Opportunity};
use crate::tradeoff::{Level, Reversibility};

/// Returns the plan of all opportunities.
///
/// # Errors
/// [`MoneyError`]: mixed currencies, or a sum that does not fit into 28 digits.
pub fn plan<'a>(
    all: impl IntoIterator<Item = &'a Opportunity>,
    pools: &Pools,
    limits: &Limits,
    currency: Currency,
) -> Result<JointPlan, MoneyError> {
    let (order, mut not_allowed) = allowed(in_order(all), limits);
    let staged = stages::staged(&order, pools, limits, currency)?;
    let standing = settle::Standing::new(&order, &staged.set);
    let excluded = excluded(&order, &staged, &standing);
    let steps = steps(&order, &staged.set, &staged.settled.savings)?;
    let total = |wanted: fn(&&Step) -> bool| {
        steps
            .iter()
            .filter(wanted)
            .map(|s| s.savings)
            .try_fold(Savings::zero(currency), Savings::try_add)
    };
    let (joint, quick_wins) = (total(|_| true)?, total(|s| s.quick_win)?);
    let (small, large): (Vec<usize>, Vec<usize>) =
        (0..order.len()).partition(|at| staged.too_small.contains(at));
    let of =
        |all: &[usize]| singles(&all.iter().map(|at| order[*at]).collect::<Vec<_>>(), currency);
    let sum_of_singles = of(&large)?;
    let too_small = TooSmall { opportunities: small.len(), savings: of(&small)? };
    not_allowed.extend(small.iter().map(|at| Refusal {
        opportunity: order[*at].id.clone(),
        why: limits.too_small(order[*at]),
    }));
    let by =
        |key: fn(&Opportunity) -> Option<String>| parts::by_scope(&order, &steps, key, currency);
    Ok(JointPlan {
        limits: *limits,
        proven: staged.proven,
        overlap: sum_of_singles.expected.try_sub(joint.expected)?,
        by_account: parts::by_account(&order, &steps, &staged.settled, currency)?,
        by_owner: by(|o| o.scope.owner.clone())?,
        steps,
        excluded,
        not_allowed,
        sum_of_singles,
        joint,
        quick_wins,
        freed: staged.settled.freed,
        too_small,
    })
}

/// Returns the opportunities that others exclude.
fn excluded(
    order: &[&Opportunity],
    staged: &stages::Staged,
    standing: &settle::Standing<'_>,
) -> Vec<Exclusion> {
    let is_out = |at: &usize| !staged.set.contains(at) && !staged.too_small.contains(at);
    let one = |at: usize| match staged.changed.get(&at) {
        Some(by) => {
            Some(Exclusion { opportunity: order[at].id.clone(), by: order[*by].id.clone() })
        }
        None => standing.in_place_of(order[at]),
    };
    (0..order.len()).filter(is_out).filter_map(one).collect()
}

/// Returns opportunities in the order in which they apply: by action, then largest savings first.
fn in_order<'a>(all: impl IntoIterator<Item = &'a Opportunity>) -> Vec<&'a Opportunity> {
    let mut order: Vec<&Opportunity> = all.into_iter().collect();
    order.sort_by(|a, b| {
        let saving = |o: &Opportunity| o.savings.expected.amount();
        a.action
            .cmp(&b.action)
            .then_with(|| saving(b).cmp(&saving(a)))
            .then_with(|| a.id.cmp(&b.id))
    });
    order
}

/// Returns the opportunities within the constraints, in the same order, and why the others are not.
fn allowed<'a>(
    mut order: Vec<&'a Opportunity>,
    limits: &Limits,
) -> (Vec<&'a Opportunity>, Vec<Refusal>) {
    let mut refusals = Vec::new();
    let refusal = |o: &Opportunity, why: String| Refusal { opportunity: o.id.clone(), why };
    order.retain(|o| match limits.refuses(o) {
        Some(why) => {
            refusals.push(refusal(o, why));
            false
        }
        None => true,
    });
    let mut unpaid = step_up::refused(&order, limits);
    let mut allowed = Vec::with_capacity(order.len());
    for (at, o) in order.into_iter().enumerate() {
        match unpaid.remove(&at) {
            Some(why) => refusals.push(refusal(o, why)),
            None => allowed.push(o),
        }
    }
    (allowed, refusals)
}

/// Returns the steps of a plan: quick wins first, then largest savings. The sort is stable, so that
/// equal steps keep the order of actions.
fn steps(
    order: &[&Opportunity],
    chosen: &BTreeSet<usize>,
    savings: &[Savings],
) -> Result<Vec<Step>, MoneyError> {
    let units = combine::units(order, chosen);
    let mut steps = units
        .iter()
        .map(|unit| step(order, unit, savings))
        .filter_map(Result::transpose)
        .collect::<Result<Vec<Step>, MoneyError>>()?;
    steps.sort_by_key(|s| (!s.quick_win, Reverse(s.savings.expected.amount())));
    Ok(steps)
}

/// Returns the step that makes the changes of a unit; `None` if it has none.
fn step(
    order: &[&Opportunity],
    unit: &[usize],
    savings: &[Savings],
) -> Result<Option<Step>, MoneyError> {
    let Some((first, others)) = unit.split_first() else { return Ok(None) };
    let sum = others.iter().try_fold(savings[*first], |sum, at| sum.try_add(savings[*at]))?;
    let saved = |at: usize| savings[at].expected.amount();
    let most =
        others.iter().fold(*first, |most, at| if saved(*at) > saved(most) { *at } else { most });
    let parts: Vec<&Opportunity> = unit.iter().map(|at| order[*at]).collect();
    let is_one = others.is_empty();
    let combined = if is_one { None } else { combine::combined(&parts)? };
    let part = |at: &usize| StepPart { opportunity: order[*at].id.clone(), savings: savings[*at] };
    Ok(Some(Step {
        opportunity: order[most].id.clone(),
        savings: sum,
        quick_win: parts.iter().all(|o| is_quick_win(o)),
        group: combine::group_of(&parts),
        parts: if is_one { Vec::new() } else { unit.iter().map(part).collect() },
        combined: combined.map(Box::new),
    }))
}

fn is_quick_win(o: &Opportunity) -> bool {
    let t = &o.trade_off;
    t.effort == Level::Low
        && t.risk == Level::Low
        && !t.interrupts
        && t.reversibility == Reversibility::Reversible
        && o.action != Action::Allocate
}

/// Returns Σ of the opportunities' individual savings. Of the variants of a finding, only the
/// largest counts.
fn singles(order: &[&Opportunity], currency: Currency) -> Result<Savings, MoneyError> {
    let mut findings: BTreeMap<_, Savings> = BTreeMap::new();
    for o in order {
        let best = findings
            .entry((o.finding(), o.variant.is_none().then_some(&o.id)))
            .or_insert(o.savings);
        if o.savings.expected.amount() > best.expected.amount() {
            *best = o.savings;
        }
    }
    findings.into_values().try_fold(Savings::zero(currency), Savings::try_add)
}

#[cfg(test)]
mod tests;
