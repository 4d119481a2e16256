//! Phrases that several views of one opportunity or anomaly share.

use cost_core::anomaly::{Anomaly, Kind, Owner};
use cost_core::opportunity::{Action, Opportunity, Scope};

use crate::number::rounded;

/// Account, service and region of an opportunity.
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

/// What an opportunity saves a month, in a few words.
pub(super) fn saving(o: &Opportunity) -> String {
    if o.action == Action::Allocate {
        "saves nothing itself".to_owned()
    } else {
        o.savings.expected.to_string()
    }
}

/// What the peak day cost, and should have.
pub(super) fn peak(a: &Anomaly) -> String {
    let way = if a.kind == Kind::Drop { "down" } else { "up" };
    format!("{}, expected {}, {way} to {} usual", a.peak_actual, a.peak_expected, a.peak_usual)
}

/// The value of an owner's tag, and its share.
pub(super) fn owner(owner: &Owner) -> String {
    let share = owner.share_pct.map(|p| format!(" ({p} % of the excess)")).unwrap_or_default();
    format!("{}{share}", owner.value.as_deref().unwrap_or("(untagged)"))
}

/// `1 day`, `3 days`.
pub(super) fn days(count: u32) -> String {
    format!("{count} day{}", if count == 1 { "" } else { "s" })
}

/// ` (+3.2 %)`; nothing if it is not known.
pub(super) fn excess_pct(a: &Anomaly) -> String {
    a.excess_pct.map(|p| format!(" ({:+.1} %)", rounded(p, 1))).unwrap_or_default()
}
