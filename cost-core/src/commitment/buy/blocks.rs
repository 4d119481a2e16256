//! Usage in blocks of hours, and its coverage by layers: the same arithmetic for several hours at a
//! time, so that the processor does not wait for divisions and for branches that it cannot predict.

#![expect(
    clippy::needless_range_loop,
    reason = "iterators are not always inlined between codegen units, which takes three times as long"
)]

use std::borrow::Cow;

use rayon::prelude::*;

use crate::usage::as_f64;

/// A layer applied to a group: the group, and USD of commitment per USD on demand.
pub(super) type Step = (usize, f64);

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
        let wanted: Vec<usize> = (0..self.groups).filter(|group| groups[*group]).collect();
        let blocks = self.usage.len() / self.groups.max(1);
        let mut usage = Vec::with_capacity(blocks * wanted.len());
        for block in self.usage.chunks_exact(self.groups.max(1)) {
            for group in &wanted {
                usage.push(block[*group]);
            }
        }
        Cow::Owned(usage)
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
    /// Returns the view with its own copy of the usage.
    pub(super) fn into_owned(self) -> View<'static> {
        let Self { columns, hours, layers, shared, .. } = self;
        View { usage: Cow::Owned(self.usage.into_owned()), columns, hours, layers, shared }
    }

    /// Takes the usage that the layers cover away.
    fn cover(&mut self, budgets: &[f64]) {
        for block in self.usage.to_mut().chunks_exact_mut(self.columns) {
            for of in &self.layers {
                let mut left = Left::new(budgets[of.layer]);
                for step in &of.steps {
                    if !left.take(&block[step.column], step.rate) {
                        break;
                    }
                    subtract(&mut block[step.column], &left.taken);
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
        let count = self.columns.max(1);
        let mut narrow = Vec::with_capacity(self.usage.len() / count * sums.len());
        for block in self.usage.chunks_exact(count) {
            for columns in sums {
                let mut sum = [0.0; HOURS];
                for column in columns {
                    add(&mut sum, &block[*column]);
                }
                narrow.push(sum);
            }
        }
        self.usage = Cow::Owned(narrow);
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
                    let usage = match step.shared {
                        Some(at) => &rest[at],
                        None => &block[step.column],
                    };
                    if !left.take(usage, step.rate) {
                        break;
                    }
                    add(&mut sums, &left.taken);
                    if let Some(at) = step.shared {
                        subtract(&mut rest[at], &left.taken);
                    }
                }
            }
        }
        sums.iter().fold(0.0, |a, b| a + b)
    }
}

/// What is left of a layer's commitment in each hour of a block, USD, and the usage that it covered
/// last. The loops are over indexes, because iterators are not always inlined here.
struct Left {
    budgets: Hours,
    taken: Hours,
}

impl Left {
    #[inline]
    fn new(budget: f64) -> Self {
        Self { budgets: [budget; HOURS], taken: [0.0; HOURS] }
    }

    /// Covers usage. Returns whether anything was left of the commitment.
    #[inline]
    fn take(&mut self, usage: &Hours, rate: f64) -> bool {
        if self.covers(usage, rate) {
            self.taken = *usage;
        } else {
            if self.is_empty() {
                return false;
            }
            for hour in 0..HOURS {
                let budget = self.budgets[hour];
                let most = if budget > 0.0 { budget } else { 0.0 } / rate;
                self.taken[hour] = if usage[hour] < most { usage[hour] } else { most };
            }
        }
        for hour in 0..HOURS {
            self.budgets[hour] -= self.taken[hour] * rate;
        }
        true
    }

    /// Returns whether the commitment surely covers the usage in all hours.
    #[inline]
    fn covers(&self, usage: &Hours, rate: f64) -> bool {
        let mut least = [0.0_f64; HOURS / 2];
        for at in 0..HOURS / 2 {
            let other = at + HOURS / 2;
            let over = self.budgets[at] * SURELY - usage[at] * rate;
            let of_other = self.budgets[other] * SURELY - usage[other] * rate;
            least[at] = if over < of_other { over } else { of_other };
        }
        let mut lowest = 0.0;
        for over in least {
            lowest = if over < lowest { over } else { lowest };
        }
        lowest >= 0.0
    }

    /// Returns whether nothing is left in any hour.
    #[inline]
    fn is_empty(&self) -> bool {
        let mut most = 0.0;
        for budget in self.budgets {
            most = if budget > most { budget } else { most };
        }
        most <= 0.0
    }
}

#[inline]
fn subtract(from: &mut Hours, taken: &Hours) {
    for hour in 0..HOURS {
        from[hour] -= taken[hour];
    }
}

#[inline]
fn add(to: &mut Hours, taken: &Hours) {
    for hour in 0..HOURS {
        to[hour] += taken[hour];
    }
}
