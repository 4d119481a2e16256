//! Finds the cell that a scan stumbled over. Runs only after a failure, file by file, column by
//! column.

use polars::prelude::*;

use super::failure::unreadable;
use super::headers::Headers;
use super::kernels::{self, RoundedCells};
use super::optional::Optional;
use super::origin::{Origin, Part};
use super::rows::Columns;
use super::unread::UnreadCells;
use super::used::{Role, USED, Used};
use super::{FocusError, columns, fold, quote_cell, text, written};
use crate::money::Currency;
use crate::shield::shield;

/// The first bad cell in file order, or the file that cannot be read at all.
pub(super) fn first_bad_cell(parts: &[Part]) -> Option<FocusError> {
    origins(parts).iter().find_map(in_origin)
}

/// All that rows come from: the origins of the parts, and then the charges that are made from what
/// a part before them has besides.
pub(super) fn origins(parts: &[Part]) -> Vec<Origin> {
    let mut of = "the bill".to_owned();
    let mut made = Vec::new();
    for part in parts {
        match part.origins.as_slice() {
            [] => made
                .push(Origin { label: format!("charges made from {of}"), rows: part.rows.clone() }),
            [one] => of.clone_from(&one.label),
            [first, others @ ..] => of = format!("{} and {} more", first.label, others.len()),
        }
    }
    parts.iter().flat_map(|p| &p.origins).cloned().chain(made).collect()
}

