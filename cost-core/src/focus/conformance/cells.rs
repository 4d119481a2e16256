//! Lenient cell kernels: the value of a cell if it can be determined, and whether the cell has the
//! required type and format.

use polars::prelude::*;

use crate::focus::columns::Kind;
use crate::focus::{kernels, text};

/// Kind of problem of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// The cell does not have the data type.
    Type,
    /// The cell has the data type, but not the format that the specification requires.
    Format,
}

/// Returns the requirement text for a column kind's type or format.
pub(super) fn requirement(kind: Kind, problem: Problem) -> &'static str {
    match (kind, problem) {
        (Kind::Text, _) => "is text",
        (Kind::Decimal, _) => {
            "is a decimal number without thousands separators, currency signs, or a leading plus"
        }
        (Kind::DateTime, Problem::Type) => "is a date and time",
        (Kind::DateTime, Problem::Format) => {
            "is an ISO 8601 UTC date and time, such as 2024-09-01T00:00:00Z"
        }
        (Kind::KeyValue, Problem::Type) => "is a JSON object",
        (Kind::KeyValue, Problem::Format) => {
            "has only text, numbers, true, false, or null as values"
        }
        (Kind::Currency, _) => "is a three-letter ISO 4217 code",
    }
}

/// Returns whether each cell has the problem. Nulls have none.
pub(super) fn has_problem(column: &Column, kind: Kind, problem: Problem) -> Column {
    let series = column.as_materialized_series();
    let flags: BooleanChunked = if let Ok(texts) = series.str() {
        let judge = |t: &str| !text::is_null_text(t) && judge(t, kind) == Some(problem);
        texts.iter().map(|t| Some(t.is_some_and(judge))).collect()
    } else {
        let wrong = problem == Problem::Type && !fits(series.dtype(), kind);
        let floats = (kind == Kind::Decimal && problem == Problem::Type)
            .then(|| series.f64().ok())
            .flatten();
        match floats {
            Some(values) => {
                values.iter().map(|v| Some(v.is_some_and(|v| !v.is_finite()))).collect()
            }
            None => series
                .is_not_null()
                .iter()
                .map(|there| Some(wrong && there.unwrap_or(false)))
                .collect(),
        }
    };
    flags.with_name(column.name().clone()).into_series().into_column()
}

/// Returns the problem of a text cell, if any.
fn judge(cell: &str, kind: Kind) -> Option<Problem> {
    let unless = |good: bool, problem: Problem| (!good).then_some(problem);
    match kind {
        Kind::Text => None,
        Kind::Decimal => {
            unless(text::decimal(cell).is_some() && !cell.starts_with('+'), Problem::Type)
        }
        Kind::DateTime if text::instant_us(cell).is_none() => Some(Problem::Type),
        Kind::DateTime => unless(is_iso_utc(cell), Problem::Format),
        Kind::KeyValue => {
            match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(cell) {
                Err(_) => Some(Problem::Type),
                Ok(map) => {
                    unless(!map.values().any(|v| v.is_object() || v.is_array()), Problem::Format)
                }
            }
        }
        Kind::Currency => {
            unless(cell.len() == 3 && cell.bytes().all(|b| b.is_ascii_uppercase()), Problem::Type)
        }
    }
}

/// `YYYY-MM-DDTHH:mm:ssZ`, with or without a fraction.
fn is_iso_utc(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    cell.len() >= 20 && bytes.get(10) == Some(&b'T') && bytes.last() == Some(&b'Z')
}

/// Returns whether a Parquet column type can store a column kind.
fn fits(dtype: &DataType, kind: Kind) -> bool {
    match kind {
        Kind::Text | Kind::Currency => dtype.is_string() || dtype.is_categorical(),
        Kind::Decimal => dtype.is_primitive_numeric() || dtype.is_decimal(),
        Kind::DateTime => matches!(dtype, DataType::Datetime(..) | DataType::Date),
        Kind::KeyValue => dtype.is_nested() || dtype.is_string(),
    }
}

/// Returns cells as the rules compare them: blank text is null; decimals are f64 (compared only,
/// never summed); instants are microseconds (i64); documents and text are text. Invalid cells are
/// null.
pub(super) fn typed(column: &Column, kind: Kind) -> PolarsResult<Column> {
    let series = column.as_materialized_series();
    let name = column.name().clone();
    let texts = series.str().ok();
    let there = |t: Option<&str>| {
        t.map(str::trim_ascii).filter(|t| !text::is_null_text(t)).map(ToOwned::to_owned)
    };
    let out = match (kind, texts) {
        (Kind::Decimal, Some(texts)) => {
            let value = |t: Option<&str>| {
                text::decimal(t?).and_then(|_| t?.trim_ascii().parse::<f64>().ok())
            };
            texts.iter().map(value).collect::<Float64Chunked>().into_series()
        }
        (Kind::Decimal, None) if fits(series.dtype(), kind) => series.cast(&DataType::Float64)?,
        (Kind::DateTime, Some(texts)) => {
            texts.iter().map(|t| text::instant_us(t?)).collect::<Int64Chunked>().into_series()
        }
        (Kind::DateTime, None) if fits(series.dtype(), kind) => series
            .cast(&DataType::Datetime(TimeUnit::Microseconds, None))?
            .cast(&DataType::Int64)?,
        (Kind::Decimal, None) => Series::full_null(name.clone(), series.len(), &DataType::Float64),
        (Kind::DateTime, None) => Series::full_null(name.clone(), series.len(), &DataType::Int64),
        (_, Some(texts)) => texts.iter().map(there).collect::<StringChunked>().into_series(),
        (_, None) => shown(column)?.as_materialized_series().clone(),
    };
    Ok(out.with_name(name).into_column())
}

