//! The savings of a purchase in each hour, the probability of a loss, and the ladder.

use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::purchases::{Item, with};
use super::types::{Risk, Tranche};
use crate::commitment::Term;
use crate::commitment::simulate::{Estate, Quantities, SimulationError, left_on_demand};
use crate::money::{Currency, Money};
use crate::usage::as_f64;

/// Hours per week.
pub(super) const WEEK: usize = 168;
/// Number of random draws of weeks.
const DRAWS: u32 = 2_000;

/// Returns the savings of the items in each hour, USD: displaced on-demand cost − their cost.
pub(super) fn saved_by_hour(
    estate: &Estate,
    items: &[Item],
    account: &str,
) -> Result<Vec<f64>, SimulationError> {
    let cost: f64 = items.iter().filter_map(|i| i.usd_per_hour.to_f64()).sum();
    let before = on_demand_by_hour(estate)?;
    let after = on_demand_by_hour(&with(estate, items, account))?;
    Ok(before.iter().zip(&after).map(|(b, a)| b - a - cost).collect())
}

/// Returns what commitments leave on demand in each hour, USD.
pub(super) fn on_demand_by_hour(estate: &Estate) -> Result<Vec<f64>, SimulationError> {
    let left = left_on_demand(estate)?;
    let mut hours = vec![0.0; left.first().map_or(0, Quantities::len)];
    for (line, quantities) in estate.lines.iter().zip(&left) {
        quantities.add_usd(line.on_demand, &mut hours);
    }
    Ok(hours)
}

/// Returns the mean of some numbers.
pub(super) fn mean(all: &[f64]) -> f64 {
    if all.is_empty() { 0.0 } else { all.iter().sum::<f64>() / as_f64(all.len()) }
}

/// Returns the probability of a loss, percent: the share of draws with a negative sum. Each draw
/// takes as many weeks as there are, with replacement. Source: B. Efron, "Bootstrap Methods:
/// Another Look at the Jackknife", Annals of Statistics 7, 1979.
pub(super) fn chance_of_loss_pct(saved: &[f64]) -> Decimal {
    let weeks: Vec<f64> = saved.chunks_exact(WEEK).map(|w| w.iter().sum()).collect();
    if weeks.is_empty() {
        return Decimal::ZERO;
    }
    // The sequence is fixed, so that a report can be repeated.
    let mut state = 0_u64;
    let mut draw = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let place = (z ^ (z >> 31)) % u64::try_from(weeks.len()).unwrap_or(1);
        weeks[usize::try_from(place).unwrap_or(0)]
    };
    let is_loss = |_: &u32| (0..weeks.len()).map(|_| draw()).sum::<f64>() < 0.0;
    let losses = (0..DRAWS).filter(is_loss).count();
    (Decimal::from(losses) * Decimal::ONE_HUNDRED / Decimal::from(DRAWS)).round_dp(1)
}

/// Returns the number of tranches and the months between them. A lower risk tolerance means a
/// longer wait before the next tranche.
fn steps(risk: Risk) -> (u32, u32) {
    match risk {
        Risk::Low => (4, 3),
        Risk::Medium => (3, 1),
        Risk::High => (1, 1),
    }
}

/// Returns the tranches of a purchase.
pub(super) fn ladder(
    (usd_per_hour, saves): (Decimal, Money),
    (risk, term, as_of): (Risk, Term, NaiveDate),
    currency: Currency,
) -> Vec<Tranche> {
    let (count, apart) = steps(risk);
    let share = Decimal::ONE / Decimal::from(count);
    let later =
        |day: NaiveDate, months: u32| day.checked_add_months(Months::new(months)).unwrap_or(day);
    let tranche = |n: u32| {
        let on = later(as_of, n * apart);
        Tranche {
            on,
            share_pct: (share * Decimal::ONE_HUNDRED).round_dp(1),
            usd_per_hour: (usd_per_hour * share).round_dp(3),
            ends_on: later(on, term.months()),
            forgone: Money::new(
                (saves.amount() * share * Decimal::from(n * apart)).round_dp(2),
                currency,
            ),
        }
    };
    if usd_per_hour.is_zero() { Vec::new() } else { (0..count).map(tranche).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_counted_and_repeatable() {
        let weeks = |values: &[f64]| {
            values.iter().flat_map(|v| std::iter::repeat_n(*v, WEEK)).collect::<Vec<_>>()
        };
        assert_eq!(chance_of_loss_pct(&weeks(&[1.0, 2.0])), Decimal::ZERO);
        assert_eq!(chance_of_loss_pct(&weeks(&[-1.0])), Decimal::ONE_HUNDRED);
        // Two weeks, one bad and one good by less: a loss unless both draws are good: 75 % of
        // draws.
        let chance = chance_of_loss_pct(&weeks(&[-3.0, 2.0]));
        assert!((chance - Decimal::from(75)).abs() < Decimal::from(4), "{chance}");
        assert_eq!(chance, chance_of_loss_pct(&weeks(&[-3.0, 2.0])));
        assert_eq!(chance_of_loss_pct(&[]), Decimal::ZERO);
    }

    #[test]
    fn a_ladder_buys_all_of_it() {
        let usd = |n| Money::new(Decimal::from(n), Currency::USD);
        let day = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let all =
            ladder((Decimal::from(3), usd(90)), (Risk::Medium, Term::OneYear, day), Currency::USD);
        assert_eq!(all.iter().map(|t| t.usd_per_hour).sum::<Decimal>(), Decimal::from(3));
        assert_eq!(
            all.iter().map(|t| t.forgone.amount()).collect::<Vec<_>>(),
            [0, 30, 60].map(Decimal::from)
        );
        assert_eq!(
            (all[0].on, all[0].ends_on),
            (day, NaiveDate::from_ymd_opt(2027, 11, 30).unwrap())
        );
        assert!(
            ladder((Decimal::ZERO, usd(0)), (Risk::Low, Term::OneYear, day), Currency::USD)
                .is_empty()
        );
    }
}
