//! Scenarios of future usage, over the months of a term.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::market::Groups;
use super::remaining::scale;
use crate::commitment::buy::Problem;
use crate::commitment::simulate::{Estate, Quantities, SimulationError, left_on_demand};
use crate::commitment::{Charge, Term};
use crate::month::Month;
use crate::usage::as_f64;

/// Minimum number of complete months for a trend.
const TREND_MONTHS: usize = 6;
/// Largest trend assumed, up or down, percent per year: a change over months rarely continues for
/// years.
const MOST_TREND_PCT: i64 = 50;
/// Number of months for which usage is assumed to be constant.
const STEP_MONTHS: u32 = 3;
/// Steps through the hours of the profile. They are coprime to the hours of a week, so that all of
/// them occur.
const STRIDES: [usize; 2] = [29, 31];
/// Hours of a scenario with several parts, as a multiple of the profile's hours so that thirds are
/// whole numbers, and their maximum.
const TIMES: usize = 3;
const MOST_HOURS: usize = 9_490;

/// A scenario: an assumption about future usage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Scenario {
    /// `as now`, `trend`, or the name of a requested scenario.
    pub name: String,
    /// Change of usage, percent.
    pub change_pct: Decimal,
    /// Whether usage changes right after the purchase and then stays. Otherwise it changes
    /// steadily, by this percentage per year.
    pub at_once: bool,
}

impl Scenario {
    /// Returns the scenario in which usage stays as it is.
    #[must_use]
    pub fn as_now() -> Self {
        Self { name: "as now".to_owned(), change_pct: Decimal::ZERO, at_once: true }
    }

    /// Parses a scenario: `decline=30%` is an immediate decline, `growth=20%` is growth per year.
    ///
    /// # Errors
    /// A text that says what is wrong and how to write it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let usage = "write decline=30% (usage falls by 30 % at once) or growth=20% (usage grows by 20 % per year)";
        let (kind, amount) = text.split_once('=').ok_or(usage)?;
        let amount = amount.strip_suffix('%').unwrap_or(amount);
        let pct: Decimal =
            amount.parse().map_err(|_| format!("`{amount}` is not a percentage: {usage}"))?;
        if pct < Decimal::ZERO || pct > Decimal::ONE_HUNDRED {
            return Err(format!("{pct} % is out of range: write a percentage from 0 to 100"));
        }
        match kind {
            "decline" => {
                Ok(Self { name: format!("decline of {pct} %"), change_pct: -pct, at_once: true })
            }
            "growth" => Ok(Self {
                name: format!("growth of {pct} % per year"),
                change_pct: pct,
                at_once: false,
            }),
            _ => Err(format!("`{kind}` is not a scenario: {usage}")),
        }
    }

    /// Returns the factor of usage in a month of the term, from 0. It is the same for all months of
    /// a step.
    fn factor(&self, month: u32) -> Decimal {
        let all = Decimal::ONE + self.change_pct / Decimal::ONE_HUNDRED;
        if self.at_once || self.change_pct.is_zero() {
            return all;
        }
        let middle = f64::from(month / STEP_MONTHS * STEP_MONTHS) + f64::from(STEP_MONTHS) / 2.0;
        let factor = all.to_f64().unwrap_or(1.0).powf(middle / 12.0);
        Decimal::from_f64_retain(factor).unwrap_or(Decimal::ONE).round_dp(6)
    }

    /// Returns the mean factor over a term, to order scenarios.
    pub(super) fn mean(&self, term: Term) -> Decimal {
        let sum: Decimal = (0..term.months()).map(|m| self.factor(m)).sum();
        sum / Decimal::from(term.months())
    }
}

