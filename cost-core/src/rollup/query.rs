//! Grouped sums over the tables of the roll-up, sorted by key.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::cube::{CostCube, ResourceMonths};
use super::keys::LINE_ITEMS;
use super::types::Rollup;
use crate::cells::{day, day_lit};
use crate::focus::ExcludedLineItems;
use crate::money::{Currency, Money, MoneyError, decimal_from_scaled};

/// Cost measure.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[non_exhaustive]
pub enum Measure {
    /// `BilledCost`: the cost as invoiced.
    BilledCost,
    /// `EffectiveCost`: the cost of usage with amortized commitments.
    EffectiveCost,
}

/// Sums of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// Σ `BilledCost`.
    pub billed: Money,
    /// Σ `EffectiveCost`.
    pub effective: Money,
    /// Σ `ListCost`; `None` if it was null in any line item.
    pub list: Option<Money>,
    /// Σ `PricingQuantity`; `None` if it was null in any line item.
    pub quantity: Option<Decimal>,
    /// Number of line items.
    pub line_items: u64,
}

impl Amounts {
    /// Returns the cost of a measure.
    #[must_use]
    pub fn cost(&self, measure: Measure) -> Money {
        match measure {
            Measure::BilledCost => self.billed,
            Measure::EffectiveCost => self.effective,
        }
    }
}

/// Group: its key values in the requested order, and its sums. Days are `YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Key values; `None` for null.
    pub keys: Vec<Option<String>>,
    /// Sums.
    pub amounts: Amounts,
}

impl Group {
    /// Returns the key value `at`, or an empty text.
    #[must_use]
    pub fn key(&self, at: usize) -> &str {
        self.keys.get(at).and_then(Option::as_deref).unwrap_or("")
    }
}

/// Error of a query.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The query engine failed, most often because of a missing key column.
    #[error("roll-up query: {0}")]
    Engine(#[from] PolarsError),
    /// A sum does not fit into 28 digits.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl CostCube {
    /// Returns sums by `keys` (column names) over the rows that match `filter`, sorted by the keys,
    /// nulls last.
    ///
    /// # Errors
    /// [`QueryError`].
    pub fn sum_by(&self, keys: &[&str], filter: Expr) -> Result<Vec<Group>, QueryError> {
        sum_by(self.frame(), keys, filter, self.currency())
    }

    /// Returns sums as [`CostCube::sum_by`], as a map by key values.
    ///
    /// # Errors
    /// [`QueryError`].
    pub fn sum_map(
        &self,
        keys: &[&str],
        filter: Expr,
    ) -> Result<BTreeMap<Vec<Option<String>>, Amounts>, QueryError> {
        Ok(self.sum_by(keys, filter)?.into_iter().map(|g| (g.keys, g.amounts)).collect())
    }

    /// Returns sums over the rows that match `filter`.
    ///
    /// # Errors
    /// [`QueryError`].
    pub fn total(&self, filter: Expr) -> Result<Amounts, QueryError> {
        let mut all = self.sum_by(&[], filter)?;
        Ok(all.pop().map_or_else(|| nothing(self.currency()), |g| g.amounts))
    }
}

impl CostCube {
    /// Calls `take` with the values of `keys` (text columns), the day since 1970, and the
    /// `EffectiveCost` in 10⁻¹² units of each row that matches `filter`, in no specific order. Used
    /// where [`CostCube::sum_by`] would allocate too many texts.
    ///
    /// # Errors
    /// [`QueryError`].
    pub(crate) fn each_cost<const N: usize>(
        &self,
        keys: [&str; N],
        filter: Expr,
        mut take: impl FnMut([Option<&str>; N], i32, i128),
    ) -> Result<(), QueryError> {
        let columns: Vec<Expr> =
            keys.iter().copied().chain(["ChargeDay", "EffectiveCost"]).map(col).collect();
        let mut frame = self.frame().clone().lazy().filter(filter).select(columns).collect()?;
        // One chunk a column: a cell is then found without a search.
        frame.rechunk_mut();
        let texts: PolarsResult<Vec<&StringChunked>> =
            keys.iter().map(|key| frame.column(key)?.str()).collect();
        let texts = texts?;
        let costs = scaled(frame.column("EffectiveCost")?)?;
        let days = frame.column("ChargeDay")?.date()?.physical();
        for (row, (day, cost)) in days.iter().zip(costs).enumerate() {
            let mut values = [None; N];
            for (value, column) in values.iter_mut().zip(&texts) {
                *value = column.get(row);
            }
            if let Some(day) = day {
                take(values, day, cost);
            }
        }
        Ok(())
    }
}

