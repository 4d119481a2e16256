//! Owned commitments: the comparison of simulation and bill, the commitments in force, and their
//! owner.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::known::{AdviseError, Known};
use super::types::SimulationCheck;
use crate::commitment::hours::{HourlyUsage, OwnedEstate};
use crate::commitment::simulate::{self, Estate as Simulated, simulate};
use crate::inventory::{Inventory, detail, resource_key};
use crate::money::Money;

/// Returns the cost of usage covered by the bill's commitments, billed and simulated.
pub(super) fn check(known: Known<'_>) -> Result<SimulationCheck, AdviseError> {
    let owned = OwnedEstate::new(known.usage, known.prices, known.inventory)?;
    let simulated: Decimal =
        simulate(&owned.estate)?.commitments.iter().map(|c| c.cost - c.unused).sum();
    let billed: Decimal =
        known.usage.lines.iter().flat_map(|l| l.covered.values()).map(|c| c.effective).sum();
    let money = |usd: Decimal| Money::new(usd.round_dp(2), known.currency);
    Ok(SimulationCheck { billed: money(billed), simulated: money(simulated) })
}

/// Returns the account that buys: the owner of the most expensive Savings Plan, or else of the most
/// expensive reservation, or else the account with the highest on-demand cost.
pub(super) fn buyer(estate: &Simulated) -> String {
    let cost = |c: &simulate::Commitment| match &c.instrument {
        simulate::Instrument::Reservation { count, usd_per_hour, .. } => {
            Decimal::from(*count) * *usd_per_hour
        }
        simulate::Instrument::SavingsPlan { usd_per_hour, .. } => *usd_per_hour,
    };
    let is_plan =
        |c: &simulate::Commitment| matches!(c.instrument, simulate::Instrument::SavingsPlan { .. });
    let owner = estate
        .commitments
        .iter()
        .max_by_key(|c| (is_plan(c), cost(c), std::cmp::Reverse(c.id.clone())));
    let mut accounts: BTreeMap<&str, Decimal> = BTreeMap::new();
    for line in &estate.lines {
        *accounts.entry(&line.account).or_default() +=
            usd(line.quantities.scaled(), line.on_demand);
    }
    let most = || {
        accounts
            .iter()
            .max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))
            .map(|(account, _)| (*account).to_owned())
    };
    owner.map(|c| c.account.clone()).filter(|a| !a.is_empty()).or_else(most).unwrap_or_default()
}

/// Returns when commitments end, from the inventory.
pub(super) fn ends(estate: &Simulated, inventory: Option<&Inventory>) -> Vec<Option<NaiveDate>> {
    let end = |c: &simulate::Commitment| {
        inventory.and_then(|i| i.get(resource_key(&c.id))?.get(detail::ENDS_ON))
    };
    estate.commitments.iter().map(end).collect()
}

/// Returns the estate with the commitments that are in force on a day, and when they end.
pub(super) fn in_force(
    estate: &Simulated,
    ends: &[Option<NaiveDate>],
    day: NaiveDate,
) -> (Simulated, Vec<Option<NaiveDate>>) {
    let hours = estate.lines.first().map_or(0, |l| l.quantities.len());
    let mut out = Simulated { commitments: Vec::new(), ..estate.clone() };
    let mut days = Vec::new();
    for (commitment, end) in estate.commitments.iter().zip(ends) {
        // If the end is unknown, a commitment is in force if it was in the last hour.
        if end.map_or(commitment.hours.end == hours, |end| end > day) {
            out.commitments.push(simulate::Commitment { hours: 0..hours, ..commitment.clone() });
            days.push(*end);
        }
    }
    (out, days)
}

/// Returns the on-demand cost of the usage over its hours, USD.
pub(super) fn worth_on_demand(usage: &HourlyUsage) -> Decimal {
    usage.lines.iter().map(|l| usd(&l.quantities, l.on_demand_unit_price)).sum()
}

/// Returns the total cost of quantities in units of 10⁻¹⁰, USD.
fn usd(quantities: &[i64], unit_price: Decimal) -> Decimal {
    let all: i128 = quantities.iter().map(|q| i128::from(*q)).sum();
    Decimal::try_from_i128_with_scale(all, 10).unwrap_or_default() * unit_price
}
