//! The estate as integers, and the sums over its hours.

use super::order::Order;

/// Prices, costs, and capacities as integers.
pub(super) struct Numbers {
    pub(super) hours: usize,
    /// On-demand prices of the lines, in 10⁻¹² USD.
    pub(super) on_demand: Vec<i64>,
    /// Hourly cost of each commitment, in 10⁻¹² USD.
    pub(super) hourly: Vec<i64>,
    /// Hourly capacity of each reservation: quarters of a unit, in 10⁻¹⁰. Zero for plans.
    pub(super) capacities: Vec<i128>,
    pub(super) order: Order,
}

/// Sums over hours. Costs are in 10⁻²² USD: quantity × rate.
#[derive(Clone)]
pub(super) struct Sums {
    pub(super) reserved: Vec<i128>,
    pub(super) planned: Vec<i128>,
    pub(super) left: Vec<i128>,
    pub(super) on_demand_equivalent: Vec<i128>,
    pub(super) unused: Vec<i128>,
}

impl Sums {
    pub(super) fn new(lines: usize, commitments: usize) -> Self {
        let zeros = |n: usize| vec![0; n];
        Self {
            reserved: zeros(lines),
            planned: zeros(lines),
            left: zeros(lines),
            on_demand_equivalent: zeros(commitments),
            unused: zeros(commitments),
        }
    }

    pub(super) fn add(mut self, other: &Self) -> Self {
        let add = |mine: &mut Vec<i128>, theirs: &[i128]| {
            mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        };
        add(&mut self.reserved, &other.reserved);
        add(&mut self.planned, &other.planned);
        add(&mut self.left, &other.left);
        add(&mut self.on_demand_equivalent, &other.on_demand_equivalent);
        add(&mut self.unused, &other.unused);
        self
    }
}
