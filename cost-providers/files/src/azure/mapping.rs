//! Mapping from Azure cost details to FOCUS 1.2, one line per column.
//! `docs/azure-exports-to-focus.md` is generated from it.
//!
//! Sources, read 2026-11: `microsoft/finops-toolkit` at 04d370f, `docs-mslearn/focus/convert.md`
//! ("Convert Cost Management data to FOCUS"), with the corrections of its `validate.md` and
//! `mapping.md`; FOCUS: `FOCUS_Spec` v1.2, `specification/columns/*.md`. If the two differ, the
//! specification applies, and the rule mentions it.

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

/// Source of a FOCUS column.
pub struct Mapped {
    /// FOCUS column, or an `x_` column for Azure-specific data.
    pub column: &'static str,
    /// Columns of the export (in the spelling of Enterprise Agreements) and the rule, for people.
    pub from: &'static str,
    /// Rule as an expression.
    rule: fn(&Rows<'_>) -> Expr,
}

impl Mapped {
    /// Returns the column for these rows, over the columns of [`amounts::prepared`].
    pub(super) fn of(&self, rows: &Rows<'_>) -> Expr {
        (self.rule)(rows).alias(self.column)
    }
}

const fn of(column: &'static str, from: &'static str, rule: fn(&Rows<'_>) -> Expr) -> Mapped {
    Mapped { column, from, rule }
}

/// All columns, by name.
pub const MAPPING: &[Mapped] = &[
    of("AvailabilityZone", "AvailabilityZone", |r| r.text(Of::Zone)),
    of(
        "BilledCost",
        "CostInBillingCurrency, else Cost, else PreTaxCost. Amortized data set: 0 for Usage, \
         UnusedReservation, and UnusedSavingsPlan of a commitment (Microsoft's table names only \
         Usage, but the purchase pays for the unused part too). Amortized data set read together \
         with an actual one: also 0 for purchases and refunds of commitments",
        billed,
    ),
    of(
        "BillingAccountId",
        "BillingAccountId; BillingProfileId under a Microsoft Customer Agreement; SubscriptionId \
         in files without either",
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
    of("BillingPeriodEnd", "First day of the month after BillingPeriodStart", |r| {
        r.days(&[Of::PeriodStart, Of::Date], |d| {
            d.iter().copied().flatten().next().and_then(month_after)
        })
    }),
    of(
        "BillingPeriodStart",
        "First day of the month of BillingPeriodStartDate, else of Date",
        |r| {
            r.days(&[Of::PeriodStart, Of::Date], |d| {
                d.iter().copied().flatten().next().and_then(month_of)
            })
        },
    ),
    of("CapacityReservationId", "VMCapacityReservationId in AdditionalInfo", capacity_reservation),
    of(
        "CapacityReservationStatus",
        "For rows with a CapacityReservationId: Unused if the resource is the reservation itself, \
         else Used",
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
        "ChargeType: Usage, Purchase, Credit, and Tax are unchanged; UnusedReservation and \
         UnusedSavingsPlan become Usage; Refund becomes Purchase; other values \
         (RoundingAdjustment) become Adjustment",
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
        "Frequency: OneTime becomes One-Time, UsageBased becomes Usage-Based, Recurring is \
         unchanged. Other values: Usage-Based for usage, else null (FOCUS has no other value)",
        charge_frequency,
    ),
    of("ChargePeriodEnd", "Date + 1 day: the end is exclusive", |r| {
        r.days(&[Of::Date], |d| d.first().copied().flatten().and_then(|d| d.succ_opt()))
    }),
    of("ChargePeriodStart", "Date", |r| r.days(&[Of::Date], |d| d.first().copied().flatten())),
    of(
        "CommitmentDiscountCategory",
        "For rows with a CommitmentDiscountId: Usage if the ID contains /microsoft.capacity/, \
         Spend if it contains /microsoft.billingbenefits/, else by PricingModel",
        |_| of_commitment("Usage", "Spend"),
    ),
    of(
        "CommitmentDiscountId",
        "BenefitId, else ReservationId, in lower case, for rows priced by a commitment \
         (PricingModel is Reservation or SavingsPlan; where it is blank, rows that name a \
         commitment)",
        |_| col(COMMITMENT),
    ),
    of(
        "CommitmentDiscountName",
        "BenefitName, else ReservationName, for the same rows",
        commitment_name,
    ),
    of(
        "CommitmentDiscountQuantity",
        "For usage and unused parts. Savings plans: the cost in PricingCurrency (null in an \
         actual file that is read individually). Reservations: ConsumedQuantity × \
         RINormalizationRatio of AdditionalInfo, if that exists",
        commitment_quantity,
    ),
    of(
        "CommitmentDiscountStatus",
        "Unused if ChargeType is UnusedReservation or UnusedSavingsPlan; Used for Usage of a \
         commitment; null for purchases, as FOCUS requires",
        commitment_status,
    ),
    of(
        "CommitmentDiscountType",
        "Like CommitmentDiscountCategory: Reservation or Savings Plan",
        |_| of_commitment("Reservation", "Savings Plan"),
    ),
    of(
        "CommitmentDiscountUnit",
        "Savings plans: PricingCurrency. Reservations: ConsumedUnit, Normalized if there is a \
         ratio",
        commitment_unit,
    ),
    of(
        "ConsumedQuantity",
        "For Usage: Quantity in single units, that is PricingQuantity × x_PricingBlockSize",
        |_| usage_or(amounts::consumed(unknown()), unknown()),
    ),
    of("ConsumedUnit", "For Usage: same as PricingUnit", |_| usage_or(col(UNIT), null())),
    of(
        "ContractedCost",
        "UnitPrice × ExchangeRatePricingToBilling × PricingQuantity; 0 for unused parts; the cost \
         itself for charges without a price (tax, credit, adjustment); null if the price is \
         unknown",
        contracted,
    ),
    of(
        "ContractedUnitPrice",
        "UnitPrice × ExchangeRatePricingToBilling (1 under an Enterprise Agreement); null where \
         Azure reports 0 (Marketplace, reservations)",
        |_| col(BILLED_UNIT_PRICE),
    ),
    of("EffectiveCost", "The cost; 0 for Purchase and Refund of a commitment", effective),
    of("InvoiceId", "InvoiceId", |r| r.text(Of::InvoiceId)),
    of("InvoiceIssuerName", "PartnerName, else Microsoft", |r| {
        r.text(Of::PartnerName).fill_null(word("Microsoft"))
    }),
    of(
        "ListCost",
        "PaygCostInBillingCurrency, else ListUnitPrice × PricingQuantity; 0 for unused parts; the \
         cost itself for charges without a price; null if the price is unknown",
        listed,
    ),
    of(
        "ListUnitPrice",
        "PayGPrice × ExchangeRatePricingToBilling (1 under an Enterprise Agreement); null where \
         Azure reports 0 (Marketplace, reservations)",
        |_| col(BILLED_LIST_PRICE),
    ),
    of(
        "PricingCategory",
        "PricingModel: OnDemand becomes Standard, Spot becomes Dynamic, Reservation and \
         SavingsPlan become Committed (but Standard for their purchases and refunds, as FOCUS \
         requires); else null",
        pricing_category,
    ),
    of("PricingCurrency", "PricingCurrency, else BillingCurrency", pricing_currency),
    of("PricingCurrencyContractedUnitPrice", "UnitPrice; null if unknown", |_| col(UNIT_PRICE)),
    of(
        "PricingCurrencyEffectiveCost",
        "CostInPricingCurrency, else the cost if both currencies are the same; 0 for Purchase and \
         Refund of a commitment",
        |r| {
            when(is_commitment_purchase())
                .then(amounts::number("0"))
                .otherwise(cost_in_pricing_currency(r))
        },
    ),
    of("PricingCurrencyListUnitPrice", "PayGPrice; null if unknown", |_| col(LIST_PRICE)),
    of(
        "PricingQuantity",
        "Quantity; divided by x_PricingBlockSize where the row's cost equals UnitPrice × Quantity \
         ÷ x_PricingBlockSize; null for Tax",
        |_| unless_tax(amounts::pricing_quantity(), unknown()),
    ),
    of(
        "PricingUnit",
        "UnitOfMeasure without its number (DistinctUnits in PricingUnits.csv, else unchanged); \
         null for Tax and for rows without a quantity",
        |_| when(col(QUANTITY).is_null()).then(null()).otherwise(unless_tax(col(UNIT), null())),
    ),
    of("ProviderName", "Constant: Microsoft", |_| word("Microsoft")),
    of(
        "PublisherName",
        "PublisherName; Microsoft for Microsoft Corporation and for blanks outside the Marketplace",
        publisher,
    ),
    of(
        "RegionId",
        "ResourceLocation, else Location, looked up in Regions.csv; if not found, in lower case \
         without spaces",
        |r| region(r, |region| &region.id, |location| location.to_lowercase().replace(' ', "")),
    ),
    of(
        "RegionName",
        "ResourceLocation, else Location, looked up in Regions.csv; if not found, unchanged",
        |r| region(r, |region| &region.name, ToOwned::to_owned),
    ),
    of(
        "ResourceId",
        "ResourceId, else InstanceId, in lower case. Purchases and unused parts of commitments \
         without either: CommitmentDiscountId",
        resource_id,
    ),
    of(
        "ResourceName",
        "ResourceName. If blank: CommitmentDiscountName for purchases and unused parts of \
         commitments, else the last part of ResourceId",
        resource_name,
    ),
    of(
        "ResourceType",
        "The type in ResourceId (microsoft.compute/virtualmachines), else ResourceType in lower \
         case",
        resource_type,
    ),
    of("ServiceCategory", "Category of the service in Services.csv; else Other", |r| {
        service(r, |s| &s.category, |_| "Other")
    }),
    of(
        "ServiceName",
        "ConsumedService and resource type, looked up in Services.csv; else the publisher's name \
         if a Marketplace charge has another publisher; else MeterCategory; else Other",
        |r| service(r, |s| &s.name, |name| name),
    ),
    of(
        "ServiceSubcategory",
        "Subcategory of the service in Services.csv; else Other (Other)",
        |r| service(r, |s| &s.subcategory, |_| "Other (Other)"),
    ),
    of("SkuId", "ProductId (Microsoft Customer Agreement)", |r| r.text(Of::ProductId)),
    of("SkuMeter", "MeterName", |r| r.text(Of::MeterName)),
    of("SkuPriceDetails", "AdditionalInfo, with x_ before each key", |r| {
        r.by(Of::AdditionalInfo, documents::details)
    }),
    of("SkuPriceId", "Null: not in the export", |_| null()),
    of(
        "SubAccountId",
        "SubscriptionGuid, else SubscriptionId, in lower case; -2 and Unassigned are null",
        |r| r.by(Of::SubscriptionId, ids::subscription),
    ),
    of("SubAccountName", "SubscriptionName", |r| {
        when(has_sub_account(r)).then(r.text(Of::SubscriptionName)).otherwise(null())
    }),
    of("SubAccountType", "Subscription, if there is one", |r| {
        when(has_sub_account(r)).then(word("Subscription")).otherwise(null())
    }),
    of("Tags", "Tags, with braces added if missing; null if unreadable", |r| {
        r.by(Of::Tags, documents::tags)
    }),
    of(
        "x_BillingAccountId",
        "BillingAccountId, in lower case; equals x_BillingProfileId under an Enterprise Agreement",
        |r| r.id(Of::BillingAccountId),
    ),
    of("x_BillingExchangeRate", "ExchangeRatePricingToBilling", |r| {
        exact(r.details, Of::ExchangeRate)
    }),
    of("x_BillingProfileId", "BillingProfileId, in lower case", |r| r.id(Of::BillingProfileId)),
    of("x_ChargeType", "ChargeType", |r| r.text(Of::ChargeType)),
    of(
        "x_PricingBlockSize",
        "The number in UnitOfMeasure, from PricingUnits.csv; 1 for units not in it",
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
        "ProductOrderId, in lower case; a reservation's purchase and its usage have the same value",
        |r| r.id(Of::OrderId),
    ),
    of("x_SkuTerm", "Term", |r| r.text(Of::Term)),
];
