//! Realized savings of a step: cost before, cost after, and the part of the difference that the
//! step caused.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::done::{Done, part};
use super::types::{EstimateComparison, Outcome, RealizedStep};
use crate::lifecycle::ledger::{Place, SavingsLedger, Tracked};
use crate::lifecycle::spent::{Spent, Sum};
use crate::money::{Currency, Money, MoneyError, Savings};
use crate::month::Month;
use crate::opportunity::{Action, Slice};
use crate::rollup::QueryError;

/// Change of the quantity, percent, from which a note explains that the step did not cause the
/// entire cost change. The project's choice.
const QUANTITY_MOVED_PCT: u32 = 10;

/// Costs of a step before and after.
#[derive(Clone, Copy)]
struct Fall {
    before: Money,
    after: Money,
    /// Part of the difference that the step caused.
    own: Money,
}

/// Costs in the bill for the resources of all steps.
pub(super) struct Bill {
    pub(super) spent: Spent,
    /// First and last complete month.
    pub(super) complete: (Month, Month),
    pub(super) currency: Currency,
}

/// Costs of a month, comparable with those of the month before the step.
type Measure = fn(&Sum, Month) -> Result<Money, MoneyError>;

/// Returns the cost per month of 730 h.
fn by_rate(sum: &Sum, _: Month) -> Result<Money, MoneyError> {
    sum.rate()
}

/// Returns the cost as billed, for the number of hours of `month`.
fn as_billed(sum: &Sum, month: Month) -> Result<Money, MoneyError> {
    sum.in_month(month)
}

impl Bill {
    fn zero(&self) -> Money {
        Money::zero(self.currency)
    }

