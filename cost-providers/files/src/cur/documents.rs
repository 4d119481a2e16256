//! Kernels over codes and maps, run batch by batch.

use std::collections::BTreeMap;

use cost_core::focus::written;
use polars::prelude::*;

use crate::rows;

/// Returns a column of small numbers, by a function of one row's texts in `inputs`.
pub(super) fn codes(
    inputs: &[Expr],
    function: impl Fn(&[Option<&str>]) -> i32 + Send + Sync + 'static,
) -> Expr {
    let kernel = move |columns: &[Column], height: usize| {
        let mut cells = Vec::with_capacity(height);
        rows::each_row(columns, height, |row| {
            cells.push(function(row));
            Ok(())
        })?;
        Ok(Int32Chunked::from_vec(PlSmallStr::EMPTY, cells).into_series())
    };
    rows::batchwise(inputs, DataType::Int32, kernel)
}

/// Returns the words for a column of codes from [`codes`].
pub(super) fn codes_to_words(codes: Expr, words: Vec<Option<&'static str>>) -> Expr {
    let kernel = move |columns: &mut [Column]| {
        let codes = columns[0].as_materialized_series();
        let mut builder = StringChunkedBuilder::new(codes.name().clone(), codes.len());
        for code in codes.i32()?.iter() {
            let at = code.and_then(|c| usize::try_from(c).ok());
            builder.append_option(at.and_then(|at| words.get(at).copied().flatten()));
        }
        Ok(builder.finish().into_series().into_column())
    };
    codes.map_many(kernel, &[], rows::as_type(DataType::String))
}

/// Keys and values of a map. Null values are skipped.
type Pairs = Vec<(String, String)>;

/// Returns a text column, by a function of the pairs of a map column. A cell that cannot be read as
/// a map is null; no cost depends on it.
pub(super) fn map(
    column: Expr,
    function: impl Fn(Pairs) -> Option<String> + Send + Sync + 'static,
) -> Expr {
    let with_value =
        |pairs: written::Pairs| pairs.into_iter().filter_map(|(k, v)| Some((k, v?))).collect();
    cells(column, move |pairs, _| pairs.map(with_value).and_then(&function))
}

/// Returns the cells of a map column that cannot be read as a map, as text; null for readable and
/// blank cells.
pub(super) fn unread(column: Expr) -> Expr {
    cells(column, |pairs, shown| if pairs.is_none() { Some(shown()) } else { None })
}

/// Returns a column, by a function of each cell's text and pairs; the pairs are `None` if the cell
/// is not a map.
fn cells(
    column: Expr,
    function: impl Fn(Option<written::Pairs>, &dyn Fn() -> String) -> Option<String>
    + Send
    + Sync
    + 'static,
) -> Expr {
    let kernel = move |columns: &mut [Column]| {
        Ok(written::cells(columns[0].as_materialized_series(), &function)?
            .into_series()
            .into_column())
    };
    column.map_many(kernel, &[], rows::as_type(DataType::String))
}

/// Returns a JSON object of the pairs that have a value, by key; `None` if there are none.
pub(super) fn json(pairs: impl IntoIterator<Item = (String, String)>) -> Option<String> {
    let object: BTreeMap<String, String> =
        pairs.into_iter().filter(|(_, v)| !v.is_empty()).collect();
    if object.is_empty() { None } else { serde_json::to_string(&object).ok() }
}
