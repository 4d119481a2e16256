//! Tests that every format must pass. The list of formats determines which are tested.

use cost_core::money::{Currency, Money};
use cost_core::month::Month;
use cost_core::text::is_hidden;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{format, formats};
use crate::chart::{
    Chart, ChartMonth, DayChart, Labeled, LadderChart, LadderStep, MonthChart, MonthSeries,
    TreeChart, TreeNode, WaterfallChart,
};
use crate::document::{Block, Document, Item, List, Mark};
use crate::figure::Figure;
use crate::renderer::{RenderOptions, Rendered};
use crate::report::{Report, ReportError, ViewOptions};
use crate::table::{Cell, More, Table};
use crate::text::Text;

/// Report with the same text in every possible place.
pub(super) struct Everywhere(pub(super) Vec<Document>);

impl Report for Everywhere {
    fn json(&self) -> Result<String, ReportError> {
        crate::to_json::pretty(
            &self.0.iter().map(|d| d.title.as_ref().map(Text::to_plain)).collect::<Vec<_>>(),
        )
    }

    fn documents(&self, _: &ViewOptions) -> Vec<Document> {
        self.0.clone()
    }
}

pub(super) fn everywhere(text: &str) -> Everywhere {
    let day = chrono::NaiveDate::MIN;
    let mut doc = Document::new(text);
    doc.heading(text);
    doc.part(text);
    doc.line(Text::from(text).strong(text).code(text).bad(text).good(text));
    doc.paragraph(text);
    let item = Item { details: vec![text.into()], ..Item::labeled(text, text) };
    for mark in [Mark::None, Mark::Dash, Mark::Number] {
        doc.list(List::new(mark, [item.clone()]));
    }
    doc.facts(4, [(text, text)]);
    let mut table = Table::new(&["", ">amount"]);
    table.row([Cell::text(text).part(), Cell::money(Money::zero(Currency::USD))]);
    table.across(text);
    doc.table(table);
    doc.notes("Notes", vec![text.into()]);
    doc.blocks.push(Block::Code { language: "sh", lines: vec![text.to_owned()] });
    doc.blocks.push(Block::Chart(Chart::Days(DayChart {
        title: text.to_owned(),
        headline: text.to_owned(),
        place: text.to_owned(),
        currency: Currency::USD,
        days: vec![crate::chart::ChartDay {
            day,
            cost: Money::new(Decimal::ONE, Currency::USD),
            expected: None,
            mark: crate::chart::DayMark::Unusual,
        }],
    })));
    doc.blocks.extend(sums(text).map(Block::Chart));
    let blocks = std::mem::take(&mut doc.blocks);
    let panel = Block::Panel { id: text.to_owned(), summary: text.into(), blocks: blocks.clone() };
    doc.blocks = blocks.into_iter().chain([panel]).collect();
    doc.figures(vec![Figure::money(text, text, text, text, Money::zero(Currency::USD))]);
    Everywhere(vec![doc.clone(), doc])
}

/// Returns one chart of each kind with amounts that add up, with the same text in every place.
pub(super) fn sums(text: &str) -> [Chart; 4] {
    let usd = |amount: i64| Money::new(Decimal::from(amount), Currency::USD);
    let title = text.to_owned();
    let month = Month::of(chrono::NaiveDate::MIN);
    let child = TreeNode {
        name: text.to_owned(),
        amount: usd(30),
        change: Some(usd(-5)),
        children: Vec::new(),
    };
    let root = TreeNode { amount: usd(40), children: vec![child.clone()], ..child };
    let step = LadderStep {
        id: Some(text.to_owned()),
        label: text.to_owned(),
        amount: usd(7),
        cumulative: usd(7),
    };
    let series = MonthSeries { name: text.to_owned(), amounts: vec![Some(usd(11))] };
    let expected = Some((usd(9), usd(12)));
    [
        Chart::Waterfall(WaterfallChart {
            title: title.clone(),
            start: Labeled::new(text, usd(10)),
            parts: vec![Labeled::new(text, usd(-3)), Labeled::new(text, usd(5))],
            end: Labeled::new(text, usd(12)),
        }),
        Chart::Months(MonthChart {
            title: title.clone(),
            currency: Currency::USD,
            months: vec![ChartMonth { month, expected, marks: vec![text.to_owned()] }],
            series: vec![series],
        }),
        Chart::Tree(TreeChart { title: title.clone(), currency: Currency::USD, roots: vec![root] }),
        Chart::Ladder(LadderChart { title, steps: vec![step] }),
    ]
}

pub(super) const OPTIONS: RenderOptions = RenderOptions { width: 40, color: false, top: 10 };

