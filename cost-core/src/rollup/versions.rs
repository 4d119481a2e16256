//! Which charges of several versions of a billing period are in others of them.
//!
//! A newer version has what an older one has, whatever amounts were restated; parts of a period have nothing in common. Compared is what is
//! charged when: service, meter, resource, currency, account, and the instant from which.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::account::Form;
use super::charge::Charge;
use super::fingerprint::mix;
use super::reread::each;
use crate::focus::{FocusError, Origin};

/// Charges of each version that are looked up in the others: those whose fingerprints are the smallest, a random sample. A share of it is
/// within 2 percentage points of that of all charges (two standard deviations at 50 %, 2 × √(0.25 ÷ 4,096)). Chosen.
const SAMPLE: usize = 4_096;
/// Share of a version's charges that a newer one has, from which on it is an older version of it, percent: a fee that was estimated, or an
/// account without charges by now, may be gone. Chosen.
const OLDER_PCT: u64 = 90;
/// Share of either side's charges that the other has, up to which they are parts of one period, percent: a tax without a resource can be in both.
/// Chosen.
const APART_PCT: u64 = 10;

/// What charges of a version are to those of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The others have what this one has.
    Older,
    /// The others have other charges.
    Apart,
    /// The others have some of its charges: their shares in percent, of the same account, and whatever the account.
    Torn(u64, u64),
}

type Prints = HashSet<u64, foldhash::fast::FixedState>;

/// A charge that is looked up.
#[derive(Clone, Copy)]
struct Sampled {
    item: u64,
    account: u64,
}

impl Sampled {
    fn print(self) -> u64 {
        mix(self.item, self.account)
    }
}

impl From<&Charge> for Sampled {
    fn from(charge: &Charge) -> Self {
        Self { item: charge.item_at, account: charge.sub_account }
    }
}

/// What is known of a version.
#[derive(Default)]
struct Version {
    /// By the fingerprint of item and account.
    sample: BTreeMap<u64, Sampled>,
    /// How its accounts are written.
    forms: BTreeSet<Form>,
    /// What of all samples it has: items of its accounts, items whatever the account, and items without an account.
    pairs: Prints,
    items: Prints,
    bare: Prints,
}

/// Versions of one billing period, compared by their charges.
pub struct Versions(Vec<Version>);

impl Versions {
    /// Reads the files of each version twice: for a sample of 4,096 charges, and to look up those of the others.
    ///
    /// # Errors
    /// [`FocusError::Unreadable`], of the file that cannot be read.
    pub fn of(versions: &[Vec<Origin>]) -> Result<Self, FocusError> {
        let mut all: Vec<Version> = versions.iter().map(|_| Version::default()).collect();
        each(versions, |at, charge| {
            let version = &mut all[at];
            version.forms.insert(charge.form);
            let sampled = Sampled::from(&charge);
            let print = sampled.print();
            if version.sample.len() < SAMPLE || version.sample.last_key_value().is_some_and(|(last, _)| print < *last) {
                version.sample.insert(print, sampled);
                if version.sample.len() > SAMPLE {
                    version.sample.pop_last();
                }
            }
        })?;
        let wanted: Prints = all.iter().flat_map(|v| v.sample.values().map(|s| s.item)).collect();
        each(versions, |at, charge| {
            let sampled = Sampled::from(&charge);
            if wanted.contains(&sampled.item) {
                let version = &mut all[at];
                version.items.insert(sampled.item);
                if sampled.account == 0 {
                    version.bare.insert(sampled.item);
                } else {
                    version.pairs.insert(sampled.print());
                }
            }
        })?;
        Ok(Self(all))
    }

    /// Whether a version has no charges with a cost.
    #[must_use]
    pub fn is_empty(&self, version: usize) -> bool {
        self.0[version].sample.is_empty()
    }

    /// What a version is to others, taken together; these are by their places.
    #[must_use]
    pub fn beside(&self, version: usize, others: &[usize]) -> Relation {
        let own = std::slice::from_ref(&version);
        let (own_share, own_items) = self.shares(own, others);
        let (their_share, their_items) = self.shares(others, own);
        if own_share >= OLDER_PCT && !others.is_empty() {
            return Relation::Older;
        }
        let forms = |of: &[usize]| of.iter().flat_map(|v| self.0[*v].forms.clone()).collect::<BTreeSet<Form>>();
        // Accounts in two forms, or none, may be the same ones.
        let is_one_form = forms(own).len() == 1 && forms(own) == forms(others) && !forms(own).contains(&Form::Missing);
        let share = if is_one_form { own_share.max(their_share) } else { own_items.max(their_items) };
        if share <= APART_PCT { Relation::Apart } else { Relation::Torn(own_share, own_items) }
    }

