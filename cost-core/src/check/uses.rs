//! Usage of each resource in the month under review and the two before it, by usage type and
//! pricing.

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::output::CheckError;
use crate::assumptions::HOURS_PER_MONTH;
use crate::cells::day;
use crate::cloud::{Cloud, Metered, Provider, cloud};
use crate::focus::TAG_PREFIX;
use crate::inventory::resource_key;
use crate::money::{Currency, Money, MoneyError, Savings, decimal_from_scaled};
use crate::month::Month;
use crate::rollup::{ResourceRow, Rollup, days_in, is_used};

/// Number of months for the low and high estimate of savings.
pub(crate) const WINDOW_MONTHS: u32 = 3;

/// Half of the width of the interval, in units of the largest difference between the month under
/// review and an earlier month of the window. With 1, the interval contains the next month of 77 %
/// of the varying costs of the demo estate; 1.05 would contain 80 % (docs/savings-yardstick.txt).
const WIDTH: Decimal = Decimal::from_parts(10, 0, 0, false, 1);
/// Half of the width of the interval of a resource with a single month of history, as a share of
/// its cost. Chosen: half.
const WIDTH_OF_ONE_MONTH: Decimal = Decimal::from_parts(5, 0, 0, false, 1);

/// Pricing of usage: FOCUS `PricingCategory`, and the commitment type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Pricing {
    /// "Standard", or not set.
    Standard,
    /// "Dynamic": spot.
    Dynamic,
    /// "Committed", by a commitment of this `CommitmentDiscountType`; empty if the bill does not
    /// have it.
    Committed(String),
}

impl Pricing {
    /// Returns the pricing for `PricingCategory` and `CommitmentDiscountType`.
    fn of(category: Option<&str>, commitment: Option<&str>) -> Self {
        match category {
            Some("Committed") => Self::Committed(commitment.unwrap_or("").to_owned()),
            Some("Dynamic") => Self::Dynamic,
            _ => Self::Standard,
        }
    }

    /// Returns a key that distinguishes usage with this pricing and these parts from other usage.
    fn key(&self, parts: [Option<&str>; 5]) -> String {
        let mut key = String::new();
        for part in parts {
            key.push_str(part.unwrap_or(""));
            key.push('\u{0}');
        }
        key.push_str(match self {
            Self::Standard => "standard",
            Self::Dynamic => "dynamic",
            Self::Committed(by) => by,
        });
        key
    }
}

/// Usage of one usage type of one resource with one pricing, in the month under review and the
/// months before it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ResourceUse {
    /// `ResourceId`.
    pub resource_id: String,
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// `RegionId`.
    pub region_id: String,
    /// `ServiceName`.
    pub service_name: Option<String>,
    /// Provider, from `ProviderName`.
    pub provider: Provider,
    /// `SkuMeter`, such as AWS's usage type.
    pub usage_type: String,
    /// Pricing.
    pub pricing: Pricing,
    /// Value of the estate's first tag key in the newest month.
    pub owner: Option<String>,
    /// Value of the cloud's [`service_tag`](Cloud::service_tag), if it is in the roll-up.
    pub task_service: Option<String>,
    /// Value of the ignore tag, if it is in the roll-up.
    pub ignored: Option<String>,
    /// Months, the one under review first: `EffectiveCost`, and `ListCost` and `PricingQuantity` if
    /// known. Months without the resource are not included.
    pub months: Vec<UseInMonth>,
    /// Abnormal days of the month under review, in order, if part of their cost is excluded from
    /// savings: see [`UseInMonth::abnormal`].
    pub abnormal_days: Vec<NaiveDate>,
}

/// Month of a [`ResourceUse`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct UseInMonth {
    /// Month.
    pub month: Month,
    /// Σ `EffectiveCost`.
    pub effective: Money,
    /// Σ `ListCost`; `None` if unknown.
    pub list: Option<Money>,
    /// Σ `PricingQuantity`; `None` if unknown.
    pub quantity: Option<Decimal>,
    /// Whether its `PricingUnit` is monthly, such as `GB-Mo`. A calendar month then counts as one
    /// month, regardless of its hours.
    pub priced_by_month: bool,
    /// Part of `effective` that is the excess of abnormal days over their expected cost. Savings
    /// exclude it. Zero in most months.
    pub abnormal: Money,
    /// First day with usage in the month; `None` if unknown.
    pub first_day: Option<NaiveDate>,
    /// Last day with usage in the month; `None` if unknown.
    pub last_day: Option<NaiveDate>,
    /// Whether its `PricingUnit` is hours.
    pub priced_by_hour: bool,
    /// Hours since its resource began in this month, if it ran in all of them; `None` for resources
    /// that existed before, or that do not run all the time.
    pub hours_since_start: Option<Decimal>,
}

