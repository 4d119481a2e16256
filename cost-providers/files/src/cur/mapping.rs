//! The mapping from Cost and Usage Report to FOCUS 1.2, a line a column. `docs/aws-cur-to-focus.md`
//! is made from it.
//!
//! Sources, read 2026-11. AWS: Data Exports user guide, "Cost and Usage Report (CUR) 2.0" table
//! dictionary, and "Data dictionary" of legacy reports. FOCUS: `FOCUS_Spec` v1.2,
//! `specification/columns/*.md`, and its notes of the AWS columns each FOCUS column came from,
//! `supporting_content/columns/*.md`.

use polars::prelude::*;

use super::amounts;
use super::report::Report;
use super::rules::{
    by_class, capacity_status, commitment_id, commitment_quantity, commitment_type,
    commitment_unit, contracted_unit_price, currency, description, list_unit_price, no_amount,
    of_commitment, priced_or_null, priced_quantity, pricing_category, publisher, quantity, region,
    region_name, resource_id, resource_type, service_category, service_name, service_subcategory,
    split, unit_or_one, unused_quantity, usage_or_null, used, with, word, zero,
};
use crate::rows::null;

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

/// Every column, by name.
pub const MAPPING: &[Mapped] = &[
    of("AvailabilityZone", "line_item_availability_zone", |r| r.text("line_item_availability_zone")),
    of(
        "BilledCost",
        "line_item_unblended_cost of every line item; line_item_net_unblended_cost if the report has that alone",
        amounts::billed,
    )
    .unused(zero),
    of("BillingAccountId", "bill_payer_account_id", |r| r.account("bill_payer_account_id")),
    of("BillingAccountName", "bill_payer_account_name (CUR 2.0)", |r| r.text("bill_payer_account_name")),
    of("BillingAccountType", "constant: Management Account, AWS's word for the account that pays", |_| {
        word("Management Account")
    }),
    of("BillingCurrency", "line_item_currency_code", |r| currency(r, &["line_item_currency_code"])),
    of("BillingPeriodEnd", "bill_billing_period_end_date", |r| r.raw("bill_billing_period_end_date")),
    of("BillingPeriodStart", "bill_billing_period_start_date", |r| r.raw("bill_billing_period_start_date")),
    of("CapacityReservationId", "capacity_reservation_capacity_reservation_arn (CUR 2.0)", |r| {
        r.text("capacity_reservation_capacity_reservation_arn")
    }),
    of(
        "CapacityReservationStatus",
        "capacity_reservation_capacity_reservation_status: Unused if it says so, else Used",
        capacity_status,
    ),
    of(
        "ChargeCategory",
        "line_item_line_item_type: usage of all kinds, SavingsPlanNegation and the discounts are Usage; Fee, RIFee, \
         FlatRateSubscription and the Savings Plan fees are Purchase; Tax; Credit; Refund and types unknown here are \
         Adjustment",
        |_| by_class(|rule| Some(rule.category)),
    )
    .unused(|_| word("Usage")),
    of("ChargeClass", "null: AWS does not mark corrections of closed periods", |_| null()),
    of("ChargeDescription", "line_item_line_item_description, else type and usage type", description)
        .unused(|_| word("Unused part of a commitment's fee")),
    of(
        "ChargeFrequency",
        "line_item_line_item_type: RIFee, SavingsPlanRecurringFee and FlatRateSubscription are Recurring, usage and \
         discounts Usage-Based, all else One-Time",
        |_| by_class(|rule| Some(rule.frequency)),
    )
    .unused(|_| word("Usage-Based")),
    of("ChargePeriodEnd", "line_item_usage_end_date", |r| r.raw("line_item_usage_end_date")),
    of("ChargePeriodStart", "line_item_usage_start_date", |r| r.raw("line_item_usage_start_date")),
    of("CommitmentDiscountCategory", "Spend for Savings Plans, Usage for reservations", |r| {
        of_commitment(r, word("Spend"), word("Usage"))
    }),
    of(
        "CommitmentDiscountId",
        "reservation_reservation_a_r_n, else savings_plan_savings_plan_a_r_n, of covered usage, SavingsPlanNegation and \
         fees",
        commitment_id,
    ),
    of("CommitmentDiscountName", "null: AWS has none", |_| null()),
    of(
        "CommitmentDiscountQuantity",
        "reservations: line_item_usage_amount of usage, reservation_total_reserved_units of fees (else \
         line_item_usage_amount), reservation_unused_quantity of what nobody used; Savings Plans: the commitment used, \
         which is EffectiveCost, what a fee is, and the commitment not used; 0 for SavingsPlanNegation",
        commitment_quantity,
    )
    .unused(unused_quantity),
    of(
        "CommitmentDiscountStatus",
        "Used for covered usage, and for SavingsPlanNegation, which takes back what that costs on demand; Unused for \
         what a recurring fee paid in vain",
        used,
    )
    .unused(|_| word("Unused")),
    of("CommitmentDiscountType", "savings_plan_offering_type, else Savings Plan; Reserved Instance", commitment_type),
    of(
        "CommitmentDiscountUnit",
        "pricing_unit of reservations, in the words of FOCUS; the currency of Savings Plans",
        |r| with(commitment_quantity(r), commitment_unit(r)),
    )
    .unused(|r| with(unused_quantity(r), commitment_unit(r))),
    of("ConsumedQuantity", "line_item_usage_amount of usage; 0 for SavingsPlanNegation and discounts", |r| {
        usage_or_null(quantity(r))
    })
    .unused(|_| lit(NULL)),
    of("ConsumedUnit", "as PricingUnit, of usage, SavingsPlanNegation and discounts", |r| {
        with(usage_or_null(quantity(r)), unit_or_one(r))
    })
    .unused(|_| null()),
    of(
        "ContractedCost",
        "line_item_net_unblended_cost, else line_item_unblended_cost; of DiscountedUsage pricing_public_on_demand_cost; \
         0 for SavingsPlanNegation, and for discounts that have no net cost where there are net costs",
        amounts::contracted,
    )
    .unused(zero),
    of(
        "ContractedUnitPrice",
        "line_item_net_unblended_rate, else line_item_unblended_rate, of Usage",
        contracted_unit_price,
    )
    .unused(|_| lit(NULL)),
    of(
        "EffectiveCost",
        "savings_plan_savings_plan_effective_cost of SavingsPlanCoveredUsage, reservation_effective_cost of \
         DiscountedUsage; 0 for fees of commitments, refunds of their one-time fees, and SavingsPlanNegation; \
         line_item_unblended_cost of the rest, and of all of a commitment if the report lacks its effective cost; the \
         net_ column of each where there is one, and then 0 for discounts that have no net cost",
        amounts::effective,
    )
    .unused(amounts::unused),
    of("InvoiceId", "bill_invoice_id", |r| r.text("bill_invoice_id")),
    of("InvoiceIssuerName", "bill_invoicing_entity, else line_item_legal_entity", |r| {
        r.first(&["bill_invoicing_entity", "line_item_legal_entity"]).fill_null(word("Amazon Web Services"))
    }),
    of(
        "ListCost",
        "pricing_public_on_demand_cost of usage, null if there is no public price; 0 for SavingsPlanNegation and \
         discounts; else line_item_unblended_cost",
        amounts::listed,
    )
    .unused(zero),
    of("ListUnitPrice", "pricing_public_on_demand_rate of usage", list_unit_price).unused(|_| lit(NULL)),
    of(
        "PricingCategory",
        "Committed for covered and unused and for SavingsPlanNegation, Dynamic for Usage and discounts of a type with \
         SpotUsage, Standard for other usage, discounts and purchases",
        pricing_category,
    )
    .unused(|_| word("Committed")),
    of("PricingCurrency", "pricing_currency, else line_item_currency_code", |r| {
        currency(r, &["pricing_currency", "line_item_currency_code"])
    }),
    of(
        "PricingQuantity",
        "line_item_usage_amount of usage and purchases; 0 for SavingsPlanNegation, discounts, shares of split cost \
         allocation, and what nobody used",
        |r| priced_or_null(priced_quantity(r)),
    )
    .unused(zero),
    of(
        "PricingUnit",
        "pricing_unit of usage and purchases, in the words of FOCUS (Hours, GB-Months); Units where all but Usage has \
         none",
        |r| with(priced_or_null(priced_quantity(r)), unit_or_one(r)),
    )
    .unused(unit_or_one),
    of("ProviderName", "constant: AWS", |_| word("AWS")),
    of("PublisherName", "AWS, or line_item_legal_entity if bill_billing_entity is another (Marketplace)", publisher),
    of("RegionId", "product_region_code, else product_region", region),
    of(
        "RegionName",
        "product_location, else AWS's name of the region, else its code",
        region_name,
    ),
    of("ResourceId", "line_item_resource_id; of a commitment's fees its ARN", resource_id),
    of("ResourceName", "null: the report has no names", |_| null()),
    of("ResourceType", "the type an ARN or the prefix of an identifier tells", resource_type),
    of("ServiceCategory", "by line_item_product_code", service_category),
    of("ServiceName", "product_product_name, else line_item_product_code", service_name),
    of("ServiceSubcategory", "Other of the service's category", service_subcategory),
    of("SkuId", "product_sku", |r| r.product("sku")),
    of("SkuMeter", "line_item_usage_type", |r| r.text("line_item_usage_type")),
    of("SkuPriceId", "pricing_rate_code", |r| r.text("pricing_rate_code")),
    of("SubAccountId", "line_item_usage_account_id", |r| r.account("line_item_usage_account_id")),
    of("SubAccountName", "line_item_usage_account_name (CUR 2.0)", |r| r.text("line_item_usage_account_name")),
    of("SubAccountType", "constant: Account", |_| word("Account")),
    of("Tags", "resource_tags, else tags; keys of users without user:, AWS's own with aws:", Report::tags),
    of("x_BillType", "bill_bill_type", |r| r.text("bill_bill_type")),
    of("x_CostCategories", "cost_category", Report::cost_categories),
    of("x_LineItemType", "line_item_line_item_type, as AWS spells it", Report::line_item_type),
    of("x_Operation", "line_item_operation", |r| r.text("line_item_operation")),
    of("x_ServiceCode", "line_item_product_code", |r| r.text("line_item_product_code")),
    of(
        "x_SplitCost",
        "split_line_item_net_split_cost, else split_line_item_split_cost: a share of the parent, not a charge",
        |r| split(r, ["split_line_item_net_split_cost", "split_line_item_split_cost"]),
    )
    .unused(|_| no_amount()),
    of("x_SplitParentResourceId", "split_line_item_parent_resource_id", |r| {
        r.text("split_line_item_parent_resource_id")
    })
    .unused(|_| null()),
    of("x_SplitUnusedCost", "split_line_item_net_unused_cost, else split_line_item_unused_cost", |r| {
        split(r, ["split_line_item_net_unused_cost", "split_line_item_unused_cost"])
    })
    .unused(|_| no_amount()),
];
