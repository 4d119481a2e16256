//! Azure cost details as FOCUS 1.2: the actual and amortized data sets of Cost Management exports,
//! not the FOCUS export.
//!
//! Each row becomes one charge, in the same order. Azure has two data sets for what FOCUS has in
//! one. The **actual** data set has purchases of commitments, and the usage they cover at no cost.
//! The **amortized** data set has their cost on the usage, and no purchases. If both are read
//! ([`Role`]), all rows of the amortized one count, and of the actual one only purchases and
//! refunds of commitments; the two are never added. A file that is read individually lacks one of
//! the two costs, and a note reports that ([`CostDetails::incomplete`]). Azure exports neither tax
//! nor credits: costs exclude both.
//!
//! If the same months are available as a FOCUS export, use that export.

mod amounts;
mod dates;
mod details;
mod documents;
mod ids;
mod incomplete;
mod mapping;
mod names;
mod pair_keys;
mod pairs;
mod rules;
mod tables;
#[cfg(test)]
mod tests;
mod types;

use polars::prelude::*;

pub use dates::DateOrder;
pub use details::CostDetails;
pub use incomplete::Incomplete;
pub use mapping::{MAPPING, Mapped};
pub(crate) use pair_keys::{Key, Pairs};
pub(crate) use pairs::PLAIN;
pub use types::{Dataset, Role};

impl CostDetails {
    /// Returns the rows as FOCUS charges. Costs are not decoded, so that the reader finds an
    /// invalid cell where its row is known; prices, quantities, and times are typed. All rows in
    /// their order, unless the role takes only some.
    ///
    /// If the dates are text, the first dates of `raw` determine the order of day and month; if
    /// they are ambiguous, the frame fails with a message.
    pub fn charges(&self, raw: LazyFrame, role: Role) -> LazyFrame {
        self.charges_and(raw, role, &[])
    }

    /// Like [`CostDetails::charges`], with other columns of the rows.
    pub fn charges_and(&self, raw: LazyFrame, role: Role, others: &[&str]) -> LazyFrame {
        let order = self.date_order(raw.clone()).map_err(|e| types::message(&e));
        let rows = rules::Rows { details: self, role, order };
        let columns =
            MAPPING.iter().map(|m| m.of(&rows)).chain(others.iter().map(|name| col(*name)));
        self.rows_of(raw, &rows).select(columns.collect::<Vec<_>>())
    }

    /// Returns the rows of a role, with the columns that FOCUS columns need.
    fn rows_of(&self, raw: LazyFrame, rows: &rules::Rows<'_>) -> LazyFrame {
        let all = amounts::prepared(self, raw);
        match rows.role {
            Role::Alone(_) | Role::AmortizedOfPair => all,
            Role::PurchasesOfActual => {
                let purchase =
                    amounts::committed().and(amounts::is(&[amounts::PURCHASE, amounts::REFUND]));
                all.filter(purchase.or(rules::is_paired(rows).not()))
            }
        }
    }
}
