//! Kernels over the cells of a row, which polars runs batch by batch.
//!
//! ```text
//! texts, codes     of a fixed number of texts: exports repeat the same few, so each result is computed once per batch
//! text, string     of any number of texts, computed for each row
//! amounts          of exact amounts
//! batchwise        of complete columns, the base of the others
//! ```

use std::borrow::Cow;
use std::collections::HashMap;

use polars::prelude::*;

/// Returns a text column, by a function of one row's texts in `inputs`.
pub(crate) fn texts<const N: usize>(
    inputs: [Expr; N],
    function: impl Fn([Option<&str>; N]) -> Option<String> + Send + Sync + 'static,
) -> Expr {
    let kernel = move |columns: &[Column], height: usize| {
        let texts = texts_of::<N>(columns)?;
        let mut seen: HashMap<[Option<&str>; N], Option<String>> = HashMap::new();
        let mut builder = StringChunkedBuilder::new(PlSmallStr::EMPTY, height);
        for at in 0..height {
            let row = row_of(&texts, at);
            builder.append_option(seen.entry(row).or_insert_with(|| function(row)).as_deref());
        }
        Ok(builder.finish().into_series())
    };
    batchwise(&inputs, DataType::String, kernel)
}

/// Returns a column of numbers, by a function of one row's texts in `inputs`.
pub(crate) fn codes<const N: usize>(
    inputs: [Expr; N],
    function: impl Fn([Option<&str>; N]) -> Option<i64> + Send + Sync + 'static,
) -> Expr {
    let kernel = move |columns: &[Column], height: usize| {
        let texts = texts_of::<N>(columns)?;
        let mut seen: HashMap<[Option<&str>; N], Option<i64>> = HashMap::new();
        let code = |at: usize| {
            let row = row_of(&texts, at);
            *seen.entry(row).or_insert_with(|| function(row))
        };
        Ok((0..height).map(code).collect::<Int64Chunked>().into_series())
    };
    batchwise(&inputs, DataType::Int64, kernel)
}

/// Returns a text column, by a function of one row's texts in `inputs`. The result can be a part of
/// one of them.
pub(crate) fn text(
    inputs: &[Expr],
    function: impl for<'a> Fn(&[Option<&'a str>]) -> Option<Cow<'a, str>> + Send + Sync + 'static,
) -> Expr {
    try_text(inputs, move |row| Ok(function(row)))
}

/// Returns a text column, by a function of one row's texts in `inputs`.
pub(crate) fn string(
    inputs: &[Expr],
    function: impl Fn(&[Option<&str>]) -> Option<String> + Send + Sync + 'static,
) -> Expr {
    try_string(inputs, move |row| Ok(function(row)))
}

/// Like [`string`], for a function that can fail.
pub(crate) fn try_string(
    inputs: &[Expr],
    function: impl Fn(&[Option<&str>]) -> PolarsResult<Option<String>> + Send + Sync + 'static,
) -> Expr {
    try_text(inputs, move |row| Ok(function(row)?.map(Cow::Owned)))
}

/// Like [`text`], for a function that can fail.
fn try_text(
    inputs: &[Expr],
    function: impl for<'a> Fn(&[Option<&'a str>]) -> PolarsResult<Option<Cow<'a, str>>>
    + Send
    + Sync
    + 'static,
) -> Expr {
    let kernel = move |columns: &[Column], height: usize| {
        let mut builder = StringChunkedBuilder::new(PlSmallStr::EMPTY, height);
        each_row(columns, height, |row| {
            builder.append_option(function(row)?);
            Ok(())
        })?;
        Ok(builder.finish().into_series())
    };
    batchwise(inputs, DataType::String, kernel)
}

/// Calls `take` with the texts of each row.
pub(crate) fn each_row(
    columns: &[Column],
    height: usize,
    mut take: impl FnMut(&[Option<&str>]) -> PolarsResult<()>,
) -> PolarsResult<()> {
    let texts =
        columns.iter().map(|c| c.cast(&DataType::String)).collect::<PolarsResult<Vec<_>>>()?;
    let texts = texts.iter().map(Column::str).collect::<PolarsResult<Vec<_>>>()?;
    let mut row = vec![None; texts.len()];
    for at in 0..height {
        for (cell, text) in row.iter_mut().zip(&texts) {
            *cell = text.get(place(text.len(), at));
        }
        take(&row)?;
    }
    Ok(())
}