/// Returns whether a `PricingUnit` is hours: `Hours`, `Hrs`, `1 Hour`.
fn is_hourly(unit: &str) -> bool {
    let last = unit.rsplit([' ', '/']).next().unwrap_or(unit);
    ["hour", "hours", "hrs", "hr"].iter().any(|h| last.eq_ignore_ascii_case(h))
}

/// Returns whether a `PricingUnit` is monthly: `GB-Mo`, `GB-Months`, `1 GB/Month`. FOCUS attribute
/// "Unit format", and the spellings of AWS and Azure.
pub(crate) fn is_monthly(unit: &str) -> bool {
    let last = unit.rsplit(['-', '/', ' ']).next().unwrap_or(unit);
    ["mo", "month", "months"].iter().any(|m| last.eq_ignore_ascii_case(m))
}

impl UseInMonth {
    /// Returns `EffectiveCost` without the excess of abnormal days.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn normal(&self) -> Result<Money, MoneyError> {
        self.effective.try_sub(self.abnormal)
    }

    /// Returns [`normal`](Self::normal) cost per month of 730 h. Hourly usage is scaled from the
    /// hours of the calendar month, or from its hours since its resource began in it; monthly usage
    /// is not scaled.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn spend(&self) -> Result<Money, MoneyError> {
        let normal = self.normal()?;
        if let Some(hours) = self.hours_since_start {
            return normal.try_ratio(Decimal::from(HOURS_PER_MONTH), hours);
        }
        if self.priced_by_month { Ok(normal) } else { self.month.per_price_month(normal) }
    }

    /// Returns the quantity per month of 730 h, scaled as [`spend`](Self::spend); `None` if it is
    /// unknown or does not fit.
    #[must_use]
    pub fn quantity_per_month(&self) -> Option<Decimal> {
        let quantity = self.quantity?;
        if self.priced_by_month {
            return Some(quantity);
        }
        let hours = self.hours_since_start.unwrap_or_else(|| Decimal::from(self.month.hours()));
        quantity.checked_mul(Decimal::from(HOURS_PER_MONTH))?.checked_div(hours)
    }

    /// Returns whether it has no quantity, in any unit: a discount on other line items.
    fn counts_nothing(&self) -> bool {
        self.quantity == Some(Decimal::ZERO)
    }

    /// Adds usage of the same month in another `PricingUnit` or with other tags. Costs add up;
    /// quantities in different units do not.
    fn with(self, other: Self, same_unit: bool) -> Result<Self, MoneyError> {
        let (quantity, priced_by_month) = if other.counts_nothing() {
            (self.quantity, self.priced_by_month)
        } else if self.counts_nothing() {
            (other.quantity, other.priced_by_month)
        } else {
            let both = self.quantity.zip(other.quantity).filter(|_| same_unit);
            let sum =
                both.map(|(a, b)| a.checked_add(b).ok_or(MoneyError::Overflow)).transpose()?;
            (sum, self.priced_by_month && other.priced_by_month)
        };
        Ok(Self {
            month: self.month,
            effective: self.effective.try_add(other.effective)?,
            list: self.list.zip(other.list).map(|(a, b)| a.try_add(b)).transpose()?,
            quantity,
            priced_by_month,
            abnormal: self.abnormal.try_add(other.abnormal)?,
            first_day: self.first_day.zip(other.first_day).map(|(a, b)| a.min(b)),
            last_day: self.last_day.zip(other.last_day).map(|(a, b)| a.max(b)),
            priced_by_hour: self.priced_by_hour && other.priced_by_hour,
            hours_since_start: None,
        })
    }

    /// Returns `EffectiveCost` per unit of quantity; `None` if the quantity is unknown, or usage or
    /// cost is zero.
    #[must_use]
    pub fn paid_unit_price(&self) -> Option<Decimal> {
        self.effective.amount().checked_div(self.quantity?).filter(|price| *price > Decimal::ZERO)
    }

    /// Returns `ListCost` per unit of quantity; `None` if either is unknown or usage is zero.
    #[must_use]
    pub fn list_unit_price(&self) -> Option<Decimal> {
        self.list?.amount().checked_div(self.quantity?)
    }
}

