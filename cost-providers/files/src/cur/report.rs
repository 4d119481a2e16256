//! [`Report`]: columns of one report, and expressions over them that are null if a column is
//! missing.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::documents;
use super::names::{key_of, squashed, tag_key};
use super::types::{Class, ClassFields, LineItemType, classify, folded};
use crate::rows;

/// Columns that identify a Cost and Usage Report, in addition to a cost.
const MARK: &str = "line_item_line_item_type";
/// Cost columns: before negotiated discounts, and after.
pub(super) const COSTS: [&str; 2] = ["line_item_unblended_cost", "line_item_net_unblended_cost"];

/// Columns that amounts or months depend on, even if an export has only selected columns.
const NEEDED: [&str; 4] = [
    "bill_billing_period_start_date",
    "bill_payer_account_id",
    "line_item_currency_code",
    "line_item_usage_start_date",
];

/// Amount columns.
const AMOUNTS: [&str; 24] = [
    "line_item_net_unblended_cost",
    "line_item_unblended_cost",
    "line_item_usage_amount",
    "pricing_public_on_demand_cost",
    "reservation_effective_cost",
    "reservation_net_effective_cost",
    "reservation_net_unused_amortized_upfront_fee_for_billing_period",
    "reservation_net_unused_recurring_fee",
    "reservation_total_reserved_units",
    "reservation_unused_amortized_upfront_fee_for_billing_period",
    "reservation_unused_quantity",
    "reservation_unused_recurring_fee",
    "savings_plan_amortized_upfront_commitment_for_billing_period",
    "savings_plan_net_amortized_upfront_commitment_for_billing_period",
    "savings_plan_net_recurring_commitment_for_billing_period",
    "savings_plan_net_savings_plan_effective_cost",
    "savings_plan_recurring_commitment_for_billing_period",
    "savings_plan_savings_plan_effective_cost",
    "savings_plan_total_commitment_to_date",
    "savings_plan_used_commitment",
    "split_line_item_net_split_cost",
    "split_line_item_net_unused_cost",
    "split_line_item_split_cost",
    "split_line_item_unused_cost",
];

/// Class of a line item, by [`Class::code`]: a column that [`Report::classed`] adds to those of the
/// report.
pub(super) const CLASS: &str = "class of the line item";

/// Columns of a Cost and Usage Report: legacy or 2.0, CSV or Parquet.
#[derive(Clone)]
pub struct Report {
    /// Header by the common form of its spellings.
    headers: BTreeMap<String, String>,
    /// Key and header of each tag with a separate column.
    tags: Vec<(String, String)>,
    /// The same for cost categories.
    categories: Vec<(String, String)>,
    /// Whether amounts are read unchanged because all have one type; otherwise they are converted
    /// to text.
    amount_type: DataType,
}

impl Report {
    /// Returns the report of a table, if it is one: it has line item types and costs, at least net
    /// costs.
    #[must_use]
    pub fn of(schema: &Schema) -> Option<Self> {
        let mut headers = BTreeMap::new();
        for header in schema.iter_names() {
            headers.entry(squashed(header.as_str())).or_insert_with(|| header.to_string());
        }
        let has = |name: &str| headers.contains_key(&squashed(name));
        if !has(MARK) || !COSTS.iter().any(|c| has(c)) {
            return None;
        }
        let keyed = |prefixes: &[&str], key: fn(&str) -> String| {
            let of = |header: &PlSmallStr| {
                Some((key(key_of(header.as_str(), prefixes)?), header.to_string()))
            };
            schema.iter_names().filter_map(of).collect::<Vec<_>>()
        };
        let tags = keyed(&["resourceTags/", "resource_tags_"], tag_key);
        let categories = keyed(&["costCategory/", "cost_category_"], str::to_owned);
        let types = AMOUNTS.iter().filter_map(|n| schema.get(headers.get(&squashed(n))?.as_str()));
        let amount_type = common_type(types);
        Some(Self { headers, tags, categories, amount_type })
    }

