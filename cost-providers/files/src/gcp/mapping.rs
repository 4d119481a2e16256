//! The mapping from Google Cloud's billing export to FOCUS 1.2, a line a column.
//! `docs/gcp-export-to-focus.md` is made from it.
//!
//! Sources, read 2026-11. Google: Cloud Billing documentation, "Structure of Detailed data export"
//! and "Structure of Standard data export"; Google Cloud documentation on committed use discounts
//! (see [`super::kinds`]). FOCUS: `FOCUS_Spec` v1.2, `specification/columns/*.md`. Vendor columns
//! have the names of Google's own FOCUS export where it has them.

use cost_core::focus::{decimal, instant};
use polars::prelude::*;

use super::credits::field;
use super::export::BillingExport;
use super::kinds::{
    self, ADJUSTMENT, COMMITTED, COVERED, FEE, OTHER, SPOT, TAX, UNUSED, USAGE, USED, is,
    resource_based, settled,
};
use super::{labels, services};
use crate::rows::{self, null};

/// Where a FOCUS column comes from.
pub struct Mapped {
    /// FOCUS column, or an `x_` column of Google's own.
    pub column: &'static str,
    /// Fields of the export and the rule, for people.
    pub from: &'static str,
    /// The rule, for the engine: of a row.
    charge: fn(&BillingExport) -> Expr,
    /// Of the promotions on a row; `None` if as of the row.
    credit: Option<fn(&BillingExport) -> Expr>,
}

const fn of(
    column: &'static str,
    from: &'static str,
    charge: fn(&BillingExport) -> Expr,
) -> Mapped {
    Mapped { column, from, charge, credit: None }
}

/// A column that promotions have none of, and of what type it is.
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

    /// The column of a row.
    pub(super) fn of_charge(&self, export: &BillingExport) -> Expr {
        (self.charge)(export).alias(self.column)
    }

    /// The column of the promotions on a row.
    pub(super) fn of_credit(&self, export: &BillingExport) -> Expr {
        self.credit.unwrap_or(self.charge)(export).alias(self.column)
    }
}

fn word(text: &'static str) -> Expr {
    lit(text)
}

fn no_text(_: &BillingExport) -> Expr {
    null()
}

fn no_amount() -> Expr {
    decimal(lit(NULL))
}

fn none(_: &BillingExport) -> Expr {
    no_amount()
}

fn zero() -> Expr {
    decimal(lit("0"))
}

/// A field by way of a function of its text.
fn by(text: Expr, function: fn(&str) -> Option<String>) -> Expr {
    rows::string(&[text], move |row| function(row[0]?))
}

fn if_any(kinds: &[&str], value: Expr, none: Expr) -> Expr {
    when(is(kinds)).then(value).otherwise(none)
}

/// A quantity of usage and purchases.
fn priced(value: Expr) -> Expr {
    when(is(USED).or(is(&[FEE, UNUSED]))).then(value).otherwise(no_amount())
}

fn billed(_: &BillingExport) -> Expr {
    settled(field::BILLED)
}

fn paid(_: &BillingExport) -> Expr {
    settled(field::PAID)
}

fn listed(e: &BillingExport) -> Expr {
    when(is(&[UNUSED]))
        .then(zero())
        .when(is(&[TAX, ADJUSTMENT]))
        .then(billed(e))
        .otherwise(e.amount("cost_at_list"))
}

fn contracted(e: &BillingExport) -> Expr {
    let default = e.amount("cost_at_effective_price_default");
    when(is(&[UNUSED]))
        .then(zero())
        .when(is(&[TAX, ADJUSTMENT]))
        .then(billed(e))
        .when(is(&[COMMITTED, OTHER]))
        .then(default.clone())
        .otherwise(default.fill_null(e.amount("cost")))
}

/// A price of one unit of usage; what a price for several units is for one is not documented.
fn unit_price(e: &BillingExport, price: Expr) -> Expr {
    let of_one =
        e.amount("price.pricing_unit_quantity").fill_null(decimal(lit("1"))).eq(decimal(lit("1")));
    when(is(USED).and(of_one)).then(price).otherwise(no_amount())
}

