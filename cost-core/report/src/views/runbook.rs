//! Runbook of an opportunity: what you need to decide on it and carry it out.

use cost_core::opportunity::Opportunity;
use cost_core::review::SavingsReport;
use cost_core::tradeoff::Reversibility;

use super::steps::{code, evidence, list};
use super::words;
use crate::document::{Document, Mark};
use crate::text::Text;

/// Returns the runbook. The tool never runs its commands: review them and run them yourself.
pub(super) fn document(report: &SavingsReport, o: &Opportunity) -> Document {
    let mut doc = Document::new(Text::from(format!("{}: ", o.id)).plain(o.title.as_str()));
    doc.facts(0, facts(report, o));
    evidence(&mut doc, &o.evidence);
    let t = &o.trade_off;
    list(&mut doc, "Test first", Mark::Number, &t.test_first);
    list(&mut doc, "Roll out", Mark::Number, &o.runbook.rollout);
    code(&mut doc, "Commands (review them, then run them yourself)", &o.runbook.commands);
    list(&mut doc, "Terraform", Mark::Dash, &o.runbook.terraform);
    list(&mut doc, "Watch", Mark::Dash, &o.runbook.watch);
    list(&mut doc, "Roll back", Mark::Number, &t.rollback);
    code(&mut doc, "Rollback commands", &o.runbook.rollback_commands);
    list(&mut doc, "Caveats", Mark::Dash, &t.caveats);
    doc
}

fn facts(report: &SavingsReport, o: &Opportunity) -> Vec<(&'static str, Text)> {
    let (t, s) = (&o.trade_off, &o.savings);
    let planned = report.plan.step(&o.id).map(|s| s.savings.expected.to_string());
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
    vec![
        ("Estate", report.header.estate.name.as_deref().unwrap_or("(unnamed)").into()),
        ("What", o.subject.as_str().into()),
        ("Where", words::place(&o.scope).into()),
        ("Owner", o.scope.owner.as_deref().unwrap_or("(not tagged)").into()),
        (
            "Savings per month",
            format!("{} (low {}, high {})", words::saving(o), s.low, s.high).into(),
        ),
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
    ]
}
