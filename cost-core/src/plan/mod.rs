//! The joint plan: what all opportunities save together, with no dollar counted twice.
//!
//! On one slice of a resource's cost at most one opportunity of each [`Action`] is taken, and they
//! stack in the order of their actions: what is removed is not made smaller, and commitments are
//! bought for what remains. A commitment and spot capacity are two ways to pay for the same hours:
//! at most one of the two is taken. Each saves its share of what the ones before it left. An
//! opportunity is taken whole or not at all. A change that asks more effort or risk than another of
//! the same resource must pay for it ([`Limits::step_up`]). Of all sets within the limits, the plan
//! is the one with the largest expected saving.
//!
//! A commitment pays on when what it covers goes away. What it then covers instead is limited by
//! the on-demand usage it can move to ([`Pools`]), less what the plan takes of that usage itself;
//! the rest is stranded and saves nothing.

mod choose;
mod limits;
mod settle;
mod step_up;
mod types;

pub use limits::Limits;
pub(crate) use settle::fraction;
pub use types::{Exclusion, Freed, JointPlan, PartSaving, Pool, Pools, Refusal, Step};

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::money::{Currency, MoneyError, Savings};
use crate::opportunity::{Action, Opportunity};
use crate::tradeoff::{Level, Reversibility};

/// Plans all opportunities together.
///
/// # Errors
/// [`MoneyError`]: mixed currencies, or a sum that does not fit.
pub fn plan<'a>(
    all: impl IntoIterator<Item = &'a Opportunity>,
    pools: &Pools,
    limits: &Limits,
    currency: Currency,
) -> Result<JointPlan, MoneyError> {
    let (order, not_allowed) = allowed(in_order(all), limits);
    let choose::Chosen { set: chosen, proven } = choose::best(&order, pools, currency)?;
    let settled = settle::settle(&order, &chosen, pools, currency)?;
    let standing = settle::Standing::new(&order, &chosen);
    let out = order.iter().enumerate().filter(|(at, _)| !chosen.contains(at));
    let excluded = out.filter_map(|(_, o)| standing.in_place_of(o)).collect();
    let steps = steps(&order, &chosen, &settled.savings);
    let total = |wanted: fn(&&Step) -> bool| {
        steps
            .iter()
            .filter(wanted)
            .map(|s| s.savings)
            .try_fold(Savings::zero(currency), Savings::try_add)
    };
    let (joint, quick_wins) = (total(|_| true)?, total(|s| s.quick_win)?);
    let sum_of_singles = singles(&order, currency)?;
    let by = |key: fn(&Opportunity) -> Option<String>| parts(&order, &steps, key, currency);
    Ok(JointPlan {
        limits: *limits,
        proven,
        overlap: sum_of_singles.expected.try_sub(joint.expected)?,
        by_account: by(|o| o.scope.sub_account_id.clone())?,
        by_owner: by(|o| o.scope.owner.clone())?,
        steps,
        excluded,
        not_allowed,
        sum_of_singles,
        joint,
        quick_wins,
        freed: settled.freed,
    })
}

/// Opportunities in the order in which they stack: by action, then the largest saving first.
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

/// The opportunities within the limits, in the same order, and why the others are not.
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

/// The steps of a plan: quick wins first, then the largest saving. Of equals the order of actions is
/// kept, as the sort is stable.
fn steps(order: &[&Opportunity], chosen: &BTreeSet<usize>, savings: &[Savings]) -> Vec<Step> {
    let step = |at: &usize| Step {
        opportunity: order[*at].id.clone(),
        savings: savings[*at],
        quick_win: is_quick_win(order[*at]),
    };
    let mut steps: Vec<Step> = chosen.iter().map(step).collect();
    steps.sort_by_key(|s| (!s.quick_win, Reverse(s.savings.expected.amount())));
    steps
}

fn is_quick_win(o: &Opportunity) -> bool {
    let t = &o.trade_off;
    t.effort == Level::Low
        && t.risk == Level::Low
        && !t.interrupts
        && t.reversibility == Reversibility::Reversible
        && o.action != Action::Allocate
}

/// Σ of the opportunities' own savings; of the variants of a finding the one that saves most.
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

fn parts(
    order: &[&Opportunity],
    steps: &[Step],
    key: fn(&Opportunity) -> Option<String>,
    currency: Currency,
) -> Result<Vec<PartSaving>, MoneyError> {
    let known: BTreeMap<&str, &Opportunity> = order.iter().map(|o| (o.id.as_str(), *o)).collect();
    let mut sums: BTreeMap<Option<String>, (usize, Savings)> = BTreeMap::new();
    for step in steps {
        let of = known.get(step.opportunity.as_str()).and_then(|o| key(o));
        let sum = sums.entry(of).or_insert((0, Savings::zero(currency)));
        *sum = (sum.0 + 1, sum.1.try_add(step.savings)?);
    }
    let mut all: Vec<PartSaving> = sums
        .into_iter()
        .map(|(key, (steps, savings))| PartSaving { key, steps, savings })
        .collect();
    all.sort_by_key(|p| Reverse(p.savings.expected.amount()));
    Ok(all)
}

#[cfg(test)]
mod tests;
