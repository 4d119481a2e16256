//! Costs, prices, and quantities of a row: billed, effective, list, contracted.
//!
//! **Costs.** The actual data set has the purchase of a commitment on the day it is paid, and the
//! covered usage at 0. The amortized data set has no purchases of commitments; their cost is on the
//! covered usage, and unused parts are separate rows. FOCUS has both: `BilledCost` is the actual
//! cost, `EffectiveCost` the amortized cost.
//!
//! **Zero prices.** Azure leaves prices of Marketplace charges and of reservations empty or 0. A
//! price of 0 is used if the row costs nothing and is not a commitment or Marketplace charge;
//! otherwise the price is unknown.
//!
//! **Blocks.** `UnitOfMeasure` can contain a number of units (`10K`, `100 Hours`). Microsoft's
//! conversion table divides `Quantity` by that number: `ContractedCost = UnitPrice × Quantity ÷
//! block`. Its schema has no block (`paygCostInBillingCurrency = PayGPrice × quantity ×
//! exchangeRatePricingToBilling`), and neither has any row of its sample exports (39 rows of an
//! Enterprise Agreement, 7 of them in `10K`) or of the public FOCUS sample (51 Azure rows, 39 of
//! them in blocks): their quantities are already in blocks. The cost of each row shows which
//! applies ([`DIVISOR`]); if it does not, the schema applies.
//!
//! Sources, read 2026-11: `microsoft/finops-toolkit`, `docs-mslearn/focus/convert.md` and
//! `validate.md`, `src/powershell/Tests/Unit/assets/EA_ActualCost_Small.csv` and
//! `EA_AmortizedCost_Small.csv`; `MicrosoftDocs/azure-docs`,
//! `cost-management-billing/automate/automation-ingest-usage-details-overview.md` ("Pricing
//! behavior in cost and usage details", with the limits of `PayGPrice` and `UnitPrice`) and
//! `dataset-schema/cost-usage-details-mca-partner.md`; FOCUS 1.2, columns `BilledCost`,
//! `EffectiveCost`, `ListCost`, `ContractedCost`.

use polars::prelude::*;

use super::details::CostDetails;
use super::names::Column as Of;
use super::{ids, tables};
use crate::rows;

// Columns of a row that several FOCUS columns depend on, calculated once.

/// Charge type: one of the numbers below. A file without `ChargeType` has only usage (pay-as-you-go
/// schema).
const KIND: &str = "__azure_kind";
pub(super) const USAGE: i64 = 1;
/// Unused part of a commitment.
pub(super) const UNUSED: i64 = 2;
pub(super) const PURCHASE: i64 = 3;
pub(super) const REFUND: i64 = 4;
pub(super) const CREDIT: i64 = 5;
pub(super) const TAX: i64 = 6;
const OTHER: i64 = 7;

/// Pricing model: one of the numbers below, null if the row does not state it.
const MODEL: &str = "__azure_model";
pub(super) const ON_DEMAND: i64 = 1;
pub(super) const SPOT: i64 = 2;
pub(super) const RESERVATION: i64 = 3;
pub(super) const PLAN: i64 = 4;

/// Resource type from the resource identifier, else `ResourceType`; lower case.
pub(super) const TYPE: &str = "__azure_type";
/// Commitment of rows that belong to one.
pub(super) const COMMITMENT: &str = "__azure_commitment";
/// Cost in the billing currency.
pub(super) const COST: &str = "__azure_cost";
/// `Quantity`, unchanged.
pub(super) const QUANTITY: &str = "__azure_quantity";
/// Unit, from `UnitOfMeasure`; unchanged if the table does not have it.
pub(super) const UNIT: &str = "__azure_unit";
/// Number of units that are priced together; 1 for units the table does not have.
pub(super) const BLOCK: &str = "__azure_block";
/// Exchange rate: billing currency per unit of the pricing currency; 1 if they are the same, null
/// if the row does not state it.
pub(super) const RATE: &str = "__azure_rate";
/// `UnitPrice` and `PayGPrice`, null if unknown; in the pricing currency.
pub(super) const UNIT_PRICE: &str = "__azure_unit_price";
pub(super) const LIST_PRICE: &str = "__azure_list_price";
/// `PaygCostInBillingCurrency`, null where unknown.
pub(super) const LIST_COST: &str = "__azure_list_cost";
/// `UnitPrice` and `PayGPrice` in the billing currency.
pub(super) const BILLED_UNIT_PRICE: &str = "__azure_billed_unit_price";
pub(super) const BILLED_LIST_PRICE: &str = "__azure_billed_list_price";
/// Divisor that converts `Quantity` to the unit of prices: [`BLOCK`] if the cost of the row shows
/// it, else 1.
const DIVISOR: &str = "__azure_divisor";

