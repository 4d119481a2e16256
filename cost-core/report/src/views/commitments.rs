//! Commitments: utilization, coverage, net savings, expiration, and spend agreements.

use chrono::NaiveDate;
use cost_core::commitment::{CommitmentsReport, Coverage, CoverageBy, Owned};
use cost_core::inventory::short_id;
use cost_core::money::Money;
use cost_core::month::Month;

use super::page::{self, Alike, Shared, pages};
use super::purchase_advice;
use crate::document::{Document, Item, List, Mark};
use crate::figure::Figure;
use crate::formula::Formula;
use crate::number::rounded;
use crate::report::{Report, ReportError, ViewOptions};
use crate::table::{Cell, More, Table, Value};
use crate::to_json;

/// Report of `cost commitments`: owned and recommended commitments, one report per currency.
#[derive(Clone, Copy, Debug)]
pub struct Commitments<'a>(pub &'a [CommitmentsReport]);

impl Report for Commitments<'_> {
    fn schema_name(&self) -> Option<&'static str> {
        Some("commitments")
    }

    fn json(&self) -> Result<String, ReportError> {
        to_json::by_currency(self.0)
    }

    fn documents(&self, view: &ViewOptions) -> Vec<Document> {
        let alike = Alike::of_notes(self.0, |r| &r.notes);
        pages(self.0, |r| &r.header, alike, |report, shared| document(report, shared, view))
    }
}

fn document(r: &CommitmentsReport, shared: &Shared, view: &ViewOptions) -> Document {
    let (currency, month) = (r.header.currency, r.header.month);
    let mut doc = page::document(&r.header, &format!("Commitments {month}"), shared);
    doc.heading(format!("Owned commitments, {currency} in {month}"));
    if r.owned.is_empty() {
        doc.line(format!("None in the bill of {month}."));
    } else {
        doc.table(owned(&r.owned, view));
        if let Some(text) = waste(r) {
            doc.paragraph(text);
        }
        terms(&mut doc, r, view);
    }
    spend(&mut doc, r);
    if !r.total.effective.amount().is_zero() || r.total.list.is_some_and(|l| !l.amount().is_zero())
    {
        doc.heading(format!("Usage that commitments cover or can cover, {currency} in {month}"));
        doc.table(sums(&r.total));
        for by in &r.by {
            doc.heading(format!("By {}, {currency}", by.dimension));
            doc.table(coverage(by, r, view));
        }
    }
    if let Some(advice) = &r.buy {
        purchase_advice::add(&mut doc, advice, &r.owned, view.audience);
    }
    page::notes(&mut doc, &r.notes, shared);
    doc.figures(figures(r).into_iter().chain(page::outlying(&r.header)).collect());
    doc
}

/// Returns the name of a commitment, or its short ID.
fn name(o: &Owned) -> String {
    o.commitment_discount_name
        .clone()
        .unwrap_or_else(|| short_id(&o.commitment_discount_id).to_owned())
}

fn kind(o: &Owned) -> Cell {
    Cell::maybe(o.commitment_discount_type.as_deref(), Cell::text)
}

fn owned(all: &[Owned], view: &ViewOptions) -> Table {
    let titles = [
        "commitment",
        "type",
        ">cost",
        ">used",
        ">unused",
        ">net savings",
        "+>on demand",
        "+>paid in the month",
    ];
    let mut table = Table::new(&titles).limited(view.top, More::Option("--top"));
    for o in all {
        table.row([
            Cell::text(name(o)),
            kind(o),
            Cell::money(o.cost),
            Cell::maybe(o.utilization_pct, Cell::share),
            Cell::money(o.unused),
            Cell::maybe(o.net_saving, Cell::money),
            Cell::maybe(o.on_demand_equivalent, Cell::money),
            Cell::money(o.purchases),
        ]);
    }
    table.foot(owned_foot(all));
    table
}

