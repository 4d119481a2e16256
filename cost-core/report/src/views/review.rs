//! Monthly cost review.

use cost_core::money::Money;
use cost_core::month::Month;
use cost_core::review::{Category, CategoryTotal, Comparison, GroupTable, MonthState, Review};
use rust_decimal::Decimal;

use super::days::Labels;
use super::page::{self, Alike, Shared, pages};
use super::savings::{self, Extent};
use super::{anomalies, bridge, drivers, exchange, projection, provider, quality, risks, upcoming};
use crate::document::{Document, Item, List, Mark};
use crate::figure::Figure;
use crate::formula::Formula;
use crate::report::{Audience, Report, ReportError, ViewOptions};
use crate::table::{Cell, Table};
use crate::text::Text;
use crate::to_json;

/// Report of `cost review`: one review per currency.
#[derive(Clone, Copy, Debug)]
pub struct Reviews<'a>(pub &'a [Review]);

impl Report for Reviews<'_> {
    fn schema_name(&self) -> Option<&'static str> {
        Some("review")
    }

    fn json(&self) -> Result<String, ReportError> {
        to_json::by_currency(self.0)
    }

    fn documents(&self, view: &ViewOptions) -> Vec<Document> {
        // With a single currency, counts need no currency code.
        let several = self.0.len() > 1;
        pages(
            self.0,
            |r| &r.header,
            Alike::of(self.0, |r| (r.skipped.as_slice(), r.notes.as_slice())),
            |review, shared| {
                let mut doc = document(review, shared, view);
                doc.figures(figures(review, several));
                doc
            },
        )
    }
}

fn document(r: &Review, shared: &Shared, view: &ViewOptions) -> Document {
    let mut doc = page::document(&r.header, &format!("Cost review {}", r.header.month), shared);
    let excluded = r.excluded_currencies();
    if let Some(text) = &excluded {
        doc.paragraph(capital(text));
    }
    doc.heading("Summary");
    doc.list(List::new(Mark::Dash, r.story.iter().map(|line| Item::new(line.as_str()))));
    quality::add(&mut doc, r);
    invoices(&mut doc, r);
    doc.heading(format!("Total, {}", r.header.currency));
    doc.table(totals(r));
    projection::add(&mut doc, r);
    exchange::add(&mut doc, r);
    // The notes follow the totals that they qualify.
    // Those about the data are shown above.
    let gaps = r.data_quality.months.iter().filter(|m| m.state == MonthState::MissingDays);
    let gaps: Vec<String> = gaps.map(|m| format!("{} has no charges on", m.label())).collect();
    let is_shown = |note: &String| {
        r.trust.iter().any(|check| check.text == *note)
            || gaps.iter().any(|gap| note.starts_with(gap.as_str()))
    };
    let own = r.notes.iter().filter(|n| Some(*n) != excluded.as_ref() && !is_shown(n));
    page::notes(&mut doc, own, shared);
    for g in &r.groups {
        doc.heading(format!("By {}, EffectiveCost, {}", g.dimension, r.header.currency));
        doc.table(group(r, g));
    }
    bridge::add(&mut doc, r, view);
    if view.audience.is_page() {
        bridge::add_tables(&mut doc, r);
    }
    drivers::add(&mut doc, r);
    untagged(&mut doc, r);
    let found = anomalies::Found {
        anomalies: &r.anomalies,
        drops: &r.drops,
        thresholds: &r.anomaly_thresholds,
        account_names: &r.account_names,
        currency: r.header.currency,
        header: &r.header,
        replay: false,
    };
    anomalies::add(&mut doc, &found, view);
    risks::add(&mut doc, &r.reliability_risks, &r.account_names, view);
    upcoming::add(&mut doc, &r.upcoming_costs, &r.account_names, view);
    savings::add(&mut doc, r.into(), view, Extent::Plan);
    provider::provider_recommendations(&mut doc, &r.provider_recommendations, view);
    provider::commitments(&mut doc, &r.commitments);
    if view.audience == Audience::Screen {
        page::skipped_counts(&mut doc, &r.skipped, shared);
    } else {
        page::skipped(&mut doc, &r.skipped, shared);
    }
    doc
}

/// Returns the text with its first letter in upper case.
fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

