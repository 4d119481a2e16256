//! Detection of files that may contain the same charges.
//!
//! A bill is often present twice: as a copy, unpacked next to the compressed file, as an earlier
//! run of the same export, or from a second export. File names do not show this. So each line item
//! with a cost has fingerprints:
//!
//! - of the **row**: all values that are read. If most rows of one file are also in another, the
//!   same charges would be counted twice.
//! - of its **key**: what is charged on which day (account, service, meter, resource), without
//!   amounts. If two files have the same keys with the same counts and at the same hours, they are
//!   two runs of one export, even if all amounts were restated. Parts of one export have different
//!   keys, or the same keys with different counts if one charge's rows are spread over them.
//! - of its **amounts** only: if hundreds of amounts that occur once are also in another file, its
//!   charges are there under different names.
//!
//! Rows and keys contain their hour or day, so that exports that overlap on a few days are found by
//! these days.
//!
//! For each file, account, and period, the smallest fingerprints are stored. They are a random
//! sample that is the same in both files (bottom-k sketch: Cohen and Kaplan, "Summarizing data
//! using bottom-k sketches", PODC 2007). Small files are known in full.
//!
//! This finds suspects. Reading the files again decides whether they contain the same charges.

use super::sketch::{ENOUGH, Entry, Sketch};

/// Number of fingerprints stored per file, account, and period: of rows, of keys, and of amounts,
/// if there are few files. Chosen: 32 KiB each.
pub(super) const SAMPLE: usize = 2048;
/// Smallest number of fingerprints stored if there are many files.
pub(super) const LEAST: usize = 64;
/// Share of the smaller file's distinct rows that the other file has as many times, percent. Low,
/// because exports may overlap on only some days. Chosen.
const SAME_ROWS_PCT: u64 = 25;
/// Share of the smaller file's rows that the other file has at least as many times, percent.
/// Chosen.
const ROWS_PCT: u64 = 50;
/// Share of the smaller file's rows whose keys the other file has as many times and at the same
/// hours, percent. If the rows of a key are spread over two files at random, at most 50 % match:
/// two rows per key, one in each file. Chosen between that and 100 %.
const SAME_KEYS_PCT: u64 = 60;
/// Share of the keys of a daily file that the other file has in more rows, percent. Chosen.
const FINER_KEYS_PCT: u64 = 50;
/// Share of rows that cover a day or more: at least this much in a daily file, at most this much in
/// an hourly one, percent. Chosen.
const DAYS_PCT: u64 = 95;
const HOURS_PCT: u64 = 50;
/// Shares of the rows and of the keys at an hour or day, on the side with fewer of them, from which
/// both files are considered to contain that time, percent. If keys with two rows each are spread
/// over two files, half of them match by chance, and sometimes more. Chosen.
const TIME_ROWS_PCT: u64 = 50;
const TIME_KEYS_PCT: u64 = 80;
/// Number of amounts that occur once, from which they indicate the same charges under different
/// names; the share of them that the other file has, percent; and the smallest number of days with
/// such amounts, which excludes fixed prices that recur each day. Chosen.
const OWN_AMOUNTS: usize = 30;
const OWN_AMOUNTS_PCT: usize = 90;
pub(super) const OWN_AMOUNTS_DAYS: i32 = 3;

/// Fingerprints of a charge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Print {
    pub(super) row: u64,
    pub(super) key: u64,
    /// Fingerprint of the billed and effective amounts.
    pub(super) amounts: u64,
    /// First day, days since 1970.
    pub(super) day: i32,
    /// Fingerprint of the start hour and the covered hours.
    pub(super) hours: u32,
    /// Whether it covers a day or more.
    pub(super) is_long: bool,
}

/// Sample of the charges of one file, account, and period.
#[derive(Clone, Debug, Default)]
pub(super) struct Charges {
    count: u64,
    long: u64,
    pub(super) rows: Sketch,
    pub(super) keys: Sketch,
    pub(super) amounts: Sketch,
    /// First and last start day of the charges, days since 1970.
    days: Option<(i32, i32)>,
}

