//! How a table of text is written: separator, lines before the header, decimal comma.

use std::io::{self, Read};

use super::records::{Records, SplitError};
use crate::table;

/// How a table of text is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// Between cells.
    pub(crate) separator: u8,
    /// Bytes before the header: a line `sep=;`, a title.
    pub(crate) skip: usize,
    /// Whether amounts have a comma before their decimal places.
    pub(crate) decimal_comma: bool,
    /// The header's cells.
    pub(crate) header: Vec<String>,
}

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Lines that may stand before the header, such as a title or an account's name. Chosen.
const LINES_BEFORE: usize = 12;
/// Bytes in which the header must end: headers of cost reports with many tags take some 30 kB, of 20,000 columns some 500 kB. Chosen.
const HEAD: usize = 1 << 20;
/// Columns by which a line is taken for a bill's header.
const ENOUGH: usize = 3;

/// Finds out how a table is written, from its first lines as UTF-8. `None` if there is no line at all.
///
/// The header is the line, within the first few, of which the most cells name columns of a bill, by the separator that makes them; if no
/// line names any, the first.
///
/// # Errors
/// [`SplitError`]: those of reading, and a header that does not end.
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
                // The separator that the file names wins where no column is known.
                Some((most, _)) => known > *most || (known == *most && *most == 0 && said == Some(separator) && !blank),
            };
            if better {
                best = Some((known, Dialect { separator, skip: start, decimal_comma: false, header }));
            }
        }
        if best.as_ref().is_some_and(|(known, _)| *known >= ENOUGH) {
            break;
        }
        let Some(line) = rest.iter().position(|b| *b == b'\n') else { break };
        start += line + 1;
    }
    let found = best.and_then(|(known, dialect)| if known == 0 { plain(dialect, &head) } else { Some(dialect) });
    // Cut off where the look into the file ends, a header would name other columns than the file has.
    let ends = |d: &Dialect| head.iter().skip(d.skip).any(|b| matches!(b, b'\n' | b'\r'));
    match found {
        Some(dialect) if head.len() == HEAD && !ends(&dialect) => Err(SplitError::LongHeader(HEAD)),
        found => Ok(found),
    }
}

/// A table that is no bill: its first line is its header, by the separator that it has most of. `None` if that is blank.
fn plain(found: Dialect, head: &[u8]) -> Option<Dialect> {
    let best = SEPARATORS.iter().filter_map(|s| Some((first_record(head, *s)?.len(), *s)));
    let (_, separator) = best.max_by_key(|(cells, s)| (*cells, std::cmp::Reverse(*s))).unwrap_or((0, b','));
    match first_record(head, separator) {
        Some(header) if header.iter().all(String::is_empty) => None,
        Some(header) if said_separator(head).is_none() => {
            Some(Dialect { separator, skip: 0, decimal_comma: false, header })
        }
        _ => Some(found),
    }
}

/// The separator of a first line `sep=;`, as Excel writes and reads it.
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

/// A header's cell: without byte order marks and blanks around it.
fn cell(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_matches(|c: char| c == '\u{feff}' || c.is_whitespace()).to_owned()
}

/// Whether amounts are written with a decimal comma: what the cells of amounts say together.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Commas {
    comma: Option<Comma>,
    point: bool,
    neither: bool,
}

/// What a comma in an amount is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Comma {
    /// A decimal comma or a thousands separator.
    Either,
    /// A decimal comma.
    Decimal,
}

impl Commas {
    /// Looks at the cell of an amount.
    pub(crate) fn look(&mut self, cell: &[u8]) {
        let text = String::from_utf8_lossy(cell);
        let text = text.trim().trim_start_matches(['-', '+']);
        let mut parts = text.split(',');
        let (whole, fraction, more) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        self.point |= text.contains('.');
        let Some(fraction) = fraction else { return };
        let digits = fraction.split(['e', 'E']).next().unwrap_or_default();
        let is_number = whole.bytes().all(|b| b.is_ascii_digit()) && digits.bytes().all(|b| b.is_ascii_digit());
        self.neither |= more.is_some() || !is_number || text.contains('.');
        // `1,234` may mean 1234 or 1.234; `1,2`, `1,2345` and `0,123` mean one thing only.
        let surely = is_number && (digits.len() != 3 || whole == "0" || whole.len() > 3);
        self.comma = self.comma.max(Some(if surely { Comma::Decimal } else { Comma::Either }));
    }

    /// What two columns say together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            comma: self.comma.max(other.comma),
            point: self.point || other.point,
            neither: self.neither || other.neither,
        }
    }

    /// `Some(true)` if all amounts with a comma have a decimal comma, `Some(false)` if none has a comma; `None` if that cannot be told.
    pub(crate) fn decided(self) -> Option<bool> {
        match self.comma {
            None => Some(false),
            Some(Comma::Decimal) if !self.point && !self.neither => Some(true),
            Some(_) => None,
        }
    }
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
            ("\u{feff}\"BilledCost\",\"ChargeCategory\",\"Tags\"\n", b',', 0),
        ] {
            let dialect = of(text);
            assert_eq!((dialect.separator, dialect.skip), (separator, skip), "{text}");
            assert_eq!(dialect.header[0], "BilledCost");
        }
        assert_eq!(of("a;b;c\n1,5;2;3\n").separator, b';');
        assert!(find(Box::new(io::empty())).expect("read").is_none());
        let endless = io::Read::chain(io::Cursor::new(b"BilledCost,ChargeCategory,Tags,".to_vec()), io::repeat(b'x'));
        assert!(matches!(find(Box::new(endless)), Err(SplitError::LongHeader(HEAD))));
    }

    #[test]
    fn decimal_commas_are_taken_only_where_they_mean_one_thing() {
        let decided = |cells: &[&str]| {
            let mut commas = Commas::default();
            for cell in cells {
                commas.look(cell.as_bytes());
            }
            commas.decided()
        };
        assert_eq!(decided(&["10,00", "-3,5", "7"]), Some(true));
        assert_eq!(decided(&["0,123"]), Some(true));
        assert_eq!(decided(&["10.00", "7", ""]), Some(false));
        assert_eq!(decided(&["1,234"]), None, "1234 or 1.234");
        assert_eq!(decided(&["1.234,50"]), None, "with thousands");
        assert_eq!(decided(&["10,00", "3.5"]), None, "both");
    }
}