#[cfg(test)]
impl ResourceUse {
    /// Returns the on-demand usage of an AWS resource, without months.
    pub(super) fn bare(resource_id: &str) -> Self {
        Self {
            resource_id: resource_id.to_owned(),
            sub_account_id: None,
            region_id: String::new(),
            service_name: None,
            provider: Provider::Aws,
            usage_type: String::new(),
            pricing: Pricing::Standard,
            owner: None,
            task_service: None,
            ignored: None,
            months: Vec::new(),
            abnormal_days: Vec::new(),
        }
    }
}

#[cfg(test)]
impl UseInMonth {
    /// Returns a month with this cost, of which a part is abnormal; USD, priced by month.
    pub(super) fn of_cost(month: &str, cost: i64, abnormal: i64) -> Self {
        let usd = |amount: i64| Money::new(Decimal::from(amount), Currency::USD);
        Self {
            month: month.parse().unwrap(),
            effective: usd(cost),
            list: None,
            quantity: None,
            priced_by_month: true,
            abnormal: usd(abnormal),
            first_day: None,
            last_day: None,
            priced_by_hour: false,
            hours_since_start: None,
        }
    }
}

impl ResourceUse {
    /// Returns the month under review; for usage that only [`Context::used_in_window`] and
    /// [`Context::of_resource_in_window`] return, its last month before it.
    ///
    /// [`Context::used_in_window`]: super::Context::used_in_window
    /// [`Context::of_resource_in_window`]: super::Context::of_resource_in_window
    #[must_use]
    pub fn now(&self) -> UseInMonth {
        self.months[0]
    }

    /// Returns the estimated spend of a coming month, per month of 730 h and without abnormal days.
    ///
    /// `expected`: the month under review. `low` and `high`: expected ∓ the largest difference
    /// between it and the earlier months of the window, not below zero; with a single month, ∓ half
    /// of it. They are equal if the cost does not vary, such as a fixed price for every hour.
    /// Calibrated in docs/savings-yardstick.txt.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn estimate(&self) -> Result<Savings, MoneyError> {
        let expected = self.now().spend()?;
        let mut width = Money::zero(expected.currency());
        if let [only] = self.months.as_slice() {
            width = only.spend()?.try_mul(WIDTH_OF_ONE_MONTH)?;
        }
        for month in self.months.iter().skip(1) {
            let difference = month.spend()?.try_sub(expected)?.amount().abs();
            let difference = Money::new(difference, expected.currency()).try_mul(WIDTH)?;
            width = if difference.amount() > width.amount() { difference } else { width };
        }
        let zero = Money::zero(expected.currency());
        let low = expected.try_sub(width)?;
        let low = if low.is_zero_or_less() { zero } else { low };
        Savings::try_new(low, expected, expected.try_add(width)?)
    }

    /// Adds other usage of the same usage type to each month.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub(super) fn add(&mut self, other: &Self) -> Result<(), MoneyError> {
        for more in &other.months {
            match self.months.iter_mut().find(|m| m.month == more.month) {
                Some(known) => *known = known.with(*more, true)?,
                None => self.months.push(*more),
            }
        }
        self.months.sort_by_key(|m| std::cmp::Reverse(m.month));
        self.abnormal_days.extend(&other.abnormal_days);
        self.abnormal_days.sort_unstable();
        self.abnormal_days.dedup();
        Ok(())
    }

    /// Returns its usage type with its cloud.
    #[must_use]
    pub fn metered(&self) -> Metered<'_> {
        Metered::new(self.provider, &self.usage_type)
    }

    /// Returns the naming rules of its cloud.
    #[must_use]
    pub fn cloud(&self) -> &'static dyn Cloud {
        cloud(self.provider)
    }

    /// Returns whether it is on-demand usage: no commitment pays for it, and it is not spot
    /// capacity.
    #[must_use]
    pub fn is_on_demand(&self) -> bool {
        self.pricing == Pricing::Standard
    }
}

/// Returns whether a tag key can contain owners. The first such key does.
pub(super) fn is_owner(key: &str, ignore_tag: &str) -> bool {
    key != ignore_tag && !is_service_tag(key)
}

/// Returns whether a cloud uses the tag key for the service of a task.
fn is_service_tag(key: &str) -> bool {
    Provider::ALL.iter().any(|of| cloud(*of).service_tag() == Some(key))
}

