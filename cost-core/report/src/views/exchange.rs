//! Amounts converted to one currency: billed and converted amounts, exchange rates, and the effect
//! of exchange rates on the change.

use cost_core::exchange::MonthRate;
use cost_core::review::{ChangeByRate, ExchangeReport, Review};

use super::days::Labels;
use crate::document::{Document, Item, List, Mark};
use crate::figure::{Amount, Figure};
use crate::formula::Formula;
use crate::table::{Cell, Table};

/// Adds the currency tables, if the amounts of the review were converted.
pub(super) fn add(doc: &mut Document, review: &Review) {
    if let Some(e) = &review.exchange {
        as_billed(doc, review, e);
        changes(doc, review, e);
        doc.list(List::new(Mark::None, e.rates.iter().map(|r| Item::new(rate(r)))));
    }
}

/// Adds totals by billing currency, as billed and converted. All digits are in the table for
/// invoice reconciliation.
fn as_billed(doc: &mut Document, review: &Review, e: &ExchangeReport) {
    let labels = Labels::of(&review.compared, review.header.month);
    let mut table = Table::new(&["", ">as billed"]);
    for title in [labels.last, "change".into(), "converted".into()] {
        table.number_column(title, 0);
    }
    for b in &e.as_billed {
        for (what, c, converted) in [
            ("billed", &b.billed, b.billed_converted),
            ("effective", &b.effective, b.effective_converted),
        ] {
            table.row([
                Cell::text(format!("{} {what}", b.currency)),
                Cell::money(c.this_month),
                Cell::maybe(c.last_month, Cell::money),
                Cell::maybe(c.change_pct, Cell::change_pct)
                    .follows(Formula::Change { this: 1, last: 2 }),
                Cell::money(converted),
            ]);
        }
    }
    doc.heading(format!("As billed in {} and converted to {}", review.header.month, e.into));
    doc.table(table);
}

/// Adds the change from the previous month, split into exchange rates and other causes.
fn changes(doc: &mut Document, review: &Review, e: &ExchangeReport) {
    let all: [(&str, Option<ChangeByRate>); 2] =
        [("Billed (invoice)", e.billed), ("Effective (amortized)", e.effective)];
    let mut table = Table::new(&["", ">change", ">exchange rates", ">other"]);
    for (label, parts) in all {
        if let Some(p) = parts {
            let [change, rate, rest] = [p.change, p.exchange_rate, p.rest].map(Cell::change);
            let change = change.follows(Formula::SumOfRow { first: 2, last: 3 });
            table.row([Cell::text(label), change, rate, rest]);
        }
    }
    if !table.rows.is_empty() {
        doc.heading(format!("Change from {}, {}", review.header.month.minus(1), e.into));
        doc.table(table);
    }
}

fn rate(r: &MonthRate) -> String {
    let days = match r.days {
        1 => format!("rate of {}", r.first_day),
        many => format!("mean of {many} days, {} to {}", r.first_day, r.last_day),
    };
    format!("{}: 1 {} = {} {} ({days}; {})", r.month, r.currency, r.rate, r.into, r.source)
}

/// Returns the figures of a currency conversion.
pub(super) fn figures(e: &ExchangeReport) -> Vec<Figure> {
    let mut all = Vec::new();
    for b in &e.as_billed {
        for (measure, amounts) in [("BilledCost", b.billed), ("EffectiveCost", b.effective)] {
            all.push(Figure::compared("as billed", b.currency, "", measure, amounts));
        }
    }
    for rate in &e.rates {
        let item = format!("1 {} in {}", rate.currency, rate.month);
        all.push(Figure::new(
            "rate",
            item,
            &rate.source,
            "",
            Amount::Number(rate.rate, rate.into.to_string()),
        ));
    }
    for (measure, parts) in [("BilledCost", e.billed), ("EffectiveCost", e.effective)] {
        let Some(parts) = parts else { continue };
        all.push(Figure::money("change", "exchange rate", "", measure, parts.exchange_rate));
        all.push(Figure::money("change", "all else", "", measure, parts.rest));
    }
    all
}
