//! Detection of files with the same charges under different names of a provider, service, resource,
//! or account.
//!
//! Two exports of a charge can have different names in every column, but its cost is the same. Two
//! files never share hundreds of amounts that occur once and change from day to day by chance.
//! Fixed prices occur in many files and repeat each day, so they do not count. Charges of two
//! different named accounts or services do not count either, regardless of their cost.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::charge::Charge;
use super::fingerprint::DAY;
use super::guard::{Charges, OWN_AMOUNTS_DAYS};

/// Number of the smallest amounts of a file that are looked up in the others, and how many of them
/// another file must have to be compared. Chosen.
const LOOKED_UP: usize = 16;
const FOUND: usize = 12;
/// Largest number of files with the same amount. An amount in more files does not indicate its
/// origin. Chosen.
const IN_FILES: usize = 16;
/// Number of the smaller side's amounts that occur once from which they are significant; the share
/// of them that the other side has, and the same share of all its charges, percent. Chosen: below
/// that, charges differ by more than their names.
const ENOUGH: u64 = 30;
const SAME_PCT: u64 = 95;
/// Most occurrences on the larger side of an amount that the smaller side has once: other charges
/// may cost the same by chance. Chosen.
const MOST_TIMES: u64 = 2;

/// Pairs of files, by position in the list. The amounts of the first may be among those of the
/// second.
pub(super) fn pairs(all: &[(&str, &Charges)]) -> Vec<(usize, usize)> {
    let own: Vec<bool> = all.iter().map(|(_, charges)| charges.has_own_amounts()).collect();
    let mut owners: Vec<(u64, usize)> = Vec::new();
    for (at, (_, charges)) in all.iter().enumerate().filter(|(at, _)| own[*at]) {
        owners.extend(charges.amounts.up_to(u64::MAX).iter().map(|e| (e.print, at)));
    }
    owners.sort_unstable();
    let mut found = Vec::new();
    for (at, (file, charges)) in all.iter().enumerate().filter(|(at, _)| own[*at]) {
        let mut others: BTreeMap<usize, usize> = BTreeMap::new();
        for print in charges.amounts.single().take(LOOKED_UP) {
            let from = owners.partition_point(|(p, _)| *p < print);
            let same = owners[from..].iter().take_while(|(p, _)| *p == print).take(IN_FILES);
            same.filter(|(_, other)| *other != at)
                .for_each(|(_, other)| *others.entry(*other).or_default() += 1);
        }
        for (other, count) in others {
            let (also, large) = all[other];
            let is_smaller = (charges.count(), at) < (large.count(), other);
            if count >= FOUND && is_smaller && also != *file && charges.may_be_renamed(large) {
                found.push((at, other));
            }
        }
    }
    found
}

/// Amount on both sides, and its first charge on the smaller side.
struct Seen {
    small: u64,
    large: u64,
    /// Number of charges of the larger side that may be this one.
    may_be: u64,
    sub_account: u64,
    service: u64,
    start: i64,
}

/// Amounts of two sides, regardless of names.
#[derive(Default)]
pub(super) struct Amounts {
    one_in: u64,
    seen: HashMap<u64, Seen, foldhash::fast::FixedState>,
    /// Number of charges of both sides.
    all: [u64; 2],
}

impl Amounts {
    /// Returns the amounts of a sample of one in `one_in`.
    pub(super) fn of(one_in: u64) -> Self {
        Self { one_in, ..Self::default() }
    }

    pub(super) fn add(&mut self, of_large: bool, charge: &Charge) {
        self.all[usize::from(of_large)] += 1;
        if self.one_in > 1 && !(charge.amounts >> 20).is_multiple_of(self.one_in) {
            return;
        }
        let Charge { sub_account, service, start, .. } = *charge;
        if !of_large {
            let new = Seen { small: 0, large: 0, may_be: 0, sub_account, service, start };
            self.seen.entry(charge.amounts).or_insert(new).small += 1;
        } else if let Some(seen) = self.seen.get_mut(&charge.amounts) {
            seen.large += 1;
            let is_account =
                seen.sub_account == 0 || sub_account == 0 || seen.sub_account == sub_account;
            let is_service = seen.service == 0 || service == 0 || seen.service & service != 0;
            // Exporters differ in the start of a day.
            let is_time = seen.start.saturating_sub(start).saturating_abs() < DAY;
            seen.may_be += u64::from(is_account && is_service && is_time);
        }
    }

