//! Projection of a running month to its end (ADR 0039). It uses only the known days: none after the
//! last charge, and none from the report date on.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use polars::prelude::col;
use rust_decimal::Decimal;

use super::span::{Period, Span};
use super::types::{MonthlyCharge, ProjectedCost, ProjectedRange, Projection, Totals};
use crate::money::{Currency, Money, MoneyError};
use crate::month::Month;
use crate::rollup::{Measure, QueryError, Rollup, days_in};

/// Days whose means are projected: four of each weekday, as for expected costs of the anomaly
/// detector (ADR 0010).
const RECENT_DAYS: u64 = 28;
/// Fewest known days before a projection: two of each weekday.
const MIN_DAYS: i64 = 14;
/// Most days with cost in a month for a charge that occurs once a month. Two, because a fee can be
/// billed in two parts around midnight UTC.
const ONCE_DAYS: usize = 2;
/// Most earlier months for the range. The next error is within the range of `n` earlier ones with a
/// probability of (n − 1) ÷ (n + 1) if their order does not matter: 80 % for nine.
const MOST_MONTHS: u32 = 9;
/// Fewest earlier months for a range: (3 − 1) ÷ (3 + 1) = 50 %.
const FEWEST_MONTHS: usize = 3;
/// Most monthly charges listed.
const MOST_LISTED: usize = 10;

/// `SubAccountId`, `ServiceName`, `SkuMeter`, `ChargeCategory`.
type Leaf = [Option<String>; 4];

/// Cost of one leaf by day: `BilledCost` and `EffectiveCost`.
type ByDay = BTreeMap<NaiveDate, [Money; 2]>;

/// Charges of the last months by leaf and day, without corrections of earlier periods, which are
/// not expected again.
struct History {
    leaves: BTreeMap<Leaf, ByDay>,
    first: NaiveDate,
    currency: Currency,
}

/// Expected cost of the days to come.
struct ToCome {
    usage: Money,
    once: Money,
}

/// Returns the projection of a running month; `None` for a complete one, or if the bill has too few
/// days before.
///
/// # Errors
/// [`QueryError`].
pub(super) fn projection(
    rollup: &Rollup,
    (span, totals): (&Span, &Totals),
) -> Result<Option<Projection>, QueryError> {
    let Some((first, _)) = rollup.cube.days().filter(|_| span.is_running()) else {
        return Ok(None);
    };
    if span.this.until.signed_duration_since(first).num_days() < MIN_DAYS {
        return Ok(None);
    }
    let history = History::read(rollup, span.this, first)?;
    let project = |measure, so_far| history.project(span.this, measure, so_far);
    Ok(Some(Projection {
        known_until: span.this.until.pred_opt().unwrap_or(span.this.until),
        effective: project(Measure::EffectiveCost, totals.effective.this_month)?,
        billed: project(Measure::BilledCost, totals.billed.this_month)?,
        once: history.monthly_charges(span.this)?,
    }))
}

impl History {
    fn read(rollup: &Rollup, known: Period, first: NaiveDate) -> Result<Self, QueryError> {
        let from = known.month.minus(MOST_MONTHS + 2).first_day();
        let keys = ["SubAccountId", "ServiceName", "SkuMeter", "ChargeCategory", "ChargeDay"];
        let wanted = days_in("ChargeDay", from, known.until).and(col("ChargeClass").is_null());
        let mut leaves: BTreeMap<Leaf, ByDay> = BTreeMap::new();
        for group in rollup.cube.sum_by(&keys, wanted)? {
            let cost = [group.amounts.billed, group.amounts.effective];
            let Ok(day) = group.key(4).parse() else { continue };
            let at = |at: usize| group.keys.get(at).cloned().flatten();
            if cost.iter().any(|c| !c.amount().is_zero()) {
                leaves.entry([at(0), at(1), at(2), at(3)]).or_default().insert(day, cost);
            }
        }
        Ok(Self { leaves, first, currency: rollup.cube.currency() })
    }

    /// Returns the leaves whose charges occur once a month, as known at the end of a period: all
    /// categories but usage, and usage with cost on one or two days of each of the two months
    /// before.
    fn once(&self, known: Period) -> BTreeSet<&Leaf> {
        let is_once = |(leaf, by_day): &(&Leaf, &ByDay)| {
            let days = |month: Month| by_day.range(month.first_day()..month.end()).count();
            let few = |month: Month| (1..=ONCE_DAYS).contains(&days(month));
            let so_far = by_day.range(known.month.first_day()..known.until).count();
            leaf[3].as_deref() != Some("Usage")
                || few(known.month.minus(1)) && few(known.month.minus(2)) && so_far <= ONCE_DAYS
        };
        self.leaves.iter().filter(is_once).map(|(leaf, _)| leaf).collect()
    }

