//! What to buy, on top of what is owned, for the usage that remains after the joint plan.
//!
//! In:  usage by the hour, commitments with the ends of their terms, offers, what the joint plan takes away, scenarios, the risk there may be.
//! Out: a [`BuyReport`]: purchases with what they save and what they cost besides money, held against scenarios, other terms and payments, and rules.
//!
//! Amounts are found by [`super::buy`]; what they save is simulated exactly, hour by hour, with the commitments that are owned.

mod backtest;
mod decide;
mod future;
mod market;
mod measure;
mod purchases;
mod remaining;
mod renew;
mod terms;
mod types;

pub use future::Scenario;
pub use remaining::Remaining;
pub use types::*;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use self::decide::{Decision, Scenarios, decide, rules};
use self::future::{Outlook, trend};
use self::market::{Bound, Candidate, Groups, Market, Sources, group, type_name};
use self::measure::{chance_of_loss_pct, ladder, mean, saved_by_hour};
use self::purchases::{Item, items, upfront_within, within, worth};
use self::renew::{Renewed, Terms, renewals};
use super::hours::{HourlyUsage, OwnedEstate, Window};
use super::simulate::{self, Estate as Simulated, Simulation, SimulationError, simulate};
use super::{Charge, Offers, Payment, Term};
use crate::assumptions::{DECLINE_PCT, HOURS_PER_MONTH, LATE_DAYS};
use crate::count::counted;
use crate::inventory::{Inventory, resource_key};
use crate::money::{Currency, Money, MoneyError};
use crate::price::PriceBook;

/// Weeks of usage that are looked at, at most: a quarter, so that ends of months and every hour of a week come about often enough.
const MOST_WEEKS: i64 = 13;
/// Fewest weeks.
const LEAST_WEEKS: i64 = 2;
/// The scenario that comes first: usage stays.
const AS_NOW: usize = 0;
/// Points of the curve, to twice the purchase.
const CURVE_POINTS: u32 = 20;

/// What is known.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// List prices.
    pub prices: &'a PriceBook,
    /// Rates of commitments on offer.
    pub offers: &'a Offers,
    /// The inventory; `None` if the estate has none.
    pub inventory: Option<&'a Inventory>,
    /// The usage, with lines of their own for the resources that the plan changes.
    pub usage: &'a HourlyUsage,
    /// Usage of the whole bill, to replay policies on, if that is asked for.
    pub history: Option<&'a HourlyUsage>,
    /// What the joint plan leaves.
    pub remaining: &'a Remaining,
    /// Charges by month, for the trend.
    pub charges: &'a [Charge],
    /// First day of the bill.
    pub first_day: NaiveDate,
    /// The day looked from.
    pub as_of: NaiveDate,
    /// Currency of the bill.
    pub currency: Currency,
}

/// Why nothing can be said on what to buy.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdviseError {
    /// Something is missing; it is told, and the rest goes on.
    #[error("{0}")]
    Missing(String),
    /// A simulation that does not work out.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    /// A sum that does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The days whose hours to look at: whole weeks, without the newest days, which may be late; `None` if the bill is too short.
#[must_use]
pub fn window(first_day: NaiveDate, last_day: NaiveDate) -> Option<Window> {
    let until = last_day.succ_opt()?.checked_sub_days(Days::new(LATE_DAYS))?;
    let weeks = (until.signed_duration_since(first_day).num_days() / 7).min(MOST_WEEKS);
    let days = u64::try_from(7 * weeks).ok()?;
    (weeks >= LEAST_WEEKS).then_some(Window { from: until.checked_sub_days(Days::new(days))?, until })
}

