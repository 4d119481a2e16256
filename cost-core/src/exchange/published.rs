//! Exchange rate files: a simple table, and the files of the European Central Bank.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use csv::StringRecord;
use rust_decimal::Decimal;

use super::RateTable;
use crate::money::Currency;
use crate::text::quote_cell;

/// Error from an exchange rate file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RateFileError {
    /// The columns do not match a known format.
    #[error(
        "no exchange rates found: the first line is {header}; it must be `date,from,to,rate` (a unit of `from` is worth `rate` of `to`), or \
         that of the European Central Bank's files: `Date,USD,JPY,…` (units for a euro)"
    )]
    Header {
        /// First line of the file.
        header: String,
    },
    /// A cell is not a valid date, currency, or rate.
    #[error("row {row}, column {column}: {problem}")]
    Cell {
        /// 1-based data row; the header is not counted.
        row: u64,
        /// Column.
        column: String,
        /// What is wrong, including the cell's text.
        problem: String,
    },
    /// The file is not a text table.
    #[error("{0}")]
    Unreadable(String),
}

/// Date formats: ISO 8601, and the format of the bank's daily file.
const DAYS: [&str; 2] = ["%Y-%m-%d", "%d %B %Y"];

/// Location of a cell.
struct Place<'a> {
    row: u64,
    column: &'a str,
}

impl Place<'_> {
    fn bad(&self, problem: String) -> RateFileError {
        RateFileError::Cell { row: self.row, column: self.column.to_owned(), problem }
    }

    fn day(&self, cell: &str) -> Result<NaiveDate, RateFileError> {
        let day = DAYS.iter().find_map(|format| NaiveDate::parse_from_str(cell, format).ok());
        day.ok_or_else(|| {
            self.bad(format!("{} is not a date, such as 2026-09-30", quote_cell(cell)))
        })
    }

    fn currency(&self, cell: &str) -> Result<Currency, RateFileError> {
        let code = cell.to_ascii_uppercase().parse();
        code.map_err(|_| {
            self.bad(format!("{} is not a three-letter ISO 4217 currency code", quote_cell(cell)))
        })
    }

    fn rate(&self, cell: &str) -> Result<Decimal, RateFileError> {
        let rate = Decimal::from_str_exact(cell).ok().filter(|r| *r > Decimal::ZERO);
        rate.ok_or_else(|| {
            self.bad(format!("{} is not a rate above 0, such as 1.0865", quote_cell(cell)))
        })
    }
}

impl RateTable {
    /// Parses a file of rates: a table `date,from,to,rate` with columns in any order, or a file of
    /// the European Central Bank (`eurofxref-hist.csv`, `eurofxref.csv`). `file` is its name in
    /// reports.
    ///
    /// # Errors
    /// [`RateFileError`].
    pub fn parse(file: &str, text: &str) -> Result<Self, RateFileError> {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let unreadable = |e: csv::Error| RateFileError::Unreadable(e.to_string());
        let header = reader.headers().map_err(unreadable)?.clone();
        let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
        let name = |wanted: &str| header.iter().position(|h| h.eq_ignore_ascii_case(wanted));
        if let (Some(date), Some(from), Some(to), Some(rate)) =
            (name("date"), name("from"), name("to"), name("rate"))
        {
            return own(file, &rows, [date, from, to, rate]);
        }
        let is_code = |h: &str| h.is_empty() || h.parse::<Currency>().is_ok();
        if name("date") == Some(0) && header.len() > 1 && header.iter().skip(1).all(is_code) {
            return of_the_bank(file, &header, &rows);
        }
        let first_line = quote_cell(&header.iter().collect::<Vec<_>>().join(","));
        Err(RateFileError::Header { header: first_line })
    }
}

/// Rates by pair and day.
type Pairs = BTreeMap<(Currency, Currency), BTreeMap<NaiveDate, BTreeSet<Decimal>>>;

