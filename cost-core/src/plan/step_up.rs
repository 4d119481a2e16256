//! Step-up rule: of the changes of the same cost of a resource, the one with more effort or risk
//! counts only if it saves clearly more.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Limits;
use crate::opportunity::{Action, Opportunity};
use crate::tradeoff::Level;

/// Returns the levels above low, of effort and risk together: 0 to 4.
fn steps(o: &Opportunity) -> u32 {
    let above = |level: Level| match level {
        Level::Low => 0,
        Level::Medium => 1,
        Level::High => 2,
    };
    above(o.trade_off.effort) + above(o.trade_off.risk)
}

/// Returns whether two changes affect the same slice of cost, so that only one can be made.
fn are_alternatives(one: &Opportunity, other: &Opportunity) -> bool {
    one.claims.iter().any(|c| other.claims.iter().any(|d| c.key() == d.key()))
}

/// Returns why opportunities do not save enough for their effort or risk, by position in `order`.
/// Changes ([`Action::Modify`]) of the same slice of a resource's cost are alternatives: they are
/// compared with each other and with no change, which saves nothing. Changes of other slices do not
/// count: both can be made in one step. Changes without savings of their own are not compared. A
/// change must save [`Limits::step_up_pct`] percent and
/// [`Limits::step_up`] more than each change with less effort or risk. Changes with equal levels do
/// not exclude each other.
pub(super) fn refused(order: &[&Opportunity], limits: &Limits) -> BTreeMap<usize, String> {
    let mut by_subject: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, o) in
        order.iter().enumerate().filter(|(_, o)| o.action == Action::Modify && o.has_savings())
    {
        by_subject.entry((&o.scope.sub_account_id, &o.subject)).or_default().push(at);
    }
    let mut refused = BTreeMap::new();
    for mut options in by_subject.into_values() {
        options.sort_by_key(|at| (steps(order[*at]), *at));
        let mut taken: Vec<&Opportunity> = Vec::new();
        for at in options {
            let o = order[at];
            let saved = o.savings.expected.amount();
            let more = |less: Decimal| {
                let by_share = less * (Decimal::ONE + limits.step_up_pct / Decimal::ONE_HUNDRED);
                saved >= by_share.max(less + limits.step_up)
            };
            let milder = taken
                .iter()
                .filter(|t| steps(t) < steps(o) && are_alternatives(t, o))
                .max_by_key(|t| t.savings.expected.amount());
            let why = match milder {
                Some(milder) if saved <= milder.savings.expected.amount() => Some(format!(
                    "it needs more effort or risk than \"{}\" and saves no more: {} instead of {}",
                    milder.title, o.savings.expected, milder.savings.expected
                )),
                Some(milder) if !more(milder.savings.expected.amount()) => Some(format!(
                    "it needs more effort or risk than \"{}\" and saves {} instead of {}: the difference is too small",
                    milder.title, o.savings.expected, milder.savings.expected
                )),
                None if steps(o) > 0 && !more(Decimal::ZERO) => Some(format!(
                    "it saves {}, too little for {} effort and {} risk (the minimum is {})",
                    o.savings.expected,
                    o.trade_off.effort.as_str(),
                    o.trade_off.risk.as_str(),
                    limits.step_up.normalize()
                )),
                _ => None,
            };
            match why {
                Some(why) => drop(refused.insert(at, why)),
                None => taken.push(o),
            }
        }
    }
    refused
}
