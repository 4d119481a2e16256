//! Files to lazy frames of raw rows.

use std::fs::File;
use std::io::{BufReader, Read};
use std::sync::Arc;

use cost_core::focus::columns;
use cost_provider_api::ProviderError;
use flate2::read::MultiGzDecoder;
use polars::prelude::*;

use crate::discover::{BillFile, Format, unreadable};

/// What files must share to be scanned together: format, columns, and the partition columns they take from their path.
#[derive(Clone, PartialEq)]
pub(crate) struct Shape {
    format: Format,
    schema: Schema,
    partitions: Vec<(String, String)>,
}

impl Shape {
    /// Column names and types of the files themselves.
    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }
}

/// Format and columns of a file, from its header or footer; FOCUS columns that only its path has are added.
pub(crate) fn shape(file: &BillFile) -> Result<Shape, ProviderError> {
    let schema = match file.format {
        Format::Parquet => parquet_schema(file)?,
        Format::Csv | Format::CsvGz => csv_schema(file)?,
    };
    let has = |name: &str| schema.iter_names().any(|h| columns::lookup(h).is_some_and(|c| c.name == name));
    let missing = |(key, _): &&(String, String)| columns::lookup(key).is_some_and(|c| !has(c.name));
    let partitions = file.partitions.iter().filter(missing).cloned().collect();
    Ok(Shape { format: file.format, schema, partitions })
}

/// The raw rows of files of one shape.
pub(crate) fn scan_as(files: &[BillFile], shape: &Shape) -> Result<LazyFrame, ProviderError> {
    let path = |f: &BillFile| PlRefPath::new(f.path.to_string_lossy().as_ref());
    let lazy = match shape.format {
        Format::Parquet => LazyFrame::scan_parquet_files(files.iter().map(path).collect(), parquet_args()),
        // Every cell is read as text: a number guessed from the first rows, or read as a float, would not be exact.
        Format::Csv | Format::CsvGz => LazyCsvReader::new_paths(files.iter().map(path).collect())
            .with_glob(false)
            .with_schema(Some(Arc::new(shape.schema.clone())))
            .with_null_values(Some(NullValues::AllColumns(vec!["NULL".into(), "".into()])))
            .with_missing_is_null(true)
            .with_raise_if_empty(false)
            .finish(),
    };
    let first = files.first().map(|f| f.path.clone()).unwrap_or_default();
    let lazy = lazy.map_err(|e| unreadable(&first, &e))?;
    Ok(lazy.with_columns(shape.partitions.iter().map(|(k, v)| lit(v.clone()).alias(k.as_str())).collect::<Vec<_>>()))
}

/// Rows that are scanned at a time. The engine reads up to 16 row groups of Parquet ahead, whatever their size: scanned as
/// one, a large bill takes some 2 GiB for that alone. A million rows keep both cores busy for about a second.
const CHUNK_ROWS: usize = 1_000_000;

/// The raw rows of files of one shape, in chunks: large Parquet files in slices, small ones together. CSV is read as a
/// stream anyway, and a slice of it could not be found without reading what is before it.
pub(crate) fn chunks(files: &[BillFile], shape: &Shape) -> Result<Vec<LazyFrame>, ProviderError> {
    if shape.format != Format::Parquet {
        return Ok(vec![scan_as(files, shape)?]);
    }
    let mut chunks = Vec::new();
    let mut small: Vec<BillFile> = Vec::new();
    let mut rows_of_small = 0;
    for file in files {
        let rows = parquet_rows(file)?;
        if rows > CHUNK_ROWS {
            let scan = scan_as(std::slice::from_ref(file), shape)?;
            let slice =
                |from: usize| Some(scan.clone().slice(i64::try_from(from).ok()?, IdxSize::try_from(CHUNK_ROWS).ok()?));
            chunks.extend((0..rows).step_by(CHUNK_ROWS).filter_map(slice));
            continue;
        }
        if rows_of_small + rows > CHUNK_ROWS {
            chunks.push(scan_as(&std::mem::take(&mut small), shape)?);
            rows_of_small = 0;
        }
        small.push(file.clone());
        rows_of_small += rows;
    }
    if !small.is_empty() {
        chunks.push(scan_as(&small, shape)?);
    }
    Ok(chunks)
}

fn parquet_rows(file: &BillFile) -> Result<usize, ProviderError> {
    let open = File::open(&file.path).map_err(|e| unreadable(&file.path, &e))?;
    ParquetReader::new(open).num_rows().map_err(|e| unreadable(&file.path, &e))
}

/// Partition columns are taken from the path by [`shape`], and only those that FOCUS knows.
fn parquet_args() -> ScanArgsParquet {
    let hive_options = HiveOptions::new_disabled();
    ScanArgsParquet { glob: false, cache: false, hive_options, ..ScanArgsParquet::default() }
}

fn parquet_schema(file: &BillFile) -> Result<Schema, ProviderError> {
    let damaged = |e: &dyn ToString| {
        let reason = e.to_string();
        let reason = reason.lines().next().unwrap_or_default().to_owned();
        unreadable(&file.path, &format!("not a whole Parquet file ({reason}); it may be truncated: fetch it again"))
    };
    let path = PlRefPath::new(file.path.to_string_lossy().as_ref());
    let mut lazy = LazyFrame::scan_parquet(path, parquet_args()).map_err(|e| damaged(&e))?;
    Ok(lazy.collect_schema().map_err(|e| damaged(&e))?.as_ref().clone())
}

/// The header of a CSV file: every column text. Reads the whole file once, to be sure that each row has as many cells: an
/// unquoted comma or a download cut short would otherwise move amounts into other columns, or lose them.
fn csv_schema(file: &BillFile) -> Result<Schema, ProviderError> {
    let open = File::open(&file.path).map_err(|e| unreadable(&file.path, &e))?;
    let raw = BufReader::with_capacity(1 << 20, open);
    let reader: Box<dyn Read> =
        if file.format == Format::CsvGz { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
    let mut csv = csv::ReaderBuilder::new().has_headers(true).from_reader(reader);
    let headers = csv.headers().map_err(|e| bad_csv(file, &e))?;
    if headers.iter().all(|h| h.trim().is_empty()) {
        return Err(unreadable(&file.path, &"it is empty; a FOCUS bill starts with a line of column names"));
    }
    let mut schema = Schema::default();
    for (at, header) in headers.iter().enumerate() {
        let header = if at == 0 { header.trim_start_matches('\u{feff}') } else { header };
        if schema.insert(header.into(), DataType::String).is_some() {
            return Err(unreadable(&file.path, &format!("its header names column {header} twice; keep one of them")));
        }
    }
    let mut record = csv::ByteRecord::new();
    while csv.read_byte_record(&mut record).map_err(|e| bad_csv(file, &e))? {}
    Ok(schema)
}

/// What is wrong with a CSV file, and what to do.
fn bad_csv(file: &BillFile, error: &csv::Error) -> ProviderError {
    let problem = match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            // The header is record 0, so that the first row of data is record 1.
            let row = pos.as_ref().map(|p| format!("row {} has ", p.record())).unwrap_or_default();
            format!(
                "{row}{len} cells, the header {expected_len}: quote text that holds commas, and check that the file is whole"
            )
        }
        csv::ErrorKind::Io(e) if file.format == Format::CsvGz => {
            format!("not a whole gzip file ({e}); it may be truncated: fetch it again")
        }
        csv::ErrorKind::Utf8 { .. } => "its header is not UTF-8; save the file as UTF-8".to_owned(),
        _ => format!("cannot be read as CSV: {error}"),
    };
    unreadable(&file.path, &problem)
}
