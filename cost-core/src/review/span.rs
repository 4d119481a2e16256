//! Days that a review compares: the month, the previous month, and the same month of the previous
//! year. A running month is compared with the same days of the others, without its last days if
//! their charges are not complete.

use chrono::{Days, NaiveDate};
use polars::prelude::{Expr, col};
use rust_decimal::Decimal;

use super::completeness::is_complete;
use super::types::{Compared, ComparedDays, Comparison, DayCompleteness};
use crate::cells::day_lit;
use crate::header::Header;
use crate::money::{Money, MoneyError};
use crate::month::Month;
use crate::rollup::{Measure, QueryError, days_in};

/// Days of one month, from its first on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    /// Month.
    pub(super) month: Month,
    /// Day after the last day.
    pub(super) until: NaiveDate,
    /// Whether billed cost is that of all charges of the billing period, as on the invoice.
    pub(super) is_invoice: bool,
}

impl Period {
    /// Returns all days of a month.
    pub(super) fn all(month: Month) -> Self {
        Self { month, until: month.end(), is_invoice: true }
    }

    /// Returns the first days of a month: `days` of them, or fewer if it is shorter.
    fn first(month: Month, days: u64) -> Self {
        let until = month.first_day().checked_add_days(Days::new(days)).unwrap_or(month.end());
        let until = until.min(month.end());
        Self { month, until, is_invoice: until == month.end() }
    }

    /// Returns the number of days.
    pub(super) fn days(self) -> i64 {
        self.until.signed_duration_since(self.month.first_day()).num_days()
    }

    /// Returns a filter for its charge days.
    pub(super) fn is_charge_day(self) -> Expr {
        days_in("ChargeDay", self.month.first_day(), self.until)
    }

    /// Returns a filter for its charges: by charge day, or for billed cost by billing period start.
    /// Billed cost of a part of a month is that of its billing period with charge days before
    /// `until`.
    pub(super) fn charges(self, measure: Measure) -> Expr {
        if measure == Measure::EffectiveCost {
            return self.is_charge_day();
        }
        let (first, end) = (self.month.first_day(), self.month.end());
        let of_period = days_in("BillingPeriodStart", first, end);
        if self.is_invoice {
            return of_period;
        }
        of_period.and(col("ChargeDay").lt(day_lit(self.until)))
    }

    fn compared(self) -> ComparedDays {
        ComparedDays {
            first_day: self.month.first_day(),
            last_day: self.until.pred_opt().unwrap_or(self.until),
        }
    }
}

/// Days that a review compares.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// Known days of the month under review: up to the last charge and the day before the report
    /// date, and in a running month without last days that are not complete. A fee that is spread
    /// over the month counts for these days only, as in the months that it is compared with.
    pub(super) this: Period,
    /// Previous month, if the bill covers it from its first day on.
    pub(super) last_month: Option<Period>,
    /// Same month of the previous year, under the same condition.
    pub(super) last_year: Option<Period>,
    /// Last days of a running month that are not complete and therefore not compared.
    pub(super) left_out: Option<ComparedDays>,
}

impl Span {
    /// Returns the days that the review of a month compares. `completeness` is that of the last
    /// days of the bill.
    pub(super) fn new(header: &Header, completeness: &[DayCompleteness]) -> Self {
        let (month, estate) = (header.month, &header.estate);
        let after_last = estate.last_day.succ_opt().unwrap_or(estate.last_day);
        let until = after_last.min(estate.as_of).min(month.end());
        // Without a known day, such as for a billing period that has only charges of other months,
        // all days are compared.
        let until = if until <= month.first_day() { month.end() } else { until };
        let counted = if until < month.end() {
            complete_until(month.first_day(), until, completeness)
        } else {
            until
        };
        let left_out = until.pred_opt().filter(|_| counted < until);
        let left_out = left_out.map(|last_day| ComparedDays { first_day: counted, last_day });
        // Without some of its days, the billed cost is that of the others only.
        let known = Period { month, until: counted, is_invoice: counted == until };
        let same = |month: Month| match u64::try_from(known.days()) {
            Ok(days) if known.until < known.month.end() => Period::first(month, days),
            _ => Period::all(month),
        };
        let covered = |m: Month| (estate.first_day <= m.first_day()).then(|| same(m));
        Self {
            this: known,
            last_month: covered(month.minus(1)),
            last_year: covered(month.minus(12)),
            left_out,
        }
    }

    /// Returns whether the month is compared by its first days only.
    pub(super) fn is_running(&self) -> bool {
        self.this.until < self.this.month.end()
    }

