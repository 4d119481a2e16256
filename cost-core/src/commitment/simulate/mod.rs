//! Simulation of commitments, hour by hour, as AWS applies them. Rules and their sources:
//! docs/commitments.md.
//!
//! In: an [`Estate`]: hourly usage, on-demand prices, rate cards, commitments. Out: a
//! [`Simulation`]: covered usage by commitment, usage left on demand, unused commitments, and the
//! total cost.
//!
//! The simulation is exact: quantities have ten decimal places, rates twelve, and their products
//! are not rounded until the end. The result does not depend on the number of threads.
//!
//! ```
//! use cost_core::commitment::simulate::{
//!     Attributes, Commitment, Estate, Instrument, Line, Quantities, Service, simulate,
//! };
//! use cost_core::prelude::*;
//!
//! let m5_large = Attributes::new(Service::Ec2, "us-east-1", "m5", "large", "Linux");
//! // Two instances in the first hour, one in the second; one is reserved for both hours.
//! let estate = Estate {
//!     lines: vec![Line {
//!         account: "111111111111".to_owned(),
//!         attributes: m5_large.clone(),
//!         zone: None,
//!         on_demand: "0.096".parse()?,
//!         quantities: Quantities::try_new([Decimal::TWO, Decimal::ONE])?,
//!     }],
//!     commitments: vec![Commitment {
//!         id: "reservation".to_owned(),
//!         account: "111111111111".to_owned(),
//!         instrument: Instrument::Reservation {
//!             attributes: m5_large,
//!             zone: None,
//!             count: 1,
//!             usd_per_hour: "0.06".parse()?,
//!         },
//!         hours: 0..2,
//!     }],
//!     ..Estate::default()
//! };
//! let simulated = simulate(&estate)?;
//! assert_eq!(simulated.lines[0].reserved, Decimal::TWO);
//! assert_eq!(simulated.lines[0].on_demand, Decimal::ONE);
//! // 2 × 0.06 reserved, 1 × 0.096 on demand; without the reservation 3 × 0.096.
//! assert_eq!(simulated.cost, Decimal::new(216, 3));
//! assert_eq!(simulated.on_demand_equivalent, Decimal::new(288, 3));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod hour;
mod model;
mod number;
mod order;
mod problem;
mod reach;
mod sums;

pub use crate::cloud::{Attributes, PlanKind, Service};
pub use model::{Commitment, Estate, Instrument, Line, Quantities, RateCard};
pub use problem::EstateProblem;
pub(super) use reach::reach;

use rayon::prelude::*;
use rust_decimal::Decimal;

use self::hour::{Hour, Scene};
use self::number::{COST_PER_MONEY, QUANTITY_PLACES, RATE_PLACES, quantity, scaled, usd};
use self::order::order;
use self::sums::{Numbers, Sums};
use crate::cloud::aws::units::{is_flexible, quarters};
use crate::money::MoneyError;

/// Hours that one thread simulates at a time.
const CHUNK: usize = 256;

/// Error of the simulation.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SimulationError {
    /// The estate is not valid.
    #[error(transparent)]
    Estate(#[from] EstateProblem),
    /// A sum is too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Result for one line of usage, over all hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineOutcome {
    /// Units that reservations covered.
    pub reserved: Decimal,
    /// Units that Savings Plans covered.
    pub planned: Decimal,
    /// Units left on demand.
    pub on_demand: Decimal,
    /// On-demand cost of the units left, USD.
    pub on_demand_cost: Decimal,
}

/// Result for one commitment, over all hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitmentOutcome {
    /// Cost in its hours, used or unused, USD.
    pub cost: Decimal,
    /// Unused part of the cost, USD.
    pub unused: Decimal,
    /// What the covered usage would have cost on demand, USD.
    pub on_demand_equivalent: Decimal,
}

