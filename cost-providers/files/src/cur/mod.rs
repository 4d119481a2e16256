//! AWS Cost and Usage Reports, legacy and 2.0, as FOCUS 1.2.
//!
//! Each line item becomes one charge, in the same order, so that a message's row is the file's row. The unused part of a
//! commitment's recurring fee becomes a charge of its own, as FOCUS has it ([`Report::unused`]).

mod amounts;
mod documents;
mod mapping;
mod names;
mod report;
mod services;
#[cfg(test)]
mod tests;

use polars::prelude::*;

pub use mapping::{MAPPING, Mapped};
pub use report::Report;

impl Report {
    /// The columns of [`Report::charges`].
    pub(crate) fn columns_of_charges(&self) -> Vec<Expr> {
        MAPPING.iter().map(|m| m.of_charge(self)).collect()
    }

    /// What [`Report::unused`] looks at.
    pub(crate) fn columns_of_unused(&self) -> Vec<Expr> {
        let columns = MAPPING.iter().map(|m| m.of_unused(self));
        columns.chain([self.is(amounts::RECURRING), amounts::unused(self)]).collect()
    }

    /// The line items as FOCUS charges, a row each, undecoded.
    pub fn charges(&self, raw: LazyFrame) -> LazyFrame {
        raw.select(MAPPING.iter().map(|m| m.of_charge(self)).collect::<Vec<_>>())
    }

    /// What was paid for commitments and not used, a charge for each recurring fee with such a part; typed.
    ///
    /// # Errors
    /// The engine's, if the columns cannot be told.
    pub fn unused(&self, raw: LazyFrame) -> PolarsResult<LazyFrame> {
        let fees = raw.filter(self.is(amounts::RECURRING));
        let charges = fees.select(MAPPING.iter().map(|m| m.of_unused(self)).collect::<Vec<_>>());
        let some =
            col("EffectiveCost").is_not_null().and(col("EffectiveCost").neq(cost_core::focus::decimal(lit("0"))));
        Ok(cost_core::focus::typed(charges)?.filter(some))
    }

    /// Recurring fees that do not say what part of them was not used: their effective cost is not known in full.
    pub fn silent_fees(&self, raw: LazyFrame) -> LazyFrame {
        raw.filter(self.is(amounts::RECURRING)).filter(amounts::unused(self).is_null())
    }
}
