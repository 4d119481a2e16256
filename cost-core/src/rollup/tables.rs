//! Final tables: sums by key as data frames, sorted by key.

use polars::prelude::*;

use super::codes::day_of;
use super::columns;
use super::dictionary::Dictionary;
use super::keys::{LINE_ITEMS, MEASURES};
use super::numbers::index;
use super::sums::{SumsByKey, UNKNOWNS};
use crate::focus::{TAGS_COLUMN, split_tags};

/// Positions of `ListCost`, `ContractedCost`, and `PricingQuantity` in [`MEASURES`]. A sum of nulls
/// is 0, and the number of nulls distinguishes an unknown cost from a zero cost.
pub(super) const MAY_BE_UNKNOWN: [usize; UNKNOWNS] = [2, 3, 4];

/// Position of each of a table's key columns (tags last) in a row's codes: days, shared texts, and
/// own texts.
pub(super) fn places<const N: usize>(keys: &[&str], names: [&[&str]; 3]) -> [usize; N] {
    let place =
        |key: &str| names.iter().copied().flatten().position(|n| *n == key).unwrap_or(usize::MAX);
    std::array::from_fn(|at| place(keys.get(at).copied().unwrap_or(TAGS_COLUMN)))
}

/// Returns the code at a position of three concatenated lists.
pub(super) fn pick(codes: [&[u32]; 3], place: usize) -> u32 {
    let (days, rest) = (codes[0].len(), codes[0].len() + codes[1].len());
    if place < days {
        codes[0][place]
    } else if place < rest {
        codes[1][place - days]
    } else {
        codes[2][place - rest]
    }
}

/// Returns the table of one set of keys, sorted by them, nulls last. Tags become columns of their
/// own.
pub(super) fn frame<const N: usize, const K: usize>(
    texts: &[Dictionary],
    mut rows: Vec<([u32; N], usize)>,
    sums: &SumsByKey<K>,
    (keys, tag_keys): (&[&str], &[String]),
    with_days: bool,
) -> PolarsResult<DataFrame> {
    let dictionary = |at: usize| {
        let name = keys.get(at).copied().unwrap_or(TAGS_COLUMN);
        columns::texts().position(|n| n == name).map(|t| &texts[t])
    };
    let ranks: [Option<Vec<u32>>; N] =
        std::array::from_fn(|at| dictionary(at).map(Dictionary::ranks));
    let rank = |at: usize, code: u32| ranks[at].as_ref().map_or(code, |r| r[index(code)]);
    rows.sort_unstable_by(|(a, _), (b, _)| {
        let differ = (0..N).find(|at| a[*at] != b[*at]);
        differ.map_or(std::cmp::Ordering::Equal, |at| rank(at, a[at]).cmp(&rank(at, b[at])))
    });
    let mut columns = Vec::new();
    for at in 0..N {
        let codes = rows.iter().map(|(key, _)| key[at]);
        let Some(dictionary) = dictionary(at) else {
            let days = Int32Chunked::from_iter_values(keys[at].into(), codes.map(day_of));
            columns.push(days.into_date().into_series().into_column());
            continue;
        };
        let name = keys.get(at).copied().unwrap_or(TAGS_COLUMN);
        let mut cells = StringChunkedBuilder::new(name.into(), rows.len());
        codes.for_each(|code| cells.append_option(dictionary.text(code)));
        let cells = cells.finish();
        if at == keys.len() {
            columns.extend(split_tags(&cells, tag_keys));
        } else {
            columns.push(cells.into_series().into_column());
        }
    }
    for (at, name) in MEASURES.iter().enumerate() {
        let values = Int128Chunked::from_iter_values(
            (*name).into(),
            rows.iter().map(|(_, row)| sums.amounts[at][*row]),
        );
        columns.push(values.into_decimal_unchecked(38, 12).into_series().into_column());
    }
    let count = |name: &str, values: &[i64]| {
        Int64Chunked::from_iter_values(name.into(), rows.iter().map(|(_, row)| values[*row]))
            .into_series()
            .into_column()
    };
    for (measure, unknown) in MAY_BE_UNKNOWN.iter().zip(&sums.unknown) {
        columns.push(count(&format!("{}Unknown", MEASURES[*measure]), unknown));
    }
    columns.push(count(LINE_ITEMS, &sums.line_items));
    if with_days {
        let day = |name: &str, values: &[i32]| {
            let days = Int32Chunked::from_iter_values(
                name.into(),
                rows.iter().map(|(_, row)| values[*row]),
            );
            days.into_date().into_series().into_column()
        };
        columns.extend([day("FirstDay", &sums.first_day), day("LastDay", &sums.last_day)]);
    }
    DataFrame::new(rows.len(), columns)
}
