//! Column names of the tables of the roll-up.

/// Key columns of the daily cost table, besides the tags: the grain of
/// [`CostCube`](super::CostCube).
pub const CUBE_KEYS: &[&str] = &[
    "ChargeDay",
    "BillingPeriodStart",
    "BillingCurrency",
    "InvoiceIssuerName",
    "InvoiceId",
    "BillingAccountId",
    "SubAccountId",
    "SubAccountName",
    "ProviderName",
    "ServiceName",
    "RegionId",
    "ChargeCategory",
    "ChargeClass",
    "PricingCategory",
    "CommitmentDiscountStatus",
    "SkuMeter",
    "PricingUnit",
];

/// Key columns of the resource table, besides the tags: the grain of
/// [`ResourceMonths`](super::ResourceMonths).
pub const RESOURCE_KEYS: &[&str] = &[
    "ChargeMonth",
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
    "ResourceId",
    "ResourceType",
    "CommitmentDiscountType",
];

/// Text keys of [`ChargeSums`](super::ChargeSums), in their order. Together with the month they are
/// its grain.
pub const CHARGE_KEYS: [&str; 12] = [
    "CommitmentDiscountId",
    "CommitmentDiscountName",
    "CommitmentDiscountType",
    "CommitmentDiscountCategory",
    "CommitmentDiscountStatus",
    "PricingCategory",
    "ChargeCategory",
    "SubAccountId",
    "RegionId",
    "ServiceName",
    "SkuMeter",
    "ProviderName",
];

/// Measures of both tables: sums, `Decimal(38, 12)`.
pub const MEASURES: &[&str] =
    &["BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "PricingQuantity"];

/// Column with the number of line items in both tables.
pub const LINE_ITEMS: &str = "LineItems";
