//! Kind of charge of each row, and its FOCUS values.
//!
//! Spend-based committed use discounts (CUDs) have two models. The legacy model, also used by all
//! resource-based CUDs, has usage at its on-demand price, a credit for the covered part, and a fee
//! with a separate SKU. The new model (from 2025-07-15, account by account) has usage at the price
//! of a consumption model, and a fee that a credit `FEE_UTILIZATION_OFFSET` reduces by the used
//! part, so that the remaining fee is the unused part. Fees of the new model are priced at 1 in the
//! currency of the bill (USD, converted), legacy fees at a fraction. A completely unused fee has no
//! credit and is identified only by that price.
//!
//! Source: Google Cloud documentation, "Spend-based CUD program improvements", "Spend-based CUDs
//! data model updates" (with its example of an export before and after), "Calculate savings with
//! Compute flexible commitments" (SKUs of fees). Read 2026-11.

use cost_core::focus::text;
use polars::prelude::*;

use super::credits::field;
use super::export::BillingExport;
use crate::rows;

/// Column of [`super::credits::settled`] structs while rows are mapped.
pub(super) const SETTLED: &str = "__gcp_settled";
/// Column of kinds while rows are mapped.
const KIND: &str = "__gcp_kind";

/// Usage at its on-demand price, or at a negotiated one.
pub(super) const USAGE: &str = "usage";
/// Usage of spare capacity, at a variable price.
pub(super) const SPOT: &str = "spot";
/// Usage at the price of a consumption model that is not the default and not due to a commitment.
pub(super) const OTHER: &str = "other";
/// Usage at the price of a commitment's consumption model.
pub(super) const COMMITTED: &str = "committed";
/// Usage at its on-demand price, with a credit for the part that a commitment covers.
pub(super) const COVERED: &str = "covered";
/// Fee of a resource-based or legacy spend-based commitment.
pub(super) const FEE: &str = "fee";
/// Fee of a spend-based commitment minus its offset: the unused part.
pub(super) const UNUSED: &str = "unused";
/// Tax.
pub(super) const TAX: &str = "tax";
/// A modification of the bill, a rounding error, or an unknown type of cost.
pub(super) const ADJUSTMENT: &str = "adjustment";

/// FOCUS values of a kind of charge.
pub(super) struct Kind {
    name: &'static str,
    /// `ChargeCategory`.
    pub(super) category: &'static str,
    /// `ChargeFrequency`.
    pub(super) frequency: &'static str,
    /// `PricingCategory`.
    pub(super) pricing: Option<&'static str>,
}

const fn kind(
    name: &'static str,
    category: &'static str,
    frequency: &'static str,
    pricing: Option<&'static str>,
) -> Kind {
    Kind { name, category, frequency, pricing }
}

const KINDS: &[Kind] = &[
    kind(USAGE, "Usage", "Usage-Based", Some("Standard")),
    kind(SPOT, "Usage", "Usage-Based", Some("Dynamic")),
    kind(OTHER, "Usage", "Usage-Based", Some("Other")),
    kind(COMMITTED, "Usage", "Usage-Based", Some("Committed")),
    kind(COVERED, "Usage", "Usage-Based", Some("Committed")),
    kind(FEE, "Purchase", "Recurring", Some("Standard")),
    kind(UNUSED, "Usage", "Usage-Based", Some("Committed")),
    kind(TAX, "Tax", "One-Time", None),
    kind(ADJUSTMENT, "Adjustment", "One-Time", None),
];

/// Usage of all kinds, without the unused part of commitments.
pub(super) const USED: &[&str] = &[USAGE, SPOT, OTHER, COMMITTED, COVERED];

/// Consumption model of on-demand prices. Source: SKU and pricing pages of Google Cloud ("Default",
/// model ID), read 2026-11.
const DEFAULT_MODEL: &str = "7754-699E-0EBF";

/// Maximum deviation of the price of a new fee, divided by the conversion rate, from 1. It allows
/// for rounding of both. Legacy fees are priced at hundredths (0.0072 for a flexible CUD of 1
/// year). Chosen.
const FEE_PRICE_TOLERANCE: f64 = 0.01;