/// What to buy.
///
/// # Errors
/// [`AdviseError`].
pub fn advise(known: Known<'_>, options: &BuyOptions) -> Result<BuyReport, AdviseError> {
    if known.currency != Currency::USD {
        let why = format!("rates of commitments are in USD, the bill is in {}", known.currency);
        return Err(AdviseError::Missing(why));
    }
    let (prices, inventory) = (known.prices, known.inventory);
    let check = check(known)?;
    let mut usage = known.usage.clone();
    let moves = known.remaining.apply(&mut usage);
    let owned = OwnedEstate::new(&usage, prices, inventory)?;
    let sources = Sources { offers: known.offers, prices };
    let market = Market { usage: &usage, known: &owned, moves: &moves, sources };
    let end = |c: &simulate::Commitment| inventory.and_then(|i| i.get(resource_key(&c.id))?.day("EndsOn"));
    let ends: Vec<Option<NaiveDate>> = owned.estate.commitments.iter().map(end).collect();
    let (now, ends) = in_force(&owned.estate, &ends, known.as_of);
    let outlook = Outlook { estate: &now, term: options.term };
    let trend = trend(known.charges, (known.first_day, known.as_of));
    let scenarios = scenarios(options, trend);
    // If it is left open, paid with the least upfront that is offered.
    let payments = options.payment.map_or(Payment::ALL.to_vec(), |p| vec![p]);
    let offered = payments.iter().map(|p| (*p, market.candidates(options.term, *p)));
    let (payment, candidates) = offered.into_iter().find(|(_, c)| !c.is_empty()).unwrap_or((payments[0], Vec::new()));
    if candidates.is_empty() {
        return Err(AdviseError::Missing(missing(options.term, payment, sources)));
    }
    let groups = group(&owned, &candidates);
    let decision = decide(&outlook, &groups, &scenarios, options.risk, true)?;
    let account = buyer(&now);
    let (decision, wanted, bought) = bought(&market, (&candidates, payment), decision, options);
    let report = Report { known, options, outlook: &outlook, account: &account, hours: usage.window.hours() };
    let mut notes = Vec::new();
    if usage.spread > 0 {
        notes.push(format!(
            "{} of more than an hour: the quantity is spread over it, and peaks within are not seen",
            counted(usage.spread, "line item")
        ));
    }
    if ends.iter().any(Option::is_none) {
        notes.push("the end of some commitments is unknown: they are taken to go on".to_owned());
    }
    let simulated = simulate(&now)?;
    let before: Decimal = simulated.lines.iter().map(|l| l.on_demand_cost).sum();
    let purchases = report.purchases(&bought, simulated)?;
    let saved = report.saved(&bought, &scenarios)?;
    let outcomes = report.outcomes(&saved, &scenarios, &decision);
    let total = report.total(&purchases, &saved, &outcomes, &decision)?;
    let monthly = |usd: f64| report.money(usd * f64::from(HOURS_PER_MONTH));
    let terms = Terms {
        market: &market,
        candidates: &candidates,
        groups: &groups,
        scenarios: &scenarios,
        risk: options.risk,
        term: options.term,
        payment,
        account: &account,
    };
    // A limit of today says nothing of what is missing then.
    let renewed = renewals(&now, &ends, &wanted, (known.as_of, &terms))?;
    Ok(BuyReport {
        term: options.term,
        risk: options.risk,
        days: (usage.window.from, usage.window.until.pred_opt().unwrap_or(usage.window.until)),
        on_demand_equivalent: report.a_month(worth_on_demand(&usage)),
        left_on_demand: report.a_month(before),
        taken_by_plan: report.a_month(worth_on_demand(known.usage) - worth_on_demand(&usage)),
        trend_pct_per_year: trend,
        alternatives: report.alternatives(&market, &scenarios)?,
        ladder: ladder((total.usd_per_hour, total.saves), (options.risk, options.term, known.as_of), known.currency),
        renewals: renewed.iter().map(|r| report.renewal(r)).collect(),
        curve: curve(&decision, &scenarios, &monthly),
        rules: held(&decision, &scenarios, &candidates, &monthly),
        scenarios: outcomes,
        backtest: known.history.map(|h| report.backtest(h, sources, payment)).transpose()?.flatten(),
        purchases,
        total,
        check,
        left_out: owned.left_out.clone(),
        notes,
    })
}

/// What is missing where nothing is offered.
fn missing(term: Term, payment: Payment, sources: Sources<'_>) -> String {
    let asked = if payment == Payment::NoUpfront { term.to_string() } else { format!("{term} {}", payment.as_str()) };
    if sources.offers.is_empty() {
        return format!(
            "no rates are known of commitments of {asked}: the estate has none (`cost pull aws` asks for them), and the list that comes with the \
             program has those of reserved Linux instances in us-east-1 alone (1y All Upfront)"
        );
    }
    format!("nothing of {asked} is offered for the usage there is")
}

/// What is to be looked at, and which of it matters how.
fn scenarios(options: &BuyOptions, trend: Option<Decimal>) -> Scenarios {
    let mut all = vec![Scenario::as_now()];
    all.extend(trend.map(|pct| Scenario { name: "trend".to_owned(), change_pct: pct, at_once: false }));
    if options.scenarios.is_empty() {
        all.extend(Scenario::parse(&format!("decline={DECLINE_PCT}%")));
    }
    all.extend(options.scenarios.iter().cloned());
    let mean = |at: &usize| all[*at].mean(options.term);
    let adverse = (0..all.len()).min_by_key(mean).unwrap_or(0);
    let expected = usize::from(trend.is_some());
    let cautious = if mean(&expected) < Decimal::ONE { expected } else { 0 };
    Scenarios { all, expected, cautious, adverse }
}

