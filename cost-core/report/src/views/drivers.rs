//! Cost drivers: the largest changes from the previous month, and what they add up to.

use cost_core::money::Money;
use cost_core::review::{CostDriver, DriverSum, Review};

use super::days::Labels;
use crate::document::{Document, Item, List, Mark};
use crate::formula::Formula;
use crate::table::{Cell, Table};

/// Adds the cost drivers, with the rest of the change, so that the table adds up to the change of
/// the total.
pub(super) fn add(doc: &mut Document, r: &Review) {
    if r.cost_drivers.is_empty() {
        return;
    }
    let titles = [
        "account", "service", ">change", ">per day", ">price", ">usage", ">new", ">removed",
        "+>other", ">FX rate",
    ];
    let converted = r.cost_drivers.iter().any(|m| m.exchange_rate.is_some());
    let mut table = Table::new(if converted { &titles } else { &titles[..9] });
    for m in &r.cost_drivers {
        let parts = [m.price, m.usage, m.new, m.gone, m.unsplit].into_iter().chain(m.exchange_rate);
        let per_day = Cell::maybe(m.change_per_day, Cell::change);
        let parts_of = Formula::SumOfRow { first: 4, last: table.columns.len() - 1 };
        let change = Cell::change(m.change).follows(parts_of);
        let cells = [Cell::text(account(m)), Cell::text(service(m)), change, per_day];
        table.row(cells.into_iter().chain(parts.map(Cell::change)));
    }
    let empty = if converted { 6 } else { 5 };
    let mut row = |label: String, change: Cell, per_day: Option<Money>| {
        let per_day = Cell::maybe(per_day, Cell::change);
        let cells = [Cell::empty(), Cell::text(label), change, per_day];
        table.row(cells.into_iter().chain((0..empty).map(|_| Cell::empty())));
    };
    if let Some(sum) = &r.driver_sum {
        rest(sum, &mut row);
    }
    let labels = Labels::of(&r.compared, r.header.month);
    doc.heading(format!(
        "Cost drivers: change from {} to {}, EffectiveCost, {}",
        labels.last, labels.this, r.header.currency
    ));
    doc.table(table);
    doc.paragraph(
        "per day: change of the amount per day. The parts are of usage. new, removed: usage types that only one of the months has; other: no quantity to split by",
    );
    if let Some(more) = r.driver_sum.as_ref().and_then(|sum| sum.more_days) {
        doc.paragraph(format!(
            "Of the change of usage, {} is due to {} (usage per day in {}: {}).",
            Cell::change(more.change).text,
            days(more.days),
            labels.last,
            more.per_day.display_amount()
        ));
    }
    let items: Vec<Item> = r.cost_drivers.iter().filter_map(explained).collect();
    doc.list(List::new(Mark::Dash, items));
}

fn days(more: i64) -> String {
    let word = if more < 0 { "less" } else { "more" };
    match more.unsigned_abs() {
        1 if more < 0 => "one day less".to_owned(),
        1 => "one more day".to_owned(),
        n => format!("{n} days {word}"),
    }
}

/// Adds the rows after the cost drivers.
fn rest(sum: &DriverSum, row: &mut dyn FnMut(String, Cell, Option<Money>)) {
    if sum.others_count > 0 {
        let label = format!("{} other services", sum.others_count);
        row(label, Cell::change(sum.others), sum.others_per_day);
    }
    for of in &sum.categories {
        row(of.category.label().to_owned(), Cell::change(of.change), None);
    }
    let total = Cell::change(sum.total).follows(Formula::SumAbove);
    row("total".to_owned(), total, sum.total_per_day);
}

fn account(m: &CostDriver) -> &str {
    m.sub_account_name.as_deref().or(m.sub_account_id.as_deref()).unwrap_or("(none)")
}

fn service(m: &CostDriver) -> &str {
    m.service_name.as_deref().unwrap_or("(none)")
}

/// Returns what began or ended and the anomalies of a cost driver; `None` if there are none.
fn explained(m: &CostDriver) -> Option<Item> {
    let mut words: Vec<String> = Vec::new();
    for event in &m.events {
        let usage = event.usage_type.as_deref().unwrap_or("(no usage type)");
        let change = Cell::change(event.change).text;
        words.push(format!("{usage} {} {} ({change})", event.kind.label(), event.day));
    }
    for a in &m.anomalies {
        let (from, until) = (a.first_day, a.last_day);
        let excess = Cell::change(a.excess).text;
        words.push(format!("anomaly {}, {from} to {until} (excess {excess})", a.id));
    }
    (!words.is_empty())
        .then(|| Item::new(format!("{}, {}: {}", account(m), service(m), words.join("; "))))
}

/// Returns the number of other cost drivers as text, for machine-readable tables.
pub(super) fn others(sum: &DriverSum) -> String {
    format!("{} others", sum.others_count)
}
