//! [`Pairs`]: of which accounts, subscriptions and days both data sets are there.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use polars::prelude::*;

use super::amounts::{self, COST, committed, number};
use super::details::CostDetails;
use super::mapping::{self, Rows};
use super::names::Column as Of;
use super::{Dataset, Role};
use crate::rows;

/// An account, a subscription and a day, such as `2026-09-21`; blank where a row has none.
pub(crate) type Key = [String; 3];

/// The keys of which both data sets are there; all, until somebody has looked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairs(Option<Arc<BTreeSet<Key>>>);

impl Pairs {
    /// These keys alone.
    pub(crate) fn of(keys: BTreeSet<Key>) -> Self {
        Self(Some(Arc::new(keys)))
    }
}

/// Whether both data sets are there of the row's account, subscription and day.
pub(super) fn is_paired(of: &Rows<'_>) -> Expr {
    let Some(keys) = of.details.pairs().0.clone() else { return lit(true) };
    let place =
        move |key: [Option<&str>; 3]| keys.contains(&key.map(|k| k.unwrap_or_default().to_owned())).then_some(1);
    rows::codes(mapping::key(of), place).is_not_null()
}

/// The columns of [`CostDetails::plain_costs`].
pub(crate) const PLAIN: [&str; 5] = ["account", "subscription", "day", "cost", "print"];

impl CostDetails {
    /// What each account, subscription and day costs apart from commitments, which both data sets have alike: the columns of [`PLAIN`], of
    /// which `print` is a sum of fingerprints of the rows' resources, meters and costs. A row a key.
    pub(crate) fn plain_costs(&self, raw: LazyFrame) -> LazyFrame {
        let order = self.date_order(raw.clone()).map_err(|e| super::message(&e));
        let of = Rows { details: self, role: Role::Alone(Dataset::WithoutCommitments), order };
        let [account, subscription, day] = mapping::key(&of);
        let print = |row: [Option<&str>; 3]| {
            let mut hasher = DefaultHasher::new();
            row.map(|cell| cell.map(str::to_lowercase)).hash(&mut hasher);
            // Few enough bits that sums of billions of rows fit.
            i64::try_from(hasher.finish() >> 33).ok()
        };
        let cost = || when(committed()).then(number("0")).otherwise(col(COST));
        let of_row = [self.text(Of::ResourceId), self.text(Of::MeterId), cost().cast(DataType::String)];
        let columns = [account, subscription, day, cost(), rows::codes(of_row, print)];
        let named = columns.into_iter().zip(PLAIN).map(|(column, name)| column.alias(name)).collect::<Vec<_>>();
        let [keys @ .., cost, print] = PLAIN.map(col);
        amounts::prepared(self, raw).select(named).group_by(keys).agg([cost.sum(), print.sum()])
    }
}
