//! Table format: text for a finance lead, in a terminal of 80 columns or more.

use super::grid::Grid;
use super::wrap::wrap;
use super::{bar_chart, day_chart};
use crate::chart::{Bars, Chart};
use crate::document::{Block, Details, Document, Facts, Item, List, Mark};
use crate::escape::terminal_text;
use crate::renderer::{Format, RenderOptions, Rendered};
use crate::report::{Audience, Report, ReportError, ViewOptions};
use crate::text::{Span, Text};

pub(super) struct TextTable;

impl Format for TextTable {
    fn name(&self) -> &'static str {
        "table"
    }

    fn about(&self) -> &'static str {
        "for people"
    }

    fn render(
        &self,
        report: &dyn Report,
        options: &RenderOptions,
    ) -> Result<Rendered, ReportError> {
        let documents =
            report.documents(&ViewOptions { top: options.top, audience: Audience::Screen });
        let pages: Vec<String> = documents.iter().map(|d| page(d, options)).collect();
        Ok(pages.join(&format!("\n{}\n\n", "═".repeat(options.width))).into())
    }
}

fn page(document: &Document, options: &RenderOptions) -> String {
    let title = document.title.as_ref().map(|t| painted_line(options, "1", t)).unwrap_or_default();
    document.blocks.iter().fold(title, |out, b| out + &block(b, options))
}

fn block(block: &Block, options: &RenderOptions) -> String {
    match block {
        Block::Heading(_, text) => format!("\n{}", painted_line(options, "1;36", text)),
        Block::Gap => "\n".to_owned(),
        Block::Line(text) => {
            text.spans().iter().map(|s| span(options, s)).collect::<String>() + "\n"
        }
        Block::Paragraph(text) => wrap("", &text.to_plain(), options.width),
        Block::List(all) => list(all, options),
        Block::Facts(all) => facts(all, options),
        Block::Table(table) => {
            let (head, rows) = Grid::new(table, options.width).lines(options.width);
            let head = table.head.then(|| paint(options, "2", &head));
            let more = table.more().map(|m| m.to_plain());
            head.into_iter().chain(rows).chain(more).map(|line| line + "\n").collect()
        }
        Block::Code { lines, .. } => lines.iter().map(|l| terminal_text(l) + "\n").collect(),
        Block::Chart(Chart::Days(chart)) => day_chart::text(chart, options.width),
        Block::Markdown(text) => text.clone(),
        Block::Chart(chart) => Bars::of(chart)
            .map(|bars| bar_chart::text(&chart.title(), &bars, options.width))
            // The bars of the table next to it show the curve.
            .unwrap_or_default(),
        Block::Panel { .. } | Block::Figures(_) => String::new(),
    }
}

/// Indentation of item details and of facts.
const DETAIL: &str = "    ";
const FACT: &str = "  ";

fn list(list: &List, options: &RenderOptions) -> String {
    let indent = " ".repeat(list.indent);
    let item = |(at, item): (usize, &Item)| {
        let mark = match list.mark {
            Mark::None => String::new(),
            Mark::Dash => "- ".to_owned(),
            Mark::Number => format!("{}. ", at + 1),
        };
        let label = item.label.as_ref().map(|l| format!("{}: ", l.to_plain())).unwrap_or_default();
        let mut out = wrap(&format!("{indent}{mark}{label}"), &item.text.to_plain(), options.width);
        // Lines are wrapped by visible characters; colors are added later.
        for loud in item
            .label
            .iter()
            .flat_map(Text::spans)
            .filter(|s| matches!(s, Span::Bad(_) | Span::Good(_)))
        {
            out = out.replacen(&terminal_text(&loud.to_plain()), &span(options, loud), 1);
        }
        for detail in item.details.iter().map(Text::to_plain) {
            out.push_str(&match list.details {
                Details::Wrapped => wrap(DETAIL, &detail, options.width),
                Details::Verbatim => format!("{DETAIL}{}\n", terminal_text(&detail)),
            });
        }
        out
    };
    list.items.iter().enumerate().map(item).collect()
}

fn facts(facts: &Facts, options: &RenderOptions) -> String {
    let fact = |(label, value): &(Text, Text)| {
        let lead = format!("{FACT}{:<1$} ", label.to_plain(), facts.label_width + 1);
        wrap(&lead, &value.to_plain(), options.width)
    };
    facts.rows.iter().map(fact).collect()
}

/// Returns a line in a color.
fn painted_line(options: &RenderOptions, code: &str, text: &Text) -> String {
    paint(options, code, &terminal_text(&text.to_plain())) + "\n"
}

fn span(options: &RenderOptions, span: &Span) -> String {
    let text = terminal_text(&span.to_plain());
    match span {
        Span::Plain(_) | Span::Code(_) => text,
        Span::Strong(_) => paint(options, "1", &text),
        Span::Good(_) => paint(options, "1;32", &text),
        Span::Bad(_) => paint(options, "1;31", &text),
    }
}

/// Returns `text` in a terminal color if colors are enabled. `code` is the SGR parameter.
fn paint(options: &RenderOptions, code: &str, text: &str) -> String {
    if options.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}
