//! Input of checks: the roll-up, inventory, utilization, and prices of one review month.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::abnormal;
use super::meta::Threshold;
use super::month_usage::MonthUsage;
use super::output::CheckError;
use super::settings::Settings;
use super::uses::ResourceUse;
use super::{pools, uses};
use crate::cloud::Provider;
use crate::inventory::{Inventory, Resource};
use crate::money::{Currency, Money, MoneyError, Savings};
use crate::month::Month;
use crate::opportunity::{Claim, Evidence, Opportunity, Scope, Slice};
use crate::plan::Pools;
use crate::price::{PriceBook, UnknownPrice};
use crate::rollup::{QueryError, RESOURCE_KEYS, Rollup, days_in, is_usage};
use crate::usage::{Use, Utilization};

/// Data of the estate besides the bill.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Inventory; `None` if the estate does not have it.
    pub inventory: Option<&'a Inventory>,
    /// Utilization; `None` if the estate does not have it.
    pub utilization: Option<&'a Utilization>,
    /// List prices and machine facts.
    pub prices: &'a PriceBook,
    /// Report date.
    pub as_of: NaiveDate,
}

/// Input of a check. A check for one provider gets only that provider's usage.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// Roll-up: costs by day, and by resource and month.
    pub rollup: &'a Rollup,
    /// Inventory; `None` if the estate does not have it.
    pub inventory: Option<&'a Inventory>,
    /// Utilization; `None` if the estate does not have it.
    pub utilization: Option<&'a Utilization>,
    /// List prices and machine facts.
    pub prices: &'a PriceBook,
    /// Month under review.
    pub month: Month,
    /// Report date.
    pub as_of: NaiveDate,
    /// Settings.
    pub settings: &'a Settings,
    usage: Arc<MonthUsage>,
    /// Provider whose usage is included; `None` for all.
    provider: Option<Provider>,
}

impl<'a> Context<'a> {
    /// Creates the context of one month, with usage of all providers.
    ///
    /// # Errors
    /// [`CheckError`] if the roll-up cannot be queried or a sum does not fit into 28 digits.
    pub fn new(
        rollup: &'a Rollup,
        facts: Facts<'a>,
        month: Month,
        settings: &'a Settings,
    ) -> Result<Self, CheckError> {
        let Facts { inventory, utilization, prices, as_of } = facts;
        let usage = Arc::new(MonthUsage::of(rollup, month, &settings.ignore_tag)?);
        Ok(Self {
            rollup,
            inventory,
            utilization,
            prices,
            month,
            as_of,
            settings,
            usage,
            provider: None,
        })
    }

    /// Returns the context with usage of one provider, or of all.
    pub(super) fn of(&self, provider: Option<Provider>) -> Self {
        Self { provider, ..self.clone() }
    }
}

