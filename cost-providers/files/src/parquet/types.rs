//! Determines by column types whether polars can read a file, and how the other columns are read
//! instead.

use std::collections::BTreeSet;

use cost_core::shield::shield;
use polars::prelude::*;
use polars_parquet::parquet::schema::Repetition;
use polars_parquet::parquet::schema::types::PrimitiveType;
use polars_parquet::read::schema::{
    SchemaInferenceOptions, parquet_to_arrow_schema, parquet_to_arrow_schema_with_options,
};
use polars_parquet::read::{
    FileMetadata, ParquetType, PhysicalType, PrimitiveConvertedType, PrimitiveLogicalType,
    infer_schema,
};

/// Digits of the widest decimal type in polars.
const WIDEST: usize = 38;
/// Maximum number size in bytes that polars reads as one number.
const WIDEST_BYTES: usize = 16;

/// Column of a file that polars does not read.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Type for decoding its pages.
    pub(super) field: ArrowField,
    /// Conversion of its cells.
    pub(super) cells: Cells,
}

/// Conversion of decoded cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cells {
    /// No conversion.
    AsIs,
    /// 16-bit floating point numbers to their shortest text.
    Half,
    /// Integers of any width, most significant byte first, with this number of digits after the
    /// point, to text.
    Wide(usize),
    /// None: the reason why the column cannot be read, as text.
    Refused(String),
}

impl Column {
    /// Returns the type of the converted column.
    pub(super) fn dtype(&self) -> DataType {
        match self.cells {
            Cells::AsIs => DataType::from_arrow_field(&self.field),
            Cells::Half | Cells::Wide(_) | Cells::Refused(_) => DataType::String,
        }
    }
}

/// Returns the columns that polars does not read; `None` if it cannot be determined.
///
/// # Errors
/// Two descriptions in a file that contradict each other.
pub(super) fn odd_columns(metadata: &FileMetadata) -> Result<Option<BTreeSet<PlSmallStr>>, String> {
    let fields = metadata.schema().fields();
    let mut names = BTreeSet::new();
    if let Some(twice) = fields.iter().find(|f| !names.insert(f.name())) {
        return Err(format!("it has two columns named {}", twice.name()));
    }
    // Arrow's writers add a schema of their own. Polars uses it.
    let Ok(arrow) = shield(|| infer_schema(metadata)) else { return Ok(None) };
    let derived = parquet_to_arrow_schema(fields);
    if arrow.len() != fields.len() || derived.len() != fields.len() {
        return Ok(None);
    }
    for (of, arrow) in fields.iter().zip(arrow.iter_values()) {
        agree(of, arrow)?;
    }
    let types = derived.iter_values().zip(arrow.iter_values());
    let mut odd: BTreeSet<PlSmallStr> = types
        .filter(|(d, a)| !is_of_engine(&d.dtype, &a.dtype))
        .map(|(d, _)| d.name.clone())
        .collect();
    for leaf in metadata.schema().columns() {
        let primitive = &leaf.descriptor.primitive_type;
        let is_known = match (primitive.logical_type, primitive.physical_type) {
            (Some(PrimitiveLogicalType::Float16), _) => false,
            (Some(PrimitiveLogicalType::Decimal(..)), PhysicalType::FixedLenByteArray(bytes)) => {
                bytes <= WIDEST_BYTES
            }
            _ => true,
        };
        odd.extend(leaf.path_in_schema.first().filter(|_| !is_known).cloned());
    }
    Ok(Some(odd))
}

/// Checks that both descriptions of a column have the same name, the same decimal place, and the
/// same nullability.
fn agree(of: &ParquetType, arrow: &ArrowField) -> Result<(), String> {
    let name = of.name();
    if arrow.name != name {
        return Err(format!("column {name} is also named {}", arrow.name));
    }
    if (of.get_field_info().repetition == Repetition::Required) == arrow.is_nullable {
        return Err(format!("column {name} is declared both nullable and not nullable"));
    }
    let ParquetType::PrimitiveType(primitive) = of else { return Ok(()) };
    if let (
        Some(PrimitiveLogicalType::Decimal(_, places)),
        ArrowDataType::Decimal(_, other) | ArrowDataType::Decimal256(_, other),
    ) = (primitive.logical_type, &arrow.dtype)
        && places != *other
    {
        return Err(format!("column {name} is declared with two decimal types"));
    }
    Ok(())
}

