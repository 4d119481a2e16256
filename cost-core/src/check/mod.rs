//! What a check is, what it sees, and how all of them are run.

mod context;
mod meter;

pub use context::{Context, ResourceUse, UseInMonth};
pub use meter::Meter;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::MoneyError;
use crate::opportunity::Opportunity;
use crate::price::UnknownPrice;
use crate::rollup::{QueryError, RESOURCE_KEYS};

/// What is known of a check without running it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CheckMeta {
    /// Stable id, named for the waste: `unattached_volume`.
    pub id: &'static str,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// Version of the library that first had it.
    pub since: &'static str,
    /// Permissions the collection of its data needs, in the cloud's own names.
    pub permissions: &'static [&'static str],
    /// FOCUS columns it needs besides the mandatory ones.
    pub columns: &'static [&'static str],
    /// Complete calendar months of bills it needs.
    pub history_months: u32,
    /// What it finds, how the saving is computed, trade-offs, thresholds and sources. Markdown.
    pub docs: &'static str,
}

/// Something a check could not judge, and why: missing is not zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Skip {
    /// Id of the check.
    pub check: String,
    /// Why.
    pub reason: String,
    /// What was skipped; empty if it is the whole check.
    pub subjects: Vec<String>,
}

/// What a check gives.
#[derive(Debug, Default)]
pub struct CheckOutput {
    /// What it found.
    pub opportunities: Vec<Opportunity>,
    /// What it could not judge: reason and subject; an empty subject stands for the whole check.
    pub skipped: Vec<(String, String)>,
}

impl CheckOutput {
    /// Nothing but the reason why the whole check was skipped.
    #[must_use]
    pub fn skip_all(reason: impl Into<String>) -> Self {
        Self { opportunities: Vec::new(), skipped: vec![(reason.into(), String::new())] }
    }

    /// Notes that `subject` was skipped.
    pub fn skip(&mut self, subject: &str, reason: impl ToString) {
        self.skipped.push((reason.to_string(), subject.to_owned()));
    }

    /// Notes that `subject` was skipped because a price is unknown.
    pub fn skip_unknown(&mut self, subject: &str, unknown: &UnknownPrice) {
        self.skip(subject, unknown);
    }
}

/// Why a check failed: never a reason to stop the others.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The roll-up could not be queried.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A sum does not fit, or currencies were mixed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// One way of finding waste.
pub trait Check: Send + Sync {
    /// What is known of it without running it.
    fn meta(&self) -> &'static CheckMeta;

    /// Looks for the waste.
    ///
    /// # Errors
    /// [`CheckError`]; what cannot be judged is not an error but a skip.
    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError>;
}

/// Why a check cannot be run on what there is. `told` are the key columns of the resource table that have a value.
fn unmet(cx: &Context<'_>, meta: &CheckMeta, told: &BTreeSet<&str>) -> Option<String> {
    let (wanted, there) = (meta.history_months, cx.history_months());
    if there < wanted {
        return Some(format!("needs {wanted} complete months of bills, there are {there}"));
    }
    let absent = |c: &&&str| RESOURCE_KEYS.contains(*c) && !told.contains(**c);
    let absent: Vec<&str> = meta.columns.iter().filter(absent).copied().collect();
    (!absent.is_empty()).then(|| format!("needs {}, which no usage of {} has", absent.join(", "), cx.month))
}

/// Runs every check of the registry. A check that fails is reported as skipped; the others go on.
#[must_use]
pub fn run_all(cx: &Context<'_>) -> (Vec<Opportunity>, Vec<Skip>) {
    let mut opportunities = Vec::new();
    let mut skipped: std::collections::BTreeMap<(String, String), Vec<String>> = std::collections::BTreeMap::new();
    let told = cx.told();
    for check in crate::checks::registry() {
        let meta = check.meta();
        let output = match told.as_ref().map(|told| unmet(cx, meta, told)) {
            Ok(Some(reason)) => CheckOutput::skip_all(reason),
            Ok(None) => check.run(cx).unwrap_or_else(|e| CheckOutput::skip_all(format!("failed: {e}"))),
            Err(e) => CheckOutput::skip_all(format!("failed: {e}")),
        };
        opportunities.extend(output.opportunities);
        for (reason, subject) in output.skipped {
            let subjects = skipped.entry((meta.id.to_owned(), reason)).or_default();
            if !subject.is_empty() {
                subjects.push(subject);
            }
        }
    }
    opportunities
        .sort_by(|a, b| b.savings.expected.amount().cmp(&a.savings.expected.amount()).then_with(|| a.id.cmp(&b.id)));
    let skips = skipped.into_iter().map(|((check, reason), mut subjects)| {
        subjects.sort();
        subjects.dedup();
        Skip { check, reason, subjects }
    });
    (opportunities, skips.collect())
}
