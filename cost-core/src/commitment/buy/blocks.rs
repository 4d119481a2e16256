//! Usage in blocks of hours, and its coverage by layers: the same arithmetic for several hours at a
//! time, so that the processor does not wait for divisions and for branches that it cannot predict.

use std::borrow::Cow;

use rayon::prelude::*;

use super::problem::Step;
use crate::usage::as_f64;

/// Hours per block.
const HOURS: usize = 8;
/// Amounts of the hours of a block.
type Hours = [f64; HOURS];
/// Blocks that one thread processes at a time. It is fixed, so that sums do not depend on the
/// number of threads.
const CHUNK: usize = 64;
/// Amounts (hours × columns) from which several threads are worthwhile.
const MANY: usize = 1 << 18;
/// Usage whose price is below this share of a commitment is covered completely. Closer amounts are
/// divided, because two roundings can change the result.
const SURELY: f64 = 1.0 - 1e-15;

/// Usage in blocks of hours. The last block is filled up with hours without usage.
pub(super) struct Blocks {
    /// Each block, and in it each group.
    usage: Vec<Hours>,
    groups: usize,
    hours: usize,
}

impl Blocks {
    /// Builds the blocks from usage by hour, and in it by group.
    pub(super) fn new(usage: &[f64], groups: usize) -> Self {
        // Commitments end at about the same step in hours with about the same usage.
        let sum = |row: &[f64]| row.iter().fold(0.0, |sum, usage| sum + usage);
        let mut rows: Vec<(f64, &[f64])> =
            usage.chunks_exact(groups).map(|row| (sum(row), row)).collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut all = Vec::with_capacity(usage.len().div_ceil(HOURS));
        for rows in rows.chunks(HOURS) {
            for group in 0..groups {
                let mut hours = [0.0; HOURS];
                for (hour, (_, row)) in hours.iter_mut().zip(rows) {
                    *hour = row[group];
                }
                all.push(hours);
            }
        }
        Self { usage: all, groups, hours: usage.len() / groups }
    }

    /// Returns the usage that some layers can cover, after the other layers with their amounts.
    /// The layers must include all later ones that cover the same groups.
    pub(super) fn view(&self, order: &[Vec<Step>], budgets: &[f64], moved: &[usize]) -> View<'_> {
        let covered = self.covered_by(order, moved);
        let mut all = covered.clone();
        let mut others: Vec<usize> = Vec::new();
        for layer in (0..order.len()).rev().filter(|l| !moved.contains(l) && budgets[*l] > 0.0) {
            // Other layers matter if they cover the same groups, or groups of those that matter.
            if order[layer].iter().any(|(group, _)| all[*group]) {
                order[layer].iter().for_each(|(group, _)| all[*group] = true);
                others.push(layer);
            }
        }
        others.reverse();
        let mut view = View {
            usage: self.of(&all),
            columns: count(&all),
            hours: self.hours,
            layers: Vec::new(),
            shared: Vec::new(),
        };
        if !others.is_empty() {
            view.layers = layers(order, &others, &all);
            view.cover(budgets);
        }
        // Usage of groups that only the others cover matters no more.
        let places = places(&all);
        let of_moved = (0..self.groups).filter(|group| covered[*group]);
        view.narrow(&of_moved.map(|group| vec![places[group]]).collect::<Vec<_>>());
        view.layers = layers(order, moved, &covered);
        view.merge();
        view
    }

    fn covered_by(&self, order: &[Vec<Step>], layers: &[usize]) -> Vec<bool> {
        let mut covered = vec![false; self.groups];
        for (group, _) in layers.iter().flat_map(|layer| &order[*layer]) {
            covered[*group] = true;
        }
        covered
    }

    /// Returns the usage of some groups.
    fn of(&self, groups: &[bool]) -> Cow<'_, [Hours]> {
        if groups.iter().all(|g| *g) {
            return Cow::Borrowed(&self.usage);
        }
        let of = |block: &[Hours]| -> Vec<Hours> {
            block.iter().zip(groups).filter(|(_, of)| **of).map(|(hours, _)| *hours).collect()
        };
        Cow::Owned(self.usage.chunks_exact(self.groups).flat_map(of).collect())
    }
}