    /// Returns what a monthly charge is expected to cost after a period: as on the days to come of
    /// the previous month, if both months before have it. A charge that occurs on one day and was
    /// already billed is not expected again.
    fn once_to_come(&self, by_day: &ByDay, known: Period, at: usize) -> Result<Money, MoneyError> {
        let zero = Money::zero(self.currency);
        let (last, before) = (known.month.minus(1), known.month.minus(2));
        let of = |month: Month| by_day.range(month.first_day()..month.end());
        let is_billed = by_day.range(known.month.first_day()..known.until).next().is_some();
        if of(before).next().is_none() || is_billed && of(last).count() == 1 {
            return Ok(zero);
        }
        let to_come = of(last).filter(|(day, _)| {
            day.signed_duration_since(last.first_day()).num_days() >= known.days()
        });
        to_come.map(|(_, cost)| cost[at]).try_fold(zero, Money::try_add)
    }

    /// Returns the expected cost of the days after a period.
    fn to_come(&self, known: Period, measure: Measure) -> Result<ToCome, MoneyError> {
        let at = index(measure);
        let once = self.once(known);
        let from = known.until.checked_sub_days(Days::new(RECENT_DAYS)).unwrap_or(self.first);
        let from = from.max(self.first);
        let mut by_weekday: BTreeMap<u8, Money> = BTreeMap::new();
        let mut all_once = Money::zero(self.currency);
        for (leaf, by_day) in &self.leaves {
            if once.contains(leaf) {
                all_once = all_once.try_add(self.once_to_come(by_day, known, at)?)?;
                continue;
            }
            for (day, cost) in by_day.range(from..known.until) {
                let sum = by_weekday.entry(weekday(*day)).or_insert(Money::zero(self.currency));
                *sum = sum.try_add(cost[at])?;
            }
        }
        let mut usage = Money::zero(self.currency);
        for day in known.until.iter_days().take_while(|day| *day < known.month.end()) {
            let same = |other: &NaiveDate| weekday(*other) == weekday(day);
            let recent = from.iter_days().take_while(|day| *day < known.until).filter(same).count();
            let Some(sum) = by_weekday.get(&weekday(day)).filter(|_| recent > 0) else { continue };
            usage = usage.try_add(sum.try_ratio(Decimal::ONE, Decimal::from(recent))?)?;
        }
        Ok(ToCome { usage, once: all_once })
    }

    fn project(
        &self,
        known: Period,
        measure: Measure,
        so_far: Money,
    ) -> Result<ProjectedCost, MoneyError> {
        let ToCome { usage, once } = self.to_come(known, measure)?;
        let rest = usage.try_add(once)?;
        Ok(ProjectedCost {
            so_far,
            usage_to_come: usage,
            once_to_come: once,
            expected: so_far.try_add(rest)?,
            range: self.range(known, measure, (so_far, rest))?,
        })
    }

    /// Returns the range: the expected rest of the month, times the smallest and the largest ratio
    /// of the actual to the projected rest of earlier months, each projected from the same day of
    /// its month. The expected cost is always within the range.
    fn range(
        &self,
        known: Period,
        measure: Measure,
        (so_far, rest): (Money, Money),
    ) -> Result<Option<ProjectedRange>, MoneyError> {
        let mut ratios: Vec<Decimal> = Vec::new();
        for back in 1..=MOST_MONTHS {
            let month = known.month.minus(back);
            let days = Days::new(u64::try_from(known.days()).unwrap_or(0));
            let until = month.first_day().checked_add_days(days).unwrap_or(month.end());
            let then = Period { month, until, is_invoice: false };
            let needed = until.min(month.minus(2).first_day());
            if needed < self.first || until >= month.end() {
                continue;
            }
            let ToCome { usage, once } = self.to_come(then, measure)?;
            let (projected, actual) = (usage.try_add(once)?, self.actual(then, measure)?);
            if !projected.is_zero_or_less() {
                ratios.extend(actual.amount().checked_div(projected.amount()));
            }
        }
        if ratios.len() < FEWEST_MONTHS {
            return Ok(None);
        }
        let months = u32::try_from(ratios.len()).unwrap_or(MOST_MONTHS);
        let low = ratios.iter().copied().fold(Decimal::ONE, Decimal::min);
        let high = ratios.iter().copied().fold(Decimal::ONE, Decimal::max);
        Ok(Some(ProjectedRange {
            low: so_far.try_add(rest.try_mul(low)?)?,
            high: so_far.try_add(rest.try_mul(high)?)?,
            months,
        }))
    }

