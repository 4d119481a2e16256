//! Roll-up of a bill.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::{col, lit};

use super::cube::{CostCube, ResourceMonths};
use super::keys::CHARGE_KEYS;
use super::outlying::{FileDays, OutlyingCharges};
use super::query::QueryError;
use super::repeats::RepeatedFile;
use super::unconverted::UnconvertedCharges;
use crate::cells::{day, day_lit};
use crate::exchange::MonthRate;
use crate::focus::repair::Repair;
use crate::focus::{ExcludedLineItems, SourceFile};
use crate::money::Currency;
use crate::month::Month;

/// Roll-up of a bill.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rollup {
    /// Costs by day.
    pub cube: CostCube,
    /// Costs by resource and calendar month.
    pub resources: ResourceMonths,
    /// Charges for commitment analyses, sorted by month and [`CHARGE_KEYS`], nulls first. `None` if
    /// they were not requested ([`RollUpOptions`](super::RollUpOptions)), or if amounts are
    /// converted, because purchases need the currency of the bill.
    pub commitments: Option<Vec<ChargeSums>>,
    /// Line items read.
    pub line_items: u64,
    /// Status of each file; empty if the bill was not read from files.
    pub files: Vec<SourceFile>,
    /// Repairs of known exporter errors, and line items in doubt; see [`crate::focus::repair`].
    pub repairs: Vec<Repair>,
    /// Whether the bill was read without repairs.
    pub as_is: bool,
    /// Line items in other currencies: excluded because one currency was requested, or in the other
    /// roll-ups of a bill in several currencies (then only its files).
    pub excluded: ExcludedLineItems,
    /// Files that contain all of their charges several times.
    pub repeated: Vec<RepeatedFile>,
    /// Charges far outside the bill's days; at most one entry before and one after them per
    /// currency.
    pub outlying: Vec<OutlyingCharges>,
    /// First and last day on which the charges of each file start.
    pub(super) days_of_files: FileDays,
    /// Notes on the figures, one line each.
    pub notes: Vec<String>,
    /// How the amounts were converted; `None` if they are as billed.
    pub exchange: Option<Exchange>,
}

impl Rollup {
    /// Returns the `BillingAccountId`s of its charges; empty if the bill has none.
    ///
    /// # Errors
    /// [`QueryError`].
    pub fn billing_accounts(&self) -> Result<BTreeSet<String>, QueryError> {
        let groups = self.cube.sum_by(&["BillingAccountId"], lit(true))?;
        let ids = groups.into_iter().filter_map(|g| g.keys.into_iter().next().flatten());
        Ok(ids.filter(|id| !id.is_empty()).collect())
    }

    /// Returns the last day before `until` with usage of each of these accounts (`SubAccountId`).
    /// An account without usage before that is missing.
    ///
    /// # Errors
    /// [`QueryError`].
    pub fn last_usage_days(
        &self,
        accounts: &BTreeSet<String>,
        until: NaiveDate,
    ) -> Result<BTreeMap<String, NaiveDate>, QueryError> {
        let mut last: BTreeMap<&str, i32> = BTreeMap::new();
        let usage = col("ChargeCategory").eq(lit("Usage")).and(col("ChargeDay").lt(day_lit(until)));
        self.cube.each_cost(["SubAccountId"], usage, |[account], of, _| {
            if let Some(account) = account.and_then(|account| accounts.get(account)) {
                last.entry(account).and_modify(|known| *known = of.max(*known)).or_insert(of);
            }
        })?;
        Ok(last
            .into_iter()
            .filter_map(|(account, of)| Some((account.to_owned(), day(of)?)))
            .collect())
    }
}

/// Currency conversion of a roll-up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exchange {
    /// Reporting currency.
    pub into: Currency,
    /// Rates used, by currency and month.
    pub rates: BTreeMap<(Currency, Month), MonthRate>,
    /// Roll-ups as billed, one per currency, ordered by currency code.
    pub as_billed: Vec<Rollup>,
    /// Charges without an exchange rate, which are in no converted amount; at most one entry per
    /// currency.
    pub unconverted: Vec<UnconvertedCharges>,
}

/// Sums of commitment charges, and of on-demand usage that a commitment can cover. Grain: calendar
/// month and [`CHARGE_KEYS`]. Unit of amounts: 10⁻¹² of the bill's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChargeSums {
    /// Calendar month of `ChargePeriodStart` (UTC). A charge over several months counts in its
    /// first.
    pub month: Month,
    /// Values of [`CHARGE_KEYS`]; `None` for null and blank.
    pub texts: [Option<String>; CHARGE_KEYS.len()],
    /// Σ `BilledCost`.
    pub billed: i128,
    /// Σ `EffectiveCost`.
    pub effective: i128,
    /// Σ `ListCost`; `None` if it was null in any line item.
    pub list: Option<i128>,
    /// Σ `ContractedCost`; `None` if it was null in any line item.
    pub contracted: Option<i128>,
}
