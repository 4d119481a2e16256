//! Common rows of both data sets, by account, subscription, and day. They determine for which keys
//! both data sets exist.

use std::hash::{DefaultHasher, Hash, Hasher};

use polars::prelude::*;

use super::amounts::{self, COST, committed, number};
use super::details::CostDetails;
use super::names::Column as Of;
use super::rules::{self, Rows};
use super::types::{Dataset, Role, message};
use crate::rows;

/// Columns of [`CostDetails::plain_costs`].
pub(crate) const PLAIN: [&str; 5] = ["account", "subscription", "day", "cost", "print"];

impl CostDetails {
    /// Returns the cost of each account, subscription, and day without commitments, which is the
    /// same in both data sets: the columns of [`PLAIN`], where `print` is a sum of fingerprints of
    /// the resources, meters, and costs of the rows. One row per key.
    pub(crate) fn plain_costs(&self, raw: LazyFrame) -> LazyFrame {
        let order = self.date_order(raw.clone()).map_err(|e| message(&e));
        let of = Rows { details: self, role: Role::Alone(Dataset::WithoutCommitments), order };
        let [account, subscription, day] = rules::key(&of);
        let print = |row: [Option<&str>; 3]| {
            let mut hasher = DefaultHasher::new();
            row.map(|cell| cell.map(str::to_lowercase)).hash(&mut hasher);
            // Few enough bits that sums over billions of rows fit.
            i64::try_from(hasher.finish() >> 33).ok()
        };
        let cost = || when(committed()).then(number("0")).otherwise(col(COST));
        let of_row =
            [self.text(Of::ResourceId), self.text(Of::MeterId), cost().cast(DataType::String)];
        let columns = [account, subscription, day, cost(), rows::codes(of_row, print)];
        let named = columns
            .into_iter()
            .zip(PLAIN)
            .map(|(column, name)| column.alias(name))
            .collect::<Vec<_>>();
        let [keys @ .., cost, print] = PLAIN.map(col);
        amounts::prepared(self, raw).select(named).group_by(keys).agg([cost.sum(), print.sum()])
    }
}
