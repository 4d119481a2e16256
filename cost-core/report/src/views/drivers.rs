//! Cost drivers: the largest changes from the previous month, and what they add up to.

use cost_core::inventory::resource_part;
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
        "account",
        "service",
        ">change",
        ">per day",
        ">usage",
        ">price",
        ">new",
        ">removed",
        "+>days",
        "+>mix",
        "+>commitments",
        "+>other",
        "+>FX rate",
    ];
    let converted = r.cost_drivers.iter().any(|m| m.exchange_rate.is_some());
    let mut table = Table::new(if converted { &titles } else { &titles[..12] });
    for m in &r.cost_drivers {
        let commitments = m.coverage.try_add(m.unused_commitments).ok();
        let per_day = Cell::maybe(m.change_per_day, Cell::change);
        let commitments = Cell::maybe(commitments, Cell::change);
        let parts_of = Formula::SumOfRow { first: 4, last: table.columns.len() - 1 };
        let change = Cell::change(m.change).follows(parts_of);
        let cells = [Cell::text(account(m)), Cell::text(service(m)), change, per_day];
        let parts = [m.usage, m.price, m.new, m.gone, m.days, m.mix].map(Cell::change);
        let last = [commitments, Cell::change(m.unsplit)];
        let rate = m.exchange_rate.map(Cell::change);
        table.row(cells.into_iter().chain(parts).chain(last).chain(rate));
    }
    let empty = if converted { 9 } else { 8 };
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
        "per day: change of the amount per day. The parts are of usage. new, removed: resources and SKUs that only one of the months has. Other parts: days in the month, mix of sizes, commitment coverage, and usage without a quantity.",
    );
    let items: Vec<Item> = r.cost_drivers.iter().filter_map(explained).collect();
    doc.list(List::new(Mark::Dash, items));
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

/// Returns the usage types and resources behind a cost driver, what began or ended, and its
/// anomalies; `None` if there are none.
fn explained(m: &CostDriver) -> Option<Item> {
    let mut words: Vec<String> = Vec::new();
    let change = |amount: Money| Cell::change(amount).text;
    for of in &m.usage_types {
        let event = m.events.iter().find(|e| e.usage_type.as_deref() == Some(&of.usage_type));
        let when = event.map(|e| format!(" {} {}", e.kind.label(), e.day)).unwrap_or_default();
        words.push(format!("{}{when} ({})", of.usage_type, change(of.change)));
    }
    for event in &m.events {
        let usage = event.usage_type.as_deref().unwrap_or("(no usage type)");
        if !m.usage_types.iter().any(|of| of.usage_type == usage) {
            let when = format!("{} {}", event.kind.label(), event.day);
            words.push(format!("{usage} {when} ({})", change(event.change)));
        }
    }
    let mut parts = vec![words.join(", ")];
    let resources = m.resources.iter().map(|of| {
        let which = match (of.last_month, of.this_month) {
            (None, _) => "new ",
            (_, None) => "removed ",
            _ => "",
        };
        format!("{which}{} ({})", resource_part(&of.resource_id), change(of.change))
    });
    let resources: Vec<String> = resources.collect();
    parts.push(resources.join(", "));
    for a in &m.anomalies {
        let (from, until) = (a.first_day, a.last_day);
        parts.push(format!("anomaly {}, {from} to {until} (excess {})", a.id, change(a.excess)));
    }
    parts.retain(|part| !part.is_empty());
    (!parts.is_empty())
        .then(|| Item::new(format!("{}, {}: {}", account(m), service(m), parts.join("; "))))
}

/// Returns the number of other cost drivers as text, for machine-readable tables.
pub(super) fn others(sum: &DriverSum) -> String {
    format!("{} others", sum.others_count)
}
