//! The purchase compared with larger and smaller ones, and with common rules.

use rust_decimal::Decimal;

use super::decide::{AS_NOW, Decision, Scenarios, rules};
use super::market::{Bound, Candidate};
use super::types::{CurvePoint, RuleOutcome};
use crate::money::Money;

/// Number of points of the curve, up to twice the purchase.
const CURVE_POINTS: u32 = 20;

/// Returns the curve of savings by commitment, for multiples of the purchase.
pub(super) fn curve(
    decision: &Decision,
    scenarios: &Scenarios,
    monthly: &dyn Fn(f64) -> Money,
) -> Vec<CurvePoint> {
    let point = |n: u32| {
        let part = 2.0 * f64::from(n) / f64::from(CURVE_POINTS);
        let budgets: Vec<f64> = decision.budgets.iter().map(|b| b * part).collect();
        CurvePoint {
            usd_per_hour: hourly(&budgets),
            saves: monthly(decision.saves(AS_NOW, &budgets)),
            saves_in_decline: monthly(decision.saves(scenarios.adverse, &budgets)),
        }
    };
    if decision.budgets.iter().all(|b| *b <= 0.0) {
        Vec::new()
    } else {
        (0..=CURVE_POINTS).map(point).collect()
    }
}

/// Returns the purchase and common rules, with their savings.
pub(super) fn rule_outcomes(
    decision: &Decision,
    scenarios: &Scenarios,
    candidates: &[Candidate],
    monthly: &dyn Fn(f64) -> Money,
) -> Vec<RuleOutcome> {
    let is_bound: Vec<bool> = candidates.iter().map(|c| c.bound != Bound::Nothing).collect();
    let best = decision.best[AS_NOW].clone();
    let ours = [("this purchase", decision.budgets.clone()), ("the best if usage stays", best)];
    let all = ours.into_iter().chain(rules(&decision.compared[AS_NOW], &is_bound));
    all.map(|(rule, budgets)| RuleOutcome {
        rule: rule.to_owned(),
        usd_per_hour: hourly(&budgets),
        saves: monthly(decision.saves(AS_NOW, &budgets)),
        saves_in_decline: monthly(decision.saves(scenarios.adverse, &budgets)),
    })
    .collect()
}

/// Returns the sum of amounts, USD per hour.
pub(super) fn hourly(budgets: &[f64]) -> Decimal {
    Decimal::from_f64_retain(budgets.iter().sum()).unwrap_or_default().round_dp(3)
}