/// The bill's commitments, simulated on the bill's usage.
fn check(known: Known<'_>) -> Result<SimulationCheck, AdviseError> {
    let owned = OwnedEstate::new(known.usage, known.prices, known.inventory)?;
    let simulated: Decimal = simulate(&owned.estate)?.commitments.iter().map(|c| c.cost - c.unused).sum();
    let billed: Decimal = known.usage.lines.iter().flat_map(|l| l.covered.values()).map(|c| c.effective).sum();
    let money = |usd: Decimal| Money::new(usd.round_dp(2), known.currency);
    Ok(SimulationCheck { billed: money(billed), simulated: money(simulated) })
}

/// Who buys: whoever owns the dearest Savings Plan, else the dearest reservation, else who uses most on demand.
fn buyer(estate: &Simulated) -> String {
    let cost = |c: &simulate::Commitment| match &c.instrument {
        simulate::Instrument::Reservation { count, usd_per_hour, .. } => Decimal::from(*count) * *usd_per_hour,
        simulate::Instrument::SavingsPlan { usd_per_hour, .. } => *usd_per_hour,
    };
    let is_plan = |c: &simulate::Commitment| matches!(c.instrument, simulate::Instrument::SavingsPlan { .. });
    let owner = estate.commitments.iter().max_by_key(|c| (is_plan(c), cost(c), std::cmp::Reverse(c.id.clone())));
    let mut accounts: BTreeMap<&str, Decimal> = BTreeMap::new();
    for line in &estate.lines {
        *accounts.entry(&line.account).or_default() += usd(line.quantities.scaled(), line.on_demand);
    }
    let most =
        || accounts.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))).map(|(account, _)| (*account).to_owned());
    owner.map(|c| c.account.clone()).filter(|a| !a.is_empty()).or_else(most).unwrap_or_default()
}

/// The estate with the commitments that are in force on a day, and when those end.
fn in_force(estate: &Simulated, ends: &[Option<NaiveDate>], day: NaiveDate) -> (Simulated, Vec<Option<NaiveDate>>) {
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
fn worth_on_demand(usage: &HourlyUsage) -> Decimal {
    usage.lines.iter().map(|l| usd(&l.quantities, l.on_demand_unit_price)).sum()
}

/// What quantities in units of 10⁻¹⁰ cost together, USD.
fn usd(quantities: &[i64], unit_price: Decimal) -> Decimal {
    let all: i128 = quantities.iter().map(|q| i128::from(*q)).sum();
    Decimal::try_from_i128_with_scale(all, 10).unwrap_or_default() * unit_price
}

/// What can be bought of a decision, and what of it within the limit upfront. The decision is of the latter then.
fn bought(
    market: &Market<'_>,
    (candidates, payment): (&[Candidate], Payment),
    mut decision: Decision,
    options: &BuyOptions,
) -> (Decision, Vec<Item>, Vec<Item>) {
    let (all, budgets) = items(market, candidates, &decision, payment);
    decision.budgets = budgets;
    let Some(limit) = options.max_upfront else { return (decision, all.clone(), all) };
    let limit = (options.term, limit);
    if options.payment.is_none() && payment == Payment::NoUpfront {
        let upfront = market.candidates(options.term, Payment::AllUpfront);
        let paid = upfront_within(market, &all, &upfront, limit);
        return (decision, all, paid);
    }
    let less = within(market, &all, &decision, limit);
    decision.budgets = vec![0.0; candidates.len()];
    for i in &less {
        decision.budgets[i.layer] = i.usd_per_hour.to_f64().unwrap_or(0.0);
    }
    (decision, all, less)
}

/// Saving against commitment, as a part of what is bought.
fn curve(decision: &Decision, scenarios: &Scenarios, monthly: &dyn Fn(f64) -> Money) -> Vec<CurvePoint> {
    let point = |n: u32| {
        let part = 2.0 * f64::from(n) / f64::from(CURVE_POINTS);
        let budgets: Vec<f64> = decision.budgets.iter().map(|b| b * part).collect();
        CurvePoint {
            usd_per_hour: hourly(&budgets),
            saves: monthly(decision.saves(AS_NOW, &budgets)),
            saves_in_decline: monthly(decision.saves(scenarios.adverse, &budgets)),
        }
    };
    if decision.budgets.iter().all(|b| *b <= 0.0) { Vec::new() } else { (0..=CURVE_POINTS).map(point).collect() }
}

/// The purchase held against rules.
fn held(
    decision: &Decision,
    scenarios: &Scenarios,
    candidates: &[Candidate],
    monthly: &dyn Fn(f64) -> Money,
) -> Vec<RuleOutcome> {
    let is_bound: Vec<bool> = candidates.iter().map(|c| c.bound != Bound::Nothing).collect();
    let best = decision.best[AS_NOW].clone();
    let ours = [("this purchase", decision.budgets.clone()), ("the best if usage stays", best)];
    let all = ours.into_iter().chain(rules(&decision.compared[AS_NOW], &is_bound));
    all.map(|(rule, budgets)| RuleOutcome {
        rule: rule.to_owned(),
        usd_per_hour: hourly(&budgets),
        saves: monthly(decision.saves(AS_NOW, &budgets)),
        saves_in_decline: monthly(decision.saves(scenarios.adverse, &budgets)),
    })
    .collect()
}

/// The sum of amounts, USD an hour.
fn hourly(budgets: &[f64]) -> Decimal {
    Decimal::from_f64_retain(budgets.iter().sum()).unwrap_or_default().round_dp(3)
}

/// What is saved in each hour of the profile, USD, by factor of usage.
type Saved = BTreeMap<Decimal, Vec<f64>>;

/// What the parts of the report have in common.
struct Report<'a> {
    known: Known<'a>,
    options: &'a BuyOptions,
    outlook: &'a Outlook<'a>,
    account: &'a str,
    /// Hours looked at.
    hours: usize,
}

