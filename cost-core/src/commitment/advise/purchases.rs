//! Converts amounts to purchases: plans in steps of a tenth of a cent per hour, reservations in
//! units. The savings of each purchase are simulated exactly.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::decide::Decision;
use super::market::{Bound, Candidate, Market, type_name};
use crate::commitment::buy;
use crate::commitment::simulate::{
    Attributes, Commitment, CommitmentOutcome, Estate, Instrument, Service, Simulation,
    SimulationError, simulate,
};
use crate::commitment::{Payment, Term};

/// Decimal places of a plan's commitment in USD per hour: AWS sells plans in steps of a tenth of a
/// cent (Savings Plans API reference, `CreateSavingsPlan`).
pub(super) const PLACES: u32 = 3;
/// Reserved capacity of `DynamoDB` is sold in steps of 100 units. Source: Amazon `DynamoDB`
/// Developer Guide, "Reserved capacity"; read 2026-11.
pub(super) const CAPACITY_LOT: u32 = 100;
/// The smallest plan that is recommended, USD per hour. Chosen: seven dollars per month.
const LEAST_USD_PER_HOUR: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// One purchase.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Index of the candidate.
    pub(super) layer: usize,
    pub(super) candidate: Candidate,
    pub(super) payment: Payment,
    /// Cost per hour, USD.
    pub(super) usd_per_hour: Decimal,
    /// For a reservation: attributes and count.
    pub(super) reserved: Option<(Attributes, u32)>,
    /// The account that buys, if it is not the one that buys the rest.
    pub(super) account: Option<String>,
}

impl Item {
    /// Returns the display name.
    pub(super) fn name(&self) -> String {
        match &self.reserved {
            Some((of, count)) => format!("{count} × {}, {}", type_name(of), self.candidate.kind()),
            None => self.candidate.name(),
        }
    }

    /// Returns the account that buys. `main` is the account that buys the rest.
    pub(super) fn account<'a>(&'a self, main: &'a str) -> &'a str {
        self.account.as_deref().unwrap_or(main)
    }

    /// Returns the upfront payment, USD.
    pub(super) fn upfront(&self, term: Term) -> Decimal {
        self.usd_per_hour * Decimal::from(term.hours()) * self.candidate.upfront
    }
}

/// Returns the purchases of a decision, and their cost per hour by layer: plans in steps of a tenth
/// of a cent, reservations in units. The number of units minimizes the total cost.
pub(super) fn items(
    market: &Market<'_>,
    candidates: &[Candidate],
    decision: &Decision,
    payment: Payment,
) -> (Vec<Item>, Vec<f64>) {
    // The search is not more precise than a tenth of a cent.
    let nearest = |(c, b): (&Candidate, &f64)| {
        let usd = Decimal::from_f64_retain(*b).unwrap_or_default();
        if matches!(c.bound, Bound::Reservation(_)) { usd } else { usd.round_dp(PLACES) }
    };
    let wanted: Vec<Decimal> = candidates.iter().zip(&decision.budgets).map(nearest).collect();
    let make = |layer: usize, usd: Decimal| item(market, (layer, &candidates[layer]), usd, payment);
    let mut all: Vec<Option<Item>> =
        wanted.iter().enumerate().map(|(layer, usd)| make(layer, *usd)).collect();
    let usd = |i: &Option<Item>| i.as_ref().and_then(|i| i.usd_per_hour.to_f64()).unwrap_or(0.0);
    let mut budgets: Vec<f64> = all.iter().map(usd).collect();
    let mut cost = buy::cost(&decision.objective, &budgets);
    for layer in 0..candidates.len() {
        // Try one unit more than the whole units of the amount, if the amount is positive.
        let Some(piece) = piece(market, &candidates[layer])
            .filter(|p| wanted[layer] > Decimal::ZERO && p.each > Decimal::ZERO)
        else {
            continue;
        };
        let more = all[layer].as_ref().map_or(Decimal::ZERO, |i| i.usd_per_hour)
            + piece.each * Decimal::from(piece.lot);
        let tried = make(layer, more);
        let mut other = budgets.clone();
        other[layer] = usd(&tried);
        let then = buy::cost(&decision.objective, &other);
        if then < cost {
            (cost, budgets, all[layer]) = (then, other, tried);
        }
    }
    (all.into_iter().flatten().collect(), budgets)
}

