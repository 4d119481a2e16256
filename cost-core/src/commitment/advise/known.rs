//! What advice stands on, and why there may be none.

use chrono::NaiveDate;

use super::remaining::Remaining;
use crate::commitment::hours::HourlyUsage;
use crate::commitment::simulate::SimulationError;
use crate::commitment::{Charge, Offers};
use crate::inventory::Inventory;
use crate::money::{Currency, MoneyError};
use crate::price::PriceBook;

/// What is known.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// List prices.
    pub prices: &'a PriceBook,
    /// Rates of commitments on offer.
    pub offers: &'a Offers,
    /// The inventory; `None` if the estate has none.
    pub inventory: Option<&'a Inventory>,
    /// The usage, with lines of their own for the resources that the plan changes.
    pub usage: &'a HourlyUsage,
    /// Usage of the whole bill, to replay policies on, if that is asked for.
    pub history: Option<&'a HourlyUsage>,
    /// What the joint plan leaves.
    pub remaining: &'a Remaining,
    /// Charges by month, for the trend.
    pub charges: &'a [Charge],
    /// First day of the bill.
    pub first_day: NaiveDate,
    /// The day looked from.
    pub as_of: NaiveDate,
    /// Currency of the bill.
    pub currency: Currency,
}

/// Why nothing can be said on what to buy.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdviseError {
    /// Something is missing; it is told, and the rest goes on.
    #[error("{0}")]
    Missing(String),
    /// A simulation that does not work out.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    /// A sum that does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