fn totals(r: &Review) -> Table {
    let labels = Labels::of(&r.compared, r.header.month);
    let titles =
        [labels.this, labels.last, "change".into(), "per day".into(), labels.year, "change".into()];
    let mut table = numbers(titles);
    let cells = |label: Cell, c: &Comparison, per_day: Cell| {
        [
            label,
            Cell::money(c.this_month),
            Cell::maybe(c.last_month, Cell::money),
            Cell::maybe(c.change_pct, Cell::change_pct)
                .follows(Formula::Change { this: 1, last: 2 }),
            per_day,
            Cell::maybe(c.last_year, Cell::money),
            Cell::maybe(c.change_year_pct, Cell::change_pct)
                .follows(Formula::Change { this: 1, last: 5 }),
        ]
    };
    // Charge categories add up to the total above them. Those that are zero in both months are
    // excluded.
    let used = |c: &Comparison| {
        !c.this_month.amount().is_zero() || c.last_month.is_some_and(|m| !m.amount().is_zero())
    };
    let mut block = |label: &str, total: &Comparison, of: fn(&CategoryTotal) -> &Comparison| {
        let per_day = |c: &Comparison| Cell::maybe(c.change_per_day, Cell::change);
        let mut sums = cells(Cell::text(label), total, per_day(total));
        for amount in [1, 2, 5] {
            sums[amount].formula = Some(Formula::SumOfParts);
        }
        table.row(sums);
        for c in r.totals.categories.iter().filter(|c| used(of(c))) {
            // Fees, taxes, and credits do not depend on the number of days.
            let is_usage = c.category == Category::Usage;
            let per_day = if is_usage { per_day(of(c)) } else { Cell::empty() };
            table.row(cells(Cell::text(c.category.label()).part(), of(c), per_day));
        }
    };
    block("Billed (invoice)", &r.totals.billed, |c| &c.billed);
    block("Effective (amortized)", &r.totals.effective, |c| &c.effective);
    table
}

/// Minimum width of the column of labels, in characters: the longest word of a category.
const LABEL_WIDTH: usize = 12;

/// Returns a table with a column of labels and columns of numbers with these titles.
fn numbers(titles: impl IntoIterator<Item = String>) -> Table {
    let mut table = Table::new(&[""]).min_width(0, LABEL_WIDTH);
    titles.into_iter().for_each(|title| table.number_column(title, 0));
    table
}

fn group(r: &Review, g: &GroupTable) -> Table {
    let labels = Labels::of(&r.compared, r.header.month);
    let titles = [labels.this, "share".into(), labels.last, "change".into(), String::new()];
    let mut table = numbers(titles);
    let key = |row: &cost_core::review::GroupRow| {
        let key = row.key.as_deref().unwrap_or(g.dimension.null_label());
        row.name.as_ref().map_or_else(|| key.to_owned(), |n| format!("{n} ({key})"))
    };
    let cells = |label: String, c: &Comparison, share: Option<Decimal>| {
        [
            Cell::text(label),
            Cell::money(c.this_month),
            Cell::maybe(share, Cell::share).follows(Formula::Share { of: 1 }),
            Cell::maybe(c.last_month, Cell::money),
            Cell::maybe(c.change, Cell::change)
                .follows(Formula::Difference { minuend: 1, subtrahend: 3 }),
            Cell::maybe(c.change_pct, Cell::change_pct)
                .follows(Formula::Change { this: 1, last: 3 }),
        ]
    };
    let rows = g.rows.iter().map(|row| (key(row), row));
    let others = g.others.iter().map(|row| (format!("{} others", g.others_count), row));
    for (label, row) in rows.chain(others) {
        table.row(cells(label, &row.effective, row.share_pct));
    }
    let total = &r.totals.effective;
    let share = total.this_month.percent_of(total.this_month);
    let mut foot = cells("total".to_owned(), total, share);
    for amount in [1, 3] {
        foot[amount].formula = Some(Formula::SumAbove);
    }
    table.foot(foot);
    table
}

fn untagged(doc: &mut Document, r: &Review) {
    let u = &r.untagged;
    let by_key = u.by_key.iter().map(|key| (key.key.as_str(), key.cost, key.pct));
    doc.heading("Untagged cost");
    for (tag, cost, pct) in std::iter::once(("any tag", u.no_tags, u.no_tags_pct)).chain(by_key) {
        doc.line(format!("Usage without {tag}: {cost} ({})", Cell::maybe(pct, Cell::share).text));
    }
}

