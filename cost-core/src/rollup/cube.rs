//! Tables of the roll-up.

use chrono::NaiveDate;
use polars::prelude::*;

use super::keys::LINE_ITEMS;
use crate::cells::day;
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
    days: Option<(i32, i32)>,
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
        days: Option<(i32, i32)>,
    ) -> Self {
        Self { frame, currency, tag_keys, days }
    }

    /// Returns the first and last day of the bill's charges, days since 1970.
    pub(super) fn since_1970(&self) -> Option<(i32, i32)> {
        self.days
    }

    /// Sets the days of the bill that this table is a part of.
    pub(super) fn set_days(&mut self, days: Option<(i32, i32)>) {
        self.days = days;
    }

    /// Returns the table with some of its rows, of the same bill.
    pub(super) fn with_rows(&self, rows: &IdxCa) -> PolarsResult<Self> {
        let (frame, tag_keys) = (self.frame.take(rows)?, self.tag_keys.clone());
        Ok(Self { frame, currency: self.currency, tag_keys, days: self.days })
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
    /// fee.
    #[must_use]
    pub fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        let (first, last) = self.days?;
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
    pub(super) fn with_rows(&self, rows: &IdxCa) -> PolarsResult<Self> {
        Ok(Self { frame: self.frame.take(rows)?, currency: self.currency })
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
