//! The choice of a purchase: the payment option, the best amounts, and the part within the upfront
//! limit.

use rust_decimal::prelude::ToPrimitive;

use super::decide::{Decision, Scenarios, decide};
use super::future::Outlook;
use super::known::AdviseError;
use super::market::{Candidate, Groups, Market, Sources, group};
use super::purchases::{Item, items, upfront_within, within};
use super::renew::Terms;
use super::types::BuyOptions;
use crate::commitment::{Payment, Term};

/// The chosen purchase, and its candidates.
pub(super) struct Choice {
    pub(super) payment: Payment,
    pub(super) candidates: Vec<Candidate>,
    groups: Groups,
    /// The decision on amounts.
    pub(super) decision: Decision,
    /// The purchase without an upfront limit.
    pub(super) wanted: Vec<Item>,
    pub(super) bought: Vec<Item>,
    /// All instruments that the purchase could consist of.
    pub(super) offered: Vec<Candidate>,
}

impl Choice {
    /// Returns the best purchase within the upfront limit.
    pub(super) fn of(
        market: &Market<'_>,
        outlook: &Outlook<'_>,
        scenarios: &Scenarios,
        options: &BuyOptions,
    ) -> Result<Self, AdviseError> {
        let (payment, candidates) = offered(market, options)?;
        let groups = group(market.known, &candidates);
        let decision = decide(outlook, &groups, scenarios, options.risk, true)?;
        let (decision, wanted, bought) = bought(market, (&candidates, payment), decision, options);
        let mut offered = candidates.clone();
        if pays_upfront_within(options, payment) {
            offered.extend(market.candidates(options.term, Payment::AllUpfront));
        }
        Ok(Self { payment, candidates, groups, decision, wanted, bought, offered })
    }

    /// Without an upfront limit, what is wanted is what is bought, by the same accounts.
    pub(super) fn same_accounts(&mut self, options: &BuyOptions) {
        if options.max_upfront.is_none() {
            self.wanted.clone_from(&self.bought);
        }
    }

    /// Returns the terms for renewals.
    pub(super) fn terms<'a>(
        &'a self,
        market: &'a Market<'a>,
        scenarios: &'a Scenarios,
        options: &BuyOptions,
        account: &'a str,
    ) -> Terms<'a> {
        Terms {
            market,
            candidates: &self.candidates,
            groups: &self.groups,
            scenarios,
            risk: options.risk,
            term: options.term,
            payment: self.payment,
            account,
        }
    }
}

/// Returns the candidates and the payment option: the requested one, or the one with the lowest
/// upfront payment that is offered.
fn offered(
    market: &Market<'_>,
    options: &BuyOptions,
) -> Result<(Payment, Vec<Candidate>), AdviseError> {
    let payments = options.payment.map_or(Payment::ALL.to_vec(), |p| vec![p]);
    let offered = payments
        .iter()
        .map(|p| (*p, market.candidates(options.term, *p)))
        .find(|(_, c)| !c.is_empty());
    offered.ok_or_else(|| AdviseError::Missing(missing(options.term, payments[0], market.sources)))
}

/// Returns the reason why there are no offers.
fn missing(term: Term, payment: Payment, sources: Sources<'_>) -> String {
    let asked = if payment == Payment::NoUpfront {
        term.to_string()
    } else {
        format!("{term} {}", payment.as_str())
    };
    if sources.offers.is_empty() {
        return format!(
            "rates of commitments of {asked} are unknown: the estate has no offers (run `cost pull aws` to collect them), and the list that comes \
             with the program only has reserved Linux instances in us-east-1 (1y All Upfront)"
        );
    }
    format!("no commitments of {asked} are offered for the usage in the bill")
}

/// Returns whether as much is paid upfront as a limit allows.
fn pays_upfront_within(options: &BuyOptions, payment: Payment) -> bool {
    options.max_upfront.is_some() && options.payment.is_none() && payment == Payment::NoUpfront
}

/// Returns the items of a decision, and the items within the upfront limit. With a limit, the
/// returned decision is for the latter.
fn bought(
    market: &Market<'_>,
    (candidates, payment): (&[Candidate], Payment),
    mut decision: Decision,
    options: &BuyOptions,
) -> (Decision, Vec<Item>, Vec<Item>) {
    let (all, budgets) = items(market, candidates, &decision, payment);
    decision.budgets = budgets;
    let Some(limit) = options.max_upfront else { return (decision, all.clone(), all) };
    let limit = (options.term, limit);
    if pays_upfront_within(options, payment) {
        let upfront = market.candidates(options.term, Payment::AllUpfront);
        let paid = upfront_within(market, &all, &upfront, limit);
        return (decision, all, paid);
    }
    let less = within(market, &all, &decision, limit);
    decision.budgets = vec![0.0; candidates.len()];
    for i in &less {
        decision.budgets[i.layer] = i.usd_per_hour.to_f64().unwrap_or(0.0);
    }
    (decision, all, less)
}
