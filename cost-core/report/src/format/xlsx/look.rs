//! Looks of cells.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::text::{Span, Text};

/// Look of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Look {
    /// What the cell is.
    pub(super) kind: Kind,
    /// Emphasis of the text.
    pub(super) tone: Tone,
    /// Whether it is aligned to the right.
    pub(super) right: bool,
    /// Whether it is wrapped at the width of the column.
    pub(super) wrap: bool,
    /// Indentation level.
    pub(super) indent: u8,
    /// Whether editing the cell must not turn its text into a formula.
    pub(super) quoted: bool,
    /// Number format; empty for text.
    pub(super) number: String,
}

/// What a cell is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Text outside tables.
    #[default]
    Text,
    /// Title of a sheet.
    Title,
    /// Heading of a part.
    Part,
    /// Label of a fact.
    Label,
    /// Source code.
    Code,
    /// Link to a sheet.
    Link,
    /// Title of a column.
    Head,
    /// Cell of a table.
    Cell,
    /// Cell of a row that is a total.
    Total,
}

/// Emphasis of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tone {
    /// None.
    #[default]
    Plain,
    /// Important.
    Strong,
    /// Positive result.
    Good,
    /// Negative result or warning.
    Bad,
}

impl Tone {
    /// Returns the strongest emphasis of a text; important only if all of it is.
    pub(super) fn of(text: &Text) -> Self {
        let has = |is: fn(&Span) -> bool| text.spans().iter().any(is);
        let all_strong = text.spans().iter().all(|s| matches!(s, Span::Strong(_)));
        match () {
            () if has(|s| matches!(s, Span::Bad(_))) => Self::Bad,
            () if has(|s| matches!(s, Span::Good(_))) => Self::Good,
            () if all_strong && !text.spans().is_empty() => Self::Strong,
            () => Self::Plain,
        }
    }
}

const INK: Color = Color::RGB(0x0022_2222);
const TITLE: Color = Color::RGB(0x001f_3864);
const MUTED: Color = Color::RGB(0x0059_5959);
const GOOD: Color = Color::RGB(0x001e_6b2e);
const BAD: Color = Color::RGB(0x00b0_2020);
const HEAD: Color = Color::RGB(0x00dd_e6f0);
const TOTAL: Color = Color::RGB(0x00f3_f6fa);
const LINE: Color = Color::RGB(0x00d9_d9d9);

/// Formats of the workbook, by look.
#[derive(Debug, Default)]
pub(super) struct Looks(BTreeMap<Look, Format>);

impl Looks {
    /// Returns the format of a look.
    pub(super) fn format(&mut self, look: &Look) -> &Format {
        self.0.entry(look.clone()).or_insert_with(|| made(look))
    }
}

fn made(look: &Look) -> Format {
    let top = Format::new().set_align(FormatAlign::Top).set_font_color(INK);
    let lined = |f: Format| f.set_border_bottom(FormatBorder::Hair).set_border_bottom_color(LINE);
    let mut format = match look.kind {
        Kind::Text => top,
        Kind::Title => top.set_bold().set_font_size(15).set_font_color(TITLE),
        Kind::Part => top.set_bold().set_font_size(12).set_font_color(TITLE),
        Kind::Label => top.set_bold().set_font_color(MUTED),
        Kind::Code => top.set_font_name("Consolas").set_font_size(10),
        Kind::Link => top.set_hyperlink(),
        Kind::Head => top
            .set_bold()
            .set_align(FormatAlign::Bottom)
            .set_background_color(HEAD)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(TITLE)
            .set_text_wrap(),
        Kind::Cell => lined(top),
        Kind::Total => lined(top.set_bold().set_background_color(TOTAL))
            .set_border_top(FormatBorder::Thin)
            .set_border_top_color(MUTED),
    };
    format = match look.tone {
        Tone::Plain => format,
        Tone::Strong => format.set_bold(),
        Tone::Good => format.set_bold().set_font_color(GOOD),
        Tone::Bad => format.set_bold().set_font_color(BAD),
    };
    let side = if look.right { FormatAlign::Right } else { FormatAlign::Left };
    format = format.set_align(side);
    if look.wrap {
        format = format.set_text_wrap();
    }
    if look.indent > 0 {
        format = format.set_indent(look.indent);
    }
    if look.quoted {
        format = format.set_quote_prefix();
    }
    if look.number.is_empty() { format } else { format.set_num_format(look.number.as_str()) }
}