/// Returns amounts as purchases: plans in steps of a tenth of a cent, reservations in whole units,
/// rounded down.
pub(super) fn rounded(
    market: &Market<'_>,
    candidates: &[Candidate],
    budgets: &[f64],
    payment: Payment,
) -> Vec<Item> {
    // A whole number of units must not lose one to the precision of the search.
    let usd = |b: f64| Decimal::from_f64_retain(b * (1.0 + 1e-9)).unwrap_or_default();
    let one =
        |(layer, b): (usize, &f64)| item(market, (layer, &candidates[layer]), usd(*b), payment);
    budgets.iter().enumerate().filter_map(one).collect()
}

/// Returns the items within an upfront limit: those that save most per USD upfront, and a part of
/// the last one.
pub(super) fn within(
    market: &Market<'_>,
    items: &[Item],
    decision: &Decision,
    (term, limit): (Term, Decimal),
) -> Vec<Item> {
    let cost = |budgets: &[f64]| buy::cost(&decision.objective, budgets);
    let all = cost(&decision.budgets);
    let worth = |i: &Item| {
        let mut without = decision.budgets.clone();
        without[i.layer] = 0.0;
        (cost(&without) - all) / i.upfront(term).to_f64().unwrap_or(0.0).max(f64::MIN_POSITIVE)
    };
    let mut order: Vec<(f64, &Item)> = items.iter().map(|i| (worth(i), i)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.layer.cmp(&b.1.layer)));
    let mut left = limit;
    let mut out = Vec::new();
    for (_, i) in order {
        let part = left.checked_div(i.upfront(term)).map_or(Decimal::ONE, |p| p.min(Decimal::ONE));
        let Some(fits) = item(market, (i.layer, &i.candidate), i.usd_per_hour * part, i.payment)
        else {
            continue;
        };
        left -= fits.upfront(term);
        out.push(fits);
    }
    out.sort_by_key(|i| i.layer);
    out
}

/// The unit in which a reservation is bought.
pub(super) struct Piece {
    /// The line with the most usage. Its size is bought.
    pub(super) line: usize,
    /// Cost of one unit, USD per hour.
    pub(super) each: Decimal,
    /// Number of units per step.
    lot: u32,
}

/// Returns the unit in which a reservation is bought, or `None` for plans.
pub(super) fn piece(market: &Market<'_>, c: &Candidate) -> Option<Piece> {
    let Bound::Reservation(of) = &c.bound else { return None };
    let estate = &market.known.estate;
    let quantity = |line: usize| {
        let hours = estate.lines[line].quantities.scaled();
        hours.iter().map(|q| i128::from(*q)).sum::<i128>()
    };
    let rated = c.rates.iter().enumerate().filter_map(|(line, rate)| Some((line, (*rate)?)));
    let (line, each) = rated
        .filter(|(_, rate)| *rate > Decimal::ZERO)
        .max_by_key(|(line, _)| (quantity(*line), std::cmp::Reverse(*line)))?;
    Some(Piece { line, each, lot: if of.service == Service::DynamoDb { CAPACITY_LOT } else { 1 } })
}

/// Returns the purchase for an amount, or `None` if the amount is too small.
fn item(
    market: &Market<'_>,
    (layer, c): (usize, &Candidate),
    usd: Decimal,
    payment: Payment,
) -> Option<Item> {
    let of = |usd_per_hour, reserved| Item {
        layer,
        candidate: c.clone(),
        payment,
        usd_per_hour,
        reserved,
        account: None,
    };
    if !matches!(c.bound, Bound::Reservation(_)) {
        let rounded = usd.round_dp_with_strategy(PLACES, RoundingStrategy::ToZero);
        return (rounded >= LEAST_USD_PER_HOUR).then(|| of(rounded, None));
    }
    let Piece { line, each, lot } = piece(market, c)?;
    let lots = usd.checked_div(each * Decimal::from(lot))?.floor().to_u32()?;
    let count = lots.checked_mul(lot).filter(|n| *n > 0)?;
    let attributes = market.known.estate.lines[line].attributes.clone();
    Some(of(each * Decimal::from(count), Some((attributes, count))))
}

