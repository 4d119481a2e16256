//! Tests of workbooks by their parts. `tests/workbook/recalculate.py` reads whole workbooks.

use std::io::{Cursor, Read};

use cost_core::money::{Currency, Money};
use cost_core::text::is_hidden;
use proptest::prelude::*;

use super::book::write;
use super::text::{LIMITS, Limits};
use crate::document::Document;
use crate::format::format;
use crate::format::tests::{Everywhere, everywhere};
use crate::formula::Formula;
use crate::renderer::{RenderOptions, Rendered};
use crate::report::{Audience, Report, ViewOptions};
use crate::table::{Cell, Table};

/// Returns the text of a part of a workbook; empty if it has none.
fn part(book: &[u8], name: &str) -> String {
    let mut parts = zip::ZipArchive::new(Cursor::new(book)).expect("a ZIP archive");
    let mut text = String::new();
    if let Ok(mut part) = parts.by_name(name) {
        part.read_to_string(&mut text).expect("UTF-8");
    }
    text
}

fn parts(book: &[u8]) -> Vec<(String, String)> {
    let all = zip::ZipArchive::new(Cursor::new(book)).expect("a ZIP archive");
    let names: Vec<String> =
        all.file_names().map(|name| name.expect("a name").into_owned()).collect();
    names.into_iter().map(|name| (name.clone(), part(book, &name))).collect()
}

fn documents(report: &Everywhere) -> Vec<Document> {
    report.documents(&ViewOptions { top: 10, audience: Audience::Page })
}

fn usd(text: &str) -> Cell {
    Cell::money(Money::parse(text, Currency::USD).expect("an amount"))
}

/// Document with a table of two rows, a total of them, and one that is wrong.
fn sums() -> Document {
    let mut doc = Document::new("Report");
    doc.heading("Amounts, USD");
    let mut table = Table::new(&["item", ">a", ">b"]);
    table.row([Cell::text("=1+1"), usd("1.10"), usd("0.10")]);
    table.row([Cell::text("two"), usd("2.25"), usd("0.20")]);
    let sum = |text: &str| usd(text).follows(Formula::SumAbove);
    table.foot([Cell::text("total"), sum("3.35"), sum("0.31")]);
    doc.table(table);
    doc
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn hostile_text_stays_text(text in "(<r>|=|_x202e_|[a-z=+@\t\r＝<>&'!\\[\\]\"\u{202e}\u{7}\u{e0041}-]){0,12}(</r>)?") {
        let all = documents(&everywhere(&text));
        let book = write(&all, LIMITS).expect("a workbook");
        prop_assert_eq!(&book, &write(&all, LIMITS).expect("a workbook"), "the same bytes");
        for (name, part) in parts(&book) {
            prop_assert!(!part.chars().any(|c| c != '\n' && is_hidden(c)), "{}: {}", name, part);
            prop_assert!(!part.contains("<f>"), "{} has a formula: {}", name, part);
            prop_assert!(!part.contains("TargetMode"), "{} has a link: {}", name, part);
        }
        let strings = part(&book, "xl/sharedStrings.xml");
        prop_assert!(!strings.contains("<r>"), "{}", strings);
        // A program would show the character with this code.
        prop_assert!(!strings.contains(">_x202e_"), "{}", strings);
    }
}

#[test]
fn totals_are_formulas_with_our_result_if_they_hold() {
    let book = write(&[sums()], LIMITS).expect("a workbook");
    let sheet = part(&book, "xl/worksheets/sheet2.xml");
    // Title, link, empty row, titles of columns: the first row is 5.
    assert!(sheet.contains("<f>SUM(B5:B6)</f><v>3.35</v>"), "{sheet}");
    assert_eq!(sheet.matches("<f>").count(), 1, "0.31 is not 0.30: {sheet}");
    assert!(sheet.contains("<v>0.31</v>"), "{sheet}");
    assert!(sheet.contains("<autoFilter ref=\"A4:C6\"/>"), "the total stays: {sheet}");
    assert!(sheet.contains("ySplit=\"4\""), "the titles stay visible: {sheet}");
    let overview = part(&book, "xl/worksheets/sheet1.xml");
    assert!(overview.contains("location=\"Amounts!A1\""), "{overview}");
    assert!(part(&book, "xl/workbook.xml").contains("name=\"Amounts\""));
    assert!(part(&book, "xl/styles.xml").contains("quotePrefix=\"1\""));
}

