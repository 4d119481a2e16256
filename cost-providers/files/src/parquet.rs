//! [`ParquetFiles`]: Parquet files of one schema as rows for the engine.

use std::fs::File;

use cost_core::focus::{Batches, Columns, FILE, RowSource};
use cost_core::shield::shield;
use cost_provider_api::ProviderError;
use polars::prelude::*;
use polars_parquet::parquet::statistics::Statistics;
use polars_parquet::read::{PrimitiveLogicalType, infer_schema, read_metadata};

use crate::find::{BillFile, unreadable};

/// Rows that are scanned at a time. The engine reads up to 16 row groups of Parquet ahead, whatever their size: scanned as
/// one, a large bill takes some 2 GiB for that alone. A million rows keep both cores busy for about a second.
const ROWS: usize = 1_000_000;

/// Parquet files of one schema, with the partition columns that their paths have.
pub(crate) struct ParquetFiles {
    /// The files, and how many rows each has by its footer.
    files: Vec<(BillFile, usize)>,
    partitions: Vec<(String, String)>,
    schema: SchemaRef,
}

impl ParquetFiles {
    /// # Errors
    /// [`ProviderError::Unreadable`] for a file without a whole footer.
    pub(crate) fn open(
        files: &[BillFile],
        schema: &Schema,
        partitions: &[(String, String)],
    ) -> Result<Self, ProviderError> {
        let files = files.iter().map(|f| Ok((f.clone(), rows(f)?))).collect::<Result<Vec<_>, ProviderError>>()?;
        let mut schema = schema.clone();
        for (key, _) in partitions {
            schema.insert(key.as_str().into(), DataType::String);
        }
        schema.insert(FILE.into(), DataType::String);
        Ok(Self { files, partitions: partitions.to_vec(), schema: Arc::new(schema) })
    }

    fn scan(&self, files: &[&BillFile]) -> PolarsResult<LazyFrame> {
        let path = |f: &&BillFile| PlRefPath::new(f.path.to_string_lossy().as_ref());
        let lazy = LazyFrame::scan_parquet_files(files.iter().map(path).collect(), args(true))?;
        let partition = |(k, v): &(String, String)| lit(v.clone()).alias(k.as_str());
        Ok(lazy.with_columns(self.partitions.iter().map(partition).collect::<Vec<_>>()))
    }

    /// The files that are scanned together: large files alone, in slices, small ones together.
    fn chunks(&self) -> Vec<Chunk<'_>> {
        let mut chunks = Vec::new();
        let mut small: (Vec<&BillFile>, usize) = (Vec::new(), 0);
        for (file, rows) in &self.files {
            if *rows > ROWS {
                let slice = |from| Chunk { files: vec![file], slice: Some((from, ROWS)) };
                chunks.extend((0..*rows).step_by(ROWS).map(slice));
                continue;
            }
            if small.1 + rows > ROWS {
                chunks.push(Chunk { files: std::mem::take(&mut small.0), slice: None });
                small.1 = 0;
            }
            small.0.push(file);
            small.1 += rows;
        }
        if !small.0.is_empty() {
            chunks.push(Chunk { files: small.0, slice: None });
        }
        chunks
    }
}

struct Chunk<'a> {
    files: Vec<&'a BillFile>,
    slice: Option<(usize, usize)>,
}

impl RowSource for ParquetFiles {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// By the least and largest value of each row group, where the writer put them into the footer.
    fn may_hold(&self, column: &str, text: &str) -> bool {
        self.files.iter().any(|(file, _)| shield(|| may_hold(file, column, text)).unwrap_or(true))
    }

    /// The engine reads only the columns that are looked at.
    fn batches(&self, _: Option<&Columns>) -> Batches<'_> {
        Box::new(self.chunks().into_iter().map(|chunk| {
            let lazy = self.scan(&chunk.files)?;
            let Some((from, rows)) = chunk.slice else { return Ok(lazy) };
            let too_many = |_| polars_err!(ComputeError: "more rows than can be counted");
            Ok(lazy.slice(i64::try_from(from).map_err(too_many)?, IdxSize::try_from(rows).map_err(too_many)?))
        }))
    }
}

