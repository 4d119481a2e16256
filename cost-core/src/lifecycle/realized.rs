//! Realized savings: what implemented recommendations saved, measured in the bill.
//!
//! "Before" is the last complete calendar month before the step was implemented, "after" is each
//! complete month since. Both are the `EffectiveCost` of the cost slices that the step affects.
//! Cost that is now paid by a commitment, or that moved to a replacement resource, is not a saving.
//! Steps on the same cost slice share its reduction in the ratio of their expected savings on it,
//! so that no dollar is counted twice.

mod done;
mod outcome;
#[cfg(test)]
mod tests;
mod types;

pub use types::{EstimateComparison, Outcome, RealizedReport, RealizedStep, RealizedTotal, Undone};

use self::done::{Done, groups};
use self::outcome::Bill;
use super::ledger::{SavingsLedger, Tracked, Verdict};
use super::spent::Spent;
use crate::header::Header;
use crate::inventory::resource_key;
use crate::money::{Currency, Money, MoneyError, Savings};
use crate::month::Month;
use crate::rollup::{QueryError, Rollup};

/// Compares implemented steps with the bill.
///
/// # Errors
/// [`QueryError`].
pub(crate) fn verify(
    rollup: &Rollup,
    ledger: &SavingsLedger,
    header: Header,
) -> Result<RealizedReport, QueryError> {
    // Savings in other currencies belong to another part of the bill.
    let in_currency = |r: &&Tracked| r.savings.expected.currency() == header.currency;
    let recommendations = || ledger.recommendations.values().filter(in_currency);
    let mut done: Vec<Done<'_>> = recommendations().filter_map(Done::of).collect();
    done.sort_by_key(|d| (d.on, &d.step.id));
    let wanted = done.iter().flat_map(|d| {
        d.step.places.iter().map(|p| &p.resource_id).chain(d.replaced_by).map(|id| resource_key(id))
    });
    let spent = Spent::of(rollup, &wanted.collect())?;
    let bill = Bill { spent, complete: complete(&header), currency: header.currency };
    let groups = groups(&done);
    let mut steps = Vec::new();
    for (this, of) in done.iter().zip(&groups) {
        let group: Vec<Done<'_>> =
            done.iter().zip(&groups).filter(|(_, g)| *g == of).map(|(d, _)| *d).collect();
        steps.push(bill.realized(*this, &group, ledger)?);
    }
    let undone = |wanted: &dyn Fn(&Tracked) -> bool| {
        let accepted =
            |r: &Tracked| r.decision.as_ref().is_some_and(|d| d.verdict == Verdict::Accepted);
        let of = |r: &Tracked| Undone {
            opportunity: r.id.clone(),
            title: r.title.clone(),
            expected: r.expected(),
            last_found: r.last_found,
            accepted: accepted(r),
        };
        let open = |r: &&Tracked| r.decision.is_none() || accepted(r);
        let mut all: Vec<Undone> =
            recommendations().filter(open).filter(|r| wanted(r)).map(of).collect();
        all.sort_by_key(|u| std::cmp::Reverse(u.expected.expected.amount()));
        all
    };
    Ok(RealizedReport {
        total: total(&steps, header.currency)?,
        accepted: undone(&|r| r.found && r.decision.is_some()),
        vanished: undone(&|r| !r.found),
        header,
        steps,
    })
}

/// Returns the first and last complete calendar month of a bill; there are none if the last is
/// before the first.
fn complete(header: &Header) -> (Month, Month) {
    let e = &header.estate;
    let first = Month::of(e.first_day);
    let first = if e.first_day == first.first_day() { first } else { first.plus(1) };
    let after = e.last_day.succ_opt().unwrap_or(e.last_day).min(e.as_of);
    (first, Month::of(after).minus(1))
}

/// Returns the totals of all steps that could be verified.
fn total(steps: &[RealizedStep], currency: Currency) -> Result<RealizedTotal, MoneyError> {
    let zero = Money::zero(currency);
    let mut all = RealizedTotal {
        steps: 0,
        expected: Savings::zero(currency),
        realized: zero,
        of_expected_pct: None,
        so_far: zero,
    };
    for step in steps {
        if let Outcome::Verified { realized, so_far, .. } = step.outcome {
            all.steps += 1;
            all.expected = all.expected.try_add(step.expected)?;
            all.realized = all.realized.try_add(realized)?;
            all.so_far = all.so_far.try_add(so_far)?;
        }
    }
    all.of_expected_pct = all.realized.percent_of(all.expected.expected);
    Ok(all)
}
