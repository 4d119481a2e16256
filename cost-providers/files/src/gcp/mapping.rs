//! Mapping from the Google Cloud billing export to FOCUS 1.2, one line per column.
//! `docs/gcp-export-to-focus.md` is generated from it.
//!
//! Sources, read 2026-11. Google: Cloud Billing documentation, "Structure of Detailed data export"
//! and "Structure of Standard data export"; Google Cloud documentation on committed use discounts
//! (see [`super::kinds`]). FOCUS: `FOCUS_Spec` v1.2, `specification/columns/*.md`. Vendor columns
//! have the names of Google's own FOCUS export where it has them.

use polars::prelude::*;

use super::credits::field;
use super::export::BillingExport;
use super::kinds::{self, COMMITTED, FEE, UNUSED, USED, is, settled};
use super::rules::{
    billed, by, by_base, charge_class, commitment, commitment_quantity, commitment_status,
    commitment_unit, contracted, contracted_unit_price, if_any, listed, month, no_amount, no_text,
    none, paid, priced, pricing_unit, publisher, region, reservation, reservation_status,
    resource_id, service, unit_price, unless_tax, with_id, word,
};
use super::{labels, services};
use crate::rows::null;

/// Source of a FOCUS column.
pub struct Mapped {
    /// FOCUS column, or an `x_` column for Google-specific data.
    pub column: &'static str,
    /// Fields of the export and the rule, for people.
    pub from: &'static str,
    /// Rule for a row, as an expression.
    charge: fn(&BillingExport) -> Expr,
    /// Rule for the promotions on a row; `None` if it is the same as for the row.
    credit: Option<fn(&BillingExport) -> Expr>,
}

const fn of(
    column: &'static str,
    from: &'static str,
    charge: fn(&BillingExport) -> Expr,
) -> Mapped {
    Mapped { column, from, charge, credit: None }
}

/// Creates a column that promotions do not have, with its type.
const fn only_of_charge(
    column: &'static str,
    from: &'static str,
    charge: fn(&BillingExport) -> Expr,
    none: fn(&BillingExport) -> Expr,
) -> Mapped {
    Mapped { column, from, charge, credit: Some(none) }
}

impl Mapped {
    const fn credit(self, rule: fn(&BillingExport) -> Expr) -> Self {
        Self { credit: Some(rule), ..self }
    }

    /// Returns the column for a row.
    pub(super) fn of_charge(&self, export: &BillingExport) -> Expr {
        (self.charge)(export).alias(self.column)
    }

    /// Returns the column for the promotions on a row.
    pub(super) fn of_credit(&self, export: &BillingExport) -> Expr {
        self.credit.unwrap_or(self.charge)(export).alias(self.column)
    }
}