fn texts_of<const N: usize>(columns: &[Column]) -> PolarsResult<[StringChunked; N]> {
    // In one chunk, since access to cells of many chunks is slow.
    let texts =
        columns.iter().map(|c| Ok(c.cast(&DataType::String)?.str()?.rechunk().into_owned()));
    let texts = texts.collect::<PolarsResult<Vec<StringChunked>>>()?;
    texts
        .try_into()
        .map_err(|_| polars_err!(ComputeError: "a kernel received other columns than it expects"))
}

fn row_of<const N: usize>(texts: &[StringChunked; N], at: usize) -> [Option<&str>; N] {
    std::array::from_fn(|column| texts[column].get(place(texts[column].len(), at)))
}

/// Returns a column of exact amounts, by a function of one row's values in 10⁻¹² units. `inputs`
/// are exact amounts as from [`cost_core::focus::decimal`]. An error of the function fails the
/// scan; `what` names the amount.
pub(crate) fn amounts<const N: usize>(
    inputs: [Expr; N],
    what: &'static str,
    function: impl Fn([Option<i128>; N]) -> PolarsResult<Option<i128>> + Send + Sync + 'static,
) -> Expr {
    let kernel = move |columns: &[Column], height: usize| {
        let physical = columns
            .iter()
            .map(|c| {
                Ok(c.as_materialized_series().to_physical_repr().i128()?.rechunk().into_owned())
            })
            .collect::<PolarsResult<Vec<Int128Chunked>>>()?;
        let mut row = [None; N];
        let mut values = Vec::with_capacity(height);
        for at in 0..height {
            for (cell, column) in row.iter_mut().zip(&physical) {
                *cell = column.get(place(column.len(), at));
            }
            values.push(function(row).map_err(|e| polars_err!(ComputeError: "{what}: {e}"))?);
        }
        let values: Int128Chunked = values.into_iter().collect();
        Ok(values.into_decimal_unchecked(38, 12).into_series())
    };
    batchwise(&inputs, DataType::Decimal(38, 12), kernel)
}

/// Returns a column, by a function of the columns of `inputs` in one batch, and their height.
pub(crate) fn batchwise(
    inputs: &[Expr],
    dtype: DataType,
    function: impl Fn(&[Column], usize) -> PolarsResult<Series> + Send + Sync + 'static,
) -> Expr {
    let Some((first, rest)) = inputs.split_first() else { return lit(NULL).cast(dtype) };
    let kernel = move |columns: &mut [Column]| {
        let height = columns.iter().map(Column::len).find(|len| *len != 1).unwrap_or(1);
        let name = columns.first().map(|c| c.name().clone()).unwrap_or_default();
        Ok(function(columns, height)?.with_name(name).into_column())
    };
    first.clone().map_many(kernel, rest, as_type(dtype))
}

/// Returns the output field of a kernel: the name of its first input, and a type.
pub(crate) fn as_type(
    dtype: DataType,
) -> impl Fn(&Schema, &[Field]) -> PolarsResult<Field> + Send + Sync + 'static {
    move |_, fields| {
        Ok(Field::new(fields.first().map(|f| f.name().clone()).unwrap_or_default(), dtype.clone()))
    }
}

/// Returns a null text.
pub(crate) fn null() -> Expr {
    lit(NULL).cast(DataType::String)
}

/// Returns the rows of a frame with the streaming engine, which has only part of a file in memory
/// at a time and stops when it has enough.
pub(crate) fn collect(frame: LazyFrame) -> PolarsResult<DataFrame> {
    Ok(frame.collect_with_engine(Engine::Streaming)?.unwrap_single())
}

/// Returns the position of the value of row `at`: a column of one value has that value in each row.
pub(crate) fn place(len: usize, at: usize) -> usize {
    if len == 1 { 0 } else { at }
}
