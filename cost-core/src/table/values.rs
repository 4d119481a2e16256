//! [`ColumnValue`] implementations for common types.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use super::declaration::ColumnType;
use super::value::{ColumnValue, Place};
use crate::cells::dates;
use crate::money::Currency;
use crate::month::Month;

/// Returns a text column.
pub(crate) fn texts<T: AsRef<str>>(values: impl Iterator<Item = Option<T>>) -> Series {
    values.collect::<StringChunked>().into_series()
}

/// Returns a text column with each value as displayed.
fn displayed<'a, T: ToString + 'a>(values: impl Iterator<Item = Option<&'a T>>) -> Series {
    texts(values.map(|v| v.map(ToString::to_string)))
}

/// Parses a cell; invalid text is unknown.
fn parsed<T: std::str::FromStr>(text: Option<&str>) -> Option<T> {
    text?.parse().ok()
}

impl ColumnValue for String {
    const TYPE: ColumnType = ColumnType::Text;

    fn read(text: Option<&str>, _: Place) -> PolarsResult<Option<Self>> {
        Ok(text.map(ToOwned::to_owned))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Ok(texts(values))
    }
}

impl ColumnValue for i64 {
    const TYPE: ColumnType = ColumnType::Integer;

    fn read(text: Option<&str>, _: Place) -> PolarsResult<Option<Self>> {
        Ok(parsed(text))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Ok(values.map(Option::<&Self>::copied).collect::<Int64Chunked>().into_series())
    }
}

impl ColumnValue for bool {
    const TYPE: ColumnType = ColumnType::Flag;

    fn read(text: Option<&str>, _: Place) -> PolarsResult<Option<Self>> {
        Ok(parsed(text))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Ok(values.map(Option::<&Self>::copied).collect::<BooleanChunked>().into_series())
    }
}

impl ColumnValue for NaiveDate {
    const TYPE: ColumnType = ColumnType::Day;

    fn read(text: Option<&str>, _: Place) -> PolarsResult<Option<Self>> {
        Ok(parsed(text))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Ok(dates(values.map(Option::<&Self>::copied)))
    }
}

/// Decimal numbers, read without trailing zeros.
impl ColumnValue for Decimal {
    const TYPE: ColumnType = ColumnType::Amount;

    fn read(text: Option<&str>, _: Place) -> PolarsResult<Option<Self>> {
        Ok(parsed::<Self>(text).map(|d| d.normalize()))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        displayed(values).strict_cast(&Self::TYPE.of_engine())
    }
}

impl ColumnValue for Currency {
    const TYPE: ColumnType = ColumnType::Text;

    fn read(text: Option<&str>, _: Place) -> PolarsResult<Option<Self>> {
        Ok(parsed(text))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Ok(displayed(values))
    }
}

impl ColumnValue for Month {
    const TYPE: ColumnType = ColumnType::Text;

    fn read(text: Option<&str>, _: Place) -> PolarsResult<Option<Self>> {
        Ok(parsed(text))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Ok(displayed(values))
    }
}

/// Optional values.
impl<T: ColumnValue> ColumnValue for Option<T> {
    const TYPE: ColumnType = T::TYPE;
    const REQUIRED: bool = false;

    fn read(text: Option<&str>, at: Place) -> PolarsResult<Option<Self>> {
        match text {
            Some(text) => T::read(Some(text), at).map(Some),
            None => Ok(Some(None)),
        }
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series>
    where
        T: 'a,
    {
        T::series(values.map(|v| v.and_then(Self::as_ref)))
    }
}

/// JSON object with text values; other values are skipped.
impl ColumnValue for BTreeMap<String, String> {
    const TYPE: ColumnType = ColumnType::Json;
    const REQUIRED: bool = false;

    fn read(text: Option<&str>, at: Place) -> PolarsResult<Option<Self>> {
        let all = object(text, at)?.into_iter();
        Ok(Some(all.filter_map(|(key, value)| Some((key, value.as_str()?.to_owned()))).collect()))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Ok(objects(values))
    }
}

/// JSON object.
impl ColumnValue for BTreeMap<String, Value> {
    const TYPE: ColumnType = ColumnType::Json;
    const REQUIRED: bool = false;

    fn read(text: Option<&str>, at: Place) -> PolarsResult<Option<Self>> {
        object(text, at).map(Some)
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Ok(objects(values))
    }
}

/// Returns JSON objects; an empty object is written as null.
fn objects<'a, V: Serialize + 'a>(
    values: impl Iterator<Item = Option<&'a BTreeMap<String, V>>>,
) -> Series {
    texts(values.map(|object| serde_json::to_string(object.filter(|o| !o.is_empty())?).ok()))
}

fn object(text: Option<&str>, at: Place) -> PolarsResult<BTreeMap<String, Value>> {
    let Some(json) = text else { return Ok(BTreeMap::new()) };
    serde_json::from_str(json)
        .map_err(|e| polars_err!(ComputeError: "column {}, row {}: not a JSON object: {e}", at.column.name, at.row))
}
