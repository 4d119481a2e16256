//! The purchase compared with larger and smaller ones, and with common rules. All savings are
//! simulated exactly.

use rayon::prelude::*;
use rust_decimal::Decimal;

use super::choice::Choice;
use super::decide::{AS_NOW, Scenarios, rules};
use super::exact::Exact;
use super::future::Scenario;
use super::known::AdviseError;
use super::market::{Bound, Market};
use super::purchases::{Item, rounded};
use super::types::{CurvePoint, RuleOutcome};
use crate::commitment::Term;
use crate::commitment::simulate::SimulationError;
use crate::money::Money;

/// Number of points of the curve, up to twice the purchase.
const CURVE_POINTS: u32 = 20;

/// Simulates purchases if usage stays as it is, and in the scenario with the lowest usage.
pub(super) struct Compared<'a> {
    pub(super) exact: &'a Exact<'a>,
    /// The account that buys what has no account of its own.
    pub(super) account: &'a str,
    pub(super) scenarios: &'a Scenarios,
    pub(super) term: Term,
    /// USD per hour as money per month.
    pub(super) monthly: &'a (dyn Fn(f64) -> Money + Sync),
    /// Savings of the purchase itself, as the table of purchases shows them.
    pub(super) saves: Money,
}

impl Compared<'_> {
    /// Returns the savings per month of purchases in a scenario.
    pub(super) fn in_scenario(
        &self,
        items: &[Item],
        of: &Scenario,
    ) -> Result<Money, SimulationError> {
        Ok((self.monthly)(self.exact.saves((items, self.account), of, self.term)?))
    }

    /// Returns the savings per month of purchases if usage stays, and with the lowest usage.
    fn both(&self, items: &[Item]) -> Result<(Money, Money), SimulationError> {
        let all = &self.scenarios.all;
        let stays = self.in_scenario(items, &all[AS_NOW])?;
        Ok((stays, self.in_scenario(items, &all[self.scenarios.adverse])?))
    }

    /// Returns the curve of savings by commitment, for multiples of the purchase in whole units.
    pub(super) fn curve(&self, bought: &[Item]) -> Result<Vec<CurvePoint>, AdviseError> {
        let point = |n: u32| {
            let part = Decimal::from(2 * n) / Decimal::from(CURVE_POINTS);
            let items: Vec<Item> = bought.iter().filter_map(|i| i.scaled(part, false)).collect();
            let (saves, saves_in_decline) = self.both(&items)?;
            let saves = if part == Decimal::ONE { self.saves } else { saves };
            Ok(CurvePoint { usd_per_hour: hourly(&items), saves, saves_in_decline })
        };
        if bought.is_empty() {
            return Ok(Vec::new());
        }
        (0..=CURVE_POINTS).into_par_iter().map(point).collect()
    }

    /// Returns the purchase and common rules, with their savings, each as it could be bought.
    pub(super) fn rules(
        &self,
        market: &Market<'_>,
        choice: &Choice,
    ) -> Result<Vec<RuleOutcome>, AdviseError> {
        let (decision, candidates) = (&choice.decision, &choice.candidates);
        let is_bound: Vec<bool> = candidates.iter().map(|c| c.bound != Bound::Nothing).collect();
        let best = ("the best if usage stays", decision.best[AS_NOW].clone());
        let others = std::iter::once(best).chain(rules(&decision.compared[AS_NOW], &is_bound));
        let row = |rule: &str, items: &[Item]| {
            let (saves, saves_in_decline) = self.both(items)?;
            let (rule, usd_per_hour) = (rule.to_owned(), hourly(items));
            Ok(RuleOutcome { rule, usd_per_hour, saves, saves_in_decline })
        };
        let ours = row("this purchase", &choice.bought)
            .map(|ours| RuleOutcome { saves: self.saves, ..ours });
        let others = others.map(|(rule, budgets)| {
            row(rule, &rounded(market, candidates, &budgets, choice.payment))
        });
        std::iter::once(ours).chain(others).collect()
    }
}

/// Returns the cost of purchases, USD per hour.
pub(super) fn hourly(items: &[Item]) -> Decimal {
    items.iter().map(|i| i.usd_per_hour).sum::<Decimal>().round_dp(3)
}