impl Charges {
    /// Adds a charge. At least `sample` fingerprints remain stored, if there are so many.
    #[inline]
    pub(super) fn add(&mut self, print: Print, sample: usize) {
        self.count += 1;
        self.long += u64::from(print.is_long);
        self.rows.keep(Entry { print: print.row, times: 1, hours: 0 }, sample);
        self.keys.keep(Entry { print: print.key, times: 1, hours: print.hours }, sample);
        self.amounts.keep(Entry { print: print.amounts, times: 1, hours: 0 }, sample);
        self.cover(Some((print.day, print.day)));
    }

    fn cover(&mut self, days: Option<(i32, i32)>) {
        self.days = match (self.days, days) {
            (Some((first, last)), Some((from, to))) => Some((first.min(from), last.max(to))),
            (one, other) => one.or(other),
        };
    }

    /// Returns the number of charges.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Returns the number of stored fingerprints.
    pub(super) fn stored(&self) -> usize {
        [&self.rows, &self.keys, &self.amounts].map(Sketch::stored).iter().sum()
    }

    /// Retains the smallest `sample` fingerprints of each kind, in order.
    pub(super) fn cut(&mut self, sample: usize) {
        self.rows.cut(sample);
        self.keys.cut(sample);
        self.amounts.cut(sample);
    }

    /// Adds the charges of another part of the same file, or of another file.
    pub(super) fn merge(&mut self, other: &Self, sample: usize) {
        self.count += other.count;
        self.long += other.long;
        self.rows.merge(&other.rows, sample);
        self.keys.merge(&other.keys, sample);
        self.amounts.merge(&other.amounts, sample);
        self.cover(other.days);
    }

    /// Returns whether the daily charges of `self` may be the hourly charges of the other file.
    fn may_be_days_of(&self, other: &Self) -> bool {
        let whole_days =
            self.long * 100 >= self.count * DAYS_PCT && other.long * 100 <= other.count * HOURS_PCT;
        let keys = self.keys.shared(&other.keys);
        whole_days && keys.finer > 0 && keys.finer * 100 >= keys.different * FINER_KEYS_PCT
    }

    /// Returns whether its amounts change from day to day, so that they distinguish charges.
    pub(super) fn has_own_amounts(&self) -> bool {
        let is_long = self.days.is_some_and(|(first, last)| last - first >= OWN_AMOUNTS_DAYS);
        is_long && self.amounts.single().take(OWN_AMOUNTS).count() == OWN_AMOUNTS
    }

    /// Returns whether the amounts of `self` that occur once are among those of the other file.
    pub(super) fn may_be_renamed(&self, other: &Self) -> bool {
        let limit = self.amounts.known_to().min(other.amounts.known_to());
        let (mut own, mut same, mut at) = (0, 0, 0);
        let right = other.amounts.up_to(limit);
        for print in self.amounts.single().take_while(|print| *print <= limit) {
            own += 1;
            while right.get(at).is_some_and(|e| e.print < print) {
                at += 1;
            }
            same += usize::from(right.get(at).is_some_and(|e| e.print == print));
        }
        same >= OWN_AMOUNTS && same * 100 >= own * OWN_AMOUNTS_PCT
    }

    /// Returns a common divisor of the counts of all row fingerprints and of `of_others`, which is
    /// 0 if there are no others. Before a cut, the sample may contain the same charge several
    /// times.
    pub(super) fn times_over(&self, of_others: u32) -> u32 {
        if of_others == 1 {
            return 1;
        }
        let mut rows = self.rows.clone();
        rows.cut(SAMPLE);
        rows.up_to(u64::MAX).iter().fold(of_others, |all, e| common_divisor(all, e.times))
    }

    /// Returns the number of distinct row fingerprints stored.
    pub(super) fn different(&self) -> u64 {
        u64::try_from(self.rows.stored()).unwrap_or(u64::MAX)
    }
}