proptest! {
    #[test]
    fn no_format_shows_what_is_hidden(text in "[a-z=+@<>&|`*\\[\\]\"\u{202e}\u{200b}\u{7}\u{1b}\u{e0041}\u{ad}\n -]{0,16}") {
        let report = everywhere(&text);
        for format in formats() {
            // The workbook has a test of its own.
            let Rendered::Text(out) = format.render(&report, &OPTIONS).expect("a report") else { continue };
            prop_assert!(!out.chars().any(|c| c != '\n' && is_hidden(c)), "{}: {out:?}", format.name());
        }
        let csv = format("csv").expect("a format").text(&report, &OPTIONS).expect("text");
        let mut rows = ::csv::Reader::from_reader(csv.as_bytes());
        for row in rows.records() {
            prop_assert!(row.expect("a row").iter().all(|cell| !cell.trim_start().starts_with(['=', '+', '-', '@'])));
        }
        let svg = format("svg").expect("a format").text(&report, &OPTIONS).expect("text");
        let own = format("svg").expect("a format").text(&everywhere(""), &OPTIONS).expect("text");
        prop_assert_eq!(svg.matches('<').count(), own.matches('<').count(), "text makes no element");
        let page = |text: &str| format("html").expect("a format").text(&everywhere(text), &OPTIONS).expect("text");
        let (html, own) = (page(&text), page(if text.is_empty() { "" } else { "x" }));
        prop_assert_eq!(html.matches('<').count(), own.matches('<').count(), "text makes no element");
        prop_assert_eq!(html.matches('"').count(), own.matches('"').count(), "text ends no attribute");
    }

    #[test]
    fn text_begins_no_html_and_no_cell_in_markdown(text in "[a-z<>|&\\[\\]\\\\ ]{1,16}") {
        let mut doc = Document::default();
        let mut table = Table::new(&["a", ">b"]);
        table.row([Cell::text(&text), Cell::text(&text)]);
        doc.table(table);
        let out = format("markdown").expect("a format").text(&Everywhere(vec![doc]), &OPTIONS).expect("text");
        let row = out.lines().nth(2).expect("a row");
        let bare = |sign: char| {
            let mut escaped = false;
            row.chars().filter(|c| { let is = !escaped && *c == sign; escaped = !escaped && *c == '\\'; is }).count()
        };
        prop_assert_eq!((bare('|'), bare('<')), (3, 0), "{}", row);
    }
}

#[test]
fn a_format_is_found_by_its_name() {
    let names: Vec<&str> = formats().iter().map(|f| f.name()).collect();
    assert!(
        ["table", "json", "csv", "markdown", "html", "svg", "xlsx"]
            .iter()
            .all(|name| names.contains(name)),
        "{names:?}"
    );
    assert_eq!(
        names.iter().collect::<std::collections::BTreeSet<_>>().len(),
        names.len(),
        "two formats of one name"
    );
    assert!(names.iter().all(|name| format(name).is_some_and(|f| f.name() == *name)));
}

#[test]
fn every_format_for_people_shows_every_document_and_markdown_of_this_project_as_it_is() {
    let page = |title: &str| {
        let mut doc = Document::new(title);
        doc.blocks.push(Block::Markdown(format!("*{title}* _written_ `here`\n")));
        doc
    };
    let report = Everywhere(vec![page("first"), page("second")]);
    let others = ["csv", "json", "svg", "xlsx"];
    for format in formats().iter().filter(|f| !others.contains(&f.name())) {
        let out = format.text(&report, &OPTIONS).expect("text");
        let places = ["*first* _written_ `here`", "*second* _written_ `here`"];
        let places = places.map(|page| out.find(page));
        assert!(places[0].is_some() && places[0] < places[1], "{}: {out}", format.name());
    }
}

#[test]
fn a_report_without_a_chart_is_no_svg() {
    let svg = format("svg").expect("a format");
    assert!(matches!(
        svg.text(&Everywhere(vec![Document::default()]), &OPTIONS),
        Err(ReportError::NoChart)
    ));
}

#[test]
fn ids_are_not_broken_on_narrow_pages() {
    let mut table = Table::new(&["id", "what"]);
    table.row([Cell::id("rk-1d745e99a1"), Cell::text("a long text that wraps somewhere")]);
    let mut doc = Document::default();
    doc.table(table);
    let options = RenderOptions { width: 24, ..OPTIONS };
    let text = format("table").expect("a format").text(&Everywhere(vec![doc]), &options);
    assert_eq!(
        text.expect("text"),
        "id             what\nrk-1d745e99a1  a long\n               text that\n               wraps\n               somewhere\n"
    );
}

#[test]
fn narrow_pages_leave_wide_columns_out_and_say_what_more_there_is() {
    let mut table =
        Table::new(&["id", "what", ">amount", "+>before"]).limited(1, More::Option("--top"));
    for id in ["op-1", "op-2"] {
        let amount = Cell::money(Money::new(Decimal::ONE, Currency::USD));
        table.row([
            Cell::id(id),
            Cell::text("a long text that wraps somewhere"),
            amount.clone(),
            amount,
        ]);
    }
    let mut doc = Document::default();
    doc.table(table.indented(2));
    let report = Everywhere(vec![doc]);
    let text = |width| {
        format("table")
            .expect("a format")
            .text(&report, &RenderOptions { width, ..OPTIONS })
            .expect("text")
    };
    assert_eq!(
        text(40),
        "  id    what                    amount\n  op-1  a long text that wraps    1.00\n        somewhere\n… and 1 more: `--top 2`.\n"
    );
    assert!(
        text(100).starts_with("  id    what                              amount  before\n"),
        "{}",
        text(100)
    );
    let csv = format("csv").expect("a format").text(&report, &OPTIONS).expect("text");
    assert_eq!(csv.lines().nth(4), Some(",op-2,a long text that wraps somewhere,before,1,,,,USD"));
}

#[test]
fn rows_across_indents_and_least_widths() {
    let mut table = Table::new(&["at least a day"]);
    table.number_column("10", 6);
    table.across("above expectation");
    table.row([Cell::text("            25 %"), Cell::text("1.3")]);
    let mut doc = Document::default();
    doc.table(table);
    let out =
        format("table").expect("a format").text(&Everywhere(vec![doc]), &OPTIONS).expect("text");
    assert_eq!(out, "at least a day        10\nabove expectation\n            25 %     1.3\n");
}
