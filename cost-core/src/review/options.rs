//! What to review, and why it may fail.

use chrono::NaiveDate;

use crate::anomaly::Settings;
use crate::check;
use crate::focus::FocusError;
use crate::lifecycle::SavingsLedger;
use crate::money::MoneyError;
use crate::month::Month;
use crate::rollup::{Dimension, QueryError};

/// What to look at, and how. Fields may be added: build it with `..ReviewOptions::default()`.
///
/// ```
/// use cost_core::prelude::*;
///
/// let options = ReviewOptions { month: "2026-08".parse().ok(), top: 1, ..Default::default() };
/// let review = Session::builder().options(options).open(&cost_core::example::bill()?)?.review()?;
/// assert_eq!(review.header.month.to_string(), "2026-08");
/// assert_eq!(review.groups[0].rows.len(), 1);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReviewOptions {
    /// The month; `None` for the last that has ended by `as_of`, or the first there is.
    pub month: Option<Month>,
    /// The day to look from; `None` for the estate's own, or the day after the last charge.
    pub as_of: Option<NaiveDate>,
    /// Dimensions to group by; `None` for service, account, region and the estate's own tag keys.
    pub group_by: Option<Vec<Dimension>>,
    /// Rows of each group table and of the movers.
    pub top: usize,
    /// How to look for anomalies.
    pub anomalies: Settings,
    /// How to look for savings.
    pub savings: check::Settings,
    /// What was decided on what was found before.
    pub decisions: SavingsLedger,
}

impl Default for ReviewOptions {
    fn default() -> Self {
        Self {
            month: None,
            as_of: None,
            group_by: None,
            top: 10,
            anomalies: Settings::default(),
            savings: check::Settings::default(),
            decisions: SavingsLedger::default(),
        }
    }
}

impl ReviewOptions {
    /// The tag keys that a bill must be opened with for these options: those to group by, those of
    /// settings of anomalies, and that of what is to be left alone.
    #[must_use]
    pub fn tag_keys(&self) -> Vec<String> {
        let groups = self.group_by.iter().flatten().filter_map(|d| match d {
            Dimension::Tag(key) => Some(key.as_str()),
            _ => None,
        });
        let ignore = Some(self.savings.ignore_tag.as_str()).filter(|tag| *tag != check::IGNORE_TAG);
        let mut keys: Vec<String> = Vec::new();
        for key in groups.chain(self.anomalies.tag_keys()).chain(ignore) {
            if !keys.iter().any(|known| known == key) {
                keys.push(key.to_owned());
            }
        }
        keys
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
    #[error("tag key {0} is not in the roll-up; name it when the bill is opened")]
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
    /// What to buy was asked for amounts that are converted.
    #[error(
        "purchase recommendations need the currency of the bill: open it without a reporting currency"
    )]
    Converted,
    /// What each resource used could not be read.
    #[error(transparent)]
    Check(#[from] check::CheckError),
}
