//! Conversion of FOCUS columns to the types that an estate stores.

use polars::prelude::*;

use super::columns::{Kind, lookup};
use super::expr::kernel;
use super::kernels::{self, RoundedCells};
use super::optional::Optional;
use super::unread::UnreadCells;
use super::used::is_needed;

/// Converts an amount, quantity, or price (text, float, decimal) to exact `Decimal(38, 12)`. A cell
/// that is not a number fails the scan.
pub fn decimal(raw: Expr) -> Expr {
    kernel(raw, kernels::decimal_type(), |c| kernels::to_decimal(c, &RoundedCells::default(), None))
}

/// Converts as [`decimal`], but placeholders such as `NaN` become null: for amounts that can be
/// missing, such as a list price.
pub fn optional_decimal(raw: Expr) -> Expr {
    kernel(raw, kernels::decimal_type(), |c| {
        let optional = Optional { column: "", unread: &UnreadCells::default() };
        kernels::to_decimal(c, &RoundedCells::default(), Some(optional))
    })
}

/// Converts any column to text, nested ones to JSON. Bytes that are not UTF-8 become null if
/// `is_needed` is false, and otherwise fail the scan.
fn text(raw: Expr, is_needed: bool) -> Expr {
    kernel(raw, DataType::String, move |c| {
        let unread = UnreadCells::default();
        kernels::to_text(c, (!is_needed).then_some(Optional { column: "", unread: &unread }))
    })
}

/// Converts an instant (ISO 8601 text, date, date and time) to `Datetime(µs, UTC)`. An invalid cell
/// fails the scan.
pub fn instant(raw: Expr) -> Expr {
    kernel(raw, kernels::instant_type(), |c| kernels::to_instant(c, None))
}

/// Converts as [`instant`], but placeholders such as `NaT` become null: for instants that can be
/// missing, such as the end of a charge.
pub fn optional_instant(raw: Expr) -> Expr {
    kernel(raw, kernels::instant_type(), |c| {
        kernels::to_instant(c, Some(Optional { column: "", unread: &UnreadCells::default() }))
    })
}

/// Returns `frame` with the FOCUS columns under their FOCUS names and in the types that an estate
/// stores: exact decimals, instants in UTC, and text otherwise. Maps and other columns (`x_…`) stay
/// unchanged.
///
/// In columns that no figure depends on, placeholders (`NaN`, `NaT`, `None`) and bytes that are not
/// UTF-8 become null. Any other invalid number or instant fails the scan.
///
/// # Errors
/// The engine's error if the frame's columns cannot be determined.
pub fn typed(mut frame: LazyFrame) -> PolarsResult<LazyFrame> {
    let schema = frame.collect_schema()?;
    let columns: Vec<Expr> = schema
        .iter()
        .map(|(header, dtype)| {
            let raw = col(header.as_str());
            // Headers are compared exactly here: an alias such as x_UsageType stays what it is.
            let Some(spec) = lookup(header.as_str()).filter(|c| c.name == header.as_str()) else {
                return raw;
            };
            match spec.kind {
                Kind::Decimal if is_needed(spec.name) => decimal(raw),
                Kind::Decimal => optional_decimal(raw),
                Kind::DateTime if is_needed(spec.name) => instant(raw),
                Kind::DateTime => optional_instant(raw),
                Kind::KeyValue if !matches!(dtype, DataType::String | DataType::Null) => raw,
                Kind::Text | Kind::KeyValue | Kind::Currency => text(raw, is_needed(spec.name)),
            }
        })
        .collect();
    Ok(frame.select(columns))
}