/// All columns, by name.
pub const MAPPING: &[Mapped] = &[
    of("AvailabilityZone", "location.zone", |e| e.text("location.zone")),
    of(
        "BilledCost",
        "cost + Σ credits.amount, for all credit types except PROMOTION, CREDIT_TYPE_UNSPECIFIED, \
         and unknown types. Those become separate charges (ChargeCategory Credit)",
        billed,
    )
    .credit(paid),
    of("BillingAccountId", "billing_account_id", |e| e.text("billing_account_id")),
    of("BillingAccountName", "Null: not in the export", no_text),
    of(
        "BillingAccountType",
        "Constant: Billing Account, Google's term for the account that pays",
        |_| word("Billing Account"),
    ),
    of("BillingCurrency", "currency", |e| e.text("currency")),
    of("BillingPeriodEnd", "First day of the month after invoice.month", |e| month(e, 1)),
    of("BillingPeriodStart", "First day of invoice.month", |e| month(e, 0)),
    only_of_charge(
        "CapacityReservationId",
        "System label compute.googleapis.com/reservation_name, with reservation_project_id and a \
         slash before it",
        reservation,
        no_text,
    ),
    only_of_charge(
        "CapacityReservationStatus",
        "System label compute.googleapis.com/is_unused_reservation: Unused if true, else Used",
        reservation_status,
        no_text,
    ),
    of(
        "ChargeCategory",
        "cost_type: tax is Tax; adjustment, rounding_error, and unknown types are Adjustment. \
         Regular rows: commitment fees are Purchase, but Usage (the unused part) if \
         FEE_UTILIZATION_OFFSET offsets them or they are priced at 1 USD like such fees; all \
         other rows are Usage. Promotions: Credit",
        |_| kinds::says(|k| Some(k.category)),
    )
    .credit(|_| word("Credit")),
    of(
        "ChargeClass",
        "Correction if adjustment_info.type is a correction, or adjustment_info.mode a negation, \
         and usage_start_time is before invoice.month in Pacific time",
        charge_class,
    ),
    of(
        "ChargeDescription",
        "sku.description, else adjustment_info.description, else cost_type. Promotions: their \
         names",
        |e| e.first(&["sku.description", "adjustment_info.description", "cost_type"]),
    )
    .credit(|_| settled(field::NAMES).fill_null(word("Credit"))),
    of(
        "ChargeFrequency",
        "Recurring for commitment fees; Usage-Based for usage; else One-Time",
        |_| kinds::says(|k| Some(k.frequency)),
    )
    .credit(|_| word("One-Time")),
    of("ChargePeriodEnd", "usage_end_time", |e| e.raw("usage_end_time").unwrap_or_else(null)),
    of("ChargePeriodStart", "usage_start_time", |e| e.raw("usage_start_time").unwrap_or_else(null)),
    only_of_charge(
        "CommitmentDiscountCategory",
        "For rows with a CommitmentDiscountId: Usage for fees of a SKU Commitment v1, else Spend",
        |e| by_base(e, "Usage", "Spend"),
        no_text,
    ),
    only_of_charge(
        "CommitmentDiscountId",
        "subscription.instance_id, for commitment fees and for usage at the price of a \
         commitment's consumption_model; not in the standard export",
        |e| commitment(e.text("subscription.instance_id"), null(), e),
        no_text,
    ),
    only_of_charge(
        "CommitmentDiscountName",
        "consumption_model.description, for usage at its price",
        |e| {
            commitment(
                if_any(&[COMMITTED], e.text("consumption_model.description"), null()),
                null(),
                e,
            )
        },
        no_text,
    ),
    only_of_charge(
        "CommitmentDiscountQuantity",
        "For rows with a CommitmentDiscountId. Resource-based: usage.amount_in_pricing_units. \
         Spend-based: cost for legacy fees, BilledCost for the used and the unused part",
        commitment_quantity,
        none,
    ),
    only_of_charge(
        "CommitmentDiscountStatus",
        "For rows with a CommitmentDiscountId: Used for usage at the price of its \
         consumption_model, Unused for the part of a fee that remains after \
         FEE_UTILIZATION_OFFSET",
        commitment_status,
        no_text,
    ),
    only_of_charge(
        "CommitmentDiscountType",
        "For rows with a CommitmentDiscountId: Resource-based CUD or Spend-based CUD",
        |e| by_base(e, "Resource-based CUD", "Spend-based CUD"),
        no_text,
    ),
    only_of_charge(
        "CommitmentDiscountUnit",
        "For rows with a CommitmentDiscountId. Resource-based: usage.pricing_unit. Spend-based: \
         currency",
        commitment_unit,
        no_text,
    ),
    only_of_charge(
        "ConsumedQuantity",
        "usage.amount, for usage",
        |e| if_any(USED, e.amount("usage.amount"), no_amount()),
        none,
    ),
    only_of_charge(
        "ConsumedUnit",
        "usage.unit, for usage, as a FOCUS unit (Seconds, B-Seconds)",
        |e| if_any(USED, by(e.text("usage.unit"), |unit| Some(services::unit(unit))), null()),
        no_text,
    ),
    of(
        "ContractedCost",
        "cost_at_effective_price_default; else cost, but null at the price of a consumption model \
         other than the default; BilledCost for taxes, adjustments, and promotions; 0 for the \
         unused part of a commitment",
        contracted,
    )
    .credit(paid),
    only_of_charge(
        "ContractedUnitPrice",
        "price.effective_price_default, else price.effective_price at the default consumption model; null if price.pricing_unit_quantity \
         is not 1",
        contracted_unit_price,
        none,
    ),
    of(
        "EffectiveCost",
        "BilledCost. Usage covered by a spend-based commitment is billed at the discounted price, \
         and only the unused part of its fee is billed. Fees of resource-based and legacy \
         spend-based commitments are not spread over the usage they cover; a note reports this",
        billed,
    )
    .credit(paid),
    of("InvoiceId", "Null: the export has only the month of the invoice", no_text),
    of("InvoiceIssuerName", "Constant: Google Cloud", |_| word("Google Cloud")),
    of(
        "ListCost",
        "cost_at_list (from 2023-06-29), else null: unknown, not free; BilledCost for taxes, \
         adjustments, and promotions; 0 for the unused part of a commitment",
        listed,
    )
    .credit(paid),
    only_of_charge(
        "ListUnitPrice",
        "price.list_price (from 2025-07-15); null if price.pricing_unit_quantity is not 1",
        |e| unit_price(e, e.amount("price.list_price")),
        none,
    ),
    only_of_charge(
        "PricingCategory",
        "Committed at the price of a commitment's consumption_model, for usage covered by a \
         commitment's credit, and for the unused part; Dynamic if sku.description contains Spot \
         or Preemptible; Other at the price of another consumption_model; Standard for other \
         usage and fees",
        |_| kinds::says(|k| k.pricing),
        no_text,
    ),
    of("PricingCurrency", "currency", |e| e.text("currency")),
    only_of_charge(
        "PricingQuantity",
        "usage.amount_in_pricing_units, for usage and purchases",
        |e| priced(e.amount("usage.amount_in_pricing_units")),
        none,
    ),
    only_of_charge(
        "PricingUnit",
        "usage.pricing_unit, for usage and purchases, as a FOCUS unit (Hours, GiB-Months)",
        |e| when(is(USED).or(is(&[FEE, UNUSED]))).then(pricing_unit(e)).otherwise(null()),
        no_text,
    ),
    of("ProviderName", "Constant: Google Cloud", |_| word("Google Cloud")),
    of(
        "PublisherName",
        "Google Cloud. For partner products (transaction_type THIRD_PARTY_…, \
         invoice.publisher_type PARTNER): seller_name, else service.description",
        publisher,
    ),
    of("RegionId", "location.region, else location.location (multi-regions, global)", region),
    of("RegionName", "Name of the place of the region, else RegionId", |e| {
        by(region(e), |region| Some(services::region_name(region).to_owned()))
    }),
    of("ResourceId", "resource.global_name, else resource.name", resource_id),
    of("ResourceName", "resource.name", |e| e.text("resource.name")),
    of("ResourceType", "The collection in the resource name, such as instances", |e| {
        by(resource_id(e), |name| services::resource_type(name).map(ToOwned::to_owned))
    }),
    of("ServiceCategory", "Looked up by service.description", |e| {
        by(service(e), |service| Some(services::category(service).to_owned()))
    }),
    of("ServiceName", "service.description, else service.id", service),
    of("ServiceSubcategory", "Other, within the service's category", |e| {
        by(service(e), |service| Some(format!("Other ({})", services::category(service))))
    }),
    of("SkuId", "sku.id; null for taxes", |e| unless_tax(e.text("sku.id"))),
    of("SkuMeter", "sku.description; null for taxes", |e| unless_tax(e.text("sku.description"))),
    of("SkuPriceId", "Null: not in the export", no_text),
    of("SubAccountId", "project.id; null for charges of the billing account", |e| {
        e.text("project.id")
    }),
    of("SubAccountName", "project.name, else project.id", |e| {
        with_id(e.first(&["project.name", "project.id"]), e.text("project.id"))
    }),
    of("SubAccountType", "Project, if there is one", |e| {
        with_id(word("Project"), e.text("project.id"))
    }),
    of(
        "Tags",
        "tags, else labels, else project.labels, for each key; own tags before inherited ones",
        labels::tags,
    ),
    of("x_AdjustmentMode", "adjustment_info.mode", |e| e.text("adjustment_info.mode")),
    of("x_AdjustmentType", "adjustment_info.type", |e| e.text("adjustment_info.type")),
    of("x_ConsumptionModelDescription", "consumption_model.description", |e| {
        e.text("consumption_model.description")
    }),
    of("x_ConsumptionModelId", "consumption_model.id", |e| e.text("consumption_model.id")),
    of("x_CostType", "cost_type", |e| e.text("cost_type")),
    of(
        "x_CreditsByType",
        "Σ credits.amount by credits.type, for the credits included in BilledCost",
        |_| settled(field::DISCOUNTS),
    )
    .credit(|_| settled(field::PAYMENTS)),
    of(
        "x_CurrencyConversionRate",
        "currency_conversion_rate: units of the billing currency per US dollar",
        |e| e.text("currency_conversion_rate"),
    ),
    of("x_ExportTime", "export_time", |e| e.text("export_time")),
    of("x_Location", "location.location", |e| e.text("location.location")),
    of("x_MachineCores", "System label compute.googleapis.com/cores: vCPUs of the machine", |e| {
        labels::system_label(e, "compute.googleapis.com/cores")
    }),
    of("x_MachineMemory", "System label compute.googleapis.com/memory: MiB of the machine", |e| {
        labels::system_label(e, "compute.googleapis.com/memory")
    }),
    of("x_MachineType", "System label compute.googleapis.com/machine_spec", |e| {
        labels::system_label(e, "compute.googleapis.com/machine_spec")
    }),
    of(
        "x_NamespacedTags",
        "tags, with the namespace and a slash before each key",
        labels::namespaced_tags,
    ),
    of("x_ProjectNumber", "project.number", |e| e.text("project.number")),
    of("x_ServiceId", "service.id", |e| e.text("service.id")),
    of("x_SubscriptionInstanceId", "subscription.instance_id", |e| {
        e.text("subscription.instance_id")
    }),
    of("x_SystemLabels", "system_labels", labels::system_labels),
    of("x_TransactionType", "transaction_type", |e| e.text("transaction_type")),
];
