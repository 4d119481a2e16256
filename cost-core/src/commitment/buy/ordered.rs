//! A problem prepared for the search: the order in which layers cover groups, and the cost of
//! amounts.

use std::sync::OnceLock;

use super::blocks::{Blocks, Step, View};
use super::curve::Curve;
use super::problem::{Layer, Problem};
use crate::usage::as_f64;

/// A problem with the order in which each layer covers groups.
pub(super) struct Ordered {
    pub(super) order: Vec<Vec<Step>>,
    /// Usage of the evaluated hours, hour by hour, group by group.
    usage: Vec<f64>,
    groups: usize,
    /// The same usage in blocks of hours.
    blocks: Blocks,
    /// On-demand cost, mean USD per hour.
    on_demand: f64,
    /// The displaced cost of layers that share no usage with others and have a single rate.
    curves: Vec<Option<Curve>>,
    /// The usage that all layers can cover, built when it is needed first.
    all: OnceLock<View<'static>>,
}

impl Problem {
    /// Prepares every `stride`-th hour.
    pub(super) fn ordered(&self, stride: usize) -> Ordered {
        let of = |layer: &Layer| {
            // An instrument that is not cheaper saves nothing and is not bought.
            let steps =
                layer.rates.iter().enumerate().filter_map(|(group, rate)| Some((group, (*rate)?)));
            let mut steps: Vec<Step> =
                steps.filter(|(_, rate)| *rate > 0.0 && *rate < 1.0).collect();
            steps.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            steps
        };
        let hours = (0..self.hours()).step_by(stride.max(1));
        let usage = hours.flat_map(|hour| self.groups.iter().map(move |g| g[hour])).collect();
        Ordered::new(self.layers.iter().map(of).collect(), usage, self.groups.len())
    }
}

impl Ordered {
    fn new(order: Vec<Vec<Step>>, usage: Vec<f64>, groups: usize) -> Self {
        let width = groups.max(1);
        let hours = as_f64((usage.len() / width).max(1));
        let on_demand = usage.iter().fold(0.0, |a, b| a + b) / hours;
        let blocks = Blocks::new(&usage, width);
        let curves =
            (0..order.len()).map(|layer| Curve::of(&order, layer, &usage, width)).collect();
        Self { order, usage, groups, blocks, on_demand, curves, all: OnceLock::new() }
    }

    /// Returns the numbers per row. It is at least one, so that the row length is valid even
    /// without groups.
    pub(super) fn width(&self) -> usize {
        self.groups.max(1)
    }

    /// Returns the number of evaluated hours.
    pub(super) fn hours(&self) -> usize {
        self.usage.len() / self.width()
    }

    /// Returns the usage of each evaluated hour, by group.
    pub(super) fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.usage.chunks_exact(self.width())
    }

    /// Covers the rest of an hour with one layer.
    fn cover(&self, layer: usize, mut budget: f64, left: &mut [f64]) {
        for (group, rate) in &self.order[layer] {
            if budget <= 0.0 {
                break;
            }
            let taken = left[*group].min(budget / rate);
            left[*group] -= taken;
            budget -= taken * rate;
        }
    }

    /// Returns the usage of each hour and group that the layers before a layer leave.
    pub(super) fn left_before(&self, layer: usize, budgets: &[f64]) -> Vec<f64> {
        let mut left = self.usage.clone();
        for row in left.chunks_exact_mut(self.width()) {
            for (before, budget) in budgets.iter().enumerate().take(layer) {
                self.cover(before, *budget, row);
            }
        }
        left
    }

    /// Returns the mean cost of the evaluated hours, USD per hour: commitments and usage left on
    /// demand.
    pub(super) fn cost(&self, budgets: &[f64]) -> f64 {
        let all = self.all.get_or_init(|| {
            let layers: Vec<usize> = (0..self.order.len()).collect();
            self.blocks.view(&self.order, budgets, &layers).into_owned()
        });
        committed(budgets) + self.on_demand - all.displaced(budgets)
    }

    /// Returns the largest amount of a layer that any hour could use, USD of commitment.
    pub(super) fn most(&self, layer: usize) -> f64 {
        let of =
            |row: &[f64]| self.order[layer].iter().fold(0.0, |sum, (g, rate)| sum + row[*g] * rate);
        self.rows().map(of).fold(0.0, f64::max)
    }

    /// Returns the layers affected by a change of some layers: these layers, and later layers that
    /// cover the same groups.
    fn moved_by(&self, layers: &[usize]) -> Vec<usize> {
        let mut moved: Vec<usize> = Vec::new();
        let mut touched = vec![false; self.groups];
        for (layer, steps) in self.order.iter().enumerate() {
            if layers.contains(&layer) || steps.iter().any(|(g, _)| touched[*g]) {
                moved.push(layer);
                for (g, _) in steps {
                    touched[*g] = true;
                }
            }
        }
        moved
    }
}

/// Returns the cost of all commitments, USD per hour.
fn committed(budgets: &[f64]) -> f64 {
    budgets.iter().fold(0.0, |a, b| a + b)
}

/// A search in which only some layers change. The effect of the others is computed once.
pub(super) struct Line<'a> {
    changes: Changes<'a>,
    /// On-demand cost before the changed layers, mean USD per hour.
    before: f64,
}

/// The usage that changed layers can cover.
enum Changes<'a> {
    /// One layer that shares no usage with others.
    Alone(usize, &'a Curve),
    Together(View<'a>),
}

impl<'a> Line<'a> {
    /// Prepares a search along changes of some layers, from amounts with a known cost.
    pub(super) fn new(of: &'a Ordered, budgets: &[f64], along: &[usize], cost: f64) -> Self {
        let moved = of.moved_by(along);
        let changes = match (moved.as_slice(), moved.first().and_then(|l| of.curves[*l].as_ref())) {
            ([layer], Some(curve)) => Changes::Alone(*layer, curve),
            _ => Changes::Together(of.blocks.view(&of.order, budgets, &moved)),
        };
        let mut line = Self { changes, before: 0.0 };
        line.before = cost - line.cost(budgets);
        line
    }

    /// Returns the same as [`Ordered::cost`], for budgets in which no other layer changes.
    pub(super) fn cost(&self, budgets: &[f64]) -> f64 {
        let displaced = match &self.changes {
            Changes::Alone(layer, curve) => curve.displaced(budgets[*layer]),
            Changes::Together(view) => view.displaced(budgets),
        };
        committed(budgets) + self.before - displaced
    }
}
