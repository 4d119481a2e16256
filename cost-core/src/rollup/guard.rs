//! Whether two files hold the same charges.
//!
//! A bill is often there twice: as a copy, unpacked beside the packed file, as an earlier run of the same export, from a second export.
//! Names do not tell. So each line item with a cost has a fingerprint over everything that is read of it, and of each file, billing
//! account and billing period the fingerprints are kept: their number, their sum, and the smallest of them. If one file's are those of
//! another, or most of them, the same charges would be counted twice.
//!
//! The smallest fingerprints are a random sample that is the same in both files (bottom-k sketch: Cohen and Kaplan, "Summarizing data
//! using bottom-k sketches", PODC 2007). Small files are known in full.

use std::collections::BTreeMap;

/// Fingerprints kept of each file, account and period, if these are few. Chosen: 16 KiB each.
pub(super) const SAMPLE: usize = 2048;
/// The least that are kept where they are many.
pub(super) const LEAST: usize = 64;
/// Charges that must be common before a part of a file is taken for part of another: fewer can be alike by chance, as free usage of the
/// same hour is. Chosen.
const ENOUGH: u64 = 3;
/// Share of the smaller file's charges that are in the other before both are taken for versions of one, percent. An earlier run of the
/// month differs from a later one in what was corrected since. Chosen.
const MOST_PCT: u64 = 50;

/// What is known of the charges of one file, account and period.
#[derive(Clone, Debug, Default)]
pub(super) struct Charges {
    count: u64,
    sum: u128,
    /// Fingerprints, and how many charges have each. Not sorted, and one may be there several times, until [`Charges::cut`].
    sample: Vec<(u64, u64)>,
    /// Fingerprints above it are not in the sample.
    limit: Option<u64>,
}

impl Charges {
    /// Adds the fingerprint of a charge, and keeps `sample` of them at least, if there are so many.
    pub(super) fn add(&mut self, fingerprint: u64, sample: usize) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(u128::from(fingerprint));
        self.keep((fingerprint, 1), sample);
    }

    /// Fingerprints kept.
    pub(super) fn kept(&self) -> usize {
        self.sample.len()
    }

    fn keep(&mut self, one: (u64, u64), sample: usize) {
        if self.limit.is_some_and(|limit| one.0 > limit) {
            return;
        }
        // Many charges can be alike: the same again needs no place.
        if let Some(last) = self.sample.last_mut().filter(|last| last.0 == one.0) {
            last.1 += one.1;
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
            let same = again.0 == first.0;
            first.1 += if same { again.1 } else { 0 };
            same
        });
        if self.sample.len() > sample {
            self.sample.truncate(sample);
            self.limit = self.sample.last().map(|(fingerprint, _)| *fingerprint);
        }
    }

    /// Adds those of another part of the same file.
    pub(super) fn merge(&mut self, other: &Self, sample: usize) {
        self.count += other.count;
        self.sum = self.sum.wrapping_add(other.sum);
        self.limit = match (self.limit, other.limit) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if let Some(limit) = self.limit {
            self.sample.retain(|(f, _)| *f <= limit);
        }
        other.sample.iter().for_each(|one| self.keep(*one, sample));
    }

    /// How many charges both have, and how many of the smaller one's were compared. Both are in order.
    fn common(&self, other: &Self) -> (u64, u64) {
        let limit = match (self.limit, other.limit) {
            (Some(a), Some(b)) => a.min(b),
            (a, b) => a.or(b).unwrap_or(u64::MAX),
        };
        let of = |c: &Self| c.sample.partition_point(|(f, _)| *f <= limit);
        let (left, right) = (&self.sample[..of(self)], &other.sample[..of(other)]);
        let (mut at, mut common) = (0, 0);
        for (fingerprint, times) in left {
            while right.get(at).is_some_and(|(f, _)| f < fingerprint) {
                at += 1;
            }
            if let Some((_, there)) = right.get(at).filter(|(f, _)| f == fingerprint) {
                common += times.min(there);
                at += 1;
            }
        }
        (common, left.iter().map(|(_, times)| times).sum())
    }
}

/// What both files hold: account and period as codes of whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Claim {
    pub(super) account: u32,
    pub(super) period: i32,
}

/// Two files of which one holds what the other holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Twice {
    /// The file with fewer charges.
    pub(super) smaller: u32,
    /// The other.
    pub(super) larger: u32,
    /// Share of the smaller one's charges that are in both, percent.
    pub(super) pct: u64,
    /// How many were compared.
    pub(super) compared: u64,
    /// Whether both hold exactly the same charges.
    pub(super) equal: bool,
    /// Of which account and period.
    pub(super) claim: Claim,
}

