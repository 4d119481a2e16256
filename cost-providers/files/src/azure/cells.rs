//! Kernels over the cells of a row, run by the engine batch by batch.
//!
//! Exports repeat the same few texts: what is made of them is made once a batch.

use std::collections::HashMap;

use polars::prelude::*;

/// `inputs` by way of a function of one row's texts, to a column of text.
pub(super) fn texts<const N: usize>(
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
    rows(&inputs, DataType::String, kernel)
}

/// `inputs` by way of a function of one row's texts, to a column of numbers.
pub(super) fn codes<const N: usize>(
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
    rows(&inputs, DataType::Int64, kernel)
}

fn texts_of<const N: usize>(columns: &[Column]) -> PolarsResult<[StringChunked; N]> {
    // In one piece: cells of many pieces are slow to reach.
    let texts = columns.iter().map(|c| Ok(c.cast(&DataType::String)?.str()?.rechunk().into_owned()));
    let texts = texts.collect::<PolarsResult<Vec<StringChunked>>>()?;
    texts.try_into().map_err(|_| polars_err!(ComputeError: "a kernel is given other columns than it takes"))
}

fn row_of<const N: usize>(texts: &[StringChunked; N], at: usize) -> [Option<&str>; N] {
    std::array::from_fn(|column| texts[column].get(place(texts[column].len(), at)))
}

/// `inputs`, all of them exact amounts as [`cost_core::focus::decimal`] makes them, by way of a function of one row's
/// values in 10⁻¹² units, to a column of such amounts. An error of the function fails the scan; `what` names the
/// amount.
pub(super) fn amounts<const N: usize>(
    inputs: [Expr; N],
    what: &'static str,
    function: impl Fn([Option<i128>; N]) -> PolarsResult<Option<i128>> + Send + Sync + 'static,
) -> Expr {
    let kernel = move |columns: &[Column], height: usize| {
        let physical = columns
            .iter()
            .map(|c| Ok(c.as_materialized_series().to_physical_repr().i128()?.rechunk().into_owned()))
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
    rows(&inputs, DataType::Decimal(38, 12), kernel)
}

/// `inputs` by way of a function of columns of one batch and their height.
pub(super) fn rows(
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
    let output = move |_: &Schema, fields: &[Field]| {
        Ok(Field::new(fields.first().map(|f| f.name().clone()).unwrap_or_default(), dtype.clone()))
    };
    first.clone().map_many(kernel, rest, output)
}

/// The rows of a frame, by the engine that keeps a piece of a file in memory at a time and stops when it has enough.
pub(super) fn collect(frame: LazyFrame) -> PolarsResult<DataFrame> {
    Ok(frame.collect_with_engine(Engine::Streaming)?.unwrap_single())
}

/// Where the value of row `at` is: a column of one value stands for that value in each row.
pub(super) fn place(len: usize, at: usize) -> usize {
    if len == 1 { 0 } else { at }
}
