//! Tables of a sheet.

use rust_xlsxwriter::utility::{cell_range, row_col_to_cell, row_col_to_cell_absolute};
use rust_xlsxwriter::{Color, ConditionalFormatDataBar, Formula as SheetFormula, XlsxError};

use super::cell::{Content, Shown, content};
use super::look::{Kind, Look};
use super::page::Page;
use crate::formula::{Formula, Place, Terms, holds};
use crate::table::{Align, Cell, Row, Table, Value};

/// Place of a table on a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    /// Row of the column titles; `None` if the table has none.
    pub(super) head: Option<u32>,
    /// The first row below the titles.
    pub(super) first: u32,
    /// Number of rows.
    pub(super) rows: u32,
    /// First row, last row, and last column that a filter covers: the titles and all rows above the
    /// totals. `None` if filtering or sorting would tear rows apart.
    pub(super) filter: Option<(u32, u32, u16)>,
}

/// Color of bars.
const BAR: Color = Color::RGB(0x8f_b4_d9);

impl Page<'_> {
    /// Writes a table; `None` if it does not fit.
    pub(super) fn table(&mut self, table: &Table) -> Result<Option<Placed>, XlsxError> {
        let columns: Vec<Shown> =
            (0..table.columns.len()).map(|column| Shown::of(table, column)).collect();
        let head = if table.head { self.head(table)? } else { None };
        if table.head && head.is_none() {
            return Ok(None);
        }
        let all = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        let rows = all.min(self.room());
        let is_complete = rows == all && (table.foot.is_empty() || rows < self.room());
        if !is_complete {
            self.leave_out();
        }
        let Some(first) = self.take(rows) else { return Ok(None) };
        let grid = Grid { table, columns, first, is_complete };
        for (row, index) in (first..first + rows).zip(0..) {
            match table.rows.get(index) {
                Some(Row::Cells(cells)) => self.cells(&grid, (row, index), cells)?,
                Some(Row::Across(text)) => {
                    let look = Look { kind: Kind::Part, ..Look::default() };
                    self.across(row, (0, last_column(table)), &text.to_plain(), look)?;
                }
                None => {}
            }
        }
        if is_complete
            && !table.foot.is_empty()
            && let Some(row) = self.take(1)
        {
            self.cells(&grid, (row, table.rows.len()), &table.foot)?;
        }
        self.bars(&grid, rows)?;
        let filter = head.filter(|_| is_complete).and_then(|head| filter(table, head, first));
        Ok(Some(Placed { head, first, rows, filter }))
    }

    fn head(&mut self, table: &Table) -> Result<Option<u32>, XlsxError> {
        let Some(row) = self.take(1) else { return Ok(None) };
        for (column, of) in (0..).zip(&table.columns) {
            let right = of.align == Align::Right;
            self.put(
                (row, column),
                &of.title,
                Look { kind: Kind::Head, right, ..Look::default() },
            )?;
        }
        Ok(Some(row))
    }

    fn cells(
        &mut self,
        grid: &Grid<'_>,
        (row, index): (u32, usize),
        cells: &[Cell],
    ) -> Result<(), XlsxError> {
        let kind = if is_total(grid.table, index) { Kind::Total } else { Kind::Cell };
        for (column, (at, cell)) in (0..).zip(cells.iter().enumerate()) {
            let look = grid.look(at, cell, kind);
            let shown = grid.columns.get(at).copied().unwrap_or_default();
            match content(cell, shown) {
                Content::Text(text) => self.put((row, column), &text, look)?,
                Content::Empty => {
                    let (sheet, looks) = self.with_look();
                    sheet.write_blank(row, column, looks.format(&look))?;
                }
                Content::Bar(share) => {
                    let (sheet, looks) = self.with_look();
                    sheet.write_number_with_format(row, column, share, looks.format(&look))?;
                }
                Content::Number(value, number) => {
                    let look = Look { number, ..look };
                    let formula = grid.formula((index, at), cell);
                    let (sheet, looks) = self.with_look();
                    let format = looks.format(&look);
                    if let Some(formula) = formula {
                        let formula = SheetFormula::new(formula).set_result(value.to_string());
                        sheet.write_formula_with_format(row, column, formula, format)?;
                    } else {
                        sheet.write_number_with_format(row, column, value, format)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Draws the shares of a column as bars.
    fn bars(&mut self, grid: &Grid<'_>, rows: u32) -> Result<(), XlsxError> {
        let Some(last) = rows.checked_sub(1).map(|rows| grid.first + rows) else { return Ok(()) };
        for (column, at) in (0..).zip(0..grid.table.columns.len()) {
            let is_bar = |row: &Row| {
                matches!(row, Row::Cells(cells)
                    if cells.get(at).is_some_and(|c| matches!(c.value, Value::Share(_))))
            };
            if grid.table.rows.iter().any(is_bar) {
                let bar = ConditionalFormatDataBar::new()
                    .set_fill_color(BAR)
                    .set_solid_fill(true)
                    .set_bar_only(true);
                self.sheet.add_conditional_format(grid.first, column, last, column, &bar)?;
            }
        }
        Ok(())
    }
}

/// Table at its place.
struct Grid<'a> {
    table: &'a Table,
    /// How the numbers of each column are shown.
    columns: Vec<Shown>,
    /// Row of the sheet that has the first row of the table.
    first: u32,
    /// Whether all rows are on the sheet.
    is_complete: bool,
}

impl Grid<'_> {
    fn look(&self, column: usize, cell: &Cell, kind: Kind) -> Look {
        let right = self.table.columns.get(column).is_some_and(|c| c.align == Align::Right);
        let indent = u8::try_from(cell.level).unwrap_or(u8::MAX).min(15);
        let wrap = matches!(cell.value, Value::Text) && !right;
        Look { kind, right, wrap, indent, ..Look::default() }
    }

    /// Returns the formula of a cell, if it has one that gives its value.
    fn formula(&self, at: Place, cell: &Cell) -> Option<String> {
        let formula = cell.formula.filter(|_| self.is_complete)?;
        let terms = formula.terms(self.table, at)?;
        holds(self.table, at, terms).then(|| self.written(terms)).flatten()
    }

    fn written(&self, terms: Terms) -> Option<String> {
        let cell = |at: Place| self.place(at).map(|(row, column)| row_col_to_cell(row, column));
        Some(match terms {
            Terms::Sum(first, last) => {
                let ((a, b), (c, d)) = (self.place(first)?, self.place(last)?);
                format!("=SUM({})", cell_range(a, b, c, d))
            }
            Terms::Difference(a, b) => format!("={}-{}", cell(a)?, cell(b)?),
            Terms::Change(a, b) => {
                let (this, last) = (cell(a)?, cell(b)?);
                format!("=ROUND(({this}-{last})/{last},3)")
            }
            Terms::Ratio(a, b) => {
                let (row, column) = self.place(b)?;
                format!("=ROUND({}/{},3)", cell(a)?, row_col_to_cell_absolute(row, column))
            }
        })
    }

    /// Returns the row and column on the sheet.
    fn place(&self, (row, column): Place) -> Option<(u32, u16)> {
        let row = self.first.checked_add(u32::try_from(row).ok()?)?;
        Some((row, u16::try_from(column).ok()?))
    }
}

/// Returns whether a row is a total: the foot, or a row with the sum of others.
fn is_total(table: &Table, index: usize) -> bool {
    match table.rows.get(index) {
        Some(Row::Cells(cells)) => {
            cells.iter().any(|c| matches!(c.formula, Some(Formula::SumAbove | Formula::SumOfParts)))
        }
        Some(Row::Across(_)) => false,
        None => true,
    }
}

/// Returns what a filter covers: first row, last row, and last column.
fn filter(table: &Table, head: u32, first: u32) -> Option<(u32, u32, u16)> {
    let is_plain = |row: &Row| match row {
        Row::Cells(cells) => cells.iter().all(|c| c.level == 0),
        Row::Across(_) => false,
    };
    let totals = (0..table.rows.len()).rev().take_while(|index| is_total(table, *index)).count();
    let data = table.rows.len() - totals;
    let is_sortable =
        table.rows.iter().all(is_plain) && !(0..data).any(|index| is_total(table, index));
    let last = u32::try_from(data).ok()?.checked_sub(1)?.checked_add(first)?;
    (is_sortable && data > 1).then_some((head, last, last_column(table)))
}

fn last_column(table: &Table) -> u16 {
    u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX)
}
