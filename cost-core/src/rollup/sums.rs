//! Sums by key, computed by column.

use std::borrow::Cow;

use super::fingerprint::Prints;
use super::keys::MEASURES;
use super::numbers::{Numbers, index};

/// Measures that are summed: see [`MEASURES`].
pub(super) const MEASURED: usize = MEASURES.len();

/// Number of measures that can be unknown: `ListCost`, `ContractedCost`, and `PricingQuantity`.
pub(super) const UNKNOWNS: usize = 3;

/// Combinations of `N` codes with their fingerprints, numbered in order of first occurrence.
pub(super) struct Combinations<const N: usize> {
    numbers: Numbers<N>,
    prints: Vec<Prints>,
}

impl<const N: usize> Default for Combinations<N> {
    fn default() -> Self {
        Self { numbers: Numbers::default(), prints: Vec::new() }
    }
}

impl<const N: usize> Combinations<N> {
    /// Returns the number of a combination. For a new one, `print` computes its fingerprints.
    #[inline]
    pub(super) fn number(
        &mut self,
        codes: [u32; N],
        print: impl FnOnce(&[u32; N]) -> Prints,
    ) -> u32 {
        let (number, is_new) = self.numbers.number(codes);
        if is_new {
            self.prints.push(print(&codes));
        }
        number
    }

    /// Returns the fingerprints of a number.
    #[inline]
    pub(super) fn prints(&self, number: u32) -> Prints {
        self.prints[index(number)]
    }

    /// Returns the combination of a number.
    #[inline]
    pub(super) fn codes(&self, number: u32) -> &[u32; N] {
        &self.numbers.keys()[index(number)]
    }

    /// Returns all combinations, by number.
    #[inline]
    pub(super) fn all(&self) -> &[[u32; N]] {
        self.numbers.keys()
    }

    /// Returns, for each combination of `other`, the number of its translation here.
    pub(super) fn adopt(
        &mut self,
        other: &Self,
        translate: impl Fn(&[u32; N]) -> [u32; N],
    ) -> Vec<u32> {
        let all = other.numbers.keys().iter().zip(&other.prints);
        all.map(|(codes, print)| self.number(translate(codes), |_| *print)).collect()
    }
}

/// Place of a row that belongs to no sum.
pub(super) const NOWHERE: u32 = u32::MAX;

/// Measures of a batch of line items: one value per row, null as 0.
pub(super) struct Batch<'a> {
    pub(super) amounts: [Cow<'a, [i128]>; MEASURED],
    /// Null positions of each measure that can be unknown; `None` if there are none.
    pub(super) unknown: [Option<Vec<bool>>; UNKNOWNS],
    /// Days since 1970.
    pub(super) day: &'a [i32],
}

/// Sums by keys of `N` codes: Σ of the measures in 10⁻¹² units, line items with null measures, line
/// items, first and last day.
///
/// If a sum does not fit into 128 bits, this is recorded and the sum is wrong. Call
/// [`SumsByKey::fit`] before using the sums.
///
/// Stored by column: a pass over one measure touches 16 bytes per key, so the sums of a chunk stay
/// in the second-level cache.
pub(super) struct SumsByKey<const N: usize> {
    numbers: Numbers<N>,
    pub(super) amounts: [Vec<i128>; MEASURED],
    pub(super) unknown: [Vec<i64>; UNKNOWNS],
    pub(super) line_items: Vec<i64>,
    pub(super) first_day: Vec<i32>,
    pub(super) last_day: Vec<i32>,
    overflowed: bool,
}

impl<const N: usize> Default for SumsByKey<N> {
    fn default() -> Self {
        Self {
            numbers: Numbers::default(),
            amounts: Default::default(),
            unknown: Default::default(),
            line_items: Vec::new(),
            first_day: Vec::new(),
            last_day: Vec::new(),
            overflowed: false,
        }
    }
}

/// Adds the values of each measure to the sums at their places. `false` if a sum does not fit.
#[inline]
fn add_amounts(
    sums: &mut [Vec<i128>; MEASURED],
    places: &[u32],
    values: &[impl AsRef<[i128]>; MEASURED],
) -> bool {
    sums.iter_mut()
        .zip(values)
        .fold(true, |fits, (sums, values)| add_all(sums, places, values.as_ref()) & fits)
}

/// Adds `values` to the sums at their places. `false` if a sum does not fit.
#[inline]
fn add_all(sums: &mut [i128], places: &[u32], values: &[i128]) -> bool {
    let mut fits = true;
    for (row, at) in places.iter().enumerate() {
        if let Some(sum) = sums.get_mut(index(*at)) {
            let (total, overflow) = sum.overflowing_add(values[row]);
            *sum = total;
            fits &= !overflow;
        }
    }
    fits
}

