//! Sources: of the bill, and of each table.

use cost_core::cloud::{Metered, Provider};
use cost_core::estate::TABLES;
use cost_core::focus::Part;
use cost_core::inventory::Resource;
use cost_core::table::Table;
use futures::future::BoxFuture;
use polars::prelude::DataFrame;

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

/// Line items.
pub trait BillingSource: Send + Sync {
    /// Where the bill comes from, for messages.
    fn describe(&self) -> String;

    /// The charges, lazy: columns of FOCUS, of any version that is read
    /// ([`cost_core::focus::columns`]), grain one row a charge.
    fn billing(&self) -> Pulling<'_, Vec<Part>>;
}

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

/// The source of a table of an estate besides the bill: what exists, how busy it is, prices, and so
/// on.
pub trait TableSource: Send + Sync {
    /// The table, one of [`TABLES`]: its columns, and what must hold for its rows.
    fn table(&self) -> &'static Table;

    /// The rows of the table, for what is known.
    fn pull<'a>(&'a self, known: &'a Known) -> Pulling<'a, DataFrame>;
}

/// Sources in the order in which they are pulled, that of [`TABLES`]: the inventory first, for
/// other sources ask for what it has.
#[must_use]
pub fn in_order<'s, 'a>(
    sources: &'s [Box<dyn TableSource + 'a>],
) -> Vec<&'s (dyn TableSource + 'a)> {
    let place =
        |table: &Table| TABLES.iter().position(|t| t.name == table.name).unwrap_or(TABLES.len());
    let mut all: Vec<_> = sources.iter().map(|source| &**source).collect();
    all.sort_by_key(|source| place(source.table()));
    all
}
