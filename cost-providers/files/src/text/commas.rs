//! Detection of decimal commas and thousands separators in the amounts of a text table.

use cost_provider_api::ProviderError;

use super::number::THOUSANDS;
use super::records::SplitError;
use super::source::{TextFile, name_of};
use crate::bill_file::slashes;
use crate::table;

/// Number of rows of a comma-separated table that are searched for amounts with a comma. If they do
/// not determine its meaning, a later amount with a comma is refused at its row. Chosen.
const EARLY: usize = 1_000;

impl TextFile {
    /// Returns the same file as a bill. Its amounts are searched for decimal commas, unless the
    /// first rows of a comma-separated table have none.
    ///
    /// # Errors
    /// [`ProviderError::Unreadable`]: a header that names a column of a bill twice, or ambiguous
    /// amounts.
    pub(crate) fn into_bill(mut self) -> Result<Self, ProviderError> {
        if let Some(header) = &self.doubled {
            let problem = format!("its header has column {header} twice; remove one of them");
            return Err(ProviderError::unreadable(slashes(&self.path), problem));
        }
        let is_quoted = self.dialect.separator == b',';
        if is_quoted && self.marks(Some(EARLY))?.iter().all(|m| m.comma.is_none()) {
            return Ok(self);
        }
        let marks = self.marks(None)?;
        let all = marks.iter().fold(Marks::default(), |all, of| all.and(*of));
        self.dialect.decimal_comma = match all.decided() {
            Some(decided) => decided,
            // Each such cell is refused at its row, if it is needed.
            None if is_quoted => false,
            None => return Err(self.ambiguous(&marks)),
        };
        Ok(self)
    }

    /// Returns the columns of amounts.
    fn amounts(&self) -> Vec<usize> {
        self.schema
            .iter_names()
            .enumerate()
            .filter(|(_, n)| table::is_amount(n))
            .map(|(at, _)| at)
            .collect()
    }

    /// Returns the meaning of commas and points in amounts, by column, in the first `rows` or in
    /// all.
    fn marks(&self, rows: Option<usize>) -> Result<Vec<Marks>, ProviderError> {
        let amounts = self.amounts();
        let mut marks = vec![Marks::default(); amounts.len()];
        let mut read = || -> Result<(), SplitError> {
            let mut records = self.records()?;
            records.next()?;
            let mut left = rows.unwrap_or(usize::MAX);
            while let Some(record) = if left > 0 { records.next()? } else { None } {
                left -= 1;
                for (of, at) in marks.iter_mut().zip(&amounts) {
                    of.look(record.get(*at).unwrap_or_default());
                }
            }
            Ok(())
        };
        read().map_err(|e| ProviderError::unreadable(slashes(&self.path), self.why(&e)))?;
        Ok(marks)
    }

    fn ambiguous(&self, marks: &[Marks]) -> ProviderError {
        let column = self.amounts().into_iter().zip(marks).find(|(_, m)| m.decided().is_none());
        let column =
            column.and_then(|(at, _)| self.schema.get_at_index(at)).map(|(name, _)| name.as_str());
        let problem = format!(
            "cells are separated by {}, and commas or points in amounts can be decimal or \
             thousands separators (column {}): export the file with decimal points and without \
             thousands separators",
            name_of(self.dialect.separator),
            column.unwrap_or("BilledCost")
        );
        ProviderError::unreadable(slashes(&self.path), problem)
    }
}

/// Combined evidence of the cells of amounts: whether they have decimal commas.
#[derive(Clone, Copy, Debug, Default)]
struct Marks {
    comma: Option<Mark>,
    point: Option<Mark>,
    /// Thousands separators in addition to a decimal comma.
    thousands: bool,
    /// A comma in a cell that is not a number.
    neither: bool,
}

/// Meaning of a comma or a point in an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    /// Decimal or thousands separator.
    Either,
    /// Decimal separator.
    Decimal,
}