/// Returns the totals of the commitments; a total with an unknown amount is unknown.
fn owned_foot(all: &[Owned]) -> Vec<Cell> {
    let Some(first) = all.first() else { return Vec::new() };
    let total = |of: fn(&Owned) -> Option<Money>| {
        let known: Option<Vec<Money>> = all.iter().map(of).collect();
        let sum = known.and_then(|known| Money::try_sum(known, first.cost.currency()).ok());
        Cell::maybe(sum, Cell::money).follows(Formula::SumAbove)
    };
    vec![
        Cell::text("total"),
        Cell::empty(),
        total(|o| Some(o.cost)),
        Cell::empty(),
        total(|o| Some(o.unused)),
        total(|o| o.net_saving),
        total(|o| o.on_demand_equivalent),
        total(|o| Some(o.purchases)),
    ]
}

/// Returns the unused part of the cost of all commitments.
fn waste(r: &CommitmentsReport) -> Option<String> {
    let sum =
        |of: fn(&Owned) -> Money| Money::try_sum(r.owned.iter().map(of), r.header.currency).ok();
    let (unused, cost) = (sum(|o| o.unused)?, sum(|o| o.cost)?);
    let part =
        unused.percent_of(cost).map(|p| format!(" ({:.1} %)", rounded(p, 1))).unwrap_or_default();
    Some(format!("Unused: {unused} of {cost}{part}."))
}

/// Adds the end dates of the commitments, the earliest first.
fn terms(doc: &mut Document, r: &CommitmentsReport, view: &ViewOptions) {
    let mut all: Vec<(NaiveDate, &Owned)> =
        r.owned.iter().filter_map(|o| Some((o.ends_on?, o))).collect();
    if all.is_empty() {
        return;
    }
    all.sort_by(|a, b| (a.0, &a.1.commitment_discount_id).cmp(&(b.0, &b.1.commitment_discount_id)));
    let titles = ["ends on", ">days left", "commitment", "type", ">cost", ">net savings"];
    let mut table = Table::new(&titles).limited(view.top, More::Option("--top"));
    for (day, o) in all {
        let left = day.signed_duration_since(r.header.estate.as_of).num_days();
        let days = if left < 0 {
            Cell::text("ended")
        } else {
            Cell::shown_as(left, Value::Number(left.into()))
        };
        let saving = Cell::maybe(o.net_saving, Cell::money);
        table.row([
            Cell::date(day),
            days,
            Cell::text(name(o)),
            kind(o),
            Cell::money(o.cost),
            saving,
        ]);
    }
    doc.heading(format!("End of terms, {} in {}", r.header.currency, r.header.month));
    doc.table(table);
}

/// Adds the spend agreements, if there are any.
fn spend(doc: &mut Document, r: &CommitmentsReport) {
    if r.spend.is_empty() {
        return;
    }
    let titles = [
        "agreement",
        ">agreed",
        ">drawdown",
        ">share",
        ">time elapsed",
        ">expected",
        "+>per day",
        "+>needed per day",
    ];
    let mut table = Table::new(&titles);
    for d in &r.spend {
        table.row([
            Cell::text(&d.name),
            Cell::money(d.amount),
            Cell::money(d.drawn),
            Cell::maybe(d.drawn_pct, Cell::share),
            Cell::maybe(d.elapsed_pct, Cell::share),
            Cell::maybe(d.expected_at_end, Cell::money),
            Cell::maybe(d.pace_per_day, Cell::money),
            Cell::maybe(d.needed_per_day, Cell::money),
        ]);
    }
    doc.heading(format!(
        "Spend agreements, {}, BilledCost of usage and purchases",
        r.header.currency
    ));
    doc.table(table);
    let items = r.spend.iter().map(|d| {
        let text = match (&d.unknown, d.shortfall, d.expected_at_end) {
            (Some(why), _, _) => why.clone(),
            (None, Some(short), _) => {
                format!(
                    "at this pace {short} are missing at the end: they are charged all the same"
                )
            }
            (None, None, Some(_)) => "at this pace the agreement is met".to_owned(),
            (None, None, None) => "too few days in the bill to determine the pace".to_owned(),
        };
        Item::labeled(format!("{}, {} to {}", d.name, d.first_day, d.last_day), text)
    });
    doc.list(List::new(Mark::Dash, items));
}

