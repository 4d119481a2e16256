//! A walk over the pages of the columns that will be read, before anything decodes them: sizes,
//! counts, checksums.
//!
//! What is decoded later trusts what page headers say. Headers have no checksum, pages have one if
//! the writer chose so. Source: apache/parquet-format, README.md ("Checksumming"), parquet.thrift
//! (`PageHeader`, `DataPageHeaderV2`).

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use polars_parquet_format::thrift::protocol::TCompactInputProtocol;
use polars_parquet_format::{
    ColumnMetaData, CompressionCodec, Encoding, PageHeader, PageType, Type,
};

use super::footer::{self, Footer, Leaf};

/// Largest page that is read, bytes when unpacked. Writers aim at 1 MiB (parquet-mr, Arrow); some
/// make one page of a whole row group; chosen.
const MAX_PAGE: u64 = 1 << 30;
/// Most values of a page. Nulls and repeated values take next to no bytes, so that sizes do not
/// bound them; chosen.
const MAX_VALUES: i64 = 1 << 27;
/// Bytes in which the header of a page is looked for: mostly some 30, more where it holds the least
/// and largest text.
const HEADERS: [usize; 3] = [1 << 9, 1 << 14, 1 << 24];
/// Bytes that are added to a checksum at a time.
const PIECE: usize = 1 << 18;

/// How many times larger than packed a page can be, by codec; `None` where the format sets no bound
/// worth the name. Sources: Snappy, a copy of 64 bytes takes 3; RFC 1951, 258 bytes take two bits,
/// and with headers 1,032 times; LZ4 block format, 255 bytes take one. Twice that, and 64 bytes,
/// are let pass.
fn most(codec: CompressionCodec) -> Option<u64> {
    match codec {
        CompressionCodec::UNCOMPRESSED => Some(1),
        CompressionCodec::SNAPPY => Some(44),
        CompressionCodec::GZIP => Some(2064),
        CompressionCodec::LZ4 | CompressionCodec::LZ4_RAW => Some(510),
        _ => None,
    }
}

