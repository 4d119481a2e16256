//! Groups of like opportunities: the same change of several resources, shown as one row.

use crate::ids::stable_id;
use crate::opportunity::Opportunity;
use crate::tradeoff::Reversibility;

/// Returns the ID of the group of an opportunity. Opportunities have the same ID if they make the
/// same change (or have the same title, if nothing is changed to another value) in one account and
/// region, with the same effort, risk, downtime, and reversibility. The check does not count, so
/// that two checks that recommend one change form one group.
pub(super) fn group_id(o: &Opportunity) -> String {
    let t = &o.trade_off;
    let undo = match t.reversibility {
        Reversibility::Reversible => "reversible",
        Reversibility::WithEffort => "with effort",
        Reversibility::Irreversible => "irreversible",
    };
    let mut parts = vec![
        o.action.as_str(),
        o.scope.sub_account_id.as_deref().unwrap_or(""),
        o.scope.region_id.as_deref().unwrap_or(""),
        t.effort.as_str(),
        t.risk.as_str(),
        undo,
        if t.interrupts { "interrupts" } else { "" },
    ];
    match &o.change {
        Some(change) => parts.extend([&change.what, &change.from, &change.to].map(String::as_str)),
        None => parts.push(&o.title),
    }
    stable_id("gr", &parts)
}
