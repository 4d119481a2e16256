//! The two tables of the roll-up.

use chrono::NaiveDate;
use polars::prelude::*;

use super::keys::LINE_ITEMS;
use crate::cells::day;
use crate::money::Currency;

/// Daily costs.
///
/// Grain: one row a combination of [`CUBE_KEYS`](super::CUBE_KEYS), `Tagged` and the `tag:KEY`
/// columns. Measures: [`MEASURES`](super::MEASURES) (sums, `Decimal(38, 12)`, nulls counted as 0),
/// `ListCostUnknown`, `ContractedCostUnknown` and `PricingQuantityUnknown` (line items in which
/// they were null: where there are any, the sum is not known), `LineItems`. Sorted by all keys.
#[derive(Clone, Debug)]
pub struct CostCube {
    frame: DataFrame,
    currency: Currency,
    tag_keys: Vec<String>,
    days: Option<(i32, i32)>,
}

/// Costs by resource and calendar month.
///
/// Grain: one row a combination of [`RESOURCE_KEYS`](super::RESOURCE_KEYS), `Tagged` and the
/// `tag:KEY` columns; line items without `ResourceId` are not in it. Measures as in [`CostCube`],
/// and `FirstDay`, `LastDay` of use in the month.
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

    /// The first and last day that the bill's charges are of, days since 1970.
    pub(super) fn since_1970(&self) -> Option<(i32, i32)> {
        self.days
    }

    /// The days of a bill of which this is a part.
    pub(super) fn set_days(&mut self, days: Option<(i32, i32)>) {
        self.days = days;
    }

    /// The table.
    #[must_use]
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// The one currency of all its amounts.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// Tag keys it can be grouped by.
    #[must_use]
    pub fn tag_keys(&self) -> &[String] {
        &self.tag_keys
    }

    /// Line items behind it.
    #[must_use]
    pub fn line_items(&self) -> u64 {
        let sum = self
            .frame
            .column(LINE_ITEMS)
            .ok()
            .and_then(|c| c.as_materialized_series().sum::<i64>().ok());
        sum.and_then(|n| u64::try_from(n).ok()).unwrap_or(0)
    }

    /// First and last day that the bill's charges are of; `None` if it is empty. A charge of more
    /// than a day is laid over its days, of which some may come later: what a year's fee costs in
    /// months to come.
    #[must_use]
    pub fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        let (first, last) = self.days?;
        Some((day(first)?, day(last)?))
    }

    /// The half-open range of its days: the first with a charge, and the day after the last; `None`
    /// if it is empty.
    #[must_use]
    pub fn day_range(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.days().map(|(first, last)| (first, last.succ_opt().unwrap_or(last)))
    }
}

impl ResourceMonths {
    pub(super) fn new(frame: DataFrame, currency: Currency) -> Self {
        Self { frame, currency }
    }

    /// The table.
    #[must_use]
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// The one currency of all its amounts.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.currency
    }
}