/// Returns whether polars reads a column whose type is `derived` in Parquet, and `arrow` in the
/// schema that polars uses.
fn is_of_engine(derived: &ArrowDataType, arrow: &ArrowDataType) -> bool {
    use ArrowDataType as T;
    match (derived, arrow) {
        (T::Timestamp(..), T::Timestamp(_, zone)) => TimeZone::opt_try_new(zone.clone()).is_ok(),
        (T::Decimal(digits, places), T::Decimal(d, p)) => {
            digits == d && places == p && *digits <= WIDEST
        }
        (T::Map(entry, _) | T::LargeList(entry), T::LargeList(other)) => {
            is_of_engine(&entry.dtype, &other.dtype)
        }
        (T::Struct(fields), T::Struct(others)) => {
            fields.len() == others.len()
                && fields
                    .iter()
                    .zip(others)
                    .all(|(f, o)| f.name == o.name && is_of_engine(&f.dtype, &o.dtype))
        }
        (
            T::Utf8View | T::BinaryView,
            T::Utf8View | T::BinaryView | T::LargeBinary | T::Dictionary(..),
        )
        | (T::FixedSizeBinary(_), T::FixedSizeBinary(_))
        | (T::Int64, T::Duration(_)) => true,
        (
            T::Null
            | T::Boolean
            | T::Int8
            | T::Int16
            | T::Int32
            | T::Int64
            | T::UInt32
            | T::UInt64
            | T::Float32
            | T::Float64
            | T::Date32
            | T::Time32(_)
            | T::Time64(_),
            other,
        ) => derived == other,
        _ => false,
    }
}

/// Returns the columns of a file as they are read without polars.
pub(super) fn columns(metadata: &FileMetadata) -> Vec<Column> {
    // Microseconds can represent instants that nanoseconds cannot: 9999-12-31.
    let options = SchemaInferenceOptions { int96_coerce_to_timeunit: ArrowTimeUnit::Microsecond };
    let fields = metadata.schema().fields();
    let derived = parquet_to_arrow_schema_with_options(fields, &Some(options));
    fields.iter().filter_map(|of| Some(column(of, derived.get(of.name())?))).collect()
}

fn column(of: &ParquetType, derived: &ArrowField) -> Column {
    let (dtype, cells) = match of {
        ParquetType::PrimitiveType(primitive)
            if primitive.field_info.repetition != Repetition::Repeated =>
        {
            of_values(primitive, &derived.dtype)
        }
        _ => nested(&derived.dtype),
    };
    Column { field: ArrowField::new(derived.name.clone(), dtype, derived.is_nullable), cells }
}

/// Returns a column of values.
fn of_values(of: &PrimitiveType, derived: &ArrowDataType) -> (ArrowDataType, Cells) {
    let is_text =
        matches!(of.logical_type, Some(PrimitiveLogicalType::Json | PrimitiveLogicalType::Enum))
            || matches!(
                of.converted_type,
                Some(PrimitiveConvertedType::Json | PrimitiveConvertedType::Enum)
            );
    match (derived, of.physical_type) {
        (_, PhysicalType::FixedLenByteArray(2))
            if of.logical_type == Some(PrimitiveLogicalType::Float16) =>
        {
            (ArrowDataType::FixedSizeBinary(2), Cells::Half)
        }
        (ArrowDataType::Decimal(digits, places), PhysicalType::FixedLenByteArray(bytes))
            if *digits > WIDEST || bytes > WIDEST_BYTES =>
        {
            (ArrowDataType::FixedSizeBinary(bytes), Cells::Wide(*places))
        }
        (ArrowDataType::Decimal(_, places), PhysicalType::ByteArray) => {
            (ArrowDataType::BinaryView, Cells::Wide(*places))
        }
        (ArrowDataType::BinaryView, _) if is_text => (ArrowDataType::Utf8View, Cells::AsIs),
        _ => nested(derived),
    }
}

/// Returns a column of lists and structures, or of values that need no conversion.
fn nested(derived: &ArrowDataType) -> (ArrowDataType, Cells) {
    match plain(derived) {
        Ok(dtype) => (dtype, Cells::AsIs),
        Err(problem) => (ArrowDataType::Null, Cells::Refused(problem)),
    }
}

/// Returns a supported type for an unsupported one: larger numbers for small ones, UTC for all
/// instants (as stored, regardless of the displayed zone), lists for maps.
fn plain(derived: &ArrowDataType) -> Result<ArrowDataType, String> {
    use ArrowDataType as T;
    let inner = |field: &ArrowField| {
        Ok(ArrowField::new(field.name.clone(), plain(&field.dtype)?, field.is_nullable))
    };
    Ok(match derived {
        T::Int8 | T::Int16 | T::UInt8 | T::UInt16 => T::Int32,
        T::Timestamp(unit, Some(_)) => T::Timestamp(*unit, Some("UTC".into())),
        T::Interval(_) => T::FixedSizeBinary(12),
        T::List(field) | T::LargeList(field) | T::Map(field, _) => {
            T::LargeList(Box::new(inner(field)?))
        }
        T::Struct(fields) => T::Struct(fields.iter().map(inner).collect::<Result<_, String>>()?),
        T::Decimal(digits, places) if *digits > WIDEST => {
            return Err(format!(
                "is DECIMAL({digits}, {places}) within lists or structs, where at most {WIDEST} \
                 digits can be read: cast it to NUMERIC, or DECIMAL(38, 9)"
            ));
        }
        T::Extension(_) | T::Unknown => {
            return Err("has an unsupported type: write it as text".to_owned());
        }
        other => other.clone(),
    })
}
