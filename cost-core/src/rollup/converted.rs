//! Conversion to one reporting currency, with one rate per currency and month.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::*;

use super::cube::{CostCube, ResourceMonths};
use super::keys::MEASURES;
use super::query::{Amounts, QueryError, scaled};
use super::types::{Exchange, Rollup};
use super::unconverted::{Far, UnconvertedCharges, are_few, charges_in};
use crate::cells::day;
use crate::exchange::{Factor, MonthRate, RateTable};
use crate::focus::{ExcludedLineItems, SourceFile};
use crate::money::{Currency, Money, MoneyError};
use crate::month::Month;

/// Error from currency conversion.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// An exchange rate is missing.
    #[error(
        "there is no exchange rate from {currency} to {into} for {month}, in which charges start on {day} (searched: {sources}); \
         name a file with this rate with --rates or in [currency]; docs/bills.md describes its format"
    )]
    NoRate {
        /// Currency of the charges.
        currency: Currency,
        /// Reporting currency.
        into: Currency,
        /// Month of the charges.
        month: Month,
        /// First day with charges in the month.
        day: NaiveDate,
        /// Sources that were searched for rates.
        sources: String,
    },
    /// An amount does not fit into 28 digits.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The query engine failed.
    #[error("cannot convert: {0}")]
    Engine(#[from] PolarsError),
}

impl From<QueryError> for ExchangeError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Money(e) => Self::Money(e),
            QueryError::Engine(e) => Self::Engine(e),
        }
    }
}

/// Rates for the charges of one currency. Each month is looked up once.
struct Rates<'a> {
    currency: Currency,
    into: Currency,
    tables: &'a [RateTable],
    /// Month of the bill's last day. Its rate applies to charges that are spread over later days.
    last: Option<Month>,
    /// Months that do not need a rate.
    far: Far<'a>,
    found: BTreeMap<Month, (MonthRate, Factor)>,
    /// Far months without a rate, with the first day that needs it and the error.
    lacking: BTreeMap<Month, ExchangeError>,
}

/// A table with converted costs.
struct Converted {
    frame: DataFrame,
    /// Positions of the rows that could not be converted, and that it does not have.
    left: Vec<IdxSize>,
}

