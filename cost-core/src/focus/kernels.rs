//! Column-level decoding, run inside the engine batch by batch: each kernel looks at the type it meets.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::*;

use super::{tags, text};
use crate::money::SCALE;

/// Encoded values of the chosen tag keys: `1` or `0` (tagged at all), then per key `␟` and the value, `␀` for none.
pub(crate) const TAGS_COLUMN: &str = "__tags";
/// Whether a line item carries any tag, in the cube.
pub(crate) const TAGGED_COLUMN: &str = "Tagged";

const UNIT: char = '\u{1f}';
const NONE: &str = "\u{0}";
const MICROS_PER_DAY: i64 = 86_400_000_000;

/// How many cells had digits beyond 12 decimal places, which were rounded half-even. Shared by all clones.
#[derive(Clone, Debug, Default)]
pub struct RoundedCells(Arc<AtomicU64>);

impl RoundedCells {
    /// Cells rounded so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Forgets the count; called before each scan.
    pub(crate) fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Cells of `Tags` that are of no known form, and so count as null: costs do not depend on tags. Shared by all clones.
#[derive(Clone, Debug, Default)]
pub struct UnreadTags(Arc<Mutex<(u64, Option<String>)>>);

impl UnreadTags {
    /// Cells so far, and the first of their texts by the alphabet.
    #[must_use]
    pub fn so_far(&self) -> (u64, Option<String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets them; called before each scan.
    pub(crate) fn reset(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (0, None);
    }

    fn add(&self, count: u64, example: &str) {
        let mut so_far = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        so_far.0 += count;
        if so_far.1.as_deref().is_none_or(|first| example < first) {
            so_far.1 = Some(example.to_owned());
        }
    }
}

/// A column of a type that is a spelling of another: categories and bytes as text, small numbers as larger ones.
fn plain(column: &Column) -> PolarsResult<Series> {
    let series = column.as_materialized_series();
    let wider = match series.dtype() {
        DataType::Int8 | DataType::Int16 | DataType::UInt8 | DataType::UInt16 => DataType::Int64,
        DataType::Binary => DataType::String,
        known if known.is_primitive_numeric() || known.is_decimal() || known.is_temporal() || known.is_nested() => {
            return Ok(series.clone());
        }
        DataType::String | DataType::Boolean | DataType::Null => return Ok(series.clone()),
        // Categories, whatever the engine calls them.
        _ => DataType::String,
    };
    series.cast(&wider)
}

pub(super) fn decimal_type() -> DataType {
    DataType::Decimal(38, usize::try_from(SCALE).unwrap_or(12))
}

fn bad(column: &str) -> PolarsError {
    // The row is found by `locate`, outside the hot path.
    polars_err!(ComputeError: "undecodable cell in column {column}")
}

/// Any column to `Decimal(38, 12)`.
pub(super) fn to_decimal(column: &Column, rounded: &RoundedCells) -> PolarsResult<Column> {
    let name = column.name().clone();
    if column.dtype() == &decimal_type() {
        return Ok(column.clone());
    }
    let series = &plain(column)?;
    let mut rounded_here = 0_u64;
    let mut keep = |s: text::Scaled| {
        rounded_here += u64::from(s.rounded);
        s.value
    };
    let values: Int128Chunked = match series.dtype() {
        DataType::String => decode(series.str()?.iter(), |t| {
            if text::is_null_text(t) {
                Cell::Null
            } else {
                text::decimal(t).map_or(Cell::Bad, |s| Cell::Value(keep(s)))
            }
        }),
        DataType::Float64 => {
            decode(series.f64()?.iter(), |v| text::decimal_from_f64(v).map_or(Cell::Bad, |s| Cell::Value(keep(s))))
        }
        DataType::Float32 => decode(series.f32()?.iter(), |v| {
            text::decimal(&format!("{v:e}")).map_or(Cell::Bad, |s| Cell::Value(keep(s)))
        }),
        DataType::Decimal(_, scale) => {
            let scale = *scale;
            let physical = series.to_physical_repr().into_owned();
            decode(physical.i128()?.iter(), |v| rescale(v, scale).map_or(Cell::Bad, |s| Cell::Value(keep(s))))
        }
        DataType::Int32 | DataType::Int64 | DataType::UInt32 | DataType::UInt64 => {
            let text = series.cast(&DataType::String)?;
            decode(text.str()?.iter(), |t| text::decimal(t).map_or(Cell::Bad, |s| Cell::Value(s.value)))
        }
        DataType::Null => Some(Int128Chunked::full_null(name.clone(), series.len())),
        _ => None,
    }
    .ok_or_else(|| bad(&name))?;
    if rounded_here > 0 {
        rounded.0.fetch_add(rounded_here, Ordering::Relaxed);
    }
    Ok(values.with_name(name).into_decimal_unchecked(38, 12).into_series().into_column())
}

enum Cell<T> {
    Null,
    Value(T),
    Bad,
}

/// Decodes cell by cell; `None` at the first cell that does not decode.
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

/// The days that charges and billing periods can begin on, since 1970: those of 2000 to 2099. The first cloud bill is of 2006; other dates are
/// of damaged files or stand for "none", and a series of days up to year 9999 takes more memory than there is.
const BILLED_DAYS: std::ops::Range<i64> = 10_957..47_482;

fn billed_day(day: i64) -> Cell<i32> {
    if BILLED_DAYS.contains(&day) { i32::try_from(day).map_or(Cell::Bad, Cell::Value) } else { Cell::Bad }
}

/// Days as they are, all of which must be such as charges can begin on.
fn billed_days(column: &Column) -> PolarsResult<Column> {
    let days = column.as_materialized_series().to_physical_repr().into_owned();
    let is_billed = |day: i32| matches!(billed_day(i64::from(day)), Cell::Value(_));
    if days.i32()?.iter().flatten().all(is_billed) { Ok(column.clone()) } else { Err(bad(column.name())) }
}

/// Any column of instants or days to the UTC `Date` it falls on.
pub(super) fn to_day(column: &Column) -> PolarsResult<Column> {
    if column.dtype() == &DataType::Date {
        return billed_days(column);
    }
    let day_of = |us: i64| billed_day(us.div_euclid(MICROS_PER_DAY));
    let days: Int32Chunked = instants(column, day_of)?;
    Ok(days.with_name(column.name().clone()).into_date().into_series().into_column())
}

/// How far behind UTC midnight is in the first place to have it, microseconds: UTC+14, Kiribati.
const FURTHEST_EAST: i64 = 14 * 3_600_000_000;

/// Any column of instants or days to the first day of a billing period.
///
/// A billing period starts at midnight where the bill is made: 16:00 UTC the day before in Shanghai, 07:00 UTC in Los Angeles. A start
/// that is within the last hours of a month in UTC is the first of the next.
pub(super) fn to_period(column: &Column) -> PolarsResult<Column> {
    if column.dtype() == &DataType::Date {
        return billed_days(column);
    }
    let day_of = |us: i64| {
        let (day, east) = (us.div_euclid(MICROS_PER_DAY), us.saturating_add(FURTHEST_EAST).div_euclid(MICROS_PER_DAY));
        let first_of_month = |day: i64| {
            use chrono::Datelike;
            i32::try_from(day).ok().and_then(crate::rollup::day).is_some_and(|d| d.day() == 1)
        };
        let day = if east > day && first_of_month(east) { east } else { day };
        billed_day(day)
    };
    let days: Int32Chunked = instants(column, day_of)?;
    Ok(days.with_name(column.name().clone()).into_date().into_series().into_column())
}

pub(super) fn instant_type() -> DataType {
    DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
}

/// Any column of instants or days to `Datetime(µs, UTC)`.
pub(super) fn to_instant(column: &Column) -> PolarsResult<Column> {
    let us: Int64Chunked = if column.dtype() == &DataType::Date {
        let days = column.as_materialized_series().to_physical_repr().into_owned();
        decode(days.i32()?.iter(), |d| Cell::Value(i64::from(d) * MICROS_PER_DAY)).ok_or_else(|| bad(column.name()))?
    } else {
        instants(column, Cell::Value)?
    };
    let named = us.with_name(column.name().clone());
    Ok(named.into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)).into_series().into_column())
}