impl Marks {
    /// Adds the cell of an amount.
    fn look(&mut self, cell: &[u8]) {
        let text = String::from_utf8_lossy(cell);
        let text = text.trim().trim_start_matches(['-', '+']);
        let is_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let Some((whole, fraction)) = text.split_once(',') else {
            let mark = if in_thousands(text, '.') { Mark::Either } else { Mark::Decimal };
            self.point = self.point.max(text.contains('.').then_some(mark));
            return;
        };
        let digits = fraction.split(['e', 'E']).next().unwrap_or_default();
        let by_thousands = THOUSANDS.iter().any(|separator| in_thousands(whole, *separator));
        self.thousands |= by_thousands;
        let is_number = (by_thousands || is_digits(whole)) && is_digits(digits);
        self.neither |= !is_number;
        self.point = self.point.max((!is_number && text.contains('.')).then_some(Mark::Decimal));
        // `1,234` can mean 1234 or 1.234; `1,2`, `1,2345`, `0,123` and `1.234,567` have one
        // meaning.
        let surely = is_number && (digits.len() != 3 || whole == "0" || whole.len() > 3);
        self.comma = self.comma.max(Some(if surely { Mark::Decimal } else { Mark::Either }));
    }

    /// Returns the combined evidence of two columns.
    fn and(self, other: Self) -> Self {
        Self {
            comma: self.comma.max(other.comma),
            point: self.point.max(other.point),
            thousands: self.thousands || other.thousands,
            neither: self.neither || other.neither,
        }
    }

    /// `Some(true)` if all amounts with a comma have a decimal comma; `Some(false)` if none has a
    /// comma and points are decimal points; `None` if it cannot be determined.
    fn decided(self) -> Option<bool> {
        match (self.comma, self.point) {
            (None, point) => (point != Some(Mark::Either)).then_some(false),
            (Some(Mark::Decimal), None) if !self.neither => Some(true),
            (Some(Mark::Decimal), Some(Mark::Either)) if !self.neither && self.thousands => {
                Some(true)
            }
            (Some(_), _) => None,
        }
    }
}

/// Returns whether a number without decimals has such separators between all of its thousands, and
/// at least one: `1.234`, `12.345.678`.
fn in_thousands(text: &str, separator: char) -> bool {
    let mut groups = text.split(separator);
    let first = groups.next().unwrap_or_default();
    let is_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let mut rest = groups.peekable();
    let leads = (1..=3).contains(&first.len()) && is_digits(first) && !first.starts_with('0');
    leads && rest.peek().is_some() && rest.all(|g| g.len() == 3 && is_digits(g))
}

#[cfg(test)]
mod tests {
    use super::super::number::with_point;
    use super::*;

    #[test]
    fn decimal_commas_are_taken_only_where_they_mean_one_thing() {
        let decided = |cells: &[&str]| {
            let mut marks = Marks::default();
            for cell in cells {
                marks.look(cell.as_bytes());
            }
            marks.decided()
        };
        assert_eq!(decided(&["10,00", "-3,5", "7"]), Some(true));
        assert_eq!(decided(&["0,123"]), Some(true));
        assert_eq!(decided(&["10.00", "7", ""]), Some(false));
        assert_eq!(decided(&["1,234"]), None, "1234 or 1.234");
        assert_eq!(decided(&["1.234,50", "2.000", "7,5"]), Some(true), "with thousands");
        assert_eq!(
            decided(&["1 234,50", "-12\u{202f}345\u{202f}678,9"]),
            Some(true),
            "with blanks between thousands"
        );
        assert_eq!(decided(&["12.34,50"]), None, "no number");
        assert_eq!(decided(&["1.234,50", "1.5"]), None, "both kinds of points");
        assert_eq!(decided(&["7,5", "2.000"]), None, "2000, or another writer's 2");
        assert_eq!(decided(&["4.063", "12", "130.500"]), None, "4063 or 4.063");
        assert_eq!(decided(&["4.063", "0.250"]), Some(false));
        for (cell, number) in [
            ("-1.234,50", "-1234.50"),
            (" 1\u{a0}234,5", "1234.5"),
            ("7", "7"),
            ("1,5E-3", "1.5E-3"),
        ] {
            assert_eq!(with_point(cell), number);
        }
        assert_eq!(decided(&["10,00", "3.5"]), None, "both");
    }
}
