//! The accounts that buy, chosen by exact simulation.
//!
//! A commitment applies to usage of the account that owns it first, even if usage of another account
//! would save more. An account without usage has no usage that comes first: its commitments apply
//! to the highest savings of all accounts. Source: AWS Savings Plans User Guide, "How Savings Plans
//! apply to your AWS usage"; read 2026-11.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::exact::Part;
use super::measure::{mean, on_demand_by_hour};
use super::purchases::{Item, with};
use crate::assumptions::HOURS_PER_MONTH;
use crate::commitment::simulate::{Estate, Instrument, Line, SimulationError, reach};

/// Savings per month for which a purchase moves to another account, USD. Source: engineering
/// judgment: each account that buys is one more to sign in to, and to look after.
const WORTH_USD_PER_MONTH: f64 = 1.0;
/// The same for the account that buys everything, if this is more: share of the cost of the
/// purchases.
const WORTH_SHARE: f64 = 0.001;
/// Maximum number of accounts with usage that are tried: those with the highest on-demand cost.
const MOST_ACCOUNTS: usize = 8;
/// Maximum number of rounds over the purchases.
const ROUNDS: usize = 3;
/// Work after which no more accounts are tried, in lines × hours × parts. Chosen: about a second on
/// two cores.
const MOST_WORK: usize = 100_000_000;

/// The accounts that could buy.
pub(super) struct Accounts<'a> {
    /// The account that owns most today, or else the one that uses most.
    pub(super) buyer: &'a str,
    /// The account that pays the bill, if it is known. It usually has no usage.
    pub(super) payer: Option<&'a str>,
}

/// Chooses the accounts: first the one that buys everything at the lowest cost, then another one for
/// each purchase if that saves enough. Sets the accounts of the items that are not bought by the
/// first one. Returns all accounts that could buy everything: the chosen one, then the others in
/// the order of their savings.
pub(super) fn choose(
    parts: &[Part<'_>],
    items: &mut [Item],
    accounts: &Accounts<'_>,
) -> Result<Vec<String>, SimulationError> {
    let pools = pools(parts, items)?;
    let mut work = MOST_WORK;
    let effort: usize = pools.iter().map(Pool::effort).sum();
    let mut able = accounts.first();
    let lines = parts.first().map_or(&[][..], |p| &p.estate.lines);
    let affordable = work / effort.max(1) / 2;
    let most = MOST_ACCOUNTS.min(affordable.saturating_sub(able.len()));
    able.extend(by_cost(lines.iter(), most).into_iter().filter(|a| !accounts.is_first(a)));
    let cost = |account: &String| {
        let costs = pools.iter().map(|pool| pool.cost(&vec![None; pool.items.len()], account));
        costs.sum::<Result<f64, SimulationError>>()
    };
    let costs = able.par_iter().map(cost).collect::<Result<Vec<f64>, _>>()?;
    work = work.saturating_sub(effort * able.len());
    let least = costs.iter().copied().fold(f64::MAX, f64::min);
    let worth = WORTH_USD_PER_MONTH / f64::from(HOURS_PER_MONTH);
    let paid: f64 = items.iter().filter_map(|i| i.usd_per_hour.to_f64()).sum();
    let same = |cost: &f64| *cost <= least + worth.max(WORTH_SHARE * paid);
    let chosen = costs.iter().position(same).unwrap_or(0);
    for pool in &pools {
        pool.deviate((&able[chosen], accounts), worth, &mut work, items)?;
    }
    let mut all: Vec<(f64, String)> = costs.into_iter().zip(able).collect();
    let main = all.remove(chosen);
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    Ok(std::iter::once(main).chain(all).map(|(_, account)| account).collect())
}

impl Accounts<'_> {
    /// Returns the accounts that are preferred at the same cost.
    fn first(&self) -> Vec<String> {
        let mut all = vec![self.buyer.to_owned()];
        all.extend(self.payer.filter(|p| *p != self.buyer).map(str::to_owned));
        all
    }

    fn is_first(&self, account: &str) -> bool {
        account == self.buyer || Some(account) == self.payer
    }
}

/// Returns the accounts with the highest on-demand cost of some usage.
fn by_cost<'a>(lines: impl Iterator<Item = &'a Line>, most: usize) -> Vec<String> {
    let mut costs: BTreeMap<&str, f64> = BTreeMap::new();
    for line in lines.filter(|l| !l.account.is_empty()) {
        *costs.entry(&line.account).or_default() += line.quantities.usd(line.on_demand);
    }
    let mut all: Vec<(&str, f64)> = costs.into_iter().filter(|(_, usd)| *usd > 0.0).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    all.into_iter().take(most).map(|(account, _)| account.to_owned()).collect()
}

/// Purchases that can cover the same usage, with that usage and the owned commitments that can also
/// cover it.
struct Pool {
    estates: Vec<(Estate, f64)>,
    /// The purchases, with rates for the lines of this pool.
    items: Vec<Item>,
    /// Their indexes among all purchases.
    places: Vec<usize>,
}

