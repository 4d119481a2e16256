//! [`ParquetFile`] and [`ParquetFiles`]: Parquet files of one schema as rows.
//!
//! ```text
//! footer    metadata of a file, checked for contradictions
//! pages     pages of the requested columns, checked against their checksums before they are decoded
//! header    limits for the header of a page: sizes, counts, and encodings
//! types     whether polars reads the file, or `careful` does: column by column, for types that polars lacks
//! ```

mod careful;
mod cells;
mod footer;
mod header;
mod pages;
#[cfg(test)]
mod tests;
mod types;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use cost_core::focus::{Batches, Columns, FILE, RowSource, only};
use cost_core::shield::shield;
use cost_provider_api::ProviderError;
use polars::prelude::*;
use polars_parquet::parquet::statistics::Statistics;
use polars_parquet::read::read_metadata;

use self::footer::Footer;
use crate::bill_file::{BillFile, unreadable};

/// Rows per scan. Polars reads up to 16 Parquet row groups ahead, of any size: in one scan, a large
/// bill needs some 2 GiB for that alone. One million rows use both cores for about a second.
const ROWS: usize = 1_000_000;

/// Parquet file with a valid footer. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct ParquetFile(Arc<Inner>);

struct Inner {
    file: BillFile,
    rows: usize,
    schema: Schema,
    /// How the columns are read.
    reading: Reading,
    /// Columns whose pages were checked and are complete.
    walked: Mutex<BTreeSet<PlSmallStr>>,
}

/// How polars or `careful` reads the columns of a file.
enum Reading {
    /// By polars.
    Engine,
    /// Column by column if one of these columns is requested; else by polars.
    Careful(Vec<types::Column>, BTreeSet<PlSmallStr>),
}

impl ParquetFile {
    /// Reads the footer of a file.
    ///
    /// # Errors
    /// [`ProviderError::Unreadable`] for a file with an incomplete footer, or with one that
    /// contradicts itself.
    pub(crate) fn open(file: &BillFile) -> Result<Self, ProviderError> {
        let damaged = |reason: String| {
            let reason = reason.lines().next().unwrap_or_default();
            unreadable(
                &file.path,
                &format!(
                    "incomplete Parquet file ({reason}); it may be truncated or damaged: download \
                     it again"
                ),
            )
        };
        let text = |e: PolarsError| e.to_string();
        let failed = |problem: String| polars_err!(ComputeError: "{problem}");
        let footer =
            shield(|| Footer::read(&file.path).map_err(failed)).map_err(text).map_err(damaged)?;
        let rows = footer.rows().map_err(damaged)?;
        let metadata = shield(|| read_metadata(&mut cost_core::file::open(&file.path)?))
            .map_err(text)
            .map_err(damaged)?;
        let odd = shield(|| types::odd_columns(&metadata).map_err(failed))
            .map_err(text)
            .map_err(damaged)?;
        let path = PlRefPath::new(file.path.to_string_lossy().as_ref());
        let of_engine = shield(|| LazyFrame::scan_parquet(path, args(false))?.collect_schema());
        let (schema, reading) = match (of_engine, odd) {
            (Ok(schema), Some(odd)) if odd.is_empty() => (schema.as_ref().clone(), Reading::Engine),
            (of_engine, odd) => {
                let columns =
                    shield(|| Ok(types::columns(&metadata))).map_err(text).map_err(damaged)?;
                let field = |c: &types::Column| Field::new(c.field.name.clone(), c.dtype());
                let schema: Schema = columns.iter().map(field).collect();
                let all = || schema.iter_names().cloned().collect();
                let is_same = |of_engine: &Schema, odd: &BTreeSet<PlSmallStr>| {
                    schema.iter().all(|(name, dtype)| {
                        odd.contains(name) || of_engine.get(name) == Some(dtype)
                    })
                };
                // Polars reads the other columns if they have the same types.
                let odd = odd
                    .filter(|odd| of_engine.is_ok_and(|of_engine| is_same(&of_engine, odd)))
                    .unwrap_or_else(all);
                (schema, Reading::Careful(columns, odd))
            }
        };
        Ok(Self(Arc::new(Inner {
            file: file.clone(),
            rows,
            schema,
            reading,
            walked: Mutex::default(),
        })))
    }

