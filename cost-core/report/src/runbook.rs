//! The runbook of an opportunity, in Markdown: what somebody needs to carry it out, or not.

use super::escape::markdown_text;
use super::explain::place;
use super::savings::saving_words;
use cost_core::opportunity::Opportunity;
use cost_core::review::Review;
use cost_core::tradeoff::Reversibility;

/// The runbook. Its commands are to be reviewed: the tool runs none.
#[must_use]
pub fn runbook_markdown(review: &Review, o: &Opportunity) -> String {
    let t = &o.trade_off;
    let mut out = format!("# {}: {}\n\n", o.id, markdown_text(&o.title));
    let estate = review.header.estate.name.as_deref().map_or_else(|| "(unnamed)".to_owned(), markdown_text);
    let planned = review.plan.step(&o.id).map(|s| s.savings.expected.to_string());
    let instead = review.plan.exclusion(&o.id).map(|x| format!("not in the plan: {} takes its place", x.by));
    let refused = review.plan.refusal(&o.id).map(|x| format!("not in the plan: {}", markdown_text(&x.why)));
    let s = &o.savings;
    let reversible = match t.reversibility {
        Reversibility::Reversible => "yes, in minutes",
        Reversibility::WithEffort => "yes, with effort",
        Reversibility::Irreversible => "**no**",
    };
    let facts = [
        ("Estate", estate),
        ("What", markdown_text(&o.subject)),
        ("Where", markdown_text(&place(&o.scope))),
        ("Owner", o.scope.owner.as_deref().map_or_else(|| "(not tagged)".to_owned(), markdown_text)),
        ("Saving per month", format!("{} (low {}, high {})", saving_words(o), s.low, s.high)),
        ("In the joint plan", planned.or(instead).or(refused).unwrap_or_else(|| "no".to_owned())),
        ("Effort", t.effort.as_str().to_owned()),
        ("Risk", format!("{}: {}", t.risk.as_str(), markdown_text(&t.risk_reason))),
        ("Reliability", markdown_text(&t.reliability)),
        ("Downtime", markdown_text(&t.downtime)),
        ("Takes effect", markdown_text(&t.time_to_effect)),
        ("Upfront", t.upfront.to_string()),
        ("Commitment", t.commitment_months.map_or_else(|| "none".to_owned(), |m| format!("{m} months"))),
        ("Break-even", t.break_even_months.map_or_else(|| "at once".to_owned(), |m| format!("after {m} months"))),
        ("Can be undone", reversible.to_owned()),
    ];
    out.push_str("| | |\n|---|---|\n");
    for (label, value) in facts {
        out.push_str(&format!("| **{label}** | {value} |\n"));
    }
    out.push_str("\n## Evidence\n\n| what | value | source |\n|---|---|---|\n");
    for e in &o.evidence {
        let [label, value, source] = [&e.label, &e.value, &e.source].map(|t| markdown_text(t));
        out.push_str(&format!("| {label} | {value} | {source} |\n"));
    }
    numbered(&mut out, "Test first", &t.test_first);
    numbered(&mut out, "Roll out", &o.runbook.rollout);
    code(&mut out, "Commands, to review and run by hand", &o.runbook.commands);
    bullets(&mut out, "Terraform", &o.runbook.terraform);
    bullets(&mut out, "Watch", &o.runbook.watch);
    numbered(&mut out, "Roll back", &t.rollback);
    code(&mut out, "Commands of the way back", &o.runbook.rollback_commands);
    bullets(&mut out, "Caveats", &t.caveats);
    out
}

fn numbered(out: &mut String, heading: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    out.push_str(&format!("\n## {heading}\n\n"));
    for (n, item) in items.iter().enumerate() {
        out.push_str(&format!("{}. {}\n", n + 1, markdown_text(item)));
    }
}

fn bullets(out: &mut String, heading: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    out.push_str(&format!("\n## {heading}\n\n"));
    for item in items {
        out.push_str(&format!("- {}\n", markdown_text(item)));
    }
}

/// Lines in a fence that nothing in them can close.
fn code(out: &mut String, heading: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let longest = lines.iter().flat_map(|l| l.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    out.push_str(&format!("\n### {heading}\n\n{fence}sh\n"));
    for line in lines {
        out.push_str(&format!("{}\n", super::escape::terminal_text(line)));
    }
    out.push_str(&format!("{fence}\n"));
}
