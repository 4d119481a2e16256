//! Simulation of one hour: what its commitments cover.

use super::model::{Estate, Instrument};
use super::number::COST_PER_MONEY;
use super::sums::{Numbers, Sums};

/// Commitment, line, units that it covered.
pub(super) type Taken = (usize, usize, i64);

/// One hour of an estate.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) estate: &'a Estate,
    pub(super) numbers: &'a Numbers,
    pub(super) hour: usize,
}

impl Scene<'_> {
    /// Returns the commitments of one kind that are in force: reservations or plans.
    fn in_force(&self, reservations: bool) -> impl Iterator<Item = usize> {
        let all = self.estate.commitments.iter().enumerate();
        let is_of =
            move |of: &Instrument| matches!(of, Instrument::Reservation { .. }) == reservations;
        all.filter(move |(_, c)| is_of(&c.instrument) && c.hours.contains(&self.hour))
            .map(|(at, _)| at)
    }

    /// Returns the hourly cost of a commitment, in 10⁻²² USD.
    fn cost(&self, commitment: usize) -> i128 {
        i128::from(self.numbers.hourly[commitment]) * COST_PER_MONEY
    }
}

/// What remains of an hour.
pub(super) struct Hour {
    /// Usage of each line that is not covered yet.
    left: Vec<i64>,
    /// Remainder of each commitment: quarters of a unit in 10⁻¹⁰ for a reservation, 10⁻²² USD for a
    /// plan.
    budget: Vec<i128>,
}

impl Hour {
    pub(super) fn new(lines: usize, commitments: usize) -> Self {
        Self { left: vec![0; lines], budget: vec![0; commitments] }
    }

    /// Usage of each line that nothing covered.
    pub(super) fn left(&self) -> &[i64] {
        &self.left
    }

    /// Applies the commitments to the usage of an hour, and adds the results to the sums.
    pub(super) fn apply(
        &mut self,
        scene: Scene<'_>,
        used: &[i64],
        sums: &mut Sums,
        on_covered: &mut impl FnMut(Taken),
    ) {
        self.left.copy_from_slice(used);
        self.budget.fill(0);
        self.reservations(scene, sums, on_covered);
        self.plans(scene, sums, on_covered);
        for (left, sum) in self.left.iter().zip(&mut sums.left) {
            *sum += i128::from(*left);
        }
    }

    fn reservations(
        &mut self,
        scene: Scene<'_>,
        sums: &mut Sums,
        on_covered: &mut impl FnMut(Taken),
    ) {
        for at in scene.in_force(true) {
            self.budget[at] = scene.numbers.capacities[at];
        }
        for r in &scene.numbers.order.reservations {
            let at = r.commitment;
            for m in &r.matches {
                if self.budget[at] == 0 {
                    break;
                }
                let quarters = i128::from(m.quarters);
                let taken = (i128::from(self.left[m.line]) * quarters).min(self.budget[at]);
                // Usage below the last decimal place of a quantity stays on demand.
                let units = i64::try_from(taken / quarters).unwrap_or(i64::MAX);
                if units > 0 {
                    self.budget[at] -= taken;
                    sums.reserved[m.line] += i128::from(units);
                    self.covered(scene, (at, m.line, units), sums, on_covered);
                }
            }
        }
        for at in scene.in_force(true) {
            sums.unused[at] +=
                part_of(scene.cost(at), self.budget[at], scene.numbers.capacities[at]);
        }
    }

    fn plans(&mut self, scene: Scene<'_>, sums: &mut Sums, on_covered: &mut impl FnMut(Taken)) {
        for at in scene.in_force(false) {
            self.budget[at] = scene.cost(at);
        }
        for p in scene.numbers.order.plans.iter().flatten() {
            let (at, rate) = (p.commitment, i128::from(p.rate));
            if self.budget[at] == 0 || self.left[p.line] == 0 {
                continue;
            }
            let wanted = i128::from(self.left[p.line]) * rate;
            let (units, taken) = if wanted <= self.budget[at] {
                (self.left[p.line], wanted)
            } else {
                // The rest of the commitment is used up. An amount below the last decimal place of
                // a quantity counts as used.
                (i64::try_from(self.budget[at] / rate).unwrap_or(i64::MAX), self.budget[at])
            };
            self.budget[at] -= taken;
            sums.planned[p.line] += i128::from(units);
            self.covered(scene, (at, p.line, units), sums, on_covered);
        }
        for at in scene.in_force(false) {
            sums.unused[at] += self.budget[at];
        }
    }

    /// Records that a commitment covered units of a line.
    fn covered(
        &mut self,
        scene: Scene<'_>,
        taken: Taken,
        sums: &mut Sums,
        on_covered: &mut impl FnMut(Taken),
    ) {
        let (commitment, line, units) = taken;
        self.left[line] -= units;
        sums.on_demand_equivalent[commitment] +=
            i128::from(units) * i128::from(scene.numbers.on_demand[line]);
        on_covered(taken);
    }
}

/// Returns a part of a cost, rounded down.
fn part_of(cost: i128, part: i128, whole: i128) -> i128 {
    if whole == 0 {
        return cost;
    }
    // Both are multiples of powers of ten and of small numbers. Dividing by the common factor first
    // keeps the product in range.
    let shared = gcd(part, whole);
    let (part, whole) = (part / shared, whole / shared);
    cost / whole * part + cost % whole * part / whole
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.max(1) } else { gcd(b, a % b) }
}
