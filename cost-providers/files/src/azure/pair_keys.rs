//! [`Pairs`]: accounts, subscriptions, and days for which both data sets exist.

use std::collections::BTreeSet;
use std::sync::Arc;

/// Account, subscription, and day, such as `2026-09-21`; blank if a row has none.
pub(crate) type Key = [String; 3];

/// Keys for which both data sets exist; all keys until this is determined.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairs(pub(super) Option<Arc<BTreeSet<Key>>>);

impl Pairs {
    /// Only these keys.
    pub(crate) fn of(keys: BTreeSet<Key>) -> Self {
        Self(Some(Arc::new(keys)))
    }
}
