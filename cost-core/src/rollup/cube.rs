//! Tables of the roll-up.

use chrono::NaiveDate;
use polars::prelude::*;

use super::coverage::{Coverage, Extent};
use super::keys::LINE_ITEMS;
use crate::cells::{day, days_since_1970};
use crate::money::Currency;

/// Daily costs by account, service, region, usage type, and further keys.
///
/// Grain: one row per combination of [`CUBE_KEYS`](super::CUBE_KEYS), `Tagged`, and the `tag:KEY`
/// columns. Measures: [`MEASURES`](super::MEASURES) (sums, `Decimal(38, 12)`, nulls counted as 0),
/// `ListCostUnknown`, `ContractedCostUnknown`, and `PricingQuantityUnknown` (number of line items
/// with null: if it is not 0, the sum is unknown), `LineItems`. Sorted by all keys.
#[derive(Clone, Debug)]
pub struct CostCube {
    frame: DataFrame,
    currency: Currency,
    tag_keys: Vec<String>,
    coverage: Coverage,
    extent: Option<Extent>,
}

/// Costs by resource and calendar month. Rows of line items without `ResourceId` have null there.
///
/// Grain: one row per combination of [`RESOURCE_KEYS`](super::RESOURCE_KEYS), `Tagged`, and the
/// `tag:KEY` columns. Measures as in [`CostCube`], and `FirstDay`, `LastDay` of use in the month.
#[derive(Clone, Debug)]
pub struct ResourceMonths {
    frame: DataFrame,
    currency: Currency,
}

impl CostCube {
    pub(super) fn new(
        frame: DataFrame,
        currency: Currency,
        tag_keys: Vec<String>,
        coverage: Coverage,
    ) -> Self {
        let extent = coverage.extent();
        Self { frame, currency, tag_keys, coverage, extent }
    }

    /// Returns the days on which the bill's charges start.
    pub(super) fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Sets the days of the bill that this table is a part of.
    pub(super) fn set_coverage(&mut self, coverage: Coverage) {
        self.extent = coverage.extent();
        self.coverage = coverage;
    }

    /// Returns the days of the bill, and those that are outlying.
    pub(super) fn extent(&self) -> Option<Extent> {
        self.extent
    }

    /// Returns the last day on which a charge starts, also if it is outlying; `None` if the table
    /// is empty.
    pub(crate) fn latest(&self) -> Option<NaiveDate> {
        day(self.extent?.latest)
    }

    /// Returns whether charges that start on this day are outlying
    /// ([`Rollup::outlying`](super::Rollup::outlying)).
    pub(crate) fn is_outlying(&self, of: NaiveDate) -> bool {
        let at = days_since_1970(of);
        self.extent
            .is_some_and(|e| e.before.is_some_and(|d| at <= d) || e.after.is_some_and(|d| at >= d))
    }

    /// Returns the table with some of its rows, for the same days.
    pub(super) fn with_rows(&self, rows: &[IdxSize]) -> PolarsResult<Self> {
        let frame = self.frame.take(&IdxCa::from_slice("".into(), rows))?;
        Ok(Self { frame, ..self.clone() })
    }

    /// Returns the table.
    #[must_use]
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// Returns the currency of all amounts.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// Returns the tag keys that it can be grouped by.
    #[must_use]
    pub fn tag_keys(&self) -> &[String] {
        &self.tag_keys
    }

    /// Returns the number of line items.
    #[must_use]
    pub fn line_items(&self) -> u64 {
        let sum = self
            .frame
            .column(LINE_ITEMS)
            .ok()
            .and_then(|c| c.as_materialized_series().sum::<i64>().ok());
        sum.and_then(|n| u64::try_from(n).ok()).unwrap_or(0)
    }

    /// Returns the first and last day of the bill's charges; `None` if it is empty. A charge longer
    /// than a day is spread over its days, which can be in the future, such as those of an annual
    /// fee. A few charges far from all others are not included
    /// ([`Rollup::outlying`](super::Rollup::outlying)).
    #[must_use]
    pub fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        let (first, last) = self.extent?.days;
        Some((day(first)?, day(last)?))
    }

    /// Returns the half-open range of its days: the first with a charge, and the day after the
    /// last; `None` if it is empty.
    #[must_use]
    pub fn day_range(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.days().map(|(first, last)| (first, last.succ_opt().unwrap_or(last)))
    }
}

impl ResourceMonths {
    pub(super) fn new(frame: DataFrame, currency: Currency) -> Self {
        Self { frame, currency }
    }

    /// Returns the table with some of its rows.
    pub(super) fn with_rows(&self, rows: &[IdxSize]) -> PolarsResult<Self> {
        let frame = self.frame.take(&IdxCa::from_slice("".into(), rows))?;
        Ok(Self { frame, currency: self.currency })
    }

    /// Returns the table.
    #[must_use]
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// Returns the currency of all amounts.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.currency
    }
}
