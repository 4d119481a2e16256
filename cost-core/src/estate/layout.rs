//! Where files are in an estate.

pub(super) const MANIFEST: &str = "estate.json";
pub(super) const BILLING: &str = "billing";
pub(super) const INVENTORY: &str = "inventory/resources.parquet";
pub(super) const UTILIZATION: &str = "utilization/hourly.parquet";
pub(super) const PRICES: &str = "prices/list.parquet";
pub(super) const COMMITMENTS: &str = "commitments/monthly.parquet";
pub(super) const OFFERS: &str = "commitments/offers.parquet";
pub(super) const RESOURCE_COSTS: &str = "resources/daily.parquet";
pub(super) const RECOMMENDATIONS: &str = "recommendations/list.parquet";
