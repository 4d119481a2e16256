//! Azure cost details as FOCUS 1.2: the actual and amortized data sets that Cost Management
//! exports, not its FOCUS export.
//!
//! Each row becomes one charge, in the same order. Azure splits what FOCUS has in one: the
//! **actual** data set has purchases of commitments and the usage they cover at no cost, the
//! **amortized** one has their cost on the usage and no purchases. Read side by side ([`Role`]) all
//! rows of the amortized count, and of the actual one the purchases and refunds of commitments;
//! they are never added. A file read alone lacks one of the two costs, and says so
//! ([`CostDetails::incomplete`]). Azure exports neither tax nor credits: costs are before both.
//!
//! Where the same months are there as a FOCUS export, that is the one to read.

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
    /// The rows as FOCUS charges: costs undecoded, so that a bad cell is met where its row can be
    /// named; prices, quantities and instants typed. All rows in their order, unless the role takes
    /// some only.
    ///
    /// Looks at the first dates of `raw`, if they are text, to know whether the day or the month
    /// comes first; if nothing tells, the frame fails with a message that says so.
    pub fn charges(&self, raw: LazyFrame, role: Role) -> LazyFrame {
        self.charges_and(raw, role, &[])
    }

    /// As [`CostDetails::charges`], with other columns of the rows.
    pub fn charges_and(&self, raw: LazyFrame, role: Role, others: &[&str]) -> LazyFrame {
        let order = self.date_order(raw.clone()).map_err(|e| types::message(&e));
        let rows = rules::Rows { details: self, role, order };
        let columns =
            MAPPING.iter().map(|m| m.of(&rows)).chain(others.iter().map(|name| col(*name)));
        self.rows_of(raw, &rows).select(columns.collect::<Vec<_>>())
    }

    /// The rows that a role takes, with the columns that FOCUS columns rest on.
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