fn contracted_unit_price(e: &BillingExport) -> Expr {
    let default = e.amount("price.effective_price_default");
    let effective = if_any(&[USAGE, SPOT, COVERED], e.amount("price.effective_price"), no_amount());
    unit_price(e, default.fill_null(effective))
}

/// Year and month, such as `202610`, as the first day of that month or of the one `after` months
/// later. Other text stays, so that it is met where its row can be named.
fn month(e: &BillingExport, after: u32) -> Expr {
    rows::string(&[e.text("invoice.month")], move |row| {
        let text = row[0]?.trim();
        let parsed = || {
            let (year, month) = text.split_at_checked(4).filter(|_| text.len() == 6)?;
            let (year, month): (u32, u32) = (year.parse().ok()?, month.parse().ok()?);
            let months = (year * 12 + month.checked_sub(1).filter(|m| *m < 12)?) + after;
            Some(format!("{:04}-{:02}-01", months / 12, months % 12 + 1))
        };
        Some(parsed().unwrap_or_else(|| text.to_owned()))
    })
}

/// Whether an adjustment corrects usage, prices or metadata, or negates a charge. Goodwill and
/// transfers of funds correct nothing.
fn corrects(row: &[Option<&str>]) -> Option<String> {
    let [kind, mode] = [row[0], row[1]].map(Option::unwrap_or_default);
    let correction = kind.ends_with("_CORRECTION")
        || mode == "PARTIAL_CORRECTION"
        || mode.starts_with("COMPLETE_NEGATION");
    correction.then(|| "Correction".to_owned())
}

/// `Correction` where the usage is of a month before the invoice's, both as Google bills them: in
/// Pacific time.
fn charge_class(e: &BillingExport) -> Expr {
    let (Some(start), Ok(Some(pacific))) =
        (e.raw("usage_start_time"), TimeZone::opt_try_new(Some("America/Los_Angeles")))
    else {
        return null();
    };
    let start = instant(start).dt().convert_time_zone(pacific);
    let used = start.clone().dt().year() * lit(100) + start.dt().month().cast(DataType::Int32);
    let earlier = used.lt(e.text("invoice.month").cast(DataType::Int32)).fill_null(lit(false));
    let word =
        rows::string(&[e.text("adjustment_info.type"), e.text("adjustment_info.mode")], corrects);
    when(earlier).then(word).otherwise(null())
}

fn commitment(value: Expr, none: Expr, e: &BillingExport) -> Expr {
    let id = e.text("subscription.instance_id");
    when(is(&[COMMITTED, FEE, UNUSED]).and(id.is_not_null())).then(value).otherwise(none)
}

/// One word for fees of resource-based commitments, another for all other commitments.
fn by_base(e: &BillingExport, resource: &'static str, spend: &'static str) -> Expr {
    let word = rows::string(&[e.text("sku.description")], move |row| {
        Some(if resource_based(row[0].unwrap_or_default()) { resource } else { spend }.to_owned())
    });
    commitment(word, null(), e)
}

fn is_resource_based(e: &BillingExport) -> Expr {
    by_base(e, "Usage", "Spend").eq(lit("Usage")).fill_null(lit(false))
}

fn commitment_quantity(e: &BillingExport) -> Expr {
    let spend = if_any(&[FEE], e.amount("cost"), billed(e));
    let quantity =
        when(is_resource_based(e)).then(e.amount("usage.amount_in_pricing_units")).otherwise(spend);
    commitment(quantity, no_amount(), e)
}

fn commitment_unit(e: &BillingExport) -> Expr {
    let unit = when(is_resource_based(e)).then(pricing_unit(e)).otherwise(e.text("currency"));
    commitment(unit, null(), e)
}

fn commitment_status(e: &BillingExport) -> Expr {
    let status = when(is(&[UNUSED]))
        .then(word("Unused"))
        .when(is(&[COMMITTED]))
        .then(word("Used"))
        .otherwise(null());
    commitment(status, null(), e)
}

fn pricing_unit(e: &BillingExport) -> Expr {
    by(e.text("usage.pricing_unit"), |unit| Some(services::unit(unit)))
}

fn service(e: &BillingExport) -> Expr {
    e.first(&["service.description", "service.id"]).fill_null(word("Google Cloud"))
}

