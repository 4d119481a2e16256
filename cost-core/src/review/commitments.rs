//! Commitments, their utilization and coverage, and purchase recommendations.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use polars::prelude::{col, lit};
use rust_decimal::Decimal;

use super::notes;
use super::options::ReviewError;
use super::savings::SavingsSection;
use super::subject::Subject;
use crate::cloud::Provider;
use crate::commitment::advise::{
    self, AdviseError, AfterPlan, BuyOptions, BuyReport, Known, Remaining, advise,
};
use crate::commitment::hours::HourlyUsage;
use crate::commitment::{self, Charge, CommitmentsReport, SpendTarget, hours};
use crate::focus::FocusFrame;
use crate::money::Money;
use crate::month::Month;
use crate::rollup::{Rollup, days_in};

/// Options for purchase recommendations, and spend agreements. Fields may be added: build it with
/// `..CommitmentOptions::default()`.
///
/// ```
/// use cost_core::commitment::SpendTarget;
/// use cost_core::prelude::*;
///
/// let agreed = SpendTarget {
///     name: "EDP".to_owned(),
///     amount: Decimal::from(12_000),
///     currency: None,
///     first_day: "2026-07-01".parse().expect("a day"),
///     last_day: "2027-06-30".parse().expect("a day"),
///     provider: None,
///     leave_out: Vec::new(),
///     drawn_before: None,
/// };
/// let options = CommitmentOptions { spend: vec![agreed], ..CommitmentOptions::default() };
/// let session = Session::builder().for_commitments().open(&cost_core::example::bill()?)?;
/// let report = session.commitments(&options)?;
/// assert_eq!(report.spend[0].drawn.to_string(), "2,586.28 USD");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct CommitmentOptions {
    /// Spend agreements.
    pub spend: Vec<SpendTarget>,
    /// Options for purchase recommendations.
    pub buy: BuyOptions,
}

/// Returns the commitments of the month, their utilization and coverage, and purchase
/// recommendations. If no purchase can be recommended, a note of the report says why. `charges` are
/// those of the bill in its own currency. `savings` is called only if the savings are needed: usage
/// that the plan removes needs no commitment.
///
/// # Errors
/// [`ReviewError`].
pub(crate) fn commitments<'s>(
    subject: &Subject<'_>,
    (bill, charges): (&FocusFrame, &[Charge]),
    options: &CommitmentOptions,
    savings: impl FnOnce() -> Result<&'s SavingsSection, ReviewError>,
) -> Result<CommitmentsReport, ReviewError> {
    let Subject { estate, rollup, header, .. } = *subject;
    let spend = commitment::drawdown(rollup, &options.spend)?;
    let mut report = commitment::have(header.clone(), charges, estate.inventory.as_ref(), spend)?;
    report.notes.splice(0..0, notes::outlying(subject));
    report.notes.extend(credits(rollup, header.month)?);
    match buy(subject, bill, charges, options, savings)? {
        Ok(buy) => report.buy = Some(buy),
        Err(why) => report.notes.push(format!("no purchase recommendations: {why}")),
    }
    Ok(report)
}

/// Returns a note on how the month's credits affect savings, if there were credits.
fn credits(rollup: &Rollup, month: Month) -> Result<Option<String>, ReviewError> {
    let of_month = days_in("BillingPeriodStart", month.first_day(), month.end());
    let given = rollup.cube.total(of_month.and(col("ChargeCategory").eq(lit("Credit"))))?.billed;
    if given.amount() >= Decimal::ZERO {
        return Ok(None);
    }
    let given = Money::new(-given.amount(), given.currency());
    Ok(Some(format!(
        "{month} has credits of {given}: savings are estimated before credits, so a purchase first reduces the credits used, while any remain"
    )))
}

/// Returns the account that pays for usage that commitments can cover, if there is exactly one.
fn payer(rollup: &Rollup, usage: &HourlyUsage) -> Result<Option<String>, ReviewError> {
    let providers: Vec<Provider> = usage.lines.iter().map(|l| l.provider).collect();
    let mut payers = BTreeSet::new();
    for group in rollup.cube.sum_by(&["ProviderName", "BillingAccountId"], lit(true))? {
        let [provider, Some(account)] = group.keys.as_slice() else { continue };
        if group.amounts.line_items > 0 && providers.contains(&Provider::of(provider.as_deref())) {
            payers.insert(account.clone());
        }
    }
    Ok(payers.pop_first().filter(|_| payers.is_empty()))
}

/// Returns purchase recommendations, or why there are none.
fn buy<'s>(
    subject: &Subject<'_>,
    bill: &FocusFrame,
    charges: &[Charge],
    options: &CommitmentOptions,
    savings: impl FnOnce() -> Result<&'s SavingsSection, ReviewError>,
) -> Result<Result<BuyReport, String>, ReviewError> {
    let Subject { estate, rollup, header, .. } = *subject;
    let days: (NaiveDate, NaiveDate) = (header.estate.first_day, header.estate.last_day);
    let Some(window) = advise::window(days.0, days.1) else {
        return Ok(Err("the bill covers less than two weeks".to_owned()));
    };
    if let Err(why) = advise::sold_in(header.currency) {
        return Ok(Err(why.to_string()));
    }
    let SavingsSection { opportunities, plan, .. } = savings()?;
    let remaining = Remaining::after(plan, opportunities);
    let apart = remaining.resources();
    let (usage, history) = if options.buy.backtest {
        let all_days = hours::Window { from: days.0, until: window.until };
        let (usage, history) = hours::hourly_with_history(bill, (window, &apart), all_days)?;
        (usage, Some(history))
    } else {
        (hours::hourly(bill, window, &apart)?, None)
    };
    let payer = payer(rollup, &usage)?;
    let known = Known {
        prices: &estate.prices,
        offers: &estate.offers,
        inventory: estate.inventory.as_ref(),
        usage: &usage,
        history: history.as_ref(),
        remaining: &remaining,
        payer: payer.as_deref(),
        charges,
        first_day: header.estate.first_day,
        as_of: header.estate.as_of,
        currency: header.currency,
    };
    match advise(known, &options.buy) {
        Ok(report) => {
            let after_plan = Some(AfterPlan::new(plan.joint.expected, report.total.saves)?);
            Ok(Ok(BuyReport { after_plan, ..report }))
        }
        Err(AdviseError::Money(e)) => Err(e.into()),
        Err(e) => Ok(Err(e.to_string())),
    }
}
