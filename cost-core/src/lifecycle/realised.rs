//! What recommendations that were done have saved, by the bill.
//!
//! Before is the last complete calendar month before the step was done, after each complete month since. Both are the
//! `EffectiveCost` of the slices of cost that the step is about. What then is paid by a commitment, or for a resource that took the
//! place of another, is no saving. Steps on the same slice of cost share what it fell by, in the ratio of what each was expected to
//! save of it: no dollar is counted twice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ledger::{Place, SavingsLedger, Tracked, Verdict};
use super::spent::{Spent, Sum};
use crate::header::Header;
use crate::inventory::resource_key;
use crate::money::{Currency, Money, MoneyError, Savings};
use crate::month::Month;
use crate::opportunity::{Action, Slice};
use crate::rollup::{QueryError, Rollup};

/// From this change of the quantity on, it is said that the cost did not only change by the step. Percent. The project's choice.
const QUANTITY_MOVED_PCT: u32 = 10;

/// How a saving held up against what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// Below the low estimate.
    Less,
    /// Within low and high, to 5 % of the expected.
    Within,
    /// Above the high estimate.
    More,
}

impl Held {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Less => "less",
            Self::Within => "yes",
            Self::More => "more",
        }
    }
}

/// What the bill says of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Outcome {
    /// There are complete months before and after.
    Verified {
        /// The month before.
        before_month: Month,
        /// What its slices of cost were then, per month of 730 h.
        before: Money,
        /// The newest complete month.
        after_month: Month,
        /// What they are now, with what took their place, per month of 730 h.
        after: Money,
        /// What of the difference is this step's, per month of 730 h.
        realised: Money,
        /// The same in percent of what was expected; `None` if that was nothing.
        of_expected_pct: Option<Decimal>,
        /// Against the estimate.
        held: Held,
        /// Complete months since.
        months: u32,
        /// What they cost less, together, as in the bill.
        so_far: Money,
    },
    /// The first complete month after has not ended in the bill.
    Waiting {
        /// That month.
        for_month: Month,
    },
    /// It cannot be told.
    Unknown {
        /// Why.
        why: String,
    },
}

/// One step that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Realised {
    /// Id of the recommendation.
    pub opportunity: String,
    /// What was done.
    pub title: String,
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// When.
    pub done_on: NaiveDate,
    /// What was expected when it was done, per month of 730 h.
    pub expected: Savings,
    /// What the bill says.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// What else to know.
    pub notes: Vec<String>,
}

/// A recommendation that nobody marked as done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Undone {
    /// Its id.
    pub opportunity: String,
    /// What to do.
    pub title: String,
    /// What it was expected to save, per month of 730 h.
    pub expected: Savings,
    /// The day of the data in which it was found last.
    pub last_found: NaiveDate,
    /// Whether it was accepted.
    pub accepted: bool,
}

/// All steps that could be verified, together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RealisedTotal {
    /// How many.
    pub steps: usize,
    /// What was expected of them, per month of 730 h.
    pub expected: Savings,
    /// What they save, per month of 730 h.
    pub realised: Money,
    /// The same in percent of what was expected.
    pub of_expected_pct: Option<Decimal>,
    /// What they have saved so far, as in the bill.
    pub so_far: Money,
}

/// What was done, held against the bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RealisedReport {
    /// What it is of.
    #[serde(flatten)]
    pub header: Header,
    /// Steps that were done, in the order in which they were.
    pub steps: Vec<Realised>,
    /// Those that could be verified, together.
    pub total: RealisedTotal,
    /// Accepted, still found, not done.
    pub accepted: Vec<Undone>,
    /// Not found any more, and not marked as done: somebody did it, or the need went away.
    pub vanished: Vec<Undone>,
}

/// Holds what was done against the bill.
///
/// # Errors
/// [`QueryError`].
pub fn verify(rollup: &Rollup, ledger: &SavingsLedger, header: Header) -> Result<RealisedReport, QueryError> {
    // Savings in other currencies are those of another part of the bill.
    let in_currency = |r: &&Tracked| r.savings.expected.currency() == header.currency;
    let recommendations = || ledger.recommendations.values().filter(in_currency);
    let mut done: Vec<Done<'_>> = recommendations().filter_map(Done::of).collect();
    done.sort_by_key(|d| (d.on, &d.step.id));
    let wanted = done
        .iter()
        .flat_map(|d| d.step.places.iter().map(|p| &p.resource_id).chain(d.replaced_by).map(|id| resource_key(id)));
    let spent = Spent::of(rollup, &wanted.collect())?;
    let bill = Bill { spent, complete: complete(&header), currency: header.currency };
    let groups = groups(&done);
    let mut steps = Vec::new();
    for (this, of) in done.iter().zip(&groups) {
        let group: Vec<Done<'_>> = done.iter().zip(&groups).filter(|(_, g)| *g == of).map(|(d, _)| *d).collect();
        steps.push(bill.realised(*this, &group, ledger)?);
    }
    let undone = |wanted: &dyn Fn(&Tracked) -> bool| {
        let accepted = |r: &Tracked| r.decision.as_ref().is_some_and(|d| d.verdict == Verdict::Accepted);
        let of = |r: &Tracked| Undone {
            opportunity: r.id.clone(),
            title: r.title.clone(),
            expected: r.expected(),
            last_found: r.last_found,
            accepted: accepted(r),
        };
        let open = |r: &&Tracked| r.decision.is_none() || accepted(r);
        let mut all: Vec<Undone> = recommendations().filter(open).filter(|r| wanted(r)).map(of).collect();
        all.sort_by_key(|u| std::cmp::Reverse(u.expected.expected.amount()));
        all
    };
    Ok(RealisedReport {
        total: total(&steps, header.currency)?,
        accepted: undone(&|r| r.found && r.decision.is_some()),
        vanished: undone(&|r| !r.found),
        header,
        steps,
    })
}