impl Context<'_> {
    /// Returns the currency of all amounts.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.rollup.cube.currency()
    }

    /// Returns zero in that currency.
    #[must_use]
    pub fn nothing(&self) -> Money {
        Money::zero(self.currency())
    }

    /// Returns the commitments in use, and the other usage that they could cover.
    #[must_use]
    pub fn pools(&self) -> Pools {
        self.usage.all_pools()
    }

    /// Returns the number of complete calendar months of bills up to and including the one under
    /// review.
    #[must_use]
    pub fn history_months(&self) -> u32 {
        let Some((first, last)) = self.rollup.cube.days() else { return 0 };
        // Months count from the first one whose first day has charges, and only if they have ended
        // in the data.
        let start = if first == Month::of(first).first_day() {
            Month::of(first)
        } else {
            Month::of(first).plus(1)
        };
        let end =
            if last.succ_opt() >= Some(self.month.end()) { self.month.plus(1) } else { self.month };
        (0..).take_while(|n| start.plus(*n) < end).take(1200).count().try_into().unwrap_or(0)
    }

    /// Returns, by provider, the key columns of the resource table that have values in usage of the
    /// month under review. A check that needs another column would find nothing, although there may
    /// be waste.
    ///
    /// # Errors
    /// The engine's.
    pub(super) fn columns_with_values(
        &self,
    ) -> Result<BTreeMap<Provider, BTreeSet<&'static str>>, QueryError> {
        // Checks evaluate resources, so values of other rows do not help them.
        let filter = is_usage()
            .and(days_in("ChargeMonth", self.month.first_day(), self.month.end()))
            .and(col("ResourceId").is_not_null());
        let any = |key: &&str| {
            col(*key).cast(DataType::String).neq(lit("")).any(true).alias(format!("any {key}"))
        };
        let columns: Vec<Expr> = RESOURCE_KEYS.iter().map(any).collect();
        let usage = self.rollup.resources.frame().clone().lazy().filter(filter);
        let found =
            usage.group_by([col("ProviderName").cast(DataType::String)]).agg(columns).collect()?;
        let names = found.column("ProviderName")?.str()?.clone();
        let mut with_values: BTreeMap<Provider, BTreeSet<&str>> = BTreeMap::new();
        for (row, name) in names.iter().enumerate() {
            let keys = with_values.entry(Provider::of(name)).or_default();
            for key in RESOURCE_KEYS {
                if found.column(&format!("any {key}"))?.bool()?.get(row) == Some(true) {
                    keys.insert(*key);
                }
            }
        }
        Ok(with_values)
    }

    /// Returns whether the month under review has usage of a provider.
    pub(super) fn has_usage_of(&self, provider: Provider) -> bool {
        self.usage.has(provider)
    }

    /// Returns the last day with usage of a provider in the month under review.
    pub(super) fn usage_until(&self, provider: Provider) -> Option<NaiveDate> {
        self.usage.last_day(provider)
    }

    /// Returns why a check is not run if its provider has no usage in the month under review. The
    /// text names the providers with usage.
    pub(super) fn no_usage_of(&self, provider: Provider) -> String {
        let there: Vec<&str> = self.usage.providers().collect();
        let (wanted, month) = (provider.title(), self.month);
        match there.split_last() {
            None => format!("it applies to {wanted}, and the bill has no usage in {month}"),
            Some((last, [])) => {
                format!("it applies to {wanted}, and the usage in {month} is from {last}")
            }
            Some((last, others)) => format!(
                "it applies to {wanted}, and the usage in {month} is from {} and {last}",
                others.join(", ")
            ),
        }
    }

    /// Returns a threshold of a check: the configured value, else its default.
    #[must_use]
    pub fn value(&self, check: &str, threshold: &Threshold) -> f64 {
        self.settings
            .checks
            .get(check)
            .and_then(|c| c.get(threshold.key))
            .copied()
            .unwrap_or(threshold.value)
    }

    /// Returns the threshold as an exact number for amounts or quantities, to a millionth.
    #[must_use]
    pub fn decimal(&self, check: &str, threshold: &Threshold) -> Decimal {
        Decimal::from_f64_retain(self.value(check, threshold)).unwrap_or_default().round_dp(6)
    }

    /// Returns usage of the month under review that `wanted` accepts, by resource and usage type.
    /// Usage without a `ResourceId` has an empty one. Checks that evaluate resources use
    /// [`named`](Self::named), which reports such usage.
    pub fn used<'s>(
        &'s self,
        wanted: impl Fn(&ResourceUse) -> bool + 's,
    ) -> impl Iterator<Item = &'s ResourceUse> + 's {
        self.usage.uses(self.provider).iter().filter(move |u| wanted(u))
    }

    /// Returns the usage of a resource in the month under review.
    #[must_use]
    pub fn of_resource(&self, resource_id: &str) -> &[ResourceUse] {
        self.usage.of_resource(self.provider, resource_id)
    }

    /// Returns usage of the three months up to the one under review that `wanted` accepts:
    /// [`used`](Self::used), then usage of the earlier months that does not occur in the month under
    /// review, if it has a `ResourceId`. A check that requires no usage in all of these months needs
    /// both.
    pub fn used_in_window<'s>(
        &'s self,
        wanted: impl Fn(&ResourceUse) -> bool + 's,
    ) -> impl Iterator<Item = &'s ResourceUse> + 's {
        let former = self.usage.former(self.provider);
        self.usage.uses(self.provider).iter().chain(former).filter(move |u| wanted(u))
    }

    /// Returns the usage of a resource in the three months up to the one under review:
    /// [`of_resource`](Self::of_resource), then usage of the earlier months that does not occur in
    /// the month under review.
    pub fn of_resource_in_window(&self, resource_id: &str) -> impl Iterator<Item = &ResourceUse> {
        let former = self.usage.former_of_resource(self.provider, resource_id);
        self.of_resource(resource_id).iter().chain(former)
    }

    /// Returns a resource of the inventory.
    #[must_use]
    pub fn resource(&self, resource_id: &str) -> Option<&Resource> {
        self.inventory?.get(resource_id)
    }

    /// Returns the utilization of a resource.
    #[must_use]
    pub fn busy(&self, resource_id: &str) -> Option<&Use> {
        self.utilization?.of(resource_id)
    }

    /// Returns the estate's first tag key, which contains owners.
    #[must_use]
    pub fn owner_key(&self) -> Option<&str> {
        self.rollup
            .cube
            .tag_keys()
            .iter()
            .find(|k| uses::is_owner(k, &self.settings.ignore_tag))
            .map(String::as_str)
    }

    /// Returns the scope of a resource's usage.
    #[must_use]
    pub fn scope_of(&self, used: &ResourceUse) -> Scope {
        let tagged = || self.resource(&used.resource_id)?.tags.get(self.owner_key()?).cloned();
        Scope {
            provider: Some(used.provider),
            sub_account_id: used.sub_account_id.clone(),
            service_name: used.service_name.clone(),
            region_id: Some(used.region_id.clone()).filter(|r| !r.is_empty()),
            owner: used.owner.clone().or_else(tagged),
        }
    }

    /// Returns why a claim is ignored, if it is.
    pub(super) fn ignored(&self, opportunity: &Opportunity, claim: &Claim) -> Option<String> {
        let known = self.resource(&claim.resource_id);
        let of_inventory = || known?.tags.get(&self.settings.ignore_tag).cloned();
        let of_bill =
            || self.of_resource(&claim.resource_id).iter().find_map(|u| u.ignored.clone());
        let tagged = of_inventory()
            .or_else(of_bill)
            .map(|reason| format!("tag {}={reason}", self.settings.ignore_tag));
        let region = opportunity.scope.region_id.as_deref();
        let rule = || {
            self.settings.ignore.iter().find(|i| i.holds(&opportunity.check, claim, region, known))
        };
        tagged.or_else(|| rule().map(|i| i.reason.clone()))
    }

    /// Returns the `PricingQuantity` of the usage of a resource that `wanted` accepts, in the month
    /// under review and of all accounts that are billed for it; `None` if a part of it is unknown.
    #[must_use]
    pub fn quantity(
        &self,
        resource_id: &str,
        wanted: impl Fn(&ResourceUse) -> bool,
    ) -> Option<Decimal> {
        let mut uses = self.of_resource(resource_id).iter().filter(|u| wanted(u));
        uses.try_fold(Decimal::ZERO, |sum, u| sum.checked_add(u.now().quantity?))
    }

    /// Returns claims on the cost of a resource in the slices that `wanted` accepts, if `share` of
    /// it goes away: one per slice and account that is billed for the resource. In a covered slice,
    /// the released commitment saves the cost of other on-demand usage, at most the amount of that
    /// usage, and as expected [`Pool::reapplied`](crate::plan::Pool::reapplied) of it. `low` and
    /// `high` are [`ResourceUse::estimate`] × `share`.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn claims(
        &self,
        resource_id: &str,
        wanted: impl Fn(&ResourceUse) -> bool,
        share: Decimal,
    ) -> Result<Vec<Claim>, MoneyError> {
        let uses = self.of_resource(resource_id).iter().filter(|u| wanted(u));
        let part = |claim: &Claim| (claim.sub_account_id.clone(), claim.slice);
        Claim::merged_by(part, uses.map(|used| self.claim(used, share)))
    }

    /// Returns the claim on one use, if `share` of it goes away; see [`Context::claims`].
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn claim(&self, used: &ResourceUse, share: Decimal) -> Result<Claim, MoneyError> {
        let spend = used.now().spend()?;
        let claim = |slice, spend, savings, pools| Claim {
            sub_account_id: used.sub_account_id.clone(),
            resource_id: used.resource_id.clone(),
            slice,
            spend,
            savings,
            possible: None,
            pools,
        };
        let pools = self.usage.pools(used.provider);
        let Some(pool) = pools::paying(used) else {
            let names: Vec<&str> =
                pools.iter().flat_map(|all| all.0.keys()).map(String::as_str).collect();
            let slice = used.cloud().slice(used.metered());
            let savings = used.estimate()?.try_mul(share)?;
            return Ok(claim(slice, spend, savings, pools::of_on_demand(used, &names)));
        };
        let name = pool.name;
        let pool = pools.and_then(|all| all.0.get(&name));
        let left = pool.map_or(self.nothing(), |p| p.on_demand);
        let same = pools::on_demand_equivalent(used, pool)?;
        let moved = same.try_mul(share)?.try_min(left)?;
        // The released commitment may cover less; at most, all of the usage that it can cover.
        let most = if spend.is_zero_or_less() {
            moved
        } else {
            let high = used.estimate()?.high;
            moved.try_ratio(high.amount(), spend.amount())?.try_min(left)?
        };
        let reapplied = pool.map_or(Decimal::ZERO, crate::plan::Pool::reapplied);
        let savings = Savings::try_new(self.nothing(), moved.try_mul(reapplied)?, most)?;
        Ok(Claim { possible: Some(moved), ..claim(Slice::Covered, same, savings, vec![name]) })
    }

    /// Returns the evidence of abnormal days in the usage of claimed slices; `None` if there are
    /// none.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub(super) fn abnormal_days(&self, claims: &[Claim]) -> Result<Option<Evidence>, MoneyError> {
        let claimed = |used: &&ResourceUse| {
            let slice = match pools::paying(used) {
                Some(_) => Slice::Covered,
                None => used.cloud().slice(used.metered()),
            };
            claims.iter().any(|c| {
                c.slice == slice
                    && c.sub_account_id == used.sub_account_id
                    && c.resource_id == used.resource_id
            })
        };
        let resources: BTreeSet<&str> = claims.iter().map(|c| c.resource_id.as_str()).collect();
        let uses = resources.into_iter().flat_map(|id| self.of_resource(id)).filter(claimed);
        let found = abnormal::evidence(uses, self.currency())?;
        Ok(found.map(|(label, value)| Evidence::new(&label, value, "bill")))
    }

    /// Returns the price paid per unit of a kind of usage in a region, and its source:
    /// `EffectiveCost` ÷ `PricingQuantity` of the month under review if the bill has such usage,
    /// else the list price.
    ///
    /// # Errors
    /// [`UnknownPrice`] if neither exists.
    pub fn paid_or_list(
        &self,
        region: &str,
        kind: &str,
        item: &str,
    ) -> Result<(Decimal, &'static str), UnknownPrice> {
        match self.usage.paid(self.provider, region, kind) {
            Some(price) => Ok((price, "bill")),
            None => self.list(region, item).map(|p| (p, "price list")),
        }
    }

    /// Returns the list price of an item in a region.
    ///
    /// # Errors
    /// [`UnknownPrice`].
    pub fn list(&self, region: &str, item: &str) -> Result<Decimal, UnknownPrice> {
        self.usd_bill(item).and_then(|()| self.prices.storage(region, item))
    }

    /// Checks that the bill is in USD, like the list prices.
    ///
    /// # Errors
    /// [`UnknownPrice`] if the bill is not in USD.
    pub fn usd_bill(&self, what: &str) -> Result<(), UnknownPrice> {
        if self.currency() == Currency::USD {
            return Ok(());
        }
        let why = format!("list prices are in USD, amounts are in {}", self.currency());
        Err(UnknownPrice { what: what.to_owned(), why })
    }
}
