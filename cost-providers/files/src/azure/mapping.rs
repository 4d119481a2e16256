//! The mapping from Azure cost details to FOCUS 1.2, a line a column.
//! `docs/azure-exports-to-focus.md` is made from it.
//!
//! Sources, read 2026-11: `microsoft/finops-toolkit` at 04d370f, `docs-mslearn/focus/convert.md`
//! ("Convert Cost Management data to FOCUS"), with the corrections of its `validate.md` and
//! `mapping.md`; FOCUS: `FOCUS_Spec` v1.2, `specification/columns/*.md`. Where the two differ the
//! specification holds, and the rule says so.

use polars::prelude::*;

use super::amounts::{
    self, BILLED_LIST_PRICE, BILLED_UNIT_PRICE, BLOCK, COMMITMENT, LIST_PRICE, QUANTITY, REFUND,
    TYPE, UNIT, UNIT_PRICE, exact, is, unknown,
};
use super::dates::{month_after, month_of};
use super::names::Column as Of;
use super::rules::{
    CAPACITY, Rows, account, billed, billing_account_id, capacity_reservation, charge_category,
    charge_frequency, commitment_name, commitment_quantity, commitment_status, commitment_unit,
    contracted, cost_in_pricing_currency, description, effective, has_sub_account,
    is_commitment_purchase, is_mca, listed, of_commitment, pricing_category, pricing_currency,
    publisher, region, resource_id, resource_name, resource_type, service, unless_tax, usage_or,
    word,
};
use super::{documents, ids};
use crate::rows::null;

