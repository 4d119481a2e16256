//! The bill's usage and commitments in the form that the simulator needs.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{HourlyUsage, OwnedHours, UsageLine};
use crate::cloud::cloud;
use crate::commitment::simulate::{
    Attributes, Commitment, Estate, Instrument, Line, PlanKind, Quantities, RateCard, Service,
    has_known_size,
};
use crate::inventory::{Inventory, Resource, detail, resource_key};
use crate::money::MoneyError;
use crate::price::PriceBook;

/// A bill's usage with its commitments.
#[derive(Clone, Debug, Default)]
pub struct OwnedEstate {
    /// Estate for the simulator. Every owned plan has its own rate card.
    pub estate: Estate,
    /// Index in [`HourlyUsage::lines`] of each of its lines.
    pub lines: Vec<usize>,
    /// Index in [`HourlyUsage::owned`] of each of its commitments.
    pub owned: Vec<usize>,
    /// What was excluded, one line each, with the reason.
    pub excluded: Vec<String>,
}

impl OwnedEstate {
    /// Builds the estate from the hourly usage of a bill. The rates of plans are those of the bill:
    /// Σ `EffectiveCost` ÷ Σ `PricingQuantity` of the usage that a plan covered of a line. For
    /// other lines they follow from its discount on the same family, region, and platform, or else
    /// on the same service. Sizes and counts of reservations are from the inventory, or else from
    /// the usage that they covered most.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn new(
        usage: &HourlyUsage,
        prices: &PriceBook,
        inventory: Option<&Inventory>,
    ) -> Result<Self, MoneyError> {
        let mut out = Self { excluded: usage.excluded.clone(), ..Self::default() };
        for (at, line) in usage.lines.iter().enumerate() {
            if let Some(service) = &line.service {
                out.excluded.push(format!(
                    "{} of {service}: the simulator does not support this service",
                    line.usage_type
                ));
                continue;
            }
            let Some(attributes) =
                cloud(line.provider).attributes(line.priced(), prices).filter(has_known_size)
            else {
                out.excluded.push(format!(
                    "{}: the simulator does not support this usage type",
                    line.usage_type
                ));
                continue;
            };
            out.lines.push(at);
            out.estate.lines.push(Line {
                account: line.account.clone(),
                attributes,
                zone: None,
                on_demand: line.on_demand_unit_price,
                quantities: Quantities::from_scaled(line.quantities.clone()),
            });
        }
        out.excluded.sort_unstable();
        out.excluded.dedup();
        for (at, owned) in usage.owned.iter().enumerate() {
            match out.commitment(usage, (at, owned), inventory)? {
                Ok(commitment) => {
                    out.estate.commitments.push(commitment);
                    out.owned.push(at);
                }
                Err(why) => {
                    out.excluded.push(format!("{}: {why}", crate::inventory::short_id(&owned.id)));
                }
            }
        }
        Ok(out)
    }

    fn commitment(
        &mut self,
        usage: &HourlyUsage,
        (at, owned): (usize, &OwnedHours),
        inventory: Option<&Inventory>,
    ) -> Result<Result<Commitment, &'static str>, MoneyError> {
        let Some((hourly, hours)) = owned.in_force()? else {
            return Ok(Err("it has no cost in these days"));
        };
        let covered = self.covered(usage, at);
        let most =
            covered.iter().max_by(|a, b| a.quantity.cmp(&b.quantity).then(b.line.cmp(&a.line)));
        let account = owned
            .account
            .clone()
            .or_else(|| Some(usage.lines[self.lines[most?.line]].account.clone()));
        let family = most.map(|m| self.estate.lines[m.line].attributes.clone());
        let instrument = match cloud(owned.provider).plan_kind(&owned.kind, family.as_ref()) {
            Some(Ok(kind)) => {
                let card = self.estate.cards.len();
                self.estate.cards.push(self.card(&kind, &covered));
                Instrument::SavingsPlan { kind, usd_per_hour: hourly, card }
            }
            Some(Err(why)) => return Ok(Err(why)),
            None => {
                let Some(most) = most else {
                    return Ok(Err(
                        "it covered no usage, so the usage that it applies to is unknown",
                    ));
                };
                let known = inventory.and_then(|i| i.get(resource_key(&owned.id)));
                let Some(reservation) = self.reservation(hourly, most, known) else {
                    return Ok(Err("its price per unit is unknown"));
                };
                reservation
            }
        };
        let account = account.unwrap_or_default();
        Ok(Ok(Commitment { id: owned.id.clone(), account, instrument, hours }))
    }

    /// Returns a reservation. Size and count are from the inventory. Otherwise the size is that of
    /// the usage it covered most, and the count is what its cost pays for.
    fn reservation(
        &self,
        hourly: Decimal,
        most: &CoveredLine,
        known: Option<&Resource>,
    ) -> Option<Instrument> {
        let used = &self.estate.lines[most.line].attributes;
        let of_inventory = || {
            let (family, size) = known?.instance_type.as_deref()?.rsplit_once('.')?;
            let count = u32::try_from(known?.get(detail::COUNT)?).ok().filter(|n| *n > 0)?;
            (used.family == family)
                .then(|| (Attributes { size: size.to_owned(), ..used.clone() }, count))
        };
        let of_bill = || {
            let each = most.effective.checked_div(most.quantity).filter(|e| *e > Decimal::ZERO)?;
            let count = hourly.checked_div(each)?.round().to_u32()?.max(1);
            Some((used.clone(), count))
        };
        let (attributes, count) = of_inventory().or_else(of_bill)?;
        let usd_per_hour = (hourly / Decimal::from(count)).round_dp(12);
        Some(Instrument::Reservation { attributes, zone: None, count, usd_per_hour })
    }

    /// Returns the usage that a commitment covered, by line of the estate.
    fn covered(&self, usage: &HourlyUsage, owned: usize) -> Vec<CoveredLine> {
        let of = |(line, at): (usize, &usize)| {
            let of: &UsageLine = &usage.lines[*at];
            let sum = of.covered.get(&owned).filter(|c| c.quantity > Decimal::ZERO)?;
            Some(CoveredLine { line, quantity: sum.quantity, effective: sum.effective })
        };
        self.lines.iter().enumerate().filter_map(of).collect()
    }

    /// Returns the rates of a plan.
    fn card(&self, kind: &PlanKind, covered: &[CoveredLine]) -> RateCard {
        let mut rates: BTreeMap<usize, Decimal> = BTreeMap::new();
        let mut families: BTreeMap<(Service, &str, &str, &str), (Decimal, Decimal)> =
            BTreeMap::new();
        let mut services: BTreeMap<Service, (Decimal, Decimal)> = BTreeMap::new();
        for c in covered {
            let line = &self.estate.lines[c.line];
            let on_demand = c.quantity * line.on_demand;
            rates.extend(c.effective.checked_div(c.quantity).map(|rate| (c.line, rate)));
            for sum in [
                families.entry(family_of(&line.attributes)).or_default(),
                services.entry(line.attributes.service).or_default(),
            ] {
                *sum = (sum.0 + c.effective, sum.1 + on_demand);
            }
        }
        let rate = |(at, line): (usize, &Line)| {
            if !kind.applies_to(&line.attributes) {
                return None;
            }
            let like = |sum: Option<&(Decimal, Decimal)>| {
                sum.and_then(|(effective, on_demand)| effective.checked_div(*on_demand))
                    .map(|r| r * line.on_demand)
            };
            let rate = rates.get(&at).copied();
            let rate = rate.or_else(|| like(families.get(&family_of(&line.attributes))));
            rate.or_else(|| like(services.get(&line.attributes.service))).map(|r| r.round_dp(12))
        };
        self.estate.lines.iter().enumerate().map(rate).collect()
    }
}

/// Usage of a line of the estate that a commitment covered.
struct CoveredLine {
    line: usize,
    quantity: Decimal,
    effective: Decimal,
}

fn family_of(of: &Attributes) -> (Service, &str, &str, &str) {
    (of.service, &of.region, &of.family, &of.platform)
}
