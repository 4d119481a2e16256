//! Comparison of folders of one billing period: a newer version of another, a part of the period,
//! or unclear.
//!
//! A newer version contains the charges of an older one, even if amounts were restated: AWS and
//! Azure write the entire month to date each time. Parts have other instants, accounts, or
//! resources. All other cases need a decision by the user.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::account::Form;
use super::version_lines::{Line, each};
use crate::focus::{FocusError, Origin};

/// Number of charges of each version that are looked up in the others: those with the smallest
/// fingerprints, a random sample. A share of the sample is within 2 percentage points of the share
/// of all charges (two standard deviations at 50 %, 2 × √(0.25 ÷ 4,096)). Chosen.
const SAMPLE: usize = 4_096;
/// Share of a version's charges that a newer version must have at least as often for it to be the
/// older version, percent. An estimated fee may have disappeared. Chosen.
const OLDER_PCT: u64 = 90;
/// Largest share of a version's cost that may be missing, percent. Chosen: less than anyone would
/// investigate.
const GONE_COST_PCT: u128 = 1;
/// Largest share of lines without an account, or without a resource, at which the other lines are
/// sufficient, percent: taxes and fees have neither. Chosen.
const BARE_PCT: u64 = 10;

/// Relation of a version to newer ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The newer ones contain its charges.
    Older,
    /// The newer ones have other charges.
    Apart,
    /// The newer ones have some of its charges, or possibly the same ones under different names.
    Unclear {
        /// Share of its charges in the newer ones, percent.
        pct: u64,
        /// An account that the newer ones lack.
        account: Option<String>,
        /// First day that the newer ones lack.
        day: Option<NaiveDate>,
    },
}

type Prints = HashSet<u64, foldhash::fast::FixedState>;
type Counts = HashMap<u64, Times, foldhash::fast::FixedState>;

/// Number of charges with a key, and their cost.
#[derive(Clone, Copy, Default)]
struct Times {
    count: u64,
    cost: i128,
}

impl Times {
    fn add(&mut self, more: Self) {
        self.count += more.count;
        self.cost = self.cost.saturating_add(more.cost);
    }
}

/// Key that is looked up, and one of its lines.
struct Sampled {
    times: Times,
    resource: Option<u64>,
    place: u64,
    start: u64,
    has_account: bool,
}

impl Sampled {
    fn of(line: &Line) -> Self {
        Self {
            times: Times::default(),
            resource: line.resource,
            place: line.place,
            start: line.start,
            has_account: !line.account.is_empty(),
        }
    }

    /// Returns the place, if the line names its account.
    fn own_place(&self) -> Option<u64> {
        self.has_account.then_some(self.place)
    }
}

/// Facts about a version.
#[derive(Default)]
struct Version {
    sample: BTreeMap<u64, Sampled>,
    /// Charges of all samples that it has.
    keys: Counts,
    seen: Seen,
    has: Has,
}

/// Locations of charges: resources, accounts, and instants.
#[derive(Default)]
struct Seen {
    resources: Prints,
    /// Only for named accounts: lines without an account do not show which accounts are present.
    places: Prints,
    starts: Prints,
}

impl Seen {
    fn add(&mut self, sampled: &Sampled) {
        self.resources.extend(sampled.resource);
        self.places.extend(sampled.own_place());
        self.starts.insert(sampled.start);
    }

    fn merge(&mut self, more: &Self) {
        self.resources.extend(&more.resources);
        self.places.extend(&more.places);
        self.starts.extend(&more.starts);
    }
}

/// Charges in one or several versions.
#[derive(Clone, Default)]
struct Has {
    lines: u64,
    without_account: u64,
    without_resource: u64,
    accounts: BTreeMap<String, Form>,
    days: BTreeSet<NaiveDate>,
}

impl Has {
    fn add(&mut self, line: &Line) {
        self.lines += 1;
        self.without_account += u64::from(line.account.is_empty());
        self.without_resource += u64::from(line.resource.is_none());
        if !line.account.is_empty() && !self.accounts.contains_key(&line.account) {
            self.accounts.insert(line.account.clone(), line.form);
        }
        self.days.extend(line.day);
    }