fn count(all: &[bool]) -> usize {
    all.iter().filter(|of| **of).count()
}

/// Returns the position of each element among the selected ones.
fn places(selected: &[bool]) -> Vec<usize> {
    let before = |count: &mut usize, of: &bool| {
        let place = *count;
        *count += usize::from(*of);
        Some(place)
    };
    selected.iter().scan(0, before).collect()
}

/// A layer that covers columns of a view.
struct Covering {
    /// Index of the layer.
    layer: usize,
    steps: Vec<ColumnStep>,
}

/// A layer applied to a column.
#[derive(Clone, Copy)]
struct ColumnStep {
    column: usize,
    /// USD of commitment per USD on demand.
    rate: f64,
    /// Index among the columns that several layers cover.
    shared: Option<usize>,
}

/// Returns layers that cover the columns of the selected groups.
fn layers(order: &[Vec<Step>], of: &[usize], groups: &[bool]) -> Vec<Covering> {
    let places = places(groups);
    let step =
        |(group, rate): &Step| ColumnStep { column: places[*group], rate: *rate, shared: None };
    let one =
        |layer: &usize| Covering { layer: *layer, steps: order[*layer].iter().map(step).collect() };
    of.iter().map(one).collect()
}

/// The usage of some groups, and the layers that cover it.
pub(super) struct View<'a> {
    /// Each block, and in it each column.
    usage: Cow<'a, [Hours]>,
    columns: usize,
    hours: usize,
    layers: Vec<Covering>,
    /// Columns that several layers cover.
    shared: Vec<usize>,
}

