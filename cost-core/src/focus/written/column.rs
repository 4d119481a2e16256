//! Cells of a column as pairs or text, for any column type.

use std::collections::HashMap;

use polars::prelude::*;

use super::Value;
use super::pairs::{KEY_NAMES, Pairs, VALUE_NAMES, of_value, pairs};

/// Applies a function to each cell of a column. Its arguments are the cell's pairs, `None` if it
/// cannot be read as a map, and the cell's text. Null is an empty map. Bills repeat the same few
/// texts, so each text is read once per batch.
///
/// # Errors
/// The engine's error.
pub fn cells(
    series: &Series,
    mut make: impl FnMut(Option<Pairs>, &dyn Fn() -> String) -> Option<String>,
) -> PolarsResult<StringChunked> {
    let mut out = StringChunkedBuilder::new(series.name().clone(), series.len());
    let nothing = make(Some(Pairs::new()), &String::new);
    let maps = match Maps::of(series)? {
        Maps::Texts(texts) => {
            let mut seen: HashMap<&str, Option<String>, foldhash::fast::RandomState> =
                HashMap::default();
            for (row, cell) in texts.iter().enumerate() {
                match cell {
                    Some(text) => {
                        let done = seen
                            .entry(text)
                            .or_insert_with(|| make(pairs(text), &|| text.to_owned()));
                        out.append_option(done.as_deref());
                    }
                    None if series.get(row)? == AnyValue::Null => {
                        out.append_option(nothing.as_deref());
                    }
                    None => out.append_option(make(None, &|| shown(series, row))),
                }
            }
            return Ok(out.finish());
        }
        maps => maps,
    };
    for row in 0..series.len() {
        out.append_option(make(maps.pairs(series, row)?, &|| shown(series, row)));
    }
    Ok(out.finish())
}

/// Returns the cells of a column as text: nested ones as JSON, bytes as their text. Nulls, and
/// bytes that are not UTF-8, are null.
///
/// # Errors
/// The engine's error for a type without a text form.
pub(in crate::focus) fn texts(series: &Series) -> PolarsResult<StringChunked> {
    let name = series.name().clone();
    Ok(match series.dtype() {
        DataType::String => series.str()?.clone(),
        DataType::Binary => {
            let cells = series.binary()?.iter().map(|cell| std::str::from_utf8(cell?).ok());
            StringChunked::from_iter_options(name, cells)
        }
        nested if nested.is_nested() => {
            let cells = (0..series.len())
                .map(|row| value(series, row).map(|v| v.text()))
                .collect::<PolarsResult<Vec<_>>>()?;
            StringChunked::from_iter_options(name, cells.into_iter())
        }
        _ => series.cast(&DataType::String)?.str()?.clone(),
    })
}

/// Returns a cell as text for a message.
pub(in crate::focus) fn shown(series: &Series, row: usize) -> String {
    value(series, row).ok().and_then(|v| v.text()).unwrap_or_default()
}

/// Returns each field of a struct by its name, as `of` reads it.
fn fields<T>(
    series: &Series,
    of: impl Fn(&Series) -> PolarsResult<T>,
) -> PolarsResult<Vec<(String, T)>> {
    let all = series.struct_()?.fields_as_series();
    all.iter().map(|field| Ok((field.name().to_string(), of(field)?))).collect()
}

/// Converts a cell to a value.
fn value(series: &Series, row: usize) -> PolarsResult<Value> {
    Ok(match series.dtype() {
        DataType::List(_) => match series.list()?.get_as_series(row) {
            None => Value::Null,
            Some(list) => Value::List(
                (0..list.len()).map(|at| value(&list, at)).collect::<PolarsResult<_>>()?,
            ),
        },
        DataType::Struct(_) => {
            if series.get(row)? == AnyValue::Null {
                return Ok(Value::Null);
            }
            Value::Object(fields(series, |field| value(field, row))?)
        }
        dtype => match series.get(row)? {
            AnyValue::Null => Value::Null,
            AnyValue::Boolean(is) => Value::Bool(is),
            AnyValue::Binary(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
            cell => {
                let text = cell.get_str().map_or_else(|| cell.to_string(), ToOwned::to_owned);
                if dtype.is_primitive_numeric() || dtype.is_decimal() {
                    Value::Number(text)
                } else {
                    Value::Text(text)
                }
            }
        },
    })
}

/// Column of maps, by its type.
enum Maps {
    /// Text, or bytes of text.
    Texts(StringChunked),
    /// Lists of key and value, such as Parquet maps: start and end of each list, nulls, all keys,
    /// all values.
    Lists { lists: ListChunked, nulls: BooleanChunked, keys: StringChunked, values: StringChunked },
    /// One field per key: names and texts.
    Fields(Vec<(String, StringChunked)>),
    /// Other types, read cell by cell.
    Others,
}

impl Maps {
    fn of(series: &Series) -> PolarsResult<Self> {
        Ok(match series.dtype() {
            DataType::List(inner) if matches!(**inner, DataType::Struct(_)) => {
                let lists = series.list()?.rechunk().into_owned();
                let fields = lists.get_inner().struct_()?.fields_as_series();
                match key_and_value(&fields) {
                    Some((key, value)) => {
                        let (keys, values) = (
                            texts(key)?.rechunk().into_owned(),
                            texts(value)?.rechunk().into_owned(),
                        );
                        Self::Lists { nulls: lists.is_null(), lists, keys, values }
                    }
                    None => Self::Others,
                }
            }
            DataType::Struct(_) => Self::Fields(fields(series, texts)?),
            dtype if is_text(dtype) => Self::Texts(texts(series)?),
            _ => Self::Others,
        })
    }

    /// Returns the pairs of a row; `None` if it is not a map.
    fn pairs(&self, series: &Series, row: usize) -> PolarsResult<Option<Pairs>> {
        Ok(match self {
            Self::Texts(texts) => texts.get(row).map_or(Some(Pairs::new()), pairs),
            Self::Lists { lists, nulls, keys, values } => {
                let is_null = nulls.get(row) == Some(true);
                let (from, until) = if is_null {
                    (0, 0)
                } else {
                    lists.downcast_as_array().offsets().start_end(row)
                };
                let pair = |at: usize| {
                    Some((keys.get(at)?.to_owned(), values.get(at).map(ToOwned::to_owned)))
                };
                Some((from..until).filter_map(pair).collect())
            }
            Self::Fields(fields) => {
                let pair = |(key, values): &(String, StringChunked)| {
                    Some((key.clone(), Some(values.get(row)?.to_owned())))
                };
                Some(fields.iter().filter_map(pair).collect())
            }
            Self::Others => of_value(&value(series, row)?),
        })
    }
}

fn is_text(dtype: &DataType) -> bool {
    let is_other = dtype.is_nested()
        || dtype.is_primitive_numeric()
        || dtype.is_decimal()
        || dtype.is_temporal()
        || matches!(dtype, DataType::Boolean | DataType::Null);
    // Categories, under any name of the engine, are text.
    !is_other
}

/// Returns two fields: those named as key and value, or else the first and the second.
fn key_and_value(fields: &[Series]) -> Option<(&Series, &Series)> {
    let named = |names: &[&str]| {
        names.iter().find_map(|name| fields.iter().find(|f| f.name().eq_ignore_ascii_case(name)))
    };
    let by_place = match fields {
        [key, value, ..] => Some((key, value)),
        _ => None,
    };
    named(&KEY_NAMES).zip(named(&VALUE_NAMES)).or(by_place)
}