/// Walks over the pages of the columns that `is_wanted` names.
///
/// # Errors
/// The first page that cannot be, or is not what its checksum says, in words for people.
pub(super) fn check(
    path: &Path,
    footer: &Footer,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<(), String> {
    let mut pages = Pages { file: File::open(path).map_err(|e| e.to_string())?, bytes: Vec::new() };
    for (at, group) in footer.metadata.row_groups.iter().enumerate() {
        for (chunk, leaf) in group.columns.iter().zip(&footer.leaves) {
            let Some(column) = chunk
                .meta_data
                .as_ref()
                .filter(|_| leaf.path.first().is_some_and(|n| is_wanted(n)))
            else {
                continue;
            };
            let name = leaf.path.join(".");
            let range = footer::range(column, footer.start).unwrap_or_default();
            pages.walk(column, leaf, range).map_err(|(page, problem)| {
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                format!(
                    "page {page} of column {name} in row group {} of {file} {problem}: the file is damaged, fetch it again",
                    at + 1
                )
            })?;
        }
    }
    Ok(())
}

struct Pages {
    file: File,
    bytes: Vec<u8>,
}

/// What the pages of a chunk have said so far.
#[derive(Default)]
struct Seen {
    values: i64,
    has_dictionary: bool,
}

impl Pages {
    /// # Errors
    /// Which page of the chunk, from 1 on, and what is wrong with it.
    fn walk(
        &mut self,
        column: &ColumnMetaData,
        leaf: &Leaf,
        (start, end): (u64, u64),
    ) -> Result<(), (u64, String)> {
        let mut seen = Seen::default();
        let (mut at, mut page) = (start, 0);
        while seen.values < column.num_values {
            page += 1;
            let failed = |problem: String| (page, problem);
            let (header, length) = self.header(at, end).map_err(failed)?;
            let size = size(&header, column.codec).map_err(failed)?;
            let from = at + length;
            at = from.checked_add(size).filter(|next| *next <= end).ok_or_else(|| {
                failed(
                    "reaches beyond its column: its header does not hold what was written"
                        .to_owned(),
                )
            })?;
            seen.add(&header, column, leaf, page == 1).map_err(failed)?;
            if let Some(crc) = header.crc {
                let found = self
                    .checksum(from, size)
                    .map_err(|e| failed(format!("cannot be read ({e})")))?;
                if found != u32::from_le_bytes(crc.to_le_bytes()) {
                    return Err(failed("is not what its checksum says".to_owned()));
                }
            }
        }
        if seen.values > column.num_values {
            return Err((
                page,
                format!("has more values than the {} of its column", column.num_values),
            ));
        }
        Ok(())
    }

    /// The header of the page at `at`, and its length in bytes.
    fn header(&mut self, at: u64, end: u64) -> Result<(PageHeader, u64), String> {
        let left = end.saturating_sub(at);
        if left == 0 {
            return Err("is missing".to_owned());
        }
        let mut problem = String::new();
        for most in HEADERS {
            let take = usize::try_from(left).unwrap_or(usize::MAX).min(most);
            self.fill(at, take).map_err(|e| format!("cannot be read ({e})"))?;
            let mut rest = self.bytes.as_slice();
            let read =
                PageHeader::read_from_in_protocol(&mut TCompactInputProtocol::new(&mut rest, most));
            match read {
                Ok(header) => {
                    let length = self.bytes.len() - rest.len();
                    return Ok((header, u64::try_from(length).unwrap_or(u64::MAX)));
                }
                Err(e) => problem = format!("has no header that can be decoded ({e})"),
            }
            if take < most {
                break;
            }
        }
        Err(problem)
    }

    fn fill(&mut self, at: u64, take: usize) -> io::Result<()> {
        self.bytes.resize(take, 0);
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(&mut self.bytes)
    }

    fn checksum(&mut self, at: u64, size: u64) -> io::Result<u32> {
        let mut crc = crc32fast::Hasher::new();
        self.file.seek(SeekFrom::Start(at))?;
        let mut left = usize::try_from(size).unwrap_or(usize::MAX);
        while left > 0 {
            self.bytes.resize(left.min(PIECE), 0);
            self.file.read_exact(&mut self.bytes)?;
            crc.update(&self.bytes);
            left -= self.bytes.len();
        }
        Ok(crc.finalize())
    }
}

/// Bytes of a page as stored.
fn size(header: &PageHeader, codec: CompressionCodec) -> Result<u64, String> {
    let sizes = u64::try_from(header.compressed_page_size)
        .ok()
        .zip(u64::try_from(header.uncompressed_page_size).ok());
    let (stored, unpacked) = sizes.ok_or("claims less than no bytes")?;
    if unpacked > MAX_PAGE {
        return Err(format!("claims {unpacked} bytes, and at most {MAX_PAGE} are read"));
    }
    let is_plausible = match most(codec) {
        Some(1) => stored == unpacked,
        Some(times) => unpacked <= stored.saturating_mul(times).saturating_add(64),
        None => true,
    };
    if is_plausible {
        Ok(stored)
    } else {
        Err(format!("claims {unpacked} bytes, which its {stored} cannot hold"))
    }
}

impl Seen {
    fn add(
        &mut self,
        header: &PageHeader,
        column: &ColumnMetaData,
        leaf: &Leaf,
        is_first: bool,
    ) -> Result<(), String> {
        const LOST: &str = "is of a kind that its header does not describe";
        let (values, encoding, has_levels) = match header.type_ {
            PageType::DICTIONARY_PAGE => {
                let of = header.dictionary_page_header.as_ref().ok_or(LOST)?;
                if !is_first {
                    return Err("is a dictionary, which can only be the first page".to_owned());
                }
                self.has_dictionary = true;
                return dictionary(
                    i64::from(of.num_values),
                    i64::from(header.uncompressed_page_size),
                    column.type_,
                );
            }
            PageType::DATA_PAGE => {
                let of = header.data_page_header.as_ref().ok_or(LOST)?;
                let known = [Encoding::RLE, Encoding::BIT_PACKED];
                if leaf.is_optional && !known.contains(&of.definition_level_encoding) {
                    return Err(
                        "says which values are missing in a way that is not known".to_owned()
                    );
                }
                (of.num_values, of.encoding, leaf.is_optional || leaf.is_repeated)
            }
            PageType::DATA_PAGE_V2 => {
                let of = header.data_page_header_v2.as_ref().ok_or(LOST)?;
                let levels = i64::from(of.definition_levels_byte_length)
                    + i64::from(of.repetition_levels_byte_length);
                let parts = [
                    of.definition_levels_byte_length,
                    of.repetition_levels_byte_length,
                    of.num_rows,
                    of.num_nulls,
                ];
                let sizes =
                    [header.compressed_page_size, header.uncompressed_page_size].map(i64::from);
                let is_whole = parts.iter().all(|part| *part >= 0)
                    && sizes.iter().all(|size| levels <= *size)
                    && of.num_nulls <= of.num_values
                    && (leaf.is_repeated || of.num_rows == of.num_values)
                    && (leaf.is_optional || of.num_nulls == 0);
                if !is_whole {
                    return Err("claims parts that are larger than itself".to_owned());
                }
                (of.num_values, of.encoding, levels > 0)
            }
            _ => return Ok(()),
        };
        let values = i64::from(values);
        if !(0..=MAX_VALUES).contains(&values) {
            return Err(format!("claims {values} values, and at most {MAX_VALUES} are read"));
        }
        if !self.can_be(encoding, column.type_) {
            return Err("is encoded in a way that its column cannot be".to_owned());
        }
        let wanted = width(column.type_).filter(|_| encoding == Encoding::PLAIN && !has_levels);
        if let Some(width) = wanted
            && i64::from(header.uncompressed_page_size) != values * width
        {
            return Err(format!(
                "claims {values} values in {} bytes",
                header.uncompressed_page_size
            ));
        }
        self.values += values;
        Ok(())
    }

    /// Whether values of a type can be encoded so. Source: apache/parquet-format, Encodings.md.
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

/// Bytes of a value, where each has the same and the schema need not be asked.
fn width(of: Type) -> Option<i64> {
    match of {
        Type::INT32 | Type::FLOAT => Some(4),
        Type::INT64 | Type::DOUBLE => Some(8),
        Type::INT96 => Some(12),
        _ => None,
    }
}

/// The values of a dictionary are one after the other: numbers by their width, text with 4 bytes of
/// length each.
fn dictionary(values: i64, bytes: i64, of: Type) -> Result<(), String> {
    let is_whole = match width(of) {
        Some(width) => values >= 0 && values * width == bytes,
        None if of == Type::BYTE_ARRAY => values >= 0 && values * 4 <= bytes,
        None => (0..=bytes).contains(&values),
    };
    if is_whole {
        Ok(())
    } else {
        Err(format!("is a dictionary that claims {values} values in {bytes} bytes"))
    }
}