fn region(e: &BillingExport) -> Expr {
    e.first(&["location.region", "location.location"])
}

fn resource_id(e: &BillingExport) -> Expr {
    e.first(&["resource.global_name", "resource.name"])
}

/// Who made what is billed: Google, or the seller of a product on its Marketplace.
fn publisher(e: &BillingExport) -> Expr {
    let signs = [
        e.text("transaction_type"),
        e.text("invoice.publisher_type"),
        e.text("seller_name"),
        e.text("service.description"),
    ];
    rows::string(&signs, |row| {
        let third_party =
            row[0].is_some_and(|t| t.starts_with("THIRD_PARTY") || ["2", "3"].contains(&t));
        let partner = third_party || row[1].is_some_and(|t| t.eq_ignore_ascii_case("PARTNER"));
        let seller = if partner { row[2].or(row[3]) } else { None };
        Some(seller.unwrap_or("Google Cloud").to_owned())
    })
}

const RESERVATION: &str = "compute.googleapis.com/reservation_name";

fn reservation(e: &BillingExport) -> Expr {
    let project = labels::system_label(e, "compute.googleapis.com/reservation_project_id");
    rows::string(&[labels::system_label(e, RESERVATION), project], |row| {
        let name = row[0]?;
        Some(row[1].map_or_else(|| name.to_owned(), |project| format!("{project}/{name}")))
    })
}

fn reservation_status(e: &BillingExport) -> Expr {
    let unused = labels::system_label(e, "compute.googleapis.com/is_unused_reservation");
    rows::string(&[labels::system_label(e, RESERVATION), unused], |row| {
        row[0].map(|_| if row[1] == Some("true") { "Unused" } else { "Used" }.to_owned())
    })
}

fn unless_tax(value: Expr) -> Expr {
    if_any(&[TAX], null(), value)
}

fn with_id(value: Expr, id: Expr) -> Expr {
    when(id.is_null()).then(null()).otherwise(value)
}

