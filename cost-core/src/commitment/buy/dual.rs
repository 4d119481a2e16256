//! A lower bound on the cost of any purchase, from prices of an hour's commitment (Lagrangian
//! duality).
//!
//! If whatever covers usage could be chosen freely in each hour, the cheapest purchase would be the
//! solution of a linear program. AWS's fixed order, shares of accounts, whole units, and rounding
//! only restrict it, so they cost at least as much. Give each hour's capacity of each source a
//! price λ. Each USD of usage then costs at least min(1, min over sources of λ × need). Sources that
//! are bought have prices with a mean of at most 1, the cost of their capacity. Capacity that is
//! owned already is subtracted at its price. Every choice of such prices gives a lower bound (weak
//! duality). Source: D. Bertsimas, J. N. Tsitsiklis, "Introduction to Linear Optimization", 1997,
//! chapter 4. Prices are improved by subgradients with the step of B. T. Polyak, "Minimization of
//! unsmooth functionals", 1969.

use rayon::prelude::*;

/// Rounds of improvement.
const ROUNDS: usize = 150;
/// Rounds without an improvement after which steps become shorter.
const PATIENCE: usize = 6;
/// Factor by which they become shorter.
const SHORTER: f64 = 0.6;
/// Gap between cost and bound that is good enough, as a share of the cost.
const CLOSE: f64 = 1e-6;
/// A small share of a capacity, to measure the effect of slightly more or less of it.
const LITTLE: f64 = 1e-6;
/// Rows that one thread processes at a time. It is fixed, so that sums do not depend on the number
/// of threads.
const CHUNK: usize = 256;
/// Share by which the bound is lowered, because sums of floating-point numbers are rounded.
const ROUNDING: f64 = 1e-10;

/// What can cover usage: an instrument to buy, or an owned commitment.
pub(in crate::commitment) struct Source {
    /// Capacity per hour of an owned commitment, in any unit. `None` for an instrument to buy: its
    /// capacity is in USD per hour.
    pub(in crate::commitment) capacity: Option<f64>,
    /// Groups that it can cover, and the capacity that one USD of their usage needs, in the order in
    /// which it covers them.
    pub(in crate::commitment) needs: Vec<(usize, f64)>,
}

/// The linear program.
pub(in crate::commitment) struct Relaxed {
    /// Number of groups, at least one.
    pub(in crate::commitment) groups: usize,
    /// On-demand cost by row (an hour of a scenario), and in it by group, USD.
    pub(in crate::commitment) usage: Vec<f64>,
    /// Weight of each row. The sum is 1.
    pub(in crate::commitment) weights: Vec<f64>,
    /// Sources, about in the order in which they apply.
    pub(in crate::commitment) sources: Vec<Source>,
}

/// Prices or uses of all sources, by row, and in it by source.
type Table = Vec<f64>;

impl Relaxed {
    /// Returns a lower bound on the mean cost of a row: what is bought, and usage left on demand.
    /// `amounts` are those of a good purchase by source (those of owned commitments do not count).
    /// They only decide how good the bound is.
    pub(in crate::commitment) fn lower_bound(&self, amounts: &[f64]) -> f64 {
        let pools = self.pools();
        let bound = |(pool, sources): &(Self, Vec<usize>)| {
            let amounts: Vec<f64> =
                sources.iter().map(|at| amounts.get(*at).copied().unwrap_or(0.0)).collect();
            pool.of_pool(&amounts)
        };
        let bounds: Vec<f64> = pools.par_iter().map(bound).collect();
        bounds.iter().fold(0.0, |sum, bound| sum + bound) * (1.0 - ROUNDING)
    }

    /// Returns the parts that share no source, with the indexes of their sources. Their bounds add
    /// up.
    fn pools(&self) -> Vec<(Self, Vec<usize>)> {
        let mut pool_of: Vec<usize> = (0..self.groups).collect();
        for source in &self.sources {
            let mut joined: Vec<usize> = source.needs.iter().map(|(g, _)| pool_of[*g]).collect();
            joined.sort_unstable();
            if let Some(first) = joined.first().copied() {
                for pool in &mut pool_of {
                    if joined.binary_search(pool).is_ok() {
                        *pool = first;
                    }
                }
            }
        }
        let is_first = |pool: &usize| pool_of.contains(pool);
        let pool = |pool: usize| {
            let groups: Vec<usize> = (0..self.groups).filter(|g| pool_of[*g] == pool).collect();
            let of_pool = |at: &usize| {
                self.sources[*at].needs.first().is_some_and(|(g, _)| pool_of[*g] == pool)
            };
            let sources: Vec<usize> = (0..self.sources.len()).filter(of_pool).collect();
            let narrow = |at: &usize| Source {
                capacity: self.sources[*at].capacity,
                needs: self.sources[*at]
                    .needs
                    .iter()
                    .filter_map(|(g, need)| Some((groups.binary_search(g).ok()?, *need)))
                    .collect(),
            };
            let rows = self.usage.chunks_exact(self.groups.max(1));
            let relaxed = Self {
                groups: groups.len(),
                usage: rows.flat_map(|row| groups.iter().map(|g| row[*g])).collect(),
                weights: self.weights.clone(),
                sources: sources.iter().map(narrow).collect(),
            };
            (relaxed, sources)
        };
        (0..self.groups).filter(is_first).map(pool).collect()
    }

