//! The mapping from Azure cost details to FOCUS 1.2, a line a column.
//! `docs/azure-exports-to-focus.md` is made from it.
//!
//! Sources, read 2026-11: `microsoft/finops-toolkit` at 04d370f, `docs-mslearn/focus/convert.md`
//! ("Convert Cost Management data to FOCUS"), with the corrections of its `validate.md` and
//! `mapping.md`; FOCUS: `FOCUS_Spec` v1.2, `specification/columns/*.md`. Where the two differ the
//! specification holds, and the rule says so.

use polars::prelude::*;

use super::amounts::{
    self, BILLED_LIST_PRICE, BILLED_UNIT_PRICE, BLOCK, COMMITMENT, COST, CREDIT, LIST_COST,
    LIST_PRICE, ON_DEMAND, PLAN, PURCHASE, QUANTITY, RATE, REFUND, RESERVATION, SPOT, TAX, TYPE,
    UNIT, UNIT_PRICE, UNUSED, USAGE, committed, exact, is, is_plan, is_word, priced, unknown,
};
use super::dates::{self, DateOrder, month_after, month_of};
use super::details::CostDetails;
use super::names::Column as Of;
use super::types::{Dataset, Role};
use super::{documents, ids, tables};
use crate::rows::{self, null};

/// Where a FOCUS column comes from.
pub struct Mapped {
    /// FOCUS column, or an `x_` column of Azure's own.
    pub column: &'static str,
    /// Columns of the export (Enterprise Agreement's spelling) and the rule, for people.
    pub from: &'static str,
    /// The rule, for the engine.
    rule: fn(&Rows<'_>) -> Expr,
}

/// The rows that are mapped: of which file, read as what, with which dates.
pub(super) struct Rows<'a> {
    pub(super) details: &'a CostDetails,
    pub(super) role: Role,
    /// What comes first in dates, or why that cannot be told.
    pub(super) order: Result<Option<DateOrder>, String>,
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

fn word(text: &'static str) -> Expr {
    lit(text)
}

impl Rows<'_> {
    fn text(&self, of: Of) -> Expr {
        self.details.text(of)
    }