/// Positions of tags among the keys that are read.
const TAGS: std::ops::Range<usize> = 8..11;

struct Reading {
    uses: Vec<ResourceUse>,
    /// `PricingUnit` of the last recorded month of each use.
    units: Vec<String>,
    places: HashMap<String, usize, foldhash::fast::FixedState>,
    currency: Currency,
}

/// Uses of resources in the window.
pub(super) struct Uses {
    /// Uses in the month under review, sorted by provider, resource key, usage type, and pricing.
    pub(super) now: Vec<ResourceUse>,
    /// Uses of named resources in earlier months of the window that do not occur in the month under
    /// review.
    pub(super) former: Vec<ResourceUse>,
}

/// Returns every use of a resource in the window.
pub(super) fn of(rollup: &Rollup, month: Month, ignore_tag: &str) -> Result<Uses, CheckError> {
    let from = month.minus(WINDOW_MONTHS - 1).first_day();
    let filter = is_used().and(days_in("ChargeMonth", from, month.end()));
    let tags = rollup.cube.tag_keys();
    // A column that always exists replaces a tag that is not in the roll-up.
    let tag = |key: Option<&String>| {
        key.map_or_else(|| "ResourceId".to_owned(), |k| format!("{TAG_PREFIX}{k}"))
    };
    let first = |is: &dyn Fn(&str) -> bool| tags.iter().find(|key| is(key));
    let wanted =
        [first(&|k| is_owner(k, ignore_tag)), first(&|k| k == ignore_tag), first(&is_service_tag)];
    let [owner, ignored, service] = wanted.map(tag);
    let keys = [
        "ResourceId",
        "SubAccountId",
        "RegionId",
        "ServiceName",
        "SkuMeter",
        "PricingCategory",
        "CommitmentDiscountType",
        "PricingUnit",
        owner.as_str(),
        ignored.as_str(),
        service.as_str(),
        "ProviderName",
    ];
    let currency = rollup.cube.currency();
    let mut reading =
        Reading { uses: Vec::new(), units: Vec::new(), places: HashMap::default(), currency };
    rollup.resources.each(keys, filter, |mut row: ResourceRow<'_, 12>| {
        for (key, of) in row.keys[TAGS].iter_mut().zip(wanted) {
            *key = key.filter(|_| of.is_some());
        }
        reading.add(&row)
    })?;
    let (mut now, mut former): (Vec<ResourceUse>, Vec<ResourceUse>) =
        reading.uses.into_iter().partition(|u| u.now().month == month);
    former.retain(|u| !u.resource_id.is_empty());
    let order = |u: &ResourceUse| (resource_key(&u.resource_id).to_owned(), u.usage_type.clone());
    now.sort_by_cached_key(|u| {
        (u.provider, order(u), u.pricing.clone(), u.sub_account_id.clone(), u.region_id.clone())
    });
    Ok(Uses { now, former })
}

impl Reading {
    fn add(&mut self, row: &ResourceRow<'_, 12>) -> Result<(), CheckError> {
        let [
            resource_id,
            account,
            region,
            service,
            usage_type,
            pricing,
            commitment,
            unit,
            owner,
            ignored,
            task_service,
            provider,
        ] = row.keys;
        let provider = Provider::of(provider);
        let Some(month) = day(row.month).map(Month::of) else { return Ok(()) };
        let pricing = Pricing::of(pricing, commitment);
        let unit = unit.unwrap_or("");
        let this = UseInMonth {
            month,
            effective: Money::from_scaled(row.effective, self.currency)?,
            list: row.list.map(|l| Money::from_scaled(l, self.currency)).transpose()?,
            quantity: row.quantity.map(decimal_from_scaled).transpose()?,
            priced_by_month: is_monthly(unit),
            abnormal: Money::zero(self.currency),
            first_day: row.first_day.and_then(day),
            last_day: row.last_day.and_then(day),
            priced_by_hour: is_hourly(unit),
            hours_since_start: None,
        };
        let key = pricing.key([Some(provider.title()), resource_id, account, region, usage_type]);
        let text = |value: Option<&str>| value.map(ToOwned::to_owned);
        let Some(place) = self.places.get(&key).copied() else {
            self.places.insert(key, self.uses.len());
            self.units.push(unit.to_owned());
            self.uses.push(ResourceUse {
                resource_id: resource_id.unwrap_or_default().to_owned(),
                sub_account_id: text(account),
                region_id: region.unwrap_or_default().to_owned(),
                service_name: text(service),
                provider,
                usage_type: usage_type.unwrap_or_default().to_owned(),
                pricing,
                owner: text(owner),
                ignored: text(ignored),
                task_service: text(task_service),
                months: vec![this],
                abnormal_days: Vec::new(),
            });
            return Ok(());
        };
        let of = &mut self.uses[place];
        // The table is sorted by month, so the newest month comes last.
        of.owner = text(owner).or(of.owner.take());
        of.ignored = text(ignored).or(of.ignored.take());
        of.task_service = text(task_service).or(of.task_service.take());
        self.add_month(place, this, unit)
    }