    /// Returns the bound of a pool.
    fn of_pool(&self, amounts: &[f64]) -> f64 {
        if self.weights.is_empty() {
            return 0.0;
        }
        let amount = |(source, amount): (&Source, &f64)| source.capacity.unwrap_or(*amount);
        let now: Vec<f64> = self.sources.iter().zip(amounts).map(amount).collect();
        let of_bought = self.sources.iter().zip(amounts).filter(|(s, _)| s.capacity.is_none());
        let paid = of_bought.fold(0.0, |sum, (_, amount)| sum + amount);
        let mut left = vec![0.0; self.groups];
        let cost = paid + self.total(|row| self.left(row, &now, &mut left));
        let is_owned = self.sources.iter().any(|s| s.capacity.is_some());
        let parts: &[f64] = if is_owned { &[0.5, 0.0, 1.0] } else { &[0.0] };
        let bounds = parts.iter().map(|part| self.improved(self.implied(&now, *part), cost));
        bounds.fold(f64::MIN, f64::max)
    }

    /// Improves prices. Returns the best bound.
    fn improved(&self, mut prices: Table, cost: f64) -> f64 {
        let (mut best, mut best_prices) = (f64::MIN, prices.clone());
        let (mut reach, mut waited) = (1.0, 0);
        for _ in 0..ROUNDS {
            let (value, used) = self.value(&prices);
            if value > best {
                (best, waited) = (value, 0);
                best_prices.clone_from(&prices);
            } else {
                waited += 1;
            }
            if waited >= PATIENCE {
                (reach, waited) = (reach * SHORTER, 0);
                prices.clone_from(&best_prices);
                continue;
            }
            let uphill = self.uphill(&used);
            let squares = self
                .total(|row| self.of_row(&uphill, row).iter().fold(0.0, |sum, by| sum + by * by));
            if squares <= 0.0 || cost - best <= CLOSE * cost {
                break;
            }
            let step = reach * (cost - best).max(0.0) / squares;
            prices.iter_mut().zip(&uphill).for_each(|(p, by)| *p = (*p + step * by).max(0.0));
            self.project(&mut prices);
        }
        best
    }

