//! Hourly CPU of real virtual machines (Bitbrains GWA-T-12).

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use anyhow::Context;
use chrono::{DateTime, NaiveDateTime, Timelike};
use polars::prelude::*;
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;

/// One hour of a machine: mean and maximum of its 5-minute samples, percent of its capacity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hour {
    pub(crate) at: NaiveDateTime,
    pub(crate) mean_pct: f64,
    pub(crate) max_pct: f64,
}

/// The machines in the order of their ids, each with its hours in order.
pub(crate) fn read(folder: &Path) -> anyhow::Result<Vec<Vec<Hour>>> {
    let meta = frame(&folder.join("meta.parquet"))?;
    let trace = frame(&folder.join("trace.parquet"))?;
    let capacity: BTreeMap<String, f64> = meta
        .column("id")?
        .str()?
        .iter()
        .zip(meta.column("cpu_capacity")?.f64()?.iter())
        .filter_map(|(id, mhz)| Some((id?.to_owned(), mhz?)))
        .collect();
    let ids = trace.column("id")?.str()?.clone();
    let instants =
        trace.column("timestamp")?.as_materialized_series().to_physical_repr().into_owned();
    let used = trace.column("cpu_usage")?.f64()?.clone();
    let mut samples: BTreeMap<&str, BTreeMap<NaiveDateTime, Vec<f64>>> = BTreeMap::new();
    for ((id, ms), mhz) in ids.iter().zip(instants.i64()?.iter()).zip(used.iter()) {
        let (Some(id), Some(ms), Some(mhz)) = (id, ms, mhz) else { continue };
        let Some(whole) = capacity.get(id).filter(|c| **c > 0.0) else { continue };
        let at =
            DateTime::from_timestamp_millis(ms).context("a sample has no valid time")?.naive_utc();
        let hour = at.date().and_hms_opt(at.hour(), 0, 0).unwrap_or(at);
        samples
            .entry(id)
            .or_default()
            .entry(hour)
            .or_default()
            .push((100.0 * mhz / whole).clamp(0.0, 100.0));
    }
    let hour = |(at, values): (NaiveDateTime, Vec<f64>)| {
        let count = f64::from(u32::try_from(values.len()).unwrap_or(1));
        let max_pct = values.iter().copied().fold(0.0, f64::max);
        Hour { at, mean_pct: round(values.iter().sum::<f64>() / count), max_pct: round(max_pct) }
    };
    Ok(samples.into_values().map(|hours| hours.into_iter().map(hour).collect()).collect())
}

/// To hundredths of a percent: the samples are no finer.
fn round(pct: f64) -> f64 {
    (pct * 100.0).round() / 100.0
}

fn frame(path: &Path) -> anyhow::Result<DataFrame> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    Ok(ParquetReader::new(file).finish()?)
}