    /// Returns the missing columns that amounts or months depend on, in CUR 2.0 names. An export
    /// with selected columns may lack them, and cannot be read without them.
    #[must_use]
    pub fn lacks(&self) -> Vec<&'static str> {
        NEEDED.into_iter().filter(|name| !self.has(name)).collect()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(&squashed(name)).map(String::as_str)
    }

    /// Returns whether the report has a column.
    pub(super) fn has(&self, name: &str) -> bool {
        self.header(name).is_some()
    }

    /// Returns a text column; blank is null.
    pub(super) fn text(&self, name: &str) -> Expr {
        self.header(name).map_or_else(
            || lit(NULL).cast(DataType::String),
            |h| unless_blank(col(h).cast(DataType::String)),
        )
    }

    /// Returns the first of several text columns that is not blank.
    pub(super) fn first(&self, names: &[&str]) -> Expr {
        names.iter().map(|n| self.text(n)).reduce(Expr::fill_null).unwrap_or_else(|| lit(NULL))
    }

    /// Returns an unchanged column, such as an instant.
    pub(super) fn raw(&self, name: &str) -> Expr {
        self.header(name).map_or_else(|| lit(NULL), col)
    }

    /// Returns an account ID: twelve digits, with leading zeros restored if a program removed them.
    /// Source: AWS Account Management reference, "AWS account identifiers": a 12-digit number.
    pub(super) fn account(&self, name: &str) -> Expr {
        rows::text(&[self.text(name)], |row| {
            let account = row[0]?.trim();
            let digits = account.strip_suffix(".0").unwrap_or(account);
            let is_number =
                (1..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            Some(if is_number { format!("{digits:0>12}").into() } else { account.into() })
        })
    }

    /// Returns an amount or quantity as in the file. It is not decoded, so that the reader finds an
    /// invalid cell where its row is known.
    pub(super) fn amount(&self, name: &str) -> Expr {
        let Some(header) = self.header(name) else {
            return lit(NULL).cast(self.amount_type.clone());
        };
        let raw = col(header).cast(self.amount_type.clone());
        if self.amount_type == DataType::String { unless_blank(raw) } else { raw }
    }

    /// Returns zero, in the type of amounts.
    pub(super) fn zero(&self) -> Expr {
        lit(0).cast(self.amount_type.clone())
    }

    /// Returns null, in the type of amounts.
    pub(super) fn no_amount(&self) -> Expr {
        lit(NULL).cast(self.amount_type.clone())
    }

    /// Returns the rows of the report, with [`CLASS`].
    pub(super) fn classed(&self, raw: LazyFrame) -> LazyFrame {
        raw.with_columns([self.class()])
    }

    /// Returns [`CLASS`] of a line item.
    pub(super) fn class(&self) -> Expr {
        let cost = COSTS.iter().find(|c| self.has(c)).copied().unwrap_or(COSTS[0]);
        let fields = [
            self.text(MARK),
            self.text("line_item_line_item_description"),
            self.text("line_item_product_code"),
            self.text("savings_plan_savings_plan_arn"),
            self.text("reservation_reservation_arn"),
            self.amount(cost).cast(DataType::String),
        ];
        let class = documents::codes(&fields, |row| {
            let [kind, description, product_code, plan, reservation, cost] = row else {
                return Class::Unknown.code();
            };
            let negative = cost.is_some_and(|c| c.trim_start().starts_with('-'));
            let (kind, description, product_code) = (*kind, *description, *product_code);
            classify(&ClassFields {
                kind,
                description,
                product_code,
                plan: *plan,
                reservation: *reservation,
                negative,
            })
            .code()
        });
        class.alias(CLASS)
    }

    /// Returns the type of the line item in the spelling of AWS; unknown types are unchanged.
    pub(super) fn line_item_type(&self) -> Expr {
        rows::text(&[self.text(MARK)], |row| {
            let word = row[0]?;
            Some(LineItemType::of(word).map_or(word.trim(), |t| t.name).into())
        })
    }

    /// Returns one key of the `product` map of CUR 2.0, or the separate column of legacy reports.
    pub(super) fn product(&self, key: &'static str) -> Expr {
        let own = self.text(&format!("product_{key}"));
        if !self.has("product") {
            return own;
        }
        let wanted = move |pairs: Vec<(String, String)>| {
            let value = pairs.into_iter().find(|(k, _)| folded(k).eq(folded(key))).map(|(_, v)| v);
            value.filter(|v| !v.is_empty())
        };
        own.fill_null(documents::map(self.raw("product"), wanted))
    }

    /// Returns resource tags as a JSON object: from their map, from `tags`, which also contains
    /// others, or from separate columns.
    pub(super) fn tags(&self) -> Expr {
        self.document(self.tag_map(), &self.tags, tag_key)
    }

    fn tag_map(&self) -> Option<&'static str> {
        let own = if self.tags.is_empty() { Some("tags") } else { None };
        ["resource_tags"].into_iter().chain(own).find(|n| self.has(n))
    }

    /// Returns cost categories as a JSON object.
    pub(super) fn cost_categories(&self) -> Expr {
        let map = Some("cost_category").filter(|n| self.has(n));
        self.document(map, &self.categories, str::to_owned)
    }

    /// Returns the columns that contain a map.
    pub(super) fn maps(&self) -> Vec<&'static str> {
        let own = ["cost_category", "product"].into_iter().filter(|n| self.has(n));
        self.tag_map().into_iter().chain(own).collect()
    }

    fn document(
        &self,
        map: Option<&str>,
        columns: &[(String, String)],
        key: fn(&str) -> String,
    ) -> Expr {
        if let Some(map) = map {
            let keyed = move |pairs: Vec<(String, String)>| {
                documents::json(pairs.into_iter().map(|(k, v)| (key(&k), v)))
            };
            return documents::map(self.raw(map), keyed);
        }
        let keys: Vec<String> = columns.iter().map(|(k, _)| k.clone()).collect();
        let inputs: Vec<Expr> = columns.iter().map(|(_, h)| col(h.as_str())).collect();
        rows::text(&inputs, move |row| {
            let pairs =
                keys.iter().zip(row).filter_map(|(k, v)| Some((k.clone(), (*v)?.to_owned())));
            documents::json(pairs).map(Into::into)
        })
    }
}

