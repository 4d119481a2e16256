//! What is simulated: usage by the hour, and the commitments that apply to it.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::number::{QUANTITY_PLACES, scaled};
use super::problem::EstateProblem;
use crate::cloud::{Attributes, PlanKind};

/// Usage of one kind in one account: a row of an [`Estate`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Account that uses it.
    pub account: String,
    /// What it is.
    pub attributes: Attributes,
    /// Availability zone, where it is known.
    pub zone: Option<String>,
    /// Price on demand, USD per unit: what would be paid without commitments.
    pub on_demand: Decimal,
    /// Units used in each hour: instance hours, vCPU hours, GB seconds, ….
    pub quantities: Quantities,
}

/// What was used, hour by hour: exact to ten decimal places, those that AWS bills have, in eight
/// bytes an hour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quantities(Vec<i64>);

impl Quantities {
    /// Of so many hours.
    ///
    /// # Errors
    /// [`EstateProblem::Amount`] if one is negative, too large, or has more digits.
    pub fn try_new(hours: impl IntoIterator<Item = Decimal>) -> Result<Self, EstateProblem> {
        let one = |(hour, of)| scaled(&format!("the quantity of hour {hour}"), of, QUANTITY_PLACES);
        hours.into_iter().enumerate().map(one).collect::<Result<_, _>>().map(Self)
    }

    /// How many hours.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was used in an hour; nothing if there is no such hour.
    #[must_use]
    pub fn of(&self, hour: usize) -> Decimal {
        Decimal::new(self.0.get(hour).copied().unwrap_or(0), QUANTITY_PLACES).normalize()
    }

    /// Adds what was used in each hour, at a price of a unit, to sums by the hour: statistics.
    pub(in crate::commitment) fn add_usd(&self, unit_price: Decimal, sums: &mut [f64]) {
        let price = unit_price.to_f64().unwrap_or(0.0) * 1e-10;
        for (sum, quantity) in sums.iter_mut().zip(&self.0) {
            *sum += quantity.to_f64().unwrap_or(0.0) * price;
        }
    }

    /// In units of the last place, 10⁻¹⁰, none less than nothing.
    pub(in crate::commitment) fn from_scaled(hours: Vec<i64>) -> Self {
        Self(hours)
    }

    /// In units of the last place.
    pub(in crate::commitment) fn scaled(&self) -> &[i64] {
        &self.0
    }
}

/// A rate card of Savings Plans: USD per unit of each line of the usage, `None` where the plan does
/// not apply or has no rate.
pub type RateCard = Vec<Option<Decimal>>;

/// What is committed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instrument {
    /// A reservation.
    Reservation {
        /// What is reserved.
        attributes: Attributes,
        /// The zone of a zonal reservation; `None` for a regional one.
        zone: Option<String>,
        /// How many; of `DynamoDB` capacity units.
        count: u32,
        /// What each costs in an hour of the term, amortized, USD.
        usd_per_hour: Decimal,
    },
    /// A Savings Plan.
    SavingsPlan {
        /// Which usage it applies to.
        kind: PlanKind,
        /// The commitment, USD per hour at the rates of the card.
        usd_per_hour: Decimal,
        /// Which rate card.
        card: usize,
    },
}

/// A commitment that is owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// Identifier: of several that could apply alike, the first in order does.
    pub id: String,
    /// Account that owns it.
    pub account: String,
    /// What it is.
    pub instrument: Instrument,
    /// Hours of the usage in which it is in force, half-open.
    pub hours: std::ops::Range<usize>,
}

/// All that is simulated.
#[derive(Clone, Debug, Default)]
pub struct Estate {
    /// Usage; all lines have as many hours.
    pub lines: Vec<Line>,
    /// Rate cards.
    pub cards: Vec<RateCard>,
    /// Commitments.
    pub commitments: Vec<Commitment>,
    /// Accounts that share no commitments: theirs apply to them alone, and none of others to them.
    pub not_sharing: Vec<String>,
}
