//! [`ProviderConfig`]: configuration that opens a provider.

use std::path::PathBuf;

use chrono::NaiveDate;
use futures::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Provider, ProviderError};

/// Provider that is being opened.
pub type Opening<'a> = BoxFuture<'a, Result<Box<dyn Provider>, ProviderError>>;

/// Configuration that opens a provider: identity, accounts, and locations. It can be written to a
/// file and read back. Unknown fields are an error, since a misspelled field would be ignored.
///
/// It contains no secrets, so it can be committed, logged, and shown. Credentials come from the
/// same places as for the provider's own tools: environment, profiles, and roles.
pub trait ProviderConfig: Serialize + DeserializeOwned + Send + Sync {
    /// Opens the provider, with valid credentials.
    fn open<'a>(&'a self, scope: &'a PullScope) -> Opening<'a>;
}

/// Amount of data to pull, and the date of the pull.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PullScope {
    /// Day of the pull: charges up to the day before can be included.
    pub as_of: NaiveDate,
    /// Number of calendar months of charges, including the month of the day before `as_of`.
    pub months: u32,
    /// Number of days of utilization before `as_of`; zero for none.
    pub utilization_days: u32,
    /// Folder of the estate. A provider stores paid answers and downloads in its `.cache`, and does
    /// not request them again.
    pub estate: PathBuf,
}

impl PullScope {
    /// Scope with 13 months of charges, so that a month can be compared with the same month of the
    /// previous year, and 14 days of utilization.
    #[must_use]
    pub fn new(estate: impl Into<PathBuf>, as_of: NaiveDate) -> Self {
        Self { as_of, months: 13, utilization_days: 14, estate: estate.into() }
    }

    /// Sets the number of months of charges.
    #[must_use]
    pub fn months(self, months: u32) -> Self {
        Self { months, ..self }
    }

    /// Sets the number of days of utilization; zero for none.
    #[must_use]
    pub fn utilization_days(self, utilization_days: u32) -> Self {
        Self { utilization_days, ..self }
    }
}