/// Returns amounts as exact decimals for sums. Cells that are not decimal numbers are null.
pub(super) fn exact(column: &Column) -> PolarsResult<Column> {
    let series = column.as_materialized_series();
    let values: Int128Chunked = match series.dtype() {
        DataType::String => {
            series.str()?.iter().map(|t| text::decimal(t?).map(|d| d.value)).collect()
        }
        DataType::Float32 | DataType::Float64 => {
            let floats = series.cast(&DataType::Float64)?;
            floats.f64()?.iter().map(|v| text::decimal_from_f64(v?).map(|d| d.value)).collect()
        }
        _ => {
            let decoded = kernels::to_decimal(column, &kernels::RoundedCells::default(), None);
            return Ok(decoded.unwrap_or_else(|_| {
                Column::full_null(name_of(column), column.len(), &exact_type())
            }));
        }
    };
    Ok(values.with_name(name_of(column)).into_decimal_unchecked(38, 12).into_series().into_column())
}

/// Returns the data type of [`exact`].
pub(super) fn exact_type() -> DataType {
    kernels::decimal_type()
}

fn name_of(column: &Column) -> PlSmallStr {
    column.name().clone()
}

/// Returns the data type of [`typed`] for a column kind.
pub(super) fn typed_as(kind: Kind) -> DataType {
    match kind {
        Kind::Decimal => DataType::Float64,
        Kind::DateTime => DataType::Int64,
        Kind::Text | Kind::KeyValue | Kind::Currency => DataType::String,
    }
}

/// Returns whether each cell is null: empty, or `NULL` in text exports.
pub(super) fn is_blank(column: &Column) -> Column {
    let series = column.as_materialized_series();
    let blank: BooleanChunked = match series.str() {
        Ok(texts) => texts.iter().map(|t| Some(t.is_none_or(text::is_null_text))).collect(),
        Err(_) => series.is_null(),
    };
    blank.with_name(column.name().clone()).into_series().into_column()
}

/// Returns cells as text for examples.
pub(super) fn shown(column: &Column) -> PolarsResult<Column> {
    let series = column.as_materialized_series();
    if series.dtype().is_nested() {
        let texts = (0..series.len()).map(|row| match series.get(row) {
            Ok(AnyValue::Null) | Err(_) => None,
            Ok(value) => Some(value.to_string()),
        });
        let texts: StringChunked = texts.collect();
        return Ok(texts.with_name(column.name().clone()).into_series().into_column());
    }
    column.cast(&DataType::String)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_judged_by_the_letter() {
        assert_eq!(judge("1.5", Kind::Decimal), None);
        assert_eq!(judge("+1.5", Kind::Decimal), Some(Problem::Type));
        assert_eq!(judge("1,5", Kind::Decimal), Some(Problem::Type));
        assert_eq!(judge("2024-09-01T00:00:00Z", Kind::DateTime), None);
        assert_eq!(judge("2024-09-01 00:00:00", Kind::DateTime), Some(Problem::Format));
        assert_eq!(judge("September", Kind::DateTime), Some(Problem::Type));
        assert_eq!(judge(r#"{"a":1,"b":true}"#, Kind::KeyValue), None);
        assert_eq!(judge(r#"{"a":[1]}"#, Kind::KeyValue), Some(Problem::Format));
        assert_eq!(judge("a=1", Kind::KeyValue), Some(Problem::Type));
        assert_eq!(judge("usd", Kind::Currency), Some(Problem::Type));
    }

    #[test]
    fn amounts_are_exact_and_what_is_none_is_null() {
        let values = |column: Column| {
            let exact = exact(&column).expect("decimals");
            assert_eq!(exact.dtype(), &exact_type());
            let physical = exact.as_materialized_series().to_physical_repr().into_owned();
            physical.i128().expect("i128").iter().collect::<Vec<_>>()
        };
        let texts =
            Column::new("a".into(), [Some("0.1"), Some("1,5"), Some(""), None, Some("-3E-2")]);
        assert_eq!(values(texts), [Some(100_000_000_000), None, None, None, Some(-30_000_000_000)]);
        let floats = Column::new("a".into(), [0.1, f64::NAN, 2.0]);
        assert_eq!(values(floats), [Some(100_000_000_000), None, Some(2_000_000_000_000)]);
        assert_eq!(values(Column::new("a".into(), [7_i64])), [Some(7_000_000_000_000)]);
        assert_eq!(values(Column::new("a".into(), [true, false])), [None, None]);
    }
}
