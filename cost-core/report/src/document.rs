//! A document: a title and blocks. Views make documents of results; renderers show documents and
//! know no result.

use crate::chart::Chart;
use crate::figure::Figure;
use crate::table::Table;
use crate::text::Text;

/// One page of a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The title; `None` where the first block says what it is.
    pub title: Option<Text>,
    /// The content, in order.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// The title of a section.
    Heading(Level, Text),
    /// An empty line in text formats; formats that space blocks by themselves show nothing.
    Gap,
    /// One line, never wrapped.
    Line(Text),
    /// A paragraph, wrapped to the width.
    Paragraph(Text),
    /// A list.
    List(List),
    /// Labels with their values.
    Facts(Facts),
    /// A table.
    Table(Table),
    /// Lines in a programming language.
    Code {
        /// The language, as Markdown names it.
        language: &'static str,
        /// The lines.
        lines: Vec<String>,
    },
    /// Data of a chart, drawn by each format in its way.
    Chart(Chart),
    /// Pages of Markdown that this project wrote, such as those of the checks. No text of it is
    /// from data: it is the one block that a format does not escape. A format whose markup is not
    /// Markdown shows it as it is, as verbatim text where its own markup would take signs of it
    /// for its own; none parses it.
    Markdown(String),
    /// What machine-readable tables (CSV) show. Formats for people skip it.
    Figures(Vec<Figure>),
}

/// Level of a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// A section of the document.
    Section,
    /// A part of a section.
    Part,
}

/// A list of items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// What each item begins with.
    pub mark: Mark,
    /// Blanks before each item in text formats.
    pub indent: usize,
    /// How text formats show the details of items.
    pub details: Details,
    /// The items; a list without any is not shown.
    pub items: Vec<Item>,
}

/// What an item of a list begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    None,
    /// A dash.
    Dash,
    /// Its number, from 1.
    Number,
}

/// How text formats show the details of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Details {
    /// Wrapped to the width.
    Wrapped,
    /// A line each, whatever its length.
    Verbatim,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What comes before the text, and a colon.
    pub label: Option<Text>,
    /// The text.
    pub text: Text,
    /// Lines below the text.
    pub details: Vec<Text>,
}

impl Item {
    /// An item without a label.
    pub fn new(text: impl Into<Text>) -> Self {
        Self { label: None, text: text.into(), details: Vec::new() }
    }

    /// An item that a label leads.
    pub fn labeled(label: impl Into<Text>, text: impl Into<Text>) -> Self {
        Self { label: Some(label.into()), ..Self::new(text) }
    }
}

impl List {
    /// A list at the margin whose details are wrapped.
    pub fn new(mark: Mark, items: impl IntoIterator<Item = Item>) -> Self {
        Self { mark, indent: 0, details: Details::Wrapped, items: items.into_iter().collect() }
    }

    /// The same, indented by so many blanks in text formats.
    #[must_use]
    pub fn indented(self, indent: usize) -> Self {
        Self { indent, ..self }
    }

    /// The same, with details that are never wrapped.
    #[must_use]
    pub fn verbatim(self) -> Self {
        Self { details: Details::Verbatim, ..self }
    }
}

/// Labels with their values, one below the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Characters of the column of labels in text formats; longer labels stand out.
    pub label_width: usize,
    /// Label and value.
    pub rows: Vec<(Text, Text)>,
}

impl Document {
    /// An empty document.
    pub fn new(title: impl Into<Text>) -> Self {
        Self { title: Some(title.into()), blocks: Vec::new() }
    }

    /// Adds the heading of a section.
    pub fn heading(&mut self, text: impl Into<Text>) {
        self.blocks.push(Block::Heading(Level::Section, text.into()));
    }

    /// Adds the heading of a part of a section.
    pub fn part(&mut self, text: impl Into<Text>) {
        self.blocks.push(Block::Heading(Level::Part, text.into()));
    }

    /// Adds an empty line.
    pub fn gap(&mut self) {
        self.blocks.push(Block::Gap);
    }

    /// Adds a line that is not wrapped.
    pub fn line(&mut self, text: impl Into<Text>) {
        self.blocks.push(Block::Line(text.into()));
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, text: impl Into<Text>) {
        self.blocks.push(Block::Paragraph(text.into()));
    }

    /// Adds a list, if it has items.
    pub fn list(&mut self, list: List) {
        if !list.items.is_empty() {
            self.blocks.push(Block::List(list));
        }
    }

    /// Adds facts, with labels of up to `label_width` characters in one column.
    pub fn facts<L: Into<Text>, V: Into<Text>>(
        &mut self,
        label_width: usize,
        rows: impl IntoIterator<Item = (L, V)>,
    ) {
        let rows = rows.into_iter().map(|(label, value)| (label.into(), value.into())).collect();
        self.blocks.push(Block::Facts(Facts { label_width, rows }));
    }

    /// Adds a table.
    pub fn table(&mut self, table: Table) {
        self.blocks.push(Block::Table(table));
    }

    /// Adds a heading and a list of items with a dash; nothing if there are no items.
    pub fn notes(&mut self, heading: &str, items: Vec<Text>) {
        if !items.is_empty() {
            self.heading(heading);
            self.list(List::new(Mark::Dash, items.into_iter().map(Item::new)));
        }
    }

    /// Adds figures for machine-readable tables.
    pub fn figures(&mut self, figures: Vec<Figure>) {
        self.blocks.push(Block::Figures(figures));
    }
}
