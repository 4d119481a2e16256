//! Mapping from the Cost and Usage Report to FOCUS 1.2, one line per column.
//! `docs/aws-cur-to-focus.md` is generated from it.
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

/// Source of a FOCUS column.
pub struct Mapped {
    /// FOCUS column, or an `x_` column for AWS-specific data.
    pub column: &'static str,
    /// CUR columns (CUR 2.0 names) and the rule, for people.
    pub from: &'static str,
    /// Rule for a line item, as an expression.
    charge: fn(&Report) -> Expr,
    /// Rule for the unused part of a recurring commitment fee; `None` if it is the same as for the
    /// line item.
    unused: Option<fn(&Report) -> Expr>,
}

const fn of(column: &'static str, from: &'static str, charge: fn(&Report) -> Expr) -> Mapped {
    Mapped { column, from, charge, unused: None }
}

impl Mapped {
    const fn unused(self, rule: fn(&Report) -> Expr) -> Self {
        Self { unused: Some(rule), ..self }
    }

    /// Returns the column for a line item.
    pub(super) fn of_charge(&self, report: &Report) -> Expr {
        (self.charge)(report).alias(self.column)
    }

    /// Returns the column for the unused part of a fee.
    pub(super) fn of_unused(&self, report: &Report) -> Expr {
        self.unused.unwrap_or(self.charge)(report).alias(self.column)
    }
}

