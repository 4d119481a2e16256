//! The ledger of savings: every recommendation there was, and what people decided on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{DateTime, Days, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Skip;
use crate::file::StateFile;
use crate::inventory::resource_key;
use crate::money::Savings;
use crate::month::Month;
use crate::opportunity::{Action, Opportunity, Scope, Slice, Variant};
use crate::plan::JointPlan;

/// Days for which a recommendation is kept that is not found any more: longer than a bill that
/// savings are held against.
const KEPT_DAYS: u64 = 400;

/// There is no such recommendation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no recommendation `{0}` in the decision file; run `cost savings ESTATE --decisions FILE` to add the ones it finds"
)]
pub struct NoSuchRecommendation(pub String);

/// What a person decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// It is to be done.
    Accepted,
    /// It is not to be done: in no plan.
    Dismissed {
        /// Why.
        reason: String,
        /// It comes up again from this day on; `None` for never.
        until: Option<NaiveDate>,
    },
    /// It has been done.
    Done {
        /// When.
        on: NaiveDate,
        /// `ResourceId`s of what is there in place of the resource.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        replaced_by: Vec<String>,
    },
}

/// In a few words: `dismissed until 2027-01-01: in use at year's end`.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted => f.write_str("accepted"),
            Self::Dismissed { reason, until: None } => write!(f, "dismissed: {reason}"),
            Self::Dismissed { reason, until: Some(until) } => {
                write!(f, "dismissed until {until}: {reason}")
            }
            Self::Done { on, .. } => write!(f, "done on {on}"),
        }
    }
}

/// A person's decision on a recommendation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// What.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// When it was written down.
    pub at: DateTime<Utc>,
    /// In the person's words.
    pub note: Option<String>,
}

impl Decision {
    /// Whether it counts on a day: a dismissal can end.
    fn counts(&self, day: NaiveDate) -> bool {
        !matches!(self.verdict, Verdict::Dismissed { until: Some(until), .. } if day >= until)
    }
}

/// A slice of a resource's cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// `ResourceId` as the bill has it.
    pub resource_id: String,
    /// Which part of its cost.
    pub slice: Slice,
    /// What the recommendation saves of it by itself, per month of 730 h.
    pub savings: Savings,
}

/// A recommendation, as last found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Tracked {
    /// [`Opportunity::id`].
    pub id: String,
    /// Id of the check that found it.
    pub check: String,
    /// What to do, in one line.
    pub title: String,
    /// What it is about.
    pub subject: String,
    /// Which of several ways.
    pub variant: Option<Variant>,
    /// Where it is.
    pub scope: Scope,
    /// What is done.
    pub action: Action,
    /// What it saves by itself, per month of 730 h.
    pub savings: Savings,
    /// What it saves in the joint plan, per month of 730 h; `None` if it was not in it.
    pub planned: Option<Savings>,
    /// The costs that it is about.
    pub places: Vec<Place>,
    /// The day of the data in which it was found first.
    pub first_found: NaiveDate,
    /// And last.
    pub last_found: NaiveDate,
    /// Whether the newest data still shows it.
    pub found: bool,
    /// What a person decided last.
    pub decision: Option<Decision>,
}

impl Tracked {
    fn new(o: &Opportunity, as_of: NaiveDate) -> Self {
        Self {
            id: o.id.clone(),
            check: o.check.clone(),
            title: o.title.clone(),
            subject: o.subject.clone(),
            variant: o.variant,
            scope: written(&o.scope),
            action: o.action,
            savings: o.savings,
            planned: None,
            places: Vec::new(),
            first_found: as_of,
            last_found: as_of,
            found: true,
            decision: None,
        }
    }

    /// When it was done, if it was, and what replaced its resource.
    #[must_use]
    pub fn done(&self) -> Option<(NaiveDate, &[String])> {
        match &self.decision.as_ref()?.verdict {
            Verdict::Done { on, replaced_by } => Some((*on, replaced_by)),
            _ => None,
        }
    }

    /// What it was expected to save, per month of 730 h: in the plan, or by itself.
    #[must_use]
    pub fn expected(&self) -> Savings {
        self.planned.unwrap_or(self.savings)
    }

    /// What the variants of one finding have in common.
    fn finding(&self) -> (&str, &Option<String>, &Option<String>, &str) {
        (&self.check, &self.scope.sub_account_id, &self.scope.region_id, &self.subject)
    }

    /// Whether its check could not judge it.
    fn is_skipped(&self, skips: &[Skip]) -> bool {
        let same = |id: &String| {
            *id == self.subject
                || self.places.iter().any(|p| resource_key(&p.resource_id) == resource_key(id))
        };
        skips.iter().any(|s| {
            s.check == self.check && (s.subjects.is_empty() || s.subjects.iter().any(same))
        })
    }
}

/// All recommendations of an estate, and what became of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SavingsLedger {
    /// Version of the format.
    pub format: u32,
    /// The newest month that was taken in, and the day from which it was looked at.
    pub seen: Option<(Month, NaiveDate)>,
    /// The recommendations, by id.
    pub recommendations: BTreeMap<String, Tracked>,
}

