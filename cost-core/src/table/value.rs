//! [`ColumnValue`]: field types of a row.

use polars::prelude::*;

use super::declaration::{Column, ColumnType};

/// Location of a cell, for messages.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Column of the cell.
    pub column: &'static Column,
    /// Row of the cell, from 1.
    pub row: usize,
}

/// Field type of a row: how its values are read from a column and written to one.
pub trait ColumnValue: Sized {
    /// Type of the column.
    const TYPE: ColumnType;
    /// Whether rows without a value are skipped.
    const REQUIRED: bool = true;

    /// Reads the value of a cell; `None` skips the row. Cells are read as text regardless of the
    /// column's type, so that files with numbers or dates as text are read too.
    ///
    /// # Errors
    /// An error that names row and column, if the table cannot be used with this value.
    fn read(text: Option<&str>, at: Place) -> PolarsResult<Option<Self>>;

    /// Returns a column of [`ColumnValue::TYPE`] with these values; `None` is null.
    ///
    /// # Errors
    /// The engine's error if a value does not fit the column.
    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series>
    where
        Self: 'a;
}
