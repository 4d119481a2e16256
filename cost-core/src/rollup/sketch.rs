//! [`Sketch`]: the smallest fingerprints of a file's charges, and their overlap between two files.

use std::collections::HashMap;

/// Number of distinct charges that two files must share to count as the same charges. Fewer can be
/// equal by chance. Chosen.
pub(super) const ENOUGH: u64 = 3;
/// Number of fingerprints of an hour or day from which its share counts, if not all are known.
/// Fewer are not significant. Chosen.
const DENSE: u64 = 32;
/// Bits of a fingerprint that contain the hour: hours since 1970, modulo seven years.
const TIME_BITS: u64 = 0xffff;

/// Returns a fingerprint that contains its hour, given in hours since 1970.
#[inline]
pub(super) fn timed(print: u64, hour: i64) -> u64 {
    (print & !TIME_BITS) | (hour.cast_unsigned() & TIME_BITS)
}

/// Fingerprint in a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) print: u64,
    /// Number of charges with it.
    pub(super) times: u32,
    /// Σ of their hours' fingerprints, wrapping.
    pub(super) hours: u32,
}

/// Smallest fingerprints of charges.
#[derive(Clone, Debug, Default)]
pub(super) struct Sketch {
    /// Unsorted and possibly with duplicates until [`Sketch::cut`].
    sample: Vec<Entry>,
    /// Upper limit: larger fingerprints are not in the sample.
    limit: Option<u64>,
}

impl Sketch {
    #[inline]
    pub(super) fn keep(&mut self, one: Entry, sample: usize) {
        if self.limit.is_some_and(|limit| one.print > limit) {
            return;
        }
        // Many charges can be equal: a repeated fingerprint needs no space.
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

    /// Retains the smallest `sample` fingerprints, sorted and without duplicates.
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

    /// Returns the sample up to a limit, sorted.
    pub(super) fn up_to(&self, limit: u64) -> &[Entry] {
        &self.sample[..self.sample.partition_point(|e| e.print <= limit)]
    }

    /// Returns the number of stored fingerprints.
    pub(super) fn stored(&self) -> usize {
        self.sample.len()
    }

    /// Returns the largest fingerprint for which membership is known.
    pub(super) fn known_to(&self) -> u64 {
        self.limit.unwrap_or(u64::MAX)
    }

    /// Returns which fingerprints of this sample are in the other one. Both are sorted.
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

/// Fingerprints at one time: of one side, of the other, and of both.
type AtTime = HashMap<u64, [u64; 3], foldhash::fast::FixedState>;

impl Sketch {
    /// Returns whether there are hours or days in which `pct` percent of the fingerprints are
    /// common, measured on the side with fewer charges.
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

    /// Returns the fingerprints that occur once, sorted.
    pub(super) fn single(&self) -> impl Iterator<Item = u64> {
        self.sample.iter().filter(|e| e.times == 1).map(|e| e.print)
    }
}

/// Overlap of one sample with another.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shared {
    /// Number of fingerprints compared, and of their rows.
    pub(super) different: u64,
    pub(super) rows: u64,
    /// Number of rows that the other has too.
    pub(super) rows_there: u64,
    /// Number of fingerprints that the other has as many times and at the same hours, and of their
    /// rows.
    pub(super) same: u64,
    pub(super) rows_same: u64,
    /// Number of fingerprints that the other has at least twice as many times.
    pub(super) finer: u64,
}