/// The complete calendar months of a bill, first and last; none if the last is before the first.
fn complete(header: &Header) -> (Month, Month) {
    let e = &header.estate;
    let first = Month::of(e.first_day);
    let first = if e.first_day == first.first_day() { first } else { first.plus(1) };
    let after = e.last_day.succ_opt().unwrap_or(e.last_day).min(e.as_of);
    (first, Month::of(after).minus(1))
}

/// A slice of a resource's cost.
type Part<'a> = (&'a Option<String>, &'a str, Slice);

fn part(place: &Place) -> Part<'_> {
    (&place.sub_account_id, resource_key(&place.resource_id), place.slice)
}

/// A recommendation that was done.
#[derive(Clone, Copy)]
struct Done<'a> {
    step: &'a Tracked,
    on: NaiveDate,
    replaced_by: &'a [String],
}

impl<'a> Done<'a> {
    fn of(step: &'a Tracked) -> Option<Self> {
        step.done().map(|(on, replaced_by)| Self { step, on, replaced_by })
    }
}

/// For each step the number of its group: steps on the same slice of cost are of one.
fn groups(done: &[Done<'_>]) -> Vec<usize> {
    let mut group: Vec<usize> = (0..done.len()).collect();
    let mut first: BTreeMap<Part<'_>, usize> = BTreeMap::new();
    for (at, this) in done.iter().enumerate() {
        for place in &this.step.places {
            let other = *first.entry(part(place)).or_insert(at);
            let (from, to) = (group[at].max(group[other]), group[at].min(group[other]));
            group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
        }
    }
    group
}

/// What a step's costs were and are.
#[derive(Clone, Copy)]
struct Fall {
    before: Money,
    after: Money,
    /// What of the difference is the step's.
    own: Money,
}

struct Bill {
    spent: Spent,
    complete: (Month, Month),
    currency: Currency,
}

/// Costs of a month, made comparable with those of the month before the step.
type Measure = fn(&Sum, Month) -> Result<Money, MoneyError>;

/// Per month of 730 h.
fn by_rate(sum: &Sum, _: Month) -> Result<Money, MoneyError> {
    sum.rate()
}

/// As in the bill, in as many hours as `month` has.
fn as_billed(sum: &Sum, month: Month) -> Result<Money, MoneyError> {
    sum.in_month(month)
}

impl Bill {
    fn zero(&self) -> Money {
        Money::zero(self.currency)
    }

    fn realised(&self, this: Done<'_>, group: &[Done<'_>], ledger: &SavingsLedger) -> Result<Realised, QueryError> {
        let step = this.step;
        let mut notes = Vec::new();
        let others: Vec<&str> = group.iter().map(|o| o.step.id.as_str()).filter(|id| *id != step.id).collect();
        if !others.is_empty() {
            notes.push(format!("what the cost fell by is shared with {}", others.join(", ")));
        }
        if let Some((month, _)) = ledger.seen.filter(|(month, _)| step.found && *month > Month::of(this.on)) {
            notes.push(format!("{month} still shows what it was to do away with"));
        }
        let outcome = self.outcome(this, group, &mut notes)?;
        Ok(Realised {
            opportunity: step.id.clone(),
            title: step.title.clone(),
            sub_account_id: step.scope.sub_account_id.clone(),
            done_on: this.on,
            expected: step.expected(),
            outcome,
            notes,
        })
    }

    fn outcome(&self, this: Done<'_>, group: &[Done<'_>], notes: &mut Vec<String>) -> Result<Outcome, MoneyError> {
        let step = this.step;
        let unknown = |why: String| Ok(Outcome::Unknown { why });
        if step.action == Action::Allocate {
            return unknown("it gives costs an owner and saves nothing itself".to_owned());
        }
        if step.places.iter().all(|p| p.slice == Slice::Covered) {
            return unknown("a commitment pays for it: what it set free shows in the cost of other usage".to_owned());
        }
        let days = || group.iter().map(|o| o.on);
        let (first, last) = (days().fold(this.on, NaiveDate::min), days().fold(this.on, NaiveDate::max));
        let (oldest, newest) = self.complete;
        let before = Month::of(first).minus(1);
        if before < oldest || before > newest {
            return unknown(format!("the bill does not have all of {before}, the month before"));
        }
        // A step of a month's first day has all of that month.
        let since = if last == Month::of(last).first_day() { Month::of(last) } else { Month::of(last).plus(1) };
        if since > newest {
            return Ok(Outcome::Waiting { for_month: since });
        }
        let gone = |p: &&Place| self.spent.has(&p.resource_id, before) && !self.spent.has(&p.resource_id, newest);
        let resources: BTreeSet<&str> = step.places.iter().filter(gone).map(|p| p.resource_id.as_str()).collect();
        if step.action != Action::Remove && !resources.is_empty() && this.replaced_by.is_empty() {
            let first = resources.first().copied().unwrap_or_default();
            let more = if resources.len() > 1 { format!(" and {} more", resources.len() - 1) } else { String::new() };
            return unknown(format!(
                "{first}{more} is not in the bill any more: say what took its place, `cost savings done {} --replaced-by ID`",
                step.id
            ));
        }
        let now = self.fall(this, group, before, newest, by_rate)?;
        if now.before.is_zero_or_less() {
            return unknown(format!("it cost nothing in {before}, the month before"));
        }
        self.moved(step, before, newest, notes)?;
        let months = (0..).map(|n| since.plus(n)).take_while(|m| *m <= newest);
        let falls = months.map(|m| self.fall(this, group, before, m, as_billed)).collect::<Result<Vec<_>, _>>()?;
        let expected = step.expected();
        let slack = expected.expected.amount().abs() / Decimal::from(20);
        let held = match now.own.amount() {
            own if own < expected.low.amount() - slack => Held::Less,
            own if own > expected.high.amount() + slack => Held::More,
            _ => Held::Within,
        };
        Ok(Outcome::Verified {
            before_month: before,
            before: now.before,
            after_month: newest,
            after: now.after,
            realised: now.own,
            of_expected_pct: now.own.percent_of(expected.expected),
            held,
            months: falls.len().try_into().unwrap_or(u32::MAX),
            so_far: Money::try_sum(falls.iter().map(|f| f.own), self.currency)?,
        })
    }

    /// What a step's slices of cost fell by from one month to another.
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

    /// The part of what a slice fell by that is a step's; the shares of all steps on it add up to it.
    fn share(&self, step: &Tracked, group: &[Done<'_>], place: &Place, fall: Money) -> Result<Money, MoneyError> {
        let mut claims = Vec::new();
        for Done { step: other, .. } in group {
            let theirs = other.places.iter().filter(|p| part(p) == part(place)).map(|p| p.savings.expected);
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

    /// Says where the cost changed by more than the step.
    fn moved(&self, step: &Tracked, before: Month, now: Month, notes: &mut Vec<String>) -> Result<(), MoneyError> {
        let covered = |m: Month| {
            let compute = step.places.iter().filter(|p| p.slice == Slice::Compute);
            let of = |p: &Place| self.spent.slice(p, m, Slice::Covered)?.rate();
            compute.map(of).try_fold(self.zero(), |sum, next| sum.try_add(next?))
        };
        let more = rise(covered(before)?, covered(now)?)?;
        if !more.is_zero_or_less() && step.action != Action::Commit {
            notes.push(format!("{more} of it is now paid by a commitment, whose discount is not this step's"));
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
                notes.push(format!("its quantity changed by {pct:+} %: not all of the change is this step's"));
            }
        }
        Ok(())
    }
}

/// How much more the second is; nothing if it is less.
fn rise(was: Money, is: Money) -> Result<Money, MoneyError> {
    let more = is.try_sub(was)?;
    Ok(if more.is_zero_or_less() { Money::zero(more.currency()) } else { more })
}

fn total(steps: &[Realised], currency: Currency) -> Result<RealisedTotal, MoneyError> {
    let zero = Money::zero(currency);
    let mut all = RealisedTotal {
        steps: 0,
        expected: Savings::zero(currency),
        realised: zero,
        of_expected_pct: None,
        so_far: zero,
    };
    for step in steps {
        if let Outcome::Verified { realised, so_far, .. } = step.outcome {
            all.steps += 1;
            all.expected = all.expected.try_add(step.expected)?;
            all.realised = all.realised.try_add(realised)?;
            all.so_far = all.so_far.try_add(so_far)?;
        }
    }
    all.of_expected_pct = all.realised.percent_of(all.expected.expected);
    Ok(all)
}

#[cfg(test)]
mod tests;
