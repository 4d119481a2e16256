//! Checks: their trait, their input, and how they are run.

mod abnormal;
mod check_trait;
mod context;
mod ended;
mod meta;
mod month_usage;
mod named;
mod new_resource;
mod output;
mod pools;
mod set;
mod settings;
mod uses;
mod validate;

pub use check_trait::Check;
pub use context::{Context, Facts};
pub use meta::{CheckMeta, Group, Input, Threshold};
pub use output::{CheckError, CheckOutput, Skip};
pub use set::CheckSet;
pub use settings::{IGNORE_TAG, Ignore, Settings};
pub(crate) use uses::is_monthly;
pub use uses::{Pricing, ResourceUse, UseInMonth};
pub use validate::SettingsError;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::cloud::Provider;
use crate::opportunity::Opportunity;
use crate::rollup::RESOURCE_KEYS;
use crate::text::counted;

/// Key columns of the resource table that have values, by provider.
type ColumnsWithValues = BTreeMap<Provider, BTreeSet<&'static str>>;

/// Returns why a check cannot run on the available data.
fn unmet(cx: &Context<'_>, meta: &CheckMeta, with_values: &ColumnsWithValues) -> Option<String> {
    if cx.settings.skip.iter().any(|id| id == meta.id) {
        return Some("the configuration excludes it".to_owned());
    }
    if let Some(provider) = meta.provider.filter(|of| !cx.has_usage_of(*of)) {
        return Some(cx.no_usage_of(provider));
    }
    if meta.needs.contains(&Input::Inventory) && cx.inventory.is_none() {
        return Some("needs an inventory, which the estate does not have".to_owned());
    }
    if meta.needs.contains(&Input::Utilization) && cx.utilization.is_none() {
        return Some("needs utilization data, which the estate does not have".to_owned());
    }
    let (wanted, there) = (meta.history_months, cx.history_months());
    if there < wanted {
        return Some(format!(
            "needs {} of bills, but there are {there}",
            counted(wanted.into(), "complete month")
        ));
    }
    let has = |c: &str| {
        with_values
            .iter()
            .any(|(of, keys)| meta.provider.is_none_or(|p| p == *of) && keys.contains(c))
    };
    let absent = |c: &&&str| RESOURCE_KEYS.contains(*c) && !has(c);
    let absent: Vec<&str> = meta.columns.iter().filter(absent).copied().collect();
    (!absent.is_empty())
        .then(|| format!("needs {}, which no usage in {} has", absent.join(", "), cx.month))
}

/// Runs checks in parallel, each on usage of its own provider. A failed check is reported as
/// skipped, and the others continue. Ignored findings are removed and reported.
#[must_use]
pub fn run_all(cx: &Context<'_>, checks: &[&dyn Check]) -> (Vec<Opportunity>, Vec<Skip>) {
    let with_values = cx.columns_with_values();
    let outputs: Vec<(&CheckMeta, CheckOutput)> = checks
        .par_iter()
        .map(|check| {
            let meta = check.meta();
            let cx = &cx.of(meta.provider);
            let mut output =
                match with_values.as_ref().map(|with_values| unmet(cx, meta, with_values)) {
                    Ok(Some(reason)) => CheckOutput::skip_all(reason),
                    Ok(None) => check
                        .run(cx)
                        .unwrap_or_else(|e| CheckOutput::skip_all(format!("failed: {e}"))),
                    Err(e) => CheckOutput::skip_all(format!("failed: {e}")),
                };
            leave_alone(cx, &mut output);
            name_abnormal_days(cx, &mut output);
            (meta, output)
        })
        .collect();
    let mut opportunities = Vec::new();
    let mut skipped: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for (meta, output) in outputs {
        opportunities.extend(output.opportunities);
        for (reason, subject) in output.skipped {
            let subjects = skipped.entry((meta.id.to_owned(), reason)).or_default();
            if !subject.is_empty() {
                subjects.push(subject);
            }
        }
    }
    opportunities.sort_by(|a, b| {
        b.savings.expected.amount().cmp(&a.savings.expected.amount()).then_with(|| a.id.cmp(&b.id))
    });
    let skips = skipped.into_iter().map(|((check, reason), mut subjects)| {
        subjects.sort();
        subjects.dedup();
        Skip { check, reason, subjects }
    });
    (opportunities, skips.collect())
}

/// Removes opportunities on ignored resources. A group opportunity is removed completely, because
/// its remainder would need another evaluation.
fn leave_alone(cx: &Context<'_>, output: &mut CheckOutput) {
    let CheckOutput { opportunities, skipped } = output;
    opportunities.retain(|o| {
        let ignored = o.claims.iter().find_map(|c| Some((c, cx.ignored(o, c)?)));
        if let Some((claim, reason)) = &ignored {
            skipped.push((format!("ignored: {reason}"), claim.resource_id.clone()));
        }
        ignored.is_none()
    });
}

/// Adds to each opportunity the evidence of abnormal days that its saving excludes.
fn name_abnormal_days(cx: &Context<'_>, output: &mut CheckOutput) {
    let CheckOutput { opportunities, skipped } = output;
    for opportunity in opportunities {
        match cx.abnormal_days(&opportunity.claims) {
            Ok(Some(evidence)) => opportunity.evidence.push(evidence),
            Ok(None) => {}
            Err(e) => skipped.push((format!("failed: {e}"), opportunity.subject.clone())),
        }
    }
}
