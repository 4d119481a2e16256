//! One product of the Price List, as the API writes it: a JSON document.
//!
//! Source: AWS Price List user guide, "Reading service price list files"; read 2026-11.

use std::collections::BTreeMap;

use cost_core::commitment::{Payment, Product as Kind, Term as CommitmentTerm};
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

/// A reservation that is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reserved {
    pub(super) kind: Kind,
    pub(super) term: CommitmentTerm,
    pub(super) payment: Payment,
    /// USD an hour, what is paid upfront spread over the term.
    pub(super) usd_per_hour: Decimal,
    /// The part that is paid upfront, percent.
    pub(super) upfront_pct: Decimal,
}

impl Reserved {
    fn of(term: &Term) -> Option<Self> {
        let attribute = |name: &str| term.term_attributes.get(name).map_or("", String::as_str);
        let kind = match attribute("OfferingClass") {
            "standard" | "" => Kind::StandardReservation,
            "convertible" => Kind::ConvertibleReservation,
            _ => return None,
        };
        let years = attribute("LeaseContractLength").strip_suffix("yr")?.trim();
        let length = CommitmentTerm::try_from(years.parse::<u8>().ok()?).ok()?;
        let payment = Payment::ALL.into_iter().find(|p| p.as_str() == attribute("PurchaseOption"))?;
        let usd = |unit: &str| -> Decimal {
            term.price_dimensions.values().filter(|d| d.unit == unit).filter_map(Dimension::usd).sum()
        };
        let upfront = usd("Quantity") / Decimal::from(length.hours());
        let usd_per_hour = upfront + usd("Hrs");
        let upfront_pct = (upfront * Decimal::ONE_HUNDRED).checked_div(usd_per_hour)?.round_dp(12);
        Some(Self { kind, term: length, payment, usd_per_hour: usd_per_hour.round_dp(12), upfront_pct })
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

    /// What reservations of it are sold for. Those of services that know no classes are standard ones.
    pub(super) fn reserved(&self) -> Vec<Reserved> {
        self.terms.reserved.values().filter_map(Reserved::of).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reservations_are_spread_over_their_term() {
        let term = |length: &str, class: Option<&str>, option: &str, upfront: &str, hourly: &str| {
            let mut attributes = json!({"LeaseContractLength": length, "PurchaseOption": option});
            if let Some(class) = class {
                attributes["OfferingClass"] = json!(class);
            }
            let of = |unit: &str, usd: &str| json!({"unit": unit, "pricePerUnit": {"USD": usd}});
            json!({"priceDimensions": {"a": of("Quantity", upfront), "b": of("Hrs", hourly)}, "termAttributes": attributes})
        };
        let product: Product = serde_json::from_value(json!({"product": {}, "terms": {"Reserved": {
            "1": term("1yr", Some("standard"), "Partial Upfront", "876", "0.1"),
            "2": term("3yr", None, "No Upfront", "0", "0.3"),
            "3": term("1yr", Some("convertible"), "Heavy Utilization", "1", "1"),
        }}}))
        .expect("a product");
        let of = |kind, term, payment, cents, upfront_pct| Reserved {
            kind,
            term,
            payment,
            usd_per_hour: Decimal::new(cents, 2),
            upfront_pct: Decimal::from(upfront_pct),
        };
        let year = of(Kind::StandardReservation, CommitmentTerm::OneYear, Payment::PartialUpfront, 20, 50);
        let years = of(Kind::StandardReservation, CommitmentTerm::ThreeYears, Payment::NoUpfront, 30, 0);
        assert_eq!(product.reserved(), [year, years]);
    }
}
