//! The mapping from Cost and Usage Report to FOCUS 1.2, a line a column. `docs/aws-cur-to-focus.md` is made from it.
//!
//! Sources, read 2026-11. AWS: Data Exports user guide, "Cost and Usage Report (CUR) 2.0" table dictionary, and "Data
//! dictionary" of legacy reports. FOCUS: `FOCUS_Spec` v1.2, `specification/columns/*.md`, and its notes of the AWS columns each
//! FOCUS column came from, `supporting_content/columns/*.md`.

use polars::prelude::*;

use super::amounts::{self, COVERED, DISCOUNTS, RECURRING, USAGE, is_upfront};
use super::documents;
use super::report::Report;
use super::services;

/// Where a FOCUS column comes from.
pub struct Mapped {
    /// FOCUS column, or an `x_` column of AWS's own.
    pub column: &'static str,
    /// CUR columns (CUR 2.0 names) and the rule, for people.
    pub from: &'static str,
    /// The rule, for the engine: of a line item.
    charge: fn(&Report) -> Expr,
    /// Of the unused part of a commitment's recurring fee; `None` if as of the line item.
    unused: Option<fn(&Report) -> Expr>,
}

const fn of(column: &'static str, from: &'static str, charge: fn(&Report) -> Expr) -> Mapped {
    Mapped { column, from, charge, unused: None }
}

impl Mapped {
    const fn unused(self, rule: fn(&Report) -> Expr) -> Self {
        Self { unused: Some(rule), ..self }
    }

    /// The column of a line item.
    pub(super) fn of_charge(&self, report: &Report) -> Expr {
        (self.charge)(report).alias(self.column)
    }

    /// The column of the unused part of a fee.
    pub(super) fn of_unused(&self, report: &Report) -> Expr {
        self.unused.unwrap_or(self.charge)(report).alias(self.column)
    }
}

fn word(text: &'static str) -> Expr {
    lit(text)
}

fn null() -> Expr {
    lit(NULL).cast(DataType::String)
}

fn usage_or_null(r: &Report, value: Expr) -> Expr {
    when(r.is(USAGE)).then(value).otherwise(lit(NULL))
}

fn zero(_: &Report) -> Expr {
    cost_core::focus::decimal(lit("0"))
}

fn commitment(r: &Report) -> Expr {
    r.first(&["reservation_reservation_arn", "savings_plan_savings_plan_arn"])
}

