//! What the scan knows of the files: how many rows came of each, and which hold the same charges.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::*;

use super::dictionary::{Dictionary, NULL};
use super::guard::{Charges, Claim, LEAST, SAMPLE, twice};
use super::sums::index;

/// Fingerprints kept in all, of one thread: 32 MiB. If there are more, fewer are kept of each file, account and period. Chosen.
const MOST_KEPT: usize = 4 << 20;

/// What is known of the files.
pub(super) struct Files {
    names: Dictionary,
    rows: Vec<u64>,
    at: HashMap<(Claim, u32), usize, foldhash::fast::FixedState>,
    charges: Vec<((Claim, u32), Charges)>,
    sample: usize,
    several_sources: bool,
    bills: BTreeMap<String, Bills>,
}

/// By account and first day of the billing period.
type Bills = BTreeMap<(String, i32), Bill>;

/// What is billed, in 10⁻¹² units, and the first and last day that charges begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bill {
    pub(super) billed: i128,
    pub(super) first_day: i32,
    pub(super) last_day: i32,
}

impl Bill {
    /// Nothing, of no days.
    pub(super) fn none() -> Self {
        Self { billed: 0, first_day: i32::MAX, last_day: i32::MIN }
    }

    pub(super) fn add(&mut self, more: Self) {
        self.billed = self.billed.saturating_add(more.billed);
        self.first_day = self.first_day.min(more.first_day);
        self.last_day = self.last_day.max(more.last_day);
    }
}

/// What a file bills of an account and a billing period.
#[derive(Clone, Debug)]
pub(super) struct Claimed {
    pub(super) file: String,
    pub(super) account: String,
    /// First day of the billing period, days since 1970.
    pub(super) period: i32,
    pub(super) bill: Bill,
}

impl Default for Files {
    fn default() -> Self {
        let (at, charges) = (HashMap::default(), Vec::new());
        Self {
            names: Dictionary::default(),
            rows: Vec::new(),
            at,
            charges,
            sample: SAMPLE,
            several_sources: false,
            bills: BTreeMap::new(),
        }
    }
}

/// Two files that hold the same charges.
pub(super) struct SameCharges {
    pub(super) smaller: String,
    pub(super) larger: String,
    pub(super) account: Option<String>,
    /// First day of the billing period, days since 1970.
    pub(super) period: i32,
    pub(super) pct: u64,
    /// Whether all that the smaller file holds, of every account and period, is in the larger one.
    pub(super) whole: bool,
    /// Whether both hold exactly the same charges.
    pub(super) equal: bool,
}

impl Files {
    /// Files of which what each bills is known, if exports of several schemas are there.
    pub(super) fn watching(several_sources: bool) -> Self {
        Self { several_sources, ..Self::default() }
    }

    /// Adds a batch: the file, the account's code and the billing period of each row, and its fingerprint if it has a cost.
    pub(super) fn add(&mut self, files: &StringChunked, (accounts, periods): (&[u32], &[i32]), prints: &[Option<u64>]) {
        if files.null_count() == files.len() {
            return;
        }
        let codes = self.names.encode(files);
        // Rows of an account and period come together, or in a few turns: most places are found without hashing.
        let mut cache: [Option<((Claim, u32), usize)>; 64] = [None; 64];
        for (row, file) in codes.iter().enumerate().filter(|(_, file)| **file != NULL) {
            let at = index(*file);
            if self.rows.len() <= at {
                self.rows.resize(at + 1, 0);
            }
            self.rows[at] += 1;
            let Some(print) = prints[row] else { continue };
            let key = (Claim { account: accounts[row], period: periods[row] }, *file);
            let slot = &mut cache[index(accounts[row] ^ periods[row].cast_unsigned().wrapping_mul(37)) % 64];
            let place = match slot {
                Some((seen, place)) if *seen == key => *place,
                _ => self.place(key),
            };
            *slot = Some((key, place));
            self.charges[place].1.add(print, self.sample);
        }
        self.shrink();
    }

    /// Keeps fewer fingerprints of each if there are too many in all.
    fn shrink(&mut self) {
        while self.sample > LEAST && self.charges.iter().map(|(_, c)| c.kept()).sum::<usize>() > MOST_KEPT {
            self.sample /= 2;
            self.charges.iter_mut().for_each(|(_, c)| c.cut(self.sample));
        }
    }

    fn place(&mut self, key: (Claim, u32)) -> usize {
        *self.at.entry(key).or_insert_with(|| {
            self.charges.push((key, Charges::default()));
            self.charges.len() - 1
        })
    }

    /// Adds those of another part; `accounts` has for each of its accounts' codes the one here.
    pub(super) fn merge(&mut self, other: Self, accounts: &[u32]) {
        for (file, bills) in &other.bills {
            let of_file = self.bills.entry(file.clone()).or_default();
            for (key, bill) in bills {
                of_file.entry(key.clone()).or_insert(Bill::none()).add(*bill);
            }
        }
        let names = self.names.adopt(&other.names);
        for (code, rows) in names.iter().zip(&other.rows) {
            let at = index(*code);
            if self.rows.len() <= at {
                self.rows.resize(at + 1, 0);
            }
            self.rows[at] += rows;
        }
        for ((claim, file), charges) in &other.charges {
            let claim = Claim { account: accounts[index(claim.account)], ..*claim };
            let place = self.place((claim, names[index(*file)]));
            self.charges[place].1.merge(charges, self.sample);
        }
        self.shrink();
    }