    fn merge(&mut self, more: &Self) {
        self.lines += more.lines;
        self.without_account += more.without_account;
        self.without_resource += more.without_resource;
        self.accounts.extend(more.accounts.clone());
        self.days.extend(&more.days);
    }

    fn is_most(&self, without: u64) -> bool {
        without * 100 <= self.lines * BARE_PCT
    }

    /// Returns the notation in which accounts are written; `None` if they cannot be compared.
    fn form(&self) -> Option<Form> {
        let forms: BTreeSet<Form> = self.accounts.values().copied().collect();
        forms.first().copied().filter(|_| forms.len() == 1 && self.is_most(self.without_account))
    }
}

/// Versions of one billing period, compared by their charges.
pub struct Versions(Vec<Version>);

/// Versions that have been read, combined.
#[derive(Default)]
pub struct Newer {
    keys: Counts,
    seen: Seen,
    has: Has,
    /// Their samples, for the lookup in the other direction.
    own_keys: Prints,
    own: Seen,
}

impl Versions {
    /// Reads the files of each version twice: for a sample of 4,096 charges, and to look up the
    /// samples of the others.
    ///
    /// # Errors
    /// [`FocusError::Unreadable`] for the file that cannot be read.
    pub fn of(versions: &[Vec<Origin>]) -> Result<Self, FocusError> {
        let mut all: Vec<Version> = versions.iter().map(|_| Version::default()).collect();
        each(versions, |at, line| {
            let version = &mut all[at];
            version.has.add(&line);
            let is_full = version.sample.len() >= SAMPLE;
            if is_full && version.sample.last_key_value().is_some_and(|(last, _)| line.key > *last)
            {
                return;
            }
            let sampled = version.sample.entry(line.key).or_insert_with(|| Sampled::of(&line));
            sampled.times.add(Times { count: 1, cost: line.cost });
            if version.sample.len() > SAMPLE {
                version.sample.pop_last();
            }
        })?;
        let (mut keys, mut wanted) = (Prints::default(), Seen::default());
        for (key, sampled) in all.iter().flat_map(|v| &v.sample) {
            keys.insert(*key);
            wanted.add(sampled);
        }
        each(versions, |at, line| {
            let version = &mut all[at];
            if keys.contains(&line.key) {
                version.keys.entry(line.key).or_default().add(Times { count: 1, cost: line.cost });
            }
            let (sampled, seen) = (Sampled::of(&line), &mut version.seen);
            seen.resources.extend(sampled.resource.filter(|r| wanted.resources.contains(r)));
            seen.places.extend(sampled.own_place().filter(|p| wanted.places.contains(p)));
            seen.starts.extend(Some(sampled.start).filter(|s| wanted.starts.contains(s)));
        })?;
        Ok(Self(all))
    }

    /// Adds a version that has been read.
    pub fn read(&self, version: usize, newer: &mut Newer) {
        let version = &self.0[version];
        for (key, times) in &version.keys {
            newer.keys.entry(*key).or_default().add(*times);
        }
        newer.seen.merge(&version.seen);
        newer.has.merge(&version.has);
        for (key, sampled) in &version.sample {
            newer.own_keys.insert(*key);
            newer.own.add(sampled);
        }
    }

    /// Returns the relation of a version to the newer ones that have been read.
    #[must_use]
    pub fn beside(&self, version: usize, newer: &Newer) -> Relation {
        let own = &self.0[version];
        if own.has.lines == 0 || newer.has.lines == 0 || own.is_apart(newer) {
            return Relation::Apart;
        }
        let (mut same, mut cost, mut gone) = (0_u64, 0_u128, 0_u128);
        for (key, sampled) in &own.sample {
            let is_there =
                newer.keys.get(key).is_some_and(|times| times.count >= sampled.times.count);
            let amount = sampled.times.cost.unsigned_abs();
            same += u64::from(is_there);
            cost = cost.saturating_add(amount);
            gone = gone.saturating_add(if is_there { 0 } else { amount });
        }
        let pct = same * 100 / u64::try_from(own.sample.len()).unwrap_or(u64::MAX).max(1);
        let account =
            own.has.accounts.keys().find(|a| !newer.has.accounts.contains_key(*a)).cloned();
        let day = own.has.days.difference(&newer.has.days).next().copied();
        let is_little = gone.saturating_mul(100) <= cost.saturating_mul(GONE_COST_PCT);
        if pct >= OLDER_PCT && is_little && account.is_none() && day.is_none() {
            return Relation::Older;
        }
        Relation::Unclear { pct, account, day }
    }
}

