//! One sheet: blocks below each other.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::look::{Kind, Look, Looks, Tone};
use super::placed::{self, Placed};
use super::text::{Limits, shown};
use super::width::{DEFAULT, LINE, PAGE, height, widths};
use crate::document::{Block, Facts, List, Mark};
use crate::escape::starts_formula;
use crate::text::Text;

/// Sheet that is being written.
pub(super) struct Page<'a> {
    pub(super) sheet: Worksheet,
    /// The next row.
    row: u32,
    /// Whether the row above is empty.
    after_gap: bool,
    /// Widths of the columns that a text spans.
    pub(super) widths: Vec<f64>,
    /// Number of text columns before the first number in the table with most columns.
    pub(super) lead: usize,
    looks: &'a mut Looks,
    limits: Limits,
    /// Number of texts that were cut.
    pub(super) cut: usize,
    /// Whether something did not fit on the sheet.
    is_full: bool,
    /// The table with most rows.
    main: Option<Placed>,
}

/// Width of the labels of facts, and of the names in a list of sheets, in characters.
const LABEL: f64 = 26.0;
const NAME: f64 = 34.0;

/// Heights of titles and of the headings of parts, in points.
const TITLE_HEIGHT: f64 = 24.0;
const PART_HEIGHT: f64 = 19.0;

/// Rows at the top up to the column titles that stay visible; with more, little else would fit on
/// a small screen.
const FROZEN: u32 = 10;