/// Whether a file's column of text may hold a value, by its footer.
fn may_hold(file: &BillFile, column: &str, text: &str) -> PolarsResult<bool> {
    let metadata = read_metadata(&mut File::open(&file.path)?)?;
    let outside = |least: &[u8], largest: &[u8]| text.as_bytes() < least || text.as_bytes() > largest;
    Ok(metadata.row_groups.iter().any(|group| {
        let Some(mut chunks) = group.columns_under_root_iter(column) else { return true };
        let statistics = chunks.next().and_then(|c| c.statistics(&metadata.footer_buf)).and_then(Result::ok);
        match statistics {
            Some(Statistics::Binary(of)) => {
                of.min_value.zip(of.max_value).is_none_or(|(least, largest)| !outside(&least, &largest))
            }
            _ => true,
        }
    }))
}

/// Rows by the footer.
pub(crate) fn rows(file: &BillFile) -> Result<usize, ProviderError> {
    let open = File::open(&file.path).map_err(|e| unreadable(&file.path, &e))?;
    shield(|| ParquetReader::new(open).num_rows()).map_err(|e| unreadable(&file.path, &e))
}

/// Digits of the widest decimal that the engine reads.
const WIDEST: usize = 38;

/// Columns of types that the engine cannot read, or panics on, with what is wrong and what to do.
fn odd_columns(file: &BillFile) -> PolarsResult<Vec<(String, String)>> {
    let metadata = read_metadata(&mut File::open(&file.path)?)?;
    let mut odd = Vec::new();
    for column in metadata.schema().columns() {
        let name = column.path_in_schema.first().map(ToString::to_string).unwrap_or_default();
        match column.descriptor.primitive_type.logical_type {
            Some(PrimitiveLogicalType::Decimal(digits, places)) if digits > WIDEST => {
                let problem = format!(
                    "is DECIMAL({digits}, {places}), wider than the {WIDEST} digits that can be read: cast it to NUMERIC, or \
                     DECIMAL(38, 9)"
                );
                odd.push((name, problem));
            }
            Some(PrimitiveLogicalType::Float16) => {
                odd.push((name, "is FLOAT16, which cannot be read: write it as FLOAT or DOUBLE".to_owned()));
            }
            _ => {}
        }
    }
    if !odd.is_empty() {
        return Ok(odd);
    }
    for field in infer_schema(&metadata)?.iter_values() {
        if let ArrowDataType::Timestamp(_, Some(zone)) = field.dtype()
            && TimeZone::opt_try_new(Some(zone.clone())).is_err()
        {
            let problem = format!("has times in zone {zone}, which is no name of a zone: write them in UTC");
            odd.push((field.name.to_string(), problem));
        }
    }
    Ok(odd)
}

/// Partition columns are taken from the path by our own reading of it, and only those that FOCUS knows.
fn args(with_file: bool) -> ScanArgsParquet {
    let hive_options = HiveOptions::new_disabled();
    let include_file_paths = with_file.then(|| FILE.into());
    ScanArgsParquet { glob: false, cache: false, hive_options, include_file_paths, ..ScanArgsParquet::default() }
}

/// Names and types of a file's columns.
///
/// # Errors
/// [`ProviderError::Unreadable`] for a file without a whole footer, and for types that the engine cannot read.
pub(crate) fn schema(file: &BillFile) -> Result<Schema, ProviderError> {
    let odd = shield(|| odd_columns(file)).unwrap_or_default();
    if let Some((column, problem)) = odd.first() {
        return Err(unreadable(&file.path, &format!("column {column} {problem}")));
    }
    let damaged = |e: &dyn ToString| {
        let reason = e.to_string();
        let reason = reason.lines().next().unwrap_or_default().to_owned();
        unreadable(&file.path, &format!("not a whole Parquet file ({reason}); it may be truncated: fetch it again"))
    };
    let path = PlRefPath::new(file.path.to_string_lossy().as_ref());
    let schema = shield(|| LazyFrame::scan_parquet(path, args(false))?.collect_schema());
    Ok(schema.map_err(|e| damaged(&e))?.as_ref().clone())
}
