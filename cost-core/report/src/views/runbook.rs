//! Runbook of an opportunity: what you need to decide on it and carry it out.

use cost_core::opportunity::{Evidence, Opportunity};
use cost_core::plan::Step;
use cost_core::tradeoff::{Reversibility, TradeOff};

use super::saved::Saved;
use super::steps::{code, commands, evidence, list};
use super::words;
use crate::document::{Document, Mark};
use crate::table::{Cell, Table};
use crate::text::Text;

/// Returns the runbook. The tool never runs its commands: review them and run them yourself. If the
/// plan makes several changes of the resource in one step, it is the runbook of the step, except for
/// a part that is not its first one.
pub(super) fn document(report: Saved<'_>, o: &Opportunity) -> Document {
    let step = report.plan.step(&o.id);
    let combined = step.and_then(|s| Some((s, s.combined.as_deref()?)));
    let of_step = combined.filter(|(s, _)| s.opportunity == o.id);
    let (title, t, book) = match of_step {
        Some((_, all)) => (all.title.as_str(), &all.trade_off, &all.runbook),
        None => (o.title.as_str(), &o.trade_off, &o.runbook),
    };
    let mut doc = Document::new(Text::from(format!("{}: ", o.id)).plain(title));
    if let Some((step, all)) = combined.filter(|_| of_step.is_none()) {
        doc.paragraph(Text::default().strong(format!(
            "Do not make this change on its own: the plan changes the resource once ({}). See `cost explain {}`.",
            all.title, step.opportunity
        )));
    }
    doc.facts(0, facts(report, o, t, of_step.map(|(step, _)| step)));
    if let Some((step, _)) = of_step {
        doc.heading("Changes");
        doc.table(changes(report, step));
    }
    evidence(&mut doc, &all_evidence(report, o, of_step.map(|(step, _)| step)));
    list(&mut doc, "Test first", Mark::Number, &t.test_first);
    list(&mut doc, "Roll out", Mark::Number, &book.rollout);
    commands(&mut doc, book);
    list(&mut doc, "Terraform", Mark::Dash, &book.terraform);
    list(&mut doc, "Watch", Mark::Dash, &book.watch);
    list(&mut doc, "Roll back", Mark::Number, &t.rollback);
    code(&mut doc, "Rollback commands", &book.rollback_commands);
    list(&mut doc, "Caveats", Mark::Dash, &t.caveats);
    doc
}

/// Returns the changes of a step with their savings.
pub(super) fn changes(report: Saved<'_>, step: &Step) -> Table {
    let mut table = Table::new(&["id", "change", ">savings"]);
    for part in &step.parts {
        let o = report.opportunities.iter().find(|o| o.id == part.opportunity);
        table.row([
            Cell::id(&part.opportunity),
            Cell::text(o.map_or("", |o| o.title.as_str())),
            Cell::money(part.savings.expected),
        ]);
    }
    table
}

/// Returns the evidence of an opportunity, or that of all changes of a step.
fn all_evidence(report: Saved<'_>, o: &Opportunity, step: Option<&Step>) -> Vec<Evidence> {
    let Some(step) = step else { return o.evidence.clone() };
    let parts = report.opportunities.iter().filter(|x| step.savings_of(&x.id).is_some());
    let mut all: Vec<Evidence> = Vec::new();
    for fact in parts.flat_map(|part| &part.evidence) {
        if !all.contains(fact) {
            all.push(fact.clone());
        }
    }
    all
}

fn facts(
    report: Saved<'_>,
    o: &Opportunity,
    t: &TradeOff,
    step: Option<&Step>,
) -> Vec<(&'static str, Text)> {
    let s = step.map_or(&o.savings, |step| &step.savings);
    let saving = if step.is_some() || o.has_savings() {
        format!("{} (low {}, high {})", s.expected, s.low, s.high)
    } else {
        words::saving(o)
    };
    let planned =
        step.map(|step| step.savings).or_else(|| report.plan.savings_of(&o.id)).map(|s| {
            if o.has_savings() || step.is_some() {
                s.expected.to_string()
            } else {
                "yes".to_owned()
            }
        });
    let instead =
        report.plan.exclusion(&o.id).map(|x| format!("not in the plan: replaced by {}", x.by));
    let refused = report.plan.refusal(&o.id).map(|x| format!("not in the plan: {}", x.why));
    let reversible = match t.reversibility {
        Reversibility::Reversible => "yes, in minutes".into(),
        Reversibility::WithEffort => "yes, with effort".into(),
        Reversibility::Irreversible => Text::default().strong("no"),
    };
    let break_even =
        t.break_even_months.map_or_else(|| "at once".to_owned(), |m| format!("after {m} months"));
    let mut all: Vec<(&'static str, Text)> = vec![
        ("Estate", report.header.estate.name.as_deref().unwrap_or("(unnamed)").into()),
        ("What", o.subject.as_str().into()),
        ("Where", words::place(&o.scope).into()),
        ("Owner", o.scope.owner.as_deref().unwrap_or("(not tagged)").into()),
        ("Savings per month", saving.into()),
    ];
    all.extend(words::certainty(o).map(|text| ("Certainty", text.into())));
    all.extend([
        ("In the plan", planned.or(instead).or(refused).unwrap_or_else(|| "no".to_owned()).into()),
        ("Effort", t.effort.as_str().into()),
        ("Risk", format!("{}: {}", t.risk.as_str(), t.risk_reason).into()),
        ("Reliability", t.reliability.as_str().into()),
        ("Downtime", t.downtime.as_str().into()),
        ("Takes effect", t.time_to_effect.as_str().into()),
        ("Upfront", t.upfront.to_string().into()),
        (
            "Commitment",
            t.commitment_months.map_or_else(|| "none".to_owned(), |m| format!("{m} months")).into(),
        ),
        ("Break-even", break_even.into()),
        ("Reversible", reversible),
    ]);
    all
}