/// Every column, by name.
pub const MAPPING: &[Mapped] = &[
    of("AvailabilityZone", "location.zone", |e| e.text("location.zone")),
    of(
        "BilledCost",
        "cost + Σ credits.amount of every type except PROMOTION, CREDIT_TYPE_UNSPECIFIED and unknown types, which become charges of \
         their own (ChargeCategory Credit)",
        billed,
    )
    .credit(paid),
    of("BillingAccountId", "billing_account_id", |e| e.text("billing_account_id")),
    of("BillingAccountName", "null: the export has none", no_text),
    of("BillingAccountType", "constant: Billing Account, Google's word for the account that pays", |_| word("Billing Account")),
    of("BillingCurrency", "currency", |e| e.text("currency")),
    of("BillingPeriodEnd", "first day of the month after invoice.month", |e| month(e, 1)),
    of("BillingPeriodStart", "first day of invoice.month", |e| month(e, 0)),
    only_of_charge(
        "CapacityReservationId",
        "system label compute.googleapis.com/reservation_name, after reservation_project_id and a slash",
        reservation,
        no_text,
    ),
    only_of_charge(
        "CapacityReservationStatus",
        "system label compute.googleapis.com/is_unused_reservation: Unused if true, else Used",
        reservation_status,
        no_text,
    ),
    of(
        "ChargeCategory",
        "cost_type: tax is Tax; adjustment, rounding_error and unknown types are Adjustment. Regular rows: fees of commitments are \
         Purchase, but Usage (the unused part) if they are offset by FEE_UTILIZATION_OFFSET, or priced at 1 USD as such fees are; all \
         else is Usage. Promotions: Credit",
        |_| kinds::says(|k| Some(k.category)),
    )
    .credit(|_| word("Credit")),
    of(
        "ChargeClass",
        "Correction if adjustment_info.type is a correction, or its mode a negation, and usage_start_time lies before invoice.month \
         in Pacific time",
        charge_class,
    ),
    of("ChargeDescription", "sku.description, else adjustment_info.description, else cost_type. Promotions: their names", |e| {
        e.first(&["sku.description", "adjustment_info.description", "cost_type"])
    })
    .credit(|_| settled(field::NAMES).fill_null(word("Credit"))),
    of("ChargeFrequency", "fees of commitments are Recurring, usage is Usage-Based, all else One-Time", |_| {
        kinds::says(|k| Some(k.frequency))
    })
    .credit(|_| word("One-Time")),
    of("ChargePeriodEnd", "usage_end_time", |e| e.raw("usage_end_time").unwrap_or_else(null)),
    of("ChargePeriodStart", "usage_start_time", |e| e.raw("usage_start_time").unwrap_or_else(null)),
    only_of_charge(
        "CommitmentDiscountCategory",
        "of rows with a CommitmentDiscountId: Usage for fees of a SKU Commitment v1, else Spend",
        |e| by_base(e, "Usage", "Spend"),
        no_text,
    ),
    only_of_charge(
        "CommitmentDiscountId",
        "subscription.instance_id of fees of commitments, and of usage at the price of a commitment's consumption_model; the standard \
         export has none",
        |e| commitment(e.text("subscription.instance_id"), null(), e),
        no_text,
    ),
    only_of_charge(
        "CommitmentDiscountName",
        "consumption_model.description of usage at its price",
        |e| commitment(if_any(&[COMMITTED], e.text("consumption_model.description"), null()), null(), e),
        no_text,
    ),
    only_of_charge(
        "CommitmentDiscountQuantity",
        "of rows with a CommitmentDiscountId: usage.amount_in_pricing_units of resource-based ones; of spend-based ones cost of legacy \
         fees, BilledCost of the used and the unused part",
        commitment_quantity,
        none,
    ),
    only_of_charge(
        "CommitmentDiscountStatus",
        "of rows with a CommitmentDiscountId: Used for usage at the price of its consumption_model, Unused for what remains of a fee \
         after FEE_UTILIZATION_OFFSET",
        commitment_status,
        no_text,
    ),
    only_of_charge(
        "CommitmentDiscountType",
        "of rows with a CommitmentDiscountId: Resource-based CUD or Spend-based CUD",
        |e| by_base(e, "Resource-based CUD", "Spend-based CUD"),
        no_text,
    ),
    only_of_charge(
        "CommitmentDiscountUnit",
        "of rows with a CommitmentDiscountId: usage.pricing_unit of resource-based ones, currency of spend-based ones",
        commitment_unit,
        no_text,
    ),
    only_of_charge(
        "ConsumedQuantity",
        "usage.amount of usage",
        |e| if_any(USED, e.amount("usage.amount"), no_amount()),
        none,
    ),
    only_of_charge(
        "ConsumedUnit",
        "usage.unit of usage, in the words of FOCUS (Seconds, B-Seconds)",
        |e| if_any(USED, by(e.text("usage.unit"), |unit| Some(services::unit(unit))), null()),
        no_text,
    ),
    of(
        "ContractedCost",
        "cost_at_effective_price_default; else cost, but null at the price of another consumption model than the default; BilledCost \
         of taxes, adjustments and promotions; 0 for the unused part of a commitment",
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
        "BilledCost: usage covered by a spend-based commitment is billed at the discounted price, and of its fee only the unused part. \
         Fees of resource-based and legacy spend-based commitments are not spread over the usage they cover; a note says so",
        billed,
    )
    .credit(paid),
    of("InvoiceId", "null: the export has only the month of the invoice", no_text),
    of("InvoiceIssuerName", "constant: Google Cloud", |_| word("Google Cloud")),
    of(
        "ListCost",
        "cost_at_list (from 2023-06-29), else null: unknown, not free; BilledCost of taxes, adjustments and promotions; 0 for the unused part of a commitment",
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
        "Committed at the price of a commitment's consumption_model, where a commitment's credit covers usage, and for the unused part; Dynamic for a sku.description with Spot or Preemptible; Other at the price of another consumption_model; Standard for \
         other usage and fees",
        |_| kinds::says(|k| k.pricing),
        no_text,
    ),
    of("PricingCurrency", "currency", |e| e.text("currency")),
    only_of_charge(
        "PricingQuantity",
        "usage.amount_in_pricing_units of usage and purchases",
        |e| priced(e.amount("usage.amount_in_pricing_units")),
        none,
    ),
    only_of_charge(
        "PricingUnit",
        "usage.pricing_unit of usage and purchases, in the words of FOCUS (Hours, GiB-Months)",
        |e| when(is(USED).or(is(&[FEE, UNUSED]))).then(pricing_unit(e)).otherwise(null()),
        no_text,
    ),
    of("ProviderName", "constant: Google Cloud", |_| word("Google Cloud")),
    of(
        "PublisherName",
        "Google Cloud; of partners' products (transaction_type THIRD_PARTY_…, invoice.publisher_type PARTNER) seller_name, else \
         service.description",
        publisher,
    ),
    of("RegionId", "location.region, else location.location (multi-regions, global)", region),
    of("RegionName", "the place of a region, else RegionId", |e| {
        by(region(e), |region| Some(services::region_name(region).to_owned()))
    }),
    of("ResourceId", "resource.global_name, else resource.name", resource_id),
    of("ResourceName", "resource.name", |e| e.text("resource.name")),
    of("ResourceType", "the collection in the resource's name, such as instances", |e| {
        by(resource_id(e), |name| services::resource_type(name).map(ToOwned::to_owned))
    }),
    of("ServiceCategory", "by service.description", |e| {
        by(service(e), |service| Some(services::category(service).to_owned()))
    }),
    of("ServiceName", "service.description, else service.id", service),
    of("ServiceSubcategory", "Other of the service's category", |e| {
        by(service(e), |service| Some(format!("Other ({})", services::category(service))))
    }),
    of("SkuId", "sku.id; null for taxes", |e| unless_tax(e.text("sku.id"))),
    of("SkuMeter", "sku.description; null for taxes", |e| unless_tax(e.text("sku.description"))),
    of("SkuPriceId", "null: the export has none", no_text),
    of("SubAccountId", "project.id; null for charges of the account", |e| e.text("project.id")),
    of("SubAccountName", "project.name, else project.id", |e| {
        with_id(e.first(&["project.name", "project.id"]), e.text("project.id"))
    }),
    of("SubAccountType", "Project, where there is one", |e| with_id(word("Project"), e.text("project.id"))),
    of("Tags", "tags, else labels, else project.labels, key by key; own tags before inherited ones", labels::tags),
    of("x_AdjustmentMode", "adjustment_info.mode", |e| e.text("adjustment_info.mode")),
    of("x_AdjustmentType", "adjustment_info.type", |e| e.text("adjustment_info.type")),
    of("x_ConsumptionModelDescription", "consumption_model.description", |e| e.text("consumption_model.description")),
    of("x_ConsumptionModelId", "consumption_model.id", |e| e.text("consumption_model.id")),
    of("x_CostType", "cost_type", |e| e.text("cost_type")),
    of("x_CreditsByType", "Σ credits.amount by credits.type, of the credits that BilledCost has", |_| {
        settled(field::DISCOUNTS)
    })
    .credit(|_| settled(field::PAYMENTS)),
    of("x_CurrencyConversionRate", "currency_conversion_rate: units of the bill's currency for a US dollar", |e| {
        e.text("currency_conversion_rate")
    }),
    of("x_ExportTime", "export_time", |e| e.text("export_time")),
    of("x_Location", "location.location", |e| e.text("location.location")),
    of("x_MachineCores", "system label compute.googleapis.com/cores: vCPUs of the machine", |e| {
        labels::system_label(e, "compute.googleapis.com/cores")
    }),
    of("x_MachineMemory", "system label compute.googleapis.com/memory: MiB of the machine", |e| {
        labels::system_label(e, "compute.googleapis.com/memory")
    }),
    of("x_MachineType", "system label compute.googleapis.com/machine_spec", |e| {
        labels::system_label(e, "compute.googleapis.com/machine_spec")
    }),
    of("x_NamespacedTags", "tags, keys after their namespace and a slash", labels::namespaced_tags),
    of("x_ProjectNumber", "project.number", |e| e.text("project.number")),
    of("x_ServiceId", "service.id", |e| e.text("service.id")),
    of("x_SubscriptionInstanceId", "subscription.instance_id", |e| e.text("subscription.instance_id")),
    of("x_SystemLabels", "system_labels", labels::system_labels),
    of("x_TransactionType", "transaction_type", |e| e.text("transaction_type")),
];
