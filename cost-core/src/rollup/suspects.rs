//! Files, and folders of files, that may contain the same charges.
//!
//! Duplicate charges are searched in four ways in each billing period: in two files; in two
//! folders, each with a run that was split into files differently; in one leftover file of an
//! earlier run, whose charges a later run has spread over several files; and in two files with
//! different names for the same items (see [`super::renamed`]).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::account::Account;
use super::dictionary::Dictionary;
use super::guard::{Charges, SAMPLE, Suspicion, suspicion};
use super::numbers::index;
use super::renamed;
use super::sketch::{ENOUGH, Sketch};

/// Account (as a code of the caller) and first day of the billing period that both files have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Claim {
    pub(super) account: u32,
    pub(super) period: i32,
}

/// Relation of files with duplicate charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// In two files or two folders.
    Both,
    /// In two files or folders, for some hours or days.
    Overlap,
    /// Daily in `small`, hourly in `large`.
    DaysAndHours,
    /// In one file, and spread over others.
    Spread,
    /// In two files with the same amounts under different names.
    Renamed,
}

/// Files that may contain the same charges.
#[derive(Clone, Debug)]
pub(super) struct Suspect {
    /// File with fewer charges, or the files of the folder with fewer.
    pub(super) small: Vec<String>,
    /// Other files.
    pub(super) large: Vec<String>,
    pub(super) way: Way,
    /// Number of charges of `small`.
    pub(super) count: u64,
    pub(super) account: Option<String>,
    /// First day of the billing period, days since 1970.
    pub(super) period: i32,
}

/// Charges of an account and period, from one file or folder.
struct FileCharges<'a> {
    files: Vec<&'a str>,
    account_text: Option<&'a str>,
    account: Account,
    charges: Charges,
}

/// Largest number of files with the same fingerprint. A charge in more files is equal everywhere,
/// and its neighbors suffice to find the files.
const ALL_PAIRS: usize = 4;
/// Share of a file's distinct charges that the others must have for it to count as a leftover,
/// percent. Chosen.
const SPREAD_PCT: u64 = 50;

/// Returns files that may contain the same charges: pairs first, then folders, leftovers, and files
/// with different names.
pub(super) fn suspects(
    all: impl IntoIterator<Item = ((Claim, u32), Charges)>,
    names: &Dictionary,
    accounts: &Dictionary,
) -> Vec<Suspect> {
    let mut periods: BTreeMap<i32, Vec<FileCharges<'_>>> = BTreeMap::new();
    for ((claim, file), mut charges) in all {
        charges.cut(SAMPLE);
        let account_text = accounts.text(claim.account);
        let account = Account::of(account_text.unwrap_or_default());
        let files = vec![names.text(file).unwrap_or_default()];
        periods.entry(claim.period).or_default().push(FileCharges {
            files,
            account_text,
            account,
            charges,
        });
    }
    let mut found: [Vec<Suspect>; 4] = Default::default();
    for (period, mut all_charges) in periods {
        all_charges.sort_by(|a, b| (&a.files, &a.account).cmp(&(&b.files, &b.account)));
        found[0].extend(pairs(&all_charges, period));
        let of_folders = folders(&all_charges);
        let pairs_of_folders = pairs(&of_folders, period);
        found[1].extend(pairs_of_folders.into_iter().filter(|s| s.small.len() + s.large.len() > 2));
        found[2].extend(leftovers(&all_charges, period));
        let files: Vec<(&str, &Charges)> =
            all_charges.iter().map(|one| (one.files[0], &one.charges)).collect();
        found[3].extend(renamed::pairs(&files).into_iter().map(|(small, large)| {
            let large = all_charges[large].files.iter().copied();
            suspect((&all_charges[small], large), Way::Renamed, period)
        }));
    }
    found.into_iter().flat_map(once_each).collect()
}

/// Returns the same files once, with the period of most of their charges.
fn once_each(mut all: Vec<Suspect>) -> Vec<Suspect> {
    let of = |s: &Suspect| {
        let sides = (s.small.clone(), s.large.clone());
        if sides.0 < sides.1 { sides } else { (sides.1, sides.0) }
    };
    all.sort_by_cached_key(|s| (of(s), s.way, std::cmp::Reverse(s.count), s.period));
    all.dedup_by(|a, b| a.way == b.way && of(a) == of(b));
    all
}

