//! Costs of named resources, by month and slice.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::col;
use rust_decimal::Decimal;

use super::Place;
use crate::cells::day;
use crate::check::is_monthly;
use crate::cloud::{Metered, Provider, cloud};
use crate::inventory::resource_key;
use crate::money::{Currency, Money, MoneyError, decimal_from_scaled};
use crate::month::Month;
use crate::opportunity::Slice;
use crate::rollup::{QueryError, ResourceRow, Rollup, is_used};

/// Costs of a slice in a month, `EffectiveCost` as in the bill.
#[derive(Clone, Debug)]
pub(super) struct Sum {
    month: Month,
    /// Cost of usage priced by hour, request, or byte.
    hourly: Money,
    /// Cost of usage priced by month.
    monthly: Money,
    /// Σ `PricingQuantity` by `PricingUnit`; `None` if it is unknown.
    quantities: BTreeMap<String, Option<Decimal>>,
}

impl Sum {
    pub(super) fn nothing(month: Month, currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { month, hourly: zero, monthly: zero, quantities: BTreeMap::new() }
    }

    /// Returns the cost per month of 730 h.
    pub(super) fn rate(&self) -> Result<Money, MoneyError> {
        self.month.per_price_month(self.hourly)?.try_add(self.monthly)
    }

    /// Returns the cost of the same usage in a month with another number of hours.
    pub(super) fn in_month(&self, other: Month) -> Result<Money, MoneyError> {
        let [part, whole] = [other, self.month].map(|m| Decimal::from(m.hours()));
        self.hourly.try_ratio(part, whole)?.try_add(self.monthly)
    }

    /// Returns the quantity per hour or month, if it is known and has one unit.
    pub(super) fn quantity(&self) -> Option<Decimal> {
        let [(unit, quantity)] = Vec::from_iter(&self.quantities)[..] else { return None };
        if is_monthly(unit) {
            *quantity
        } else {
            quantity.and_then(|q| q.checked_div(Decimal::from(self.month.hours())))
        }
    }

    /// Returns the sum with another one of the same month.
    pub(super) fn with(mut self, other: &Self) -> Result<Self, MoneyError> {
        self.hourly = self.hourly.try_add(other.hourly)?;
        self.monthly = self.monthly.try_add(other.monthly)?;
        for (unit, quantity) in &other.quantities {
            let sum = self.quantities.entry(unit.clone()).or_insert(Some(Decimal::ZERO));
            *sum = sum.zip(*quantity).and_then(|(a, b)| a.checked_add(b));
        }
        Ok(self)
    }
}

/// Costs of one resource, by month, account, and slice.
type Sums = BTreeMap<(Month, Option<String>, Slice), Sum>;

/// Costs of resources by key.
pub(super) struct Spent {
    resources: BTreeMap<String, Sums>,
    currency: Currency,
}

impl Spent {
    /// Returns the costs of resources by key ([`resource_key`]): usage without unused commitments.
    pub(super) fn of(rollup: &Rollup, wanted: &BTreeSet<&str>) -> Result<Self, QueryError> {
        let currency = rollup.cube.currency();
        let mut resources: BTreeMap<String, Sums> = BTreeMap::new();
        let keys = [
            "ResourceId",
            "SubAccountId",
            "SkuMeter",
            "PricingCategory",
            "PricingUnit",
            "ProviderName",
        ];
        let of_resources = is_used().and(col("ResourceId").is_not_null());
        rollup.resources.each(keys, of_resources, |row: ResourceRow<'_, 6>| {
            let [resource_id, account, usage_type, pricing, unit, provider] = row.keys;
            let key = resource_key(resource_id.unwrap_or_default());
            let Some(month) = day(row.month).map(Month::of).filter(|_| wanted.contains(key)) else {
                return Ok(());
            };
            let provider = Provider::of(provider);
            let slice = match pricing {
                Some("Committed") => Slice::Covered,
                _ => cloud(provider).slice(Metered::new(provider, usage_type.unwrap_or_default())),
            };
            let place = (month, account.map(ToOwned::to_owned), slice);
            let unit = unit.unwrap_or_default();
            let mut this = Sum::nothing(month, currency);
            let cost = Money::from_scaled(row.effective, currency)?;
            *(if is_monthly(unit) { &mut this.monthly } else { &mut this.hourly }) = cost;
            // Charges without a quantity, such as a discount, have no relevant unit.
            if row.quantity != Some(0) {
                this.quantities
                    .insert(unit.to_owned(), row.quantity.map(decimal_from_scaled).transpose()?);
            }
            let sums = resources.entry(key.to_owned()).or_default();
            let sum = sums.remove(&place).unwrap_or_else(|| Sum::nothing(month, currency));
            sums.insert(place, sum.with(&this)?);
            Ok::<_, QueryError>(())
        })?;
        Ok(Self { resources, currency })
    }

    /// Returns the cost of a slice of a resource in a month.
    pub(super) fn slice(&self, of: &Place, month: Month, slice: Slice) -> Result<Sum, MoneyError> {
        self.sum(&of.resource_id, month, |account, s| *account == of.sub_account_id && s == slice)
    }

    /// Returns the cost of a resource in a month, in any account.
    pub(super) fn all(&self, resource_id: &str, month: Month) -> Result<Sum, MoneyError> {
        self.sum(resource_id, month, |_, _| true)
    }

    fn sum(
        &self,
        resource_id: &str,
        month: Month,
        wanted: impl Fn(&Option<String>, Slice) -> bool,
    ) -> Result<Sum, MoneyError> {
        let all = self.resources.get(resource_key(resource_id)).into_iter().flatten();
        let these = all.filter(|((m, account, slice), _)| *m == month && wanted(account, *slice));
        these.map(|(_, sum)| sum).try_fold(Sum::nothing(month, self.currency), Sum::with)
    }

    /// Returns whether a resource had any cost in a month.
    pub(super) fn has(&self, resource_id: &str, month: Month) -> bool {
        self.resources
            .get(resource_key(resource_id))
            .is_some_and(|all| all.keys().any(|(m, _, _)| *m == month))
    }
}
