//! The input of the purchase advisor, and its errors.

use chrono::NaiveDate;

use super::remaining::Remaining;
use crate::commitment::hours::HourlyUsage;
use crate::commitment::simulate::SimulationError;
use crate::commitment::{Charge, Offers};
use crate::inventory::Inventory;
use crate::money::{Currency, MoneyError};
use crate::price::PriceBook;

/// Input of the purchase advisor.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// List prices.
    pub prices: &'a PriceBook,
    /// Offered commitments and their rates.
    pub offers: &'a Offers,
    /// The inventory. `None` if the estate has none.
    pub inventory: Option<&'a Inventory>,
    /// Hourly usage. Resources that the plan changes have lines of their own.
    pub usage: &'a HourlyUsage,
    /// Hourly usage of the complete bill for the backtest, if requested.
    pub history: Option<&'a HourlyUsage>,
    /// The usage that the plan leaves.
    pub remaining: &'a Remaining,
    /// The account that pays the bill, if there is exactly one. It could buy, and it usually has no
    /// usage of its own.
    pub payer: Option<&'a str>,
    /// Charges by month, for the trend.
    pub charges: &'a [Charge],
    /// First day of the bill.
    pub first_day: NaiveDate,
    /// Report date.
    pub as_of: NaiveDate,
    /// Currency of the bill.
    pub currency: Currency,
}

/// Reason why the purchase advisor has no recommendation.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdviseError {
    /// Data is missing. The report shows the reason, and its other parts are complete.
    #[error("{0}")]
    Missing(String),
    /// The simulation failed.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    /// A sum is too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
