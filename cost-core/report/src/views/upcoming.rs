//! Costs to come: a section of reviews.

use std::collections::BTreeMap;

use cost_core::money::Money;
use cost_core::upcoming::UpcomingCost;

use crate::document::Document;
use crate::figure::Figure;
use crate::report::ViewOptions;
use crate::table::{Cell, More, Table};

/// Adds the section, if there are costs to come.
pub(super) fn add(
    doc: &mut Document,
    all: &[UpcomingCost],
    account_names: &BTreeMap<String, String>,
    view: &ViewOptions,
) {
    let Some(horizon) = all.first().map(|c| c.horizon) else { return };
    doc.heading(format!("Costs to come until {horizon}, if nothing changes"));
    let titles = ["from", "what", ">more per month", ">until then", "+owner", "+account"];
    let mut table = Table::new(&titles).limited(view.top, More::Option("cost review --top"));
    for cost in all {
        table.row([
            Cell::text(cost.from),
            Cell::text(&cost.title),
            Cell::maybe(cost.per_month, Cell::money),
            Cell::maybe(cost.until_horizon, Cell::money),
            Cell::maybe(cost.scope.owner.as_ref(), Cell::text),
            Cell::maybe(cost.scope.sub_account_id.as_ref(), |id| {
                Cell::text(account_names.get(id).unwrap_or(id))
            }),
        ]);
    }
    doc.table(table);
    if let Some(text) = total(all) {
        doc.paragraph(text);
    }
    for (reason, count) in unknown(all) {
        doc.line(format!("Cost of {count} unknown: {reason}."));
    }
}

/// Returns the totals in words; `None` if no cost is known.
fn total(all: &[UpcomingCost]) -> Option<String> {
    let currency = all.iter().find_map(|c| c.per_month)?.currency();
    let sum = |of: fn(&UpcomingCost) -> Option<Money>| {
        Money::try_sum(all.iter().filter_map(of), currency).ok()
    };
    let (per_month, until) = (sum(|c| c.per_month)?, sum(|c| c.until_horizon)?);
    let horizon = all.first()?.horizon;
    Some(format!(
        "All known costs to come: {per_month} per month once all of them have started, {until} until {horizon}. \
         They are not in the bill yet, and not part of any savings. Upgrades before these dates avoid them."
    ))
}

/// Returns why costs are unknown, each with the number of costs.
fn unknown(all: &[UpcomingCost]) -> BTreeMap<&str, usize> {
    let mut reasons = BTreeMap::new();
    for reason in all.iter().filter_map(|c| c.unknown.as_deref()) {
        *reasons.entry(reason).or_default() += 1;
    }
    reasons
}

/// Returns the figures of the costs to come: more per month from each date on.
pub(super) fn figures(all: &[UpcomingCost]) -> Vec<Figure> {
    let one = |cost: &UpcomingCost| {
        let what = format!("from {}: {}", cost.from, cost.title);
        Some(Figure::money("cost to come", &cost.subject, what, "more per month", cost.per_month?))
    };
    all.iter().filter_map(one).collect()
}
