//! What a check is, what it sees, and how all of them are run.

mod context;
mod pools;
mod settings;
mod uses;

pub use context::{Context, Facts};
pub use settings::{IGNORE_TAG, Ignore, Settings, SettingsError};
pub(crate) use uses::is_monthly;
pub use uses::{ECS_SERVICE_TAG, Pricing, ResourceUse, UseInMonth};

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::count::counted;
use crate::money::MoneyError;
use crate::opportunity::Opportunity;
use crate::price::UnknownPrice;
use crate::rollup::{QueryError, RESOURCE_KEYS};

/// What kind of waste a check looks for: the chapters of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Nothing uses it.
    Idle,
    /// It is larger than what uses it needs.
    OverProvisioned,
    /// Something newer does the same for less.
    Modernisation,
    /// It is kept in a dearer place, or longer, than it needs.
    Storage,
    /// Data takes a dear way.
    Network,
    /// It runs when nobody needs it, or could run on spare capacity.
    SpotAndSchedule,
    /// It is paid for without a commitment.
    Commitment,
    /// Nobody can be asked about it.
    Allocation,
}

impl Group {
    /// For people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Idle => "Unattached and idle",
            Self::OverProvisioned => "Over-provisioned",
            Self::Modernisation => "Modernisation",
            Self::Storage => "Storage classes and lifecycle",
            Self::Network => "Network",
            Self::SpotAndSchedule => "Spot and schedules",
            Self::Commitment => "Commitments",
            Self::Allocation => "Tagging and allocation",
        }
    }
}

/// What a check needs besides the bill; without it the check is skipped, and says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Input {
    /// What exists.
    Inventory,
    /// How busy it is.
    Utilization,
}

/// A number that decides, and can be configured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Threshold {
    /// Its name in the configuration.
    pub key: &'static str,
    /// Its value if none is configured.
    pub value: f64,
    /// Of the value.
    pub unit: &'static str,
    /// What is held against it: metric and statistic.
    pub metric: &'static str,
    /// Over what time.
    pub window: &'static str,
    /// Where the value is from.
    pub source: &'static str,
}

/// What is known of a check without running it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CheckMeta {
    /// Stable id, named for the waste: `unattached_volume`.
    pub id: &'static str,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// What kind of waste it is.
    pub group: Group,
    /// Version of the library that first had it.
    pub since: &'static str,
    /// What it needs besides the bill.
    pub needs: &'static [Input],
    /// Permissions the collection of its data needs, in the cloud's own names.
    pub permissions: &'static [&'static str],
    /// FOCUS columns it needs besides the mandatory ones.
    pub columns: &'static [&'static str],
    /// Complete calendar months of bills it needs.
    pub history_months: u32,
    /// The numbers that decide.
    pub thresholds: &'static [Threshold],
    /// What it finds, how the saving is computed, trade-offs, sources. Markdown.
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
    if cx.settings.skip.iter().any(|id| id == meta.id) {
        return Some("the configuration skips it".to_owned());
    }
    if meta.needs.contains(&Input::Inventory) && cx.inventory.is_none() {
        return Some("needs the inventory, which the estate does not have".to_owned());
    }
    if meta.needs.contains(&Input::Utilization) && cx.utilization.is_none() {
        return Some("needs the utilization, which the estate does not have".to_owned());
    }
    let (wanted, there) = (meta.history_months, cx.history_months());
    if there < wanted {
        return Some(format!("needs {} of bills, there are {there}", counted(wanted.into(), "complete month")));
    }
    let absent = |c: &&&str| RESOURCE_KEYS.contains(*c) && !told.contains(**c);
    let absent: Vec<&str> = meta.columns.iter().filter(absent).copied().collect();
    (!absent.is_empty()).then(|| format!("needs {}, which no usage of {} has", absent.join(", "), cx.month))
}

/// Runs checks, several at a time. One that fails is reported as skipped; the others go on. What is to be ignored is taken out, and
/// said to be.
#[must_use]
pub fn run_all(cx: &Context<'_>, checks: &[&dyn Check]) -> (Vec<Opportunity>, Vec<Skip>) {
    let told = cx.told();
    let outputs: Vec<(&CheckMeta, CheckOutput)> = checks
        .par_iter()
        .map(|check| {
            let meta = check.meta();
            let mut output = match told.as_ref().map(|told| unmet(cx, meta, told)) {
                Ok(Some(reason)) => CheckOutput::skip_all(reason),
                Ok(None) => check.run(cx).unwrap_or_else(|e| CheckOutput::skip_all(format!("failed: {e}"))),
                Err(e) => CheckOutput::skip_all(format!("failed: {e}")),
            };
            leave_alone(cx, &mut output);
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
    opportunities
        .sort_by(|a, b| b.savings.expected.amount().cmp(&a.savings.expected.amount()).then_with(|| a.id.cmp(&b.id)));
    let skips = skipped.into_iter().map(|((check, reason), mut subjects)| {
        subjects.sort();
        subjects.dedup();
        Skip { check, reason, subjects }
    });
    (opportunities, skips.collect())
}

/// Takes out what claims a resource that is to be ignored. Of a group, everything: what is left of it would need another look.
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
