//! Labels and tags as JSON objects.
//!
//! If a key occurs more than once, the closest value counts: tags (those of the resource before
//! inherited ones), then labels of the resource, then labels of the project. Within one source, the
//! first one counts. Null keys, and null or blank values, are skipped.
//!
//! Source: Cloud Billing documentation, "Structure of Detailed data export", `tags`, `labels`,
//! `project.labels`, `system_labels`. Read 2026-11.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::export::BillingExport;
use super::nested::Records;
use crate::rows::{as_type, null};

/// Fields of a label or tag, in the order in which they are read.
const FIELDS: [&str; 4] = ["key", "value", "inherited", "namespace"];

/// Label or tag with key and value.
struct Label<'a> {
    key: &'a str,
    value: &'a str,
    inherited: bool,
    namespace: Option<&'a str>,
}

/// Returns the labels of a row in one source; none if the cell cannot be read.
fn labels(records: &Records, row: usize) -> impl Iterator<Item = Label<'_>> {
    let get =
        |record: usize, field: usize| records.get(record, field).filter(|text| !text.is_empty());
    records.row(row).into_iter().flatten().filter_map(move |record| {
        Some(Label {
            key: get(record, 0)?,
            value: get(record, 1)?,
            inherited: get(record, 2).is_some_and(|text| text.eq_ignore_ascii_case("true")),
            namespace: get(record, 3),
        })
    })
}

/// Returns a text column from columns of labels, by a function of the labels of a row in each
/// column.
fn of_labels(
    columns: Vec<Expr>,
    function: impl Fn(&[Records], usize) -> Option<String> + Send + Sync + 'static,
) -> Expr {
    let Some((first, rest)) = columns.split_first() else { return null() };
    let kernel = move |columns: &mut [Column]| {
        let sources =
            columns.iter().map(|c| Records::of(c, &FIELDS)).collect::<PolarsResult<Vec<_>>>()?;
        let height = sources.first().map_or(0, Records::height);
        let texts: StringChunked = (0..height).map(|row| function(&sources, row)).collect();
        Ok(texts.with_name(columns[0].name().clone()).into_series().into_column())
    };
    first.clone().map_many(kernel, rest, as_type(DataType::String))
}

fn json(pairs: &BTreeMap<String, &str>) -> Option<String> {
    if pairs.is_empty() { None } else { serde_json::to_string(pairs).ok() }
}

/// Returns the labels and tags that users set on a resource, as a JSON object.
pub(super) fn tags(export: &BillingExport) -> Expr {
    let sources =
        ["tags", "labels", "project.labels"].iter().filter_map(|path| export.raw(path)).collect();
    of_labels(sources, |sources, row| {
        let mut pairs = BTreeMap::new();
        for source in sources {
            for inherited in [false, true] {
                for label in labels(source, row).filter(|label| label.inherited == inherited) {
                    pairs.entry(label.key.to_owned()).or_insert(label.value);
                }
            }
        }
        json(&pairs)
    })
}

/// Returns all tags by their full names, `namespace/key`, as a JSON object.
pub(super) fn namespaced_tags(export: &BillingExport) -> Expr {
    of_labels(export.raw("tags").into_iter().collect(), |sources, row| {
        let mut pairs = BTreeMap::new();
        for label in sources.iter().flat_map(|source| labels(source, row)) {
            let key = label
                .namespace
                .map_or_else(|| label.key.to_owned(), |space| format!("{space}/{}", label.key));
            pairs.entry(key).or_insert(label.value);
        }
        json(&pairs)
    })
}

/// Returns the labels that Google set on a resource, as a JSON object.
pub(super) fn system_labels(export: &BillingExport) -> Expr {
    of_labels(export.raw("system_labels").into_iter().collect(), |sources, row| {
        let mut pairs = BTreeMap::new();
        for label in sources.iter().flat_map(|source| labels(source, row)) {
            pairs.entry(label.key.to_owned()).or_insert(label.value);
        }
        json(&pairs)
    })
}

/// Returns the value of one of Google's labels.
pub(super) fn system_label(export: &BillingExport, key: &'static str) -> Expr {
    of_labels(export.raw("system_labels").into_iter().collect(), move |sources, row| {
        let mut all = sources.iter().flat_map(|source| labels(source, row));
        all.find(|label| label.key == key).map(|label| label.value.to_owned())
    })
}

/// Returns whether labels or tags of a row cannot be read.
pub(super) fn unreadable(export: &BillingExport) -> Expr {
    let paths = ["tags", "labels", "project.labels", "system_labels"];
    let sources = paths.iter().filter_map(|path| export.raw(path)).collect();
    let word = of_labels(sources, |sources, row| {
        sources.iter().any(|source| source.row(row).is_none()).then(|| "unreadable".to_owned())
    });
    word.is_not_null()
}
