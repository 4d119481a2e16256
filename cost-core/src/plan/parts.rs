//! Savings of the plan by account and owner.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::settle::Settled;
use super::types::{PartSaving, Step};
use crate::money::{Currency, MoneyError, Savings};
use crate::opportunity::Opportunity;

/// Returns the savings of the steps by a property of their scope, largest first.
pub(super) fn by_scope(
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

/// Returns the savings by account, largest first. A resource can be billed in several accounts: each
/// has the savings of its claims, and counts the step. Their sum is that of the plan.
pub(super) fn by_account(
    order: &[&Opportunity],
    steps: &[Step],
    settled: &Settled,
    currency: Currency,
) -> Result<Vec<PartSaving>, MoneyError> {
    let mut claims: BTreeMap<&str, Vec<(Option<&String>, Savings)>> = BTreeMap::new();
    for (at, number, savings) in &settled.claims {
        let o = order[*at];
        let account = o.claims[*number].sub_account_id.as_ref();
        let account = account.or(o.scope.sub_account_id.as_ref());
        claims.entry(&o.id).or_default().push((account, *savings));
    }
    let scopes: BTreeMap<&str, Option<&String>> =
        order.iter().map(|o| (o.id.as_str(), o.scope.sub_account_id.as_ref())).collect();
    let mut sums: BTreeMap<Option<&String>, (usize, Savings)> = BTreeMap::new();
    for step in steps {
        let mut of_step: BTreeMap<Option<&String>, Savings> = BTreeMap::new();
        for id in opportunities(step) {
            for (account, savings) in claims.get(id).into_iter().flatten() {
                let sum = of_step.entry(*account).or_insert(Savings::zero(currency));
                *sum = sum.try_add(*savings)?;
            }
        }
        if of_step.is_empty() {
            let scope = scopes.get(step.opportunity.as_str()).copied().flatten();
            of_step.insert(scope, Savings::zero(currency));
        }
        for (account, savings) in of_step {
            let sum = sums.entry(account).or_insert((0, Savings::zero(currency)));
            *sum = (sum.0 + 1, sum.1.try_add(savings)?);
        }
    }
    let part = |(key, (steps, savings)): (Option<&String>, (usize, Savings))| PartSaving {
        key: key.cloned(),
        steps,
        savings,
    };
    let mut all: Vec<PartSaving> = sums.into_iter().map(part).collect();
    all.sort_by_key(|p| Reverse(p.savings.expected.amount()));
    Ok(all)
}

/// Returns the opportunities of a step.
fn opportunities(step: &Step) -> BTreeSet<&str> {
    let parts = step.parts.iter().map(|p| p.opportunity.as_str());
    parts.chain([step.opportunity.as_str()]).collect()
}
