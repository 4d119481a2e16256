//! Options of a review, and its errors.

use chrono::NaiveDate;

use crate::anomaly::Settings;
use crate::check;
use crate::focus::FocusError;
use crate::lifecycle::SavingsLedger;
use crate::money::MoneyError;
use crate::month::Month;
use crate::rollup::{Dimension, QueryError};

/// Options of a review. Fields may be added: build it with `..ReviewOptions::default()`.
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
    /// Month to review; `None` for the last month that has ended by `as_of`, or the first month of
    /// the bill.
    pub month: Option<Month>,
    /// Report date: charges that start on this day or later are hidden. `None` for the estate's
    /// date, or the day after the last charge.
    pub as_of: Option<NaiveDate>,
    /// Dimensions to group by; `None` for service, account, region, and the estate's tag keys.
    pub group_by: Option<Vec<Dimension>>,
    /// Number of rows in each group table and in the cost drivers.
    pub top: usize,
    /// Settings of the anomaly detector.
    pub anomalies: Settings,
    /// Settings of the savings checks.
    pub savings: check::Settings,
    /// Decisions on opportunities found earlier.
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
    /// Returns the tag keys that the bill must be opened with for these options: those to group by,
    /// those in anomaly settings, and those in ignore rules.
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

/// Error from making a review.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReviewError {
    /// The requested month has no charges.
    #[error("there are no charges in {month}; the bill covers {first} to {last}")]
    NoSuchMonth {
        /// Requested month.
        month: Month,
        /// First day with a charge.
        first: NaiveDate,
        /// Last day with a charge.
        last: NaiveDate,
    },
    /// The report date is not after the first day of the bill: no charge was known on it.
    #[error(
        "no charges are known on the report date {as_of}: the bill starts on {first}; choose a report date from {} on",
        first.succ_opt().unwrap_or(*first)
    )]
    BeforeBill {
        /// Requested report date.
        as_of: NaiveDate,
        /// First day with a charge.
        first: NaiveDate,
    },
    /// A tag key is not in the roll-up.
    #[error("tag key {0} is not in the roll-up; name it when the bill is opened")]
    UnknownTag(String),
    /// The bill has no charges.
    #[error("the bill has no charges")]
    Empty,
    /// The roll-up could not be queried.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A sum does not fit into 28 digits.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The line items could not be read again.
    #[error(transparent)]
    Bill(#[from] FocusError),
    /// Purchase recommendations were requested for converted amounts.
    #[error(
        "purchase recommendations need the currency of the bill: open it without a reporting currency"
    )]
    Converted,
    /// The utilization of resources could not be read.
    #[error(transparent)]
    Check(#[from] check::CheckError),
}
