//! Finds the cell that a scan stumbled over. Runs only after a failure, file by file, column by column.

use polars::prelude::*;

use super::frame::{Headers, Origin, Part, Role, USED, unreadable};
use super::kernels::{self, RoundedCells};
use super::{FocusError, columns, quote_cell, text};

/// The first bad cell in file order, or the file that cannot be read at all.
pub(super) fn first_bad_cell(parts: &[Part], tag_keys: &[String]) -> Option<FocusError> {
    origins(parts).find_map(|origin| in_origin(origin, tag_keys))
}

fn origins(parts: &[Part]) -> impl Iterator<Item = &Origin> {
    parts.iter().flat_map(|p| &p.origins)
}

fn in_origin(origin: &Origin, tag_keys: &[String]) -> Option<FocusError> {
    let mut raw = origin.raw.clone();
    let schema = match raw.collect_schema() {
        Ok(schema) => schema,
        Err(e) => return Some(unreadable(&origin.label, &e)),
    };
    let headers = Headers::read(&schema, &origin.label).ok()?;
    for used in USED {
        let Some(header) = headers.get(used.name) else { continue };
        let column = match raw.clone().select([col(header)]).collect() {
            Ok(frame) => frame.columns()[0].clone(),
            Err(e) => return Some(unreadable(&origin.label, &e)),
        };
        if let Some((row, problem)) = bad_cell(&column, used.role, used.required) {
            return Some(bad(origin, row, used.name, problem));
        }
    }
    let header = headers.get("Tags")?;
    let frame = raw.select([col(header)]).collect().ok()?;
    let column = &frame.columns()[0];
    let row = first_row(column, |c| kernels::to_tags(c, tag_keys).is_err())?;
    let shown = show(column, row);
    Some(bad(origin, row, "Tags", format!("{shown} is not a JSON object of tags, a map, or a list of key and value")))
}

fn bad(origin: &Origin, row: usize, column: &str, problem: String) -> FocusError {
    let row = u64::try_from(row).unwrap_or(u64::MAX).saturating_add(1);
    FocusError::BadCell { origin: origin.label.clone(), row, column: column.to_owned(), problem }
}

fn cell(column: &Column, row: usize) -> Column {
    column.slice(i64::try_from(row).unwrap_or(i64::MAX), 1)
}

fn show(column: &Column, row: usize) -> String {
    let value = cell(column, row).cast(&DataType::String).ok();
    let text = value.as_ref().and_then(|v| v.str().ok()).and_then(|s| s.get(0));
    quote_cell(text.unwrap_or(""))
}

/// The first row of a column that is null though it must not be, or does not decode, and what is wrong with it.
fn bad_cell(column: &Column, role: Role, required: bool) -> Option<(usize, String)> {
    let decoded = |c: &Column| match role {
        Role::Text => Ok(c.clone()),
        Role::Decimal => kernels::to_decimal(c, &RoundedCells::default()),
        Role::Day => kernels::to_day(c),
        Role::Instant => kernels::to_instant(c),
    };
    let row = first_row(column, |c| decoded(c).map_or(true, |d| required && d.null_count() > 0))?;
    let problem = match (decoded(&cell(column, row)), role) {
        (Ok(_), _) => "is null or blank; the specification says it must not be null".to_owned(),
        (Err(_), Role::Day | Role::Instant) => {
            format!("{} is not an ISO 8601 UTC date and time, such as 2024-09-01T00:00:00Z", show(column, row))
        }
        (Err(_), _) => format!(
            "{} is not a decimal number, such as 1234.5 or 4E-7 (no thousands separators, no currency sign)",
            show(column, row)
        ),
    };
    Some((row, problem))
}

/// The first row for which `fails`, where `fails` holds for a run of rows if it holds for one of them: by halving.
fn first_row(column: &Column, fails: impl Fn(&Column) -> bool) -> Option<usize> {
    let slice = |from: usize, len: usize| column.slice(i64::try_from(from).unwrap_or(i64::MAX), len);
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

fn text_column(origin: &Origin, name: &str) -> Option<StringChunked> {
    let mut raw = origin.raw.clone();
    let schema = raw.collect_schema().ok()?;
    let headers = Headers::read(&schema, &origin.label).ok()?;
    let frame = raw.select([col(headers.get(name)?).cast(DataType::String)]).collect().ok()?;
    frame.columns()[0].str().ok().cloned()
}

pub(super) fn mixed_currency(parts: &[Part]) -> Option<FocusError> {
    let mut first: Option<String> = None;
    for origin in origins(parts) {
        for (row, value) in text_column(origin, "BillingCurrency")?.iter().enumerate() {
            let value = value.unwrap_or("");
            match &first {
                None => first = Some(value.to_owned()),
                Some(f) if f != value => {
                    let row = u64::try_from(row).unwrap_or(u64::MAX).saturating_add(1);
                    let (first, found) = (quote_cell(f), quote_cell(value));
                    return Some(FocusError::MixedCurrency { origin: origin.label.clone(), row, first, found });
                }
                Some(_) => {}
            }
        }
    }
    None
}

pub(super) fn not_allowed(parts: &[Part], name: &'static str) -> Option<FocusError> {
    let spec = columns::lookup(name)?;
    let allowed = spec.allowed;
    for origin in origins(parts) {
        for (row, value) in text_column(origin, name)?.iter().enumerate() {
            let value = value.filter(|v| !text::is_null_text(v));
            if value.map_or(!spec.nullable, |v| !allowed.is_empty() && !allowed.contains(&v)) {
                let problem = match value {
                    None => "is null or blank; the specification says it must not be null".to_owned(),
                    Some(v) => format!("{} is not one of {}", quote_cell(v), allowed.join(", ")),
                };
                return Some(bad(origin, row, name, problem));
            }
        }
    }
    None
}
