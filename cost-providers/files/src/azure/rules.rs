//! Rules of the mapping: FOCUS columns over the columns of [`super::amounts::prepared`]. Sources:
//! see [`super::mapping`].

use polars::prelude::*;

use super::amounts::{
    self, BILLED_LIST_PRICE, BILLED_UNIT_PRICE, COMMITMENT, COST, CREDIT, LIST_COST, ON_DEMAND,
    PLAN, PURCHASE, RATE, REFUND, RESERVATION, SPOT, TAX, TYPE, UNIT, UNUSED, USAGE, committed,
    exact, is, is_plan, is_word, priced, unknown,
};
use super::dates::{self, DateOrder};
use super::details::CostDetails;
use super::names::Column as Of;
use super::types::{Dataset, Role};
use super::{documents, ids, tables};
use crate::rows::{self, null};

/// Rows to map: their file, role, and dates.
pub(super) struct Rows<'a> {
    pub(super) details: &'a CostDetails,
    pub(super) role: Role,
    /// Order of day and month, or the reason why it cannot be determined.
    pub(super) order: Result<Option<DateOrder>, String>,
}

pub(super) fn word(text: &'static str) -> Expr {
    lit(text)
}

impl Rows<'_> {
    pub(super) fn text(&self, of: Of) -> Expr {
        self.details.text(of)
    }

    /// Returns a text column, changed by a function.
    pub(super) fn by(
        &self,
        of: Of,
        function: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Expr {
        rows::texts([self.text(of)], move |[text]| function(text?))
    }

    pub(super) fn id(&self, of: Of) -> Expr {
        self.by(of, ids::id)
    }

    pub(super) fn days(
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

/// Returns whether the row is priced in a separate currency, as under a Microsoft Customer or
/// Partner Agreement.
pub(super) fn is_mca(r: &Rows<'_>) -> Expr {
    let priced_apart = [Of::ExchangeRate, Of::PricingCurrency, Of::CostInPricingCurrency]
        .map(|c| r.text(c).is_not_null());
    let profile = r.text(Of::BillingProfileId).is_not_null();
    priced_apart.into_iter().reduce(Expr::or).unwrap_or_else(|| lit(false)).and(profile)
}

/// Returns the key that determines whether the other data set also exists: the account, the
/// subscription, and the day, as text.
pub(super) fn key(r: &Rows<'_>) -> [Expr; 3] {
    let day = r.days(&[Of::Date], |d| d.first().copied().flatten()).cast(DataType::Date);
    [billing_account_id(r), r.by(Of::SubscriptionId, ids::subscription), day.cast(DataType::String)]
}

/// Returns whether both data sets exist for the row's account, subscription, and day.
pub(super) fn is_paired(of: &Rows<'_>) -> Expr {
    let Some(keys) = of.details.pairs().0.clone() else { return lit(true) };
    let place = move |key: [Option<&str>; 3]| {
        keys.contains(&key.map(|k| k.unwrap_or_default().to_owned())).then_some(1)
    };
    rows::codes(key(of), place).is_not_null()
}

/// Returns the billing profile under a Customer Agreement, else the billing account.
pub(super) fn account(r: &Rows<'_>, profile: Expr, account: Expr) -> Expr {
    when(is_mca(r)).then(profile.clone()).otherwise(account.fill_null(profile))
}

pub(super) fn billing_account_id(r: &Rows<'_>) -> Expr {
    account(r, r.id(Of::BillingProfileId), r.id(Of::BillingAccountId))
        .fill_null(r.by(Of::SubscriptionId, ids::subscription))
}

/// Returns `BilledCost`: 0 for usage covered by a commitment in the amortized data set, because the
/// purchase pays for it.
pub(super) fn billed(r: &Rows<'_>) -> Expr {
    let cost = r.details.amount(Of::Cost);
    let of_usage = is(&[USAGE, UNUSED]);
    let paid_elsewhere = match r.role {
        Role::Alone(Dataset::Actual) | Role::PurchasesOfActual => return cost,
        Role::Alone(Dataset::Amortized | Dataset::WithoutCommitments) => of_usage,
        Role::AmortizedOfPair => of_usage.or(is(&[PURCHASE, REFUND]).and(is_paired(r))),
    };
    when(committed().and(paid_elsewhere)).then(r.details.zero()).otherwise(cost)
}

pub(super) fn is_commitment_purchase() -> Expr {
    committed().and(is(&[PURCHASE, REFUND]))
}

pub(super) fn effective(r: &Rows<'_>) -> Expr {
    when(is_commitment_purchase()).then(r.details.zero()).otherwise(r.details.amount(Of::Cost))
}

/// Returns whether the effective cost of usage is complete: it is not if commitments are paid in
/// other rows.
fn says_effective(r: &Rows<'_>) -> bool {
    !matches!(r.role, Role::Alone(Dataset::Actual) | Role::PurchasesOfActual)
}

pub(super) fn charge_category(_: &Rows<'_>) -> Expr {
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

pub(super) fn charge_frequency(r: &Rows<'_>) -> Expr {
    let said = r.by(Of::Frequency, |frequency| {
        let words = ["One-Time", "Recurring", "Usage-Based"];
        let known =
            words.iter().find(|w| is_word(frequency, &w.replace('-', "").to_ascii_lowercase()))?;
        Some((*known).to_owned())
    });
    let usage = when(is(&[USAGE, UNUSED])).then(word("Usage-Based")).otherwise(null());
    said.fill_null(usage)
}

pub(super) fn description(r: &Rows<'_>) -> Expr {
    let parts =
        [Of::Product, Of::MeterCategory, Of::MeterSubcategory, Of::MeterName].map(|of| r.text(of));
    rows::texts(parts, |[product, meter @ ..]| {
        let words: Vec<&str> = meter.into_iter().flatten().collect();
        product.map(ToOwned::to_owned).or_else(|| (!words.is_empty()).then(|| words.join(", ")))
    })
}

/// Returns a value by kind of commitment; null without one.
pub(super) fn of_commitment(reservation: &'static str, plan: &'static str) -> Expr {
    let kind = when(is_plan()).then(word(plan)).otherwise(word(reservation));
    when(col(COMMITMENT).is_null()).then(null()).otherwise(kind)
}

pub(super) fn commitment_name(r: &Rows<'_>) -> Expr {
    let name = r.text(Of::BenefitName).fill_null(r.text(Of::ReservationName));
    when(col(COMMITMENT).is_null()).then(null()).otherwise(name)
}

pub(super) fn commitment_status(_: &Rows<'_>) -> Expr {
    let status = when(is(&[UNUSED]))
        .then(word("Unused"))
        .when(is(&[USAGE]))
        .then(word("Used"))
        .otherwise(null());
    when(col(COMMITMENT).is_null()).then(null()).otherwise(status)
}

/// Returns normalized units per unit of the size of the resource.
fn ratio(r: &Rows<'_>) -> Expr {
    cost_core::focus::decimal(
        r.by(Of::AdditionalInfo, |info| documents::value(info, "RINormalizationRatio")),
    )
}

/// Returns `value` for usage covered by a commitment and for its unused part, else `other`.
fn of_committed_usage(value: Expr, other: Expr) -> Expr {
    when(col(COMMITMENT).is_not_null().and(is(&[USAGE, UNUSED]))).then(value).otherwise(other)
}

pub(super) fn commitment_quantity(r: &Rows<'_>) -> Expr {
    let spent = if says_effective(r) { cost_in_pricing_currency(r) } else { unknown() };
    let quantity = when(is_plan()).then(spent).otherwise(amounts::consumed(ratio(r)));
    of_committed_usage(quantity, unknown())
}

pub(super) fn commitment_unit(r: &Rows<'_>) -> Expr {
    let normalized = rows::texts([col(UNIT), ratio(r).cast(DataType::String)], |[unit, ratio]| {
        let unit = unit?;
        Some(ratio.map_or_else(|| unit.to_owned(), |_| format!("Normalized {unit}")))
    });
    of_committed_usage(when(is_plan()).then(pricing_currency(r)).otherwise(normalized), null())
}

pub(super) fn usage_or(value: Expr, other: Expr) -> Expr {
    when(is(&[USAGE])).then(value).otherwise(other)
}

pub(super) fn unless_tax(value: Expr, other: Expr) -> Expr {
    when(is(&[TAX])).then(other).otherwise(value)
}

/// Returns `priced` for usage, purchases, and refunds; 0 for unused parts, which replace no
/// on-demand usage; the cost itself for charges without a price (tax, credit, rounding).
fn at_price(priced: Expr) -> Expr {
    when(is(&[UNUSED]))
        .then(amounts::number("0"))
        .when(is(&[USAGE, PURCHASE, REFUND]))
        .then(priced)
        .otherwise(col(COST))
}

pub(super) fn contracted(_: &Rows<'_>) -> Expr {
    at_price(amounts::at_price(BILLED_UNIT_PRICE, "UnitPrice × Quantity"))
}

pub(super) fn listed(_: &Rows<'_>) -> Expr {
    at_price(col(LIST_COST).fill_null(amounts::at_price(BILLED_LIST_PRICE, "PayGPrice × Quantity")))
}

pub(super) fn pricing_category(_: &Rows<'_>) -> Expr {
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

pub(super) fn pricing_currency(r: &Rows<'_>) -> Expr {
    r.text(Of::PricingCurrency).fill_null(r.text(Of::Currency))
}

/// Returns the cost in the pricing currency; if that is the billing currency, the cost.
pub(super) fn cost_in_pricing_currency(r: &Rows<'_>) -> Expr {
    let same = when(col(RATE).eq(amounts::number("1"))).then(col(COST)).otherwise(unknown());
    exact(r.details, Of::CostInPricingCurrency).fill_null(same)
}

fn is_marketplace(publisher_type: Option<&str>) -> bool {
    publisher_type.is_some_and(|t| is_word(t, "marketplace"))
}

fn is_microsoft(publisher: &str) -> bool {
    is_word(publisher, "microsoft") || is_word(publisher, "microsoftcorporation")
}

pub(super) fn publisher(r: &Rows<'_>) -> Expr {
    rows::texts(
        [r.text(Of::PublisherName), r.text(Of::PublisherType)],
        |[name, of_type]| match name {
            Some(name) if !is_microsoft(name) => Some(name.to_owned()),
            None if is_marketplace(of_type) => None,
            _ => Some("Microsoft".to_owned()),
        },
    )
}

/// Returns the region of a location. For a location that is not in the table, the name is
/// unchanged, and the ID is the name in lower case without spaces.
pub(super) fn region(
    r: &Rows<'_>,
    of: fn(&tables::Region) -> &str,
    other: fn(&str) -> String,
) -> Expr {
    r.by(Of::Location, move |location| {
        Some(
            tables::region(location)
                .map_or_else(|| other(location.trim()), |region| of(region).to_owned()),
        )
    })
}

/// Returns `value` for a purchase, refund, or unused part of a commitment, which belongs to no
/// other resource; else null.
fn of_commitment_itself(value: Expr) -> Expr {
    when(committed().and(is(&[PURCHASE, REFUND, UNUSED]))).then(value).otherwise(null())
}

pub(super) fn resource_id(r: &Rows<'_>) -> Expr {
    r.id(Of::ResourceId).fill_null(of_commitment_itself(col(COMMITMENT)))
}

pub(super) fn resource_name(r: &Rows<'_>) -> Expr {
    let of_id = r.by(Of::ResourceId, |id| ids::last_segment(id).map(ToOwned::to_owned));
    let name = r
        .text(Of::ResourceName)
        .fill_null(of_commitment_itself(commitment_name(r)))
        .fill_null(of_id);
    when(resource_id(r).is_null()).then(null()).otherwise(name)
}

pub(super) fn resource_type(r: &Rows<'_>) -> Expr {
    let of_id = rows::texts([resource_id(r)], |[id]| ids::resource_type(id?));
    when(resource_id(r).is_null()).then(null()).otherwise(of_id.fill_null(col(TYPE)))
}

/// Returns the service by `ConsumedService` and resource type. If these are not in the table, the
/// Marketplace publisher or else the category of the meter determines it.
pub(super) fn service(
    r: &Rows<'_>,
    of: fn(&tables::Service) -> &str,
    unknown: fn(&str) -> &str,
) -> Expr {
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

pub(super) fn capacity_reservation(r: &Rows<'_>) -> Expr {
    r.by(Of::AdditionalInfo, |info| {
        documents::value(info, "VMCapacityReservationId").and_then(|v| ids::id(&v))
    })
}

pub(super) const CAPACITY: &str =
    "microsoft.compute/capacityreservationgroups/capacityreservations";

pub(super) fn has_sub_account(r: &Rows<'_>) -> Expr {
    r.by(Of::SubscriptionId, ids::subscription).is_not_null()
}