impl Report<'_> {
    /// A statistic as money, to the cent.
    fn money(&self, usd: f64) -> Money {
        Money::new(Decimal::from_f64_retain(usd).unwrap_or_default().round_dp(2), self.known.currency)
    }

    /// A sum over the hours looked at, as one of a month of 730 hours, to the cent.
    fn a_month(&self, usd: Decimal) -> Money {
        let hours = Decimal::from(self.hours.max(1));
        Money::new((usd / hours * Decimal::from(HOURS_PER_MONTH)).round_dp(2), self.known.currency)
    }

    fn purchases(&self, bought: &[Item], owned: Simulation) -> Result<Vec<Purchase>, AdviseError> {
        let (saved, outcomes) = worth(self.outlook.estate, owned, bought, self.account)?;
        let term = self.options.term;
        let hours = Decimal::from(self.hours.max(1));
        let month = Decimal::from(HOURS_PER_MONTH);
        let money = |usd: Decimal| Money::new(usd.round_dp(2), self.known.currency);
        let one = |((i, saved), outcome): ((&Item, Decimal), simulate::CommitmentOutcome)| {
            let used = outcome.cost - outcome.unused;
            let upfront = money(i.upfront(term));
            let displaced = saved / hours + i.usd_per_hour;
            let break_even = (i.usd_per_hour * Decimal::from(term.hours())).checked_div(displaced * month);
            Purchase {
                product: i.candidate.product,
                name: i.name(),
                count: i.reserved.as_ref().map(|(_, count)| *count),
                instance_type: i.reserved.as_ref().map(|(of, _)| type_name(of)),
                sub_account_id: self.account.to_owned(),
                term,
                payment: i.payment,
                usd_per_hour: i.usd_per_hour.normalize(),
                upfront,
                monthly: money(i.usd_per_hour * (Decimal::ONE - i.candidate.upfront) * month),
                saves: self.a_month(saved),
                utilization_pct: super::percent(Some(used), Some(outcome.cost)),
                trade_off: terms::trade_off(i.candidate.product, term, upfront, break_even.map(|m| m.round_dp(1))),
            }
        };
        Ok(bought.iter().zip(saved).zip(outcomes).map(one).collect())
    }

    /// What is saved in each hour of the profile, USD, by the factors of usage of all scenarios.
    fn saved(&self, bought: &[Item], scenarios: &Scenarios) -> Result<Saved, AdviseError> {
        let factors: BTreeSet<Decimal> = scenarios.all.iter().flat_map(|s| self.outlook.parts(s).into_keys()).collect();
        let one = |factor| Ok((factor, saved_by_hour(&self.outlook.times(factor), bought, self.account)?));
        factors.into_iter().map(one).collect()
    }

    fn outcomes(&self, saved: &Saved, scenarios: &Scenarios, decision: &Decision) -> Vec<ScenarioOutcome> {
        let months = f64::from(self.options.term.months());
        let one = |(at, scenario): (usize, &Scenario)| {
            let mut hourly = 0.0;
            for (factor, count) in self.outlook.parts(scenario) {
                hourly += saved.get(&factor).map_or(0.0, |s| mean(s)) * f64::from(count) / months;
            }
            ScenarioOutcome {
                scenario: scenario.clone(),
                saves: self.money(hourly * f64::from(HOURS_PER_MONTH)),
                saves_over_term: self.money(hourly * f64::from(self.options.term.hours())),
                regret: self.money(decision.regret(at).max(0.0) * f64::from(HOURS_PER_MONTH)),
            }
        };
        scenarios.all.iter().enumerate().map(one).collect()
    }

    fn total(
        &self,
        purchases: &[Purchase],
        by_factor: &Saved,
        outcomes: &[ScenarioOutcome],
        decision: &Decision,
    ) -> Result<PurchaseTotal, AdviseError> {
        let sum = |of: fn(&Purchase) -> Money| Money::try_sum(purchases.iter().map(of), self.known.currency);
        let usd_per_hour: Decimal = purchases.iter().map(|p| p.usd_per_hour).sum();
        let saves = sum(|p| p.saves)?;
        let cost = usd_per_hour * Decimal::from(HOURS_PER_MONTH);
        let committed = usd_per_hour * Decimal::from(self.options.term.hours());
        let displaced = saves.amount() + cost;
        let zero = Money::zero(self.known.currency);
        let by_hour = by_factor.get(&Decimal::ONE).map_or(&[][..], Vec::as_slice);
        Ok(PurchaseTotal {
            usd_per_hour,
            upfront: sum(|p| p.upfront)?,
            monthly: sum(|p| p.monthly)?,
            committed: Money::new(committed.round_dp(2), self.known.currency),
            saves,
            discount_pct: super::percent(Some(saves.amount()), Some(displaced)),
            break_even_months: committed.checked_div(displaced).map(|m| m.round_dp(1)),
            worst_case: outcomes.iter().map(|o| o.saves_over_term).min_by_key(Money::amount).unwrap_or(zero),
            chance_of_loss_pct: if purchases.is_empty() { Decimal::ZERO } else { chance_of_loss_pct(by_hour) },
            bound_gap_pct: Decimal::from_f64_retain(decision.bound_gap_pct.max(0.0)).unwrap_or_default().round_dp(3),
        })
    }

    fn backtest(
        &self,
        history: &HourlyUsage,
        sources: Sources<'_>,
        payment: Payment,
    ) -> Result<Option<Backtest>, AdviseError> {
        let known = OwnedEstate::new(history, sources.prices, self.known.inventory)?;
        let moves = vec![false; history.lines.len()];
        let market = Market { usage: history, known: &known, moves: &moves, sources };
        Ok(backtest::backtest(&market, (self.options.term, payment), self.known.currency))
    }

    fn renewal(&self, r: &Renewed) -> Renewal {
        Renewal {
            on: r.on,
            ended: r.ended.clone(),
            purchases: r.items.iter().map(Item::name).collect(),
            usd_per_hour: r.items.iter().map(|i| i.usd_per_hour).sum::<Decimal>().normalize(),
            saves: self.a_month(r.saved),
        }
    }

    /// Every term and payment that is offered.
    fn alternatives(&self, market: &Market<'_>, scenarios: &Scenarios) -> Result<Vec<Alternative>, AdviseError> {
        let mut all = Vec::new();
        for term in Term::ALL {
            for payment in Payment::ALL {
                let candidates = market.candidates(term, payment);
                if candidates.is_empty() {
                    continue;
                }
                let groups: Groups = group(market.known, &candidates);
                let outlook = Outlook { term, ..*self.outlook };
                let decision = decide(&outlook, &groups, scenarios, self.options.risk, false)?;
                let monthly = |usd: f64| self.money(usd * f64::from(HOURS_PER_MONTH));
                let saves = decision.saves(AS_NOW, &decision.budgets);
                let cost: f64 = decision.budgets.iter().sum();
                let upfront = decision.budgets.iter().zip(&candidates);
                let upfront: f64 = upfront.map(|(b, c)| b * c.upfront.to_f64().unwrap_or(0.0)).sum();
                let hours = f64::from(term.hours());
                let break_even = cost * hours / ((cost + saves) * f64::from(HOURS_PER_MONTH));
                all.push(Alternative {
                    term,
                    payment,
                    usd_per_hour: hourly(&decision.budgets),
                    upfront: self.money(upfront * hours),
                    saves: monthly(saves),
                    saves_in_decline: monthly(decision.saves(scenarios.adverse, &decision.budgets)),
                    break_even_months: Decimal::from_f64_retain(break_even)
                        .filter(|_| cost > 0.0)
                        .map(|m| m.round_dp(1)),
                });
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests;
