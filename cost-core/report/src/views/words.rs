//! Phrases for one opportunity or anomaly that several views use.

use cost_core::anomaly::{Anomaly, Kind, Owner};
use cost_core::opportunity::{Certainty, Opportunity, Scope};

use crate::number::rounded;

/// Returns account, service, and region of an opportunity.
pub(super) fn place(scope: &Scope) -> String {
    let parts = [
        ("account", &scope.sub_account_id),
        ("service", &scope.service_name),
        ("region", &scope.region_id),
    ];
    let known: Vec<String> =
        parts.iter().filter_map(|(n, v)| Some(format!("{n} {}", v.as_deref()?))).collect();
    known.join(", ")
}

/// Returns the expected savings per month of an opportunity.
pub(super) fn saving(o: &Opportunity) -> String {
    if o.has_savings() { o.savings.expected.to_string() } else { "no direct savings".to_owned() }
}

/// Returns how certain the savings of an opportunity are; `None` if it has none of its own.
pub(super) fn certainty(o: &Opportunity) -> Option<String> {
    if !o.has_savings() {
        return None;
    }
    Some(match (o.certainty, o.possible) {
        (Certainty::Exact, _) => {
            "exact: the cost does not vary, and the change saves a known part of it".to_owned()
        }
        (Certainty::Uncertain, Some(possible)) => {
            format!("uncertain: up to {possible} is possible, and a stated share of it is expected")
        }
        (Certainty::Uncertain, None) => {
            "uncertain: a stated share of the cost is expected".to_owned()
        }
        _ => "estimated from how much the cost varies, or from estimated prices".to_owned(),
    })
}

/// Returns actual, expected, and usual cost of the peak day.
pub(super) fn peak(a: &Anomaly) -> String {
    let way = if a.kind == Kind::Drop { "down" } else { "up" };
    format!("{}, expected {}, usually {way} to {}", a.peak_actual, a.peak_expected, a.peak_usual)
}

/// Returns the owner's tag value and its share of the excess.
pub(super) fn owner(owner: &Owner) -> String {
    let share = owner.share_pct.map(|p| format!(" ({p} % of the excess)")).unwrap_or_default();
    format!("{}{share}", owner.value.as_deref().unwrap_or("(untagged)"))
}

/// Returns `1 day` or `3 days`.
pub(super) fn days(count: u32) -> String {
    format!("{count} day{}", if count == 1 { "" } else { "s" })
}

/// Returns the excess in percent, such as ` (+3.2 %)`; empty if unknown.
pub(super) fn excess_pct(a: &Anomaly) -> String {
    a.excess_pct.map(|p| format!(" ({:+.1} %)", rounded(p, 1))).unwrap_or_default()
}
