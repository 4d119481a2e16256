//! Every charge type with every pricing model, alone and in pairs; prices, units, dates, headers
//! and documents; and another generator's export against an independent sum.
//!
//! Expected values are worked out by hand from Microsoft's conversion table
//! (`microsoft/finops-toolkit`, `docs-mslearn/focus/convert.md`) and FOCUS 1.2, where no other
//! source is named.

mod costs;
mod dates;
mod headers;
mod prices;
mod whole;

use cost_core::focus::typed;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::{CostDetails, Role};

/// What a row has if it does not say otherwise: an hour on demand under an Enterprise Agreement.
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

/// One row, by `column=value` cells.
type Row<'a> = &'a [(&'a str, &'a str)];

/// Rows of an export; what a row does not say it has of [`DEFAULTS`], else it is blank.
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

/// Rows of exactly these cells; all else is blank, as null and as empty text in turn.
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

/// The charges, in the types of an estate.
fn charges(frame: &DataFrame, role: Role) -> DataFrame {
    typed(details(frame).charges(frame.clone().lazy(), role))
        .and_then(LazyFrame::collect)
        .expect("charges")
}

/// The charges of the rows read alone, as what they are.
fn alone(frame: &DataFrame) -> DataFrame {
    let dataset = details(frame).dataset(frame.clone().lazy()).expect("one data set");
    charges(frame, Role::Alone(dataset))
}

fn cells(frame: &DataFrame, column: &str) -> Vec<Option<String>> {
    let text = frame.column(column).expect("column").cast(&DataType::String).expect("text");
    text.str().expect("text").iter().map(|t| t.map(ToOwned::to_owned)).collect()
}

/// Cells as text, `-` for null.
fn words(frame: &DataFrame, column: &str) -> Vec<String> {
    cells(frame, column).into_iter().map(|c| c.unwrap_or_else(|| "-".to_owned())).collect()
}

/// The same of numbers, without zeros at the end.
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
