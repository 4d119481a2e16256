//! Column decoding, run inside the engine batch by batch. Each kernel handles the data type of its
//! input.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use polars::prelude::*;

use super::optional::{Nothing, Optional};
use super::{text, written};
use crate::money::SCALE;

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// Number of cells with digits beyond 12 decimal places, which were rounded half-even. All clones
/// share one counter.
#[derive(Clone, Debug, Default)]
pub struct RoundedCells(Arc<AtomicU64>);

impl RoundedCells {
    /// Returns the number of rounded cells so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Clears the count. Called before each scan.
    pub(crate) fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Converts a column to its base type: categories and bytes to text, small numbers to larger ones.
fn plain(column: &Column) -> PolarsResult<Series> {
    let series = column.as_materialized_series();
    let wider = match series.dtype() {
        DataType::Int8 | DataType::Int16 | DataType::UInt8 | DataType::UInt16 => DataType::Int64,
        DataType::Binary => DataType::String,
        known
            if known.is_primitive_numeric()
                || known.is_decimal()
                || known.is_temporal()
                || known.is_nested() =>
        {
            return Ok(series.clone());
        }
        DataType::String | DataType::Boolean | DataType::Null => return Ok(series.clone()),
        // Categories, under any name of the engine.
        _ => DataType::String,
    };
    series.cast(&wider)
}

pub(super) fn decimal_type() -> DataType {
    DataType::Decimal(38, usize::try_from(SCALE).unwrap_or(12))
}

fn bad(column: &str) -> PolarsError {
    // `locate` finds the row, outside the hot path.
    polars_err!(ComputeError: "undecodable cell in column {column}")
}

/// Converts any column to `Decimal(38, 12)`. If `optional` is `None`, a cell that is not a number
/// is an error.
pub(super) fn to_decimal(
    column: &Column,
    rounded: &RoundedCells,
    optional: Option<Optional<'_>>,
) -> PolarsResult<Column> {
    let name = column.name().clone();
    if column.dtype() == &decimal_type() {
        return Ok(column.clone());
    }
    let series = &plain(column)?;
    let (mut rounded_here, mut nothing) = (0_u64, Nothing::default());
    let mut keep = |s: Option<text::Scaled>, text: &dyn Fn() -> String| match s {
        Some(s) => {
            rounded_here += u64::from(s.rounded);
            Cell::Value(s.value)
        }
        None if optional.is_some() && nothing.is_it(text()) => Cell::Null,
        None => Cell::Bad,
    };
    let values: Int128Chunked = match series.dtype() {
        DataType::String => decode(series.str()?.iter(), |t| {
            if text::is_null_text(t) {
                Cell::Null
            } else {
                keep(text::decimal(t), &|| t.to_owned())
            }
        }),
        DataType::Float64 => {
            decode(series.f64()?.iter(), |v| keep(text::decimal_from_f64(v), &|| v.to_string()))
        }
        DataType::Float32 => decode(series.f32()?.iter(), |v| {
            keep(text::decimal(&format!("{v:e}")), &|| v.to_string())
        }),
        DataType::Decimal(_, scale) => {
            let scale = *scale;
            let physical = series.to_physical_repr().into_owned();
            decode(physical.i128()?.iter(), |v| keep(rescale(v, scale), &String::new))
        }
        DataType::Int32 | DataType::Int64 | DataType::UInt32 | DataType::UInt64 => {
            let text = series.cast(&DataType::String)?;
            decode(text.str()?.iter(), |t| keep(text::decimal(t), &String::new))
        }
        DataType::Null => Some(Int128Chunked::full_null(name.clone(), series.len())),
        _ => None,
    }
    .ok_or_else(|| bad(&name))?;
    if rounded_here > 0 {
        rounded.0.fetch_add(rounded_here, Ordering::Relaxed);
    }
    if let Some(optional) = optional {
        nothing.report(optional);
    }
    Ok(values.with_name(name).into_decimal_unchecked(38, 12).into_series().into_column())
}

/// Converts any column to text, nested ones to JSON. A cell that is not text is an error in a
/// required column; elsewhere it becomes null and is counted.
pub(super) fn to_text(column: &Column, optional: Option<Optional<'_>>) -> PolarsResult<Column> {
    if column.dtype() == &DataType::String {
        return Ok(column.clone());
    }
    let series = column.as_materialized_series();
    let texts = written::texts(series)?;
    let lost = texts.null_count().saturating_sub(series.null_count());
    if lost > 0 {
        let Some(optional) = optional else { return Err(bad(column.name())) };
        let is_lost = |row: &usize| {
            texts.get(*row).is_none() && series.get(*row).is_ok_and(|cell| cell != AnyValue::Null)
        };
        let example = (0..texts.len()).filter(is_lost).map(|row| written::shown(series, row)).min();
        optional.unread.add(optional.column, lost, &example.unwrap_or_default());
    }
    Ok(texts.with_name(column.name().clone()).into_series().into_column())
}

enum Cell<T> {
    Null,
    Value(T),
    Bad,
}

/// Decodes cell by cell; `None` at the first cell that cannot be decoded.
fn decode<T, N>(
    cells: impl ExactSizeIterator<Item = Option<T>>,
    mut cell: impl FnMut(T) -> Cell<N::Native>,
) -> Option<ChunkedArray<N>>
where
    N: PolarsNumericType,
    ChunkedArray<N>: NewChunkedArray<N, N::Native>,
{
    let mut builder = PrimitiveChunkedBuilder::<N>::new(PlSmallStr::EMPTY, cells.len());
    for value in cells {
        match value.map_or(Cell::Null, &mut cell) {
            Cell::Null => builder.append_null(),
            Cell::Value(v) => builder.append_value(v),
            Cell::Bad => return None,
        }
    }
    Some(builder.finish())
}

fn rescale(value: i128, scale: usize) -> Option<text::Scaled> {
    let digits = format!("{value}e-{scale}");
    text::decimal(&digits)
}

/// Valid first days of charges and billing periods, as days since 1970: 2000 to 2099. The first
/// cloud bill is from 2006. Other dates come from damaged files or mean "none", and a series of
/// days up to year 9999 needs more memory than there is.
const BILLED_DAYS: std::ops::Range<i64> = 10_957..47_482;

fn billed_day(day: i64) -> Cell<i32> {
    if BILLED_DAYS.contains(&day) {
        i32::try_from(day).map_or(Cell::Bad, Cell::Value)
    } else {
        Cell::Bad
    }
}

/// Returns the days unchanged. All must be valid first days of charges.
fn billed_days(column: &Column) -> PolarsResult<Column> {
    let days = column.as_materialized_series().to_physical_repr().into_owned();
    let is_billed = |day: i32| matches!(billed_day(i64::from(day)), Cell::Value(_));
    if days.i32()?.iter().flatten().all(is_billed) {
        Ok(column.clone())
    } else {
        Err(bad(column.name()))
    }
}

/// Converts any column of instants or days to the UTC `Date`.
pub(super) fn to_day(column: &Column) -> PolarsResult<Column> {
    if column.dtype() == &DataType::Date {
        return billed_days(column);
    }
    let day_of = |us: i64| billed_day(us.div_euclid(MICROS_PER_DAY));
    let days: Int32Chunked = instants(column, day_of, |_| false)?;
    Ok(days.with_name(column.name().clone()).into_date().into_series().into_column())
}

/// Largest lead of a local midnight over UTC midnight, microseconds: UTC+14, Kiribati.
const FURTHEST_EAST: i64 = 14 * 3_600_000_000;

/// Converts any column of instants or days to the first day of a billing period.
///
/// A billing period starts at local midnight of the invoice issuer: 16:00 UTC on the day before in
/// Shanghai, 07:00 UTC in Los Angeles. A start within the last hours of a month in UTC is the first
/// day of the next month.
pub(super) fn to_period(column: &Column) -> PolarsResult<Column> {
    if column.dtype() == &DataType::Date {
        return billed_days(column);
    }
    let day_of = |us: i64| {
        let (day, east) = (
            us.div_euclid(MICROS_PER_DAY),
            us.saturating_add(FURTHEST_EAST).div_euclid(MICROS_PER_DAY),
        );
        let first_of_month = |day: i64| {
            use chrono::Datelike;
            i32::try_from(day).ok().and_then(crate::cells::day).is_some_and(|d| d.day() == 1)
        };
        let day = if east > day && first_of_month(east) { east } else { day };
        billed_day(day)
    };
    let days: Int32Chunked = instants(column, day_of, |_| false)?;
    Ok(days.with_name(column.name().clone()).into_date().into_series().into_column())
}

pub(super) fn instant_type() -> DataType {
    DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
}

/// Converts any column of instants or days to `Datetime(µs, UTC)`. If `optional` is `None`, a
/// placeholder is an error, as other text is.
pub(super) fn to_instant(column: &Column, optional: Option<Optional<'_>>) -> PolarsResult<Column> {
    let us: Int64Chunked = if column.dtype() == &DataType::Date {
        let days = column.as_materialized_series().to_physical_repr().into_owned();
        decode(days.i32()?.iter(), |d| Cell::Value(i64::from(d) * MICROS_PER_DAY))
            .ok_or_else(|| bad(column.name()))?
    } else {
        optional_instants(column, Cell::Value, optional)?
    };
    let named = us.with_name(column.name().clone());
    Ok(named.into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)).into_series().into_column())
}

