//! Amounts converted into one currency, for people: as billed beside converted, the rates, and their part of the change.

use super::Look;
use super::layout::{Grid, cents, title, wrap};
use super::screen::{delta, pct};
use cost_core::exchange::MonthRate;
use cost_core::review::{ChangeByRate, ExchangeReport, Review};

/// The tables of a review whose amounts were converted; nothing of another.
pub(super) fn table(review: &Review, look: &Look, width: usize) -> String {
    review.exchange.as_ref().map_or_else(String::new, |e| {
        [as_billed(review, e, look, width), changes(review, e, look, width), rates(e, width)].concat()
    })
}

/// Totals by currency billed, as billed and converted. Every digit of what is on invoices is in their own table.
fn as_billed(review: &Review, e: &ExchangeReport, look: &Look, width: usize) -> String {
    let mut grid = Grid::new(&["", ">as billed", ">last month", ">change", ">converted"]);
    for b in &e.as_billed {
        for (what, c, converted) in
            [("billed", &b.billed, b.billed_converted), ("effective", &b.effective, b.effective_converted)]
        {
            grid.row([
                format!("{} {what}", b.currency),
                c.this_month.display_amount(),
                cents(c.last_month),
                pct(c.change_pct),
                converted.display_amount(),
            ]);
        }
    }
    let what = format!("As billed in {}, and converted into {}", review.header.month, e.into);
    format!("{}{}", title(look, &what), grid.show(look, width))
}

/// What of the change is exchange rates.
fn changes(review: &Review, e: &ExchangeReport, look: &Look, width: usize) -> String {
    let all: [(&str, Option<ChangeByRate>); 2] =
        [("Billed (invoice)", e.billed), ("Effective (amortised)", e.effective)];
    let mut grid = Grid::new(&["", ">change", ">exchange rates", ">all else"]);
    for (label, parts) in all {
        if let Some(p) = parts {
            grid.row([label.to_owned(), delta(p.change), delta(p.exchange_rate), delta(p.rest)]);
        }
    }
    if grid.is_empty() {
        return String::new();
    }
    let what = format!("Change against {}, {}", review.header.month.minus(1), e.into);
    format!("{}{}", title(look, &what), grid.show(look, width))
}

fn rates(e: &ExchangeReport, width: usize) -> String {
    let line = |r: &MonthRate| {
        let days = match r.days {
            1 => format!("the rate of {}", r.first_day),
            many => format!("mean of {many} days, {} to {}", r.first_day, r.last_day),
        };
        wrap("", &format!("{}: 1 {} = {} {} ({days}; {})", r.month, r.currency, r.rate, r.into, r.source), width)
    };
    e.rates.iter().map(line).collect()
}