fn invoices(doc: &mut Document, r: &Review) {
    let of_month = || r.invoices.iter().filter(|i| Month::of(i.billing_period) == r.header.month);
    // Bills name an invoice once it is issued, or never.
    let has_ids = r.invoices.iter().any(|i| i.invoice_id.is_some());
    let none = if has_ids { "not issued yet" } else { "(none)" };
    let mut table = Table::new(&["period", "issuer", "invoice", ">billed", "currency"]);
    for i in of_month() {
        table.row([
            Cell::month(r.header.month),
            Cell::text(i.invoice_issuer.as_deref().unwrap_or("(none)")),
            Cell::text(i.invoice_id.as_deref().unwrap_or(none)),
            Cell::money(i.billed),
            Cell::text(i.billed.currency()),
        ]);
    }
    if let Ok(sum) = Money::try_sum(of_month().map(|i| i.billed), r.header.currency) {
        let sum = Cell::money(sum).follows(Formula::SumAbove);
        let label = [Cell::text("total"), Cell::empty(), Cell::empty()];
        table.foot(label.into_iter().chain([sum, Cell::text(r.header.currency)]));
    }
    if !table.rows.is_empty() {
        doc.heading("Invoices: BilledCost of the billing period");
        doc.table(table);
        doc.paragraph(Text::literal(
            "`cost reconcile ESTATE --invoice FILE.csv` compares them with the invoices that finance has.",
        ));
    }
}

fn figures(r: &Review, several: bool) -> Vec<Figure> {
    let spend = spend(r)
        .into_iter()
        .chain(anomalies::figures(&r.anomalies, &r.drops))
        .chain(risks::figures(&r.reliability_risks))
        .chain(upcoming::figures(&r.upcoming_costs))
        .chain(savings::figures(r.into()))
        .chain(provider::figures(&r.provider_recommendations));
    let quality = quality::figures(&r.data_quality, several.then_some(r.header.currency));
    spend.chain(quality).chain(page::outlying(&r.header)).collect()
}

fn spend(r: &Review) -> Vec<Figure> {
    let mut all = Vec::new();
    let totals = std::iter::once(("total", "all charges", r.totals.billed, r.totals.effective));
    let categories =
        r.totals.categories.iter().map(|c| ("category", c.category.label(), c.billed, c.effective));
    for (section, item, billed, effective) in totals.chain(categories) {
        all.push(Figure::compared(section, item, "", "BilledCost", billed));
        all.push(Figure::compared(section, item, "", "EffectiveCost", effective));
    }
    all.extend(r.exchange.iter().flat_map(exchange::figures));
    for i in &r.invoices {
        let issuer = i.invoice_issuer.as_deref().unwrap_or("(none)");
        let id = i.invoice_id.as_deref().map(|id| format!(" {id}")).unwrap_or_default();
        let detail = format!("{}{id}", i.billing_period);
        all.push(Figure::money("invoice", issuer, detail, "BilledCost", i.billed));
    }
    for g in &r.groups {
        for row in &g.rows {
            let key = row.key.as_deref().unwrap_or(g.dimension.null_label());
            let name = row.name.as_deref().unwrap_or("");
            all.push(Figure::compared(&g.dimension, key, name, "EffectiveCost", row.effective));
        }
        let others = g.others.iter().map(|others| {
            Figure::compared(
                &g.dimension,
                format!("{} others", g.others_count),
                "",
                "EffectiveCost",
                others.effective,
            )
        });
        all.extend(others);
    }
    all.extend(bridge::figures(r));
    all.extend(cost_drivers(r));
    all.extend(projection::figures(r));
    all.push(Figure::money(
        "untagged",
        "usage without any tag",
        "",
        "EffectiveCost",
        r.untagged.no_tags,
    ));
    let key = |key: &cost_core::review::UntaggedKey| {
        Figure::money("untagged", "usage without tag key", &key.key, "EffectiveCost", key.cost)
    };
    all.extend(r.untagged.by_key.iter().map(key));
    all
}

/// Returns the figures of the cost drivers, and of the change that they explain.
fn cost_drivers(r: &Review) -> Vec<Figure> {
    let mut all = Vec::new();
    for m in &r.cost_drivers {
        let account = m.sub_account_id.as_deref().unwrap_or("(none)");
        let service = m.service_name.as_deref().unwrap_or("(none)");
        all.push(Figure::compared("mover", account, service, "EffectiveCost", m.effective));
        let rate = m.exchange_rate.map(|rate| ("exchange rate", rate));
        let parts = [
            ("price", m.price),
            ("usage", m.usage),
            ("new", m.new),
            ("gone", m.gone),
            ("unsplit", m.unsplit),
            ("days", m.days),
            ("mix", m.mix),
            ("coverage", m.coverage),
            ("unused commitments", m.unused_commitments),
        ];
        let parts = parts.into_iter().chain(rate).filter(|(_, amount)| !amount.amount().is_zero());
        all.extend(
            parts.map(|(part, amount)| Figure::money("mover", account, service, part, amount)),
        );
    }
    if let Some(sum) = &r.driver_sum {
        let change =
            |what: &str, amount| Figure::money("change", what, "", "EffectiveCost", amount);
        all.push(change(&drivers::others(sum), sum.others));
        all.extend(sum.categories.iter().map(|c| change(c.category.label(), c.change)));
        all.push(change("total", sum.total));
    }
    all
}
