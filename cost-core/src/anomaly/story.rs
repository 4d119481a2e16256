//! Daily costs of one part of the estate, their expected costs, and the deviation of a run.

use chrono::NaiveDate;
use polars::prelude::Expr;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::expect::{Basis, Calendar, Expected, expect};
use super::scan::Run;
use super::series::cost_of;
use super::types::{Kind, SeriesDay};
use crate::money::{Currency, Money};
use crate::rollup::{Part, QueryError};

/// Days of the series in an anomaly's report.
const SERIES_DAYS: usize = 42;

/// Daily costs of a part of the estate, with expected costs. Days are indices into the calendar.
pub(super) struct Story {
    currency: Currency,
    exact: Vec<Money>,
    expected: Expected,
    /// First day with a cost.
    start: usize,
}

/// Deviation of a run of days from the expected cost, in total and on the peak day.
pub(super) struct Departure {
    pub(super) actual: Money,
    pub(super) expected: Money,
    pub(super) excess: Money,
    /// Peak day: the day with the largest deviation.
    pub(super) peak: usize,
    /// Deviation of the peak day in the direction of the run, in the bill's currency.
    pub(super) at_peak: f64,
    pub(super) peak_actual: Money,
    pub(super) peak_expected: Money,
    /// Cost up to which the peak day would have been usual.
    pub(super) peak_usual: Money,
    /// Basis of the expected cost, as text.
    pub(super) basis: &'static str,
}

impl Story {
    /// Returns the daily costs of all charges that match a filter.
    pub(super) fn of(part: &Part, filter: &Expr, calendar: &Calendar) -> Result<Self, QueryError> {
        let currency = part.cube.currency();
        let mut exact = vec![Money::zero(currency); calendar.len()];
        for group in part.cube.sum_by(&["ChargeDay"], filter.clone())? {
            let Ok(day) = group.key(0).parse::<NaiveDate>() else { continue };
            let index = usize::try_from(day.signed_duration_since(calendar.day(0)).num_days()).ok();
            if let Some(cell) = index.and_then(|i| exact.get_mut(i)) {
                *cell = group.amounts.effective;
            }
        }
        let costs: Vec<f64> = exact.iter().map(cost_of).collect();
        let start = costs.iter().position(|c| *c > 0.0).unwrap_or(0);
        Ok(Self { currency, expected: expect(&costs, start, calendar), exact, start })
    }

    /// Returns the deviation of a run. For new cost, everything is excess.
    pub(super) fn departure(&self, run: &Run, kind: Kind) -> Result<Departure, QueryError> {
        let from_nothing = kind.is_new() && self.start >= run.first;
        let expected_on = |day: usize| if from_nothing { 0.0 } else { self.expected.value[day] };
        let sign = if kind == Kind::Drop { -1.0 } else { 1.0 };
        let off = |day: usize| sign * (cost_of(&self.exact[day]) - expected_on(day));
        let furthest =
            run.days.iter().copied().max_by(|a, b| off(*a).total_cmp(&off(*b)).then(b.cmp(a)));
        let peak = furthest.unwrap_or(run.raised);
        let actual = Money::try_sum(run.days.iter().map(|d| self.exact[*d]), self.currency)?;
        let expected = money(run.days.iter().map(|d| expected_on(*d)).sum(), self.currency);
        let usual = expected_on(peak) + sign * run.usual;
        Ok(Departure {
            actual,
            expected,
            excess: actual.try_sub(expected)?,
            peak,
            at_peak: off(peak),
            peak_actual: self.exact[peak],
            peak_expected: money(expected_on(peak), self.currency),
            peak_usual: money(usual.max(0.0), self.currency),
            basis: basis((!from_nothing).then(|| self.expected.basis[peak])),
        })
    }

    /// Returns the last days up to a day, for reports.
    pub(super) fn days_until(&self, last: usize, calendar: &Calendar) -> Vec<SeriesDay> {
        let from = (last + 1).saturating_sub(SERIES_DAYS);
        let known = |day: usize| self.expected.basis[day] != Basis::Unknown;
        let one = |day: usize| SeriesDay {
            day: calendar.day(day),
            cost: self.exact[day],
            expected: known(day).then(|| money(self.expected.value[day], self.currency)),
        };
        (from..=last).map(one).collect()
    }
}

/// Converts an expected cost to an amount, rounded to the cent, because it is an estimate.
pub(super) fn money(value: f64, currency: Currency) -> Money {
    Money::new(Decimal::from_f64(value).unwrap_or_default().round_dp(2), currency)
}

/// Returns the basis as text; `None` stands for new cost.
fn basis(basis: Option<Basis>) -> &'static str {
    match basis {
        None => "no earlier cost of this kind",
        Some(Basis::Unknown | Basis::ShortHistory) => {
            "less than five weeks of history: limits are doubled"
        }
        Some(Basis::Weekly) => "the same weekday of the last six weeks",
        Some(Basis::Monthly) => "the same weekday, and the same day of previous months",
        Some(Basis::Sparse) => {
            "mostly no cost: compared with the largest day of the previous six months"
        }
    }
}