    /// Returns the compared days, with the cost of the days that are not.
    pub(super) fn compared_with(&self, left_out_billed: Option<Money>) -> Compared {
        Compared {
            is_running: self.is_running(),
            this_month: self.this.compared(),
            last_month: self.last_month.map(Period::compared),
            last_year: self.last_year.map(Period::compared),
            left_out: self.left_out,
            left_out_billed,
        }
    }

    /// Compares an amount of the three periods.
    pub(super) fn compare(
        &self,
        mut amount: impl FnMut(Period) -> Result<Money, QueryError>,
    ) -> Result<Comparison, QueryError> {
        let this = amount(self.this)?;
        let last = self.last_month.map(&mut amount).transpose()?;
        let year = self.last_year.map(&mut amount).transpose()?;
        Ok(self.comparison(this, last, year)?)
    }

    /// Returns the comparison of known amounts.
    pub(super) fn comparison(
        &self,
        this_month: Money,
        last_month: Option<Money>,
        last_year: Option<Money>,
    ) -> Result<Comparison, MoneyError> {
        let change = last_month.map(|l| this_month.try_sub(l)).transpose()?;
        let change_year = last_year.map(|l| this_month.try_sub(l)).transpose()?;
        let pct = |change: Option<Money>, then: Option<Money>| {
            // A percentage of a negative amount is meaningless.
            then.filter(|t| !t.is_zero_or_less()).and_then(|t| change?.percent_of(t))
        };
        Ok(Comparison {
            this_month,
            last_month,
            change,
            change_pct: pct(change, last_month),
            change_per_day: self.change_per_day(this_month, last_month)?,
            last_year,
            change_year_pct: pct(change_year, last_year),
        })
    }

    /// Returns the amount per known day of the month minus that of the previous month.
    pub(super) fn change_per_day(
        &self,
        this_month: Money,
        last_month: Option<Money>,
    ) -> Result<Option<Money>, MoneyError> {
        let Some((then, period)) = last_month.zip(self.last_month) else { return Ok(None) };
        let now = per_day(this_month, self.this)?;
        Ok(Some(now.try_sub(per_day(then, period)?)?))
    }
}

/// Returns the day after the last complete day before `until`: days at the end whose charges are not
/// complete do not count, except for the first day of the month.
fn complete_until(
    first: NaiveDate,
    until: NaiveDate,
    completeness: &[DayCompleteness],
) -> NaiveDate {
    let is_partial = |day: NaiveDate| completeness.iter().any(|d| d.day == day && !is_complete(d));
    let mut end = until;
    while let Some(last) = end.pred_opt().filter(|day| *day > first && is_partial(*day)) {
        end = last;
    }
    end
}

/// Returns the amount per day of a period.
pub(super) fn per_day(amount: Money, period: Period) -> Result<Money, MoneyError> {
    amount.try_ratio(Decimal::ONE, Decimal::from(period.days().max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn completeness(of: &[(&str, Option<u32>)]) -> Vec<DayCompleteness> {
        of.iter()
            .map(|(text, pct)| DayCompleteness {
                day: day(text),
                line_items: 100,
                complete_pct: pct.map(Decimal::from),
            })
            .collect()
    }

    #[test]
    fn last_days_that_are_not_complete_do_not_count() {
        let until = |of: &[(&str, Option<u32>)]| {
            complete_until(day("2026-11-01"), day("2026-11-04"), &completeness(of)).to_string()
        };
        let complete =
            [("2026-11-01", Some(100)), ("2026-11-02", Some(97)), ("2026-11-03", Some(90))];
        assert_eq!(until(&complete), "2026-11-04");
        // An export of 11:00: half of the usual line items.
        assert_eq!(until(&[complete[0], complete[1], ("2026-11-03", Some(45))]), "2026-11-03");
        let two = [complete[0], ("2026-11-02", Some(89)), ("2026-11-03", Some(45))];
        assert_eq!(until(&two), "2026-11-02");
        // A gap before a complete day stays: only the end is late.
        assert_eq!(until(&[complete[0], ("2026-11-02", Some(45)), complete[2]]), "2026-11-04");
        // The first day always counts, and so do days that cannot be evaluated.
        let all = ["2026-11-01", "2026-11-02", "2026-11-03"].map(|d| (d, Some(10)));
        assert_eq!(until(&all), "2026-11-02");
        assert_eq!(until(&[("2026-11-03", None)]), "2026-11-04");
    }
}
