//! [`MonthUsage`]: usage of resources in the month under review, by provider.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::abnormal;
use super::output::CheckError;
use super::uses::{self, ResourceUse, Uses, WINDOW_MONTHS};
use super::{new_resource, pools};
use crate::cloud::{Metered, Provider, cloud};
use crate::inventory::resource_key;
use crate::money::MoneyError;
use crate::month::Month;
use crate::plan::Pools;
use crate::rollup::{Rollup, days_in, is_usage};

/// Prices paid per unit, by region and kind of usage.
type UnitPrices = BTreeMap<String, BTreeMap<String, Decimal>>;

/// Usage of the month under review. Queries without a provider cover all providers.
#[derive(Debug)]
pub(super) struct MonthUsage {
    /// Sorted by provider, resource, usage type, and pricing.
    uses: Vec<ResourceUse>,
    /// Uses of earlier months of the window that do not occur in the month, by resource key.
    former: BTreeMap<String, Vec<ResourceUse>>,
    parts: BTreeMap<Provider, Part>,
    /// Names of providers that are not known clouds.
    others: BTreeSet<String>,
}

/// Usage of one provider.
#[derive(Debug, Default)]
struct Part {
    uses: Range<usize>,
    /// Last day with usage in the month.
    last_day: Option<NaiveDate>,
    /// Ranges of each resource's usage, by resource key.
    places: HashMap<String, Range<usize>>,
    paid: UnitPrices,
    pools: Pools,
}

impl MonthUsage {
    /// Returns the usage of one month.
    pub(super) fn of(rollup: &Rollup, month: Month, ignore_tag: &str) -> Result<Self, CheckError> {
        let Uses { now: mut uses, former: others_before } = uses::of(rollup, month, ignore_tag)?;
        let mut former: BTreeMap<String, Vec<ResourceUse>> = BTreeMap::new();
        for used in others_before {
            former.entry(resource_key(&used.resource_id).to_owned()).or_default().push(used);
        }
        let from = month.minus(WINDOW_MONTHS - 1).first_day();
        new_resource::mark(&mut uses);
        abnormal::mark(&mut uses, rollup, (from, month.end()))?;
        let mut parts: BTreeMap<Provider, Part> = BTreeMap::new();
        for (at, used) in uses.iter().enumerate() {
            let part = parts
                .entry(used.provider)
                .or_insert_with(|| Part { uses: at..at, ..Part::default() });
            part.uses.end = at + 1;
            part.last_day = part.last_day.max(used.now().last_day);
            let place =
                part.places.entry(resource_key(&used.resource_id).to_owned()).or_insert(at..at);
            place.end = at + 1;
        }
        for part in parts.values_mut() {
            part.pools = pools::all(&uses[part.uses.clone()], rollup.cube.currency())?;
        }
        // Usage without resources, as in bills by day and service, is a part too.
        let Billed { prices, others } = Billed::of(rollup, month)?;
        for (provider, paid) in prices {
            parts.entry(provider).or_default().paid = paid;
        }
        Ok(Self { uses, former, parts, others })
    }

    fn parts(&self, of: Option<Provider>) -> impl Iterator<Item = &Part> {
        self.parts
            .iter()
            .filter(move |(provider, _)| of.is_none_or(|of| of == **provider))
            .map(|(_, part)| part)
    }

    /// Returns whether there is any usage of a provider.
    pub(super) fn has(&self, provider: Provider) -> bool {
        self.parts.contains_key(&provider)
    }

    /// Returns the providers of usage: known clouds by their common names, then others by their
    /// names in the bill.
    pub(super) fn providers(&self) -> impl Iterator<Item = &str> {
        let clouds = self.parts.keys().filter(|of| **of != Provider::Other).map(|of| of.title());
        clouds.chain(self.others.iter().map(String::as_str))
    }

    /// Returns usage, by resource and usage type.
    pub(super) fn uses(&self, of: Option<Provider>) -> &[ResourceUse] {
        match of {
            None => &self.uses,
            Some(provider) => {
                self.parts.get(&provider).map_or(&[], |part| &self.uses[part.uses.clone()])
            }
        }
    }

