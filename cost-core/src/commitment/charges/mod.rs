//! Charges of commitments and of eligible usage, by month, commitment, and location.
//!
//! In:  [`ChargeSums`] of the roll-up, made with [`SCAN`].
//! Out: [`Charge`].

use crate::cloud::{Cloud, Metered, Provider, cloud};
use crate::money::{Currency, Money, MoneyError};
use crate::month::Month;
use crate::rollup::{ChargeSums, CommitmentScan};

/// The charges that the roll-up sums for [`charges`].
pub(crate) const SCAN: CommitmentScan = CommitmentScan { is_coverable };

/// Returns whether usage is eligible for a commitment, by its `ProviderName` and `SkuMeter`.
pub(super) fn is_coverable(provider: Option<&str>, usage_type: &str) -> bool {
    let provider = Provider::of(provider);
    cloud(provider).is_coverable(Metered::new(provider, usage_type))
}

/// Eligible usage, the unused part of a commitment, or the purchase of a commitment. Grain: month
/// and all other fields except the amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Calendar month of `ChargePeriodStart`.
    pub month: Month,
    /// `CommitmentDiscountId`.
    pub commitment_discount_id: Option<String>,
    /// `CommitmentDiscountName`.
    pub commitment_discount_name: Option<String>,
    /// `CommitmentDiscountType`.
    pub commitment_discount_type: Option<String>,
    /// `CommitmentDiscountCategory`: `Spend` or `Usage`.
    pub commitment_discount_category: Option<String>,
    /// Whether a commitment paid for it, used or unused: `PricingCategory` is `Committed`, or there
    /// is a `CommitmentDiscountId`.
    pub committed: bool,
    /// Whether it is unused commitment: `CommitmentDiscountStatus` is `Unused`.
    pub unused: bool,
    /// Whether it is a purchase, not usage.
    pub purchase: bool,
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// `RegionId`.
    pub region_id: Option<String>,
    /// `ServiceName`.
    pub service_name: Option<String>,
    /// `SkuMeter`.
    pub usage_type: Option<String>,
    /// `ProviderName`.
    pub provider: Option<String>,
    /// Σ `BilledCost`.
    pub billed: Money,
    /// Σ `EffectiveCost`.
    pub effective: Money,
    /// Σ `ListCost`; `None` if it was null in any line item.
    pub list: Option<Money>,
    /// Σ `ContractedCost`; `None` if it was null in any line item.
    pub contracted: Option<Money>,
}

impl Charge {
    /// Returns whether the eligible on-demand usage of its provider is known.
    pub(super) fn coverable_known(&self) -> bool {
        self.cloud().knows_coverable()
    }

    /// Returns the family of its usage, or `None` if it is unknown.
    pub(super) fn family(&self) -> Option<String> {
        let used =
            Metered::new(Provider::of(self.provider.as_deref()), self.usage_type.as_deref()?);
        self.cloud().family(used)
    }

    fn cloud(&self) -> &'static dyn Cloud {
        cloud(Provider::of(self.provider.as_deref()))
    }
}

/// Returns the charges of commitments and of eligible usage in a bill, in the order of the sums.
///
/// # Errors
/// [`MoneyError`]: a sum does not fit.
pub(crate) fn charges(sums: &[ChargeSums], currency: Currency) -> Result<Vec<Charge>, MoneyError> {
    let money = |amount: i128| Money::from_scaled(amount, currency);
    let charge = |sums: &ChargeSums| {
        let [
            id,
            name,
            kind,
            category,
            status,
            pricing,
            charge,
            account,
            region,
            service,
            usage,
            provider,
        ] = sums.texts.clone();
        Ok(Charge {
            month: sums.month,
            committed: id.is_some() || pricing.as_deref() == Some("Committed"),
            commitment_discount_id: id,
            commitment_discount_name: name,
            commitment_discount_type: kind,
            commitment_discount_category: category,
            unused: status.as_deref() == Some("Unused"),
            purchase: charge.as_deref() == Some("Purchase"),
            sub_account_id: account,
            region_id: region,
            service_name: service,
            usage_type: usage,
            provider,
            billed: money(sums.billed)?,
            effective: money(sums.effective)?,
            list: sums.list.map(money).transpose()?,
            contracted: sums.contracted.map(money).transpose()?,
        })
    };
    sums.iter().map(charge).collect()
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
