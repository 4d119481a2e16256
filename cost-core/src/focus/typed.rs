//! FOCUS columns in the types an estate stores them.

use polars::prelude::*;

use super::columns::{Kind, lookup};
use super::expr::kernel;
use super::kernels::{self, RoundedCells};
use super::optional::Optional;
use super::unread::UnreadCells;
use super::used::is_needed;

/// Any amount, quantity or price (text, float, decimal) as exact `Decimal(38, 12)`. A cell that is
/// no number fails the scan.
pub fn decimal(raw: Expr) -> Expr {
    kernel(raw, kernels::decimal_type(), |c| kernels::to_decimal(c, &RoundedCells::default(), None))
}

/// As [`decimal`], but a word for nothing, such as `NaN`, is null: for amounts that are not always
/// there, such as a list price.
pub fn optional_decimal(raw: Expr) -> Expr {
    kernel(raw, kernels::decimal_type(), |c| {
        let optional = Optional { column: "", unread: &UnreadCells::default() };
        kernels::to_decimal(c, &RoundedCells::default(), Some(optional))
    })
}

/// Any column as text, nested ones as JSON; bytes that are no UTF-8 are null where `is_needed` does
/// not hold, and else fail the scan.
fn text(raw: Expr, is_needed: bool) -> Expr {
    kernel(raw, DataType::String, move |c| {
        let unread = UnreadCells::default();
        kernels::to_text(c, (!is_needed).then_some(Optional { column: "", unread: &unread }))
    })
}

/// Any instant (ISO 8601 text, date, date and time) as `Datetime(µs, UTC)`. A cell that is none
/// fails the scan.
pub fn instant(raw: Expr) -> Expr {
    kernel(raw, kernels::instant_type(), |c| kernels::to_instant(c, None))
}

/// As [`instant`], but a word for nothing, such as `NaT`, is null: for instants that are not always
/// there, such as the end of a charge.
pub fn optional_instant(raw: Expr) -> Expr {
    kernel(raw, kernels::instant_type(), |c| {
        kernels::to_instant(c, Some(Optional { column: "", unread: &UnreadCells::default() }))
    })
}

/// `frame` with the columns FOCUS knows under their names and in the types an estate stores:
/// decimals exact, instants in UTC, the rest text; maps and all columns that FOCUS does not know
/// (`x_…`) stay as they are.
///
/// In columns that no figure depends on, words for nothing (`NaN`, `NaT`, `None`) are null, and so
/// are bytes that are no UTF-8. Any other cell that is no number or no instant fails the scan.
///
/// # Errors
/// The engine's, if the frame's columns cannot be told.
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
