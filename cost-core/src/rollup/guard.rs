//! Whether two files may hold the same charges.
//!
//! A bill is often there twice: as a copy, unpacked beside the packed file, as an earlier run of the same export, from a second export.
//! Names do not tell. So each line item with a cost has two fingerprints:
//!
//! - of the **row**: everything that is read of it. If most of one file's are another's, the same charges would be counted twice.
//! - of its **key**: what is charged on which day (account, service, meter, resource), without amounts. If two files have the same keys as
//!   many times and at the same hours, they are two runs of one export, though all amounts were restated. Parts of one export have other
//!   keys; where one charge's rows are spread over them, they have them in other numbers.
//!
//! Of each file, account and period the smallest fingerprints are kept. They are a random sample that is the same in both files (bottom-k
//! sketch: Cohen and Kaplan, "Summarizing data using bottom-k sketches", PODC 2007). Small files are known in full.
//!
//! This finds suspects; whether they are the same charges is decided by reading them again.

/// Fingerprints kept of each file, account and period, of rows and of keys, if these are few. Chosen: 32 KiB each.
pub(super) const SAMPLE: usize = 2048;
/// The least that are kept where they are many.
pub(super) const LEAST: usize = 64;
/// Share of the smaller file's different rows that the other has as many times, percent. Low, since exports can overlap in some days only.
/// Chosen.
const SAME_ROWS_PCT: u64 = 25;
/// Share of the smaller file's rows that the other has at least as many times, percent. Chosen.
const ROWS_PCT: u64 = 50;
/// Share of the smaller file's rows whose keys the other has as many times and at the same hours, percent. Of keys whose rows are spread over
/// two files at random, at most 50 % are: two rows a key, one in each. Chosen between that and all.
const SAME_KEYS_PCT: u64 = 60;
/// Share of the keys of a file of whole days that the other has in more rows, percent. Chosen.
const FINER_KEYS_PCT: u64 = 50;
/// Share of rows of a day or more by which a file is one of whole days, percent, and up to which it is one of hours. Chosen.
const DAYS_PCT: u64 = 95;
const HOURS_PCT: u64 = 50;

/// Fingerprints of a charge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Print {
    pub(super) row: u64,
    pub(super) key: u64,
    /// Of the hour it begins and the hours it covers.
    pub(super) hours: u32,
    /// Whether it covers a day or more.
    pub(super) is_long: bool,
}

/// One fingerprint of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) print: u64,
    /// How many charges have it.
    pub(super) times: u32,
    /// Σ of their hours' fingerprints, wrapping.
    hours: u32,
}

/// The smallest fingerprints of charges.
#[derive(Clone, Debug, Default)]
pub(super) struct Sketch {
    /// Not sorted, and one may be there several times, until [`Sketch::cut`].
    sample: Vec<Entry>,
    /// Fingerprints above it are not in the sample.
    limit: Option<u64>,
}

impl Sketch {
    fn keep(&mut self, one: Entry, sample: usize) {
        if self.limit.is_some_and(|limit| one.print > limit) {
            return;
        }
        // Many charges can be alike: the same again needs no place.
        if let Some(last) = self.sample.last_mut().filter(|last| last.print == one.print) {
            last.times = last.times.saturating_add(one.times);
            last.hours = last.hours.wrapping_add(one.hours);
            return;
        }
        self.sample.push(one);
        if self.sample.len() >= 2 * sample {
            self.cut(sample);
        }
    }

    /// Keeps the smallest `sample`, in order and each once.
    fn cut(&mut self, sample: usize) {
        self.sample.sort_unstable();
        self.sample.dedup_by(|again, first| {
            let same = again.print == first.print;
            if same {
                first.times = first.times.saturating_add(again.times);
                first.hours = first.hours.wrapping_add(again.hours);
            }
            same
        });
        if self.sample.len() > sample {
            self.sample.truncate(sample);
            self.limit = self.sample.last().map(|e| e.print);
        }
    }

