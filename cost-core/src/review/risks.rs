//! What reliability risks mean for the plan: a resource that is too small is fixed first.

use std::collections::BTreeMap;

use crate::inventory::resource_key;
use crate::opportunity::{Action, Opportunity};
use crate::risk::ReliabilityRisk;

/// Properties of a machine whose change conflicts with a fix of its size.
const SIZES: [&str; 2] = ["instance type", "instance class"];

/// Returns why opportunities are in no plan, by ID: they would move a machine that is too small to
/// another type that is not chosen to fix this.
pub(super) fn refused(
    opportunities: &[Opportunity],
    risks: &[ReliabilityRisk],
) -> BTreeMap<String, String> {
    let mut small: BTreeMap<&str, &ReliabilityRisk> = BTreeMap::new();
    for risk in risks.iter().filter(|r| r.kind.is_of_machine()) {
        for id in &risk.resource_ids {
            small.entry(resource_key(id)).or_insert(risk);
        }
    }
    let why = |o: &Opportunity| {
        let is_size = o.change.as_ref().is_some_and(|c| SIZES.contains(&c.what.as_str()));
        if o.action != Action::Modify || !is_size {
            return None;
        }
        let risk = o.claims.iter().find_map(|c| small.get(resource_key(&c.resource_id)))?;
        // The same target, found by both: the step also fixes the risk.
        let fixes = o.change.as_ref().map(|c| &c.to) == risk.fix.change.as_ref().map(|c| &c.to);
        (!fixes).then(|| {
            format!("too small for its load ({}, {}): fix that first", risk.id, risk.kind.title())
        })
    };
    opportunities.iter().filter_map(|o| Some((o.id.clone(), why(o)?))).collect()
}
