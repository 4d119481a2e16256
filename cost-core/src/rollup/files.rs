//! Files in a scan: the number of their rows, and which may contain the same charges.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::*;

use super::dictionary::{Dictionary, NULL};
use super::guard::{Charges, LEAST, Print, SAMPLE};
use super::numbers::index;
use super::outlying::FileDays;
use super::sketch::ENOUGH;
use super::suspects::{Claim, Suspect, suspects};

/// Total number of fingerprints stored per thread: 64 MiB. If there are more, fewer are stored per
/// file, account, and period. Chosen.
const MOST_STORED: usize = 4 << 20;

/// Files in a scan.
pub(super) struct Files {
    names: Dictionary,
    rows: Vec<u64>,
    /// First and last start day of the charges of each file.
    days: Vec<(i32, i32)>,
    at: HashMap<(Claim, u32), usize, foldhash::fast::FixedState>,
    charges: Vec<((Claim, u32), Charges)>,
    sample: usize,
    several_sources: bool,
    bills: HashMap<Billed, Bill, foldhash::fast::FixedState>,
}

/// Key of what is billed together: file, account that uses, account that pays (as codes), and first
/// day of the billing period.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Billed {
    file: u32,
    used_by: u32,
    paid_by: u32,
    period: i32,
}

/// For each row of a batch: codes of the account that uses and of the account that pays, and the
/// first day of the billing period.
#[derive(Clone, Copy)]
pub(super) struct Owners<'a> {
    pub(super) used_by: &'a [u32],
    pub(super) paid_by: &'a [u32],
    pub(super) periods: &'a [i32],
}

/// Billed and effective amounts in 10⁻¹² units, and the first and last start day of the charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bill {
    pub(super) billed: i128,
    pub(super) effective: i128,
    pub(super) first_day: i32,
    pub(super) last_day: i32,
}

impl Bill {
    /// Returns zero amounts without days.
    pub(super) fn none() -> Self {
        Self { billed: 0, effective: 0, first_day: i32::MAX, last_day: i32::MIN }
    }

    #[inline]
    pub(super) fn add(&mut self, more: Self) {
        self.billed = self.billed.saturating_add(more.billed);
        self.effective = self.effective.saturating_add(more.effective);
        self.first_day = self.first_day.min(more.first_day);
        self.last_day = self.last_day.max(more.last_day);
    }
}

/// Amounts that a file bills for an account and billing period.
#[derive(Clone, Debug)]
pub(super) struct Claimed {
    pub(super) file: String,
    /// Account that uses, or else the account that pays.
    pub(super) account: String,
    /// Account that pays.
    pub(super) payer: String,
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
            days: Vec::new(),
            at,
            charges,
            sample: SAMPLE,
            several_sources: false,
            bills: HashMap::default(),
        }
    }
}

/// File that contains each charge several times.
pub(super) struct Repeated {
    pub(super) file: String,
    /// Common divisor of the number of occurrences.
    pub(super) times: u32,
}

impl Files {
    /// Amounts per file, if there are exports of several schemas.
    pub(super) fn watching(several_sources: bool) -> Self {
        Self { several_sources, ..Self::default() }
    }

    /// Whether there are exports of several schemas.
    pub(super) fn has_several_sources(&self) -> bool {
        self.several_sources
    }

    /// Adds a batch: file and accounts of each row, its fingerprint if it has a cost, its day, and
    /// its amounts (billed and effective).
    #[inline]
    pub(super) fn add(
        &mut self,
        files: &StringChunked,
        owners: Owners<'_>,
        print: impl Fn(usize) -> Option<Print>,
        (days, [billed, effective]): (&[i32], [&[i128]; 2]),
    ) {
        if files.null_count() == files.len() {
            return;
        }
        let Owners { used_by, paid_by: accounts, periods } = owners;
        let codes = self.names.encode(files);
        // Rows of an account and period are usually adjacent, so most places are found without
        // hashing.
        let mut cache: [Option<((Claim, u32), usize)>; 64] = [None; 64];
        for (row, file) in codes.iter().enumerate().filter(|(_, file)| **file != NULL) {
            let at = index(*file);
            self.grow(at + 1);
            self.rows[at] += 1;
            let (first, last) = self.days[at];
            self.days[at] = (first.min(days[row]), last.max(days[row]));
            let Some(print) = print(row) else { continue };
            let key = (Claim { account: accounts[row], period: periods[row] }, *file);
            let slot = &mut cache
                [index(accounts[row] ^ periods[row].cast_unsigned().wrapping_mul(37)) % 64];
            let place = match slot {
                Some((seen, place)) if *seen == key => *place,
                _ => self.place(key),
            };
            *slot = Some((key, place));
            self.charges[place].1.add(print, self.sample);
            if self.several_sources {
                let of = Billed {
                    file: *file,
                    used_by: used_by[row],
                    paid_by: accounts[row],
                    period: periods[row],
                };
                let day = days[row];
                let bill = Bill {
                    billed: billed[row],
                    effective: effective[row],
                    first_day: day,
                    last_day: day,
                };
                self.bills.entry(of).or_insert(Bill::none()).add(bill);
            }
        }
        self.shrink();
    }