fn is_plan(r: &Report) -> Expr {
    r.is(&["SavingsPlanCoveredUsage", "SavingsPlanNegation", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee"])
}

fn is_commitment(r: &Report) -> Expr {
    is_plan(r).or(r.is(&["DiscountedUsage", "RIFee"])).or(is_upfront(r))
}

/// `by_type` where a commitment is concerned, else null.
fn of_commitment(r: &Report, plan: Expr, reservation: Expr) -> Expr {
    when(is_plan(r)).then(plan).when(is_commitment(r)).then(reservation).otherwise(null())
}

/// What FOCUS calls usage: with the line items that take part of its cost back.
fn is_usage(r: &Report) -> Expr {
    r.is(USAGE).or(r.is(DISCOUNTS)).or(r.is(&["SavingsPlanNegation"]))
}

fn is_purchase(r: &Report) -> Expr {
    r.is(RECURRING).or(r.is(&["Fee", "SavingsPlanUpfrontFee"]))
}

/// `value` of usage itself and of purchases, else null.
fn priced_or_null(r: &Report, value: Expr) -> Expr {
    when(r.is(USAGE).or(is_purchase(r))).then(value).otherwise(lit(NULL))
}

fn charge_category(r: &Report) -> Expr {
    when(is_usage(r))
        .then(word("Usage"))
        .when(is_purchase(r))
        .then(word("Purchase"))
        .when(r.is(&["Tax"]))
        .then(word("Tax"))
        .when(r.is(&["Credit"]))
        .then(word("Credit"))
        .otherwise(word("Adjustment"))
}

fn charge_frequency(r: &Report) -> Expr {
    when(r.is(RECURRING))
        .then(word("Recurring"))
        .when(is_usage(r))
        .then(word("Usage-Based"))
        .otherwise(word("One-Time"))
}

fn pricing_category(r: &Report) -> Expr {
    let spot = |row: &[Option<&str>]| {
        let usage_type = row[0].unwrap_or_default();
        Some(if usage_type.contains("SpotUsage") { "Dynamic" } else { "Standard" }.to_owned())
    };
    when(r.is(COVERED))
        .then(word("Committed"))
        .when(r.is(&["Usage"]))
        .then(documents::texts(&[r.text("line_item_usage_type")], spot))
        .when(is_purchase(r))
        .then(word("Standard"))
        .otherwise(null())
}

/// What the line item says, or what it is of.
fn description(r: &Report) -> Expr {
    let words = ["line_item_line_item_description", "line_item_line_item_type", "line_item_usage_type"];
    documents::texts(&words.map(|name| r.text(name)), |row| {
        let words: Vec<&str> = row[1..].iter().copied().flatten().collect();
        Some(row[0].map_or_else(|| words.join(", "), ToOwned::to_owned))
    })
}

/// AWS's unit in the words of FOCUS. Source: FOCUS 1.2, attribute "Unit format": `Hours`, `GB-Months`.
fn unit(r: &Report) -> Expr {
    documents::texts(&[r.text("pricing_unit")], |row| {
        let unit = row[0]?;
        Some(match unit.strip_suffix("-Mo") {
            Some(of) => format!("{of}-Months"),
            None if ["Hrs", "hrs", "hours"].contains(&unit) => "Hours".to_owned(),
            None => unit.to_owned(),
        })
    })
}

fn service_category(r: &Report) -> Expr {
    documents::texts(&[r.text("line_item_product_code")], |row| {
        Some(services::category(row[0].unwrap_or_default()).to_owned())
    })
}

fn service_subcategory(r: &Report) -> Expr {
    documents::texts(&[r.text("line_item_product_code")], |row| {
        Some(format!("Other ({})", services::category(row[0].unwrap_or_default())))
    })
}

fn service_name(r: &Report) -> Expr {
    r.product("product_name").fill_null(r.text("line_item_product_code")).fill_null(word("AWS"))
}

fn publisher(r: &Report) -> Expr {
    let aws = r.text("bill_billing_entity").eq(lit("AWS")).fill_null(lit(true));
    when(aws).then(word("AWS")).otherwise(r.first(&["line_item_legal_entity", "bill_billing_entity"]))
}

fn resource_id(r: &Report) -> Expr {
    when(r.is(RECURRING).or(is_upfront(r))).then(commitment(r)).otherwise(r.text("line_item_resource_id"))
}

fn resource_type(r: &Report) -> Expr {
    documents::texts(&[resource_id(r)], |row| services::resource_type(row[0]?))
}

fn commitment_quantity(r: &Report) -> Expr {
    when(r.is(&["SavingsPlanCoveredUsage"]))
        .then(amounts::effective(r))
        .when(is_plan(r))
        .then(lit(NULL))
        .when(is_commitment(r))
        .then(r.amount("line_item_usage_amount"))
        .otherwise(lit(NULL))
}

fn used(r: &Report) -> Expr {
    when(r.is(COVERED)).then(word("Used")).otherwise(null())
}

/// Every column, by name.
pub const MAPPING: &[Mapped] = &[
    of("AvailabilityZone", "line_item_availability_zone", |r| r.text("line_item_availability_zone")),
    of("BilledCost", "line_item_unblended_cost of every line item", amounts::billed).unused(zero),
    of("BillingAccountId", "bill_payer_account_id", |r| r.text("bill_payer_account_id")),
    of("BillingAccountName", "bill_payer_account_name (CUR 2.0)", |r| r.text("bill_payer_account_name")),
    of("BillingAccountType", "constant: Management Account, AWS's word for the account that pays", |_| {
        word("Management Account")
    }),
    of("BillingCurrency", "line_item_currency_code", |r| r.text("line_item_currency_code")),
    of("BillingPeriodEnd", "bill_billing_period_end_date", |r| r.raw("bill_billing_period_end_date")),
    of("BillingPeriodStart", "bill_billing_period_start_date", |r| r.raw("bill_billing_period_start_date")),
    of("CapacityReservationId", "capacity_reservation_capacity_reservation_arn (CUR 2.0)", |r| {
        r.text("capacity_reservation_capacity_reservation_arn")
    }),
    of("CapacityReservationStatus", "capacity_reservation_capacity_reservation_status: Unused if it says so, else Used", |r| {
        let status = r.text("capacity_reservation_capacity_reservation_status");
        let id = r.text("capacity_reservation_capacity_reservation_arn");
        when(id.is_null()).then(null()).when(status.eq(lit("Unused"))).then(word("Unused")).otherwise(word("Used"))
    }),
    of(
        "ChargeCategory",
        "line_item_line_item_type: usage of all kinds, SavingsPlanNegation and the discounts are Usage; Fee, RIFee and the Savings \
         Plan fees are Purchase; Tax; Credit; Refund and types unknown here are Adjustment",
        charge_category,
    )
    .unused(|_| word("Usage")),
    of("ChargeClass", "null: AWS does not mark corrections of closed periods", |_| null()),
    of("ChargeDescription", "line_item_line_item_description, else type and usage type", description)
        .unused(|_| word("Unused part of a commitment's fee")),
    of(
        "ChargeFrequency",
        "line_item_line_item_type: RIFee and SavingsPlanRecurringFee are Recurring, usage and discounts Usage-Based, all else \
         One-Time",
        charge_frequency,
    )
    .unused(|_| word("Usage-Based")),
    of("ChargePeriodEnd", "line_item_usage_end_date", |r| r.raw("line_item_usage_end_date")),
    of("ChargePeriodStart", "line_item_usage_start_date", |r| r.raw("line_item_usage_start_date")),
    of("CommitmentDiscountCategory", "Spend for Savings Plans, Usage for reservations", |r| {
        of_commitment(r, word("Spend"), word("Usage"))
    }),
    of("CommitmentDiscountId", "reservation_reservation_a_r_n, else savings_plan_savings_plan_a_r_n", |r| {
        when(is_commitment(r)).then(commitment(r)).otherwise(null())
    }),
    of("CommitmentDiscountName", "null: AWS has none", |_| null()),
    of(
        "CommitmentDiscountQuantity",
        "line_item_usage_amount of reservations; of Savings Plans the commitment used, which is EffectiveCost",
        commitment_quantity,
    )
    .unused(|r| when(r.is(&["SavingsPlanRecurringFee"])).then(amounts::unused(r)).otherwise(lit(NULL))),
    of("CommitmentDiscountStatus", "Used for covered usage; Unused for what a recurring fee paid in vain", used)
        .unused(|_| word("Unused")),
    of("CommitmentDiscountType", "savings_plan_offering_type, else Savings Plan; Reserved Instance", |r| {
        let offering = r.text("savings_plan_offering_type").fill_null(word("Savings Plan"));
        of_commitment(r, offering, word("Reserved Instance"))
    }),
    of("CommitmentDiscountUnit", "pricing_unit of reservations, in the words of FOCUS; the currency of Savings Plans", |r| {
        of_commitment(r, r.text("line_item_currency_code"), unit(r))
    }),
    of("ConsumedQuantity", "line_item_usage_amount of usage", |r| usage_or_null(r, r.amount("line_item_usage_amount")))
        .unused(|_| lit(NULL)),
    of("ConsumedUnit", "pricing_unit of usage, in the words of FOCUS (Hours, GB-Months)", |r| usage_or_null(r, unit(r))).unused(|_| null()),
    of(
        "ContractedCost",
        "line_item_net_unblended_cost, else line_item_unblended_cost; of DiscountedUsage pricing_public_on_demand_cost; 0 for \
         SavingsPlanNegation",
        amounts::contracted,
    )
    .unused(zero),
    of("ContractedUnitPrice", "line_item_net_unblended_rate, else line_item_unblended_rate, of Usage", |r| {
        let rate = r.first(&["line_item_net_unblended_rate", "line_item_unblended_rate"]);
        when(r.is(&["Usage", "SavingsPlanCoveredUsage"])).then(rate).otherwise(lit(NULL))
    })
    .unused(|_| lit(NULL)),
    of(
        "EffectiveCost",
        "savings_plan_savings_plan_effective_cost of SavingsPlanCoveredUsage, reservation_effective_cost of DiscountedUsage; 0 \
         for fees of commitments and SavingsPlanNegation; line_item_unblended_cost of the rest; the net_ column of each where \
         there is one, and then 0 for discounts that have no net cost",
        amounts::effective,
    )
    .unused(amounts::unused),
    of("InvoiceId", "bill_invoice_id", |r| r.text("bill_invoice_id")),
    of("InvoiceIssuerName", "bill_invoicing_entity, else line_item_legal_entity", |r| {
        r.first(&["bill_invoicing_entity", "line_item_legal_entity"]).fill_null(word("Amazon Web Services"))
    }),
    of(
        "ListCost",
        "pricing_public_on_demand_cost of usage, null if there is no public price; 0 for SavingsPlanNegation and discounts; else \
         line_item_unblended_cost",
        amounts::listed,
    )
    .unused(zero),
    of("ListUnitPrice", "pricing_public_on_demand_rate of usage", |r| {
        usage_or_null(r, r.text("pricing_public_on_demand_rate"))
    })
    .unused(|_| lit(NULL)),
    of(
        "PricingCategory",
        "Committed for covered and unused, Dynamic for Usage of a type with SpotUsage, Standard for other usage and purchases",
        pricing_category,
    )
    .unused(|_| word("Committed")),
    of("PricingCurrency", "pricing_currency, else line_item_currency_code", |r| {
        r.first(&["pricing_currency", "line_item_currency_code"])
    }),
    of("PricingQuantity", "line_item_usage_amount of usage and purchases", |r| priced_or_null(r, r.amount("line_item_usage_amount")))
    .unused(|_| lit(NULL)),
    of("PricingUnit", "pricing_unit of usage and purchases, in the words of FOCUS (Hours, GB-Months)", |r| priced_or_null(r, unit(r)))
    .unused(|_| null()),
    of("ProviderName", "constant: AWS", |_| word("AWS")),
    of("PublisherName", "AWS, or line_item_legal_entity if bill_billing_entity is another (Marketplace)", publisher),
    of("RegionId", "product_region_code, else product_region", |r| {
        r.text("product_region_code").fill_null(r.product("region"))
    }),
    of("RegionName", "product_location", |r| r.product("location")),
    of("ResourceId", "line_item_resource_id; of a commitment's fees its ARN", resource_id),
    of("ResourceName", "null: the report has no names", |_| null()),
    of("ResourceType", "the type an ARN or the prefix of an identifier tells", resource_type),
    of("ServiceCategory", "by line_item_product_code", service_category),
    of("ServiceName", "product_product_name, else line_item_product_code", service_name),
    of("ServiceSubcategory", "Other of the service's category", service_subcategory),
    of("SkuId", "product_sku", |r| r.product("sku")),
    of("SkuMeter", "line_item_usage_type", |r| r.text("line_item_usage_type")),
    of("SkuPriceId", "pricing_rate_code", |r| r.text("pricing_rate_code")),
    of("SubAccountId", "line_item_usage_account_id", |r| r.text("line_item_usage_account_id")),
    of("SubAccountName", "line_item_usage_account_name (CUR 2.0)", |r| r.text("line_item_usage_account_name")),
    of("SubAccountType", "constant: Account", |_| word("Account")),
    of("Tags", "resource_tags; keys of users without user:, AWS's own with aws:", Report::tags),
    of("x_BillType", "bill_bill_type", |r| r.text("bill_bill_type")),
    of("x_CostCategories", "cost_category", Report::cost_categories),
    of("x_LineItemType", "line_item_line_item_type", |r| r.text("line_item_line_item_type")),
    of("x_Operation", "line_item_operation", |r| r.text("line_item_operation")),
    of("x_ServiceCode", "line_item_product_code", |r| r.text("line_item_product_code")),
    of("x_SplitCost", "split_line_item_net_split_cost, else split_line_item_split_cost: a share of the parent, not a charge", |r| {
        split(r, "split_line_item_net_split_cost", "split_line_item_split_cost")
    })
    .unused(|_| no_amount()),
    of("x_SplitParentResourceId", "split_line_item_parent_resource_id", |r| r.text("split_line_item_parent_resource_id"))
        .unused(|_| null()),
    of("x_SplitUnusedCost", "split_line_item_net_unused_cost, else split_line_item_unused_cost", |r| {
        split(r, "split_line_item_net_unused_cost", "split_line_item_unused_cost")
    })
    .unused(|_| no_amount()),
];

fn no_amount() -> Expr {
    cost_core::focus::decimal(lit(NULL))
}

fn split(r: &Report, net: &str, gross: &str) -> Expr {
    cost_core::focus::decimal(amounts::net_or(r, net, gross))
}