    /// Adds a month of a known use.
    fn add_month(&mut self, place: usize, this: UseInMonth, unit: &str) -> Result<(), CheckError> {
        let months = &mut self.uses[place].months;
        match months.first_mut().filter(|newest| newest.month == this.month) {
            Some(newest) => *newest = newest.with(this, self.units[place] == unit)?,
            None => months.insert(0, this),
        }
        if !this.counts_nothing() {
            unit.clone_into(&mut self.units[place]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{ResourceUse, UseInMonth, is_monthly};
    use crate::money::{Currency, Money};

    #[test]
    fn costs_of_two_units_add_up_and_quantities_do_not() {
        let used = |dollars: i64, list: Option<i64>, priced_by_month: bool| UseInMonth {
            month: "2026-06".parse().unwrap(),
            effective: Money::new(Decimal::from(dollars), Currency::USD),
            list: list.map(|l| Money::new(Decimal::from(l), Currency::USD)),
            quantity: Some(Decimal::ONE),
            priced_by_month,
            abnormal: Money::zero(Currency::USD),
            first_day: None,
            last_day: None,
            priced_by_hour: false,
            hours_since_start: None,
        };
        let both = used(2, Some(3), true).with(used(5, Some(7), false), false).unwrap();
        assert_eq!(
            (both.effective.amount(), both.list.unwrap().amount()),
            (Decimal::from(7), Decimal::from(10))
        );
        assert_eq!((both.quantity, both.priced_by_month), (None, false));
        // A discount in another unit, or without a unit, has no quantity.
        let discount = UseInMonth { quantity: Some(Decimal::ZERO), ..used(-1, Some(0), false) };
        for cheaper in [
            used(5, Some(7), true).with(discount, false),
            discount.with(used(5, Some(7), true), false),
        ] {
            let cheaper = cheaper.unwrap();
            assert_eq!(
                (cheaper.effective.amount(), cheaper.quantity),
                (Decimal::from(4), Some(Decimal::ONE))
            );
            assert!(cheaper.priced_by_month);
        }
        let same = used(2, None, true).with(used(5, Some(7), true), true).unwrap();
        assert_eq!((same.list, same.quantity), (None, Some(Decimal::TWO)));
    }

    #[test]
    fn the_interval_follows_the_months_of_the_resource() {
        let mut used = ResourceUse::bare("r");
        let mut of = |months: &[(&str, i64, i64)]| {
            let month = |of: &(&str, i64, i64)| UseInMonth::of_cost(of.0, of.1, of.2);
            used.months = months.iter().map(month).collect();
            let estimate = used.estimate().unwrap();
            [estimate.low, estimate.expected, estimate.high]
                .map(|m| m.amount().round_dp(2).normalize().to_string())
        };
        // 634 without 499 is 135; the months before differ by 5 and 15.
        let months = [("2026-10", 634, 499), ("2026-09", 130, 0), ("2026-08", 120, 0)];
        assert_eq!(of(&months), ["120", "135", "150"]);
        // A fixed price does not vary; a rise tenfold does not make the saving negative.
        assert_eq!(of(&[("2026-10", 20, 0), ("2026-09", 20, 0)]), ["20", "20", "20"]);
        assert_eq!(of(&[("2026-10", 20, 0), ("2026-09", 200, 0)]), ["0", "20", "200"]);
        // A single month.
        assert_eq!(of(&[("2026-10", 20, 0)]), ["10", "20", "30"]);
    }

    #[test]
    fn units_of_months_are_known() {
        assert!(["GB-Mo", "GB-Months", "1 GB/Month", "IOPS-Mo"].into_iter().all(is_monthly));
        assert!(!["Hours", "GB", "Requests", "GB-Hours", "Memo"].into_iter().any(is_monthly));
    }
}
