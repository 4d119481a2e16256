//! Savings as views show them: opportunities by ID, and the steps of the plan as rows.

use std::collections::{BTreeMap, BTreeSet};

use cost_core::inventory::{resource_part, short_id};
use cost_core::lifecycle::Decision;
use cost_core::money::Savings;
use cost_core::opportunity::Opportunity;
use cost_core::plan::{FrontPoint, JointPlan, Step};
use cost_core::recommendation::ProviderRecommendation;
use cost_core::review::{Header, Review, SavingsReport};

use super::provider;
use crate::table::Cell;

/// Savings of a review or of a savings report, as views show them.
#[derive(Clone, Copy)]
pub(super) struct Saved<'a> {
    pub(super) header: &'a Header,
    pub(super) opportunities: &'a [Opportunity],
    pub(super) plan: &'a JointPlan,
    pub(super) decisions: &'a BTreeMap<String, Decision>,
    pub(super) account_names: &'a BTreeMap<String, String>,
    pub(super) provider_recommendations: &'a [ProviderRecommendation],
    pub(super) front: &'a [FrontPoint],
    pub(super) rows: Rows,
}

/// What a row of the plan shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// A group of like steps.
    Groups,
    /// One step.
    Steps,
}

impl<'a> From<&'a Review> for Saved<'a> {
    fn from(review: &'a Review) -> Self {
        let Review { header, opportunities, plan, decisions, account_names, .. } = review;
        let (front, rows) = (&[][..], Rows::Groups);
        let provider_recommendations = &review.provider_recommendations;
        Self {
            header,
            opportunities,
            plan,
            decisions,
            account_names,
            provider_recommendations,
            front,
            rows,
        }
    }
}

impl<'a> From<&'a SavingsReport> for Saved<'a> {
    fn from(report: &'a SavingsReport) -> Self {
        let SavingsReport { header, opportunities, plan, front, decisions, account_names, .. } =
            report;
        let provider_recommendations = &report.provider_recommendations;
        let rows = Rows::Groups;
        Self {
            header,
            opportunities,
            plan,
            decisions,
            account_names,
            provider_recommendations,
            front,
            rows,
        }
    }
}

/// Opportunities of a review, by ID.
pub(super) struct Known<'a> {
    pub(super) review: Saved<'a>,
    pub(super) by_id: BTreeMap<&'a str, &'a Opportunity>,
    /// Titles that several opportunities share.
    alike: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    pub(super) fn of(review: Saved<'a>) -> Self {
        let all = review.opportunities;
        let mut seen = BTreeSet::new();
        let alike =
            all.iter().map(|o| o.title.as_str()).filter(|title| !seen.insert(*title)).collect();
        Self { review, by_id: all.iter().map(|o| (o.id.as_str(), o)).collect(), alike }
    }

    /// Returns the title, with the resource if several opportunities share it, the decision, and
    /// provider recommendations that differ.
    pub(super) fn title(&self, o: &Opportunity) -> Cell {
        let of = if self.alike.contains(o.title.as_str()) {
            format!(": {}", short_id(resource_part(&o.subject)))
        } else {
            String::new()
        };
        let decided = self
            .review
            .decisions
            .get(&o.id)
            .map(|d| format!(" ({})", d.verdict))
            .unwrap_or_default();
        let other = provider::differing(self.review.provider_recommendations, &o.id)
            .map(|words| format!(" ({words})"))
            .unwrap_or_default();
        Cell::text(format!("{}{of}{decided}{other}", o.title))
    }
}

/// Steps of one group, as one row.
pub(super) struct Folded<'a> {
    /// The step that saves most, and the opportunity of it that saves most.
    pub(super) step: &'a Step,
    pub(super) first: &'a Opportunity,
    pub(super) all: Vec<&'a Opportunity>,
    pub(super) savings: Savings,
}

impl<'a> Folded<'a> {
    /// Returns the rows of some steps, largest expected savings first.
    pub(super) fn of(known: &Known<'a>, steps: &[&'a Step]) -> Vec<Self> {
        let mut rows: Vec<Self> = Vec::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for step in steps {
            let Some(o) = known.by_id.get(step.opportunity.as_str()).copied() else { continue };
            let at = places.get(step.group.as_str()).filter(|_| known.review.rows == Rows::Groups);
            // The sum of savings in one currency is known to fit: the plan contains it.
            let sum =
                at.and_then(|at| rows[*at].savings.try_add(step.savings).ok().map(|s| (*at, s)));
            if let Some((at, savings)) = sum {
                rows[at].all.push(o);
                rows[at].savings = savings;
            } else {
                places.insert(&step.group, rows.len());
                rows.push(Self { step, first: o, all: vec![o], savings: step.savings });
            }
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.savings.expected.amount()));
        rows
    }

    /// Returns the title of the row: of its only step, or the number of steps and what they have in
    /// common.
    pub(super) fn title(&self, known: &Known<'_>) -> Cell {
        let o = self.first;
        let count = self.all.len();
        match &self.step.combined {
            Some(all) if count == 1 => return Cell::text(all.title.as_str()),
            Some(all) => return Cell::text(format!("{count} × {}", all.title)),
            None if count == 1 => return known.title(o),
            None => {}
        }
        let same = self.all.iter().all(|other| other.title == o.title);
        match &o.change {
            Some(change) if !same => Cell::text(format!(
                "{count} × change {} {} to {}",
                change.what, change.from, change.to
            )),
            _ => Cell::text(format!("{count} × {}", o.title)),
        }
    }
}

/// Returns the name of an account, or its ID if the name is unknown.
pub(super) fn account_label(r: Saved<'_>, id: Option<&str>) -> String {
    let Some(id) = id else { return "(no account)".into() };
    r.account_names.get(id).map_or(id, String::as_str).to_owned()
}
