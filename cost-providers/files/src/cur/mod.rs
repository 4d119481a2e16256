//! AWS Cost and Usage Reports, legacy and 2.0, as FOCUS 1.2.
//!
//! Each line item becomes one charge, in the same order, so that the row in a message is the row in
//! the file. The unused part of a recurring commitment fee becomes a separate charge, as in FOCUS
//! ([`Report::unused`]). Discounts that name no resource can be moved to the usage they are for
//! ([`moved_discounts`]). Queries return missing or unclear data ([`Report::lacks`],
//! [`Report::unknown_types`], [`Report::unread_maps`], [`Report::silent_fees`],
//! [`Report::not_amortized`]).

mod amounts;
mod checks;
mod documents;
mod mapping;
mod moved;
mod names;
mod report;
mod rules;
mod services;
mod spread;
#[cfg(test)]
mod tests;
mod types;

use std::collections::BTreeSet;

use polars::prelude::*;

pub use mapping::{MAPPING, Mapped};
pub use report::Report;
pub use spread::moved_discounts;
pub use types::{LINE_ITEM_TYPES, LineItemType};

use report::{CLASS, is};

impl Report {
    /// Returns the columns that are used, with the names in the report: a reader may skip the
    /// others.
    #[must_use]
    pub fn columns(&self) -> BTreeSet<PlSmallStr> {
        let rules = MAPPING.iter().flat_map(|m| [m.of_charge(self), m.of_unused(self)]);
        leaves(&rules.chain([self.class()]).collect::<Vec<_>>())
    }

    /// Returns the line items as FOCUS charges, one row each, not decoded.
    pub fn charges(&self, raw: LazyFrame) -> LazyFrame {
        self.charges_and(raw, &[])
    }

    /// Like [`Report::charges`], with other columns of the rows.
    pub fn charges_and(&self, raw: LazyFrame, others: &[&str]) -> LazyFrame {
        let columns =
            MAPPING.iter().map(|m| m.of_charge(self)).chain(others.iter().map(|name| col(*name)));
        self.classed(raw).select(columns.collect::<Vec<_>>())
    }

    /// Returns the unused parts of commitments, one typed charge for each recurring fee with such a
    /// part.
    ///
    /// # Errors
    /// Errors of polars, if the columns cannot be determined.
    pub fn unused(&self, raw: LazyFrame) -> PolarsResult<LazyFrame> {
        let fees = self.classed(raw).filter(is(&self.spread_fees()));
        let charges = fees.select(MAPPING.iter().map(|m| m.of_unused(self)).collect::<Vec<_>>());
        let some = col("EffectiveCost")
            .is_not_null()
            .and(col("EffectiveCost").neq(cost_core::focus::decimal(lit("0"))));
        Ok(cost_core::focus::typed(charges)?.filter(some))
    }
}

/// Columns of a report that expressions use.
fn leaves(expressions: &[Expr]) -> BTreeSet<PlSmallStr> {
    let name = |e: &Expr| match e {
        Expr::Column(name) if name.as_str() != CLASS => Some(name.clone()),
        _ => None,
    };
    expressions.iter().flat_map(std::iter::IntoIterator::into_iter).filter_map(name).collect()
}