    /// Reduces the fingerprints per file if there are too many in total.
    fn shrink(&mut self) {
        while self.sample > LEAST
            && self.charges.iter().map(|(_, c)| c.stored()).sum::<usize>() > MOST_STORED
        {
            self.sample /= 2;
            self.charges.iter_mut().for_each(|(_, c)| c.cut(self.sample));
        }
    }

    /// Makes room for `len` files.
    #[inline]
    fn grow(&mut self, len: usize) {
        if self.rows.len() < len {
            self.rows.resize(len, 0);
            self.days.resize(len, (i32::MAX, i32::MIN));
        }
    }

    fn place(&mut self, key: (Claim, u32)) -> usize {
        *self.at.entry(key).or_insert_with(|| {
            self.charges.push((key, Charges::default()));
            self.charges.len() - 1
        })
    }

    /// Adds another part. `used_by` and `accounts` translate its account codes to those of this
    /// part.
    pub(super) fn merge(&mut self, other: Self, used_by: &[u32], accounts: &[u32]) {
        let names = self.names.adopt(&other.names);
        for (of, bill) in &other.bills {
            let of = Billed {
                file: names[index(of.file)],
                used_by: used_by[index(of.used_by)],
                paid_by: accounts[index(of.paid_by)],
                period: of.period,
            };
            self.bills.entry(of).or_insert(Bill::none()).add(*bill);
        }
        for ((code, rows), days) in names.iter().zip(&other.rows).zip(&other.days) {
            let at = index(*code);
            self.grow(at + 1);
            self.rows[at] += rows;
            let (first, last) = self.days[at];
            self.days[at] = (first.min(days.0), last.max(days.1));
        }
        for ((claim, file), charges) in &other.charges {
            let claim = Claim { account: accounts[index(claim.account)], ..*claim };
            let place = self.place((claim, names[index(*file)]));
            self.charges[place].1.merge(charges, self.sample);
        }
        self.shrink();
    }

    /// Returns the number of rows of each file.
    pub(super) fn rows(&self) -> BTreeMap<String, u64> {
        let of = |(code, rows): (u32, &u64)| Some((self.names.text(code)?.to_owned(), *rows));
        (0..).zip(&self.rows).filter_map(of).collect()
    }

    /// Returns the first and last day on which the charges of each file start.
    pub(super) fn days(&self) -> FileDays {
        let of =
            |(code, days): (u32, &(i32, i32))| Some((self.names.text(code)?.to_owned(), *days));
        (0..).zip(&self.days).filter_map(of).collect()
    }

    /// Returns the amounts that each file bills for each account and billing period; empty unless
    /// there are exports of several schemas.
    pub(super) fn claims(&self, used_by: &Dictionary, paid_by: &Dictionary) -> Vec<Claimed> {
        let claim = |(of, bill): (&Billed, &Bill)| {
            let payer = paid_by.text(of.paid_by).unwrap_or_default();
            Claimed {
                file: self.names.text(of.file).unwrap_or_default().to_owned(),
                account: used_by.text(of.used_by).unwrap_or(payer).to_owned(),
                payer: payer.to_owned(),
                period: of.period,
                bill: *bill,
            }
        };
        let mut claims: Vec<Claimed> = self.bills.iter().map(claim).collect();
        claims.sort_by(|a, b| {
            (&a.file, &a.account, &a.payer, a.period)
                .cmp(&(&b.file, &b.account, &b.payer, b.period))
        });
        claims
    }

    /// Returns the files in which each charge occurs several times.
    pub(super) fn repeated(&self) -> Vec<Repeated> {
        let mut of_files: BTreeMap<u32, (u32, u64)> = BTreeMap::new();
        for ((_, file), charges) in &self.charges {
            let (times, different) = of_files.entry(*file).or_default();
            *times = charges.times_over(*times);
            *different += charges.different();
        }
        let of = |(file, (times, different)): (u32, (u32, u64))| {
            let file = self.names.text(file).filter(|_| times > 1 && different >= ENOUGH)?;
            Some(Repeated { file: file.to_owned(), times })
        };
        of_files.into_iter().filter_map(of).collect()
    }

    /// Returns the files that may contain the same charges.
    pub(super) fn suspects(self, accounts: &Dictionary) -> Vec<Suspect> {
        suspects(self.charges, &self.names, accounts)
    }
}