/// Returns the steps from list cost to effective cost, the savings rate, and the coverage.
fn sums(c: &Coverage) -> Table {
    let mut table = Table::new(&["", ">amount"]);
    let money = |amount: Option<Money>| Cell::maybe(amount, Cell::money);
    table.row([Cell::text("list cost"), money(c.list)]);
    table.row([Cell::text("less negotiated discounts").part(), money(c.negotiated_saving)]);
    table.row([Cell::text("contracted cost"), money(c.contracted)]);
    table.row([Cell::text("less net savings of commitments").part(), money(c.commitment_saving)]);
    table
        .row([Cell::text("effective cost, unused commitments included"), Cell::money(c.effective)]);
    table.row([
        Cell::text("effective savings rate"),
        Cell::maybe(c.effective_savings_rate_pct, Cell::share),
    ]);
    table.row([Cell::text("commitment coverage"), Cell::maybe(c.coverage_pct, Cell::share)]);
    table
}

fn coverage(by: &CoverageBy, r: &CommitmentsReport, view: &ViewOptions) -> Table {
    let titles = [
        "",
        ">effective",
        ">coverage",
        ">savings rate",
        ">unused",
        "+>list cost",
        "+>net savings",
        "+>negotiated",
    ];
    // Months are few and shown in order. Other dimensions show their largest rows.
    let of_months = by.dimension == "month";
    let table = Table::new(&titles);
    let mut table = if of_months { table } else { table.limited(view.top, More::Option("--top")) };
    for c in &by.rows {
        let key = c.key.clone().unwrap_or_else(|| "(none)".to_owned());
        let so_far = of_months && key.parse().is_ok_and(|m: Month| m.end() > r.header.estate.as_of);
        table.row([
            Cell::text(if so_far { format!("{key} so far") } else { key }),
            Cell::money(c.effective),
            Cell::maybe(c.coverage_pct, Cell::share),
            Cell::maybe(c.effective_savings_rate_pct, Cell::share),
            Cell::money(c.unused),
            Cell::maybe(c.list, Cell::money),
            Cell::maybe(c.commitment_saving, Cell::money),
            Cell::maybe(c.negotiated_saving, Cell::money),
        ]);
    }
    table
}

fn figures(r: &CommitmentsReport) -> Vec<Figure> {
    let mut all = Vec::new();
    for o in &r.owned {
        let amounts = [
            ("cost", Some(o.cost)),
            ("used", Some(o.used)),
            ("unused", Some(o.unused)),
            ("on-demand equivalent", o.on_demand_equivalent),
            ("net saving", o.net_saving),
            ("BilledCost of purchases", Some(o.purchases)),
        ];
        all.extend(known("commitment", &name(o), &o.commitment_discount_id, &amounts));
    }
    for d in &r.spend {
        let period = format!("{} to {}", d.first_day, d.last_day);
        let amounts = [
            ("agreed", Some(d.amount)),
            ("drawn", Some(d.drawn)),
            ("expected at the end", d.expected_at_end),
            ("shortfall", d.shortfall),
        ];
        all.extend(known("agreement", &d.name, &period, &amounts));
    }
    all.extend(r.buy.iter().flat_map(purchase_advice::figures));
    let totals = std::iter::once(("total", &r.total));
    let parts = r.by.iter().flat_map(|by| by.rows.iter().map(|c| (by.dimension.as_str(), c)));
    for (section, c) in totals.chain(parts) {
        let amounts = [
            ("ListCost", c.list),
            ("ContractedCost", c.contracted),
            ("EffectiveCost", Some(c.effective)),
            ("covered", c.covered),
            ("unused", Some(c.unused)),
        ];
        all.extend(known(section, c.key.as_deref().unwrap_or(""), "coverable usage", &amounts));
    }
    all
}

/// Returns one figure for each known amount.
fn known(
    section: &str,
    item: &str,
    detail: &str,
    amounts: &[(&str, Option<Money>)],
) -> Vec<Figure> {
    let figure = |(measure, amount): &(&str, Option<Money>)| {
        Some(Figure::money(section, item, detail, measure, (*amount)?))
    };
    amounts.iter().filter_map(figure).collect()
}
