//! What usage may become: scenarios over the months of a term.

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

/// Fewest complete months that tell a trend.
const TREND_MONTHS: usize = 6;
/// What a trend is taken to be at most, either way, percent a year: nobody's usage doubles or
/// vanishes for years because it did for months.
const MOST_TREND_PCT: i64 = 50;
/// Months that usage is taken to be alike in.
const STEP_MONTHS: u32 = 3;
/// A step through the hours of the profile: coprime to the hours of a week, so that all of them
/// come about.
const STRIDES: [usize; 2] = [29, 31];
/// Hours of a future that has several parts, as a multiple of those of the profile, so that thirds
/// are whole; and at most.
const TIMES: usize = 3;
const MOST_HOURS: usize = 9_490;

/// How usage may go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Scenario {
    /// `as now`, `trend`, or as asked for.
    pub name: String,
    /// By how much usage changes, percent.
    pub change_pct: Decimal,
    /// Whether it does so right after the purchase, and stays there; else by so much a year,
    /// steadily.
    pub at_once: bool,
}

impl Scenario {
    /// Usage stays as it is.
    #[must_use]
    pub fn as_now() -> Self {
        Self { name: "as now".to_owned(), change_pct: Decimal::ZERO, at_once: true }
    }

    /// As people write it: `decline=30%` falls at once, `growth=20%` grows so much a year.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let usage = "write decline=30% (usage falls so much, at once) or growth=20% (it grows so much a year)";
        let (kind, amount) = text.split_once('=').ok_or(usage)?;
        let amount = amount.strip_suffix('%').unwrap_or(amount);
        let pct: Decimal =
            amount.parse().map_err(|_| format!("`{amount}` is no number of percent: {usage}"))?;
        if pct < Decimal::ZERO || pct > Decimal::ONE_HUNDRED {
            return Err(format!("{pct} % is not from 0 to 100"));
        }
        match kind {
            "decline" => {
                Ok(Self { name: format!("decline of {pct} %"), change_pct: -pct, at_once: true })
            }
            "growth" => Ok(Self {
                name: format!("growth of {pct} % a year"),
                change_pct: pct,
                at_once: false,
            }),
            _ => Err(format!("there is no scenario `{kind}`: {usage}")),
        }
    }

    /// What usage is multiplied by in a month of the term, from 0; alike for the months of a step.
    fn factor(&self, month: u32) -> Decimal {
        let all = Decimal::ONE + self.change_pct / Decimal::ONE_HUNDRED;
        if self.at_once || self.change_pct.is_zero() {
            return all;
        }
        let middle = f64::from(month / STEP_MONTHS * STEP_MONTHS) + f64::from(STEP_MONTHS) / 2.0;
        let factor = all.to_f64().unwrap_or(1.0).powf(middle / 12.0);
        Decimal::from_f64_retain(factor).unwrap_or(Decimal::ONE).round_dp(6)
    }

    /// The mean factor over a term, for putting scenarios in order.
    pub(super) fn mean(&self, term: Term) -> Decimal {
        let sum: Decimal = (0..term.months()).map(|m| self.factor(m)).sum();
        sum / Decimal::from(term.months())
    }
}

/// The trend of usage that commitments can pay for, percent a year: the median of the slopes
/// between any two complete months (Theil and Sen), of the logarithm of what an hour costs at
/// negotiated prices on demand. `None` with less than six complete months.
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

/// USD in each hour of the profile, by group, of each factor of usage.
pub(super) type Left = BTreeMap<Decimal, Vec<Vec<f64>>>;

/// Usage and commitments over a term. What is in force stays in force: for what is not covered once
/// it ends, it is best to buy when it ends.
#[derive(Clone, Copy)]
pub(super) struct Outlook<'a> {
    /// With the commitments that are in force.
    pub(super) estate: &'a Estate,
    pub(super) term: Term,
}

impl Outlook<'_> {
    /// The parts of the term that are alike: factor of usage, and months.
    pub(super) fn parts(&self, scenario: &Scenario) -> BTreeMap<Decimal, u32> {
        let mut parts: BTreeMap<Decimal, u32> = BTreeMap::new();
        for month in 0..self.term.months() {
            *parts.entry(scenario.factor(month)).or_insert(0) += 1;
        }
        parts
    }

    /// The estate with its usage × a factor.
    pub(super) fn times(&self, factor: Decimal) -> Estate {
        let mut estate = self.estate.clone();
        for line in &mut estate.lines {
            let mut quantities = line.quantities.scaled().to_vec();
            scale(&mut quantities, factor);
            line.quantities = Quantities::from_scaled(quantities);
        }
        estate
    }

    /// What each factor of some scenarios leaves on demand, USD in each hour of the profile, by
    /// group.
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

    /// What several of the scenarios leave on demand, each with its weight, as hours to buy for: as
    /// many of each part as it has months.
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
