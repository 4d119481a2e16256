//! Data that is known when a provider is called, and the result of a pull.

use cost_core::cloud::{Metered, Provider};
use cost_core::inventory::Resource;
use futures::future::BoxFuture;

use crate::{Gap, ProviderError};

/// Result of a pull, with its gaps.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Pulled<T> {
    /// Data that was collected.
    pub data: T,
    /// Data that could not be collected, although the rest was. Reviews of the estate report it.
    pub gaps: Vec<Gap>,
    /// Further notes for readers, one line each: files that were not read, with the reason.
    pub notes: Vec<String>,
}

impl<T> Pulled<T> {
    /// Complete result.
    #[must_use]
    pub fn complete(data: T) -> Self {
        Self::partly(data, Vec::new())
    }

    /// Result with gaps.
    #[must_use]
    pub fn partly(data: T, gaps: Vec<Gap>) -> Self {
        Self { data, gaps, notes: Vec::new() }
    }

    /// Sets the notes for readers, one line each.
    #[must_use]
    pub fn with_notes(self, notes: Vec<String>) -> Self {
        Self { notes, ..self }
    }
}

/// Pull in progress. It fails only if no data was collected: a part that fails is a [`Gap`].
pub type Pulling<'a, T> = BoxFuture<'a, Result<Pulled<T>, ProviderError>>;

/// Usage, named as in a bill.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsageType {
    /// `RegionId`.
    pub region_id: String,
    /// `SkuMeter`.
    pub usage_type: String,
    /// Cloud that defines the usage type, by `ProviderName`. A provider requests data only for
    /// usage of its own cloud.
    pub provider: Provider,
}

impl UsageType {
    /// Returns the usage type with the cloud that defines it.
    #[must_use]
    pub fn metered(&self) -> Metered<'_> {
        Metered::new(self.provider, &self.usage_type)
    }
}

/// Data that is known when a table is pulled.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Resources: the rows of [`cost_core::inventory::INVENTORY`]. Empty while that table itself is
    /// pulled, or if the provider does not support it.
    pub inventory: Vec<Resource>,
    /// Usage types of the bill, each once.
    pub usage: Vec<UsageType>,
}
