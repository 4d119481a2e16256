//! Columns that the scan reads, and the columns of each table.

use crate::focus::{CHARGE_START, TAGS_COLUMN};

/// Day columns.
pub(super) const DAYS: [&str; 3] = ["ChargeDay", "BillingPeriodStart", "ChargeMonth"];
/// Text columns of both tables.
pub(super) const SHARED: [&str; 11] = [
    "SubAccountId",
    "ProviderName",
    "ServiceName",
    "RegionId",
    "ChargeCategory",
    "ChargeClass",
    "PricingCategory",
    "CommitmentDiscountStatus",
    "SkuMeter",
    "PricingUnit",
    TAGS_COLUMN,
];
/// Text columns of the cube only.
pub(super) const OF_CUBE: [&str; 5] =
    ["BillingCurrency", "InvoiceIssuerName", "BillingAccountId", "SubAccountName", "InvoiceId"];
/// Text columns of the resource table only.
pub(super) const OF_RESOURCES: [&str; 3] = ["ResourceType", "CommitmentDiscountType", "ResourceId"];
/// All text columns.
pub(super) const TEXTS: usize = SHARED.len() + OF_CUBE.len() + OF_RESOURCES.len();

/// Names of all text columns, in the order of their dictionaries.
pub(super) fn texts() -> impl Iterator<Item = &'static str> {
    SHARED.into_iter().chain(OF_CUBE).chain(OF_RESOURCES)
}

/// Instant columns: start and end of a charge.
pub(super) const INSTANTS: [&str; 2] = [CHARGE_START, "ChargePeriodEnd"];
/// Position of `ResourceId` in [`OF_RESOURCES`].
pub(super) const RESOURCE: usize = 2;
/// Position of `BillingAccountId` in [`OF_CUBE`].
pub(super) const ACCOUNT: usize = 2;
/// Position of `SubAccountId` in [`SHARED`].
pub(super) const USED_BY: usize = 0;
