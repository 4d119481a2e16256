//! Missing or unclear data in a report, as lazy queries that read few columns.

use polars::prelude::*;

use super::amounts;
use super::documents;
use super::report::{Report, is};
use super::types::Class;

/// Number of affected line items.
const LINE_ITEMS: &str = "LineItems";
/// Σ of their cost, `Decimal(38, 12)`, in the currency of the bill.
const BILLED_COST: &str = "BilledCost";
/// Type of line item.
const TYPE: &str = "LineItemType";

impl Report {
    /// Recurring fees without their unused part: their effective cost is incomplete.
    pub fn silent_fees(&self, raw: LazyFrame) -> LazyFrame {
        self.classed(raw).filter(is(&self.spread_fees())).filter(amounts::unused(self).is_null())
    }

    /// Line items with a type that is not in [`LINE_ITEM_TYPES`](super::LINE_ITEM_TYPES), or
    /// without a type. They count as adjustments at their own cost: the invoice total is correct,
    /// but their meaning is unknown.
    ///
    /// `LineItemType` (as in the report; null if missing), `LineItems`, `BilledCost`; one row per
    /// type, by name.
    pub fn unknown_types(&self, raw: LazyFrame) -> LazyFrame {
        self.by_type(raw, &[Class::Unknown])
    }

    /// Line items of commitments for which the report has no effective cost column: their cost
    /// counts when it is billed, and is not spread over the covered usage. `None` if the report has
    /// the columns.
    ///
    /// Columns: as in [`Report::unknown_types`].
    #[must_use]
    pub fn not_amortized(&self, raw: LazyFrame) -> Option<LazyFrame> {
        let classes = self.paid_when_billed();
        (!classes.is_empty()).then(|| self.by_type(raw, &classes))
    }

    fn by_type(&self, raw: LazyFrame, classes: &[Class]) -> LazyFrame {
        let billed = cost_core::focus::decimal(amounts::billed(self));
        let lines = self
            .classed(raw)
            .filter(is(classes))
            .select([self.line_item_type().alias(TYPE), billed.alias(BILLED_COST)]);
        let sums = [len().cast(DataType::UInt64).alias(LINE_ITEMS), col(BILLED_COST).sum()];
        lines
            .group_by([col(TYPE)])
            .agg(sums)
            .sort([TYPE], SortMultipleOptions::default().with_nulls_last(true))
    }

    /// Cells of tags, cost categories, and product attributes that cannot be read as a map and are
    /// read as null; no cost depends on them. One row: for each map column of the report the number
    /// of cells, under its name in CUR 2.0, and the first of them, under that name and ` example`.
    /// `None` if the report has no such column.
    #[must_use]
    pub fn unread_maps(&self, raw: LazyFrame) -> Option<LazyFrame> {
        let maps = self.maps();
        let cells = maps.iter().map(|name| documents::unread(self.raw(name)).alias(*name));
        let found = maps.iter().flat_map(|name| {
            let count = col(*name).is_not_null().cast(DataType::UInt64).sum().alias(*name);
            [count, col(*name).drop_nulls().first().alias(format!("{name} example"))]
        });
        (!maps.is_empty())
            .then(|| raw.select(cells.collect::<Vec<_>>()).select(found.collect::<Vec<_>>()))
    }
}
