//! Backtest of purchase policies over the bill: their cost and savings if no commitments had been
//! owned.

use rust_decimal::Decimal;

use super::market::{Candidate, Market, group};
use super::types::{Backtest, BacktestRow};
use crate::commitment::online::{
    BreakEven, Calendar, Demand, Guarded, Never, Policy, Replayed, hindsight, replay,
};
use crate::commitment::simulate::Quantities;
use crate::commitment::{Payment, Term};
use crate::money::{Currency, Money};
use crate::month::Month;

/// Weeks of data before the first review.
const FIRST_WEEKS: i64 = 4;

/// Replays all policies with the instrument that could cover most of the usage. `None` if there are
/// no offers, or if the bill is too short.
pub(super) fn backtest(
    market: &Market<'_>,
    (term, payment): (Term, Payment),
    currency: Currency,
) -> Option<Backtest> {
    let window = market.usage.window;
    let (candidate, demand) = widest(market, term, payment)?;
    let first =
        window.from.checked_add_days(chrono::Days::new(u64::try_from(7 * FIRST_WEEKS).ok()?))?;
    let months = (0..)
        .map(|n| Month::of(first).plus(n + 1).first_day())
        .take_while(|day| *day < window.until);
    let hour = |day: chrono::NaiveDate| {
        usize::try_from(day.signed_duration_since(window.from).num_hours()).unwrap_or(0)
    };
    let days: Vec<chrono::NaiveDate> = months.collect();
    let reviews: Vec<usize> = days.iter().map(|day| hour(*day)).collect();
    let from = *days.first()?;
    let calendar =
        Calendar { reviews: &reviews, term: usize::try_from(term.hours()).unwrap_or(usize::MAX) };
    let money = |usd: f64| {
        Money::new(Decimal::from_f64_retain(usd).unwrap_or_default().round_dp(2), currency)
    };
    let row = |policy: &str, found: &Replayed| {
        let saved = found.on_demand - found.cost;
        let pct = if found.on_demand > 0.0 { 100.0 * saved / found.on_demand } else { 0.0 };
        let committed = found.purchases.iter().fold(0.0, |sum, (_, usd)| sum + usd);
        BacktestRow {
            policy: policy.to_owned(),
            cost: money(found.cost),
            saves: money(saved),
            saves_pct: Decimal::from_f64_retain(pct).unwrap_or_default().round_dp(1),
            purchases: u32::try_from(found.purchases.len()).unwrap_or(u32::MAX),
            usd_per_hour: Decimal::from_f64_retain(committed).unwrap_or_default().round_dp(3),
            still_owed: money(found.still_owed),
        }
    };
    let policies: [&dyn Policy; 3] = [&Never, &BreakEven, &Guarded];
    let mut rows: Vec<BacktestRow> =
        policies.iter().map(|p| row(p.name(), &replay(&demand, calendar, *p))).collect();
    rows.push(row("single amount, with hindsight", &hindsight(&demand, hour(from))));
    Some(Backtest {
        instrument: format!("{}, {} {}", candidate.name(), term, payment.as_str()),
        days: (from, window.until.pred_opt()?),
        reviews: u32::try_from(reviews.len()).unwrap_or(u32::MAX),
        rows,
    })
}

/// Returns the instrument that could cover most of the usage, and that usage.
fn widest(market: &Market<'_>, term: Term, payment: Payment) -> Option<(Candidate, Demand)> {
    let of = |c: Candidate| {
        let demand = demand(market, &c);
        let all: f64 = demand.groups.iter().flatten().sum();
        (all, c, demand)
    };
    let all = market.candidates(term, payment).into_iter().map(of);
    all.reduce(|a, b| if b.0 > a.0 { b } else { a })
        .map(|(_, candidate, demand)| (candidate, demand))
}

/// Returns the hourly usage that an instrument makes cheaper.
fn demand(market: &Market<'_>, candidate: &Candidate) -> Demand {
    let groups = group(market.known, std::slice::from_ref(candidate));
    let lines: Vec<Quantities> =
        market.known.estate.lines.iter().map(|l| l.quantities.clone()).collect();
    let rates = groups.layers.iter().flat_map(|l| &l.rates).map(|rate| rate.unwrap_or(1.0));
    let of_groups = groups.usd(&market.known.estate, &lines).into_iter().zip(rates);
    let (groups, rates) = of_groups.filter(|(_, rate)| *rate > 0.0 && *rate < 1.0).unzip();
    Demand { groups, rates }
}
