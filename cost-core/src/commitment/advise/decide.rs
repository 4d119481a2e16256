//! The amount of each instrument, for given scenarios and a given risk tolerance.

use rust_decimal::Decimal;

use super::future::{Outlook, Scenario};
use super::market::Groups;
use super::types::{BuyOptions, Risk};
use crate::assumptions::DECLINE_PCT;
use crate::commitment::buy::{self, Problem};
use crate::commitment::simulate::SimulationError;

/// Index of the first scenario: usage stays as it is.
pub(super) const AS_NOW: usize = 0;
/// Hours of a scenario that is only used for comparison: a month.
const COMPARED_HOURS: usize = 728;
/// Weight of the scenario with the lowest usage at medium risk tolerance. Chosen (ADR 0019).
const ADVERSE_WEIGHT: f64 = 1.0 / 3.0;
/// Shares of the best purchase for unchanged usage that are also tried at low risk tolerance.
const PARTS: [f64; 4] = [0.0, 0.25, 0.5, 0.75];

/// All scenarios, and the roles of some of them.
pub(super) struct Scenarios {
    pub(super) all: Vec<Scenario>,
    /// Index of the expected scenario.
    pub(super) expected: usize,
    /// Index of the expected scenario at medium risk tolerance: without growth.
    pub(super) cautious: usize,
    /// Index of the scenario with the lowest usage.
    pub(super) adverse: usize,
}

impl Scenarios {
    /// Returns the scenarios that count at a risk tolerance, with their weights, which add up to 1.
    /// At low risk tolerance they are those of medium.
    pub(super) fn weights(&self, risk: Risk) -> Vec<(&Scenario, f64)> {
        match risk {
            Risk::High => vec![(&self.all[self.expected], 1.0)],
            Risk::Low | Risk::Medium => vec![
                (&self.all[self.cautious], 1.0 - ADVERSE_WEIGHT),
                (&self.all[self.adverse], ADVERSE_WEIGHT),
            ],
        }
    }

    /// Builds the scenarios and their roles.
    pub(super) fn of(options: &BuyOptions, trend: Option<Decimal>) -> Self {
        let mut all = vec![Scenario::as_now()];
        all.extend(trend.map(|pct| Scenario {
            name: "trend".to_owned(),
            change_pct: pct,
            at_once: false,
        }));
        if options.scenarios.is_empty() {
            all.extend(Scenario::parse(&format!("decline={DECLINE_PCT}%")));
        }
        all.extend(options.scenarios.iter().cloned());
        let mean = |at: &usize| all[*at].mean(options.term);
        let adverse = (0..all.len()).min_by_key(mean).unwrap_or(0);
        let expected = usize::from(trend.is_some());
        let cautious = if mean(&expected) < Decimal::ONE { expected } else { 0 };
        Self { all, expected, cautious, adverse }
    }
}

/// A decision, and the data to compare it with.
pub(super) struct Decision {
    /// Commitment by layer, USD per hour.
    pub(super) budgets: Vec<f64>,
    /// The basis of the decision: the weighted scenarios for the risk tolerance.
    pub(super) objective: Problem,
    /// Each scenario individually, to compare purchases.
    pub(super) compared: Vec<Problem>,
    /// The best purchase in each of them. Empty if not requested.
    pub(super) best: Vec<Vec<f64>>,
}

/// Decides on the amounts. `thorough` evaluates all hours and the best purchase in each scenario.
/// Otherwise a sample of hours is used.
pub(super) fn decide(
    outlook: &Outlook<'_>,
    groups: &Groups,
    scenarios: &Scenarios,
    risk: Risk,
    thorough: bool,
) -> Result<Decision, SimulationError> {
    let hours = if thorough { usize::MAX } else { COMPARED_HOURS };
    let left = outlook.left(groups, &scenarios.all)?;
    let alone = |s: &Scenario| outlook.problem(groups, &left, &[(s, 1.0)], COMPARED_HOURS);
    let compared: Vec<Problem> = scenarios.all.iter().map(alone).collect();
    let each = || compared.iter().map(buy::amounts).collect();
    let best: Vec<Vec<f64>> = if thorough || risk == Risk::Low { each() } else { Vec::new() };
    let objective = outlook.problem(groups, &left, &scenarios.weights(risk), hours);
    let bought = buy::amounts(&objective);
    let mut tried = best.clone();
    tried.push(bought.clone());
    if let Some(stays) = best.get(scenarios.cautious) {
        tried.extend(PARTS.iter().map(|part| stays.iter().map(|b| b * part).collect()));
    }
    let costs: Vec<Vec<f64>> =
        tried.iter().map(|b| compared.iter().map(|p| buy::cost(p, b)).collect()).collect();
    let least: Vec<f64> = (0..compared.len())
        .map(|s| costs.iter().map(|of| of[s]).fold(f64::MAX, f64::min))
        .collect();
    let regret =
        |of: &[f64]| of.iter().zip(&least).map(|(cost, least)| cost - least).fold(0.0, f64::max);
    let budgets = match risk {
        Risk::High | Risk::Medium => bought,
        Risk::Low => {
            let at = (0..tried.len())
                .min_by(|a, b| regret(&costs[*a]).total_cmp(&regret(&costs[*b])))
                .unwrap_or(0);
            tried[at].clone()
        }
    };
    Ok(Decision { budgets, objective, compared, best })
}

/// Returns what common purchase rules would buy: name and amounts by layer.
pub(super) fn rules(problem: &Problem, is_bound: &[bool]) -> Vec<(&'static str, Vec<f64>)> {
    let layers = problem.layers.len();
    let one = |layer: usize| {
        let mut budgets = vec![0.0; layers];
        budgets[layer] = buy::one_layer(problem, layer);
        (buy::cost(problem, &budgets), budgets)
    };
    let quantile =
        (0..layers).map(one).min_by(|a, b| a.0.total_cmp(&b.0)).map_or_else(Vec::new, |(_, b)| b);
    vec![
        ("the best single instrument, at its quantile", quantile),
        (
            "100 % of the minimum of each family",
            each(problem, is_bound, |hours| hours.fold(f64::MAX, f64::min)),
        ),
        (
            "the average of each family",
            each(problem, is_bound, |hours| {
                let (sum, count) = hours.fold((0.0, 0.0), |(s, n), h| (s + h, n + 1.0));
                if count > 0.0 { sum / count } else { 0.0 }
            }),
        ),
    ]
}

/// Returns amounts that cover a statistic of each group's usage. The first instrument that is bound
/// to the group covers it, or else the first that applies.
fn each(
    problem: &Problem,
    is_bound: &[bool],
    of: impl Fn(&mut dyn Iterator<Item = f64>) -> f64,
) -> Vec<f64> {
    let mut budgets = vec![0.0; problem.layers.len()];
    let mut members: Vec<Vec<(usize, f64)>> = vec![Vec::new(); problem.layers.len()];
    for group in 0..problem.groups.len() {
        let rate = |layer: &usize| problem.layers[*layer].rates[group].filter(|r| *r < 1.0);
        let applies = || (0..problem.layers.len()).filter(|l| rate(l).is_some());
        let Some(layer) = applies().find(|l| is_bound[*l]).or_else(|| applies().next()) else {
            continue;
        };
        members[layer].push((group, rate(&layer).unwrap_or(1.0)));
    }
    for (layer, groups) in members.iter().enumerate().filter(|(_, m)| !m.is_empty()) {
        let hour =
            |h: usize| groups.iter().map(|(g, rate)| problem.groups[*g][h] * rate).sum::<f64>();
        budgets[layer] = of(&mut (0..problem.hours()).map(hour));
    }
    budgets
}
