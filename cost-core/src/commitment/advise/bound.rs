//! A lower bound on the cost of every purchase of the offered instruments, under the exact rules.
//!
//! It holds for all amounts and all buying accounts, because it lets each commitment, new or owned,
//! cover any usage that it can apply to, in any order and account ([`Relaxed`]). It uses the same
//! usage, hour by hour, as the exact simulation of the purchase that it is compared with.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::exact::Part;
use super::market::{Bound, Candidate, Market};
use super::purchases::{Item, piece, with};
use crate::commitment::Payment;
use crate::commitment::buy::{Relaxed, Source};
use crate::commitment::simulate::{Estate, Instrument, PlanKind, SimulationError, reach};
use crate::usage::as_f64;

/// Precision of needs by which lines are grouped. The lowest need of a group counts, so that the
/// bound holds.
const SAME: f64 = 1e7;

/// A purchase compared with the lower bound, mean USD per hour of the weighted scenarios:
/// commitments that are bought, and usage left on demand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub(super) cost: f64,
    pub(super) lower_bound: f64,
}

impl Gap {
    /// Returns how much less any purchase could cost at most, USD per hour.
    pub(super) fn usd_per_hour(self) -> f64 {
        (self.cost - self.lower_bound).max(0.0)
    }

    /// Returns the same as a percentage of the cost, rounded up to a thousandth.
    pub(super) fn pct(self) -> Decimal {
        if self.cost <= 0.0 {
            return Decimal::ZERO;
        }
        let thousandths = (100_000.0 * self.usd_per_hour() / self.cost).ceil();
        Decimal::from_f64_retain(thousandths).unwrap_or_default().round() / Decimal::ONE_THOUSAND
    }
}

/// Compares a purchase with the lower bound for all purchases of some candidates.
pub(super) fn gap(
    market: &Market<'_>,
    parts: &[Part<'_>],
    candidates: &[Candidate],
    (bought, account): (&[Item], &str),
) -> Result<Gap, SimulationError> {
    let mut cost = 0.0;
    for part in parts {
        cost += part.weight * (part.left - part.saves(bought, account)?);
    }
    let Some(first) = parts.first() else { return Ok(Gap { cost, lower_bound: cost }) };
    let units: Vec<Item> = candidates.iter().filter_map(|c| unit(market, c)).collect();
    let all = sources(first.estate, &units)?;
    let amount = |of: &Candidate| -> f64 {
        let same = |i: &&Item| {
            (i.candidate.product, &i.candidate.bound, i.candidate.upfront)
                == (of.product, &of.bound, of.upfront)
        };
        bought.iter().filter(same).filter_map(|i| i.usd_per_hour.to_f64()).sum()
    };
    let amounts: Vec<f64> =
        all.iter().map(|s| s.item.map_or(0.0, |item| amount(&units[item].candidate))).collect();
    let relaxed = relaxed(parts, all);
    Ok(Gap { cost, lower_bound: relaxed.lower_bound(&amounts) })
}

/// Returns one unit of a candidate, or `None` if it has no rates.
fn unit(market: &Market<'_>, candidate: &Candidate) -> Option<Item> {
    let reserved = match &candidate.bound {
        Bound::Reservation(_) => {
            let line = piece(market, candidate)?.line;
            Some((market.known.estate.lines[line].attributes.clone(), 1))
        }
        _ => None,
    };
    Some(Item {
        layer: 0,
        candidate: candidate.clone(),
        payment: Payment::NoUpfront,
        usd_per_hour: Decimal::ONE,
        reserved,
        account: None,
    })
}

/// A source with needs by line: capacity per USD of usage on demand.
struct OfLines {
    /// Index of the item of which it is one unit. `None` for owned commitments.
    item: Option<usize>,
    rank: u8,
    capacity: Option<f64>,
    needs: BTreeMap<usize, f64>,
}

/// Returns the owned commitments of an estate and the instruments to buy, about in the order in
/// which they apply.
fn sources(estate: &Estate, units: &[Item]) -> Result<Vec<OfLines>, SimulationError> {
    let owned = estate.commitments.len();
    let all = with(estate, units, "");
    let mut out = Vec::with_capacity(all.commitments.len());
    for (at, commitment) in all.commitments.iter().enumerate() {
        let reach = reach(&all, at)?;
        let item = at.checked_sub(owned);
        // A reservation of any size costs at least this much per unit of capacity.
        let price = match (item, &commitment.instrument) {
            (Some(item), Instrument::Reservation { .. }) => {
                let rates = &units[item].candidate.rates;
                let prices = reach.needs.iter().filter_map(|(line, need)| {
                    rates[*line].and_then(|r| r.to_f64()).map(|rate| rate / need)
                });
                prices.filter(|price| *price > 0.0).fold(f64::MAX, f64::min)
            }
            _ => 1.0,
        };
        let need = |(line, need): &(usize, f64)| {
            let on_demand = all.lines[*line].on_demand.to_f64().filter(|usd| *usd > 0.0)?;
            Some((*line, need * price / on_demand))
        };
        out.push(OfLines {
            item,
            rank: rank(&commitment.instrument),
            capacity: item.is_none().then_some(reach.capacity),
            needs: reach.needs.iter().filter_map(need).collect(),
        });
    }
    out.sort_by_key(|s| (s.rank, s.item.is_some()));
    Ok(out)
}

/// Returns the position of a kind of commitment in the order of application.
fn rank(instrument: &Instrument) -> u8 {
    match instrument {
        Instrument::Reservation { .. } => 0,
        Instrument::SavingsPlan { kind: PlanKind::Ec2Instance { .. }, .. } => 1,
        Instrument::SavingsPlan { .. } => 2,
    }
}

/// Returns the linear program: lines with the same needs are one group.
fn relaxed(parts: &[Part<'_>], sources: Vec<OfLines>) -> Relaxed {
    let estate = parts[0].estate;
    let mut groups: BTreeMap<Vec<Option<i64>>, usize> = BTreeMap::new();
    let mut of_lines = Vec::with_capacity(estate.lines.len());
    for line in 0..estate.lines.len() {
        let key = |s: &OfLines| s.needs.get(&line).and_then(|n| (n * SAME).round().to_i64());
        let next = groups.len();
        of_lines.push(*groups.entry(sources.iter().map(key).collect()).or_insert(next));
    }
    let count = groups.len().max(1);
    let mut usage = Vec::new();
    let mut weights = Vec::new();
    for part in parts {
        let lines = &part.estate.lines;
        let hours = lines.first().map_or(0, |l| l.quantities.len());
        let mut of_groups = vec![vec![0.0; hours]; count];
        for (line, group) in lines.iter().zip(&of_lines) {
            line.quantities.add_usd(line.on_demand, &mut of_groups[*group]);
        }
        usage.extend((0..hours).flat_map(|hour| of_groups.iter().map(move |g| g[hour])));
        weights.extend(std::iter::repeat_n(part.weight / as_f64(hours.max(1)), hours));
    }
    let source = |s: OfLines| {
        let mut needs: BTreeMap<usize, f64> = BTreeMap::new();
        for (line, need) in s.needs {
            let least = needs.entry(of_lines[line]).or_insert(need);
            *least = least.min(need);
        }
        let mut needs: Vec<(usize, f64)> = needs.into_iter().collect();
        needs.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        Source { capacity: s.capacity, needs }
    };
    Relaxed { groups: count, usage, weights, sources: sources.into_iter().map(source).collect() }
}