impl<'a> Page<'a> {
    /// Starts a sheet with the columns that the tables in `blocks` need, and with room for the list
    /// of sheets if it has one.
    pub(super) fn new(
        name: &str,
        blocks: &[&Block],
        looks: &'a mut Looks,
        limits: Limits,
        is_list: bool,
    ) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        let tables = blocks
            .iter()
            .filter_map(|b| if let Block::Table(table) = b { Some(table) } else { None });
        let lead = tables.max_by_key(|t| t.columns.len()).map_or(0, placed::lead);
        let widths = columns(blocks, lead, is_list);
        for (column, width) in (0..).zip(&widths) {
            sheet.set_column_width(column, *width)?;
        }
        let (row, cut) = (0, 0);
        let (after_gap, is_full, main) = (true, false, None);
        Ok(Self { sheet, row, after_gap, widths, lead, looks, limits, cut, is_full, main })
    }

    /// Writes the blocks.
    pub(super) fn blocks(&mut self, blocks: &[&Block]) -> Result<(), XlsxError> {
        blocks.iter().try_for_each(|block| self.block(block))
    }

    fn block(&mut self, block: &Block) -> Result<(), XlsxError> {
        match block {
            Block::Heading(_, text) => self.heading(Kind::Part, &text.to_plain()),
            Block::Line(text) | Block::Paragraph(text) => self.text(text),
            Block::List(list) => self.list(list),
            Block::Facts(facts) => self.facts(facts),
            Block::Table(table) => {
                self.gap();
                let placed = self.table(table)?;
                self.gap();
                let rows = |p: &Placed| p.rows;
                let is_main = placed.as_ref().map_or(0, rows) > self.main.as_ref().map_or(0, rows);
                self.main = if is_main { placed } else { self.main.take() };
                Ok(())
            }
            Block::Code { lines, .. } => {
                let look = Look { kind: Kind::Code, ..Look::default() };
                lines.iter().try_for_each(|line| self.unwrapped(line, look.clone()))
            }
            Block::Chart(chart) => self.chart(chart),
            Block::Markdown(text) => {
                text.lines().try_for_each(|line| self.spanning(line, Look::default()))
            }
            Block::Gap => {
                self.gap();
                Ok(())
            }
            Block::Figures(_) | Block::Panel { .. } => Ok(()),
        }
    }

    /// Leaves an empty row, but never two.
    pub(super) fn gap(&mut self) {
        if !self.after_gap && self.room() > 0 {
            self.row += 1;
            self.after_gap = true;
        }
    }

    /// Returns the number of rows that are left. The last row is for a hint that the sheet is full.
    pub(super) fn room(&self) -> u32 {
        self.limits.rows.saturating_sub(1).saturating_sub(self.row)
    }

    /// Takes rows; `None` if they do not fit.
    pub(super) fn take(&mut self, rows: u32) -> Option<u32> {
        if self.room() < rows {
            self.is_full = true;
            return None;
        }
        let first = self.row;
        self.row += rows;
        self.after_gap = false;
        Some(first)
    }

    /// Notes that rows do not fit.
    pub(super) fn leave_out(&mut self) {
        self.is_full = true;
    }

    /// Writes text to a cell.
    pub(super) fn put(
        &mut self,
        (row, column): (u32, u16),
        text: &str,
        mut look: Look,
    ) -> Result<(), XlsxError> {
        let text = self.visible(text, &mut look);
        self.sheet.write_string_with_format(row, column, &text, self.looks.format(&look))?;
        Ok(())
    }

    /// Returns the sheet and its formats.
    pub(super) fn with_look(&mut self) -> (&mut Worksheet, &mut Looks) {
        (&mut self.sheet, self.looks)
    }

    /// Returns text as a cell shows it.
    fn visible(&mut self, text: &str, look: &mut Look) -> String {
        let (text, is_cut) = shown(text, self.limits);
        self.cut += usize::from(is_cut);
        look.quoted = starts_formula(&text);
        text
    }

    /// Writes text across columns of a row.
    pub(super) fn across(
        &mut self,
        row: u32,
        columns: (u16, u16),
        text: &str,
        mut look: Look,
    ) -> Result<(), XlsxError> {
        let (first, last) = columns;
        if last <= first {
            return self.put((row, first), text, look);
        }
        let text = self.visible(text, &mut look);
        let format = self.looks.format(&look);
        self.sheet.merge_range(row, first, row, last, &text, format)?;
        Ok(())
    }

    /// Makes a row higher than a line, if its text needs that.
    pub(super) fn grow(&mut self, row: u32, height: f64) -> Result<(), XlsxError> {
        if height > LINE {
            self.sheet.set_row_height(row, height)?;
        }
        Ok(())
    }

    /// Writes text in a row of its own, across the sheet, wrapped.
    pub(super) fn spanning(&mut self, text: &str, look: Look) -> Result<(), XlsxError> {
        let Some(row) = self.take(1) else { return Ok(()) };
        self.wrapped(row, 0, text, look)
    }

    fn wrapped(&mut self, row: u32, first: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        let last = u16::try_from(self.widths.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let width = self.widths.iter().skip(usize::from(first)).sum::<f64>();
        let indent = 2.0 * f64::from(look.indent);
        self.grow(row, height(text, width - indent))?;
        self.across(row, (first, last), text, Look { wrap: true, ..look })
    }

    /// Writes text in a row of its own, on one line.
    pub(super) fn unwrapped(&mut self, text: &str, look: Look) -> Result<(), XlsxError> {
        let Some(row) = self.take(1) else { return Ok(()) };
        self.put((row, 0), text, look)
    }

    /// Writes a heading.
    pub(super) fn heading(&mut self, kind: Kind, text: &str) -> Result<(), XlsxError> {
        self.gap();
        let height = if kind == Kind::Title { TITLE_HEIGHT } else { PART_HEIGHT };
        if self.room() > 0 {
            self.sheet.set_row_height(self.row, height)?;
        }
        self.unwrapped(text, Look { kind, ..Look::default() })
    }

    fn text(&mut self, text: &Text) -> Result<(), XlsxError> {
        self.spanning(&text.to_plain(), Look { tone: Tone::of(text), ..Look::default() })
    }

    fn list(&mut self, list: &List) -> Result<(), XlsxError> {
        for (number, item) in (1..).zip(&list.items) {
            let mark = match list.mark {
                Mark::None => String::new(),
                Mark::Dash => "• ".to_owned(),
                Mark::Number => format!("{number}. "),
            };
            let label = item.label.as_ref();
            let tone = label.map_or_else(|| Tone::of(&item.text), Tone::of);
            let label = label.map(|l| format!("{}: ", l.to_plain())).unwrap_or_default();
            let text = format!("{mark}{label}{}", item.text.to_plain());
            self.spanning(&text, Look { tone, ..Look::default() })?;
            for detail in &item.details {
                let look = Look { tone: Tone::of(detail), indent: 2, ..Look::default() };
                self.spanning(&detail.to_plain(), look)?;
            }
        }
        Ok(())
    }

    fn facts(&mut self, facts: &Facts) -> Result<(), XlsxError> {
        for (label, value) in &facts.rows {
            self.fact(&label.to_plain(), value)?;
        }
        Ok(())
    }

    fn fact(&mut self, label: &str, value: &Text) -> Result<(), XlsxError> {
        let Some(row) = self.take(1) else { return Ok(()) };
        self.put((row, 0), label, Look { kind: Kind::Label, ..Look::default() })?;
        let look = Look { tone: Tone::of(value), ..Look::default() };
        self.wrapped(row, 1, &value.to_plain(), look)
    }

    /// Ends the sheet: hints, column titles that stay visible, filter, and print setup.
    pub(super) fn finish(mut self) -> Result<(Worksheet, usize), XlsxError> {
        if self.is_full {
            let rows = self.limits.rows;
            let hint = format!(
                "The rest is left out: a sheet has at most {rows} rows. \
                 The JSON output has all of it."
            );
            let row = rows.saturating_sub(1);
            self.put((row, 0), &hint, Look { tone: Tone::Bad, ..Look::default() })?;
        }
        if let Some(main) = &self.main {
            if let Some(head) = main.head {
                self.sheet.set_repeat_rows(head, head)?;
                if head < FROZEN {
                    self.sheet.set_freeze_panes(head + 1, 0)?;
                }
            }
            if let Some((first_row, last_row, last_column)) = main.filter {
                self.sheet.autofilter(first_row, 0, last_row, last_column)?;
            }
        }
        print_setup(&mut self.sheet);
        Ok((self.sheet, self.cut))
    }
}

