//! [`Sketch`]: the smallest fingerprints of a file's charges, and their overlap between two files.

use std::collections::HashMap;

/// Different charges that two files must share before they are taken for the same ones. Fewer can
/// be alike by chance. Chosen.
pub(super) const ENOUGH: u64 = 3;
/// Fingerprints of an hour or day from which on its share counts, where not all are known: less
/// says little. Chosen.
const DENSE: u64 = 32;
/// Bits of a fingerprint that say of which hour it is: hours since 1970, of seven years at a time.
const TIME_BITS: u64 = 0xffff;

/// A fingerprint that says of which hour it is, given in hours since 1970.
#[inline]
pub(super) fn timed(print: u64, hour: i64) -> u64 {
    (print & !TIME_BITS) | (hour.cast_unsigned() & TIME_BITS)
}

/// One fingerprint of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) print: u64,
    /// How many charges have it.
    pub(super) times: u32,
    /// Σ of their hours' fingerprints, wrapping.
    pub(super) hours: u32,
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
    #[inline]
    pub(super) fn keep(&mut self, one: Entry, sample: usize) {
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
    pub(super) fn cut(&mut self, sample: usize) {
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

    pub(super) fn merge(&mut self, other: &Self, sample: usize) {
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

    /// How many are kept.
    pub(super) fn kept(&self) -> usize {
        self.sample.len()
    }

    /// The greatest fingerprint of which is known whether it is there.
    pub(super) fn known_to(&self) -> u64 {
        self.limit.unwrap_or(u64::MAX)
    }

    /// What of this one's sample is in the other's. Both are in order.
    pub(super) fn shared(&self, other: &Self) -> Shared {
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

/// At one time: fingerprints of one side and of the other, and those that are the same.
type AtTime = HashMap<u64, [u64; 3], foldhash::fast::FixedState>;

impl Sketch {
    /// Whether there are hours or days of which the side that has fewer charges there has `pct`
    /// percent in common with the other.
    pub(super) fn overlaps(&self, other: &Self, pct: u64) -> bool {
        let limit = self.known_to().min(other.known_to());
        let least = if self.limit.is_none() && other.limit.is_none() { 1 } else { DENSE };
        let (left, right) = (self.up_to(limit), other.up_to(limit));
        let (mut hours, mut at) = (AtTime::default(), 0);
        for e in right {
            hours.entry(e.print & TIME_BITS).or_default()[1] += 1;
        }
        for one in left {
            let of_hour = hours.entry(one.print & TIME_BITS).or_default();
            of_hour[0] += 1;
            while right.get(at).is_some_and(|e| e.print < one.print) {
                at += 1;
            }
            of_hour[2] += u64::from(right.get(at) == Some(one));
        }
        let mut days = AtTime::default();
        for (hour, counts) in &hours {
            let of_day = days.entry(hour / 24).or_default();
            (0..3).for_each(|n| of_day[n] += counts[n]);
        }
        let most = |[left, right, same]: &&[u64; 3]| {
            let fewer = (*left).min(*right);
            fewer >= least && same * 100 >= fewer * pct
        };
        let same = |times: &AtTime| times.values().filter(most).map(|[.., same]| same).sum::<u64>();
        same(&hours) >= ENOUGH || same(&days) >= ENOUGH
    }

    /// Fingerprints that come once, in order.
    pub(super) fn single(&self) -> impl Iterator<Item = u64> {
        self.sample.iter().filter(|e| e.times == 1).map(|e| e.print)
    }
}

/// What of one sample is in another.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shared {
    /// Fingerprints compared, and the rows that have them.
    pub(super) different: u64,
    pub(super) rows: u64,
    /// Rows that the other has too.
    pub(super) rows_there: u64,
    /// Fingerprints that the other has as many times and at the same hours, and the rows that have
    /// them.
    pub(super) same: u64,
    pub(super) rows_same: u64,
    /// Fingerprints that the other has at least twice as many times.
    pub(super) finer: u64,
}
