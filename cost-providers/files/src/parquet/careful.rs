//! Files with types that polars does not support, read column by column. Columns that are not
//! requested are not decoded.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::ops::Range;

use cost_core::focus::Batches;
use cost_core::shield::shield;
use polars::prelude::*;
use polars_arrow::array::{BinaryViewArray, FixedSizeBinaryArray};
use polars_buffer::Buffer;
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, FileMetadata, Filter, PageReader, RowGroupMetadata,
    column_iter_to_arrays, read_metadata,
};

use super::cells;
use super::types::{Cells, Column};
use crate::bill_file::BillFile;

/// Returns all rows of a file with the columns `wanted`, at most `most` at a time.
///
/// # Errors
/// Errors of reading and decoding. A column of a type that cannot be read fails when it is used.
pub(super) fn batches<'a>(file: &'a BillFile, wanted: Vec<&'a Column>, most: usize) -> Batches<'a> {
    let metadata = match shield(|| read_metadata(&mut cost_core::file::open(&file.path)?)) {
        Ok(metadata) => metadata,
        Err(error) => return Box::new(std::iter::once(Err(error))),
    };
    let rows: Vec<usize> = metadata.row_groups.iter().map(RowGroupMetadata::num_rows).collect();
    let slices = rows.into_iter().enumerate().flat_map(move |(group, rows)| {
        (0..rows)
            .step_by(most)
            .map(move |from| Slice { group, rows: from..rows.min(from.saturating_add(most)) })
    });
    Box::new(slices.map(move |slice| shield(|| read(file, &metadata, &slice, &wanted))))
}

/// Some rows of a row group.
struct Slice {
    group: usize,
    rows: Range<usize>,
}

fn read(
    file: &BillFile,
    metadata: &FileMetadata,
    slice: &Slice,
    wanted: &[&Column],
) -> PolarsResult<LazyFrame> {
    let mut open = cost_core::file::open(&file.path)?;
    let mut columns = Vec::with_capacity(wanted.len());
    let mut refused = Vec::new();
    for column in wanted {
        let name = &column.field.name;
        if let Cells::Refused(problem) = &column.cells {
            refused.push(refuse(file, name, problem));
            columns.push(polars::prelude::Column::full_null(
                name.clone(),
                slice.rows.len(),
                &DataType::String,
            ));
            continue;
        }
        let series = series(&mut open, metadata, slice, column)?;
        let (found, rows) = (series.len(), slice.rows.len());
        polars_ensure!(found == rows, ComputeError: "column {name} has {found} values for {rows} rows");
        columns.push(series.into_column());
    }
    Ok(DataFrame::new(slice.rows.len(), columns)?.lazy().with_columns(refused))
}

/// Column that fails when it is used.
fn refuse(file: &BillFile, name: &PlSmallStr, problem: &str) -> Expr {
    let file = file.path.file_name().unwrap_or_default().to_string_lossy();
    let problem = format!("column {name} of {file} {problem}");
    let fail = move |_| -> PolarsResult<polars::prelude::Column> {
        polars_bail!(ComputeError: "{problem}")
    };
    col(name.clone()).map(fail, |_, field| Ok(field.clone()))
}

fn series(
    open: &mut File,
    metadata: &FileMetadata,
    slice: &Slice,
    column: &Column,
) -> PolarsResult<Series> {
    let name = &column.field.name;
    let chunks =
        metadata.row_groups.get(slice.group).and_then(|group| group.columns_under_root_iter(name));
    let Some(chunks) = chunks else {
        polars_bail!(ComputeError: "column {name} is missing from some parts of the file")
    };
    let (mut pages, mut types) = (Vec::new(), Vec::new());
    for chunk in chunks {
        pages.push(self::pages(open, chunk)?);
        types.push(&chunk.descriptor().descriptor.primitive_type);
    }
    let filter = Filter::new_ranged(slice.rows.start, slice.rows.end);
    let (arrays, _) = column_iter_to_arrays(pages, types, column.field.clone(), Some(filter))?;
    match column.cells {
        Cells::AsIs | Cells::Refused(_) => Series::try_from((&column.field, arrays)),
        Cells::Half => texts(name, &arrays, |bytes| {
            bytes.try_into().map_or_else(|_| String::new(), cells::half)
        }),
        Cells::Wide(places) => texts(name, &arrays, |bytes| cells::wide(bytes, places)),
    }
}

/// Compressed pages of a column chunk, read at once.
fn pages(open: &mut File, chunk: &ColumnChunkMetadata) -> PolarsResult<BasicDecompressor> {
    let range = chunk.byte_range();
    let mut bytes = Vec::new();
    open.seek(SeekFrom::Start(range.start))?;
    open.take(range.end - range.start).read_to_end(&mut bytes)?;
    let reader =
        PageReader::new(Cursor::new(Buffer::from_vec(bytes)), chunk, Vec::new(), usize::MAX);
    Ok(BasicDecompressor::new(reader, Vec::new()))
}

/// Returns bytes as text.
fn texts(
    name: &PlSmallStr,
    arrays: &[ArrayRef],
    text: impl Fn(&[u8]) -> String,
) -> PolarsResult<Series> {
    let mut out: Vec<Option<String>> = Vec::new();
    for array in arrays {
        if let Some(cells) = array.as_any().downcast_ref::<FixedSizeBinaryArray>() {
            out.extend(cells.iter().map(|cell| cell.map(&text)));
        } else if let Some(cells) = array.as_any().downcast_ref::<BinaryViewArray>() {
            out.extend(cells.iter().map(|cell| cell.map(&text)));
        } else {
            polars_bail!(ComputeError: "column {name} is not stored as its type requires");
        }
    }
    Ok(StringChunked::from_iter_options(name.clone(), out.into_iter()).into_series())
}