/// Returns the trend of eligible usage, percent per year: the median of the slopes between any two
/// complete months (Theil and Sen), of the logarithm of the hourly cost at negotiated on-demand
/// prices. `None` with fewer than six complete months.
///
/// Source: P. K. Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau", JASA 63,
/// 1968.
pub(super) fn trend(
    charges: &[Charge],
    (first_day, as_of): (NaiveDate, NaiveDate),
) -> Option<Decimal> {
    let mut months: BTreeMap<Month, Option<Decimal>> = BTreeMap::new();
    for charge in charges.iter().filter(|c| !c.purchase && !c.unused) {
        let sum = months.entry(charge.month).or_insert(Some(Decimal::ZERO));
        *sum = sum.zip(charge.contracted).and_then(|(a, b)| a.checked_add(b.amount()));
    }
    let complete = |m: &Month| m.first_day() >= first_day && m.end() <= as_of;
    let hourly = |(month, sum): (&Month, &Option<Decimal>)| {
        let hour =
            (*sum)?.checked_div(Decimal::from(month.hours()))?.to_f64().filter(|h| *h > 0.0)?;
        Some((f64::from(month.index()), hour.ln()))
    };
    let points: Vec<(f64, f64)> =
        months.iter().filter(|(m, _)| complete(m)).filter_map(hourly).collect();
    if points.len() < TREND_MONTHS {
        return None;
    }
    let mut slopes: Vec<f64> = Vec::new();
    for (at, (x, y)) in points.iter().enumerate() {
        slopes.extend(points[at + 1..].iter().map(|(x2, y2)| (y2 - y) / (x2 - x)));
    }
    slopes.sort_by(f64::total_cmp);
    let middle = slopes.len() / 2;
    let median = if slopes.len() % 2 == 1 {
        slopes[middle]
    } else {
        f64::midpoint(slopes[middle - 1], slopes[middle])
    };
    let pct = Decimal::from_f64_retain(100.0 * (12.0 * median).exp_m1())?.round_dp(1);
    Some(pct.clamp(Decimal::from(-MOST_TREND_PCT), Decimal::from(MOST_TREND_PCT)))
}

/// Cost in each hour of the profile, USD, by factor of usage and by group.
pub(super) type Left = BTreeMap<Decimal, Vec<Vec<f64>>>;

/// Usage and commitments over a term. It assumes that commitments stay in force, because it is best
/// to replace a commitment when it ends.
#[derive(Clone, Copy)]
pub(super) struct Outlook<'a> {
    /// The estate with the commitments that are in force.
    pub(super) estate: &'a Estate,
    pub(super) term: Term,
}

impl Outlook<'_> {
    /// Returns the parts of the term with constant usage: factor of usage and number of months.
    pub(super) fn parts(&self, scenario: &Scenario) -> BTreeMap<Decimal, u32> {
        let mut parts: BTreeMap<Decimal, u32> = BTreeMap::new();
        for month in 0..self.term.months() {
            *parts.entry(scenario.factor(month)).or_insert(0) += 1;
        }
        parts
    }

    /// Returns the estate with its usage × a factor.
    pub(super) fn times(&self, factor: Decimal) -> Estate {
        let mut estate = self.estate.clone();
        for line in &mut estate.lines {
            let mut quantities = line.quantities.scaled().to_vec();
            scale(&mut quantities, factor);
            line.quantities = Quantities::from_scaled(quantities);
        }
        estate
    }

    /// Returns the on-demand cost that owned commitments leave, USD in each hour of the profile, by
    /// factor of the scenarios and by group.
    pub(super) fn left(
        &self,
        groups: &Groups,
        scenarios: &[Scenario],
    ) -> Result<Left, SimulationError> {
        let factors: BTreeSet<Decimal> =
            scenarios.iter().flat_map(|s| self.parts(s).into_keys()).collect();
        let one = |factor: Decimal| {
            let estate = self.times(factor);
            Ok((factor, groups.usd(&estate, &left_on_demand(&estate)?)))
        };
        factors.into_iter().map(one).collect()
    }

    /// Returns the hours to buy for: usage that several weighted scenarios leave on demand, with
    /// hours of each part in proportion to its months.
    pub(super) fn problem(
        &self,
        groups: &Groups,
        left: &Left,
        scenarios: &[(&Scenario, f64)],
        most_hours: usize,
    ) -> Problem {
        let mut parts: Vec<(&Vec<Vec<f64>>, f64)> = Vec::new();
        for (scenario, weight) in scenarios {
            for (factor, months) in self.parts(scenario) {
                let share = weight * f64::from(months) / f64::from(self.term.months());
                parts.extend(left.get(&factor).map(|usage| (usage, share)));
            }
        }
        let profile = parts.first().and_then(|(p, _)| p.first()).map_or(0, Vec::len);
        let times = if parts.len() > 1 { TIMES } else { 1 };
        let hours = (profile * times).min(MOST_HOURS.max(profile)).min(most_hours.max(1));
        let stride = STRIDES.into_iter().find(|s| !profile.is_multiple_of(*s)).unwrap_or(1);
        let mut problem = Problem {
            groups: vec![Vec::with_capacity(hours); groups.count],
            layers: groups.layers.clone(),
        };
        for (usage, share) in parts {
            let count = (share * as_f64(hours)).round().to_usize().unwrap_or(0);
            for (group, of) in problem.groups.iter_mut().zip(usage) {
                group.extend((0..count.min(hours)).map(|n| of[n * stride % profile]));
            }
        }
        problem
    }
}
