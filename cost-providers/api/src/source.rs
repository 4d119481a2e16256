//! The kinds of sources.

use cost_core::focus::Part;
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

    /// The charges, lazy: columns of FOCUS, of any version that is read ([`cost_core::focus::columns`]), grain one row a charge.
    fn billing(&self) -> Pulling<'_, Vec<Part>>;
}

/// What exists.
pub trait InventorySource: Send + Sync {
    /// Resources: [`cost_core::inventory::COLUMNS`], a row each, by account, region, kind and id.
    fn inventory(&self) -> Pulling<'_, DataFrame>;
}

/// How busy it is.
pub trait UtilizationSource: Send + Sync {
    /// Utilization of the resources of an inventory: [`cost_core::usage::COLUMNS`], a row a resource and hour.
    fn utilization<'a>(&'a self, inventory: &'a DataFrame) -> Pulling<'a, DataFrame>;
}

/// What it would cost.
pub trait PriceSource: Send + Sync {
    /// Prices for the resources of an inventory: [`cost_core::price::COLUMNS`], a row a priced item.
    fn prices<'a>(&'a self, inventory: &'a DataFrame) -> Pulling<'a, DataFrame>;
}

/// Usage as a bill names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsageType {
    /// `RegionId`.
    pub region_id: String,
    /// `SkuMeter`.
    pub usage_type: String,
}

/// What commitments are offered.
pub trait OfferSource: Send + Sync {
    /// Offers for the usage of a bill: [`cost_core::commitment::OFFER_COLUMNS`], a row each.
    fn offers<'a>(&'a self, usage: &'a [UsageType]) -> Pulling<'a, DataFrame>;
}

/// How well commitments are used, where the bill does not tell.
pub trait CommitmentSource: Send + Sync {
    /// Utilization and coverage of commitments: [`cost_core::commitment::COLUMNS`], a row a month and type of commitment.
    fn commitments(&self) -> Pulling<'_, DataFrame>;
}

/// What resources cost by day, where the bill names no resources.
pub trait ResourceCostSource: Send + Sync {
    /// Costs by resource and day: [`cost_core::resource_cost::COLUMNS`], a row a day, account, service, usage type and resource.
    fn resource_costs(&self) -> Pulling<'_, DataFrame>;
}

/// What the provider's own advisers recommend.
pub trait RecommendationSource: Send + Sync {
    /// Recommendations for the resources of an inventory: [`cost_core::recommendation::COLUMNS`], a row each. An adviser that is not
    /// switched on is a gap of the kind [`crate::FailureKind::NotEnabled`].
    fn recommendations<'a>(&'a self, inventory: &'a DataFrame) -> Pulling<'a, DataFrame>;
}
