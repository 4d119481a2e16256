//! Bridge: the change from the previous month in parts, of all charges and by dimension.

use cost_core::review::{Bridge, BridgePart, BridgeReport, BridgeTable, Review};

use super::days::Labels;
use crate::chart::{Chart, Labeled, WaterfallChart};
use crate::document::{Block, Document};
use crate::figure::Figure;
use crate::formula::Formula;
use crate::report::{Audience, ViewOptions};
use crate::table::{Cell, Table};

/// Adds the bridge of all charges.
pub(super) fn add(doc: &mut Document, r: &Review, view: &ViewOptions) {
    let Some(bridge) = &r.bridge else { return };
    let labels = Labels::of(&r.compared, r.header.month);
    doc.heading(format!(
        "Bridge from {} to {}, EffectiveCost, {}",
        labels.last, labels.this, r.header.currency
    ));
    if view.audience == Audience::Interactive {
        doc.blocks.push(Block::Chart(chart(bridge, &labels)));
    }
    let mut table = Table::new(&["", ">amount", ">of last month"]);
    let share = |amount: cost_core::money::Money| {
        Cell::maybe(amount.percent_of(bridge.total.last_month), Cell::change_pct)
    };
    table.row([Cell::text(&labels.last), Cell::money(bridge.total.last_month), Cell::empty()]);
    for p in &bridge.total.parts {
        let label = Cell::text(label(p.part, bridge)).part();
        table.row([label, Cell::signed_money(p.amount), share(p.amount)]);
    }
    let change = share(bridge.total.change);
    table.row([
        Cell::text(&labels.this),
        Cell::money(bridge.total.this_month).follows(Formula::SumAbove),
        change,
    ]);
    doc.table(table);
    if !bridge.by_resource {
        doc.paragraph("Of a month that is not complete, only SKUs can be new or removed: the resources of single days are not known.");
    }
}

/// Returns the bridge as a waterfall.
fn chart(bridge: &BridgeReport, labels: &Labels) -> Chart {
    let labeled = |label: String, amount| Labeled { label, amount };
    let parts = bridge.total.parts.iter().map(|p| labeled(label(p.part, bridge), p.amount));
    Chart::Waterfall(WaterfallChart {
        title: format!("From {} to {}", labels.last, labels.this),
        start: labeled(labels.last.clone(), bridge.total.last_month),
        parts: parts.collect(),
        end: labeled(labels.this.clone(), bridge.total.this_month),
    })
}

/// Returns the label of a part; that of days has their number.
fn label(part: BridgePart, bridge: &BridgeReport) -> String {
    let more = bridge.days_this_month - bridge.days_last_month;
    match part {
        BridgePart::Days => match more.unsigned_abs() {
            1 if more < 0 => "One day less".to_owned(),
            1 => "One more day".to_owned(),
            n => format!("{n} days {}", if more < 0 { "less" } else { "more" }),
        },
        part => part.label().to_owned(),
    }
}

/// Adds the bridges by dimension, for pages.
pub(super) fn add_tables(doc: &mut Document, r: &Review) {
    let Some(bridge) = &r.bridge else { return };
    for of in bridge.by.iter().filter(|of| !of.rows.is_empty()) {
        doc.part(format!("Bridge by {}", of.dimension));
        doc.table(by(of));
    }
}

fn by(of: &BridgeTable) -> Table {
    let bridges = || of.rows.iter().map(|row| &row.bridge).chain(&of.others);
    let shown: Vec<BridgePart> = BridgePart::ALL
        .into_iter()
        .filter(|part| bridges().any(|b| !b.amount(*part).amount().is_zero()))
        .collect();
    let mut table = Table::new(&["", ">last month"]);
    for part in &shown {
        table.number_column(part.label(), 0);
    }
    table.number_column("this month", 0);
    let mut row = |label: Cell, bridge: &Bridge| {
        let parts = shown.iter().map(|part| Cell::change(bridge.amount(*part)));
        let cells = [label, Cell::whole(bridge.last_month)].into_iter().chain(parts);
        let sum = Formula::SumOfRow { first: 1, last: shown.len() + 1 };
        table.row(cells.chain([Cell::whole(bridge.this_month).follows(sum)]));
    };
    for of in &of.rows {
        let key = of.key.as_deref().unwrap_or("(none)");
        let label = of.name.as_ref().map_or_else(|| key.to_owned(), |n| format!("{n} ({key})"));
        row(Cell::text(label), &of.bridge);
    }
    if let Some(others) = &of.others {
        row(Cell::text(format!("{} others", of.others_count)), others);
    }
    table
}

/// Returns the figures of all bridges.
pub(super) fn figures(r: &Review) -> Vec<Figure> {
    let Some(bridge) = &r.bridge else { return Vec::new() };
    let mut all = Vec::new();
    let mut add = |section: &str, item: &str, name: &str, of: &Bridge| {
        let amounts = of.parts.iter().map(|p| (p.part.label(), p.amount));
        let change = [("change", of.change)];
        all.extend(amounts.chain(change).map(|(part, amount)| {
            Figure::money(format!("bridge {section}"), item, name, part, amount)
        }));
    };
    add("total", "", "", &bridge.total);
    for table in &bridge.by {
        let section = table.dimension.to_string();
        for row in &table.rows {
            let key = row.key.as_deref().unwrap_or("(none)");
            add(&section, key, row.name.as_deref().unwrap_or(""), &row.bridge);
        }
        if let Some(others) = &table.others {
            add(&section, &format!("{} others", table.others_count), "", others);
        }
    }
    all
}