    fn merge(&mut self, other: &Self, sample: usize) {
        self.limit = match (self.limit, other.limit) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if let Some(limit) = self.limit {
            self.sample.retain(|e| e.print <= limit);
        }
        other.sample.iter().for_each(|one| self.keep(*one, sample));
    }

    /// The sample up to a limit. In order.
    pub(super) fn up_to(&self, limit: u64) -> &[Entry] {
        &self.sample[..self.sample.partition_point(|e| e.print <= limit)]
    }

    /// The greatest fingerprint of which is known whether it is there.
    pub(super) fn known_to(&self) -> u64 {
        self.limit.unwrap_or(u64::MAX)
    }

    /// What of this one's sample is in the other's. Both are in order.
    fn shared(&self, other: &Self) -> Shared {
        let limit = self.known_to().min(other.known_to());
        let (left, right) = (self.up_to(limit), other.up_to(limit));
        let (mut at, mut shared) = (0, Shared::default());
        for one in left {
            let times = u64::from(one.times);
            shared.different += 1;
            shared.rows += times;
            while right.get(at).is_some_and(|e| e.print < one.print) {
                at += 1;
            }
            let Some(also) = right.get(at).filter(|e| e.print == one.print) else { continue };
            at += 1;
            shared.rows_there += u64::from(one.times.min(also.times));
            shared.finer += u64::from(also.times >= one.times.saturating_mul(2));
            if (one.times, one.hours) == (also.times, also.hours) {
                shared.same += 1;
                shared.rows_same += times;
            }
        }
        shared
    }
}

/// What of one sample is in another.
#[derive(Clone, Copy, Debug, Default)]
struct Shared {
    /// Fingerprints compared, and the rows that have them.
    different: u64,
    rows: u64,
    /// Rows that the other has too.
    rows_there: u64,
    /// Fingerprints that the other has as many times and at the same hours, and the rows that have them.
    same: u64,
    rows_same: u64,
    /// Fingerprints that the other has at least twice as many times.
    finer: u64,
}

/// What is known of the charges of one file, account and period.
#[derive(Clone, Debug, Default)]
pub(super) struct Charges {
    count: u64,
    long: u64,
    pub(super) rows: Sketch,
    pub(super) keys: Sketch,
}

impl Charges {
    /// Adds a charge, and keeps `sample` fingerprints at least, if there are so many.
    pub(super) fn add(&mut self, print: Print, sample: usize) {
        self.count += 1;
        self.long += u64::from(print.is_long);
        self.rows.keep(Entry { print: print.row, times: 1, hours: 0 }, sample);
        self.keys.keep(Entry { print: print.key, times: 1, hours: print.hours }, sample);
    }

    /// Charges.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Fingerprints kept.
    pub(super) fn kept(&self) -> usize {
        self.rows.sample.len() + self.keys.sample.len()
    }

    /// Keeps the smallest `sample` of each, in order.
    pub(super) fn cut(&mut self, sample: usize) {
        self.rows.cut(sample);
        self.keys.cut(sample);
    }

    /// Adds those of another part of the same file, or of another file.
    pub(super) fn merge(&mut self, other: &Self, sample: usize) {
        self.count += other.count;
        self.long += other.long;
        self.rows.merge(&other.rows, sample);
        self.keys.merge(&other.keys, sample);
    }

    /// Whether charges of whole days (`self`) may be those of hours in the other.
    fn may_be_days_of(&self, other: &Self) -> bool {
        let whole_days = self.long * 100 >= self.count * DAYS_PCT && other.long * 100 <= other.count * HOURS_PCT;
        let keys = self.keys.shared(&other.keys);
        whole_days && keys.finer > 0 && keys.finer * 100 >= keys.different * FINER_KEYS_PCT
    }

