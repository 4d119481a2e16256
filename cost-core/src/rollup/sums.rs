//! Sums by key, computed column by column.

use std::borrow::Cow;

use super::fingerprint::Prints;
use super::keys::MEASURES;
use super::numbers::{Numbers, index};

/// Measures that are added up: see [`MEASURES`].
pub(super) const MEASURED: usize = MEASURES.len();

/// How many of them can be unknown: `ListCost`, `ContractedCost` and `PricingQuantity`.
pub(super) const UNKNOWNS: usize = 3;

/// Combinations of `N` codes, numbered in the order in which they were met, with their
/// fingerprints.
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
    /// The number of a combination, a new one if need be; `print` makes its fingerprints then.
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

    /// The fingerprints of a number.
    #[inline]
    pub(super) fn prints(&self, number: u32) -> Prints {
        self.prints[index(number)]
    }

    /// The combination of a number.
    #[inline]
    pub(super) fn codes(&self, number: u32) -> &[u32; N] {
        &self.numbers.keys()[index(number)]
    }

    /// All combinations, by their numbers.
    #[inline]
    pub(super) fn all(&self) -> &[[u32; N]] {
        self.numbers.keys()
    }

    /// For each combination of `other`, the number of what `translate` makes of it here.
    pub(super) fn adopt(
        &mut self,
        other: &Self,
        translate: impl Fn(&[u32; N]) -> [u32; N],
    ) -> Vec<u32> {
        let all = other.numbers.keys().iter().zip(&other.prints);
        all.map(|(codes, print)| self.number(translate(codes), |_| *print)).collect()
    }
}

/// Where a row goes that is in no sum.
pub(super) const NOWHERE: u32 = u32::MAX;

/// What is added up of a batch of line items: a value a row, null as 0.
pub(super) struct Batch<'a> {
    pub(super) amounts: [Cow<'a, [i128]>; MEASURED],
    /// Where each of those that can be unknown is null; `None` if nowhere.
    pub(super) unknown: [Option<Vec<bool>>; UNKNOWNS],
    /// Days since 1970.
    pub(super) day: &'a [i32],
}

/// Sums by keys of `N` codes: Σ of the measures in 10⁻¹² units, line items in which some of them
/// were null, line items, first and last day.
///
/// A sum that does not fit 128 bits is kept in mind, and wrong from then on: whoever uses the sums
/// asks [`SumsByKey::fit`] first.
///
/// Columns, not rows: a pass over one measure touches 16 bytes a key, so that the sums of a chunk
/// stay in the processor's second-level cache.
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
    /// The place of a key, a new one if need be.
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

    /// Whether all sums fit 128 bits.
    #[inline]
    pub(super) fn fit(&self) -> bool {
        !self.overflowed
    }

    /// Adds a batch; `places` has a place for each of its rows, or [`NOWHERE`].
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

    /// Adds to one place a part of a line item that is counted elsewhere: what it costs on another
    /// day.
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

    /// Takes over the sums of another; `translate` gives its keys in codes of this one.
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

    /// The keys, each at the place of its sums.
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
    fn a_sum_that_does_not_fit_is_kept_in_mind() {
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
