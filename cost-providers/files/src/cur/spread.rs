//! Discounts that name no resource, moved to the usage they are for.
//!
//! AWS computes discounts by account and SKU ("aggregated by member account and SKU"), and their
//! line items have no resource. The cost of a resource is known only if they are spread over the
//! usage they are for: usage of the same billing period, account, and service, and of the usage
//! type of the discount; also of its SKU, operation, and day, if such usage exists. The split is
//! proportional to the cost of the usage, exactly: remainders go to the largest fractions.
//!
//! The line items do not change, and neither does any total. The moves are separate charges without
//! a billed cost: one removes the effective (and contracted) cost from the discount, others add it
//! to the usage.
//!
//! Source: AWS Data Exports user guide, "Line item columns", `line_item_blended_cost` and
//! `line_item_resource_id`. Decisions: ADR 0013.

use polars::prelude::*;

use super::MAPPING;
use super::moved::{COST, DAY, KEY, OF_USAGE, moved};
use super::report::{CLASS, COSTS, Report, is};
use super::rules::ONE;
use super::types::Class;

/// Amounts of a moved discount that are 0.
const ZERO: [&str; 4] = ["BilledCost", "ConsumedQuantity", "ListCost", "PricingQuantity"];
/// Amounts that are null.
const NONE: [&str; 5] = [
    "CommitmentDiscountQuantity",
    "ContractedUnitPrice",
    "ListUnitPrice",
    "x_SplitCost",
    "x_SplitUnusedCost",
];
/// Amounts that contain the moved cost.
const MOVED: [&str; 2] = ["ContractedCost", "EffectiveCost"];

impl Report {
    /// Whether discounts without a resource have an effective cost to move. In a report with net
    /// columns, usage already includes its discounts.
    #[must_use]
    pub fn moves_discounts(&self) -> bool {
        !self.has(COSTS[1])
    }

    /// Returns discounts that name no resource. Raw rows; the first shows whether there are any.
    pub fn loose_discounts(&self, raw: LazyFrame) -> LazyFrame {
        let loose = self.text("line_item_resource_id").is_null();
        self.classed(raw).filter(is(&[Class::Discount]).and(loose))
    }

    /// Returns groups of discounts without a resource, for some line items: first input of
    /// [`moved_discounts`] for each batch.
    ///
    /// # Errors
    /// Errors of polars, if the columns cannot be determined.
    pub fn discount_groups(&self, raw: LazyFrame) -> PolarsResult<LazyFrame> {
        let some = col("EffectiveCost").neq(cost_core::focus::decimal(lit("0")));
        Ok(grouped(self.grouping(self.loose_discounts(raw))?.filter(some)))
    }

    /// Returns groups of usage, for some line items, of the accounts and services in the discount
    /// groups of all line items: second input of [`moved_discounts`] for each batch.
    ///
    /// # Errors
    /// Errors of polars, if the columns cannot be determined.
    pub fn usage_groups(&self, raw: LazyFrame, discounts: LazyFrame) -> PolarsResult<LazyFrame> {
        let usage = self.grouping(self.classed(raw).filter(is(&[Class::Usage])))?;
        let keys = KEY.map(col);
        let wanted = discounts.select(keys.clone()).unique(None, UniqueKeepStrategy::Any);
        let some = col("EffectiveCost").gt(cost_core::focus::decimal(lit("0")));
        let usage =
            usage.filter(some).join(wanted, keys.clone(), keys, JoinArgs::new(JoinType::Inner));
        // Columns that do not distinguish groups are null: an instant, or text.
        let nulls = group_columns().filter(|name| !is_of_usage(name)).map(|name| {
            let instant = name.starts_with("ChargePeriod") || name.starts_with("BillingPeriod");
            if instant {
                cost_core::focus::instant(lit(NULL))
            } else {
                lit(NULL).cast(DataType::String)
            }
            .alias(name)
        });
        Ok(grouped(usage.with_columns(nulls.collect::<Vec<_>>())))
    }

    /// Returns typed charges of classed line items, with the columns that identify groups.
    fn grouping(&self, classed: LazyFrame) -> PolarsResult<LazyFrame> {
        let columns =
            MAPPING.iter().map(|m| m.of_charge(self)).chain([col(CLASS)]).collect::<Vec<_>>();
        let day = col("ChargePeriodStart").cast(DataType::Date).alias(DAY);
        Ok(cost_core::focus::typed(classed.select(columns))?
            .with_columns([day, col("EffectiveCost").alias(COST)]))
    }
}

/// Columns that identify groups.
fn group_columns() -> impl Iterator<Item = &'static str> {
    let amounts = |name: &&str| ZERO.contains(name) || NONE.contains(name) || MOVED.contains(name);
    MAPPING.iter().map(|m| m.column).filter(move |name| !amounts(name)).chain([CLASS, DAY])
}

/// Columns that identify groups of usage.
fn is_of_usage(name: &str) -> bool {
    OF_USAGE.contains(&name) || KEY.contains(&name) || [CLASS, DAY].contains(&name)
}

fn grouped(rows: LazyFrame) -> LazyFrame {
    let groups = group_columns().map(col).collect::<Vec<_>>();
    rows.group_by(groups).agg([col(COST).sum()])
}

/// Returns charges that move the effective cost of discounts without a resource to the usage they
/// are for, from [`Report::discount_groups`] and [`Report::usage_groups`] of all batches of line
/// items of a billing period; typed. Each group of such discounts gets one charge that removes the
/// cost, and one for each resource, day, and set of tags that receives it. Their effective costs
/// add up to zero, and so do their contracted costs; they have no other amounts. A discount without
/// such usage does not move. Requires [`Report::moves_discounts`]. Memory is bounded by resources ×
/// days of the accounts and services with such discounts.
///
/// # Errors
/// Errors of polars, if the groups have other columns.
pub fn moved_discounts(groups: Vec<LazyFrame>) -> PolarsResult<LazyFrame> {
    let groups = grouped(concat(groups, UnionArgs::default())?);
    let moved = groups.map(moved, AllowedOptimizations::empty(), None, Some("move discounts"));
    let column = |name: &'static str| {
        let value = match name {
            _ if ZERO.contains(&name) => cost_core::focus::decimal(lit("0")),
            _ if NONE.contains(&name) => cost_core::focus::decimal(lit(NULL)),
            _ if MOVED.contains(&name) => col(COST),
            "ChargeDescription" => lit("Discount, moved to the usage it is for"),
            "ConsumedUnit" | "PricingUnit" => col(name).fill_null(lit(ONE)),
            _ => col(name),
        };
        value.alias(name)
    };
    Ok(moved.select(MAPPING.iter().map(|m| column(m.column)).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cur::moved::{KIND, NARROWER};

    #[test]
    fn every_column_has_one_source() {
        for mapped in MAPPING {
            let lists = [&ZERO[..], &NONE, &MOVED, &OF_USAGE];
            assert!(
                lists.iter().filter(|l| l.contains(&mapped.column)).count() <= 1,
                "{}",
                mapped.column
            );
        }
        for name in ZERO
            .iter()
            .chain(&NONE)
            .chain(&MOVED)
            .chain(&OF_USAGE)
            .chain(&KEY)
            .chain(&NARROWER)
            .chain([&KIND])
        {
            assert!(MAPPING.iter().any(|m| m.column == *name), "{name}");
        }
    }
}
