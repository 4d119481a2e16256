//! Data reported by the provider: commitment utilization and recommendations.

use cost_core::commitment::CommitmentMonth;
use cost_core::inventory::short_id;
use cost_core::recommendation::{Agreement, ProviderRecommendation, Recommendation};

use crate::document::{Document, Item, List, Mark};
use crate::figure::{Amount, Figure};
use crate::number::rounded;
use crate::report::ViewOptions;
use crate::table::{Cell, More, Table, Value};

/// Adds commitment utilization and coverage as reported by the provider, if any.
pub(super) fn commitments(doc: &mut Document, all: &[CommitmentMonth]) {
    if all.is_empty() {
        return;
    }
    let mut table = Table::new(&[
        "month",
        "commitment",
        ">used",
        ">unused",
        ">covered",
        ">cost",
        ">net savings",
    ]);
    for c in all.iter().rev() {
        let unit = if c.unit == "Hours" { " h" } else { "" };
        table.row([
            Cell::month(c.month),
            Cell::text(&c.commitment_discount_type),
            Cell::maybe(c.utilization_pct, Cell::share),
            Cell::maybe(c.unused, |u| {
                Cell::shown_as(format!("{:.2}{unit}", rounded(u, 2)), Value::Number(u))
            }),
            Cell::maybe(c.coverage_pct, Cell::share),
            Cell::maybe(c.amortized_cost, Cell::money),
            Cell::maybe(c.net_savings, Cell::money),
        ]);
    }
    doc.heading("Commitments as reported by the provider");
    doc.table(table);
}

/// Adds the provider's recommendations next to our opportunities, if there are any.
pub(super) fn provider_recommendations(
    doc: &mut Document,
    all: &[ProviderRecommendation],
    view: &ViewOptions,
) {
    if all.is_empty() {
        return;
    }
    let more = More::Where("in the JSON output");
    let mut table =
        Table::new(&["recommendation", ">per month", "compared with ours", "opportunity"])
            .limited(view.top, more);
    for s in all {
        let r = &s.recommendation;
        let resource =
            r.resource_id.as_deref().map(|id| format!("{}: ", short_id(id))).unwrap_or_default();
        let saved = |m: cost_core::money::Money| {
            Cell::shown_as(format!("{} {}", m.display_amount(), m.currency()), Value::Money(m))
        };
        table.row([
            Cell::text(format!("{resource}{} ({})", r.summary(), r.source)),
            Cell::maybe(r.monthly_savings, saved),
            Cell::text(compared(s)),
            Cell::text(s.opportunities.join(", ")),
        ]);
    }
    doc.heading("Provider recommendations, not included in the sums above");
    doc.table(table);
}

/// Adds the provider's recommendations for the resource of one opportunity, if there are any.
pub(super) fn same_resource<'a>(
    doc: &mut Document,
    opinions: impl Iterator<Item = &'a ProviderRecommendation>,
) {
    let item = |s: &ProviderRecommendation| {
        let text =
            format!("{}; compared with ours: {}", one(&s.recommendation), s.agreement.label());
        Item { details: s.why.iter().map(|why| why.as_str().into()).collect(), ..Item::new(text) }
    };
    let items: Vec<Item> = opinions.map(item).collect();
    if !items.is_empty() {
        doc.heading("Provider recommendations");
        doc.list(List::new(Mark::None, items).indented(2));
    }
}

/// Returns the figures of provider recommendations: their savings per month. Those without an
/// estimate have no amount.
pub(super) fn figures(all: &[ProviderRecommendation]) -> Vec<Figure> {
    let one = |s: &ProviderRecommendation| {
        let r = &s.recommendation;
        let ours = s.compared_with.as_deref().map(|id| format!(" ({id})")).unwrap_or_default();
        let detail = format!("{}: {}; {}{ours}", r.source, r.summary(), compared(s));
        Figure::new(
            "provider recommendation",
            r.resource_id.as_deref().unwrap_or_default(),
            detail,
            "their savings per month",
            r.monthly_savings.map_or(Amount::Count(None, None), Amount::Money),
        )
    };
    all.iter().map(one).collect()
}

/// Returns how a recommendation compares with ours, and the first reason.
fn compared(s: &ProviderRecommendation) -> String {
    let why = s.why.first().map(|why| format!(": {why}")).unwrap_or_default();
    format!("{}{why}", s.agreement.label())
}

/// Returns how provider recommendations that were compared with an opportunity differ, and why,
/// such as `Compute Optimizer: other target, Overprovisioned m5.large to t3.large; they use the last
/// 14 days; …`; `None` if none differs.
pub(super) fn differing(all: &[ProviderRecommendation], id: &str) -> Option<String> {
    let of = |s: &&ProviderRecommendation| {
        s.agreement.differs() && s.compared_with.as_deref() == Some(id)
    };
    let words: Vec<String> = all.iter().filter(of).map(difference).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// Returns how a recommendation differs from ours: what it recommends, unless that is the same, and
/// the first reason. What we propose is in the row itself.
fn difference(s: &ProviderRecommendation) -> String {
    let theirs = if s.agreement == Agreement::OtherSavings {
        String::new()
    } else {
        format!(", {}", s.recommendation.summary())
    };
    let reason = s.why.iter().find(|why| !why.starts_with("we propose: "));
    let why = reason.map(|why| format!("; {why}")).unwrap_or_default();
    format!("{}: {}{theirs}{why}", s.recommendation.source, s.agreement.label())
}

fn one(r: &Recommendation) -> String {
    let mut words = vec![format!("{}: {}", r.source, r.summary())];
    let basis = r.basis.as_deref().map(|b| format!(" ({b})")).unwrap_or_default();
    words.extend(r.monthly_savings.map(|m| format!("saves {m} per month{basis}")));
    words.extend(r.effort.as_ref().map(|e| format!("effort {e}")));
    words.extend(r.risk.as_ref().map(|e| format!("risk {e}")));
    words.extend(r.restart_needed.filter(|yes| *yes).map(|_| "needs a restart".to_owned()));
    words.extend(r.lookback_days.map(|d| format!("based on {d} days of use")));
    words.extend(r.refreshed_on.map(|d| format!("as of {d}")));
    words.join(", ")
}
