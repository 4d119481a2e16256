//! What was done and what it saved by the bill, for people.

use super::layout::{Grid, WIDE, more, title, wrap};
use super::{Look, csv::Rows};
use cost_core::lifecycle::{Outcome, Realised, RealisedReport, Undone};
use cost_core::money::Money;
use cost_core::review::Header;

/// The report without its head.
pub(super) fn table(r: &RealisedReport, look: &Look, width: usize) -> String {
    let mut out = title(look, &format!("Realised savings, {} per month of 730 h, EffectiveCost", r.header.currency));
    if r.steps.is_empty() {
        out.push_str(&wrap(
            "",
            "Nothing is marked as done: `cost savings done ID --decisions FILE --on YYYY-MM-DD`.",
            width,
        ));
    } else {
        out.push_str(&steps(r, width).show(look, width));
        out.push_str(&total(&r.header, r, width));
    }
    for step in &r.steps {
        let state = match &step.outcome {
            Outcome::Verified { .. } => None,
            Outcome::Waiting { for_month } => Some(format!("waits for all of {for_month} in the bill")),
            Outcome::Unknown { why } => Some(format!("cannot be told: {why}")),
        };
        for note in state.iter().chain(&step.notes) {
            out.push_str(&wrap(&format!("- {}: ", step.opportunity), note, width));
        }
    }
    let accepted = format!("Accepted and still to be done, {} a month", r.header.currency);
    out.push_str(&undone(&accepted, &r.accepted, look, width));
    let vanished = "Not found any more, not marked as done";
    out.push_str(&undone(vanished, &r.vanished, look, width));
    if !r.vanished.is_empty() {
        out.push_str(&wrap(
            "",
            "If somebody did it, `cost savings done ID --on YYYY-MM-DD` has it held against the bill.",
            width,
        ));
    }
    out
}

fn steps(r: &RealisedReport, width: usize) -> Grid {
    let wide = width >= WIDE;
    let titles = ["id", "what", "done on", ">expected", ">realised", "held", ">before", ">after"];
    let mut grid = Grid::new(&titles[..if wide { 8 } else { 6 }]);
    for step in &r.steps {
        let dash = || "–".to_owned();
        let ([before, after, realised], held) = match &step.outcome {
            Outcome::Verified { before, after, realised, held, .. } => {
                ([before, after, realised].map(Money::display_whole), held.as_str())
            }
            Outcome::Waiting { .. } => ([dash(), dash(), dash()], "not yet"),
            Outcome::Unknown { .. } => ([dash(), dash(), dash()], "unknown"),
        };
        let expected = step.expected.expected.display_whole();
        let told = [step.opportunity.clone(), step.title.clone(), step.done_on.to_string(), expected, realised];
        let more = [before, after].into_iter().filter(|_| wide);
        grid.row(told.into_iter().chain([held.to_owned()]).chain(more));
    }
    grid
}

fn total(h: &Header, r: &RealisedReport, width: usize) -> String {
    let t = &r.total;
    if t.steps == 0 {
        return String::new();
    }
    let share = t.of_expected_pct.map(|p| format!(", {p} % of it")).unwrap_or_default();
    let text = format!(
        "{} verified: {} a month expected, {} realised{share}. So far, in the bill's own months: {}.",
        t.steps, t.expected.expected, t.realised, t.so_far
    );
    let rest = r.steps.len() - t.steps;
    let rest = if rest > 0 { format!(" {rest} in no sum.") } else { String::new() };
    let e = &h.estate;
    wrap("", &format!("{text}{rest} By the bill from {} to {}.", e.first_day, e.last_day), width)
}

fn undone(heading: &str, all: &[Undone], look: &Look, width: usize) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut grid = Grid::new(&["id", "what", ">expected", "accepted", "last found"]);
    for u in all.iter().take(look.top) {
        let accepted = if u.accepted { "yes" } else { "no" };
        let expected = u.expected.expected.display_whole();
        grid.row([u.opportunity.clone(), u.title.clone(), expected, accepted.to_owned(), u.last_found.to_string()]);
    }
    title(look, heading) + &grid.show(look, width) + &more(look, all.len(), "--top")
}

/// A figure a row.
pub(super) fn csv(r: &RealisedReport, rows: &mut Rows) -> Result<(), super::ReportError> {
    for step in &r.steps {
        let what = format!("{} {}", step.opportunity, step.title);
        rows.amount("realised", &what, &step.done_on.to_string(), "saving expected", step.expected.expected)?;
        amounts(step, &what, rows)?;
    }
    let t = &r.total;
    for (measure, amount) in
        [("saving expected", t.expected.expected), ("saving realised", t.realised), ("saved so far", t.so_far)]
    {
        rows.amount("realised total", &format!("{} verified", t.steps), "", measure, amount)?;
    }
    for (section, all) in [("accepted", &r.accepted), ("vanished", &r.vanished)] {
        for u in all {
            let what = format!("{} {}", u.opportunity, u.title);
            rows.amount(section, &what, &u.last_found.to_string(), "saving expected", u.expected.expected)?;
        }
    }
    Ok(())
}

fn amounts(step: &Realised, what: &str, rows: &mut Rows) -> Result<(), super::ReportError> {
    let Outcome::Verified { before_month, before, after_month, after, realised, so_far, .. } = &step.outcome else {
        return Ok(());
    };
    rows.amount("realised", what, &before_month.to_string(), "EffectiveCost before", *before)?;
    rows.amount("realised", what, &after_month.to_string(), "EffectiveCost after", *after)?;
    rows.amount("realised", what, &after_month.to_string(), "saving realised", *realised)?;
    rows.amount("realised", what, &after_month.to_string(), "saved so far", *so_far)
}