    /// A number that divides how often each fingerprint of a row is there, and `of_others`, which is 0 if there are none. The same charge
    /// may be in the sample several times over until it is cut.
    pub(super) fn times_over(&self, of_others: u32) -> u32 {
        if of_others == 1 {
            return 1;
        }
        let mut rows = self.rows.clone();
        rows.cut(SAMPLE);
        rows.sample.iter().fold(of_others, |all, e| common_divisor(all, e.times))
    }

    /// Different fingerprints of rows that are kept.
    pub(super) fn different(&self) -> u64 {
        u64::try_from(self.rows.sample.len()).unwrap_or(u64::MAX)
    }
}

fn common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Why two files may hold the same charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Suspicion {
    /// Rows or keys are the same.
    Same,
    /// The first has by the day what the second has by the hour.
    DaysOfHours,
    /// The second has by the day what the first has by the hour.
    HoursOfDays,
}

/// Why the charges of `small` may be among those of `large`; `None` if nothing speaks for it.
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
    large.may_be_days_of(small).then_some(Suspicion::HoursOfDays)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A charge of a key at an hour, with an amount.
    fn charge((key, hour, amount): (u64, u32, u64)) -> Print {
        let mix = |n: u64| (n ^ (n >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Print { row: mix(mix(key) ^ mix(amount + 7) ^ u64::from(hour)), key: mix(key), hours: hour, is_long: hour == 0 }
    }

    fn of(charges: impl IntoIterator<Item = (u64, u32, u64)>) -> Charges {
        let mut all = Charges::default();
        charges.into_iter().for_each(|c| all.add(charge(c), SAMPLE));
        all.cut(SAMPLE);
        all
    }

    /// Charges of these keys that cost 1 each.
    fn keys(keys: impl IntoIterator<Item = u64>) -> Charges {
        of(keys.into_iter().map(|k| (k, 0, 1)))
    }

    #[test]
    fn copies_and_runs_are_suspect() {
        let same = |a: &Charges, b: &Charges| suspicion(a, b) == Some(Suspicion::Same);
        assert!(same(&keys(0..10), &keys(0..10)), "a copy");
        assert!(same(&keys([7]), &keys(0..100)), "an earlier run of one charge");
        assert!(same(&keys(0..30), &keys((0..30).chain(40..60).skip(8))), "an earlier run, corrected since");
        assert!(same(&keys(0..10_000), &keys(0..300_000)), "large ones");
        assert!(same(&of((0..500).map(|k| (k, 0, 1))), &of((0..900).map(|k| (k, 0, 2)))), "all amounts restated");
    }

    #[test]
    fn parts_of_an_export_are_not() {
        let none = |a: &Charges, b: &Charges| suspicion(a, b).is_none();
        assert!(none(&keys(0..10), &keys(10..20)), "other keys");
        assert!(none(&keys(0..100), &keys(90..300)), "some charges that are alike");
        assert!(none(&keys(0..100_000), &keys(100_000..300_000)), "large ones");
        // Four rows of each key, with amounts of their own, over two files by no rule.
        let part = |odd: bool| {
            let rows = (0..4_000).flat_map(|k| (0..4).map(move |n| (k, 0, n)));
            of(rows.filter(move |(k, _, n)| {
                (k * 31 + n * 17 + k * n * 7) % 8 < 4 && odd || (k * 31 + n * 17 + k * n * 7) % 8 >= 4 && !odd
            }))
        };
        assert!(none(&part(true), &part(false)), "keys spread over the parts");
        let hour = |h: u32| of((0..300).map(|k| (k, h + 1, 1)));
        assert!(none(&hour(1), &hour(2)), "a file an hour");
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
        let whole = keys(0..50_000);
        assert_eq!(parts.rows.up_to(u64::MAX), whole.rows.up_to(u64::MAX));
        assert_eq!((parts.count(), parts.times_over(0)), (50_000, 1));
        assert_eq!(keys((0..30).chain(0..30).chain(0..30)).times_over(0), 3);
    }
}
