//! The purchase advisor: recommends commitments, in addition to owned ones, for the usage that
//! remains after the plan.
//!
//! In: hourly usage, commitments with the ends of their terms, offers, the usage that the plan
//! removes, scenarios, and the risk tolerance. Out: a [`BuyReport`]: purchases with their savings
//! and trade-offs, compared with scenarios, other terms and payment options, and rules.
//!
//! [`super::buy`] finds the amounts. Their savings are simulated exactly, hour by hour, together
//! with the owned commitments.

mod backtest;
mod bound;
mod choice;
mod compared;
mod decide;
mod engine;
mod exact;
mod future;
mod in_force;
mod known;
mod market;
mod measure;
mod orders;
mod owners;
mod purchases;
mod remaining;
mod renew;
mod report;
mod terms;
mod types;

pub use future::Scenario;
pub use known::{AdviseError, Known};
pub use remaining::Remaining;
pub use types::*;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use self::bound::{Gap, gap};
use self::choice::Choice;
use self::compared::Compared;
use self::decide::Scenarios;
use self::exact::Exact;
use self::future::{Outlook, trend};
use self::in_force::{buyer, check, ends, in_force, worth_on_demand};
use self::market::{Market, Sources};
use self::measure::{ladder, saved_by_hour};
use self::orders::{Buyer, orders};
use self::owners::{Accounts, choose};
use self::purchases::rounded;
use self::renew::renewals;
use self::report::Report;
use super::hours::{HourlyUsage, OwnedEstate, Window};
use super::simulate::simulate;
use crate::assumptions::LATE_DAYS;
use crate::money::Currency;
use crate::text::counted;

/// Maximum number of weeks of usage: a quarter, so that month ends and every hour of a week occur
/// often enough.
const MOST_WEEKS: i64 = 13;
/// Minimum number of weeks of usage.
const LEAST_WEEKS: i64 = 2;

/// Returns the days whose hourly usage is evaluated: complete weeks, without the newest days, whose
/// charges may be late. `None` if the bill is too short.
#[must_use]
pub fn window(first_day: NaiveDate, last_day: NaiveDate) -> Option<Window> {
    let until = last_day.succ_opt()?.checked_sub_days(Days::new(LATE_DAYS))?;
    let weeks = (until.signed_duration_since(first_day).num_days() / 7).min(MOST_WEEKS);
    let days = u64::try_from(7 * weeks).ok()?;
    (weeks >= LEAST_WEEKS)
        .then_some(Window { from: until.checked_sub_days(Days::new(days))?, until })
}

/// Checks that commitments are sold in a currency, so that hourly usage is only read if it helps.
///
/// # Errors
/// [`AdviseError::Missing`] if they are not.
pub fn sold_in(currency: Currency) -> Result<(), AdviseError> {
    if currency == Currency::USD {
        return Ok(());
    }
    Err(AdviseError::Missing(format!("commitment rates are in USD, but the bill is in {currency}")))
}

