//! Tables of a sheet.

use rust_xlsxwriter::utility::{cell_range, row_col_to_cell, row_col_to_cell_absolute};
use rust_xlsxwriter::{Color, ConditionalFormatDataBar, Formula as SheetFormula, XlsxError};

use super::cell::{Content, Shown, content};
use super::look::{Kind, Look};
use super::page::Page;
use super::placed::{Placed, shift};
use super::width::height;
use crate::calculation::{Place, Terms, holds};
use crate::formula::Formula;
use crate::table::{Align, Cell, Row, Table, Value};

/// Color of bars.
const BAR: Color = Color::RGB(0x008f_b4d9);

impl Page<'_> {
    /// Writes a table; `None` if it does not fit.
    pub(super) fn table(&mut self, table: &Table) -> Result<Option<Placed>, XlsxError> {
        let mut grid = Grid::new(table, self.lead);
        let head = if table.head { self.head(&grid)? } else { None };
        if table.head && head.is_none() {
            return Ok(None);
        }
        let all = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        let rows = all.min(self.room());
        grid.is_complete = rows == all && (table.foot.is_empty() || rows < self.room());
        if !grid.is_complete {
            self.leave_out();
        }
        let Some(first) = self.take(rows) else { return Ok(None) };
        grid.first = first;
        for (row, index) in (first..first + rows).zip(0..) {
            match table.rows.get(index) {
                Some(Row::Cells(cells)) => self.cells(&grid, (row, index), cells)?,
                Some(Row::Across(text)) => {
                    let look = Look { kind: Kind::Part, ..Look::default() };
                    self.across(row, (0, grid.last_column()), &text.to_plain(), look)?;
                }
                None => {}
            }
        }
        if grid.is_complete
            && !table.foot.is_empty()
            && let Some(row) = self.take(1)
        {
            self.cells(&grid, (row, table.rows.len()), &table.foot)?;
        }
        self.bars(&grid, rows)?;
        let filter = head.and_then(|head| grid.filter(head));
        Ok(Some(Placed { head, first, rows, filter }))
    }

    fn head(&mut self, grid: &Grid<'_>) -> Result<Option<u32>, XlsxError> {
        let Some(row) = self.take(1) else { return Ok(None) };
        let mut highest = 0.0;
        for (at, column) in grid.table.columns.iter().enumerate() {
            let right = column.align == Align::Right;
            let look = Look { kind: Kind::Head, right, indent: grid.indent(at), ..Look::default() };
            let title = if column.title.is_empty() { grid.unit(at) } else { &*column.title };
            highest = f64::max(highest, height(title, self.width(grid.columns_of(at))));
            self.across(row, grid.columns_of(at), title, look)?;
        }
        self.grow(row, highest)?;
        Ok(Some(row))
    }

    fn cells(
        &mut self,
        grid: &Grid<'_>,
        (row, index): (u32, usize),
        cells: &[Cell],
    ) -> Result<(), XlsxError> {
        let kind = if is_total(grid.table, index) { Kind::Total } else { Kind::Cell };
        let mut highest = 0.0;
        for (at, cell) in cells.iter().enumerate() {
            let look = grid.look(at, cell, kind);
            let columns = grid.columns_of(at);
            let shown = grid.shown.get(at).copied().unwrap_or_default();
            match content(cell, shown) {
                Content::Text(text) => {
                    if look.wrap {
                        highest = f64::max(highest, height(&text, self.width(columns)));
                    }
                    self.across(row, columns, &text, look)?;
                }
                Content::Empty => self.across(row, columns, "", look)?,
                Content::Bar(share) => {
                    let (sheet, looks) = self.with_look();
                    sheet.write_number_with_format(row, columns.0, share, looks.format(&look))?;
                }
                Content::Number(value, number) => {
                    let look = Look { number, ..look };
                    let formula = grid.formula((index, at), cell);
                    let (sheet, looks) = self.with_look();
                    let format = looks.format(&look);
                    if let Some(formula) = formula {
                        let formula = SheetFormula::new(formula).set_result(value.to_string());
                        sheet.write_formula_with_format(row, columns.0, formula, format)?;
                    } else {
                        sheet.write_number_with_format(row, columns.0, value, format)?;
                    }
                }
            }
        }
        self.grow(row, highest)
    }

    /// Returns the width of columns, in characters.
    fn width(&self, (first, last): (u16, u16)) -> f64 {
        let (first, last) = (usize::from(first), usize::from(last));
        self.widths.iter().skip(first).take(last + 1 - first).sum()
    }

    /// Draws the shares of a column as bars.
    fn bars(&mut self, grid: &Grid<'_>, rows: u32) -> Result<(), XlsxError> {
        let Some(last) = rows.checked_sub(1).map(|rows| grid.first + rows) else { return Ok(()) };
        for at in 0..grid.table.columns.len() {
            let is_bar = |cell: &Cell| matches!(cell.value, Value::Share(_));
            if column(grid.table, at).any(is_bar) {
                let (column, _) = grid.columns_of(at);
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
    shown: Vec<Shown>,
    /// Number of further columns that the first column of the table spans.
    shift: usize,
    /// Row of the sheet that has the first row of the table.
    first: u32,
    /// Whether all rows are on the sheet.
    is_complete: bool,
}

impl<'a> Grid<'a> {
    fn new(table: &'a Table, lead: usize) -> Self {
        let shown = (0..table.columns.len()).map(|column| Shown::of(table, column)).collect();
        Self { table, shown, shift: shift(table, lead), first: 0, is_complete: true }
    }
}

impl Grid<'_> {
    /// Returns the first and last column of the sheet that a column of the table spans.
    fn columns_of(&self, at: usize) -> (u16, u16) {
        let on_sheet = |column: usize| u16::try_from(column).unwrap_or(u16::MAX);
        let first = if at == 0 { 0 } else { at + self.shift };
        (on_sheet(first), on_sheet(at + self.shift))
    }

    fn last_column(&self) -> u16 {
        self.columns_of(self.table.columns.len().saturating_sub(1)).1
    }

    /// Returns the indentation of a column: text beside a number needs space.
    fn indent(&self, at: usize) -> u8 {
        let aligned =
            |at: usize, align: Align| self.table.columns.get(at).is_some_and(|c| c.align == align);
        let is_beside = at.checked_sub(1).is_some_and(|before| aligned(before, Align::Right));
        u8::from(is_beside && aligned(at, Align::Left))
    }

    /// Returns the title of a column without a title: the unit, if it has percentages.
    fn unit(&self, at: usize) -> &'static str {
        let is_percent = |cell: &Cell| matches!(cell.value, Value::Percent(_));
        if column(self.table, at).any(is_percent) { "%" } else { "" }
    }

    fn look(&self, at: usize, cell: &Cell, kind: Kind) -> Look {
        let right = self.table.columns.get(at).is_some_and(|c| c.align == Align::Right);
        let level = u8::try_from(cell.level).unwrap_or(u8::MAX).min(12);
        let wrap = matches!(cell.value, Value::Text) && !right;
        let indent = self.indent(at) + 2 * level;
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
        Some((row, self.columns_of(column).0))
    }

    /// Returns what a filter covers: first row, last row, and last column.
    fn filter(&self, head: u32) -> Option<(u32, u32, u16)> {
        let rows = &self.table.rows;
        let is_plain = |row: &Row| match row {
            Row::Cells(cells) => cells.iter().all(|c| c.level == 0),
            Row::Across(_) => false,
        };
        let is_total = |index: &usize| is_total(self.table, *index);
        let data = rows.len() - (0..rows.len()).rev().take_while(is_total).count();
        let is_sortable = rows.iter().all(is_plain) && !(0..data).any(|index| is_total(&index));
        let last = u32::try_from(data).ok()?.checked_sub(1)?.checked_add(self.first)?;
        (self.is_complete && self.shift == 0 && is_sortable && data > 1)
            .then(|| (head, last, self.last_column()))
    }
}

/// Returns the cells of a column, without the foot.
fn column(table: &Table, at: usize) -> impl Iterator<Item = &Cell> {
    table.rows.iter().filter_map(move |row| match row {
        Row::Cells(cells) => cells.get(at),
        Row::Across(_) => None,
    })
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