    /// Returns the bill file.
    pub(crate) fn file(&self) -> &BillFile {
        &self.0.file
    }

    /// Returns the number of rows in the footer.
    pub(crate) fn rows(&self) -> usize {
        self.0.rows
    }

    /// Returns names and types of the columns, without those of its path.
    pub(crate) fn schema(&self) -> &Schema {
        &self.0.schema
    }

    /// Returns the columns as read one by one, if a requested column needs it.
    fn careful(&self, wanted: Option<&Columns>) -> Option<&[types::Column]> {
        match &self.0.reading {
            Reading::Careful(columns, odd) if wanted.is_none_or(|w| !w.is_disjoint(odd)) => {
                Some(columns)
            }
            Reading::Engine | Reading::Careful(..) => None,
        }
    }

    /// Checks the pages of the requested columns, once per column.
    fn walk(&self, wanted: Option<&Columns>) -> PolarsResult<()> {
        let mut walked = self.0.walked.lock().unwrap_or_else(PoisonError::into_inner);
        let names = self.0.schema.iter_names();
        let is_new =
            |n: &&PlSmallStr| wanted.is_none_or(|w| w.contains(*n)) && !walked.contains(*n);
        let new: BTreeSet<PlSmallStr> = names.filter(is_new).cloned().collect();
        if new.is_empty() {
            return Ok(());
        }
        let failed = |problem: String| polars_err!(ComputeError: "{problem}");
        shield(|| {
            let footer = Footer::read(&self.0.file.path).map_err(failed)?;
            pages::check(&self.0.file.path, &footer, |name| new.contains(name)).map_err(failed)
        })?;
        walked.extend(new);
        Ok(())
    }

    /// Returns the rows, read without polars.
    fn carefully<'a>(
        &'a self,
        columns: &'a [types::Column],
        wanted: Option<&Columns>,
    ) -> Batches<'a> {
        let is_wanted = |c: &&types::Column| wanted.is_none_or(|w| w.contains(&c.field.name));
        let label = self.0.file.label();
        let batches =
            careful::batches(&self.0.file, columns.iter().filter(is_wanted).collect(), ROWS);
        Box::new(
            batches.map(move |batch| Ok(batch?.with_columns([lit(label.clone()).alias(FILE)]))),
        )
    }
}

/// Parquet files of one schema, with the partition columns that their paths have.
pub(crate) struct ParquetFiles {
    files: Vec<ParquetFile>,
    partitions: Vec<(String, String)>,
    schema: SchemaRef,
}

impl ParquetFiles {
    /// Returns the rows of files of one schema.
    pub(crate) fn new(
        files: Vec<ParquetFile>,
        schema: &Schema,
        partitions: &[(String, String)],
    ) -> Self {
        let mut schema = schema.clone();
        for (key, _) in partitions {
            schema.insert(key.as_str().into(), DataType::String);
        }
        schema.insert(FILE.into(), DataType::String);
        Self { files, partitions: partitions.to_vec(), schema: Arc::new(schema) }
    }