    /// How many rows came of each file.
    pub(super) fn rows(&self) -> BTreeMap<String, u64> {
        let of = |(code, rows): (u32, &u64)| Some((self.names.text(code)?.to_owned(), *rows));
        (0..).zip(&self.rows).filter_map(of).collect()
    }

    /// Adds what a batch bills, if exports of several schemas are there: by file, account (the one that uses, else the one that pays) and
    /// billing period, with the days.
    pub(super) fn bill(
        &mut self,
        files: &StringChunked,
        used_by: &StringChunked,
        paid_by: &StringChunked,
        (days, periods): (&[i32], &[i32]),
        billed: &[i128],
    ) {
        if !self.several_sources {
            return;
        }
        for (row, file) in files.iter().enumerate() {
            let account = used_by.get(row).filter(|a| !a.is_empty()).or_else(|| paid_by.get(row)).unwrap_or_default();
            let Some(file) = file.filter(|_| billed[row] != 0) else { continue };
            let of_file = self.bills.entry(file.to_owned()).or_default();
            let bill = of_file.entry((account.to_owned(), periods[row])).or_insert(Bill::none());
            bill.add(Bill { billed: billed[row], first_day: days[row], last_day: days[row] });
        }
    }

    /// What each file bills of each account and billing period; nothing unless exports of several schemas are there.
    pub(super) fn claims(&self) -> Vec<Claimed> {
        let of_file = |(file, bills): (&String, &Bills)| {
            let claim = |((account, period), bill): (&(String, i32), &Bill)| Claimed {
                file: file.clone(),
                account: account.clone(),
                period: *period,
                bill: *bill,
            };
            bills.iter().map(claim).collect::<Vec<_>>()
        };
        self.bills.iter().flat_map(of_file).collect()
    }

    /// The files that hold the same charges.
    pub(super) fn same_charges(self, accounts: &Dictionary) -> Vec<SameCharges> {
        let name = |file: u32| self.names.text(file).unwrap_or_default().to_owned();
        let mut claims: BTreeMap<u32, usize> = BTreeMap::new();
        for ((_, file), _) in &self.charges {
            *claims.entry(*file).or_default() += 1;
        }
        let found = twice(self.charges.into_iter().collect());
        let mut held: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        for t in found.iter().filter(|t| t.pct == 100) {
            *held.entry((t.smaller, t.larger)).or_default() += 1;
            if t.equal {
                *held.entry((t.larger, t.smaller)).or_default() += 1;
            }
        }
        let mut all: Vec<(u64, SameCharges)> = found
            .into_iter()
            .map(|t| {
                let (mut small, mut large) = (t.smaller, t.larger);
                if t.equal && name(small) < name(large) {
                    std::mem::swap(&mut small, &mut large);
                }
                let account = accounts.text(t.claim.account).map(ToOwned::to_owned);
                let holds_all = |small, large| held.get(&(small, large)) == claims.get(&small);
                let whole = holds_all(small, large);
                let same = SameCharges {
                    smaller: name(small),
                    larger: name(large),
                    account,
                    period: t.claim.period,
                    pct: t.pct,
                    whole,
                    equal: whole && holds_all(large, small),
                };
                (t.compared, same)
            })
            .collect();
        // A pair once, with the account and period of which most was compared.
        all.sort_by(|(n, a), (m, b)| {
            let key = |s: &SameCharges| (s.larger.clone(), s.smaller.clone());
            key(a).cmp(&key(b)).then(m.cmp(n)).then_with(|| (&a.account, a.period).cmp(&(&b.account, b.period)))
        });
        all.dedup_by(|(_, a), (_, b)| (&a.larger, &a.smaller) == (&b.larger, &b.smaller));
        all.into_iter().map(|(_, same)| same).collect()
    }
}

/// A fingerprint in the making: a multiplication of 64 by 64 bits a step, folded (the step of wyhash and foldhash).
#[derive(Clone, Copy)]
pub(super) struct Fingerprint(u64);

impl Fingerprint {
    pub(super) fn of(a: u64, b: u64) -> Self {
        let mut print = Self(a);
        print.add(b);
        print
    }

    pub(super) fn add(&mut self, part: u64) {
        let product = u128::from(self.0 ^ 0x1319_8a2e_0370_7344) * u128::from(part ^ 0xa409_3822_299f_31d0);
        self.0 = low(product) ^ low(product >> 64);
    }

    pub(super) fn add_amount(&mut self, amount: i128) {
        let bits = amount.cast_unsigned();
        self.add(low(bits) ^ low(bits >> 64).rotate_left(32));
    }

    pub(super) fn finish(mut self) -> u64 {
        self.add(0x082e_fa98_ec4e_6c89);
        self.0
    }
}

fn low(bits: u128) -> u64 {
    u64::try_from(bits & u128::from(u64::MAX)).unwrap_or(0)
}