/// Result of a simulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// Results by line, in the estate's order.
    pub lines: Vec<LineOutcome>,
    /// Results by commitment, in the estate's order.
    pub commitments: Vec<CommitmentOutcome>,
    /// Cost of all usage on demand, USD.
    pub on_demand_equivalent: Decimal,
    /// Total cost: usage left on demand and all commitments, USD.
    pub cost: Decimal,
}

/// A part of an hour's usage of a line that a commitment covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// Hour, from 0.
    pub hour: usize,
    /// Index of the commitment in the estate.
    pub commitment: usize,
    /// Index of the line.
    pub line: usize,
    /// Units.
    pub quantity: Decimal,
}

/// Simulates all hours: applies the commitments to the usage.
///
/// # Errors
/// [`SimulationError`].
pub fn simulate(estate: &Estate) -> Result<Simulation, SimulationError> {
    let numbers = Numbers::of(estate)?;
    let parts = numbers.chunks(estate, |_| ());
    let sums = parts.into_iter().map(|(sums, _)| sums);
    let nothing = Sums::new(estate.lines.len(), estate.commitments.len());
    numbers.simulation(estate, &sums.fold(nothing, |a, b| a.add(&b)))
}

/// Returns which commitment covered which usage in one hour, in the order of application.
///
/// # Errors
/// [`SimulationError`].
pub fn covered(estate: &Estate, hour: usize) -> Result<Vec<Covered>, SimulationError> {
    let numbers = Numbers::of(estate)?;
    let (lines, commitments) = (estate.lines.len(), estate.commitments.len());
    let mut all = Vec::new();
    if hour < numbers.hours {
        let mut sums = Sums::new(lines, commitments);
        for used in by_hour(estate, hour..hour + 1) {
            let scene = Scene { estate, numbers: &numbers, hour };
            Hour::new(lines, commitments).apply(scene, &used, &mut sums, &mut |c| all.push(c));
        }
    }
    all.into_iter()
        .map(|(commitment, line, units)| {
            Ok(Covered { hour, commitment, line, quantity: quantity(i128::from(units))? })
        })
        .collect()
}

/// Returns the usage of each line that no commitment covers, by hour.
///
/// # Errors
/// [`SimulationError`].
pub(crate) fn left_on_demand(estate: &Estate) -> Result<Vec<Quantities>, SimulationError> {
    let parts = Numbers::of(estate)?.chunks(estate, |hour| hour.left().to_vec());
    let hours = || parts.iter().flat_map(|(_, hours)| hours);
    Ok((0..estate.lines.len())
        .map(|line| Quantities::from_scaled(hours().map(|h| h[line]).collect()))
        .collect())
}

/// Returns whether the size of a usage is known. Size-flexible reservations need its normalization
/// factor.
pub(super) fn has_known_size(of: &Attributes) -> bool {
    !is_flexible(of) || quarters(of).is_some()
}

/// Returns the usage of the lines in each of some hours.
fn by_hour(estate: &Estate, hours: std::ops::Range<usize>) -> Vec<Vec<i64>> {
    let mut used = vec![vec![0; estate.lines.len()]; hours.len()];
    for (line, of) in estate.lines.iter().enumerate() {
        let of_line = of.quantities.scaled().get(hours.clone()).unwrap_or_default();
        used.iter_mut().zip(of_line).for_each(|(hour, quantity)| hour[line] = *quantity);
    }
    used
}

