//! [`Metered`]: a usage type with its cloud.

use rust_decimal::Decimal;

use super::provider::Provider;

/// Usage type of a bill (`SkuMeter`) with its cloud. The parsers of a cloud accept only this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metered<'a> {
    /// Cloud, from `ProviderName`.
    pub provider: Provider,
    /// `SkuMeter`, such as AWS's `USE1-BoxUsage:m4.large`; empty if the bill does not have it.
    pub usage_type: &'a str,
}

impl<'a> Metered<'a> {
    /// Creates a usage type of a cloud.
    #[must_use]
    pub fn new(provider: Provider, usage_type: &'a str) -> Self {
        Self { provider, usage_type }
    }
}

/// Usage that a commitment may cover, with the columns that determine its platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PricedUsage<'a> {
    /// Usage type.
    pub used: Metered<'a>,
    /// `RegionId`; empty if the bill does not have it.
    pub region: &'a str,
    /// `x_Operation`, if the bill has it.
    pub operation: Option<&'a str>,
    /// `ListCost` ÷ `PricingQuantity`, USD per unit; `None` if unknown.
    pub list_unit_price: Option<Decimal>,
}
