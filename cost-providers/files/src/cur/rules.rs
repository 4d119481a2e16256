//! Rules of the mapping: how each FOCUS column is built. Sources: see [`super::mapping`].

use polars::prelude::*;

use super::amounts::{self, NETTING, OF_PLANS, OF_RESERVATIONS, USAGE, is_share};
use super::documents;
use super::report::{CLASS, Report, is};
use super::services;
use super::types::{Class, RULES, Rule, folded};
use crate::rows::{self, null};

/// Unit of items that are counted individually.
pub(super) const ONE: &str = "Units";

pub(super) fn word(text: &'static str) -> Expr {
    lit(text)
}

pub(super) fn zero(_: &Report) -> Expr {
    cost_core::focus::decimal(lit("0"))
}

pub(super) fn no_amount() -> Expr {
    cost_core::focus::decimal(lit(NULL))
}

/// Returns a value by class; null for classes without one.
pub(super) fn by_class(of: fn(&Rule) -> Option<&'static str>) -> Expr {
    documents::codes_to_words(col(CLASS), RULES.iter().map(of).collect())
}

fn commitment(r: &Report) -> Expr {
    r.first(&["reservation_reservation_arn", "savings_plan_savings_plan_arn"])
}

fn is_purchase() -> Expr {
    let purchases = RULES.iter().filter(|r| r.category == "Purchase").map(|r| r.class);
    is(&purchases.collect::<Vec<_>>())
}

/// Returns a value by type of commitment, if the line item names one; else null.
pub(super) fn of_commitment(r: &Report, plan: Expr, reservation: Expr) -> Expr {
    let named = |classes| is(classes).and(commitment(r).is_not_null());
    when(named(OF_PLANS))
        .then(plan)
        .when(named(OF_RESERVATIONS))
        .then(reservation)
        .otherwise(null())
}

/// Returns `value` for usage and line items that reduce its cost; else null.
pub(super) fn usage_or_null(value: Expr) -> Expr {
    when(is(USAGE).or(is(NETTING))).then(value).otherwise(lit(NULL))
}

/// Returns `value` for usage, line items that reduce its cost, and purchases; else null.
pub(super) fn priced_or_null(value: Expr) -> Expr {
    when(is(USAGE).or(is(NETTING)).or(is_purchase())).then(value).otherwise(lit(NULL))
}

/// Returns the quantity of the line item. Line items that reduce the cost of usage have none,
/// because the usage itself has it.
pub(super) fn quantity(r: &Report) -> Expr {
    when(is(NETTING)).then(r.zero()).otherwise(r.amount("line_item_usage_amount"))
}

/// A share of another line item has no price; the other line item has it.
pub(super) fn priced_quantity(r: &Report) -> Expr {
    when(is_share(r)).then(r.zero()).otherwise(quantity(r))
}

/// Changes "Standard" to "Dynamic" for usage at spot prices.
pub(super) fn pricing_category(r: &Report) -> Expr {
    let category = by_class(|rule| rule.pricing);
    let of_spot = rows::text(&[category.clone(), r.text("line_item_usage_type")], |row| {
        let is_spot = row[1].is_some_and(|usage_type| usage_type.contains("SpotUsage"));
        row[0].map(|category| {
            if is_spot && category == "Standard" { "Dynamic" } else { category }.into()
        })
    });
    when(is(&[Class::Usage, Class::Discount])).then(of_spot).otherwise(category)
}

/// Returns the description of the line item, or its type and usage type if there is none.
pub(super) fn description(r: &Report) -> Expr {
    let words =
        ["line_item_line_item_description", "line_item_line_item_type", "line_item_usage_type"];
    rows::text(&words.map(|name| r.text(name)), |row| {
        let words = || row[1..].iter().copied().flatten().collect::<Vec<_>>().join(", ");
        Some(row[0].map_or_else(|| words().into(), Into::into))
    })
}

/// Returns AWS's unit in the words of FOCUS. Source: FOCUS 1.2, attribute "Unit format": `Hours`,
/// `GB-Months`.
fn unit(r: &Report) -> Expr {
    rows::text(&[r.text("pricing_unit")], |row| {
        let unit = row[0]?.trim();
        let is = |word: &str, words: &[&str]| words.iter().any(|w| w.eq_ignore_ascii_case(word));
        match unit.rsplit_once('-') {
            Some((of, last)) if is(last, &["mo", "month", "months"]) => {
                Some(format!("{of}-Months").into())
            }
            _ if is(unit, &["hr", "hrs", "hour", "hours"]) => Some("Hours".into()),
            _ => (!unit.is_empty()).then(|| unit.into()),
        }
    })
}

/// Returns [`unit`]; if AWS reports none, and it is not on-demand usage, the unit of items that are
/// counted individually. Source: FOCUS 1.2, attribute "Unit format".
pub(super) fn unit_or_one(r: &Report) -> Expr {
    let on_demand = is(&[Class::Usage]).and(is_share(r).not());
    when(on_demand).then(unit(r)).otherwise(unit(r).fill_null(word(ONE)))
}

/// Returns a unit if there is a quantity.
pub(super) fn with(quantity: Expr, unit: Expr) -> Expr {
    when(quantity.is_not_null()).then(unit).otherwise(null())
}

