//! Exact savings of a set of opportunities.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::types::{Exclusion, Freed, Pools};
use super::unit::{Changed, changed_resource};
use crate::money::{Currency, Money, MoneyError, Savings};
use crate::opportunity::{Action, Claim, Opportunity, Slice};

/// Slice of cost: account, resource, part.
pub(super) type SliceKey = (Option<String>, String, Slice);

/// Savings of each opportunity within a set.
pub(super) struct Settled {
    /// Savings by position in the order; zero outside the set.
    pub(super) savings: Vec<Savings>,
    /// Savings of each claim: position of its opportunity in the order, and number of the claim.
    pub(super) claims: Vec<(usize, usize, Savings)>,
    pub(super) freed: Vec<Freed>,
}

impl Settled {
    /// Adds the savings of a claim: position of its opportunity, and number of the claim.
    fn add(&mut self, (at, number): (usize, usize), savings: Savings) -> Result<(), MoneyError> {
        self.savings[at] = self.savings[at].try_add(savings)?;
        self.claims.push((at, number, savings));
        Ok(())
    }
}

/// Returns the savings of a chosen set. `order` follows the order of actions, and the set has at
/// most one opportunity per action and slice.
pub(super) fn settle(
    order: &[&Opportunity],
    chosen: &BTreeSet<usize>,
    pools: &Pools,
    currency: Currency,
) -> Result<Settled, MoneyError> {
    let zero = Savings::zero(currency);
    let mut settled =
        Settled { savings: vec![zero; order.len()], claims: Vec::new(), freed: Vec::new() };
    let mut left: BTreeMap<SliceKey, Decimal> = BTreeMap::new();
    // Position and number of the claim, the claim, savings if all of it is reapplied, and the
    // released amount.
    let mut covered: Vec<((usize, usize), &Claim, Savings, Money)> = Vec::new();
    let mut taken: BTreeMap<&str, Money> = BTreeMap::new();
    for at in chosen {
        for (number, claim) in order[*at].claims.iter().enumerate() {
            let share = left.entry(claim.key()).or_insert(Decimal::ONE);
            let savings = claim.savings.try_mul(*share)?;
            let released = claim.full().try_mul(*share)?;
            *share = rest(*share, order[*at].action, claim)?;
            if claim.slice == Slice::Covered {
                covered.push(((*at, number), claim, savings, released));
                continue;
            }
            settled.add((*at, number), savings)?;
            for pool in &claim.pools {
                let sum = taken.entry(pool).or_insert(Money::zero(currency));
                *sum = sum.try_add(savings.expected)?;
            }
        }
    }
    let mut moved_before = Money::zero(currency);
    let mut names: BTreeSet<&str> =
        covered.iter().filter_map(|(_, c, ..)| c.pools.first()).map(String::as_str).collect();
    // Commitments that are bound to a family or region are placed first; unbound ones take the
    // remaining usage.
    let bound: BTreeSet<&str> = names.iter().copied().filter(|n| pools.is_bound(n)).collect();
    names.retain(|n| !bound.contains(n));
    for name in bound.into_iter().chain(names) {
        let of_pool =
            || covered.iter().filter(|(_, c, ..)| c.pools.first().is_some_and(|p| p == name));
        let freed = Money::try_sum(of_pool().map(|(.., released)| *released), currency)?;
        let mut room = pools.0.get(name).map_or(Money::zero(currency), |p| p.on_demand);
        room = room.try_sub(taken.get(name).copied().unwrap_or(Money::zero(currency)))?;
        if !pools.is_bound(name) {
            room = room.try_sub(moved_before)?;
        }
        let room = if room.is_zero_or_less() { Money::zero(currency) } else { room };
        let moved = freed.try_min(room)?;
        let factor = moved.amount().checked_div(freed.amount()).unwrap_or(Decimal::ONE);
        for (at, _, savings, _) in of_pool() {
            settled.add(*at, savings.try_mul(factor)?)?;
        }
        moved_before = moved_before.try_add(moved)?;
        settled.freed.push(Freed {
            pool: name.to_owned(),
            freed,
            moved,
            stranded: freed.try_sub(moved)?,
        });
    }
    Ok(settled)
}

/// Returns the remaining share of a slice after a claim on it: zero after a removal.
fn rest(share: Decimal, action: Action, claim: &Claim) -> Result<Decimal, MoneyError> {
    if action == Action::Remove {
        return Ok(Decimal::ZERO);
    }
    Ok(share.checked_mul(Decimal::ONE - fraction(claim)).ok_or(MoneyError::Overflow)?.round_dp(20))
}

/// Returns the share of its slice that a claim saves, 0 to 1. Usage that a commitment covers goes
/// away whether other usage takes over the commitment or not.
pub(crate) fn fraction(claim: &Claim) -> Decimal {
    let goes = if claim.slice == Slice::Covered { claim.full() } else { claim.savings.expected };
    share_of(claim, goes)
}

/// Returns the share of its slice that a claim saves if everything that is uncertain turns out well,
/// 0 to 1. Nothing is bought for this share.
pub(crate) fn possible_fraction(claim: &Claim) -> Decimal {
    share_of(claim, claim.full())
}

fn share_of(claim: &Claim, goes: Money) -> Decimal {
    let of_spend = goes.amount().checked_div(claim.spend.amount()).unwrap_or(Decimal::ZERO);
    of_spend.clamp(Decimal::ZERO, Decimal::ONE)
}

/// The chosen opportunities on each slice, and of each resource: its removal, or a change of it.
pub(super) struct Standing<'a> {
    slices: BTreeMap<SliceKey, Vec<&'a Opportunity>>,
    resources: BTreeMap<(Changed<'a>, bool), &'a Opportunity>,
}

impl<'a> Standing<'a> {
    pub(super) fn new(order: &[&'a Opportunity], chosen: &BTreeSet<usize>) -> Self {
        let mut all: BTreeMap<SliceKey, Vec<&Opportunity>> = BTreeMap::new();
        for o in chosen.iter().map(|at| order[*at]) {
            o.claims.iter().for_each(|c| all.entry(c.key()).or_default().push(o));
        }
        let mut resources = BTreeMap::new();
        for o in chosen.iter().map(|at| order[*at]) {
            let key = (changed_resource(o), o.action == Action::Remove);
            if o.action <= Action::Modify {
                resources.entry(key).or_insert(o);
            }
        }
        Self { slices: all, resources }
    }

    /// Returns the chosen opportunity that excludes another: on one of its slices, with the same
    /// action, or a removal if there is one; else the removal of its resource, or for a removal a
    /// change of the resource.
    pub(super) fn in_place_of(&self, out: &Opportunity) -> Option<Exclusion> {
        let rank = |o: &Opportunity| (o.action != out.action, o.action != Action::Remove);
        let meets = out.claims.iter().filter_map(|c| self.slices.get(&c.key())).flatten();
        let other = (changed_resource(out), out.action != Action::Remove);
        let of_resource =
            || self.resources.get(&other).filter(|_| out.action <= Action::Modify).copied();
        let by = meets.min_by_key(|o| rank(o)).copied().or_else(of_resource)?;
        Some(Exclusion { opportunity: out.id.clone(), by: by.id.clone() })
    }
}
