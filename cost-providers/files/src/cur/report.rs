//! [`Report`]: the columns one report has, and expressions over them that are null where it lacks a column.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::documents;
use super::names::{key_of, normal, tag_key};

/// What marks a table as a Cost and Usage Report.
const MARKS: [&str; 2] = ["line_item_line_item_type", "line_item_unblended_cost"];

/// The columns of a Cost and Usage Report: legacy or 2.0, CSV or Parquet.
pub struct Report {
    /// Header by normal form.
    headers: BTreeMap<String, String>,
    /// Key and header of each tag that has a column of its own.
    tags: Vec<(String, String)>,
    /// The same for cost categories.
    categories: Vec<(String, String)>,
    /// Whether amounts are read as they are, since all have one type; otherwise they are turned to text.
    amount_type: DataType,
}

impl Report {
    /// The report a table is, if it is one.
    #[must_use]
    pub fn of(schema: &Schema) -> Option<Self> {
        let headers: BTreeMap<String, String> =
            schema.iter_names().map(|h| (normal(h.as_str()), h.to_string())).collect();
        if !MARKS.iter().all(|m| headers.contains_key(*m)) {
            return None;
        }
        let keyed = |csv: &str, prefix: &str| {
            let keyed = |h: &PlSmallStr| Some((key_of(h.as_str(), csv, prefix)?, h.to_string()));
            schema.iter_names().filter_map(keyed).collect::<Vec<_>>()
        };
        let is_amount = |n: &str| n.ends_with("_cost") || n.ends_with("_fee") || n.contains("_commitment");
        let amounts = headers.iter().filter(|(n, _)| is_amount(n) && !n.starts_with("resource_tags"));
        let mut types = amounts.filter_map(|(_, h)| schema.get(h.as_str())).cloned();
        let first = types.next().unwrap_or(DataType::String);
        let amount_type = if types.all(|t| t == first) { first } else { DataType::String };
        let tags = keyed("resourceTags/", "resource_tags_");
        let categories = keyed("costCategory/", "cost_category_");
        Some(Self { headers, tags, categories, amount_type })
    }

    /// Whether the report has a column.
    pub(super) fn has(&self, name: &str) -> bool {
        self.headers.contains_key(name)
    }

    /// A text column; blank is null.
    pub(super) fn text(&self, name: &str) -> Expr {
        let Some(header) = self.headers.get(name) else { return lit(NULL).cast(DataType::String) };
        let text = col(header.as_str()).cast(DataType::String);
        when(text.clone().eq(lit(""))).then(lit(NULL)).otherwise(text)
    }

    /// The first of several text columns that is not blank.
    pub(super) fn first(&self, names: &[&str]) -> Expr {
        names.iter().map(|n| self.text(n)).reduce(Expr::fill_null).unwrap_or_else(|| lit(NULL))
    }

    /// A column as it is, such as an instant.
    pub(super) fn raw(&self, name: &str) -> Expr {
        self.headers.get(name).map_or_else(|| lit(NULL), |h| col(h.as_str()))
    }

    /// An amount or quantity as the file has it: not decoded, so that a bad cell is met where its row can be named.
    pub(super) fn amount(&self, name: &str) -> Expr {
        let Some(header) = self.headers.get(name) else { return lit(NULL).cast(self.amount_type.clone()) };
        let raw = col(header.as_str()).cast(self.amount_type.clone());
        if self.amount_type == DataType::String {
            return when(raw.clone().eq(lit(""))).then(lit(NULL)).otherwise(raw);
        }
        raw
    }

    /// Zero, in the type of amounts.
    pub(super) fn zero(&self) -> Expr {
        lit(0).cast(self.amount_type.clone())
    }

    /// Whether the line item is of one of these types.
    pub(super) fn is(&self, types: &[&str]) -> Expr {
        let of = self.text(MARKS[0]);
        let each = types.iter().map(|t| of.clone().eq(lit(*t)));
        each.reduce(Expr::or).unwrap_or_else(|| lit(false)).fill_null(lit(false))
    }

    /// One key of the `product` map of CUR 2.0, or legacy's column of its own.
    pub(super) fn product(&self, key: &'static str) -> Expr {
        let own = self.text(&format!("product_{key}"));
        if !self.has("product") {
            return own;
        }
        let wanted = move |pairs: Vec<(String, String)>| pairs.into_iter().find(|(k, _)| k == key).map(|(_, v)| v);
        own.fill_null(documents::map(self.raw("product"), wanted))
    }

    /// Resource tags as a JSON object.
    pub(super) fn tags(&self) -> Expr {
        self.document("resource_tags", &self.tags)
    }

    /// Cost categories as a JSON object.
    pub(super) fn cost_categories(&self) -> Expr {
        self.document("cost_category", &self.categories)
    }

    fn document(&self, whole: &str, columns: &[(String, String)]) -> Expr {
        if self.has(whole) {
            let keyed =
                |pairs: Vec<(String, String)>| documents::json(pairs.into_iter().map(|(k, v)| (tag_key(&k), v)));
            return documents::map(self.raw(whole), keyed);
        }
        let keys: Vec<String> = columns.iter().map(|(k, _)| k.clone()).collect();
        let inputs: Vec<Expr> = columns.iter().map(|(_, h)| col(h.as_str())).collect();
        documents::texts(&inputs, move |row| {
            let pairs = keys.iter().zip(row).filter_map(|(k, v)| Some((k.clone(), (*v)?.to_owned())));
            documents::json(pairs)
        })
    }
}
