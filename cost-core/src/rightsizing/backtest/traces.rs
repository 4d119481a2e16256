//! Recorded machines: `meta.parquet` and `trace.parquet` of a folder, as the traces of `OpenDC`
//! have them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use polars::prelude::*;
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;

/// Recorded machine.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Name of the machine.
    pub id: String,
    /// Provisioned CPU, MHz of all cores.
    pub cpu_mhz: f64,
    /// Provisioned memory, MiB.
    pub memory_mib: f64,
    /// Samples in order: seconds since 1970, MHz used over all cores.
    pub samples: Vec<(i64, f64)>,
}

/// Error from reading traces.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct TraceError {
    /// File.
    pub path: PathBuf,
    /// Problem in the file.
    pub problem: String,
}

/// Memory is recorded in KB.
const KB_OF_MIB: f64 = 1024.0;

/// Reads the machines of a folder, by ID. `meta.parquet`: `id`, `cpu_capacity` (MHz),
/// `mem_capacity` (KB); `trace.parquet`: `id`, `timestamp` (an instant), `cpu_usage` (MHz).
///
/// # Errors
/// [`TraceError`] if a file is missing or a column is missing or of another type.
pub fn read(folder: &Path) -> Result<Vec<Trace>, TraceError> {
    let (meta_path, trace_path) = (folder.join("meta.parquet"), folder.join("trace.parquet"));
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |e: PolarsError| TraceError { path, problem: e.to_string() }
    };
    let mut traces = capacities(&frame(&meta_path)?).map_err(failed(&meta_path))?;
    samples(&frame(&trace_path)?, &mut traces).map_err(failed(&trace_path))?;
    let mut all: Vec<Trace> = traces.into_values().filter(|t| !t.samples.is_empty()).collect();
    for trace in &mut all {
        trace.samples.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    }
    Ok(all)
}

fn frame(path: &Path) -> Result<DataFrame, TraceError> {
    let failed = |problem: String| TraceError { path: path.to_owned(), problem };
    let file = std::fs::File::open(path).map_err(|e| failed(e.to_string()))?;
    ParquetReader::new(file).finish().map_err(|e| failed(e.to_string()))
}

fn numbers(frame: &DataFrame, name: &str) -> PolarsResult<Float64Chunked> {
    Ok(frame.column(name)?.cast(&DataType::Float64)?.f64()?.clone())
}

fn capacities(meta: &DataFrame) -> PolarsResult<BTreeMap<String, Trace>> {
    let ids = meta.column("id")?.cast(&DataType::String)?;
    let (cpu, memory) = (numbers(meta, "cpu_capacity")?, numbers(meta, "mem_capacity")?);
    let rows = ids.str()?.iter().zip(cpu.iter()).zip(memory.iter());
    let trace = |((id, cpu), memory): ((Option<&str>, Option<f64>), Option<f64>)| {
        let (id, cpu_mhz, memory_mib) =
            (id?.to_owned(), cpu.filter(|c| *c > 0.0)?, memory? / KB_OF_MIB);
        Some((id.clone(), Trace { id, cpu_mhz, memory_mib, samples: Vec::new() }))
    };
    Ok(rows.filter_map(trace).collect())
}

fn samples(trace: &DataFrame, traces: &mut BTreeMap<String, Trace>) -> PolarsResult<()> {
    let ids = trace.column("id")?.cast(&DataType::String)?;
    let instants =
        trace.column("timestamp")?.cast(&DataType::Datetime(TimeUnit::Milliseconds, None))?;
    let used = numbers(trace, "cpu_usage")?;
    for ((id, at), mhz) in
        ids.str()?.iter().zip(instants.datetime()?.physical().iter()).zip(used.iter())
    {
        let (Some(id), Some(at), Some(mhz)) = (id, at, mhz) else { continue };
        if let Some(of) = traces.get_mut(id) {
            of.samples.push((at.div_euclid(1000), mhz.max(0.0)));
        }
    }
    Ok(())
}
