//! What checks see: the roll-up, inventory, utilization and prices of one review month.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::{CheckError, Meter};
use crate::inventory::Inventory;
use crate::money::{Currency, Money, MoneyError};
use crate::month::Month;
use crate::price::{PriceBook, UnknownPrice};
use crate::rollup::{QueryError, RESOURCE_KEYS, Rollup, days_in, is_usage};
use crate::usage::Utilization;

/// Months looked back on for the low and high estimate of a saving.
pub(crate) const WINDOW_MONTHS: u32 = 3;

/// What checks see.
#[derive(Debug)]
pub struct Context<'a> {
    /// Costs by day, and by resource and month.
    pub rollup: &'a Rollup,
    /// What exists; `None` if the estate does not say.
    pub inventory: Option<&'a Inventory>,
    /// How busy it is; `None` if the estate does not say.
    pub utilization: Option<&'a Utilization>,
    /// List prices and machine facts.
    pub prices: &'a PriceBook,
    /// The month under review.
    pub month: Month,
    /// The day the data is of.
    pub as_of: NaiveDate,
}

/// One usage type of one resource in the month under review, with the months before it.
#[derive(Clone, Debug)]
pub struct ResourceUse {
    /// `ResourceId`.
    pub resource_id: String,
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// `RegionId`.
    pub region_id: String,
    /// `ServiceName`.
    pub service_name: Option<String>,
    /// `SkuMeter`: AWS usage type.
    pub usage_type: String,
    /// Months, the one under review first: `EffectiveCost`, `ListCost` if known, `PricingQuantity` if known. A month
    /// without the resource is not in it.
    pub months: Vec<UseInMonth>,
}

/// One month of a [`ResourceUse`].
#[derive(Clone, Copy, Debug)]
pub struct UseInMonth {
    /// Which.
    pub month: Month,
    /// Σ `EffectiveCost`.
    pub effective: Money,
    /// Σ `ListCost`; `None` if unknown.
    pub list: Option<Money>,
    /// Σ `PricingQuantity`; `None` if unknown.
    pub quantity: Option<Decimal>,
    /// Whether its `PricingUnit` is one of months, such as `GB-Mo`: a calendar month then is a month of prices, however
    /// many hours it has.
    pub priced_by_month: bool,
}

/// Whether a `PricingUnit` counts months: `GB-Mo`, `GB-Months`, `1 GB/Month`. FOCUS attribute "Unit format", and AWS's and
/// Azure's own spellings.
fn is_monthly(unit: &str) -> bool {
    let last = unit.rsplit(['-', '/', ' ']).next().unwrap_or(unit);
    ["mo", "month", "months"].iter().any(|m| last.eq_ignore_ascii_case(m))
}

impl UseInMonth {
    /// `EffectiveCost` per month of 730 h. What is priced by the hour is scaled from the hours of the calendar month; what
    /// is priced by the month already is per month.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn spend(&self) -> Result<Money, MoneyError> {
        if self.priced_by_month { Ok(self.effective) } else { self.effective.try_mul(self.month.to_price_month()) }
    }

    /// With usage of the same month in another `PricingUnit`: costs add up, quantities in two units do not.
    fn with_other_unit(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            month: self.month,
            effective: self.effective.try_add(other.effective)?,
            list: self.list.zip(other.list).map(|(a, b)| a.try_add(b)).transpose()?,
            quantity: None,
            priced_by_month: self.priced_by_month && other.priced_by_month,
        })
    }

    /// `ListCost` per unit of quantity; `None` if either is unknown or nothing was used.
    #[must_use]
    pub fn list_unit_price(&self) -> Option<Decimal> {
        self.list?.amount().checked_div(self.quantity?)
    }
}

impl ResourceUse {
    /// The month under review.
    #[must_use]
    pub fn now(&self) -> UseInMonth {
        self.months[0]
    }

