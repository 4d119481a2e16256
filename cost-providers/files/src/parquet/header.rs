//! Checks of page headers: sizes that the bytes can contain, counts that the column can have, and
//! an encoding for its type. Source: apache/parquet-format, parquet.thrift (`PageHeader`,
//! `DataPageHeaderV2`).

use polars_parquet_format::{
    ColumnMetaData, CompressionCodec, Encoding, PageHeader, PageType, Type,
};

use super::footer::Leaf;

/// Maximum size of a page in bytes when decompressed. Writers aim at 1 MiB (parquet-mr, Arrow);
/// some write one page for a complete row group. Chosen.
const MAX_PAGE: u64 = 1 << 30;
/// Maximum number of values of a page. Nulls and repeated values take almost no bytes, so sizes do
/// not limit them. Chosen.
const MAX_VALUES: i64 = 1 << 27;

/// Maximum ratio of decompressed to compressed page size, by codec; `None` if the format has no
/// useful limit. Sources: Snappy, a copy of 64 bytes takes 3; RFC 1951, 258 bytes take two bits,
/// and with headers 1,032 times; LZ4 block format, 255 bytes take one. Twice the ratio plus 64
/// bytes is allowed.
fn most(codec: CompressionCodec) -> Option<u64> {
    match codec {
        CompressionCodec::UNCOMPRESSED => Some(1),
        CompressionCodec::SNAPPY => Some(44),
        CompressionCodec::GZIP => Some(2064),
        CompressionCodec::LZ4 | CompressionCodec::LZ4_RAW => Some(510),
        _ => None,
    }
}

/// Size of a page in bytes, as stored.
pub(super) fn size(header: &PageHeader, codec: CompressionCodec) -> Result<u64, String> {
    let sizes = u64::try_from(header.compressed_page_size)
        .ok()
        .zip(u64::try_from(header.uncompressed_page_size).ok());
    let (stored, unpacked) = sizes.ok_or("claims a negative size")?;
    if unpacked > MAX_PAGE {
        return Err(format!("claims {unpacked} bytes; the maximum is {MAX_PAGE}"));
    }
    let is_plausible = match most(codec) {
        Some(1) => stored == unpacked,
        Some(times) => unpacked <= stored.saturating_mul(times).saturating_add(64),
        None => true,
    };
    if is_plausible {
        Ok(stored)
    } else {
        Err(format!("claims {unpacked} uncompressed bytes, more than its {stored} bytes can hold"))
    }
}

/// Totals of the pages of a chunk so far.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) values: i64,
    has_dictionary: bool,
}

/// Statements of the header of a data page.
struct Values {
    count: i64,
    encoding: Encoding,
    /// Whether the page also has levels: missing values, and repetitions.
    has_levels: bool,
}

/// Page whose header lacks the fields for its kind.
const LOST: &str = "has a page type that does not match its header";

impl Values {
    fn of_v1(header: &PageHeader, leaf: &Leaf) -> Result<Self, String> {
        let of = header.data_page_header.as_ref().ok_or(LOST)?;
        let known = [Encoding::RLE, Encoding::BIT_PACKED];
        if leaf.is_optional && !known.contains(&of.definition_level_encoding) {
            return Err("marks missing values with an unknown encoding".to_owned());
        }
        Ok(Self {
            count: i64::from(of.num_values),
            encoding: of.encoding,
            has_levels: leaf.is_optional || leaf.is_repeated,
        })
    }

    fn of_v2(header: &PageHeader, leaf: &Leaf) -> Result<Self, String> {
        let of = header.data_page_header_v2.as_ref().ok_or(LOST)?;
        let levels = i64::from(of.definition_levels_byte_length)
            + i64::from(of.repetition_levels_byte_length);
        let parts = [
            of.definition_levels_byte_length,
            of.repetition_levels_byte_length,
            of.num_rows,
            of.num_nulls,
        ];
        let sizes = [header.compressed_page_size, header.uncompressed_page_size].map(i64::from);
        let is_valid = parts.iter().all(|part| *part >= 0)
            && sizes.iter().all(|size| levels <= *size)
            && of.num_nulls <= of.num_values
            && (leaf.is_repeated || of.num_rows == of.num_values)
            && (leaf.is_optional || of.num_nulls == 0);
        if !is_valid {
            return Err("claims parts that are larger than itself".to_owned());
        }
        Ok(Self { count: i64::from(of.num_values), encoding: of.encoding, has_levels: levels > 0 })
    }

