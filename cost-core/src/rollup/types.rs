//! What the roll-up makes of a bill.

use std::collections::BTreeMap;

use super::cube::{CostCube, ResourceMonths};
use super::keys::CHARGE_KEYS;
use super::repeats::RepeatedFile;
use crate::exchange::MonthRate;
use crate::focus::repair::Repair;
use crate::focus::{LeftOut, SourceFile};
use crate::money::Currency;
use crate::month::Month;

/// What the roll-up makes of a bill.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rollup {
    /// Costs by day.
    pub cube: CostCube,
    /// Costs by resource and calendar month.
    pub resources: ResourceMonths,
    /// Charges that commitments are judged by, in order of month and [`CHARGE_KEYS`], nulls first.
    /// `None` if they were not asked for ([`RollUpOptions`](super::RollUpOptions)), or if amounts
    /// are converted: commitments are bought in the currency of the bill.
    pub commitments: Option<Vec<ChargeSums>>,
    /// Line items read.
    pub line_items: u64,
    /// What became of each file; empty if the bill was not read from files.
    pub files: Vec<SourceFile>,
    /// What rules changed of what exporters are known to write otherwise, or left in doubt; see
    /// [`crate::focus::repair`].
    pub repairs: Vec<Repair>,
    /// Whether the bill was read without repair.
    pub as_is: bool,
    /// What is in other currencies: left out because one was asked for, or, of a bill in several,
    /// in the roll-ups beside this one (then its files alone).
    pub left_out: LeftOut,
    /// Files that hold all of their charges several times.
    pub repeated: Vec<RepeatedFile>,
    /// What a reader of the numbers should know, a line each.
    pub notes: Vec<String>,
    /// How the amounts came from other currencies; `None` if they are as billed.
    pub exchange: Option<Exchange>,
}

/// How the amounts of a roll-up came from other currencies.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exchange {
    /// Currency converted into.
    pub into: Currency,
    /// Rates used, by currency and month.
    pub rates: BTreeMap<(Currency, Month), MonthRate>,
    /// What was converted: the roll-ups as billed, one a currency, in the order of their codes.
    pub as_billed: Vec<Rollup>,
}

/// Sums of the charges of commitments, and of usage on demand that a commitment can pay for. Grain:
/// calendar month and [`CHARGE_KEYS`]. Unit of amounts: 10⁻¹² of the bill's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChargeSums {
    /// Calendar month of `ChargePeriodStart` (UTC): a charge of several months is in its first.
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