/// One, in 10⁻¹² units.
const ONE: i128 = 1_000_000_000_000;
/// Maximum deviation of a cost from price × quantity ÷ block for a quantity that is not in blocks:
/// 5 %. Chosen: costs and prices in exports are rounded, and the other candidate is at least twice
/// as far away.
const TOLERANCE_PCT: i128 = 5;
/// Minimum price of a commitment relative to the on-demand price: 10 %. Chosen, below Azure's
/// largest discounts: 72 % for three years reserved, 80 % with own licenses (Azure pricing, "Azure
/// Reservations", as known in 2024).
const LEAST_COMMITTED_PCT: i128 = 10;

/// Returns whether a text equals a word, ignoring case, spaces, and hyphens: `On Demand` and
/// `OnDemand` are equal.
pub(super) fn is_word(text: &str, word: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase());
    letters.eq(word.chars())
}

const KINDS: &[(&str, i64)] = &[
    ("usage", USAGE),
    ("unusedreservation", UNUSED),
    ("unusedsavingsplan", UNUSED),
    ("purchase", PURCHASE),
    ("refund", REFUND),
    ("credit", CREDIT),
    ("tax", TAX),
];

const MODELS: &[(&str, i64)] = &[
    ("ondemand", ON_DEMAND),
    ("spot", SPOT),
    ("reservation", RESERVATION),
    ("reservations", RESERVATION),
    ("unusedreservation", RESERVATION),
    ("savingsplan", PLAN),
    ("savingsplans", PLAN),
    ("unusedsavingsplan", PLAN),
];

fn code(words: &[(&str, i64)], text: &str) -> Option<i64> {
    words.iter().find(|(word, _)| is_word(text, word)).map(|(_, code)| *code)
}

/// Returns the pricing model by `PricingModel`. If that is blank, and for purchases and refunds
/// with on-demand pricing, unused parts or the named commitment determine it.
fn model([pricing, charge_type, benefit, reservation]: [Option<&str>; 4]) -> Option<i64> {
    let is_bought = charge_type
        .and_then(|t| code(KINDS, t))
        .is_some_and(|kind| [PURCHASE, REFUND].contains(&kind));
    let names_one = benefit.or(reservation).is_some();
    if let Some(pricing) = pricing {
        let model = code(MODELS, pricing);
        if !(is_bought && names_one && model == Some(ON_DEMAND)) {
            return model;
        }
    }
    let of_benefit = |id: &str| if is_of_plan(&id.to_lowercase()) { PLAN } else { RESERVATION };
    let of_unused = charge_type.and_then(|t| code(MODELS, t));
    of_unused.or_else(|| benefit.map(of_benefit)).or_else(|| reservation.map(|_| RESERVATION))
}

/// Returns whether the identifier of a commitment (lower case) is that of a savings plan.
fn is_of_plan(id: &str) -> bool {
    id.contains("/microsoft.billingbenefits/")
}

/// Returns whether the charge is one of these kinds.
pub(super) fn is(kinds: &[i64]) -> Expr {
    one_of(KIND, kinds)
}

fn one_of(column: &str, codes: &[i64]) -> Expr {
    let each = codes.iter().map(|c| col(column).eq(lit(*c)));
    each.reduce(Expr::or).unwrap_or_else(|| lit(false)).fill_null(lit(false))
}

/// Returns whether it has one of these pricing models.
pub(super) fn priced(models: &[i64]) -> Expr {
    one_of(MODEL, models)
}

/// Returns whether the row belongs to a commitment: covered usage, an unused part, a purchase, or a
/// refund.
pub(super) fn committed() -> Expr {
    priced(&[RESERVATION, PLAN])
}

/// Returns whether the commitment of the row, if any, is a savings plan: by its identifier, else by
/// the pricing model of the row.
pub(super) fn is_plan() -> Expr {
    let by_id = rows::codes([col(COMMITMENT)], |[id]| {
        let id = id?;
        if is_of_plan(id) {
            Some(PLAN)
        } else {
            id.contains("/microsoft.capacity/").then_some(RESERVATION)
        }
    });
    by_id.fill_null(col(MODEL)).eq(lit(PLAN)).fill_null(lit(false))
}

/// Returns an exact amount, for any type in the file.
pub(super) fn exact(details: &CostDetails, of: Of) -> Expr {
    cost_core::focus::decimal(details.amount(of))
}

/// Returns a number as an exact amount.
pub(super) fn number(value: &'static str) -> Expr {
    cost_core::focus::decimal(lit(value))
}

