//! Reading a small frame row by row: named columns as text.

use polars::prelude::*;

/// Some columns of a frame, as text.
pub struct Texts {
    columns: Vec<Column>,
    height: usize,
}

impl Texts {
    /// The columns `names`, in that order.
    ///
    /// # Errors
    /// The engine's, when a column is missing or is no text and cannot be written as such.
    pub fn of(frame: &DataFrame, names: &[&str]) -> PolarsResult<Self> {
        let columns = names.iter().map(|name| frame.column(name)?.cast(&DataType::String));
        Ok(Self { columns: columns.collect::<PolarsResult<_>>()?, height: frame.height() })
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The cell of the `column`th name in a row; null is `None`.
    #[must_use]
    pub fn get(&self, column: usize, row: usize) -> Option<&str> {
        self.columns.get(column)?.str().ok()?.get(row)
    }

    /// The cell as what it says, if it says one.
    #[must_use]
    pub fn parsed<T: std::str::FromStr>(&self, column: usize, row: usize) -> Option<T> {
        self.get(column, row)?.parse().ok()
    }
}