/// All columns, by name.
pub const MAPPING: &[Mapped] = &[
    of("AvailabilityZone", "line_item_availability_zone", |r| {
        r.text("line_item_availability_zone")
    }),
    of(
        "BilledCost",
        "line_item_unblended_cost of every line item; line_item_net_unblended_cost if the report \
         has only that",
        amounts::billed,
    )
    .unused(zero),
    of("BillingAccountId", "bill_payer_account_id", |r| r.account("bill_payer_account_id")),
    of("BillingAccountName", "bill_payer_account_name (CUR 2.0)", |r| {
        r.text("bill_payer_account_name")
    }),
    of(
        "BillingAccountType",
        "Constant: Management Account, AWS's term for the account that pays",
        |_| word("Management Account"),
    ),
    of("BillingCurrency", "line_item_currency_code", |r| currency(r, &["line_item_currency_code"])),
    of("BillingPeriodEnd", "bill_billing_period_end_date", |r| {
        r.raw("bill_billing_period_end_date")
    }),
    of("BillingPeriodStart", "bill_billing_period_start_date", |r| {
        r.raw("bill_billing_period_start_date")
    }),
    of("CapacityReservationId", "capacity_reservation_capacity_reservation_arn (CUR 2.0)", |r| {
        r.text("capacity_reservation_capacity_reservation_arn")
    }),
    of(
        "CapacityReservationStatus",
        "Unused if capacity_reservation_capacity_reservation_status is Unused, else Used",
        capacity_status,
    ),
    of(
        "ChargeCategory",
        "line_item_line_item_type: all kinds of usage, SavingsPlanNegation, and discounts are \
         Usage; Fee, RIFee, FlatRateSubscription, and Savings Plan fees are Purchase; Tax is Tax; \
         Credit is Credit; Refund and unknown types are Adjustment",
        |_| by_class(|rule| Some(rule.category)),
    )
    .unused(|_| word("Usage")),
    of("ChargeClass", "Null: AWS does not mark corrections of closed periods", |_| null()),
    of(
        "ChargeDescription",
        "line_item_line_item_description, else type and usage type",
        description,
    )
    .unused(|_| word("Unused part of a commitment's fee")),
    of(
        "ChargeFrequency",
        "line_item_line_item_type: RIFee, SavingsPlanRecurringFee, and FlatRateSubscription are \
         Recurring; usage and discounts are Usage-Based; all others are One-Time",
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
        "reservation_reservation_a_r_n, else savings_plan_savings_plan_a_r_n, for covered usage, \
         SavingsPlanNegation, and fees",
        commitment_id,
    ),
    of("CommitmentDiscountName", "Null: AWS has none", |_| null()),
    of(
        "CommitmentDiscountQuantity",
        "Reservations: line_item_usage_amount for usage, reservation_total_reserved_units (else \
         line_item_usage_amount) for fees, reservation_unused_quantity for the unused part. \
         Savings Plans: the used commitment (EffectiveCost) for usage, the fee for fees, the \
         unused commitment for the unused part. SavingsPlanNegation: 0",
        commitment_quantity,
    )
    .unused(unused_quantity),
    of(
        "CommitmentDiscountStatus",
        "Used for covered usage, and for SavingsPlanNegation, which reverses the on-demand cost \
         of that usage; Unused for the unused part of a recurring fee",
        used,
    )
    .unused(|_| word("Unused")),
    of(
        "CommitmentDiscountType",
        "savings_plan_offering_type, else Savings Plan; Reserved Instance for reservations",
        commitment_type,
    ),
    of(
        "CommitmentDiscountUnit",
        "Reservations: pricing_unit, as a FOCUS unit. Savings Plans: the currency",
        |r| with(commitment_quantity(r), commitment_unit(r)),
    )
    .unused(|r| with(unused_quantity(r), commitment_unit(r))),
    of(
        "ConsumedQuantity",
        "line_item_usage_amount for usage; 0 for SavingsPlanNegation and discounts",
        |r| usage_or_null(quantity(r)),
    )
    .unused(|_| lit(NULL)),
    of("ConsumedUnit", "Same as PricingUnit, for usage, SavingsPlanNegation, and discounts", |r| {
        with(usage_or_null(quantity(r)), unit_or_one(r))
    })
    .unused(|_| null()),
    of(
        "ContractedCost",
        "line_item_net_unblended_cost, else line_item_unblended_cost; \
         pricing_public_on_demand_cost for DiscountedUsage; 0 for SavingsPlanNegation, and for \
         discounts without a net cost if the report has net costs",
        amounts::contracted,
    )
    .unused(zero),
    of(
        "ContractedUnitPrice",
        "line_item_net_unblended_rate, else line_item_unblended_rate, for Usage",
        contracted_unit_price,
    )
    .unused(|_| lit(NULL)),
    of(
        "EffectiveCost",
        "savings_plan_savings_plan_effective_cost for SavingsPlanCoveredUsage; \
         reservation_effective_cost for DiscountedUsage; 0 for commitment fees, refunds of their \
         one-time fees, and SavingsPlanNegation; line_item_unblended_cost for all others, and for \
         all line items of a commitment if the report lacks its effective cost. Where a net_ \
         column exists, it is used instead, and discounts without a net cost are 0",
        amounts::effective,
    )
    .unused(amounts::unused),
    of("InvoiceId", "bill_invoice_id", |r| r.text("bill_invoice_id")),
    of("InvoiceIssuerName", "bill_invoicing_entity, else line_item_legal_entity", |r| {
        r.first(&["bill_invoicing_entity", "line_item_legal_entity"])
            .fill_null(word("Amazon Web Services"))
    }),
    of(
        "ListCost",
        "pricing_public_on_demand_cost for usage, null if there is no public price; 0 for \
         SavingsPlanNegation and discounts; else line_item_unblended_cost",
        amounts::listed,
    )
    .unused(zero),
    of("ListUnitPrice", "pricing_public_on_demand_rate for usage", list_unit_price)
        .unused(|_| lit(NULL)),
    of(
        "PricingCategory",
        "Committed for covered usage, unused parts, and SavingsPlanNegation; Dynamic for Usage \
         and discounts whose usage type contains SpotUsage; Standard for other usage, discounts, \
         and purchases",
        pricing_category,
    )
    .unused(|_| word("Committed")),
    of("PricingCurrency", "pricing_currency, else line_item_currency_code", |r| {
        currency(r, &["pricing_currency", "line_item_currency_code"])
    }),
    of(
        "PricingQuantity",
        "line_item_usage_amount for usage and purchases; 0 for SavingsPlanNegation, discounts, \
         shares of split cost allocation, and unused parts",
        |r| priced_or_null(priced_quantity(r)),
    )
    .unused(zero),
    of(
        "PricingUnit",
        "pricing_unit for usage and purchases, as a FOCUS unit (Hours, GB-Months); Units for line \
         items other than Usage if they have none",
        |r| with(priced_or_null(priced_quantity(r)), unit_or_one(r)),
    )
    .unused(unit_or_one),
    of("ProviderName", "Constant: AWS", |_| word("AWS")),
    of(
        "PublisherName",
        "AWS; line_item_legal_entity if bill_billing_entity is another entity (Marketplace)",
        publisher,
    ),
    of("RegionId", "product_region_code, else product_region", region),
    of(
        "RegionName",
        "product_location, else AWS's name for the region, else its code",
        region_name,
    ),
    of(
        "ResourceId",
        "line_item_resource_id; for commitment fees, the ARN of the commitment",
        resource_id,
    ),
    of("ResourceName", "Null: not in the report", |_| null()),
    of("ResourceType", "The type in the ARN, or by the prefix of the identifier", resource_type),
    of("ServiceCategory", "Looked up by line_item_product_code", service_category),
    of("ServiceName", "product_product_name, else line_item_product_code", service_name),
    of("ServiceSubcategory", "Other, within the service's category", service_subcategory),
    of("SkuId", "product_sku", |r| r.product("sku")),
    of("SkuMeter", "line_item_usage_type", |r| r.text("line_item_usage_type")),
    of("SkuPriceId", "pricing_rate_code", |r| r.text("pricing_rate_code")),
    of("SubAccountId", "line_item_usage_account_id", |r| r.account("line_item_usage_account_id")),
    of("SubAccountName", "line_item_usage_account_name (CUR 2.0)", |r| {
        r.text("line_item_usage_account_name")
    }),
    of("SubAccountType", "Constant: Account", |_| word("Account")),
    of(
        "Tags",
        "resource_tags, else tags; keys of user tags without user:, keys of AWS tags with aws:",
        Report::tags,
    ),
    of("x_BillType", "bill_bill_type", |r| r.text("bill_bill_type")),
    of("x_CostCategories", "cost_category", Report::cost_categories),
    of(
        "x_LineItemType",
        "line_item_line_item_type, in the spelling of AWS",
        Report::line_item_type,
    ),
    of("x_Operation", "line_item_operation", |r| r.text("line_item_operation")),
    of("x_ServiceCode", "line_item_product_code", |r| r.text("line_item_product_code")),
    of(
        "x_SplitCost",
        "split_line_item_net_split_cost, else split_line_item_split_cost: a share of the parent \
         resource, not a charge",
        |r| split(r, ["split_line_item_net_split_cost", "split_line_item_split_cost"]),
    )
    .unused(|_| no_amount()),
    of("x_SplitParentResourceId", "split_line_item_parent_resource_id", |r| {
        r.text("split_line_item_parent_resource_id")
    })
    .unused(|_| null()),
    of(
        "x_SplitUnusedCost",
        "split_line_item_net_unused_cost, else split_line_item_unused_cost",
        |r| split(r, ["split_line_item_net_unused_cost", "split_line_item_unused_cost"]),
    )
    .unused(|_| no_amount()),
];
