//! The commitments there are: whether the simulator agrees with the bill on them, which are in
//! force, and who owns them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::known::{AdviseError, Known};
use super::types::SimulationCheck;
use crate::commitment::hours::{HourlyUsage, OwnedEstate};
use crate::commitment::simulate::{self, Estate as Simulated, simulate};
use crate::inventory::{Inventory, detail, resource_key};
use crate::money::Money;

/// The bill's commitments, simulated on the bill's usage.
pub(super) fn check(known: Known<'_>) -> Result<SimulationCheck, AdviseError> {
    let owned = OwnedEstate::new(known.usage, known.prices, known.inventory)?;
    let simulated: Decimal =
        simulate(&owned.estate)?.commitments.iter().map(|c| c.cost - c.unused).sum();
    let billed: Decimal =
        known.usage.lines.iter().flat_map(|l| l.covered.values()).map(|c| c.effective).sum();
    let money = |usd: Decimal| Money::new(usd.round_dp(2), known.currency);
    Ok(SimulationCheck { billed: money(billed), simulated: money(simulated) })
}

/// Who buys: whoever owns the dearest Savings Plan, else the dearest reservation, else who uses
/// most on demand.
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

/// When commitments end, by the inventory.
pub(super) fn ends(estate: &Simulated, inventory: Option<&Inventory>) -> Vec<Option<NaiveDate>> {
    let end = |c: &simulate::Commitment| {
        inventory.and_then(|i| i.get(resource_key(&c.id))?.get(detail::ENDS_ON))
    };
    estate.commitments.iter().map(end).collect()
}

/// The estate with the commitments that are in force on a day, and when those end.
pub(super) fn in_force(
    estate: &Simulated,
    ends: &[Option<NaiveDate>],
    day: NaiveDate,
) -> (Simulated, Vec<Option<NaiveDate>>) {
    let hours = estate.lines.first().map_or(0, |l| l.quantities.len());
    let mut out = Simulated { commitments: Vec::new(), ..estate.clone() };
    let mut days = Vec::new();
    for (commitment, end) in estate.commitments.iter().zip(ends) {
        // Without a day of its end, what was in force in the last of the hours is.
        if end.map_or(commitment.hours.end == hours, |end| end > day) {
            out.commitments.push(simulate::Commitment { hours: 0..hours, ..commitment.clone() });
            days.push(*end);
        }
    }
    (out, days)
}

/// What the usage costs on demand, over its hours, USD.
pub(super) fn worth_on_demand(usage: &HourlyUsage) -> Decimal {
    usage.lines.iter().map(|l| usd(&l.quantities, l.on_demand_unit_price)).sum()
}

/// What quantities in units of 10⁻¹⁰ cost together, USD.
fn usd(quantities: &[i64], unit_price: Decimal) -> Decimal {
    let all: i128 = quantities.iter().map(|q| i128::from(*q)).sum();
    Decimal::try_from_i128_with_scale(all, 10).unwrap_or_default() * unit_price
}