/// Values of a row that determine its kind.
struct Signs<'a> {
    cost_type: String,
    sku: &'a str,
    service: &'a str,
    instance: bool,
    model_id: &'a str,
    model: String,
    price: Option<f64>,
    rate: Option<f64>,
    covered: bool,
    offset: bool,
}

impl Signs<'_> {
    fn default_model(&self) -> bool {
        if self.model_id.is_empty() {
            self.model.is_empty() || self.model == "default"
        } else {
            self.model_id == DEFAULT_MODEL
        }
    }

    /// Returns whether the row is the fee of a commitment: by the description of its SKU, by its
    /// offset, or because it names a commitment but no price of a commitment applies to it.
    fn fee(&self) -> bool {
        self.offset || self.sku.starts_with("Commitment") || (self.instance && self.default_model())
    }

    /// Returns whether usage offsets the fee.
    fn offset_fee(&self) -> bool {
        let price =
            self.price.map(|price| price / self.rate.filter(|rate| *rate > 0.0).unwrap_or(1.0));
        let of_one = price.is_some_and(|price| (price - 1.0).abs() <= FEE_PRICE_TOLERANCE);
        self.offset || (of_one && !resource_based(self.sku))
    }

    fn spot(&self) -> bool {
        let words = |word: &str| self.sku.split(|c: char| !c.is_alphanumeric()).any(|w| w == word);
        let machines = ["Compute Engine", "Kubernetes Engine", "Vertex AI"].contains(&self.service);
        words("Preemptible") || (machines && words("Spot"))
    }

    fn kind(&self) -> &'static str {
        match self.cost_type.as_str() {
            "" | "regular" => {}
            "tax" => return TAX,
            _ => return ADJUSTMENT,
        }
        if self.fee() {
            return if self.offset_fee() { UNUSED } else { FEE };
        }
        if !self.default_model() {
            let committed = self.instance
                || self.model.is_empty()
                || ["cud", "commit", "savings plan"].iter().any(|w| self.model.contains(w));
            return if committed { COMMITTED } else { OTHER };
        }
        if self.covered {
            return COVERED;
        }
        if self.spot() { SPOT } else { USAGE }
    }
}

/// Returns whether a SKU is the fee of a resource-based commitment: `Commitment v1: Cpu in Americas
/// for 1 Year`.
pub(super) fn resource_based(sku: &str) -> bool {
    sku.starts_with("Commitment v1:")
}

fn float(cell: Option<&str>) -> Option<f64> {
    // The price is only compared, never summed.
    cell.filter(|cell| text::decimal(cell).is_some())?.parse().ok()
}

/// Returns a field of the row after credits.
pub(super) fn settled(name: &str) -> Expr {
    col(SETTLED).struct_().field_by_name(name)
}

/// Returns the kind of each row, as column [`KIND`]; requires [`SETTLED`].
pub(super) fn of_row(export: &BillingExport) -> Expr {
    let inputs = [
        export.text("cost_type"),
        export.text("sku.description"),
        export.text("service.description"),
        export.text("subscription.instance_id"),
        export.text("consumption_model.id"),
        export.text("consumption_model.description"),
        export.first(&["price.list_price", "price.effective_price"]),
        export.text("currency_conversion_rate"),
        settled(field::COVERED),
        settled(field::OFFSET),
    ];
    let kind = |row: &[Option<&str>]| {
        let signs = Signs {
            cost_type: row[0].unwrap_or_default().trim().to_ascii_lowercase(),
            sku: row[1].unwrap_or_default(),
            service: row[2].unwrap_or_default(),
            instance: row[3].is_some(),
            model_id: row[4].unwrap_or_default(),
            model: row[5].unwrap_or_default().trim().to_ascii_lowercase(),
            price: float(row[6]),
            rate: float(row[7]),
            covered: row[8] == Some("true"),
            offset: row[9] == Some("true"),
        };
        Some(signs.kind().to_owned())
    };
    rows::string(&inputs, kind).alias(KIND)
}

