//! Content of the page: blocks in order, in sections with headings.

use std::collections::{BTreeMap, BTreeSet};

use super::ids::Ids;
use super::inline::{inline, lines};
use super::{figure, table};
use crate::document::{Block, Document, Facts, Item, Level, List, Mark};
use crate::text::Text;

/// Content of the page, and what its parts have in common.
pub(super) struct Body {
    /// The markup.
    pub(super) out: String,
    /// Titles and sections, for the navigation.
    pub(super) entries: Vec<Entry>,
    ids: Ids,
    /// Identifiers of the elements of panels, by the identifier of the panel.
    panels: BTreeMap<String, String>,
    /// Elements of panels that are in the markup already.
    named: BTreeSet<String>,
    /// Text of the last heading: the name of tables without a title.
    heading: String,
    /// Number of panels around the current block.
    depth: usize,
    is_section_open: bool,
}

/// Entry of the navigation.
pub(super) struct Entry {
    /// Identifier of its element.
    pub(super) id: String,
    /// Its text, escaped.
    pub(super) text: String,
    /// Whether it is the title of a document.
    pub(super) is_title: bool,
}

impl Body {
    /// Starts the content of these documents. Cells with the identifier of a panel link to it.
    pub(super) fn of(documents: &[Document]) -> Self {
        let mut ids = Ids::default();
        let mut panels = BTreeMap::new();
        for document in documents {
            name_panels(&document.blocks, &mut ids, &mut panels);
        }
        Self {
            out: String::new(),
            entries: Vec::new(),
            ids,
            panels,
            named: BTreeSet::new(),
            heading: String::new(),
            depth: 0,
            is_section_open: false,
        }
    }

    /// Adds a document.
    pub(super) fn document(&mut self, document: &Document) {
        self.out.push_str("<article>\n");
        if let Some(title) = &document.title {
            let plain = title.to_plain();
            let (id, text) = (self.ids.new_id(&plain), inline(title));
            self.out.push_str(&format!("<h1 id=\"{id}\">{text}</h1>\n"));
            self.entries.push(Entry { id, text, is_title: true });
            self.heading = plain;
        }
        self.blocks(&document.blocks);
        self.close_section();
        self.out.push_str("</article>\n");
    }

    fn blocks(&mut self, blocks: &[Block]) {
        let mut rest = blocks;
        while let [first, next @ ..] = rest {
            // Consecutive panels are one list.
            let panels = rest.iter().take_while(|b| matches!(b, Block::Panel { .. })).count();
            if panels > 0 {
                self.out.push_str("<div class=\"pns\">\n");
                for panel in &rest[..panels] {
                    self.block(panel);
                }
                self.out.push_str("</div>\n");
                rest = &rest[panels..];
            } else {
                self.block(first);
                rest = next;
            }
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(level, text) => self.title(*level, text),
            Block::Line(text) => {
                self.out.push_str(&format!("<p class=\"l\">{}</p>\n", inline(text)));
            }
            Block::Paragraph(text) => self.out.push_str(&format!("<p>{}</p>\n", inline(text))),
            Block::List(all) => self.out.push_str(&list(all)),
            Block::Facts(all) => self.out.push_str(&facts(all)),
            Block::Table(all) => self.table(all),
            Block::Code { language, lines: all } => {
                self.out.push_str(&lines(all.iter().map(String::as_str), language));
            }
            Block::Chart(chart) => {
                let [id, table] = ["chart", "table"].map(|text| self.ids.new_id(text));
                self.out.push_str(&figure::figure(chart, [&id, &table], &self.panels));
            }
            Block::Panel { id, summary, blocks } => self.panel(id, summary, blocks),
            // Not parsed: shown as it is written.
            Block::Markdown(text) => self.out.push_str(&lines(text.lines(), "")),
            Block::Gap | Block::Figures(_) => {}
        }
    }

    fn title(&mut self, level: Level, text: &Text) {
        self.heading = text.to_plain();
        let (id, shown) = (self.ids.new_id(&self.heading), inline(text));
        let rank = match level {
            Level::Section => 2 + self.depth,
            Level::Part => 3 + self.depth,
        };
        let rank = rank.min(6);
        if level == Level::Section && self.depth == 0 {
            self.close_section();
            self.out.push_str(&format!("<section aria-labelledby=\"{id}\">\n"));
            self.is_section_open = true;
            self.entries.push(Entry { id: id.clone(), text: shown.clone(), is_title: false });
        }
        self.out.push_str(&format!("<h{rank} id=\"{id}\">{shown}</h{rank}>\n"));
    }

    fn close_section(&mut self) {
        if std::mem::take(&mut self.is_section_open) {
            self.out.push_str("</section>\n");
        }
    }

    fn table(&mut self, all: &crate::table::Table) {
        let id = self.ids.new_id("table");
        self.out.push_str(&table::table(all, &id, &self.heading, &self.panels));
    }

    fn panel(&mut self, id: &str, summary: &Text, blocks: &[Block]) {
        let element = match self.panels.get(id) {
            Some(element) if self.named.insert(element.clone()) => element.clone(),
            _ => self.ids.new_id(id),
        };
        // The link leads into the panel, so that browsers open it without the script, too.
        self.out.push_str(&format!(
            "<details class=\"pn\"><summary>{}</summary>\n<div class=\"pb\" id=\"{element}\">\n",
            inline(summary)
        ));
        let heading = std::mem::replace(&mut self.heading, summary.to_plain());
        self.depth += 1;
        self.blocks(blocks);
        self.depth -= 1;
        self.heading = heading;
        self.out.push_str("</div></details>\n");
    }
}

/// Reserves the identifiers of all panels. Of two panels with the same identifier, links lead to the
/// first.
fn name_panels(blocks: &[Block], ids: &mut Ids, panels: &mut BTreeMap<String, String>) {
    for block in blocks {
        if let Block::Panel { id, blocks, .. } = block {
            if !panels.contains_key(id) {
                panels.insert(id.clone(), ids.new_id(id));
            }
            name_panels(blocks, ids, panels);
        }
    }
}

fn list(list: &List) -> String {
    let item = |item: &Item| {
        let label = item.label.as_ref().map(|l| format!("<b>{}:</b> ", inline(l)));
        let detail = |d: &Text| format!("<li>{}</li>", inline(d));
        let details: String = item.details.iter().map(detail).collect();
        let details =
            if details.is_empty() { details } else { format!("<ul class=\"p\">{details}</ul>") };
        format!("<li>{}{}{details}</li>\n", label.unwrap_or_default(), inline(&item.text))
    };
    let (tag, class) = match list.mark {
        Mark::Number => ("ol", ""),
        Mark::Dash => ("ul", ""),
        Mark::None => ("ul", " class=\"p\""),
    };
    format!("<{tag}{class}>\n{}</{tag}>\n", list.items.iter().map(item).collect::<String>())
}

fn facts(facts: &Facts) -> String {
    let row = |(label, value): &(Text, Text)| {
        format!("<div><dt>{}</dt><dd>{}</dd></div>\n", inline(label), inline(value))
    };
    format!("<dl>\n{}</dl>\n", facts.rows.iter().map(row).collect::<String>())
}
