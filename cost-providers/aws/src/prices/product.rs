//! Product of the Price List, as the API returns it: a JSON document.
//!
//! Source: AWS Price List user guide, "Reading service price list files"; read 2026-11.

use std::collections::BTreeMap;

use aws_sdk_pricing::operation::get_products::GetProductsOutput;
use aws_sdk_pricing::types::{Filter, FilterType};
use cost_core::commitment::{Payment, Product as Kind, Term as CommitmentTerm};
use cost_provider_api::CallError;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::call::Place;
use crate::connect::{At, client};
use crate::operation::GET_PRODUCTS;

/// Products per page: the maximum of the operation. Source: Price List API reference,
/// `GetProducts`, read 2026-11.
const PAGE: i32 = 100;

/// Product with its prices.
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
    /// Quantity per month from which the price applies; prices that do not depend on quantity have
    /// 0.
    #[serde(default)]
    begin_range: String,
    price_per_unit: BTreeMap<String, String>,
}

impl Dimension {
    fn usd(&self) -> Option<Decimal> {
        self.price_per_unit.get("USD")?.parse().ok()
    }
}

/// Reservation on offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reserved {
    pub(super) kind: Kind,
    pub(super) term: CommitmentTerm,
    pub(super) payment: Payment,
    /// USD per hour, with the upfront payment spread over the term.
    pub(super) usd_per_hour: Decimal,
    /// Percent paid upfront.
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
        let payment =
            Payment::ALL.into_iter().find(|p| p.as_str() == attribute("PurchaseOption"))?;
        // Without the upfront price, the price of an offer with an upfront payment is unknown.
        if payment != Payment::NoUpfront
            && !term.price_dimensions.values().any(|d| d.unit == "Quantity")
        {
            return None;
        }
        let usd = |unit: &str| -> Decimal {
            term.price_dimensions
                .values()
                .filter(|d| d.unit == unit)
                .filter_map(Dimension::usd)
                .sum()
        };
        let upfront = usd("Quantity") / Decimal::from(length.hours());
        let usd_per_hour = upfront + usd("Hrs");
        let upfront_pct = (upfront * Decimal::ONE_HUNDRED).checked_div(usd_per_hour)?.round_dp(12);
        Some(Self {
            kind,
            term: length,
            payment,
            usd_per_hour: usd_per_hour.round_dp(12),
            upfront_pct,
        })
    }
}

/// Returns unit and USD of the only price; `None` if there are none or several.
fn only<'a>(mut all: impl Iterator<Item = &'a Dimension>) -> Option<(&'a str, Decimal)> {
    let only = all.next().filter(|_| all.next().is_none())?;
    Some((&only.unit, only.usd()?))
}

impl Product {
    /// Returns an attribute; `None` if empty.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.product.attributes.get(name).map_or("", String::as_str)
    }

    fn on_demand_dimensions(&self) -> impl Iterator<Item = &Dimension> {
        self.terms.on_demand.values().flat_map(|t| t.price_dimensions.values())
    }

    /// Returns unit and USD per unit on demand; `None` if the price depends on the quantity
    /// (tiers).
    pub(super) fn on_demand(&self) -> Option<(&str, Decimal)> {
        only(self.on_demand_dimensions())
    }

    /// Returns unit and USD per unit on demand, for the first units of a month if the price depends
    /// on the quantity.
    pub(super) fn first_tier(&self) -> Option<(&str, Decimal)> {
        only(self.on_demand_dimensions().filter(|d| matches!(d.begin_range.as_str(), "" | "0")))
    }

    /// Returns the reservations on offer. Services without offering classes count as standard.
    pub(super) fn reserved(&self) -> Vec<Reserved> {
        self.terms.reserved.values().filter_map(Reserved::of).collect()
    }

    /// Returns the USD per hour of a standard one-year reservation paid all upfront; `None` if
    /// there are none or several.
    pub(super) fn reserved_1y_all_upfront(&self) -> Option<Decimal> {
        let wanted = (Kind::StandardReservation, CommitmentTerm::OneYear, Payment::AllUpfront);
        let mut offers =
            self.reserved().into_iter().filter(|r| (r.kind, r.term, r.payment) == wanted);
        let offer = offers.next()?;
        offers.next().is_none().then_some(offer.usd_per_hour)
    }
}

/// Returns the documents of the products of a service that match attribute filters.
pub(super) async fn documents(
    at: &At,
    place: &Place,
    service: &str,
    filters: impl Iterator<Item = (&str, &str)>,
) -> Result<Vec<String>, CallError> {
    let pricing = client!(aws_sdk_pricing, at);
    let filter = |(field, value)| {
        Filter::builder().r#type(FilterType::TermMatch).field(field).value(value).build()
    };
    let filters = filters.map(filter).collect::<Result<Vec<_>, _>>();
    let filters = filters.map_err(|e| place.unreadable(GET_PRODUCTS, e.to_string()))?;
    let make = |token| {
        pricing
            .get_products()
            .service_code(service)
            .set_filters(Some(filters.clone()))
            .max_results(PAGE)
            .set_next_token(token)
            .send()
    };
    let split = |page: GetProductsOutput| (page.price_list.unwrap_or_default(), page.next_token);
    place.pages(GET_PRODUCTS, make, split).await
}

/// Reads a product from its document, or returns what is wrong with it.
pub(super) fn product(document: &str) -> Result<Product, String> {
    serde_json::from_str(document).map_err(|e| format!("invalid product: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reservations_are_spread_over_their_term() {
        let term = |length: &str,
                    class: Option<&str>,
                    option: &str,
                    upfront: &str,
                    hourly: &str| {
            let mut attributes = json!({"LeaseContractLength": length, "PurchaseOption": option});
            if let Some(class) = class {
                attributes["OfferingClass"] = json!(class);
            }
            let of = |unit: &str, usd: &str| json!({"unit": unit, "pricePerUnit": {"USD": usd}});
            json!({"priceDimensions": {"a": of("Quantity", upfront), "b": of("Hrs", hourly)}, "termAttributes": attributes})
        };
        let product: Product =
            serde_json::from_value(json!({"product": {}, "terms": {"Reserved": {
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
        let year =
            of(Kind::StandardReservation, CommitmentTerm::OneYear, Payment::PartialUpfront, 20, 50);
        let years =
            of(Kind::StandardReservation, CommitmentTerm::ThreeYears, Payment::NoUpfront, 30, 0);
        assert_eq!(product.reserved(), [year, years]);
    }
}
