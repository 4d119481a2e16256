//! Document: a title and blocks. Views turn results into documents; formats render documents and
//! know no results.

use crate::chart::Chart;
use crate::figure::Figure;
use crate::table::Table;
use crate::text::Text;

/// One page of a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The title; `None` if the first block takes its place.
    pub title: Option<Text>,
    /// The content, in order.
    pub blocks: Vec<Block>,
}

/// Part of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// The title of a section.
    Heading(Level, Text),
    /// Empty line in text formats. Formats with their own spacing ignore it.
    Gap,
    /// Single line, never wrapped.
    Line(Text),
    /// Paragraph, wrapped to the width.
    Paragraph(Text),
    /// List of items.
    List(List),
    /// Labels with values.
    Facts(Facts),
    /// Table with typed cells.
    Table(Table),
    /// Source code.
    Code {
        /// Language name for Markdown.
        language: &'static str,
        /// The lines.
        lines: Vec<String>,
    },
    /// Chart data. Each format draws it in its own way.
    Chart(Chart),
    /// Details that are folded until a reader opens them. Formats that cannot fold skip them.
    Panel {
        /// Identifier, such as that of an opportunity. Cells with it link to the panel.
        id: String,
        /// The line that stays visible.
        summary: Text,
        /// The content.
        blocks: Vec<Block>,
    },
    /// Markdown written by this project, such as the pages of the checks. It contains no text from
    /// data, so it is the only block that formats do not escape. A format for other markup shows
    /// it unchanged, as verbatim text where its own markup would interpret it. No format parses it.
    Markdown(String),
    /// Figures for machine-readable tables (CSV). Formats for people skip them.
    Figures(Vec<Figure>),
}

/// Level of a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Section of the document.
    Section,
    /// Part of a section.
    Part,
}

/// List of items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Mark before each item.
    pub mark: Mark,
    /// Number of spaces before each item in text formats.
    pub indent: usize,
    /// Layout of item details in text formats.
    pub details: Details,
    /// The items. An empty list is not shown.
    pub items: Vec<Item>,
}

/// Mark before an item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// No mark before the items.
    None,
    /// Dash before each item.
    Dash,
    /// Number, starting at 1.
    Number,
}

/// Layout of item details in text formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Details {
    /// Wrapped to the width.
    Wrapped,
    /// One line each, of any length.
    Verbatim,
}

/// Item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Label before the text, shown with a colon.
    pub label: Option<Text>,
    /// The text.
    pub text: Text,
    /// Lines below the text.
    pub details: Vec<Text>,
}

impl Item {
    /// Creates an item without a label.
    pub fn new(text: impl Into<Text>) -> Self {
        Self { label: None, text: text.into(), details: Vec::new() }
    }

    /// Creates an item with a label.
    pub fn labeled(label: impl Into<Text>, text: impl Into<Text>) -> Self {
        Self { label: Some(label.into()), ..Self::new(text) }
    }
}

impl List {
    /// Creates a list without indentation, with wrapped details.
    pub fn new(mark: Mark, items: impl IntoIterator<Item = Item>) -> Self {
        Self { mark, indent: 0, details: Details::Wrapped, items: items.into_iter().collect() }
    }

    /// Returns the list, indented by this number of spaces in text formats.
    #[must_use]
    pub fn indented(self, indent: usize) -> Self {
        Self { indent, ..self }
    }

    /// Returns the list, with details that are never wrapped.
    #[must_use]
    pub fn verbatim(self) -> Self {
        Self { details: Details::Verbatim, ..self }
    }
}

/// Labels with values, one per line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Width of the label column in text formats, in characters. Longer labels exceed it.
    pub label_width: usize,
    /// Labels and values.
    pub rows: Vec<(Text, Text)>,
}

impl Document {
    /// Creates a document without blocks.
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

    /// Adds labels with values. The label column is `label_width` characters wide.
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

    /// Adds a heading and a list with dashes, if there are items.
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