fn common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Reason why two files may contain the same charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Suspicion {
    /// Rows or keys are the same.
    Same,
    /// Rows or keys of some hours or days are the same.
    Overlap,
    /// The first file has daily charges for the second file's hourly charges.
    DaysOfHours,
    /// The second file has daily charges for the first file's hourly charges.
    HoursOfDays,
}

/// Returns why the charges of `small` may be among those of `large`; `None` if no sign was found.
pub(super) fn suspicion(small: &Charges, large: &Charges) -> Option<Suspicion> {
    let rows = small.rows.shared(&large.rows);
    let keys = small.keys.shared(&large.keys);
    let same = (rows.same > 0 && rows.same * 100 >= rows.different * SAME_ROWS_PCT)
        || (rows.rows_there > 0 && rows.rows_there * 100 >= rows.rows * ROWS_PCT)
        || (keys.rows_same > 0 && keys.rows_same * 100 >= keys.rows * SAME_KEYS_PCT);
    if same {
        return Some(Suspicion::Same);
    }
    if small.may_be_days_of(large) {
        return Some(Suspicion::DaysOfHours);
    }
    if large.may_be_days_of(small) {
        return Some(Suspicion::HoursOfDays);
    }
    let rows_overlap = rows.same >= ENOUGH && small.rows.overlaps(&large.rows, TIME_ROWS_PCT);
    let keys_overlap = || keys.same >= ENOUGH && small.keys.overlaps(&large.keys, TIME_KEYS_PCT);
    (rows_overlap || keys_overlap()).then_some(Suspicion::Overlap)
}

#[cfg(test)]
mod tests {
    use super::super::sketch::timed;
    use super::*;