/// Returns whether a row has one of these kinds.
pub(super) fn is(kinds: &[&str]) -> Expr {
    let each = kinds.iter().map(|k| col(KIND).eq(lit(*k)));
    each.reduce(Expr::or).unwrap_or_else(|| lit(false))
}

/// Returns the FOCUS values of the kind of each row.
pub(super) fn says(what: fn(&Kind) -> Option<&'static str>) -> Expr {
    rows::string(&[col(KIND)], move |row| {
        let kind = KINDS.iter().find(|k| Some(k.name) == row[0])?;
        what(kind).map(ToOwned::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> Signs<'static> {
        Signs {
            cost_type: "regular".to_owned(),
            sku: "N1 Predefined Instance Core running in Americas",
            service: "Compute Engine",
            instance: false,
            model_id: "",
            model: String::new(),
            price: None,
            rate: None,
            covered: false,
            offset: false,
        }
    }

    #[test]
    fn fees_are_known_by_sku_offset_and_price() {
        let dollar = "Commitment - dollar based v1: GCE for 1 year";
        assert_eq!(
            Signs { sku: dollar, instance: true, price: Some(0.0072), ..plain() }.kind(),
            FEE
        );
        assert_eq!(Signs { sku: dollar, price: Some(1.0), ..plain() }.kind(), UNUSED);
        assert_eq!(Signs { sku: dollar, offset: true, ..plain() }.kind(), UNUSED);
        // In yen: 1 USD is 151.3 yen.
        assert_eq!(
            Signs { sku: dollar, price: Some(151.31), rate: Some(151.3), ..plain() }.kind(),
            UNUSED
        );
        assert_eq!(
            Signs { sku: dollar, price: Some(1.0894), rate: Some(151.3), ..plain() }.kind(),
            FEE
        );
        // A node at a dollar per hour is still a legacy fee.
        let cpu = "Commitment v1: Cpu in Americas for 1 Year";
        assert_eq!(Signs { sku: cpu, instance: true, price: Some(1.0), ..plain() }.kind(), FEE);
        assert_eq!(
            Signs { sku: "Fee SKU", instance: true, model: "default".to_owned(), ..plain() }.kind(),
            FEE
        );
    }

    #[test]
    fn usage_is_known_by_model_credit_and_sku() {
        let cud = "compute flexible cud - 1 year".to_owned();
        assert_eq!(plain().kind(), USAGE);
        assert_eq!(
            Signs { model_id: DEFAULT_MODEL, model: "default".to_owned(), ..plain() }.kind(),
            USAGE
        );
        assert_eq!(
            Signs { model_id: "D97B-0795-975B", model: cud.clone(), ..plain() }.kind(),
            COMMITTED
        );
        assert_eq!(Signs { model: cud, instance: true, ..plain() }.kind(), COMMITTED);
        assert_eq!(Signs { model_id: "D97B-0795-975B", ..plain() }.kind(), COMMITTED);
        assert_eq!(Signs { model: "spring promotion".to_owned(), ..plain() }.kind(), OTHER);
        assert_eq!(Signs { covered: true, ..plain() }.kind(), COVERED);
        let spot = "Spot Preemptible E2 Instance Core running in Americas";
        assert_eq!(Signs { sku: spot, ..plain() }.kind(), SPOT);
        assert_eq!(
            Signs {
                sku: "Autopilot Spot Pod mCPU Requests",
                service: "Kubernetes Engine",
                ..plain()
            }
            .kind(),
            SPOT
        );
        assert_eq!(Signs { sku: "Spot Ocean", service: "Spot by NetApp", ..plain() }.kind(), USAGE);
    }

    #[test]
    fn types_of_cost_that_are_not_known_are_adjustments() {
        let of = |cost_type: &str| Signs { cost_type: cost_type.to_owned(), ..plain() }.kind();
        assert_eq!(
            ["", "regular", "tax", "adjustment", "rounding_error", "new"].map(of),
            [USAGE, USAGE, TAX, ADJUSTMENT, ADJUSTMENT, ADJUSTMENT]
        );
    }
}
