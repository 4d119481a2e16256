//! The order in which commitments apply to lines. It is determined once and is the same in every
//! hour.
//!
//! Sources, read 2026-11: Amazon EC2 User Guide, "How Reserved Instance discounts are applied"
//! (zonal ones, of other accounts too, before regional ones; smallest size first; own account
//! first); AWS Savings Plans User Guide, "How Savings Plans apply to your AWS usage" (after
//! reservations; EC2 Instance before Compute; own account first; highest savings percentage, then
//! lowest rate). Decisions on points that they leave open are in docs/commitments.md.

use std::cmp::Ordering;

use super::model::{Commitment, Estate, Instrument, Line};
use super::number::{RATE_PLACES, scaled};
use super::problem::EstateProblem;
use crate::cloud::aws::units::{QUARTERS, is_flexible, quarters};
use crate::cloud::{Attributes, PlanKind};

/// A line that a reservation applies to, and its size in quarters of a normalized unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Match {
    pub(super) line: usize,
    pub(super) quarters: i64,
}

/// A reservation applied to the usage of its own account or of other accounts, in order.
#[derive(Clone, Debug)]
pub(super) struct Reserved {
    pub(super) commitment: usize,
    pub(super) matches: Vec<Match>,
}

/// A Savings Plan applied to a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planned {
    pub(super) commitment: usize,
    pub(super) line: usize,
    /// USD per unit, in 10⁻¹².
    pub(super) rate: i64,
}

/// All commitments in order. A reservation shared by accounts occurs once per account scope.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    /// Zonal reservations for the own account and for others, then regional ones for the own
    /// account and for others.
    pub(super) reservations: Vec<Reserved>,
    /// Groups of Savings Plans, in the order in which they apply.
    pub(super) plans: Vec<Vec<Planned>>,
}

/// Returns the order, for on-demand prices of the lines in 10⁻¹² USD.
pub(super) fn order(estate: &Estate, on_demand: &[i64]) -> Result<Order, EstateProblem> {
    let mut by_id: Vec<usize> = (0..estate.commitments.len()).collect();
    by_id.sort_by(|a, b| estate.commitments[*a].id.cmp(&estate.commitments[*b].id).then(a.cmp(b)));
    let mut out = Order::default();
    for zonal in [true, false] {
        for own in [true, false] {
            for at in &by_id {
                out.reservations.extend(reserved(estate, *at, zonal, own)?);
            }
        }
    }
    let kinds: [fn(&PlanKind) -> bool; 4] = [
        |k| matches!(k, PlanKind::Ec2Instance { .. }),
        |k| matches!(k, PlanKind::Compute),
        |k| matches!(k, PlanKind::SageMaker),
        |k| matches!(k, PlanKind::Database),
    ];
    for is_of in kinds {
        for own in [true, false] {
            let group = planned(estate, on_demand, &by_id, (is_of, own))?;
            if !group.is_empty() {
                out.plans.push(group);
            }
        }
    }
    Ok(out)
}

/// Returns whether a commitment can apply to a line, in the pass over its own account or over other
/// accounts.
fn reaches(estate: &Estate, commitment: &Commitment, line: &Line, own: bool) -> bool {
    let alone = |account: &String| estate.not_sharing.contains(account);
    if own {
        commitment.account == line.account
    } else {
        commitment.account != line.account && !alone(&commitment.account) && !alone(&line.account)
    }
}

fn reserved(
    estate: &Estate,
    at: usize,
    zonal: bool,
    own: bool,
) -> Result<Option<Reserved>, EstateProblem> {
    let commitment = &estate.commitments[at];
    let Instrument::Reservation { attributes, zone, .. } = &commitment.instrument else {
        return Ok(None);
    };
    if zone.is_some() != zonal {
        return Ok(None);
    }
    let flexible = !zonal && is_flexible(attributes);
    let units = |of: &Attributes| {
        if !flexible {
            return Ok(QUARTERS);
        }
        quarters(of)
            .ok_or_else(|| EstateProblem::Size { family: of.family.clone(), size: of.size.clone() })
    };
    let mut matches = Vec::new();
    for (line, of) in estate.lines.iter().enumerate() {
        let in_zone = zone.is_none() || of.zone == *zone;
        if in_zone
            && applies(attributes, &of.attributes, flexible)
            && reaches(estate, commitment, of, own)
        {
            matches.push(Match { line, quarters: units(&of.attributes)? });
        }
    }
    matches.sort_by_key(|m| (m.quarters, m.line));
    units(attributes)?;
    Ok((!matches.is_empty()).then_some(Reserved { commitment: at, matches }))
}

/// Returns the quarters of a unit that reservations cover per hour: by their size if they are
/// size-flexible, else one unit each.
pub(super) fn capacity(of: &Attributes, regional: bool, count: u32) -> i128 {
    let each =
        if regional && is_flexible(of) { quarters(of).unwrap_or(QUARTERS) } else { QUARTERS };
    i128::from(count) * i128::from(each)
}

/// Returns whether a reservation applies to usage, regardless of account and zone.
pub(super) fn applies(reserved: &Attributes, used: &Attributes, flexible: bool) -> bool {
    let same = reserved.service == used.service
        && reserved.region == used.region
        && reserved.family == used.family
        && reserved.platform == used.platform
        && reserved.dedicated == used.dedicated;
    same && (flexible || (reserved.size == used.size && reserved.multi_az == used.multi_az))
}

fn planned(
    estate: &Estate,
    on_demand: &[i64],
    by_id: &[usize],
    (is_of, own): (fn(&PlanKind) -> bool, bool),
) -> Result<Vec<Planned>, EstateProblem> {
    let mut group = Vec::new();
    for at in by_id {
        let commitment = &estate.commitments[*at];
        let Instrument::SavingsPlan { kind, card, .. } = &commitment.instrument else { continue };
        if !is_of(kind) {
            continue;
        }
        let rates = estate.cards.get(*card).filter(|c| c.len() == estate.lines.len());
        let rates = rates.ok_or_else(|| EstateProblem::Card {
            commitment: commitment.id.clone(),
            card: *card,
        })?;
        for (line, (of, rate)) in estate.lines.iter().zip(rates).enumerate() {
            // Usage with the same price in the plan is also covered, last of all. Usage that would
            // be more expensive is not.
            let Some(rate) = rate.filter(|r| *r <= of.on_demand) else { continue };
            if kind.applies_to(&of.attributes) && reaches(estate, commitment, of, own) {
                let rate =
                    scaled(&format!("the rate of line {line} on card {card}"), rate, RATE_PLACES)?;
                group.push(Planned { commitment: *at, line, rate });
            }
        }
    }
    group.sort_by(|a, b| by_saving(*a, on_demand[a.line], *b, on_demand[b.line]));
    Ok(group)
}

/// Sorts by the highest savings percentage, then by the lowest rate. Equal entries keep their
/// order.
fn by_saving(a: Planned, a_price: i64, b: Planned, b_price: i64) -> Ordering {
    // Compares rate ÷ price without dividing. The sort is stable.
    let of = |p: Planned, other: i64| i128::from(p.rate) * i128::from(other);
    of(a, b_price).cmp(&of(b, a_price)).then(a.rate.cmp(&b.rate)).then(a.line.cmp(&b.line))
}
