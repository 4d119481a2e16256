//! Format of a text table: separator, and lines before the header.

use std::io::{self, Read};

use super::records::{Records, SplitError};
use crate::table;

/// Format of a text table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// Separator between cells.
    pub(crate) separator: u8,
    /// Number of bytes before the header, such as a line `sep=;` or a title.
    pub(crate) skip: usize,
    /// Whether amounts have a decimal comma.
    pub(crate) decimal_comma: bool,
    /// Cells of the header.
    pub(crate) header: Vec<String>,
}

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Maximum number of lines before the header, such as a title or an account name. Chosen.
const LINES_BEFORE: usize = 12;
/// Maximum number of bytes up to the end of the header. Headers of cost reports with many tags take
/// about 30 kB, those of 20,000 columns about 500 kB. Chosen.
const HEAD: usize = 1 << 20;
/// Minimum number of known columns for the header of a bill.
const ENOUGH: usize = 3;

/// Determines the format of a table from its first lines as UTF-8. `None` if there is no line.
///
/// The header is the line, among the first few, in which most cells name columns of a bill, with
/// the separator that gives the most. If no line names any, it is the first line.
///
/// # Errors
/// [`SplitError`]: errors of reading, and a header that does not end.
pub(crate) fn find(reader: Box<dyn Read + Send>) -> Result<Option<Dialect>, SplitError> {
    let mut head = Vec::new();
    reader.take(u64::try_from(HEAD).unwrap_or(u64::MAX)).read_to_end(&mut head)?;
    let said = said_separator(&head);
    let mut best: Option<(usize, Dialect)> = None;
    let mut start = 0;
    for _ in 0..=LINES_BEFORE {
        let Some(rest) = head.get(start..).filter(|r| !r.is_empty()) else { break };
        for separator in SEPARATORS {
            let Some(header) = first_record(rest, separator) else { continue };
            let known = header.iter().filter(|h| table::is_known(h)).count();
            let blank = header.iter().all(|h| h.trim().is_empty());
            let better = match &best {
                None => !blank,
                // The separator that the file states is used if no column is known.
                Some((most, _)) => {
                    known > *most
                        || (known == *most && *most == 0 && said == Some(separator) && !blank)
                }
            };
            if better {
                best =
                    Some((known, Dialect { separator, skip: start, decimal_comma: false, header }));
            }
        }
        if best.as_ref().is_some_and(|(known, _)| *known >= ENOUGH) {
            break;
        }
        let Some(line) = rest.iter().position(|b| matches!(b, b'\n' | b'\r')) else { break };
        start += line + if rest[line..].starts_with(b"\r\n") { 2 } else { 1 };
    }
    let found = best.and_then(
        |(known, dialect)| if known == 0 { plain(dialect, &head) } else { Some(dialect) },
    );
    // A header that is cut off at the end of the searched part would name other columns than the
    // file has.
    let ends = |d: &Dialect| head.iter().skip(d.skip).any(|b| matches!(b, b'\n' | b'\r'));
    match found {
        Some(dialect) if head.len() == HEAD && !ends(&dialect) => Err(SplitError::LongHeader(HEAD)),
        found => Ok(found),
    }
}

/// Returns the format of a table that is not a bill: its first line is its header, and its most
/// frequent separator is used. `None` if that line is blank.
fn plain(found: Dialect, head: &[u8]) -> Option<Dialect> {
    let best = SEPARATORS.iter().filter_map(|s| Some((first_record(head, *s)?.len(), *s)));
    let (_, separator) =
        best.max_by_key(|(cells, s)| (*cells, std::cmp::Reverse(*s))).unwrap_or((0, b','));
    match first_record(head, separator) {
        Some(header) if header.iter().all(String::is_empty) => None,
        Some(header) if said_separator(head).is_none() => {
            Some(Dialect { separator, skip: 0, decimal_comma: false, header })
        }
        _ => Some(found),
    }
}

/// Returns the separator of a first line `sep=;`, as Excel writes and reads it.
fn said_separator(head: &[u8]) -> Option<u8> {
    let line = head.split(|b| *b == b'\n').next()?;
    let text = String::from_utf8_lossy(line);
    let said = text.trim_end_matches('\r').trim_matches('"').to_ascii_lowercase();
    let separator = said.strip_prefix("sep=")?;
    if separator.is_empty() { Some(b'\t') } else { separator.bytes().next() }
}

fn first_record(text: &[u8], separator: u8) -> Option<Vec<String>> {
    let mut records = Records::new(Box::new(io::Cursor::new(text.to_vec())), separator);
    let record = records.next().ok().flatten()?;
    Some(record.iter().map(cell).collect())
}

/// Returns a cell of the header without byte order marks and surrounding blanks.
fn cell(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .trim_matches(|c: char| c == '\u{feff}' || c.is_whitespace())
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Dialect {
        find(Box::new(io::Cursor::new(text.as_bytes().to_vec()))).expect("read").expect("a line")
    }

    #[test]
    fn separators_and_titles_are_found() {
        for (text, separator, skip) in [
            ("BilledCost,ChargeCategory,Tags\n1,Usage,\n", b',', 0),
            ("BilledCost;ChargeCategory;Tags\n1;Usage;\n", b';', 0),
            ("BilledCost\tChargeCategory\tTags\n1\tUsage\t\n", b'\t', 0),
            ("sep=;\r\nBilledCost;ChargeCategory;Tags\n", b';', 7),
            ("Costs of September, all accounts\nBilledCost,ChargeCategory,Tags\n", b',', 33),
            ("Costs of September\rBilledCost,ChargeCategory,Tags\r1,Usage,\r", b',', 19),
            ("\u{feff}\"BilledCost\",\"ChargeCategory\",\"Tags\"\n", b',', 0),
        ] {
            let dialect = of(text);
            assert_eq!((dialect.separator, dialect.skip), (separator, skip), "{text}");
            assert_eq!(dialect.header[0], "BilledCost");
        }
        assert_eq!(of("a;b;c\n1,5;2;3\n").separator, b';');
        assert!(find(Box::new(io::empty())).expect("read").is_none());
        let endless = io::Read::chain(
            io::Cursor::new(b"BilledCost,ChargeCategory,Tags,".to_vec()),
            io::repeat(b'x'),
        );
        assert!(matches!(find(Box::new(endless)), Err(SplitError::LongHeader(HEAD))));
    }
}
