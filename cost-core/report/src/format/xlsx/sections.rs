//! Sections of documents: each becomes a sheet.

use cost_core::money::Currency;

use crate::document::{Block, Document, Level};
use crate::table::{Row, Value};
use crate::text::Text;

/// Part of a document that becomes a sheet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Section<'a> {
    /// The heading; empty if the document has no title.
    pub(super) heading: String,
    /// Currency of the document, if the report has several documents.
    pub(super) currency: Option<Currency>,
    /// The blocks below the heading.
    pub(super) blocks: Vec<&'a Block>,
}

/// Most lines of a section that is shown on the first sheet of its document.
const SHORT: usize = 12;

/// Returns the sections of all documents. The first one of a document has its title, what comes
/// before its first heading, and all sections with a few lines of text, such as notes.
pub(super) fn sections(documents: &[Document]) -> Vec<Section<'_>> {
    let mut all = Vec::new();
    for document in documents {
        let currency = if documents.len() > 1 { currency(document) } else { None };
        let heading = document.title.as_ref().map(Text::to_plain).unwrap_or_default();
        let is_heading = |b: &Block| matches!(b, Block::Heading(Level::Section, _));
        let start = document.blocks.iter().position(is_heading).unwrap_or(document.blocks.len());
        let (before, rest) = document.blocks.split_at(start);
        let mut first = Section { heading, currency, blocks: before.iter().collect() };
        let mut sheets = Vec::new();
        for part in rest.chunk_by(|_, next| !is_heading(next)) {
            match part {
                [Block::Heading(_, text), blocks @ ..] if lines(blocks) > SHORT => {
                    let blocks = blocks.iter().collect();
                    sheets.push(Section { heading: text.to_plain(), currency, blocks });
                }
                short => first.blocks.extend(short),
            }
        }
        // A document can start with a heading in place of its title.
        if all.is_empty() || !first.blocks.is_empty() || !first.heading.is_empty() {
            all.push(first);
        }
        all.append(&mut sheets);
    }
    all
}

/// Returns the number of lines of text; tables and charts count as many.
fn lines(blocks: &[Block]) -> usize {
    let of = |block: &Block| match block {
        Block::Heading(..) | Block::Line(_) | Block::Paragraph(_) => 1,
        Block::Gap | Block::Figures(_) | Block::Panel { .. } => 0,
        Block::List(list) => list.items.iter().map(|item| 1 + item.details.len()).sum(),
        Block::Facts(facts) => facts.rows.len(),
        Block::Code { lines, .. } => lines.len(),
        Block::Table(_) | Block::Chart(_) | Block::Markdown(_) => SHORT + 1,
    };
    blocks.iter().map(of).sum()
}

/// Returns the currency of the first amount in the tables of a document.
fn currency(document: &Document) -> Option<Currency> {
    let tables =
        document.blocks.iter().filter_map(|b| if let Block::Table(t) = b { Some(t) } else { None });
    let cells = tables.flat_map(|t| &t.rows).flat_map(|row| match row {
        Row::Cells(cells) => cells.as_slice(),
        Row::Across(_) => &[],
    });
    cells.into_iter().find_map(|cell| match cell.value {
        Value::Money(amount) => Some(amount.currency()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use cost_core::money::Money;

    use super::*;
    use crate::table::{Cell, Table};

    #[test]
    fn headings_start_sections_except_for_a_few_lines_of_text() {
        let page = |currency: Currency| {
            let mut doc = Document::new("Review");
            doc.line("1 line item");
            doc.heading("Total");
            let mut table = Table::new(&[">a"]);
            table.row([Cell::money(Money::zero(currency))]);
            doc.table(table);
            doc.part("Part");
            doc.notes("Notes", vec!["one".into(), "two".into()]);
            doc.notes("Not evaluated", vec!["one".into(); 13]);
            doc
        };
        let euro: Currency = "EUR".parse().expect("a currency");
        let pages = [page(Currency::USD), page(euro), Document::new("All currencies")];
        let headings = |all: &[Section<'_>]| -> Vec<(String, Option<Currency>, usize)> {
            all.iter().map(|s| (s.heading.clone(), s.currency, s.blocks.len())).collect()
        };
        assert_eq!(
            headings(&sections(&pages)),
            [
                // The line, and the notes with their heading.
                ("Review".to_owned(), Some(Currency::USD), 3),
                ("Total".to_owned(), Some(Currency::USD), 2),
                ("Not evaluated".to_owned(), Some(Currency::USD), 1),
                ("Review".to_owned(), Some(euro), 3),
                ("Total".to_owned(), Some(euro), 2),
                ("Not evaluated".to_owned(), Some(euro), 1),
                ("All currencies".to_owned(), None, 0),
            ]
        );
        assert!(sections(&pages[..1]).iter().all(|s| s.currency.is_none()));
    }
}
