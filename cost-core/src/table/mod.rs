//! Declaration, reading, and writing of the tables of an estate.
//!
//! A [`Table`] has a name, a file, a key, and columns. The struct of a row declares the columns,
//! each next to its field (`row!`). Reading ([`rows_of`]), writing ([`frame_of`]), the empty table,
//! the rules for providers, and `docs/estate.md` are derived from it. All tables are in
//! [`crate::estate::TABLES`].

mod declaration;
mod declare;
mod rows;
mod value;
mod values;

pub use declaration::{Column, ColumnType, Table};
pub(crate) use declare::row;
pub use rows::{CellsOfRow, TableRow, frame_of, rows_of};
pub(crate) use rows::{each_row_is_read, numbered_rows_of};
pub use value::{ColumnValue, Place};
pub(crate) use values::texts;
