//! [`Table`]: the declaration of a table.

use std::collections::HashSet;

use polars::prelude::*;

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// A JSON object, as text.
    Json,
    /// 64-bit integer.
    Integer,
    /// 64-bit floating-point number.
    Number,
    /// True or false.
    Flag,
    /// A day.
    Day,
    /// The start of an hour, UTC, with microseconds.
    Hour,
    /// Exact number with 12 decimal places: an amount of money, or a price.
    Amount,
}

impl ColumnType {
    /// Returns the data type in frames and in the Parquet file.
    #[must_use]
    pub fn of_engine(self) -> DataType {
        match self {
            Self::Text | Self::Json => DataType::String,
            Self::Integer => DataType::Int64,
            Self::Number => DataType::Float64,
            Self::Flag => DataType::Boolean,
            Self::Day => DataType::Date,
            Self::Hour => DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
            Self::Amount => DataType::Decimal(38, 12),
        }
    }
}

/// Column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name in the Parquet file.
    pub name: &'static str,
    /// Its type.
    pub kind: ColumnType,
    /// Unit of the values, if they have one.
    pub unit: Option<&'static str>,
    /// Meaning of the values.
    pub doc: &'static str,
    /// Whether rows without a value are skipped when the table is read.
    pub required: bool,
    /// Whether a file can lack the column, as files of older versions do.
    pub optional: bool,
}

impl Column {
    /// Creates a column with optional values.
    #[must_use]
    pub const fn new(name: &'static str, kind: ColumnType, doc: &'static str) -> Self {
        Self { name, kind, unit: None, doc, required: false, optional: false }
    }

    /// Sets the unit of its values.
    #[must_use]
    pub const fn unit(self, unit: &'static str) -> Self {
        Self { unit: Some(unit), ..self }
    }

    /// Sets whether rows need a value.
    #[must_use]
    pub const fn required(self, required: bool) -> Self {
        Self { required, ..self }
    }

    /// Sets whether a file can lack the column.
    #[must_use]
    pub const fn optional(self, optional: bool) -> Self {
        Self { optional, ..self }
    }
}

/// Table of an estate.
#[derive(Debug)]
pub struct Table {
    /// Name in code and in messages about pulls, such as `resource_costs`.
    pub name: &'static str,
    /// Name of the rows in messages, such as `costs by resource`: "no costs by resource: …".
    pub label: &'static str,
    /// Path of its file in the estate.
    pub path: &'static str,
    /// Content of the table, and the meaning of one row.
    pub doc: &'static str,
    /// Columns, in the order of the file.
    pub columns: &'static [Column],
    /// Columns that identify a row: never null, and unique together. Empty if rows have no key.
    pub key: &'static [&'static str],
    /// Whether it comes from a service that the customer must enable. If the service is off, the
    /// estate counts as complete.
    pub opt_in: bool,
    /// Additional rules for its rows. Returns the rules that are not met, one line each. An error
    /// means that the core cannot read the table.
    pub rules: fn(&DataFrame) -> PolarsResult<Vec<String>>,
}

impl Table {
    /// Returns the columns with their types.
    #[must_use]
    pub fn schema(&self) -> Schema {
        self.columns
            .iter()
            .map(|column| Field::new(column.name.into(), column.kind.of_engine()))
            .collect()
    }

    /// Returns the table without rows.
    #[must_use]
    pub fn empty(&self) -> DataFrame {
        DataFrame::empty_with_schema(&self.schema())
    }

    /// Checks that a frame can be written as this table: its columns in order, with their types;
    /// optional ones can be missing.
    ///
    /// # Errors
    /// An error about the first column that differs.
    pub fn check_columns(&self, frame: &DataFrame) -> PolarsResult<()> {
        let wrong = |name: &str, problem: &str| {
            Err(
                polars_err!(ComputeError: "table {}: column {name} {problem}; its columns are {:?}", self.name, self.names()),
            )
        };
        let mut found = frame.columns().iter().peekable();
        for column in self.columns {
            match found.next_if(|c| c.name() == column.name) {
                Some(of) if *of.dtype() == column.kind.of_engine() => {}
                Some(of) => {
                    return wrong(
                        column.name,
                        &format!("has type {}, not {}", of.dtype(), column.kind.of_engine()),
                    );
                }
                None if column.optional => {}
                None => return wrong(column.name, "is missing or out of order"),
            }
        }
        found.next().map_or(Ok(()), |extra| wrong(extra.name(), "does not belong to it"))
    }