    fn of_row<'t>(&self, table: &'t Table, row: usize) -> &'t [f64] {
        let count = self.sources.len();
        &table[row * count..(row + 1) * count]
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.usage[row * self.groups..(row + 1) * self.groups]
    }

    /// Returns the weighted mean over the rows.
    fn total(&self, mut of: impl FnMut(usize) -> f64) -> f64 {
        self.weights.iter().enumerate().fold(0.0, |sum, (row, weight)| sum + weight * of(row))
    }

    /// Returns the direction in which the bound rises: up where more is used than there is.
    fn uphill(&self, used: &Table) -> Table {
        let capacity = |(at, source): (usize, &Source)| {
            source.capacity.unwrap_or_else(|| self.total(|row| self.of_row(used, row)[at]))
        };
        let all: Vec<f64> = self.sources.iter().enumerate().map(capacity).collect();
        let rows = used.chunks_exact(self.sources.len().max(1));
        rows.flat_map(|row| row.iter().zip(&all).map(|(used, capacity)| used - capacity)).collect()
    }

    /// Limits the mean price of what is bought to its cost.
    fn project(&self, prices: &mut Table) {
        let count = self.sources.len().max(1);
        for (at, _) in self.sources.iter().enumerate().filter(|(_, s)| s.capacity.is_none()) {
            let mean = self.total(|row| prices[row * count + at]);
            if mean > 1.0 {
                prices.iter_mut().skip(at).step_by(count).for_each(|price| *price /= mean);
            }
        }
    }

    /// Returns the bound at given prices, and the resulting use of each source.
    fn value(&self, prices: &Table) -> (f64, Table) {
        let count = self.sources.len();
        let chunk = |rows: &[usize]| {
            let mut sum = 0.0;
            let mut used = vec![0.0; rows.len() * count];
            let mut cheapest = vec![(1.0, None); self.groups];
            for (at, row) in rows.iter().enumerate() {
                cheapest.fill((1.0, None));
                let mut cost = 0.0;
                let prices = if count == 0 { &[][..] } else { self.of_row(prices, *row) };
                for (source, (of, price)) in self.sources.iter().zip(prices).enumerate() {
                    cost -= of.capacity.map_or(0.0, |capacity| capacity * price);
                    for (group, need) in &of.needs {
                        if price * need < cheapest[*group].0 {
                            cheapest[*group] = (price * need, Some((source, *need)));
                        }
                    }
                }
                for (usage, (price, by)) in self.row(*row).iter().zip(&cheapest) {
                    cost += usage * price;
                    if let Some((source, need)) = by {
                        used[at * count + source] += usage * need;
                    }
                }
                sum += self.weights[*row] * cost;
            }
            (sum, used)
        };
        let rows: Vec<usize> = (0..self.weights.len()).collect();
        let parts: Vec<(f64, Table)> = rows.par_chunks(CHUNK).map(chunk).collect();
        let sum = parts.iter().fold(0.0, |sum, (part, _)| sum + part);
        (sum, parts.into_iter().flat_map(|(_, used)| used).collect())
    }

    /// Returns the value of one more unit of each source in each row: between the saving of
    /// slightly more and the loss of slightly less, so that the mean is the cost of what is bought.
    /// `of_owned` is the part between both for owned commitments, 0 to 1.
    fn implied(&self, now: &[f64], of_owned: f64) -> Table {
        let of = |at: usize| self.implied_of(now, at, of_owned);
        let all: Vec<Vec<f64>> = (0..now.len()).into_par_iter().map(of).collect();
        (0..self.weights.len()).flat_map(|row| all.iter().map(move |of| of[row])).collect()
    }

    fn implied_of(&self, now: &[f64], at: usize, of_owned: f64) -> Vec<f64> {
        let need = |row: usize| {
            let usage = self.row(row);
            self.sources[at].needs.iter().fold(0.0, |sum, (g, need)| sum + usage[*g] * need)
        };
        let rows = 0..self.weights.len();
        let little = LITTLE * rows.clone().map(need).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        let (mut more, mut less) = (now.to_vec(), now.to_vec());
        more[at] += little;
        less[at] = (less[at] - little).max(0.0);
        let mut left = vec![0.0; self.groups];
        let values: Vec<(f64, f64)> = rows
            .map(|row| {
                let here = self.left(row, now, &mut left);
                let of_more = here - self.left(row, &more, &mut left);
                let of_less = self.left(row, &less, &mut left) - here;
                ((of_more / little).max(0.0), (of_less / little).max(0.0))
            })
            .collect();
        if self.sources[at].capacity.is_some() {
            return values.iter().map(|(more, less)| more + of_owned * (less - more)).collect();
        }
        let (of_more, of_less) = (self.total(|row| values[row].0), self.total(|row| values[row].1));
        let part = if of_less > of_more {
            ((1.0 - of_more) / (of_less - of_more)).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let mut prices: Vec<f64> = values.iter().map(|(m, l)| m + part * (l - m)).collect();
        let mean = self.total(|row| prices[row]);
        if mean > 1.0 {
            for price in &mut prices {
                *price /= mean;
            }
        }
        prices
    }

    /// Returns the on-demand cost that amounts leave of a row, USD, if the sources apply in order.
    fn left(&self, row: usize, amounts: &[f64], left: &mut [f64]) -> f64 {
        left.copy_from_slice(self.row(row));
        for (source, amount) in self.sources.iter().zip(amounts) {
            let mut rest = *amount;
            for (group, need) in &source.needs {
                if rest <= 0.0 {
                    break;
                }
                let taken = left[*group].min(rest / need);
                left[*group] -= taken;
                rest -= taken * need;
            }
        }
        left.iter().fold(0.0, |a, b| a + b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owned_capacity_lowers_the_bound_by_what_it_can_displace() {
        // 10 USD in each hour. A plan at 0.5 is owned for 2 USD, so it covers 4 USD. An instrument
        // at 0.8 covers the other 6 for 4.8.
        let source = |capacity, need| Source { capacity, needs: vec![(0, need)] };
        let relaxed = Relaxed {
            groups: 1,
            usage: vec![10.0; 24],
            weights: vec![1.0 / 24.0; 24],
            sources: vec![source(Some(2.0), 0.5), source(None, 0.8)],
        };
        let bound = relaxed.lower_bound(&[2.0, 4.8]);
        assert!(bound <= 4.8 && bound > 4.799, "{bound}");
        // Without a good purchase to start from, the bound is lower but still holds.
        let bound = relaxed.lower_bound(&[0.0, 0.0]);
        assert!(bound <= 4.8 && bound > 4.7, "{bound}");
    }
}
