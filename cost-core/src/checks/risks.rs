//! Reliability risks of all clouds: [`find_risks`].

use std::collections::BTreeMap;

use super::aws;
use crate::check::{CheckOutput, Context, Skip};
use crate::risk::ReliabilityRisk;

/// Name that skips and ignore rules use for reliability risks.
const NAME: &str = "reliability_risks";

/// Returns the resources that are too small for their load, by kind and ID, and what could not be
/// evaluated. A rule that fails is reported as a skip.
#[must_use]
pub(crate) fn find_risks(cx: &Context<'_>) -> (Vec<ReliabilityRisk>, Vec<Skip>) {
    let mut skipped: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if cx.utilization.is_none() {
        let reason = "needs utilization data, which the estate does not have".to_owned();
        skipped.insert(reason, Vec::new());
        return (Vec::new(), skips(skipped));
    }
    let mut risks = Vec::new();
    for rule in aws::RISKS {
        let mut out = CheckOutput::default();
        match rule(cx, &mut out) {
            Ok(found) => risks.extend(found),
            Err(e) => out.skip("", format!("failed: {e}")),
        }
        for (reason, subject) in out.skipped {
            skipped.entry(reason).or_default().extend(Some(subject).filter(|s| !s.is_empty()));
        }
    }
    risks.retain(|risk| match ignored(cx, risk) {
        Some(reason) => {
            skipped.entry(reason).or_default().push(risk.subject.clone());
            false
        }
        None => true,
    });
    risks.sort_by(|a, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
    (risks, skips(skipped))
}

/// Returns why a risk is ignored: the ignore tag of one of its resources.
fn ignored(cx: &Context<'_>, risk: &ReliabilityRisk) -> Option<String> {
    let tag = &cx.settings.ignore_tag;
    let reason = risk.resource_ids.iter().find_map(|id| cx.resource(id)?.tags.get(tag))?;
    Some(format!("ignored: tag {tag}={reason}"))
}

fn skips(all: BTreeMap<String, Vec<String>>) -> Vec<Skip> {
    let skip = |(reason, mut subjects): (String, Vec<String>)| {
        subjects.sort();
        subjects.dedup();
        Skip { check: NAME.to_owned(), reason, subjects }
    };
    all.into_iter().map(skip).collect()
}
