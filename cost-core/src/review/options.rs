//! What to review, and why it may fail.

use chrono::NaiveDate;

use crate::anomaly::Settings;
use crate::check;
use crate::focus::FocusError;
use crate::lifecycle::SavingsLedger;
use crate::money::MoneyError;
use crate::month::Month;
use crate::rollup::{Dimension, QueryError};

/// What to review.
#[derive(Clone, Debug)]
pub struct ReviewOptions {
    /// The month; `None` for the last that has ended by `as_of`, or the first there is.
    pub month: Option<Month>,
    /// The day to look from; `None` for the estate's own, or the day after the last charge.
    pub as_of: Option<NaiveDate>,
    /// Dimensions to group by.
    pub group_by: Vec<Dimension>,
    /// Rows of each group table and of the movers.
    pub top: usize,
    /// How to look for anomalies.
    pub settings: Settings,
    /// How to look for savings.
    pub savings: check::Settings,
    /// What was decided on what was found before.
    pub decisions: SavingsLedger,
}

impl Default for ReviewOptions {
    fn default() -> Self {
        let group_by = vec![Dimension::Service, Dimension::Account, Dimension::Region];
        Self {
            month: None,
            as_of: None,
            group_by,
            top: 10,
            settings: Settings::default(),
            savings: check::Settings::default(),
            decisions: SavingsLedger::default(),
        }
    }
}

/// Why a review cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReviewError {
    /// The month asked for has no charges.
    #[error("there are no charges in {month}; the bill covers {first} to {last}")]
    NoSuchMonth {
        /// Month asked for.
        month: Month,
        /// First day with a charge.
        first: NaiveDate,
        /// Last day with a charge.
        last: NaiveDate,
    },
    /// A dimension that was not rolled up.
    #[error("tag key {0} was not rolled up; name it when the bill is opened")]
    UnknownTag(String),
    /// No charges at all.
    #[error("the bill has no charges")]
    Empty,
    /// The roll-up could not be queried.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A sum does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The line items could not be read again.
    #[error(transparent)]
    Bill(#[from] FocusError),
    /// What each resource used could not be read.
    #[error(transparent)]
    Check(#[from] check::CheckError),
}
