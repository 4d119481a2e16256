//! Savings tracking: every recommendation found so far, and the decisions on it.

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

/// Days for which a recommendation is stored after it was last found: longer than the bills that
/// realized savings are measured with.
const RETENTION_DAYS: u64 = 400;

/// Error: the recommendation does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no opportunity `{0}` in the decision file; run `cost savings ESTATE --decisions FILE` to add the ones it finds"
)]
pub struct NoSuchRecommendation(pub String);

/// Decision on a recommendation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// Accepted: to be implemented.
    Accepted,
    /// Dismissed: not in any plan.
    Dismissed {
        /// Reason.
        reason: String,
        /// Day from which on it is shown again; `None` for never.
        until: Option<NaiveDate>,
    },
    /// Implemented.
    Done {
        /// Day of implementation.
        on: NaiveDate,
        /// `ResourceId`s of the resources that replaced the resource.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        replaced_by: Vec<String>,
    },
}

/// Short text: `dismissed until 2027-01-01: in use at year's end`.
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

/// Decision on a recommendation, with time and note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// Decision.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Time at which it was recorded.
    pub at: DateTime<Utc>,
    /// Note of the person who decided.
    pub note: Option<String>,
}

impl Decision {
    /// Returns whether it applies on a day: a dismissal can end.
    fn counts(&self, day: NaiveDate) -> bool {
        !matches!(self.verdict, Verdict::Dismissed { until: Some(until), .. } if day >= until)
    }
}

/// Part of a resource's cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// `ResourceId` as in the bill.
    pub resource_id: String,
    /// Part of its cost.
    pub slice: Slice,
    /// Savings of the recommendation on this part, individually, per month of 730 h.
    pub savings: Savings,
}

/// Recommendation, as last found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Tracked {
    /// [`Opportunity::id`].
    pub id: String,
    /// ID of the check that found it.
    pub check: String,
    /// Recommended change, in one line.
    pub title: String,
    /// Subject of the recommendation, such as a resource.
    pub subject: String,
    /// Variant, if the check offers several.
    pub variant: Option<Variant>,
    /// Provider, account, and region.
    pub scope: Scope,
    /// Kind of change.
    pub action: Action,
    /// Individual savings, per month of 730 h.
    pub savings: Savings,
    /// Savings in the plan, per month of 730 h; `None` if it is not in the plan.
    pub planned: Option<Savings>,
    /// Costs that it affects.
    pub places: Vec<Place>,
    /// Report date on which it was first found.
    pub first_found: NaiveDate,
    /// Report date on which it was last found.
    pub last_found: NaiveDate,
    /// Whether it is still found in the newest data.
    pub found: bool,
    /// Last decision.
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

    /// Returns the day of implementation, if any, and the resources that replaced its resource.
    #[must_use]
    pub fn done(&self) -> Option<(NaiveDate, &[String])> {
        match &self.decision.as_ref()?.verdict {
            Verdict::Done { on, replaced_by } => Some((*on, replaced_by)),
            _ => None,
        }
    }

    /// Returns the expected savings, per month of 730 h: in the plan, or individually.
    #[must_use]
    pub fn expected(&self) -> Savings {
        self.planned.unwrap_or(self.savings)
    }

    /// Returns the fields that the variants of one finding share.
    fn finding(&self) -> (&str, &Option<String>, &Option<String>, &str) {
        (&self.check, &self.scope.sub_account_id, &self.scope.region_id, &self.subject)
    }

    /// Returns whether its check did not evaluate it.
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

/// All recommendations of an estate and their decisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SavingsLedger {
    /// Version of the format.
    pub format: u32,
    /// Newest month that was added, and its report date.
    pub seen: Option<(Month, NaiveDate)>,
    /// Recommendations by ID.
    pub recommendations: BTreeMap<String, Tracked>,
}

/// Findings of a review for one currency, to be added to savings tracking.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// All opportunities found.
    pub opportunities: &'a [Opportunity],
    /// Plan of these opportunities.
    pub plan: &'a JointPlan,
    /// What was not evaluated. Earlier findings for it do not count as gone.
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
    /// Adds the findings for the charges of `month` as of `as_of`, with one [`Found`] per currency
    /// of the bill: new recommendations, those still found, and those no longer found. Returns
    /// whether anything changed. No findings at all, and a month or day older than the newest one
    /// added, change nothing.
    pub fn update(&mut self, month: Month, as_of: NaiveDate, found: &[Found<'_>]) -> bool {
        if found.is_empty() || self.is_older(month, as_of) {
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
                // The expected savings of an implemented step stay as they were at that time.
                if known.done().is_some() {
                    continue;
                }
                known.title.clone_from(&o.title);
                known.scope = written(&o.scope);
                known.savings = o.savings;
                known.planned = planned.get(o.id.as_str()).and_then(|s| s.savings_of(&o.id));
                known.places = o.claims.iter().map(Place::of).collect();
            }
        }
        for (id, known) in &mut self.recommendations {
            let is_skipped = || found.iter().any(|f| known.is_skipped(f.skipped));
            known.found = known.found && (ids.contains(id.as_str()) || is_skipped());
            known.decision.take_if(|d| !d.counts(as_of));
        }
        let retained_from = as_of.checked_sub_days(Days::new(RETENTION_DAYS)).unwrap_or(as_of);
        let is_retained = |r: &Tracked| {
            r.found
                || r.last_found >= retained_from
                || r.done().is_some_and(|(on, _)| on >= retained_from)
        };
        self.recommendations.retain(|_, r| is_retained(r));
        true
    }

    /// Forgets the newest month that was added if it begins after `today`: a wrong date in a bill
    /// must not make all later findings count as older. Returns that month.
    pub fn forget_future(&mut self, today: NaiveDate) -> Option<Month> {
        let (month, _) = self.seen.take_if(|(month, _)| month.first_day() > today)?;
        Some(month)
    }

    /// Returns whether findings for the charges of `month` as of `as_of` are older than those that
    /// were added: [`SavingsLedger::update`] then changes nothing.
    #[must_use]
    pub fn is_older(&self, month: Month, as_of: NaiveDate) -> bool {
        self.seen.is_some_and(|seen| (month, as_of) < seen)
    }

    /// Records a decision; `None` removes the last one.
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

    /// Returns the decision on an opportunity, if one applies on a day.
    #[must_use]
    pub fn decision(&self, id: &str, day: NaiveDate) -> Option<&Decision> {
        self.recommendations.get(id)?.decision.as_ref().filter(|d| d.counts(day))
    }

    /// Returns why opportunities found in `month` as of `as_of` are in no plan, by ID: those that
    /// were dismissed, and those of findings that were implemented in the month or later, because
    /// its bill still has their cost.
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

/// Returns a scope as it is read back: its provider is not in the file.
fn written(scope: &Scope) -> Scope {
    Scope { provider: None, ..scope.clone() }
}

#[cfg(test)]
mod tests;