fn pairs(all_charges: &[FileCharges<'_>], period: i32) -> Vec<Suspect> {
    let mut found = Vec::new();
    for (a, b) in candidates(all_charges) {
        let (a, b) = (&all_charges[a], &all_charges[b]);
        if a.files.iter().any(|f| b.files.contains(f)) || !a.account.may_be(&b.account) {
            continue;
        }
        let (small, large) = if b.charges.count() < a.charges.count() { (b, a) } else { (a, b) };
        let Some(why) = suspicion(&small.charges, &large.charges) else { continue };
        let (small, large) =
            if why == Suspicion::HoursOfDays { (large, small) } else { (small, large) };
        let way = match why {
            Suspicion::Same => Way::Both,
            Suspicion::Overlap => Way::Overlap,
            Suspicion::DaysOfHours | Suspicion::HoursOfDays => Way::DaysAndHours,
        };
        found.push(suspect((small, large.files.iter().copied()), way, period));
    }
    found
}

fn suspect<'a>(
    (small, large): (&FileCharges<'a>, impl Iterator<Item = &'a str>),
    way: Way,
    period: i32,
) -> Suspect {
    Suspect {
        small: small.files.iter().map(|f| (*f).to_owned()).collect(),
        large: large.map(ToOwned::to_owned).collect(),
        way,
        count: small.charges.count(),
        account: small.account_text.map(ToOwned::to_owned),
        period,
    }
}

/// One of two sketches.
type Of = fn(&Charges) -> &Sketch;

/// Returns pairs with a common fingerprint. Only those are compared, so that thousands of files
/// with different charges cost no time. If files contain the same charges, both samples have some
/// of the smallest common fingerprints.
fn candidates(all_charges: &[FileCharges<'_>]) -> Vec<(usize, usize)> {
    let mut pairs: HashSet<(usize, usize), foldhash::fast::FixedState> = HashSet::default();
    let (rows, keys): (Of, Of) = (|c| &c.rows, |c| &c.keys);
    for sketch in [rows, keys] {
        let mut owners: Vec<(u64, usize)> = Vec::new();
        for (at, one) in all_charges.iter().enumerate() {
            owners.extend(sketch(&one.charges).up_to(u64::MAX).iter().map(|e| (e.print, at)));
        }
        owners.sort_unstable();
        for same in owners.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            let at = |n: usize| same[n].1;
            if same.len() <= ALL_PAIRS {
                pairs.extend((1..same.len()).flat_map(|b| (0..b).map(move |a| (at(a), at(b)))));
            } else {
                pairs.extend((1..same.len()).map(|b| (at(b - 1), at(b))));
            }
        }
    }
    let mut pairs: Vec<(usize, usize)> = pairs.into_iter().collect();
    pairs.sort_unstable();
    pairs
}

/// Returns the folder of a path.
pub(super) fn folder(path: &str) -> &str {
    path.rfind(['/', '\\']).map_or("", |at| &path[..at])
}

/// Returns the charges of an account by folder, if there are several folders, one of them with
/// several files.
fn folders<'a>(all_charges: &[FileCharges<'a>]) -> Vec<FileCharges<'a>> {
    let mut by_folder: BTreeMap<(&str, &Account), Vec<&FileCharges<'a>>> = BTreeMap::new();
    for one in all_charges {
        by_folder.entry((folder(one.files[0]), &one.account)).or_default().push(one);
    }
    let names: BTreeSet<&str> = by_folder.keys().map(|(folder, _)| *folder).collect();
    if names.len() < 2 || by_folder.values().all(|files| files.len() < 2) {
        return Vec::new();
    }
    let together = |((_, account), files): ((&str, &Account), Vec<&FileCharges<'a>>)| {
        let mut charges = Charges::default();
        for one in &files {
            charges.merge(&one.charges, SAMPLE);
        }
        charges.cut(SAMPLE);
        let account_text = files[0].account_text;
        FileCharges {
            files: files.iter().map(|one| one.files[0]).collect(),
            account_text,
            account: account.clone(),
            charges,
        }
    };
    by_folder.into_iter().map(together).collect()
}

