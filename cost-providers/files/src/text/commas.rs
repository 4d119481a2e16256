//! Whether the amounts of a table of text have a decimal comma.

use cost_provider_api::ProviderError;

use super::dialect::Commas;
use super::records::SplitError;
use super::source::{TextFile, name_of};
use crate::find::slashes;
use crate::table;

/// Rows in which a table that is separated by commas is searched for amounts that have one, too: where nothing tells in them, a later
/// one is refused by its row. Chosen.
const EARLY: usize = 1_000;

impl TextFile {
    /// The same file, read as a bill: with its amounts looked through for decimal commas, unless nothing in the first rows of a table that is
    /// separated by commas has one.
    ///
    /// # Errors
    /// [`ProviderError::Unreadable`]: a header that names a column of a bill twice, amounts that can mean two things.
    pub(crate) fn into_bill(mut self) -> Result<Self, ProviderError> {
        if let Some(header) = &self.doubled {
            let problem = format!("its header names column {header} twice; keep one of them");
            return Err(ProviderError::unreadable(slashes(&self.path), problem));
        }
        let is_quoted = self.dialect.separator == b',';
        if is_quoted && self.commas(Some(EARLY))?.iter().all(|c| c.decided() == Some(false)) {
            return Ok(self);
        }
        let commas = self.commas(None)?;
        let all = commas.iter().fold(Commas::default(), |all, of| all.and(*of));
        self.dialect.decimal_comma = match all.decided() {
            Some(decided) => decided,
            // Each such cell is refused by its row, if it is needed at all.
            None if is_quoted => false,
            None => return Err(self.ambiguous(&commas)),
        };
        Ok(self)
    }

    /// The columns of amounts.
    fn amounts(&self) -> Vec<usize> {
        self.schema.iter_names().enumerate().filter(|(_, n)| table::is_amount(n)).map(|(at, _)| at).collect()
    }

    /// What commas in amounts are, by column, in the first `rows` or in all.
    fn commas(&self, rows: Option<usize>) -> Result<Vec<Commas>, ProviderError> {
        let amounts = self.amounts();
        let mut commas: Vec<Commas> = vec![Commas::default(); amounts.len()];
        let mut read = || -> Result<(), SplitError> {
            let mut records = self.records()?;
            records.next()?;
            let mut left = rows.unwrap_or(usize::MAX);
            while let Some(record) = if left > 0 { records.next()? } else { None } {
                left -= 1;
                for (of, at) in commas.iter_mut().zip(&amounts) {
                    of.look(record.get(*at).unwrap_or_default());
                }
            }
            Ok(())
        };
        read().map_err(|e| ProviderError::unreadable(slashes(&self.path), self.why(&e)))?;
        Ok(commas)
    }

    fn ambiguous(&self, commas: &[Commas]) -> ProviderError {
        let column = self.amounts().into_iter().zip(commas).find(|(_, c)| c.decided().is_none());
        let column = column.and_then(|(at, _)| self.schema.get_at_index(at)).map(|(name, _)| name.as_str());
        let problem = format!(
            "separated by {}, and its amounts have commas that can be decimal commas or thousands separators (column {}): export it with \
             decimal points",
            name_of(self.dialect.separator),
            column.unwrap_or("BilledCost")
        );
        ProviderError::unreadable(slashes(&self.path), problem)
    }
}
