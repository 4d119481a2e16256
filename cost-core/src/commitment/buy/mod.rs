//! What to commit to: the amounts of several instruments that cost least together, over all hours.
//!
//! In:  a [`Problem`]: usage on demand by the hour, and layers of instruments in the order in which they apply.
//! Out: a [`Purchase`]: USD an hour of each, what the hours then cost, and how much less they could cost at best.
//!
//! One layer alone has a closed form ([`one_layer`]): commit so much that in the mean another USD displaces one USD on demand. With one discount
//! that is a quantile: the share of hours in which more is used is 1 − discount. Several layers take from each other; they are improved one after the
//! other along their own lines and in pairs, from several starts, and what is found is held against a lower bound.

mod bound;
mod problem;

pub use problem::{Group, Layer, Problem};

use rayon::prelude::*;

use self::problem::{Line, Ordered};

/// What to buy.
#[derive(Clone, Debug, PartialEq)]
pub struct Purchase {
    /// USD of commitment an hour, by layer.
    pub usd_per_hour: Vec<f64>,
    /// What an hour then costs in the mean, USD.
    pub cost: f64,
    /// What an hour costs on demand, USD.
    pub on_demand: f64,
    /// What it costs at least, whatever is bought of these layers, USD.
    pub lower_bound: f64,
}

/// Hours of the first look: every so many, so that all hours of a week come about.
const STRIDE: usize = 29;
/// From so many hours on a first look is worth its time.
const MANY_HOURS: usize = 2_000;
/// How far each round of improvement looks: so many halvings of a layer's whole range.
static ROUNDS: [i32; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14];
/// Rounds that each start gets, before the best of them go on.
const FIRST_ROUNDS: usize = 4;
/// Starts that go on.
const KEPT: usize = 2;
/// Rounds over all hours, after a first look at some.
const LAST_ROUNDS: [i32; 3] = [5, 7, 10];
/// Shares of its own best at which the last layer is held while the others are sought.
const HELD: [f64; 4] = [0.25, 0.5, 0.75, 1.0];
/// Exchanges that differ by less than this share are one.
const RATIO: f64 = 0.02;
/// Sections of a bracket: to a thousandth of it.
const SECTIONS: usize = 14;
/// The golden section.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// The amounts that cost least, as far as is found.
#[must_use]
pub fn optimise(problem: &Problem) -> Purchase {
    let whole = problem.ordered(1);
    let nothing = vec![0.0; problem.layers.len()];
    let first = problem.ordered(if problem.hours() >= MANY_HOURS { STRIDE } else { 1 });
    let on = |rounds: &'static [i32]| {
        let first = &first;
        move |start: Vec<f64>| {
            let budgets = improve(first, start, rounds);
            (first.cost(&budgets), budgets)
        }
    };
    let (some, rest) = ROUNDS.split_at(FIRST_ROUNDS);
    let mut tried: Vec<(f64, Vec<f64>)> = starts(&first).into_par_iter().map(on(some)).collect();
    tried.sort_by(|a, b| a.0.total_cmp(&b.0));
    tried.truncate(KEPT);
    let tried: Vec<(f64, Vec<f64>)> = tried.into_par_iter().map(|(_, budgets)| on(rest)(budgets)).collect();
    let best = tried.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map_or_else(|| nothing.clone(), |(_, b)| b);
    let all = first.hours() == whole.hours();
    let usd_per_hour = if all { best } else { improve(&whole, best, &LAST_ROUNDS) };
    let cost = whole.cost(&usd_per_hour);
    let on_demand = whole.cost(&nothing);
    let lower_bound = bound::lower_bound(problem, &usd_per_hour).min(cost);
    Purchase { usd_per_hour, cost, on_demand, lower_bound }
}

/// What an hour costs in the mean with such amounts, USD.
#[must_use]
pub fn cost(problem: &Problem, usd_per_hour: &[f64]) -> f64 {
    problem.ordered(1).cost(usd_per_hour)
}

/// Where to begin: each layer's own best on what the others leave, from the first and from the last; and the others' best beside several amounts of
/// the last, which covers most.
fn starts(of: &Ordered) -> Vec<Vec<f64>> {
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
    let beside = |share: &f64| {
        let mut budgets = vec![0.0; layers];
        budgets[last] = share * backward[last];
        let mut cost = of.cost(&budgets);
        for layer in 0..last {
            cost = walk(of, &mut budgets, &[(layer, of.most(layer))], cost);
        }
        budgets
    };
    HELD.par_iter().map(beside).collect::<Vec<_>>().into_iter().chain([forward, backward.clone()]).collect()
}

