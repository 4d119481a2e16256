//! [`ProviderConfig`]: what opens a provider.

use std::path::PathBuf;

use chrono::NaiveDate;
use futures::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Provider, ProviderError};

/// A provider that is being opened.
pub type Opening<'a> = BoxFuture<'a, Result<Box<dyn Provider>, ProviderError>>;

/// What opens a provider: who asks, of what, and where. It can be written to a file and read back,
/// and refuses fields that it does not know, since a misspelled one would be passed over.
///
/// It holds no secrets. Credentials come from where the provider's own tools find them: environment,
/// profiles, roles. So it can be committed, logged and shown.
pub trait ProviderConfig: Serialize + DeserializeOwned + Send + Sync {
    /// The provider, with credentials that work.
    fn open<'a>(&'a self, scope: &'a PullScope) -> Opening<'a>;
}

/// How much is pulled, and as of when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullScope {
    /// The day of the pull: charges up to the day before can be in it.
    pub as_of: NaiveDate,
    /// Calendar months of charges to have, the one of the day before `as_of` included.
    pub months: u32,
    /// Days of utilization to have before `as_of`; zero for none.
    pub utilization_days: u32,
    /// The estate: a provider keeps in its `.cache` what it paid for or fetched, and does not ask
    /// for it again.
    pub estate: PathBuf,
}

impl PullScope {
    /// Thirteen months of charges, so that a month can be compared with that of the year before, and
    /// fourteen days of utilization.
    #[must_use]
    pub fn new(estate: impl Into<PathBuf>, as_of: NaiveDate) -> Self {
        Self { as_of, months: 13, utilization_days: 14, estate: estate.into() }
    }

    /// The same with other months of charges.
    #[must_use]
    pub fn months(self, months: u32) -> Self {
        Self { months, ..self }
    }

    /// The same with other days of utilization; zero for none.
    #[must_use]
    pub fn utilization_days(self, utilization_days: u32) -> Self {
        Self { utilization_days, ..self }
    }
}