    /// The share of the charges of `of` that `others` have, with the account and whatever the account, percent.
    fn shares(&self, of: &[usize], others: &[usize]) -> (u64, u64) {
        let has = |in_version: fn(&Version) -> &Prints, print: u64| {
            others.iter().any(|other| in_version(&self.0[*other]).contains(&print))
        };
        let (mut all, mut same, mut same_items) = (0, 0, 0);
        for sampled in of.iter().flat_map(|v| self.0[*v].sample.values()) {
            let is_item = has(|v| &v.items, sampled.item);
            let is_same = (sampled.account == 0 && is_item)
                || has(|v| &v.pairs, sampled.print())
                || has(|v| &v.bare, sampled.item);
            all += 1;
            same += u64::from(is_same);
            same_items += u64::from(is_item);
        }
        let pct = |part: u64| part * 100 / all.max(1);
        (pct(same), pct(same_items))
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;

    /// Charges of machines on days of an account, as a version.
    fn version(account: &str, machines: std::ops::Range<u32>, days: std::ops::Range<u32>) -> Vec<Origin> {
        let all: Vec<(u32, u32)> = days.flat_map(|day| machines.clone().map(move |machine| (day, machine))).collect();
        let text = |value: &str| vec![value.to_owned(); all.len()];
        let frame = df!(
            "BilledCost" => text("1.5"), "EffectiveCost" => text("1.5"), "BillingCurrency" => text("USD"),
            "ChargePeriodStart" => all.iter().map(|(day, _)| format!("2026-10-{day:02}")).collect::<Vec<_>>(),
            "ResourceId" => all.iter().map(|(_, machine)| format!("i-{machine}")).collect::<Vec<_>>(),
            "ServiceName" => text("EC2"), "SubAccountId" => text(account)
        );
        vec![Origin::of_frame(account, frame.expect("columns of one length").lazy()).expect("columns")]
    }

    fn relation(own: &[Origin], newer: &[Origin]) -> Relation {
        Versions::of(&[own.to_vec(), newer.to_vec()]).expect("read").beside(0, &[1])
    }

    #[test]
    fn a_newer_version_has_what_the_older_has() {
        let month = version("111122223333", 0..20, 1..31);
        assert_eq!(relation(&version("111122223333", 0..20, 1..15), &month), Relation::Older);
        assert_eq!(relation(&version("1111-2222-3333", 0..20, 1..15), &month), Relation::Older, "in another spelling");
        assert_eq!(relation(&version("", 0..20, 1..15), &month), Relation::Older, "without accounts");
        assert_eq!(relation(&month, &version("111122223333", 0..20, 1..16)), Relation::Torn(50, 50));
        assert_eq!(
            relation(&month, &version("111122223333", 0..20, 1..2)),
            Relation::Torn(3, 3),
            "all of the small one"
        );
    }

    #[test]
    fn parts_have_nothing_in_common() {
        let month = version("111122223333", 0..20, 1..31);
        assert_eq!(relation(&version("111122223333", 20..40, 1..31), &month), Relation::Apart, "other resources");
        assert_eq!(relation(&version("444455556666", 0..20, 1..31), &month), Relation::Apart, "another account");
        assert_eq!(
            relation(&version("prod", 0..20, 1..31), &month),
            Relation::Torn(0, 100),
            "perhaps the same account"
        );
        let days = [1, 2].map(|day| version("111122223333", 0..20, day..day + 1));
        assert_eq!(relation(&days[0], &days[1]), Relation::Apart);
    }

    #[test]
    fn several_versions_together_have_what_an_older_one_has() {
        let [a, b, both] = [0..20, 20..40, 0..40].map(|machines| version("111122223333", machines, 1..31));
        let versions = Versions::of(&[both, a, b]).expect("read");
        assert_eq!(versions.beside(0, &[1]), Relation::Torn(50, 50));
        assert_eq!(versions.beside(0, &[1, 2]), Relation::Older);
        assert_eq!(versions.beside(1, &[2]), Relation::Apart);
    }
}
