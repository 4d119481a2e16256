//! The utilization frame: how busy resources are, an hour a row.

use std::collections::BTreeMap;

use polars::prelude::*;
use statrs::statistics::{Data, OrderStatistics};

use crate::inventory::short_id;

/// Columns of `utilization/hourly.parquet`, grain: one row a resource and hour. What was not measured is null.
///
/// `ResourceId`, `Hour` (Datetime, UTC), `CpuMeanPct` and `CpuMaxPct` (f64, percent of all cores, mean and maximum of
/// the hour's samples), and, which estates of older versions lack, `CpuP99Pct` (99th percentile of the hour's samples),
/// `MemoryMeanPct` and `MemoryMaxPct` (percent of the memory), `NetworkBytes` (in and out together, sum of the hour),
/// `Operations` (what the resource is there for, sum of the hour: reads and writes of a volume, requests of a balancer,
/// connections of a gateway or database).
pub const COLUMNS: &[&str] = &[
    "ResourceId",
    "Hour",
    "CpuMeanPct",
    "CpuMaxPct",
    "CpuP99Pct",
    "MemoryMeanPct",
    "MemoryMaxPct",
    "NetworkBytes",
    "Operations",
];

/// How busy one resource is.
#[derive(Clone, Copy, Debug)]
pub struct CpuUse {
    /// Hours observed.
    pub hours: usize,
    /// Mean of the hourly means, percent.
    pub mean_pct: f64,
    /// 99th percentile of the hourly maxima, percent.
    pub p99_of_hourly_max_pct: f64,
}

/// How busy each resource is, by the last part of its id.
#[derive(Clone, Debug, Default)]
pub struct Utilization {
    cpu: BTreeMap<String, CpuUse>,
}

impl Utilization {
    /// From a frame with [`COLUMNS`].
    ///
    /// # Errors
    /// The engine's, when a column is missing or of another type.
    pub fn from_frame(frame: &DataFrame) -> PolarsResult<Self> {
        let ids = frame.column("ResourceId")?.cast(&DataType::String)?;
        let means = frame.column("CpuMeanPct")?.cast(&DataType::Float64)?;
        let maxima = frame.column("CpuMaxPct")?.cast(&DataType::Float64)?;
        let mut samples: BTreeMap<String, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
        for ((id, mean), max) in ids.str()?.iter().zip(means.f64()?.iter()).zip(maxima.f64()?.iter()) {
            let (Some(id), Some(mean), Some(max)) = (id, mean, max) else { continue };
            let entry = samples.entry(short_id(id).to_owned()).or_default();
            entry.0.push(mean);
            entry.1.push(max);
        }
        let cpu = samples.into_iter().map(|(id, (mut means, maxima))| {
            // Summed in sorted order, so that the mean is the same digits whatever the row order.
            means.sort_by(f64::total_cmp);
            let hours = means.len();
            let mean_pct = means.iter().sum::<f64>() / f64::from(u32::try_from(hours).unwrap_or(u32::MAX));
            let p99_of_hourly_max_pct = Data::new(maxima).percentile(99);
            (id, CpuUse { hours, mean_pct, p99_of_hourly_max_pct })
        });
        Ok(Self { cpu: cpu.collect() })
    }

    /// How busy the resource a bill calls `resource_id` is.
    #[must_use]
    pub fn cpu(&self, resource_id: &str) -> Option<&CpuUse> {
        self.cpu.get(short_id(resource_id))
    }

    /// Resources observed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cpu.len()
    }

    /// Whether none was observed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cpu.is_empty()
    }
}