/// Number of the paper A4. Source: ECMA-376, part 1, 18.3.1.63, attribute `paperSize`.
const A4: u8 = 9;

fn print_setup(sheet: &mut Worksheet) {
    sheet
        .set_landscape()
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.5, 0.5, 0.5, 0.6, 0.3, 0.3)
        .set_footer("&L&A&RPage &P of &N")
        .set_screen_gridlines(false);
}

/// Returns the widths of the columns of a sheet: those of its tables, and further ones so that text
/// has room.
fn columns(blocks: &[&Block], lead: usize, is_list: bool) -> Vec<f64> {
    let mut all: Vec<f64> = Vec::new();
    let mut widen = |widths: Vec<f64>| {
        for (at, width) in widths.into_iter().enumerate() {
            match all.get_mut(at) {
                Some(known) => *known = known.max(width),
                None => all.push(width),
            }
        }
    };
    for block in blocks {
        match block {
            Block::Table(table) => {
                // The first column of a shifted table spans several columns.
                let shift = placed::shift(table, lead);
                let spanned = if shift > 0 { shift + 1 } else { 0 };
                let own = widths(table).into_iter().skip(usize::from(shift > 0));
                widen(std::iter::repeat_n(0.0, spanned).chain(own).collect());
            }
            Block::Chart(chart) => {
                widen(super::chart_table::table(chart).map_or_else(Vec::new, |t| widths(&t)));
            }
            Block::Facts(_) => widen(vec![LABEL, DEFAULT]),
            _ => {}
        }
    }
    if is_list {
        widen(vec![NAME]);
    }
    while all.iter().sum::<f64>() < PAGE {
        let missing = PAGE - all.iter().sum::<f64>();
        let is_table = blocks.iter().any(|b| matches!(b, Block::Table(_) | Block::Chart(_)));
        // Without a table, a single column takes the text.
        all.push(if is_table { DEFAULT.min(missing.max(1.0)) } else { missing });
    }
    all
}