    /// Returns the realized savings of a step within its group.
    pub(super) fn realized(
        &self,
        this: Done<'_>,
        group: &[Done<'_>],
        ledger: &SavingsLedger,
    ) -> Result<RealizedStep, QueryError> {
        let step = this.step;
        let mut notes = Vec::new();
        let others: Vec<&str> =
            group.iter().map(|o| o.step.id.as_str()).filter(|id| *id != step.id).collect();
        if !others.is_empty() {
            notes.push(format!("the cost reduction is shared with {}", others.join(", ")));
        }
        if let Some((month, _)) =
            ledger.seen.filter(|(month, _)| step.found && *month > Month::of(this.on))
        {
            notes.push(format!("{month} still shows the waste that this step was meant to remove"));
        }
        let outcome = self.outcome(this, group, &mut notes)?;
        Ok(RealizedStep {
            opportunity: step.id.clone(),
            title: step.title.clone(),
            sub_account_id: step.scope.sub_account_id.clone(),
            done_on: this.on,
            expected: step.expected(),
            outcome,
            notes,
        })
    }

    fn outcome(
        &self,
        this: Done<'_>,
        group: &[Done<'_>],
        notes: &mut Vec<String>,
    ) -> Result<Outcome, MoneyError> {
        let step = this.step;
        let unknown = |why: String| Ok(Outcome::Unknown { why });
        if let Some(why) = saves_nothing_itself(step) {
            return unknown(why.to_owned());
        }
        let days = || group.iter().map(|o| o.on);
        let (first, last) =
            (days().fold(this.on, NaiveDate::min), days().fold(this.on, NaiveDate::max));
        let (oldest, newest) = self.complete;
        let before = Month::of(first).minus(1);
        if before < oldest || before > newest {
            return unknown(format!("the bill does not cover all of {before}, the month before"));
        }
        // A step on the first day of a month covers that month completely.
        let since = if last == Month::of(last).first_day() {
            Month::of(last)
        } else {
            Month::of(last).plus(1)
        };
        if since > newest {
            return Ok(Outcome::Waiting { for_month: since });
        }
        if let Some(why) = self.replaced(this, before, newest) {
            return unknown(why);
        }
        let now = self.fall(this, group, before, newest, by_rate)?;
        if now.before.is_zero_or_less() {
            return unknown(format!("it had no cost in {before}, the month before"));
        }
        self.moved(step, before, newest, notes)?;
        let months = (0..).map(|n| since.plus(n)).take_while(|m| *m <= newest);
        let falls = months
            .map(|m| self.fall(this, group, before, m, as_billed))
            .collect::<Result<Vec<_>, _>>()?;
        let expected = step.expected();
        Ok(Outcome::Verified {
            before_month: before,
            before: now.before,
            after_month: newest,
            after: now.after,
            realized: now.own,
            of_expected_pct: now.own.percent_of(expected.expected),
            comparison: comparison(now.own, expected),
            months: falls.len().try_into().unwrap_or(u32::MAX),
            so_far: Money::try_sum(falls.iter().map(|f| f.own), self.currency)?,
        })
    }

    /// Returns why a modified resource cannot be compared: it is no longer in the bill, and no
    /// replacement was named.
    fn replaced(&self, this: Done<'_>, before: Month, newest: Month) -> Option<String> {
        let step = this.step;
        let gone = |p: &&Place| {
            self.spent.has(&p.resource_id, before) && !self.spent.has(&p.resource_id, newest)
        };
        let resources: BTreeSet<&str> =
            step.places.iter().filter(gone).map(|p| p.resource_id.as_str()).collect();
        let first = resources
            .first()
            .filter(|_| step.action != Action::Remove && this.replaced_by.is_empty())?;
        let more = if resources.len() > 1 {
            format!(" and {} more", resources.len() - 1)
        } else {
            String::new()
        };
        Some(format!(
            "{first}{more} is no longer in the bill: name its replacement with `cost savings done {} --replaced-by ID`",
            step.id
        ))
    }

    /// Returns the reduction of a step's cost slices from one month to another.
    fn fall(
        &self,
        this: Done<'_>,
        group: &[Done<'_>],
        before: Month,
        month: Month,
        measure: Measure,
    ) -> Result<Fall, MoneyError> {
        let mut all = Fall { before: self.zero(), after: self.zero(), own: self.zero() };
        for place in this.step.places.iter().filter(|p| p.slice != Slice::Covered) {
            let of = |m: Month, slice: Slice| measure(&self.spent.slice(place, m, slice)?, month);
            let was = of(before, place.slice)?;
            let mut is = of(month, place.slice)?;
            if place.slice == Slice::Compute {
                is = is.try_add(rise(of(before, Slice::Covered)?, of(month, Slice::Covered)?)?)?;
            }
            all.before = all.before.try_add(was)?;
            all.after = all.after.try_add(is)?;
            all.own = all.own.try_add(self.share(this.step, group, place, was.try_sub(is)?)?)?;
        }
        for id in this.replaced_by {
            let of = |m: Month| measure(&self.spent.all(id, m)?, month);
            let more = rise(of(before)?, of(month)?)?;
            all.after = all.after.try_add(more)?;
            all.own = all.own.try_sub(more)?;
        }
        Ok(all)
    }

    /// Returns the step's part of a slice's reduction. The shares of all steps on the slice add up
    /// to it.
    fn share(
        &self,
        step: &Tracked,
        group: &[Done<'_>],
        place: &Place,
        fall: Money,
    ) -> Result<Money, MoneyError> {
        let mut claims = Vec::new();
        for Done { step: other, .. } in group {
            let theirs =
                other.places.iter().filter(|p| part(p) == part(place)).map(|p| p.savings.expected);
            let wanted = Money::try_sum(theirs, self.currency)?;
            if !wanted.is_zero_or_less() || other.id == step.id {
                claims.push((&other.id, wanted));
            }
        }
        let whole = Money::try_sum(claims.iter().map(|(_, w)| *w), self.currency)?;
        let mut left = fall;
        for (at, (id, wanted)) in claims.iter().enumerate() {
            let is_last = at + 1 == claims.len();
            let own = if is_last { left } else { fall.try_ratio(wanted.amount(), whole.amount())? };
            if **id == step.id {
                return Ok(own);
            }
            left = left.try_sub(own)?;
        }
        Ok(self.zero())
    }

    /// Adds notes if more than the step changed the cost.
    fn moved(
        &self,
        step: &Tracked,
        before: Month,
        now: Month,
        notes: &mut Vec<String>,
    ) -> Result<(), MoneyError> {
        let covered = |m: Month| {
            let compute = step.places.iter().filter(|p| p.slice == Slice::Compute);
            let of = |p: &Place| self.spent.slice(p, m, Slice::Covered)?.rate();
            compute.map(of).try_fold(self.zero(), |sum, next| sum.try_add(next?))
        };
        let more = rise(covered(before)?, covered(now)?)?;
        if !more.is_zero_or_less() && step.action != Action::Commit {
            notes.push(format!(
                "{more} of it is now paid by a commitment, whose discount does not count for this step"
            ));
        }
        if step.action != Action::Modify {
            return Ok(());
        }
        let quantity = |m: Month| {
            let mut sum = Sum::nothing(m, self.currency);
            for p in step.places.iter().filter(|p| p.slice != Slice::Covered) {
                sum = sum.with(&self.spent.slice(p, m, p.slice)?)?;
            }
            Ok::<_, MoneyError>(sum.quantity())
        };
        if let (Some(was), Some(is)) = (quantity(before)?, quantity(now)?)
            && let Some(ratio) = is.checked_div(was)
        {
            let pct = ((ratio - Decimal::ONE) * Decimal::ONE_HUNDRED).round_dp(0);
            if pct.abs() >= Decimal::from(QUANTITY_MOVED_PCT) {
                notes.push(format!(
                    "its quantity changed by {pct:+} %: only part of the change comes from this step"
                ));
            }
        }
        Ok(())
    }
}

/// Returns the increase to the second amount; zero if it is not larger.
fn rise(was: Money, is: Money) -> Result<Money, MoneyError> {
    let more = is.try_sub(was)?;
    Ok(if more.is_zero_or_less() { Money::zero(more.currency()) } else { more })
}

/// Returns why a step has no savings of its own in the bill.
fn saves_nothing_itself(step: &Tracked) -> Option<&'static str> {
    if step.action == Action::Allocate {
        return Some("it assigns cost to an owner and has no savings of its own");
    }
    let is_covered = step.places.iter().all(|p| p.slice == Slice::Covered);
    is_covered.then_some(
        "a commitment pays for it: the released commitment lowers the cost of other usage",
    )
}

/// Compares savings with the estimate.
fn comparison(own: Money, expected: Savings) -> EstimateComparison {
    let slack = expected.expected.amount().abs() / Decimal::from(20);
    match own.amount() {
        own if own < expected.low.amount() - slack => EstimateComparison::Less,
        own if own > expected.high.amount() + slack => EstimateComparison::More,
        _ => EstimateComparison::Within,
    }
}