#[test]
fn numbers_are_below_those_of_the_largest_table() {
    let mut doc = Document::new("Report");
    doc.heading("Savings");
    let mut steps = Table::new(&["id", "step", ">low", ">high"]);
    steps.row([Cell::id("op-1"), Cell::text("one"), usd("1"), usd("2")]);
    steps.row([Cell::id("op-2"), Cell::text("two"), usd("3"), usd("4")]);
    doc.table(steps);
    let mut sums = Table::new(&["savings", ">low", ">high"]);
    sums.row([Cell::text("all"), usd("4"), usd("6")]);
    sums.row([Cell::text("plan"), usd("4").follows(Formula::SumAbove), usd("6")]);
    doc.table(sums);
    let book = write(&[doc], LIMITS).expect("a workbook");
    let sheet = part(&book, "xl/worksheets/sheet2.xml");
    // The titles of the second table are in row 8: the label spans two columns.
    assert!(sheet.contains("<mergeCell ref=\"A9:B9\"/>"), "{sheet}");
    assert!(sheet.contains("<f>SUM(C9)</f><v>4</v>"), "{sheet}");
}

#[test]
fn a_workbook_has_no_time_of_writing() {
    let book = write(&[sums()], LIMITS).expect("a workbook");
    let properties = part(&book, "docProps/core.xml");
    assert_eq!(properties.matches("2000-01-01T00:00:00Z").count(), 2, "{properties}");
    assert!(properties.contains("<dc:title>Report</dc:title>"), "{properties}");
}

#[test]
fn what_does_not_fit_is_said() {
    let mut doc = Document::new("A long title");
    let mut table = Table::new(&["item", ">a"]);
    for _ in 0..20 {
        table.row([Cell::text("row"), usd("1")]);
    }
    table.foot([Cell::text("total"), usd("20").follows(Formula::SumAbove)]);
    doc.table(table);
    let book = write(&[doc], Limits { rows: 12, text: 80 }).expect("a workbook");
    let sheet = part(&book, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("r=\"A12\"") && !sheet.contains("r=\"A13\""), "{sheet}");
    assert!(!sheet.contains("<f>"), "no total of some of the rows: {sheet}");
    let strings = part(&book, "xl/sharedStrings.xml");
    assert!(strings.contains("The rest is left out: a sheet has at most 12 rows."), "{strings}");

    let mut doc = Document::new("Report");
    doc.line("x".repeat(200));
    let book = write(&[doc], Limits { rows: 100, text: 120 }).expect("a workbook");
    let strings = part(&book, "xl/sharedStrings.xml");
    assert!(strings.contains(&format!(">{}…<", "x".repeat(119))), "{strings}");
    assert!(strings.contains("Texts cut to 120 characters, the most in a cell: 1."), "{strings}");
}

#[test]
fn every_chart_of_the_report_is_drawn_above_its_data() {
    let book = write(&documents(&everywhere("place")), LIMITS).expect("a workbook");
    let chart = part(&book, "xl/charts/chart1.xml");
    assert!(chart.contains("EffectiveCost by day, USD"), "{chart}");
    assert!(chart.contains("<c:barChart>"), "{chart}");
}

#[test]
fn the_format_is_binary_and_an_empty_report_is_a_workbook() {
    let options = RenderOptions { width: 80, color: false, top: 1 };
    let xlsx = format("xlsx").expect("a format");
    let rendered = xlsx.render(&Everywhere(Vec::new()), &options).expect("a workbook");
    assert!(matches!(&rendered, Rendered::Binary(book) if book.starts_with(b"PK")));
    assert!(xlsx.text(&Everywhere(Vec::new()), &options).is_err());
}
