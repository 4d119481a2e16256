//! What is known when a provider is asked, and what comes of it.

use cost_core::cloud::{Metered, Provider};
use cost_core::inventory::Resource;
use futures::future::BoxFuture;

use crate::{Gap, ProviderError};

/// What came of a pull, and what did not.
#[derive(Clone, Debug)]
pub struct Pulled<T> {
    /// What came.
    pub data: T,
    /// What could not be had, though the rest came. A review made from it says so.
    pub gaps: Vec<Gap>,
    /// What a reader should know besides, a line each: files that were not read, and why.
    pub notes: Vec<String>,
}

impl<T> Pulled<T> {
    /// All that was asked for.
    #[must_use]
    pub fn whole(data: T) -> Self {
        Self::partly(data, Vec::new())
    }

    /// What came, and what did not.
    #[must_use]
    pub fn partly(data: T, gaps: Vec<Gap>) -> Self {
        Self { data, gaps, notes: Vec::new() }
    }
}

/// A pull under way. It fails only if nothing came at all: a part that fails is a [`Gap`].
pub type Pulling<'a, T> = BoxFuture<'a, Result<Pulled<T>, ProviderError>>;

/// Usage as a bill names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsageType {
    /// `RegionId`.
    pub region_id: String,
    /// `SkuMeter`.
    pub usage_type: String,
    /// Whose word it is, by `ProviderName`: a source asks about usage of its own provider alone.
    pub provider: Provider,
}

impl UsageType {
    /// The usage type, with the cloud whose word it is.
    #[must_use]
    pub fn metered(&self) -> Metered<'_> {
        Metered::new(self.provider, &self.usage_type)
    }
}

/// What is known when a table is pulled.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// What exists: the rows of [`cost_core::inventory::INVENTORY`]. Empty while that table is
    /// pulled itself, or if there is no source of it.
    pub inventory: Vec<Resource>,
    /// What the bill is for, each once.
    pub usage: Vec<UsageType>,
}