/// Returns an unknown amount.
pub(super) fn unknown() -> Expr {
    cost_core::focus::decimal(lit(NULL))
}

/// Returns `raw` with the columns above.
pub(super) fn prepared(details: &CostDetails, raw: LazyFrame) -> LazyFrame {
    let without_kind = if details.has(Of::ChargeType) { OTHER } else { USAGE };
    let kind = move |[charge_type]: [Option<&str>; 1]| {
        Some(charge_type.map_or(without_kind, |t| code(KINDS, t).unwrap_or(OTHER)))
    };
    let of_model = [Of::PricingModel, Of::ChargeType, Of::BenefitId, Of::ReservationId]
        .map(|of| details.text(of));
    let resource_type = |[id, of_type]: [Option<&str>; 2]| {
        id.and_then(ids::resource_type).or_else(|| of_type.and_then(ids::id))
    };
    let unit = |[unit]: [Option<&str>; 1]| {
        unit.map(|text| {
            tables::unit(text).map_or_else(|| text.trim().to_owned(), |u| u.unit.clone())
        })
    };
    let block =
        |[unit]: [Option<&str>; 1]| Some(unit.and_then(tables::unit).map_or(1, |u| u.block));
    let commitment = details.text(Of::BenefitId).fill_null(details.text(Of::ReservationId));
    let commitment = rows::texts([commitment], |[id]| id.and_then(ids::id));
    let one_currency =
        details.text(Of::PricingCurrency).eq(details.text(Of::Currency)).fill_null(lit(true));
    let rate = when(one_currency).then(number("1")).otherwise(unknown());
    let text = |of: Of| details.text(of);
    raw.with_columns([
        rows::codes([text(Of::ChargeType)], kind).alias(KIND),
        rows::codes(of_model, model).alias(MODEL),
        rows::texts([text(Of::ResourceId), text(Of::ResourceType)], resource_type).alias(TYPE),
        rows::texts([text(Of::Unit)], unit).alias(UNIT),
        cost_core::focus::decimal(rows::codes([text(Of::Unit)], block)).alias(BLOCK),
        exact(details, Of::Cost).alias(COST),
        exact(details, Of::Quantity).alias(QUANTITY),
        exact(details, Of::ExchangeRate).fill_null(rate).alias(RATE),
        exact(details, Of::UnitPrice).alias(UNIT_PRICE),
        exact(details, Of::ListPrice).alias(LIST_PRICE),
        exact(details, Of::ListCost).alias(LIST_COST),
    ])
    .with_columns([
        known(details, UNIT_PRICE),
        known(details, LIST_PRICE),
        known(details, LIST_COST),
        when(committed()).then(commitment).otherwise(lit(NULL)).alias(COMMITMENT),
    ])
    .with_columns([
        times(UNIT_PRICE, RATE, "UnitPrice × ExchangeRatePricingToBilling")
            .alias(BILLED_UNIT_PRICE),
        times(LIST_PRICE, RATE, "PayGPrice × ExchangeRatePricingToBilling")
            .alias(BILLED_LIST_PRICE),
    ])
    .with_columns([divisor().alias(DIVISOR)])
}

/// Returns a price or list cost, or null if 0 means that Azure does not report it.
fn known(details: &CostDetails, column: &str) -> Expr {
    let of_others =
        |[of_type]: [Option<&str>; 1]| of_type.filter(|t| is_word(t, "marketplace")).map(|_| 1);
    let marketplace = rows::codes([details.text(Of::PublisherType)], of_others).is_not_null();
    let costs = col(COST).neq(number("0")).fill_null(lit(true));
    let not_said = col(column).eq(number("0")).and(committed().or(marketplace).or(costs));
    when(not_said).then(unknown()).otherwise(col(column)).alias(column)
}

/// Returns the product of two columns.
fn times(one: &str, other: &str, what: &'static str) -> Expr {
    rows::amounts([col(one), col(other)], what, |row| match row {
        [Some(a), Some(b)] => product(a, b, ONE).map(Some),
        _ => Ok(None),
    })
}

/// Returns `price × Quantity ÷ divisor`; null if a part is unknown.
pub(super) fn at_price(price: &str, what: &'static str) -> Expr {
    rows::amounts([col(price), col(QUANTITY), col(DIVISOR)], what, |row| match row {
        [Some(price), Some(quantity), Some(divisor)] => product(price, quantity, divisor).map(Some),
        _ => Ok(None),
    })
}