impl Version {
    /// Returns whether it certainly has other charges: other instants, accounts, or resources, and
    /// no equal charge.
    fn is_apart(&self, newer: &Newer) -> bool {
        let (form, their_form) = (self.has.form(), newer.has.form());
        let are_accounts = form.is_some() && form == their_form;
        // In either direction: the sample of one side is looked up on the other.
        let meets = |own: fn(&Sampled) -> Option<u64>, of: fn(&Seen) -> &Prints| {
            self.sample.values().filter_map(own).any(|print| of(&newer.seen).contains(&print))
                || !of(&self.seen).is_disjoint(of(&newer.own))
        };
        let is_elsewhere = if are_accounts {
            !meets(Sampled::own_place, |seen| &seen.places)
        } else {
            !meets(|s| Some(s.start), |seen| &seen.starts)
        };
        let have_resources = |has: &Has| has.is_most(has.without_resource);
        let are_others = have_resources(&self.has)
            && have_resources(&newer.has)
            && !meets(|s| s.resource, |seen| &seen.resources);
        // A tax without an account is in each account's folder, with a different amount.
        let is_own = |sampled: &Sampled, times: &Times| {
            are_accounts && is_elsewhere && !sampled.has_account && times.cost != sampled.times.cost
        };
        let mut alike =
            self.sample.iter().filter_map(|(key, sampled)| Some((sampled, newer.keys.get(key)?)));
        let of_theirs = |key: &u64| !self.sample.contains_key(key) && newer.own_keys.contains(key);
        (is_elsewhere || are_others)
            && alike.all(|(sampled, times)| is_own(sampled, times))
            && !self.keys.keys().any(of_theirs)
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use polars::prelude::*;

    use super::*;

    /// Returns charges of machines on days of an account, as a version.
    fn version(account: &str, machines: Range<u32>, days: Range<u32>) -> Vec<Origin> {
        costing("1.5", account, machines, days)
    }

    fn costing(cost: &str, account: &str, machines: Range<u32>, days: Range<u32>) -> Vec<Origin> {
        let all: Vec<(u32, u32)> =
            days.flat_map(|day| machines.clone().map(move |machine| (day, machine))).collect();
        let text = |value: &str| vec![value.to_owned(); all.len()];
        let frame = df!(
            "BilledCost" => text(cost), "EffectiveCost" => text(cost), "BillingCurrency" => text("USD"),
            "ChargePeriodStart" => all.iter().map(|(day, _)| format!("2026-10-{day:02}")).collect::<Vec<_>>(),
            "ResourceId" => all.iter().map(|(_, machine)| format!("i-{machine}")).collect::<Vec<_>>(),
            "ServiceName" => text("EC2"), "SubAccountId" => text(account)
        );
        vec![
            Origin::of_frame(account, frame.expect("columns of one length").lazy())
                .expect("columns"),
        ]
    }

    /// Returns charges of a day without resource and account.
    fn tax(cost: &str) -> Vec<Origin> {
        let frame = df!(
            "BilledCost" => [cost], "EffectiveCost" => [cost], "BillingCurrency" => ["USD"],
            "ChargePeriodStart" => ["2026-10-01"], "ServiceName" => ["Tax"]
        );
        vec![Origin::of_frame("tax", frame.expect("columns").lazy()).expect("columns")]
    }

    fn relation(own: &[Origin], newer: &[Origin]) -> Relation {
        let versions = Versions::of(&[own.to_vec(), newer.to_vec()]).expect("read");
        let mut read = Newer::default();
        versions.read(1, &mut read);
        versions.beside(0, &read)
    }

    fn unclear(pct: u64, account: Option<&str>, day: Option<u32>) -> Relation {
        let day = day.and_then(|day| NaiveDate::from_ymd_opt(2026, 10, day));
        Relation::Unclear { pct, account: account.map(ToOwned::to_owned), day }
    }

    const ACCOUNT: &str = "111122223333";

    #[test]
    fn a_newer_version_has_what_the_older_has() {
        let month = version(ACCOUNT, 0..20, 1..31);
        assert_eq!(
            relation(&costing("1.4", ACCOUNT, 0..20, 1..15), &month),
            Relation::Older,
            "restated"
        );
        assert_eq!(
            relation(&version("1111-2222-3333", 0..20, 1..15), &month),
            Relation::Older,
            "in another spelling"
        );
        assert_eq!(relation(&month, &version(ACCOUNT, 0..20, 1..16)), unclear(50, None, Some(16)));
        assert_eq!(relation(&month, &version(ACCOUNT, 0..20, 1..2)), unclear(3, None, Some(2)));
        let with_tax = [version(ACCOUNT, 0..20, 1..15), tax("0.01")].concat();
        assert_eq!(relation(&with_tax, &month), Relation::Older, "an estimated tax is gone");
        let with_fee = [version(ACCOUNT, 0..20, 1..15), tax("500")].concat();
        assert_eq!(relation(&with_fee, &month), unclear(99, None, None), "a large fee is gone");
        let twice = [version(ACCOUNT, 0..20, 1..15), version(ACCOUNT, 0..20, 1..15)].concat();
        assert_eq!(relation(&twice, &month), unclear(0, None, None), "each twice");
        let free = costing("0", ACCOUNT, 0..20, 1..31);
        assert_eq!(relation(&month, &free), Relation::Older, "all free by now");
    }

    #[test]
    fn parts_have_other_accounts_instants_or_resources() {
        let month = version(ACCOUNT, 0..20, 1..31);
        assert_eq!(
            relation(&version(ACCOUNT, 20..40, 1..31), &month),
            Relation::Apart,
            "other resources"
        );
        assert_eq!(
            relation(&version("444455556666", 0..20, 1..31), &month),
            Relation::Apart,
            "another account"
        );
        assert_eq!(
            relation(&version("prod", 0..20, 1..31), &month),
            unclear(0, Some("prod"), None),
            "perhaps the same"
        );
        assert_eq!(
            relation(&version("", 0..20, 1..31), &month),
            unclear(0, None, None),
            "perhaps the same"
        );
        let days = [1, 2].map(|day| version(ACCOUNT, 0..20, day..day + 1));
        assert_eq!(relation(&days[0], &days[1]), Relation::Apart);
        let with_tax =
            |account: &str, cost: &str| [version(account, 0..20, 1..31), tax(cost)].concat();
        assert_eq!(
            relation(&with_tax("444455556666", "3"), &with_tax(ACCOUNT, "4")),
            Relation::Apart,
            "its own tax"
        );
        let same_tax = relation(&with_tax("444455556666", "3"), &with_tax(ACCOUNT, "3"));
        assert_eq!(same_tax, unclear(0, Some("444455556666"), None), "the same tax in both");
    }

    #[test]
    fn several_versions_together_have_what_an_older_one_has() {
        let [a, b, both] = [0..20, 20..40, 0..40].map(|machines| version(ACCOUNT, machines, 1..31));
        let versions = Versions::of(&[both, a, b]).expect("read");
        let mut newer = Newer::default();
        versions.read(2, &mut newer);
        assert_eq!(versions.beside(0, &newer), unclear(50, None, None));
        assert_eq!(versions.beside(1, &newer), Relation::Apart);
        versions.read(1, &mut newer);
        assert_eq!(versions.beside(0, &newer), Relation::Older);
    }
}