impl<const N: usize> SumsByKey<N> {
    /// Returns the place of a key, and creates one for a new key.
    #[inline]
    pub(super) fn place(&mut self, key: [u32; N]) -> u32 {
        let (place, is_new) = self.numbers.number(key);
        if is_new {
            self.amounts.iter_mut().for_each(|a| a.push(0));
            self.unknown.iter_mut().for_each(|u| u.push(0));
            self.line_items.push(0);
            self.first_day.push(i32::MAX);
            self.last_day.push(i32::MIN);
        }
        place
    }

    /// Returns whether all sums fit into 128 bits.
    #[inline]
    pub(super) fn fit(&self) -> bool {
        !self.overflowed
    }

    /// Adds a batch; `places` contains a place for each row, or [`NOWHERE`].
    #[inline]
    pub(super) fn add(&mut self, places: &[u32], batch: &Batch<'_>) {
        self.overflowed |= !add_amounts(&mut self.amounts, places, &batch.amounts);
        for (counts, nulls) in self.unknown.iter_mut().zip(&batch.unknown) {
            for (at, null) in places.iter().zip(nulls.iter().flatten()) {
                if let Some(count) = counts.get_mut(index(*at)) {
                    *count += i64::from(*null);
                }
            }
        }
        for (at, day) in places.iter().zip(batch.day) {
            if let Some(count) = self.line_items.get_mut(index(*at)) {
                *count += 1;
                self.first_day[index(*at)] = self.first_day[index(*at)].min(*day);
                self.last_day[index(*at)] = self.last_day[index(*at)].max(*day);
            }
        }
    }

    /// Adds the cost of a line item on another day to one place. The line item itself is counted
    /// elsewhere.
    #[inline]
    pub(super) fn add_part(
        &mut self,
        place: u32,
        amounts: [i128; MEASURED],
        unknown: [bool; UNKNOWNS],
        day: i32,
    ) {
        let at = index(place);
        for (sums, amount) in self.amounts.iter_mut().zip(amounts) {
            self.overflowed |= !add_all(sums, &[place], &[amount]);
        }
        for (counts, is_unknown) in self.unknown.iter_mut().zip(unknown) {
            counts[at] += i64::from(is_unknown);
        }
        self.first_day[at] = self.first_day[at].min(day);
        self.last_day[at] = self.last_day[at].max(day);
    }

    /// Adds the sums of another; `translate` converts its keys to codes of this one.
    pub(super) fn merge(&mut self, other: &Self, translate: impl Fn(&[u32; N]) -> [u32; N]) {
        let places: Vec<u32> =
            other.numbers.keys().iter().map(|key| self.place(translate(key))).collect();
        self.overflowed |=
            other.overflowed | !add_amounts(&mut self.amounts, &places, &other.amounts);
        for (from, at) in places.iter().map(|at| index(*at)).enumerate() {
            for (mine, theirs) in self.unknown.iter_mut().zip(&other.unknown) {
                mine[at] += theirs[from];
            }
            self.line_items[at] += other.line_items[from];
            self.first_day[at] = self.first_day[at].min(other.first_day[from]);
            self.last_day[at] = self.last_day[at].max(other.last_day[from]);
        }
    }

    /// Returns the keys, each at the place of its sums.
    pub(super) fn keys(&self) -> &[[u32; N]] {
        self.numbers.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(amounts: &[i128]) -> SumsByKey<1> {
        let mut sums = SumsByKey::default();
        for amount in amounts {
            let place = sums.place([7]);
            let amounts = std::array::from_fn(|_| vec![*amount].into());
            sums.add(&[place], &Batch { amounts, unknown: Default::default(), day: &[0] });
        }
        sums
    }

    #[test]
    fn a_sum_that_does_not_fit_is_remembered() {
        assert!(sums(&[i128::MAX, -5, 5]).fit());
        assert!(!sums(&[i128::MAX, 1, -1]).fit(), "on the way");
        let mut merged = sums(&[i128::MAX]);
        merged.merge(&sums(&[0]), |key| *key);
        assert!(merged.fit());
        merged.merge(&sums(&[1]), |key| *key);
        assert!(!merged.fit());
        let mut merged = sums(&[1]);
        merged.merge(&sums(&[i128::MAX, 1]), |key| *key);
        assert!(!merged.fit(), "of the other");
        let mut parts = sums(&[i128::MIN]);
        parts.add_part(0, [-1; MEASURED], [false; UNKNOWNS], 0);
        assert!(!parts.fit());
    }
}