/// Where a FOCUS column comes from.
pub struct Mapped {
    /// FOCUS column, or an `x_` column of Azure's own.
    pub column: &'static str,
    /// Columns of the export (Enterprise Agreement's spelling) and the rule, for people.
    pub from: &'static str,
    /// The rule, for the engine.
    rule: fn(&Rows<'_>) -> Expr,
}

impl Mapped {
    /// The column of these rows, over the columns of [`amounts::prepared`].
    pub(super) fn of(&self, rows: &Rows<'_>) -> Expr {
        (self.rule)(rows).alias(self.column)
    }
}

const fn of(column: &'static str, from: &'static str, rule: fn(&Rows<'_>) -> Expr) -> Mapped {
    Mapped { column, from, rule }
}

/// Every column, by name.
pub const MAPPING: &[Mapped] = &[
    of("AvailabilityZone", "AvailabilityZone", |r| r.text(Of::Zone)),
    of(
        "BilledCost",
        "CostInBillingCurrency, else Cost, else PreTaxCost; of the amortized data set 0 for Usage, \
         UnusedReservation and UnusedSavingsPlan of a commitment (Microsoft's table names Usage alone: what is \
         unused is paid by the purchase too), and beside an actual one 0 for purchases and refunds of commitments",
        billed,
    ),
    of(
        "BillingAccountId",
        "BillingAccountId; BillingProfileId under a Microsoft Customer Agreement; SubscriptionId in files that \
         have neither",
        billing_account_id,
    ),
    of(
        "BillingAccountName",
        "BillingAccountName; BillingProfileName under a Microsoft Customer Agreement",
        |r| account(r, r.text(Of::BillingProfileName), r.text(Of::BillingAccountName)),
    ),
    of(
        "BillingAccountType",
        "Billing Account; Billing Profile under a Microsoft Customer Agreement",
        |r| when(is_mca(r)).then(word("Billing Profile")).otherwise(word("Billing Account")),
    ),
    of("BillingCurrency", "BillingCurrency, else BillingCurrencyCode, else Currency", |r| {
        r.text(Of::Currency)
    }),
    of("BillingPeriodEnd", "the first of the month after BillingPeriodStart", |r| {
        r.days(&[Of::PeriodStart, Of::Date], |d| {
            d.iter().copied().flatten().next().and_then(month_after)
        })
    }),
    of("BillingPeriodStart", "BillingPeriodStartDate, else Date; the first of its month", |r| {
        r.days(&[Of::PeriodStart, Of::Date], |d| {
            d.iter().copied().flatten().next().and_then(month_of)
        })
    }),
    of("CapacityReservationId", "VMCapacityReservationId of AdditionalInfo", capacity_reservation),
    of(
        "CapacityReservationStatus",
        "of rows with a CapacityReservationId: Unused if the resource is the reservation itself, else Used",
        |r| {
            let unused = col(TYPE).eq(lit(CAPACITY)).fill_null(lit(false));
            when(capacity_reservation(r).is_null())
                .then(null())
                .when(unused)
                .then(word("Unused"))
                .otherwise(word("Used"))
        },
    ),
    of(
        "ChargeCategory",
        "ChargeType: Usage, Purchase, Credit and Tax as they are; UnusedReservation and UnusedSavingsPlan are \
         Usage; Refund is Purchase; all else (RoundingAdjustment) is Adjustment",
        charge_category,
    ),
    of("ChargeClass", "Correction if ChargeType is Refund", |_| {
        when(is(&[REFUND])).then(word("Correction")).otherwise(null())
    }),
    of(
        "ChargeDescription",
        "ProductName (Product), else MeterCategory, MeterSubCategory and MeterName",
        description,
    ),
    of(
        "ChargeFrequency",
        "Frequency: OneTime is One-Time, UsageBased Usage-Based, Recurring as it is; where it says none of these, \
         Usage-Based for usage, else null (FOCUS has no other word)",
        charge_frequency,
    ),
    of("ChargePeriodEnd", "Date + 1 day: the end is exclusive", |r| {
        r.days(&[Of::Date], |d| d.first().copied().flatten().and_then(|d| d.succ_opt()))
    }),
    of("ChargePeriodStart", "Date", |r| r.days(&[Of::Date], |d| d.first().copied().flatten())),
    of(
        "CommitmentDiscountCategory",
        "of rows with a CommitmentDiscountId: Usage if it is of /microsoft.capacity/, Spend if of \
         /microsoft.billingbenefits/, else by PricingModel",
        |_| of_commitment("Usage", "Spend"),
    ),
    of(
        "CommitmentDiscountId",
        "BenefitId, else ReservationId, in lower case, of rows priced by a commitment (PricingModel Reservation \
         or SavingsPlan; where that is blank, rows that name a commitment)",
        |_| col(COMMITMENT),
    ),
    of("CommitmentDiscountName", "BenefitName, else ReservationName, of the same", commitment_name),
    of(
        "CommitmentDiscountQuantity",
        "of usage and what is unused: of Savings Plans the cost in PricingCurrency (null in an actual file read \
         alone); of reservations ConsumedQuantity × RINormalizationRatio of AdditionalInfo, if there is one",
        commitment_quantity,
    ),
    of(
        "CommitmentDiscountStatus",
        "Unused if ChargeType is UnusedReservation or UnusedSavingsPlan, Used for Usage of a commitment; null for \
         purchases, as FOCUS asks",
        commitment_status,
    ),
    of(
        "CommitmentDiscountType",
        "as CommitmentDiscountCategory: Reservation or Savings Plan",
        |_| of_commitment("Reservation", "Savings Plan"),
    ),
    of(
        "CommitmentDiscountUnit",
        "PricingCurrency of Savings Plans; ConsumedUnit of reservations, Normalized if there is a ratio",
        commitment_unit,
    ),
    of(
        "ConsumedQuantity",
        "of Usage: Quantity in single units, which is PricingQuantity × x_PricingBlockSize",
        |_| usage_or(amounts::consumed(unknown()), unknown()),
    ),
    of("ConsumedUnit", "of Usage: as PricingUnit", |_| usage_or(col(UNIT), null())),
    of(
        "ContractedCost",
        "UnitPrice × ExchangeRatePricingToBilling × PricingQuantity; 0 for what is unused; the cost itself of \
         charges that have no price (tax, credit, adjustment); null where the price is unknown",
        contracted,
    ),
    of(
        "ContractedUnitPrice",
        "UnitPrice × ExchangeRatePricingToBilling (1 under an Enterprise Agreement); null where Azure leaves it \
         at 0 (Marketplace, reservations)",
        |_| col(BILLED_UNIT_PRICE),
    ),
    of("EffectiveCost", "the cost; 0 for Purchase and Refund of a commitment", effective),
    of("InvoiceId", "InvoiceId", |r| r.text(Of::InvoiceId)),
    of("InvoiceIssuerName", "PartnerName, else Microsoft", |r| {
        r.text(Of::PartnerName).fill_null(word("Microsoft"))
    }),
    of(
        "ListCost",
        "PaygCostInBillingCurrency, else ListUnitPrice × PricingQuantity; 0 for what is unused; the cost itself \
         of charges that have no price; null where the price is unknown",
        listed,
    ),
    of(
        "ListUnitPrice",
        "PayGPrice × ExchangeRatePricingToBilling (1 under an Enterprise Agreement); null where Azure leaves it \
         at 0 (Marketplace, reservations)",
        |_| col(BILLED_LIST_PRICE),
    ),
    of(
        "PricingCategory",
        "PricingModel: OnDemand is Standard, Spot Dynamic, Reservation and SavingsPlan Committed, but Standard \
         for their purchase and refund, as FOCUS asks; else null",
        pricing_category,
    ),
    of("PricingCurrency", "PricingCurrency, else BillingCurrency", pricing_currency),
    of("PricingCurrencyContractedUnitPrice", "UnitPrice, null where unknown", |_| col(UNIT_PRICE)),
    of(
        "PricingCurrencyEffectiveCost",
        "CostInPricingCurrency, else the cost if the currencies are one; 0 for Purchase and Refund of a \
         commitment",
        |r| {
            when(is_commitment_purchase())
                .then(amounts::number("0"))
                .otherwise(cost_in_pricing_currency(r))
        },
    ),
    of("PricingCurrencyListUnitPrice", "PayGPrice, null where unknown", |_| col(LIST_PRICE)),
    of(
        "PricingQuantity",
        "Quantity; divided by x_PricingBlockSize where the row's cost is UnitPrice × Quantity ÷ \
         x_PricingBlockSize; null for Tax",
        |_| unless_tax(amounts::pricing_quantity(), unknown()),
    ),
    of(
        "PricingUnit",
        "UnitOfMeasure without its number (DistinctUnits of PricingUnits.csv, else as it is); null for Tax and \
         without a quantity",
        |_| when(col(QUANTITY).is_null()).then(null()).otherwise(unless_tax(col(UNIT), null())),
    ),
    of("ProviderName", "constant: Microsoft", |_| word("Microsoft")),
    of(
        "PublisherName",
        "PublisherName, with Microsoft for Microsoft Corporation and for blanks that are not the Marketplace's",
        publisher,
    ),
    of(
        "RegionId",
        "ResourceLocation, else Location, by Regions.csv; else in lower case without spaces",
        |r| region(r, |region| &region.id, |location| location.to_lowercase().replace(' ', "")),
    ),
    of("RegionName", "ResourceLocation, else Location, by Regions.csv; else as it is", |r| {
        region(r, |region| &region.name, ToOwned::to_owned)
    }),
    of(
        "ResourceId",
        "ResourceId, else InstanceId, in lower case; of commitments' purchases and unused parts without one, \
         CommitmentDiscountId",
        resource_id,
    ),
    of(
        "ResourceName",
        "ResourceName; else of commitments' purchases and unused parts CommitmentDiscountName, else the last part \
         of ResourceId",
        resource_name,
    ),
    of(
        "ResourceType",
        "the type that ResourceId tells (microsoft.compute/virtualmachines), else ResourceType in lower case",
        resource_type,
    ),
    of("ServiceCategory", "of the service, by Services.csv; else Other", |r| {
        service(r, |s| &s.category, |_| "Other")
    }),
    of(
        "ServiceName",
        "ConsumedService and resource type by Services.csv; else another publisher's name in the Marketplace, \
         else MeterCategory, else Other",
        |r| service(r, |s| &s.name, |name| name),
    ),
    of("ServiceSubcategory", "of the service, by Services.csv; else Other (Other)", |r| {
        service(r, |s| &s.subcategory, |_| "Other (Other)")
    }),
    of("SkuId", "ProductId (Microsoft Customer Agreement)", |r| r.text(Of::ProductId)),
    of("SkuMeter", "MeterName", |r| r.text(Of::MeterName)),
    of("SkuPriceDetails", "AdditionalInfo, its keys with x_ before them", |r| {
        r.by(Of::AdditionalInfo, documents::details)
    }),
    of("SkuPriceId", "null: the export has none", |_| null()),
    of(
        "SubAccountId",
        "SubscriptionGuid, else SubscriptionId, in lower case; -2 and Unassigned are null",
        |r| r.by(Of::SubscriptionId, ids::subscription),
    ),
    of("SubAccountName", "SubscriptionName", |r| {
        when(has_sub_account(r)).then(r.text(Of::SubscriptionName)).otherwise(null())
    }),
    of("SubAccountType", "Subscription, where there is one", |r| {
        when(has_sub_account(r)).then(word("Subscription")).otherwise(null())
    }),
    of("Tags", "Tags, in braces where these are missing; null where they cannot be read", |r| {
        r.by(Of::Tags, documents::tags)
    }),
    of(
        "x_BillingAccountId",
        "BillingAccountId, in lower case: equal to x_BillingProfileId under an Enterprise Agreement",
        |r| r.id(Of::BillingAccountId),
    ),
    of("x_BillingExchangeRate", "ExchangeRatePricingToBilling", |r| {
        exact(r.details, Of::ExchangeRate)
    }),
    of("x_BillingProfileId", "BillingProfileId, in lower case", |r| r.id(Of::BillingProfileId)),
    of("x_ChargeType", "ChargeType", |r| r.text(Of::ChargeType)),
    of(
        "x_PricingBlockSize",
        "the number of UnitOfMeasure, by PricingUnits.csv; 1 for units it does not have",
        |r| when(r.text(Of::Unit).is_null()).then(unknown()).otherwise(col(BLOCK)),
    ),
    of("x_PricingModel", "PricingModel", |r| r.text(Of::PricingModel)),
    of("x_PricingUnitDescription", "UnitOfMeasure", |r| r.text(Of::Unit)),
    of("x_ResourceGroupName", "ResourceGroup, in lower case", |r| r.id(Of::ResourceGroup)),
    of("x_SkuMeterCategory", "MeterCategory", |r| r.text(Of::MeterCategory)),
    of("x_SkuMeterId", "MeterId, in lower case", |r| r.id(Of::MeterId)),
    of("x_SkuMeterSubcategory", "MeterSubCategory", |r| r.text(Of::MeterSubcategory)),
    of("x_SkuOfferId", "OfferId", |r| r.text(Of::OfferId)),
    of(
        "x_SkuOrderId",
        "ProductOrderId, in lower case: that of a reservation's purchase is its usage's too",
        |r| r.id(Of::OrderId),
    ),
    of("x_SkuTerm", "Term", |r| r.text(Of::Term)),
];
