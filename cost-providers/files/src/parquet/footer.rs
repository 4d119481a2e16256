//! [`Footer`]: the metadata of a Parquet file, checked for contradictions and impossible values,
//! since it has no checksum.
//!
//! Source of the format: apache/parquet-format, README.md and parquet.thrift.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use polars_parquet_format::thrift::protocol::TCompactInputProtocol;
use polars_parquet_format::{
    ColumnMetaData, ConvertedType, FieldRepetitionType, FileMetaData, LogicalType, RowGroup,
    SchemaElement, TimeUnit, Type,
};

/// Size in bytes of the magic number at both ends, and of the footer length before the last one.
const MARK: u64 = 4;
/// Maximum size of a footer in bytes. A footer with 1,000 row groups of 200 columns has about 30
/// MiB. Chosen.
const MAX_FOOTER: u64 = 256 << 20;
/// Maximum nesting depth of columns. Billing exports have up to 6 levels. The engine recurses once
/// per level. Chosen.
const MAX_DEPTH: usize = 64;
/// Maximum memory that one byte of thrift can require, in the units of its reader: an element of a
/// list counts as 8 bytes, a structure as 2, and each takes one byte.
const PER_BYTE: usize = 16;

/// Footer of a file.
pub(super) struct Footer {
    /// Metadata as in the file.
    pub(super) metadata: FileMetaData,
    /// Leaf columns of the schema, in the order of the column chunks.
    pub(super) leaves: Vec<Leaf>,
    /// Position of the footer, where the space for pages ends.
    pub(super) start: u64,
}

/// Leaf column: a column, or a part of a nested one.
pub(super) struct Leaf {
    /// Names, from the column downward.
    pub(super) path: Vec<String>,
    /// Physical type of its values.
    pub(super) stored: Type,
    /// Whether a row can have several values, as in a list.
    pub(super) is_repeated: bool,
    /// Whether a value can be missing.
    pub(super) is_optional: bool,
}

impl Footer {
    /// # Errors
    /// The reason why it is not the footer of a complete file, as text.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let (bytes, start) = bytes(path)?;
        let budget = bytes.len().saturating_mul(PER_BYTE).saturating_add(1024);
        let mut protocol = TCompactInputProtocol::new(bytes.as_slice(), budget);
        let metadata = FileMetaData::read_from_in_protocol(&mut protocol)
            .map_err(|e| format!("its footer cannot be decoded ({e})"))?;
        let leaves = leaves(&metadata.schema)?;
        let footer = Self { metadata, leaves, start };
        footer.check()?;
        Ok(footer)
    }

    /// Returns the number of rows of the file.
    pub(super) fn rows(&self) -> Result<usize, String> {
        usize::try_from(self.metadata.num_rows)
            .map_err(|_| format!("it claims {} rows", self.metadata.num_rows))
    }

    fn check(&self) -> Result<(), String> {
        let mut rows: i64 = 0;
        for (at, group) in self.metadata.row_groups.iter().enumerate() {
            self.check_group(group)
                .map_err(|problem| format!("row group {}: {problem}", at + 1))?;
            rows = rows
                .checked_add(group.num_rows)
                .ok_or("its row groups claim too many rows to count")?;
        }
        if rows != self.metadata.num_rows {
            return Err(format!(
                "it claims {} rows, but its row groups have {rows}",
                self.metadata.num_rows
            ));
        }
        Ok(())
    }

    fn check_group(&self, group: &RowGroup) -> Result<(), String> {
        if group.num_rows < 0 {
            return Err(format!("it claims {} rows", group.num_rows));
        }
        if group.columns.len() != self.leaves.len() {
            return Err(format!(
                "it has {} columns, but the schema has {}",
                group.columns.len(),
                self.leaves.len()
            ));
        }
        for (chunk, leaf) in group.columns.iter().zip(&self.leaves) {
            let name = leaf.path.join(".");
            let Some(column) = &chunk.meta_data else {
                return Err(format!("column {name} has no metadata"));
            };
            if chunk.file_path.as_ref().is_some_and(|p| !p.is_empty()) {
                return Err(format!("column {name} is in another file"));
            }
            if column.path_in_schema != leaf.path {
                return Err(format!(
                    "column {} is in the place of {name}",
                    column.path_in_schema.join(".")
                ));
            }
            if column.type_ != leaf.stored {
                return Err(format!("column {name} is stored with two types"));
            }
            let is_complete = if leaf.is_repeated {
                column.num_values >= 0
            } else {
                column.num_values == group.num_rows
            };
            if !is_complete {
                return Err(format!(
                    "column {name} claims {} values for {} rows",
                    column.num_values, group.num_rows
                ));
            }
            range(column, self.start)
                .ok_or_else(|| format!("column {name} has a position outside the file"))?;
        }
        Ok(())
    }
}

/// Returns the position of the pages of a column chunk: first byte, and the byte after the last.
pub(super) fn range(column: &ColumnMetaData, end_of_pages: u64) -> Option<(u64, u64)> {
    let first = column.dictionary_page_offset.unwrap_or(column.data_page_offset);
    let start = u64::try_from(first).ok()?;
    let end = start.checked_add(u64::try_from(column.total_compressed_size).ok()?)?;
    (column.num_values == 0 || (start >= MARK && end <= end_of_pages)).then_some((start, end))
}