/// Same as [`instants`]. Placeholders become null and are counted if `optional` is set.
fn optional_instants(
    column: &Column,
    make: impl Fn(i64) -> Cell<i64>,
    optional: Option<Optional<'_>>,
) -> PolarsResult<Int64Chunked> {
    let mut nothing = Nothing::default();
    let us = instants(column, make, |t| optional.is_some() && nothing.is_it(t.to_owned()))?;
    if let Some(optional) = optional {
        nothing.report(optional);
    }
    Ok(us)
}

/// Quarter of an hour, microseconds. Midnight of every time zone is at a multiple of it.
const QUARTER: i64 = 900_000_000;
/// Longest time before a midnight at which an end still means that midnight (`23:59:59`). One
/// second, microseconds: the smallest step in exports and databases.
const LAST_MOMENT: i64 = 1_000_000;

/// Converts any column of instants to the ends of charges, `Datetime(µs, UTC)`. FOCUS periods are
/// half-open, so an end in the last second of a day becomes the midnight that follows.
pub(super) fn to_end(column: &Column, optional: Option<Optional<'_>>) -> PolarsResult<Column> {
    let next_midnight = |us: i64| {
        let left = QUARTER - us.rem_euclid(QUARTER);
        if left <= LAST_MOMENT { us.saturating_add(left) } else { us }
    };
    if column.dtype() == &DataType::Date {
        return to_instant(column, optional);
    }
    let us = optional_instants(column, |us| Cell::Value(next_midnight(us)), optional)?;
    let named = us.with_name(column.name().clone());
    Ok(named.into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)).into_series().into_column())
}

