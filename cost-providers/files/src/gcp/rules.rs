//! Rules of the mapping: how each FOCUS column is built. Sources: see [`super::mapping`].

use cost_core::focus::{decimal, instant};
use polars::prelude::*;

use super::credits::field;
use super::export::BillingExport;
use super::kinds::{
    ADJUSTMENT, COMMITTED, COVERED, FEE, OTHER, SPOT, TAX, UNUSED, USAGE, USED, is, resource_based,
    settled,
};
use super::{labels, services};
use crate::rows::{self, null};

pub(super) fn word(text: &'static str) -> Expr {
    lit(text)
}

pub(super) fn no_text(_: &BillingExport) -> Expr {
    null()
}

pub(super) fn no_amount() -> Expr {
    decimal(lit(NULL))
}

pub(super) fn none(_: &BillingExport) -> Expr {
    no_amount()
}

fn zero() -> Expr {
    decimal(lit("0"))
}

/// Returns a text field, changed by a function.
pub(super) fn by(text: Expr, function: fn(&str) -> Option<String>) -> Expr {
    rows::string(&[text], move |row| function(row[0]?))
}

pub(super) fn if_any(kinds: &[&str], value: Expr, none: Expr) -> Expr {
    when(is(kinds)).then(value).otherwise(none)
}

/// Returns a quantity of usage and purchases.
pub(super) fn priced(value: Expr) -> Expr {
    when(is(USED).or(is(&[FEE, UNUSED]))).then(value).otherwise(no_amount())
}

pub(super) fn billed(_: &BillingExport) -> Expr {
    settled(field::BILLED)
}

pub(super) fn paid(_: &BillingExport) -> Expr {
    settled(field::PAID)
}

pub(super) fn listed(e: &BillingExport) -> Expr {
    when(is(&[UNUSED]))
        .then(zero())
        .when(is(&[TAX, ADJUSTMENT]))
        .then(billed(e))
        .otherwise(e.amount("cost_at_list"))
}

pub(super) fn contracted(e: &BillingExport) -> Expr {
    let default = e.amount("cost_at_effective_price_default");
    when(is(&[UNUSED]))
        .then(zero())
        .when(is(&[TAX, ADJUSTMENT]))
        .then(billed(e))
        .when(is(&[COMMITTED, OTHER]))
        .then(default.clone())
        .otherwise(default.fill_null(e.amount("cost")))
}

/// Returns a price of one unit of usage. The documentation does not define the unit price if a
/// price is for several units.
pub(super) fn unit_price(e: &BillingExport, price: Expr) -> Expr {
    let of_one =
        e.amount("price.pricing_unit_quantity").fill_null(decimal(lit("1"))).eq(decimal(lit("1")));
    when(is(USED).and(of_one)).then(price).otherwise(no_amount())
}

pub(super) fn contracted_unit_price(e: &BillingExport) -> Expr {
    let default = e.amount("price.effective_price_default");
    let effective = if_any(&[USAGE, SPOT, COVERED], e.amount("price.effective_price"), no_amount());
    unit_price(e, default.fill_null(effective))
}

/// Returns the first day of a year and month such as `202610`, or of the month `after` months
/// later. Other text is unchanged, so that the reader finds it where its row is known.
pub(super) fn month(e: &BillingExport, after: u32) -> Expr {
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

/// Returns whether an adjustment corrects usage, prices, or metadata, or negates a charge. Goodwill
/// and transfers of funds correct nothing.
fn corrects(row: &[Option<&str>]) -> Option<String> {
    let [kind, mode] = [row[0], row[1]].map(Option::unwrap_or_default);
    let correction = kind.ends_with("_CORRECTION")
        || mode == "PARTIAL_CORRECTION"
        || mode.starts_with("COMPLETE_NEGATION");
    correction.then(|| "Correction".to_owned())
}

/// Returns `Correction` if the usage is from a month before that of the invoice. Both months are in
/// Pacific time, as Google bills them.
pub(super) fn charge_class(e: &BillingExport) -> Expr {
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

pub(super) fn commitment(value: Expr, none: Expr, e: &BillingExport) -> Expr {
    let id = e.text("subscription.instance_id");
    when(is(&[COMMITTED, FEE, UNUSED]).and(id.is_not_null())).then(value).otherwise(none)
}

/// Returns one word for fees of resource-based commitments, and another for all other commitments.
pub(super) fn by_base(e: &BillingExport, resource: &'static str, spend: &'static str) -> Expr {
    let word = rows::string(&[e.text("sku.description")], move |row| {
        Some(if resource_based(row[0].unwrap_or_default()) { resource } else { spend }.to_owned())
    });
    commitment(word, null(), e)
}

fn is_resource_based(e: &BillingExport) -> Expr {
    by_base(e, "Usage", "Spend").eq(lit("Usage")).fill_null(lit(false))
}

pub(super) fn commitment_quantity(e: &BillingExport) -> Expr {
    let spend = if_any(&[FEE], e.amount("cost"), billed(e));
    let quantity =
        when(is_resource_based(e)).then(e.amount("usage.amount_in_pricing_units")).otherwise(spend);
    commitment(quantity, no_amount(), e)
}

pub(super) fn commitment_unit(e: &BillingExport) -> Expr {
    let unit = when(is_resource_based(e)).then(pricing_unit(e)).otherwise(e.text("currency"));
    commitment(unit, null(), e)
}

pub(super) fn commitment_status(e: &BillingExport) -> Expr {
    let status = when(is(&[UNUSED]))
        .then(word("Unused"))
        .when(is(&[COMMITTED]))
        .then(word("Used"))
        .otherwise(null());
    commitment(status, null(), e)
}

pub(super) fn pricing_unit(e: &BillingExport) -> Expr {
    by(e.text("usage.pricing_unit"), |unit| Some(services::unit(unit)))
}

pub(super) fn service(e: &BillingExport) -> Expr {
    e.first(&["service.description", "service.id"]).fill_null(word("Google Cloud"))
}

pub(super) fn region(e: &BillingExport) -> Expr {
    e.first(&["location.region", "location.location"])
}

pub(super) fn resource_id(e: &BillingExport) -> Expr {
    e.first(&["resource.global_name", "resource.name"])
}

/// Returns the publisher of the billed product: Google, or the seller on its Marketplace.
pub(super) fn publisher(e: &BillingExport) -> Expr {
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

pub(super) fn reservation(e: &BillingExport) -> Expr {
    let project = labels::system_label(e, "compute.googleapis.com/reservation_project_id");
    rows::string(&[labels::system_label(e, RESERVATION), project], |row| {
        let name = row[0]?;
        Some(row[1].map_or_else(|| name.to_owned(), |project| format!("{project}/{name}")))
    })
}

pub(super) fn reservation_status(e: &BillingExport) -> Expr {
    let unused = labels::system_label(e, "compute.googleapis.com/is_unused_reservation");
    rows::string(&[labels::system_label(e, RESERVATION), unused], |row| {
        row[0].map(|_| if row[1] == Some("true") { "Unused" } else { "Used" }.to_owned())
    })
}

pub(super) fn unless_tax(value: Expr) -> Expr {
    if_any(&[TAX], null(), value)
}

pub(super) fn with_id(value: Expr, id: Expr) -> Expr {
    when(id.is_null()).then(null()).otherwise(value)
}
