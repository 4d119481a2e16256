//! Ongoing incidents, by the accounts and services that they are in: a run is compared only with
//! those that it can be part of or explain. Otherwise the time would grow with the square of the
//! number of incidents.

use std::collections::{BTreeMap, BTreeSet};

use super::scope::{Level, Scope};
use super::series::SeriesSet;

/// Account and service of a scope; `None` if it is not restricted to one.
type Place<'a> = (Option<&'a str>, Option<&'a str>);

fn place(scope: &Scope) -> Place<'_> {
    (scope.sub_account_id.as_deref(), scope.service_name.as_deref())
}

/// Positions of the ongoing incidents.
#[derive(Default)]
pub(super) struct Open<'a> {
    all: BTreeSet<usize>,
    by_place: BTreeMap<Place<'a>, BTreeSet<usize>>,
    by_account: BTreeMap<&'a str, BTreeSet<usize>>,
    by_service: BTreeMap<&'a str, BTreeSet<usize>>,
    /// Services of each account, and accounts of each service, in the estate.
    services: BTreeMap<&'a str, BTreeSet<&'a str>>,
    accounts: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Day from which the incidents are known to be ongoing.
    day: Option<usize>,
}

impl<'a> Open<'a> {
    pub(super) fn new(set: &'a SeriesSet) -> Self {
        let mut open = Self::default();
        for series in set.series.iter().filter(|s| s.level == Level::AccountService) {
            if let (Some(account), Some(service)) = place(&series.scope) {
                open.services.entry(account).or_default().insert(service);
                open.accounts.entry(service).or_default().insert(account);
            }
        }
        open
    }

    /// Returns all of them, the oldest first.
    pub(super) fn all(&self) -> impl Iterator<Item = usize> {
        self.all.iter().copied()
    }

    /// Removes the incidents that have ended before `day`: `scopes` returns the scopes of the runs
    /// of an incident that has not.
    pub(super) fn advance(&mut self, day: usize, scopes: impl Fn(usize) -> Vec<&'a Scope>) {
        if self.day.replace(day) == Some(day) {
            return;
        }
        let before = std::mem::take(&mut self.all);
        (self.by_place, self.by_account, self.by_service) = Default::default();
        for at in before {
            for scope in scopes(at) {
                self.add(at, scope);
            }
        }
    }

    /// Adds an incident that has a run in `scope`.
    pub(super) fn add(&mut self, at: usize, scope: &'a Scope) {
        let (account, service) = place(scope);
        self.all.insert(at);
        self.by_place.entry((account, service)).or_default().insert(at);
        if let Some(account) = account {
            self.by_account.entry(account).or_default().insert(at);
        }
        if let Some(service) = service {
            self.by_service.entry(service).or_default().insert(at);
        }
    }

    /// Returns the incidents that share cost with `scope`, the newest first. A service shares cost
    /// with an account only if the account uses it.
    pub(super) fn near(&self, scope: &Scope) -> Vec<usize> {
        let mut places = vec![(None, None)];
        let mut found: BTreeSet<usize> = BTreeSet::new();
        match place(scope) {
            (None, None) => return self.all.iter().rev().copied().collect(),
            (Some(account), Some(service)) => places.extend([
                (Some(account), Some(service)),
                (Some(account), None),
                (None, Some(service)),
            ]),
            (Some(account), None) => {
                found.extend(self.by_account.get(account).into_iter().flatten());
                let services = self.services.get(account).into_iter().flatten();
                places.extend(services.map(|service| (None, Some(*service))));
            }
            (None, Some(service)) => {
                found.extend(self.by_service.get(service).into_iter().flatten());
                let accounts = self.accounts.get(service).into_iter().flatten();
                places.extend(accounts.map(|account| (Some(*account), None)));
            }
        }
        found.extend(places.iter().filter_map(|place| self.by_place.get(place)).flatten());
        found.into_iter().rev().collect()
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;
    use crate::anomaly::{Calendar, Series};

    /// A scope of up to three accounts and services, at a level that has them.
    fn scopes() -> impl Strategy<Value = Scope> {
        (prop::option::of(0..3_u8), prop::option::of(0..3_u8)).prop_map(|(account, service)| {
            Scope {
                sub_account_id: account.map(|a| a.to_string()),
                service_name: service.map(|s| format!("s{s}")),
                ..Scope::default()
            }
        })
    }

    fn set(used: &[(u8, u8)]) -> SeriesSet {
        let one = |(account, service): &(u8, u8)| Series {
            level: Level::AccountService,
            scope: Scope {
                sub_account_id: Some(account.to_string()),
                service_name: Some(format!("s{service}")),
                ..Scope::default()
            },
            costs: vec![0.0],
        };
        let calendar = Calendar::new(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(), 1);
        SeriesSet::new(calendar, used.iter().map(one).collect())
    }

    proptest! {
        /// Every incident that shares an account and service with a scope is near it, if the
        /// estate has this service in this account.
        #[test]
        fn what_can_share_cost_is_near(
            used in prop::collection::vec((0..3_u8, 0..3_u8), 1..6),
            of_incidents in prop::collection::vec(scopes(), 1..8),
            scope in scopes(),
        ) {
            let set = set(&used);
            let mut open = Open::new(&set);
            for (at, scope) in of_incidents.iter().enumerate() {
                open.add(at, scope);
            }
            let near = open.near(&scope);
            prop_assert!(near.windows(2).all(|pair| pair[0] > pair[1]), "newest first");
            for (at, other) in of_incidents.iter().enumerate() {
                let shares = scope.is_within(other) || other.is_within(&scope) || {
                    let both = scope.and(other);
                    both.is_some_and(|both| set.series.iter().any(|s| s.scope == both))
                };
                let has_account = |s: &Scope| s.sub_account_id.is_some();
                let has_service = |s: &Scope| s.service_name.is_some();
                let in_estate = |s: &Scope| {
                    !(has_account(s) && has_service(s)) || set.series.iter().any(|t| t.scope == *s)
                };
                if shares && in_estate(&scope) && in_estate(other) {
                    prop_assert!(near.contains(&at), "{scope} and {other}");
                }
            }
        }
    }

    #[test]
    fn what_ended_is_not_near() {
        let (set, scope) = (set(&[(1, 1)]), Scope::default());
        let mut open = Open::new(&set);
        open.add(0, &scope);
        open.add(1, &scope);
        open.advance(5, |at| if at == 1 { vec![&scope] } else { Vec::new() });
        assert_eq!(open.near(&scope), [1]);
    }
}