/// 1-based rows.
fn numbered(rows: &[StringRecord]) -> impl Iterator<Item = (u64, &StringRecord)> {
    (1..).zip(rows)
}

fn own(file: &str, rows: &[StringRecord], columns: [usize; 4]) -> Result<RateTable, RateFileError> {
    let mut pairs = Pairs::new();
    for (row, cells) in numbered(rows) {
        let [date, from, to, rate] = columns.map(|at| cells.get(at).unwrap_or_default());
        let place = |column| Place { row, column };
        let day = place("date").day(date)?;
        let pair = (place("from").currency(from)?, place("to").currency(to)?);
        let rate = place("rate").rate(rate)?;
        let of_day = pairs.entry(pair).or_default().entry(day).or_default();
        if of_day.first().is_some_and(|known| *known != rate) {
            return Err(place("rate").bad(format!(
                "there is another rate of {} into {} on {day}: remove one",
                pair.0, pair.1
            )));
        }
        of_day.insert(rate);
    }
    Ok(RateTable { source: file.to_owned(), pairs })
}

fn of_the_bank(
    file: &str,
    header: &StringRecord,
    rows: &[StringRecord],
) -> Result<RateTable, RateFileError> {
    let euro = Place { row: 0, column: "Date" }.currency("EUR")?;
    let mut pairs = Pairs::new();
    for (row, cells) in numbered(rows) {
        let day = Place { row, column: "Date" }.day(cells.get(0).unwrap_or_default())?;
        for (column, cell) in header.iter().zip(cells).skip(1).filter(|(h, _)| !h.is_empty()) {
            let place = Place { row, column };
            // Currencies that are not quoted on that day.
            if !cell.is_empty() && cell != "N/A" {
                let pair = (euro, place.currency(column)?);
                pairs.entry(pair).or_default().entry(day).or_default().insert(place.rate(cell)?);
            }
        }
    }
    Ok(RateTable { source: format!("European Central Bank, {file}"), pairs })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_named() {
        for (text, words) in [
            ("day,usd\n", "no exchange rates found: the first line is `day,usd`"),
            ("", "no exchange rates found: the first line is ``"),
            (
                "date,from,to,rate\n2026-09-01,USD,EUR,\n",
                "row 1, column rate: `` is not a rate above 0",
            ),
            (
                "date,from,to,rate\n2026-09-01,USD,EUR,-1\n",
                "row 1, column rate: `-1` is not a rate",
            ),
            (
                "date,from,to,rate\n2026-09-01,USD,EUR,\"0,9\"\n",
                "row 1, column rate: `0,9` is not a rate",
            ),
            (
                "date,from,to,rate\n2026-09-01,dollar,EUR,1\n",
                "row 1, column from: `dollar` is not a three-letter",
            ),
            (
                "date,from,to,rate\n01/09/2026,USD,EUR,1\n",
                "row 1, column date: `01/09/2026` is not a date",
            ),
            (
                "date,from,to,rate\n2026-09-01,USD,EUR,0.9\n2026-09-01,USD,EUR,0.8\n",
                "row 2, column rate: there is another rate of USD into EUR on 2026-09-01",
            ),
            ("Date,USD,\n2026-09-01,one,\n", "row 1, column USD: `one` is not a rate"),
        ] {
            let error = RateTable::parse("rates.csv", text).expect_err(text).to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn both_files_of_the_bank_are_read() {
        let of_day = RateTable::parse("x.csv", "Date, USD, ISK, \n26 November 2026, 1.1, N/A, \n")
            .expect("rates");
        let past = RateTable::parse("x.csv", "\u{feff}Date,USD,ISK,\r\n2026-11-26,1.1,N/A,\r\n")
            .expect("rates");
        assert_eq!(of_day, past);
        assert_eq!((past.pairs.len(), past.source()), (1, "European Central Bank, x.csv"));
    }
}