fn in_origin(origin: &Origin) -> Option<FocusError> {
    let headers = Headers::read(origin.rows.schema(), &origin.label).ok()?;
    for used in USED {
        let Some(header) = headers.get(used.name) else { continue };
        let found = first_in(origin, header, |column| {
            let (row, problem) = bad_cell(column, used)?;
            Some((row, used.name, problem))
        });
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Row within the batch, column, and what is wrong.
type Found = (usize, &'static str, String);

/// The first cell of a column that `find` finds in any batch, or why the rows cannot be read.
fn first_in(
    origin: &Origin,
    header: &str,
    find: impl Fn(&Column) -> Option<Found>,
) -> Option<FocusError> {
    let look = || {
        let mut before = 0;
        for batch in origin.rows.batches_of(&Columns::from([header.into()])) {
            let frame = batch?.select([col(header)]).collect()?;
            let column = &frame.columns()[0];
            if let Some((row, name, problem)) = find(column) {
                return Ok(Some(bad(origin, before + row, name, problem)));
            }
            before += column.len();
        }
        Ok(None)
    };
    shield(look).unwrap_or_else(|e| Some(unreadable(&origin.label, &e)))
}

fn bad(origin: &Origin, row: usize, column: &str, problem: String) -> FocusError {
    let row = u64::try_from(row).unwrap_or(u64::MAX).saturating_add(1);
    FocusError::BadCell { origin: origin.label.clone(), row, column: column.to_owned(), problem }
}

fn cell(column: &Column, row: usize) -> Column {
    column.slice(i64::try_from(row).unwrap_or(i64::MAX), 1)
}

fn show(column: &Column, row: usize) -> String {
    let cell = cell(column, row);
    // The engine panics on times that no calendar has: those are shown as the number that the file
    // holds.
    let value = shield(|| cell.cast(&DataType::String))
        .or_else(|_| cell.to_physical_repr().cast(&DataType::String))
        .ok();
    match value.as_ref().and_then(|v| v.str().ok()).and_then(|s| s.get(0)) {
        Some(text) => quote_cell(text),
        None => quote_cell(&written::shown(cell.as_materialized_series(), 0)),
    }
}

/// Returns whether decoding fails for a null in a required column. Blank text is accepted, because
/// the figures do not depend on it.
fn refuses_null(role: Role) -> bool {
    match role {
        Role::Decimal | Role::Day | Role::Period | Role::End => true,
        Role::Text | Role::Word | Role::Currency | Role::Identifier | Role::Account => false,
    }
}

/// Returns the first row of a column that is null although a value is required, or that does not
/// decode, and what is wrong with it.
fn bad_cell(column: &Column, used: &Used) -> Option<(usize, String)> {
    let required = used.required && refuses_null(used.role);
    let unread = UnreadCells::default();
    let optional = (!used.required).then_some(Optional { column: used.name, unread: &unread });
    let decoded = |c: &Column| match used.role {
        Role::Text | Role::Word | Role::Currency | Role::Identifier => {
            kernels::to_text(c, optional)
        }
        Role::Account => fold::accounts(c),
        Role::Decimal => kernels::to_decimal(c, &RoundedCells::default(), optional),
        Role::Day => kernels::to_day(c),
        Role::Period => kernels::to_period(c),
        Role::End => kernels::to_end(c, optional),
    };
    let row = first_row(column, |c| decoded(c).map_or(true, |d| required && d.null_count() > 0))?;
    let problem = match (decoded(&cell(column, row)), used.role) {
        (Ok(_), _) => "is null or blank; the specification says it must not be null".to_owned(),
        (Err(_), Role::Text | Role::Word | Role::Currency | Role::Identifier) => {
            format!("{} is not UTF-8: write the column as text in UTF-8", show(column, row))
        }
        (Err(_), Role::Day | Role::Period)
            if kernels::to_instant(&cell(column, row), None).is_ok() =>
        {
            format!("{} is outside the supported dates, which are 2000 to 2099", show(column, row))
        }
        (Err(_), Role::Day | Role::Period | Role::End) => {
            format!(
                "{} is not an ISO 8601 UTC date and time, such as 2024-09-01T00:00:00Z",
                show(column, row)
            )
        }
        (Err(_), Role::Account) => format!(
            "{} is an account ID that lost digits, for example in a spreadsheet: write IDs as text",
            show(column, row)
        ),
        (Err(_), _) => format!(
            "{} is not a decimal number, such as 1234.5 or 4E-7 (no thousands separators, no currency sign)",
            show(column, row)
        ),
    };
    Some((row, problem))
}

/// Returns the first row for which `fails` holds, by bisection. `fails` holds for a range of rows
/// if it holds for one of them.
fn first_row(column: &Column, fails: impl Fn(&Column) -> bool) -> Option<usize> {
    let slice =
        |from: usize, len: usize| column.slice(i64::try_from(from).unwrap_or(i64::MAX), len);
    let (mut from, mut len) = (0, column.len());
    if len == 0 || !fails(column) {
        return None;
    }
    while len > 1 {
        let half = len / 2;
        if fails(&slice(from, half)) {
            len = half;
        } else {
            from += half;
            len -= half;
        }
    }
    Some(from)
}

/// Returns the result of `find` for the first row whose text it rejects, as [`first_in`].
fn first_text(
    origin: &Origin,
    name: &str,
    mut find: impl FnMut(usize, Option<&str>) -> Option<FocusError>,
) -> Option<FocusError> {
    let headers = Headers::read(origin.rows.schema(), &origin.label).ok()?;
    let header = headers.get(name)?;
    let look = || {
        let mut row = 0;
        for batch in origin.rows.batches_of(&Columns::from([header.into()])) {
            let frame = batch?.select([col(header).cast(DataType::String)]).collect()?;
            for value in frame.columns()[0].str()?.iter() {
                row += 1;
                if let Some(found) = find(row, value) {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    };
    shield(look).unwrap_or_else(|e| Some(unreadable(&origin.label, &e)))
}

pub(super) fn mixed_currency(parts: &[Part], currencies: &[Currency]) -> Option<FocusError> {
    let mut first: Option<String> = None;
    origins(parts).iter().find_map(|origin| {
        first_text(origin, "BillingCurrency", |row, value| {
            let value = &value.unwrap_or("").trim().to_ascii_uppercase();
            let first = first.get_or_insert_with(|| value.to_owned());
            (first.as_str() != value).then(|| FocusError::MixedCurrency {
                origin: origin.label.clone(),
                row: u64::try_from(row).unwrap_or(u64::MAX),
                first: quote_cell(first),
                found: quote_cell(value),
                currencies: currencies.to_vec(),
            })
        })
    })
}

/// Returns the error for the first row with a missing or invalid currency.
pub(super) fn bad_currency(parts: &[Part]) -> Option<FocusError> {
    origins(parts).iter().find_map(|origin| {
        first_text(origin, "BillingCurrency", |row, value| {
            let value = value.filter(|v| !text::is_null_text(v));
            let problem = match value {
                None => "is null or blank; the specification says it must not be null".to_owned(),
                Some(v) if v.trim().to_ascii_uppercase().parse::<Currency>().is_ok() => {
                    return None;
                }
                Some(v) => {
                    format!("{} is not a three-letter ISO 4217 currency code", quote_cell(v))
                }
            };
            Some(bad(origin, row - 1, "BillingCurrency", problem))
        })
    })
}

pub(super) fn not_allowed(parts: &[Part], name: &'static str) -> Option<FocusError> {
    let spec = columns::lookup(name)?;
    let allowed = spec.allowed;
    wrong_text(parts, name, |value| {
        let is_allowed = |v: &str| {
            allowed.is_empty() || allowed.contains(&fold::word(name, allowed, v).as_str())
        };
        match value {
            None if spec.nullable => None,
            None => Some("is null or blank; the specification says it must not be null".to_owned()),
            Some(v) if is_allowed(v) => None,
            Some(v) => Some(format!("{} is not one of {}", quote_cell(v), allowed.join(", "))),
        }
    })
}

/// Returns the error for the first row whose text in a column is wrong, as described by `problem`.
fn wrong_text(
    parts: &[Part],
    name: &'static str,
    problem: impl Fn(Option<&str>) -> Option<String>,
) -> Option<FocusError> {
    origins(parts).iter().find_map(|origin| {
        first_text(origin, name, |row, value| {
            let problem = problem(value.filter(|v| !text::is_null_text(v)))?;
            Some(bad(origin, row - 1, name, problem))
        })
    })
}
