//! Projection of a running month, and the days that it is compared by.

use cost_core::review::{MonthlyCharge, ProjectedCost, Review};
use cost_core::text::counted;

use super::days::Labels;
use crate::document::{Document, Item, List, Mark};
use crate::figure::Figure;
use crate::formula::Formula;
use crate::table::{Cell, Table};

/// Adds what a running month is compared with, and its projection if there is one.
pub(super) fn add(doc: &mut Document, r: &Review) {
    if !r.compared.is_running {
        return;
    }
    let month = r.header.month;
    let days = r.compared.this_month;
    let known = days.last_day.signed_duration_since(days.first_day).num_days() + 1;
    let labels = Labels::of(&r.compared, month);
    let others = r.compared.last_month.map(|_| format!(", compared with {}", labels.last));
    doc.paragraph(format!(
        "{month} is not complete: {known} of {} days ({}){}.",
        month.days(),
        labels.this,
        others.unwrap_or_default()
    ));
    if let Some(out) = r.compared.left_out {
        let days = if out.first_day == out.last_day {
            format!("{} is", out.first_day)
        } else {
            format!("{} to {} are", out.first_day, out.last_day)
        };
        let billed = r.compared.left_out_billed.map(|cost| format!(" ({cost} billed)"));
        doc.paragraph(format!(
            "{days} not complete: fewer line items than usual. The charges so far{} are in no total and not compared.",
            billed.unwrap_or_default()
        ));
    }
    let Some(p) = &r.projection else {
        doc.paragraph("No projection: the bill has less than two weeks of charges.");
        return;
    };
    doc.heading(format!("Projection of {month}, {}", r.header.currency));
    let titles = ["", ">so far", ">+ usage", ">+ monthly", ">expected", ">low", ">high"];
    let mut table = Table::new(&titles);
    for (label, cost) in [("Billed (invoice)", &p.billed), ("Effective (amortized)", &p.effective)]
    {
        table.row(cells(label, cost));
    }
    doc.table(table);
    let range = match p.billed.range.or(p.effective.range) {
        Some(range) => format!(
            "Range: errors of the same projection in {}.",
            counted(range.months.into(), "earlier month")
        ),
        None => "No range: fewer than three earlier months to compare with.".to_owned(),
    };
    doc.paragraph(format!(
        "+ usage, to come: for each day, the mean of up to four recent days of the same weekday, to {}. \
         + monthly: charges to come that occur once a month. {range}",
        p.known_until
    ));
    let items = p.once.iter().map(|charge| Item::new(once(r, charge)));
    if !p.once.is_empty() {
        doc.part("Monthly charges, BilledCost: counted once");
        doc.list(List::new(Mark::Dash, items));
    }
}

fn cells(label: &str, cost: &ProjectedCost) -> [Cell; 7] {
    [
        Cell::text(label),
        Cell::whole(cost.so_far),
        Cell::whole(cost.usage_to_come),
        Cell::whole(cost.once_to_come),
        Cell::whole(cost.expected).follows(Formula::SumOfRow { first: 1, last: 3 }),
        Cell::maybe(cost.range, |range| Cell::whole(range.low)),
        Cell::maybe(cost.range, |range| Cell::whole(range.high)),
    ]
}

fn once(r: &Review, charge: &MonthlyCharge) -> String {
    let id = charge.sub_account_id.as_deref();
    let account = id.map(|id| r.account_names.get(id).map_or(id, String::as_str));
    let place = [charge.service_name.as_deref(), charge.usage_type.as_deref(), account];
    let place: Vec<&str> = place.into_iter().flatten().collect();
    format!(
        "{}, {}: {} so far, {} to come",
        place.join(", "),
        charge.category,
        charge.billed_so_far.display_amount(),
        charge.billed_to_come.display_amount()
    )
}

/// Returns the figures of the projection.
pub(super) fn figures(r: &Review) -> Vec<Figure> {
    let Some(p) = &r.projection else { return Vec::new() };
    let mut all = Vec::new();
    for (measure, cost) in [("BilledCost", &p.billed), ("EffectiveCost", &p.effective)] {
        let range = cost.range.map(|range| [("low", range.low), ("high", range.high)]);
        let amounts =
            std::iter::once(("expected", cost.expected)).chain(range.into_iter().flatten());
        all.extend(
            amounts
                .map(|(what, amount)| Figure::money("projection", "month", what, measure, amount)),
        );
    }
    all
}
