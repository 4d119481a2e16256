//! [`row!`]: declaration of a row struct with the columns of its table.

/// Declares the struct of a row and the columns of its table together, and implements
/// [`TableRow`](super::TableRow) for it.
///
/// Each field is a column. Its type is that of [`ColumnValue`](super::ColumnValue), its docs are
/// the documentation of the column, and `#[column("Name")]` is its name in the file. A field that
/// is not an `Option` is required: rows without it are skipped. `unit = "GB"` sets the unit of the
/// values, and `optional = true` marks a column that a file can lack.
macro_rules! row {
    (
        $(#[doc = $about:literal])*
        #[derive($($derived:ident),*)]
        $seen:vis struct $row:ident {
            $(
                $(#[doc = $doc:literal])+
                #[column($name:literal $(, unit = $unit:literal)? $(, optional = $optional:literal)?)]
                $field_seen:vis $field:ident: $type:ty,
            )+
        }
    ) => {
        $(#[doc = $about])*
        #[derive($($derived),*)]
        $seen struct $row {
            $($(#[doc = $doc])+ $field_seen $field: $type,)+
        }

        impl $crate::table::TableRow for $row {
            const COLUMNS: &'static [$crate::table::Column] = &[$(
                $crate::table::Column::new(
                    $name,
                    <$type as $crate::table::ColumnValue>::TYPE,
                    concat!($($doc),+),
                )
                .required(<$type as $crate::table::ColumnValue>::REQUIRED)
                $(.unit($unit))?
                $(.optional($optional))?,
            )+];

            fn read(cells: &mut $crate::table::CellsOfRow<'_>) -> ::polars::prelude::PolarsResult<Option<Self>> {
                $(let Some($field) = cells.next_value::<$type>()? else { return Ok(None) };)+
                Ok(Some(Self { $($field),+ }))
            }

            fn series(rows: &[Self]) -> ::polars::prelude::PolarsResult<Vec<::polars::prelude::Series>> {
                Ok(vec![$(
                    <$type as $crate::table::ColumnValue>::series(rows.iter().map(|row| Some(&row.$field)))?
                ),+])
            }
        }
    };
}

pub(crate) use row;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::NaiveDate;
    use polars::prelude::*;
    use rust_decimal::Decimal;
    use serde_json::{Value, json};

    use crate::money::Currency;
    use crate::month::Month;
    use crate::table::{TableRow, frame_of, rows_of};

    row! {
        /// A row with a column of every type.
        #[derive(Clone, Debug, PartialEq)]
        struct Everything {
            /// Text.
            #[column("Id")]
            id: String,
            /// An amount.
            #[column("Cost", unit = "USD")]
            cost: Decimal,
            /// A currency.
            #[column("Currency")]
            currency: Option<Currency>,
            /// A month.
            #[column("Month")]
            month: Option<Month>,
            /// An integer, over
            /// two lines.
            #[column("Size", unit = "GB", optional = true)]
            size: Option<i64>,
            /// A flag.
            #[column("Flag", optional = true)]
            flag: Option<bool>,
            /// A day.
            #[column("Day", optional = true)]
            day: Option<NaiveDate>,
            /// Text by key.
            #[column("Tags", optional = true)]
            tags: BTreeMap<String, String>,
            /// Anything by key.
            #[column("Details", optional = true)]
            details: BTreeMap<String, Value>,
        }
    }

    fn rows() -> Vec<Everything> {
        let known = Everything {
            id: "a".to_owned(),
            cost: "1.5".parse().unwrap(),
            currency: Some(Currency::USD),
            month: Some("2026-10".parse().unwrap()),
            size: Some(-7),
            flag: Some(false),
            day: NaiveDate::from_ymd_opt(2026, 10, 31),
            tags: BTreeMap::from([("team".to_owned(), "web".to_owned())]),
            details: BTreeMap::from([("Count".to_owned(), json!(3))]),
        };
        let unknown = Everything {
            id: "b".to_owned(),
            cost: Decimal::ZERO,
            currency: None,
            month: None,
            size: None,
            flag: None,
            day: None,
            tags: BTreeMap::new(),
            details: BTreeMap::new(),
        };
        vec![known, unknown]
    }

    #[test]
    fn rows_are_read_as_they_were_written() {
        let frame = frame_of(&rows()).unwrap();
        assert_eq!(rows_of::<Everything>(&frame).unwrap(), rows());
        for (column, of) in Everything::COLUMNS.iter().zip(frame.columns()) {
            assert_eq!(
                (column.name, column.kind.of_engine()),
                (of.name().as_str(), of.dtype().clone())
            );
        }
        assert_eq!(frame.column("Tags").unwrap().null_count(), 1, "nothing known is null");
    }

    #[test]
    fn columns_say_what_fields_say() {
        let columns = Everything::COLUMNS;
        assert_eq!(
            (columns[0].required, columns[1].unit, columns[4].unit),
            (true, Some("USD"), Some("GB"))
        );
        assert_eq!(
            (columns[4].optional, columns[4].required, columns[7].required),
            (true, false, false)
        );
        assert_eq!(columns[4].doc, " An integer, over two lines.");
    }

    #[test]
    fn other_types_are_read_as_text_and_what_is_missing_is_unknown() {
        let mut frame = frame_of(&rows()).unwrap();
        let texts = frame.column("Size").unwrap().cast(&DataType::String).unwrap();
        frame.with_column(texts).unwrap();
        for gone in ["Flag", "Day", "Tags", "Details"] {
            frame = frame.drop(gone).unwrap();
        }
        let read = rows_of::<Everything>(&frame).unwrap();
        assert_eq!((read[0].size, read[0].flag, read[0].tags.len()), (Some(-7), None, 0));
        let missing = rows_of::<Everything>(&frame.drop("Cost").unwrap()).unwrap_err().to_string();
        assert!(missing.contains("Cost"), "{missing}");
    }

    #[test]
    fn a_row_without_what_it_needs_is_left_out() {
        let mut frame = frame_of(&rows()).unwrap();
        frame.with_column(Column::new("Id".into(), [None, Some("b")])).unwrap();
        let read = rows_of::<Everything>(&frame).unwrap();
        assert_eq!(read.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn a_damaged_object_is_refused_with_its_place() {
        let mut frame = frame_of(&rows()).unwrap();
        frame.with_column(Column::new("Details".into(), [Some("{}"), Some("[1]")])).unwrap();
        let e = rows_of::<Everything>(&frame).unwrap_err().to_string();
        assert!(e.starts_with("column Details, row 2: not a JSON object"), "{e}");
    }
}
