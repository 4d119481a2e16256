//! Plan: the savings of all opportunities together, with no dollar counted twice.
//!
//! On one slice of a resource's cost, the plan takes at most one opportunity of each [`Action`].
//! They apply in the order of their actions: a removed resource is not made smaller, and
//! commitments are bought for the remaining usage. A commitment and spot capacity are two ways to
//! pay for the same hours, so at most one is taken. Each saves its share of the cost that the
//! previous ones left. An opportunity is taken completely or not at all. A change with more effort
//! or risk than another change of the same resource must save clearly more ([`Limits::step_up`]).
//! Of all sets within the constraints, the plan has the largest expected savings.
//!
//! A commitment remains when the usage that it covers goes away. It can then cover other on-demand
//! usage ([`Pools`]), minus the usage that the plan itself removes. The rest is stranded and saves
//! nothing.

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