/// The amount of one layer that costs least by itself, USD an hour: exact.
#[must_use]
pub fn one_layer(problem: &Problem, layer: usize) -> f64 {
    alone(&problem.ordered(1), layer, &vec![0.0; problem.layers.len()])
}

/// As [`one_layer`], on what layers before it leave.
fn alone(of: &Ordered, layer: usize, budgets: &[f64]) -> f64 {
    // Another USD displaces 1 ÷ rate on demand until a group is used up: where, and by how much that falls.
    let mut falls: Vec<(f64, f64)> = Vec::new();
    let mut worth = 0.0;
    let before: Vec<usize> = (0..layer).collect();
    for left in of.left_by(&before, budgets).chunks_exact(of.rows().next().map_or(1, <[f64]>::len)) {
        let (mut spent, mut now) = (0.0, None);
        for (group, rate) in of.order[layer].iter().filter(|(group, _)| left[*group] > 0.0) {
            let here = 1.0 / rate;
            match now {
                None => worth += here,
                Some(last) => falls.push((spent, last - here)),
            }
            now = Some(here);
            spent += left[*group] * rate;
        }
        falls.extend(now.map(|last| (spent, last)));
    }
    falls.sort_by(|a, b| a.0.total_cmp(&b.0));
    let cost = crate::usage::as_f64(of.hours());
    let mut amount = 0.0;
    for (at, fall) in falls {
        // A tie is no gain.
        if worth <= cost * (1.0 + 1e-12) {
            break;
        }
        amount = at;
        worth -= fall;
    }
    amount
}

/// Improves amounts: one layer at a time, then pairs of them, each round within half the reach of the one before.
fn improve(of: &Ordered, mut budgets: Vec<f64>, rounds: &[i32]) -> Vec<f64> {
    let most: Vec<f64> = (0..budgets.len()).map(|layer| of.most(layer)).collect();
    let exchanges = exchanges(of);
    let mut cost = of.cost(&budgets);
    for round in rounds {
        let reach = 0.5_f64.powi(*round);
        for (layer, most) in most.iter().enumerate() {
            cost = walk(of, &mut budgets, &[(layer, most * reach)], cost);
        }
        for (a, b, exchange) in &exchanges {
            // What one covers, the other need not: so many USD of it for one of the first.
            let far = most[*a] * reach;
            cost = walk(of, &mut budgets, &[(*a, far), (*b, -far * exchange)], cost);
        }
    }
    budgets
}

/// Layers that can cover the same group, and how many USD of the second do what one of the first does on it.
fn exchanges(of: &Ordered) -> Vec<(usize, usize, f64)> {
    let mut all = Vec::new();
    for b in 0..of.order.len() {
        for a in 0..b {
            let mut ratios: Vec<f64> = Vec::new();
            for (group, rate) in &of.order[a] {
                ratios.extend(of.order[b].iter().filter(|(g, _)| g == group).map(|(_, other)| other / rate));
            }
            ratios.sort_by(f64::total_cmp);
            ratios.dedup_by(|x, y| (*x - *y).abs() < RATIO * *y);
            all.extend(ratios.into_iter().map(|ratio| (a, b, ratio)));
        }
    }
    all
}

/// Goes along a direction, forward or backward, to where the cost is least; gives the cost there.
fn walk(of: &Ordered, budgets: &mut Vec<f64>, along: &[(usize, f64)], cost: f64) -> f64 {
    let layers: Vec<usize> = along.iter().map(|(layer, _)| *layer).collect();
    let line = Line::new(of, budgets, of.moved_by(&layers));
    let at = |by: f64| -> Vec<f64> {
        let mut there = budgets.clone();
        for (layer, far) in along {
            there[*layer] = (there[*layer] + by * far).max(0.0);
        }
        there
    };
    // The golden section: of a function that falls and then rises, one end never has the least.
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
    // What only rounding tells apart is no gain.
    if found >= cost * (1.0 - 1e-12) {
        return cost;
    }
    *budgets = at(by);
    found
}

#[cfg(test)]
mod tests;