/// Returns files whose charges are spread over others of their account.
fn leftovers(all_charges: &[FileCharges<'_>], period: i32) -> Vec<Suspect> {
    let mut by_account: BTreeMap<&Account, Vec<&FileCharges<'_>>> = BTreeMap::new();
    for one in all_charges {
        by_account.entry(&one.account).or_default().push(one);
    }
    let mut found = Vec::new();
    for files in by_account.into_values().filter(|files| files.len() > 2) {
        let limit = files.iter().map(|one| one.charges.rows.known_to()).min().unwrap_or(u64::MAX);
        let entries = |(at, one): (usize, &&FileCharges<'_>)| {
            one.charges
                .rows
                .up_to(limit)
                .iter()
                .map(|e| (e.print, at, u64::from(e.times)))
                .collect::<Vec<_>>()
        };
        let mut owners: Vec<(u64, usize, u64)> =
            files.iter().enumerate().flat_map(entries).collect();
        owners.sort_unstable();
        let mut of_files: Vec<(u64, u64, BTreeSet<usize>)> = vec![Default::default(); files.len()];
        for same in owners.chunk_by(|a, b| a.0 == b.0) {
            let all: u64 = same.iter().map(|(_, _, times)| times).sum();
            for (_, at, times) in same {
                let (different, elsewhere, others) = &mut of_files[*at];
                *different += 1;
                if all - times >= *times {
                    *elsewhere += 1;
                    // A charge in very many files does not show which files have the others.
                    let with_charge = if same.len() > ALL_PAIRS { &[][..] } else { same };
                    others.extend(
                        with_charge.iter().map(|(_, other, _)| *other).filter(|other| other != at),
                    );
                }
            }
        }
        for (at, (different, elsewhere, others)) in of_files.iter().enumerate() {
            if others.len() > 1 && *elsewhere >= ENOUGH && elsewhere * 100 >= different * SPREAD_PCT
            {
                let large = others
                    .iter()
                    .map(|other| files[index(u32::try_from(*other).unwrap_or(u32::MAX))].files[0]);
                found.push(suspect((files[at], large), Way::Spread, period));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::guard::Print;
    use super::super::sketch::timed;
    use super::*;

    /// Returns a file: its path, account, and the keys of its charges, which cost `amount` each.
    type File<'a> = (&'a str, &'a str, Vec<u64>, u64);

    fn found(files: &[File<'_>]) -> Vec<(Vec<String>, Vec<String>, Way)> {
        let (mut names, mut accounts) = (Dictionary::default(), Dictionary::default());
        let mix = |n: u64| (n ^ (n >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut all = Vec::new();
        for (name, account, keys, amount) in files {
            let mut charges = Charges::default();
            for key in keys {
                let print = {
                    let (row, key) = (mix(mix(*key) ^ amount), mix(*key));
                    Print {
                        row: timed(row, 0),
                        key: timed(key, 0),
                        amounts: *amount,
                        day: 0,
                        hours: 1,
                        is_long: false,
                    }
                };
                charges.add(print, SAMPLE);
            }
            all.push((
                (Claim { account: accounts.code(account), period: 0 }, names.code(name)),
                charges,
            ));
        }
        suspects(all, &names, &accounts).into_iter().map(|s| (s.small, s.large, s.way)).collect()
    }

    fn texts(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn accounts_that_can_be_one_are_compared() {
        let pair = |a: &str, b: &str| {
            found(&[("a", a, (0..9).collect(), 1), ("b", b, (0..9).collect(), 1)]).len()
        };
        assert_eq!(pair("111122223333", "1111-2222-3333"), 1);
        assert_eq!(pair("", "harbor-1"), 1);
        assert_eq!(pair("harbor-1", "quay-2"), 0);
    }

    #[test]
    fn folders_are_compared_as_one() {
        let shard =
            |shards: u64, n: u64| (0..900).filter(|k| k % shards == n).collect::<Vec<u64>>();
        let all = [
            ("run1/a", "x", shard(2, 0), 1),
            ("run1/b", "x", shard(2, 1), 1),
            ("run2/a", "x", shard(3, 0), 2),
            ("run2/b", "x", shard(3, 1), 2),
            ("run2/c", "x", shard(3, 2), 2),
        ];
        let one = (texts(&["run1/a", "run1/b"]), texts(&["run2/a", "run2/b", "run2/c"]), Way::Both);
        assert_eq!(found(&all), [one]);
    }

    #[test]
    fn a_leftover_among_other_files_is_found() {
        let shard =
            |shards: u64, n: u64| (0..900).filter(|k| k % shards == n).collect::<Vec<u64>>();
        let mut all: Vec<File<'_>> = ["b0", "b1", "b2"]
            .into_iter()
            .zip(0..)
            .map(|(name, n)| (name, "x", shard(3, n), 1))
            .collect();
        assert!(found(&all).is_empty());
        all.push(("old", "x", shard(4, 1), 1));
        let rest = texts(&["b0", "b1", "b2"]);
        assert!(
            found(&all).iter().any(|(small, large, way)| *small == ["old"]
                && *large == rest
                && *way == Way::Spread)
        );
    }
}