/// Returns the pools of purchases. They share no usage, so that their costs add up.
fn pools(parts: &[Part<'_>], items: &[Item]) -> Result<Vec<Pool>, SimulationError> {
    let Some(first) = parts.first() else { return Ok(Vec::new()) };
    let bought = with(first.estate, items, "");
    let owned = first.estate.commitments.len();
    // Sets of lines and commitments that are connected.
    let mut sets: Vec<(BTreeSet<usize>, Vec<usize>)> = Vec::new();
    for at in 0..bought.commitments.len() {
        let mut lines: BTreeSet<usize> = reach(&bought, at)?.needs.iter().map(|n| n.0).collect();
        let mut members = vec![at];
        let (joined, others) = sets.into_iter().partition(|(other, _)| !lines.is_disjoint(other));
        sets = others;
        let joined: Vec<(BTreeSet<usize>, Vec<usize>)> = joined;
        for (other, commitments) in joined {
            lines.extend(other);
            members.extend(commitments);
        }
        members.sort_unstable();
        sets.push((lines, members));
    }
    let has_items = |(_, members): &&(BTreeSet<usize>, Vec<usize>)| {
        members.last().is_some_and(|last| *last >= owned)
    };
    let pool = |(lines, members): &(BTreeSet<usize>, Vec<usize>)| {
        let places: Vec<usize> = members.iter().filter_map(|at| at.checked_sub(owned)).collect();
        let narrow = |i: &Item| {
            let mut item = i.clone();
            item.candidate.rates = lines.iter().map(|l| i.candidate.rates[*l]).collect();
            item
        };
        Pool {
            estates: parts.iter().map(|p| (only(p.estate, lines, members), p.weight)).collect(),
            items: places.iter().map(|at| narrow(&items[*at])).collect(),
            places,
        }
    };
    Ok(sets.iter().filter(has_items).map(pool).collect())
}

/// Returns an estate with only some lines and commitments.
fn only(estate: &Estate, lines: &BTreeSet<usize>, commitments: &[usize]) -> Estate {
    let mut out = Estate { not_sharing: estate.not_sharing.clone(), ..Estate::default() };
    out.lines = lines.iter().map(|line| estate.lines[*line].clone()).collect();
    for at in commitments.iter().filter(|at| **at < estate.commitments.len()) {
        let mut commitment = estate.commitments[*at].clone();
        if let Instrument::SavingsPlan { card, .. } = &mut commitment.instrument {
            out.cards.push(lines.iter().map(|line| estate.cards[*card][*line]).collect());
            *card = out.cards.len() - 1;
        }
        out.commitments.push(commitment);
    }
    out
}

impl Pool {
    /// Returns the work of a simulation, in lines × hours × parts.
    fn effort(&self) -> usize {
        let of = |(estate, _): &(Estate, f64)| {
            estate.lines.iter().map(|l| l.quantities.len()).sum::<usize>()
        };
        self.estates.iter().map(of).sum()
    }

    /// Returns the weighted mean cost per hour of the usage that is left on demand, USD. `main` buys
    /// the purchases without another account.
    fn cost(&self, accounts: &[Option<String>], main: &str) -> Result<f64, SimulationError> {
        let set =
            |(i, account): (&Item, &Option<String>)| Item { account: account.clone(), ..i.clone() };
        let items: Vec<Item> = self.items.iter().zip(accounts).map(set).collect();
        let of = |(estate, weight): &(Estate, f64)| {
            Ok(weight * mean(&on_demand_by_hour(&with(estate, &items, main))?))
        };
        self.estates.iter().map(of).sum()
    }

    /// Moves purchases to other accounts as long as each move saves enough, the largest first.
    fn deviate(
        &self,
        (main, accounts): (&String, &Accounts<'_>),
        worth: f64,
        work: &mut usize,
        items: &mut [Item],
    ) -> Result<(), SimulationError> {
        let lines = self.estates.first().map_or(&[][..], |(e, _)| &e.lines);
        let mut able = by_cost(lines.iter(), MOST_ACCOUNTS);
        able.extend(
            accounts.first().into_iter().filter(|a| !lines.iter().any(|l| l.account == *a)),
        );
        let mut best = vec![None; self.items.len()];
        let mut cost = self.cost(&best, main)?;
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        order.sort_by_key(|at| (std::cmp::Reverse(self.items[*at].usd_per_hour), *at));
        // All of them together, then each.
        let together = std::iter::once(order.clone());
        let steps: Vec<Vec<usize>> = together.chain(order.iter().map(|at| vec![*at])).collect();
        for _ in 0..ROUNDS {
            let before = cost;
            for step in &steps {
                let needed = self.effort() * able.len();
                let Some(rest) = work.checked_sub(needed) else { break };
                *work = rest;
                let moved = |account: &String| {
                    let mut tried = best.clone();
                    for at in step {
                        tried[*at] = (account != main).then(|| account.clone());
                    }
                    Ok((self.cost(&tried, main)?, tried))
                };
                let tried =
                    able.par_iter().map(moved).collect::<Result<Vec<_>, SimulationError>>()?;
                let found = tried.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
                if let Some((less, accounts)) = found.filter(|(c, _)| *c < cost - worth) {
                    (cost, best) = (less, accounts);
                }
            }
            if cost >= before {
                break;
            }
        }
        for (at, account) in self.places.iter().zip(best) {
            items[*at].account = account;
        }
        Ok(())
    }
}

/// Returns the cost of purchases by account, USD per hour, in the order of accounts.
pub(super) fn by_account<'a>(items: &'a [Item], main: &'a str) -> BTreeMap<&'a str, Decimal> {
    let mut all: BTreeMap<&str, Decimal> = BTreeMap::new();
    for i in items {
        *all.entry(i.account(main)).or_default() += i.usd_per_hour;
    }
    all
}