/// Returns the unit of a commitment: hours for a reservation, currency for a plan.
pub(super) fn commitment_unit(r: &Report) -> Expr {
    of_commitment(r, currency(r, &["line_item_currency_code"]), unit_or_one(r))
}

pub(super) fn currency(r: &Report, names: &[&str]) -> Expr {
    rows::text(&[r.first(names)], |row| {
        let code = row[0]?.trim();
        let is_upper = code.bytes().all(|b| b.is_ascii_uppercase());
        Some(if is_upper { code.into() } else { code.to_ascii_uppercase().into() })
    })
}

pub(super) fn service_category(r: &Report) -> Expr {
    rows::text(&[r.text("line_item_product_code")], |row| {
        Some(services::category(row[0].unwrap_or_default().trim()).into())
    })
}

pub(super) fn service_subcategory(r: &Report) -> Expr {
    rows::text(&[r.text("line_item_product_code")], |row| {
        Some(format!("Other ({})", services::category(row[0].unwrap_or_default().trim())).into())
    })
}

pub(super) fn service_name(r: &Report) -> Expr {
    r.product("product_name").fill_null(r.text("line_item_product_code")).fill_null(word("AWS"))
}

/// Returns whether a word of a closed list is the given one.
fn is_word(text: &str, wanted: &str) -> bool {
    folded(text).eq(folded(wanted))
}

pub(super) fn publisher(r: &Report) -> Expr {
    let names = ["bill_billing_entity", "line_item_legal_entity"];
    rows::text(&names.map(|name| r.text(name)), |row| {
        let other = row[0].filter(|entity| !is_word(entity, "AWS"));
        Some(other.map_or("AWS", |entity| row[1].unwrap_or(entity)).into())
    })
}

pub(super) fn capacity_status(r: &Report) -> Expr {
    let names = [
        "capacity_reservation_capacity_reservation_arn",
        "capacity_reservation_capacity_reservation_status",
    ];
    rows::text(&names.map(|name| r.text(name)), |row| {
        row[0]?;
        Some(
            if row[1].is_some_and(|status| is_word(status, "Unused")) { "Unused" } else { "Used" }
                .into(),
        )
    })
}

pub(super) fn region(r: &Report) -> Expr {
    r.text("product_region_code").fill_null(r.product("region"))
}

pub(super) fn region_name(r: &Report) -> Expr {
    rows::text(&[region(r), r.product("location")], |row| {
        let region = row[0]?;
        Some(row[1].or_else(|| cost_core::cloud::aws::region_name(region)).unwrap_or(region).into())
    })
}

pub(super) fn resource_id(r: &Report) -> Expr {
    let fees = [
        Class::PlanUpfront,
        Class::PlanRecurring,
        Class::ReservationUpfront,
        Class::ReservationRecurring,
    ];
    when(is(&fees)).then(commitment(r)).otherwise(r.text("line_item_resource_id"))
}

pub(super) fn resource_type(r: &Report) -> Expr {
    rows::text(&[resource_id(r)], |row| services::resource_type(row[0]?).map(Into::into))
}

pub(super) fn commitment_id(r: &Report) -> Expr {
    of_commitment(r, commitment(r), commitment(r))
}

pub(super) fn commitment_type(r: &Report) -> Expr {
    let offering = r.text("savings_plan_offering_type").fill_null(word("Savings Plan"));
    of_commitment(r, offering, word("Reserved Instance"))
}

pub(super) fn commitment_quantity(r: &Report) -> Expr {
    let units =
        r.amount("reservation_total_reserved_units").fill_null(r.amount("line_item_usage_amount"));
    when(commitment(r).is_null())
        .then(r.no_amount())
        .when(is(&[Class::Covered]))
        .then(amounts::effective(r))
        .when(is(&[Class::Negation]))
        .then(r.zero())
        .when(is(&[Class::PlanUpfront, Class::PlanRecurring]))
        .then(amounts::billed(r))
        .when(is(&[Class::Reserved]))
        .then(r.amount("line_item_usage_amount"))
        .when(is(&[Class::ReservationUpfront, Class::ReservationRecurring]))
        .then(units)
        .otherwise(r.no_amount())
}

pub(super) fn unused_quantity(r: &Report) -> Expr {
    let of_reservation = cost_core::focus::decimal(r.amount("reservation_unused_quantity"));
    when(is(&[Class::PlanRecurring])).then(amounts::unused(r)).otherwise(of_reservation)
}

/// The plan also paid for the usage in its negation: both have the status of used commitment.
pub(super) fn used(r: &Report) -> Expr {
    let of_use = is(&[Class::Reserved, Class::Covered, Class::Negation]);
    when(of_use.and(commitment(r).is_not_null())).then(word("Used")).otherwise(null())
}

pub(super) fn contracted_unit_price(r: &Report) -> Expr {
    let rate = r.first(&["line_item_net_unblended_rate", "line_item_unblended_rate"]);
    when(is(&[Class::Usage, Class::Covered])).then(rate).otherwise(lit(NULL))
}

pub(super) fn list_unit_price(r: &Report) -> Expr {
    when(is(USAGE)).then(r.text("pricing_public_on_demand_rate")).otherwise(lit(NULL))
}

pub(super) fn split(r: &Report, columns: [&str; 2]) -> Expr {
    cost_core::focus::decimal(amounts::net_or(r, columns))
}
