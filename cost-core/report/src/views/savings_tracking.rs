//! Realized savings: implemented steps and their result in the bill.

use cost_core::lifecycle::{Outcome, RealizedReport, RealizedStep, Undone};

use super::page::{self, Alike, Shared, pages};
use crate::document::{Document, Item, List, Mark};
use crate::figure::Figure;
use crate::report::{Report, ReportError, ViewOptions};
use crate::table::{Cell, More, Table};
use crate::text::Text;
use crate::to_json;

/// Report of `cost savings --verify`: implemented steps and their result in the bill, one report
/// per currency.
#[derive(Clone, Copy, Debug)]
pub struct SavingsTracking<'a>(pub &'a [RealizedReport]);

impl Report for SavingsTracking<'_> {
    fn schema_name(&self) -> Option<&'static str> {
        Some("verify")
    }

    fn json(&self) -> Result<String, ReportError> {
        to_json::by_currency(self.0)
    }

    fn documents(&self, view: &ViewOptions) -> Vec<Document> {
        pages(
            self.0,
            |r| &r.header,
            Alike::default(),
            |report, shared| document(report, shared, view),
        )
    }
}

fn document(r: &RealizedReport, shared: &Shared, view: &ViewOptions) -> Document {
    let currency = r.header.currency;
    let mut doc = page::document(&r.header, "Realized savings", shared);
    doc.heading(format!("Realized savings, {currency} per month (730 h), EffectiveCost"));
    if r.steps.is_empty() {
        doc.paragraph(Text::literal(
            "No step is marked as done. Mark one: `cost savings done ID --decisions FILE --on YYYY-MM-DD`.",
        ));
    } else {
        doc.table(steps(&r.steps));
        if r.total.steps > 0 {
            doc.paragraph(total(r));
        }
    }
    doc.list(remarks(&r.steps));
    undone(&mut doc, format!("Accepted, not done yet, {currency} per month"), &r.accepted, view);
    undone(&mut doc, "No longer found, not marked as done".to_owned(), &r.vanished, view);
    if !r.vanished.is_empty() {
        doc.paragraph(Text::literal(
            "If a step was done, mark it with `cost savings done ID --on YYYY-MM-DD`. Its result is then measured in the bill.",
        ));
    }
    doc.figures(figures(r));
    doc
}

fn steps(all: &[RealizedStep]) -> Table {
    let mut table = Table::new(&[
        "id",
        "step",
        "done on",
        ">expected",
        ">realized",
        "in range",
        "+>before",
        "+>after",
    ]);
    let unknown = || [(); 3].map(|()| Cell::unknown());
    for step in all {
        let ([before, after, realized], comparison) = match &step.outcome {
            Outcome::Verified { before, after, realized, comparison, .. } => {
                ([before, after, realized].map(|amount| Cell::whole(*amount)), comparison.as_str())
            }
            Outcome::Waiting { .. } => (unknown(), "not yet"),
            Outcome::Unknown { .. } => (unknown(), "unknown"),
        };
        let [id, title, done_on] =
            [Cell::id(&step.opportunity), Cell::text(&step.title), Cell::date(step.done_on)];
        let expected = Cell::whole(step.expected.expected);
        table.row([id, title, done_on, expected, realized, Cell::text(comparison), before, after]);
    }
    table
}

fn total(r: &RealizedReport) -> String {
    let (t, estate) = (&r.total, &r.header.estate);
    let share = t.of_expected_pct.map(|p| format!(" ({p} % of expected)")).unwrap_or_default();
    let rest = r.steps.len() - t.steps;
    let rest = if rest > 0 { format!(" Not in these sums: {rest}.") } else { String::new() };
    format!(
        "{} verified: {} per month expected, {} realized{share}. Saved so far, in the months of the bill: {}.{rest} Bill from {} to {}.",
        t.steps, t.expected.expected, t.realized, t.so_far, estate.first_day, estate.last_day
    )
}

fn remarks(all: &[RealizedStep]) -> List {
    let state = |step: &RealizedStep| match &step.outcome {
        Outcome::Verified { .. } => None,
        Outcome::Waiting { for_month } => {
            Some(format!("waiting for the complete month {for_month} in the bill"))
        }
        Outcome::Unknown { why } => Some(format!("cannot be determined: {why}")),
    };
    let mut items = Vec::new();
    for step in all {
        let lines = state(step).into_iter().chain(step.notes.iter().cloned());
        items.extend(lines.map(|line| Item::labeled(step.opportunity.as_str(), line)));
    }
    List::new(Mark::Dash, items)
}

fn undone(doc: &mut Document, heading: String, all: &[Undone], view: &ViewOptions) {
    if all.is_empty() {
        return;
    }
    let titles = ["id", "step", ">expected", "accepted", "last found"];
    let mut table = Table::new(&titles).limited(view.top, More::Option("--top"));
    for u in all {
        let accepted = Cell::text(if u.accepted { "yes" } else { "no" });
        let expected = Cell::whole(u.expected.expected);
        table.row([
            Cell::id(&u.opportunity),
            Cell::text(&u.title),
            expected,
            accepted,
            Cell::date(u.last_found),
        ]);
    }
    doc.heading(heading);
    doc.table(table);
}

fn figures(r: &RealizedReport) -> Vec<Figure> {
    let mut all = Vec::new();
    for step in &r.steps {
        let what = format!("{} {}", step.opportunity, step.title);
        let mut add = |detail: String, measure: &str, amount| {
            all.push(Figure::money("realised", &what, detail, measure, amount));
        };
        add(step.done_on.to_string(), "saving expected", step.expected.expected);
        if let Outcome::Verified {
            before_month,
            before,
            after_month,
            after,
            realized,
            so_far,
            ..
        } = &step.outcome
        {
            add(before_month.to_string(), "EffectiveCost before", *before);
            add(after_month.to_string(), "EffectiveCost after", *after);
            add(after_month.to_string(), "saving realised", *realized);
            add(after_month.to_string(), "saved so far", *so_far);
        }
    }
    let t = &r.total;
    let verified = format!("{} verified", t.steps);
    for (measure, amount) in [
        ("saving expected", t.expected.expected),
        ("saving realised", t.realized),
        ("saved so far", t.so_far),
    ] {
        all.push(Figure::money("realised total", &verified, "", measure, amount));
    }
    for (section, list) in [("accepted", &r.accepted), ("vanished", &r.vanished)] {
        let figure = |u: &Undone| {
            let what = format!("{} {}", u.opportunity, u.title);
            Figure::money(section, what, u.last_found, "saving expected", u.expected.expected)
        };
        all.extend(list.iter().map(figure));
    }
    all
}
