//! [`Metered`]: a usage type, with the cloud whose word it is.

use rust_decimal::Decimal;

use super::provider::Provider;

/// What a bill calls a kind of usage (`SkuMeter`), with the cloud whose word it is: the only way to
/// the parsers of a cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metered<'a> {
    /// The cloud, by `ProviderName`.
    pub provider: Provider,
    /// `SkuMeter`, such as AWS's `USE1-BoxUsage:m4.large`; empty if the bill does not say.
    pub usage_type: &'a str,
}

impl<'a> Metered<'a> {
    /// Usage of a cloud.
    #[must_use]
    pub fn new(provider: Provider, usage_type: &'a str) -> Self {
        Self { provider, usage_type }
    }
}

/// Usage that a commitment may pay for, with what tells its platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PricedUsage<'a> {
    /// Its usage type.
    pub used: Metered<'a>,
    /// `RegionId`; empty if the bill does not say.
    pub region: &'a str,
    /// `x_Operation`, where the bill has it.
    pub operation: Option<&'a str>,
    /// `ListCost` ÷ `PricingQuantity`, USD a unit; `None` if the bill does not say.
    pub list_unit_price: Option<Decimal>,
}