/// Returns the bytes of the footer, and their position.
fn bytes(path: &Path) -> Result<(Vec<u8>, u64), String> {
    let failed = |e: std::io::Error| e.to_string();
    let mut file = cost_core::file::open(path).map_err(failed)?;
    let size = file.seek(SeekFrom::End(0)).map_err(failed)?;
    let tail = 2 * MARK;
    if size < MARK + tail {
        return Err("it is shorter than a Parquet file can be".to_owned());
    }
    let mut end = [0; 8];
    file.seek(SeekFrom::Start(size - tail))
        .and_then(|_| file.read_exact(&mut end))
        .map_err(failed)?;
    let [a, b, c, d, mark @ ..] = end;
    match &mark {
        b"PAR1" => {}
        b"PARE" => return Err("its footer is encrypted".to_owned()),
        _ => return Err("it does not end with PAR1".to_owned()),
    }
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    let start = (size - tail).checked_sub(length).filter(|start| *start >= MARK);
    let start = start.ok_or("its footer claims to be longer than the file")?;
    if length > MAX_FOOTER {
        return Err(format!("its footer has {length} bytes; the maximum is {MAX_FOOTER}"));
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(start))
        .and_then(|_| file.take(length).read_to_end(&mut bytes))
        .map_err(failed)?;
    Ok((bytes, start))
}

/// Returns the leaf columns of a schema, which is a tree in the order of its nodes.
fn leaves(schema: &[SchemaElement]) -> Result<Vec<Leaf>, String> {
    let mut nodes = schema.iter();
    let root = nodes.next().ok_or("it has no schema")?;
    let mut leaves = Vec::new();
    let mut above = vec![Above { left: children(root)?, ..Above::default() }];
    while let Some(mut parent) = above.pop() {
        if parent.left == 0 {
            continue;
        }
        parent.left -= 1;
        let node = nodes.next().ok_or("its schema ends early")?;
        let mut path = parent.path.clone();
        path.push(node.name.clone());
        let how = node.repetition_type;
        let below = Above {
            left: children(node)?,
            path,
            is_repeated: parent.is_repeated || how == Some(FieldRepetitionType::REPEATED),
            is_optional: parent.is_optional || how != Some(FieldRepetitionType::REQUIRED),
        };
        above.push(parent);
        let Some(stored) = node.type_ else {
            above.push(below);
            if above.len() > MAX_DEPTH {
                return Err(format!("its schema has more than {MAX_DEPTH} levels"));
            }
            continue;
        };
        check_type(node)?;
        let Above { path, is_repeated, is_optional, .. } = below;
        leaves.push(Leaf { path, stored, is_repeated, is_optional });
    }
    if nodes.next().is_some() {
        return Err("its schema has columns without a parent".to_owned());
    }
    Ok(leaves)
}

/// Node of the schema, and the number of its children still to come.
#[derive(Default)]
struct Above {
    left: usize,
    path: Vec<String>,
    is_repeated: bool,
    is_optional: bool,
}

fn children(node: &SchemaElement) -> Result<usize, String> {
    usize::try_from(node.num_children.unwrap_or(0))
        .map_err(|_| format!("column {} has a negative number of children", node.name))
}

/// Checks that the old and the new description of a type are equal: a decimal place affects money,
/// and a time unit affects dates. Source: apache/parquet-format, LogicalTypes.md, "Deprecated …
/// `ConvertedType`".
fn check_type(node: &SchemaElement) -> Result<(), String> {
    let agrees = |old: Option<i32>, new: i32| old.is_none_or(|old| old == new);
    let (is_one, old) = match &node.logical_type {
        Some(LogicalType::DECIMAL(new)) => {
            let is_one = agrees(node.scale, new.scale) && agrees(node.precision, new.precision);
            (is_one && (0..=new.precision).contains(&new.scale), Some(ConvertedType::DECIMAL))
        }
        Some(LogicalType::TIMESTAMP(new)) => match new.unit {
            TimeUnit::MILLIS(_) => (true, Some(ConvertedType::TIMESTAMP_MILLIS)),
            TimeUnit::MICROS(_) => (true, Some(ConvertedType::TIMESTAMP_MICROS)),
            TimeUnit::NANOS(_) => (node.converted_type.is_none(), None),
        },
        Some(LogicalType::INTEGER(new)) => (true, integer(new.bit_width, new.is_signed)),
        Some(LogicalType::DATE(_)) => (true, Some(ConvertedType::DATE)),
        Some(LogicalType::STRING(_)) => (true, Some(ConvertedType::UTF8)),
        _ => (true, None),
    };
    let is_known = node.converted_type.is_none() || old.is_none() || node.converted_type == old;
    if is_one && is_known {
        Ok(())
    } else {
        Err(format!("column {} is described with two types", node.name))
    }
}

fn integer(bits: i8, is_signed: bool) -> Option<ConvertedType> {
    match (bits, is_signed) {
        (8, true) => Some(ConvertedType::INT_8),
        (16, true) => Some(ConvertedType::INT_16),
        (32, true) => Some(ConvertedType::INT_32),
        (64, true) => Some(ConvertedType::INT_64),
        (8, false) => Some(ConvertedType::UINT_8),
        (16, false) => Some(ConvertedType::UINT_16),
        (32, false) => Some(ConvertedType::UINT_32),
        (64, false) => Some(ConvertedType::UINT_64),
        _ => None,
    }
}