    /// Returns the files that are read together: large files individually, in slices; small ones
    /// together.
    fn chunks(&self, wanted: Option<&Columns>) -> Vec<Chunk<'_>> {
        let mut chunks = Vec::new();
        let mut small: (Vec<&ParquetFile>, usize) = (Vec::new(), 0);
        for file in &self.files {
            let rows = file.rows();
            if let Some(columns) = file.careful(wanted) {
                chunks.push(Chunk::Careful(file, columns));
                continue;
            }
            if rows > ROWS {
                let slice = |from| Chunk::Scan { files: vec![file], slice: Some((from, ROWS)) };
                chunks.extend((0..rows).step_by(ROWS).map(slice));
                continue;
            }
            if small.1 + rows > ROWS {
                chunks.push(Chunk::Scan { files: std::mem::take(&mut small.0), slice: None });
                small.1 = 0;
            }
            small.0.push(file);
            small.1 += rows;
        }
        if !small.0.is_empty() {
            chunks.push(Chunk::Scan { files: small.0, slice: None });
        }
        chunks
    }

    fn read<'a>(chunk: Chunk<'a>, wanted: Option<&Columns>) -> PolarsResult<Batches<'a>> {
        Ok(match chunk {
            Chunk::Scan { files, slice } => {
                files.iter().try_for_each(|f| f.walk(wanted))?;
                Box::new(std::iter::once(scan(&files, slice)))
            }
            Chunk::Careful(file, columns) => {
                file.walk(wanted)?;
                file.carefully(columns, wanted)
            }
        })
    }
}

enum Chunk<'a> {
    /// By polars: the first row and the number of rows of one file.
    Scan { files: Vec<&'a ParquetFile>, slice: Option<(usize, usize)> },
    /// Without polars.
    Careful(&'a ParquetFile, &'a [types::Column]),
}

fn scan(files: &[&ParquetFile], slice: Option<(usize, usize)>) -> PolarsResult<LazyFrame> {
    let path = |f: &&ParquetFile| PlRefPath::new(f.0.file.path.to_string_lossy().as_ref());
    let lazy = LazyFrame::scan_parquet_files(files.iter().map(path).collect(), args(true))?;
    let Some((from, rows)) = slice else { return Ok(lazy) };
    let too_many = |_| polars_err!(ComputeError: "too many rows to count");
    Ok(lazy
        .slice(i64::try_from(from).map_err(too_many)?, IdxSize::try_from(rows).map_err(too_many)?))
}

impl RowSource for ParquetFiles {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// By the smallest and largest value of each row group, if the writer recorded them in the
    /// footer.
    fn only_value(&self, column: &str) -> Option<String> {
        only(self.files.iter().map(|f| shield(|| only_value(f.file(), column)).unwrap_or(None)))
    }

    /// Polars reads only the columns that are used.
    fn batches(&self, wanted: Option<&Columns>) -> Batches<'_> {
        let partition = |(k, v): &(String, String)| lit(v.clone()).alias(k.as_str());
        let partitions: Vec<Expr> = self.partitions.iter().map(partition).collect();
        let wanted = wanted.cloned();
        let chunks = self.chunks(wanted.as_ref()).into_iter().flat_map(move |chunk| {
            Self::read(chunk, wanted.as_ref()).unwrap_or_else(|e| Box::new(std::iter::once(Err(e))))
        });
        Box::new(chunks.map(move |batch| Ok(batch?.with_columns(partitions.clone()))))
    }
}

/// Returns the single value of a text column of a file, by its footer.
fn only_value(file: &BillFile, column: &str) -> PolarsResult<Option<String>> {
    let metadata = read_metadata(&mut cost_core::file::open(&file.path)?)?;
    let value = |group: &polars_parquet::read::RowGroupMetadata| {
        let chunk = group.columns_under_root_iter(column)?.next()?;
        let Some(Ok(Statistics::Binary(of))) = chunk.statistics(&metadata.footer_buf) else {
            return None;
        };
        let (least, largest) = of.min_value.zip(of.max_value)?;
        (least == largest).then(|| String::from_utf8(largest).ok()).flatten()
    };
    Ok(only(metadata.row_groups.iter().map(value)))
}

/// Our own code reads partition columns from the path, and only those that FOCUS defines.
fn args(with_file: bool) -> ScanArgsParquet {
    let hive_options = HiveOptions::new_disabled();
    let include_file_paths = with_file.then(|| FILE.into());
    ScanArgsParquet {
        glob: false,
        cache: false,
        hive_options,
        include_file_paths,
        ..ScanArgsParquet::default()
    }
}