    /// Returns a charge with a key at an hour, with an amount.
    fn charge((key, hour, amount): (u64, u32, u64)) -> Print {
        let mix = |n: u64| (n ^ (n >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let row = timed(mix(mix(key) ^ mix(amount + 7) ^ u64::from(hour)), i64::from(hour));
        let (amounts, is_long) = (mix(amount), hour == 0);
        Print {
            row,
            key: timed(mix(key), i64::from(hour / 24)),
            amounts,
            day: 0,
            hours: hour,
            is_long,
        }
    }

    fn of(charges: impl IntoIterator<Item = (u64, u32, u64)>) -> Charges {
        let mut all = Charges::default();
        charges.into_iter().for_each(|c| all.add(charge(c), SAMPLE));
        all.cut(SAMPLE);
        all
    }

    /// Returns charges with these keys that cost 1 each.
    fn keys(keys: impl IntoIterator<Item = u64>) -> Charges {
        of(keys.into_iter().map(|k| (k, 0, 1)))
    }

    #[test]
    fn copies_and_runs_are_suspect() {
        let same = |a: &Charges, b: &Charges| suspicion(a, b) == Some(Suspicion::Same);
        assert!(same(&keys(0..10), &keys(0..10)), "a copy");
        assert!(same(&keys([7]), &keys(0..100)), "an earlier run of one charge");
        assert!(
            same(&keys(0..30), &keys((0..30).chain(40..60).skip(8))),
            "an earlier run, corrected since"
        );
        assert!(same(&keys(0..10_000), &keys(0..300_000)), "large ones");
        assert!(
            same(&of((0..500).map(|k| (k, 0, 1))), &of((0..900).map(|k| (k, 0, 2)))),
            "all amounts restated"
        );
    }

    #[test]
    fn parts_of_an_export_are_not() {
        let none = |a: &Charges, b: &Charges| suspicion(a, b).is_none();
        assert!(none(&keys(0..10), &keys(10..20)), "other keys");
        assert!(none(&keys(0..100), &keys(90..300)), "some charges that are alike");
        assert!(none(&keys(0..100_000), &keys(100_000..300_000)), "large ones");
        // Four rows per key with different amounts, spread over two files at random.
        let part = |odd: bool| {
            let rows = (0..4_000).flat_map(|k| (0..4).map(move |n| (k, 0, n)));
            of(rows.filter(move |(k, _, n)| {
                (k * 31 + n * 17 + k * n * 7) % 8 < 4 && odd
                    || (k * 31 + n * 17 + k * n * 7) % 8 >= 4 && !odd
            }))
        };
        assert!(none(&part(true), &part(false)), "keys spread over the parts");
        let hour = |h: u32| of((0..300).map(|k| (k, h + 1, 1)));
        assert!(none(&hour(1), &hour(2)), "a file an hour");
    }

    #[test]
    fn a_few_days_that_both_have_are_suspect() {
        let days = |from: u32, to: u32, of_day: u64, amount: u64| {
            of((from..to).flat_map(move |d| {
                (0..of_day).map(move |k| (u64::from(d) * 10_000 + k, d * 24 + 1, amount))
            }))
        };
        for of_day in [20, 4_000] {
            let first = days(0, 15, of_day, 1);
            assert_eq!(suspicion(&first, &days(14, 30, of_day, 1)), Some(Suspicion::Overlap));
            assert_eq!(
                suspicion(&first, &days(14, 30, of_day, 2)),
                Some(Suspicion::Overlap),
                "restated"
            );
            assert_eq!(suspicion(&first, &days(15, 30, of_day, 1)), None);
        }
        // One of eight rows is also in another part.
        let part = |odd: bool| {
            of((0..30_000_u64).filter(move |k| k % 16 == 0 || (k % 2 == 0) == odd).map(|k| {
                let hour = u32::try_from(k / 16 % 30).unwrap_or(0) * 24;
                (k, hour, 1)
            }))
        };
        assert_eq!(suspicion(&part(true), &part(false)), None);
    }

    #[test]
    fn amounts_that_change_distinguish_charges_of_other_names() {
        let named = |name: u64, days: std::ops::Range<u32>, amount: &dyn Fn(u64) -> u64| {
            let mut all = Charges::default();
            for (day, key) in days.flat_map(|d| (0..20).map(move |k| (d, k))) {
                let price = amount(u64::from(day) * 100 + key);
                let print =
                    charge((name * 1_000_000 + u64::from(day) * 100 + key, day * 24, price));
                all.add(Print { day: i32::try_from(day).unwrap_or(0), ..print }, SAMPLE);
            }
            all.cut(SAMPLE);
            all
        };
        let (used, fixed) = (|n: u64| n * 7 + 1, |n: u64| n % 100);
        let may_be = |a: &Charges, b: &Charges| a.has_own_amounts() && a.may_be_renamed(b);
        assert!(may_be(&named(1, 0..30, &used), &named(2, 0..30, &used)));
        assert!(!may_be(&named(1, 0..30, &fixed), &named(2, 0..30, &fixed)), "fixed prices");
        assert!(
            !may_be(&named(1, 0..1, &fixed), &named(2, 1..2, &fixed)),
            "fixed prices, a file a day"
        );
        assert!(!may_be(&named(1, 0..15, &used), &named(2, 15..30, &used)), "other amounts");
    }

    #[test]
    fn days_beside_hours_are_suspect() {
        let days = of((0..50).map(|k| (k, 0, 24)));
        let hours = of((0..50).flat_map(|k| (1..25).map(move |h| (k, h, 1))));
        assert_eq!(suspicion(&days, &hours), Some(Suspicion::DaysOfHours));
        assert_eq!(suspicion(&hours, &days), Some(Suspicion::HoursOfDays));
        let others = of((50..90).flat_map(|k| (1..25).map(move |h| (k, h, 1))));
        assert_eq!(suspicion(&days, &others), None, "storage by the day, compute by the hour");
    }

    #[test]
    fn parts_of_a_file_add_up() {
        let mut parts = keys(0..20_000);
        parts.merge(&keys(20_000..50_000), SAMPLE);
        parts.cut(SAMPLE);
        let complete = keys(0..50_000);
        assert_eq!(parts.rows.up_to(u64::MAX), complete.rows.up_to(u64::MAX));
        assert_eq!((parts.count(), parts.times_over(0)), (50_000, 1));
        assert_eq!(keys((0..30).chain(0..30).chain(0..30)).times_over(0), 3);
    }
}
