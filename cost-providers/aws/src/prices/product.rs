//! One product of the Price List, as the API writes it: a JSON document.
//!
//! Source: AWS Price List user guide, "Reading service price list files"; read 2026-11.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;

/// Hours of a reservation of one year. Source: EC2 user guide, "How you are billed": one year is 31,536,000 seconds; read 2026-11.
const YEAR_HOURS: u32 = 8760;

/// A product with its prices.
#[derive(Debug, Deserialize)]
pub(super) struct Product {
    product: Attributes,
    #[serde(default)]
    terms: Terms,
}

#[derive(Debug, Deserialize)]
struct Attributes {
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Terms {
    on_demand: BTreeMap<String, Term>,
    reserved: BTreeMap<String, Term>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Term {
    price_dimensions: BTreeMap<String, Dimension>,
    #[serde(default)]
    term_attributes: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dimension {
    unit: String,
    /// Quantity of the month from which it holds; prices that do not go by quantity have 0.
    #[serde(default)]
    begin_range: String,
    price_per_unit: BTreeMap<String, String>,
}

impl Dimension {
    fn usd(&self) -> Option<Decimal> {
        self.price_per_unit.get("USD")?.parse().ok()
    }
}

/// Unit and USD of the one price there is; `None` if there are several, or none.
fn only<'a>(mut all: impl Iterator<Item = &'a Dimension>) -> Option<(&'a str, Decimal)> {
    let only = all.next().filter(|_| all.next().is_none())?;
    Some((&only.unit, only.usd()?))
}

impl Product {
    /// An attribute; an empty one is none.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.product.attributes.get(name).map_or("", String::as_str)
    }

    fn on_demand_dimensions(&self) -> impl Iterator<Item = &Dimension> {
        self.terms.on_demand.values().flat_map(|t| t.price_dimensions.values())
    }

    /// Unit and USD of a unit on demand. A price that depends on the quantity (tiers) is not one price: `None`.
    pub(super) fn on_demand(&self) -> Option<(&str, Decimal)> {
        only(self.on_demand_dimensions())
    }

    /// Unit and USD of a unit on demand, of the first units of a month if the price goes by the quantity.
    pub(super) fn first_tier(&self) -> Option<(&str, Decimal)> {
        only(self.on_demand_dimensions().filter(|d| matches!(d.begin_range.as_str(), "" | "0")))
    }

    /// USD per hour of a standard reservation of one year that is paid all upfront: what is paid ÷ 8,760 hours.
    pub(super) fn reserved_1y_all_upfront(&self) -> Option<Decimal> {
        let wanted = [("LeaseContractLength", "1yr"), ("OfferingClass", "standard"), ("PurchaseOption", "All Upfront")];
        let is = |t: &&Term| wanted.iter().all(|(k, v)| t.term_attributes.get(*k).is_some_and(|known| known == v));
        let mut offers = self.terms.reserved.values().filter(is);
        let offer = offers.next().filter(|_| offers.next().is_none())?;
        let upfront = offer.price_dimensions.values().find(|d| d.unit == "Quantity")?.usd()?;
        let hourly: Decimal =
            offer.price_dimensions.values().filter(|d| d.unit == "Hrs").filter_map(Dimension::usd).sum();
        Some((upfront / Decimal::from(YEAR_HOURS) + hourly).round_dp(12))
    }
}