/// Returns `Quantity` in the unit of prices.
pub(super) fn pricing_quantity() -> Expr {
    rows::amounts([col(QUANTITY), col(DIVISOR)], "Quantity", |row| match row {
        [Some(quantity), Some(divisor)] => product(quantity, ONE, divisor).map(Some),
        _ => Ok(None),
    })
}

/// Returns `Quantity` in single units, times `factor` if that is known.
pub(super) fn consumed(factor: Expr) -> Expr {
    let inputs = [col(QUANTITY), col(BLOCK), col(DIVISOR), factor];
    rows::amounts(inputs, "Quantity", |row| match row {
        [Some(quantity), Some(block), Some(divisor), factor] => {
            let units = product(quantity, block, divisor)?;
            factor.map_or(Ok(units), |f| product(units, f, ONE)).map(Some)
        }
        _ => Ok(None),
    })
}

fn divisor() -> Expr {
    let price = col(BILLED_UNIT_PRICE).fill_null(col(BILLED_LIST_PRICE));
    // On-demand charges with a known price have that price; all others can be cheaper.
    let exactly = priced(&[ON_DEMAND]).and(col(BILLED_UNIT_PRICE).is_not_null());
    let exactly = when(exactly).then(number("1")).otherwise(unknown());
    rows::amounts([price, col(QUANTITY), col(COST), col(BLOCK), exactly], "Quantity", |row| {
        let [Some(price), Some(quantity), Some(cost), Some(block), exactly] = row else {
            return Ok(Some(ONE));
        };
        let least = if exactly.is_some() { 100 - TOLERANCE_PCT } else { LEAST_COMMITTED_PCT };
        Ok(Some(if is_by_block(price, quantity, cost, block, least) { block } else { ONE }))
    })
}

/// Returns whether a cost matches `quantity ÷ block` at the price: at least `least` percent of the
/// product, and at most slightly more than all of it. All in units of 10⁻¹².
fn is_by_block(price: i128, quantity: i128, cost: i128, block: i128, least: i128) -> bool {
    if block <= ONE {
        return false;
    }
    let matches = || {
        let expected = product(price.checked_abs()?, quantity.checked_abs()?, ONE).ok()?;
        let share = cost.checked_abs()?.checked_mul(block / ONE)?.checked_mul(100)?;
        let within = share >= expected.checked_mul(least)?
            && share <= expected.checked_mul(100 + TOLERANCE_PCT)?;
        Some(expected > 0 && within)
    };
    matches().unwrap_or(false)
}

/// Returns `a × b ÷ by`, half-even; all in units of 10⁻¹².
///
/// # Errors
/// If the result does not fit.
fn product(a: i128, b: i128, by: i128) -> PolarsResult<i128> {
    let product = a
        .checked_mul(b)
        .filter(|_| by > 0)
        .ok_or_else(|| polars_err!(ComputeError: "an amount is too large"))?;
    let (quotient, rest) = (product.div_euclid(by), product.rem_euclid(by));
    let twice = rest.saturating_mul(2).cmp(&by);
    Ok(quotient + i128::from(twice.is_gt() || (twice.is_eq() && quotient % 2 != 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaled(text: &str) -> i128 {
        cost_core::focus::text::decimal(text).expect("a number").value
    }

    #[test]
    fn halves_go_to_the_even_neighbor() {
        let halves = [5, 15, 25, -5, -15, 26].map(|v| product(v, 1, 10).expect("fits"));
        assert_eq!(halves, [0, 2, 2, 0, -2, 3]);
        assert!(product(i128::MAX, 2, ONE).is_err());
    }

    #[test]
    fn the_cost_shows_what_a_quantity_counts() {
        let by_block = |price: &str, quantity: &str, cost: &str, block: &str, least: i128| {
            is_by_block(scaled(price), scaled(quantity), scaled(cost), scaled(block), least)
        };
        // Microsoft's sample export: 0.0004 of 10K at 0.1 cost 0.00004; the quantity is in blocks.
        assert!(!by_block("0.1", "0.0004", "0.00004", "10000", 95));
        // Its conversion table: 24 of "100 Hours" at 12 cost 2.88.
        assert!(by_block("12", "24", "2.88", "100", 95));
        assert!(by_block("-12", "24", "-2.88", "100", 95));
        // Half price by graduated tiers is not a block of 10, and neither is 72 % off by a
        // commitment.
        assert!(!by_block("1", "100", "50", "10", 95) && !by_block("1", "100", "28", "10", 10));
        // The same 72 % off with a block.
        assert!(by_block("10", "100", "28", "10", 10));
        // Free, or not in blocks: no evidence.
        assert!(!by_block("1", "100", "0", "10", 10) && !by_block("1", "100", "100", "1", 10));
    }
}
