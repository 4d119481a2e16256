//! Every charge type with every pricing model, individually and in pairs; prices, units, dates,
//! headers, and documents; and the export of another generator compared with an independent sum.
//!
//! Expected values are calculated by hand from Microsoft's conversion table
//! (`microsoft/finops-toolkit`, `docs-mslearn/focus/convert.md`) and FOCUS 1.2, unless another
//! source is named.

mod costs;
mod dates;
mod headers;
mod nise;
mod prices;

use cost_core::focus::typed;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::{CostDetails, Role};

/// Default cells of a row: an hour of on-demand usage under an Enterprise Agreement.
const DEFAULTS: &[(&str, &str)] = &[
    ("BillingAccountId", "123"),
    ("BillingCurrencyCode", "EUR"),
    ("BillingPeriodEndDate", "2026-06-30"),
    ("BillingPeriodStartDate", "2026-06-01"),
    ("BillingProfileId", "123"),
    ("ChargeType", "Usage"),
    ("CostInBillingCurrency", "0"),
    ("Date", "2026-06-05"),
    ("MeterId", "M-1"),
    ("PricingModel", "OnDemand"),
    ("Quantity", "1"),
    ("SubscriptionId", "S-1"),
    ("UnitOfMeasure", "1 Hour"),
];

/// Returns one row, by `column=value` cells.
type Row<'a> = &'a [(&'a str, &'a str)];

/// Returns rows of an export. Missing cells have the value of [`DEFAULTS`], else they are blank.
fn export(rows: &[Row<'_>]) -> DataFrame {
    let defaulted: Vec<Vec<(&str, &str)>> = rows
        .iter()
        .map(|row| {
            let missing = DEFAULTS.iter().filter(|(name, _)| row.iter().all(|(n, _)| n != name));
            row.iter().chain(missing).copied().collect()
        })
        .collect();
    frame(&defaulted.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// Returns rows of exactly these cells. All others are blank, alternating between null and empty
/// text.
fn frame(rows: &[Row<'_>]) -> DataFrame {
    let mut names: Vec<&str> = rows.iter().flat_map(|r| r.iter().map(|(name, _)| *name)).collect();
    names.sort_unstable();
    names.dedup();
    let column = |name: &&str| {
        let cells = rows.iter().enumerate().map(|(at, row)| {
            let blank = if at.is_multiple_of(2) { None } else { Some("") };
            row.iter().find(|(n, _)| n == name).map_or(blank, |(_, v)| Some(*v))
        });
        cells.collect::<StringChunked>().into_series().with_name((*name).into()).into_column()
    };
    DataFrame::new(rows.len(), names.iter().map(column).collect()).expect("columns of one length")
}

fn details(frame: &DataFrame) -> CostDetails {
    CostDetails::of(frame.schema()).expect("cost details")
}

/// Returns the charges, in the types of an estate.
fn charges(frame: &DataFrame, role: Role) -> DataFrame {
    typed(details(frame).charges(frame.clone().lazy(), role))
        .and_then(LazyFrame::collect)
        .expect("charges")
}

/// Returns the charges of the rows when read individually, in their own role.
fn alone(frame: &DataFrame) -> DataFrame {
    let dataset = details(frame).dataset(frame.clone().lazy()).expect("one data set");
    charges(frame, Role::Alone(dataset))
}

fn cells(frame: &DataFrame, column: &str) -> Vec<Option<String>> {
    let text = frame.column(column).expect("column").cast(&DataType::String).expect("text");
    text.str().expect("text").iter().map(|t| t.map(ToOwned::to_owned)).collect()
}

/// Returns cells as text, `-` for null.
fn words(frame: &DataFrame, column: &str) -> Vec<String> {
    cells(frame, column).into_iter().map(|c| c.unwrap_or_else(|| "-".to_owned())).collect()
}

/// Returns numbers as text, without trailing zeros.
fn numbers(frame: &DataFrame, column: &str) -> Vec<String> {
    let number = |t: String| t.parse::<Decimal>().map_or(t, |d| d.normalize().to_string());
    words(frame, column).into_iter().map(number).collect()
}

fn sum(frame: &DataFrame, column: &str) -> Decimal {
    cells(frame, column)
        .into_iter()
        .flatten()
        .map(|t| t.parse::<Decimal>().expect("a number"))
        .sum::<Decimal>()
        .normalize()
}

fn dec(text: &str) -> Decimal {
    text.parse::<Decimal>().expect("a number").normalize()
}
