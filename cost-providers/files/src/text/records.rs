//! Records of separated text, with limits on their size. This is the only place where text is split
//! into cells.
//!
//! Quoting follows RFC 4180, and most readers where it is silent: a quotation mark counts only at
//! the start of a cell; elsewhere it is text. Two readers that split differently would lose rows,
//! so no other code splits.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memchr2};

/// Maximum size of a record in bytes, with the blank lines before it. Rows of real bills have some
/// kilobytes, 100 kB with many tags. A record is completely in memory, so a few bytes of gzip could
/// require gigabytes. Chosen.
pub(crate) const LONGEST_RECORD: usize = 16 << 20;
/// Maximum number of cells in a record. Real bills have up to some 400 columns (cost reports with
/// many tags). Chosen.
pub(crate) const MOST_CELLS: usize = 20_000;

/// Minimum number of cells of a record before a line within a cell is taken for a row. Text for
/// people has no line with that many separators. Chosen.
const FEWEST: usize = 8;

/// Bytes that some programs add at the end of files: zero bytes, and the end-of-file byte of DOS.
const FILLERS: [u8; 2] = [0, 0x1a];

/// Error of splitting text.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SplitError {
    /// The bytes cannot be read.
    #[error("{0}")]
    Read(#[from] io::Error),
    /// A record is too long.
    #[error("{} is longer than {} MiB, or as many blank lines; a quotation mark without a closing \
        one makes one cell of the rest of the file: check the quotation marks", place(*.0), LONGEST_RECORD >> 20)]
    TooLong(u64),
    /// A quotation mark opens a cell that never ends.
    #[error(
        "{} has a quotation mark that opens a cell and is never closed, so the rest of the file \
         would be one cell: double the quotation mark, or download the file again",
        place(*.0)
    )]
    Unclosed(u64),
    /// A record has too many cells.
    #[error("{} has more than {MOST_CELLS} cells: check the separator", place(*.0))]
    TooMany(u64),
    /// The header is longer than the part of the file in which it is searched.
    #[error("its header line is longer than {} KiB: check that the file is a text table", .0 >> 10)]
    LongHeader(usize),
}

/// Returns the name of a record, by the number of records before it.
fn place(row: u64) -> String {
    if row == 0 { "its header line".to_owned() } else { format!("row {row}") }
}

/// Cells of one record.
pub(crate) struct Record<'a> {
    bytes: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Record<'a> {
    /// Returns the number of cells.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns a cell; `None` beyond the last.
    pub(crate) fn get(&self, at: usize) -> Option<&'a [u8]> {
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.bytes.get(start..end)
    }

    /// Returns whether all cells are blank: spreadsheets write this for cleared rows, and some
    /// programs pad files with it.
    pub(crate) fn is_blank(&self) -> bool {
        self.bytes.iter().all(|byte| byte.is_ascii_whitespace() || FILLERS.contains(byte))
    }

    /// Returns whether a cell contains a line with as many cells as the record, which was a row.
    fn swallows(&self, separator: u8) -> bool {
        let is_row = |line: &[u8]| memchr_iter(separator, line).count() + 1 >= self.len();
        self.len() >= FEWEST
            && self.iter().any(|cell| cell.split(|b| *b == b'\n').skip(1).any(is_row))
    }

    fn has_lines(&self) -> bool {
        memchr2(b'\n', b'\r', self.bytes).is_some()
    }

    /// Returns all cells, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let (bytes, ends) = (self.bytes, self.ends);
        let mut start = 0;
        ends.iter().map(move |end| {
            let cell = bytes.get(start..*end).unwrap_or_default();
            start = *end;
            cell
        })
    }
}

/// Splits bytes into records; empty lines are skipped.
pub(crate) struct Records {
    reader: Box<dyn Read + Send>,
    parser: csv_core::Reader,
    input: Vec<u8>,
    from: usize,
    until: usize,
    cells: Vec<u8>,
    ends: Vec<usize>,
    row: u64,
    ended: bool,
    separator: u8,
    /// Input of the current record so far, unchanged, if it spans more than one piece of the input.
    raw: Vec<u8>,
}