/// Returns each cell's instant, as `make` converts it, in microseconds since the UTC epoch; null
/// for text for which `is_nothing` is true.
fn instants<N>(
    column: &Column,
    make: impl Fn(i64) -> Cell<N::Native>,
    mut is_nothing: impl FnMut(&str) -> bool,
) -> PolarsResult<ChunkedArray<N>>
where
    N: PolarsNumericType,
    ChunkedArray<N>: NewChunkedArray<N, N::Native>,
{
    let series = &plain(column)?;
    match series.dtype() {
        DataType::String => {
            // Exports repeat a few instants, so the last one is stored.
            let mut last: Option<(String, i64)> = None;
            decode(series.str()?.iter(), |t| {
                if text::is_null_text(t) {
                    return Cell::Null;
                }
                if let Some((_, us)) = last.as_ref().filter(|(seen, _)| seen == t) {
                    return make(*us);
                }
                match text::instant_us(t) {
                    Some(us) => {
                        last = Some((t.to_owned(), us));
                        make(us)
                    }
                    None if is_nothing(t) => Cell::Null,
                    None => Cell::Bad,
                }
            })
        }
        DataType::Datetime(unit, _) => {
            let per_us = match unit {
                TimeUnit::Nanoseconds => (1, 1000),
                TimeUnit::Microseconds => (1, 1),
                TimeUnit::Milliseconds => (1000, 1),
            };
            let physical = series.to_physical_repr().into_owned();
            decode(physical.i64()?.iter(), |v| {
                v.checked_mul(per_us.0).map_or(Cell::Bad, |v| make(v.div_euclid(per_us.1)))
            })
        }
        DataType::Null => Some(ChunkedArray::full_null(PlSmallStr::EMPTY, series.len())),
        _ => None,
    }
    .ok_or_else(|| bad(column.name()))
}

/// Returns an error at the first null, for columns that figures depend on.
pub(super) fn refuse_null(column: Column, required: bool) -> PolarsResult<Column> {
    if required && column.null_count() > 0 { Err(bad(column.name())) } else { Ok(column) }
}
