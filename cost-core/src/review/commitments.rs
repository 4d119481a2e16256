//! What is committed to, how well it is used, and what to buy.

use chrono::NaiveDate;
use polars::prelude::{col, lit};
use rust_decimal::Decimal;

use super::{ReviewError, ReviewOptions, header, savings};
use crate::commitment::advise::{self, AdviseError, BuyOptions, BuyReport, Known, Remaining, advise};
use crate::commitment::{self, Charge, CommitmentsReport, SpendTarget, hours};
use crate::estate::Estate;
use crate::focus::FocusFrame;
use crate::money::Money;
use crate::month::Month;
use crate::review::Header;
use crate::rollup::{Rollup, days_in};

/// What to look at.
#[derive(Clone, Debug, Default)]
pub struct CommitmentOptions {
    /// Month, day, and how the joint plan is made whose steps leave less usage to buy for.
    pub review: ReviewOptions,
    /// Agreements to spend so much.
    pub spend: Vec<SpendTarget>,
    /// What to buy for.
    pub buy: BuyOptions,
}

/// What is committed to in one month, how well it is used, and what to buy. What hinders the last is a note of the report.
///
/// # Errors
/// [`ReviewError`].
pub fn commitments(
    estate: &Estate,
    rollup: &Rollup,
    bill: &FocusFrame,
    options: &CommitmentOptions,
) -> Result<CommitmentsReport, ReviewError> {
    let ReviewOptions { month, as_of, .. } = options.review;
    let header = header(estate, rollup, bill.version().as_str(), month, as_of)?;
    let charges = commitment::charges(bill, header.currency)?;
    let spend = commitment::drawdown(rollup, &options.spend)?;
    let mut report = commitment::have(header, &charges, estate.inventory.as_ref(), spend)?;
    report.notes.extend(credits(rollup, report.header.month)?);
    match buy(estate, rollup, bill, (&report.header, &charges), options)? {
        Ok(buy) => report.buy = Some(buy),
        Err(why) => report.notes.push(format!("what to buy is not said: {why}")),
    }
    Ok(report)
}

/// What credits of the month do to savings, if there were any.
fn credits(rollup: &Rollup, month: Month) -> Result<Option<String>, ReviewError> {
    let of_month = days_in("BillingPeriodStart", month.first_day(), month.end());
    let given = rollup.cube.total(of_month.and(col("ChargeCategory").eq(lit("Credit"))))?.billed;
    if given.amount() >= Decimal::ZERO {
        return Ok(None);
    }
    let given = Money::new(-given.amount(), given.currency());
    Ok(Some(format!(
        "credits of {given} were given in {month}: savings are of costs before them, so that a purchase saves credits first, as long as there are any"
    )))
}

/// What to buy, or why that is not said.
fn buy(
    estate: &Estate,
    rollup: &Rollup,
    bill: &FocusFrame,
    (header, charges): (&Header, &[Charge]),
    options: &CommitmentOptions,
) -> Result<Result<BuyReport, String>, ReviewError> {
    let days: (NaiveDate, NaiveDate) = (header.estate.first_day, header.estate.last_day);
    let Some(window) = advise::window(days.0, days.1) else {
        return Ok(Err("the bill is of less than two weeks".to_owned()));
    };
    let (opportunities, plan, _) =
        savings::savings(estate, rollup, (header.month, header.estate.as_of), &options.review)?;
    let remaining = Remaining::after(&plan, &opportunities);
    let usage = hours::hourly(bill, window, &remaining.resources())?;
    let whole = hours::Window { from: days.0, until: window.until };
    let history =
        options.buy.backtest.then(|| hours::hourly(bill, whole, &std::collections::BTreeSet::new())).transpose()?;
    let known = Known {
        prices: &estate.prices,
        offers: &estate.offers,
        inventory: estate.inventory.as_ref(),
        usage: &usage,
        history: history.as_ref(),
        remaining: &remaining,
        charges,
        first_day: header.estate.first_day,
        as_of: header.estate.as_of,
        currency: header.currency,
    };
    match advise(known, &options.buy) {
        Ok(report) => Ok(Ok(report)),
        Err(AdviseError::Money(e)) => Err(e.into()),
        Err(e) => Ok(Err(e.to_string())),
    }
}
