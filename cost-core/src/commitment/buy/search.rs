//! Search over several layers: starting points, and improvement of amounts.

use rayon::prelude::*;

use super::alone::alone;
use super::ordered::{Line, Ordered};

/// Fixed amounts of the last layer while the others are optimized, as shares of its own optimum.
const SHARES: [f64; 16] =
    [0.0, 0.08, 0.16, 0.25, 0.33, 0.41, 0.5, 0.58, 0.66, 0.75, 0.83, 0.91, 1.0, 1.08, 1.16, 1.25];
/// Number of the best of these that become starting points.
const BEGUN: usize = 4;
/// Exchange rates between layers that differ by less than this share count as equal.
const RATIO: f64 = 0.02;
/// Sections of a bracket: to a thousandth of it.
const SECTIONS: usize = 14;
/// Largest number of layers for which joint directions of all layers are also tried. With more
/// layers, ridges are no longer sharp.
const MIXED_LAYERS: usize = 8;
/// Number of joint directions per round.
const MIXES: usize = 24;
/// The golden section.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// Returns the starting points: each layer's own optimum for the usage that the others leave, from
/// the first and from the last layer, and the optimum of the others for several amounts of the last
/// layer, which covers most.
pub(super) fn starts(of: &Ordered) -> Vec<Vec<f64>> {
    let layers = of.order.len();
    let in_turn = |order: &mut dyn Iterator<Item = usize>| {
        let mut budgets = vec![0.0; layers];
        for layer in order {
            budgets[layer] = alone(of, layer, &budgets);
        }
        budgets
    };
    let forward = in_turn(&mut (0..layers));
    if layers < 2 {
        return vec![forward];
    }
    let backward = in_turn(&mut (0..layers).rev());
    let last = layers - 1;
    let with_share = |share: &f64| {
        let mut budgets = vec![0.0; layers];
        budgets[last] = share * backward[last];
        let mut cost = of.cost(&budgets);
        for layer in 0..last {
            cost = walk(of, &mut budgets, &[(layer, of.most(layer))], cost);
        }
        (cost, budgets)
    };
    let mut starts: Vec<(f64, Vec<f64>)> = SHARES.par_iter().map(with_share).collect();
    starts.sort_by(|a, b| a.0.total_cmp(&b.0));
    starts.truncate(BEGUN);
    starts.into_iter().map(|(_, budgets)| budgets).chain([forward, backward.clone()]).collect()
}

/// Improves amounts: one layer at a time, then pairs of layers. Each round has half the reach of
/// the previous one.
pub(super) fn improve(of: &Ordered, mut budgets: Vec<f64>, rounds: &[i32]) -> Vec<f64> {
    let most: Vec<f64> = (0..budgets.len()).map(|layer| of.most(layer)).collect();
    let exchanges = exchanges(of);
    let mut cost = of.cost(&budgets);
    let mut mixed = Mixed::new();
    for round in rounds {
        let reach = 0.5_f64.powi(*round);
        for (layer, most) in most.iter().enumerate() {
            cost = walk(of, &mut budgets, &[(layer, most * reach)], cost);
        }
        for (a, b, exchange) in &exchanges {
            // Usage that one layer covers need not be covered by the other: exchange them at this
            // rate.
            let far = most[*a] * reach;
            cost = walk(of, &mut budgets, &[(*a, far), (*b, -far * exchange)], cost);
        }
        if budgets.len() <= MIXED_LAYERS {
            for _ in 0..MIXES {
                // Along a ridge of the cost, changes of one or two layers do not help.
                let along: Vec<(usize, f64)> =
                    most.iter().map(|m| m * reach * mixed.draw()).enumerate().collect();
                cost = walk(of, &mut budgets, &along, cost);
            }
        }
    }
    budgets
}

/// A fixed sequence of numbers from −1 to 1 (Weyl's: fractional parts of multiples of the golden
/// section).
pub(super) struct Mixed(u32);

impl Mixed {
    /// Starts the sequence.
    pub(super) fn new() -> Self {
        Self(0)
    }

    /// Returns the next number.
    pub(super) fn draw(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(1);
        2.0 * (f64::from(self.0) * GOLDEN).fract() - 1.0
    }
}

/// Returns pairs of layers that can cover the same group, and how many USD of the second cover as
/// much as one USD of the first.
fn exchanges(of: &Ordered) -> Vec<(usize, usize, f64)> {
    let mut all = Vec::new();
    for b in 0..of.order.len() {
        for a in 0..b {
            let mut ratios: Vec<f64> = Vec::new();
            for (group, rate) in &of.order[a] {
                ratios.extend(
                    of.order[b].iter().filter(|(g, _)| g == group).map(|(_, other)| other / rate),
                );
            }
            ratios.sort_by(f64::total_cmp);
            ratios.dedup_by(|x, y| (*x - *y).abs() < RATIO * *y);
            all.extend(ratios.into_iter().map(|ratio| (a, b, ratio)));
        }
    }
    all
}

/// Moves along a direction, forward or backward, to the lowest cost. Returns that cost.
fn walk(of: &Ordered, budgets: &mut Vec<f64>, along: &[(usize, f64)], cost: f64) -> f64 {
    if along.iter().all(|(_, far)| *far == 0.0) {
        return cost;
    }
    let layers: Vec<usize> = along.iter().map(|(layer, _)| *layer).collect();
    let line = Line::new(of, budgets, &layers, cost);
    let at = |by: f64| -> Vec<f64> {
        let mut there = budgets.clone();
        for (layer, far) in along {
            there[*layer] = (there[*layer] + by * far).max(0.0);
        }
        there
    };
    // Golden-section search: the minimum of a function that falls and then rises is not at the
    // worse end.
    let (mut low, mut high) = (-1.0, 1.0);
    let inner = |low: f64, high: f64| (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut a, mut b) = inner(low, high);
    let (mut of_a, mut of_b) = (line.cost(&at(a)), line.cost(&at(b)));
    for _ in 0..SECTIONS {
        if of_a <= of_b {
            (high, b, of_b) = (b, a, of_a);
            a = inner(low, high).0;
            of_a = line.cost(&at(a));
        } else {
            (low, a, of_a) = (a, b, of_b);
            b = inner(low, high).1;
            of_b = line.cost(&at(b));
        }
    }
    let (by, found) = if of_a <= of_b { (a, of_a) } else { (b, of_b) };
    // A difference within rounding is not an improvement.
    if found >= cost * (1.0 - 1e-12) {
        return cost;
    }
    *budgets = at(by);
    found
}
