//! The utilization of an estate: its columns, and what must hold for them.

use polars::prelude::{DataFrame, DataType, PolarsResult};

use crate::table::{Column, ColumnType, Table};

/// How busy resources are. Months of hours are many rows, so that the table is read and written
/// column by column.
pub static UTILIZATION: Table = Table {
    name: "utilization",
    label: "utilization",
    path: "utilization/hourly.parquet",
    doc: "Utilization of resources. One row per resource and hour; metrics that were not measured are null.",
    columns: &[
        Column::new("ResourceId", ColumnType::Text, "Resource.").required(true),
        Column::new("Hour", ColumnType::Hour, "Start of the hour.").required(true),
        number("CpuMeanPct", "CPU utilization of all cores: mean of the samples.").unit("%"),
        number("CpuMaxPct", "CPU utilization of all cores: maximum of the samples.").unit("%"),
        number("CpuP99Pct", "CPU utilization of all cores: 99th percentile of the samples.").unit("%").optional(true),
        number("MemoryMeanPct", "Memory utilization: mean of the samples.").unit("%").optional(true),
        number("MemoryMaxPct", "Memory utilization: maximum of the samples.").unit("%").optional(true),
        number("NetworkBytes", "Bytes received and sent, or for a volume read and written: sum.").unit("bytes").optional(true),
        number(
            "Operations",
            "Units of work: reads and writes of a volume, requests of a load balancer, connections of a gateway or \
             database: sum.",
        )
        .optional(true),
        number("StorageUsedPct", "Used share of the storage: maximum.").unit("%").optional(true),
        number("ReadUnits", "Consumed read capacity of a table: sum.").unit("capacity units").optional(true),
        number("WriteUnits", "Consumed write capacity of a table: sum.").unit("capacity units").optional(true),
    ],
    key: &["ResourceId", "Hour"],
    opt_in: false,
    rules,
};

const fn number(name: &'static str, doc: &'static str) -> Column {
    Column::new(name, ColumnType::Number, doc)
}

fn rules(frame: &DataFrame) -> PolarsResult<Vec<String>> {
    let number = |name: &str| -> PolarsResult<Vec<Option<f64>>> {
        Ok(frame.column(name)?.cast(&DataType::Float64)?.f64()?.iter().collect())
    };
    let (mean, max) = (number("CpuMeanPct")?, number("CpuMaxPct")?);
    let within = |v: &Option<f64>| v.is_none_or(|v| (0.0..=100.0).contains(&v));
    let ordered = mean.iter().zip(&max).all(|(a, b)| a.zip(*b).is_none_or(|(a, b)| a <= b));
    let rules = [
        (mean.iter().chain(&max).all(within), "percentages are within 0 to 100"),
        (ordered, "no mean is above its maximum"),
    ];
    Ok(rules.into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| rule.to_owned()).collect())
}
