//! What rules ask of cells, column by column.

use polars::prelude::*;

use crate::cloud::{Provider, is_region_id, region_id};
use crate::focus::expr::kernel;
use crate::focus::text::is_null_text;
use crate::focus::{fold, memo};

/// Words that stand for no value in text that was made of a table with nulls; blank, `NULL` and
/// `null` are null everywhere. Sources: pandas, "IO tools", `na_values`; Python, `str(None)`;
/// Polars and Arrow, text of null.
const NULL_WORDS: [&str; 10] =
    ["-", "<na>", "<null>", "n/a", "na", "nan", "nil", "none", "null", "#n/a"];

fn null_word(cell: &str) -> bool {
    let cell = cell.trim();
    NULL_WORDS.iter().any(|word| word.eq_ignore_ascii_case(cell)) || cell.is_empty()
}

/// What Azure writes where there is no account. Source: microsoft/finops-toolkit,
/// conformance-summary.md.
const PLACEHOLDERS: [&str; 4] =
    ["-2", "unassigned", "/subscriptions/-2", "/subscriptions/unassigned"];

fn placeholder(cell: &str) -> bool {
    let cell = cell.trim();
    PLACEHOLDERS.iter().any(|placeholder| placeholder.eq_ignore_ascii_case(cell))
}

/// Returns whether `holds` is true for each cell; false for null.
fn each(cells: Expr, holds: impl Fn(&str) -> bool + Send + Sync + 'static) -> Expr {
    kernel(cells, DataType::Boolean, move |cells| {
        let (texts, name) = (cells.str()?, cells.name().clone());
        // Most batches have none.
        let is = if memo::all(texts, |text| !holds(text)) {
            BooleanChunked::full(name, false, texts.len())
        } else {
            BooleanChunked::from_slice(name, &memo::each(texts, &holds))
        };
        Ok(is.into_series().into_column())
    })
}

/// Returns whether a provider's name belongs to a cloud.
pub(super) fn is_of(names: Expr, provider: Provider) -> Expr {
    each(names, move |name| Provider::named(name) == provider)
}

/// Returns whether a cell is null, blank, or a placeholder.
pub(super) fn is_blank(cells: Expr) -> Expr {
    cells.clone().is_null().or(each(cells, null_word))
}

/// Returns whether a cell is a placeholder.
pub(super) fn is_null_word(cells: Expr) -> Expr {
    each(cells, |cell| !is_null_text(cell) && null_word(cell))
}

/// The cells, without words that stand for no value.
pub(super) fn without_null_words(cells: Expr) -> Expr {
    // Blank is null, in the end.
    kernel(cells, DataType::String, |cells| {
        fold::mapped(cells, |cell| !null_word(cell), |_| String::new())
    })
}

/// Returns whether an account is a placeholder.
pub(super) fn is_placeholder(cells: Expr) -> Expr {
    each(cells, placeholder)
}

/// The first day of each day's month.
pub(super) fn first_of_month(days: Expr) -> Expr {
    kernel(days, DataType::Date, |days| {
        let first = |day: i32| {
            use chrono::Datelike;
            crate::cells::day(day).map_or(day, |d| day - i32::try_from(d.day0()).unwrap_or(0))
        };
        let mut last: Option<(i32, i32)> = None;
        let firsts: Int32Chunked = days
            .date()?
            .physical()
            .iter()
            .map(|day| {
                let day = day?;
                let known = last
                    .filter(|(seen, _)| *seen == day)
                    .map_or_else(|| first(day), |(_, known)| known);
                last = Some((day, known));
                Some(known)
            })
            .collect();
        Ok(firsts.with_name(days.name().clone()).into_date().into_series().into_column())
    })
}

/// Converts regions in any notation to their IDs.
pub(super) fn region(regions: Expr, providers: Expr) -> Expr {
    let fold = |columns: &mut [Column]| {
        let (regions, providers) = (columns[0].str()?, columns[1].str()?);
        if memo::all(regions, is_region_id) {
            return Ok(columns[0].clone());
        }
        let mut builder = StringChunkedBuilder::new(columns[0].name().clone(), regions.len());
        for (region, provider) in regions.iter().zip(providers.iter()) {
            match region {
                Some(region) if !is_region_id(region) => {
                    builder.append_value(region_id(Provider::of(provider), region));
                }
                as_it_is => builder.append_option(as_it_is),
            }
        }
        Ok(builder.finish().into_series().into_column())
    };
    let text = |_: &Schema, _: &[Field]| Ok(Field::new("RegionId".into(), DataType::String));
    regions.map_many(fold, &[providers], text)
}