    /// Returns the usage of a resource.
    pub(super) fn of_resource(&self, of: Option<Provider>, resource_id: &str) -> &[ResourceUse] {
        let key = resource_key(resource_id);
        let place = self.parts(of).find_map(|part| part.places.get(key));
        place.map_or(&[], |place| &self.uses[place.clone()])
    }

    /// Returns usage in earlier months of the window that does not occur in the month, by resource.
    pub(super) fn former(&self, of: Option<Provider>) -> impl Iterator<Item = &ResourceUse> {
        self.former.values().flatten().filter(move |u| of.is_none_or(|of| of == u.provider))
    }

    /// Returns such usage of a resource.
    pub(super) fn former_of_resource(
        &self,
        of: Option<Provider>,
        resource_id: &str,
    ) -> impl Iterator<Item = &ResourceUse> {
        let all = self.former.get(resource_key(resource_id));
        all.into_iter().flatten().filter(move |u| of.is_none_or(|of| of == u.provider))
    }

    /// Returns the price paid per unit of a kind of usage in a region.
    pub(super) fn paid(&self, of: Option<Provider>, region: &str, kind: &str) -> Option<Decimal> {
        self.parts(of).find_map(|part| part.paid.get(region)?.get(kind)).copied()
    }

    /// Returns the last day with usage of a provider in the month; `None` if unknown.
    pub(super) fn last_day(&self, of: Provider) -> Option<NaiveDate> {
        self.parts.get(&of)?.last_day
    }

    /// Returns the pools of a provider's commitments.
    pub(super) fn pools(&self, of: Provider) -> Option<&Pools> {
        self.parts.get(&of).map(|part| &part.pools)
    }

    /// Returns the pools of all providers' commitments. Each can cover only usage of its own
    /// provider.
    pub(super) fn all_pools(&self) -> Pools {
        let mut all = Pools::default();
        for (name, pool) in self.parts.values().flat_map(|part| &part.pools.0) {
            all.0.entry(name.clone()).or_insert(*pool);
        }
        all
    }
}

/// Usage of a month in the bill, with or without resources.
struct Billed {
    /// Prices paid per unit, by each provider with usage.
    prices: BTreeMap<Provider, UnitPrices>,
    /// Names of providers that are not known clouds.
    others: BTreeSet<String>,
}

impl Billed {
    fn of(rollup: &Rollup, month: Month) -> Result<Self, CheckError> {
        let window = days_in("ChargeDay", month.first_day(), month.end());
        let mut others = BTreeSet::new();
        let mut sums: BTreeMap<(Provider, String, String), (Decimal, Option<Decimal>)> =
            BTreeMap::new();
        for group in
            rollup.cube.sum_by(&["RegionId", "SkuMeter", "ProviderName"], is_usage().and(window))?
        {
            let provider = Provider::of(group.keys[2].as_deref());
            if provider == Provider::Other {
                others.insert(group.key(2).to_owned());
            }
            let kind = cloud(provider).kind(Metered::new(provider, group.key(1))).to_owned();
            let sum = sums
                .entry((provider, group.key(0).to_owned(), kind))
                .or_insert((Decimal::ZERO, Some(Decimal::ZERO)));
            let quantity = sum.1.zip(group.amounts.quantity).and_then(|(a, b)| a.checked_add(b));
            *sum = (
                sum.0.checked_add(group.amounts.effective.amount()).ok_or(MoneyError::Overflow)?,
                quantity,
            );
        }
        let mut prices: BTreeMap<Provider, UnitPrices> =
            sums.keys().map(|(of, ..)| (*of, UnitPrices::new())).collect();
        for ((provider, region, kind), (cost, quantity)) in sums {
            if let Some(price) =
                quantity.and_then(|q| cost.checked_div(q)).filter(|p| *p > Decimal::ZERO)
            {
                prices.entry(provider).or_default().entry(region).or_default().insert(kind, price);
            }
        }
        Ok(Self { prices, others })
    }
}
