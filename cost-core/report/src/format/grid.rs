//! Table as lines of text: numbers aligned to the right, the widest text columns wrapped to the
//! width.

use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Alignment, Padding, Style};

use super::wrap::cell_lines;
use crate::escape::terminal_text;
use crate::table::{Align, Cell, Column, Row, Table, Value};

/// Spaces between columns.
const GAP: usize = 2;
/// Minimum width of a wrapped column.
const MIN_COLUMN: usize = 8;
/// Minimum page width for columns that are marked as wide.
const WIDE: usize = 100;

/// Visible part of a table, escaped and laid out. Text is never cut off, because a partial ID or
/// name is useless.
pub(super) struct Grid<'a> {
    columns: Vec<(usize, &'a Column, String)>,
    lines: Vec<Line<'a>>,
    /// Width of the longest ID of each column, in characters: IDs are not broken, so that they can
    /// be copied.
    ids: Vec<usize>,
}

/// Row as text, or text across all columns.
enum Line<'a> {
    Cells(Vec<String>),
    Across(&'a crate::text::Text),
}

impl<'a> Grid<'a> {
    pub(super) fn new(table: &'a Table, width: usize) -> Self {
        let indent = " ".repeat(table.indent);
        let lead = |at: usize| if at == 0 { indent.as_str() } else { "" };
        let all = table.columns.iter().enumerate().filter(|(_, c)| !c.wide || width >= WIDE);
        let columns: Vec<_> = all
            .enumerate()
            .map(|(place, (at, column))| {
                (at, column, padded(&format!("{}{}", lead(place), column.title), column))
            })
            .collect();
        let cells = |row: &[Cell]| {
            let cell = |(place, (at, ..)): (usize, &(usize, _, _))| {
                let cell = row.get(*at);
                let text =
                    cell.map(|c| format!("{}{}", "  ".repeat(c.level), terminal_text(&c.text)));
                format!("{}{}", lead(place), text.unwrap_or_default())
            };
            columns.iter().enumerate().map(cell).collect()
        };
        let lines = table.shown().iter().map(|row| match row {
            Row::Cells(row) => Line::Cells(cells(row)),
            Row::Across(text) => Line::Across(text),
        });
        let lines: Vec<Line<'a>> = lines.collect();
        let is_id = |row: &&Row, at: usize| {
            let Row::Cells(row) = row else { return false };
            row.get(at).is_some_and(|cell| cell.value == Value::Id)
        };
        let width = |line: &Line<'_>, place: usize| {
            let Line::Cells(cells) = line else { return 0 };
            cells.get(place).map_or(0, |cell| cell.chars().count())
        };
        let longest = |(place, (at, ..)): (usize, &(usize, _, _))| {
            let ids = table.shown().iter().zip(&lines).filter(|(row, _)| is_id(row, *at));
            ids.map(|(_, line)| width(line, place)).max().unwrap_or(0)
        };
        let ids = columns.iter().enumerate().map(longest).collect();
        Self { columns, lines, ids }
    }

    /// Returns the title line and the row lines, at most `width` wide if possible. The widest
    /// columns wrap first.
    pub(super) fn lines(&self, width: usize) -> (String, Vec<String>) {
        let widths = self.widths(width);
        let mut builder = Builder::default();
        builder.push_record(self.columns.iter().map(|(.., title)| title.as_str()));
        let mut heights = Vec::new();
        for line in &self.lines {
            let Line::Cells(cells) = line else { continue };
            let wrapped: Vec<String> =
                cells.iter().zip(&widths).map(|(cell, width)| cell_lines(cell, *width)).collect();
            heights.push(wrapped.iter().map(|cell| cell.lines().count()).max().unwrap_or(1).max(1));
            builder.push_record(wrapped);
        }
        let mut table = builder.build();
        table.with(Style::empty()).with(Padding::new(0, GAP, 0, 0));
        for (at, (_, column, _)) in self.columns.iter().enumerate() {
            if column.align == Align::Right {
                table.modify(Columns::one(at), Alignment::right());
            }
        }
        let text = table.to_string();
        let mut drawn = text.lines().map(|l| l.trim_end().to_owned());
        let head = drawn.next().unwrap_or_default();
        let mut heights = heights.into_iter();
        let mut rows = Vec::new();
        for line in &self.lines {
            match line {
                Line::Cells(_) => rows.extend(drawn.by_ref().take(heights.next().unwrap_or(1))),
                Line::Across(text) => rows.push(terminal_text(&text.to_plain())),
            }
        }
        (head, rows)
    }

    /// Returns the column widths: the longest cells, reduced from the widest column on until all
    /// columns fit. Columns stay as wide as their titles and IDs.
    fn widths(&self, width: usize) -> Vec<usize> {
        let rows = || {
            self.lines
                .iter()
                .filter_map(|line| if let Line::Cells(row) = line { Some(row) } else { None })
        };
        let longest = |at: usize| rows().filter_map(|r| r.get(at)).map(|c| c.chars().count()).max();
        let title = |at: usize| self.columns[at].2.chars().count();
        let mut widths: Vec<usize> =
            (0..self.columns.len()).map(|at| longest(at).unwrap_or(0).max(title(at))).collect();
        let room = width.saturating_sub(GAP * widths.len().saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            // Of several widest columns, the last: it most likely contains prose.
            let widest = (0..widths.len())
                .filter(|at| widths[*at] > title(*at).max(MIN_COLUMN).max(self.ids[*at]))
                .max_by_key(|at| widths[*at]);
            let Some(widest) = widest else { break };
            widths[widest] -= 1;
        }
        widths
    }
}

/// Pads a title to the minimum width of its column.
fn padded(title: &str, column: &Column) -> String {
    match column.align {
        Align::Left => format!("{title:<0$}", column.min_width),
        Align::Right => format!("{title:>0$}", column.min_width),
    }
}
