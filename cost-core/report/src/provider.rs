//! What the provider itself says: how well commitments are used, and what it recommends.

use super::Look;
use super::layout::{Grid, cents, share, title, wrap};
use cost_core::commitment::CommitmentMonth;
use cost_core::inventory::short_id;
use cost_core::recommendation::{Recommendation, SecondOpinion};

/// How well commitments were used; nothing if the provider did not say.
pub(super) fn commitments(all: &[CommitmentMonth], look: &Look, width: usize) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut grid = Grid::new(&["month", "commitment", ">used", ">unused", ">covered", ">cost", ">net saving"]);
    for c in all.iter().rev() {
        let unit = if c.unit == "Hours" { " h" } else { "" };
        let unused = c.unused.map_or_else(|| "–".to_owned(), |u| format!("{u:.2}{unit}"));
        grid.row([
            c.month.to_string(),
            c.commitment_discount_type.clone(),
            share(c.utilization_pct),
            unused,
            share(c.coverage_pct),
            cents(c.amortized_cost),
            cents(c.net_savings),
        ]);
    }
    format!("{}{}", title(look, "Commitments, as the provider reports them"), grid.show(look, width))
}

/// What the provider recommends, beside our advice; nothing if it did not say.
pub(super) fn second_opinions(all: &[SecondOpinion], look: &Look, width: usize) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut grid = Grid::new(&["recommendation", ">a month", "our advice"]);
    for s in all.iter().take(look.top) {
        let r = &s.recommendation;
        let resource = r.resource_id.as_deref().map(|id| format!("{}: ", short_id(id))).unwrap_or_default();
        let saved =
            r.monthly_savings.map_or_else(|| "–".to_owned(), |m| format!("{} {}", m.display_amount(), m.currency()));
        grid.row([format!("{resource}{} ({})", r.summary(), r.source), saved, s.opportunities.join(", ")]);
    }
    let mut out = title(look, "Second opinions: what the provider recommends, in no sum above");
    out.push_str(&grid.show(look, width));
    if all.len() > look.top {
        out.push_str(&format!("… and {} more in the JSON output.\n", all.len() - look.top));
    }
    out
}

/// What the provider recommends for the resource of one opportunity; nothing if it did not say.
pub(super) fn beside<'a>(opinions: impl Iterator<Item = &'a SecondOpinion>, width: usize) -> String {
    let lines: String = opinions.map(|s| wrap("  ", &one(&s.recommendation), width)).collect();
    if lines.is_empty() { lines } else { format!("\nSecond opinions\n{lines}") }
}

fn one(r: &Recommendation) -> String {
    let mut words = vec![format!("{}: {}", r.source, r.summary())];
    let basis = r.basis.as_deref().map(|b| format!(" ({b})")).unwrap_or_default();
    words.extend(r.monthly_savings.map(|m| format!("saves {m} a month{basis}")));
    words.extend(r.effort.as_ref().map(|e| format!("effort {e}")));
    words.extend(r.risk.as_ref().map(|e| format!("risk {e}")));
    words.extend(r.restart_needed.filter(|yes| *yes).map(|_| "needs a restart".to_owned()));
    words.extend(r.lookback_days.map(|d| format!("by {d} days of use")));
    words.extend(r.refreshed_on.map(|d| format!("as of {d}")));
    words.join(", ")
}