impl Numbers {
    fn of(estate: &Estate) -> Result<Self, SimulationError> {
        let hours = estate.lines.first().map_or(0, |l| l.quantities.len());
        let mut on_demand = Vec::with_capacity(estate.lines.len());
        for (at, line) in estate.lines.iter().enumerate() {
            if line.quantities.len() != hours {
                return Err(EstateProblem::Hours {
                    line: at,
                    found: line.quantities.len(),
                    expected: hours,
                }
                .into());
            }
            on_demand.push(scaled(
                &format!("the on-demand price of line {at}"),
                line.on_demand,
                RATE_PLACES,
            )?);
        }
        let hourly = |c: &Commitment| {
            let (count, usd) = match &c.instrument {
                Instrument::Reservation { count, usd_per_hour, .. } => {
                    (Decimal::from(*count), *usd_per_hour)
                }
                Instrument::SavingsPlan { usd_per_hour, .. } => (Decimal::ONE, *usd_per_hour),
            };
            scaled(&format!("the hourly cost of {}", c.id), count * usd, RATE_PLACES)
        };
        let hourly = estate.commitments.iter().map(hourly).collect::<Result<_, _>>()?;
        // No sum of the simulation exceeds all units at the highest price. If that sum fits, all
        // sums fit.
        let units: i128 =
            estate.lines.iter().flat_map(|l| l.quantities.scaled()).map(|q| i128::from(*q)).sum();
        let highest = on_demand.iter().copied().max().unwrap_or(0);
        units
            .checked_mul(i128::from(highest))
            .filter(|most| *most < i128::MAX / 4)
            .ok_or(MoneyError::Overflow)?;
        let one = 10_i128.pow(QUANTITY_PLACES);
        let capacity = |c: &Commitment| match &c.instrument {
            Instrument::Reservation { attributes, zone, count, .. } => {
                order::capacity(attributes, zone.is_none(), *count) * one
            }
            Instrument::SavingsPlan { .. } => 0,
        };
        let capacities = estate.commitments.iter().map(capacity).collect();
        let order = order(estate, &on_demand)?;
        Ok(Self { hours, on_demand, hourly, capacities, order })
    }

    /// Simulates all hours, one chunk per thread. Returns the sums of each chunk and the requested
    /// result of each hour, in order.
    fn chunks<T: Send>(
        &self,
        estate: &Estate,
        of_hour: impl Fn(&Hour) -> T + Sync,
    ) -> Vec<(Sums, Vec<T>)> {
        let (lines, commitments) = (estate.lines.len(), estate.commitments.len());
        let starts: Vec<usize> = (0..self.hours).step_by(CHUNK).collect();
        let part = |start: &usize| {
            let mut sums = Sums::new(lines, commitments);
            let mut hour = Hour::new(lines, commitments);
            let hours = *start..(start + CHUNK).min(self.hours);
            let mut wanted = Vec::with_capacity(hours.len());
            for (at, used) in hours.clone().zip(by_hour(estate, hours)) {
                hour.apply(
                    Scene { estate, numbers: self, hour: at },
                    &used,
                    &mut sums,
                    &mut |_| {},
                );
                wanted.push(of_hour(&hour));
            }
            (sums, wanted)
        };
        starts.par_iter().map(part).collect()
    }

    fn simulation(&self, estate: &Estate, sums: &Sums) -> Result<Simulation, SimulationError> {
        let (mut total, mut cost) = (0_i128, 0_i128);
        let mut lines = Vec::with_capacity(estate.lines.len());
        for (at, price) in self.on_demand.iter().enumerate() {
            let price = i128::from(*price);
            let all = sums.reserved[at] + sums.planned[at] + sums.left[at];
            total += all * price;
            cost += sums.left[at] * price;
            lines.push(LineOutcome {
                reserved: quantity(sums.reserved[at])?,
                planned: quantity(sums.planned[at])?,
                on_demand: quantity(sums.left[at])?,
                on_demand_cost: usd(sums.left[at] * price)?,
            });
        }
        let mut commitments = Vec::with_capacity(estate.commitments.len());
        for (at, c) in estate.commitments.iter().enumerate() {
            let hours = c.hours.end.min(self.hours).saturating_sub(c.hours.start);
            let hours = i128::try_from(hours).map_err(|_| MoneyError::Overflow)?;
            let paid = hours * i128::from(self.hourly[at]) * COST_PER_MONEY;
            cost += paid;
            commitments.push(CommitmentOutcome {
                cost: usd(paid)?,
                unused: usd(sums.unused[at])?,
                on_demand_equivalent: usd(sums.on_demand_equivalent[at])?,
            });
        }
        Ok(Simulation { lines, commitments, on_demand_equivalent: usd(total)?, cost: usd(cost)? })
    }
}

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
