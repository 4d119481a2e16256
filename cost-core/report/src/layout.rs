//! Tables that fit: right-aligned numbers, and the widest text columns wrapped to the terminal.

use rust_decimal::Decimal;
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Alignment, Padding, Style};

use super::Look;
use super::escape::terminal_text;
use cost_core::money::Money;

/// How a column is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A column: its heading and alignment.
#[derive(Clone, Copy, Debug)]
struct Column {
    /// Heading.
    title: &'static str,
    /// Alignment.
    align: Align,
}

/// A table to be.
#[derive(Debug)]
pub struct Grid {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// An empty table; columns whose title starts with `>` are right-aligned (the `>` is not shown).
    #[must_use]
    pub fn new(titles: &[&'static str]) -> Self {
        let column = |t: &&'static str| match t.strip_prefix('>') {
            Some(title) => Column { title, align: Align::Right },
            None => Column { title: t, align: Align::Left },
        };
        Self { columns: titles.iter().map(column).collect(), rows: Vec::new() }
    }

    /// Adds a row; its cells may be untrusted.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|c| terminal_text(&c)).collect());
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as lines of at most `width` columns. Nothing is cut off: an id or a name that is shown in part is of no
    /// use. The widest columns wrap first.
    #[must_use]
    pub fn render(&self, width: usize) -> String {
        let widths = self.widths(width);
        let mut builder = Builder::default();
        builder.push_record(self.columns.iter().map(|c| c.title));
        for row in &self.rows {
            builder.push_record(row.iter().zip(&widths).map(|(cell, width)| cell_lines(cell, *width)));
        }
        let mut table = builder.build();
        table.with(Style::empty()).with(Padding::new(0, GAP, 0, 0));
        for (at, column) in self.columns.iter().enumerate() {
            if column.align == Align::Right {
                table.modify(Columns::one(at), Alignment::right());
            }
        }
        let lines: Vec<String> = table.to_string().lines().map(|l| l.trim_end().to_owned()).collect();
        lines.join("\n") + "\n"
    }

    /// The same, with its heading dimmed where there are colours.
    #[must_use]
    pub(super) fn show(&self, look: &Look, width: usize) -> String {
        let text = self.render(width);
        let (head, rows) = text.split_once('\n').unwrap_or((&text, ""));
        format!("{}\n{rows}", paint(look, "2", head))
    }

    /// Widths of the columns: those of their longest cells, made smaller from the widest on until all fit.
    fn widths(&self, width: usize) -> Vec<usize> {
        let longest = |at: usize| self.rows.iter().filter_map(|r| r.get(at)).map(|c| c.chars().count()).max();
        let title = |at: usize| self.columns[at].title.chars().count();
        let mut widths: Vec<usize> =
            (0..self.columns.len()).map(|at| longest(at).unwrap_or(0).max(title(at))).collect();
        let room = width.saturating_sub(GAP * widths.len().saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            // Of several that are widest the last, which is the most likely to be prose.
            let widest =
                (0..widths.len()).filter(|at| widths[*at] > title(*at).max(MIN_COLUMN)).max_by_key(|at| widths[*at]);
            let Some(widest) = widest else { break };
            widths[widest] -= 1;
        }
        widths
    }
}

/// Blanks between columns.
const GAP: usize = 2;
/// No column becomes narrower than this.
const MIN_COLUMN: usize = 8;

/// A cell's text in lines of at most `width` columns; a word that is longer is broken. Blanks that lead it are kept.
fn cell_lines(cell: &str, width: usize) -> String {
    if cell.chars().count() <= width {
        return cell.to_owned();
    }
    let lead: String = cell.chars().take_while(|c| *c == ' ').collect();
    fold(&lead, "", cell, width, true).join("\n")
}

