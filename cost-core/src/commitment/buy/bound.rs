//! A lower bound on the cost of any purchase, by Lagrangian duality.
//!
//! The purchase of divisible instruments, with a free choice of what covers each hour, is a linear
//! program. AWS's fixed order can only cost more. If there are few kinds of hours, that program is
//! solved. Otherwise prices give a bound ([`super::dual`]).

use std::collections::BTreeMap;

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, constraint, microlp, variable};

use super::dual::{Relaxed, Source};
use super::ordered::Ordered;

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

/// Returns the bound from prices.
fn by_prices(of: &Ordered, budgets: &[f64]) -> f64 {
    let source = |steps: &Vec<(usize, f64)>| Source { capacity: None, needs: steps.clone() };
    let relaxed = Relaxed {
        groups: of.width(),
        usage: of.rows().flatten().copied().collect(),
        weights: vec![1.0 / crate::usage::as_f64(of.hours().max(1)); of.hours()],
        sources: of.order.iter().map(source).collect(),
    };
    relaxed.lower_bound(budgets)
}
