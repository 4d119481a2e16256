//! What a report leaves open: queries that whoever reads it can run and put into words. All are
//! lazy, and read few columns.

use polars::prelude::*;

use super::amounts;
use super::documents;
use super::report::{Report, is};
use super::types::Class;

/// Line items that are meant.
const LINE_ITEMS: &str = "LineItems";
/// Σ of what they cost, `Decimal(38, 12)`, in the currency of the bill.
const BILLED_COST: &str = "BilledCost";
/// Type of line item.
const TYPE: &str = "LineItemType";

impl Report {
    /// Recurring fees that do not say what part of them was not used: their effective cost is not
    /// known in full.
    pub fn silent_fees(&self, raw: LazyFrame) -> LazyFrame {
        self.classed(raw).filter(is(&self.spread_fees())).filter(amounts::unused(self).is_null())
    }

    /// Line items of types that [`LINE_ITEM_TYPES`](super::LINE_ITEM_TYPES) does not have, and of
    /// none. They are read as adjustments at their own cost: the invoice is right, and what they
    /// are is not known.
    ///
    /// `LineItemType` (as the report has it; null for none), `LineItems`, `BilledCost`; a row a
    /// type, by name.
    pub fn unknown_types(&self, raw: LazyFrame) -> LazyFrame {
        self.by_type(raw, &[Class::Unknown])
    }

    /// Line items of commitments whose effective cost the report has no column for: what was paid
    /// for them counts when it is billed, and is not spread over the usage it is for. `None` if the
    /// report has the columns.
    ///
    /// Columns as of [`Report::unknown_types`].
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

    /// Cells of tags, cost categories and product attributes that cannot be read as a map, and are
    /// read as null: no cost depends on them. One row: for each column of the report that holds a
    /// map, how many, under its name in CUR 2.0, and the first of them, under that name and
    /// ` example`. `None` if the report has no such column.
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