/// Returns the items with as much paid upfront as a limit allows, where this saves most per dollar.
/// The covered usage stays the same. `upfront` are the same instruments with all upfront payment.
pub(super) fn upfront_within(
    market: &Market<'_>,
    items: &[Item],
    upfront: &[Candidate],
    (term, limit): (Term, Decimal),
) -> Vec<Item> {
    // The exchange rate between both payment options, and the saving per dollar paid upfront.
    let swap = |i: &Item| {
        let other = upfront
            .iter()
            .find(|c| c.product == i.candidate.product && c.bound == i.candidate.bound)?;
        let both = i.candidate.rates.iter().zip(&other.rates);
        let ratio = both
            .filter_map(|(a, b)| (*b)?.checked_div((*a)?))
            .max()
            .filter(|r| *r < Decimal::ONE)?;
        let gain = (Decimal::ONE - ratio).checked_div(ratio)?;
        Some((gain, ratio, other.clone()))
    };
    let mut order: Vec<(usize, Decimal, Decimal, Candidate)> = items
        .iter()
        .enumerate()
        .filter_map(|(at, i)| swap(i).map(|(gain, ratio, other)| (at, gain, ratio, other)))
        .collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut left = limit;
    let mut all: Vec<Item> = items.to_vec();
    let mut more = Vec::new();
    for (at, _, ratio, other) in order {
        let layer = all[at].layer;
        let paid_in_full =
            all[at].usd_per_hour * ratio * Decimal::from(term.hours()) * other.upfront;
        let part = left.checked_div(paid_in_full).map_or(Decimal::ZERO, |p| p.min(Decimal::ONE));
        let Some(paid) =
            item(market, (layer, &other), all[at].usd_per_hour * ratio * part, Payment::AllUpfront)
        else {
            continue;
        };
        left -= paid.upfront(term);
        let rest = all[at].usd_per_hour - paid.usd_per_hour.checked_div(ratio).unwrap_or_default();
        let rest = item(market, (layer, &all[at].candidate), rest, all[at].payment);
        more.push(paid);
        match rest {
            Some(rest) => all[at] = rest,
            None => all[at].usd_per_hour = Decimal::ZERO,
        }
    }
    all.retain(|i| i.usd_per_hour > Decimal::ZERO);
    all.extend(more);
    all.sort_by_key(|i| (i.layer, i.payment));
    all
}

/// Returns an estate that also has the items, bought by an account unless they have another.
pub(super) fn with(estate: &Estate, items: &[Item], account: &str) -> Estate {
    let mut estate = estate.clone();
    let hours = estate.lines.first().map_or(0, |l| l.quantities.len());
    for (at, i) in items.iter().enumerate() {
        let instrument = match (&i.reserved, i.candidate.plan_kind()) {
            (Some((attributes, count)), _) => Instrument::Reservation {
                attributes: attributes.clone(),
                zone: None,
                count: *count,
                usd_per_hour: (i.usd_per_hour / Decimal::from(*count)).round_dp(12),
            },
            (None, Some(kind)) => {
                estate.cards.push(i.candidate.rates.clone());
                Instrument::SavingsPlan {
                    kind,
                    usd_per_hour: i.usd_per_hour,
                    card: estate.cards.len() - 1,
                }
            }
            (None, None) => continue,
        };
        // The ID sorts after all owned commitments.
        let id = format!("\u{10ffff}{at:04}");
        estate.commitments.push(Commitment {
            id,
            account: i.account(account).to_owned(),
            instrument,
            hours: 0..hours,
        });
    }
    estate
}

/// Returns the savings of each item in addition to the items before it, and its use: USD over the
/// hours of the estate. `owned` is the simulation of the estate without the items.
pub(super) fn worth(
    estate: &Estate,
    owned: Simulation,
    items: &[Item],
    account: &str,
) -> Result<(Vec<Decimal>, Vec<CommitmentOutcome>), SimulationError> {
    let mut last = owned;
    let mut saved = Vec::with_capacity(items.len());
    for count in 1..=items.len() {
        let then = simulate(&with(estate, &items[..count], account))?;
        saved.push(last.cost - then.cost);
        last = then;
    }
    Ok((saved, last.commitments.into_iter().skip(estate.commitments.len()).collect()))
}