    /// Checks that this number of values of a type fits into this number of bytes.
    fn fit(&self, of: Type, bytes: i32) -> Result<(), String> {
        let count = self.count;
        let is_plain = self.encoding == Encoding::PLAIN && !self.has_levels;
        match width(of).filter(|_| is_plain) {
            Some(width) if i64::from(bytes) != count * width => {
                Err(format!("claims {count} values in {bytes} bytes"))
            }
            _ => Ok(()),
        }
    }
}

impl Seen {
    /// Adds the statements of a page.
    ///
    /// # Errors
    /// The contradiction, as text.
    pub(super) fn add(
        &mut self,
        header: &PageHeader,
        column: &ColumnMetaData,
        leaf: &Leaf,
        is_first: bool,
    ) -> Result<(), String> {
        let values = match header.type_ {
            PageType::DICTIONARY_PAGE => return self.add_dictionary(header, column, is_first),
            PageType::DATA_PAGE => Values::of_v1(header, leaf)?,
            PageType::DATA_PAGE_V2 => Values::of_v2(header, leaf)?,
            _ => return Ok(()),
        };
        let count = values.count;
        if !(0..=MAX_VALUES).contains(&count) {
            return Err(format!("claims {count} values; the maximum is {MAX_VALUES}"));
        }
        if !self.can_be(values.encoding, column.type_) {
            return Err("has an encoding that its column type does not allow".to_owned());
        }
        values.fit(column.type_, header.uncompressed_page_size)?;
        self.values += count;
        Ok(())
    }

    fn add_dictionary(
        &mut self,
        header: &PageHeader,
        column: &ColumnMetaData,
        is_first: bool,
    ) -> Result<(), String> {
        let of = header.dictionary_page_header.as_ref().ok_or(LOST)?;
        if !is_first {
            return Err("is a dictionary page that is not the first page".to_owned());
        }
        self.has_dictionary = true;
        let (values, bytes) = (i64::from(of.num_values), i64::from(header.uncompressed_page_size));
        dictionary(values, bytes, column.type_)
    }

    /// Returns whether values of a type can have this encoding. Source: apache/parquet-format,
    /// Encodings.md.
    fn can_be(&self, encoding: Encoding, of: Type) -> bool {
        let is_bytes = of == Type::BYTE_ARRAY || of == Type::FIXED_LEN_BYTE_ARRAY;
        match encoding {
            Encoding::PLAIN => true,
            Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY => self.has_dictionary,
            Encoding::RLE => of == Type::BOOLEAN,
            Encoding::DELTA_BINARY_PACKED => of == Type::INT32 || of == Type::INT64,
            Encoding::DELTA_LENGTH_BYTE_ARRAY => of == Type::BYTE_ARRAY,
            Encoding::DELTA_BYTE_ARRAY => is_bytes,
            Encoding::BYTE_STREAM_SPLIT => width(of).is_some() || of == Type::FIXED_LEN_BYTE_ARRAY,
            _ => false,
        }
    }
}

/// Size of a value in bytes, if all values have the same size regardless of the schema.
fn width(of: Type) -> Option<i64> {
    match of {
        Type::INT32 | Type::FLOAT => Some(4),
        Type::INT64 | Type::DOUBLE => Some(8),
        Type::INT96 => Some(12),
        _ => None,
    }
}

/// Values of a dictionary follow one another: numbers by their width, text with 4 bytes of length
/// each.
fn dictionary(values: i64, bytes: i64, of: Type) -> Result<(), String> {
    let is_valid = match width(of) {
        Some(width) => values >= 0 && values * width == bytes,
        None if of == Type::BYTE_ARRAY => values >= 0 && values * 4 <= bytes,
        None => (0..=bytes).contains(&values),
    };
    if is_valid {
        Ok(())
    } else {
        Err(format!("is a dictionary page that claims {values} values in {bytes} bytes"))
    }
}
