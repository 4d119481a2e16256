//! Fingerprints of 64 bits, equal in all parts of a run.

use super::account;
use super::dictionary::Dictionary;

/// Columns that identify the charged item. With the day, they are the key of a charge.
const KEYED: [&str; 6] =
    ["SubAccountId", "ProviderName", "ServiceName", "ChargeCategory", "ResourceId", METER];
const METER: &str = "SkuMeter";
/// Columns that differ between exports of one charge. They are not part of any fingerprint.
const OTHERWISE: [&str; 4] =
    ["InvoiceIssuerName", "BillingAccountId", "SubAccountName", "InvoiceId"];

/// Fingerprints of a combination of texts: of all texts, and of those that identify the charged
/// item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prints {
    pub(super) all: u64,
    pub(super) key: u64,
}

impl Prints {
    /// Returns the fingerprints of an empty combination.
    pub(super) const NONE: Self = Self { all: 0, key: 0 };

    /// Returns the fingerprints of a combination of column codes. Versions of an export may name
    /// meters differently, so `with_meter` is set only if there is one version.
    pub(super) fn of<const N: usize>(
        names: &[&str; N],
        texts: &[Dictionary],
        codes: &[u32; N],
        with_meter: bool,
    ) -> Self {
        let (mut all, mut key) = (Fingerprint::of(0, 0), Fingerprint::of(0, 0));
        for ((name, dictionary), code) in names.iter().zip(texts).zip(codes) {
            if OTHERWISE.contains(name) || (*name == METER && !with_meter) {
                continue;
            }
            // Exports write accounts in several notations.
            let account = dictionary.text(*code).filter(|_| *name == "SubAccountId");
            let print = account.map_or_else(
                || dictionary.print(*code),
                |a| Dictionary::print_of(&account::normal(a)),
            );
            all.add(print);
            if KEYED.contains(name) {
                key.add(print);
            }
        }
        Self { all: all.finish(), key: key.finish() }
    }
}

/// Fingerprint under construction.
#[derive(Clone, Copy)]
pub(super) struct Fingerprint(u64);

impl Fingerprint {
    pub(super) fn of(a: u64, b: u64) -> Self {
        let mut print = Self(a);
        print.add(b);
        print
    }

    #[inline]
    pub(super) fn add(&mut self, part: u64) {
        self.0 = mix(self.0, part);
    }

    #[inline]
    pub(super) fn add_amount(&mut self, amount: i128) {
        let bits = amount.cast_unsigned();
        self.add(low(bits) ^ low(bits >> 64).rotate_left(32));
    }

    #[inline]
    pub(super) fn finish(mut self) -> u64 {
        self.add(0x082e_fa98_ec4e_6c89);
        self.0
    }

    /// Returns 32 bits of it.
    #[inline]
    pub(super) fn short(self) -> u32 {
        u32::try_from(self.0 >> 32).unwrap_or(0)
    }
}

/// Multiplies 64 by 64 bits and folds the product (the step of wyhash and foldhash).
#[inline]
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a ^ 0x1319_8a2e_0370_7344) * u128::from(b ^ 0xa409_3822_299f_31d0);
    low(product) ^ low(product >> 64)
}

#[inline]
fn low(bits: u128) -> u64 {
    u64::try_from(bits & u128::from(u64::MAX)).unwrap_or(0)
}

/// Microseconds per hour.
pub(super) const HOUR: i64 = 3_600_000_000;

/// Microseconds per day.
pub(super) const DAY: i64 = 24 * HOUR;

/// Hours from which a charge covers a complete day: the shortest day, on which clocks go forward.
pub(super) const NEARLY_A_DAY: u64 = 23;

/// Returns the hours that a charge covers, rounded, because some exporters end a charge a second
/// early. Instants in microseconds; 0 if the end is unknown.
#[inline]
pub(super) fn hours(start: i64, end: i64) -> u64 {
    let length = if end == i64::MIN { 0 } else { end.saturating_sub(start) };
    u64::try_from(length.saturating_add(HOUR / 2) / HOUR).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_less_is_the_same_hour() {
        assert_eq!((hours(0, HOUR), hours(0, HOUR - 1_000_000), hours(0, DAY)), (1, 1, 24));
        assert_eq!(hours(5, i64::MIN), 0);
    }

    #[test]
    fn spellings_of_an_account_have_one_fingerprint() {
        let mut texts = [Dictionary::default(), Dictionary::default()];
        let codes = |texts: &mut [Dictionary; 2], account: &str, payer: &str| {
            [texts[0].code(account), texts[1].code(payer)]
        };
        let names = ["SubAccountId", "BillingAccountId"];
        let (a, b) =
            (codes(&mut texts, "1111-2222-3333", "x"), codes(&mut texts, "111122223333", "y"));
        assert_eq!(Prints::of(&names, &texts, &a, true), Prints::of(&names, &texts, &b, true));
        let other = codes(&mut texts, "444455556666", "x");
        assert_ne!(Prints::of(&names, &texts, &a, true), Prints::of(&names, &texts, &other, true));
    }
}
