//! Totals of the month by charge category, and invoice totals.

use polars::prelude::*;

use super::span::{Period, Span};
use super::types::{Category, CategoryTotal, InvoiceTotal, Totals};
use crate::cells::day_lit;
use crate::money::Money;
use crate::month::Month;
use crate::rollup::{Measure, QueryError, Rollup};

/// Returns a filter for charges of the month: by charge day, or for billed cost by billing period
/// start.
pub(super) fn in_month(month: Month, measure: Measure) -> Expr {
    Period::all(month).charges(measure)
}

/// Returns a filter for charges of a category.
pub(super) fn is(category: Category) -> Expr {
    let correction = col("ChargeClass").is_not_null();
    let named = |name: &str| {
        col("ChargeCategory").eq(lit(name.to_owned())).and(col("ChargeClass").is_null())
    };
    match category {
        Category::Usage => named("Usage"),
        Category::Purchases => named("Purchase"),
        Category::Taxes => named("Tax"),
        Category::Credits => named("Credit"),
        Category::Adjustments => named("Adjustment"),
        Category::Refunds => correction,
    }
}

pub(super) fn totals(rollup: &Rollup, span: &Span) -> Result<Totals, QueryError> {
    let compare = |category: Option<Category>, measure: Measure| {
        span.compare(|period| {
            let filter = period.charges(measure);
            let filter = category.map_or(filter.clone(), |c| filter.and(is(c)));
            Ok(rollup.cube.total(filter)?.cost(measure))
        })
    };
    let category = |c: Category| {
        let (billed, effective) =
            (compare(Some(c), Measure::BilledCost)?, compare(Some(c), Measure::EffectiveCost)?);
        Ok::<_, QueryError>(CategoryTotal { category: c, billed, effective })
    };
    Ok(Totals {
        billed: compare(None, Measure::BilledCost)?,
        effective: compare(None, Measure::EffectiveCost)?,
        categories: Category::ALL.into_iter().map(category).collect::<Result<_, _>>()?,
    })
}

/// Returns `BilledCost` of the last days of a running month that are not complete: that of its
/// billing period without the days that count.
///
/// # Errors
/// [`QueryError`].
pub(super) fn left_out_billed(rollup: &Rollup, span: &Span) -> Result<Option<Money>, QueryError> {
    let Some(out) = span.left_out else { return Ok(None) };
    let of_period = Period::all(span.this.month).charges(Measure::BilledCost);
    let days = of_period
        .and(col("ChargeDay").gt_eq(day_lit(out.first_day)))
        .and(col("ChargeDay").lt_eq(day_lit(out.last_day)));
    Ok(Some(rollup.cube.total(days)?.billed))
}

/// Returns notes on the difference between the month's `BilledCost` and its days: charges of its
/// days that are in another billing period, and charges of other days that are in its own. One line
/// each; amounts of 0 have none.
///
/// # Errors
/// [`QueryError`].
pub(super) fn billed_elsewhere(rollup: &Rollup, month: Month) -> Result<Vec<String>, QueryError> {
    let of_days = || in_month(month, Measure::EffectiveCost);
    let of_period = || in_month(month, Measure::BilledCost);
    let mut notes = Vec::new();
    for group in rollup.cube.sum_by(&["BillingPeriodStart"], of_days().and(of_period().not()))? {
        let billed = group.amounts.billed;
        if !billed.amount().is_zero() {
            let period = group.key(0).get(..7).unwrap_or_default();
            notes.push(format!("{billed} of charges in {month} belongs to the billing period {period} and counts in that month's BilledCost"));
        }
    }
    let billed = rollup.cube.total(of_period().and(of_days().not()))?.billed;
    if !billed.amount().is_zero() {
        notes.push(format!(
            "{billed} of the BilledCost of {month} comes from charges that started in other months"
        ));
    }
    Ok(notes)
}

/// Returns Σ `BilledCost` per billing period, invoice issuer, and `InvoiceId`, exact, in the billing currency,
/// for invoice reconciliation.
///
/// # Errors
/// [`QueryError`].
pub fn invoices(rollup: &Rollup) -> Result<Vec<InvoiceTotal>, QueryError> {
    let as_billed = rollup.exchange.as_ref().map_or(std::slice::from_ref(rollup), |e| &e.as_billed);
    let mut all = Vec::new();
    for cube in as_billed.iter().map(|r| &r.cube) {
        let groups =
            cube.sum_by(&["BillingPeriodStart", "InvoiceIssuerName", "InvoiceId"], lit(true))?;
        let invoice = |g: crate::rollup::Group| {
            let billing_period = g.key(0).parse().ok()?;
            Some(InvoiceTotal {
                billing_period,
                invoice_issuer: g.keys[1].clone(),
                invoice_id: g.keys[2].clone(),
                billed: g.amounts.billed,
            })
        };
        all.extend(groups.into_iter().filter_map(invoice));
    }
    Ok(all)
}
