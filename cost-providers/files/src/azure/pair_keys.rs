//! [`Pairs`]: of which accounts, subscriptions and days both data sets are there.

use std::collections::BTreeSet;
use std::sync::Arc;

/// An account, a subscription and a day, such as `2026-09-21`; blank where a row has none.
pub(crate) type Key = [String; 3];

/// The keys of which both data sets are there; all, until somebody has looked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairs(pub(super) Option<Arc<BTreeSet<Key>>>);

impl Pairs {
    /// These keys alone.
    pub(crate) fn of(keys: BTreeSet<Key>) -> Self {
        Self(Some(Arc::new(keys)))
    }
}
