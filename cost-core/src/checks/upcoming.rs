//! Costs to come of all clouds: [`find_upcoming`].

use std::collections::BTreeMap;

use super::aws;
use crate::check::{CheckOutput, Context, Skip};
use crate::upcoming::UpcomingCost;

/// Name that skips use for costs to come.
const NAME: &str = "costs_to_come";

/// Returns the costs to come, by date and subject, and what could not be evaluated. A rule that fails
/// is reported as a skip.
#[must_use]
pub(crate) fn find_upcoming(cx: &Context<'_>) -> (Vec<UpcomingCost>, Vec<Skip>) {
    let mut skipped: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut all = Vec::new();
    for rule in aws::UPCOMING {
        let mut out = CheckOutput::default();
        match rule(cx, &mut out) {
            Ok(found) => all.extend(found),
            Err(e) => out.skip("", format!("failed: {e}")),
        }
        for (reason, subject) in out.skipped {
            skipped.entry(reason).or_default().extend(Some(subject).filter(|s| !s.is_empty()));
        }
    }
    all.retain(|cost| match ignored(cx, cost) {
        Some(reason) => {
            skipped.entry(reason).or_default().push(cost.subject.clone());
            false
        }
        None => true,
    });
    all.sort_by(|a, b| {
        let key = |c: &UpcomingCost| (c.from, c.subject.clone(), c.scope.region_id.clone());
        key(a).cmp(&key(b))
    });
    let skip = |(reason, mut subjects): (String, Vec<String>)| {
        subjects.sort();
        subjects.dedup();
        Skip { check: NAME.to_owned(), reason, subjects }
    };
    (all, skipped.into_iter().map(skip).collect())
}

/// Returns why a cost is ignored: the ignore tag of one of its resources.
fn ignored(cx: &Context<'_>, cost: &UpcomingCost) -> Option<String> {
    let tag = &cx.settings.ignore_tag;
    let reason = cost.resource_ids.iter().find_map(|id| cx.resource(id)?.tags.get(tag))?;
    Some(format!("ignored: tag {tag}={reason}"))
}
