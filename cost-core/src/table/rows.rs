//! Rows of a table: reading from a frame, and writing to one.

use polars::prelude::*;

use super::declaration::Column as Declared;
use super::value::{ColumnValue, Place};

/// Row of a table, declared with `row!`.
pub trait TableRow: Sized + 'static {
    /// Columns, in the order of the fields.
    const COLUMNS: &'static [Declared];

    /// Reads a row from its cells, one per column; `None` if a required value is missing.
    ///
    /// # Errors
    /// Those of [`ColumnValue::read`].
    fn read(cells: &mut CellsOfRow<'_>) -> PolarsResult<Option<Self>>;

    /// Returns the columns of rows, in their order.
    ///
    /// # Errors
    /// Those of [`ColumnValue::series`].
    fn series(rows: &[Self]) -> PolarsResult<Vec<Series>>;
}

/// Column and its cells as text; `None` if the file lacks it.
type Texts = (&'static Declared, Option<Column>);

/// Cells of one row, read one after the other.
#[derive(Debug)]
pub struct CellsOfRow<'a> {
    columns: std::slice::Iter<'a, Texts>,
    row: usize,
}

impl CellsOfRow<'_> {
    /// Returns the value in the next column.
    ///
    /// # Errors
    /// Those of [`ColumnValue::read`].
    pub fn next_value<T: ColumnValue>(&mut self) -> PolarsResult<Option<T>> {
        let Some((column, texts)) = self.columns.next() else { return Ok(None) };
        let text = texts.as_ref().and_then(|t| t.str().ok()?.get(self.row));
        T::read(text, Place { column, row: self.row + 1 })
    }
}

/// Reads the rows of a frame, in order. Rows without a required value are skipped.
///
/// # Errors
/// The engine's error if a required column is missing or cannot be converted to text, and errors of
/// [`ColumnValue::read`].
pub fn rows_of<R: TableRow>(frame: &DataFrame) -> PolarsResult<Vec<R>> {
    Ok(numbered_rows_of(frame)?.into_iter().map(|(_, row)| row).collect())
}

/// Reads rows as [`rows_of`], each with its number in the frame, from 1.
pub(crate) fn numbered_rows_of<R: TableRow>(frame: &DataFrame) -> PolarsResult<Vec<(usize, R)>> {
    let texts = |column: &'static Declared| match frame.column(column.name) {
        Ok(of) => Ok((column, Some(of.cast(&DataType::String)?))),
        Err(_) if column.optional => Ok((column, None)),
        Err(missing) => Err(missing),
    };
    let columns: Vec<Texts> = R::COLUMNS.iter().map(texts).collect::<PolarsResult<_>>()?;
    let mut rows = Vec::with_capacity(frame.height());
    for row in 0..frame.height() {
        let read = R::read(&mut CellsOfRow { columns: columns.iter(), row })?;
        rows.extend(read.map(|read| (row + 1, read)));
    }
    Ok(rows)
}

/// Table rule: each row has its required values and can be read.
pub(crate) fn each_row_is_read<R: TableRow>(frame: &DataFrame) -> PolarsResult<Vec<String>> {
    let excluded = frame.height() - numbered_rows_of::<R>(frame)?.len();
    Ok(if excluded == 0 {
        Vec::new()
    } else {
        vec![format!("each row has the required values (skipped rows: {excluded})")]
    })
}

/// Returns the rows as a frame, with the columns of their table.
///
/// # Errors
/// The engine's error if an amount has more digits than its column.
pub fn frame_of<R: TableRow>(rows: &[R]) -> PolarsResult<DataFrame> {
    let named = R::COLUMNS.iter().zip(R::series(rows)?);
    DataFrame::new(
        rows.len(),
        named.map(|(c, series)| series.with_name(c.name.into()).into_column()).collect(),
    )
}