impl Rollup {
    /// Returns a roll-up with some rows of both tables, for queries only: without files, notes, and
    /// commitments.
    pub(crate) fn with_rows(
        &self,
        cube: &[IdxSize],
        resources: &[IdxSize],
    ) -> Result<Self, QueryError> {
        let rows = |rows: &[IdxSize]| IdxCa::from_slice("".into(), rows);
        Ok(Self {
            cube: self.cube.with_rows(&rows(cube))?,
            resources: self.resources.with_rows(&rows(resources))?,
            commitments: None,
            line_items: self.line_items,
            files: Vec::new(),
            repairs: Vec::new(),
            as_is: self.as_is,
            excluded: ExcludedLineItems::default(),
            repeated: Vec::new(),
            notes: Vec::new(),
            exchange: None,
        })
    }
}

impl ResourceMonths {
    /// Returns sums by `keys` (column names) over the rows that match `filter`, sorted by the keys,
    /// nulls last.
    ///
    /// # Errors
    /// [`QueryError`].
    pub fn sum_by(&self, keys: &[&str], filter: Expr) -> Result<Vec<Group>, QueryError> {
        sum_by(self.frame(), keys, filter, self.currency())
    }
}

/// Row of the resource table, as passed by [`ResourceMonths::each`].
pub(crate) struct ResourceRow<'a, const N: usize> {
    /// Values of the requested keys.
    pub(crate) keys: [Option<&'a str>; N],
    /// First day of the month, days since 1970.
    pub(crate) month: i32,
    /// `EffectiveCost`, in 10⁻¹² units.
    pub(crate) effective: i128,
    /// `ListCost`, in 10⁻¹² units, if it is known.
    pub(crate) list: Option<i128>,
    /// `PricingQuantity`, in 10⁻¹² units, if it is known.
    pub(crate) quantity: Option<i128>,
    /// First day with usage in the month, days since 1970.
    pub(crate) first_day: Option<i32>,
    /// Last day with usage in the month, days since 1970.
    pub(crate) last_day: Option<i32>,
}

