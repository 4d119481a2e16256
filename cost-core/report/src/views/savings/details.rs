//! Parts of the savings that only interactive pages show: the steps as a ladder, columns to filter
//! by, and a panel per step with its evidence, trade-offs, test, commands, and rollback.

use cost_core::money::Money;
use cost_core::opportunity::Opportunity;
use cost_core::plan::Step;

use crate::chart::{Chart, LadderChart, LadderStep};
use crate::document::{Block, Document};
use crate::table::Cell;
use crate::text::Text;
use crate::views::runbook;
use crate::views::saved::{Folded, Known};

/// Meaning of the columns of the plan. Sources: `docs/glossary.md`.
pub(super) const MEANINGS: [(&str, &str); 6] = [
    ("low", "Savings per month (730 h) that are almost certain, after all steps before it."),
    (
        "expected",
        "Expected savings per month (730 h), based on what is actually paid, after all steps before it.",
    ),
    ("high", "Savings per month (730 h) if everything goes well, after all steps before it."),
    ("effort", "Working time: low is minutes, medium is hours, high is days."),
    ("risk", "How likely and how harmful a failure is."),
    ("undo", "Whether the change can be undone: yes (in minutes), hard (with effort), or no."),
];

/// Maximum steps of the ladder. The remaining ones are one step.
const LADDER: usize = 20;
/// Maximum number of panels, for the size of the page: a panel has about 5 kB.
const PANELS: usize = 300;

/// Returns the cells of the columns that only interactive pages have: owner, action, and cloud.
pub(super) fn cells(o: &Opportunity) -> [Cell; 3] {
    [
        Cell::text(o.scope.owner.as_deref().unwrap_or("(not tagged)")),
        Cell::text(o.action.as_str()),
        Cell::maybe(o.scope.provider, |p| Cell::text(p.title())),
    ]
}

/// Adds the steps of the plan by expected savings, with their cumulative amount.
pub(super) fn ladder(doc: &mut Document, known: &Known<'_>) {
    let all: Vec<&Step> = known.review.plan.steps.iter().collect();
    let rows = Folded::of(known, &all);
    let currency = known.review.header.currency;
    let mut sum = Money::zero(currency);
    let mut steps = Vec::new();
    let mut rest = Vec::new();
    for row in &rows {
        if steps.len() >= LADDER {
            rest.push(row.savings.expected);
            continue;
        }
        let Ok(next) = sum.try_add(row.savings.expected) else { return };
        sum = next;
        steps.push(LadderStep {
            id: Some(row.first.id.clone()),
            label: row.title(known).text,
            amount: row.savings.expected,
            cumulative: sum,
        });
    }
    if let (Ok(amount), [_, ..]) = (Money::try_sum(rest.iter().copied(), currency), rest.as_slice())
    {
        let Ok(cumulative) = sum.try_add(amount) else { return };
        let label = format!("{} further steps", rest.len());
        steps.push(LadderStep { id: None, label, amount, cumulative });
    }
    if steps.len() < 2 {
        return;
    }
    doc.heading(format!("Savings by step, {currency} per month"));
    let title = format!("Expected savings of the plan, {currency} per month, largest step first");
    doc.blocks.push(Block::Chart(Chart::Ladder(LadderChart { title, steps })));
}

/// Adds a panel per step of the plan, largest expected savings first.
pub(super) fn panels(doc: &mut Document, known: &Known<'_>) {
    let all: Vec<&Step> = known.review.plan.steps.iter().collect();
    let rows = Folded::of(known, &all);
    if rows.is_empty() {
        return;
    }
    doc.heading("Steps of the plan: evidence, trade-offs, test, commands, and rollback");
    for row in rows.iter().take(PANELS) {
        let book = runbook::document(known.review, row.first);
        let trade_off = row.step.combined.as_ref().map_or(&row.first.trade_off, |c| &c.trade_off);
        let summary = Text::default().strong(row.title(known).text).plain(format!(
            " — {} per month, {} effort, {} risk ({})",
            row.savings.expected,
            trade_off.effort.as_str(),
            trade_off.risk.as_str(),
            row.first.id
        ));
        doc.blocks.push(Block::Panel { id: row.first.id.clone(), summary, blocks: book.blocks });
    }
    if rows.len() > PANELS {
        let further = rows.len() - PANELS;
        doc.paragraph(
            Text::from(format!("{further} smaller steps: "))
                .code("cost explain ID")
                .plain(" shows the details of each."),
        );
    }
}
