//! What the tables of an estate are made of.
//!
//! A table is one [`Table`]: its name, its file, its key, and its columns. Columns are declared by
//! the struct of a row, each next to the field that holds it (`row!`). Reading ([`rows_of`]),
//! writing ([`frame_of`]), the table without rows, the rules that providers are held to, and
//! `docs/estate.md` follow from that. All tables are in [`crate::estate::TABLES`].

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