/// Returns the recommended purchases.
///
/// # Errors
/// [`AdviseError`].
pub fn advise(known: Known<'_>, options: &BuyOptions) -> Result<BuyReport, AdviseError> {
    sold_in(known.currency)?;
    let check = check(known)?;
    let mut usage = known.usage.clone();
    let moves = known.remaining.apply(&mut usage);
    let owned = OwnedEstate::new(&usage, known.prices, known.inventory)?;
    let sources = Sources { offers: known.offers, prices: known.prices };
    let market = Market { usage: &usage, known: &owned, moves: &moves, sources };
    let (now, ends) = in_force(&owned.estate, &ends(&owned.estate, known.inventory), known.as_of);
    let outlook = Outlook { estate: &now, term: options.term };
    let trend = trend(known.charges, (known.first_day, known.as_of));
    let scenarios = Scenarios::of(options, trend);
    let mut choice = Choice::of(&market, &outlook, &scenarios, options)?;
    let exact = Exact::new(&outlook, &scenarios.all)?;
    let weighted = exact.parts(&scenarios.weights(options.risk), options.term);
    let accounts = Accounts { buyer: &buyer(&now), payer: known.payer };
    let accounts = choose(&weighted, &mut choice.bought, &accounts)?;
    let account = accounts[0].as_str();
    choice.same_accounts(options);
    let gap = gap(&market, &weighted, &choice.offered, (&choice.bought, account))?;
    let report = Report { known, options, outlook: &outlook, account, hours: usage.window.hours() };
    let simulated = simulate(&now)?;
    let before: Decimal = simulated.lines.iter().map(|l| l.on_demand_cost).sum();
    let purchases = report.purchases(&choice.bought, simulated)?;
    let parts = parts(&report, (&market, &choice, &scenarios), (&exact, gap), &purchases)?;
    let terms = choice.terms(&market, &scenarios, options, account);
    // Today's upfront limit does not apply to later renewals.
    let renewed = renewals(&now, &ends, &choice.wanted, (known.as_of, &terms))?;
    let by = Buyer { account, as_of: known.as_of, inventory: known.inventory };
    let (first, first_script) =
        orders(&choice.bought, &parts.ladder, by, (options.term, known.currency));
    Ok(BuyReport {
        term: options.term,
        risk: options.risk,
        days: (usage.window.from, usage.window.until.pred_opt().unwrap_or(usage.window.until)),
        on_demand_equivalent: report.a_month(worth_on_demand(&usage)),
        left_on_demand: report.a_month(before),
        taken_by_plan: report.a_month(worth_on_demand(known.usage) - worth_on_demand(&usage)),
        trend_pct_per_year: trend,
        alternatives: parts.alternatives,
        accounts: report.accounts((&exact, &scenarios), &choice.bought, &accounts)?,
        ladder: parts.ladder,
        first,
        first_script,
        after_plan: None,
        renewals: renewed.iter().map(|r| report.renewal(r)).collect(),
        curve: parts.curve,
        rules: parts.rules,
        scenarios: parts.outcomes,
        backtest: known
            .history
            .map(|h| report.backtest(h, sources, choice.payment))
            .transpose()?
            .flatten(),
        purchases,
        total: parts.total,
        check,
        excluded: owned.excluded.clone(),
        notes: notes(&usage, &ends),
    })
}

/// The parts of a report that compare the purchase with others.
struct Parts {
    outcomes: Vec<ScenarioOutcome>,
    total: PurchaseTotal,
    ladder: Vec<Tranche>,
    alternatives: Vec<Alternative>,
    curve: Vec<CurvePoint>,
    rules: Vec<RuleOutcome>,
}

/// Simulates the purchase and others in all scenarios.
fn parts(
    report: &Report<'_>,
    (market, choice, scenarios): (&Market<'_>, &Choice, &Scenarios),
    (exact, gap): (&Exact<'_>, Gap),
    purchases: &[Purchase],
) -> Result<Parts, AdviseError> {
    let (options, known, account) = (report.options, report.known, report.account);
    let best = |(scenario, budgets): (&Scenario, &Vec<f64>)| {
        let items = rounded(market, &choice.candidates, budgets, choice.payment);
        Ok(report.monthly(exact.saves((&items, account), scenario, options.term)?))
    };
    let best = scenarios.all.iter().zip(&choice.decision.best).map(best);
    let best = best.collect::<Result<Vec<_>, AdviseError>>()?;
    let ours = |scenario: &Scenario| exact.saves((&choice.bought, account), scenario, options.term);
    let ours = scenarios.all.iter().map(ours).collect::<Result<Vec<_>, _>>()?;
    let outcomes = report.outcomes(scenarios, &ours, &best);
    let by_hour = saved_by_hour(report.outlook.estate, &choice.bought, report.account)?;
    let total = report.total(purchases, &by_hour, &outcomes, gap)?;
    let monthly = |usd: f64| report.monthly(usd);
    let (term, saves) = (options.term, total.saves);
    let compared = Compared { exact, account, scenarios, term, monthly: &monthly, saves };
    Ok(Parts {
        ladder: ladder(
            (total.usd_per_hour, total.saves),
            (options.risk, options.term, known.as_of),
            known.currency,
        ),
        alternatives: report.alternatives(market, &compared, choice)?,
        curve: compared.curve(&choice.bought)?,
        rules: compared.rules(market, choice)?,
        outcomes,
        total,
    })
}

/// Returns notes on the figures.
fn notes(usage: &HourlyUsage, ends: &[Option<NaiveDate>]) -> Vec<String> {
    let mut notes = Vec::new();
    if usage.spread > 0 {
        notes.push(format!(
            "{} of more than an hour: the quantity is spread evenly over the time, so that peaks within it are not visible",
            counted(usage.spread, "line item")
        ));
    }
    if ends.iter().any(Option::is_none) {
        notes.push(
            "the end of some commitments is unknown: the advice assumes that they continue"
                .to_owned(),
        );
    }
    notes
}

#[cfg(test)]
mod accounts_tests;
#[cfg(test)]
mod tests;
