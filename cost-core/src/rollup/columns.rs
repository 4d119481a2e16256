//! Columns that the scan reads, and those of each table.

use crate::focus::{CHARGE_START, TAGS_COLUMN};

/// Columns of days.
pub(super) const DAYS: [&str; 3] = ["ChargeDay", "BillingPeriodStart", "ChargeMonth"];
/// Columns of text that both tables have.
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
/// Columns of text that the cube has alone.
pub(super) const OF_CUBE: [&str; 4] =
    ["BillingCurrency", "InvoiceIssuerName", "BillingAccountId", "SubAccountName"];
/// Columns of text that the resource table has alone.
pub(super) const OF_RESOURCES: [&str; 3] = ["ResourceType", "CommitmentDiscountType", "ResourceId"];
/// All columns of text.
pub(super) const TEXTS: usize = SHARED.len() + OF_CUBE.len() + OF_RESOURCES.len();

/// The names of all columns of text, in the order of their dictionaries.
pub(super) fn texts() -> impl Iterator<Item = &'static str> {
    SHARED.into_iter().chain(OF_CUBE).chain(OF_RESOURCES)
}

/// Columns of instants: when a charge begins and ends.
pub(super) const INSTANTS: [&str; 2] = [CHARGE_START, "ChargePeriodEnd"];
/// The place of `ResourceId` among [`OF_RESOURCES`].
pub(super) const RESOURCE: usize = 2;
/// The place of `BillingAccountId` among [`OF_CUBE`].
pub(super) const ACCOUNT: usize = 2;
/// The place of `SubAccountId` among [`SHARED`].
pub(super) const USED_BY: usize = 0;
