//! Tests of the page as a whole.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cost_core::money::{Currency, Money};
use rust_decimal::Decimal;
use sha2::{Digest as _, Sha256};

use super::{SCRIPT, STYLE};
use crate::chart::{Chart, CurveChart, CurvePoint};
use crate::document::{Block, Document};
use crate::format::format;
use crate::format::tests::{Everywhere, OPTIONS, everywhere, sums};
use crate::table::{Cell, More, Table, Value};

fn page(report: &Everywhere) -> String {
    format("html").expect("a format").text(report, &OPTIONS).expect("a page")
}

fn of(blocks: Vec<Block>) -> String {
    page(&Everywhere(vec![Document { title: Some("Title".into()), blocks }]))
}

/// Returns the values of an attribute.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let lead = format!(" {attribute}=\"");
    page.split(&lead).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// Returns the page without its style and script, which are constant.
fn markup(page: &str) -> String {
    page.replace(STYLE, "").replace(SCRIPT, "")
}

#[test]
fn the_policy_allows_only_the_style_and_script_of_the_page() {
    let page = page(&everywhere("x"));
    let policy = page.split("Content-Security-Policy\" content=\"").nth(1).expect("a policy");
    let policy = policy.split('"').next().expect("a policy");
    for (element, directive) in [("style", "style-src"), ("script", "script-src")] {
        let open = format!("<{element}>");
        let close = format!("</{element}>");
        let content = page.split(&open).nth(1).and_then(|rest| rest.split(&close).next());
        let hash = STANDARD.encode(Sha256::digest(content.expect("an element").as_bytes()));
        assert!(policy.contains(&format!("{directive} 'sha256-{hash}';")), "{policy}");
        assert_eq!(page.matches(&open).count(), 1);
    }
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
    let markup = markup(&page);
    let is_handler = |rest: &str| {
        rest.split_once("=\"").is_some_and(|(name, _)| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase())
        })
    };
    assert!(!markup.contains(" style=\""), "inline style");
    assert!(!markup.split(" on").skip(1).any(is_handler), "inline script");
}

#[test]
fn the_script_parses_no_text_as_markup_and_nothing_is_loaded() {
    for word in
        ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch("]
    {
        assert!(!SCRIPT.contains(word), "{word}");
    }
    for word in ["</", "http:", "https:", "url(", "@import"] {
        assert!(!SCRIPT.contains(word) && !STYLE.contains(word), "{word}");
    }
    let markup = markup(&page(&everywhere("https://example.com/a.js")));
    assert!(!markup.contains("src=") && !markup.contains("href=\"http"), "{markup}");
}

#[test]
fn identifiers_are_unique_and_every_link_has_a_target() {
    let page = markup(&page(&everywhere("op-1")));
    let ids = values(&page, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "{ids:?}");
    for link in values(&page, "href").into_iter().filter(|l| *l != "data:,") {
        assert!(link.strip_prefix('#').is_some_and(|id| unique.contains(id)), "{link}");
    }
    for name in values(&page, "aria-labelledby") {
        assert!(unique.contains(name), "{name}");
    }
}

#[test]
fn every_chart_has_a_table_with_its_values() {
    let usd = |amount: i64| Money::new(Decimal::from(amount), Currency::USD);
    let point = |at: i64| CurvePoint {
        usd_per_hour: Decimal::new(at, 1),
        saves: usd(2_345 * at),
        saves_in_decline: usd(-at),
    };
    let curve = Chart::Curve(CurveChart {
        term: "1 year".to_owned(),
        currency: Currency::USD,
        points: vec![point(0), point(1)],
        chosen: 1,
    });
    let expected = ["-3.00", "12.00", "-5.00", "7.00", "2,345.00"];
    for (chart, value) in sums("x").into_iter().chain([curve]).zip(expected) {
        let page = markup(&of(vec![Block::Chart(chart.clone())]));
        assert_eq!((page.matches("<figure").count(), page.matches("<table").count()), (1, 1));
        let table = page.split("<table").nth(1).expect("a table");
        assert!(table.contains(value), "{value}: {table}");
        assert!(!page.contains("NaN") && !page.contains("inf%"), "{page}");
    }
}

#[test]
fn cells_have_their_exact_value_where_the_text_is_rounded() {
    let amount = |text: &str| Money::parse(text, Currency::USD).expect("an amount");
    let mut table = Table::new(&["name", ">amount"]).limited(1, More::Nothing);
    for text in ["1234.5678", "1234.00", "-0.25"] {
        table.row([Cell::text("x"), Cell::money(amount(text))]);
    }
    let month = Value::Percent(Decimal::new(7_251, 3));
    table.row([Cell::text("x"), Cell::shown_as("7.3 %", month)]);
    let page = of(vec![Block::Table(table)]);
    // All rows are in the page; the script shows one.
    for cell in [
        "<td class=\"n\" data-v=\"1234.5678\">1,234.57</td>",
        "<td class=\"n\">1,234.00</td>",
        "<td class=\"n\">-0.25</td>",
        "<td class=\"n\" data-v=\"7.251\">7.3 %</td>",
        "data-n=\"1\"",
    ] {
        assert!(page.contains(cell), "{cell}: {page}");
    }
}

#[test]
fn cells_with_the_identifier_of_a_panel_link_to_it() {
    let mut table = Table::new(&["id"]);
    table.row([Cell::id("op-1")]);
    table.row([Cell::id("op-2")]);
    let panel =
        Block::Panel { id: "op-1".to_owned(), summary: "A step".into(), blocks: Vec::new() };
    let page = of(vec![Block::Table(table), panel]);
    assert!(page.contains("<a href=\"#op-1\">op-1</a>") && page.contains("id=\"op-1\""), "{page}");
    assert!(page.contains(">op-2</th>"), "{page}");
}
