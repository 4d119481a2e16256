//! Kernels over one row's texts.

use polars::prelude::*;

/// `inputs` by way of a function of one row's texts, to a column of text.
pub(super) fn texts(
    inputs: &[Expr],
    function: impl Fn(&[Option<&str>]) -> Option<String> + Send + Sync + 'static,
) -> Expr {
    try_texts(inputs, move |row| Ok(function(row)))
}

/// As [`texts`], by a function that can fail.
pub(super) fn try_texts(
    inputs: &[Expr],
    function: impl Fn(&[Option<&str>]) -> PolarsResult<Option<String>> + Send + Sync + 'static,
) -> Expr {
    let Some((first, rest)) = inputs.split_first() else { return null() };
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
            builder.append_option(function(&row)?);
        }
        Ok(builder.finish().into_series().into_column())
    };
    first.clone().map_many(kernel, rest, as_type(DataType::String))
}

/// The output of a kernel: its first input's name, and a type.
pub(super) fn as_type(dtype: DataType) -> impl Fn(&Schema, &[Field]) -> PolarsResult<Field> + Send + Sync + 'static {
    move |_, fields| Ok(Field::new(fields.first().map(|f| f.name().clone()).unwrap_or_default(), dtype.clone()))
}

/// No text.
pub(super) fn null() -> Expr {
    lit(NULL).cast(DataType::String)
}