impl Rates<'_> {
    /// Returns the rate of a day; `None` if it is far outside the bill's days, and has none.
    fn of(&mut self, of: NaiveDate) -> Result<Option<Factor>, ExchangeError> {
        let month = self.last.map_or(Month::of(of), |last| last.min(Month::of(of)));
        if let Some((_, factor)) = self.found.get(&month) {
            return Ok(Some(*factor));
        }
        if self.lacking.contains_key(&month) {
            return Ok(None);
        }
        match self.look_up(month, of) {
            Ok(factor) => Ok(Some(factor)),
            Err(error) if self.far.holds(of) => {
                self.lacking.insert(month, error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn look_up(&mut self, month: Month, of: NaiveDate) -> Result<Factor, ExchangeError> {
        let rate = self.tables.iter().find_map(|t| t.month(self.currency, self.into, month));
        let rate = rate.ok_or_else(|| {
            let sources: Vec<&str> = self.tables.iter().map(RateTable::source).collect();
            let sources = if sources.is_empty() {
                "the bill, which has none".to_owned()
            } else {
                sources.join("; ")
            };
            ExchangeError::NoRate {
                currency: self.currency,
                into: self.into,
                month,
                day: of,
                sources,
            }
        })?;
        let factor = Factor::of(rate.rate);
        self.found.insert(month, (rate, factor));
        Ok(factor)
    }

    /// Returns a table with converted costs: `BilledCost` by the month of the days in `billed_in`,
    /// the others by the month of `spent_in`. It lacks the rows with a cost that has no rate.
    fn table(
        &mut self,
        frame: &DataFrame,
        billed_in: &str,
        spent_in: &str,
    ) -> Result<Converted, ExchangeError> {
        let days = |name: &str| -> PolarsResult<Vec<Option<NaiveDate>>> {
            Ok(frame.column(name)?.date()?.physical().iter().map(|d| d.and_then(day)).collect())
        };
        let (billed_in, spent_in) = (days(billed_in)?, days(spent_in)?);
        let mut columns = Vec::with_capacity(frame.width());
        let mut left = BTreeSet::new();
        for column in frame.columns() {
            let name = column.name().as_str();
            if !COSTS.contains(&name) {
                columns.push(column.clone());
                continue;
            }
            let days = if name == COSTS[0] { &billed_in } else { &spent_in };
            let mut amounts = scaled(column)?;
            for (row, (amount, day)) in (0..).zip(amounts.iter_mut().zip(days)) {
                if let (Some(day), true) = (day, *amount != 0) {
                    match self.of(*day)? {
                        Some(factor) => *amount = factor.scaled(*amount)?,
                        None => drop(left.insert(row)),
                    }
                }
            }
            let amounts = Int128Chunked::from_iter_values(name.into(), amounts.into_iter());
            columns.push(amounts.into_decimal_unchecked(38, 12).into_series().into_column());
        }
        let left: Vec<IdxSize> = left.into_iter().collect();
        let frame = without(DataFrame::new(frame.height(), columns)?, &left)?;
        Ok(Converted { frame, left })
    }

    /// Returns the charges of a roll-up in the rows of its daily table that could not be converted.
    ///
    /// # Errors
    /// The missing rate, if they are not only a few.
    fn unconverted(
        &mut self,
        rollup: &Rollup,
        rows: &[IdxSize],
    ) -> Result<Option<UnconvertedCharges>, ExchangeError> {
        let months = self.lacking.keys().next().zip(self.lacking.keys().next_back());
        let Some((first, last)) = months.map(|(first, last)| (*first, *last)) else {
            return Ok(None);
        };
        if rows.is_empty() {
            return Ok(None);
        }
        let charges = charges_in(&rollup.cube, rows, (first, last))?;
        match self.lacking.remove(&first) {
            Some(error) if !are_few(charges.line_items, rollup.cube.line_items()) => Err(error),
            _ => Ok(Some(charges)),
        }
    }
}

/// Returns a table without the rows at these positions, which are sorted.
fn without(frame: DataFrame, rows: &[IdxSize]) -> PolarsResult<DataFrame> {
    if rows.is_empty() {
        return Ok(frame);
    }
    let height = IdxSize::try_from(frame.height()).unwrap_or(IdxSize::MAX);
    let kept: Vec<IdxSize> = (0..height).filter(|row| rows.binary_search(row).is_err()).collect();
    frame.take(&IdxCa::from_slice("".into(), &kept))
}

/// Measures that are amounts of money: all except the quantity.
const COSTS: [&str; 4] = [MEASURES[0], MEASURES[1], MEASURES[2], MEASURES[3]];

/// Converts the roll-ups of a bill's currencies to one in `into`. The first of `tables` that has a
/// rate is used.
///
/// `BilledCost` is converted at the rate of the month in which the billing period starts, other
/// costs at that of the charge's month, for each row of the daily table, rounded half-even to
/// 10⁻¹². `BillingCurrency` stays that of the bill. A few charges far outside the bill's days, for
/// whose month there is no rate, are in [`Exchange::unconverted`] and not in the tables.
///
/// # Errors
/// [`ExchangeError`], mainly for a missing rate. Rates are never guessed.
pub fn convert(
    rollups: Vec<Rollup>,
    into: Currency,
    tables: &[RateTable],
) -> Result<Rollup, ExchangeError> {
    let Tables { rates, cubes, resources, unconverted } = tables_in(&rollups, into, tables)?;
    // The roll-ups of one bill have the days of the entire bill.
    let coverage = rollups.first().map(|r| r.cube.coverage().clone()).unwrap_or_default();
    let tag_keys = rollups.first().map(|r| r.cube.tag_keys().to_vec()).unwrap_or_default();
    let mut notes = notes(&rollups);
    if !rates.is_empty() {
        let from: BTreeSet<String> =
            rates.keys().map(|(currency, _)| currency.to_string()).collect();
        let from = from.into_iter().collect::<Vec<_>>().join(", ");
        notes.push(format!(
            "amounts billed in {from} are converted to {into}, each month at its own rate"
        ));
    }
    notes.extend(unconverted.iter().map(|u| u.note(into)));
    Ok(Rollup {
        cube: CostCube::new(together(cubes)?, into, tag_keys, coverage),
        resources: ResourceMonths::new(together(resources)?, into),
        commitments: None,
        line_items: rollups.iter().map(|r| r.line_items).sum(),
        files: files(&rollups),
        repairs: rollups.iter().flat_map(|r| r.repairs.clone()).collect(),
        as_is: rollups.iter().any(|r| r.as_is),
        excluded: if let [one] = rollups.as_slice() {
            one.excluded.clone()
        } else {
            ExcludedLineItems::default()
        },
        repeated: rollups
            .iter()
            .flat_map(|r| r.repeated.clone())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        outlying: rollups.iter().flat_map(|r| r.outlying.clone()).collect(),
        days_of_files: BTreeMap::new(),
        notes,
        exchange: Some(Exchange { into, rates, as_billed: rollups, unconverted }),
    })
}

/// The tables of all currencies, converted.
#[derive(Default)]
struct Tables {
    rates: BTreeMap<(Currency, Month), MonthRate>,
    cubes: Vec<DataFrame>,
    resources: Vec<DataFrame>,
    unconverted: Vec<UnconvertedCharges>,
}

fn tables_in(
    rollups: &[Rollup],
    into: Currency,
    tables: &[RateTable],
) -> Result<Tables, ExchangeError> {
    let mut all = Tables::default();
    for rollup in rollups {
        let (cube, of_months, currency) =
            (rollup.cube.frame(), rollup.resources.frame(), rollup.cube.currency());
        if currency == into {
            all.cubes.push(cube.clone());
            all.resources.push(of_months.clone());
            continue;
        }
        let last = rollup.cube.days().map(|(_, last)| Month::of(last));
        let mut of_currency = Rates {
            currency,
            into,
            tables,
            last,
            far: Far::of(&rollup.cube),
            found: BTreeMap::new(),
            lacking: BTreeMap::new(),
        };
        let by_day = of_currency.table(cube, "BillingPeriodStart", "ChargeDay")?;
        all.cubes.push(by_day.frame);
        all.resources.push(of_currency.table(of_months, "ChargeMonth", "ChargeMonth")?.frame);
        all.unconverted.extend(of_currency.unconverted(rollup, &by_day.left)?);
        all.rates.extend(
            of_currency.found.into_iter().map(|(month, (rate, _))| ((currency, month), rate)),
        );
    }
    Ok(all)
}

/// Concatenates tables and sorts the rows by key.
fn together(tables: Vec<DataFrame>) -> PolarsResult<DataFrame> {
    let mut tables = tables.into_iter();
    let mut all = tables.next().unwrap_or_default();
    let mut several = false;
    for table in tables {
        all.vstack_mut(&table)?;
        several = true;
    }
    if !several {
        return Ok(all);
    }
    all.rechunk_mut();
    let keys: Vec<PlSmallStr> =
        all.get_column_names_owned().into_iter().take_while(|n| n != MEASURES[0]).collect();
    all.sort(keys, SortMultipleOptions::default().with_nulls_last(true).with_maintain_order(true))
}

/// Returns the files, with the line items of all currencies.
fn files(rollups: &[Rollup]) -> Vec<SourceFile> {
    let mut all: Vec<SourceFile> = Vec::new();
    for file in rollups.iter().flat_map(|r| &r.files) {
        match all.iter_mut().find(|f| f.path == file.path) {
            Some(known) => {
                known.line_items = known.line_items.zip(file.line_items).map(|(a, b)| a + b);
            }
            None => all.push(file.clone()),
        }
    }
    all
}

/// Returns the notes: those of all currencies once, others with their currency.
fn notes(rollups: &[Rollup]) -> Vec<String> {
    let of_all = |note: &String| rollups.iter().all(|r| r.notes.contains(note));
    let common =
        rollups.first().into_iter().flat_map(|r| r.notes.iter().filter(|n| of_all(n)).cloned());
    let own = |r: &Rollup| {
        let currency = r.cube.currency();
        r.notes
            .iter()
            .filter(|n| !of_all(n))
            .map(|n| format!("charges in {currency}: {n}"))
            .collect::<Vec<_>>()
    };
    common.chain(rollups.iter().flat_map(own)).collect()
}

/// `BilledCost` and `EffectiveCost`.
pub(crate) type Costs = (Money, Money);

impl Exchange {
    /// Returns the rate of a currency in a month, or the last earlier one.
    fn factor(&self, currency: Currency, month: Month) -> Option<Factor> {
        let until = self.rates.range(..=(currency, month)).next_back();
        until.filter(|((of, _), _)| *of == currency).map(|(_, rate)| Factor::of(rate.rate))
    }

    /// Converts an amount at the rate of a month.
    ///
    /// # Errors
    /// [`MoneyError`] if the result does not fit, or its currency has no rate.
    pub(crate) fn money(&self, amount: Money, month: Month) -> Result<Money, MoneyError> {
        if amount.currency() == self.into {
            return Ok(amount);
        }
        match self.factor(amount.currency(), month) {
            Some(factor) => factor.money(amount, self.into),
            // Only a cost of zero has no rate.
            None if amount.amount().is_zero() => Ok(Money::zero(self.into)),
            None => Err(MoneyError::MixedCurrency { left: self.into, right: amount.currency() }),
        }
    }

    /// Returns the effect of exchange rates: the cost of the charges that match `filter`, all in
    /// month `then`, at the rates of month `now`, minus their cost at the rates of `then`, by
    /// `keys`. A currency without charges in `now` has no part.
    ///
    /// # Errors
    /// [`QueryError`].
    pub(crate) fn part_of_rates(
        &self,
        (then, now): (Month, Month),
        keys: &[&str],
        filter: &Expr,
    ) -> Result<BTreeMap<Vec<Option<String>>, Costs>, QueryError> {
        let zero = Money::zero(self.into);
        let mut sums: BTreeMap<Vec<Option<String>>, Costs> = BTreeMap::new();
        for cube in self.as_billed.iter().map(|r| &r.cube) {
            let part = |amount: Money| self.money(amount, now)?.try_sub(self.money(amount, then)?);
            for group in cube.sum_by(keys, filter.clone())? {
                let Amounts { billed, effective, .. } = group.amounts;
                let sum = sums.entry(group.keys).or_insert((zero, zero));
                *sum = (sum.0.try_add(part(billed)?)?, sum.1.try_add(part(effective)?)?);
            }
        }
        Ok(sums)
    }
}
