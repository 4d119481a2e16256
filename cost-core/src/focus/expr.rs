//! Expressions over cells.

use polars::prelude::*;

/// `input` by way of a kernel that makes a column of type `dtype`, batch by batch, in the engine's
/// own threads. (`Expr::map` would hand each batch to a thread of its own, for functions that call
/// the engine: kernels do not.)
pub(crate) fn kernel(
    input: Expr,
    dtype: DataType,
    function: impl Fn(&Column) -> PolarsResult<Column> + Send + Sync + 'static,
) -> Expr {
    let output = move |_: &Schema, fields: &[Field]| {
        let name = fields.first().map(|f| f.name().clone()).unwrap_or_default();
        Ok(Field::new(name, dtype.clone()))
    };
    input.map_many(move |columns| function(&columns[0]), &[], output)
}

/// As [`super::text::is_null_text`] says.
pub(super) fn null_if_blank(text: Expr) -> Expr {
    let is = |word: &str| text.clone().eq(lit(word));
    when(is("").or(is("NULL")).or(is("null"))).then(lit(NULL)).otherwise(text)
}
