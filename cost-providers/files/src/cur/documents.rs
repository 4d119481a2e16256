//! Kernels over text and documents: tags and cost categories as JSON, one key of a map, what an identifier tells.

use std::collections::BTreeMap;

use polars::prelude::*;

/// `inputs` by way of a function of one row's texts, to a column of text.
pub(super) fn texts(
    inputs: &[Expr],
    function: impl Fn(&[Option<&str>]) -> Option<String> + Send + Sync + 'static,
) -> Expr {
    let Some((first, rest)) = inputs.split_first() else { return lit(NULL).cast(DataType::String) };
    let kernel = move |columns: &mut [Column]| {
        let texts = columns.iter().map(|c| c.cast(&DataType::String)).collect::<PolarsResult<Vec<_>>>()?;
        let texts = texts.iter().map(Column::str).collect::<PolarsResult<Vec<_>>>()?;
        let height = texts.iter().map(|t| t.len()).find(|len| *len != 1).unwrap_or(1);
        let mut builder = StringChunkedBuilder::new(PlSmallStr::EMPTY, height);
        let mut row = vec![None; texts.len()];
        for at in 0..height {
            for (cell, text) in row.iter_mut().zip(&texts) {
                // A column of one value stands for that value in each row.
                *cell = text.get(if text.len() == 1 { 0 } else { at });
            }
            builder.append_option(function(&row));
        }
        Ok(builder.finish().into_series().into_column())
    };
    let output = |_: &Schema, fields: &[Field]| {
        Ok(Field::new(fields.first().map(|f| f.name().clone()).unwrap_or_default(), DataType::String))
    };
    first.clone().map_many(kernel, rest, output)
}

/// Key and text of each pair of a map: JSON text, or a list of key and value as a Parquet map arrives.
type Pairs = Vec<(String, String)>;

fn pairs_of_json(text: &str) -> Option<Pairs> {
    let document: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
    let pair = |(key, value): (String, serde_json::Value)| match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some((key, text)),
        other => Some((key, other.to_string())),
    };
    Some(document.into_iter().filter_map(pair).collect())
}

fn pairs_of_list(list: &ListChunked, row: usize) -> PolarsResult<Pairs> {
    let Some(pairs) = list.get_as_series(row) else { return Ok(Vec::new()) };
    let fields = pairs.struct_()?.fields_as_series();
    let [key, value, ..] = fields.as_slice() else { return Ok(Vec::new()) };
    let (key, value) = (key.cast(&DataType::String)?, value.cast(&DataType::String)?);
    let both = |(k, v): (Option<&str>, Option<&str>)| Some((k?.to_owned(), v?.to_owned()));
    Ok(key.str()?.iter().zip(value.str()?.iter()).filter_map(both).collect())
}

/// A map column by way of a function of its pairs, to a column of text. A cell that is no map is an error.
pub(super) fn map(column: Expr, function: impl Fn(Pairs) -> Option<String> + Send + Sync + 'static) -> Expr {
    let kernel = move |columns: &mut [Column]| {
        let series = columns[0].as_materialized_series();
        let mut builder = StringChunkedBuilder::new(series.name().clone(), series.len());
        match series.dtype() {
            DataType::List(_) => {
                let list = series.list()?;
                for row in 0..list.len() {
                    builder.append_option(function(pairs_of_list(list, row)?));
                }
            }
            _ => {
                for cell in series.cast(&DataType::String)?.str()?.iter() {
                    let pairs = match cell.map(str::trim) {
                        None | Some("") => Vec::new(),
                        Some(text) => pairs_of_json(text).ok_or_else(
                            || polars_err!(ComputeError: "column {}: `{text}` is not a JSON object", series.name()),
                        )?,
                    };
                    builder.append_option(function(pairs));
                }
            }
        }
        Ok(builder.finish().into_series().into_column())
    };
    let output = |_: &Schema, fields: &[Field]| {
        Ok(Field::new(fields.first().map(|f| f.name().clone()).unwrap_or_default(), DataType::String))
    };
    column.map_many(kernel, &[], output)
}

/// A JSON object of the pairs that have a value, by key; `None` if there are none.
pub(super) fn json(pairs: impl IntoIterator<Item = (String, String)>) -> Option<String> {
    let object: BTreeMap<String, String> = pairs.into_iter().filter(|(_, v)| !v.is_empty()).collect();
    if object.is_empty() { None } else { serde_json::to_string(&object).ok() }
}
