//! [`BillingExport`]: columns of one export, and expressions over them that are null if a column is
//! missing.

use std::collections::BTreeMap;

use cost_core::focus::written::{self, Value};
use cost_core::focus::{columns, decimal};
use polars::prelude::*;

use crate::rows::{null, try_string};

/// Columns that identify a billing export. `credits` is one of them, because without credits a bill
/// would be too high.
const MARKS: &[&str] = &[
    "billing_account_id",
    "cost",
    "credits",
    "currency",
    "invoice.month",
    "service.description",
    "sku.id",
    "usage_start_time",
];

/// Google Cloud billing export, detailed or standard, identified by its columns.
///
/// A field such as `service.description` may be a field of a nested column `service` (Parquet), a
/// column `service.description` or `service_description` (CSV), or a key in a column `service` of
/// JSON text (`TO_JSON_STRING`).
#[derive(Clone)]
pub struct BillingExport {
    /// Header and type of each column, by the header in lower case with `_` for `.`.
    columns: BTreeMap<String, (String, DataType)>,
}

/// Returns a header or field in normal form: lower case, with `_` between its parts.
fn normal(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace(['.', ' '], "_").replace("__", "_")
}

/// Location of a field.
enum Place {
    /// A column, or a field of a nested column.
    Plain(Expr),
    /// Keys in a column of JSON text.
    Json(Expr, Vec<String>),
}

impl BillingExport {
    /// Returns the export of a table, if it is one. A FOCUS file is not, including Google's, and
    /// neither is a bill of another provider.
    #[must_use]
    pub fn of(schema: &Schema) -> Option<Self> {
        let is_focus = |h: &PlSmallStr| {
            columns::lookup(h.as_str())
                .is_some_and(|c| ["BilledCost", "ChargeCategory"].contains(&c.name))
        };
        if schema.iter_names().any(is_focus) {
            return None;
        }
        let column = |(header, dtype): (&PlSmallStr, &DataType)| {
            (normal(header.as_str()), (header.to_string(), dtype.clone()))
        };
        let export = Self { columns: schema.iter().map(column).collect() };
        MARKS.iter().all(|mark| export.has(mark)).then_some(export)
    }

    fn place(&self, path: &str) -> Option<Place> {
        if let Some((header, _)) = self.columns.get(&normal(path)) {
            return Some(Place::Plain(col(header.as_str())));
        }
        let (first, rest) = path.split_once('.')?;
        let (header, dtype) = self.columns.get(first)?;
        let keys = rest.split('.');
        if dtype == &DataType::String {
            return Some(Place::Json(col(header.as_str()), keys.map(ToOwned::to_owned).collect()));
        }
        let mut place = (col(header.as_str()), dtype);
        for key in keys {
            let DataType::Struct(fields) = place.1 else { return None };
            let field = fields.iter().find(|f| f.name().eq_ignore_ascii_case(key))?;
            place = (place.0.struct_().field_by_name(field.name()), field.dtype());
        }
        Some(Place::Plain(place.0))
    }

    /// Returns whether the export has a field. A column of JSON text counts as having all keys.
    pub(super) fn has(&self, path: &str) -> bool {
        self.place(path).is_some()
    }

    /// Returns a field as in the file; `None` if the export lacks it.
    pub(super) fn raw(&self, path: &str) -> Option<Expr> {
        Some(match self.place(path)? {
            Place::Plain(expr) => expr,
            Place::Json(column, keys) => {
                let name = path.to_owned();
                try_string(&[column], move |row| {
                    // Other text is not a document: the column has this name, but other content.
                    let Some(cell) = row[0].map(str::trim).filter(|cell| cell.starts_with('{'))
                    else {
                        return Ok(None);
                    };
                    let value = written::literal(cell).ok_or_else(|| {
                        let shown = cost_core::focus::quote_cell(cell);
                        polars_err!(ComputeError: "field {name}: {shown} is not a JSON object")
                    })?;
                    Ok(value.at(&keys).and_then(Value::text))
                })
            }
        })
    }

    /// Returns a field as text; blank is null.
    pub(super) fn text(&self, path: &str) -> Expr {
        let Some(raw) = self.raw(path) else { return null() };
        let text = raw.cast(DataType::String);
        when(text.clone().eq(lit(""))).then(null()).otherwise(text)
    }

    /// Returns the first of several fields that is not blank.
    pub(super) fn first(&self, paths: &[&str]) -> Expr {
        paths.iter().map(|p| self.text(p)).reduce(Expr::fill_null).unwrap_or_else(null)
    }

    /// Returns an exact amount, price, or quantity. A cell that is not a number fails the scan.
    pub(super) fn amount(&self, path: &str) -> Expr {
        decimal(self.raw(path).unwrap_or_else(|| lit(NULL)))
    }

    /// Returns all columns as in the file.
    pub(super) fn all(&self) -> Vec<Expr> {
        self.columns.values().map(|(header, _)| col(header.as_str())).collect()
    }
}