/// What a review of charges in one currency found, to be taken into the ledger.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// Every opportunity found.
    pub opportunities: &'a [Opportunity],
    /// Which of them are planned together.
    pub plan: &'a JointPlan,
    /// What could not be judged: what was found of it before has not gone.
    pub skipped: &'a [Skip],
}

impl StateFile for SavingsLedger {
    const WHAT: &'static str = "decision file";
    const FORMAT: u32 = 1;
}

impl Default for SavingsLedger {
    fn default() -> Self {
        Self { format: Self::FORMAT, seen: None, recommendations: BTreeMap::new() }
    }
}

impl SavingsLedger {
    /// Takes in what was found in the charges of `month`, seen from `as_of`, with one [`Found`] for
    /// each currency of the bill: what is new, what is still there, and what is not found any more.
    /// Returns whether it changed the ledger: nothing found at all, and an older month or day than
    /// the ledger has seen, change nothing.
    pub fn update(&mut self, month: Month, as_of: NaiveDate, found: &[Found<'_>]) -> bool {
        if found.is_empty() || self.seen.is_some_and(|seen| (month, as_of) < seen) {
            return false;
        }
        self.seen = Some((month, as_of));
        let mut ids = BTreeSet::new();
        for of_currency in found {
            let planned = of_currency.plan.by_opportunity();
            for o in of_currency.opportunities {
                ids.insert(o.id.as_str());
                let known = self
                    .recommendations
                    .entry(o.id.clone())
                    .or_insert_with(|| Tracked::new(o, as_of));
                (known.found, known.last_found) = (true, as_of);
                // What was expected of a step that is done stays as it was when it was done.
                if known.done().is_some() {
                    continue;
                }
                known.title.clone_from(&o.title);
                known.scope = written(&o.scope);
                known.savings = o.savings;
                known.planned = planned.get(o.id.as_str()).map(|s| s.savings);
                known.places = o.claims.iter().map(Place::of).collect();
            }
        }
        for (id, known) in &mut self.recommendations {
            let is_skipped = || found.iter().any(|f| known.is_skipped(f.skipped));
            known.found = known.found && (ids.contains(id.as_str()) || is_skipped());
            known.decision.take_if(|d| !d.counts(as_of));
        }
        let kept_from = as_of.checked_sub_days(Days::new(KEPT_DAYS)).unwrap_or(as_of);
        let is_kept = |r: &Tracked| {
            r.found || r.last_found >= kept_from || r.done().is_some_and(|(on, _)| on >= kept_from)
        };
        self.recommendations.retain(|_, r| is_kept(r));
        true
    }

    /// Writes down a person's decision; `None` takes the last one back.
    ///
    /// # Errors
    /// [`NoSuchRecommendation`].
    pub fn decide(
        &mut self,
        id: &str,
        decision: Option<Decision>,
    ) -> Result<&Tracked, NoSuchRecommendation> {
        let known =
            self.recommendations.get_mut(id).ok_or_else(|| NoSuchRecommendation(id.to_owned()))?;
        known.decision = decision;
        Ok(known)
    }

    /// The decision on an opportunity, if there is one that counts on a day.
    #[must_use]
    pub fn decision(&self, id: &str, day: NaiveDate) -> Option<&Decision> {
        self.recommendations.get(id)?.decision.as_ref().filter(|d| d.counts(day))
    }

    /// Why opportunities that were found in `month`, seen from `as_of`, are in no plan, by id:
    /// those that were dismissed, and those of findings that were done in the month or later, for
    /// its bill still has what was done away with.
    #[must_use]
    pub fn set_aside(
        &self,
        all: &[Opportunity],
        month: Month,
        as_of: NaiveDate,
    ) -> BTreeMap<String, String> {
        let done =
            self.recommendations.values().filter_map(|r| Some((r.finding(), (&r.id, r.done()?.0))));
        let done: BTreeMap<_, _> = done.filter(|(_, (_, on))| Month::of(*on) >= month).collect();
        let why = |o: &Opportunity| {
            let dismissed = self
                .decision(&o.id, as_of)
                .filter(|d| matches!(d.verdict, Verdict::Dismissed { .. }));
            let this = || dismissed.map(|d| d.verdict.to_string());
            let by_done = |(id, on): &(&String, NaiveDate)| {
                if **id == o.id {
                    format!("done on {on}")
                } else {
                    format!("{id} was done on {on}")
                }
            };
            done.get(&o.finding()).map(by_done).or_else(this)
        };
        all.iter().filter_map(|o| Some((o.id.clone(), why(o)?))).collect()
    }
}

impl Place {
    fn of(claim: &crate::opportunity::Claim) -> Self {
        Self {
            sub_account_id: claim.sub_account_id.clone(),
            resource_id: claim.resource_id.clone(),
            slice: claim.slice,
            savings: claim.savings,
        }
    }
}

/// A scope as it is read back: its provider is not in the file.
fn written(scope: &Scope) -> Scope {
    Scope { provider: None, ..scope.clone() }
}

#[cfg(test)]
mod tests;
