//! Estimated prices, for regions that the price list lacks (ADR 0040).
//!
//! Prices differ between regions, but the relation of two items of one service rarely does. So the
//! price of a target is the relation of target and reference where both prices are known × the
//! price of the reference here.

use rust_decimal::Decimal;

use super::book::{PriceBook, UnknownPrice};
use super::instance_type::System;
use super::list::{ON_DEMAND_LINUX, STORAGE_TERMS};

/// Margin of an estimate on both sides, in addition to the spread of the relation between regions,
/// percent, for two sizes of one family: the 90th percentile of the error when known prices are
/// estimated from other regions, rounded up (docs/price-estimates.md).
pub const SAME_FAMILY_MARGIN_PCT: u32 = 1;
/// The same for two families, whose relation differs more between regions.
pub const OTHER_FAMILY_MARGIN_PCT: u32 = 22;

/// Returns the family in the name of a type or class: the name without its size, such as `m6i` of
/// `m6i.large`, `redis cache.r6g` of `redis cache.r6g.large`, and `r6g` of `r6g.large.search`.
fn family(item: &str) -> &str {
    let item = item.strip_suffix(".search").unwrap_or(item);
    item.rsplit_once('.').map_or(item, |(family, _)| family)
}

/// Returns the margin for the price of a target by that of a reference, percent.
#[must_use]
pub fn margin_pct(reference: &str, target: &str) -> u32 {
    if family(reference) == family(target) {
        SAME_FAMILY_MARGIN_PCT
    } else {
        OTHER_FAMILY_MARGIN_PCT
    }
}

/// Price that was estimated from other regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EstimatedPrice {
    /// Estimate: median of the relations × the price of the reference.
    pub usd: Decimal,
    /// Lowest relation × the price of the reference, minus the [`margin_pct`].
    pub low: Decimal,
    /// Highest relation × the price of the reference, plus the [`margin_pct`].
    pub high: Decimal,
    /// Number of regions in which both prices are known.
    pub regions: usize,
}

impl EstimatedPrice {
    /// Returns the estimate from the relations of target and reference in other regions, with a
    /// margin in percent; `None` if there is none, or the price of the reference is not positive.
    #[must_use]
    pub fn of(reference_usd: Decimal, mut relations: Vec<Decimal>, margin: u32) -> Option<Self> {
        relations.retain(|relation| *relation > Decimal::ZERO);
        relations.sort();
        let (first, last) = (*relations.first()?, *relations.last()?);
        let half = relations.len() / 2;
        let upper = *relations.get(half)?;
        let median = if relations.len() % 2 == 1 {
            upper
        } else {
            (upper + *relations.get(half - 1)?) / Decimal::TWO
        };
        let margin = Decimal::from(margin) / Decimal::ONE_HUNDRED;
        (reference_usd > Decimal::ZERO).then(|| Self {
            usd: (reference_usd * median).round_dp(9),
            low: (reference_usd * first * (Decimal::ONE - margin)).round_dp(9),
            high: (reference_usd * last * (Decimal::ONE + margin)).round_dp(9),
            regions: relations.len(),
        })
    }
}

impl PriceBook {
    /// Returns the regions that the book has a price of, sorted.
    #[must_use]
    pub fn regions(&self) -> Vec<&str> {
        let mut all = vec![self.region.as_str()];
        let mut from = (String::new(), String::new(), String::new());
        // The keys are sorted by region: jump to the first of each.
        while let Some(((region, _, _), _)) = self.pulled.range(&from..).next() {
            all.push(region);
            from.0 = format!("{region}\u{0}");
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Returns the price of an instance type in a region without its price, USD per hour: Linux by
    /// the relation to a reference type whose price here is known, such as the one in use at the
    /// bill's list price. A licensed system costs the same surcharge on Linux in every region.
    ///
    /// # Errors
    /// [`UnknownPrice`] if no other region has both prices.
    pub fn estimated_on_demand(
        &self,
        region: &str,
        (reference, usd): (&str, Decimal),
        target: &str,
        system: System,
    ) -> Result<EstimatedPrice, UnknownPrice> {
        let what = format!("{target} ({}) in {region}", system.name());
        let linux = usd - self.surcharge(reference, system, &what)?;
        let relation = |of: &&str| {
            let price = |name| self.known(of, name, ON_DEMAND_LINUX).ok();
            price(target)?.checked_div(price(reference)?)
        };
        let margin = margin_pct(reference, target);
        let estimate = self.estimate(region, (linux, margin), relation, &what)?;
        let surcharge = self.surcharge(target, system, &what)?;
        Ok(EstimatedPrice {
            usd: estimate.usd + surcharge,
            low: estimate.low + surcharge,
            high: estimate.high + surcharge,
            ..estimate
        })
    }

    /// Returns the price of a storage item or class in a region without its price, by the relation
    /// to a reference whose price here is known.
    ///
    /// # Errors
    /// [`UnknownPrice`] if no other region has both prices.
    pub fn estimated_storage(
        &self,
        region: &str,
        (reference, usd): (&str, Decimal),
        target: &str,
    ) -> Result<EstimatedPrice, UnknownPrice> {
        let what = format!("{target} in {region}");
        let relation = |of: &&str| {
            let price = |name| self.known(of, name, STORAGE_TERMS).ok();
            price(target)?.checked_div(price(reference)?)
        };
        self.estimate(region, (usd, margin_pct(reference, target)), relation, &what)
    }

    fn estimate(
        &self,
        region: &str,
        (usd, margin): (Decimal, u32),
        relation: impl Fn(&&str) -> Option<Decimal>,
        what: &str,
    ) -> Result<EstimatedPrice, UnknownPrice> {
        let others: Vec<Decimal> =
            self.regions().iter().filter(|of| **of != region).filter_map(relation).collect();
        EstimatedPrice::of(usd, others, margin).ok_or_else(|| UnknownPrice {
            what: what.to_owned(),
            why: "the price list has no region with both its price and that of the current one"
                .to_owned(),
        })
    }

    /// Returns a listed price of a region, by terms.
    fn known(&self, region: &str, item: &str, terms: &str) -> Result<Decimal, UnknownPrice> {
        if terms == ON_DEMAND_LINUX {
            self.on_demand_linux(region, item)
        } else {
            self.storage(region, item)
        }
    }

    /// Returns the surcharge of a system on Linux, USD per hour: the difference of both prices in
    /// the bundled region, which has them. Zero for Linux.
    ///
    /// # Errors
    /// [`UnknownPrice`].
    fn surcharge(&self, name: &str, system: System, what: &str) -> Result<Decimal, UnknownPrice> {
        if system == System::Linux {
            return Ok(Decimal::ZERO);
        }
        if system == System::Suse {
            return self.suse_surcharge(name);
        }
        let listed = self.on_demand(&self.region, name, system)?;
        // Both from one list: prices of different dates would distort the difference.
        let linux = self.types.get(name).and_then(|t| t.od_linux_usd_hr);
        linux.map(|linux| listed - linux).filter(|s| *s >= Decimal::ZERO).ok_or_else(|| {
            UnknownPrice {
                what: what.to_owned(),
                why: format!("the surcharge of {} on {name} is unknown", system.name()),
            }
        })
    }
}

#[cfg(test)]
mod tests;
