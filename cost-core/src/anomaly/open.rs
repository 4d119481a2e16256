//! Incidents that can still grow, by the account and service of their runs: a run is compared only
//! with those that it can have cost in common with, however many there are.

use std::collections::{BTreeSet, HashMap};

use super::scope::Scope;

/// A value of a scope; `None` if it does not restrict it.
type Value = Option<String>;

/// Open incidents by their positions.
#[derive(Default)]
pub(super) struct Open {
    all: BTreeSet<usize>,
    by_both: HashMap<(Value, Value), Vec<usize>>,
    by_account: HashMap<Value, Vec<usize>>,
    by_service: HashMap<Value, Vec<usize>>,
}

impl Open {
    /// Adds an incident with a run of this scope; also if it has other runs already.
    pub(super) fn add(&mut self, at: usize, scope: &Scope) {
        let (account, service) = (scope.sub_account_id.clone(), scope.service_name.clone());
        self.all.insert(at);
        self.by_account.entry(account.clone()).or_default().push(at);
        self.by_service.entry(service.clone()).or_default().push(at);
        self.by_both.entry((account, service)).or_default().push(at);
    }

    /// Removes the incidents that are not open any more.
    pub(super) fn keep(&mut self, is_open: impl Fn(usize) -> bool) {
        self.all.retain(|at| is_open(*at));
        let Self { all, by_both, by_account, by_service } = self;
        by_both.values_mut().for_each(|list| list.retain(|at| all.contains(at)));
        by_both.retain(|_, list| !list.is_empty());
        for lists in [by_account, by_service] {
            lists.values_mut().for_each(|list| list.retain(|at| all.contains(at)));
            lists.retain(|_, list| !list.is_empty());
        }
    }

    /// Returns the incidents with a run whose account and service do not exclude those of `scope`,
    /// in order.
    pub(super) fn near(&self, scope: &Scope) -> BTreeSet<usize> {
        let (account, service) = (&scope.sub_account_id, &scope.service_name);
        match (account, service) {
            (None, None) => self.all.clone(),
            (Some(_), None) => of(&self.by_account, [account.clone(), None]),
            (None, Some(_)) => of(&self.by_service, [service.clone(), None]),
            (Some(_), Some(_)) => {
                let pair = |a: &Value, s: &Value| (a.clone(), s.clone());
                let keys = [
                    pair(account, service),
                    pair(account, &None),
                    pair(&None, service),
                    pair(&None, &None),
                ];
                of(&self.by_both, keys)
            }
        }
    }
}

/// Returns the incidents with one of the keys.
fn of<K: std::hash::Hash + Eq, const N: usize>(
    lists: &HashMap<K, Vec<usize>>,
    keys: [K; N],
) -> BTreeSet<usize> {
    keys.iter().filter_map(|key| lists.get(key)).flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(account: Option<&str>, service: Option<&str>) -> Scope {
        let text = |t: Option<&str>| t.map(ToOwned::to_owned);
        Scope { sub_account_id: text(account), service_name: text(service), ..Scope::default() }
    }

    /// Every pair of scopes: near are those that do not exclude each other.
    #[test]
    fn near_is_what_can_have_cost_in_common() {
        let values = [None, Some("1"), Some("2")];
        let scopes: Vec<Scope> =
            values.iter().flat_map(|a| values.iter().map(move |s| scope(*a, *s))).collect();
        let mut open = Open::default();
        for (at, scope) in scopes.iter().enumerate() {
            open.add(at, scope);
        }
        for one in &scopes {
            let common = scopes.iter().enumerate().filter(|(_, other)| one.and(other).is_some());
            assert_eq!(open.near(one), common.map(|(at, _)| at).collect(), "{one}");
        }
        open.keep(|at| at == 4);
        assert_eq!(open.near(&Scope::default()), BTreeSet::from([4]));
        assert_eq!(open.near(&scope(Some("1"), None)), BTreeSet::from([4]));
        assert!(open.near(&scope(Some("2"), None)).is_empty());
    }
}
