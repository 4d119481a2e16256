//! [`ColumnValue`]: types that a field of a row can have.

use polars::prelude::*;

use super::declaration::{Column, ColumnType};

/// Where a cell is, for messages.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Its column.
    pub column: &'static Column,
    /// Its row, from 1.
    pub row: usize,
}

/// A type that a field of a row can have: how its values are read from a column, and how a column
/// is made of them.
pub trait ColumnValue: Sized {
    /// The type of the column.
    const TYPE: ColumnType;
    /// Whether a row without a value is left out.
    const REQUIRED: bool = true;

    /// The value of a cell; `None` leaves the row out. Cells are read as text whatever the type of
    /// the column, so that a file in which a number or a date is text is read too.
    ///
    /// # Errors
    /// A message that names the row and the column, if the table cannot be used with such a value
    /// in it.
    fn read(text: Option<&str>, at: Place) -> PolarsResult<Option<Self>>;

    /// A column of [`ColumnValue::TYPE`] of these values; `None` is null.
    ///
    /// # Errors
    /// The engine's, if a value does not fit the column.
    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series>
    where
        Self: 'a;
}
