//! Reliability risks: a section of reviews and savings reports, and one risk with its fix.

use std::collections::BTreeMap;

use cost_core::money::Money;
use cost_core::risk::{FixCost, ReliabilityRisk};

use super::steps::{code, commands, evidence, list};
use super::words;
use crate::document::{Document, Mark};
use crate::figure::Figure;
use crate::formula::Formula;
use crate::report::ViewOptions;
use crate::table::{Cell, More, Table};
use crate::text::Text;

/// Adds the section, if there are risks.
pub(super) fn add(
    doc: &mut Document,
    all: &[ReliabilityRisk],
    account_names: &BTreeMap<String, String>,
    view: &ViewOptions,
) {
    if all.is_empty() {
        return;
    }
    doc.heading("Reliability risks: too small for the measured load");
    let titles = [
        "id",
        "risk",
        "measured",
        "limit",
        "cheapest fix",
        ">cost per month",
        "+owner",
        "+account",
    ];
    let mut table = Table::new(&titles).limited(view.top, More::Option("cost savings --top"));
    for risk in all {
        table.row([
            Cell::id(&risk.id),
            Cell::text(&risk.title),
            Cell::text(&risk.measured),
            Cell::text(&risk.threshold),
            Cell::text(&risk.fix.title),
            Cell::maybe(risk.fix.cost.as_ref().map(|c| c.expected), Cell::money),
            Cell::maybe(risk.scope.owner.as_ref(), Cell::text),
            Cell::maybe(risk.scope.sub_account_id.as_ref(), |id| {
                Cell::text(account_names.get(id).unwrap_or(id))
            }),
        ]);
    }
    let costs = all.iter().filter_map(|r| r.fix.cost.as_ref()).map(|c| c.expected);
    let unknown = all.iter().filter(|r| r.fix.cost.is_none()).count();
    let currency = costs.clone().next().map(|c| c.currency());
    let total = currency.and_then(|currency| Money::try_sum(costs, currency).ok());
    if let Some(total) = total {
        let label = Cell::text("all fixes with a known cost");
        let [id, empty] = [(); 2].map(|()| Cell::empty());
        let cells = [id, label, empty.clone(), empty.clone(), empty.clone()];
        let total = Cell::money(total).follows(Formula::SumAbove);
        table.foot(cells.into_iter().chain([total, empty.clone(), empty]));
    }
    doc.table(table);
    if let Some(total) = total {
        let rest = if unknown == 0 {
            String::new()
        } else {
            format!(" The cost of {unknown} more is unknown.")
        };
        doc.paragraph(format!(
            "All fixes with a known cost: {total} per month. They are not part of any savings.{rest}"
        ));
    }
}

/// Returns the figures of the risks: the cost of each fix.
pub(super) fn figures(all: &[ReliabilityRisk]) -> Vec<Figure> {
    let one = |risk: &ReliabilityRisk| {
        let cost = risk.fix.cost.as_ref()?;
        let what = format!("{} {}", risk.id, risk.title);
        Some(Figure::money(
            "reliability risk",
            &risk.subject,
            what,
            "cost of the fix",
            cost.expected,
        ))
    };
    all.iter().filter_map(one).collect()
}

/// Returns one risk with its evidence and fix.
pub(super) fn document(risk: &ReliabilityRisk) -> Document {
    let mut doc = Document::new(Text::from(format!("{}: ", risk.id)).plain(risk.title.as_str()));
    doc.facts(10, facts(risk));
    evidence(&mut doc, &risk.evidence);
    let fix = &risk.fix;
    list(&mut doc, "Before the change", Mark::Number, &fix.caveats);
    list(&mut doc, "Roll out", Mark::Number, &fix.runbook.rollout);
    commands(&mut doc, &fix.runbook);
    list(&mut doc, "Terraform", Mark::Dash, &fix.runbook.terraform);
    list(&mut doc, "Watch", Mark::Dash, &fix.runbook.watch);
    list(&mut doc, "Roll back", Mark::Number, &fix.rollback);
    code(&mut doc, "Rollback commands", &fix.runbook.rollback_commands);
    doc
}

fn facts(risk: &ReliabilityRisk) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("what", risk.subject.clone()),
        ("where", words::place(&risk.scope)),
        ("owner", risk.scope.owner.clone().unwrap_or_else(|| "(not tagged)".to_owned())),
        ("measured", risk.measured.clone()),
        ("limit", risk.threshold.clone()),
        ("period", risk.period.clone()),
        ("fix", risk.fix.title.clone()),
    ];
    if risk.resource_ids.iter().any(|id| *id != risk.subject) {
        all.insert(1, ("resources", risk.resource_ids.join(", ")));
    }
    all.extend(risk.fix.cost.as_ref().map(|c| ("cost", cost(c))));
    all.extend(risk.fix.unknown.clone().map(|why| ("unknown", why)));
    all
}

fn cost(of: &FixCost) -> String {
    let estimated = if of.estimated { ", estimated" } else { "" };
    format!(
        "{} per month (730 h){estimated}; low {}, high {}: {}",
        of.expected, of.low, of.high, of.basis
    )
}
