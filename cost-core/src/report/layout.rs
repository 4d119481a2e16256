//! Tables that fit: right-aligned numbers, and the widest text columns wrapped to the terminal.

use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::peaker::PriorityMax;
use tabled::settings::{Alignment, Padding, Style, Width};

use super::Look;
use super::safe::terminal_text;

/// How a column is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A column: its heading and alignment.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Heading.
    pub title: &'static str,
    /// Alignment.
    pub align: Align,
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

    /// The table as lines of at most `width` columns.
    #[must_use]
    pub fn render(&self, width: usize) -> String {
        let mut builder = Builder::default();
        builder.push_record(self.columns.iter().map(|c| c.title));
        for row in &self.rows {
            builder.push_record(row);
        }
        let mut table = builder.build();
        table.with(Style::empty()).with(Padding::new(0, 2, 0, 0));
        for (at, column) in self.columns.iter().enumerate() {
            if column.align == Align::Right {
                table.modify(Columns::one(at), Alignment::right());
            }
        }
        // Nothing is cut off: an id or a name that is shown in part is of no use. The widest columns wrap first.
        table.with(Width::wrap(width).keep_words(true).priority(PriorityMax::right()));
        let lines: Vec<String> = table.to_string().lines().map(|l| l.trim_end().to_owned()).collect();
        lines.join("\n") + "\n"
    }
}

/// `text` in lines of at most `width` columns where words allow: the first led by `lead`, the others indented as far.
#[must_use]
pub(super) fn wrap(lead: &str, text: &str, width: usize) -> String {
    let indent = " ".repeat(lead.chars().count());
    let mut out = String::new();
    let mut line = lead.to_owned();
    let mut empty = true;
    for word in terminal_text(text).split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > width {
            out.push_str(&line);
            out.push('\n');
            line.clone_from(&indent);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
    out
}

/// `text` in a terminal colour, if colours are wanted; `code` is the SGR parameter.
#[must_use]
pub(super) fn paint(look: &Look, code: &str, text: &str) -> String {
    if look.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}
