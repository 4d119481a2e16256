//! Dictionary encoding: a key of many text columns becomes a short array of integers.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use polars::prelude::*;

use crate::focus::memo;
use crate::focus::text::is_null_text;

/// Code of null and of blank text. It is the default, as for a missing cell.
pub(super) const NULL: u32 = 0;

/// Distinct texts of one column, numbered from 1 in order of first occurrence.
#[derive(Default)]
pub(super) struct Dictionary {
    codes: HashMap<Arc<str>, u32, foldhash::fast::RandomState>,
    texts: Vec<Arc<str>>,
    prints: Vec<u64>,
}

/// Hasher for text fingerprints, the same in all dictionaries of a run.
const PRINTS: foldhash::fast::FixedState =
    foldhash::fast::FixedState::with_seed(0x243f_6a88_85a3_08d3);

impl Dictionary {
    /// Returns the code of `text`, a new one for a new text.
    #[inline]
    pub(super) fn code(&mut self, text: &str) -> u32 {
        if is_null_text(text) {
            return NULL;
        }
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let shared: Arc<str> = Arc::from(text);
        self.prints.push(Self::print_of(text));
        self.texts.push(shared.clone());
        let code = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.codes.insert(shared, code);
        code
    }

    /// Returns the text of a code; `None` for [`NULL`].
    #[inline]
    pub(super) fn text(&self, code: u32) -> Option<&str> {
        let at = usize::try_from(code).ok()?.checked_sub(1)?;
        self.texts.get(at).map(AsRef::as_ref)
    }

    /// Returns the fingerprint of any text, equal to that of [`Dictionary::print`] for its own
    /// texts.
    pub(super) fn print_of(text: &str) -> u64 {
        PRINTS.hash_one(text)
    }

    /// Returns the fingerprint of a code's text; 0 for [`NULL`].
    #[inline]
    pub(super) fn print(&self, code: u32) -> u64 {
        let at = usize::try_from(code).ok().and_then(|c| c.checked_sub(1));
        at.and_then(|at| self.prints.get(at).copied()).unwrap_or(0)
    }

    /// Returns the codes of a column's cells.
    #[inline]
    pub(super) fn encode(&mut self, cells: &StringChunked) -> Vec<u32> {
        memo::each(cells, |text| self.code(text))
    }

    /// Returns, for each code of `other`, the code of the same text here.
    pub(super) fn adopt(&mut self, other: &Self) -> Vec<u32> {
        std::iter::once(NULL).chain(other.texts.iter().map(|t| self.code(t))).collect()
    }

    /// Returns, for each code, its alphabetical position; null comes last.
    pub(super) fn ranks(&self) -> Vec<u32> {
        let mut order: Vec<usize> = (0..self.texts.len()).collect();
        order.sort_unstable_by(|a, b| self.texts[*a].cmp(&self.texts[*b]));
        let mut ranks = vec![u32::MAX; self.texts.len() + 1];
        for (rank, at) in (0_u32..).zip(order) {
            ranks[at + 1] = rank;
        }
        ranks
    }
}

/// Returns the codes of the cells of columns, each with its own dictionary.
#[inline]
pub(super) fn encode(
    dictionaries: &mut [Dictionary],
    columns: &[Column],
) -> PolarsResult<Vec<Vec<u32>>> {
    dictionaries
        .iter_mut()
        .zip(columns)
        .map(|(dictionary, cells)| Ok(dictionary.encode(cells.str()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_text_has_one_code_and_blank_text_none() {
        let long = "arn:aws:ec2:us-east-1:111111111111:instance/i-0123456789abcdef0";
        let texts =
            [Some(long), None, Some(""), Some("a"), Some(long), Some("NULL"), Some("a"), Some("b")];
        let mut cells: StringChunked = texts.into_iter().collect();
        let more: StringChunked = [Some("b"), Some(long)].into_iter().collect();
        cells.append(&more).unwrap();
        let mut dictionary = Dictionary::default();
        assert_eq!(dictionary.encode(&cells), [1, 0, 0, 2, 1, 0, 2, 3, 3, 1]);
        assert_eq!(dictionary.text(1), Some(long));
        assert_eq!(dictionary.text(0), None);
        assert_eq!(dictionary.ranks(), [u32::MAX, 1, 0, 2]);
        let mut other = Dictionary::default();
        other.code("b");
        assert_eq!(other.adopt(&dictionary), [0, 2, 3, 1]);
    }
}