/// Each cell's instant, in microseconds of the UTC epoch, as `make` makes it.
fn instants<N>(column: &Column, make: impl Fn(i64) -> Cell<N::Native>) -> PolarsResult<ChunkedArray<N>>
where
    N: PolarsNumericType,
    ChunkedArray<N>: NewChunkedArray<N, N::Native>,
{
    let series = &plain(column)?;
    match series.dtype() {
        DataType::String => {
            // Exports repeat the same few instants: remember the last one.
            let mut last: Option<(String, i64)> = None;
            decode(series.str()?.iter(), |t| {
                if text::is_null_text(t) {
                    return Cell::Null;
                }
                if let Some((_, us)) = last.as_ref().filter(|(seen, _)| seen == t) {
                    return make(*us);
                }
                text::instant_us(t).map_or(Cell::Bad, |us| {
                    last = Some((t.to_owned(), us));
                    make(us)
                })
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

/// Fails on the first null, for columns that are required because the numbers depend on them.
pub(super) fn refuse_null(column: Column, required: bool) -> PolarsResult<Column> {
    if required && column.null_count() > 0 { Err(bad(column.name())) } else { Ok(column) }
}

/// A tag column (JSON text, map, list of structs, or struct) to [`TAGS_COLUMN`] cells.
pub(super) fn to_tags(column: &Column, keys: &[String], unread: &UnreadTags) -> PolarsResult<Column> {
    let name = column.name().clone();
    let series = &plain(column)?;
    let empty = encode(&text::TagValues { tagged: false, values: vec![None; keys.len()] });
    let out: StringChunked = match series.dtype() {
        DataType::String => {
            let mut seen: HashMap<&str, Option<String>, foldhash::fast::RandomState> = HashMap::default();
            let mut builder = StringChunkedBuilder::new(name.clone(), series.len());
            for cell in series.str()?.iter() {
                match cell {
                    None => builder.append_value(&empty),
                    Some(t) if text::is_null_text(t) => builder.append_value(&empty),
                    Some(t) => {
                        let done = seen.entry(t).or_insert_with(|| tags::values(t, keys).map(|v| encode(&v)));
                        if done.is_none() {
                            unread.add(1, t);
                        }
                        builder.append_value(done.as_ref().unwrap_or(&empty));
                    }
                }
            }
            builder.finish()
        }
        DataType::List(_) => pairs_to_tags(series, keys)?,
        DataType::Struct(fields) => struct_to_tags(series, fields, keys)?,
        DataType::Null => StringChunked::full(name.clone(), &empty, series.len()),
        other => {
            let cells = u64::try_from(series.len() - series.null_count()).unwrap_or(u64::MAX);
            if cells > 0 {
                unread.add(cells, &format!("a column of type {other}"));
            }
            StringChunked::full(name.clone(), &empty, series.len())
        }
    };
    Ok(out.with_name(name).into_series().into_column())
}

/// `List(Struct { key, value })`, which is also how a Parquet map arrives.
fn pairs_to_tags(series: &Series, keys: &[String]) -> PolarsResult<StringChunked> {
    let list = series.list()?;
    let mut builder = StringChunkedBuilder::new(PlSmallStr::EMPTY, list.len());
    for row in 0..list.len() {
        let mut found = text::TagValues { tagged: false, values: vec![None; keys.len()] };
        if let Some(pairs) = list.get_as_series(row) {
            found.tagged = !pairs.is_empty();
            let fields = pairs.struct_().map_err(|_| bad(series.name()))?.fields_as_series();
            let named = |name: &str| fields.iter().find(|f| f.name().eq_ignore_ascii_case(name));
            let by_place = match fields.as_slice() {
                [key, value, ..] => Some((key, value)),
                _ => None,
            };
            let Some((key, value)) = named("key").zip(named("value")).or(by_place) else {
                return Err(bad(series.name()));
            };
            let (key, value) = (key.cast(&DataType::String)?, value.cast(&DataType::String)?);
            for (k, v) in key.str()?.iter().zip(value.str()?.iter()) {
                if let Some(at) = keys.iter().position(|wanted| Some(wanted.as_str()) == k) {
                    found.values[at] = v.filter(|v| !v.is_empty()).map(ToOwned::to_owned);
                }
            }
        }
        builder.append_value(encode(&found));
    }
    Ok(builder.finish())
}

/// One field a key: how some engines write JSON documents they know the shape of.
fn struct_to_tags(series: &Series, fields: &[Field], keys: &[String]) -> PolarsResult<StringChunked> {
    let document = series.struct_()?;
    let columns =
        document.fields_as_series().iter().map(|f| f.cast(&DataType::String)).collect::<PolarsResult<Vec<_>>>()?;
    let columns = columns.iter().map(|c| c.str()).collect::<PolarsResult<Vec<_>>>()?;
    let at: Vec<Option<usize>> = keys.iter().map(|k| fields.iter().position(|f| f.name() == k)).collect();
    let mut builder = StringChunkedBuilder::new(PlSmallStr::EMPTY, series.len());
    for row in 0..series.len() {
        let cell = |c: usize| columns[c].get(row).filter(|v| !v.is_empty()).map(ToOwned::to_owned);
        let tagged = (0..columns.len()).any(|c| columns[c].get(row).is_some());
        let values = at.iter().map(|c| c.and_then(cell)).collect();
        builder.append_value(encode(&text::TagValues { tagged, values }));
    }
    Ok(builder.finish())
}

fn encode(tags: &text::TagValues) -> String {
    let mut out = String::from(if tags.tagged { "1" } else { "0" });
    for value in &tags.values {
        out.push(UNIT);
        match value {
            None => out.push_str(NONE),
            // The separators cannot be part of a value, or two different documents could look alike.
            Some(v) => out.extend(v.chars().map(|c| if c == UNIT || c == '\0' { '\u{fffd}' } else { c })),
        }
    }
    out
}

/// [`TAGS_COLUMN`] cells back to a boolean column and one text column per key, named `tag:KEY`.
pub(crate) fn split_tags(encoded: &StringChunked, keys: &[String]) -> Vec<Column> {
    let tagged: BooleanChunked = encoded.iter().map(|c| Some(c.is_some_and(|c| c.starts_with('1')))).collect();
    let mut columns = vec![tagged.with_name(TAGGED_COLUMN.into()).into_series().into_column()];
    for (at, key) in keys.iter().enumerate() {
        let values: StringChunked =
            encoded.iter().map(|c| c.and_then(|c| c.split(UNIT).nth(at + 1)).filter(|v| *v != NONE)).collect();
        columns.push(values.with_name(format!("{}{key}", super::TAG_PREFIX).into()).into_series().into_column());
    }
    columns
}