    /// Lowest and highest spend of the months in the window, per month of 730 h.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn spend_range(&self) -> Result<(Money, Money), MoneyError> {
        let spends = self.months.iter().map(UseInMonth::spend).collect::<Result<Vec<_>, _>>()?;
        let first = self.now().spend()?;
        let low = spends.iter().copied().min_by_key(Money::amount).unwrap_or(first);
        let high = spends.iter().copied().max_by_key(Money::amount).unwrap_or(first);
        Ok((low, high))
    }
}

impl Context<'_> {
    /// The currency of all amounts.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.rollup.cube.currency()
    }

    /// Complete calendar months of bills up to and with the one under review.
    #[must_use]
    pub fn history_months(&self) -> u32 {
        let Some((first, last)) = self.rollup.cube.days() else { return 0 };
        // A month counts from the first whose first day has charges, and only if it has ended in the data.
        let start = if first == Month::of(first).first_day() { Month::of(first) } else { Month::of(first).plus(1) };
        let end = if last.succ_opt() >= Some(self.month.end()) { self.month.plus(1) } else { self.month };
        (0..).take_while(|n| start.plus(*n) < end).take(1200).count().try_into().unwrap_or(0)
    }

    /// The key columns of the resource table in which usage of the month under review has a value: a check that needs another would find
    /// nothing, and that would not mean that there is nothing.
    ///
    /// # Errors
    /// The engine's.
    pub(super) fn told(&self) -> Result<BTreeSet<&'static str>, QueryError> {
        let filter = is_usage().and(days_in("ChargeMonth", self.month.first_day(), self.month.end()));
        let any = |key: &&str| col(*key).cast(DataType::String).neq(lit("")).any(true).alias(*key);
        let columns: Vec<Expr> = RESOURCE_KEYS.iter().map(any).collect();
        let found = self.rollup.resources.frame().clone().lazy().filter(filter).select(columns).collect()?;
        let mut keys = BTreeSet::new();
        for key in RESOURCE_KEYS {
            if found.column(key)?.bool()?.get(0) == Some(true) {
                keys.insert(*key);
            }
        }
        Ok(keys)
    }

    /// Usage by resource and usage type, of one pricing category if asked for, for the usage types that `wanted` accepts,
    /// of resources used in the month under review. Sorted by resource and usage type.
    ///
    /// # Errors
    /// [`QueryError`].
    pub fn resource_use(
        &self,
        pricing: Option<&str>,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<ResourceUse>, CheckError> {
        let from = self.month.minus(WINDOW_MONTHS - 1).first_day();
        let mut filter = is_usage().and(days_in("ChargeMonth", from, self.month.end()));
        if let Some(category) = pricing {
            filter = filter.and(col("PricingCategory").eq(lit(category)));
        }
        let keys = ["ResourceId", "SubAccountId", "RegionId", "ServiceName", "SkuMeter", "ChargeMonth", "PricingUnit"];
        let mut out: Vec<ResourceUse> = Vec::new();
        for group in self.rollup.resources.sum_by(&keys, filter)? {
            if !wanted(group.key(4)) {
                continue;
            }
            let Some(month) = group.key(5).get(..7).and_then(|m| m.parse().ok()) else { continue };
            let a = &group.amounts;
            let this = UseInMonth {
                month,
                effective: a.effective,
                list: a.list,
                quantity: a.quantity,
                priced_by_month: is_monthly(group.key(6)),
            };
            match out.last_mut() {
                Some(last)
                    if group.keys[0].as_deref() == Some(&last.resource_id)
                        && group.key(4) == last.usage_type
                        && group.keys[1] == last.sub_account_id
                        && group.key(2) == last.region_id =>
                {
                    match last.months.first_mut().filter(|newest| newest.month == month) {
                        Some(newest) => *newest = newest.with_other_unit(this)?,
                        None => last.months.insert(0, this),
                    }
                }
                _ => out.push(ResourceUse {
                    resource_id: group.keys[0].clone().unwrap_or_default(),
                    sub_account_id: group.keys[1].clone(),
                    region_id: group.key(2).to_owned(),
                    service_name: group.keys[3].clone(),
                    usage_type: group.key(4).to_owned(),
                    months: vec![this],
                }),
            }
        }
        out.retain(|r| r.now().month == self.month);
        Ok(out)
    }

    /// What is paid for a unit of an EBS kind in a region: `EffectiveCost` ÷ `PricingQuantity` of the month under review
    /// if the bill has such usage, else the list price.
    ///
    /// # Errors
    /// [`UnknownPrice`] inside if neither is there.
    pub fn paid_or_list(
        &self,
        region: &str,
        kind: &str,
        list_key: &str,
    ) -> Result<Result<(Decimal, &'static str), UnknownPrice>, QueryError> {
        let window = days_in("ChargeDay", self.month.first_day(), self.month.end());
        let filter = is_usage().and(window).and(col("RegionId").eq(lit(region.to_owned())));
        let groups = self.rollup.cube.sum_by(&["SkuMeter"], filter)?;
        let paid = groups.iter().find(|g| Meter::parse(g.key(0)).kind == kind).and_then(|g| {
            let price = g.amounts.effective.amount().checked_div(g.amounts.quantity?)?;
            (price > Decimal::ZERO).then_some(price)
        });
        Ok(match paid {
            Some(price) => Ok((price, "bill")),
            None => {
                self.usd_bill(list_key).and_then(|()| self.prices.storage(region, list_key)).map(|p| (p, "price list"))
            }
        })
    }

    /// List prices are in USD: they say nothing of a bill in another currency.
    ///
    /// # Errors
    /// [`UnknownPrice`] if the bill is not in USD.
    pub fn usd_bill(&self, what: &str) -> Result<(), UnknownPrice> {
        if self.currency() == Currency::USD {
            return Ok(());
        }
        let why = format!("list prices are in USD, the bill is in {}", self.currency());
        Err(UnknownPrice { what: what.to_owned(), why })
    }

    /// Whether usage was priced at the on-demand Linux list price, within half a percent. Another list price means another
    /// operating system or licence, for which these prices say nothing.
    ///
    /// # Errors
    /// [`UnknownPrice`] if the price or the usage's own list price is unknown, or they differ.
    pub fn priced_as_linux(&self, used: &ResourceUse, instance_type: &str) -> Result<Decimal, UnknownPrice> {
        self.usd_bill(instance_type)?;
        let listed = self.prices.on_demand_linux(&used.region_id, instance_type)?;
        let unknown =
            |why: &str| UnknownPrice { what: format!("{instance_type} in {}", used.region_id), why: why.to_owned() };
        let billed = used
            .now()
            .list_unit_price()
            .ok_or_else(|| unknown("the bill has no ListCost or PricingQuantity for it"))?;
        if (billed - listed).abs() > listed * Decimal::new(5, 3) {
            return Err(unknown(
                "the bill's list price is not that of Linux on demand: another operating system or licence",
            ));
        }
        Ok(listed)
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{UseInMonth, is_monthly};
    use crate::money::{Currency, Money};

    #[test]
    fn costs_of_two_units_add_up_and_quantities_do_not() {
        let used = |dollars: i64, list: Option<i64>, priced_by_month: bool| UseInMonth {
            month: "2026-06".parse().unwrap(),
            effective: Money::new(Decimal::from(dollars), Currency::USD),
            list: list.map(|l| Money::new(Decimal::from(l), Currency::USD)),
            quantity: Some(Decimal::ONE),
            priced_by_month,
        };
        let both = used(2, Some(3), true).with_other_unit(used(5, Some(7), false)).unwrap();
        assert_eq!((both.effective.amount(), both.list.unwrap().amount()), (Decimal::from(7), Decimal::from(10)));
        assert_eq!((both.quantity, both.priced_by_month), (None, false));
        assert_eq!(used(2, None, true).with_other_unit(used(5, Some(7), true)).unwrap().list, None);
    }

    #[test]
    fn units_of_months_are_known() {
        assert!(["GB-Mo", "GB-Months", "1 GB/Month", "IOPS-Mo"].into_iter().all(is_monthly));
        assert!(!["Hours", "GB", "Requests", "GB-Hours", "Memo"].into_iter().any(is_monthly));
    }
}