    /// Returns the actual cost of the days after a period of an earlier month.
    fn actual(&self, then: Period, measure: Measure) -> Result<Money, MoneyError> {
        let days = |by_day: &ByDay| -> Vec<Money> {
            by_day.range(then.until..then.month.end()).map(|(_, c)| c[index(measure)]).collect()
        };
        let all = self.leaves.values().flat_map(days);
        all.into_iter().try_fold(Money::zero(self.currency), Money::try_add)
    }

    /// Returns the charges that occur once a month, largest first.
    fn monthly_charges(&self, known: Period) -> Result<Vec<MonthlyCharge>, MoneyError> {
        let zero = Money::zero(self.currency);
        let at = index(Measure::BilledCost);
        let mut all = Vec::new();
        for leaf in self.once(known) {
            let Some(by_day) = self.leaves.get(leaf) else { continue };
            let so_far = by_day.range(known.month.first_day()..known.until);
            let billed_so_far = so_far.map(|(_, c)| c[at]).try_fold(zero, Money::try_add)?;
            let billed_to_come = self.once_to_come(by_day, known, at)?;
            if billed_so_far.amount().is_zero() && billed_to_come.amount().is_zero() {
                continue;
            }
            let [sub_account_id, service_name, usage_type, category] = leaf.clone();
            all.push(MonthlyCharge {
                sub_account_id,
                service_name,
                usage_type,
                category: category.unwrap_or_default(),
                billed_so_far,
                billed_to_come,
            });
        }
        let size =
            |c: &MonthlyCharge| c.billed_so_far.amount().abs() + c.billed_to_come.amount().abs();
        all.sort_by_key(|c| std::cmp::Reverse(size(c)));
        all.truncate(MOST_LISTED);
        Ok(all)
    }
}

/// Returns the place of a measure in [`ByDay`].
fn index(measure: Measure) -> usize {
    usize::from(measure == Measure::EffectiveCost)
}

/// Returns the day of the week: 0 for Monday.
fn weekday(day: NaiveDate) -> u8 {
    u8::try_from(day.weekday().num_days_from_monday()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const USD: Currency = Currency::USD;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn usd(amount: i64) -> [Money; 2] {
        [Money::new(amount.into(), USD); 2]
    }

    /// Returns usage of 10 on weekdays and 4 on weekends, and a fee of 300 on the second of each
    /// month, from 2026-01-01 to the end of `until`'s month.
    fn history(until: NaiveDate) -> History {
        let leaf = |category: &str| [None, None, None, Some(category.to_owned())];
        let (mut usage, mut fee) = (ByDay::new(), ByDay::new());
        for day in day("2026-01-01").iter_days().take_while(|day| *day < until) {
            usage.insert(day, usd(if weekday(day) < 5 { 10 } else { 4 }));
            if day.day() == 2 {
                fee.insert(day, usd(300));
            }
        }
        let leaves = [(leaf("Usage"), usage), (leaf("Purchase"), fee)].into_iter().collect();
        History { leaves, first: day("2026-01-01"), currency: USD }
    }

    fn project(until: &str, so_far: i64) -> ProjectedCost {
        let until = day(until);
        let known = Period { month: Month::of(until), until, is_invoice: true };
        let so_far = Money::new(so_far.into(), USD);
        history(until).project(known, Measure::BilledCost, so_far).expect("it fits")
    }

    #[test]
    fn weekdays_are_projected_and_a_fee_that_was_billed_is_not_repeated() {
        // June 2026 has 22 weekdays and 8 weekend days: 252. Its first ten days, Monday to
        // Wednesday, have 8 and 2: 88, and the fee of 300. The other days: 14 and 6, 164.
        let june = project("2026-06-11", 388);
        assert_eq!(june.usage_to_come.to_string(), "164.00 USD");
        assert_eq!(june.once_to_come.to_string(), "0.00 USD");
        assert_eq!(june.expected.to_string(), "552.00 USD");
        // Projections from the eleventh of March to May were exact, too.
        let range = june.range.expect("three earlier months");
        assert_eq!((range.low, range.high, range.months), (june.expected, june.expected, 3));
    }

    #[test]
    fn a_fee_that_is_still_to_come_counts_once() {
        // Only the first of June, a Monday, is known.
        let june = project("2026-06-02", 10);
        assert_eq!(june.once_to_come.to_string(), "300.00 USD");
        assert_eq!(june.expected.to_string(), "552.00 USD");
    }

    #[test]
    fn a_range_needs_three_earlier_months() {
        assert_eq!(project("2026-05-11", 0).range, None);
    }
}