impl ResourceMonths {
    /// Calls `take` with each row that matches `filter`, in the order of the table.
    ///
    /// # Errors
    /// [`QueryError`], and errors of `take`.
    pub(crate) fn each<const N: usize, E: From<QueryError>>(
        &self,
        keys: [&str; N],
        filter: Expr,
        mut take: impl FnMut(ResourceRow<'_, N>) -> Result<(), E>,
    ) -> Result<(), E> {
        let days = ["FirstDay", "LastDay"];
        let names = ["ChargeMonth", SUMS[1], SUMS[2], SUMS[3], SUMS[4], SUMS[5], days[0], days[1]];
        // A key may be requested twice.
        let aliases: [String; N] = std::array::from_fn(|at| format!("key {at}"));
        let of_keys = keys.iter().zip(&aliases).map(|(key, alias)| col(*key).alias(alias));
        let columns: Vec<Expr> = of_keys.chain(names.iter().map(|name| col(*name))).collect();
        let read = || -> Result<DataFrame, PolarsError> {
            let mut frame = self.frame().clone().lazy().filter(filter).select(columns).collect()?;
            frame.rechunk_mut();
            Ok(frame)
        };
        let frame = read().map_err(QueryError::from)?;
        let column = |name: &str| frame.column(name).map_err(|e| E::from(QueryError::from(e)));
        let money = |name: &str| scaled(column(name)?).map_err(|e| E::from(QueryError::from(e)));
        let count = |name: &str| Ok::<_, E>(column(name)?.i64().map_err(QueryError::from)?.clone());
        let texts =
            aliases.iter().map(|key| Ok::<_, E>(column(key)?.str().map_err(QueryError::from)?));
        let texts = texts.collect::<Result<Vec<_>, E>>()?;
        let months = column(names[0])?.date().map_err(QueryError::from)?.physical();
        let (effective, list, quantity) = (money(names[1])?, money(names[2])?, money(names[3])?);
        let (no_list, no_quantity) = (count(names[4])?, count(names[5])?);
        let first_days = column(names[6])?.date().map_err(QueryError::from)?.physical();
        let last_days = column(names[7])?.date().map_err(QueryError::from)?.physical();
        for row in 0..frame.height() {
            let known = |unknown: &Int64Chunked| unknown.get(row) == Some(0);
            let Some(month) = months.get(row) else { continue };
            let mut values = [None; N];
            for (value, column) in values.iter_mut().zip(&texts) {
                *value = column.get(row);
            }
            take(ResourceRow {
                keys: values,
                month,
                effective: effective[row],
                list: known(&no_list).then_some(list[row]),
                quantity: known(&no_quantity).then_some(quantity[row]),
                first_day: first_days.get(row),
                last_day: last_days.get(row),
            })?;
        }
        Ok(())
    }
}

/// Returns a filter for days in the half-open range.
pub(crate) fn days_in(column: &str, from: NaiveDate, to: NaiveDate) -> Expr {
    col(column).gt_eq(day_lit(from)).and(col(column).lt(day_lit(to)))
}

/// Returns a filter for usage: `ChargeCategory` "Usage" that is not a correction of an earlier
/// period.
pub(crate) fn is_usage() -> Expr {
    col("ChargeCategory").eq(lit("Usage")).and(col("ChargeClass").is_null())
}

/// Returns a filter for usage without unused commitments.
pub(crate) fn is_used() -> Expr {
    is_usage().and(col("CommitmentDiscountStatus").eq_missing(lit("Unused")).not())
}

pub(crate) fn nothing(currency: Currency) -> Amounts {
    let zero = Money::zero(currency);
    Amounts {
        billed: zero,
        effective: zero,
        list: Some(zero),
        quantity: Some(Decimal::ZERO),
        line_items: 0,
    }
}

const SUMS: [&str; 7] = [
    "BilledCost",
    "EffectiveCost",
    "ListCost",
    "PricingQuantity",
    "ListCostUnknown",
    "PricingQuantityUnknown",
    LINE_ITEMS,
];

fn sum_by(
    frame: &DataFrame,
    keys: &[&str],
    filter: Expr,
    currency: Currency,
) -> Result<Vec<Group>, QueryError> {
    let by: Vec<Expr> = keys.iter().map(|k| col(*k)).collect();
    let sums = SUMS.map(|s| col(s).sum());
    let lazy = frame.clone().lazy().filter(filter);
    let frame = if by.is_empty() {
        lazy.select(sums).collect()?
    } else {
        let order = SortMultipleOptions::default().with_nulls_last(true);
        lazy.group_by(by.clone()).agg(sums).sort_by_exprs(by, order).collect()?
    };
    let keys = keys
        .iter()
        .map(|k| key_values(frame.column(k)?))
        .collect::<Result<Vec<_>, PolarsError>>()?;
    let money = |name: &str| frame.column(name).and_then(scaled);
    let count = |name: &str| {
        Ok::<_, PolarsError>(
            frame
                .column(name)?
                .cast(&DataType::Int64)?
                .i64()?
                .iter()
                .map(Option::unwrap_or_default)
                .collect::<Vec<_>>(),
        )
    };
    let (billed, effective, list, quantity) =
        (money(SUMS[0])?, money(SUMS[1])?, money(SUMS[2])?, money(SUMS[3])?);
    let (list_unknown, quantity_unknown, items) =
        (count(SUMS[4])?, count(SUMS[5])?, count(SUMS[6])?);
    (0..frame.height())
        .map(|row| {
            let known = |unknown: &[i64]| unknown[row] == 0;
            let amounts = Amounts {
                billed: Money::from_scaled(billed[row], currency)?,
                effective: Money::from_scaled(effective[row], currency)?,
                list: known(&list_unknown)
                    .then(|| Money::from_scaled(list[row], currency))
                    .transpose()?,
                quantity: known(&quantity_unknown)
                    .then(|| decimal_from_scaled(quantity[row]))
                    .transpose()?,
                line_items: u64::try_from(items[row]).unwrap_or(0),
            };
            Ok(Group { keys: keys.iter().map(|k| k[row].clone()).collect(), amounts })
        })
        .collect()
}

/// Upper limit of sums that fit into `Decimal(38, 12)`, in units of 10⁻¹².
const TOO_LARGE: i128 = 10_i128.pow(38);

/// Returns whether every sum of any rows of a table fits into `Decimal(38, 12)`. Otherwise the
/// engine panics or overflows silently.
pub(super) fn all_sums_fit(frame: &DataFrame) -> PolarsResult<bool> {
    for name in &SUMS[..4] {
        let sum = scaled(frame.column(name)?)?
            .iter()
            .try_fold(0_i128, |sum, v| sum.checked_add(v.checked_abs()?));
        if sum.is_none_or(|sum| sum >= TOO_LARGE) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns the cells of a `Decimal(38, 12)` column in units of 10⁻¹². Null counts as zero.
pub(crate) fn scaled(column: &Column) -> PolarsResult<Vec<i128>> {
    let physical = column.as_materialized_series().to_physical_repr().into_owned();
    Ok(physical.i128()?.iter().map(Option::unwrap_or_default).collect())
}

fn key_values(column: &Column) -> PolarsResult<Vec<Option<String>>> {
    Ok(match column.dtype() {
        DataType::Date => column
            .date()?
            .physical()
            .iter()
            .map(|d| d.and_then(day).map(|d| d.to_string()))
            .collect(),
        DataType::Boolean => column.bool()?.iter().map(|b| b.map(|b| b.to_string())).collect(),
        _ => column.str()?.iter().map(|s| s.map(ToOwned::to_owned)).collect(),
    })
}
