//! Of which accounts and days files have charges: what tells a newer version of a billing period from another part of it.

use std::collections::BTreeSet;

use cost_core::focus::{Columns, Rows, columns};
use cost_core::shield::shield;
use polars::prelude::*;

use crate::find::BillFile;
use crate::group::groups;

/// Accounts and days, in the words of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    accounts: BTreeSet<String>,
    days: BTreeSet<String>,
}

/// What charges of one extent are to those of a newer one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// The newer one has all accounts and days.
    Older,
    /// No account, or no day, is in both.
    Apart,
    /// The newer one has some, and lacks this.
    Lacks(String),
}

/// How much of files is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// All rows.
    Full,
    /// The first batch of each file, some ten thousand rows: enough to see that another extent has none of their accounts or days.
    Start,
}

impl Extent {
    /// Of files; `None` if they have no column of days, or cannot be read: nothing is known of them then.
    pub(crate) fn of(files: &[BillFile], reading: Reading) -> Option<Self> {
        let mut extent = Self::default();
        for group in groups(files, &mut Vec::new()).ok()? {
            for origin in group.origins().ok()? {
                shield(|| extent.add(&origin.rows, reading)).ok()?;
            }
        }
        Some(extent)
    }

    fn add(&mut self, rows: &Rows, reading: Reading) -> PolarsResult<()> {
        let header = |name: &str| {
            rows.schema().iter_names().find(|h| columns::lookup(h).is_some_and(|c| c.name == name)).cloned()
        };
        let day = header("ChargePeriodStart").or_else(|| header("BillingPeriodStart"));
        let day = day.ok_or_else(|| polars_err!(ColumnNotFound: "ChargePeriodStart"))?;
        let account = header("SubAccountId").or_else(|| header("BillingAccountId"));
        let text = |name: &PlSmallStr| col(name.clone()).cast(DataType::String);
        let wanted: Vec<Expr> = [
            account.as_ref().map_or_else(|| lit(NULL).cast(DataType::String), text).alias("account"),
            text(&day).alias("day"),
        ]
        .into();
        let read: Columns = account.into_iter().chain([day]).collect();
        for batch in rows.batches_of(&read) {
            let found = batch?.select(wanted.clone()).unique(None, UniqueKeepStrategy::Any).collect()?;
            let cells = |name: &str| -> PolarsResult<Vec<String>> {
                let column = found.column(name)?.str()?.clone();
                Ok(column.iter().map(|cell| cell.unwrap_or_default().to_owned()).collect())
            };
            self.accounts.extend(cells("account")?);
            self.days.extend(cells("day")?.into_iter().map(|instant| instant.chars().take(DAY).collect()));
            if reading == Reading::Start {
                break;
            }
        }
        Ok(())
    }

    /// Whether there are no charges.
    pub(crate) fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// What the charges of this extent are to those of a newer one.
    pub(crate) fn beside(&self, newer: &Self) -> Relation {
        if self.accounts.is_disjoint(&newer.accounts) || self.days.is_disjoint(&newer.days) {
            return Relation::Apart;
        }
        let account = self.accounts.difference(&newer.accounts).next().map(|a| format!("account {a}"));
        let day = self.days.difference(&newer.days).next().map(|d| format!("charges of {d}"));
        account.or(day).map_or(Relation::Older, Relation::Lacks)
    }
}

/// Letters of a day at the start of an instant: `2026-09-01`.
const DAY: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(accounts: &[&str], days: &[&str]) -> Extent {
        let set = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect();
        Extent { accounts: set(accounts), days: set(days) }
    }

    #[test]
    fn a_newer_version_has_all_accounts_and_days() {
        let month = extent(&["a", "b"], &["1", "2", "3"]);
        assert_eq!(extent(&["a"], &["1", "2"]).beside(&month), Relation::Older);
        assert_eq!(month.beside(&month), Relation::Older);
        assert_eq!(extent(&["c"], &["1", "2"]).beside(&month), Relation::Apart, "of another account");
        assert_eq!(extent(&["a"], &["4"]).beside(&month), Relation::Apart, "of another day");
        assert_eq!(extent(&["a", "c"], &["1"]).beside(&month), Relation::Lacks("account c".to_owned()));
        assert_eq!(extent(&["a"], &["3", "4"]).beside(&month), Relation::Lacks("charges of 4".to_owned()));
    }
}
