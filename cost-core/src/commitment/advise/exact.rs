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
    account: &'a str,
    before: BTreeMap<Decimal, (Estate, f64)>,
}

impl<'a> Exact<'a> {
    /// Simulates the owned commitments in each part of the scenarios, for both terms.
    pub(super) fn new(
        outlook: &Outlook<'a>,
        account: &'a str,
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
        Ok(Self { outlook: *outlook, account, before })
    }

    /// Returns the mean savings per hour of purchases in a scenario over a term, USD.
    pub(super) fn saves(
        &self,
        items: &[Item],
        scenario: &Scenario,
        term: Term,
    ) -> Result<f64, SimulationError> {
        let cost: f64 = items.iter().filter_map(|i| i.usd_per_hour.to_f64()).sum();
        let mut saved = 0.0;
        for (factor, months) in (Outlook { term, ..self.outlook }).parts(scenario) {
            let Some((estate, left)) = self.before.get(&factor) else { continue };
            let after = mean(&on_demand_by_hour(&with(estate, items, self.account))?);
            saved += (left - after - cost) * f64::from(months) / f64::from(term.months());
        }
        Ok(saved)
    }
}
