//! Check of the pages of requested columns before they are decoded: sizes, counts, checksums.
//!
//! Decoding trusts page headers. Headers have no checksum; pages have one if the writer added it.
//! Source: apache/parquet-format, README.md ("Checksumming"), parquet.thrift (`PageHeader`,
//! `DataPageHeaderV2`).

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use polars_parquet_format::thrift::protocol::TCompactInputProtocol;
use polars_parquet_format::{ColumnMetaData, PageHeader};

use super::footer::{self, Footer, Leaf};
use super::header::{Seen, size};

/// Bytes in which the header of a page is searched. Most headers have about 30 bytes, more if they
/// contain the smallest and largest text.
const HEADERS: [usize; 3] = [1 << 9, 1 << 14, 1 << 24];
/// Bytes per step of a checksum.
const PIECE: usize = 1 << 18;

/// Checks the pages of the columns for which `is_wanted` returns true.
///
/// # Errors
/// The first page that is impossible or does not match its checksum, as text.
pub(super) fn check(
    path: &Path,
    footer: &Footer,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<(), String> {
    let mut pages =
        Pages { file: cost_core::file::open(path).map_err(|e| e.to_string())?, bytes: Vec::new() };
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
                    "page {page} of column {name} in row group {} of {file} {problem}: the file \
                     is damaged; download it again",
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

impl Pages {
    /// # Errors
    /// The number of the page in the chunk, from 1, and its problem.
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
            at = from
                .checked_add(size)
                .filter(|next| *next <= end)
                .ok_or_else(|| failed("extends beyond its column".to_owned()))?;
            seen.add(&header, column, leaf, page == 1).map_err(failed)?;
            if let Some(crc) = header.crc {
                let found = self
                    .checksum(from, size)
                    .map_err(|e| failed(format!("cannot be read ({e})")))?;
                if found != u32::from_le_bytes(crc.to_le_bytes()) {
                    return Err(failed("does not match its checksum".to_owned()));
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

    /// Returns the header of the page at `at`, and its length in bytes.
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
                Err(e) => problem = format!("has a header that cannot be decoded ({e})"),
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