/// Returns whether a line item has one of these classes, in rows with [`CLASS`].
pub(super) fn is(classes: &[Class]) -> Expr {
    let each = classes.iter().map(|c| col(CLASS).eq(lit(c.code())));
    each.reduce(Expr::or).unwrap_or_else(|| lit(false))
}

/// Returns the common type of amounts if it can be converted to exact decimals; else text. A column
/// without a type has no amounts.
fn common_type<'a>(types: impl Iterator<Item = &'a DataType>) -> DataType {
    let mut types = types.filter(|t| **t != DataType::Null);
    let Some(first) = types.next() else { return DataType::String };
    let decodes = matches!(
        first,
        DataType::Float32
            | DataType::Float64
            | DataType::Int32
            | DataType::Int64
            | DataType::UInt32
            | DataType::UInt64
            | DataType::Decimal(..)
    );
    if decodes && types.all(|t| t == first) { first.clone() } else { DataType::String }
}

/// Returns text, or null for blank text and `NULL`.
fn unless_blank(text: Expr) -> Expr {
    let is = |word: &str| text.clone().eq(lit(word));
    when(is("").or(is("NULL")).or(is("null"))).then(lit(NULL)).otherwise(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_one_type_and_never_cut() {
        use DataType::{Float64, Int64, Null, String};
        let type_of = |types: &[DataType]| common_type(types.iter());
        assert_eq!(type_of(&[Float64, Null, Float64]), Float64);
        assert_eq!(type_of(&[Int64, Int64]), Int64);
        for mixed in [&[Int64, Float64][..], &[String, Float64], &[Null], &[], &[DataType::Boolean]]
        {
            assert_eq!(type_of(mixed), String, "{mixed:?}");
        }
        let (narrow, wide) = (DataType::Decimal(17, 10), DataType::Decimal(38, 9));
        assert_eq!(
            (type_of(&[narrow.clone(), wide]), type_of(std::slice::from_ref(&narrow))),
            (String, narrow)
        );
    }

    #[test]
    fn every_amount_that_rules_read_is_known_as_one() {
        let rules = [include_str!("amounts.rs"), include_str!("mapping.rs")].concat();
        let starts =
            ["line_item_", "pricing_", "reservation_", "savings_plan_", "split_line_item_"];
        let ends = [
            "_cost",
            "_fee",
            "_period",
            "_amount",
            "_to_date",
            "_commitment",
            "_units",
            "_quantity",
        ];
        let mut found = 0;
        for name in
            rules.split('"').filter(|n| n.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        {
            if starts.iter().any(|s| name.starts_with(s)) && ends.iter().any(|e| name.ends_with(e))
            {
                assert!(AMOUNTS.contains(&name), "{name}");
                found += 1;
            }
        }
        assert!(found >= 20, "{found}");
    }
}
