//! Formulas of cells, for workbooks: how a value follows from other cells of its table.
//!
//! A formula is a claim of the view. `calculation` finds the cells, and checks with exact decimals
//! that they give the value of the cell.

/// How the value of a cell follows from other cells of its table. Columns are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula {
    /// Sum of the cells above in this column, from the first row or from the row after the previous
    /// cell with this formula.
    SumAbove,
    /// Sum of the cells below in this column, in the rows that are parts of this row: those with
    /// the next higher level.
    SumOfParts,
    /// Sum of cells in this row.
    SumOfRow {
        /// The first column.
        first: usize,
        /// The last column.
        last: usize,
    },
    /// One cell of this row minus another.
    Difference {
        /// Column of the minuend.
        minuend: usize,
        /// Column of the subtrahend.
        subtrahend: usize,
    },
    /// Change of one cell of this row from another: (this − last) ÷ last, in percent with one
    /// decimal place.
    Change {
        /// Column of the current value.
        this: usize,
        /// Column of the earlier value.
        last: usize,
    },
    /// Share of the total in the foot of the table: cell of this row ÷ foot, in percent with one
    /// decimal place.
    Share {
        /// Column of the part and of the total.
        of: usize,
    },
}
