//! Widths of columns and heights of rows, from their content.

use rust_decimal::Decimal;

use super::cell::{Content, Shown, content};
use crate::number::rounded;
use crate::table::{Align, Cell, Row, Table};

/// Widths in characters of the default font: of a column without content, of the narrowest and
/// widest column of a table, and of a text that spans a sheet.
pub(super) const DEFAULT: f64 = 8.43;
const NARROWEST: f64 = 9.0;
const WIDEST: f64 = 54.0;
pub(super) const PAGE: f64 = 110.0;

/// Width of a table from which columns with long text become narrower, to this width at least: a
/// printed page of the double width is too small to read.
const TABLE: f64 = 170.0;
const NARROW_TEXT: f64 = 24.0;

/// Longest title that does not wrap.
const TITLE: f64 = 12.0;

/// Room beside the content of a cell, and beside the arrow of a filter.
const PADDING: f64 = 2.0;
const ARROW: f64 = 3.0;

/// Height of a line and of the highest row, in points. Source of the latter: Microsoft, "Excel
/// specifications and limits", row height.
pub(super) const LINE: f64 = 15.0;
const HIGHEST: f64 = 409.0;

/// Returns the widths of the columns of a table.
pub(super) fn widths(table: &Table) -> Vec<f64> {
    let rows = table.rows.iter().filter_map(|row| match row {
        Row::Cells(cells) => Some(cells.as_slice()),
        Row::Across(_) => None,
    });
    let rows: Vec<&[Cell]> = rows.chain([table.foot.as_slice()]).collect();
    let width = |(at, column): (usize, &crate::table::Column)| {
        let shown = Shown::of(table, at);
        let cells = rows.iter().filter_map(|cells| cells.get(at));
        let widest = cells.map(|cell| cell_width(cell, shown)).fold(0.0, f64::max);
        let title = if table.head { &*column.title } else { "" };
        // Long titles wrap, so that their longest word is what they need.
        let word = title.split(' ').map(length).fold(0.0, f64::max);
        let title = if length(title) <= TITLE { length(title) } else { word.max(TITLE) };
        (widest + PADDING).max(title + ARROW).clamp(NARROWEST, WIDEST)
    };
    let mut all: Vec<f64> = table.columns.iter().enumerate().map(width).collect();
    let mut widest = WIDEST;
    while all.iter().sum::<f64>() > TABLE && widest > NARROW_TEXT {
        widest -= 6.0;
        for (width, column) in all.iter_mut().zip(&table.columns) {
            if column.align == Align::Left {
                *width = width.min(widest);
            }
        }
    }
    all
}

fn cell_width(cell: &Cell, shown: Shown) -> f64 {
    let level = length("  ") * f64::from(u32::try_from(cell.level).unwrap_or(0));
    match content(cell, shown) {
        Content::Empty => 0.0,
        Content::Bar(_) => 20.0,
        Content::Text(text) => length(&text) + level,
        Content::Number(value, format) => number_length(value, &format) + level,
    }
}

/// Returns the length of a number in its format.
fn number_length(value: f64, format: &str) -> f64 {
    let first = format.split(';').next().unwrap_or(format);
    if first.starts_with("yyyy") {
        return length(first);
    }
    let factor = if first.ends_with('%') { 100.0 } else { 1.0 };
    let whole = Decimal::from_f64_retain(value * factor)
        .map_or(0, |n| rounded(n, 0).to_string().trim_start_matches('-').len());
    // A sign, and a separator per three digits.
    let digits = f64::from(u32::try_from(1 + whole + whole.saturating_sub(1) / 3).unwrap_or(0));
    let rest = first.split_once("#,##0").map_or("", |(_, rest)| rest);
    digits + length(&rest.replace('"', ""))
}

/// Returns the length of a text in characters. Wide characters count twice.
pub(super) fn length(text: &str) -> f64 {
    text.chars().map(|c| if is_wide(c) { 2.0 } else { 1.0 }).sum()
}

/// Returns whether a character is about twice as wide as a digit: East Asian scripts and emoji.
/// Source: Unicode, East Asian Width, blocks with mostly wide characters.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}')
}

/// Letters per digit: widths are in digits, and the letters of the default font are narrower.
const LETTERS: f64 = 1.2;

/// Returns the height of a row with text that wraps at a width. Not all programs fit the heights of
/// rows to their text, and none to that of merged cells.
pub(super) fn height(text: &str, width: f64) -> f64 {
    let lines = (length(text) / (width * LETTERS).max(1.0)).ceil().max(1.0);
    (lines * LINE).min(HIGHEST)
}

#[cfg(test)]
mod tests {
    use cost_core::money::{Currency, Money};

    use super::*;

    #[test]
    fn columns_have_room_for_their_content() {
        let mut table = Table::new(&["item", ">a", "text"]);
        let amount = Money::parse("1234.5", Currency::USD).expect("an amount");
        table.row([Cell::text("abc"), Cell::money(amount), Cell::text("x".repeat(100))]);
        // ` 1,234.50` and the padding; the narrowest and the widest column.
        assert_eq!(format!("{:?}", widths(&table)), "[9.0, 11.0, 54.0]");
        let mut wide = Table::new(&["a", "b", "c", "d"]);
        wide.row([(); 4].map(|()| Cell::text("x".repeat(100))));
        assert_eq!(format!("{:?}", widths(&wide)), "[42.0, 42.0, 42.0, 42.0]", "168 of 170");
    }

    #[test]
    fn rows_are_as_high_as_their_text() {
        // 120 letters take the room of 100 digits.
        let lines = [120, 121, 240, 100_000].map(|n| height(&"x".repeat(n), 100.0));
        assert_eq!(format!("{lines:?}"), "[15.0, 30.0, 30.0, 409.0]");
        assert_eq!(format!("{} {}", height("", 0.0), length("a語")), "15 3");
    }
}
