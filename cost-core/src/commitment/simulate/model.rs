//! The input of the simulation: hourly usage, and the commitments that apply to it.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::number::{QUANTITY_PLACES, scaled};
use super::problem::EstateProblem;
use crate::cloud::{Attributes, PlanKind};

/// Usage of one kind in one account: a row of an [`Estate`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Account of the usage.
    pub account: String,
    /// What it is.
    pub attributes: Attributes,
    /// Availability Zone, if it is known.
    pub zone: Option<String>,
    /// On-demand price, USD per unit: what is paid without commitments.
    pub on_demand: Decimal,
    /// Units used in each hour: instance hours, vCPU hours, GB seconds, ….
    pub quantities: Quantities,
}

/// Hourly quantities with ten decimal places, as in AWS bills. An hour takes eight bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quantities(Vec<i64>);

impl Quantities {
    /// Builds quantities, one per hour.
    ///
    /// # Errors
    /// [`EstateProblem::Amount`] if one is negative, too large, or has more digits.
    pub fn try_new(hours: impl IntoIterator<Item = Decimal>) -> Result<Self, EstateProblem> {
        let one = |(hour, of)| scaled(&format!("the quantity of hour {hour}"), of, QUANTITY_PLACES);
        hours.into_iter().enumerate().map(one).collect::<Result<_, _>>().map(Self)
    }

    /// Returns the number of hours.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no hours.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the quantity of an hour, or zero if there is no such hour.
    #[must_use]
    pub fn of(&self, hour: usize) -> Decimal {
        Decimal::new(self.0.get(hour).copied().unwrap_or(0), QUANTITY_PLACES).normalize()
    }

    /// Adds the cost of each hour, at a price per unit, to hourly sums. The result is a statistic,
    /// not exact.
    pub(in crate::commitment) fn add_usd(&self, unit_price: Decimal, sums: &mut [f64]) {
        let price = unit_price.to_f64().unwrap_or(0.0) * 1e-10;
        for (sum, quantity) in sums.iter_mut().zip(&self.0) {
            *sum += quantity.to_f64().unwrap_or(0.0) * price;
        }
    }

    /// Returns the cost of all hours, at a price per unit, USD. The result is a statistic, not exact.
    pub(in crate::commitment) fn usd(&self, unit_price: Decimal) -> f64 {
        let mut sum = 0.0;
        let price = unit_price.to_f64().unwrap_or(0.0) * 1e-10;
        for quantity in &self.0 {
            sum += quantity.to_f64().unwrap_or(0.0) * price;
        }
        sum
    }

    /// Builds quantities from units of 10⁻¹⁰. None may be negative.
    pub(in crate::commitment) fn from_scaled(hours: Vec<i64>) -> Self {
        Self(hours)
    }

    /// Returns the quantities in units of 10⁻¹⁰.
    pub(in crate::commitment) fn scaled(&self) -> &[i64] {
        &self.0
    }
}

/// A rate card of Savings Plans: USD per unit of each line of the usage, `None` where the plan does
/// not apply or has no rate.
pub type RateCard = Vec<Option<Decimal>>;

/// What a commitment consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instrument {
    /// A reservation.
    Reservation {
        /// Attributes of the reserved usage.
        attributes: Attributes,
        /// The zone of a zonal reservation; `None` for a regional one.
        zone: Option<String>,
        /// Number of reservations. For `DynamoDB`, number of capacity units.
        count: u32,
        /// Amortized cost of each, USD per hour of the term.
        usd_per_hour: Decimal,
    },
    /// A Savings Plan.
    SavingsPlan {
        /// Kind of plan, which determines the usage it applies to.
        kind: PlanKind,
        /// The commitment, USD per hour at the rates of the card.
        usd_per_hour: Decimal,
        /// Index of its rate card.
        card: usize,
    },
}

/// An owned commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// ID. If several commitments could apply equally, the first in order of the ID applies.
    pub id: String,
    /// Account that owns it.
    pub account: String,
    /// What it consists of.
    pub instrument: Instrument,
    /// Hours of the usage in which it is in force, half-open.
    pub hours: std::ops::Range<usize>,
}

/// Input of the simulation.
#[derive(Clone, Debug, Default)]
pub struct Estate {
    /// Usage. All lines have the same number of hours.
    pub lines: Vec<Line>,
    /// Rate cards.
    pub cards: Vec<RateCard>,
    /// Commitments.
    pub commitments: Vec<Commitment>,
    /// Accounts that do not share commitments: their commitments apply only to them, and
    /// commitments of other accounts do not apply to them.
    pub not_sharing: Vec<String>,
}
