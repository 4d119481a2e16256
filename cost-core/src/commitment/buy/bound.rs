//! A lower bound on the cost of any purchase, by Lagrangian duality.
//!
//! The purchase of divisible instruments, with a free choice of what covers each hour, is a linear
//! program. AWS's fixed order can only cost more. If there are few kinds of hours, that program is
//! solved. For any prices λ of an hour's commitment that do not exceed what a commitment costs (Σ
//! over hours of λ ≤ hours), every USD of usage is worth at least the cheapest way to
//! cover it: Σ usage × min(1, min over layers of λ × rate) is a lower bound. Source: D. Bertsimas,
//! J. N. Tsitsiklis, "Introduction to Linear Optimization", 1997, chapter 4 (weak duality).

use std::collections::BTreeMap;

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, constraint, microlp, variable};

use super::problem::Ordered;

/// Rounds of improvement.
const ROUNDS: usize = 60;
/// A small share of a budget, to measure the effect of slightly more or less of it.
const LITTLE: f64 = 1e-6;

/// Largest size, in numbers, for which the linear program is solved if prices do not give a good
/// enough bound.
const MOST_NUMBERS: usize = 3_000;
/// Gap between cost and bound that is good enough, as a share of the cost.
const CLOSE: f64 = 1e-3;

/// Returns a lower bound on the cost, mean USD per hour: by prices, or by the linear program if
/// prices are far from the cost and there are few kinds of usage.
pub(super) fn lower_bound(of: &Ordered, budgets: &[f64]) -> f64 {
    let bound = by_prices(of, budgets);
    if bound >= (1.0 - CLOSE) * of.cost(budgets) {
        return bound;
    }
    by_program(of).map_or(bound, |exact| exact.max(bound))
}

/// Returns the lowest cost with a free choice of what covers each hour, mean USD per hour. Equal
/// hours are merged. `None` if the program is too large.
fn by_program(of: &Ordered) -> Option<f64> {
    let mut hours: BTreeMap<Vec<u64>, (f64, &[f64])> = BTreeMap::new();
    for row in of.rows() {
        hours.entry(row.iter().map(|u| u.to_bits()).collect()).or_insert((0.0, row)).0 += 1.0;
    }
    let steps: usize = of.order.iter().map(Vec::len).sum();
    if hours.len() * steps > MOST_NUMBERS {
        return None;
    }
    let all = crate::usage::as_f64(of.hours());
    let mut variables = ProblemVariables::new();
    let amounts: Vec<_> = of.order.iter().map(|_| variables.add(variable().min(0.0))).collect();
    let mut cost: Expression = amounts.iter().map(|b| Expression::from(*b)).sum();
    let mut constraints = Vec::new();
    for (count, row) in hours.into_values() {
        let mut covered = vec![Expression::from(0.0); row.len()];
        for (amount, steps) in amounts.iter().zip(&of.order) {
            let mut spent = Expression::from(0.0);
            for (group, rate) in steps.iter().filter(|(group, _)| row[*group] > 0.0) {
                let part = variables.add(variable().min(0.0));
                covered[*group] += part;
                spent += *rate * part;
            }
            constraints.push(constraint!(spent <= *amount));
        }
        for (usage, covered) in row.iter().zip(covered) {
            cost += (*usage - covered.clone()) * (count / all);
            constraints.push(constraint!(covered <= *usage));
        }
    }
    let model =
        constraints.into_iter().fold(variables.minimise(&cost).using(microlp), SolverModel::with);
    model.solve().ok().map(|answer| answer.eval(&cost))
}

/// Returns the bound from the prices that a purchase implies.
fn by_prices(of: &Ordered, budgets: &[f64]) -> f64 {
    let hours = crate::usage::as_f64(of.hours());
    if of.hours() == 0 {
        return 0.0;
    }
    let mut prices = implied(of, budgets);
    let mut best = value(of, &prices).0;
    let scale = best.max(f64::MIN_POSITIVE);
    for round in 0..ROUNDS {
        // The use of each layer at these prices. The price rises where it exceeds the mean, and
        // falls where it is below.
        let (_, used) = value(of, &prices);
        let step = 0.5 * hours / (scale * (crate::usage::as_f64(round) + 2.0));
        for (layer, prices) in prices.iter_mut().enumerate() {
            let mean = used[layer].iter().sum::<f64>() / hours;
            for (price, used) in prices.iter_mut().zip(&used[layer]) {
                *price = (*price + step * (used - mean) / hours).max(0.0);
            }
            project(prices, hours);
        }
        best = best.max(value(of, &prices).0);
    }
    best / hours
}

/// Limits the sum of prices to what a commitment costs.
fn project(prices: &mut [f64], hours: f64) {
    let sum: f64 = prices.iter().sum();
    if sum > hours {
        for price in prices {
            *price *= hours / sum;
        }
    }
}

/// Returns the value of one more USD of each layer in each hour: between the saving of slightly
/// more and the loss of slightly less, so that the values add up to its cost if possible.
fn implied(of: &Ordered, budgets: &[f64]) -> Vec<Vec<f64>> {
    let hours = crate::usage::as_f64(of.hours());
    let now: Vec<f64> = of.rows().map(|row| of.left(row, budgets)).collect();
    let mut all = Vec::with_capacity(budgets.len());
    for layer in 0..budgets.len() {
        let little = LITTLE * of.most(layer).max(f64::MIN_POSITIVE);
        let mut other = budgets.to_vec();
        let mut at = |change: f64| -> Vec<f64> {
            other[layer] = (budgets[layer] + change).max(0.0);
            of.rows().map(|row| of.left(row, &other)).collect()
        };
        let more: Vec<f64> = at(little)
            .iter()
            .zip(&now)
            .map(|(then, now)| ((now - then) / little).max(0.0))
            .collect();
        let less: Vec<f64> = at(-little)
            .iter()
            .zip(&now)
            .map(|(then, now)| ((then - now) / little).max(0.0))
            .collect();
        let (of_more, of_less): (f64, f64) = (more.iter().sum(), less.iter().sum());
        let part = if of_less > of_more {
            ((hours - of_more) / (of_less - of_more)).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let mut prices: Vec<f64> =
            more.iter().zip(&less).map(|(m, l)| m + part * (l - m)).collect();
        project(&mut prices, hours);
        all.push(prices);
    }
    all
}

/// Returns Σ usage × the cheapest way to cover it, and the resulting use of each layer, by hour.
fn value(of: &Ordered, prices: &[Vec<f64>]) -> (f64, Vec<Vec<f64>>) {
    let mut sum = 0.0;
    let mut used: Vec<Vec<f64>> = prices.iter().map(|p| vec![0.0; p.len()]).collect();
    for (at, row) in of.rows().enumerate() {
        let mut cheapest: Vec<(f64, Option<(usize, f64)>)> = vec![(1.0, None); row.len()];
        for (layer, steps) in of.order.iter().enumerate() {
            for (group, rate) in steps {
                let price = prices[layer][at] * rate;
                if price < cheapest[*group].0 {
                    cheapest[*group] = (price, Some((layer, *rate)));
                }
            }
        }
        for (usage, (price, by)) in row.iter().zip(cheapest) {
            sum += usage * price;
            if let Some((layer, rate)) = by {
                used[layer][at] += usage * rate;
            }
        }
    }
    (sum, used)
}