impl View<'_> {
    /// Takes the usage that the layers cover away.
    fn cover(&mut self, budgets: &[f64]) {
        for block in self.usage.to_mut().chunks_exact_mut(self.columns) {
            for of in &self.layers {
                let mut left = Left::new(budgets[of.layer]);
                for step in &of.steps {
                    let Some(taken) = left.take(&block[step.column], step.rate) else { break };
                    subtract(&mut block[step.column], &taken);
                }
            }
        }
    }

    /// Adds up columns that only one layer covers, at the same rate, and finds the columns that
    /// several layers cover.
    fn merge(&mut self) {
        let mut times = vec![0_usize; self.columns];
        for step in self.layers.iter().flat_map(|l| &l.steps) {
            times[step.column] += 1;
        }
        let mut sums: Vec<Vec<usize>> = Vec::with_capacity(self.columns);
        let mut shared: Vec<Option<usize>> = vec![None; self.columns];
        let last = self.layers.len().saturating_sub(1);
        for (at, of) in self.layers.iter_mut().enumerate() {
            let mut steps: Vec<ColumnStep> = Vec::with_capacity(of.steps.len());
            for step in &of.steps {
                let is_shared = times[step.column] > 1;
                // What is left of a shared column depends on the order of the steps, which matters
                // to later layers only.
                let same =
                    |s: &&ColumnStep| s.shared.is_none() && s.rate.to_bits() == step.rate.to_bits();
                let reach = if at == last { steps.len() } else { 1 };
                if !is_shared && let Some(first) = steps.iter().rev().take(reach).find(same) {
                    sums[first.column].push(step.column);
                    continue;
                }
                let known = shared[step.column].filter(|_| is_shared);
                let column = known.unwrap_or(sums.len());
                if known.is_none() {
                    sums.push(vec![step.column]);
                }
                if is_shared {
                    shared[step.column] = Some(column);
                }
                steps.push(ColumnStep {
                    column,
                    rate: step.rate,
                    shared: is_shared.then_some(column),
                });
            }
            of.steps = steps;
        }
        self.shared = shared.into_iter().flatten().collect();
        self.shared.sort_unstable();
        for step in self.layers.iter_mut().flat_map(|l| &mut l.steps) {
            step.shared = step.shared.and_then(|column| self.shared.binary_search(&column).ok());
        }
        self.narrow(&sums);
    }

    /// Replaces the columns with sums of columns.
    fn narrow(&mut self, sums: &[Vec<usize>]) {
        let same = sums.iter().enumerate().all(|(at, columns)| columns.as_slice() == [at]);
        if same && self.columns == sums.len() {
            return;
        }
        let sum = |block: &[Hours], columns: &[usize]| {
            let mut sum = [0.0; HOURS];
            for column in columns {
                sum.iter_mut().zip(&block[*column]).for_each(|(a, b)| *a += b);
            }
            sum
        };
        let blocks = self.usage.chunks_exact(self.columns.max(1));
        let narrow = blocks.flat_map(|block| sums.iter().map(move |columns| sum(block, columns)));
        self.usage = Cow::Owned(narrow.collect());
        self.columns = sums.len();
    }

    /// Returns the on-demand cost that the layers displace, mean USD per hour.
    pub(super) fn displaced(&self, budgets: &[f64]) -> f64 {
        if self.columns == 0 || self.hours == 0 {
            return 0.0;
        }
        let part = |blocks: &[Hours]| self.displaced_in(blocks, budgets);
        let size = CHUNK * self.columns;
        let sum = if self.columns * self.hours >= MANY {
            let parts: Vec<f64> = self.usage.par_chunks(size).map(part).collect();
            parts.iter().fold(0.0, |a, b| a + b)
        } else {
            self.usage.chunks(size).map(part).fold(0.0, |a, b| a + b)
        };
        sum / as_f64(self.hours)
    }

    /// Returns the on-demand cost that the layers displace in some blocks, USD.
    fn displaced_in(&self, blocks: &[Hours], budgets: &[f64]) -> f64 {
        let mut rest = vec![[0.0; HOURS]; self.shared.len()];
        let mut sums = [0.0; HOURS];
        for block in blocks.chunks_exact(self.columns) {
            for (rest, column) in rest.iter_mut().zip(&self.shared) {
                *rest = block[*column];
            }
            for of in &self.layers {
                let mut left = Left::new(budgets[of.layer]);
                for step in &of.steps {
                    let usage = step.shared.map_or(&block[step.column], |at| &rest[at]);
                    let Some(taken) = left.take(usage, step.rate) else { break };
                    sums.iter_mut().zip(&taken).for_each(|(sum, taken)| *sum += taken);
                    if let Some(at) = step.shared {
                        subtract(&mut rest[at], &taken);
                    }
                }
            }
        }
        sums.iter().fold(0.0, |a, b| a + b)
    }
}

fn subtract(from: &mut Hours, taken: &Hours) {
    from.iter_mut().zip(taken).for_each(|(left, taken)| *left -= taken);
}

/// What is left of a layer's commitment in each hour of a block, USD.
struct Left(Hours);

impl Left {
    fn new(budget: f64) -> Self {
        Self([budget; HOURS])
    }

    /// Covers usage. Returns the covered part, or `None` if nothing is left of the commitment.
    #[inline]
    fn take(&mut self, usage: &Hours, rate: f64) -> Option<Hours> {
        let mut taken = *usage;
        if !self.covers(usage, rate) {
            if self.0.iter().all(|budget| *budget <= 0.0) {
                return None;
            }
            for (taken, budget) in taken.iter_mut().zip(&self.0) {
                let most = if *budget > 0.0 { *budget } else { 0.0 } / rate;
                *taken = if *taken < most { *taken } else { most };
            }
        }
        self.0.iter_mut().zip(&taken).for_each(|(budget, taken)| *budget -= taken * rate);
        Some(taken)
    }

    /// Returns whether the commitment surely covers the usage in all hours.
    #[inline]
    fn covers(&self, usage: &Hours, rate: f64) -> bool {
        let mut least = [0.0_f64; 4];
        for (usage, budgets) in usage.chunks_exact(4).zip(self.0.chunks_exact(4)) {
            for at in 0..4 {
                let over = budgets[at] * SURELY - usage[at] * rate;
                least[at] = if over < least[at] { over } else { least[at] };
            }
        }
        least.iter().all(|over| *over >= 0.0)
    }
}
