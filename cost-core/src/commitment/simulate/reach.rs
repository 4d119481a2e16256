//! The usage that a commitment can cover, whatever its account and other commitments.

use rust_decimal::prelude::ToPrimitive;

use super::model::{Estate, Instrument};
use super::order::{applies, capacity};
use super::problem::EstateProblem;
use crate::cloud::aws::units::{QUARTERS, is_flexible, quarters};

/// The capacity of a commitment, and the usage that it can cover. It is a statistic.
pub(in crate::commitment) struct Reach {
    /// Capacity per hour: USD of a plan, quarters of a normalized unit of reservations.
    pub(in crate::commitment) capacity: f64,
    /// Lines, and the capacity that one unit of each needs.
    pub(in crate::commitment) needs: Vec<(usize, f64)>,
}

/// Returns what a commitment of an estate can cover, in any account and zone.
///
/// # Errors
/// [`EstateProblem::Size`].
pub(in crate::commitment) fn reach(estate: &Estate, at: usize) -> Result<Reach, EstateProblem> {
    let mut needs = Vec::new();
    let capacity = match &estate.commitments[at].instrument {
        Instrument::Reservation { attributes, zone, count, .. } => {
            let flexible = zone.is_none() && is_flexible(attributes);
            for (line, of) in estate.lines.iter().enumerate() {
                if applies(attributes, &of.attributes, flexible) {
                    let of = &of.attributes;
                    let units = if flexible { quarters(of) } else { Some(QUARTERS) };
                    let units = units.ok_or_else(|| EstateProblem::Size {
                        family: of.family.clone(),
                        size: of.size.clone(),
                    })?;
                    needs.push((line, units.to_f64().unwrap_or(0.0)));
                }
            }
            capacity(attributes, zone.is_none(), *count).to_f64()
        }
        Instrument::SavingsPlan { kind, usd_per_hour, card } => {
            let rates = estate.cards.get(*card).map_or(&[][..], Vec::as_slice);
            for (line, (of, rate)) in estate.lines.iter().zip(rates).enumerate() {
                let rate = rate.filter(|r| *r <= of.on_demand);
                if let Some(rate) = rate.filter(|_| kind.applies_to(&of.attributes)) {
                    needs.push((line, rate.to_f64().unwrap_or(0.0)));
                }
            }
            usd_per_hour.to_f64()
        }
    };
    Ok(Reach { capacity: capacity.unwrap_or(0.0), needs })
}
