//! Conversion of a bill's rows to the form that an estate stores: FOCUS, as far as the bill has the
//! data.

use polars::prelude::*;

use super::columns::{self, Kind};
use super::expr::kernel;
use super::failure::unreadable;
use super::headers::Headers;
use super::{FocusError, fold, typed, written};

/// Returns `frame` in the form that an estate stores: FOCUS columns with their FOCUS names and the
/// types of [`typed`], fixed values and currency codes in FOCUS spelling, and tags as JSON objects.
/// Other columns (`x_…`, AWS usage types) and unreadable values and tags stay unchanged. An invalid
/// number or instant is null or fails the scan, as described for [`typed`]. No value is invented:
/// missing values stay null.
///
/// ```
/// use cost_core::focus::estate_rows;
/// use polars::prelude::*;
///
/// let bill = df!("billed_cost" => ["1.50"], "charge_category" => ["usage"], "tags" => ["{'team': 'web'}"])?;
/// let rows = estate_rows("a.csv", bill.lazy())?.collect()?;
/// assert_eq!(rows.get_column_names(), ["BilledCost", "ChargeCategory", "Tags"]);
/// assert_eq!(rows.column("ChargeCategory")?.str()?.get(0), Some("Usage"));
/// assert_eq!(rows.column("Tags")?.str()?.get(0), Some(r#"{"team":"web"}"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`FocusError::DuplicateColumn`] if two headers may be the same column;
/// [`FocusError::Unreadable`] if the frame's columns cannot be determined.
pub fn estate_rows(label: &str, mut frame: LazyFrame) -> Result<LazyFrame, FocusError> {
    let failed = |e: PolarsError| unreadable(label, &e);
    let schema = frame.collect_schema().map_err(failed)?;
    let headers = Headers::read(&schema, label)?;
    let named: Vec<(&str, &str)> = columns::COLUMNS
        .iter()
        .filter_map(|c| Some((headers.get(c.name)?, c.name)))
        .filter(|(header, name)| !schema.contains(name) && columns::lookup_exact(header).is_none())
        .collect();
    let (from, to): (Vec<&str>, Vec<&str>) = named.into_iter().unzip();
    let mut typed = typed(frame.rename(from, to, true)).map_err(failed)?;
    let schema = typed.collect_schema().map_err(failed)?;
    Ok(typed.with_columns(
        schema.iter().filter_map(|(name, dtype)| spelled(name, dtype)).collect::<Vec<_>>(),
    ))
}

/// Returns a column's cells in FOCUS spelling, if FOCUS defines one.
fn spelled(name: &PlSmallStr, dtype: &DataType) -> Option<Expr> {
    let spec = columns::lookup_exact(name)?;
    if *dtype != DataType::String {
        return None;
    }
    let cells = col(name.clone());
    match spec.kind {
        Kind::Currency => Some(kernel(cells, DataType::String, fold::currencies)),
        Kind::Text if !spec.allowed.is_empty() => {
            Some(kernel(cells, DataType::String, move |c| fold::words(c, spec.name)))
        }
        Kind::KeyValue if !spec.nested => {
            Some(kernel(cells, DataType::String, |c| fold::mapped(c, |_| false, object)))
        }
        _ => None,
    }
}

/// Returns a tag document as a JSON object; unchanged if it already is one or cannot be read.
fn object(cell: &str) -> String {
    if serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(cell).is_ok() {
        return cell.to_owned();
    }
    let Some(pairs) = written::pairs(cell) else { return cell.to_owned() };
    let value = |v: Option<String>| v.map_or(serde_json::Value::Null, serde_json::Value::String);
    let object: serde_json::Map<String, serde_json::Value> =
        pairs.into_iter().map(|(k, v)| (k, value(v))).collect();
    serde_json::Value::Object(object).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_words_and_tags_are_those_of_focus_and_the_rest_is_left() {
        let bill = df!(
            "Billed Cost" => ["1,5"; 0], "BillingCurrency" => [""; 0], "x_UsageType" => [""; 0], "Provider" => [""; 0]
        );
        let rows = estate_rows("a", bill.expect("columns").lazy())
            .and_then(|l| l.collect().map_err(|e| unreadable("a", &e)));
        let names: Vec<String> =
            rows.expect("rows").get_column_names().iter().map(ToString::to_string).collect();
        assert_eq!(names, ["BilledCost", "BillingCurrency", "x_UsageType", "ProviderName"]);
        let cells =
            [r#"[{"key": "a", "value": "1"}]"#, r#"{"a": {"b": 1}}"#, "no tags", "{'a': None}"];
        let found = cells.map(object);
        assert_eq!(found, [r#"{"a":"1"}"#, r#"{"a": {"b": 1}}"#, "no tags", r#"{"a":null}"#]);
    }

    #[test]
    fn words_for_no_instant_are_null_where_no_figure_depends_on_it() {
        let ends = |column: &str, cell: &str| {
            let bill = df!(column => [cell, "2026-05-02T00:00:00Z"]).expect("a column");
            estate_rows("a", bill.lazy()).expect("columns").collect()
        };
        for word in ["NaT", "None", "nan"] {
            let rows = ends("ChargePeriodEnd", word).expect("rows");
            assert_eq!(rows.column("ChargePeriodEnd").expect("there").null_count(), 1, "{word}");
            assert!(ends("ChargePeriodStart", word).is_err(), "{word}");
        }
        assert!(ends("ChargePeriodEnd", "soon").is_err(), "no word for nothing");
    }

    #[test]
    fn a_column_that_is_there_under_its_name_is_not_overwritten() {
        let bill = df!("ProviderName" => ["Azure"], "ServiceProviderName" => ["Microsoft"])
            .expect("columns");
        let rows = estate_rows("a", bill.lazy()).expect("rows").collect().expect("rows");
        assert_eq!(rows.get_column_names(), ["ProviderName", "ServiceProviderName"]);
    }
}