impl Records {
    pub(crate) fn new(reader: Box<dyn Read + Send>, separator: u8) -> Self {
        Self {
            reader,
            parser: csv_core::ReaderBuilder::new().delimiter(separator).build(),
            input: vec![0; 1 << 18],
            from: 0,
            until: 0,
            cells: vec![0; 1 << 14],
            ends: vec![0; 512],
            row: 0,
            ended: false,
            separator,
            raw: Vec::new(),
        }
    }

    /// Returns the number of records returned so far.
    pub(crate) fn row(&self) -> u64 {
        self.row
    }

    /// Returns the next record; `None` at the end.
    ///
    /// # Errors
    /// [`SplitError`].
    pub(crate) fn next(&mut self) -> Result<Option<Record<'_>>, SplitError> {
        use csv_core::ReadRecordResult::{
            End, InputEmpty, OutputEndsFull, OutputFull, Record as Complete,
        };
        let (mut written, mut ended, mut taken) = (0, 0, 0);
        self.raw.clear();
        loop {
            if self.from == self.until && !self.ended {
                (self.from, self.until) = (0, self.reader.read(&mut self.input)?);
                self.ended = self.until == 0;
            }
            let input = &self.input[self.from..self.until];
            let (result, read, out, ends) =
                self.parser.read_record(input, &mut self.cells[written..], &mut self.ends[ended..]);
            self.from += read;
            taken += read;
            written += out;
            ended += ends;
            if !matches!(result, Complete | End) {
                self.raw.extend_from_slice(&input[..read]);
            }
            match result {
                InputEmpty if taken > LONGEST_RECORD => return Err(SplitError::TooLong(self.row)),
                InputEmpty => {}
                OutputFull if self.cells.len() >= LONGEST_RECORD => {
                    return Err(SplitError::TooLong(self.row));
                }
                OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                OutputEndsFull if self.ends.len() >= MOST_CELLS => {
                    return Err(SplitError::TooMany(self.row));
                }
                OutputEndsFull => self.ends.resize((self.ends.len() * 2).min(MOST_CELLS), 0),
                Complete => {
                    let record =
                        Record { bytes: &self.cells[..written], ends: &self.ends[..ended] };
                    let at_end = self.ended && self.from == self.until;
                    if at_end || record.has_lines() {
                        self.raw.extend_from_slice(&input[..read]);
                        if record.swallows(self.separator) || is_torn(&self.raw, self.separator) {
                            return Err(SplitError::Unclosed(self.row));
                        }
                    }
                    self.row += 1;
                    return Ok(Some(Record {
                        bytes: &self.cells[..written],
                        ends: &self.ends[..ended],
                    }));
                }
                End => return Ok(None),
            }
        }
    }
}

/// Returns whether a quoted cell of an unchanged record ends at a wrong place: at the end of the
/// file, or, if it has several lines, before more text. Then a stray quotation mark opened it, or
/// its closing mark is missing, and it contains the following text (RFC 4180, 2.5 to 2.7).
fn is_torn(raw: &[u8], separator: u8) -> bool {
    // The reader counts the line feed of a line that ends in two bytes as part of the next line.
    let start = raw.iter().position(|b| !matches!(b, b'\n' | b'\r')).unwrap_or(raw.len());
    let mut rest = raw.get(start..).unwrap_or_default();
    loop {
        if let Some(quoted) = rest.strip_prefix(b"\"") {
            let Some(end) = closing(quoted) else { return true };
            let (cell, after) = quoted.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            let next = rest.iter().find(|b| **b != b' ');
            let ends = next.is_none_or(|b| *b == separator || matches!(b, b'\n' | b'\r'));
            if !ends && memchr2(b'\n', b'\r', cell).is_some() {
                return true;
            }
        }
        let Some(at) = memchr(separator, rest) else { return false };
        rest = rest.get(at + 1..).unwrap_or_default();
    }
}

