//! Documents with all their texts changed, such as masked, before a format lays them out.

use crate::chart::{Chart, TreeNode};
use crate::document::{Block, Document, Facts, Item, List};
use crate::figure::Figure;
use crate::table::{Cell, Row, Table, Value};
use crate::text::{Span, Text};

/// Change of a text.
type Change<'a> = &'a dyn Fn(&str) -> String;

impl Document {
    /// Returns the document with `change` applied to every text that can come from data. Numbers,
    /// amounts, and Markdown of this project stay.
    #[must_use]
    pub fn mapped(self, change: Change<'_>) -> Self {
        let title = self.title.map(|title| of_text(&title, change));
        Self { title, blocks: self.blocks.into_iter().map(|b| of_block(b, change)).collect() }
    }
}

fn of_text(text: &Text, change: Change<'_>) -> Text {
    text.spans().iter().fold(Text::default(), |out, span| match span {
        Span::Plain(text) => out.plain(change(text)),
        Span::Code(text) => out.code(change(text)),
        Span::Strong(text) => out.strong(change(text)),
        Span::Good(text) => out.good(change(text)),
        Span::Bad(text) => out.bad(change(text)),
    })
}

fn of_block(block: Block, change: Change<'_>) -> Block {
    let text = |text: &Text| of_text(text, change);
    match block {
        Block::Heading(level, heading) => Block::Heading(level, text(&heading)),
        Block::Line(line) => Block::Line(text(&line)),
        Block::Paragraph(paragraph) => Block::Paragraph(text(&paragraph)),
        Block::List(list) => Block::List(of_list(list, change)),
        Block::Facts(facts) => {
            let rows = facts.rows.iter().map(|(label, value)| (text(label), text(value))).collect();
            Block::Facts(Facts { rows, ..facts })
        }
        Block::Table(table) => Block::Table(of_table(table, change)),
        Block::Code { language, lines } => {
            Block::Code { language, lines: lines.iter().map(|line| change(line)).collect() }
        }
        Block::Chart(chart) => Block::Chart(of_chart(chart, change)),
        Block::Panel { id, summary, blocks } => Block::Panel {
            id: change(&id),
            summary: text(&summary),
            blocks: blocks.into_iter().map(|b| of_block(b, change)).collect(),
        },
        Block::Figures(figures) => {
            Block::Figures(figures.into_iter().map(|f| of_figure(f, change)).collect())
        }
        Block::Gap | Block::Markdown(_) => block,
    }
}

fn of_list(list: List, change: Change<'_>) -> List {
    let item = |item: Item| Item {
        label: item.label.as_ref().map(|label| of_text(label, change)),
        text: of_text(&item.text, change),
        details: item.details.iter().map(|detail| of_text(detail, change)).collect(),
    };
    List { items: list.items.into_iter().map(item).collect(), ..list }
}

fn of_table(table: Table, change: Change<'_>) -> Table {
    let cell = |cell: Cell| match cell.value {
        Value::Text | Value::Id => Cell { text: change(&cell.text), ..cell },
        _ => cell,
    };
    let row = |row: Row| match row {
        Row::Cells(cells) => Row::Cells(cells.into_iter().map(cell).collect()),
        Row::Across(text) => Row::Across(of_text(&text, change)),
    };
    let foot = table.foot.into_iter().map(cell).collect();
    let mut table = Table { rows: table.rows.into_iter().map(row).collect(), foot, ..table };
    for column in &mut table.columns {
        column.title = change(&column.title).into();
    }
    table
}

fn of_chart(chart: Chart, change: Change<'_>) -> Chart {
    match chart {
        Chart::Days(mut chart) => {
            for text in [&mut chart.title, &mut chart.headline, &mut chart.place] {
                *text = change(text);
            }
            Chart::Days(chart)
        }
        Chart::Curve(chart) => Chart::Curve(chart),
        Chart::Waterfall(mut chart) => {
            let labels = chart.parts.iter_mut().map(|part| &mut part.label);
            let ends = [&mut chart.title, &mut chart.start.label, &mut chart.end.label];
            for text in ends.into_iter().chain(labels) {
                *text = change(text);
            }
            Chart::Waterfall(chart)
        }
        Chart::Months(mut chart) => {
            let names = chart.series.iter_mut().map(|series| &mut series.name);
            let marks = chart.months.iter_mut().flat_map(|month| &mut month.marks);
            for text in std::iter::once(&mut chart.title).chain(names).chain(marks) {
                *text = change(text);
            }
            Chart::Months(chart)
        }
        Chart::Tree(mut chart) => {
            chart.title = change(&chart.title);
            for root in &mut chart.roots {
                of_node(root, change);
            }
            Chart::Tree(chart)
        }
        Chart::Ladder(mut chart) => {
            let ids =
                chart.steps.iter_mut().flat_map(|step| step.id.iter_mut().chain([&mut step.label]));
            for text in std::iter::once(&mut chart.title).chain(ids) {
                *text = change(text);
            }
            Chart::Ladder(chart)
        }
    }
}

fn of_node(node: &mut TreeNode, change: Change<'_>) {
    node.name = change(&node.name);
    for child in &mut node.children {
        of_node(child, change);
    }
}

fn of_figure(figure: Figure, change: Change<'_>) -> Figure {
    let Figure { section, item, detail, measure, amount } = figure;
    let [section, item, detail, measure] = [section, item, detail, measure].map(|t| change(&t));
    Figure { section, item, detail, measure, amount }
}
