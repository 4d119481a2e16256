//! Where files are in an estate.

pub(super) const MANIFEST: &str = "estate.json";
pub(super) const BILLING: &str = "billing";
/// The files of `billing` that a pull wrote, in the estate's folder.
pub(super) const CHUNKS: &str = "chunks.json";
/// What pulls remember from one to the next, in the estate's folder: answers that cost money, files already fetched. No part of
/// what a review reads.
pub(super) const CACHE: &str = ".cache";
pub(super) const INVENTORY: &str = "inventory/resources.parquet";
pub(super) const UTILIZATION: &str = "utilization/hourly.parquet";
pub(super) const PRICES: &str = "prices/list.parquet";
pub(super) const COMMITMENTS: &str = "commitments/monthly.parquet";
pub(super) const OFFERS: &str = "commitments/offers.parquet";
pub(super) const RESOURCE_COSTS: &str = "resources/daily.parquet";
pub(super) const RECOMMENDATIONS: &str = "recommendations/list.parquet";
