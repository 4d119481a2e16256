//! Costs to come: a section of reviews.

use std::collections::BTreeMap;

use cost_core::money::Money;
use cost_core::text::counted;
use cost_core::upcoming::{UpcomingCost, UpcomingKind};

use crate::document::Document;
use crate::figure::{Amount, Figure};
use crate::formula::Formula;
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
            Cell::text(format!("{}{}", cost.title, avoided(cost))),
            amount(cost, cost.per_month),
            amount(cost, cost.until_horizon),
            Cell::maybe(cost.scope.owner.as_ref(), Cell::text),
            Cell::maybe(cost.scope.sub_account_id.as_ref(), |id| {
                Cell::text(account_names.get(id).unwrap_or(id))
            }),
        ]);
    }
    if let Some((per_month, until)) = sums(all) {
        let [per_month, until] =
            [per_month, until].map(|sum| Cell::money(sum).follows(Formula::SumAbove));
        let label = Cell::text("all known costs to come");
        table.foot([Cell::empty(), label, per_month, until, Cell::empty(), Cell::empty()]);
    }
    doc.table(table);
    if let Some(text) = total(all) {
        doc.paragraph(text);
    }
    for (reason, count) in unknown(all) {
        doc.paragraph(format!("Cost of {count} unknown: {reason}."));
    }
    let upgrades = all.iter().filter(|c| is_upgrade(c)).count();
    if upgrades > 0 {
        doc.paragraph(format!(
            "{} without cost: extended support is turned off, so the provider upgrades the \
             resource on its date or shortly after. Test the new version before that.",
            counted(u64::try_from(upgrades).unwrap_or(u64::MAX), "automatic upgrade")
        ));
    }
}

/// Returns whether nothing is billed, because the provider upgrades the resource.
fn is_upgrade(cost: &UpcomingCost) -> bool {
    cost.kind == UpcomingKind::AutomaticUpgrade
}

/// Returns the cell of an amount: `none` for an automatic upgrade, a dash if it is unknown.
fn amount(cost: &UpcomingCost, amount: Option<Money>) -> Cell {
    if is_upgrade(cost) { Cell::text("none") } else { Cell::maybe(amount, Cell::money) }
}

/// Returns ` (op-… avoids it)` if opportunities avoid the cost; empty otherwise.
fn avoided(cost: &UpcomingCost) -> String {
    match cost.avoided_by.as_slice() {
        [] => String::new(),
        [one] => format!(" ({one} avoids it)"),
        several => format!(" ({} avoid it)", several.join(", ")),
    }
}

/// Returns the sums of the known costs per month and until the horizon; `None` if no cost is known.
fn sums(all: &[UpcomingCost]) -> Option<(Money, Money)> {
    let currency = all.iter().find_map(|c| c.per_month)?.currency();
    let sum = |of: fn(&UpcomingCost) -> Option<Money>| {
        Money::try_sum(all.iter().filter_map(of), currency).ok()
    };
    Some((sum(|c| c.per_month)?, sum(|c| c.until_horizon)?))
}

/// Returns the totals in words; `None` if no cost is known.
fn total(all: &[UpcomingCost]) -> Option<String> {
    let (per_month, until) = sums(all)?;
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

/// Returns the figures of the costs to come: more per month from each date on, the cost until the
/// horizon, and the totals of the known costs. A cost that is unknown, and an automatic upgrade, have
/// no amount.
pub(super) fn figures(all: &[UpcomingCost]) -> Vec<Figure> {
    let Some(horizon) = all.first().map(|c| c.horizon) else { return Vec::new() };
    let until = format!("until {horizon}");
    let figure = |item: &str, what: &str, measure: &str, amount: Option<Money>| {
        let amount = amount.map_or(Amount::Count(None, None), Amount::Money);
        Figure::new("cost to come", item, what, measure, amount)
    };
    let both = |item: &str, what: &str, per_month, until_horizon| {
        [figure(item, what, "more per month", per_month), figure(item, what, &until, until_horizon)]
    };
    let one = |cost: &UpcomingCost| {
        let why = match &cost.unknown {
            Some(why) => format!(" (unknown: {why})"),
            None if is_upgrade(cost) => " (no cost)".to_owned(),
            None => String::new(),
        };
        let what = format!("from {}: {}{why}", cost.from, cost.title);
        both(&cost.subject, &what, cost.per_month, cost.until_horizon)
    };
    let total = sums(all).map(|(per_month, until_horizon)| {
        both("total", "all known costs to come", Some(per_month), Some(until_horizon))
    });
    all.iter().flat_map(one).chain(total.into_iter().flatten()).collect()
}