    /// A text by way of a function of it.
    fn by(
        &self,
        of: Of,
        function: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Expr {
        rows::texts([self.text(of)], move |[text]| function(text?))
    }

    fn id(&self, of: Of) -> Expr {
        self.by(of, ids::id)
    }

    fn days(
        &self,
        columns: &[Of],
        function: impl Fn(&[Option<chrono::NaiveDate>]) -> Option<chrono::NaiveDate>
        + Send
        + Sync
        + 'static,
    ) -> Expr {
        let columns: Vec<Expr> = columns.iter().map(|c| self.details.raw_date(*c)).collect();
        match &self.order {
            Ok(order) => dates::days(&columns, *order, function),
            Err(message) => dates::undecided(message.clone()),
        }
    }
}

/// Whether the row is priced in a currency of its own, as under a Microsoft Customer or Partner
/// Agreement.
fn is_mca(r: &Rows<'_>) -> Expr {
    let priced_apart = [Of::ExchangeRate, Of::PricingCurrency, Of::CostInPricingCurrency]
        .map(|c| r.text(c).is_not_null());
    let profile = r.text(Of::BillingProfileId).is_not_null();
    priced_apart.into_iter().reduce(Expr::or).unwrap_or_else(|| lit(false)).and(profile)
}

/// What tells whether the other data set is there too: the account, the subscription and the day,
/// as text.
pub(super) fn key(r: &Rows<'_>) -> [Expr; 3] {
    let day = r.days(&[Of::Date], |d| d.first().copied().flatten()).cast(DataType::Date);
    [billing_account_id(r), r.by(Of::SubscriptionId, ids::subscription), day.cast(DataType::String)]
}

/// Whether both data sets are there of the row's account, subscription and day.
pub(super) fn is_paired(of: &Rows<'_>) -> Expr {
    let Some(keys) = of.details.pairs().0.clone() else { return lit(true) };
    let place = move |key: [Option<&str>; 3]| {
        keys.contains(&key.map(|k| k.unwrap_or_default().to_owned())).then_some(1)
    };
    rows::codes(key(of), place).is_not_null()
}

/// The billing profile's under a Customer Agreement, else the billing account's.
fn account(r: &Rows<'_>, profile: Expr, account: Expr) -> Expr {
    when(is_mca(r)).then(profile.clone()).otherwise(account.fill_null(profile))
}

fn billing_account_id(r: &Rows<'_>) -> Expr {
    account(r, r.id(Of::BillingProfileId), r.id(Of::BillingAccountId))
        .fill_null(r.by(Of::SubscriptionId, ids::subscription))
}

/// `BilledCost` of a commitment's usage is 0 in the amortized data set: it is paid by the purchase.
fn billed(r: &Rows<'_>) -> Expr {
    let cost = r.details.amount(Of::Cost);
    let of_usage = is(&[USAGE, UNUSED]);
    let paid_elsewhere = match r.role {
        Role::Alone(Dataset::Actual) | Role::PurchasesOfActual => return cost,
        Role::Alone(Dataset::Amortized | Dataset::WithoutCommitments) => of_usage,
        Role::AmortizedOfPair => of_usage.or(is(&[PURCHASE, REFUND]).and(is_paired(r))),
    };
    when(committed().and(paid_elsewhere)).then(r.details.zero()).otherwise(cost)
}

fn is_commitment_purchase() -> Expr {
    committed().and(is(&[PURCHASE, REFUND]))
}

fn effective(r: &Rows<'_>) -> Expr {
    when(is_commitment_purchase()).then(r.details.zero()).otherwise(r.details.amount(Of::Cost))
}

/// Whether the cost of usage is what it costs: not so where commitments are paid elsewhere.
fn says_effective(r: &Rows<'_>) -> bool {
    !matches!(r.role, Role::Alone(Dataset::Actual) | Role::PurchasesOfActual)
}

fn charge_category(_: &Rows<'_>) -> Expr {
    when(is(&[USAGE, UNUSED]))
        .then(word("Usage"))
        .when(is(&[PURCHASE, REFUND]))
        .then(word("Purchase"))
        .when(is(&[CREDIT]))
        .then(word("Credit"))
        .when(is(&[TAX]))
        .then(word("Tax"))
        .otherwise(word("Adjustment"))
}

fn charge_frequency(r: &Rows<'_>) -> Expr {
    let said = r.by(Of::Frequency, |frequency| {
        let words = ["One-Time", "Recurring", "Usage-Based"];
        let known =
            words.iter().find(|w| is_word(frequency, &w.replace('-', "").to_ascii_lowercase()))?;
        Some((*known).to_owned())
    });
    let usage = when(is(&[USAGE, UNUSED])).then(word("Usage-Based")).otherwise(null());
    said.fill_null(usage)
}

fn description(r: &Rows<'_>) -> Expr {
    let parts =
        [Of::Product, Of::MeterCategory, Of::MeterSubcategory, Of::MeterName].map(|of| r.text(of));
    rows::texts(parts, |[product, meter @ ..]| {
        let words: Vec<&str> = meter.into_iter().flatten().collect();
        product.map(ToOwned::to_owned).or_else(|| (!words.is_empty()).then(|| words.join(", ")))
    })
}

/// By kind of commitment; null without one.
fn of_commitment(reservation: &'static str, plan: &'static str) -> Expr {
    let kind = when(is_plan()).then(word(plan)).otherwise(word(reservation));
    when(col(COMMITMENT).is_null()).then(null()).otherwise(kind)
}

fn commitment_name(r: &Rows<'_>) -> Expr {
    let name = r.text(Of::BenefitName).fill_null(r.text(Of::ReservationName));
    when(col(COMMITMENT).is_null()).then(null()).otherwise(name)
}

fn commitment_status(_: &Rows<'_>) -> Expr {
    let status = when(is(&[UNUSED]))
        .then(word("Unused"))
        .when(is(&[USAGE]))
        .then(word("Used"))
        .otherwise(null());
    when(col(COMMITMENT).is_null()).then(null()).otherwise(status)
}

/// Normalized units to a unit of the resource's size.
fn ratio(r: &Rows<'_>) -> Expr {
    cost_core::focus::decimal(
        r.by(Of::AdditionalInfo, |info| documents::value(info, "RINormalizationRatio")),
    )
}

/// `value` of a commitment's usage and of what is unused of it, else `other`.
fn of_committed_usage(value: Expr, other: Expr) -> Expr {
    when(col(COMMITMENT).is_not_null().and(is(&[USAGE, UNUSED]))).then(value).otherwise(other)
}

fn commitment_quantity(r: &Rows<'_>) -> Expr {
    let spent = if says_effective(r) { cost_in_pricing_currency(r) } else { unknown() };
    let quantity = when(is_plan()).then(spent).otherwise(amounts::consumed(ratio(r)));
    of_committed_usage(quantity, unknown())
}

fn commitment_unit(r: &Rows<'_>) -> Expr {
    let normalized = rows::texts([col(UNIT), ratio(r).cast(DataType::String)], |[unit, ratio]| {
        let unit = unit?;
        Some(ratio.map_or_else(|| unit.to_owned(), |_| format!("Normalized {unit}")))
    });
    of_committed_usage(when(is_plan()).then(pricing_currency(r)).otherwise(normalized), null())
}

fn usage_or(value: Expr, other: Expr) -> Expr {
    when(is(&[USAGE])).then(value).otherwise(other)
}

fn unless_tax(value: Expr, other: Expr) -> Expr {
    when(is(&[TAX])).then(other).otherwise(value)
}

/// `priced` of usage, purchases and refunds; 0 for what nobody used, which replaces nothing on
/// demand; the cost itself of what has no price (tax, credit, rounding).
fn at_price(priced: Expr) -> Expr {
    when(is(&[UNUSED]))
        .then(amounts::number("0"))
        .when(is(&[USAGE, PURCHASE, REFUND]))
        .then(priced)
        .otherwise(col(COST))
}

fn contracted(_: &Rows<'_>) -> Expr {
    at_price(amounts::at_price(BILLED_UNIT_PRICE, "UnitPrice × Quantity"))
}

fn listed(_: &Rows<'_>) -> Expr {
    at_price(col(LIST_COST).fill_null(amounts::at_price(BILLED_LIST_PRICE, "PayGPrice × Quantity")))
}

fn pricing_category(_: &Rows<'_>) -> Expr {
    when(is(&[TAX]))
        .then(null())
        .when(priced(&[ON_DEMAND]).or(is_commitment_purchase()))
        .then(word("Standard"))
        .when(priced(&[SPOT]))
        .then(word("Dynamic"))
        .when(priced(&[RESERVATION, PLAN]))
        .then(word("Committed"))
        .otherwise(null())
}

fn pricing_currency(r: &Rows<'_>) -> Expr {
    r.text(Of::PricingCurrency).fill_null(r.text(Of::Currency))
}

/// The cost in the pricing currency; where that is the billing currency, the cost.
fn cost_in_pricing_currency(r: &Rows<'_>) -> Expr {
    let same = when(col(RATE).eq(amounts::number("1"))).then(col(COST)).otherwise(unknown());
    exact(r.details, Of::CostInPricingCurrency).fill_null(same)
}

fn is_marketplace(publisher_type: Option<&str>) -> bool {
    publisher_type.is_some_and(|t| is_word(t, "marketplace"))
}

fn is_microsoft(publisher: &str) -> bool {
    is_word(publisher, "microsoft") || is_word(publisher, "microsoftcorporation")
}

fn publisher(r: &Rows<'_>) -> Expr {
    rows::texts(
        [r.text(Of::PublisherName), r.text(Of::PublisherType)],
        |[name, of_type]| match name {
            Some(name) if !is_microsoft(name) => Some(name.to_owned()),
            None if is_marketplace(of_type) => None,
            _ => Some("Microsoft".to_owned()),
        },
    )
}

/// A location that the table does not have is its own name; its id is that in lower case without
/// spaces.
fn region(r: &Rows<'_>, of: fn(&tables::Region) -> &str, other: fn(&str) -> String) -> Expr {
    r.by(Of::Location, move |location| {
        Some(
            tables::region(location)
                .map_or_else(|| other(location.trim()), |region| of(region).to_owned()),
        )
    })
}

/// `value` of a commitment's purchase, refund or unused part, which is of no other resource; else
/// null.
fn of_commitment_itself(value: Expr) -> Expr {
    when(committed().and(is(&[PURCHASE, REFUND, UNUSED]))).then(value).otherwise(null())
}

fn resource_id(r: &Rows<'_>) -> Expr {
    r.id(Of::ResourceId).fill_null(of_commitment_itself(col(COMMITMENT)))
}

fn resource_name(r: &Rows<'_>) -> Expr {
    let of_id = r.by(Of::ResourceId, |id| ids::last_segment(id).map(ToOwned::to_owned));
    let name = r
        .text(Of::ResourceName)
        .fill_null(of_commitment_itself(commitment_name(r)))
        .fill_null(of_id);
    when(resource_id(r).is_null()).then(null()).otherwise(name)
}

fn resource_type(r: &Rows<'_>) -> Expr {
    let of_id = rows::texts([resource_id(r)], |[id]| ids::resource_type(id?));
    when(resource_id(r).is_null()).then(null()).otherwise(of_id.fill_null(col(TYPE)))
}

/// The service by `ConsumedService` and resource type; what the table does not have is a
/// Marketplace publisher's, else of the meter's category.
fn service(r: &Rows<'_>, of: fn(&tables::Service) -> &str, unknown: fn(&str) -> &str) -> Expr {
    let [consumed, publisher_type, publisher, category] =
        [Of::ConsumedService, Of::PublisherType, Of::PublisherName, Of::MeterCategory]
            .map(|of| r.text(of));
    let inputs = [consumed, col(TYPE), publisher_type, publisher, category];
    rows::texts(inputs, move |[consumed, of_type, publisher_type, publisher, category]| {
        if let Some(known) = tables::service(consumed, of_type) {
            return Some(of(known).to_owned());
        }
        let third_party = publisher.filter(|p| is_marketplace(publisher_type) && !is_microsoft(p));
        let name = third_party.or(category).unwrap_or("Other");
        Some(tables::service_named(name).map_or_else(|| unknown(name), of).to_owned())
    })
}

fn capacity_reservation(r: &Rows<'_>) -> Expr {
    r.by(Of::AdditionalInfo, |info| {
        documents::value(info, "VMCapacityReservationId").and_then(|v| ids::id(&v))
    })
}

const CAPACITY: &str = "microsoft.compute/capacityreservationgroups/capacityreservations";

fn has_sub_account(r: &Rows<'_>) -> Expr {
    r.by(Of::SubscriptionId, ids::subscription).is_not_null()
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