/// The pairs of files that hold the same charges of an account and period: all of one file's, or most of them.
pub(super) fn twice(mut all: BTreeMap<(Claim, u32), Charges>) -> Vec<Twice> {
    for charges in all.values_mut() {
        charges.cut(SAMPLE);
    }
    let mut claims: BTreeMap<Claim, Vec<(u32, &Charges)>> = BTreeMap::new();
    for ((claim, file), charges) in &all {
        claims.entry(*claim).or_default().push((*file, charges));
    }
    let mut pairs = Vec::new();
    for (claim, files) in claims {
        for (file, other) in candidates(&files) {
            let (a, b) = (files[file], files[other]);
            let (small, large) = if (a.1.count, a.0) <= (b.1.count, b.0) { (a, b) } else { (b, a) };
            let (common, compared) = small.1.common(large.1);
            let equal = small.1.count == large.1.count && small.1.sum == large.1.sum;
            let most = common >= ENOUGH && common * 100 >= compared * MOST_PCT;
            if !(equal || most) {
                continue;
            }
            let pct = if equal { 100 } else { common * 100 / compared.max(1) };
            pairs.push(Twice { smaller: small.0, larger: large.0, pct, compared, equal, claim });
        }
    }
    pairs
}

/// Pairs of files that have a fingerprint in common: those alone are compared, so that thousands of files of different charges cost
/// nothing. Of files that hold the same charges, some of the smallest common fingerprints are in both samples.
fn candidates(files: &[(u32, &Charges)]) -> Vec<(usize, usize)> {
    let mut owners: Vec<(u64, usize)> = Vec::new();
    for (at, (_, charges)) in files.iter().enumerate() {
        owners.extend(charges.sample.iter().map(|(f, _)| (*f, at)));
    }
    owners.sort_unstable();
    owners.dedup();
    let mut pairs = Vec::new();
    for same in owners.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        // One fingerprint in very many files is a charge that is alike everywhere: its neighbours suffice to find the files.
        for pair in same.windows(2) {
            pairs.push((pair[0].1, pair[1].1));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fingerprints: impl IntoIterator<Item = u64>) -> Charges {
        let mut charges = Charges::default();
        fingerprints.into_iter().for_each(|f| charges.add(f.wrapping_mul(0x9e37_79b9_7f4a_7c15), SAMPLE));
        charges
    }

    fn found(files: Vec<Charges>) -> Vec<(u32, u32, u64)> {
        let claim = Claim { account: 1, period: 0 };
        let all = (0..).zip(files).map(|(file, charges)| ((claim, file), charges)).collect();
        twice(all).iter().map(|t| (t.smaller, t.larger, t.pct)).collect()
    }

    #[test]
    fn copies_and_earlier_runs_are_found() {
        assert_eq!(found(vec![of(0..10), of(0..10)]), [(0, 1, 100)], "a copy");
        assert_eq!(found(vec![of([7]), of([7])]), [(0, 1, 100)], "a copy of one charge");
        assert_eq!(found(vec![of(0..10), of(0..30)]), [(0, 1, 100)], "an earlier run");
        assert_eq!(
            found(vec![of(0..30), of((0..30).chain(40..60).skip(8))]),
            [(0, 1, 73)],
            "an earlier run, corrected since"
        );
        assert_eq!(found(vec![of([7; 50_000]), of([7; 60_000])]), [(0, 1, 100)], "charges that are all alike");
        assert_eq!(found(vec![of(0..10_000), of(0..300_000)]), [(0, 1, 100)], "large ones");
    }

    #[test]
    fn neighbours_are_not_taken_for_copies() {
        assert!(found(vec![of(0..10), of(10..20)]).is_empty(), "files of an export");
        assert!(found(vec![of([1, 1, 1, 2]), of([3, 4])]).is_empty(), "the same charge again within a file");
        assert!(found(vec![of([1, 2]), of(0..100)]).is_empty(), "two charges that are alike");
        assert!(found(vec![of(0..100), of(90..300)]).is_empty(), "some charges that are alike");
        assert!(found(vec![of(0..100_000), of(100_000..300_000)]).is_empty());
    }

    #[test]
    fn parts_of_a_file_add_up() {
        let mut parts = of(0..20_000);
        parts.merge(&of(20_000..50_000), SAMPLE);
        assert_eq!(found(vec![parts, of(0..50_000)]), [(0, 1, 100)]);
    }
}