    /// Returns the rules that a provider's frame does not meet, one line each: exactly these
    /// columns with these types, a unique key in each row, and the table's own rules.
    #[must_use]
    pub fn unmet(&self, frame: &DataFrame) -> Vec<String> {
        let schema = frame.schema();
        if **schema != self.schema() {
            return vec![format!(
                "columns of {} are {:?}, not {schema:?}",
                self.name,
                self.schema()
            )];
        }
        let keys = self.has_keys(frame).map(|has| {
            let rule =
                || format!("each row of {} has a unique {}", self.name, self.key.join(" and "));
            if has { Vec::new() } else { vec![rule()] }
        });
        let read = |rules: PolarsResult<Vec<String>>| {
            rules.unwrap_or_else(|e| vec![format!("cost-core can read {}: {e}", self.name)])
        };
        [read(keys), read((self.rules)(frame))].concat()
    }

    /// Returns whether all rows have unique keys without null.
    fn has_keys(&self, frame: &DataFrame) -> PolarsResult<bool> {
        if self.key.is_empty() {
            return Ok(true);
        }
        let columns = self.key.iter().map(|name| frame.column(name)?.cast(&DataType::String));
        let columns = columns.collect::<PolarsResult<Vec<_>>>()?;
        let cells = columns.iter().map(|c| c.str()).collect::<PolarsResult<Vec<_>>>()?;
        let mut seen = HashSet::new();
        Ok((0..frame.height()).all(|row| {
            let key: Option<Vec<&str>> = cells.iter().map(|c| c.get(row)).collect();
            key.is_some_and(|key| seen.insert(key))
        }))
    }

    fn names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|c| c.name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource_cost::{RESOURCE_COSTS, ResourceCost};
    use crate::table::{frame_of, rows_of};
    use crate::usage::UTILIZATION;

    fn frame(resources: [&str; 2]) -> DataFrame {
        let row = |resource: &str| ResourceCost {
            day: "2026-10-20".parse().unwrap(),
            sub_account_id: "1".to_owned(),
            service_name: "Compute".to_owned(),
            usage_type: "BoxUsage:m5.large".to_owned(),
            resource_id: resource.to_owned(),
            effective_cost: "1.5".parse().unwrap(),
            billing_currency: "USD".parse().unwrap(),
        };
        frame_of(&resources.map(row)).unwrap()
    }

    #[test]
    fn a_table_without_rows_has_all_columns() {
        for table in crate::estate::TABLES {
            assert_eq!(table.unmet(&table.empty()), Vec::<String>::new(), "{}", table.name);
            assert!(table.check_columns(&table.empty()).is_ok());
            assert!(
                table.key.iter().all(|key| table.columns.iter().any(|c| c.name == *key)),
                "{}",
                table.name
            );
        }
    }

    #[test]
    fn each_row_has_a_key_of_its_own_and_can_be_read() {
        assert_eq!(RESOURCE_COSTS.unmet(&frame(["i-1", "i-2"])), Vec::<String>::new());
        let twice = RESOURCE_COSTS.unmet(&frame(["i-1", "i-1"]));
        assert!(
            twice.len() == 1 && twice[0].contains("has a unique ChargeDay and SubAccountId"),
            "{twice:?}"
        );
        let mut without = frame(["i-1", "i-2"]);
        without
            .with_column(polars::prelude::Column::new("ResourceId".into(), [Some("i-1"), None]))
            .unwrap();
        assert_eq!(rows_of::<ResourceCost>(&without).unwrap().len(), 1);
        assert_eq!(RESOURCE_COSTS.unmet(&without).len(), 2, "no key, and missing");
    }

    #[test]
    fn only_columns_of_the_table_are_written() {
        let fine = frame(["i-1", "i-2"]);
        assert!(RESOURCE_COSTS.check_columns(&fine).is_ok());
        let problem =
            |frame: &DataFrame| RESOURCE_COSTS.check_columns(frame).unwrap_err().to_string();
        assert!(
            problem(&fine.drop("SkuMeter").unwrap())
                .contains("column SkuMeter is missing or out of order")
        );
        let mut other = fine.clone();
        other
            .with_column(fine.column("EffectiveCost").unwrap().cast(&DataType::String).unwrap())
            .unwrap();
        assert!(problem(&other).contains("column EffectiveCost has type"), "{}", problem(&other));
        let mut extra = fine.clone();
        extra
            .with_column(fine.column("SkuMeter").unwrap().clone().with_name("Extra".into()))
            .unwrap();
        assert!(
            problem(&extra).contains("column Extra does not belong to it"),
            "{}",
            problem(&extra)
        );
        // Files of older versions lack some columns; so does the demo.
        assert!(UTILIZATION.check_columns(&UTILIZATION.empty().drop("CpuP99Pct").unwrap()).is_ok());
    }
}