/// Returns the position of the quotation mark that closes a cell; a doubled one is text.
fn closing(quoted: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr(b'"', quoted.get(from..)?)?;
        if quoted.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        from = at + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, separator: u8) -> Vec<Vec<String>> {
        let mut records =
            Records::new(Box::new(io::Cursor::new(text.as_bytes().to_vec())), separator);
        let mut out = Vec::new();
        while let Some(record) = records.next().expect("records") {
            let cells =
                record.iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>();
            assert_eq!(record.len(), cells.len());
            assert!((0..cells.len()).all(|at| record.get(at) == Some(cells[at].as_bytes())));
            out.push(cells);
        }
        out
    }

    #[test]
    fn quote_signs_within_a_cell_are_text() {
        // Two records of two cells. Readers that toggle at each quotation mark read one record.
        assert_eq!(
            split("3.5\" disk,1\n2,4.5\" disk\n", b','),
            [["3.5\" disk", "1"], ["2", "4.5\" disk"]]
        );
        assert_eq!(split("\"a,\"\"b\"\"\nc\";d\r\n\r\n;e", b';'), [["a,\"b\"\nc", "d"], ["", "e"]]);
        assert_eq!(split("", b',').len(), 0);
    }

    #[test]
    fn a_cell_that_takes_in_the_next_row_is_refused() {
        let refused = |text: &str| {
            let mut records =
                Records::new(Box::new(io::Cursor::new(text.as_bytes().to_vec())), b',');
            loop {
                match records.next() {
                    Ok(Some(_)) => {}
                    Ok(None) => return false,
                    Err(error) => return matches!(error, SplitError::Unclosed(_)),
                }
            }
        };
        for torn in [
            "1,\"{\"\"a\"\":1}\n2,\"{\"\"a\"\":1}\"\n",
            "1,\"a\n2,\"\"\"b\"\" c\"\n",
            "1,\"a\r2,\"b\"\r",
            "1,2\n1,\"",
            "1,2\n1,\"{\"\"a",
            "1,2\n1,\"a\"\"",
            // Each of two rows lacks one quotation mark.
            "1,2,3,4,5,6,7,\"a\n1,2,3,4,5,6,7,a\"\n",
        ] {
            assert!(refused(torn), "{torn:?}");
        }
        for fine in [
            "1,\"a\nb\" \n",
            "1,\"a\"b\"\n",
            "1,3.5\" disk",
            "1,\"a\nb, \"\"c\"\"\",\"\"",
            "\"a\nb\"",
            "1,\"\"\n2,\"\"",
        ] {
            assert!(!refused(fine), "{fine:?}");
        }
    }

    #[test]
    fn a_record_without_end_is_refused() {
        let endless = io::Read::chain(io::Cursor::new(b"a,\"".to_vec()), io::repeat(b'x'));
        let mut records = Records::new(Box::new(endless), b',');
        assert!(matches!(records.next(), Err(SplitError::TooLong(0))));
    }

    #[test]
    fn blank_lines_without_end_are_refused() {
        let endless = io::Read::chain(io::Cursor::new(b"a,b\n1,2\n".to_vec()), io::repeat(b'\n'));
        let mut records = Records::new(Box::new(endless), b',');
        assert!(
            records.next().expect("a header").is_some() && records.next().expect("a row").is_some()
        );
        let refused = records.next().err().expect("no end");
        assert!(refused.to_string().starts_with("row 2 is longer than 16 MiB"), "{refused}");
    }

    #[test]
    fn as_many_cells_as_the_limit_are_read_and_one_more_is_not() {
        let cells = |n: usize| {
            Records::new(Box::new(io::Cursor::new(vec![b','; n - 1])), b',')
                .next()
                .map(|r| r.map(|r| r.len()))
        };
        assert_eq!(cells(MOST_CELLS).expect("a record"), Some(MOST_CELLS));
        assert!(matches!(cells(MOST_CELLS + 1), Err(SplitError::TooMany(0))));
    }
}
