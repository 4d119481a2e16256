//! Repeated columns (`credits`, `labels`, `tags`) as records with fields, whether `BigQuery` wrote
//! them to Parquet as nested columns or as text.

use std::ops::Range;

use cost_core::focus::text::is_null_text;
use cost_core::focus::written::{self, Value};
use polars::prelude::*;

/// Records of a repeated column by row, with the requested fields of each record as text.
pub(super) struct Records {
    /// Records of each row; `None` if its cell cannot be read.
    rows: Vec<Option<Range<usize>>>,
    /// One column per field, one cell per record.
    fields: Vec<StringChunked>,
}

impl Records {
    /// Reads the fields `wanted` of the records of a column. A field that the records lack is null.
    pub(super) fn of(column: &Column, wanted: &[&str]) -> PolarsResult<Self> {
        let series = column.as_materialized_series();
        match series.dtype() {
            DataType::List(_) => {
                let list = series.list()?.rechunk();
                let nulls = list.is_null();
                let offsets = list.downcast_as_array().offsets();
                let inner = list.get_inner();
                let readable = matches!(inner.dtype(), DataType::Struct(_) | DataType::Null);
                let row = |at: usize| {
                    let (from, until) =
                        if nulls.get(at) == Some(true) { (0, 0) } else { offsets.start_end(at) };
                    (readable || from == until).then_some(from..until)
                };
                Ok(Self {
                    rows: (0..list.len()).map(row).collect(),
                    fields: fields(&inner, wanted)?,
                })
            }
            DataType::Struct(_) => {
                let nulls = series.is_null();
                let row =
                    |at: usize| Some(if nulls.get(at) == Some(true) { at..at } else { at..at + 1 });
                Ok(Self {
                    rows: (0..series.len()).map(row).collect(),
                    fields: fields(series, wanted)?,
                })
            }
            _ => Ok(Self::of_text(series.cast(&DataType::String)?.str()?, wanted)),
        }
    }

    fn of_text(cells: &StringChunked, wanted: &[&str]) -> Self {
        let paths: Vec<[String; 1]> = wanted.iter().map(|name| [(*name).to_owned()]).collect();
        let mut columns: Vec<Vec<Option<String>>> = vec![Vec::new(); wanted.len()];
        let mut count = 0;
        let mut rows = Vec::with_capacity(cells.len());
        for cell in cells.iter() {
            let Some(found) = records_of_text(cell.unwrap_or_default().trim()) else {
                rows.push(None);
                continue;
            };
            for record in &found {
                for (column, path) in columns.iter_mut().zip(&paths) {
                    column.push(record.at(path).and_then(Value::text));
                }
            }
            rows.push(Some(count..count + found.len()));
            count += found.len();
        }
        Self {
            rows,
            fields: columns.into_iter().map(|column| column.into_iter().collect()).collect(),
        }
    }

    /// Returns the number of rows.
    pub(super) fn height(&self) -> usize {
        self.rows.len()
    }

    /// Returns the records of a row; `None` if its cell cannot be read.
    pub(super) fn row(&self, at: usize) -> Option<Range<usize>> {
        self.rows.get(at).cloned().flatten()
    }

    /// Returns a field of a record, by its position among the requested fields.
    pub(super) fn get(&self, record: usize, field: usize) -> Option<&str> {
        self.fields.get(field)?.get(record)
    }
}

/// Returns the records in a cell: a list of objects, or one object.
fn records_of_text(text: &str) -> Option<Vec<Value>> {
    if is_null_text(text) || text == "[]" {
        return Some(Vec::new());
    }
    match written::literal(text)? {
        Value::Null => Some(Vec::new()),
        Value::List(values) if values.iter().all(|v| matches!(v, Value::Object(_))) => Some(values),
        object @ Value::Object(_) => Some(vec![object]),
        _ => None,
    }
}

fn fields(records: &Series, wanted: &[&str]) -> PolarsResult<Vec<StringChunked>> {
    let found = match records.dtype() {
        DataType::Struct(_) => records.struct_()?.fields_as_series(),
        _ => Vec::new(),
    };
    let field = |name: &&str| match found.iter().find(|f| f.name().eq_ignore_ascii_case(name)) {
        Some(field) => Ok(exact_texts(field)?.rechunk().into_owned()),
        None => Ok(StringChunked::full_null(PlSmallStr::EMPTY, records.len())),
    };
    wanted.iter().map(field).collect()
}

/// Returns cells as text, numbers with every digit. A float gets its shortest text that reads back
/// as the same float.
pub(super) fn exact_texts(series: &Series) -> PolarsResult<StringChunked> {
    Ok(match series.dtype() {
        DataType::Float64 => series.f64()?.iter().map(|v| v.map(|v| format!("{v:e}"))).collect(),
        DataType::Float32 => series.f32()?.iter().map(|v| v.map(|v| format!("{v:e}"))).collect(),
        DataType::Decimal(_, scale) => {
            let physical = series.to_physical_repr();
            physical.i128()?.iter().map(|v| v.map(|v| format!("{v}e-{scale}"))).collect()
        }
        _ => series.cast(&DataType::String)?.str()?.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Key and amount of a record.
    type Pair = (Option<String>, Option<String>);

    fn rows(column: &Column) -> Vec<Option<Vec<Pair>>> {
        let records = Records::of(column, &["key", "amount"]).expect("records");
        let cell = |record: usize, field: usize| records.get(record, field).map(ToOwned::to_owned);
        let row = |at: usize| Some(records.row(at)?.map(|r| (cell(r, 0), cell(r, 1))).collect());
        (0..records.height()).map(row).collect()
    }

    fn record(key: Option<&str>, amount: &str) -> Pair {
        (key.map(ToOwned::to_owned), Some(amount.to_owned()))
    }

    #[test]
    fn nested_and_text_are_read_alike_and_sliced_lists_too() {
        let pair = |key: &[Option<&str>], amount: &[f64]| {
            let frame = df!("key" => key, "amount" => amount).expect("pairs");
            Some(frame.into_struct("pairs".into()).into_series())
        };
        let lists = [
            None,
            pair(&[Some("a"), None], &[-0.1, 1e-7]),
            pair(&[], &[]),
            pair(&[Some("b")], &[3.0]),
        ];
        let nested = ListChunked::from_iter(lists).into_series().into_column();
        let expected = vec![
            Some(vec![]),
            Some(vec![record(Some("a"), "-1e-1"), record(None, "1e-7")]),
            Some(vec![]),
            Some(vec![record(Some("b"), "3e0")]),
        ];
        assert_eq!(rows(&nested), expected);
        assert_eq!(rows(&nested.slice(1, 3)), expected[1..]);
        let text = Column::new(
            "c".into(),
            [
                None,
                Some("[{'key': 'a', 'amount': -1e-1}, {'amount': 1e-7, 'key': None}]"),
                Some("[]"),
                Some("oops"),
            ],
        );
        assert_eq!(rows(&text), [expected[0].clone(), expected[1].clone(), Some(vec![]), None]);
    }

    #[test]
    fn decimals_keep_their_digits() {
        let text = Series::new("amount".into(), ["-12345678901234567.123456789", "0.5"]);
        let decimals = text.cast(&DataType::Decimal(38, 9)).expect("decimals");
        let texts = exact_texts(&decimals).expect("texts");
        let values: Vec<Option<i128>> =
            texts.iter().map(|t| Some(cost_core::focus::text::decimal(t?)?.value)).collect();
        assert_eq!(values, [Some(-12_345_678_901_234_567_123_456_789_000), Some(500_000_000_000)]);
    }
}
