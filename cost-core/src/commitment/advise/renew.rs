//! Renewals: purchases for the usage of commitments that end.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;

use super::decide::{Scenarios, decide};
use super::future::Outlook;
use super::market::{Candidate, Groups, Market};
use super::purchases::{Item, items, with};
use super::types::Risk;
use crate::commitment::simulate::{Estate, Instrument, SimulationError, simulate};
use crate::commitment::{Payment, Term};

/// The input for decisions on renewals: candidates, scenarios, and conditions.
pub(super) struct Terms<'a> {
    pub(super) market: &'a Market<'a>,
    pub(super) candidates: &'a [Candidate],
    pub(super) groups: &'a Groups,
    pub(super) scenarios: &'a Scenarios,
    pub(super) risk: Risk,
    pub(super) term: Term,
    pub(super) payment: Payment,
    pub(super) account: &'a str,
}

/// The renewals on one day on which commitments end.
pub(super) struct Renewed {
    pub(super) on: NaiveDate,
    /// IDs of the commitments that end.
    pub(super) ended: Vec<String>,
    pub(super) items: Vec<Item>,
    /// Savings of the items over the hours of the estate, USD.
    pub(super) saved: Decimal,
}

/// Returns the lines that some commitments apply to.
fn covered_by(estate: &Estate, ids: &[String]) -> Vec<usize> {
    let covers = |line: usize| {
        let of = &estate.lines[line].attributes;
        let mut ended = estate.commitments.iter().filter(|c| ids.contains(&c.id));
        ended.any(|c| match &c.instrument {
            Instrument::SavingsPlan { kind, card, .. } => {
                kind.applies_to(of) && estate.cards[*card][line].is_some()
            }
            Instrument::Reservation { attributes, .. } => {
                (attributes.service, &attributes.region, &attributes.family)
                    == (of.service, &of.region, &of.family)
            }
        })
    };
    (0..estate.lines.len()).filter(|line| covers(*line)).collect()
}

/// Returns the purchases for each day within the term on which commitments end, in addition to
/// earlier purchases. `ends` are the end days of the estate's commitments, in their order.
pub(super) fn renewals(
    estate: &Estate,
    ends: &[Option<NaiveDate>],
    bought: &[Item],
    (as_of, terms): (NaiveDate, &Terms<'_>),
) -> Result<Vec<Renewed>, SimulationError> {
    let horizon = as_of.checked_add_months(Months::new(terms.term.months())).unwrap_or(as_of);
    let mut days: BTreeMap<NaiveDate, Vec<String>> = BTreeMap::new();
    for (commitment, end) in estate.commitments.iter().zip(ends) {
        if let Some(end) = end.filter(|end| *end < horizon) {
            days.entry(end).or_default().push(commitment.id.clone());
        }
    }
    let mut left = estate.clone();
    let mut all: Vec<Item> = bought.to_vec();
    let mut out = Vec::new();
    for (on, ended) in days {
        let lines = covered_by(&left, &ended);
        left.commitments.retain(|c| !ended.contains(&c.id));
        let then = with(&left, &all, terms.account);
        let outlook = Outlook { estate: &then, term: terms.term };
        let decision = decide(&outlook, terms.groups, terms.scenarios, terms.risk, false)?;
        let (mut more, _) = items(terms.market, terms.candidates, &decision, terms.payment);
        // Keep only purchases for the lines of the ended commitments. Others were decided before.
        more.retain(|i| lines.iter().any(|line| i.candidate.rates[*line].is_some()));
        all.extend(more.iter().cloned());
        let saved = simulate(&then)?.cost - simulate(&with(&left, &all, terms.account))?.cost;
        out.push(Renewed { on, ended, items: more, saved });
    }
    Ok(out)
}
