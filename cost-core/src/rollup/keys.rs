//! Columns of the two tables of the roll-up.

/// Key columns of the cube, besides the tags: the grain of [`CostCube`](super::CostCube).
pub const CUBE_KEYS: &[&str] = &[
    "ChargeDay",
    "BillingPeriodStart",
    "BillingCurrency",
    "InvoiceIssuerName",
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

/// Key columns of the resource table, besides the tags: the grain of [`ResourceMonths`](super::ResourceMonths).
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

/// Sums in both tables, `Decimal(38, 12)`.
pub const MEASURES: &[&str] = &["BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "PricingQuantity"];

/// Count of line items in both tables.
pub const LINE_ITEMS: &str = "LineItems";
