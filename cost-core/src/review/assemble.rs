//! Assembly of the review from its sections.

use std::collections::BTreeMap;

use super::notes::{self, QualitySection};
use super::savings::{SavingsSection, decisions, provider_recommendations};
use super::spend::SpendSection;
use super::subject::Subject;
use super::types::{DayCompleteness, Review};
use super::{events, story, trust};
use crate::anomaly::Findings;
use crate::commitment::CommitmentMonth;
use crate::money::MoneyError;

/// The sections of a review.
pub(crate) struct Parts<'a> {
    /// Spend.
    pub(crate) spend: &'a SpendSection,
    /// Savings.
    pub(crate) savings: &'a SavingsSection,
    /// Anomalies and drops.
    pub(crate) found: &'a Findings,
    /// Anomalies of the previous month.
    pub(crate) earlier: &'a Findings,
    /// Data completeness of the last days.
    pub(crate) completeness: &'a [DayCompleteness],
    /// Data quality.
    pub(crate) quality: &'a QualitySection,
    /// Account names by account ID.
    pub(crate) account_names: &'a BTreeMap<String, String>,
}

/// Returns the review of the month.
///
/// # Errors
/// [`MoneyError`] if a sum is too large.
pub(crate) fn assemble(subject: &Subject<'_>, parts: &Parts<'_>) -> Result<Review, MoneyError> {
    let mut review = sections(subject, parts);
    review.trust = trust::checks(&review)?;
    review.story = story::story(&review)?;
    // The story ranks all cost drivers by another amount than the table.
    review.cost_drivers.truncate(subject.options.top);
    Ok(review)
}

/// Returns the sections of the review.
fn sections(subject: &Subject<'_>, parts: &Parts<'_>) -> Review {
    let Subject { options, header, .. } = *subject;
    let SpendSection {
        compared,
        projection,
        totals,
        exchange,
        invoices,
        groups,
        mut cost_drivers,
        driver_sum,
        bridge,
        untagged,
    } = parts.spend.clone();
    let anomalies = parts.earlier.anomalies.iter().chain(&parts.found.anomalies);
    events::name_anomalies(&mut cost_drivers, anomalies);
    let SavingsSection { opportunities, plan, risks, mut upcoming, skipped, .. } =
        parts.savings.clone();
    for cost in &mut upcoming {
        cost.name_opportunities(&opportunities);
    }
    let mut notes = parts.quality.notes.clone();
    notes.extend(
        parts.found.known.iter().map(|k| format!("no anomaly, because it is a known event: {k}")),
    );
    notes.extend(notes::of_anomalies(parts.found));
    notes.extend(notes::of_savings(subject, !opportunities.is_empty()));
    Review {
        header: header.clone(),
        story: Vec::new(),
        trust: Vec::new(),
        compared,
        projection,
        totals,
        exchange,
        invoices,
        groups,
        cost_drivers,
        driver_sum,
        bridge,
        untagged,
        completeness: parts.completeness.to_vec(),
        data_quality: parts.quality.data_quality.clone(),
        account_names: parts.account_names.clone(),
        anomaly_thresholds: options.anomalies.thresholds,
        anomalies: parts.found.anomalies.clone(),
        drops: parts.found.drops.clone(),
        commitments: commitments(subject),
        provider_recommendations: provider_recommendations(subject, parts.savings),
        decisions: decisions(subject, &opportunities),
        opportunities,
        plan,
        reliability_risks: risks,
        upcoming_costs: upcoming,
        skipped,
        notes,
    }
}

/// Returns the commitment utilization of the month and the previous one.
fn commitments(subject: &Subject<'_>) -> Vec<CommitmentMonth> {
    let months = [subject.header.month, subject.header.month.minus(1)];
    let all = subject.estate.commitments.iter();
    all.filter(|c| months.contains(&c.month)).cloned().collect()
}