/// `text` in lines of at most `width` columns where words allow: the first led by `lead`, the others indented as far. Both may be
/// untrusted.
#[must_use]
pub(super) fn wrap(lead: &str, text: &str, width: usize) -> String {
    let lead = terminal_text(lead);
    let indent = " ".repeat(lead.chars().count());
    let mut lines = fold(&lead, &indent, &terminal_text(text), width, false);
    if let Some(last) = lines.last_mut() {
        last.truncate(last.trim_end().len());
    }
    lines.join("\n") + "\n"
}

/// The words of `text` in lines of at most `width` columns: the first begins with `lead`, the others with `indent`. A word
/// that is longer than a line stands out, or is broken if `breaks`.
fn fold(lead: &str, indent: &str, text: &str, width: usize, breaks: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used, mut empty) = (lead.to_owned(), lead.chars().count(), true);
    for word in text.split_whitespace() {
        let mut rest = word;
        if !empty && used + 1 + rest.chars().count() > width {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            (used, empty) = (indent.chars().count(), true);
        }
        while breaks && used + rest.chars().count() > width {
            let room = width.saturating_sub(used).max(1);
            let (head, tail) = rest.split_at(rest.char_indices().nth(room).map_or(rest.len(), |(at, _)| at));
            line.push_str(head);
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            (rest, used) = (tail, indent.chars().count());
        }
        if !empty {
            line.push(' ');
            used += 1;
        }
        line.push_str(rest);
        used += rest.chars().count();
        empty = false;
    }
    lines.push(line);
    lines
}

/// `1 day`, `3 days`.
#[must_use]
pub(super) fn days(count: u32) -> String {
    format!("{count} day{}", if count == 1 { "" } else { "s" })
}

/// `3.2 %`, or a dash for what is not known.
pub(super) fn share(value: Option<Decimal>) -> String {
    value.map_or_else(|| "–".into(), |p| format!("{p:.1} %"))
}

/// An amount to the cent, or a dash for what is not known.
pub(super) fn cents(amount: Option<Money>) -> String {
    amount.map_or_else(|| "–".into(), |m| m.display_amount())
}

/// From this width on, tables have columns that narrower ones leave out.
pub(super) const WIDE: usize = 100;

/// Says how many rows of `all` a table leaves out, and what shows them: `option` and their number.
#[must_use]
pub(super) fn more(look: &Look, all: usize, option: &str) -> String {
    match all.checked_sub(look.top) {
        None | Some(0) => String::new(),
        Some(more) => format!("… and {more} more: `{option} {all}`.\n"),
    }
}

/// A heading, after an empty line; it may be untrusted.
#[must_use]
pub(super) fn title(look: &Look, text: &str) -> String {
    format!("\n{}\n", paint(look, "1;36", &terminal_text(text)))
}

/// `text` in a terminal colour, if colours are wanted; `code` is the SGR parameter.
#[must_use]
pub(super) fn paint(look: &Look, code: &str, text: &str) -> String {
    if look.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_wrap_at_words_and_break_what_is_longer() {
        assert_eq!(cell_lines("a bc def", 8), "a bc def");
        assert_eq!(cell_lines("Snapshot and delete 500 GB", 12), "Snapshot and\ndelete 500\nGB");
        assert_eq!(cell_lines("  indented text", 10), "  indented\ntext");
        assert_eq!(cell_lines("id arn:aws:ec2:x", 6), "id\narn:aw\ns:ec2:\nx");
    }

    #[test]
    fn tables_fit_and_lose_nothing() {
        let mut grid = Grid::new(&["id", "what", ">amount"]);
        grid.row([
            "op-0123456789".to_owned(),
            "a long text that has to wrap somewhere".to_owned(),
            "1,234.50".to_owned(),
        ]);
        for width in [40, 60, 80] {
            let text = grid.render(width);
            assert!(text.lines().all(|l| l.chars().count() <= width), "{width}\n{text}");
            let words: usize = text.split_whitespace().count();
            assert_eq!(words, 3 + 10, "{text}");
        }
    }
}