    /// Returns the share of the smaller side's amounts that both have, percent; `None` if there are
    /// too few.
    pub(super) fn same(&self) -> Option<u64> {
        let own: Vec<&Seen> =
            self.seen.values().filter(|s| s.small == 1 && s.large <= MOST_TIMES).collect();
        let same: Vec<&Seen> = own.iter().copied().filter(|s| s.may_be > 0).collect();
        let days: BTreeSet<i64> = same.iter().map(|s| s.start.div_euclid(DAY)).collect();
        let is_long = days
            .first()
            .zip(days.last())
            .is_some_and(|(from, to)| to - from >= i64::from(OWN_AMOUNTS_DAYS));
        let (different, alike) = (count(own.len()), count(same.len()));
        let charges: u64 = self.seen.values().map(|s| s.small).sum();
        let there: u64 = self.seen.values().map(|s| s.small.min(s.large)).sum();
        let is_same = alike >= ENOUGH
            && alike * 100 >= different * SAME_PCT
            && there * 100 >= charges * SAME_PCT;
        (is_long && is_same).then(|| there * 100 / charges)
    }

    /// Returns whether the larger side has all amounts of the smaller one, and whether it has no
    /// others.
    pub(super) fn contained(&self) -> (bool, bool) {
        let contained = self.seen.values().all(|s| s.large >= s.small);
        (contained, contained && self.all[0] == self.all[1])
    }
}

fn count(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns twenty charges on each of ten days, with an amount by day and number.
    fn charges(change: impl Fn(&mut Charge), amount: impl Fn(u64, u64) -> u64) -> Vec<Charge> {
        let of = |day: u64, n: u64| {
            let start = i64::try_from(day).unwrap_or(0) * DAY;
            let amounts = amount(day, n) << 20;
            let mut one = Charge {
                place: 0,
                day: 0,
                id: 0,
                id_of_day: 0,
                row: 0,
                cost: 1,
                amounts,
                has_resource: true,
                start,
                sub_account: 7,
                service: 0b11,
            };
            change(&mut one);
            one
        };
        (0..10).flat_map(|day| (0..20).map(move |n| (day, n))).map(|(day, n)| of(day, n)).collect()
    }

    fn same(small: &[Charge], large: &[Charge]) -> Option<u64> {
        let mut amounts = Amounts::of(1);
        for (side, of) in [(false, small), (true, large)] {
            for charge in of {
                amounts.add(side, charge);
            }
        }
        amounts.same()
    }

    #[test]
    fn used_amounts_distinguish_charges_and_fixed_prices_do_not() {
        let used = |day: u64, n: u64| day * 100 + n;
        let small = charges(|_| (), used);
        let large = |change: &dyn Fn(&mut Charge)| same(&small, &charges(change, used));
        assert_eq!(large(&|_| ()), Some(100));
        assert_eq!(large(&|c| c.sub_account = 0), Some(100), "an account that is not said");
        assert_eq!(
            large(&|c| c.service = 0b10),
            Some(100),
            "a service of which the name is longer"
        );
        assert_eq!(large(&|c| c.start += DAY / 3), Some(100), "another midnight");
        assert_eq!(large(&|c| c.start += DAY), None, "another day");
        assert_eq!(large(&|c| c.sub_account = 8), None, "another account");
        assert_eq!(large(&|c| c.service = 0b100), None, "another service");
        let fixed = charges(|_| (), |_, n| n);
        assert_eq!(same(&fixed, &fixed), None);
    }
}
