//! Columns that the pass reads from each batch of line items.

use std::borrow::Cow;

use polars::prelude::*;

use super::columns::{DAYS, INSTANTS, OF_CUBE, SHARED, TEXTS, texts};
use super::commitments::OF_COMMITMENTS;
use super::keys::MEASURES;
use super::options::RollUpOptions;
use super::spread::Days;
use super::sums::Batch;
use super::tables::MAY_BE_UNKNOWN;
use crate::focus::FILE;
use crate::focus::repair::REPAIRS;

/// Columns that the pass requests, in the order that [`Cells::of`] expects.
pub(super) fn asked(options: RollUpOptions) -> impl Iterator<Item = &'static str> {
    DAYS[..2]
        .iter()
        .copied()
        .chain(texts())
        .chain(MEASURES.iter().copied())
        .chain(INSTANTS)
        .chain([FILE, REPAIRS])
        .chain(options.commitments.into_iter().flat_map(|_| OF_COMMITMENTS))
}

/// Columns of a batch. Days are days since 1970, instants are in microseconds.
pub(super) struct Cells<'a> {
    /// UTC day on which each charge begins.
    pub(super) utc_day: Int32Chunked,
    /// First day of each billing period.
    pub(super) period: Int32Chunked,
    pub(super) texts: &'a [Column],
    /// Amounts in 10⁻¹² units.
    pub(super) measures: Vec<Int128Chunked>,
    /// Start of each charge.
    pub(super) start: Int64Chunked,
    /// End of each charge.
    pub(super) end: Int64Chunked,
    pub(super) files: &'a StringChunked,
    pub(super) repairs: &'a UInt32Chunked,
    /// Commitment columns, if requested.
    pub(super) commitments: &'a [Column],
}

impl<'a> Cells<'a> {
    /// Reads the columns that [`asked`] requests.
    #[inline]
    pub(super) fn of(columns: &'a [Column]) -> PolarsResult<Self> {
        let (of_days, rest) = columns.split_at(2);
        let (texts, rest) = rest.split_at(TEXTS);
        let (measures, rest) = rest.split_at(MEASURES.len());
        let (of_time, rest) = rest.split_at(INSTANTS.len());
        let (notes, commitments) = rest.split_at(2);
        Ok(Self {
            utc_day: days(&of_days[0])?,
            period: days(&of_days[1])?,
            texts,
            measures: measures.iter().map(units).collect::<PolarsResult<_>>()?,
            start: microseconds(&of_time[0])?,
            end: microseconds(&of_time[1])?,
            files: notes[0].str()?,
            repairs: notes[1].u32()?,
            commitments,
        })
    }
}

/// A value per text column, by the tables that have the column: both, only the cube, or only the
/// resource table.
#[inline]
pub(super) fn by_table<T>(of_texts: &[T]) -> [&[T]; 3] {
    let (shared, rest) = of_texts.split_at(SHARED.len());
    let (of_cube, of_resources) = rest.split_at(OF_CUBE.len());
    [shared, of_cube, of_resources]
}

/// Returns days since 1970 in one chunk.
fn days(column: &Column) -> PolarsResult<Int32Chunked> {
    Ok(column.date()?.physical().rechunk().into_owned())
}

/// Returns microseconds since 1970 in one chunk.
fn microseconds(column: &Column) -> PolarsResult<Int64Chunked> {
    let physical = column.as_materialized_series().to_physical_repr().into_owned();
    Ok(physical.i64()?.rechunk().into_owned())
}

/// Returns decimals in 10⁻¹² units in one chunk.
fn units(column: &Column) -> PolarsResult<Int128Chunked> {
    let physical = column.as_materialized_series().to_physical_repr().into_owned();
    Ok(physical.i128()?.rechunk().into_owned())
}

/// Returns the values of a column, with `null` for nulls; without copying if it has none.
pub(super) fn values<T: PolarsNumericType>(
    cells: &ChunkedArray<T>,
    null: T::Native,
) -> Cow<'_, [T::Native]> {
    match cells.cont_slice() {
        Ok(values) => Cow::Borrowed(values),
        Err(_) => Cow::Owned(cells.iter().map(|cell| cell.unwrap_or(null)).collect()),
    }
}

/// Returns the first day of each charge, in its own time zone if its midnight is not that of UTC.
#[inline]
pub(super) fn own_days<'a>(utc: &'a [i32], long: &[(usize, Days)]) -> Cow<'a, [i32]> {
    let mut days = Cow::Borrowed(utc);
    for (row, of) in long.iter().filter(|(row, of)| utc[*row] != of.first) {
        days.to_mut()[*row] = of.first;
    }
    days
}

/// Amounts of a batch, and where they are unknown.
pub(super) fn amounts<'a>(measures: &'a [Int128Chunked], day: &'a [i32]) -> Batch<'a> {
    let mut batch = Batch { amounts: Default::default(), unknown: Default::default(), day };
    for (at, cells) in measures.iter().enumerate() {
        batch.amounts[at] = values(cells, 0);
        let unknown =
            MAY_BE_UNKNOWN.iter().position(|m| *m == at).filter(|_| cells.null_count() > 0);
        if let Some(unknown) = unknown {
            batch.unknown[unknown] = Some(cells.iter().map(|v| v.is_none()).collect());
        }
    }
    batch
}
