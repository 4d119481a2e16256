//! Markdown format: for issues, wikis, and files.

use super::day_chart;
use crate::chart::Chart;
use crate::document::{Block, Document, Facts, Item, Level, List, Mark};
use crate::escape::{markdown_text, terminal_text};
use crate::renderer::{Format, RenderOptions, Rendered};
use crate::report::{Audience, Report, ReportError, ViewOptions};
use crate::table::{Align, Cell, Row, Table};
use crate::text::{Span, Text};

pub(super) struct Markdown;

/// Width of charts, in columns.
const CHART_WIDTH: usize = 80;

impl Format for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn about(&self) -> &'static str {
        "for issues and wikis; `explain` prints a runbook or an incident report"
    }

    fn render(
        &self,
        report: &dyn Report,
        options: &RenderOptions,
    ) -> Result<Rendered, ReportError> {
        let documents =
            report.documents(&ViewOptions { top: options.top, audience: Audience::Page });
        Ok(documents.iter().map(page).collect::<Vec<_>>().join("\n---\n\n").into())
    }
}

fn page(document: &Document) -> String {
    let title = document.title.iter().map(|t| format!("# {}", inline(t)));
    let blocks: Vec<String> = title.chain(document.blocks.iter().filter_map(block)).collect();
    blocks.join("\n\n") + "\n"
}

/// Renders a block without a trailing line break; `None` if it is not shown.
fn block(block: &Block) -> Option<String> {
    Some(match block {
        Block::Heading(Level::Section, text) => format!("## {}", inline(text)),
        Block::Heading(Level::Part, text) => format!("### {}", inline(text)),
        Block::Line(text) | Block::Paragraph(text) => inline(text),
        Block::List(all) => list(all),
        Block::Facts(all) => facts(all),
        Block::Table(all) => table(all),
        Block::Code { language, lines } => code(language, lines),
        Block::Chart(Chart::Days(chart)) => {
            format!("```text\n{}```", day_chart::text(chart, CHART_WIDTH))
        }
        Block::Markdown(text) => text.strip_suffix('\n').unwrap_or(text).to_owned(),
        // The bars of the table next to it show a curve.
        Block::Chart(Chart::Curve(_)) | Block::Panel { .. } | Block::Figures(_) | Block::Gap => {
            return None;
        }
        Block::Chart(chart) => {
            format!("**{}**\n\n{}", markdown_text(&chart.title()), table(&chart.table()))
        }
    })
}

fn list(list: &List) -> String {
    let item = |(at, item): (usize, &Item)| {
        let mark =
            if list.mark == Mark::Number { format!("{}. ", at + 1) } else { "- ".to_owned() };
        let label = item.label.as_ref().map(|l| format!("{}: ", inline(l))).unwrap_or_default();
        let first = format!("{mark}{label}{}", inline(&item.text));
        let details = item.details.iter().map(|d| format!("  - {}", inline(d)));
        std::iter::once(first).chain(details).collect::<Vec<_>>().join("\n")
    };
    list.items.iter().enumerate().map(item).collect::<Vec<_>>().join("\n")
}

fn facts(facts: &Facts) -> String {
    let row =
        |(label, value): &(Text, Text)| format!("\n| **{}** | {} |", inline(label), in_cell(value));
    format!("| | |\n|---|---|{}", facts.rows.iter().map(row).collect::<String>())
}

fn table(table: &Table) -> String {
    let titles = table
        .columns
        .iter()
        .map(|c| if table.head { markdown_text(&c.title) } else { String::new() });
    let rule = |align| if align == Align::Right { "---:|" } else { "---|" };
    let rules: String = table.columns.iter().map(|c| rule(c.align)).collect();
    let rows = table.shown().iter().map(|row| match row {
        Row::Cells(cells) => line(cells.iter().map(cell)),
        Row::Across(text) => line(
            [in_cell(text)].into_iter().chain(table.columns.iter().skip(1).map(|_| String::new())),
        ),
    });
    let lines: Vec<String> = [line(titles), format!("|{rules}")].into_iter().chain(rows).collect();
    let more = table.more().map(|more| format!("\n\n{}", inline(&more))).unwrap_or_default();
    lines.join("\n") + &more
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let padded =
        |text: String| if text.is_empty() { " |".to_owned() } else { format!(" {text} |") };
    format!("|{}", cells.map(padded).collect::<String>())
}

fn cell(cell: &Cell) -> String {
    format!("{}{}", "&emsp;".repeat(cell.level), markdown_text(&cell.text))
}

/// Returns a code block with a fence that its lines cannot close.
fn code(language: &str, lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|l| terminal_text(l)).collect();
    let fence = "`".repeat(lines.iter().map(|l| longest_run(l)).max().unwrap_or(0).max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}", lines.join("\n"))
}

/// Returns the length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn inline(text: &Text) -> String {
    text.spans().iter().map(span).collect::<String>().trim().to_owned()
}

/// Renders text in a table cell. Table borders end code too, so they are escaped in code.
fn in_cell(text: &Text) -> String {
    let shown =
        |s: &Span| if let Span::Code(_) = s { span(s).replace('|', "\\|") } else { span(s) };
    text.spans().iter().map(shown).collect::<String>().trim().to_owned()
}

fn span(span: &Span) -> String {
    match span {
        Span::Plain(text) => spaced(text, markdown_text(text)),
        Span::Strong(text) | Span::Good(text) | Span::Bad(text) => {
            spaced(text, format!("**{}**", markdown_text(text)))
        }
        Span::Code(text) => {
            let text = terminal_text(text);
            let fence = "`".repeat(longest_run(&text) + 1);
            let pad =
                if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
            format!("{fence}{pad}{text}{pad}{fence}")
        }
    }
}

/// Returns `shown` with the leading and trailing space of `text`, which escaping removes.
fn spaced(text: &str, shown: String) -> String {
    let blank = |is: bool| if is { " " } else { "" };
    format!("{}{shown}{}", blank(text.starts_with(' ')), blank(text.ends_with(' ')))
}
