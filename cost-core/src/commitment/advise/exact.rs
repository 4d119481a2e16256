//! Savings of purchases in a scenario, simulated exactly.
//!
//! The search for amounts works on a sample of hours and on groups of usage with like discounts.
//! All amounts of savings that a report shows come from the exact simulation instead, so that they
//! are comparable.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::future::{Outlook, Scenario};
use super::measure::{mean, on_demand_by_hour};
use super::purchases::{Item, with};
use crate::commitment::Term;
use crate::commitment::simulate::{Estate, SimulationError};

/// The estate of each usage factor, and what owned commitments leave on demand in it: mean per hour,
/// USD.
pub(super) struct Exact<'a> {
    outlook: Outlook<'a>,
    before: BTreeMap<Decimal, (Estate, f64)>,
}

/// The usage of a part of a term, with owned commitments.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) estate: &'a Estate,
    /// Share of the weighted scenarios, 0 to 1.
    pub(super) weight: f64,
    /// On-demand cost that owned commitments leave, mean USD per hour.
    pub(super) left: f64,
}

impl<'a> Exact<'a> {
    /// Simulates the owned commitments in each part of the scenarios, for both terms.
    pub(super) fn new(
        outlook: &Outlook<'a>,
        scenarios: &[Scenario],
    ) -> Result<Self, SimulationError> {
        let parts = |term| {
            scenarios.iter().flat_map(move |s| Outlook { term, ..*outlook }.parts(s).into_keys())
        };
        let factors: BTreeSet<Decimal> = Term::ALL.into_iter().flat_map(parts).collect();
        let one = |factor: Decimal| {
            let estate = outlook.times(factor);
            let left = mean(&on_demand_by_hour(&estate)?);
            Ok((factor, (estate, left)))
        };
        let before = factors.into_iter().map(one).collect::<Result<_, SimulationError>>()?;
        Ok(Self { outlook: *outlook, before })
    }

    /// Returns the parts of weighted scenarios over a term, in the order of their usage.
    pub(super) fn parts(&self, scenarios: &[(&Scenario, f64)], term: Term) -> Vec<Part<'_>> {
        let mut weights: BTreeMap<Decimal, f64> = BTreeMap::new();
        for (scenario, weight) in scenarios {
            for (factor, months) in (Outlook { term, ..self.outlook }).parts(scenario) {
                let share = weight * f64::from(months) / f64::from(term.months());
                *weights.entry(factor).or_default() += share;
            }
        }
        let part = |(factor, weight)| {
            self.before.get(&factor).map(|(estate, left)| Part { estate, weight, left: *left })
        };
        weights.into_iter().filter_map(part).collect()
    }

    /// Returns the mean savings per hour of purchases in a scenario over a term, USD. `account` buys
    /// those without an account of their own.
    pub(super) fn saves(
        &self,
        (items, account): (&[Item], &str),
        scenario: &Scenario,
        term: Term,
    ) -> Result<f64, SimulationError> {
        self.parts(&[(scenario, 1.0)], term)
            .iter()
            .map(|part| Ok(part.weight * part.saves(items, account)?))
            .sum()
    }
}

impl Part<'_> {
    /// Returns the mean savings per hour of purchases, USD.
    pub(super) fn saves(&self, items: &[Item], account: &str) -> Result<f64, SimulationError> {
        let cost: f64 = items.iter().filter_map(|i| i.usd_per_hour.to_f64()).sum();
        let after = mean(&on_demand_by_hour(&with(self.estate, items, account))?);
        Ok(self.left - after - cost)
    }
}
