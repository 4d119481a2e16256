//! The input of the search: hourly on-demand usage, and the instruments that could cover it.

use rayon::prelude::*;

/// Usage with the same discount from every instrument: on-demand cost in each hour, USD.
///
/// These are statistics. [`crate::commitment::simulate`] computes the exact savings of a purchase.
pub type Group = Vec<f64>;

/// An instrument that can be bought in any amount: a Savings Plan, or a reservation in normalized
/// units.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Display name.
    pub name: String,
    /// USD of commitment per USD of on-demand usage, by group: 0.7 if it saves 30 %. `None` if it
    /// does not apply.
    pub rates: Vec<Option<f64>>,
}

/// Usage to cover, and the instruments. Layers apply in their order: reservations, EC2 Instance,
/// then Compute Savings Plans.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problem {
    /// Usage. All groups have the same number of hours.
    pub groups: Vec<Group>,
    /// Instruments, in the order in which they apply.
    pub layers: Vec<Layer>,
}

/// A layer applied to a group: the group, and USD of commitment per USD on demand.
type Step = (usize, f64);

/// A problem with the order in which each layer covers groups.
pub(super) struct Ordered {
    pub(super) order: Vec<Vec<Step>>,
    /// Usage of the evaluated hours, hour by hour, group by group.
    usage: Vec<f64>,
    groups: usize,
}

/// Rows that one thread processes at a time. It is fixed, so that sums do not depend on the number
/// of threads.
const CHUNK: usize = 512;

impl Problem {
    /// Returns the number of hours.
    #[must_use]
    pub fn hours(&self) -> usize {
        self.groups.first().map_or(0, Vec::len)
    }

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
        Ordered { order: self.layers.iter().map(of).collect(), usage, groups: self.groups.len() }
    }
}

impl Ordered {
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

    /// Covers the rest of an hour with one layer. Returns the displaced on-demand cost, USD.
    fn cover(&self, layer: usize, mut budget: f64, left: &mut [f64]) -> f64 {
        let mut displaced = 0.0;
        for (group, rate) in &self.order[layer] {
            if budget <= 0.0 {
                break;
            }
            let taken = left[*group].min(budget / rate);
            left[*group] -= taken;
            budget -= taken * rate;
            displaced += taken;
        }
        displaced
    }

    /// Returns the usage of each hour and group that some layers leave.
    pub(super) fn left_by(&self, layers: &[usize], budgets: &[f64]) -> Vec<f64> {
        let mut left = self.usage.clone();
        left.par_chunks_mut(CHUNK * self.width()).for_each(|rows| {
            for row in rows.chunks_exact_mut(self.width()) {
                for layer in layers {
                    self.cover(*layer, budgets[*layer], row);
                }
            }
        });
        left
    }

    /// Returns the on-demand cost of the remaining usage that layers displace, mean USD per hour.
    fn displaced(&self, left: &[f64], layers: &[usize], budgets: &[f64]) -> f64 {
        let width = self.width();
        let part = |rows: &[f64]| {
            let mut row = vec![0.0; width];
            let mut sum = 0.0;
            for of in rows.chunks_exact(width) {
                row.copy_from_slice(of);
                for layer in layers {
                    sum += self.cover(*layer, budgets[*layer], &mut row);
                }
            }
            sum
        };
        let parts: Vec<f64> = left.par_chunks(CHUNK * width).map(part).collect();
        parts.iter().fold(0.0, |a, b| a + b) / crate::usage::as_f64(self.hours().max(1))
    }

    /// Returns the mean cost of the evaluated hours, USD per hour: commitments and usage left on
    /// demand.
    pub(super) fn cost(&self, budgets: &[f64]) -> f64 {
        let all: Vec<usize> = (0..self.order.len()).collect();
        Line::new(self, budgets, all).cost(budgets)
    }

    /// Returns the on-demand cost that one hour leaves, USD.
    pub(super) fn left(&self, used: &[f64], budgets: &[f64]) -> f64 {
        let mut row = used.to_vec();
        for (layer, budget) in budgets.iter().enumerate() {
            self.cover(layer, *budget, &mut row);
        }
        row.iter().fold(0.0, |a, b| a + b)
    }

    /// Returns the largest amount of a layer that any hour could use, USD of commitment.
    pub(super) fn most(&self, layer: usize) -> f64 {
        let of =
            |row: &[f64]| self.order[layer].iter().fold(0.0, |sum, (g, rate)| sum + row[*g] * rate);
        self.rows().map(of).fold(0.0, f64::max)
    }

    /// Returns the layers affected by a change of some layers: these layers, and later layers that
    /// cover the same groups.
    pub(super) fn moved_by(&self, layers: &[usize]) -> Vec<usize> {
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

/// A search in which only some layers change. The effect of the others is computed once.
pub(super) struct Line<'a> {
    of: &'a Ordered,
    moved: Vec<usize>,
    left: Vec<f64>,
    /// On-demand cost before the changed layers, mean USD per hour.
    before: f64,
}

impl<'a> Line<'a> {
    pub(super) fn new(of: &'a Ordered, budgets: &[f64], moved: Vec<usize>) -> Self {
        let others: Vec<usize> = (0..of.order.len()).filter(|l| !moved.contains(l)).collect();
        let left = of.left_by(&others, budgets);
        let sums: Vec<f64> =
            left.par_chunks(CHUNK * of.width()).map(|c| c.iter().fold(0.0, |a, b| a + b)).collect();
        let before = sums.iter().fold(0.0, |a, b| a + b) / crate::usage::as_f64(of.hours().max(1));
        Self { of, moved, left, before }
    }

    /// Returns the same as [`Ordered::cost`], for budgets in which no other layer changes.
    pub(super) fn cost(&self, budgets: &[f64]) -> f64 {
        let committed = budgets.iter().fold(0.0, |a, b| a + b);
        committed + self.before - self.of.displaced(&self.left, &self.moved, budgets)
    }
}
